//! One VEVENT to one draft.

use chrono::{Duration, NaiveDateTime, NaiveTime};
use directory::draft::{Draft, Refused};
use directory::language::Localized;
use directory::record::{Address, Content, Cost, CostKind, Kind, When, WhenStatus};
use directory::words::fold;

use super::super::place::{Position, position, read_line, split_pair};
use super::super::{Notes, Settings, add_needs, contact, text, themes_of};
use super::line::Property;
use super::zone::{Stamp, Unreadable, Zones};
use super::{Event, recurrence};

/// An event that has no key yet.
#[derive(Debug)]
pub(super) struct Parsed {
    pub(super) draft: Draft,
    pub(super) line: usize,
    pub(super) uid: Option<String>,
    /// The start of the occurrence of its series that this event replaces.
    pub(super) instead_of: Option<Stamp>,
    /// It means to replace all later ones as well.
    pub(super) is_series_change: bool,
}

impl Event {
    fn get(&self, name: &str) -> Option<&Property> {
        self.properties.iter().find(|property| property.name == name)
    }

    fn text(&self, name: &str) -> Option<String> {
        self.get(name).map(Property::text).filter(|text| !text.trim().is_empty())
    }
}

/// Reads an event, or says why not.
pub(super) fn read(event: &Event, zones: &Zones, settings: &Settings<'_>, notes: &mut Notes<'_>) -> Result<Parsed, Refused> {
    if !event.is_complete {
        return Err(notes.refusal("END:VEVENT", "", "missing: the event breaks off"));
    }
    if let Some(class) = event.text("CLASS").filter(|class| matches!(class.trim().to_ascii_uppercase().as_str(), "PRIVATE" | "CONFIDENTIAL")) {
        return Err(notes.refusal("CLASS", &class, "marked as not public"));
    }
    let name = name(event).ok_or_else(|| notes.refusal("SUMMARY", "", "missing: an event needs a name"))?;
    let (mut when, zone) = when(event, zones, notes)?;
    when.status = status(event, &name, notes);
    recurrence::fill(&mut when, zone, event, zones, notes).map_err(|(field, value, reason)| notes.refusal(&field, &value, reason))?;
    let instead_of = match event.get("RECURRENCE-ID") {
        Some(property) => Some(zones.read(property).map_err(|error| notes.refusal(&error.field, &error.value, error.reason))?.0),
        None => None,
    };
    let is_series_change =
        event.get("RECURRENCE-ID").and_then(|property| property.parameter("RANGE")).is_some_and(|range| range.eq_ignore_ascii_case("THISANDFUTURE"));
    let url = event.text("URL").and_then(|url| contact::web(&url));
    let mut content = content(event, name, settings, notes);
    content.when = Some(when);
    let mut draft = Draft::new("", Kind::Event, content);
    draft.url = url;
    draft.updated_on = ["LAST-MODIFIED", "DATE-MOD"]
        .iter()
        .find_map(|name| event.get(name))
        .and_then(|property| zones.read(property).ok())
        .map(|(stamp, _)| stamp.local.date());
    for _ in event.properties.iter().filter(|property| matches!(property.name.as_str(), "ORGANIZER" | "ATTENDEE" | "CONTACT")) {
        notes.drop_personal();
    }
    let uid = event.text("UID").map(|uid| uid.trim().to_owned());
    Ok(Parsed { draft, line: event.line, uid, instead_of, is_series_change })
}

/// SUMMARY, or `YesWiki`'s NAME: its folds eat a space of the one or the other, so that of two names
/// with the same letters the one with more words is right.
fn name(event: &Event) -> Option<String> {
    let names = ["SUMMARY", "NAME"].map(|property| event.text(property).map(|name| text::line(&name)).filter(|name| !name.is_empty()));
    let letters = |name: &str| name.replace(' ', "");
    match names {
        [Some(summary), Some(name)] if letters(&summary) == letters(&name) && name.len() > summary.len() => Some(name),
        [summary, name] => summary.or(name),
    }
}

fn when(event: &Event, zones: &Zones, notes: &mut Notes<'_>) -> Result<(When, chrono_tz::Tz), Refused> {
    let refuse = |notes: &Notes<'_>, error: Unreadable| notes.refusal(&error.field, &error.value, error.reason);
    let property = event.get("DTSTART").ok_or_else(|| notes.refusal("DTSTART", "", "missing: an event needs a date"))?;
    let (start, guessed) = zones.read(property).map_err(|error| refuse(notes, error))?;
    if guessed {
        notes.warn("TZID", property.parameter("TZID").unwrap_or_default(), format!("no known zone, but described like {}: taken for it", start.zone));
    }
    let end = end(event, start, zones, notes);
    let mut when = When {
        start: start.local,
        end: None,
        all_day: start.is_day,
        zone: start.zone.name().to_owned(),
        rrule: None,
        rdate: Vec::new(),
        exdate: Vec::new(),
        status: WhenStatus::Scheduled,
    };
    match end {
        Some(end) if start.is_day => {
            // DTEND names the day after the last.
            let last = end - Duration::days(1);
            when.end = Some(last.max(start.local));
        }
        None if start.is_day => when.end = Some(start.local),
        Some(end) => match whole_days(start.local, end) {
            Some(last) => {
                when.all_day = true;
                when.end = Some(last);
            }
            None => when.end = Some(end),
        },
        None => {}
    }
    Ok((when, start.zone))
}

/// The local end, where the source gives one that can be.
fn end(event: &Event, start: Stamp, zones: &Zones, notes: &mut Notes<'_>) -> Option<NaiveDateTime> {
    let end = if let Some(property) = event.get("DTEND") {
        match zones.read(property) {
            Ok((end, _)) => end.in_zone(start.zone),
            Err(error) => {
                notes.warn(&error.field, &error.value, format!("{}: the end is left out", error.reason));
                return None;
            }
        }
    } else {
        let property = event.get("DURATION")?;
        let Some(duration) = recurrence::duration(&property.value) else {
            notes.warn("DURATION", &property.value, "not a duration (PT1H30M): the end is left out");
            return None;
        };
        start.local + duration
    };
    if end < start.local || end - start.local > Duration::days(400) {
        notes.warn("DTEND", &end.to_string(), "before the start or more than a year after it: the end is left out");
        return None;
    }
    Some(end)
}

/// The last day of an event from one local midnight to another, or to the minute before: `YesWiki`
/// gives all-day events as UTC instants (an event of 5 and 6 December begins `20261204T230000Z`),
/// Agorakit likewise with 23:59 as end.
fn whole_days(start: NaiveDateTime, end: NaiveDateTime) -> Option<NaiveDateTime> {
    if start.time() != NaiveTime::MIN || end <= start {
        return None;
    }
    let minute_before = NaiveTime::from_hms_opt(23, 59, 0)?;
    let last = if end.time() == NaiveTime::MIN { end.date().pred_opt()? } else { end.date() };
    (end.time() == NaiveTime::MIN || end.time() >= minute_before).then(|| last.and_time(NaiveTime::MIN))
}

/// STATUS, or a word that authors put before the title because their site has no such field.
fn status(event: &Event, name: &str, notes: &mut Notes<'_>) -> WhenStatus {
    match event.text("STATUS").unwrap_or_default().trim().to_ascii_uppercase().as_str() {
        "CANCELLED" | "CANCELED" => return WhenStatus::Cancelled,
        "TENTATIVE" => return WhenStatus::Tentative,
        "" | "CONFIRMED" => {}
        other => notes.warn("STATUS", other, "not a status of an event: taken as planned"),
    }
    let bare = name.trim_start_matches(['[', '(', '*', '!', ' ', '#']);
    let end = bare.find(|character: char| !character.is_alphabetic() && character != '(').unwrap_or(bare.len());
    let (word, after) = bare.split_at_checked(end).unwrap_or((bare, ""));
    let is_set_apart = after.trim_start().starts_with([':', '-', '–', '—', ']', ')', '!', '|', '*']);
    match fold(word).as_str() {
        _ if !is_set_apart => WhenStatus::Scheduled,
        "annule" | "annulee" | "annules" | "geannuleerd" | "abgesagt" | "cancelled" | "canceled" => WhenStatus::Cancelled,
        "reporte" | "reportee" | "uitgesteld" | "verschoben" | "postponed" => WhenStatus::Postponed,
        "complet" | "volzet" | "ausgebucht" | "full" => WhenStatus::Full,
        _ => WhenStatus::Scheduled,
    }
}

fn content(event: &Event, name: String, settings: &Settings<'_>, notes: &mut Notes<'_>) -> Content {
    let language = settings.language;
    let mut content = Content { address: Address { country: settings.country, ..Address::default() }, ..Content::default() };
    content.terms = event
        .properties
        .iter()
        .filter(|property| property.name == "CATEGORIES")
        .flat_map(Property::list)
        .map(|term| text::line(&term))
        .filter(|term| !term.is_empty())
        .collect();
    content.terms.dedup();
    content.themes = themes_of(&content.terms, &name, settings);
    add_needs(&mut content);
    if content.terms.iter().any(|term| matches!(fold(term).as_str(), "gratuit" | "gratis" | "kostenlos" | "free")) {
        content.cost = Cost { kind: CostKind::Free, ..Cost::default() };
    }
    if let Some(description) = event.text("DESCRIPTION") {
        let description = text::plain(without_source(&description));
        content.short = Localized::new(language, text::short(&description));
        content.text = Localized::new(language, description);
    }
    content.name = Localized::new(language, name);
    if let Some(location) = event.text("LOCATION") {
        read_line(&location, &mut content.address);
    }
    if let Some(property) = event.get("GEO") {
        let found = split_pair(&property.value).map_or(Position::Unusable("not \"latitude;longitude\""), |(lat, lon)| position(lat, lon));
        content.address.position = match found {
            Position::At(lat, lon) => Some((lat, lon)),
            Position::Swapped(lat, lon) => {
                notes.warn("GEO", &property.value, "longitude came first: put right");
                Some((lat, lon))
            }
            Position::Unusable(reason) => {
                notes.warn("GEO", &property.value, format!("{reason}: left out"));
                None
            }
        };
    }
    content
}

/// `YesWiki` ends each description with its own address, which is already the URL.
fn without_source(description: &str) -> &str {
    match description.rsplit_once("\nSource: ") {
        Some((before, url)) if !url.trim().contains(char::is_whitespace) => before,
        _ => description,
    }
}
