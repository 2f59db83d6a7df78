//! Writes the table that `vocabulary` reads: phrases, what they mean, and what they are found by.

use std::collections::BTreeMap;

use super::Made;
use super::pack::{Pack, narrow};
use super::phrases::Phrases;
use super::spelling::{self, Spelled};
use crate::language::{Language, Localized};
use crate::vocabulary::meaning::{Meaning, Sense};

/// What a text that leads to no phrase has in its place.
const NONE: usize = u16::MAX as usize;

/// What a text is as it stands, what it is as a plural, whether it is a thing's name.
#[derive(Clone, Copy)]
struct Key {
    phrase: usize,
    stem: usize,
    is_thing: bool,
}

pub(crate) fn pack(phrases: &Phrases) -> Made<Vec<u8>> {
    let mut pack = Pack::default();
    pack.texts(&small_lists(phrases))?;
    let stemmed: Vec<String> = phrases.entries.iter().map(|entry| words::stem_phrase(&entry.phrase)).collect();
    let keys = keys(phrases, &stemmed);
    pack.index(&keys.keys().collect::<Vec<_>>())?;
    pack.numbers::<2>(keys.values().map(|key| key.phrase))?;
    pack.numbers::<2>(keys.values().map(|key| key.stem))?;
    pack.numbers::<1>(keys.values().map(|key| usize::from(key.is_thing)))?;
    let numbers: BTreeMap<&str, usize> = keys.keys().enumerate().map(|(number, text)| (*text, number)).collect();
    let number = |text: &str| numbers.get(text).copied().ok_or("a phrase is not among the keys");
    pack.numbers::<2>(phrases.entries.iter().map(|entry| number(&entry.phrase)).collect::<Result<Vec<_>, _>>()?)?;
    pack.numbers::<2>(stemmed.iter().map(|text| number(text)).collect::<Result<Vec<_>, _>>()?)?;
    pack.numbers::<1>([phrases.entries.iter().map(|entry| entry.phrase.split(' ').count()).max().unwrap_or(1)])?;
    pack_senses(&mut pack, phrases)?;
    let readable = |senses: &[Sense]| senses.iter().any(|sense| sense.meaning != Meaning::AmbiguousPlace);
    let spelled = phrases.entries.iter().zip(&stemmed).enumerate().filter(|(_, (entry, _))| entry.phrase.len() >= 4 && readable(&entry.senses));
    let spelled = spelled.map(|(number, (entry, stemmed))| Spelled {
        number,
        words: entry.phrase.split(' ').count(),
        spelling: stemmed,
        sound: words::phonetic(&entry.phrase),
    });
    spelling::pack(&mut pack, spelled.collect())?;
    Ok(pack.0)
}

/// All that phrases are looked up by, in order.
fn keys<'a>(phrases: &'a Phrases, stemmed: &'a [String]) -> BTreeMap<&'a str, Key> {
    let mut keys: BTreeMap<&str, Key> = BTreeMap::new();
    let mut key = |text: &'a str, change: &dyn Fn(&mut Key)| change(keys.entry(text).or_insert(Key { phrase: NONE, stem: NONE, is_thing: false }));
    for (text, place) in &phrases.index {
        key(text, &|key| key.phrase = *place);
    }
    for (text, place) in &phrases.stems {
        key(text, &|key| key.stem = *place);
    }
    for text in &phrases.things {
        key(text, &|key| key.is_thing = true);
    }
    for text in stemmed {
        key(text, &|_| ());
    }
    keys
}

/// Lists of senses, each once; then the list of each phrase.
fn pack_senses(pack: &mut Pack, phrases: &Phrases) -> Made<()> {
    let mut lists: Vec<&[Sense]> = Vec::new();
    let mut of_phrase = Vec::new();
    for entry in &phrases.entries {
        let place = lists.iter().position(|list| *list == entry.senses).unwrap_or(lists.len());
        if place == lists.len() {
            lists.push(&entry.senses);
        }
        of_phrase.push(place);
    }
    let mut rows = Vec::new();
    for sense in lists.iter().copied().flatten() {
        let meaning = phrases.meanings.iter().position(|(meaning, _)| *meaning == sense.meaning).ok_or("a meaning has no name")?;
        let [meaning] = narrow(meaning)?;
        rows.push([meaning, sense.languages.0]);
    }
    pack.bytes(rows.as_flattened())?;
    pack.numbers::<2>(lists.iter().scan(0, |end, list| {
        *end += list.len();
        Some(*end)
    }))?;
    pack.numbers::<2>(of_phrase)
}

/// What is short enough to be read at start: meanings, labels and doors, a line each.
fn small_lists(phrases: &Phrases) -> [String; 3] {
    let label = |label: &Localized| Language::ALL.map(|language| label.exact(language).unwrap_or_default().to_owned()).join("\t");
    let lines = |lines: Vec<String>| lines.join("\n");
    [
        lines(phrases.meanings.iter().map(|(_, name)| name.join("\t")).collect()),
        lines(phrases.labels.iter().map(|(theme, text)| format!("{}\t{}", theme.id(), label(text))).collect()),
        lines(
            (phrases.doors.iter())
                .map(|door| {
                    let themes: Vec<&str> = door.themes.iter().map(|theme| theme.id()).collect();
                    format!("{}\t{}\t{}\t{}\t{}", door.id, door.page, door.key, themes.join(" "), label(&door.label))
                })
                .collect(),
        ),
    ]
}
