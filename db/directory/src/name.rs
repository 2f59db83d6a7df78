//! Names of entries as people say them: without accents, articles or capitals, and with a letter wrong.

use crate::edit_distance::Pattern;
use crate::language::Localized;
use crate::words;

/// Words that no name is known by.
const SMALL: [&str; 40] = [
    "le", "la", "les", "l", "un", "une", "des", "du", "de", "d", "au", "aux", "a", "en", "et", "sur", "pour", "chez",
    "het", "een", "van", "der", "den", "op", "in", "voor", "die", "das", "dem", "ein", "eine", "von", "zum", "zur", "im",
    "the", "of", "for", "to", "and",
];

/// A name of one word is known by it where it has so many letters.
const SHORTEST: usize = 5;

/// How nearly a message says a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Said {
    /// As it is spelled.
    Exactly,
    /// With a letter or two wrong.
    Nearly,
}

/// True for a word that a name can be known by.
pub(crate) fn says_something(word: &str) -> bool {
    word.len() >= 2 && !SMALL.contains(&word)
}

/// The words that a name is known by, folded.
pub fn words_of(name: &str) -> Vec<String> {
    words::fold(name).split(' ').filter(|word| says_something(word)).map(ToOwned::to_owned).collect()
}

/// How nearly the words of a message say one of these names; `None` where they do not say all of any. What else the
/// message says does not matter.
pub fn said(names: &Localized, message: &[String]) -> Option<Said> {
    names.iter().filter_map(|(_, name)| said_one(&words_of(name), message)).min()
}

fn said_one(name: &[String], message: &[String]) -> Option<Said> {
    let letters: usize = name.iter().map(String::len).sum();
    if name.is_empty() || letters < SHORTEST {
        return None;
    }
    let mut wrong = 0;
    for word in name {
        let pattern = Pattern::new(word);
        let limit = words::tolerance(word.chars().count()).min(2);
        let nearest = message.iter().filter_map(|said| pattern.within(said, limit)).min()?;
        wrong += usize::from(nearest > 0);
    }
    match wrong {
        0 => Some(Said::Exactly),
        // Of a name of several words most are spelled right.
        1 if name.len() > 1 || letters > SHORTEST => Some(Said::Nearly),
        2 if name.len() > 3 => Some(Said::Nearly),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;

    fn how(name: &str, message: &str) -> Option<Said> {
        said(&Localized::new(Language::Fr, name), &words_of(message))
    }

    #[test]
    fn a_name_is_known_without_accents_and_articles_and_with_a_letter_wrong() {
        assert_eq!(how("La Louche Bleue", "la louche bleue"), Some(Said::Exactly));
        assert_eq!(how("Le Panier d\u{2019}Osier", "panier d osier horaire"), Some(Said::Exactly));
        assert_eq!(how("La Louche Bleue", "louche bleu"), Some(Said::Nearly));
        assert_eq!(how("L\u{2019}Atelier d\u{2019}\u{c9}toffes", "atelier d'etofes"), Some(Said::Nearly));
        assert_eq!(how("La Louche Bleue", "douche bleue"), Some(Said::Nearly));
        assert_eq!(how("La Louche Bleue", "manger bleu"), None);
        assert_eq!(how("La Cl\u{e9}", "cle"), None);
    }
}
