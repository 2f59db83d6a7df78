//! The 5-character code that names a record on paper, by SMS and by voice ("fiche K7P2W").
//!
//! Four characters of Crockford's base 32 and a check character: the weighted sum (1, 2, 3, 4) of
//! their values, modulo 31. Every code holds a letter and a digit, so that it is neither a word nor
//! a postal code. A sum modulo the prime 31 with four different weights catches each single wrong
//! character and each swap of neighbours, except the pairs of values 0 and 31, which are alike
//! modulo 31: codes never use 31 (`Z`).

use std::fmt;

use serde::{Deserialize, Serialize};

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Values used in codes: all but `Z`, whose value 31 would hide behind `0` in the check.
const VALUES: u32 = 31;

const SERIALS: u32 = VALUES * VALUES * VALUES * VALUES;

/// A multiplier without a common factor with [`SERIALS`], so that neighbours in the directory get
/// codes that look nothing alike.
const SCATTER: u64 = 573_259;

/// A printable record code with a right check character.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code([u8; 5]);

/// What a person meant when they typed something shaped like a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Typed {
    /// A code whose check character is right.
    Right(Code),
    /// Shaped like a code, but the check is wrong: ask to read it again.
    Misread,
}

impl Code {
    /// How many serial numbers there are; not all of them give a code.
    pub const SERIALS: i64 = SERIALS as i64;

    /// The code with this serial number, or `None` where the number gives a word-like or number-like
    /// code or lies outside the range: then try the next number.
    pub fn from_serial(serial: u32) -> Option<Self> {
        if serial >= SERIALS {
            return None;
        }
        let mut rest = u32::try_from(u64::from(serial) * SCATTER % u64::from(SERIALS)).ok()?;
        let mut values = [0_u8; 4];
        for value in &mut values {
            *value = u8::try_from(rest % VALUES).ok()?;
            rest /= VALUES;
        }
        let code = Self::with_check(values);
        code.is_unmistakable().then_some(code)
    }

    /// Reads a code with a right check character; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        match Self::read(text)? {
            Typed::Right(code) => Some(code),
            Typed::Misread => None,
        }
    }

    /// Reads what a person typed. Case, spaces and hyphens do not matter; `I` and `L` are read as
    /// `1`, `O` as `0`. `None` when the text is not shaped like a code at all.
    pub fn read(text: &str) -> Option<Typed> {
        let mut letters = [0_u8; 5];
        let mut count = 0;
        for character in text.chars().filter(|character| !matches!(character, ' ' | '-' | '.')) {
            let slot = letters.get_mut(count)?;
            *slot = match character.to_ascii_uppercase() {
                'I' | 'L' => b'1',
                'O' => b'0',
                other if other.is_ascii_alphanumeric() && other != 'U' => u8::try_from(other).ok()?,
                _ => return None,
            };
            count += 1;
        }
        let code = Self(letters);
        if count != 5 || !code.is_unmistakable() {
            return None;
        }
        let mut values = [0_u8; 4];
        for (value, letter) in values.iter_mut().zip(letters) {
            *value = u8::try_from(ALPHABET.iter().position(|known| *known == letter)?).ok()?;
        }
        Some(if Self::with_check(values) == code { Typed::Right(code) } else { Typed::Misread })
    }

    /// The code as it is printed.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    fn with_check(values: [u8; 4]) -> Self {
        let sum: u32 = values.iter().zip(1_u32..).map(|(value, weight)| u32::from(*value) * weight).sum();
        let letter = |value: u32| ALPHABET.get(value as usize).copied().unwrap_or(b'0');
        let [first, second, third, fourth] = values.map(|value| letter(u32::from(value)));
        Self([first, second, third, fourth, letter(sum % VALUES)])
    }

    fn is_unmistakable(self) -> bool {
        self.0.iter().any(u8::is_ascii_digit) && self.0.iter().any(u8::is_ascii_alphabetic)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// Text where people read it, five bytes elsewhere.
impl Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() { serializer.serialize_str(self.as_str()) } else { self.0.serialize(serializer) }
    }
}

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let wrong = || serde::de::Error::custom("not a record code with a right check character");
        if !deserializer.is_human_readable() {
            let code = Self(<[u8; 5]>::deserialize(deserializer)?);
            return Self::parse(code.as_str()).filter(|read| *read == code).ok_or_else(wrong);
        }
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(wrong)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_serial_gives_its_own_code_or_none() {
        let mut seen = HashSet::new();
        let mut made = 0;
        for code in (0..SERIALS).filter_map(Code::from_serial) {
            assert_eq!(Code::read(code.as_str()), Some(Typed::Right(code)));
            assert!(seen.insert(code));
            made += 1;
        }
        assert!(made > 780_000, "{made} codes");
    }

    #[test]
    fn one_wrong_character_or_a_swap_is_noticed() {
        for code in (0..2_000).filter_map(Code::from_serial) {
            let letters: Vec<char> = code.as_str().chars().collect();
            for place in 0..5 {
                for other in ALPHABET.iter().filter(|other| **other != b'Z').map(|byte| char::from(*byte)) {
                    let mut wrong = letters.clone();
                    wrong[place] = other;
                    let text: String = wrong.iter().collect();
                    assert!(text == code.as_str() || Code::parse(&text).is_none(), "{text} passes for {code}");
                }
                if place < 3 {
                    let mut swapped = letters.clone();
                    swapped.swap(place, place + 1);
                    let text: String = swapped.iter().collect();
                    assert!(text == code.as_str() || Code::parse(&text).is_none(), "{text} passes for {code}");
                }
            }
        }
    }

    #[test]
    fn what_people_type_is_forgiven() {
        let code = (0..).find_map(|serial| Code::from_serial(serial).filter(|code| code.as_str().contains('1') && code.as_str().contains('0'))).unwrap();
        let sloppy = code.as_str().to_lowercase().replace('1', "l").replace('0', "o");
        assert_eq!(Code::parse(&format!(" {sloppy} ")), Some(code));
        assert_eq!(Code::read("schaerbeek"), None);
        assert_eq!(Code::read("1030"), None);
        assert_eq!(Code::read("68100"), None);
        assert_eq!(Code::read("REPAS"), None);
    }
}
