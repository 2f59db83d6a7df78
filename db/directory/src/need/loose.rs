//! Finds phrases whose words stand otherwise: inflected, in another order, with a word between ("on remplit avec vous les
//! formulaires" for "remplir un formulaire").

use super::sense;

/// Endings that inflect a word or make another of its family, in four languages, the longest first.
const ENDINGS: [&str; 60] = [
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
    "dre",
    "tre",
    "er",
    "ir",
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
const SHORTEST: usize = 5;

/// At least so many letters remain before an ending.
const REMAINS: usize = 4;

/// At most so many words that say something make a loose phrase.
pub(crate) const MOST_WORDS: usize = 3;

/// The beginning of a folded word, without its ending.
pub(crate) fn stem(word: &str) -> &str {
    let word = word.strip_suffix(['s', 'x']).filter(|stem| stem.len() >= REMAINS).unwrap_or(word);
    let without = |ending: &str| word.strip_suffix(ending).filter(|rest| rest.len() >= REMAINS);
    let stem = ENDINGS.iter().find_map(|ending| without(ending)).filter(|_| word.len() > SHORTEST).unwrap_or(word);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_family_have_one_stem() {
        for family in [["remplir", "remplissez", "remplit"], ["reparer", "reparation", "repare"], ["formulier", "formulieren", "formuliertje"]] {
            let stems: Vec<&str> = family.iter().map(|word| stem(word)).collect();
            assert!(stems.windows(2).all(|pair| pair[0] == pair[1]), "{stems:?}");
        }
    }

    #[test]
    fn order_and_small_words_do_not_matter() {
        assert_eq!(key("remplir un formulaire".split(' ')), key("formulaires a remplir".split(' ')));
        assert_eq!(key("formulaire".split(' ')), None);
    }
}
