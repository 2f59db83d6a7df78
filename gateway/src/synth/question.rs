//! What people could ask of a synthetic directory, as they text: a word and a place.

use directory::language::Language;
use directory::phone::Country;

use super::chance::Chance;
use super::{EVENTS, FOR_ENTRIES, Synth};

const FOR_QUESTIONS: u64 = 2;

/// So many of a hundred questions are about something that stands in every directory of
/// [`KNOWN`] entries; the others about anything anywhere.
const ABOUT_ENTRIES: u64 = 80;
const KNOWN: u64 = 10_000;

/// Of a hundred day questions, so many name no place and are asked back.
const WITHOUT_PLACE: u64 = 10;

/// What a question is made of: 60 % a word and a postal code, 25 % a word and a commune, 10 % a word and
/// a day, 5 % with a typing error.
enum Shape {
    Code,
    Commune,
    Day,
    Mistyped,
}

impl Synth<'_> {
    /// One question; `None` only where there is nothing to draw.
    pub fn question(&self, index: u64) -> Option<String> {
        let mut chance = Chance::of(self.seed, FOR_QUESTIONS, index);
        let shape = match chance.below(100) {
            0..60 => Shape::Code,
            60..85 => Shape::Commune,
            85..95 => Shape::Day,
            _ => Shape::Mistyped,
        };
        let topic = if chance.percent(ABOUT_ENTRIES) {
            let entry = chance.below(KNOWN);
            self.topic(EVENTS, &mut Chance::of(self.seed, FOR_ENTRIES, entry))?
        } else {
            self.topic(EVENTS, &mut chance)?
        };
        let site = topic.site;
        let language = asked_in(topic.main, site.country, &mut chance);
        let mut words = topic.words(language);
        if topic.subject.unasked_items {
            words.remove(0);
        }
        let word = chance.pick(&words)?;
        let tongue = self.tongues.of(language);
        let (pattern, word) = match shape {
            Shape::Code => (chance.word(&tongue.ask_code), word.to_owned()),
            Shape::Commune => (chance.word(&tongue.ask_place), word.to_owned()),
            Shape::Day if chance.percent(WITHOUT_PLACE) => ("{word} {day}", word.to_owned()),
            Shape::Day => (chance.word(&tongue.ask_day), word.to_owned()),
            Shape::Mistyped => ("{word} {code}", mistype(word, &mut chance)),
        };
        let day = if pattern.contains("{day}") { chance.word(&tongue.days) } else { "" };
        let place = site.name(language);
        let place = if chance.percent(50) { place.to_lowercase() } else { place.to_owned() };
        Some(
            pattern
                .replace("{word}", &word)
                .replace("{WORD}", &word.to_uppercase())
                .replace("{code}", site.postal_code)
                .replace("{place}", &place)
                .replace("{day}", day),
        )
    }
}

/// Most people ask in the language of the place.
fn asked_in(main: Language, country: Country, chance: &mut Chance) -> Language {
    match (country, chance.below(100)) {
        (_, 0..6) => Language::En,
        (Country::Be, 6..9) if main == Language::Fr => Language::Nl,
        (Country::Be, 6..12) if main != Language::Fr => Language::Fr,
        _ => main,
    }
}

/// One slip of the fingers in the longest word: two letters exchanged, one left out, one doubled.
fn mistype(phrase: &str, chance: &mut Chance) -> String {
    let longest = phrase.split(' ').max_by_key(|word| word.chars().count()).unwrap_or(phrase);
    let mut letters: Vec<char> = longest.chars().collect();
    if letters.len() < 5 {
        return phrase.to_owned();
    }
    // Never the first letter: people look at that one.
    let at = 1 + chance.index(letters.len() - 2);
    match chance.below(3) {
        0 => letters.swap(at, at + 1),
        1 => {
            letters.remove(at);
        }
        _ => {
            let doubled = letters.get(at).copied().unwrap_or_default();
            letters.insert(at, doubled);
        }
    }
    phrase.replace(longest, &letters.into_iter().collect::<String>())
}
