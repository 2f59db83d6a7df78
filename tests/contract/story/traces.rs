//! Entries and persons that are erased because somebody asked for it.

use chrono::Duration;
use db::history::Change;
use db::journal::{ConversationMemory, KeptTurn};
use db::kiosk_count::KioskCount;
use db::outbox::{Delivery, Way};
use db::sealed_request::SealedRequest;
use db::traces::Whose;
use db::{Person, Sealed};
use directory::answer::Note;
use directory::draft::Draft;
use directory::language::{Language, Localized};
use directory::record::{Consent, Content, Kind, Scope};
use directory::theme::Theme;

use super::Story;

const INES: [u8; 32] = [0x1e; 32];

pub async fn erasure(story: &mut Story) {
    let (kept, now) = (std::sync::Arc::clone(&story.store), story.now);
    let territory = story.vocabulary.territory();
    let change = |field: &str| Change { at: now, mediator: "Ana".to_owned(), field: field.to_owned(), before: "Ines".to_owned(), after: "Inès".to_owned() };
    let mut codes = Vec::new();
    for id in ["desk-2", "desk-3"] {
        let mut content = Content { name: Localized::new(Language::Fr, "Inès, écrivaine"), themes: vec![Theme::Papers], ..Content::default() };
        content.address.postal_code = Some("1030".to_owned());
        codes.push(kept.add_by_hand(Draft::new(id, Kind::Person, content), &change("added"), territory).await.unwrap());
    }
    let (person, version) = kept.record_to_change(codes[0]).await.unwrap().unwrap();
    let (mut other, other_version) = kept.record_to_change(codes[1]).await.unwrap().unwrap();
    story.told.push(format!("erased: {:?}", kept.erase_entry(&person.id, "Ana", now).await));
    story.told.push(format!("erased again: {:?}", kept.erase_entry(&person.id, "Ana", now).await));
    story.told.push(format!("nobody's: {:?}", kept.erase_entry("r0", "Ana", now).await));
    story.told.push(format!("too late: {:?}", kept.correct(&person, version, &[change("name")], territory, now).await));
    // As a program of before took an agreement back: the next purge erases her.
    other.consent = Some(Consent {
        given: "paper".to_owned(),
        to: "mediator".to_owned(),
        scopes: vec![Scope::Sms],
        from: now.date_naive(),
        until: None,
        withdrawn_on: Some(now.date_naive()),
        proof: None,
    });
    story.told.push(format!("taken back: {:?}", kept.correct(&other, other_version, &[change("consent")], territory, now).await));
    story.note("what its source says", kept.words_of_sources(codes[0]).await);
    story.note("history", kept.history(codes[0]).await);
    story.note("what is left", kept.record(codes[0]).await);
    story.look("erased").await;
}

pub async fn persons(story: &mut Story) {
    let (kept, now) = (std::sync::Arc::clone(&story.store), story.now);
    let person = Person::new(INES);
    let session = story.vocabulary.territory().postal_code("1030");
    let session = directory::session::Session { place: session, ..directory::session::Session::default() };
    let delivery = Delivery::new(Way::Sms, person, Sealed::new(b"sealed".to_vec()), "un mot".to_owned(), now, Duration::hours(6));
    // What is sensitive is counted by the month, and nowhere: from a phone and from a kiosk.
    let note = Note::Unmet { theme: Some(Theme::Mind), postal_code: Some("5670".to_owned()) };
    let kiosk = KioskCount { id: "STK".to_owned(), day: now.date_naive(), note: note.clone() };
    story.commit("a subject that is nobody's business", KeptTurn { notes: vec![note], ..story.turn("ST0") }).await;
    story.note("the same at a kiosk", kept.keep_kiosk_count(&kiosk).await);
    for (count, which) in [(1, "carrier_id = 'STK'"), (0, "channel = 'kiosk' AND answer LIKE '%5670%'")] {
        assert_eq!(story.place.number(&format!("SELECT count(*) FROM turn WHERE {which}")).await.unwrap(), count);
    }
    let count = |what: &str| format!("SELECT CAST(coalesce(sum(count), 0) AS BIGINT) FROM unmet WHERE theme = 'mind' AND {what}");
    assert_eq!(story.place.number(&count("postal_code = '' AND day LIKE '%-01'")).await.unwrap(), 2);
    assert_eq!(story.place.number(&count("(postal_code <> '' OR day NOT LIKE '%-01')")).await.unwrap(), 0);
    let turn = KeptTurn {
        memory: ConversationMemory::Kept { sender: INES, session, until: now + Duration::minutes(30) },
        text: Some("douche 1030".to_owned()),
        intent: Some("search"),
        deliveries: vec![delivery],
        ..story.turn("ST1")
    };
    story.commit("writes", turn).await;
    kept.opt_in(&person, now).await.unwrap();
    kept.opt_out(&person, now).await.unwrap();
    let request =
        SealedRequest { id: "ines".to_owned(), sealed: Sealed::new(vec![1]), language: "fr".to_owned(), theme: None, postal_code: None, written: now };
    kept.keep_sealed_request(&request).await.unwrap();
    let budgets = vec!["own".to_owned(), "b1".to_owned(), "nobody's".to_owned()];
    let whose = Whose { person, senders: vec![INES, [0x2e; 32]], budgets, sealed_requests: vec!["ines".to_owned()] };
    story.note("what is kept of her", kept.traces(&whose).await);
    story.note("erased", kept.erase_traces(&whose).await);
    let left = kept.traces(&Whose { sealed_requests: Vec::new(), ..whose }).await.unwrap();
    assert!(left.is_empty() && left.opted_out.is_some(), "{}: {left:?}", story.place.engine());
    story.note("what is left", left);
    story.look("a person erased").await;
}
