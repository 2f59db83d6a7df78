//! iCalendar (RFC 5545) as real sites write it: events only, one draft each.
//!
//! Entry by entry: an event that cannot be read is refused with its line and does not stop the
//! others. What a calendar no longer lists is not gone: agendas show a window.

mod event;
mod line;
mod recurrence;
mod zone;

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use directory::draft::{Coverage, Draft, Feed, Refused};
use directory::words::fold;

use self::event::Parsed;
pub(super) use self::recurrence::normalise_rule;

use self::line::{Line, Property, property, unfold};
use self::zone::Zones;
use super::decode::{not_this, refuse_binary};
use super::{FeedError, Notes, Settings};

const EXPECTED: &str = "a calendar (BEGIN:VCALENDAR)";

/// The properties of one VEVENT.
#[derive(Debug, Default)]
struct Event {
    line: usize,
    properties: Vec<Property>,
    is_complete: bool,
}

/// What a file holds before any of it is understood.
#[derive(Debug, Default)]
struct Calendar {
    events: Vec<Event>,
    zones: Zones,
    /// True when the outermost component was closed.
    is_complete: bool,
}

pub(super) fn parse(bytes: &[u8], settings: &Settings<'_>) -> Result<Feed, FeedError> {
    refuse_binary(bytes)?;
    let lines = unfold(bytes)?;
    let mut feed = Feed { coverage: Coverage::Window, ..Feed::default() };
    let starts = |line: &Line| matches!(line.text.trim().to_ascii_uppercase().as_str(), "BEGIN:VCALENDAR" | "BEGIN:VEVENT");
    if !lines.iter().any(starts) {
        let text = lines.iter().map(|line| line.text.as_str()).find(|text| !text.trim().is_empty()).unwrap_or_default();
        if text.to_ascii_uppercase().starts_with("BEGIN:") {
            return Err(FeedError::NotThisFormat {
                expected: EXPECTED,
                found: format!("a lone part of one ({:?})", text.chars().take(40).collect::<String>()),
            });
        }
        return Err(not_this(EXPECTED, text));
    }
    if let Some(line) = lines.iter().find(|line| line.guessed) {
        feed.warnings.push(Refused::new(line.number, "encoding", &line.text, "not UTF-8: read as Windows-1252 from here on where needed"));
    }
    let calendar = assemble(&lines, settings, &mut feed);
    if !calendar.is_complete {
        feed.warnings.push(Refused::new(lines.len(), "END:VCALENDAR", "", "missing at the end: the file may have been cut while loading"));
    }
    let mut parsed = Vec::new();
    for event in &calendar.events {
        let mut notes = Notes { line: event.line, feed: &mut feed };
        match event::read(event, &calendar.zones, settings, &mut notes) {
            Ok(one) => parsed.push(one),
            Err(refused) => feed.refused.push(refused),
        }
    }
    deliver(parsed, &mut feed);
    Ok(feed)
}

/// Sorts lines into events and time zones; everything inside alarms, tasks and journals is skipped.
fn assemble(lines: &[Line], settings: &Settings<'_>, feed: &mut Feed) -> Calendar {
    let mut calendar = Calendar { zones: Zones::new(settings.zone), ..Calendar::default() };
    let mut open: Vec<String> = Vec::new();
    for line in lines.iter().filter(|line| !line.text.trim().is_empty()) {
        let Some(property) = property(line) else {
            feed.warnings.push(Refused::new(line.number, "", &line.text, "not a calendar line (NAME:value): skipped"));
            continue;
        };
        let inside = open.last().map(String::as_str).unwrap_or_default();
        match property.name.as_str() {
            "BEGIN" => {
                let component = property.value.trim().to_ascii_uppercase();
                match component.as_str() {
                    "VEVENT" => calendar.events.push(Event { line: line.number, ..Event::default() }),
                    "VTIMEZONE" => calendar.zones.begin(),
                    _ => {}
                }
                open.push(component);
            }
            "END" => {
                let component = property.value.trim().to_ascii_uppercase();
                // An END that closes nothing is ignored; one that closes an outer component closes
                // the inner ones that were forgotten.
                if let Some(depth) = open.iter().rposition(|name| *name == component) {
                    if component == "VEVENT"
                        && let Some(event) = calendar.events.last_mut()
                    {
                        event.is_complete = true;
                    }
                    open.truncate(depth);
                    calendar.is_complete = open.is_empty();
                }
            }
            _ if inside == "VEVENT" => {
                if let Some(event) = calendar.events.last_mut() {
                    event.properties.push(property);
                }
            }
            name if open.iter().any(|component| component == "VTIMEZONE") => calendar.zones.describe(name, &property.value),
            "X-WR-TIMEZONE" if !calendar.zones.set_feed_zone(&property.value) => {
                feed.warnings.push(Refused::new(line.number, "X-WR-TIMEZONE", &property.value, format!("no known time zone: {} is used", settings.zone)));
            }
            _ => {}
        }
    }
    calendar
}

/// Gives each event its key, takes changed occurrences out of their series, refuses what is listed
/// twice.
fn deliver(mut parsed: Vec<Parsed>, feed: &mut Feed) {
    let mut url_uses: BTreeMap<String, usize> = BTreeMap::new();
    for url in parsed.iter().filter(|one| one.instead_of.is_none()).filter_map(|one| one.draft.url.as_ref()) {
        *url_uses.entry(url.clone()).or_default() += 1;
    }
    let key = |draft: &Draft, uid: Option<&str>| {
        let start = draft.content.when.as_ref().map_or_else(String::new, |when| stamp(when.start));
        match (&draft.url, uid) {
            (Some(url), _) if url_uses.get(url).is_none_or(|uses| *uses <= 1) => url.clone(),
            (Some(url), _) => format!("{url}#{start}"),
            (None, Some(uid)) => uid.to_owned(),
            (None, None) => format!("{} {start}", fold(draft.content.name.iter().next().map_or("", |(_, name)| name))),
        }
    };
    let mut series: BTreeMap<String, String> = BTreeMap::new();
    for one in parsed.iter_mut().filter(|one| one.instead_of.is_none()) {
        one.draft.source_id = key(&one.draft, one.uid.as_deref());
        if let Some(uid) = &one.uid {
            series.entry(uid.clone()).or_insert_with(|| one.draft.source_id.clone());
        }
    }
    let mut moved: BTreeMap<String, Vec<zone::Stamp>> = BTreeMap::new();
    for one in &mut parsed {
        let Some(instead_of) = one.instead_of else { continue };
        let parent = one.uid.as_ref().and_then(|uid| series.get(uid)).cloned().unwrap_or_else(|| key(&one.draft, one.uid.as_deref()));
        one.draft.source_id = format!("{parent}#{}", stamp(instead_of.local));
        if let Some(uid) = &one.uid {
            moved.entry(uid.clone()).or_default().push(instead_of);
        }
    }
    let mut lines: BTreeMap<String, usize> = BTreeMap::new();
    for mut one in parsed {
        if one.instead_of.is_none()
            && let (Some(when), Some(stamps)) = (one.draft.content.when.as_mut(), one.uid.as_ref().and_then(|uid| moved.get(uid)))
        {
            let replaced: Vec<NaiveDateTime> = stamps.iter().map(|stamp| stamp.for_event(when)).collect();
            let room = recurrence::MOST_DATES.saturating_sub(when.exdate.len());
            when.exdate.extend(replaced.into_iter().take(room));
        }
        if let Some(first) = lines.get(&one.draft.source_id) {
            feed.refused.push(Refused::new(one.line, "UID", &one.draft.source_id, format!("listed twice: first on line {first}")));
            continue;
        }
        lines.insert(one.draft.source_id.clone(), one.line);
        if one.is_series_change {
            feed.refused.push(Refused::new(
                one.line,
                "RECURRENCE-ID",
                &one.draft.source_id,
                "changes a series from a date on (RANGE=THISANDFUTURE), which cannot be computed: enter it as two series",
            ));
            continue;
        }
        feed.drafts.push(one.draft);
    }
}

fn stamp(time: NaiveDateTime) -> String {
    time.format("%Y%m%dT%H%M").to_string()
}

#[cfg(test)]
mod tests;
