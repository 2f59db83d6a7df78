//! Turns a record into what a listing or a card says of it.

mod what;

use chrono::{Days, NaiveTime, TimeDelta};

use super::{Hit, Setting};
use crate::answer::{Card, Coming, Entry, Hours, Off};
use crate::language::{Language, Localized};
use crate::query::Wanted;
use crate::record::{Address, Cost, Kind, Precision, Record, WhenStatus};
use crate::schedule::{self, OpenState, Opening};

/// A place with no more postal codes than this has no parts worth naming.
const FEW_CODES: usize = 3;

/// Dates of an event named on its card.
const DATES_SHOWN: usize = 3;

/// How far ahead an event's dates are looked for, in days.
const DATES_AHEAD: u64 = 120;

pub(super) fn entry(number: u8, hit: &Hit, wanted: &Wanted, setting: &Setting<'_>, language: Language) -> Entry {
    let brief = &hit.brief;
    let site = &brief.site;
    // Of a village everybody knows the postal code; of a city the part is worth saying.
    let asked_for = |code: &str| {
        wanted.locality.as_ref().is_some_and(|place| place.postal_codes.len() <= FEW_CODES && place.postal_codes.iter().any(|known| known == code))
    };
    let in_place = wanted.locality.as_ref().is_some_and(|place| site.postal_code.as_ref().is_some_and(|code| place.postal_codes.contains(code)));
    Entry {
        number,
        code: brief.code,
        name: brief.name(language).to_owned(),
        what: hit.what(wanted, setting.vocabulary, language),
        coming: coming(hit, wanted, setting),
        cost: Cost { kind: brief.cost, cents: brief.cents, text: Localized::default() },
        // Whom a refuge is for would tell whoever looks on what it is.
        only_for: if brief.is_sensitive() { Vec::new() } else { brief.only_for() },
        way_in: brief.way_in,
        place: site.postal_code.clone().filter(|code| !asked_for(code)),
        // A place known by its postal code alone is at no distance.
        distance_km: hit.distance_km.filter(|_| !in_place && !matches!(site.precision, Some(Precision::Locality | Precision::Area))),
        shown: brief.shown_freshness(setting.today()),
    }
}

/// When a visitor can come: the occurrence for an event; else open until, or opens next, on the
/// days asked for.
pub fn coming(hit: &Hit, wanted: &Wanted, setting: &Setting<'_>) -> Coming {
    let brief = &hit.brief;
    if brief.no_visitors {
        return Coming::Off(Off::NotForVisitors);
    }
    if let Some(when) = brief.when.as_ref().filter(|_| brief.kind == Kind::Event) {
        match when.status {
            WhenStatus::Cancelled => return Coming::Off(Off::Cancelled),
            WhenStatus::Postponed => return Coming::Off(Off::Postponed),
            WhenStatus::Full => return Coming::Off(Off::Full),
            WhenStatus::Scheduled | WhenStatus::Tentative | WhenStatus::Online => {}
        }
        return match hit.occurrence {
            Some(occurrence) => Coming::At { start: occurrence.start, all_day: when.all_day },
            None => Coming::Unknown,
        };
    }
    let now = setting.now.naive_local();
    if let Some(days) = wanted.days(now.date()).filter(|days| days.from > now.date() || wanted.part.is_some()) {
        return match brief.times().opening_within(days, wanted.part, now) {
            // Day and night.
            Opening::Within(start, end) if end - start >= TimeDelta::days(1) => Coming::OpenUntil(None),
            Opening::Within(start, end) if start <= now => Coming::OpenUntil(Some(end)),
            Opening::Within(start, _) => Coming::Opens(start),
            Opening::Unknown => unknown(brief.has_phone),
            // Not then: when it opens next.
            Opening::Never => match brief.times().open_state(days.from.and_time(NaiveTime::MIN).max(now)) {
                OpenState::Closed(Some(next)) => Coming::Opens(next),
                OpenState::Closed(None) => Coming::Closed,
                // Open before, and not then.
                OpenState::Open(Some(until)) => match brief.times().open_state(until) {
                    OpenState::Closed(Some(next)) => Coming::Opens(next),
                    _ => Coming::OpenUntil(Some(until)),
                },
                OpenState::Open(None) | OpenState::Unknown => unknown(brief.has_phone),
            },
        };
    }
    match brief.times().open_state(now) {
        OpenState::Open(until) => Coming::OpenUntil(until),
        OpenState::Closed(Some(next)) => Coming::Opens(next),
        OpenState::Closed(None) => Coming::Closed,
        OpenState::Unknown => unknown(brief.has_phone),
    }
}

fn unknown(has_phone: bool) -> Coming {
    if has_phone { Coming::AskByPhone } else { Coming::Unknown }
}

/// All that a visitor needs of one record.
pub fn card(hit: &Hit, record: &Record, setting: &Setting<'_>, language: Language) -> Card {
    let content = &record.content;
    let address = &content.address;
    let town = town(address, setting, language);
    Card {
        entry: Entry { cost: content.cost.clone(), ..entry(1, hit, &Wanted::default(), setting, language) },
        short: content.short.best(language).map(ToOwned::to_owned),
        street: address.street_line(),
        locality: match (address.postal_code.as_deref(), town.as_deref()) {
            (Some(code), Some(town)) => Some(format!("{code} {town}")),
            (code, town) => code.or(town).map(ToOwned::to_owned),
        },
        hint: address.hint.best(language).map(ToOwned::to_owned),
        hours: hours(record, setting, language),
        conditions: content.access.conditions.best(language).map(ToOwned::to_owned),
        phone: record.phone().and_then(|contact| contact.phone.clone()),
    }
}

/// The town in the asker's language where the source names the commune; a village keeps its name.
fn town(address: &Address, setting: &Setting<'_>, language: Language) -> Option<String> {
    let territory = setting.vocabulary.territory();
    let commune = |language| address.postal_code.as_deref().and_then(|code| territory.commune_name(address.country, code, language));
    match address.locality.as_deref() {
        Some(named) if !Language::ALL.into_iter().any(|spoken| commune(spoken).is_some_and(|name| words::fold(name) == words::fold(named))) => {
            Some(named.to_owned())
        }
        _ => commune(language).map(ToOwned::to_owned),
    }
}

fn hours(record: &Record, setting: &Setting<'_>, language: Language) -> Hours {
    let content = &record.content;
    let now = setting.now.naive_local();
    let times = content.times();
    if let Some(when) = content.when.as_ref().filter(|_| record.kind == Kind::Event) {
        let found = schedule::occurrences(when, now.date(), now.date() + Days::new(DATES_AHEAD)).unwrap_or_default();
        let dates: Vec<_> = found.into_iter().filter(|occurrence| occurrence.over(when) > now).take(DATES_SHOWN).map(|occurrence| occurrence.start).collect();
        return if dates.is_empty() { Hours::Unknown } else { Hours::Dates(dates) };
    }
    if times.is_closed_for_now(now.date()) {
        let next = times.next_openings(now, DATES_SHOWN);
        return if next.is_empty() { Hours::Closed } else { Hours::Next(next) };
    }
    if let Some(words) = content.hours.text.exact(language).filter(|_| content.hours.osm.is_none()) {
        return Hours::Words(words.to_owned());
    }
    if content.hours.osm.as_deref().is_some_and(|osm| osm.trim() == "24/7") {
        return Hours::Always;
    }
    if let Some(week) = times.weekly(now.date())
        && week.iter().any(|day| !day.is_empty())
    {
        return Hours::Weekly(week);
    }
    let next = times.next_openings(now, DATES_SHOWN);
    if !next.is_empty() {
        return Hours::Next(next);
    }
    match content.hours.text.best(language).or(content.hours.raw.as_deref()) {
        Some(words) => Hours::Words(words.to_owned()),
        None if record.phone().is_some() => Hours::AskByPhone,
        None => Hours::Unknown,
    }
}
