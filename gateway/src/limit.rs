//! Who is answered, and out of which budgets. Pure.
//!
//! Answering costs money, and somebody may make us spend it on purpose (toll fraud). We answer only
//! those who wrote first, from countries on a list, and only so many segments: per number and hour,
//! per number and day, per range of numbers and day, per day.

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use db::budget::Budget;
use serde::{Deserialize, Serialize};

use crate::turn::Purse;

/// Budgets in segments, and the countries answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// For one number in one hour.
    pub sender_hour: i64,
    /// For one number in one day.
    pub sender_day: i64,
    /// For the numbers that share their first six digits, in one day.
    pub range_day: i64,
    /// For everybody, in one day.
    pub day: i64,
    /// Calls of one number in one hour.
    pub calls_hour: i64,
    /// Calls of one number in one day; those with a hidden number count as one.
    pub calls_day: i64,
    /// Calls of everybody in one day.
    pub all_calls_day: i64,
    /// How long a call may last, in minutes.
    pub call_minutes: u32,
    /// How often a missed call is called back in one hour.
    pub missed_hour: i64,
    /// Messages of one chat in one hour.
    pub chats_hour: i64,
    /// Messages of one chat in one day.
    pub chats_day: i64,
    /// Prefixes of the countries that are answered.
    pub countries: Vec<String>,
}

impl Default for Limits {
    fn default() -> Self {
        let countries = ["+32", "+33", "+352", "+31", "+49"].map(ToOwned::to_owned).to_vec();
        Self {
            sender_hour: 12,
            sender_day: 40,
            range_day: 400,
            day: 2_000,
            calls_hour: 6,
            calls_day: 20,
            all_calls_day: 500,
            call_minutes: 20,
            missed_hour: 3,
            chats_hour: 120,
            chats_day: 400,
            countries,
        }
    }
}

/// Digits of a number that name its range: country code and the first digits behind it.
const RANGE_DIGITS: usize = 7;

/// Numbers with fewer digits are services and machines, not people.
const FEWEST_DIGITS: usize = 8;

impl Limits {
    /// True for a person's number in a country that is answered. Names and short numbers are machines:
    /// answering them starts loops.
    pub fn answers(&self, sender: &str) -> bool {
        let digits = sender.strip_prefix('+').unwrap_or_default();
        digits.len() >= FEWEST_DIGITS
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && self.countries.iter().any(|country| sender.starts_with(country.as_str()))
    }

    /// The budgets an answer to this number is paid from, the number's own hour first. `hash` turns a
    /// text into a key that says nothing of it.
    pub fn budgets(&self, purse: Purse, sender: &str, now: DateTime<Utc>, hash: impl Fn(&str) -> String) -> Vec<Budget> {
        let range: String = sender.chars().take(RANGE_DIGITS).collect();
        let (hour, day) = (TimeDelta::hours(1), TimeDelta::days(1));
        // Of calls and chat messages the last one of a budget is not kept for a notice: saying it costs nothing more.
        let windows = match purse {
            Purse::Texts => vec![
                ("sender hour", sender, hour, self.sender_hour),
                ("sender day", sender, day, self.sender_day),
                ("range day", range.as_str(), day, self.range_day),
                ("day", "", day, self.day),
            ],
            Purse::Calls => vec![
                ("calls hour", sender, hour, self.calls_hour + 1),
                ("calls day", sender, day, self.calls_day + 1),
                ("all calls", "", day, self.all_calls_day + 1),
            ],
            Purse::Missed => vec![("missed hour", sender, hour, self.missed_hour + 1), ("all calls", "", day, self.all_calls_day + 1)],
            Purse::Chats => vec![("chat hour", sender, hour, self.chats_hour + 1), ("chat day", sender, day, self.chats_day + 1)],
            Purse::Nothing => Vec::new(),
        };
        windows
            .into_iter()
            .map(|(name, whose, length, limit)| {
                let begun = now.duration_trunc(length).unwrap_or(now);
                Budget { key: hash(&format!("{name}|{whose}|{}", begun.timestamp())), limit, until: begun + length }
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_answered_and_machines_are_not() {
        let limits = Limits::default();
        for (sender, answered) in [
            ("+32470123456", true),
            ("+33639981234", true),
            ("INFO", false),
            ("8810", false),
            ("+32112", false),
            ("+447700900123", false),
            ("+882161234567", false),
            ("", false),
        ] {
            assert_eq!(limits.answers(sender), answered, "{sender}");
        }
    }

    #[test]
    fn windows_end_with_the_hour_and_the_day() {
        let now: DateTime<Utc> = "2026-11-23T10:59:59Z".parse().unwrap();
        let keys = |now| Limits::default().budgets(Purse::Texts, "+32470123456", now, str::to_owned).into_iter().map(|budget| budget.key).collect::<Vec<_>>();
        let (before, after) = (keys(now), keys(now + TimeDelta::seconds(1)));
        assert_ne!(before[0], after[0]);
        assert_eq!(before[1..], after[1..]);
        // A clock set back finds the window as it was left.
        assert_eq!(keys(now - TimeDelta::minutes(30)), before);
        assert_eq!(
            Limits::default().budgets(Purse::Texts, "+32470123456", now, str::to_owned)[0].until,
            "2026-11-23T11:00:00Z".parse::<DateTime<Utc>>().unwrap()
        );
    }
}
