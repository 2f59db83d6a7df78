//! Every word and phrase Passerelle understands, in one index: phrase → meanings.
//!
//! Phrases come from `config/themes.json` and `config/words.toml`, are folded and stemmed when the
//! program is built, and are looked up whole (longest phrase first, by the reader) or by sound and
//! spelling.

mod load;
pub(crate) mod meaning;

use std::collections::HashMap;
use std::sync::Arc;

pub use load::VocabularyError;
pub(crate) use meaning::{About, Command, Filler, Languages, Meaning, Sense, TimeWord};

use crate::emergency::Numbers;
use crate::language::{Language, Localized};
use crate::locality::{Around, Territory};
use crate::packed::{self, Column, Hash, Index, number_at};
use crate::phone::Country;
use crate::query::Wanted;
use crate::record::Kind;
use crate::spelling::Spellings;
use crate::theme::{Door, Theme};
use words::edit_distance::Pattern;
use words::{self, Typed};

/// A phrase with its senses.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Entry<'v> {
    /// Folded, not stemmed.
    pub(crate) phrase: &'v str,
    pub(crate) senses: &'v [Sense],
}

/// An entry met by sound or spelling.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Near<'v> {
    pub(crate) entry: Entry<'v>,
    /// Half edits: 1 where only the sound is the same, 2 for each edit.
    pub(crate) distance: usize,
}

/// Everything that understanding needs. Only what is short is read at start; the rest is looked up
/// where it lies in the program.
#[derive(Debug)]
pub struct Vocabulary {
    /// What phrases are looked up by: as they are written, without their apostrophes, stemmed.
    keys: Index<'static>,
    /// The phrase that a key is as it stands, and as a plural.
    as_written: Column<'static, 2>,
    as_plural: Column<'static, 2>,
    is_thing: Column<'static, 1>,
    /// The keys that a phrase is, folded and stemmed.
    phrases: Column<'static, 2>,
    stemmed: Column<'static, 2>,
    /// Lists of senses one behind the other, where each ends, and which one a phrase has.
    senses: Vec<Sense>,
    list_ends: Column<'static, 2>,
    lists: Column<'static, 2>,
    spellings: Spellings<'static>,
    longest: usize,
    labels: HashMap<Theme, Localized>,
    doors: Vec<Door>,
    emergency: Numbers,
    territory: Territory<'static>,
    around: Around,
}

impl Vocabulary {
    /// The places known.
    pub fn territory(&self) -> &Territory<'static> {
        &self.territory
    }

    /// Postal codes around one: what [`Territory::around`] finds within reach of a visitor.
    pub fn around(&self, country: Country, postal_code: &str) -> Arc<[String]> {
        self.around.of(&self.territory, country, postal_code)
    }

    /// Postal areas around a postal code, in which the nearest answer is looked for where there is none within reach.
    pub fn areas_around(&self, country: Country, postal_code: &str) -> Arc<[String]> {
        self.around.areas_of(&self.territory, country, postal_code)
    }

    /// The 12 doors, in the order of their pages and keys.
    pub fn doors(&self) -> &[Door] {
        &self.doors
    }

    /// What is looked for behind a door, by its page and key.
    pub fn door(&self, page: u8, key: u8) -> Option<Wanted> {
        let door = self.doors.iter().find(|door| door.page == page && door.key == key)?;
        let kinds = if door.id == "out" { vec![Kind::Event] } else { Vec::new() };
        Some(Wanted { themes: door.themes.clone(), kinds, ..Wanted::default() })
    }

    /// The theme's name in that language.
    pub fn label(&self, theme: Theme, language: Language) -> &str {
        self.labels.get(&theme).and_then(|label| label.best(language)).unwrap_or(theme.id())
    }

    /// Emergency numbers and help-lines.
    pub fn emergency(&self) -> &Numbers {
        &self.emergency
    }

    /// The same, for whoever knows from the settings what an operator found out about them.
    pub fn emergency_mut(&mut self) -> &mut Numbers {
        &mut self.emergency
    }

    /// True for a word that names one thing: where there is none, the answer says so.
    pub(crate) fn is_thing(&self, phrase: &str) -> bool {
        let stemmed = words::stem_phrase(phrase);
        self.keys.find(&stemmed).is_some_and(|key| number_at(self.is_thing, key) == Some(1))
    }

    /// The theme of a source's own term ("Aide alimentaire", "Épicerie sociale", "yoga"): the longest
    /// phrase in it that names one, in any language, French first.
    pub fn theme_of(&self, term: &str) -> Option<Theme> {
        let folded = words::fold(term);
        let tokens: Vec<&str> = folded.split(' ').collect();
        let strong = |entry: Entry<'_>| {
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
    pub(crate) fn exact(&self, folded: &str) -> Option<Entry<'_>> {
        let stemmed = words::stem_phrase(folded);
        self.exact_hashed((Hash::of(folded), folded), (Hash::of(&stemmed), &stemmed))
    }

    /// The entry of a phrase whose hash is known, folded and stemmed.
    pub(crate) fn exact_hashed(&self, folded: (Hash, &str), stemmed: (Hash, &str)) -> Option<Entry<'_>> {
        let key = |(hash, text): (Hash, &str)| self.keys.find_hashed(hash, text);
        let written = key(folded);
        let is_stem = folded.0 == stemmed.0;
        let entry = |column, key: Option<usize>| self.entry(number_at(column, key?)?);
        entry(self.as_written, written).or_else(|| entry(self.as_plural, if is_stem { written } else { key(stemmed) }))
    }

    fn entry(&self, number: usize) -> Option<Entry<'_>> {
        let list = number_at(self.lists, number)?;
        let senses = self.senses.get(packed::start(self.list_ends, list)?..number_at(self.list_ends, list)?)?;
        Some(Entry { phrase: self.keys.texts.get(number_at(self.phrases, number)?)?, senses })
    }

    /// The theme word inside a long Dutch or German compound: its head ("grippe|impfung"), else its
    /// first part ("huur|contractje").
    pub(crate) fn within_compound(&self, word: &str) -> Option<Entry<'_>> {
        const SHORTEST: usize = 5;
        if word.len() < 8 || !word.is_ascii() {
            return None;
        }
        let compounds = |entry: &Entry<'_>| {
            entry.senses.iter().any(|sense| {
                matches!(sense.meaning, Meaning::Theme { weak: false, .. })
                    && (sense.languages.contains(Language::Nl) || sense.languages.contains(Language::De))
            })
        };
        let exact = |text: &str| self.exact_hashed((Hash::of(text), text), (Hash::of(words::stem(text)), words::stem(text)));
        let part = |text: Option<&str>| text.and_then(exact).filter(compounds);
        let heads = (3..=word.len() - SHORTEST).find_map(|start| part(word.get(start..)));
        heads.or_else(|| (SHORTEST..=word.len() - 3).rev().find_map(|end| part(word.get(..end))))
    }

    /// The entries nearest in sound or spelling to a folded phrase of as many words, nearest first;
    /// several when equally near.
    pub(crate) fn near(&self, typed: &Typed<'_>) -> Vec<Near<'_>> {
        let &Typed { text: folded, letters: characters, ref sound } = typed;
        let limit = words::tolerance(characters);
        let stemmed = words::stem_phrase(folded);
        let (word_count, initial) = (folded.split(' ').count(), folded.chars().next());
        let alike: Vec<usize> = if sound.len() >= 3 { self.spellings.alike(sound).collect() } else { Vec::new() };
        let mut candidates = alike.clone();
        // One letter off makes another word of a word of four.
        if characters > 4 {
            self.spellings.near(word_count, stemmed.chars().count(), words::letter_set(&stemmed), limit, |number| candidates.push(number));
        }
        candidates.sort_unstable();
        candidates.dedup();
        let pattern = Pattern::new(&stemmed);
        let mut best = 2 * limit;
        let mut found: Vec<Near<'_>> = Vec::new();
        for number in candidates {
            let Some(entry) = self.entry(number) else { continue };
            let known = number_at(self.stemmed, number).and_then(|key| self.keys.texts.get(key)).unwrap_or_default();
            let sounds_alike = || {
                let differing = (words::letter_set(&stemmed) ^ words::letter_set(known)).count_ones();
                alike.contains(&number) && differing <= 4 && entry.phrase.split(' ').count() == word_count
            };
            let distance = if sounds_alike() {
                1
            } else if characters <= 4 || entry.phrase.split(' ').count() != word_count {
                continue;
            } else {
                match pattern.within(known, best / 2) {
                    // In short words a wrong first letter makes another word.
                    Some(distance) if characters > 5 || entry.phrase.chars().next() == initial => 2 * distance,
                    _ => continue,
                }
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

#[cfg(test)]
mod tests;
