//! What goes out: text messages and calls, once, in order, and what follows where the carrier will not have them.

use std::sync::Arc;

use chrono::Duration;
use db::outbox::{Delivery, State, Way};
use gateway::channel;
use gateway::channel::twilio::send::{Account, Rest};
use gateway::config::{SecretText, Voice};
use gateway::delivery::DeliveryWorker;
use harness::caller::Caller;
use harness::carrier::{PUBLIC_URL, TOKEN};
use harness::carrier_api::{CarrierApi, Fault};
use harness::demo::Demo;
use harness::place::Place;
use harness::twiml::Next;

use super::Carrier;

const AMINA: &str = "+32470123456";

/// A gateway that reaches out to a carrier of ours.
struct Line {
    carrier: Carrier,
    api: CarrierApi,
}

impl Line {
    async fn on(place: Place, voice: &Voice) -> Self {
        let mut demo = Demo::on(place).await.unwrap();
        let engine = Arc::get_mut(&mut demo.engine).unwrap();
        (engine.reaches_out, engine.calls_back) = (true, true);
        Self { carrier: Carrier::with_voice(demo, voice), api: CarrierApi::listen().await }
    }

    fn worker(&self, way: Way) -> DeliveryWorker {
        let account = Account {
            api: self.api.url.clone(),
            sid: "AC1".to_owned(),
            tokens: vec![SecretText::from(TOKEN)],
            from: "+32460000000".to_owned(),
            public_url: PUBLIC_URL.to_owned(),
            call_minutes: 20,
        };
        DeliveryWorker::new(
            Arc::clone(&self.carrier.demo.engine),
            way,
            channel::Carrier::Twilio(Rest::new(account).unwrap()),
            tokio::sync::watch::channel(false).1,
        )
    }

    async fn round(&self, way: Way) {
        self.worker(way).tick().await.unwrap();
    }

    /// Queues a text message; `key` says which.
    async fn queue(&self, key: &str, to: &str, is_push: bool) {
        let engine = &self.carrier.demo.engine;
        let person = engine.keys.person(to);
        let now = engine.clock.now();
        let (recipient, body) = (engine.recipient(&person, to).unwrap(), format!("text of {key}"));
        let delivery = Delivery::new(Way::Sms, person, recipient, body, now, Duration::hours(6));
        let delivery = Delivery { key: Some(key.to_owned()), is_push, ..delivery };
        engine.store.queue(&delivery).await.unwrap();
    }

    fn later(&self, time: Duration) {
        self.carrier.demo.clock.advance(time);
    }

    fn texts(&self) -> Vec<String> {
        self.api.accepted().into_iter().map(|accepted| accepted.content).collect()
    }

    async fn states(&self) -> Vec<(State, i64)> {
        self.carrier.demo.engine.store.count_deliveries().await.unwrap()
    }

    /// The carrier's report on what has that number.
    async fn report(&self, id: &str, fields: &[(&str, &str)]) -> axum::http::StatusCode {
        Caller::new(&self.carrier.router, AMINA).post(&format!("/twilio/status?id={id}"), Caller::new(&self.carrier.router, AMINA).form(fields)).await.0
    }
}

#[tokio::test]
async fn what_a_caller_wants_by_text_goes_out_once_and_is_erased() {
    for place in Place::both().await.unwrap() {
        let line = Line::on(place, &Voice::default()).await;
        let mut caller = Caller::new(&line.carrier.router, AMINA);
        caller.call().await;
        for keys in ["1", "1", "1030", "1"] {
            caller.press(keys).await;
        }
        let card = caller.press("1").await;
        assert!(card.text().contains("Pour recevoir un SMS : tapez 7."), "{}", card.text());
        let (path, form) = (caller.onward(), caller.form(&[("Digits", "7")]));
        assert!(caller.post(&path, form.clone()).await.1.contains("envoyé par SMS"));
        caller.post(&path, form).await;
        line.round(Way::Sms).await;
        line.round(Way::Sms).await;
        let accepted = line.api.accepted();
        let [text] = accepted.as_slice() else { panic!("{accepted:?}") };
        assert_eq!((text.what.as_str(), text.to.as_str()), ("Messages", AMINA));
        assert!(text.content.contains("1030 Schaerbeek") && !text.content.contains("7="), "{}", text.content);
        assert!(line.states().await.is_empty(), "what came of a call says whose it was");
        assert_eq!(line.report(&text.reference, &[("MessageStatus", "delivered")]).await, 204);
        // Reports on what belongs to no call: on its way, arrived, and then nothing that comes late.
        line.queue("a text from the desk", AMINA, false).await;
        line.round(Way::Sms).await;
        assert_eq!(line.states().await, [(State::Sent, 1)]);
        let text = line.api.accepted().pop().unwrap();
        for (status, state) in [("sent", State::Sent), ("delivered", State::Delivered), ("failed", State::Delivered)] {
            assert_eq!(line.report(&text.reference, &[("MessageStatus", status)]).await, 204);
            assert_eq!(line.states().await, [(state, 1)], "{status}");
        }
    }
}

#[tokio::test]
async fn a_missed_call_is_called_back_within_a_minute_and_no_more_than_allowed() {
    let line = Line::on(Place::sqlite().unwrap(), &Voice { call_back: true, listens: false }).await;
    let ring = async |from: &str| Caller::new(&line.carrier.router, from).call().await;
    let allowed = usize::try_from(line.carrier.demo.engine.limits.missed_hour).unwrap();
    for number in 0..allowed {
        assert_eq!(ring(AMINA).await.next, Next::Reject);
        line.round(Way::Call).await;
        assert_eq!(line.api.accepted().len(), number, "the line must be free first");
        line.later(Duration::seconds(30));
        line.round(Way::Call).await;
        let accepted = line.api.accepted();
        let last = accepted.last().unwrap();
        assert_eq!((accepted.len(), last.what.as_str(), last.to.as_str()), (number + 1, "Calls", AMINA));
        assert_eq!(last.content, format!("{PUBLIC_URL}/twilio/voice"));
    }
    // More often they are answered, and pay; so is who hides, who cannot be called for the price of a call, who is far.
    for from in [AMINA, "anonymous", "+3290312345", "+447700900123", "+882161234567"] {
        let answered = ring(from).await;
        assert!(matches!(answered.next, Next::Gather { .. }), "{from}: {answered:?}");
    }
    assert_eq!(line.api.accepted().len(), allowed);
    // On our call the same pages, and a key for never again.
    let mut called = Caller::called(&line.carrier.router, AMINA);
    assert!(called.call().await.text().contains("Pour ne plus être rappelé : tapez 9."));
    assert!(called.press("9").await.text().contains("On ne vous rappelle plus"));
    line.later(Duration::hours(2));
    assert!(matches!(ring(AMINA).await.next, Next::Gather { .. }), "who wants no calls is called");
    // Nobody took our call: a person calls.
    let lost = Caller::called(&line.carrier.router, "+32470999999");
    assert_eq!(lost.hang_up("no-answer").await, 204);
    assert_eq!(lost.hang_up("no-answer").await, 204);
    assert_eq!(line.carrier.demo.engine.store.call_backs().await.unwrap().len(), 1);
}

/// Whoever forges her number makes our calls ring at hers: twice in vain, and she is left in peace; and so she is where she
/// said STOP.
#[tokio::test]
async fn who_does_not_take_our_calls_is_left_in_peace() {
    let line = Line::on(Place::sqlite().unwrap(), &Voice { call_back: true, listens: false }).await;
    let ring = async |from: &str| Caller::new(&line.carrier.router, from).call().await;
    let store = &line.carrier.demo.engine.store;
    let now = directory::clock::Clock::now(line.carrier.demo.clock.as_ref());
    for number in 0..2 {
        assert_eq!(ring(AMINA).await.next, Next::Reject, "{number}");
        assert_eq!(Caller::called(&line.carrier.router, AMINA).hang_up("no-answer").await, 204);
    }
    assert_eq!(store.call_backs().await.unwrap().len(), 1);
    store.finish_call_back(store.call_backs().await.unwrap()[0].id, now).await.unwrap();
    // From now on she is answered when she calls, and nothing comes from us.
    line.later(Duration::hours(5));
    assert!(matches!(ring(AMINA).await.next, Next::Gather { .. }));
    assert_eq!(Caller::called(&line.carrier.router, AMINA).hang_up("no-answer").await, 204);
    assert_eq!(store.call_backs().await.unwrap(), []);
    // No more than four calls in a day, however far apart.
    let mut called = 0;
    for _ in 0..6 {
        called += usize::from(ring("+32470123499").await.next == Next::Reject);
        line.later(Duration::hours(1));
    }
    assert_eq!(called, 4);
    // Nobody who said STOP is put into the queue.
    line.carrier.deliver_from("+32470123488", "SMSTOP", "STOP").await;
    assert_eq!(Caller::called(&line.carrier.router, "+32470123488").hang_up("busy").await, 204);
    assert_eq!(store.call_backs().await.unwrap(), []);
}

/// A call that we pay takes each of its minutes from a budget, and ends with 112 when that is spent.
#[tokio::test]
async fn a_call_of_ours_costs_at_most_its_minutes() {
    let line = Line::on(Place::sqlite().unwrap(), &Voice { call_back: true, listens: false }).await;
    let spent = async || line.carrier.demo.place.number("SELECT coalesce(max(spent), 0) FROM budget").await.unwrap();
    let minutes = line.carrier.demo.engine.limits.missed_minutes_day;
    let (mut calls, mut ended) = (0, None);
    while ended.is_none() && calls < 100 {
        calls += 1;
        let mut called = Caller::called(&line.carrier.router, &format!("+324701{calls:05}"));
        called.call().await;
        called.press("1").await;
        for _ in 0..8 {
            line.later(Duration::minutes(2));
            let heard = called.press("#").await;
            if heard.next == Next::Hangup {
                ended = Some(heard);
                break;
            }
        }
    }
    let ended = ended.expect("it goes on without end");
    assert!(ended.said[0].text.contains("1 1 2"), "{ended:?}");
    assert!(spent().await <= minutes && spent().await + 2 > minutes, "{} of {minutes}", spent().await);
}

#[tokio::test]
async fn an_outage_loses_nothing_and_keeps_the_order() {
    let line = Line::on(Place::sqlite().unwrap(), &Voice::default()).await;
    for fault in [Fault::Status(500, None), Fault::Status(503, None), Fault::Stranger] {
        line.api.behave(fault);
        for number in 0..3 {
            line.queue(&format!("{number}"), AMINA, false).await;
        }
        for _ in 0..6 {
            line.round(Way::Sms).await;
            line.later(Duration::seconds(61));
        }
    }
    assert!(line.texts().is_empty());
    line.api.behave(Fault::None);
    for _ in 0..3 {
        line.round(Way::Sms).await;
        line.later(Duration::seconds(61));
    }
    assert_eq!(line.texts(), ["text of 0", "text of 1", "text of 2"]);
}

#[tokio::test]
async fn a_carrier_that_wants_peace_has_it() {
    let line = Line::on(Place::sqlite().unwrap(), &Voice::default()).await;
    line.api.behave(Fault::Status(429, Some(30)));
    line.queue("a", AMINA, false).await;
    let mut worker = line.worker(Way::Sms);
    assert_eq!(worker.tick().await.unwrap(), std::time::Duration::from_secs(30));
    line.api.behave(Fault::None);
    line.later(Duration::seconds(29));
    line.round(Way::Sms).await;
    assert_eq!(line.api.asked(), 1);
    line.later(Duration::seconds(1));
    line.round(Way::Sms).await;
    assert_eq!(line.texts(), ["text of a"]);
}

#[tokio::test]
async fn what_was_accepted_is_not_sent_again_however_it_was_answered() {
    let line = Line::on(Place::sqlite().unwrap(), &Voice::default()).await;
    line.api.behave(Fault::Garbled);
    line.queue("a", AMINA, false).await;
    for _ in 0..3 {
        line.round(Way::Sms).await;
        line.later(Duration::minutes(2));
    }
    assert_eq!((line.texts().len(), line.states().await), (1, vec![(State::Sent, 1)]));
}

#[tokio::test]
async fn what_the_carrier_refuses_is_over_and_who_opted_out_is_remembered() {
    let line = Line::on(Place::sqlite().unwrap(), &Voice::default()).await;
    let engine = &line.carrier.demo.engine;
    line.api.behave(Fault::Code(400, 21211));
    line.queue("no number", AMINA, false).await;
    line.round(Way::Sms).await;
    line.api.behave(Fault::Code(400, 21610));
    line.queue("told the carrier STOP", AMINA, false).await;
    line.round(Way::Sms).await;
    assert_eq!(line.states().await, [(State::Failed, 1), (State::Stopped, 1)]);
    assert!(engine.store.has_stopped(&engine.keys.person(AMINA)).await.unwrap());
    // And where the carrier says so later, in a report.
    line.api.behave(Fault::None);
    line.queue("reported", "+32470999999", false).await;
    line.round(Way::Sms).await;
    let reference = line.api.accepted()[0].reference.clone();
    let fields = [("MessageStatus", "undelivered"), ("ErrorCode", "21610"), ("To", "+32470999999")];
    let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish().into_bytes();
    assert_eq!(Caller::new(&line.carrier.router, AMINA).post(&format!("/twilio/status?id={reference}"), form).await.0, 204);
    assert!(engine.store.has_stopped(&engine.keys.person("+32470999999")).await.unwrap());
}

#[tokio::test]
async fn nobody_is_pushed_to_who_did_not_ask_for_it() {
    let line = Line::on(Place::sqlite().unwrap(), &Voice::default()).await;
    let engine = &line.carrier.demo.engine;
    let people = ["+32470000001", "+32470000002", "+32470000003"];
    let now = engine.clock.now();
    for number in &people[1..] {
        engine.store.opt_in(&engine.keys.person(number), now).await.unwrap();
    }
    // By text message or by any other channel: one STOP counts for all.
    assert!(line.carrier.deliver_from(people[2], "SM1", "STOP").await.1.contains("plus rien"));
    for number in people {
        line.queue(number, number, true).await;
    }
    line.round(Way::Sms).await;
    assert_eq!(line.api.accepted().into_iter().map(|accepted| accepted.to).collect::<Vec<_>>(), [people[1]]);
    // And while sending is stopped, nobody at all.
    engine.store.stop_sending(true).await.unwrap();
    line.queue("later", people[1], true).await;
    line.round(Way::Sms).await;
    assert_eq!(line.api.asked(), 1);
}

#[tokio::test]
async fn answers_go_before_pushes() {
    let line = Line::on(Place::sqlite().unwrap(), &Voice::default()).await;
    let engine = &line.carrier.demo.engine;
    let told = "+32470999999";
    engine.store.opt_in(&engine.keys.person(told), engine.clock.now()).await.unwrap();
    line.queue("a push", told, true).await;
    line.later(Duration::minutes(1));
    line.queue("an answer", AMINA, false).await;
    line.round(Way::Sms).await;
    assert_eq!(line.texts(), ["text of an answer", "text of a push"]);
}
