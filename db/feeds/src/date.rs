//! Dates and times as tables and JSON write them.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime};
use chrono_tz::Tz;

/// A day, or a local time of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moment {
    /// Without an hour.
    Day(NaiveDate),
    /// Local wall time in the feed's zone.
    Time(NaiveDateTime),
}

impl Moment {
    /// The day.
    pub(super) fn day(self) -> NaiveDate {
        match self {
            Self::Day(day) => day,
            Self::Time(time) => time.date(),
        }
    }

    /// The time, midnight for a day.
    pub(super) fn time(self) -> NaiveDateTime {
        match self {
            Self::Day(day) => day.and_time(NaiveTime::MIN),
            Self::Time(time) => time,
        }
    }
}

const DAYS: &[&str] = &["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y%m%d"];
const TIMES: &[&str] =
    &["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M"];

/// Reads a date or time: the given `strftime` formats first, then ISO 8601 (an offset is turned
/// into wall time of `zone`), then day/month/year. `None` outside the years 1900 to 2200, where a
/// date is a slip of the keyboard and a rule would be computed for ever.
pub(super) fn read(text: &str, formats: &[String], zone: Tz) -> Option<Moment> {
    let text = text.trim();
    let given = formats.iter().map(String::as_str);
    let moment = DateTime::parse_from_rfc3339(text)
        .ok()
        .map(|moment| Moment::Time(moment.with_timezone(&zone).naive_local()))
        .or_else(|| given.clone().chain(TIMES.iter().copied()).find_map(|format| NaiveDateTime::parse_from_str(text, format).ok()).map(Moment::Time))
        .or_else(|| given.chain(DAYS.iter().copied()).find_map(|format| NaiveDate::parse_from_str(text, format).ok()).map(Moment::Day))?;
    is_plausible(moment.day()).then_some(moment)
}

/// True for the years 1900 to 2200.
pub(super) fn is_plausible(day: NaiveDate) -> bool {
    (1900..=2200).contains(&day.year())
}
