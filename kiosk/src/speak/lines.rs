//! From lines of a page to what is said: signs by their names, recordings where there are some. Pure but for looking
//! whether a recording is there.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use printer::tongue::Tongue;

use crate::page::{Key, Line};
use crate::phrases::Phrases;

/// One thing to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Utterance {
    /// The place of its part on the page.
    pub part: Option<usize>,
    /// Its words.
    pub words: String,
    /// Their language.
    pub tongue: Tongue,
    /// A person who says it.
    pub recording: Option<PathBuf>,
}

/// What signs are called, and which sentences a person has said.
#[derive(Debug, Clone, Default)]
pub struct Book {
    signs: HashMap<(Tongue, char), String>,
    recordings: HashMap<(Tongue, String), PathBuf>,
}

impl Book {
    /// The names of signs; and, from a folder, the recordings of sentences: `fr/what.ogg` is the sentence `what` of
    /// `config/phrases/kiosk/fr.ftl`, `fr/door-food.ogg` a door's name.
    pub fn new(phrases: &Phrases, doors: &[crate::app::Door], folder: Option<&Path>) -> Self {
        let mut book = Self::default();
        for tongue in Tongue::ALL {
            for (sign, key) in [('*', "star"), ('#', "hash")] {
                book.signs.insert((tongue, sign), phrases.say(tongue, key));
            }
            let Some(folder) = folder.map(|folder| folder.join(tongue.code())) else { continue };
            let sentences = phrases.plain(tongue).into_iter();
            let names = doors.iter().map(|door| (format!("door-{}", door.id), door.label(tongue).to_owned()));
            for (key, words) in sentences.chain(names) {
                let file = folder.join(format!("{key}.ogg"));
                if file.is_file() {
                    book.recordings.insert((tongue, words), file);
                }
            }
        }
        book
    }

    /// How many sentences are recorded.
    pub fn recorded(&self) -> usize {
        self.recordings.len()
    }

    fn utterance(&self, part: Option<usize>, words: String, tongue: Tongue) -> Utterance {
        let recording = self.recordings.get(&(tongue, words.clone())).cloned();
        Utterance { part, words, tongue, recording }
    }
}

/// What is said of these lines. The key comes first and in one breath with the words, unless a person says those.
pub fn utterances(lines: Vec<Line>, book: &Book) -> Vec<Utterance> {
    let mut all = Vec::new();
    for Line { part, key, words, tongue } in lines {
        let said = book.utterance(part, words, tongue);
        let sign = key.and_then(Key::sign).map(|sign| book.signs.get(&(tongue, sign)).cloned().unwrap_or_else(|| sign.to_string()));
        match sign {
            None => all.push(said),
            Some(sign) if said.recording.is_some() => all.extend([book.utterance(part, sign, tongue), said]),
            Some(sign) => all.push(Utterance { words: format!("{sign}. {}", said.words), ..said }),
        }
    }
    all
}
