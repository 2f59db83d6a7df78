//! Reads `config/holidays/school.toml`, and refuses dates that cannot be right, with their line.

use chrono::NaiveDate;
use serde::Deserialize;
use toml::Spanned;

use super::Made;
use crate::schedule::zone::{SchoolCalendar, SchoolZone};

/// `config/holidays/school.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    calendar: Vec<Spanned<Calendar>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Calendar {
    zone: SchoolZone,
    from: NaiveDate,
    until: NaiveDate,
    authority: String,
    spans: Vec<Spanned<Holidays>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Holidays {
    first: NaiveDate,
    last: NaiveDate,
    name: String,
    source: Source,
    verified_on: Option<NaiveDate>,
    #[serde(default = "yes")]
    verified: bool,
}

/// What attests some holidays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Source {
    Several,
    One,
    Rule,
    Derived,
}

fn yes() -> bool {
    true
}

/// The longest holidays, in days: two months of summer.
const LONGEST: i64 = 70;

/// The calendars of the file, each zone once, in the list's order; without what nobody verified.
pub(crate) fn read(file: &str) -> Made<Vec<SchoolCalendar>> {
    let File { calendar: calendars } = toml::from_str(file).map_err(|error| format!("config/holidays/school.toml: {error}"))?;
    let wrong = |place: usize, problem: &str| {
        let line = 1 + file.bytes().take(place).filter(|byte| *byte == b'\n').count();
        format!("config/holidays/school.toml, line {line}: {problem}")
    };
    for calendar in &calendars {
        let Calendar { zone, from, until, authority, spans } = calendar.get_ref();
        if from > until || authority.trim().is_empty() {
            return Err(wrong(calendar.span().start, &format!("{}: `from`, `until` or `authority` is not right", zone.id())).into());
        }
        let mut before: Option<NaiveDate> = None;
        for span in spans {
            if let Some(problem) = problem(span.get_ref(), (*from, *until), before) {
                return Err(wrong(span.span().start, problem).into());
            }
            before = Some(span.get_ref().last);
        }
    }
    let of_zone = |zone: &SchoolZone| {
        let mut its = calendars.iter().filter(|calendar| calendar.get_ref().zone == *zone);
        match (its.next(), its.next()) {
            (Some(calendar), None) => Ok(verified(calendar.get_ref())),
            (None, _) => Err(format!("config/holidays/school.toml: {} is missing", zone.id()).into()),
            (_, Some(second)) => Err(wrong(second.span().start, &format!("{} stands there twice", zone.id())).into()),
        }
    };
    SchoolZone::ALL.iter().map(of_zone).collect()
}

/// What is wrong with some holidays in a calendar that is known from one day to another, if anything is.
fn problem(holidays: &Holidays, (from, until): (NaiveDate, NaiveDate), before: Option<NaiveDate>) -> Option<&'static str> {
    let Holidays { first, last, name, source, verified_on, verified } = holidays;
    let is_checked = *verified && *source != Source::Derived;
    if name.trim().is_empty() {
        Some("they have no name")
    } else if last < first || (*last - *first).num_days() > LONGEST {
        Some("they end before they begin, or last too long")
    } else if before.is_some_and(|before| *first <= before) {
        Some("they begin before those of the line above end")
    } else if is_checked != verified_on.is_some() {
        Some("either `verified_on` says when they were compared, or `verified = false` that they were not; what is derived was not")
    } else if is_checked && (*first < from || *last > until) {
        Some("they are verified, but not between `from` and `until`")
    } else if !is_checked && *first <= until {
        Some("they are not verified, but `until` says that they are known")
    } else {
        None
    }
}

/// What is told of a calendar.
fn verified(calendar: &Calendar) -> SchoolCalendar {
    let spans = calendar.spans.iter().map(Spanned::get_ref).filter(|holidays| holidays.verified_on.is_some());
    SchoolCalendar { zone: calendar.zone, from: calendar.from, until: calendar.until, spans: spans.map(|holidays| (holidays.first, holidays.last)).collect() }
}
