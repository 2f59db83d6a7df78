//! When something is open and when an event takes place, in local wall time.
//!
//! Opening hours follow OpenStreetMap's `opening_hours` syntax. Belgian and French public holidays
//! are known, and so are school holidays where a postal code says whose count, for as long as they are
//! decided (`config/holidays`): else an expression that names them (`SH`) is never called open. Recurrence
//! follows RFC 5545.

mod hours_cache;
mod nearer;
mod school;
pub(crate) mod zone;

use std::borrow::Cow;
use std::str::FromStr as _;
use std::sync::Arc;

use chrono::{DateTime, Datelike, Days, Duration, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;
use opening_hours::localization::Country as HolidayCountry;
use opening_hours::{Context, OpeningHours};

use self::hours_cache::CachedHours;
use self::school::SchoolHolidays;
use crate::day_part::DayPart;
use crate::phone::Country;
use crate::record::{Brief, Content, When, WhenStatus};

pub use zone::SchoolZone;

/// How far ahead the next opening is looked for.
const HORIZON_DAYS: u64 = 35;

/// At most this many occurrences are computed at once.
pub const MOST_OCCURRENCES: u16 = 500;

/// Whether a place receives people at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpenState {
    /// Open; until when, if it closes within five weeks.
    Open(Option<NaiveDateTime>),
    /// Closed; when it opens next, if within five weeks.
    Closed(Option<NaiveDateTime>),
    /// No certain hours are known.
    Unknown,
}

/// Start and end, in local time.
pub type Interval = (NaiveDateTime, NaiveDateTime);

/// Why opening hours cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HoursError {
    /// Not OSM syntax.
    #[error("not in opening_hours syntax (like \"Mo-Fr 09:00-12:00\"): {0}")]
    Syntax(String),
}

/// Parsed opening hours.
#[derive(Debug, Clone)]
pub struct Timetable {
    hours: OpeningHours,
    told: Told,
}

/// The days of which it can be told when it is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    All,
    /// School holidays decide: those about which they are known, from the first to the last.
    Within(NaiveDate, NaiveDate),
    /// School holidays decide, and nobody knows whose, or which days are meant.
    Never,
}

impl Told {
    fn has(self, day: NaiveDate) -> bool {
        match self {
            Self::All => true,
            Self::Within(first, last) => first <= day && day <= last,
            Self::Never => false,
        }
    }
}

impl Timetable {
    /// Parses an `opening_hours` expression with the public holidays of that country. Nothing is told of one that names
    /// school holidays.
    pub fn parse(osm: &str, country: Country) -> Result<Self, HoursError> {
        Self::parse_in(osm, country, None)
    }

    /// Parses it with the school holidays of that zone, too, where there is one.
    pub fn parse_in(osm: &str, country: Country, zone: Option<SchoolZone>) -> Result<Self, HoursError> {
        let read = |osm: &str| OpeningHours::from_str(osm).map_err(|error| HoursError::Syntax(error.to_string()));
        let hours = read(osm)?;
        let public = match country {
            Country::Be => HolidayCountry::BE,
            Country::Fr => HolidayCountry::FR,
        }
        .holidays();
        let with = |hours: OpeningHours, holidays| hours.with_context(Context::default().with_holidays(holidays));
        if !school::are_named(osm) {
            return Ok(Self { hours: with(hours, public), told: Told::All });
        }
        let known = zone.and_then(SchoolHolidays::of);
        let Some((known, written)) = known.and_then(|known| Some((known, read(&known.write_into(osm)?).ok()?))) else {
            return Ok(Self { hours: with(hours, public), told: Told::Never });
        };
        let (first, last) = known.known;
        Ok(Self { hours: with(written, known.beside(&public)), told: Told::Within(first, last) })
    }

    /// Whether it is open at that local time.
    pub fn state(&self, at: NaiveDateTime) -> OpenState {
        if !self.told.has(at.date()) || self.hours.is_unknown(at) {
            return OpenState::Unknown;
        }
        let change = self.hours.next_change(at).filter(|change| *change <= at + Days::new(HORIZON_DAYS) && self.told.has(change.date()));
        if self.hours.is_open(at) {
            return OpenState::Open(change);
        }
        OpenState::Closed(change.filter(|change| self.hours.is_open(*change)))
    }

    /// The open intervals that begin on a day, as local times; one through the night ends on the
    /// next day. A day that is open throughout is one interval from midnight to midnight. `None` where school holidays decide
    /// that are not known.
    pub fn day(&self, day: NaiveDate) -> Option<Vec<Interval>> {
        if !self.told.has(day) {
            return None;
        }
        let (from, to) = (day.and_time(NaiveTime::MIN), day.checked_add_days(Days::new(1))?.and_time(NaiveTime::MIN));
        let night_before = from - Duration::minutes(1);
        // What began the evening before belongs to that evening; what begins today is followed to
        // its end, through the night if need be.
        let open = self
            .hours
            .iter_range(night_before, to + Duration::hours(12))
            .filter(|range| range.kind.as_str() == "open" && range.range.start >= from && range.range.start < to)
            .map(|range| (range.range.start, range.range.end));
        let always =
            self.hours.iter_range(night_before, to).any(|range| range.kind.as_str() == "open" && range.range.start <= night_before && range.range.end >= to);
        Some(if always { vec![(from, to)] } else { open.collect() })
    }
}

/// When a place receives people: opening hours, and the closures that go before them.
#[derive(Debug, Clone)]
pub struct Times<'a> {
    /// Opening hours in OSM syntax.
    pub osm: Option<&'a str>,
    /// Whose public holidays count.
    pub country: Country,
    /// Where it is: whose school holidays count.
    pub postal_code: Option<&'a str>,
    /// First and last day of temporary closures, each open where it is not known.
    pub closures: Cow<'a, [(Option<NaiveDate>, Option<NaiveDate>)]>,
}

impl Brief {
    /// When it receives people.
    pub fn times(&self) -> Times<'_> {
        Times { osm: self.hours.as_deref(), country: self.site.country, postal_code: self.site.postal_code.as_deref(), closures: Cow::Borrowed(&self.closures) }
    }
}

impl Content {
    /// When its place receives people.
    pub fn times(&self) -> Times<'_> {
        let closures = self.closures.iter().map(|closure| (closure.from, closure.to)).collect();
        Times { osm: self.hours.osm.as_deref(), country: self.address.country, postal_code: self.address.postal_code.as_deref(), closures }
    }
}

impl Times<'_> {
    /// Whether people are received at that local time.
    pub fn open_state(&self, at: NaiveDateTime) -> OpenState {
        if self.is_closed_for_now(at.date()) {
            return OpenState::Closed(None);
        }
        match self.hours().map_or(OpenState::Unknown, |hours| hours.state(at)) {
            OpenState::Closed(Some(next)) if self.is_closed_for_now(next.date()) => OpenState::Closed(None),
            state => state,
        }
    }

    /// The hours, where they are certain.
    fn hours(&self) -> Option<Arc<CachedHours>> {
        let hours = CachedHours::of(self.osm?, self.country, self.postal_code);
        hours.is_known().then_some(hours)
    }

    /// True on the days of a temporary closure.
    pub fn is_closed_for_now(&self, day: NaiveDate) -> bool {
        self.closures.iter().any(|(from, to)| from.is_none_or(|from| from <= day) && to.is_none_or(|to| day <= to))
    }

    /// The week that repeats from that day on, when one does: each weekday opens alike on at least three
    /// of its next four dates (the fourth may be a holiday). `None` for monthly or seasonal hours and
    /// where school holidays decide that are not known.
    pub fn weekly(&self, from: NaiveDate) -> Option<Week> {
        let timetable = self.hours()?;
        let mut week = Week::default();
        for ahead in 0..7 {
            let first = from.checked_add_days(Days::new(ahead))?;
            let mut seen: Vec<(usize, Vec<(NaiveTime, NaiveTime)>)> = Vec::new();
            for later in 0..4 {
                let intervals = timetable.day(first.checked_add_days(Days::new(7 * later))?)?;
                let times: Vec<_> = intervals.into_iter().map(|(start, end)| (start.time(), end.time())).collect();
                match seen.iter_mut().find(|(_, known)| *known == times) {
                    Some((count, _)) => *count += 1,
                    None => seen.push((1, times)),
                }
            }
            let (count, times) = seen.into_iter().max_by_key(|(count, _)| *count)?;
            if count < 3 {
                return None;
            }
            *week.get_mut(first.weekday().num_days_from_monday() as usize)? = times;
        }
        Some(week)
    }

    /// The next openings from that local time on, at most `most`, within the horizon.
    pub fn next_openings(&self, from: NaiveDateTime, most: usize) -> Vec<Interval> {
        let Some(timetable) = self.hours() else { return Vec::new() };
        (0..=HORIZON_DAYS)
            .filter_map(|ahead| from.date().checked_add_days(Days::new(ahead)))
            .filter(|day| !self.is_closed_for_now(*day))
            .filter_map(|day| timetable.day(day))
            .flatten()
            .filter(|(_, end)| *end > from)
            .take(most)
            .collect()
    }

    /// The first opening within those days, at that part of them, that is not over at `now`.
    pub fn opening_within(&self, days: crate::query::Days, part: Option<DayPart>, now: NaiveDateTime) -> Opening {
        self.first_opening(days, part, now).unwrap_or(Opening::Unknown)
    }

    fn first_opening(&self, days: crate::query::Days, part: Option<DayPart>, now: NaiveDateTime) -> Option<Opening> {
        let timetable = self.hours()?;
        for day in days.from.iter_days().take_while(|day| *day <= days.to).take(31).filter(|day| !self.is_closed_for_now(*day)) {
            let is_then = |start: NaiveDateTime, end: NaiveDateTime| part.map_or(end > day.and_time(NaiveTime::MIN), |part| part.meets(day, start, end));
            if let Some((start, end)) = timetable.day(day)?.into_iter().find(|(start, end)| *end > now && is_then(*start, *end)) {
                return Some(Opening::Within(start, end));
            }
        }
        Some(Opening::Never)
    }
}

/// The same opening hours every week: for each weekday from Monday, its local intervals.
pub type Week = [Vec<(NaiveTime, NaiveTime)>; 7];

/// Neighbouring weekdays with the same hours, said together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// The first weekday, counted from Monday.
    pub first: usize,
    /// The last one.
    pub last: usize,
    /// The hours of each of them.
    pub intervals: Vec<(NaiveTime, NaiveTime)>,
}

/// A week as people say it: "Monday to Friday", "Saturday"; closed days are left out.
pub fn runs(week: &Week) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for (day, intervals) in week.iter().enumerate().filter(|(_, intervals)| !intervals.is_empty()) {
        match runs.last_mut() {
            Some(run) if run.last + 1 == day && run.intervals == *intervals => run.last = day,
            _ => runs.push(Run { first: day, last: day, intervals: intervals.clone() }),
        }
    }
    runs
}

/// An opening on the days asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opening {
    /// When it begins, or for one that has begun, when that was; and when it ends.
    Within(NaiveDateTime, NaiveDateTime),
    /// It stays closed.
    Never,
    /// The hours are not known.
    Unknown,
}

/// One time an event takes place, in its own local time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Occurrence {
    /// Start; midnight for whole days.
    pub start: NaiveDateTime,
    /// End; for whole days midnight of the last day, inclusive. Equal to the start when unknown.
    pub end: NaiveDateTime,
    /// The start as an instant.
    pub instant: DateTime<Utc>,
}

impl Occurrence {
    /// The instant at which it is over: the end, the midnight after the last whole day, or two
    /// hours after the start where no end is known.
    pub fn over(&self, when: &When) -> NaiveDateTime {
        if when.all_day {
            return self.end.date().checked_add_days(Days::new(1)).map_or(self.end, |next| next.and_time(NaiveTime::MIN));
        }
        if when.end.is_none() { self.start + Duration::hours(2) } else { self.end }
    }
}

/// Why an event's times cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WhenError {
    /// No IANA zone of that name.
    #[error("unknown time zone {0:?}: give an IANA name such as Europe/Brussels")]
    Zone(String),
    /// Not an RFC 5545 rule, or one that repeats more often than daily.
    #[error("recurrence rule not understood: {0}")]
    Rule(String),
}

/// The occurrences of an event that are not over before the day `from` and start before the day
/// after `to`, earliest first, at most [`MOST_OCCURRENCES`]. Cancelled and postponed events have
/// none.
pub fn occurrences(when: &When, from: NaiveDate, to: NaiveDate) -> Result<Vec<Occurrence>, WhenError> {
    if matches!(when.status, WhenStatus::Cancelled | WhenStatus::Postponed) {
        return Ok(Vec::new());
    }
    let zone: Tz = when.zone.parse().map_err(|_unnamed| WhenError::Zone(when.zone.clone()))?;
    let length = when.end.map_or(Duration::zero(), |end| end - when.start).max(Duration::zero());
    let starts = if when.rrule.is_none() && when.rdate.is_empty() { vec![when.start] } else { hours_cache::recurring(when, zone, from, to, length)?.to_vec() };
    let mut found: Vec<Occurrence> = starts
        .into_iter()
        .filter(|start| !when.exdate.contains(start))
        .map(|start| Occurrence { start, end: start + length, instant: instant(zone, start) })
        .filter(|occurrence| occurrence.start.date() <= to && (occurrence.end.date() >= from))
        .collect();
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// The first occurrence of an event within days that is not over at that local time. One that will not take
/// place is found where it would have been: to be told as off.
pub fn occurrence_within(when: &When, days: crate::query::Days, part: Option<DayPart>, now: NaiveDateTime) -> Option<Occurrence> {
    let is_then = |occurrence: &Occurrence| when.all_day || part.is_none_or(|part| part.has_start(occurrence.start));
    let planned = When { status: WhenStatus::Scheduled, ..when.clone() };
    let mut found = occurrences(&planned, days.from, days.to).ok()?.into_iter();
    found.find(|occurrence| occurrence.over(when) > now && is_then(occurrence))
}

/// How far ahead the next date of an event is looked for, in days.
const NEXT_WITHIN: u64 = 366;

/// The first occurrence that is not over at that local time, within a year.
pub fn next(when: &When, now: NaiveDateTime) -> Option<Occurrence> {
    occurrences(when, now.date(), now.date() + Days::new(NEXT_WITHIN)).ok()?.into_iter().find(|occurrence| occurrence.over(when) > now)
}

/// Checks that the event's zone and rule can be computed.
pub fn check(when: &When) -> Result<(), WhenError> {
    let day = when.start.date();
    occurrences(&When { status: WhenStatus::Scheduled, ..when.clone() }, day, day).map(|_| ())
}

fn recurring(when: &When, zone: Tz, from: NaiveDate, to: NaiveDate, length: Duration) -> Result<Vec<NaiveDateTime>, WhenError> {
    let rule_zone = rrule::Tz::Tz(zone);
    let at = |local: NaiveDateTime| instant(zone, local).with_timezone(&rule_zone);
    let first = from.and_time(NaiveTime::MIN) - length - Duration::days(1);
    let text = when.rrule.as_deref().map(|text| nearer::nearer(text, when.start, first));
    let (start, text) = match text {
        None => (when.start, None),
        Some(Some((start, text))) => (start, Some(text)),
        // It ended long ago, as far as anybody can tell without counting all of it.
        Some(None) => return Ok(extra_dates(when, first)),
    };
    let mut set = rrule::RRuleSet::new(at(start));
    if let Some(text) = text {
        if ["SECONDLY", "MINUTELY", "HOURLY"].iter().any(|often| text.to_ascii_uppercase().contains(often)) {
            return Err(WhenError::Rule(format!("{text} repeats more often than daily")));
        }
        let rule: rrule::RRule<rrule::Unvalidated> = text.parse().map_err(|error: rrule::RRuleError| WhenError::Rule(error.to_string()))?;
        let rule = rule.validate(at(start)).map_err(|error| WhenError::Rule(error.to_string()))?;
        set = set.rrule(rule);
    } else {
        set = set.rdate(at(start));
    }
    for date in &when.rdate {
        set = set.rdate(at(*date));
    }
    let last = to.and_time(NaiveTime::MIN) + Duration::days(2);
    let result = set.after(at(first)).before(at(last)).all(MOST_OCCURRENCES);
    Ok(result.dates.into_iter().map(|date| date.with_timezone(&zone).naive_local()).collect())
}

/// The dates that an event has beside its rule, from that moment on.
fn extra_dates(when: &When, first: NaiveDateTime) -> Vec<NaiveDateTime> {
    when.rdate.iter().copied().filter(|date| *date >= first).take(usize::from(MOST_OCCURRENCES)).collect()
}

/// The instant of a local time: the earlier one when the clock goes back, one hour later when the
/// time falls into the gap of spring.
pub fn instant(zone: Tz, local: NaiveDateTime) -> DateTime<Utc> {
    match zone.from_local_datetime(&local).earliest() {
        Some(moment) => moment.with_timezone(&Utc),
        None => zone.from_local_datetime(&(local + Duration::hours(1))).earliest().map_or_else(|| local.and_utc(), |moment| moment.with_timezone(&Utc)),
    }
}

#[cfg(test)]
mod tests;
