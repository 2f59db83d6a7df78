//! What a message refuses: "no parcel, a meal", "not the doctor but a psychologist", "a meal instead of a parcel".

use std::ops::Range;

/// Words that refuse what follows them.
const REFUSALS: [&str; 22] = [
    "pas", "plus", "sans", "geen", "gene", "geene", "gee", "niet", "nie", "zonder", "kein", "keine", "keinen", "nicht", "ned", "not", "lieu", "plaats",
    "statt", "anstatt", "instead", "except",
];

/// Words that refuse what follows them up to a word that wants something else.
const DENIALS: [&str; 14] = ["pas", "plus", "geen", "gene", "niet", "nie", "kein", "keine", "keinen", "nicht", "not", "dont", "ni", "weder"];

/// Words that want something else, or want again.
const TURNS: [&str; 43] = [
    "mais",
    "juste",
    "seulement",
    "plutot",
    "surtout",
    "maar",
    "wel",
    "enkel",
    "alleen",
    "gewoon",
    "aber",
    "nur",
    "sondern",
    "lieber",
    "eher",
    "but",
    "just",
    "only",
    "rather",
    "simplement",
    "eerder",
    "bloss",
    "einfach",
    "besoin",
    "cherche",
    "veux",
    "faut",
    "voudrais",
    "nodig",
    "zoek",
    "wil",
    "moet",
    "brauche",
    "brauch",
    "suche",
    "mochte",
    "will",
    "need",
    "want",
    "looking",
    "needs",
    "instead",
    "probleme",
];

/// A word that wants something else stands at most so many words behind.
const REACH: usize = 7;

/// Words that may stand between a refusal and what it refuses.
const BETWEEN: [&str; 19] = ["a", "d", "de", "des", "du", "een", "ein", "eine", "einen", "het", "l", "la", "le", "les", "of", "the", "un", "une", "van"];

/// True for a word that refuses what follows.
pub(super) fn refuses(word: &str) -> bool {
    REFUSALS.contains(&word)
}

/// True where the last of these words that says something refuses what follows.
pub(super) fn ends<'w>(before: impl DoubleEndedIterator<Item = &'w str>) -> bool {
    before.rev().find(|word| !BETWEEN.contains(word)).is_some_and(refuses)
}

/// The parts of a folded text from a denial to the word that wants something else, in bytes.
pub(super) fn denied(text: &str) -> Vec<Range<usize>> {
    let words: Vec<(usize, &str)> = text
        .split(' ')
        .scan(0, |at, word| {
            let start = *at;
            *at += word.len() + 1;
            Some((start, word))
        })
        .collect();
    // "I don't need": the word behind a denial is denied itself.
    let behind = |place: usize| words.iter().skip(place + 2).take(REACH).find(|(_, word)| TURNS.contains(word));
    let ranges = words.iter().enumerate().filter(|(_, (_, word))| DENIALS.contains(word));
    ranges.filter_map(|(place, (start, _))| Some(*start..behind(place)?.0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_before_the_turn_is_denied() {
        let denied = |text: &str| denied(text).into_iter().filter_map(|range| text.get(range).map(str::trim)).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(denied("pas besoin de manger mais d un lit"), ["pas besoin de manger"]);
        assert_eq!(denied("niet voor eten maar voor kleren"), ["niet voor eten"]);
        assert_eq!(denied("kein essen sondern schlafen"), ["kein essen"]);
        assert_eq!(denied("dont need clothes need a dentist"), ["dont need clothes"]);
        assert!(denied("je ne peux pas payer mon loyer").is_empty());
    }

    #[test]
    fn a_refusal_reaches_over_articles() {
        assert!(ends("un repas au lieu d un".split(' ')) && ends("geen".split(' ')) && ends("not the".split(' ')));
        assert!(!ends("pas de voiture pour".split(' ')));
    }
}
