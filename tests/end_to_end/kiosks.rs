//! What kiosks ask of people: a sealed request becomes a call-back, once, and only this gateway can read it.

use std::sync::Arc;

use application::keys::Keys;
use application::seal::{Sealer, Use};
use db::assistance::AssistanceCall;
use db::kiosk_count::KioskCount;
use db::sealed_request::SealedRequest;
use db::ticket::Ticketed;
use directory::answer::Note;
use directory::clock::Clock;
use directory::code::Code;
use directory::phone::{Country, Phone};
use directory::record::{Consent, Scope};
use directory::theme::Theme;
use directory::ticket::Ticket;
use gateway::kiosks::{Copy, RequestImporter};
use harness::demo::{self, Demo};
use harness::place::Place;
use kiosk::data::seal::seal;

const AMINA: &str = "+32470123456";

fn sealed(demo: &Demo, id: &str, number: &str, keys: &Keys) -> SealedRequest {
    let number = Phone::parse(number, Country::Be).unwrap();
    let sealed = seal(&keys.sealing_key(), &number).unwrap();
    SealedRequest {
        id: id.to_owned(),
        sealed,
        language: "ar".to_owned(),
        theme: Some(Theme::Food),
        postal_code: Some("1030".to_owned()),
        written: demo.clock.now(),
    }
}

#[tokio::test]
async fn a_sealed_request_becomes_one_call_back() {
    for place in Place::both().await.unwrap() {
        let engine = place.engine();
        let demo = Demo::on(place).await.unwrap();
        let (store, keys) = (&demo.engine.store, &demo.engine.keys);
        let mut importer = RequestImporter::new(Arc::clone(&demo.engine));
        let written = sealed(&demo, "one", AMINA, keys);
        store.keep_sealed_request(&written).await.unwrap();
        assert_eq!(importer.import_all(store).await.unwrap(), 1, "{engine}");
        assert_eq!(store.sealed_requests().await.unwrap(), []);
        let waiting = store.call_backs().await.unwrap().remove(0);
        assert_eq!((waiting.channel.as_str(), waiting.language.as_str(), waiting.theme.as_deref()), ("kiosk", "ar", Some("food")));
        assert_eq!(waiting.person, keys.person(AMINA));
        assert_eq!(Sealer::new(&[7; 32]).open(Use::CallBack(&waiting.person), &waiting.number).unwrap(), AMINA.as_bytes());
        // The gateway died before it burnt the letter, and the desk was quick: nobody is called again.
        store.finish_call_back(waiting.id, demo.clock.now()).await.unwrap();
        store.keep_sealed_request(&written).await.unwrap();
        assert_eq!(importer.import_all(store).await.unwrap(), 1);
        assert_eq!(store.call_backs().await.unwrap(), []);
        // Somebody who asks again, here or by text message, stands in the queue once.
        for id in ["two", "three"] {
            store.keep_sealed_request(&sealed(&demo, id, AMINA, keys)).await.unwrap();
        }
        assert_eq!(importer.import_all(store).await.unwrap(), 2);
        let waiting = store.call_backs().await.unwrap();
        assert_eq!(waiting.len(), 1);
        // Whoever types their number a day later changes nothing of it: no language, no subject, no day more in the queue.
        let typed = SealedRequest { language: "de".to_owned(), theme: None, postal_code: None, ..sealed(&demo, "four", AMINA, keys) };
        store.keep_sealed_request(&SealedRequest { written: typed.written + chrono::Duration::days(1), ..typed }).await.unwrap();
        assert_eq!(importer.import_all(store).await.unwrap(), 1);
        assert_eq!(store.call_backs().await.unwrap(), waiting);
    }
}

#[tokio::test]
async fn what_a_kiosk_says_is_not_taken_on_trust() {
    let demo = Demo::new().await.unwrap();
    let (store, keys) = (&demo.engine.store, &demo.engine.keys);
    let mut importer = RequestImporter::new(Arc::clone(&demo.engine));
    // A number at ten times the price, one far away, and words that are no number.
    for (id, number) in [("premium", "0903 12 345"), ("far", "+1 202 555 0123"), ("personal", "+49 700 12345678"), ("unknown", "+49 190 555 12345")] {
        store.keep_sealed_request(&sealed(&demo, id, number, keys)).await.unwrap();
    }
    assert_eq!(importer.import_all(store).await.unwrap(), 0);
    assert_eq!((store.sealed_requests().await.unwrap(), store.call_backs().await.unwrap()), (vec![], vec![]));
    // Closed for another gateway: it stays for that one.
    store.keep_sealed_request(&sealed(&demo, "foreign", AMINA, &Keys::fixed(&[8; 32]))).await.unwrap();
    assert_eq!(importer.import_all(store).await.unwrap(), 0);
    assert_eq!((store.sealed_requests().await.unwrap().len(), store.call_backs().await.unwrap()), (1, vec![]));
    // A theme that is nobody's business does not come with it, whatever the kiosk says.
    store.keep_sealed_request(&SealedRequest { theme: Some(Theme::Safety), ..sealed(&demo, "sensitive", AMINA, keys) }).await.unwrap();
    assert_eq!(importer.import_all(store).await.unwrap(), 1);
    assert_eq!(store.call_backs().await.unwrap()[0].theme, None);
}

/// A kiosk cannot fill the queue for all others; what it noted for somebody waits until there is room.
#[tokio::test]
async fn sealed_requests_beyond_what_people_can_call_wait() {
    let mut demo = Demo::new().await.unwrap();
    Arc::get_mut(&mut demo.engine).unwrap().limits.call_backs_day = 3;
    let (store, keys) = (&demo.engine.store, &demo.engine.keys);
    for number in 0..5 {
        store.keep_sealed_request(&sealed(&demo, &format!("L{number}"), &format!("+3247012340{number}"), keys)).await.unwrap();
    }
    let mut importer = RequestImporter::new(Arc::clone(&demo.engine));
    assert_eq!(importer.import_all(store).await.unwrap(), 3);
    assert_eq!((importer.import_all(store).await.unwrap(), store.sealed_requests().await.unwrap().len()), (0, 2));
    demo.clock.advance(chrono::Duration::days(1));
    assert_eq!((importer.import_all(store).await.unwrap(), store.sealed_requests().await.unwrap()), (2, vec![]));
    assert_eq!(store.call_backs().await.unwrap().len(), 5);
}

/// The demo, calling people back, and a copy of it for a kiosk.
async fn with_copy(place: Place) -> (Demo, Copy, Place) {
    let mut demo = Demo::on(place).await.unwrap();
    Arc::get_mut(&mut demo.engine).unwrap().calls_back = true;
    let file = Place::sqlite().unwrap();
    let mut copy = Copy::open(Arc::clone(&demo.engine), file.file().unwrap()).await.unwrap();
    copy.mirror().await.unwrap();
    (demo, copy, file)
}

#[tokio::test]
async fn a_copy_answers_as_its_directory_does() {
    for place in Place::both().await.unwrap() {
        let (demo, _copy, file) = with_copy(place).await;
        let beside = Arc::new(demo::engine(file.address(), Arc::clone(&demo.clock), Keys::fixed(&[7; 32])).await.unwrap());
        for (number, question) in ["manger 1030", "yoga", "douche 1000", "eten 1060", "wifi", "demain 1030", "help"].into_iter().enumerate() {
            let from = format!("+3247012340{number}");
            let ask = |engine: Arc<application::turn::TurnService>| {
                let request = application::turn::Request::text(application::turn::Channel::Sms, Some(from.clone()), question, format!("SM{number}"));
                async move { engine.explain(&request).await.unwrap().sms.text }
            };
            let (one, other) = (ask(Arc::clone(&demo.engine)).await, ask(Arc::clone(&beside)).await);
            assert_eq!(one, other, "{question}");
        }
        assert_eq!(beside.store.count_shown().await.unwrap(), demo.engine.store.count_shown().await.unwrap());
        assert!(beside.store.has_demo().await.unwrap());
    }
}

#[tokio::test]
async fn what_a_kiosk_writes_into_its_copy_is_brought_in_once() {
    for place in Place::both().await.unwrap() {
        let (demo, mut copy, _file) = with_copy(place).await;
        let (there, here, now) = (&demo.engine.store, copy.file(), demo.clock.now());
        assert_eq!(here.sealing_key().await.unwrap(), Some(demo.engine.keys.sealing_key()));
        // A number, a ring, a count, a ticket; and a ticket that somebody else gave.
        here.keep_sealed_request(&sealed(&demo, "one", AMINA, &demo.engine.keys)).await.unwrap();
        let call = AssistanceCall { id: "r".to_owned(), place: "Bibliothèque".to_owned(), at: now };
        here.raise_assistance(&call).await.unwrap();
        let note = Note::Unmet { theme: Some(Theme::Food), postal_code: Some("1030".to_owned()) };
        let count = KioskCount { id: "K1".to_owned(), day: now.date_naive(), note };
        here.keep_kiosk_count(&count).await.unwrap();
        let codes = vec![Code::parse("7G7KC").unwrap()];
        let slip = |language: &str| Ticketed { codes: codes.clone(), languages: language.to_owned(), style: "standard".to_owned() };
        let number = |number| Ticket::new(number).unwrap();
        here.take_ticket(&slip("fr"), &[number(1_234)], now).await.unwrap();
        there.take_ticket(&slip("nl"), &[number(4_321)], now).await.unwrap();
        for _ in 0..2 {
            copy.bring().await.unwrap();
            assert_eq!(there.call_backs().await.unwrap().len(), 1);
            assert_eq!((there.assistance_calls(now).await.unwrap(), here.assistance_calls(now).await.unwrap()), (vec![call.clone()], vec![]));
            assert_eq!((there.count_unmet().await.unwrap(), here.kiosk_counts().await.unwrap()), (1, vec![]));
            assert_eq!(there.ticket(number(1_234), now).await.unwrap(), Some(slip("fr")));
            // The number is taken there too, and says nothing of what it stands for.
            assert_eq!(here.ticket(number(4_321), now).await.unwrap().map(|taken| taken.codes), Some(Vec::new()));
            assert_eq!(there.ticket(number(4_321), now).await.unwrap(), Some(slip("nl")));
        }
        assert_eq!(here.take_ticket(&slip("de"), &[number(4_321)], now).await.unwrap(), Some(number(4_322)));
        // Without the server one number was given twice: the desk finds both slips by it, the kiosk its own.
        let about = |number: usize| Ticketed { codes: (0..).filter_map(Code::from_serial).skip(number).take(1).collect(), ..slip("fr") };
        here.take_ticket(&about(7), &[number(5_555)], now).await.unwrap();
        there.take_ticket(&about(8), &[number(5_555)], now).await.unwrap();
        for _ in 0..2 {
            copy.bring().await.unwrap();
            let mut codes = there.ticket(number(5_555), now).await.unwrap().unwrap().codes;
            codes.sort_unstable();
            let mut both = [about(7), about(8)].map(|slip| slip.codes[0]);
            both.sort_unstable();
            assert_eq!(codes, both);
            assert_eq!(here.ticket(number(5_555), now).await.unwrap().unwrap().codes, about(7).codes);
        }
        // The gateway died before it forgot what it had brought in.
        here.keep_kiosk_count(&count).await.unwrap();
        copy.bring().await.unwrap();
        assert_eq!(there.count_unmet().await.unwrap(), 1);
    }
}

#[tokio::test]
async fn a_directory_of_its_own_is_no_copy() {
    let (demo, other) = (Demo::new().await.unwrap(), Demo::new().await.unwrap());
    let refused = Copy::open(Arc::clone(&demo.engine), other.place.file().unwrap()).await.unwrap_err();
    assert!(refused.to_string().contains("is no copy"), "{refused}");
}

/// Only a copy is opened by a kiosk; a gateway's own database stays as it is.
#[tokio::test]
async fn a_kiosk_opens_a_copy_and_nothing_else() {
    let (demo, _copy, file) = with_copy(Place::sqlite().unwrap()).await;
    db::Store::open_copy(file.file().unwrap()).await.unwrap().close().await;
    let own = demo.place.file().unwrap();
    let before = demo.place.rows().await.unwrap();
    let refused = db::Store::open_copy(own).await.unwrap_err().to_string();
    assert!(refused.contains("kiosk.copy") && refused.contains("passerelle serve"), "{refused}");
    assert_eq!(demo.place.rows().await.unwrap(), before);
    // Nor anything that is no database of ours, which is not made one.
    let other = own.with_file_name("notes.txt");
    std::fs::write(&other, "").unwrap();
    assert!(db::Store::open_copy(&other).await.is_err());
    assert_eq!(std::fs::read(&other).unwrap(), b"");
}

/// Who agreed to be shown on kiosks is in the copy as long as they agree, without where that is filed; others never are.
#[tokio::test]
async fn the_copy_holds_who_agreed_and_as_long_as_they_do() {
    let place = Place::sqlite().unwrap();
    let demo = Demo::on(place).await.unwrap();
    let code = Code::parse("7G7KC").unwrap();
    let mut record = demo.engine.store.record(code).await.unwrap().unwrap().as_ref().clone();
    record.consent = Some(Consent {
        given: "paper".to_owned(),
        to: "mediator".to_owned(),
        scopes: vec![Scope::Kiosk],
        from: "2026-11-01".parse().unwrap(),
        until: Some("2026-11-24".parse().unwrap()),
        withdrawn_on: None,
        proof: Some("drawer zorgvliet".to_owned()),
    });
    let body = serde_json::to_string(&record).unwrap().replace('\'', "''");
    demo.place.tamper(&format!("UPDATE record SET body = '{body}' WHERE code = '7G7KC'")).await.unwrap();
    let file = Place::sqlite().unwrap();
    let copy = file.open().await.unwrap();
    for (day, is_there) in [("2026-11-23", true), ("2026-11-24", true), ("2026-11-25", false), ("2026-11-24", true)] {
        demo.engine.store.mirror_into(&copy, 7, day.parse().unwrap()).await.unwrap();
        let there = copy.record(code).await.unwrap();
        assert_eq!(there.is_some(), is_there, "{day}");
        assert!(there.is_none_or(|record| record.consent.as_ref().is_some_and(|consent| consent.proof.is_none())));
    }
    assert_eq!(file.number("SELECT count(*) FROM brief WHERE rank NOT IN (SELECT rank FROM record)").await.unwrap(), 0);
}
