//! Every word and phrase Passerelle understands, in one index: phrase → meanings.
//!
//! Phrases come from `config/themes.json` and `config/words.toml`, are folded and stemmed once, and
//! are looked up whole (longest phrase first, by the reader) or by sound and spelling.

mod load;

use std::collections::{HashMap, HashSet};

pub use load::VocabularyError;

use crate::language::{Language, Localized};
use crate::locality::Territory;
use crate::phone::Country;
use crate::record::Kind;
use crate::theme::{Audience, Door, Theme};
use crate::words;

/// What a phrase can mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Meaning {
    /// A theme; a weak word counts only where nothing else names one.
    Theme { theme: Theme, weak: bool },
    /// A reserved word.
    Command(Command),
    /// The name of a language we speak.
    Language(Language),
    /// A word about time.
    Time(TimeWord),
    /// A kind asked for; a weak word counts only where no theme is named.
    Kind { kind: Kind, weak: bool },
    /// Whom it is for.
    Audience(Audience),
    /// It must be free.
    Free,
    /// A place's name that is an ordinary word too: a place only where a word announces it.
    AmbiguousPlace,
    /// Asking words, politeness, function words: heard, and left out.
    Filler(Filler),
}

/// Reserved words and phrases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Command {
    Help,
    Stop,
    Start,
    More,
    Back,
    Human,
    Report,
    Thanks,
    Offer,
    Request,
    /// "qui peut": a request where what is asked for is a neighbour's matter.
    RequestWeak,
    Danger,
    /// Danger only where nothing else is said.
    DangerAlone,
    Language,
}

/// Words about time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum TimeWord {
    Today,
    /// This evening or night.
    Tonight,
    Tomorrow,
    AfterTomorrow,
    Weekend,
    ThisWeek,
    NextWeek,
    NextWeekend,
    ThisMonth,
    /// At this moment.
    Now,
    /// Open, where no day is named.
    Open,
    Next,
    Weekday(chrono::Weekday),
    Month(u32),
}

/// Words without a subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Filler {
    /// "je cherche", "I need".
    Want,
    /// "svp", "bonjour".
    Polite,
    /// "le", "for".
    Noise,
    /// "à", "in": what follows may be a place.
    PlaceBefore,
    /// "près de moi".
    Near,
}

/// A set of languages in which a phrase has a meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Languages(u8);

impl Languages {
    pub(crate) fn with(self, language: Language) -> Self {
        Self(self.0 | (1 << language as u8))
    }

    pub(crate) fn contains(self, language: Language) -> bool {
        self.0 & (1 << language as u8) != 0
    }

    pub(crate) fn count(self) -> u32 {
        self.0.count_ones()
    }
}

/// One meaning of a phrase and the languages in which it has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sense {
    pub(crate) meaning: Meaning,
    pub(crate) languages: Languages,
}

/// A phrase with its senses.
#[derive(Debug)]
pub(crate) struct Entry {
    /// Folded, not stemmed.
    pub(crate) phrase: String,
    pub(crate) senses: Vec<Sense>,
    stemmed: String,
    sound: String,
    letters: u64,
    word_count: usize,
}

/// An entry met by sound or spelling.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Near<'v> {
    pub(crate) entry: &'v Entry,
    /// Half edits: 1 where only the sound is the same, 2 for each edit.
    pub(crate) distance: usize,
}

/// Everything that understanding needs, built once at start.
#[derive(Debug)]
pub struct Vocabulary {
    entries: Vec<Entry>,
    index: HashMap<String, usize>,
    stems: HashMap<String, usize>,
    longest: usize,
    labels: HashMap<Theme, Localized>,
    things: HashSet<String>,
    doors: Vec<Door>,
    emergency: HashMap<Country, Vec<(String, String)>>,
    territory: Territory<'static>,
}

impl Vocabulary {
    /// The places known.
    pub fn territory(&self) -> &Territory<'static> {
        &self.territory
    }

    /// The 12 doors, in the order of their pages and keys.
    pub fn doors(&self) -> &[Door] {
        &self.doors
    }

    /// The theme's name in that language.
    pub fn label(&self, theme: Theme, language: Language) -> &str {
        self.labels.get(&theme).and_then(|label| label.best(language)).unwrap_or(theme.id())
    }

    /// Emergency numbers of a country: number and whom it reaches, the most general first.
    pub fn emergency_numbers(&self, country: Country) -> &[(String, String)] {
        self.emergency.get(&country).map(Vec::as_slice).unwrap_or_default()
    }

    /// True for a word that names one thing: where there is none, the answer says so.
    pub(crate) fn is_thing(&self, phrase: &str) -> bool {
        self.things.contains(&words::stem_phrase(phrase))
    }

    /// The theme of a source's own term ("Aide alimentaire", "Épicerie sociale", "yoga"): the longest
    /// phrase in it that names one, in any language, French first.
    pub fn theme_of(&self, term: &str) -> Option<Theme> {
        let folded = words::fold(term);
        let tokens: Vec<&str> = folded.split(' ').collect();
        let strong = |entry: &Entry| {
            Language::ALL.into_iter().find_map(|language| {
                entry.senses.iter().find_map(|sense| match sense.meaning {
                    Meaning::Theme { theme, weak: false } if sense.languages.contains(language) => Some(theme),
                    _ => None,
                })
            })
        };
        (1..=self.longest.min(tokens.len())).rev().find_map(|length| tokens.windows(length).find_map(|window| self.exact(&window.join(" ")).and_then(strong)))
    }

    /// How many words the longest phrase has.
    pub(crate) fn longest(&self) -> usize {
        self.longest
    }

    /// The entry of a folded phrase, plural or not.
    pub(crate) fn exact(&self, folded: &str) -> Option<&Entry> {
        let index = self.index.get(folded).or_else(|| self.stems.get(&words::stem_phrase(folded)))?;
        self.entries.get(*index)
    }

    /// The theme word inside a long Dutch or German compound: its head ("grippe|impfung"), else its
    /// first part ("huur|contractje").
    pub(crate) fn within_compound(&self, word: &str) -> Option<&Entry> {
        const SHORTEST: usize = 5;
        if word.len() < 8 || !word.is_ascii() {
            return None;
        }
        let compounds = |entry: &&Entry| {
            entry.senses.iter().any(|sense| {
                matches!(sense.meaning, Meaning::Theme { weak: false, .. })
                    && (sense.languages.contains(Language::Nl) || sense.languages.contains(Language::De))
            })
        };
        let part = |text: Option<&str>| text.and_then(|text| self.exact(text)).filter(compounds);
        let heads = (3..=word.len() - SHORTEST).find_map(|start| part(word.get(start..)));
        heads.or_else(|| (SHORTEST..=word.len() - 3).rev().find_map(|end| part(word.get(..end))))
    }

    /// The entries nearest in sound or spelling to a folded phrase of as many words, nearest first;
    /// several when equally near.
    pub(crate) fn near(&self, folded: &str) -> Vec<Near<'_>> {
        let characters = folded.chars().count();
        let limit = words::tolerance(characters);
        if limit == 0 {
            return Vec::new();
        }
        let stemmed = words::stem_phrase(folded);
        let (letters, sound) = (words::letter_set(&stemmed), words::phonetic(folded));
        let word_count = folded.split(' ').count();
        let initial = folded.chars().next();
        let mut best = 2 * limit;
        let mut found: Vec<Near<'_>> = Vec::new();
        let readable = |entry: &&Entry| {
            entry.word_count == word_count && entry.phrase.len() >= 4 && entry.senses.iter().any(|sense| sense.meaning != Meaning::AmbiguousPlace)
        };
        for entry in self.entries.iter().filter(readable) {
            let differing = (letters ^ entry.letters).count_ones() as usize;
            let distance = if sound == entry.sound && sound.len() >= 3 && differing <= 4 {
                1
            } else if characters <= 4 {
                // One letter off makes another word of so short a one.
                continue;
            } else if differing <= best {
                match words::distance_within(&stemmed, &entry.stemmed, best / 2) {
                    // In short words a wrong first letter makes another word.
                    Some(distance) if characters > 5 || entry.phrase.chars().next() == initial => 2 * distance,
                    _ => continue,
                }
            } else {
                continue;
            };
            if distance < best {
                best = distance;
                found.retain(|known| known.distance <= distance);
            }
            if distance <= best {
                found.push(Near { entry, distance });
            }
        }
        found.retain(|near| near.distance == best);
        found
    }
}
