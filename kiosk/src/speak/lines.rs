//! From lines of a page to what is said: signs by their names, recordings where there are some. Pure but for looking
//! whether a recording is there.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use directory::need::Need;
use printer::slip_language::SlipLanguage;

use crate::page::{Key, SpokenLine};
use crate::phrases::KioskPhrases;

/// One thing to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Utterance {
    /// The place of its part on the page.
    pub part: Option<usize>,
    /// Its words.
    pub words: String,
    /// Their language.
    pub language: SlipLanguage,
    /// A person who says it.
    pub recording: Option<PathBuf>,
}

/// What signs are called, and which sentences a person has said.
#[derive(Debug, Clone, Default)]
pub struct SpeechBook {
    signs: HashMap<(SlipLanguage, char), String>,
    recordings: HashMap<(SlipLanguage, String), PathBuf>,
}

impl SpeechBook {
    /// The names of signs; and, from a folder, the recordings of sentences: `fr/what.ogg` is the sentence `what` of
    /// `config/phrases/kiosk/fr.ftl`, `fr/door-food.ogg` a door's name, `fr/need-hot-meal.ogg` a need's.
    pub fn new(phrases: &KioskPhrases, doors: &[crate::app::DoorTile], folder: Option<&Path>) -> Self {
        let mut book = Self::default();
        for language in SlipLanguage::ALL {
            for (sign, key) in [('*', "star"), ('#', "hash")] {
                book.signs.insert((language, sign), phrases.say(language, key));
            }
            let Some(folder) = folder.map(|folder| folder.join(language.code())) else { continue };
            let sentences = phrases.plain(language).into_iter();
            let names = doors.iter().map(|door| (format!("door-{}", door.id), door.label(language).to_owned()));
            let needs = Need::all().filter_map(|need| Some((format!("need-{}", need.id()), need.long_in(language.code())?.to_owned())));
            for (key, words) in sentences.chain(names).chain(needs) {
                let file = folder.join(format!("{key}.ogg"));
                if file.is_file() {
                    book.recordings.insert((language, words), file);
                }
            }
        }
        book
    }

    /// How many sentences are recorded.
    pub fn recorded(&self) -> usize {
        self.recordings.len()
    }

    fn utterance(&self, part: Option<usize>, words: String, language: SlipLanguage) -> Utterance {
        let recording = self.recordings.get(&(language, words.clone())).cloned();
        Utterance { part, words, language, recording }
    }
}

/// What is said of these lines. The key comes first and in one breath with the words, unless a person says those.
pub fn utterances(lines: Vec<SpokenLine>, book: &SpeechBook) -> Vec<Utterance> {
    let mut all = Vec::new();
    for SpokenLine { part, key, words, language } in lines {
        let said = book.utterance(part, words, language);
        let sign = key.and_then(Key::sign).map(|sign| book.signs.get(&(language, sign)).cloned().unwrap_or_else(|| sign.to_string()));
        match sign {
            None => all.push(said),
            Some(sign) if said.recording.is_some() => all.extend([book.utterance(part, sign, language), said]),
            Some(sign) => all.push(Utterance { words: format!("{sign}. {}", said.words), ..said }),
        }
    }
    all
}
