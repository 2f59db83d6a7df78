//! The number printed on a slip, by which its records can be heard, printed again or texted.
//!
//! Four digits and a check digit by Damm's scheme, which catches each single wrong digit and each swap of
//! neighbours. A ticket says nothing of what it stands for: that is in the database, for 60 days.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Damm's quasigroup of order 10, row by row.
const TABLE: [[u8; 10]; 10] = [
    [0, 3, 1, 7, 5, 9, 8, 6, 4, 2],
    [7, 0, 9, 2, 1, 5, 4, 8, 6, 3],
    [4, 2, 0, 6, 8, 7, 1, 3, 5, 9],
    [1, 7, 5, 0, 9, 8, 3, 4, 2, 6],
    [6, 1, 2, 3, 0, 4, 5, 9, 7, 8],
    [3, 6, 7, 4, 2, 0, 9, 5, 8, 1],
    [5, 8, 6, 9, 7, 2, 0, 1, 3, 4],
    [8, 9, 4, 5, 3, 6, 2, 0, 1, 7],
    [9, 4, 3, 8, 6, 1, 7, 2, 0, 5],
    [2, 5, 8, 1, 4, 3, 6, 7, 9, 0],
];

/// A ticket's number with a right check digit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub struct Ticket(u16);

impl Ticket {
    /// How many tickets there are.
    pub const COUNT: u16 = 10_000;

    /// The ticket with this number; `None` from [`Self::COUNT`] on.
    pub fn new(number: u16) -> Option<Self> {
        (number < Self::COUNT).then_some(Self(number))
    }

    /// Reads five digits, with blanks between them or not; `None` where the check digit is wrong.
    pub fn parse(text: &str) -> Option<Self> {
        let digits: String = text.chars().filter(|character| !character.is_whitespace()).collect();
        let ticket = Self::new(digits.get(..4)?.parse().ok()?)?;
        (ticket.to_string() == digits).then_some(ticket)
    }

    /// A few numbers out of 32 bytes of chance: nobody can tell from a slip how many were printed.
    pub fn by_chance(chance: &[u8; 32]) -> Vec<Self> {
        let (fours, _) = chance.as_chunks::<4>();
        let numbers = fours.iter().map(|four| u32::from_le_bytes(*four) % u32::from(Self::COUNT));
        numbers.filter_map(|number| Self::new(u16::try_from(number).ok()?)).collect()
    }

    /// The number without its check digit.
    pub fn number(self) -> u16 {
        self.0
    }

    /// The digits one by one, as they are read out: `7 4 2 1 3`.
    pub fn spaced(self) -> String {
        self.to_string().chars().map(String::from).collect::<Vec<_>>().join(" ")
    }
}

impl From<Ticket> for u16 {
    fn from(ticket: Ticket) -> Self {
        ticket.0
    }
}

impl TryFrom<u16> for Ticket {
    type Error = String;

    fn try_from(number: u16) -> Result<Self, String> {
        Self::new(number).ok_or_else(|| format!("there is no ticket {number}"))
    }
}

impl fmt::Display for Ticket {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = format!("{:04}", self.0);
        write!(formatter, "{digits}{}", check(digits.as_bytes()))
    }
}

fn check(digits: &[u8]) -> u8 {
    digits.iter().fold(0_u8, |interim, digit| {
        let row = TABLE.get(usize::from(interim));
        row.and_then(|row| row.get(usize::from(digit.wrapping_sub(b'0')))).copied().unwrap_or_default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_wrong_digit_or_a_swap_is_noticed() {
        for number in (0..Ticket::COUNT).step_by(7) {
            let ticket = Ticket::new(number).unwrap();
            let printed = ticket.to_string();
            assert_eq!(Ticket::parse(&ticket.spaced()), Some(ticket));
            for place in 0..5 {
                for digit in b'0'..=b'9' {
                    let mut wrong = printed.clone().into_bytes();
                    wrong[place] = digit;
                    let wrong = String::from_utf8(wrong).unwrap();
                    assert!(wrong == printed || Ticket::parse(&wrong).is_none(), "{wrong} passes for {printed}");
                }
                let mut swapped = printed.clone().into_bytes();
                swapped.swap(place, (place + 1).min(4));
                let swapped = String::from_utf8(swapped).unwrap();
                assert!(swapped == printed || Ticket::parse(&swapped).is_none(), "{swapped} passes for {printed}");
            }
        }
        assert_eq!(Ticket::parse("123"), None);
        assert_eq!(Ticket::parse("12é45"), None);
        assert_eq!(Ticket::new(Ticket::COUNT), None);
    }
}
