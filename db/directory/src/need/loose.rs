//! Finds phrases whose words stand otherwise: inflected, in another order, with a word between ("on remplit avec vous les
//! formulaires" for "remplir un formulaire").

use super::sense;

/// Endings that inflect a word or make another of its family, in four languages, the longest first.
const ENDINGS: [&str; 59] = [
    "issements",
    "issement",
    "issions",
    "issons",
    "issent",
    "ations",
    "issant",
    "ements",
    "issez",
    "ungen",
    "eusen",
    "ation",
    "ement",
    "antes",
    "istes",
    "elles",
    "chen",
    "lein",
    "euse",
    "eurs",
    "ants",
    "ante",
    "eren",
    "ende",
    "ions",
    "tjes",
    "erin",
    "aire",
    "able",
    "ung",
    "eur",
    "ant",
    "ent",
    "ons",
    "age",
    "ing",
    "ers",
    "ait",
    "tje",
    "jes",
    "end",
    "ion",
    "ies",
    "ere",
    "er",
    "ir",
    "re",
    "ez",
    "ee",
    "es",
    "en",
    "te",
    "it",
    "is",
    "ed",
    "je",
    "em",
    "e",
    "n",
];

/// Words are told apart by so many of their first letters.
const LETTERS: usize = 6;

/// Words of at most so many letters keep their endings.
const SHORTEST: usize = 3;

/// At least so many letters remain before an ending.
const REMAINS: usize = 4;

/// At most so many words that say something make a loose phrase.
pub(crate) const MOST_WORDS: usize = 3;

/// The beginning of a folded word, without its ending.
pub(crate) fn stem(word: &str) -> &str {
    let word = word.strip_suffix(['s', 'x']).filter(|stem| stem.len() >= REMAINS).unwrap_or(word);
    let stem =
        ENDINGS.iter().filter(|_| word.len() > SHORTEST).find_map(|ending| word.strip_suffix(ending).filter(|rest| rest.len() >= REMAINS)).unwrap_or(word);
    stem.char_indices().nth(LETTERS).and_then(|(end, _)| stem.get(..end)).unwrap_or(stem)
}

/// True for a word that a loose phrase is made of.
pub(crate) fn is_content(word: &str) -> bool {
    !sense::is_filler(word) && word.chars().nth(1).is_some() && !word.bytes().all(|byte| byte.is_ascii_digit())
}

/// What a loose phrase of these folded words is found by, whatever their order; `None` for fewer than two, and for more
/// than three.
pub(crate) fn key<'w>(words: impl IntoIterator<Item = &'w str>) -> Option<String> {
    let mut stems: Vec<&str> = words.into_iter().filter(|word| is_content(word)).map(stem).collect();
    stems.sort_unstable();
    stems.dedup();
    (2..=MOST_WORDS).contains(&stems.len()).then(|| stems.join(" "))
}
