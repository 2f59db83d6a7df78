//! School holidays in opening hours: which days they are in a zone, and how an expression names them.
//!
//! `SH off` and `SH 10:00-12:00` are left to `opening_hours`. It reads `SH Mo-We` as "in the holidays, and on these
//! weekdays", where both must be true: there the holidays' dates are written in the place of their name.

use std::sync::{Arc, LazyLock};

use chrono::{Datelike as _, NaiveDate};
use compact_calendar::CompactCalendar;
use opening_hours::ContextHolidays;

use super::zone::{SchoolCalendar, SchoolZone};

/// The calendars that were made into the program when it was built.
pub(super) const SHIPPED: &str = include_str!(concat!(env!("OUT_DIR"), "/holidays.json"));

static KNOWN: LazyLock<Vec<SchoolHolidays>> = LazyLock::new(|| {
    let calendars: Vec<SchoolCalendar> = serde_json::from_str(SHIPPED).unwrap_or_default();
    calendars.iter().map(SchoolHolidays::from).collect()
});

/// The school holidays of a zone, made once for all expressions.
#[derive(Debug)]
pub(super) struct SchoolHolidays {
    zone: SchoolZone,
    /// The first and the last day about which it is known whether schools are closed.
    pub(super) known: (NaiveDate, NaiveDate),
    days: Arc<CompactCalendar>,
    /// The same days as an expression writes them: `2026 Oct 19-2026 Nov 01,2026 Dec 21-2027 Jan 03`.
    dates: String,
}

impl From<&SchoolCalendar> for SchoolHolidays {
    fn from(calendar: &SchoolCalendar) -> Self {
        let mut days = CompactCalendar::default();
        for (first, last) in &calendar.spans {
            for day in first.iter_days().take_while(|day| day <= last) {
                days.insert(day);
            }
        }
        let written = |day: &NaiveDate| format!("{} {} {:02}", day.year(), day.format("%b"), day.day());
        let dates: Vec<String> = calendar.spans.iter().map(|(first, last)| format!("{}-{}", written(first), written(last))).collect();
        Self { zone: calendar.zone, known: (calendar.from, calendar.until), days: Arc::new(days), dates: dates.join(",") }
    }
}

impl SchoolHolidays {
    /// Those of a zone.
    pub(super) fn of(zone: SchoolZone) -> Option<&'static Self> {
        KNOWN.iter().find(|known| known.zone == zone)
    }

    /// Those public holidays with these school holidays.
    pub(super) fn beside(&self, public: &ContextHolidays) -> ContextHolidays {
        ContextHolidays::new(Arc::new(public.get_public().clone()), Arc::clone(&self.days))
    }

    /// The expression with dates where weekdays restrict the holidays. `None` where it cannot be said for sure which days
    /// are meant (`PH,SH Mo-Fr`, `Mo-We SH`, `PH, SH`).
    pub(super) fn write_into(&self, osm: &str) -> Option<String> {
        let tokens = tokens(osm);
        let mut written = String::with_capacity(osm.len());
        let mut before: Vec<&str> = Vec::with_capacity(tokens.len());
        let mut rest = tokens.iter().copied().peekable();
        while let Some(token) = rest.next() {
            if !is_holiday(token) {
                written.push_str(token);
                before.push(token);
                continue;
            }
            let mut list = vec![token];
            let mut ahead = rest.clone();
            while let (Some(","), Some(next)) = (ahead.next(), ahead.next())
                && is_holiday(next)
            {
                list.extend([",", next]);
                rest = ahead.clone();
            }
            let mut after = rest.clone();
            let after = (after.next(), after.next());
            match (list.contains(&SCHOOL), Place::after(&before), after) {
                (true, Place::Unclear, _) => return None,
                (true, _, (Some(","), Some(next))) if is_space(next) => return None,
                (true, place, (Some(space), Some(day))) if is_space(space) && is_weekday(day) => {
                    if place != Place::Start || list.len() > 1 {
                        return None;
                    }
                    written.push_str(&self.dates);
                }
                _ => written.extend(list.iter().copied()),
            }
            before.extend(list);
        }
        Some(written)
    }
}

/// True where an expression names school holidays, but in a comment.
pub(super) fn are_named(osm: &str) -> bool {
    osm.contains(SCHOOL) && tokens(osm).contains(&SCHOOL)
}

const SCHOOL: &str = "SH";

fn is_holiday(token: &str) -> bool {
    token == SCHOOL || token == "PH"
}

fn is_weekday(token: &str) -> bool {
    ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"].contains(&token)
}

fn is_space(token: &str) -> bool {
    token.starts_with(char::is_whitespace)
}

/// Where in a rule a holiday stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Before all else.
    Start,
    /// After a comma, which adds it, or after months, which restrict it.
    Within,
    /// After weekdays, or after a comma of which it is not clear whether a rule ends there.
    Unclear,
}

impl Place {
    fn after(tokens: &[&str]) -> Self {
        let mut back = tokens.iter().rev().copied().peekable();
        let is_apart = back.next_if(|token| is_space(token)).is_some();
        match back.next() {
            None | Some(";" | "|") => Self::Start,
            Some(",") if is_apart => match back.next() {
                Some("off" | "closed" | "open" | "unknown") => Self::Start,
                Some(end) if end.starts_with(|letter: char| letter.is_ascii_digit() || letter == '"') => Self::Start,
                _ => Self::Unclear,
            },
            Some(before) if is_apart && (is_weekday(before) || before == "]") => Self::Unclear,
            Some(_) => Self::Within,
        }
    }
}

/// Comments, words, spaces and single other letters, in their order.
fn tokens(osm: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = osm;
    while let Some(first) = rest.chars().next() {
        let end = match first {
            '"' => rest.char_indices().skip(1).find(|(_, letter)| *letter == '"').map(|(place, _)| place + 1),
            word if word.is_ascii_alphabetic() => rest.find(|letter: char| !letter.is_ascii_alphabetic()),
            space if space.is_whitespace() => rest.find(|letter: char| !letter.is_whitespace()),
            other => Some(other.len_utf8()),
        };
        let (token, after) = rest.split_at_checked(end.unwrap_or(rest.len())).unwrap_or((rest, ""));
        found.push(token);
        rest = after;
    }
    found
}
