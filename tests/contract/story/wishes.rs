//! What persons ask for beside answers, and the keys that stand between them and the database.

use std::time::Duration as Span;

use chrono::{Duration, NaiveDate};
use db::budget::{Budget, Charge, Takes};
use db::call_back::{self, CallBack};
use db::journal::{CallBackRequest, CarrierMessage, JournalEntry, KIOSK, KeptTurn, SideRequest};
use db::sender_key::SenderKey;
use db::{Person, Sealed, Topic};
use directory::answer::BestHour;
use directory::language::Language;
use directory::theme::Theme;
use tokio::time::timeout;

use super::Story;

fn amina() -> Person {
    Person::new([0xa1; 32])
}

/// Bytes that are no text, and hold a NUL.
fn bart() -> Person {
    Person::new([0; 32])
}

impl Story {
    fn asks(&self, carrier_id: &str, request: SideRequest) -> KeptTurn {
        KeptTurn { request: Some(request), ..self.turn(carrier_id) }
    }

    fn start(&self, carrier_id: &str, person: Person) -> KeptTurn {
        self.asks(carrier_id, SideRequest::OptIn(person))
    }

    fn stop(&self, carrier_id: &str, person: Person) -> KeptTurn {
        let charge = Charge { segments: 1, budgets: Vec::new(), notice: Some("notice".to_owned()), silence: "silence".to_owned(), is_urgent: false };
        KeptTurn { charge: Some(charge), ..self.asks(carrier_id, SideRequest::OptOut(person)) }
    }

    async fn note_pushes(&mut self, step: &str) {
        for (name, person) in [("Amina", amina()), ("Bart", bart())] {
            self.note(&format!("{step}: {name} may be pushed"), self.store.may_push(&person).await);
        }
        self.note(step, self.store.count_opt_outs().await);
    }

    async fn note_queue(&mut self, step: &str) {
        self.note(step, self.store.call_backs().await);
        self.note(step, self.store.count_call_backs().await);
    }
}

pub async fn opt_outs(story: &mut Story) {
    story.note_pushes("nobody said STOP").await;
    story.commit("STOP", story.stop("SW1", amina())).await;
    story.note_pushes("one said STOP").await;
    story.commit("STOP again", story.stop("SW2", amina())).await;
    story.commit("STOP delivered again", story.stop("SW1", amina())).await;
    story.commit("STOP on another channel", on("chat", story.stop("SW3", amina()))).await;
    story.commit("START", story.start("SW4", amina())).await;
    story.note_pushes("one said START").await;
    story.commit("START of somebody who never said STOP", story.start("SW5", bart())).await;
    story.later(Duration::minutes(1));
    story.commit("STOP after START", story.stop("SW6", amina())).await;
    // Within one group the last word counts, and each STOP after a START has its own receipt.
    let together =
        vec![story.stop("SW7", bart()), story.stop("SW8", bart()), story.start("SW9", bart()), story.stop("SW10", bart()), story.start("SW11", amina())];
    story.commit_together("together", together).await;
    story.note_pushes("after a group").await;
    // Lists of every length.
    let many = (0..100).map(|number| story.stop(&format!("SWM{number}"), Person::new([number; 32]))).collect();
    story.commit_together("many", many).await;
    story.note_pushes("after many").await;
    story.look("after the opt-outs").await;
}

fn on(channel: &'static str, turn: KeptTurn) -> KeptTurn {
    KeptTurn { message: CarrierMessage { channel, ..turn.message }, ..turn }
}

fn call(person: Person, number: &[u8], language: Language, about: Option<(Theme, &str)>) -> SideRequest {
    let call_back = CallBack {
        number: Sealed::new(number.to_vec()),
        language: language.code().to_owned(),
        theme: about.map(|(theme, _)| theme),
        postal_code: about.map(|(_, code)| code.to_owned()),
        hour: about.map(|_| BestHour::Evening),
        recording: about.map(|_| Sealed::new(number.to_vec())),
    };
    SideRequest::CallBack(CallBackRequest { person, call_back, room: Vec::new() })
}

pub async fn call_backs(story: &mut Story) {
    story.note_queue("nobody waits").await;
    story.note("nobody to call", story.store.claim_call_back(story.now).await);
    story.commit("asks", story.asks("SC1", call(amina(), b"\0sealed", Language::Fr, Some((Theme::Food, "1030"))))).await;
    story.commit("delivered again", story.asks("SC1", call(bart(), b"never kept", Language::Fr, None))).await;
    story.later(Duration::minutes(5));
    story.commit("another", story.asks("SC2", call(bart(), &[0xff; 57], Language::Nl, None))).await;
    story.note_queue("two wait").await;
    story.note("nobody has that number", story.store.take_call_back(99, story.now).await);
    story.later(Duration::minutes(5));
    if let SideRequest::CallBack(request) = call(amina(), b"typed", Language::En, Some((Theme::Wash, "4570"))) {
        let message = CarrierMessage { channel: KIOSK, carrier_id: "SCK".to_owned(), received: story.now };
        story.commit("somebody types her number at a kiosk", JournalEntry::KioskRequest { message, request }).await;
    }
    story.note_queue("nothing has changed").await;
    let again = story.asks("SC3", call(amina(), b"sealed anew", Language::De, None));
    story.commit("asks again", on("chat", again)).await;
    let twice = vec![
        story.asks("SC4", call(Person::new([3; 32]), b"three", Language::En, None)),
        story.asks("SC5", call(Person::new([3; 32]), b"three again", Language::En, Some((Theme::Wash, "4570")))),
        story.asks("SC6", call(Person::new([4; 32]), b"four", Language::En, None)),
    ];
    story.commit_together("twice in one group", twice).await;
    story.note_queue("four wait").await;
    // There is room for one more, and for whoever waits already.
    let room = vec![Budget { name: "calls", key: "calls".to_owned(), limit: 1, until: story.now + Duration::days(1), takes: Takes::One }];
    for (id, person) in [("SC20", 6), ("SC21", 7), ("SC22", 6)] {
        let mut request = call(Person::new([person; 32]), b"room", Language::Fr, None);
        if let SideRequest::CallBack(call) = &mut request {
            call.room.clone_from(&room);
        }
        story.commit("room for one", story.asks(id, request)).await;
        story.note("answered", story.store.answered("sms", id).await);
    }
    let last = story.store.call_backs().await.unwrap().pop().unwrap();
    story.note("the one is done", story.store.finish_call_back(last.id, story.now).await);
    story.note_queue("four wait again").await;

    // Claimed in turn, then nobody is left.
    let mut ids = Vec::new();
    while let Some(claimed) = story.store.claim_call_back(story.now).await.unwrap() {
        ids.push(claimed.id);
        story.note("claimed", claimed);
    }
    assert_eq!(ids.len(), 4, "{}", story.place.engine());
    story.note_queue("all are claimed").await;
    story.later(call_back::CLAIM);
    story.note("claimed once more", story.store.claim_call_back(story.now).await);
    story.note("nobody answered", story.store.postpone_call_back(ids[0], story.now).await);
    story.note("done", story.store.finish_call_back(ids[1], story.now).await);
    for id in [ids[1], 999, -1] {
        story.note("not there: done", story.store.finish_call_back(id, story.now).await);
        story.note("not there: again", story.store.postpone_call_back(id, story.now).await);
    }
    story.later(call_back::AGAIN - Duration::seconds(1));
    story.note("the first is not called yet", story.store.claim_call_back(story.now).await);
    story.later(Duration::seconds(1));
    story.note("now it is", story.store.claim_call_back(story.now).await);
    // A clock that was ahead hides nobody.
    story.note("two days before", story.store.claim_call_back(story.now - Duration::days(2)).await);
    story.commit("asks after the call", story.asks("SC7", call(bart(), b"two", Language::Nl, None))).await;
    story.note_queue("numbers do not come again").await;
    story.look("after the call-backs").await;
}

/// Who watches is told, or looks again after a while.
pub async fn changes(story: &mut Story) {
    let mut changes = story.store.changes(Topic::CallBacks).await.unwrap();
    story.commit("asks while somebody watches", story.asks("SC8", call(Person::new([5; 32]), b"five", Language::Fr, None))).await;
    let told = timeout(Span::from_secs(4), changes.wait()).await;
    assert!(told.is_ok(), "{}: who watches is told nothing", story.place.engine());
    story.note_queue("seen by who watches").await;
}

pub async fn sender_keys(story: &mut Story) {
    let key = |day: &str, bytes: &[u8]| SenderKey { begins_on: day.parse::<NaiveDate>().unwrap(), sealed: Sealed::new(bytes.to_vec()) };
    story.note("no key", story.store.sender_keys().await);
    let (old, new, far) = (key("2026-08-25", b"\0old"), key("2026-11-23", &[0xff; 73]), key("2027-12-01", b"far"));
    for kept in [&new, &old, &far] {
        story.store.add_sender_key(kept).await.unwrap();
    }
    story.note("three keys", story.store.sender_keys().await);
    story.store.add_sender_key(&key("2026-11-23", b"another")).await.unwrap();
    story.note("a day has one key", story.store.sender_keys().await);
    story.store.remove_sender_key(&key("2027-12-01", b"another")).await.unwrap();
    story.note("only that very key is removed", story.store.sender_keys().await);
    story.store.remove_sender_key(&far).await.unwrap();
    story.place.tamper("INSERT INTO sender_key (begins_on, sealed) VALUES ('no day', '')").await.unwrap();
    story.note("no day, no key", story.store.sender_keys().await);
    story.place.tamper("DELETE FROM sender_key WHERE begins_on = 'no day'").await.unwrap();
    // In force for a day: the older one goes with the next purge.
    story.note("purged on its first day", story.store.purge("2026-11-23T23:59:59Z".parse().unwrap()).await);
    story.note("both keys", story.store.sender_keys().await);
    story.note("purged a day later", story.store.purge("2026-11-24T00:00:00Z".parse().unwrap()).await);
    story.note("one key", story.store.sender_keys().await);
    story.look("after the keys").await;
}

/// What the purges of time left.
pub async fn expired(story: &mut Story) {
    story.note_queue("nobody called in time").await;
    story.note_pushes("STOP stays").await;
    story.note("the key in force stays", story.store.sender_keys().await);
    story.commit("asks after all", story.asks("SC9", call(bart(), b"nine", Language::Nl, None))).await;
    story.later(call_back::RETENTION + Duration::seconds(1));
    story.note("one more expires", story.store.purge(story.now).await);
    story.note_queue("counted on").await;
    story.look("after what expired").await;
}
