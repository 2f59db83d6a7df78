//! Several gateways on one PostgreSQL database: one answer to a message, no segment spent twice. On either engine, no turn
//! waits for an import.

use std::collections::BTreeSet;
use std::sync::mpsc::RecvTimeoutError;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use application::limits::Limits;
use application::sms::gsm7;
use application::turn::{Channel, Request, TurnService};
use db::import::{Options, Source};
use directory::code::Code;
use directory::draft::{Draft, Feed};
use directory::language::{Language, Localized};
use directory::record::{Content, Kind, Status};
use harness::demo::Demo;
use harness::place::Place;

const MESSAGES: usize = 200;

/// Two gateways whose answers show who gave them.
async fn two(limits: &Limits) -> Option<(Demo, [Arc<TurnService>; 2])> {
    let Some(place) = Place::postgres().await.unwrap() else {
        harness::skip("two gateways on PostgreSQL", "PASSERELLE_TEST_POSTGRES names no server: scripts/postgres does");
        return None;
    };
    Some(two_on(place, limits).await)
}

async fn two_on(place: Place, limits: &Limits) -> (Demo, [Arc<TurnService>; 2]) {
    let demo = Demo::on(place).await.unwrap();
    let mut engines = [demo.another_gateway().await.unwrap(), demo.another_gateway().await.unwrap()];
    for engine in &mut engines {
        Arc::get_mut(engine).unwrap().limits = limits.clone();
    }
    (demo, engines)
}

/// Delivers a message to both gateways at the same moment; their answer, which must be one.
async fn deliver(engines: &[Arc<TurnService>; 2], from: String, id: usize) -> String {
    let deliveries: Vec<_> = engines
        .iter()
        .zip(["first", "second"])
        .map(|(engine, name)| {
            let request = Request::text(Channel::Sms, Some(from.clone()), "manger 1030", format!("SM{id}"));
            let engine = Arc::clone(engine);
            tokio::spawn(async move {
                // On a slow machine a gateway says "come again", and the carrier does.
                for _ in 0..100 {
                    match engine.take_text(&request, |text| text.map_or_else(String::new, |text| format!("{name}|{text}"))).await {
                        Err(error) if error.is_retryable() => {}
                        taken => return taken.unwrap(),
                    }
                }
                panic!("no answer after a hundred deliveries")
            })
        })
        .collect();
    let mut answers = BTreeSet::new();
    for delivery in deliveries {
        answers.insert(delivery.await.unwrap().bytes);
    }
    assert_eq!(answers.len(), 1, "message {id} is answered in two ways");
    answers.into_iter().next().unwrap()
}

fn segments(answer: &str) -> i64 {
    answer.split_once('|').map_or(0, |(_, text)| i64::try_from(gsm7::segments(text).len()).unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_gateways_answer_a_message_once_and_spend_no_segment_twice() {
    let limits = Limits { sender_hour: 1_000, sender_day: 1_001, range_day: 1_002, day: 150, same_hour: 1_000, ..Limits::default() };
    let Some((demo, engines)) = two(&limits).await else { return };
    let mut spent = 0;
    let mut givers = BTreeSet::new();
    for id in 0..MESSAGES {
        let answer = deliver(&engines, format!("+324700000{:02}", id % 20), id).await;
        spent += segments(&answer);
        givers.extend(answer.split_once('|').map(|(giver, _)| giver.to_owned()));
    }
    println!("{MESSAGES} messages, {spent} of {} segments, answered by {givers:?}", limits.day);
    assert!(spent <= limits.day && spent + 2 >= limits.day, "{spent} segments of {}", limits.day);
    assert_eq!(demo.place.number("SELECT count(*) FROM turn").await.unwrap(), i64::try_from(MESSAGES).unwrap());
    assert!(demo.place.number(&format!("SELECT count(*) FROM budget WHERE spent = {spent}")).await.unwrap() >= 1, "the day's budget says otherwise");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_messages_at_once_spend_no_segment_twice() {
    let limits = Limits { sender_hour: 9, sender_day: 1_001, range_day: 1_002, day: 100, same_hour: 1_000, ..Limits::default() };
    let Some((_demo, engines)) = two(&limits).await else { return };
    let engines = Arc::new(engines);
    let senders: Vec<_> = (0..40)
        .map(|sender| {
            let engines = Arc::clone(&engines);
            tokio::spawn(async move {
                let mut spent = 0;
                for id in (sender..MESSAGES).step_by(40) {
                    spent += segments(&deliver(&engines, format!("+324700000{sender:02}"), id).await);
                }
                spent
            })
        })
        .collect();
    let mut spent = Vec::new();
    for sender in senders {
        spent.push(sender.await.unwrap());
    }
    let all: i64 = spent.iter().sum();
    assert!(spent.iter().all(|spent| *spent <= limits.sender_hour), "{spent:?}");
    assert!(all <= limits.day && all + 2 >= limits.day, "{all} segments of {}", limits.day);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn turns_do_not_wait_for_an_import() {
    for place in Place::both().await.unwrap() {
        turns_beside_an_import(place).await;
    }
}

/// One gateway imports; it and another one answer meanwhile, as two programs do.
async fn turns_beside_an_import(place: Place) {
    let engine = place.engine();
    let (demo, [other, _]) = two_on(place, &Limits::default()).await;
    let engines = [Arc::clone(&demo.engine), other];
    let own_number = confirmable(&demo).await;
    let drafts = (0..300).map(|number| {
        let mut content = Content { name: Localized::new(Language::Fr, format!("Atelier long {number}")), ..Content::default() };
        content.address.postal_code = Some("1030".to_owned());
        Draft::new(format!("a{number}"), Kind::Organisation, content)
    });
    let feed = Feed { drafts: drafts.collect(), ..Feed::default() };
    let (writing, mut begun) = tokio::sync::mpsc::unbounded_channel();
    let (answered, all_answered) = std::sync::mpsc::channel::<()>();
    let all_answered = Mutex::new(all_answered);
    let store = Arc::clone(&demo.engine.store);
    let now = harness::demo::MONDAY.parse().unwrap();
    let import = tokio::spawn(async move {
        let vocabulary = directory::vocabulary::Vocabulary::shipped().unwrap();
        let source = Source::new("long", "csv");
        // Stands still inside its transaction until the turns are answered.
        let progress = |_, _| {
            let _ = writing.send(());
            let waited = tokio::task::block_in_place(|| all_answered.lock().unwrap().recv_timeout(Duration::from_secs(20)));
            assert_eq!(waited, Err(RecvTimeoutError::Disconnected));
        };
        store.import(&source, feed, vocabulary.territory(), Options { dry_run: false, allow_drop: false, now }, progress).await
    });
    begun.recv().await.unwrap();
    for id in 0..20 {
        assert!(!deliver(&engines, format!("+324700000{id:02}"), id).await.is_empty());
    }
    // An organisation that calls its entry right waits no more than others.
    let (number, code) = own_number;
    let request = Request::text(Channel::Sms, Some(number), format!("{code} OK"), "SMright");
    engines[0].take_text(&request, |text| text.unwrap_or_default().to_owned()).await.unwrap();
    assert!(!import.is_finished(), "{engine}");
    let mut parts = 0;
    demo.engine.store.each_brief(|brief| parts += usize::from(brief.name(Language::Fr).starts_with("Atelier long "))).await.unwrap();
    assert_eq!(parts, 0, "{engine}: a part of it is there before all of it is");
    drop(answered);
    assert_eq!(import.await.unwrap().unwrap().new, 300);
    assert_eq!(demo.engine.store.take_confirmations(demo.engine.vocabulary.territory(), now).await.unwrap(), 1, "{engine}");
}

/// An entry with a number of its own that nobody has verified, and the number.
async fn confirmable(demo: &Demo) -> (String, Code) {
    let mut found = None;
    demo.engine
        .store
        .each_record(|record| {
            let phone = record.phone().and_then(|contact| contact.phone.clone());
            let number = phone.filter(|_| record.status == Status::Published && record.trust.level < 2).map(|phone| phone.as_str().to_owned());
            found = found.take().or(number.filter(|number| number.starts_with("+324")).map(|number| (number, record.code)));
        })
        .await
        .unwrap();
    found.unwrap()
}
