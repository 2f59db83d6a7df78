//! Folding, phonetic keys and spelling distance: how two spellings of one word are found alike.
//!
//! Every text is folded here before a database or a vocabulary sees it, so that both databases and
//! all channels compare the same letters.
//!
//! A package of its own, because the build of the core compares texts too, and learns from examples: optimised in every
//! build, that takes a second and not a minute.
#![warn(missing_docs)]

pub mod edit_distance;
pub mod learnt;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Folds a text to lower-case letters and digits separated by single spaces.
///
/// Accents, case, apostrophes, hyphens and punctuation vanish; `ß`, `œ`, `æ`, `ø`, `ł`, `đ` are
/// spelled out. Idempotent. `"L'Îlot Vert – n°5"` becomes `"l ilot vert n 5"`.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut gap = false;
    let mut push = |character: char| {
        if character.is_alphanumeric() {
            if gap && !folded.is_empty() {
                folded.push(' ');
            }
            gap = false;
            folded.push(character);
        } else if !is_combining_mark(character) {
            gap = true;
        }
    };
    for character in text.chars() {
        if character.is_ascii() {
            push(character.to_ascii_lowercase());
            continue;
        }
        for lower in character.nfd().flat_map(char::to_lowercase).nfd() {
            match lower {
                'ß' => "ss".chars().for_each(&mut push),
                'œ' => "oe".chars().for_each(&mut push),
                'æ' => "ae".chars().for_each(&mut push),
                'ø' => push('o'),
                'ł' => push('l'),
                'đ' => push('d'),
                mark if is_combining_mark(mark) => {}
                other => push(other),
            }
        }
    }
    folded
}

/// Where a text says folded words: the part of it that folds to them, as it is written; `None` where it does not.
pub fn written<'a>(text: &'a str, folded: &str) -> Option<&'a str> {
    let count = folded.split(' ').count();
    let mut words: Vec<(usize, usize)> = Vec::new();
    let mut is_inside = false;
    for (place, character) in text.char_indices() {
        let end = place + character.len_utf8();
        let is_of_word = character.is_alphanumeric() || is_inside && is_combining_mark(character);
        match words.last_mut().filter(|_| is_inside) {
            Some(word) if is_of_word => word.1 = end,
            _ if is_of_word => words.push((place, end)),
            _ => {}
        }
        is_inside = is_of_word;
    }
    let runs = words.windows(count).filter_map(|run| text.get(run.first()?.0..run.last()?.1));
    runs.into_iter().find(|run| fold(run) == folded)
}

/// A folded word without a final `s` or `x`, where three letters remain: `repas` and `repa`,
/// `jeux` and `jeu` are one word to a person who texts.
pub fn stem(word: &str) -> &str {
    match word.strip_suffix(['s', 'x']) {
        Some(stem) if stem.chars().count() >= 3 => stem,
        _ => word,
    }
}

/// A folded phrase with every word stemmed.
pub fn stem_phrase(phrase: &str) -> String {
    phrase.split(' ').map(stem).collect::<Vec<_>>().join(" ")
}

/// Spells a folded word as it sounds to a French-speaking ear, so that `manje`, `manger` and
/// `mangé` meet. Used beside, never instead of, the spelling: Dutch and German words pass through
/// the same mill on both sides and still meet themselves.
pub fn phonetic(word: &str) -> String {
    /// Endings that are not heard; those with an `e` leave one, which may soften a `g` or a `c`.
    const SILENT: &[(&str, &str)] = &[
        ("ees", "e"),
        ("er", "e"),
        ("ez", "e"),
        ("ee", "e"),
        ("es", "e"),
        ("et", "e"),
        ("ts", ""),
        ("ds", ""),
        ("s", ""),
        ("t", ""),
        ("d", ""),
        ("x", ""),
        ("p", ""),
        ("z", ""),
    ];
    let ending = SILENT.iter().find_map(|(ending, heard)| word.strip_suffix(ending).filter(|rest| rest.len() >= 3).map(|rest| (rest, *heard)));
    let (kept, heard) = ending.unwrap_or((word, ""));
    let mut sound = String::with_capacity(word.len());
    // Where an "e" is left it is one that the word has there.
    let mut rest = word.get(..kept.len() + heard.len()).unwrap_or(word);
    while let Some(first) = rest.chars().next() {
        // A nasal vowel needs a consonant or the end behind it: "lojement", not "lojanant".
        let fits = |from: &str| rest.strip_prefix(from).is_some_and(|after| !from.ends_with(['n', 'm']) || !after.starts_with(['a', 'e', 'i', 'o', 'u', 'y']));
        let (from, to) = heard_as(first).iter().find(|(from, _)| fits(from)).copied().unwrap_or(("", ""));
        if from.is_empty() {
            if !sound.ends_with(first) {
                sound.push(first);
            }
            rest = rest.strip_prefix(first).unwrap_or_default();
        } else {
            for character in to.chars() {
                if !sound.ends_with(character) {
                    sound.push(character);
                }
            }
            rest = rest.strip_prefix(from).unwrap_or_default();
        }
    }
    while sound.ends_with('e') && sound.len() > 3 {
        sound.pop();
    }
    sound
}

/// What letters that begin so are heard as, the first that fits.
fn heard_as(first: char) -> &'static [(&'static str, &'static str)] {
    match first {
        'e' => &[("eaux", "o"), ("eau", "o"), ("ein", "in"), ("eim", "in"), ("em", "an"), ("en", "an"), ("ei", "e")],
        'a' => &[("aux", "o"), ("au", "o"), ("ain", "in"), ("aim", "in"), ("am", "an"), ("ai", "e")],
        's' => &[("sch", "ch"), ("sh", "ch")],
        'p' => &[("ph", "f")],
        't' => &[("th", "t")],
        'q' => &[("qu", "k"), ("q", "k")],
        'c' => &[("ck", "k"), ("ce", "se"), ("ci", "si"), ("cy", "si"), ("c", "k")],
        'g' => &[("gu", "g"), ("ge", "je"), ("gi", "ji"), ("gy", "ji")],
        'y' => &[("ym", "in"), ("yn", "in"), ("y", "i")],
        'u' => &[("un", "in")],
        'o' => &[("om", "on"), ("oi", "wa"), ("ou", "u"), ("oe", "e")],
        'i' => &[("ill", "y")],
        'z' => &[("z", "s")],
        'w' => &[("w", "v")],
        'h' => &[("h", "")],
        'x' => &[("x", "s")],
        _ => &[],
    }
}

/// A folded text as typed, with all that it is compared by.
#[derive(Debug)]
pub struct Typed<'a> {
    /// The text.
    pub text: &'a str,
    /// How many letters it has.
    pub letters: usize,
    /// How it sounds, as [`phonetic`] tells.
    pub sound: String,
}

impl<'a> Typed<'a> {
    /// `None` for what is too short to be recognised where it is not spelled right.
    pub fn new(text: &'a str) -> Option<Self> {
        let letters = text.chars().count();
        (tolerance(letters) > 0).then(|| Self { text, letters, sound: phonetic(text) })
    }
}

/// How many edits a word of this many letters may carry and still be recognised: none below four
/// letters, one below eight, two from eight.
pub fn tolerance(letters: usize) -> usize {
    match letters {
        0..=3 => 0,
        4..=7 => 1,
        _ => 2,
    }
}

/// Which letters a word holds, as a bit set: words whose sets differ by more than `2 × edits` bits
/// cannot be within that many edits, which spares most comparisons.
pub fn letter_set(word: &str) -> u64 {
    word.bytes().fold(0, |set, byte| {
        set | match byte {
            b'a'..=b'z' => 1 << (byte - b'a'),
            b'0'..=b'9' => 1 << (26 + byte - b'0'),
            b' ' => 0,
            _ => 1 << 40,
        }
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::edit_distance::edits;

    #[test]
    fn folding_meets_the_reference() {
        for (text, folded) in [
            ("Braine-l'Alleud", "braine l alleud"),
            ("L’Îlot Vert, potager collectif & compost", "l ilot vert potager collectif compost"),
            ("Aachener Straße 7", "aachener strasse 7"),
            ("Cœur", "coeur"),
            ("e\u{301}cole", "ecole"),
            ("İstanbul", "istanbul"),
            ("  ", ""),
        ] {
            assert_eq!(fold(text), folded, "{text}");
        }
    }

    #[test]
    fn spellings_that_sound_alike_meet() {
        for (left, right) in [
            ("manje", "manger"),
            ("mange", "manger"),
            ("kartier", "quartier"),
            ("schaerbek", "schaerbeek"),
            ("papie", "papier"),
            ("lojement", "logement"),
            ("fisik", "physique"),
        ] {
            assert_eq!(phonetic(left), phonetic(right), "{left} / {right}");
        }
        for (left, right) in [("pain", "pont"), ("bain", "bonne"), ("loyer", "lit")] {
            assert_ne!(phonetic(left), phonetic(right), "{left} / {right}");
        }
    }

    proptest! {
        #[test]
        fn folding_is_idempotent(text in any::<String>()) {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }

        #[test]
        fn letter_sets_never_hide_a_near_word(left in "[a-z]{1,10}", right in "[a-z]{1,10}") {
            let distance = edits(&left, &right);
            let differing = (letter_set(&left) ^ letter_set(&right)).count_ones() as usize;
            prop_assert!(differing <= 2 * distance);
        }
    }
}
