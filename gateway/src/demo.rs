//! The demo territory that ships with the program: fictional places in Brussels, the Condroz and
//! Mulhouse, with dates around the day on which they are loaded, and the real houses of justice.

use std::path::{Path, PathBuf};

use anyhow::Context;
use chrono::{Datelike, Days, NaiveDate, Weekday};
use db::import::{Options, Source};
use db::{Address, Store, own};
use directory::clock::Clock;
use directory::language::Language;
use directory::phone::Country;
use directory::vocabulary::Vocabulary;

use application::keys;
use feeds::{Format, Settings};

const RECORDS: &str = include_str!("../../config/demo/records.csv");
const EVENTS: &str = include_str!("../../config/demo/events.csv");
const HOUSES_OF_JUSTICE: &str = include_str!("../../config/demo/houses-of-justice.csv");

/// The demo's own desk.
pub const DESK_NAME: &str = "Accueil démo";

/// A number that stands for nobody.
pub const DESK_PHONE: &str = "02 555 01 00";

/// Things to try.
pub const QUESTIONS: [&str; 3] = ["manger 1030", "yoga 1050 demain", "je cherche un médecin à Ciney"];

/// Loads the territory into a database; how many entries can be shown then.
pub async fn load(database: &Address, clock: &dyn Clock, progress: impl Fn(usize, usize)) -> anyhow::Result<i64> {
    let store = Store::connect(database).await?;
    let vocabulary = Vocabulary::shipped()?;
    let now = clock.now();
    let today = now.with_timezone(&chrono_tz::Europe::Brussels).date_naive();
    let themes = |term: &str| vocabulary.theme_of(term);
    let settings = Settings { country: Country::Be, language: Language::Fr, zone: chrono_tz::Europe::Brussels, mapping: None, themes: &themes };
    for (name, table, invented) in [("demo-records", RECORDS, true), ("demo-events", EVENTS, true), ("houses-of-justice", HOUSES_OF_JUSTICE, false)] {
        let dated = with_dates(table, today);
        let feed = feeds::parse(Format::Csv, dated.as_bytes(), &settings).with_context(|| format!("config/demo: {name}"))?;
        let source = Source { name: name.to_owned(), format: "csv", demo: invented, trust: 0 };
        store.import(&source, feed, vocabulary.territory(), Options { dry_run: false, allow_drop: true, now }, &progress).await?;
    }
    let shown = store.count_shown().await?;
    store.close().await;
    Ok(shown)
}

/// Where the kiosk of the demo finds its copy: in a folder of its own beside the database.
pub fn kiosk_copy(database: &Path) -> PathBuf {
    let mut folder = database.with_extension("").into_os_string();
    folder.push("-kiosk");
    PathBuf::from(folder).join("copy.sqlite")
}

/// Copies the territory for the demo's kiosk: it can be touched without a gateway that runs.
pub async fn copy(database: &Address, file: &Path, clock: &dyn Clock) -> anyhow::Result<()> {
    own::make_file(file)?;
    let (store, copy) = (Store::connect(database).await?, Store::open(file).await?);
    let today = clock.now().with_timezone(&chrono_tz::Europe::Brussels).date_naive();
    let copied = store.mirror_into(&copy, i64::from_le_bytes(keys::random()?), today).await;
    copy.close().await;
    store.close().await;
    copied?;
    Ok(())
}

/// Puts dates in the place of `{+3}` (three days after today), `{-40}`, `{next WE}` (the first
/// Wednesday from today on) and `{last WE}` (the last one before today).
pub fn with_dates(table: &str, today: NaiveDate) -> String {
    let mut dated = String::with_capacity(table.len());
    let mut rest = table;
    while let Some((before, behind)) = rest.split_once('{') {
        dated.push_str(before);
        if let Some((day, after)) = behind.split_once('}').and_then(|(inside, after)| Some((placeholder(inside, today)?, after))) {
            dated.push_str(&day.to_string());
            rest = after;
        } else {
            dated.push('{');
            rest = behind;
        }
    }
    dated.push_str(rest);
    dated
}

fn placeholder(inside: &str, today: NaiveDate) -> Option<NaiveDate> {
    if let Some(days) = inside.strip_prefix('+') {
        return today.checked_add_days(Days::new(days.parse().ok()?));
    }
    if let Some(days) = inside.strip_prefix('-') {
        return today.checked_sub_days(Days::new(days.parse().ok()?));
    }
    let (which, name) = inside.split_once(' ')?;
    let names = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
    let weekday = Weekday::try_from(u8::try_from(names.iter().position(|known| *known == name)?).ok()?).ok()?;
    match which {
        "next" => (0..7).filter_map(|ahead| today.checked_add_days(Days::new(ahead))).find(|day| day.weekday() == weekday),
        "last" => (1..=7).filter_map(|ago| today.checked_sub_days(Days::new(ago))).find(|day| day.weekday() == weekday),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_become_dates() {
        let monday: NaiveDate = "2026-11-23".parse().unwrap();
        assert_eq!(with_dates("{+2}T18:30,{-40},{next WE},{last MO},{x},{", monday), "2026-11-25T18:30,2026-10-14,2026-11-25,2026-11-16,{x},{");
    }
}
