//! A copy of the directory in another database, and what a kiosk wrote there on its way back.

use chrono::{DateTime, Duration, Utc};
use db::Store;
use db::journal::Turn;
use db::mirror::MirrorError;
use db::ticket::Ticketed;
use directory::answer::Note;
use directory::theme::Theme;
use directory::ticket::Ticket;
use harness::place::Place;

use super::Story;

/// Everything that is read of a directory.
async fn shown(place: &Place) -> Vec<String> {
    let mut rows = place.rows().await.unwrap();
    let tables = ["record", "source", "listing", "brief", "word"].into_iter();
    tables.flat_map(|table| rows.remove(table).unwrap().into_iter().map(move |row| format!("{table}: {row}"))).collect()
}

/// Another database of the same engine.
async fn another(story: &Story) -> Place {
    if story.place.file().is_some() { Place::sqlite().unwrap() } else { Place::postgres().await.unwrap().unwrap() }
}

pub async fn copy(story: &mut Story) {
    let place = another(story).await;
    let copy = place.open().await.unwrap();
    story.note("a first copy", story.store.mirror_into(&copy, 7).await.unwrap());
    assert_eq!(shown(&place).await, shown(&story.place).await);
    story.note("nothing has changed", story.store.mirror_into(&copy, 8).await.unwrap());
    // Somebody touched the copy, and the directory has another edition: an entry changed, one came, one went.
    place.tamper("UPDATE record SET version = version + 1 WHERE id = 1").await.unwrap();
    for index in ["listing WHERE rank", "brief WHERE rank", "word WHERE rowid"] {
        place.tamper(&format!("DELETE FROM {index} = (SELECT rank FROM record WHERE id = 2)")).await.unwrap();
    }
    place.tamper("DELETE FROM record WHERE id = 2").await.unwrap();
    place.tamper("UPDATE counter SET value = 0 WHERE name = 'copied-edition'").await.unwrap();
    story.note("a second copy", story.store.mirror_into(&copy, 8).await.unwrap());
    assert_eq!(shown(&place).await, shown(&story.place).await);
    // The copy of another directory is replaced, whatever its numbers are.
    place.tamper("UPDATE counter SET value = 6 WHERE name = 'copy-of'").await.unwrap();
    story.note("of another directory", story.store.mirror_into(&copy, 8).await.unwrap().is_some_and(|mirrored| mirrored.written == mirrored.removed));
    assert_eq!(shown(&place).await, shown(&story.place).await);
    // What is no copy is left alone.
    let refused = copy.mirror_into(&story.store, 9).await.unwrap_err();
    assert!(matches!(refused, MirrorError::OwnDirectory), "{refused}");
    returned(story, &copy).await;
    copy.close().await;
}

/// Counts and tickets of a kiosk.
async fn returned(story: &mut Story, copy: &Store) {
    let day: DateTime<Utc> = "2026-11-23T00:00:00Z".parse().unwrap();
    let notes = [
        Note::Unmet { theme: Some(Theme::Food), postal_code: Some("1030".to_owned()) },
        Note::Unmet { theme: None, postal_code: None },
        Note::Doubt(directory::code::Code::parse("7G7KC").unwrap()),
    ];
    for (number, note) in notes.into_iter().enumerate() {
        story.commit("counted", Turn::of_kiosk(format!("K{number}"), day, note)).await;
    }
    let mut turns = story.store.kiosk_turns().await.unwrap();
    turns.sort_by(|one, other| one.carrier_id.cmp(&other.carrier_id));
    story.note("as they were counted", turns);
    story.store.forget_turn("kiosk", "K1").await.unwrap();
    story.note("one is forgotten", story.store.kiosk_turns().await.map(|turns| turns.len()));
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
