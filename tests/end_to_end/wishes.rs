//! STOP, START and a call: kept with the turn, on either engine.

use std::sync::Arc;
use std::time::{Duration as Span, Instant};

use application::keys::Keys;
use application::seal::{Sealer, Use};
use chrono::{DateTime, Duration, Utc};
use db::{Store, Topic};
use directory::clock::Clock;
use harness::demo::Demo;
use harness::place::Place;

use super::{Carrier, SILENCE, segments};

const AMINA: &str = "+32470123456";
const RECEIPT: &str = "Nous ne vous enverrons plus rien";
const PROMISE: &str = "Une personne vous rappellera";

/// A carrier for a gateway that calls back.
async fn carrier(place: Place) -> Arc<Carrier> {
    let mut demo = Demo::on(place).await.unwrap();
    let engine = Arc::get_mut(&mut demo.engine).unwrap();
    engine.calls_back = true;
    engine.limits.same_hour = 1_000;
    Arc::new(Carrier::with(demo))
}

impl Carrier {
    fn store(&self) -> &Store {
        &self.demo.engine.store
    }

    fn now(&self) -> DateTime<Utc> {
        self.demo.clock.now()
    }

    async fn may_push(&self, number: &str) -> bool {
        !self.store().has_stopped(&self.demo.engine.keys.person(number)).await.unwrap()
    }

    async fn says(&self, from: &str, sid: &str, text: &str) -> String {
        self.deliver_from(from, sid, text).await.1
    }
}

#[tokio::test]
async fn stop_is_acknowledged_once_and_questions_are_answered_after_it() {
    for place in Place::both().await.unwrap() {
        let engine = place.engine();
        let carrier = carrier(place).await;
        assert!(carrier.may_push(AMINA).await);
        assert!(carrier.says(AMINA, "SM1", "STOP").await.contains(RECEIPT));
        assert!(!carrier.may_push(AMINA).await, "{engine}");
        assert_eq!(carrier.says(AMINA, "SM2", "stop").await, SILENCE);
        assert!(carrier.says(AMINA, "SM1", "STOP").await.contains(RECEIPT), "a message delivered twice gets the same bytes");
        assert!(carrier.says(AMINA, "SM3", "manger 1030").await.contains("Repas chaud 1030"));
        assert!(!carrier.may_push(AMINA).await, "a question is no START");
        assert!(carrier.may_push("+32470123457").await);
        assert_eq!(carrier.store().count_opt_outs().await.unwrap(), 1);
        // Nothing of it goes with time, nor with the sender keys.
        carrier.store().purge(carrier.now() + Duration::days(400)).await.unwrap();
        assert!(!carrier.may_push(AMINA).await);
        assert!(carrier.says(AMINA, "SM4", "START").await.contains("de nouveau"));
        assert!(carrier.may_push(AMINA).await);
        assert!(carrier.says(AMINA, "SM5", "STOP").await.contains(RECEIPT), "a new STOP has its own receipt");
    }
}

#[tokio::test]
async fn stop_counts_in_four_languages_and_on_every_channel() {
    let carrier = carrier(Place::sqlite().unwrap()).await;
    for (number, word) in ["stop", "arrêt", "stoppen", "unsubscribe"].iter().enumerate() {
        let from = format!("+324701234{number:02}");
        assert!(carrier.says(&from, &format!("SM{number}"), word).await.contains("<Message>"));
        assert!(!carrier.may_push(&from).await, "{word}");
    }
    // At the terminal, too: what is not said there either is no text.
    let again = carrier.demo.text("+32470123400", "stop").await.unwrap();
    assert!(again.sms.segments.is_empty(), "{}", again.sms.text);
}

#[tokio::test]
async fn simultaneous_stops_get_one_receipt() {
    for place in Place::both().await.unwrap() {
        let engine = place.engine();
        let carrier = carrier(place).await;
        let stops: Vec<_> = (0..20)
            .map(|number| {
                let carrier = Arc::clone(&carrier);
                tokio::spawn(async move { carrier.says(AMINA, &format!("SM{number}"), "STOP").await })
            })
            .collect();
        let mut receipts = 0;
        for stop in stops {
            let said = stop.await.unwrap();
            assert!(said.contains(RECEIPT) || said == SILENCE, "{said}");
            receipts += usize::from(said.contains(RECEIPT));
        }
        assert_eq!(receipts, 1, "{engine}");
    }
}

#[tokio::test]
async fn stop_is_kept_even_where_nothing_can_be_said_and_a_call_is_not() {
    for place in Place::both().await.unwrap() {
        let carrier = carrier(place).await;
        carrier.store().stop_sending(true).await.unwrap();
        assert_eq!(carrier.says(AMINA, "SM1", "STOP").await, SILENCE);
        assert!(!carrier.may_push(AMINA).await);
        assert_eq!(carrier.says("+32470123457", "SM2", "0").await, SILENCE);
        assert_eq!(carrier.store().count_call_backs().await.unwrap(), (0, 0), "a call that nobody was promised");
        carrier.store().stop_sending(false).await.unwrap();
        // The last segment of a budget acknowledges STOP rather than asking to come again in an hour. Where
        // not even that one is left, STOP is kept all the same.
        let limit = usize::try_from(carrier.demo.engine.limits.sender_hour).unwrap();
        for (number, left, receipt) in [("+32470123458", 1, true), ("+32470123459", 0, false)] {
            let (mut spent, mut asked) = (0, 0);
            while spent < limit - left {
                asked += 1;
                spent += segments(&carrier.says(number, &format!("SM{number}{asked}"), "colis alimentaire 1080").await);
            }
            let said = carrier.says(number, &format!("SM{number}"), "STOP").await;
            assert_eq!((said.contains(RECEIPT), said == SILENCE), (receipt, !receipt), "{said}");
            assert!(!carrier.may_push(number).await);
        }
    }
}

/// Whoever forges senders makes people call: so many a day, so many of a range, nobody who costs more than a call.
#[tokio::test]
async fn forged_senders_fill_the_queue_only_to_its_limits() {
    for place in Place::both().await.unwrap() {
        let engine = place.engine();
        let carrier = carrier(place).await;
        let limits = &carrier.demo.engine.limits;
        let (all, range) = (usize::try_from(limits.call_backs_day).unwrap(), usize::try_from(limits.call_backs_range_day).unwrap());
        for (number, from) in ["+3290312345", "+33899123456", "+4970012345678", "+49190555123"].iter().enumerate() {
            let said = carrier.says(from, &format!("SMP{number}"), "0").await;
            assert!(!said.contains(PROMISE), "{said}");
        }
        assert_eq!(carrier.store().count_call_backs().await.unwrap().0, 0, "{engine}: a number at a higher price waits for a call");
        let (mut promised, mut of_range) = (0, 0);
        for number in 0..all * 2 {
            // The first thirty share a range.
            let from = if number < 30 { format!("+3247012{number:04}") } else { format!("+324{:03}1{number:04}", 700 + number) };
            let said = carrier.says(&from, &format!("SMQ{number}"), "0").await;
            promised += usize::from(said.contains(PROMISE));
            of_range += usize::from(number < 30 && said.contains(PROMISE));
            assert!(said.contains("025550100"), "{said}");
        }
        let waiting = usize::try_from(carrier.store().count_call_backs().await.unwrap().0).unwrap();
        assert_eq!((of_range, promised, waiting), (range, all, all), "{engine}");
        // Who waits already asks again as they like, and the next day there is room.
        assert!(carrier.says("+32470120000", "SMR1", "0").await.contains(PROMISE));
        assert!(!carrier.says(AMINA, "SMR2", "0").await.contains(PROMISE));
        carrier.demo.clock.advance(Duration::days(1));
        assert!(carrier.says(AMINA, "SMR3", "0").await.contains(PROMISE));
    }
}

#[tokio::test]
async fn a_call_is_promised_and_kept_for_a_person() {
    for place in Place::both().await.unwrap() {
        let carrier = carrier(place).await;
        carrier.says(AMINA, "SM1", "manger 1030").await;
        let promise = carrier.says(AMINA, "SM2", "0").await;
        assert!(promise.contains(PROMISE) && promise.contains("025550100"), "{promise}");
        carrier.demo.clock.advance(Duration::minutes(5));
        assert!(carrier.says(AMINA, "SM3", "nederlands").await.contains("Nederlands"));
        assert!(carrier.says(AMINA, "SM4", "0").await.contains("belt u terug"));
        // One row, in its first place, with the last word.
        let waiting = carrier.store().call_backs().await.unwrap();
        let [row] = waiting.as_slice() else { panic!("{waiting:?}") };
        assert_eq!((row.id, row.language.as_str(), row.asked_at - row.first_asked_at), (1, "nl", Duration::minutes(5)));
        assert_eq!((row.postal_code.as_deref(), row.attempts), (Some("1030"), 0));
        let number = Sealer::new(&[7; 32]).open(Use::CallBack(&row.person), &row.number).unwrap();
        assert_eq!(number, AMINA.as_bytes());
        assert_eq!(row.person, carrier.demo.engine.keys.person(AMINA));
        // Claimed by one, then free again; then nobody answered; then done.
        let now = carrier.now();
        assert_eq!(carrier.store().claim_call_back(now).await.unwrap().unwrap().id, 1);
        assert_eq!(carrier.store().claim_call_back(now + Duration::minutes(14)).await.unwrap(), None);
        assert_eq!(carrier.store().claim_call_back(now + Duration::minutes(15)).await.unwrap().unwrap().id, 1);
        assert!(carrier.store().postpone_call_back(1, now).await.unwrap());
        assert_eq!(carrier.store().claim_call_back(now + Duration::minutes(119)).await.unwrap(), None);
        assert_eq!(carrier.store().claim_call_back(now + Duration::minutes(120)).await.unwrap().unwrap().attempts, 1);
        // A clock that was ahead when it was claimed hides nobody.
        assert_eq!(carrier.store().claim_call_back(now - Duration::days(2)).await.unwrap().unwrap().id, 1);
        assert!(carrier.store().finish_call_back(1, now).await.unwrap());
        assert!(!carrier.store().finish_call_back(1, now).await.unwrap() && !carrier.store().postpone_call_back(1, now).await.unwrap());
        assert!(carrier.says(AMINA, "SM4", "0").await.contains("belt u terug"), "a message delivered twice gets the same bytes");
        assert_eq!(carrier.store().count_call_backs().await.unwrap(), (0, 0), "and asks for nothing new");
        carrier.says(AMINA, "SM5", "0").await;
        assert_eq!(carrier.store().call_backs().await.unwrap()[0].id, 2, "numbers do not come again");
    }
}

#[tokio::test]
async fn nobody_is_promised_a_call_that_cannot_be_made() {
    let carrier = Carrier::new().await;
    let said = carrier.says(AMINA, "SM1", "0").await;
    assert!(said.contains("Une personne vous aide") && !said.contains("rappel"), "{said}");
    let carrier = self::carrier(Place::sqlite().unwrap()).await;
    let nobody = application::turn::Request::text(application::turn::Channel::Ask, None, "0", "A1");
    let national = application::turn::Request { sender: Some("0470123456".to_owned()), carrier_id: "A2".to_owned(), ..nobody.clone() };
    for request in [nobody, national] {
        let said = carrier.demo.engine.explain(&request).await.unwrap().sms.text;
        assert!(said.contains("Une personne vous aide"), "{said}");
    }
    assert_eq!(carrier.says("+447700900123", "SM2", "0").await, SILENCE);
    assert_eq!(carrier.store().count_call_backs().await.unwrap(), (0, 0));
}

#[tokio::test]
async fn a_call_back_holds_no_number_to_read_and_no_sensitive_subject() {
    let carrier = carrier(Place::sqlite().unwrap()).await;
    carrier.says(AMINA, "SM1", "depression 1030").await;
    assert!(carrier.says(AMINA, "SM2", "0").await.contains(PROMISE));
    let row = carrier.store().call_backs().await.unwrap().remove(0);
    assert_eq!((row.theme.as_deref(), row.postal_code.as_deref()), (None, None));
    let printed = format!("{row:?} {:?}", carrier.demo.engine);
    assert!(!printed.contains("470123456") && printed.contains("Person(redacted)"), "{printed}");
    let folder = carrier.demo.place.file().unwrap().parent().unwrap();
    let on_disk = |needle: &[u8]| {
        std::fs::read_dir(folder).unwrap().any(|file| std::fs::read(file.unwrap().path()).unwrap().windows(needle.len()).any(|window| window == needle))
    };
    assert!(!on_disk(b"470123456"), "the number can be read");
    assert!(on_disk(row.number.as_bytes()));
    assert!(carrier.store().finish_call_back(row.id, carrier.demo.clock.now()).await.unwrap());
    assert!(!on_disk(row.number.as_bytes()) && !on_disk(row.person.as_bytes()), "what is done is still on the disk");
    // And where nobody calls within a week: erased, and counted.
    carrier.says(AMINA, "SM3", "0").await;
    let row = carrier.store().call_backs().await.unwrap().remove(0);
    let now = carrier.now();
    assert_eq!(carrier.store().purge(now + Duration::days(7)).await.unwrap().call_backs, 0);
    assert_eq!(carrier.store().purge(now + Duration::days(7) + Duration::seconds(1)).await.unwrap().call_backs, 1);
    assert!(!on_disk(row.number.as_bytes()) && !on_disk(row.person.as_bytes()), "what expired is still on the disk");
    assert_eq!(carrier.store().count_call_backs().await.unwrap(), (0, 1));
}

#[tokio::test]
async fn no_two_people_call_the_same_number() {
    for place in Place::both().await.unwrap() {
        let engine = place.engine();
        let carrier = carrier(place).await;
        for number in 0..12 {
            carrier.says(&format!("+32470{number:06}"), &format!("SM{number}"), "0").await;
        }
        let now = carrier.now();
        let mut claims = tokio::task::JoinSet::new();
        for _ in 0..12 {
            let carrier = Arc::clone(&carrier);
            claims.spawn(async move { carrier.store().claim_call_back(now).await.unwrap().map(|claimed| claimed.id) });
        }
        let claimed: std::collections::BTreeSet<i64> = claims.join_all().await.into_iter().flatten().collect();
        // A claim that meets another one may find nobody; it never finds the same one.
        assert!(claimed.len() >= 6, "{engine}: {claimed:?}");
        let mut rest = 0;
        while carrier.store().claim_call_back(now).await.unwrap().is_some_and(|row| !claimed.contains(&row.id)) {
            rest += 1;
        }
        assert_eq!(claimed.len() + rest, 12, "{engine}");
    }
}

#[tokio::test]
async fn who_watches_is_told() {
    for place in Place::both().await.unwrap() {
        let engine = place.engine();
        let carrier = carrier(place).await;
        let mut changes = carrier.store().changes(Topic::CallBacks).await.unwrap();
        let begun = Instant::now();
        let told = tokio::spawn(async move { changes.wait().await });
        carrier.says(AMINA, "SM1", "0").await;
        told.await.unwrap();
        let bound = if engine == "PostgreSQL" { Span::from_secs(4) } else { Span::from_secs(10) };
        assert!(begun.elapsed() < bound, "{engine}: {:?}", begun.elapsed());
        assert_eq!(carrier.store().call_backs().await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn gateways_on_one_database_hash_senders_alike() {
    for place in Place::both().await.unwrap() {
        let engine = place.engine();
        let address = place.address().clone();
        Store::connect(&address).await.unwrap().close().await;
        let now: DateTime<Utc> = harness::demo::MONDAY.parse().unwrap();
        let mut gateways = tokio::task::JoinSet::new();
        for _ in 0..6 {
            let address = address.clone();
            gateways.spawn(async move {
                let store = Store::connect(&address).await.unwrap();
                let keys = Keys::open(&[7; 32], &store, now).await.unwrap();
                let later = now + Duration::days(89);
                keys.renew(&store, later).await.unwrap();
                let hashes = [now, later, later + Duration::days(1)].map(|at| keys.hasher(at).hash(AMINA));
                store.close().await;
                hashes
            });
        }
        let hashes: std::collections::BTreeSet<_> = gateways.join_all().await.into_iter().collect();
        assert_eq!(hashes.len(), 1, "{engine}");
        let [first, second, third] = hashes.into_iter().next().unwrap();
        assert!(first == second && second != third, "{engine}");
    }
}
