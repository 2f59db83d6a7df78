//! Feeds of real shape against what a right import must yield: the shared samples with their ground
//! truth, a corpus of broken calendars, and half of a real table.
//!
//! The samples lie beside the repository (`../shared/data`), or where `PASSERELLE_SHARED` points;
//! without them every test is left out.
#![cfg(test)]

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use chrono_tz::Tz;
use directory::draft::{Draft, Feed, Refused};
use directory::language::Language;
use directory::phone::{Country, Phone};
use directory::record::When;
use directory::schedule::{OpenState, Timetable, check, instant};
use directory::theme::Theme;
use feeds::{FeedError, Format, Mapping, Settings, parse};
use serde_json::Value;

const FR: Language = Language::Fr;

fn shared(path: &str) -> Option<PathBuf> {
    harness::shared(&format!("data/{path}"))
}

fn bytes(path: &str) -> Option<Vec<u8>> {
    shared(path).map(|path| fs::read(path).unwrap())
}

fn no_theme(_: &str) -> Option<Theme> {
    None
}

fn settings(mapping: Option<&Mapping>) -> Settings<'_> {
    Settings { country: Country::Be, language: FR, zone: Tz::Europe__Brussels, mapping, themes: &no_theme }
}

fn mapping(name: &str) -> Mapping {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(name);
    Mapping::parse(&fs::read_to_string(path).unwrap()).unwrap()
}

/// One list of the ground truth, by the name of its entries where each has its own.
fn truth(list: &str) -> Vec<Value> {
    let text = bytes("synthetic-formats/ground-truth.json").unwrap();
    serde_json::from_slice::<Value>(&text).unwrap()[list].as_array().unwrap().clone()
}

fn name(draft: &Draft) -> &str {
    draft.content.name.exact(FR).unwrap()
}

fn print_refusals(title: &str, refused: &[Refused]) {
    for refused in refused {
        println!("{title} line {}: {} {:?}: {}", refused.line, refused.field, refused.value, refused.reason);
    }
}

/// What every organisation source knows: name, position, phone.
fn compare_organisation(draft: &Draft, truth: &Value, has_phone: bool) {
    assert_eq!(name(draft), truth["name"].as_str().unwrap());
    assert_eq!(draft.content.address.position, Some((truth["lat"].as_f64().unwrap(), truth["lon"].as_f64().unwrap())));
    if has_phone {
        let phone = draft.content.contacts.iter().find_map(|contact| contact.phone.clone());
        assert_eq!(phone, Phone::parse(truth["tel"].as_str().unwrap(), Country::Be), "{}", name(draft));
    }
}

fn compare_address(draft: &Draft, truth: &Value) {
    let address = &draft.content.address;
    for (part, key) in [(&address.street, "street"), (&address.number, "num"), (&address.postal_code, "pc"), (&address.locality, "town")] {
        assert_eq!(part.as_deref().unwrap_or_default(), truth[key].as_str().unwrap(), "{}", name(draft));
    }
    assert_eq!(draft.content.text.exact(FR), truth["desc"].as_str());
}

/// The hours as people live them: open a minute after each slot begins, shut a minute after it ends.
fn compare_hours(draft: &Draft, truth: &Value) {
    let days = truth["oh"].as_object().unwrap();
    let remark = truth["ohm"].as_str().filter(|remark| !remark.is_empty());
    assert_eq!(draft.content.hours.text.exact(FR), remark);
    if days.is_empty() {
        return;
    }
    let timetable = Timetable::parse(draft.content.hours.osm.as_deref().unwrap(), Country::Be).unwrap();
    let monday: chrono::NaiveDate = "2026-11-23".parse().unwrap();
    for (place, day) in ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"].into_iter().enumerate() {
        let date = monday + chrono::Days::new(place as u64);
        let expected: Vec<_> = days
            .get(day)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .split(',')
            .filter(|slot| !slot.is_empty())
            .map(|slot| slot.split_once('-').unwrap())
            .map(|(from, to)| (date.and_time(from.parse().unwrap()), date.and_time(to.parse().unwrap())))
            .collect();
        assert_eq!(timetable.day(date).unwrap(), expected, "{} {day}", name(draft));
        for (from, to) in expected {
            assert!(matches!(timetable.state(from), OpenState::Open(_)) && matches!(timetable.state(to), OpenState::Closed(_)));
        }
    }
}

#[test]
fn gogocarto_full_is_what_it_should_be() {
    let Some(bytes) = bytes("synthetic-formats/gogocarto/elements.json") else { return };
    let feed = parse(Format::Gogocarto, &bytes, &settings(None)).unwrap();
    assert_eq!((feed.refused.as_slice(), feed.warnings.as_slice()), ([].as_slice(), [].as_slice()));
    let truth = truth("organisations");
    assert_eq!(feed.drafts.len(), truth.len());
    for (draft, truth) in feed.drafts.iter().zip(&truth) {
        assert_eq!(draft.source_id, truth["id"].as_str().unwrap());
        compare_organisation(draft, truth, true);
        compare_address(draft, truth);
        compare_hours(draft, truth);
        let web = draft.content.contacts.iter().find_map(|contact| contact.address.as_deref()).unwrap_or_default();
        assert_eq!(web.trim_start_matches("https://"), truth["web"].as_str().unwrap().trim_start_matches("https://"));
        assert_eq!(serde_json::to_value(&draft.content.terms).unwrap(), truth["cats"]);
    }
    assert_eq!(feed.personal_dropped, 3, "three mail addresses are given as \"private\"");
    println!("gogocarto full: {} of {} as they should be", feed.drafts.len(), truth.len());
}

#[test]
fn gogocarto_compact_is_what_it_can_be() {
    let Some(bytes) = bytes("synthetic-formats/gogocarto/elements-compact.json") else { return };
    let feed = parse(Format::Gogocarto, &bytes, &settings(None)).unwrap();
    assert_eq!(feed.refused, []);
    let truth = truth("organisations");
    assert_eq!(feed.drafts.len(), truth.len());
    for (draft, truth) in feed.drafts.iter().zip(&truth) {
        assert_eq!(draft.source_id, truth["id"].as_str().unwrap());
        compare_organisation(draft, truth, false);
    }
    println!("gogocarto compact: {} of {} as they should be (names and positions, it has no more)", feed.drafts.len(), truth.len());
}

#[test]
fn the_yeswiki_table_is_what_it_should_be() {
    let Some(bytes) = bytes("synthetic-formats/yeswiki/export-form-1.csv") else { return };
    let mapping = mapping("conformance/mappings/yeswiki-form-1.toml");
    let feed = parse(Format::Csv, &bytes, &settings(Some(&mapping))).unwrap();
    assert_eq!((feed.refused.as_slice(), feed.warnings.as_slice()), ([].as_slice(), [].as_slice()));
    let truth = truth("organisations");
    assert_eq!(feed.drafts.len(), truth.len());
    for (draft, truth) in feed.drafts.iter().zip(&truth) {
        compare_organisation(draft, truth, true);
        compare_address(draft, truth);
        assert_eq!(draft.updated_on, "2026-10-02".parse().ok());
    }
    println!("yeswiki table: {} of {} as they should be", feed.drafts.len(), truth.len());
}

/// What a calendar can know of an event. `truth` is looked up by title and start.
fn compare_event(draft: &Draft, truth: &Value, has_end: bool, has_code: bool) {
    let when: &When = draft.content.when.as_ref().unwrap();
    let all_day = truth["all_day"].as_bool().unwrap();
    assert_eq!(when.all_day, all_day, "{}", name(draft));
    let written = |time: chrono::NaiveDateTime| if all_day { time.format("%Y-%m-%d").to_string() } else { time.format("%Y-%m-%dT%H:%M").to_string() };
    assert_eq!(written(when.start), truth["start_local"].as_str().unwrap());
    assert_eq!(when.end.filter(|_| has_end || all_day).map(written).as_deref(), truth["end_local"].as_str().filter(|_| has_end || all_day));
    assert_eq!(when.zone, truth["tz"].as_str().unwrap());
    let zone: Tz = when.zone.parse().unwrap();
    assert_eq!(instant(zone, when.start).to_rfc3339(), truth["start_utc"].as_str().unwrap());
    assert_eq!(draft.content.address.locality.as_deref(), truth["town"].as_str());
    assert_eq!(draft.content.address.postal_code.as_deref(), truth["postal_code"].as_str().filter(|_| has_code));
    assert_eq!(draft.content.text.exact(FR), truth["description"].as_str());
    assert!(draft.content.address.street.is_some() && draft.content.address.number.is_some());
}

fn compare_calendar(path: &str, expected: usize, has_end: impl Fn(&str) -> bool, has_code: bool) {
    let Some(bytes) = bytes(path) else { return };
    let feed = parse(Format::Ical, &bytes, &settings(None)).unwrap();
    assert_eq!((feed.refused.as_slice(), feed.warnings.as_slice()), ([].as_slice(), [].as_slice()));
    let truth = truth("events");
    assert_eq!(feed.drafts.len(), expected);
    let mut right = 0;
    for draft in &feed.drafts {
        let when = draft.content.when.as_ref().unwrap();
        let truth = truth
            .iter()
            .find(|truth| truth["title"] == name(draft) && truth["start_local"].as_str().unwrap().starts_with(&when.start.format("%Y-%m-%d").to_string()));
        compare_event(draft, truth.unwrap_or_else(|| panic!("{} is not in the ground truth", name(draft))), has_end(name(draft)), has_code);
        right += 1;
    }
    println!("{path}: {right} of {expected} as they should be");
}

#[test]
fn the_demosphere_calendar_is_what_it_should_be() {
    // The sample gives the series' first date only, an end for one timed event, and no postal code.
    compare_calendar("synthetic-formats/demosphere/events.ics", 4, |name| name.starts_with("Repas solidaire"), false);
}

#[test]
fn the_agorakit_calendar_is_what_it_should_be() {
    compare_calendar("synthetic-formats/agorakit/calendar.ics", 4, |_| true, true);
}

#[test]
fn the_yeswiki_calendar_is_what_it_should_be() {
    compare_calendar("synthetic-formats/yeswiki/calendar-form-2.ics", 6, |_| true, true);
    if let Some(empty) = bytes("synthetic-formats/yeswiki/calendar-empty-form.ics") {
        assert_eq!(parse(Format::Ical, &empty, &settings(None)), Err(FeedError::Empty), "an empty form gives an empty body");
    }
}

#[test]
fn every_file_of_the_calendar_corpus_ends_in_a_feed_or_a_typed_error() {
    let Some(root) = shared("icalendar-corpus") else { return };
    let mut files: Vec<PathBuf> = fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .flat_map(|folder| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()))
        .collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "ics"));
    files.sort();
    let (mut read, mut events, mut warnings) = (0, 0, 0);
    let mut errors: BTreeMap<&str, usize> = BTreeMap::new();
    let mut refusals: BTreeMap<String, usize> = BTreeMap::new();
    for path in &files {
        match parse(Format::Ical, &fs::read(path).unwrap(), &settings(None)) {
            Ok(feed) => {
                read += 1;
                events += feed.drafts.len();
                warnings += feed.warnings.len();
                for draft in &feed.drafts {
                    assert!(check(draft.content.when.as_ref().unwrap()).is_ok(), "{}", path.display());
                }
                for refused in &feed.refused {
                    assert!(refused.line > 0 && !refused.reason.is_empty(), "{}", path.display());
                    *refusals.entry(format!("{}: {}", refused.field, refused.reason)).or_default() += 1;
                }
                print_refusals(&path.file_name().unwrap().to_string_lossy(), &feed.refused);
            }
            Err(error) => {
                println!("{}: {error}", path.file_name().unwrap().to_string_lossy());
                let kind = match error {
                    FeedError::Empty => "empty",
                    FeedError::NotThisFormat { .. } => "not this format",
                    FeedError::Encoding { .. } => "encoding",
                    _ => "other",
                };
                *errors.entry(kind).or_default() += 1;
            }
        }
    }
    assert_eq!(files.len(), 104);
    println!(
        "{} files: {read} read ({events} events, {warnings} warnings), {errors:?} as a whole; {} events refused:",
        files.len(),
        refusals.values().sum::<usize>()
    );
    for (reason, count) in refusals {
        println!("  {count:3} {reason}");
    }
}

#[test]
fn the_places_of_bourgogne_are_taken_and_each_refusal_has_its_reason() {
    let Some(bytes) = bytes("mednum-bfc/bfc-lieux.csv") else { return };
    let mapping = mapping("conformance/mappings/mednum-bfc.toml");
    let feed: Feed = parse(Format::Csv, &bytes, &settings(Some(&mapping))).unwrap();
    let hours = feed.drafts.iter().filter(|draft| draft.content.hours.osm.is_some()).count();
    let raw = feed.drafts.iter().filter(|draft| draft.content.hours.osm.is_none() && draft.content.hours.raw.is_some()).count();
    let phones = feed.drafts.iter().filter(|draft| draft.content.contacts.iter().any(|contact| contact.phone.is_some())).count();
    println!(
        "mednum-bfc: {} of 349 places, {} refused; hours understood for {hours}, kept as text for {raw}; {phones} with a phone; {} personal details dropped; {} warnings",
        feed.drafts.len(),
        feed.refused.len(),
        feed.personal_dropped,
        feed.warnings.len()
    );
    print_refusals("refused", &feed.refused);
    print_refusals("note", &feed.warnings);
    assert_eq!(feed.drafts.len() + feed.refused.len(), 349);
    assert!(feed.refused.iter().chain(&feed.warnings).all(|refused| refused.line > 0 && !refused.reason.is_empty()));
    assert!(feed.refused.len() <= 5, "{} refused", feed.refused.len());
    assert!(
        feed.drafts
            .iter()
            .all(|draft| draft.content.address.country == Country::Fr && draft.content.address.postal_code.as_ref().is_some_and(|code| code.len() == 5))
    );
}

#[test]
fn the_valid_example_of_lamednum_is_taken_whole() {
    let Some(bytes) = bytes("mednum-standard/exemple-valide.csv") else { return };
    let mapping = mapping("../config/mappings/lamednum.toml");
    let feed = parse(Format::Csv, &bytes, &settings(Some(&mapping))).unwrap();
    assert_eq!((feed.refused.as_slice(), feed.warnings.as_slice()), ([].as_slice(), [].as_slice()));
    println!("lamednum example: {} of {} taken", feed.drafts.len(), feed.drafts.len());
    assert!(feed.drafts.iter().all(|draft| draft.content.hours.osm.is_some() && !draft.content.themes.is_empty()));
}

/// `{+5}`, `{last WE}`: the demo's dates are relative to the day it is loaded; here to a Monday.
fn dated(table: &str) -> String {
    let monday: chrono::NaiveDate = "2026-06-01".parse().unwrap();
    let mut parts = table.split('{');
    let mut text = parts.next().unwrap().to_owned();
    for part in parts {
        let (placeholder, after) = part.split_once('}').unwrap();
        let weekday = |name: &str| ["MO", "TU", "WE", "TH", "FR", "SA", "SU"].iter().position(|day| *day == name).unwrap() as i64;
        let days = match placeholder.split_once(' ') {
            Some(("last", day)) => weekday(day) - 7,
            Some((_, day)) => weekday(day) + 7,
            None => placeholder.parse().unwrap(),
        };
        text.push_str(&(monday + chrono::Duration::days(days)).to_string());
        text.push_str(after);
    }
    text
}

#[test]
fn the_demo_tables_are_taken_whole() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../config/demo");
    for file in ["records.csv", "events.csv", "houses-of-justice.csv"] {
        let table = dated(&fs::read_to_string(folder.join(file)).unwrap());
        let feed = parse(Format::Csv, table.as_bytes(), &settings(None)).unwrap();
        assert_eq!(feed.refused, [], "{file}");
        let remarks: Vec<&Refused> = feed.warnings.iter().filter(|warning| warning.field != "columns").collect();
        assert_eq!(remarks, Vec::<&Refused>::new(), "{file}");
        println!("{file}: {} entries", feed.drafts.len());
    }
}
