//! When a key for hashing senders begins, and which one is in force. Pure.
//!
//! A key begins with a UTC day, as the budgets of a day do: a change reopens no budget. Clocks may be wrong:
//! a key of a far day is left alone and counts for nothing until that day comes, so that a clock that was
//! ahead keeps no key from being changed, and one that is behind destroys none.

use std::fmt;

use chrono::{DateTime, Days, NaiveDate, Timelike, Utc};

/// A key is replaced when it has been in force for this many days.
const REPLACED_AFTER: i64 = 90;

/// From this hour on no key is made for the next day: every program must have read it before it begins, and
/// they read once an hour.
const LAST_HOUR: u32 = 22;

/// A key and its first day.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Epoch {
    pub(super) begins_on: NaiveDate,
    pub(super) key: [u8; 32],
}

impl fmt::Debug for Epoch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Epoch({})", self.begins_on)
    }
}

/// The keys there are: one at least.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Epochs {
    oldest: Epoch,
    later: Vec<Epoch>,
}

impl Epochs {
    /// One key for all days.
    pub(super) fn only(key: [u8; 32]) -> Self {
        Self { oldest: Epoch { begins_on: NaiveDate::MIN, key }, later: Vec::new() }
    }

    /// The oldest key first; `None` without any.
    pub(super) fn new(epochs: Vec<Epoch>) -> Option<Self> {
        let mut epochs = epochs.into_iter();
        Some(Self { oldest: epochs.next()?, later: epochs.collect() })
    }

    /// All of them, the oldest first.
    pub(super) fn all(&self) -> impl Iterator<Item = &Epoch> {
        std::iter::once(&self.oldest).chain(&self.later)
    }

    /// The key of that day. A clock that is behind all of them gets the oldest: the nearest there is.
    pub(super) fn in_force(&self, day: NaiveDate) -> &Epoch {
        self.later.iter().rev().find(|epoch| epoch.begins_on <= day).unwrap_or(&self.oldest)
    }
}

/// The day from which a new key is needed, if one is to be made now.
pub(super) fn due(begin: &[NaiveDate], now: DateTime<Utc>) -> Option<NaiveDate> {
    let today = now.date_naive();
    let tomorrow = today.checked_add_days(Days::new(1))?;
    // What begins later was made by a clock that was ahead.
    let newest = begin.iter().filter(|day| **day <= tomorrow).max();
    if !begin.iter().any(|day| *day <= today) {
        return Some(today);
    }
    let is_old = newest.is_some_and(|newest| tomorrow.signed_duration_since(*newest).num_days() >= REPLACED_AFTER);
    (is_old && now.hour() < LAST_HOUR).then_some(tomorrow)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn due_at(begin: &[&str], now: &str) -> Option<NaiveDate> {
        let begin: Vec<NaiveDate> = begin.iter().map(|text| day(text)).collect();
        due(&begin, now.parse().unwrap())
    }

    #[test]
    fn the_first_key_begins_today_and_the_next_after_90_days() {
        assert_eq!(due_at(&[], "2026-11-23T23:59:00Z"), Some(day("2026-11-23")));
        assert_eq!(due_at(&["2026-11-23"], "2026-11-23T09:00:00Z"), None);
        assert_eq!(due_at(&["2026-11-23"], "2027-02-19T21:00:00Z"), None);
        assert_eq!(due_at(&["2026-11-23"], "2027-02-20T00:10:00Z"), Some(day("2027-02-21")));
        assert_eq!(day("2027-02-21").signed_duration_since(day("2026-11-23")).num_days(), 90);
        // Made once only; and not so late that another program would not have read it.
        assert_eq!(due_at(&["2026-11-23", "2027-02-21"], "2027-02-20T01:10:00Z"), None);
        assert_eq!(due_at(&["2026-11-23"], "2027-02-20T22:00:00Z"), None);
        // A program that was off for a year begins with tomorrow.
        assert_eq!(due_at(&["2026-11-23"], "2027-11-23T09:00:00Z"), Some(day("2027-11-24")));
    }

    #[test]
    fn a_key_of_a_far_day_neither_counts_nor_is_in_the_way() {
        // The clock was a year ahead, and is right again.
        assert_eq!(due_at(&["2026-11-23", "2027-12-01"], "2026-11-25T09:00:00Z"), None);
        assert_eq!(due_at(&["2026-11-23", "2027-12-01"], "2027-02-20T09:00:00Z"), Some(day("2027-02-21")));
        assert_eq!(due_at(&["2027-12-01"], "2026-11-25T09:00:00Z"), Some(day("2026-11-25")));
        // The clock is behind: a key of its own, and none destroyed.
        assert_eq!(due_at(&["2026-11-23"], "2020-01-01T00:00:00Z"), Some(day("2020-01-01")));
        assert_eq!(due(&[], DateTime::<Utc>::MAX_UTC), None);
        assert_eq!(due(&[], DateTime::<Utc>::MIN_UTC), Some(DateTime::<Utc>::MIN_UTC.date_naive()));
    }

    #[test]
    fn the_key_in_force_is_the_latest_that_has_begun() {
        let epoch = |begins_on: &str, byte: u8| Epoch { begins_on: day(begins_on), key: [byte; 32] };
        let epochs = Epochs::new(vec![epoch("2026-08-25", 1), epoch("2026-11-23", 2), epoch("2027-12-01", 3)]).unwrap();
        for (today, key) in [("2026-11-22", 1), ("2026-11-23", 2), ("2027-11-30", 2), ("2027-12-01", 3), ("2020-01-01", 1)] {
            assert_eq!(epochs.in_force(day(today)).key, [key; 32], "{today}");
        }
        assert_eq!(format!("{:?}", epochs.in_force(day("2026-11-23"))), "Epoch(2026-11-23)");
        assert_eq!(Epochs::new(Vec::new()), None);
    }
}
