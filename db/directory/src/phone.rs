//! Phone numbers in E.164 that can be dialled and shown, but print redacted in logs.

use std::fmt;

use phonenumber::Type;
use phonenumber::country::Id;
use serde::{Deserialize, Serialize};

pub use crate::country::Country;

/// Belgium, France, the Netherlands, Germany, Luxembourg.
const NEAR: [&str; 5] = ["+32", "+33", "+31", "+49", "+352"];

/// The Belgian centre against poisons: free, though numbers like it are not.
const POISONS: &str = "+3270245245";

/// A phone number in E.164 (`+3225550102`), or a short national number (`112`, `1712`) as written.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Phone(String);

impl Phone {
    /// Reads a number in national or international notation, with any punctuation.
    ///
    /// `None` when it is no possible number of `country` (or of the prefix it carries).
    pub fn parse(text: &str, country: Country) -> Option<Self> {
        let kept: String = text.chars().filter(|character| character.is_ascii_digit() || *character == '+').collect();
        if (3..=4).contains(&kept.len()) && kept.bytes().all(|byte| byte.is_ascii_digit()) {
            return Some(Self(kept));
        }
        let home = match country {
            Country::Be => Id::BE,
            Country::Fr => Id::FR,
        };
        // "0032 2 …" is the international form dialled from Europe.
        let dialled = kept.strip_prefix("00").map_or_else(|| kept.clone(), |rest| format!("+{rest}"));
        let number = phonenumber::parse(Some(home), &dialled).ok()?;
        let digits = number.national().value().to_string().len();
        let plausible = (7..=12).contains(&digits) && (phonenumber::is_valid(&number) || is_fictional(&dialled));
        plausible.then(|| Self(number.format().mode(phonenumber::Mode::E164).to_string()))
    }

    /// True for a subscriber in Belgium or a country that it touches: somebody may be asked to call them. Only phones in
    /// pockets and houses are: numbers at a higher price than an ordinary call (telephony's commonest fraud makes others
    /// call these), personal and internet numbers that may cost as much, those of which nobody knows what they are, short
    /// numbers and numbers of other countries are none.
    pub fn is_subscriber(&self) -> bool {
        let is_near = NEAR.iter().any(|prefix| self.0.starts_with(prefix));
        is_near && matches!(self.kind(), Some(Type::Mobile | Type::FixedLine | Type::FixedLineOrMobile))
    }

    /// True for a number that stands for nobody, in demonstrations and films.
    pub fn is_fictional(&self) -> bool {
        let is_home = ["+32", "+33"].iter().any(|prefix| self.0.starts_with(prefix));
        is_home && self.kind() == Some(Type::Unknown) && is_fictional(&self.0)
    }

    /// True for a number at which a call costs more than an ordinary one: whoever has it is paid for being called.
    pub fn costs_more(&self) -> bool {
        if self.0 == POISONS {
            return false;
        }
        let kind = phonenumber::parse(None, &self.0).map(|number| number.number_type(&phonenumber::metadata::DATABASE));
        matches!(kind, Ok(Type::PremiumRate | Type::SharedCost))
    }

    /// True for a number that can be texted: a mobile phone's, as far as the number tells.
    pub fn is_mobile(&self) -> bool {
        matches!(self.kind(), Some(Type::Mobile | Type::FixedLineOrMobile))
    }

    fn kind(&self) -> Option<Type> {
        phonenumber::parse(None, &self.0).ok().map(|number| number.number_type(&phonenumber::metadata::DATABASE))
    }

    /// The number as stored: E.164, or a short national number.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number as people of its country write it, without a prefix where it is Belgian or French:
    /// `02 555 01 02`, `0455 55 01 03`, `03 53 01 22 33`.
    pub fn national(&self) -> String {
        if let Some(national) = self.0.strip_prefix("+32") {
            return group_belgian(national);
        }
        if let Some(national) = self.0.strip_prefix("+33") {
            return pairs(&format!("0{national}"));
        }
        self.0.clone()
    }

    /// The national number without spaces, as it fits in a text message.
    pub fn compact(&self) -> String {
        self.national().replace(' ', "")
    }
}

/// Zones 2, 3, 4 and 9 have one digit and seven more; others two and six; mobiles three and six.
fn group_belgian(national: &str) -> String {
    let zone = match national.len() {
        9 => 3,
        _ if national.starts_with(['2', '3', '4', '9']) => 1,
        _ => 2,
    };
    let (prefix, rest) = national.split_at_checked(zone).unwrap_or((national, ""));
    let (first, pairs_of) = rest.split_at_checked(rest.len() % 2 + if rest.len() % 2 == 1 { 2 } else { 0 }).unwrap_or(("", rest));
    let mut grouped = format!("0{prefix}");
    for part in [first, &pairs(pairs_of)] {
        if !part.is_empty() {
            grouped.push(' ');
            grouped.push_str(part);
        }
    }
    grouped
}

fn pairs(digits: &str) -> String {
    let mut grouped = String::with_capacity(digits.len() * 3 / 2);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && place % 2 == 0 {
            grouped.push(' ');
        }
        grouped.push(digit);
    }
    grouped
}

/// Belgian numbers around 555 stand for "no real subscriber" in demonstrations, and France keeps
/// ranges for fiction (ARCEP decision 2012-0856); number plans do not list all of them as in use.
fn is_fictional(dialled: &str) -> bool {
    dialled.contains("555")
        || dialled.contains("55501")
        || ["019900", "026191", "035301", "046571", "053649", "063998"]
            .iter()
            .any(|range| dialled.starts_with(range) || dialled.contains(range.trim_start_matches('0')))
}

impl fmt::Debug for Phone {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Phone(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_in_every_notation() {
        for (text, country, expected) in [
            ("02 555 01 02", Country::Be, "+3225550102"),
            ("02/555.01.02", Country::Be, "+3225550102"),
            ("+32 2 555 01 01", Country::Be, "+3225550101"),
            ("0032 (0)2 555 01 01", Country::Be, "+3225550101"),
            ("0455 55 01 03", Country::Be, "+32455550103"),
            ("+32 87 55 01 04", Country::Be, "+3287550104"),
            ("083 55 50 12", Country::Be, "+3283555012"),
            ("03 73 27 51 57", Country::Fr, "+33373275157"),
            ("03 53 01 22 33", Country::Fr, "+33353012233"),
            ("1712", Country::Be, "1712"),
        ] {
            assert_eq!(Phone::parse(text, country).map(|phone| phone.as_str().to_owned()).as_deref(), Some(expected), "{text}");
        }
        for text in ["", "private", "12", "0000000000", "à compléter"] {
            assert_eq!(Phone::parse(text, Country::Be), None, "{text}");
        }
    }

    #[test]
    fn only_subscribers_nearby_are_called_back() {
        for text in ["025550102", "0470 12 34 56", "+33 6 12 34 56 78", "+31 6 12345678", "00352 621 123 456", "+49 1512 3456789"] {
            assert!(Phone::parse(text, Country::Be).unwrap().is_subscriber(), "{text}");
        }
        // Premium rate in Belgium and France, short numbers, far away.
        for text in
            ["0903 12 345", "0907 12 345", "070 22 33 44", "1712", "112", "+1 202 555 0123", "+33 899 12 34 56", "+49 190 555 12345", "+49 700 12345678"]
        {
            assert!(Phone::parse(text, Country::Be).is_none_or(|phone| !phone.is_subscriber()), "{text}");
        }
    }

    #[test]
    fn a_number_that_costs_more_is_known() {
        for text in ["0903 12 345", "0907 12 345", "+33 899 12 34 56", "+32 70 22 33 44"] {
            assert!(Phone::parse(text, Country::Be).unwrap().costs_more(), "{text}");
        }
        for text in ["025550102", "0470 12 34 56", "0800 30 030", "070 245 245", "078 15 10 20", "112", "1712", "+33 1 53 01 22 33"] {
            assert!(Phone::parse(text, Country::Be).is_some_and(|phone| !phone.costs_more()), "{text}");
        }
    }

    #[test]
    fn numbers_are_shown_as_people_write_them() {
        for (text, shown) in [("025550102", "02 555 01 02"), ("0455550103", "0455 55 01 03"), ("083555012", "083 55 50 12"), ("1712", "1712")] {
            assert_eq!(Phone::parse(text, Country::Be).unwrap().national(), shown);
        }
        assert_eq!(Phone::parse("0353012233", Country::Fr).unwrap().national(), "03 53 01 22 33");
        assert_eq!(format!("{:?}", Phone::parse("025550102", Country::Be)), "Some(Phone(redacted))");
    }
}
