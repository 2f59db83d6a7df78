//! Digits as people say them where a number is asked for: "dix trente", "mille trente", "een nul drie nul", "number two".
//!
//! What a telephone hears comes as words, as figures, or as a time of day ("10h30"). A number is taken only where all that
//! was said is a number: else it may be a wish.

use words::fold;

/// The longest that is read: a postal code of France said digit by digit, with a few words around it.
const MOST_WORDS: usize = 16;

/// A longer word is no number, and would be cut in too many ways.
const LONGEST_WORD: usize = 48;

/// One of the four languages.
struct Spoken {
    /// 0 to 19, each with its other forms behind `|`.
    small: &'static str,
    /// 20, 30 … 90, each with its other forms.
    tens: &'static str,
    /// Between tens and ones: `vingt et un`, `einundzwanzig`.
    and: &'static str,
    hundred: &'static str,
    thousand: &'static str,
    /// The next digit twice.
    double: &'static str,
    /// Ones stand before tens (`einundzwanzig`).
    ones_first: bool,
    /// A ten goes on to 19: `soixante-dix-sept`.
    by_twenties: bool,
}

const SPOKEN: [Spoken; 4] = [
    Spoken {
        small: "zero un|une deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix_sept dix_huit dix_neuf",
        tens: "vingt|vingts trente quarante cinquante soixante septante quatre_vingt|quatre_vingts|huitante|octante nonante",
        and: "et",
        hundred: "cent|cents",
        thousand: "mille",
        double: "double",
        ones_first: false,
        by_twenties: true,
    },
    Spoken {
        small: "nul een|1 twee|twie drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien",
        tens: "twintig dertig veertig vijftig zestig zeventig tachtig negentig",
        and: "en",
        hundred: "honderd",
        thousand: "duizend",
        double: "dubbel|dubbele",
        ones_first: true,
        by_twenties: false,
    },
    Spoken {
        small: "null ein|eins|eine zwei|zwo drei vier funf|fuenf sechs sieben acht neun zehn elf zwolf|zwoelf dreizehn vierzehn funfzehn|fuenfzehn sechzehn \
                siebzehn achtzehn neunzehn",
        tens: "zwanzig dreissig vierzig funfzig|fuenfzig sechzig siebzig achtzig neunzig",
        and: "und",
        hundred: "hundert",
        thousand: "tausend",
        double: "doppel|doppelt",
        ones_first: true,
        by_twenties: false,
    },
    Spoken {
        small: "zero|oh|o one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen",
        tens: "twenty thirty forty|fourty fifty sixty seventy eighty ninety",
        and: "and",
        hundred: "hundred",
        thousand: "thousand",
        double: "double",
        ones_first: false,
        by_twenties: false,
    },
];

/// What people say around a number.
const AROUND: &str = "numero nummer number no le la les the de het das die der touche taste toets key option optie keuze choix choice chiffre cijfer ziffer \
    code postal postcode postnummer postleitzahl plz c est cest it is its ist dat es oui ja yes si svp s il vous vous plait please bitte alstublieft aub \
    merci danke bedankt thanks euh heu uh hm heure heures h uur uhr o clock a at in te bei pour voor fur for je veux ik wil ich will want i mon mijn meine my";

/// The digits that are said where so many are awaited; `None` where something else is said, or not so many.
pub fn digits(said: &str, awaited: usize) -> Option<String> {
    let folded = fold(said);
    let spaced = apart(&folded);
    let words: Vec<&str> = spaced.split(' ').filter(|word| !word.is_empty()).take(MOST_WORDS + 1).collect();
    // "Oh" alone is no zero.
    let is_sigh = awaited == 1 && words.iter().all(|word| matches!(*word, "o" | "oh"));
    if is_sigh || words.len() > MOST_WORDS || words.iter().any(|word| word.len() > LONGEST_WORD) {
        return None;
    }
    SPOKEN.iter().find_map(|spoken| {
        let atoms = spoken.atoms(&words)?;
        spoken.groups(&atoms, awaited)
    })
}

/// Figures apart from the letters beside them: "10h30".
fn apart(folded: &str) -> String {
    let mut spaced = String::with_capacity(folded.len() + 4);
    let mut was_digit = None;
    for letter in folded.chars() {
        let is_digit = letter.is_ascii_digit();
        if letter != ' ' && was_digit.is_some_and(|was| was != is_digit) {
            spaced.push(' ');
        }
        was_digit = (letter != ' ').then_some(is_digit);
        spaced.push(letter);
    }
    spaced
}

/// A piece of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Atom<'w> {
    /// 0 to 19.
    Small(u32),
    /// 20 to 90.
    Tens(u32),
    And,
    Hundred,
    Thousand,
    Double,
    /// Figures, as they came.
    Figures(&'w str),
}

impl Spoken {
    /// The pieces of what was said; `None` where a word is none, or where there is no number at all.
    fn atoms<'w>(&self, words: &[&'w str]) -> Option<Vec<Atom<'w>>> {
        let mut atoms = Vec::new();
        for word in words {
            if word.bytes().all(|byte| byte.is_ascii_digit()) {
                atoms.push(Atom::Figures(word));
            } else if let Some(found) = self.compound(word) {
                atoms.extend(found);
            } else if !AROUND.split_whitespace().any(|around| around == *word) {
                return None;
            }
        }
        (!atoms.is_empty()).then_some(atoms)
    }

    /// The pieces of a word, which may be several numbers written together ("tweeduizenddertig").
    fn compound<'w>(&self, word: &str) -> Option<Vec<Atom<'w>>> {
        if word.is_empty() {
            return Some(Vec::new());
        }
        // The longest first: "zeventien" is no "zeven" with something behind it.
        (1..=word.len()).rev().filter(|end| word.is_char_boundary(*end)).find_map(|end| {
            let (begin, rest) = word.split_at_checked(end)?;
            let mut atoms = vec![self.atom(begin)?];
            atoms.extend(self.compound(rest)?);
            Some(atoms)
        })
    }

    fn atom<'w>(&self, word: &str) -> Option<Atom<'w>> {
        let place = |list: &str| (0..).zip(list.split_whitespace()).find(|(_, forms)| forms.split('|').any(|form| form == word)).map(|(place, _)| place);
        let is = |forms: &str| forms.split('|').any(|form| form == word);
        let number = place(self.small).map(Atom::Small).or_else(|| place(self.tens).map(|ten| Atom::Tens(20 + 10 * ten)));
        let others = [(self.and, Atom::And), (self.hundred, Atom::Hundred), (self.thousand, Atom::Thousand), (self.double, Atom::Double)];
        number.or_else(|| others.into_iter().find(|(forms, _)| is(forms)).map(|(_, atom)| atom))
    }

    /// The digits of the fewest numbers, one behind the other, that make up so many.
    fn groups(&self, atoms: &[Atom<'_>], awaited: usize) -> Option<String> {
        if atoms.is_empty() {
            return (awaited == 0).then(String::new);
        }
        (1..=atoms.len()).rev().find_map(|end| {
            let (group, rest) = atoms.split_at_checked(end)?;
            let said = self.number(group)?;
            let rest = self.groups(rest, awaited.checked_sub(said.len())?)?;
            Some(said + &rest)
        })
    }

    /// The digits of one number.
    fn number(&self, atoms: &[Atom<'_>]) -> Option<String> {
        match atoms {
            [Atom::Figures(figures)] => Some((*figures).to_owned()),
            [Atom::Double, Atom::Small(digit @ 0..=9)] => Some(digit.to_string().repeat(2)),
            _ => self.value(atoms).map(|value| value.to_string()),
        }
    }

    fn value(&self, atoms: &[Atom<'_>]) -> Option<u32> {
        if let Some(at) = atoms.iter().position(|atom| *atom == Atom::Thousand) {
            return self.with(1_000, atoms, at);
        }
        if let Some(at) = atoms.iter().position(|atom| *atom == Atom::Hundred) {
            return self.with(100, atoms, at);
        }
        self.below_hundred(atoms)
    }

    /// So many thousands or hundreds, and what stands behind.
    fn with(&self, unit: u32, atoms: &[Atom<'_>], at: usize) -> Option<u32> {
        let (before, behind) = (atoms.get(..at)?, atoms.get(at + 1..)?);
        let behind = behind.strip_prefix(&[Atom::And]).unwrap_or(behind);
        let many = if before.is_empty() { 1 } else { self.value(before).filter(|many| *many > 0)? };
        let rest = if behind.is_empty() { 0 } else { self.value(behind).filter(|rest| (1..unit).contains(rest))? };
        Some(many * unit + rest)
    }

    fn below_hundred(&self, atoms: &[Atom<'_>]) -> Option<u32> {
        match *atoms {
            [Atom::Small(small)] => Some(small),
            [Atom::Tens(tens)] => Some(tens),
            [Atom::Small(ones @ 1..=9), Atom::And, Atom::Tens(tens)] if self.ones_first => Some(tens + ones),
            [Atom::Tens(tens), Atom::Small(ones @ 1..=9)] if !self.ones_first => Some(tens + ones),
            [Atom::Tens(tens), Atom::And, Atom::Small(1)] if self.by_twenties => Some(tens + 1),
            [Atom::Tens(60), Atom::And, Atom::Small(11)] if self.by_twenties => Some(71),
            // "soixante-dix-sept", "quatre-vingt-onze": French counts by twenties here.
            [Atom::Small(4), Atom::Tens(20)] if self.by_twenties => Some(80),
            [Atom::Tens(tens @ (60 | 80)), Atom::Small(ones @ 10..=19)] if self.by_twenties => Some(tens + ones),
            [Atom::Small(10), Atom::Small(ones @ 7..=9)] if self.by_twenties => Some(10 + ones),
            [Atom::Tens(60), Atom::Small(10), Atom::Small(ones @ 7..=9)] if self.by_twenties => Some(70 + ones),
            [Atom::Small(4), Atom::Tens(20), Atom::Small(ones @ 1..=19)] if self.by_twenties => Some(80 + ones),
            [Atom::Small(4), Atom::Tens(20), Atom::Small(10), Atom::Small(ones @ 7..=9)] if self.by_twenties => Some(90 + ones),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::digits;

    #[test]
    fn codes_are_heard_as_they_are_said() {
        for (said, code) in [
            ("dix trente", "1030"),
            ("mille trente", "1030"),
            ("un zéro trois zéro", "1030"),
            ("c'est mille trente s'il vous plaît", "1030"),
            ("dix heures trente", "1030"),
            ("10h30", "1030"),
            ("10 30", "1030"),
            ("1030", "1030"),
            ("quatre mille", "4000"),
            ("cinq mille trois cent septante-six", "5376"),
            ("soixante-huit cent", "68100"),
            ("soixante-huit mille cent", "68100"),
            ("cinquante-neuf mille trois cent quatre-vingt-dix-sept", "59397"),
            ("soixante et onze cent", "71100"),
            ("mille quatre-vingts", "1080"),
            ("tweeduizend", "2000"),
            ("tweeduizend zestig", "2060"),
            ("duizend dertig", "1030"),
            ("duizenddertig", "1030"),
            ("tien dertig", "1030"),
            ("negen duizend", "9000"),
            ("een nul drie nul", "1030"),
            ("drieduizend zeshonderd eenentwintig", "3621"),
            ("viertausendsiebenhundert", "4700"),
            ("siebenundvierzig hundert", "4700"),
            ("vier sieben doppel null", "4700"),
            ("eintausendneununddreißig", "1039"),
            ("one thousand thirty", "1030"),
            ("ten thirty", "1030"),
            ("one oh three oh", "1030"),
            ("nine thousand and fifty", "9050"),
            ("two double zero zero", "2000"),
        ] {
            assert_eq!(digits(said, code.len()).as_deref(), Some(code), "{said}");
        }
    }

    #[test]
    fn one_key_is_heard() {
        for (said, key) in [
            ("deux", "2"),
            ("numéro un", "1"),
            ("le trois", "3"),
            ("zéro", "0"),
            ("nummer twee", "2"),
            ("een", "1"),
            ("Taste fünf", "5"),
            ("the four please", "4"),
        ] {
            assert_eq!(digits(said, 1).as_deref(), Some(key), "{said}");
        }
    }

    #[test]
    fn what_is_no_number_stays_what_it_is() {
        for (said, awaited) in [
            ("un lit pour deux", 1),
            ("manger", 4),
            ("dix trente et quelque", 4),
            ("schaerbeek", 4),
            ("deux", 4),
            ("mille trente", 1),
            ("", 4),
            ("s'il vous plaît", 1),
            ("ik zoek een bed", 1),
            ("two thousand thousand", 4),
            ("zéro mille", 4),
            ("quarante et onze cent", 5),
            ("oh", 1),
            (&*("zeventien".repeat(60) + "x"), 4),
        ] {
            assert_eq!(digits(said, awaited), None, "{said}");
        }
    }
}
