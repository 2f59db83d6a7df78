//! What is to be sent: queued with its turn, claimed in order, marked, reported on.

use chrono::Duration;
use db::budget::{Budget, Charge, Takes};
use db::journal::KeptTurn;
use db::outbox::{Claimed, Delivery, LEASE, Outcome, Way};
use db::{Person, Sealed};

use super::Story;

fn person(number: u8) -> Person {
    Person::new([200 + number; 32])
}

impl Story {
    pub fn delivery(&self, key: &str, to: u8, is_push: bool) -> Delivery {
        let (recipient, body) = (Sealed::new(vec![0, to]), format!("what {key} says, nul \0 and é"));
        let delivery = Delivery::new(Way::Sms, person(to), recipient, body, self.now, Duration::hours(6));
        Delivery { key: Some(key.to_owned()), is_push, ..delivery }
    }

    async fn claim(&mut self, step: &str) -> Vec<Claimed> {
        let mut all = Vec::new();
        let now = self.now;
        while let Some(one) = self.store.claim_delivery(Way::Sms, || now).await.unwrap() {
            self.note(step, (&one, &one.body, one.recipient.as_bytes(), one.is_push, one.unknowns));
            all.push(one);
        }
        all
    }

    async fn mark(&mut self, step: &str, claimed: &Claimed, outcome: Outcome) {
        let is_ours = self.store.mark_delivery(claimed, &outcome).await.unwrap();
        self.note(step, (is_ours, self.store.count_deliveries().await));
    }
}

/// A claim whose lease ran out is nobody's any more: what its holder says later changes nothing of what another does.
pub async fn leases(story: &mut Story) {
    story.store.queue(&story.delivery("slow", 1, false)).await.unwrap();
    let [slow] = <[Claimed; 1]>::try_from(story.claim("by a slow one").await).unwrap();
    story.later(LEASE);
    let [other] = <[Claimed; 1]>::try_from(story.claim("by another").await).unwrap();
    for outcome in [Outcome::Sent, Outcome::Again(story.now), Outcome::Failed] {
        assert!(!story.store.mark_delivery(&slow, &outcome).await.unwrap(), "{outcome:?}");
    }
    let free = story.claim("nobody").await.len();
    story.note("nothing is free", free);
    story.mark("the other", &other, Outcome::Sent).await;
    // Numbers do not come again, even where all before are gone.
    story.place.tamper("DELETE FROM outbox").await.unwrap();
    story.store.queue(&story.delivery("after all", 1, false)).await.unwrap();
    let [after] = <[Claimed; 1]>::try_from(story.claim("after all").await).unwrap();
    assert!(after.id > other.id, "{} behind {}", after.id, other.id);
    story.note("late", story.store.report_delivery(other.id, true).await);
    story.mark("after all", &after, Outcome::Sent).await;
    // An older program beside ours takes the number behind the highest.
    story.place.tamper("UPDATE outbox SET id = id + 500").await.unwrap();
    story.store.queue(&story.delivery("beside", 1, false)).await.unwrap();
    let [beside] = <[Claimed; 1]>::try_from(story.claim("beside").await).unwrap();
    assert!(beside.id > after.id + 500);
    story.mark("beside", &beside, Outcome::Sent).await;
    story.look("after the leases").await;
}

/// What leaves no trace is gone with its end, whatever that is; what is over otherwise keeps no hour.
pub async fn traceless(story: &mut Story) {
    let traceless = |story: &Story, to: u8| Delivery { key: None, leaves_no_trace: true, ..story.delivery("traceless", to, false) };
    let rows = async |story: &Story| {
        let hours = "SELECT count(*) FROM outbox WHERE made_at % 86400 <> 0 OR due_at <> 0 OR claimed_until <> 0 OR expires_at <> 0";
        (story.place.number("SELECT count(*) FROM outbox").await.unwrap(), story.place.number(hours).await.unwrap())
    };
    let before = rows(story).await;
    assert_eq!(before.1, 0);
    for outcome in [Outcome::Sent, Outcome::Failed, Outcome::Stopped] {
        story.store.queue(&traceless(story, 1)).await.unwrap();
        let [one] = <[Claimed; 1]>::try_from(story.claim("traceless").await).unwrap();
        story.note("not for a report", story.store.report_delivery(one.id, true).await);
        story.mark("traceless", &one, outcome).await;
        assert_eq!(rows(story).await, before);
    }
    // Two with a turn: without a key each is one of its own, and a turn is kept once.
    let two = vec![traceless(story, 1), traceless(story, 2)];
    for _ in 0..2 {
        story.commit("a turn without a trace", KeptTurn { deliveries: two.clone(), ..story.turn("SO9") }).await;
    }
    let notice = Delivery { is_newcomer: true, ..traceless(story, 3) };
    let spent = Budget { name: "test", key: "spent".to_owned(), limit: 1, until: story.now, takes: Takes::Segments };
    let charge = Charge { segments: 1, budgets: vec![spent], notice: Some("n".to_owned()), silence: String::new(), is_urgent: false };
    let limited = KeptTurn { deliveries: vec![traceless(story, 3)], notices: vec![notice], charge: Some(charge), ..story.turn("SO10") };
    story.commit("its notice in place of the answer", limited).await;
    story.look("queued without a trace").await;
    assert_eq!(rows(story).await.0, before.0 + 3);
    story.note("forgotten", story.store.forget_person(&person(2)).await);
    story.later(Duration::hours(6));
    let late = story.claim("too late").await.len();
    story.note("too late", late);
    assert_eq!(rows(story).await, before);
    story.store.queue(&traceless(story, 1)).await.unwrap();
    story.later(Duration::hours(7));
    story.store.purge(story.now).await.unwrap();
    assert_eq!(rows(story).await, before);
}

pub async fn deliveries(story: &mut Story) {
    story.note("nothing is due", story.store.next_delivery(Way::Sms).await);
    // With a turn: once, in the order of the turn; another way does not stand in its way.
    let two = vec![story.delivery("one", 1, false), story.delivery("two", 1, false), Delivery { way: Way::Chat, ..story.delivery("chat", 1, false) }];
    story.commit("a turn with deliveries", KeptTurn { deliveries: two.clone(), ..story.turn("SO1") }).await;
    story.commit("delivered again", KeptTurn { deliveries: two.clone(), ..story.turn("SO1") }).await;
    story.commit("another turn with the same", KeptTurn { deliveries: two, ..story.turn("SO2") }).await;
    story.store.queue(&story.delivery("three", 2, false)).await.unwrap();
    story.store.queue(&story.delivery("three", 3, false)).await.unwrap();
    // Nobody is pushed to who did not ask for it, or said STOP.
    story.store.opt_in(&person(4), story.now).await.unwrap();
    story.store.opt_in(&person(4), story.now).await.unwrap();
    story.store.opt_in(&person(5), story.now).await.unwrap();
    story.store.opt_out(&person(5), story.now).await.unwrap();
    for to in 3..6 {
        story.store.queue(&story.delivery(&format!("push to {to}"), to, true)).await.unwrap();
        story.note("may be pushed", story.store.may_push(&person(to)).await);
        story.note("has stopped", story.store.has_stopped(&person(to)).await);
    }
    story.note("due", story.store.next_delivery(Way::Sms).await);
    story.look("queued").await;

    let claimed = story.claim("claimed").await;
    let more = story.claim("claimed again").await.len();
    story.note("nothing more", more);
    let [first, three, push] = <[Claimed; 3]>::try_from(claimed).unwrap();
    story.mark("sent", &first, Outcome::Sent).await;
    story.mark("again", &three, Outcome::Again(story.now + Duration::seconds(5))).await;
    // Reports: not for what waits, never backwards.
    story.note("not for what waits", story.store.report_delivery(three.id, true).await);
    story.note("arrived", story.store.report_delivery(first.id, true).await);
    story.note("never backwards", story.store.report_delivery(first.id, false).await);
    story.note("of nobody", story.store.report_delivery(999, true).await);
    let [second] = <[Claimed; 1]>::try_from(story.claim("the second follows").await).unwrap();
    story.mark("perhaps", &second, Outcome::Unknown(story.now + Duration::seconds(1))).await;
    story.mark("a push, perhaps", &push, Outcome::Unknown(story.now)).await;
    story.note("it was sent after all", story.store.report_delivery(second.id, true).await);
    story.later(Duration::seconds(5));
    let [three] = <[Claimed; 1]>::try_from(story.claim("due again").await).unwrap();
    story.mark("failed", &three, Outcome::Failed).await;
    story.look("marked").await;

    // Who claimed is gone: an answer goes again, a push does not.
    for (key, to, is_push) in [("left answer", 6, false), ("left push", 4, true)] {
        story.store.queue(&story.delivery(key, to, is_push)).await.unwrap();
    }
    let left = story.claim("left").await;
    story.later(LEASE);
    let again = story.claim("after the lease").await;
    story.note("of two", (left.len(), again.len()));
    // A clock that was ahead hides nobody.
    story.now -= Duration::days(1);
    let again = story.claim("by a clock set back").await;
    story.note("by a clock set back", again.len());
    story.now += Duration::days(1);
    let again = story.claim("and forward").await;
    story.mark("stopped", &again[0], Outcome::Stopped).await;
    // Who blocks us is forgotten; what is too late is given up.
    for (key, to) in [("to be forgotten", 7), ("too late", 8)] {
        story.store.queue(&story.delivery(key, to, false)).await.unwrap();
    }
    story.note("forgotten", story.store.forget_person(&person(7)).await);
    story.later(Duration::hours(6));
    let late = story.claim("too late").await.len();
    story.note("too late", late);
    let now = story.now;
    let chat = story.store.claim_delivery(Way::Chat, || now).await.unwrap();
    story.note("the chat's is too late as well", chat.is_some());
    // While sending is stopped only what is for somebody in danger goes out, before what they were sent earlier.
    story.store.queue(&story.delivery("ordinary", 9, false)).await.unwrap();
    story.store.queue(&Delivery { is_urgent: true, ..story.delivery("urgent", 9, false) }).await.unwrap();
    for step in ["urgent", "nothing more is urgent"] {
        let urgent = story.store.claim_urgent_delivery(Way::Sms, || now).await.unwrap();
        story.note(step, urgent.as_ref().map(|one| one.body.clone()));
        if let Some(one) = urgent {
            story.mark(step, &one, Outcome::Sent).await;
        }
    }
    for one in story.claim("the ordinary one afterwards").await {
        story.mark("sent afterwards", &one, Outcome::Sent).await;
    }
    story.note("counted", story.store.count_deliveries().await);
    story.look("after the outbox").await;
}
