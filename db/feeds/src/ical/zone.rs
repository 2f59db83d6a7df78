//! Time zones of a calendar, and times in them.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone, Utc};
use chrono_tz::{TZ_VARIANTS, Tz};
use directory::record::When;
use directory::schedule::instant;

use super::super::date::is_plausible;
use super::line::Property;

/// Names that Windows and Outlook give to zones (CLDR windowsZones, the European ones and a few more).
const WINDOWS: &[(&str, Tz)] = &[
    ("Romance Standard Time", Tz::Europe__Paris),
    ("W. Europe Standard Time", Tz::Europe__Berlin),
    ("Western Europe Standard Time", Tz::Europe__Berlin),
    ("Western/Central Europe", Tz::Europe__Berlin),
    ("Central Europe Standard Time", Tz::Europe__Budapest),
    ("Central European Standard Time", Tz::Europe__Warsaw),
    ("GMT Standard Time", Tz::Europe__London),
    ("Greenwich Standard Time", Tz::Atlantic__Reykjavik),
    ("E. Europe Standard Time", Tz::Europe__Chisinau),
    ("FLE Standard Time", Tz::Europe__Kyiv),
    ("GTB Standard Time", Tz::Europe__Bucharest),
    ("Turkey Standard Time", Tz::Europe__Istanbul),
    ("Russian Standard Time", Tz::Europe__Moscow),
    ("Morocco Standard Time", Tz::Africa__Casablanca),
    ("Eastern Standard Time", Tz::America__New_York),
    ("Central Standard Time", Tz::America__Chicago),
    ("Pacific Standard Time", Tz::America__Los_Angeles),
    ("Tokyo Standard Time", Tz::Asia__Tokyo),
];

/// A local time with its zone; a whole day has no zone of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stamp {
    /// Midnight for a day.
    pub(super) local: NaiveDateTime,
    pub(super) zone: Tz,
    pub(super) is_day: bool,
}

impl Stamp {
    /// The same instant as local time of another zone; a day stays that day.
    pub(super) fn in_zone(self, zone: Tz) -> NaiveDateTime {
        if self.is_day || self.zone == zone { self.local } else { instant(self.zone, self.local).with_timezone(&zone).naive_local() }
    }

    /// The local start of that event which this names: a day names the start on that day.
    pub(super) fn for_event(self, when: &When) -> NaiveDateTime {
        let zone = when.zone.parse().unwrap_or(self.zone);
        let local = self.in_zone(zone);
        match (when.all_day, self.is_day) {
            (true, _) => local.date().and_time(NaiveTime::MIN),
            (false, true) => local.date().and_time(when.start.time()),
            (false, false) => local,
        }
    }
}

/// A time as written, before its zone is known.
#[derive(Debug, Clone, Copy)]
enum Written {
    Day(NaiveDate),
    Local(NaiveDateTime),
    Utc(NaiveDateTime),
}

/// Why a time cannot be read.
#[derive(Debug)]
pub(super) struct Unreadable {
    /// `TZID` or the property's name.
    pub(super) field: String,
    pub(super) value: String,
    pub(super) reason: String,
}

/// A VTIMEZONE of the file.
#[derive(Debug, Default)]
struct Declared {
    id: String,
    location: Option<Tz>,
    /// Seconds east of UTC.
    offsets: Vec<i32>,
}

/// The zones a file speaks of.
#[derive(Debug)]
pub(super) struct Zones {
    feed: Tz,
    declared: Vec<Declared>,
}

impl Default for Zones {
    fn default() -> Self {
        Self::new(Tz::UTC)
    }
}

impl Zones {
    pub(super) fn new(feed: Tz) -> Self {
        Self { feed, declared: Vec::new() }
    }

    /// The zone of the whole calendar; false when the name means nothing.
    pub(super) fn set_feed_zone(&mut self, name: &str) -> bool {
        match named(name) {
            // Calendars in UTC say nothing about where people are.
            Some(zone) if is_utc(zone) => true,
            Some(zone) => {
                self.feed = zone;
                true
            }
            None => false,
        }
    }

    /// A VTIMEZONE begins.
    pub(super) fn begin(&mut self) {
        self.declared.push(Declared::default());
    }

    /// A property of the VTIMEZONE, or of a STANDARD or DAYLIGHT part of it.
    pub(super) fn describe(&mut self, name: &str, value: &str) {
        let Some(zone) = self.declared.last_mut() else { return };
        match name {
            "TZID" => value.clone_into(&mut zone.id),
            "X-LIC-LOCATION" => zone.location = named(value),
            "TZOFFSETTO" => zone.offsets.extend(offset_seconds(value)),
            _ => {}
        }
    }

    /// The zone of a `TZID`, and whether it had to be guessed from the file's own description.
    fn resolve(&self, id: &str) -> Option<(Tz, bool)> {
        if let Some(zone) = named(id) {
            return Some((zone, false));
        }
        let declared = self.declared.iter().find(|declared| declared.id == id)?;
        if let Some(zone) = declared.location {
            return Some((zone, false));
        }
        // Same offsets in winter and in summer: as good as the same zone.
        let agrees = [(2024, 1), (2024, 7)].into_iter().all(|(year, month)| {
            let noon = NaiveDate::from_ymd_opt(year, month, 15).unwrap_or_default().and_time(NaiveTime::MIN);
            declared.offsets.contains(&self.feed.offset_from_utc_datetime(&noon).fix().local_minus_utc())
        });
        agrees.then_some((self.feed, true))
    }

    /// Reads a property's time; the flag says that its zone was guessed.
    pub(super) fn read(&self, property: &Property) -> Result<(Stamp, bool), Unreadable> {
        self.read_value(property, &property.value)
    }

    /// Reads one value of a property that may hold several.
    pub(super) fn read_value(&self, property: &Property, value: &str) -> Result<(Stamp, bool), Unreadable> {
        let unreadable = |field: &str, value: &str, reason: &str| Unreadable { field: field.to_owned(), value: value.to_owned(), reason: reason.to_owned() };
        let written = written(value).ok_or_else(|| unreadable(&property.name, value, "not a date (20261205) or time (20261205T183000)"))?;
        let local = |local, zone, guessed| Ok((Stamp { local, zone, is_day: false }, guessed));
        match written {
            Written::Day(day) => Ok((Stamp { local: day.and_time(NaiveTime::MIN), zone: self.feed, is_day: true }, false)),
            Written::Utc(time) => local(DateTime::<Utc>::from_naive_utc_and_offset(time, Utc).with_timezone(&self.feed).naive_local(), self.feed, false),
            Written::Local(time) => match property.parameter("TZID") {
                None => local(time, self.feed, false),
                Some(id) => match self.resolve(id) {
                    Some((zone, _)) if is_utc(zone) => {
                        local(DateTime::<Utc>::from_naive_utc_and_offset(time, Utc).with_timezone(&self.feed).naive_local(), self.feed, false)
                    }
                    Some((zone, guessed)) => local(time, zone, guessed),
                    None => Err(unreadable("TZID", id, "unknown time zone: use an IANA name such as Europe/Brussels")),
                },
            },
        }
    }
}

fn is_utc(zone: Tz) -> bool {
    matches!(zone, Tz::UTC | Tz::Etc__UTC | Tz::Etc__GMT | Tz::GMT | Tz::Zulu | Tz::UCT)
}

/// `Europe/Brussels`, `/freeassociation.sourceforge.net/Europe/Brussels`, `posix/Europe/Vaduz`,
/// `Romance Standard Time`, `(UTC+01:00) Brussels, Copenhagen, Madrid, Paris`.
fn named(name: &str) -> Option<Tz> {
    let name = name.trim().trim_matches('"');
    let exact = |name: &str| TZ_VARIANTS.iter().find(|zone| zone.name().eq_ignore_ascii_case(name)).copied();
    if let Some(zone) = exact(name).or_else(|| WINDOWS.iter().find(|(windows, _)| windows.eq_ignore_ascii_case(name)).map(|(_, zone)| *zone)) {
        return Some(zone);
    }
    if name.contains("Brussels, Copenhagen") || name.contains("Brussels") && name.contains("Paris") {
        return Some(Tz::Europe__Brussels);
    }
    let mut rest = name;
    while let Some((_, after)) = rest.split_once('/') {
        // One segment alone ("EST") would be too short to be sure of.
        if after.contains('/')
            && let Some(zone) = exact(after)
        {
            return Some(zone);
        }
        rest = after;
    }
    None
}

fn offset_seconds(text: &str) -> Option<i32> {
    let text = text.trim();
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let digits = text.trim_start_matches(['+', '-']);
    let part = |from: usize| digits.get(from..from + 2).and_then(|two| two.parse::<i32>().ok());
    Some(sign * (part(0)? * 3600 + part(2)? * 60 + part(4).unwrap_or(0)))
}

fn written(value: &str) -> Option<Written> {
    let value = value.trim();
    let (value, is_utc) = value.strip_suffix(['Z', 'z']).map_or((value, false), |local| (local, true));
    let figures: String = value.chars().filter(|character| !matches!(character, '-' | ':')).collect();
    let (day, time) = figures.split_once(['T', 't', ' ']).unwrap_or((&figures, ""));
    if day.len() != 8 {
        return None;
    }
    let day = NaiveDate::parse_from_str(day, "%Y%m%d").ok().filter(|day| is_plausible(*day))?;
    if time.is_empty() {
        return (!is_utc).then_some(Written::Day(day));
    }
    // Seconds may be missing; a leap second is the second before it.
    let padded = if time.len() == 4 { format!("{time}00") } else { time.to_owned() };
    let padded = padded.strip_suffix("60").map_or(padded.clone(), |minutes| format!("{minutes}59"));
    let time = (padded.len() == 6).then(|| NaiveTime::parse_from_str(&padded, "%H%M%S").ok()).flatten()?;
    Some(if is_utc { Written::Utc(day.and_time(time)) } else { Written::Local(day.and_time(time)) })
}
