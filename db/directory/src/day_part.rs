//! Parts of a day: morning, noon, afternoon, evening.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike};
use serde::{Deserialize, Serialize};

/// A part of a day, as people say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DayPart {
    /// Until noon.
    Morning,
    /// Around lunch.
    Noon,
    /// Until the evening.
    Afternoon,
    /// The evening and the night.
    Evening,
}

impl DayPart {
    /// Every part, in the order of a day.
    pub const ALL: [Self; 4] = [Self::Morning, Self::Noon, Self::Afternoon, Self::Evening];

    /// Its name in word lists and JSON.
    pub fn id(self) -> &'static str {
        match self {
            Self::Morning => "morning",
            Self::Noon => "noon",
            Self::Afternoon => "afternoon",
            Self::Evening => "evening",
        }
    }

    /// From when to when it is, in minutes of the day. What closes at 13:00 is not open in the afternoon, and what
    /// closes at 18:00 not in the evening.
    fn minutes(self) -> (i64, i64) {
        match self {
            Self::Morning => (8 * 60 + 30, 12 * 60),
            Self::Noon => (11 * 60 + 45, 13 * 60 + 45),
            Self::Afternoon => (13 * 60 + 15, 18 * 60),
            Self::Evening => (18 * 60 + 30, 24 * 60),
        }
    }

    /// True where what is open from then to then is open at that part of a day.
    pub fn meets(self, day: NaiveDate, start: NaiveDateTime, end: NaiveDateTime) -> bool {
        let (from, to) = self.minutes();
        let at = |minutes| day.and_time(NaiveTime::MIN) + TimeDelta::minutes(minutes);
        start < at(to) && end > at(from)
    }

    /// True where what begins then begins at that part of a day; people are early.
    pub fn has_start(self, start: NaiveDateTime) -> bool {
        let (from, to) = self.minutes();
        let minute = i64::from(start.time().num_seconds_from_midnight() / 60);
        let early = if matches!(self, Self::Morning | Self::Evening) { EARLY } else { 0 };
        (from - early..to).contains(&minute)
    }
}

/// An evening begins so many minutes before shops close, a morning before they open.
const EARLY: i64 = 90;
