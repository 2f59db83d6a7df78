//! What a message refuses: "no parcel, a meal", "not the doctor but a psychologist", "a meal instead of a parcel".

use std::borrow::Cow;
use std::ops::Range;

/// Words that refuse what follows them.
const REFUSALS: [&str; 22] = [
    "pas", "plus", "sans", "geen", "gene", "geene", "gee", "niet", "nie", "zonder", "kein", "keine", "keinen", "nicht", "ned", "not", "lieu", "plaats",
    "statt", "anstatt", "instead", "except",
];

/// Words that refuse what follows them up to a word that wants something else.
const DENIALS: [&str; 18] =
    ["pas", "pa", "plus", "geen", "gene", "gin", "niet", "nie", "ni", "kein", "keine", "keinen", "keen", "nicht", "not", "dont", "weder", "nit"];

/// Words of what somebody has already, or what is settled, up to a word that wants something else.
const SETTLED: [&str; 13] = ["deja", "dja", "al", "schon", "bereits", "already", "geregelt", "fine", "orde", "okay", "arrange", "regle", "sorted"];

/// Words of a time that something has lasted: "al 3 weken op straat" settles nothing.
const LASTING: [&str; 24] = [
    "jour", "jours", "semaine", "semaines", "mois", "ans", "dag", "dagen", "week", "weken", "maand", "maanden", "jaar", "jaren", "tage", "tagen", "wochen",
    "monate", "monaten", "jahre", "jahren", "days", "weeks", "months",
];

/// So far behind the word stands the time.
const LASTING_REACH: usize = 3;

/// Words that turn from what is settled to what is wanted.
const BUT: [&str; 27] = [
    "mais",
    "manque",
    "mank",
    "manke",
    "maar",
    "ontbreekt",
    "aber",
    "fehlt",
    "feelt",
    "nur",
    "sondern",
    "but",
    "missing",
    "lack",
    "just",
    "only",
    "juste",
    "probleme",
    "probleem",
    "problem",
    "cherche",
    "jcherche",
    "jveu",
    "veux",
    "zoek",
    "suche",
    "need",
];

/// Words before what is refused, wherever the wish stands.
const INSTEAD: [&str; 9] = ["lieu", "plaats", "statt", "anstatt", "instead", "sauf", "except", "behalve", "ausser"];

/// So many words behind them are refused.
const INSTEAD_REACH: usize = 5;

/// Words that want something else, or want again.
const TURNS: [&str; 52] = [
    "jcherche",
    "jveu",
    "kzoek",
    "kwil",
    "wanna",
    "lookin",
    "manque",
    "fehlt",
    "ontbreekt",
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
    let denials = words.iter().enumerate().filter(|(_, (_, word))| DENIALS.contains(word));
    let mut ranges: Vec<Range<usize>> = denials.filter_map(|(place, (start, _))| Some(*start..behind(place)?.0)).collect();
    // "I have a doctor already, it is the bill…": all that stands before the turn.
    let lasts = |place: usize| words.iter().skip(place + 1).take(LASTING_REACH).any(|(_, word)| LASTING.contains(word));
    let settled = words.iter().take(REACH).enumerate().find(|(place, (_, word))| SETTLED.contains(word) && !lasts(*place)).map(|(place, _)| place);
    let turn = settled.and_then(|settled| words.iter().skip(settled + 1).take(REACH).find(|(_, word)| BUT.contains(word)));
    ranges.extend(turn.map(|(end, _)| 0..*end));
    let instead = words.iter().enumerate().filter(|(_, (_, word))| INSTEAD.contains(word));
    ranges.extend(instead.map(|(place, (start, _))| *start..words.get(place + INSTEAD_REACH).map_or(text.len(), |(end, _)| *end)));
    ranges
}

/// A folded text without what it denies; all of it where hardly anything is left.
pub(super) fn wished(text: &str) -> Cow<'_, str> {
    let denied = denied(text);
    if denied.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut at = 0;
    let words = text.split(' ').filter(|word| {
        let start = at;
        at += word.len() + 1;
        !denied.iter().any(|range| range.contains(&start))
    });
    let left: Vec<&str> = words.collect();
    if left.len() < FEWEST_LEFT { Cow::Borrowed(text) } else { Cow::Owned(left.join(" ")) }
}

/// Fewer words that are left say nothing by themselves.
const FEWEST_LEFT: usize = 2;

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
        assert_eq!(denied("g deja 1 psy jveu voir des gens"), ["g deja 1 psy"]);
        assert_eq!(denied("krankenkasse ist geregelt nur der ausweis fehlt"), ["krankenkasse ist geregelt"]);
        assert_eq!(wished("geen psycholoog gewoon mensen zien"), "gewoon mensen zien");
        assert!(denied("ik slaap al 3 weken op straat en zoek een bed").is_empty());
        assert!(denied("deja 3 jours sans manger je cherche un repas").is_empty());
        assert_eq!(wished("manger sauf les restos du coeur ixelles"), "manger ixelles");
    }

    #[test]
    fn a_refusal_reaches_over_articles() {
        assert!(ends("un repas au lieu d un".split(' ')) && ends("geen".split(' ')) && ends("not the".split(' ')));
        assert!(!ends("pas de voiture pour".split(' ')));
    }
}
