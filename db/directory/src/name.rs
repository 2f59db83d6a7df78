//! Names of entries as people say them: without accents, articles or capitals, and with a letter wrong.

use crate::language::Localized;
use crate::query::Wanted;
use words::edit_distance::Pattern;

/// Words that no name is known by.
const SMALL: [&str; 40] = [
    "le", "la", "les", "l", "un", "une", "des", "du", "de", "d", "au", "aux", "a", "en", "et", "sur", "pour", "chez", "het", "een", "van", "der", "den", "op",
    "in", "voor", "die", "das", "dem", "ein", "eine", "von", "zum", "zur", "im", "the", "of", "for", "to", "and",
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
    /// Some of its words, and nothing else.
    Partly,
}

/// True for a word that a name can be known by.
pub(crate) fn says_something(word: &str) -> bool {
    word.len() >= 2 && !SMALL.contains(&word)
}

/// The words that a name is known by, folded.
pub fn words_of(name: &str) -> Vec<String> {
    words::fold(name).split(' ').filter(|word| says_something(word)).map(ToOwned::to_owned).collect()
}

/// How nearly a message says one of these names; `None` where it says none. All words of the name are said, whatever
/// else is; or nothing else is said than some of them ("la souris agile" for "Espace numérique La Souris Agile"), where
/// the message names no subject otherwise.
pub fn said(names: &Localized, wanted: &Wanted) -> Option<Said> {
    if wanted.said.is_empty() {
        return None;
    }
    let subject: Vec<&str> = wanted.words.iter().flat_map(|phrase| phrase.split(' ')).map(words::stem).collect();
    // "Bibliothèque" is what is asked for, and no name of one; "brocante des enfants" may be both, where nothing else is
    // said and no place.
    let is_general = |name: &[String]| !wanted.needs.is_empty() && name.iter().all(|word| subject.contains(&words::stem(word)));
    let is_all = |name: &[String]| name.concat().len() > SHORTEST && wanted.locality.is_none() && wanted.said.iter().all(|word| name.contains(word));
    let place: Vec<String> = wanted.locality.iter().flat_map(|place| words_of(&place.name)).collect();
    let without_place: Vec<&String> = wanted.said.iter().filter(|word| !place.contains(word)).collect();
    let has_subject = !wanted.needs.is_empty() || !wanted.themes.is_empty() || !wanted.kinds.is_empty();
    let one = |name: &[String]| {
        let message: Vec<&String> = wanted.said.iter().collect();
        said_one(name, &message).or_else(|| said_together(name, &message)).or_else(|| {
            let is_known = !has_subject && without_place.len() < name.len();
            is_known.then(|| said_in_part(name, &without_place)).flatten()
        })
    };
    let names = names.iter().map(|(_, name)| words_of(name)).filter(|name| !is_general(name) || is_all(name));
    names.filter_map(|name| one(&name)).min()
}

/// True where a message says one of these names, as it is spelled, and nothing else.
pub fn is_whole(names: &Localized, said: &[String]) -> bool {
    !said.is_empty() && names.iter().any(|(_, name)| words_of(name) == said)
}

/// True where a message says one of these names and nothing else, perhaps with a letter wrong.
pub fn is_nearly_whole(names: &Localized, wanted: &Wanted) -> bool {
    let has_as_many = || names.iter().any(|(_, name)| words_of(name).len() == wanted.said.len());
    has_as_many() && matches!(said(names, wanted), Some(Said::Exactly | Said::Nearly))
}

/// Fewer letters say no part of a name.
const SHORTEST_PART: usize = 5;

fn said_in_part(name: &[String], message: &[&String]) -> Option<Said> {
    let letters: usize = message.iter().map(|word| word.len()).sum();
    let is_of_it = |word: &&String| name.contains(word);
    (letters >= SHORTEST_PART && message.iter().all(is_of_it)).then_some(Said::Partly)
}

/// "pointvirgule": the words of a name written as one.
fn said_together(name: &[String], message: &[&String]) -> Option<Said> {
    let whole = name.concat();
    (name.len() > 1 && message.iter().any(|word| **word == whole)).then_some(Said::Exactly)
}

fn said_one(name: &[String], message: &[&String]) -> Option<Said> {
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
        said(&Localized::new(Language::Fr, name), &Wanted { said: words_of(message), ..Wanted::default() })
    }

    #[test]
    fn a_name_is_known_without_accents_and_articles_and_with_a_letter_wrong() {
        assert_eq!(how("La Louche Bleue", "la louche bleue"), Some(Said::Exactly));
        assert_eq!(how("Le Panier d\u{2019}Osier", "panier d osier horaire"), Some(Said::Exactly));
        assert_eq!(how("La Louche Bleue", "louche bleu"), Some(Said::Nearly));
        assert_eq!(how("L\u{2019}Atelier d\u{2019}\u{c9}toffes", "atelier d'etofes"), Some(Said::Nearly));
        assert_eq!(how("La Louche Bleue", "douche bleue"), Some(Said::Nearly));
        assert_eq!(how("Espace num\u{e9}rique La Souris Agile", "la souris agile"), Some(Said::Partly));
        assert_eq!(how("Le Point-Virgule", "pointvirgule telephone"), Some(Said::Exactly));
        assert_eq!(how("La Louche Bleue", "manger bleu"), None);
        assert_eq!(how("La Cl\u{e9}", "cle"), None);
        let names = Localized::new(Language::Fr, "Nuit des \u{e9}toiles");
        assert!(is_whole(&names, &words_of("nuit des etoiles")) && !is_whole(&names, &words_of("nuit des etoiles samedi")));
        assert!(!is_whole(&names, &words_of("nuit")) && !is_whole(&names, &[]));
    }
}
