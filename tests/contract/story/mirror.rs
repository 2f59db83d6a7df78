//! A copy of the directory in another database, and what a kiosk wrote there on its way back.

use std::collections::BTreeSet;

use chrono::{Duration, NaiveDate};
use db::Store;
use db::kiosk_count::KioskCount;
use db::mirror::MirrorError;
use db::ticket::Ticketed;
use directory::answer::Note;
use directory::theme::Theme;
use directory::ticket::Ticket;
use harness::place::Place;

use super::Story;

/// Everything that a kiosk may read of a directory on that day: of records what a copy may hold.
async fn shown(place: &Place, store: &Store, today: NaiveDate) -> Vec<String> {
    let mut all = Vec::new();
    store.each_record(|record| all.extend(record.for_kiosk(today).map(|record| serde_json::to_string(&record).unwrap()))).await.unwrap();
    assert!(!all.is_empty());
    let mut rows = place.rows().await.unwrap();
    // What lies under the rank of a record that is not shown stays behind with it.
    let hidden: BTreeSet<String> = rows["record"].iter().filter(|row| !is_shown(row)).filter_map(|row| rank(row)).collect();
    for table in ["source", "listing", "brief"] {
        let rows = rows.remove(table).unwrap().into_iter().filter(|row| rank(row).is_none_or(|rank| !hidden.contains(&rank)));
        all.extend(rows.map(|row| format!("{table}: {row}")));
    }
    let words = rows.remove("word").unwrap().into_iter().filter(|row| !hidden.contains(row.split(' ').next().unwrap()));
    all.extend(words.map(|row| format!("word: {row}")));
    all
}

fn is_shown(row: &str) -> bool {
    ["published", "doubtful"].iter().any(|status| row.contains(&format!("\"status\": \"Some(\\\"{status}\\\")\"")))
}

/// The rank in a row of a table.
fn rank(row: &str) -> Option<String> {
    let (_, rest) = row.split_once("\"rank\": \"Some(")?;
    rest.split(')').next().map(ToOwned::to_owned)
}

/// A copy's bodies and its index, as they lie there.
async fn copied(place: &Place, copy: &Store) -> Vec<String> {
    let mut all = Vec::new();
    copy.each_record(|record| all.push(serde_json::to_string(&record).unwrap())).await.unwrap();
    let mut rows = place.rows().await.unwrap();
    let tables = ["source", "listing", "brief", "word"].into_iter();
    all.extend(tables.flat_map(|table| rows.remove(table).unwrap().into_iter().map(move |row| format!("{table}: {row}"))));
    all
}

/// Another database of the same engine.
async fn another(story: &Story) -> Place {
    if story.place.file().is_some() { Place::sqlite().unwrap() } else { Place::postgres().await.unwrap().unwrap() }
}

pub async fn copy(story: &mut Story) {
    let place = another(story).await;
    let copy = place.open().await.unwrap();
    let today = story.now.date_naive();
    story.note("a first copy", story.store.mirror_into(&copy, 7, today).await.unwrap());
    assert_eq!(copied(&place, &copy).await, shown(&story.place, &story.store, today).await);
    story.note("nothing has changed", story.store.mirror_into(&copy, 8, today).await.unwrap());
    story.note("on another day", story.store.mirror_into(&copy, 8, today + Duration::days(1)).await.unwrap());
    let today = today + Duration::days(1);
    // Somebody touched the copy, and the directory has another edition: an entry changed, one came, one went.
    place.tamper("UPDATE record SET version = version + 1 WHERE id = 1").await.unwrap();
    for index in ["listing WHERE rank", "brief WHERE rank", "word WHERE rowid"] {
        place.tamper(&format!("DELETE FROM {index} = (SELECT rank FROM record WHERE id = 2)")).await.unwrap();
    }
    place.tamper("DELETE FROM record WHERE id = 2").await.unwrap();
    place.tamper("UPDATE counter SET value = 0 WHERE name = 'copied-edition'").await.unwrap();
    story.note("a second copy", story.store.mirror_into(&copy, 8, today).await.unwrap());
    assert_eq!(copied(&place, &copy).await, shown(&story.place, &story.store, today).await);
    // The copy of another directory is replaced, whatever its numbers are.
    place.tamper("UPDATE counter SET value = 6 WHERE name = 'copy-of'").await.unwrap();
    story.note("of another directory", story.store.mirror_into(&copy, 8, today).await.unwrap().is_some_and(|mirrored| mirrored.written == mirrored.removed));
    assert_eq!(copied(&place, &copy).await, shown(&story.place, &story.store, today).await);
    // What is no copy is left alone.
    let refused = copy.mirror_into(&story.store, 9, today).await.unwrap_err();
    assert!(matches!(refused, MirrorError::OwnDirectory), "{refused}");
    returned(story, &copy).await;
    copy.close().await;
}

/// Counts and tickets of a kiosk.
async fn returned(story: &mut Story, copy: &Store) {
    let day: NaiveDate = "2026-11-23".parse().unwrap();
    let notes = [
        Note::Unmet { theme: Some(Theme::Food), postal_code: Some("1030".to_owned()) },
        Note::Unmet { theme: None, postal_code: None },
        Note::Doubt(directory::code::Code::parse("7G7KC").unwrap()),
    ];
    for (number, note) in notes.into_iter().enumerate() {
        let count = KioskCount { id: format!("K{number}"), day, note };
        story.note("counted", story.store.keep_kiosk_count(&count).await);
        story.note("counted once", story.store.keep_kiosk_count(&count).await);
    }
    let mut counts = story.store.kiosk_counts().await.unwrap();
    counts.sort_by(|one, other| one.id.cmp(&other.id));
    story.note("as they were counted", counts);
    story.store.forget_kiosk_count("K1").await.unwrap();
    story.note("one is forgotten", story.store.kiosk_counts().await.map(|counts| counts.len()));
    let (ticket, slip) = (Ticket::new(4_321).unwrap(), Ticketed { codes: Vec::new(), languages: "fr".to_owned(), style: "standard".to_owned() });
    let codes = vec![directory::code::Code::parse("7G7KC").unwrap()];
    let other = Ticketed { codes, languages: "nl".to_owned(), ..slip.clone() };
    story.note("a ticket from elsewhere", copy.keep_ticket(ticket, &slip, story.now).await);
    story.note("its number was given to two", copy.keep_ticket(ticket, &other, story.now + Duration::days(1)).await);
    story.note("that is known", copy.keep_ticket(ticket, &other, story.now + Duration::days(1)).await);
    for since in [Duration::zero(), Duration::seconds(1)] {
        story.note("tickets since", copy.tickets_since(story.now + since).await);
    }
}
