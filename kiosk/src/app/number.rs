//! A telephone number while it is being typed. Overwritten when it is forgotten; prints redacted.

use std::fmt;

use directory::phone::{Country, Phone};
use zeroize::Zeroize;

/// Digits that are taken, at most: E.164 has fifteen, and two zeros may stand before them.
const MAX_DIGITS: usize = 17;

/// A telephone number, whole or not.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Number(String);

impl Number {
    /// Nothing is typed.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes one more digit; false where no number is so long.
    pub(super) fn push(&mut self, digit: u8) -> bool {
        // All the room at once: a text that grows leaves its beginning behind.
        self.0.reserve_exact(MAX_DIGITS.saturating_sub(self.0.len()));
        let digit = char::from_digit(u32::from(digit), 10).filter(|_| self.0.len() < MAX_DIGITS);
        self.0.extend(digit);
        digit.is_some()
    }

    /// Takes the last digit away; false where there is none.
    pub(super) fn pop(&mut self) -> bool {
        self.0.pop().is_some()
    }

    /// The number, where somebody can be called back on it.
    pub fn whole(&self, country: Country) -> Option<Phone> {
        Phone::parse(&self.0, country).filter(Phone::is_subscriber)
    }

    /// As people write it: in groups once it is whole, two by two before.
    pub fn shown(&self, country: Country) -> String {
        self.whole(country).map_or_else(|| self.pairs(), |phone| phone.national())
    }

    fn pairs(&self) -> String {
        let pairs: Vec<String> = self.0.as_bytes().chunks(2).map(|pair| String::from_utf8_lossy(pair).into_owned()).collect();
        pairs.join(" ")
    }
}

impl Drop for Number {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Number(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(digits: &str) -> Number {
        let mut number = Number::default();
        for digit in digits.bytes() {
            number.push(digit - b'0');
        }
        number
    }

    #[test]
    fn a_number_is_shown_as_people_write_it() {
        for (digits, shown) in [("", ""), ("0", "0"), ("0470", "04 70"), ("0470123456", "0470 12 34 56"), ("025550102", "02 555 01 02")] {
            assert_eq!(typed(digits).shown(Country::Be), shown);
        }
        assert_eq!(format!("{:?}", typed("0470123456")), "Number(redacted)");
    }

    #[test]
    fn only_whole_numbers_of_subscribers_are_called() {
        for (digits, is_whole) in [("0470123456", true), ("047012345", false), ("112", false), ("090312345", false), ("0033612345678", true)] {
            assert_eq!(typed(digits).whole(Country::Be).is_some(), is_whole, "{digits}");
        }
        let mut long = typed(&"1".repeat(40));
        assert_eq!(long, typed(&"1".repeat(MAX_DIGITS)));
        assert!((0..MAX_DIGITS).all(|_| long.pop()) && !long.pop());
    }
}
