//! Ordinary words: what is frequent in a language is spelled as it is meant, and is not taken for a misspelt word of ours.

use std::cmp::Ordering;

use crate::vocabulary::Languages;

/// One word a line in the order of bytes, each with its languages as a hexadecimal digit (see `scripts/ordinary-words`).
const WORDS: &str = include_str!("../../../config/ordinary/words.txt");

/// The languages in which a folded word is frequent; none where it is in no list.
pub(crate) fn languages(word: &str) -> Languages {
    let (mut low, mut high) = (0, WORDS.len());
    while low < high {
        let middle = low + (high - low) / 2;
        let start = WORDS.as_bytes().get(..middle).and_then(|before| before.iter().rposition(|byte| *byte == b'\n')).map_or(0, |end| end + 1);
        let Some(line) = WORDS.get(start..).and_then(|rest| rest.lines().next()) else { break };
        let (known, languages) = entry(line);
        match known.cmp(word) {
            Ordering::Equal => return languages,
            Ordering::Less => low = start + line.len() + 1,
            Ordering::Greater => high = start,
        }
    }
    Languages::default()
}

/// A word and its languages, from its line.
fn entry(line: &str) -> (&str, Languages) {
    let (word, bits) = line.split_once(' ').unwrap_or((line, "0"));
    (word, Languages(u8::from_str_radix(bits, 16).unwrap_or_default()))
}

/// Endings that inflect a word.
const ENDINGS: [&str; 18] = ["", "e", "ee", "ees", "en", "ent", "er", "es", "ez", "le", "les", "n", "r", "s", "t", "te", "ts", "x"];

/// Letters that words of a family begin with, at least.
const SHORTEST_ROOT: usize = 3;

/// True for two folded words that differ only in how they are inflected: "mange" (for "mangé") and "manger".
pub(crate) fn is_of_family(word: &str, other: &str) -> bool {
    let root = word.bytes().zip(other.bytes()).take_while(|(one, other)| one == other).count();
    let ends = |word: &str| word.get(root..).is_some_and(|rest| ENDINGS.contains(&rest));
    root >= SHORTEST_ROOT && ends(word) && ends(other)
}

/// All of them, with their languages.
#[cfg(test)]
pub(crate) fn all() -> impl Iterator<Item = (&'static str, Languages)> {
    WORDS.lines().map(entry)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;

    #[test]
    fn every_word_of_the_list_is_found_and_no_other() {
        for line in WORDS.lines() {
            let (word, bits) = line.split_once(' ').unwrap();
            assert_eq!(format!("{:x}", languages(word).0), bits, "{word}");
        }
        for word in ["", "a", "aaa a", "qwxzk", "zzzzzzz", "hebergment", "tandarst"] {
            assert_eq!(languages(word), Languages::default(), "{word}");
        }
        assert!(WORDS.lines().is_sorted_by_key(|line| line.split_once(' ').unwrap().0));
    }

    #[test]
    fn a_family_has_one_root() {
        for (word, other) in [("mange", "manger"), ("lave", "laver"), ("travaille", "travail"), ("repas", "repas")] {
            assert!(is_of_family(word, other), "{word} {other}");
        }
        for (word, other) in [("immer", "zimmer"), ("weken", "weekend"), ("reste", "resto"), ("mer", "merci")] {
            assert!(!is_of_family(word, other), "{word} {other}");
        }
    }

    #[test]
    fn a_word_is_of_its_languages() {
        assert!(languages("immer").contains(Language::De) && !languages("immer").contains(Language::Fr));
        assert!(languages("weken").contains(Language::Nl));
        assert!(languages("heure").contains(Language::Fr));
    }
}
