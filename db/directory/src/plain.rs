//! What makes a short text hard to read, as far as a machine can see it: the rules of "Information for all" (Inclusion
//! Europe) that have a figure or a form. A hint for whoever writes, never a seal: that is given by people concerned.

use crate::closed::closed_list;
use crate::language::Language;

/// More words than these are not one idea.
const MOST_WORDS: usize = 12;

/// More syllables than these are stumbled over.
const MOST_SYLLABLES: usize = 4;

closed_list! {
    /// What is hard.
    Lint {
        /// A sentence of more than twelve words.
        LongSentence = "long-sentence",
        /// A word of more than four syllables.
        LongWord = "long-word",
        /// A word of capitals: shouting, or an abbreviation that nobody explains.
        Capitals = "capitals",
        /// Something in brackets.
        Brackets = "brackets",
        /// A sentence that says what is not.
        Negation = "negation",
        /// A sentence in which nobody acts.
        Passive = "passive",
        /// A number in words, or in Roman letters.
        Number = "number",
        /// Two sentences joined.
        Joined = "joined",
    }
}

/// What is hard in a text, each with the words that it is about, in the order of the text.
pub fn lint(text: &str, language: Language) -> Vec<(Lint, String)> {
    let mut found = Vec::new();
    for sentence in text.split_inclusive(['.', '!', '?', '\n']) {
        let words: Vec<&str> = sentence.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).collect();
        if words.len() > MOST_WORDS {
            found.push((Lint::LongSentence, beginning(&words)));
        }
        for word in &words {
            let bare = word.trim_matches(|character: char| !character.is_alphanumeric());
            if is_capitals(bare) {
                let is_roman = bare.chars().all(|letter| "IVXLCDM".contains(letter));
                found.push((if is_roman { Lint::Number } else { Lint::Capitals }, bare.to_owned()));
            } else if syllables(bare) > MOST_SYLLABLES {
                found.push((Lint::LongWord, bare.to_owned()));
            }
        }
        if sentence.contains(['(', '[']) {
            found.push((Lint::Brackets, sentence.split(['(', '[']).nth(1).map(beginning_of).unwrap_or_default()));
        }
        let lower: Vec<String> = words
            .iter()
            .map(|word| {
                word.trim_matches(|character: char| !character.is_alphanumeric() && character != '\'' && character != '’').to_lowercase().replace('’', "'")
            })
            .collect();
        let signs = signs(language);
        if let Some(word) = lower.iter().find(|word| signs.negation.contains(&word.as_str()) || (language == Language::Fr && word.starts_with("n'"))) {
            found.push((Lint::Negation, word.clone()));
        }
        if let Some(pair) = lower.windows(2).find(|pair| is_passive(pair, &signs)) {
            found.push((Lint::Passive, pair.join(" ")));
        }
        if let Some(word) = lower.iter().find(|word| signs.numbers.contains(&word.as_str())) {
            found.push((Lint::Number, word.clone()));
        }
        if words.len() > MOST_WORDS / 2
            && let Some(word) = lower.iter().skip(1).find(|word| signs.joints.contains(&word.as_str()))
        {
            found.push((Lint::Joined, word.clone()));
        }
    }
    found
}

/// How easy it is, in the levels that teachers of languages use: nothing hard A1, one thing in two sentences A2.
pub fn level(text: &str, language: Language) -> &'static str {
    let sentences = text.split(['.', '!', '?', '\n']).filter(|sentence| !sentence.trim().is_empty()).count();
    match lint(text, language).len() {
        0 => "A1",
        hard if hard * 2 <= sentences => "A2",
        _ => "B1",
    }
}

struct Signs {
    negation: &'static [&'static str],
    /// Words that make a passive with what follows.
    passive: &'static [&'static str],
    /// Endings of what follows them.
    participles: &'static [&'static str],
    numbers: &'static [&'static str],
    joints: &'static [&'static str],
}

fn signs(language: Language) -> Signs {
    match language {
        Language::Fr => Signs {
            negation: &["ne", "ni", "sans", "aucun", "aucune"],
            passive: &["est", "sont", "sera", "seront", "été"],
            participles: &["é", "ée", "és", "ées", "ises", "ise", "erts", "ert", "erte", "ertes"],
            numbers: &["deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "vingt", "cent"],
            joints: &["car", "lorsque", "afin", "tandis", "puisque", "dont", "lequel", "laquelle"],
        },
        Language::Nl => Signs {
            negation: &["niet", "geen", "zonder", "noch"],
            passive: &["wordt", "worden", "werd", "werden"],
            participles: &["d", "t", "en"],
            numbers: &["twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien"],
            joints: &["omdat", "zodat", "terwijl", "hoewel", "waarbij", "waardoor"],
        },
        Language::De => Signs {
            negation: &["nicht", "kein", "keine", "keinen", "keiner", "ohne", "weder"],
            passive: &["wird", "werden", "wurde", "wurden"],
            participles: &["t"],
            numbers: &["zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn"],
            joints: &["weil", "damit", "während", "obwohl", "wobei", "wodurch"],
        },
        Language::En => Signs {
            negation: &["not", "no", "without", "don't", "cannot", "never", "neither"],
            passive: &["is", "are", "was", "were", "been"],
            participles: &["ed"],
            numbers: &["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"],
            joints: &["because", "although", "whereas", "whereby", "which", "while"],
        },
    }
}

fn is_passive(pair: &[String], signs: &Signs) -> bool {
    let [verb, next] = pair else { return false };
    signs.passive.contains(&verb.as_str()) && next.chars().count() > 4 && signs.participles.iter().any(|ending| next.ends_with(ending))
}

fn is_capitals(word: &str) -> bool {
    let letters = word.chars().filter(|letter| letter.is_alphabetic()).count();
    letters >= 2 && letters == word.chars().count() && word.chars().all(char::is_uppercase)
}

/// Groups of vowels, about as many as syllables.
fn syllables(word: &str) -> usize {
    let is_vowel = |letter: char| "aeiouyàâäéèêëîïôöùûüœæ".contains(letter);
    let mut count = 0;
    let mut before = false;
    for letter in word.to_lowercase().chars() {
        let vowel = is_vowel(letter);
        count += usize::from(vowel && !before);
        before = vowel;
    }
    count
}

fn beginning(words: &[&str]) -> String {
    format!("{}…", words.iter().take(4).copied().collect::<Vec<_>>().join(" "))
}

fn beginning_of(text: &str) -> String {
    text.split([')', ']']).next().unwrap_or_default().chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, language: Language) -> Vec<Lint> {
        lint(text, language).into_iter().map(|(lint, _)| lint).collect()
    }

    #[test]
    fn what_is_easy_is_left_in_peace() {
        for (text, language) in [
            ("Un repas chaud chaque jour. Venez à midi.", Language::Fr),
            ("Warme maaltijd, elke dag. Kom om 12 uur.", Language::Nl),
            ("Warmes Essen, jeden Tag. Kommen Sie um 12 Uhr.", Language::De),
            ("A hot meal every day. Come at noon.", Language::En),
        ] {
            assert_eq!(lint(text, language), [], "{text}");
            assert_eq!(level(text, language), "A1");
        }
    }

    #[test]
    fn what_is_hard_is_named() {
        use Lint::{Brackets, Capitals, Joined, LongSentence, LongWord, Negation, Number, Passive};
        let text =
            "Les bénéficiaires du RIS (revenu d'intégration) ne sont accompagnés que lorsque leur accompagnement individualisé est terminé depuis deux mois.";
        let hard = found(text, Language::Fr);
        for lint in [LongSentence, LongWord, Capitals, Brackets, Negation, Passive, Number, Joined] {
            assert!(hard.contains(&lint), "{lint:?} in {hard:?}");
        }
        assert_eq!(level(text, Language::Fr), "B1");
        assert!(found("Die Beratung wird von uns bezahlt. Es kostet nicht viel.", Language::De).contains(&Negation));
        assert!(found("Meals are cooked here.", Language::En).contains(&Passive));
        assert!(found("De maaltijd wordt gekookt.", Language::Nl).contains(&Passive));
        assert_eq!(found("Louis XIV est né ici.", Language::Fr), [Number]);
    }
}
