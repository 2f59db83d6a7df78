//! What is looked up in the tables is what the texts say, found by a scan of everything.

use std::sync::OnceLock;

use proptest::prelude::*;

use super::{Language, Meaning, Theme, Typed, Vocabulary, words};
use crate::build::phrases::{Entry, Phrases};

const THEMES: &str = include_str!("../../../../config/themes.json");
const WORDS: &str = include_str!("../../../../config/words.toml");

fn texts() -> &'static Phrases {
    static TEXTS: OnceLock<Phrases> = OnceLock::new();
    TEXTS.get_or_init(|| Phrases::read(THEMES, WORDS).unwrap())
}

fn vocabulary() -> &'static Vocabulary {
    static SHIPPED: OnceLock<Vocabulary> = OnceLock::new();
    SHIPPED.get_or_init(|| Vocabulary::shipped().unwrap())
}

/// A phrase, stemmed, its sound and its letters.
type Spelled = (&'static Entry, String, String, u64);

fn spelled() -> &'static [Spelled] {
    static SPELLED: OnceLock<Vec<Spelled>> = OnceLock::new();
    let spelled = |entry: &'static Entry| {
        let stemmed = words::stem_phrase(&entry.phrase);
        let letters = words::letter_set(&stemmed);
        (entry, stemmed, words::phonetic(&entry.phrase), letters)
    };
    SPELLED.get_or_init(|| texts().entries.iter().map(spelled).collect())
}

/// What a scan of all phrases finds nearest, in their order, and how far.
fn scan(folded: &str) -> Vec<(&'static str, usize)> {
    let characters = folded.chars().count();
    let limit = words::tolerance(characters);
    if limit == 0 {
        return Vec::new();
    }
    let (stemmed, sound) = (words::stem_phrase(folded), words::phonetic(folded));
    let letters = words::letter_set(&stemmed);
    let count = |text: &str| text.bytes().filter(|byte| *byte == b' ').count();
    let mut best = 2 * limit;
    let mut found = Vec::new();
    for (entry, known, heard, known_letters) in spelled() {
        let differing = (letters ^ known_letters).count_ones() as usize;
        if differing > best.max(4)
            || count(&entry.phrase) != count(folded)
            || entry.phrase.len() < 4
            || entry.senses.iter().all(|sense| sense.meaning == Meaning::AmbiguousPlace)
        {
            continue;
        }
        let distance = if sound.len() >= 3 && differing <= 4 && sound == *heard {
            1
        } else if characters <= 4 || differing > best {
            continue;
        } else {
            let distance = strsim::osa_distance(&stemmed, known);
            if distance > best / 2 || characters <= 5 && entry.phrase.chars().next() != folded.chars().next() {
                continue;
            }
            2 * distance
        };
        if distance <= best {
            best = distance;
            found.push((entry.phrase.as_str(), distance));
        }
    }
    found.retain(|(_, distance)| *distance == best);
    found
}

fn near(folded: &str) -> Vec<(&'static str, usize)> {
    let typed = Typed::new(folded);
    typed.iter().flat_map(|typed| vocabulary().near(typed)).map(|near| (near.entry.phrase, near.distance)).collect()
}

#[test]
fn every_phrase_of_the_texts_is_found_with_its_senses() {
    let (texts, vocabulary) = (texts(), vocabulary());
    let said = |place: usize| (texts.entries[place].phrase.as_str(), texts.entries[place].senses.as_slice());
    let found = |folded: &str| vocabulary.exact(folded).map(|entry| (entry.phrase, entry.senses));
    for (folded, place) in &texts.index {
        assert_eq!(found(folded), Some(said(*place)), "{folded}");
    }
    for stem in texts.stems.keys() {
        for folded in [stem.clone(), format!("{stem}s")] {
            let place = texts.index.get(&folded).or_else(|| texts.stems.get(&words::stem_phrase(&folded)));
            assert_eq!(found(&folded), place.map(|place| said(*place)), "{folded}");
        }
    }
    for folded in texts.index.keys() {
        assert_eq!(vocabulary.is_thing(folded), texts.things.contains(&words::stem_phrase(folded)), "{folded}");
    }
    assert_eq!(vocabulary.longest(), texts.entries.iter().map(|entry| entry.phrase.split(' ').count()).max().unwrap());
}

#[test]
fn labels_and_doors_are_those_of_the_texts() {
    let (texts, vocabulary) = (texts(), vocabulary());
    assert_eq!(texts.labels.len(), Theme::ALL.len());
    for (theme, label) in &texts.labels {
        for language in Language::ALL {
            assert_eq!(Some(vocabulary.label(*theme, language)), label.best(language));
        }
    }
    assert_eq!(format!("{:?}", vocabulary.doors()), format!("{:?}", texts.doors));
}

/// One letter left out, doubled, replaced or swapped with the next.
fn misspelt(word: &str, place: usize, change: usize, letter: char) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    let place = place % letters.len();
    match change % 4 {
        0 => drop(letters.remove(place)),
        1 => letters.insert(place, letter),
        2 => letters[place] = letter,
        _ if place + 1 < letters.len() => letters.swap(place, place + 1),
        _ => {}
    }
    words::fold(&letters.into_iter().collect::<String>())
}

#[test]
fn what_is_near_is_what_a_scan_finds() {
    for (number, entry) in texts().entries.iter().enumerate().step_by(9) {
        let letter = ['e', 's', 'i', 'n', 'k', 'é'][number % 6];
        let once = misspelt(&entry.phrase, number / 3, number, letter);
        let twice = if once.is_empty() { once.clone() } else { misspelt(&once, number / 7, number / 4, 'a') };
        for typed in [entry.phrase.clone(), once, twice] {
            assert_eq!(near(&typed), scan(&typed), "{typed}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_text_is_near_to_what_a_scan_finds(text in any::<String>(), latin in "[a-z]{3,9}( [a-z]{1,9}){0,2}") {
        for typed in [words::fold(&text), latin] {
            prop_assert_eq!(near(&typed), scan(&typed));
        }
    }
}
