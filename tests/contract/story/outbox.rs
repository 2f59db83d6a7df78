//! What is to be sent: queued with its turn, claimed in order, marked, reported on.

use chrono::Duration;
use db::journal::Turn;
use db::outbox::{Claimed, Delivery, LEASE, Outcome, Way};
use db::{Person, Sealed};

use super::Story;

fn person(number: u8) -> Person {
    Person::new([200 + number; 32])
}

impl Story {
    fn delivery(&self, key: &str, to: u8, is_push: bool) -> Delivery {
        Delivery {
            key: key.to_owned(),
            way: Way::Sms,
            person: person(to),
            recipient: Sealed::new(vec![0, to]),
            body: format!("what {key} says, nul \0 and é"),
            is_push,
            is_urgent: false,
            due: self.now,
            expires: self.now + Duration::hours(6),
        }
    }

    async fn claim(&mut self, step: &str) -> Vec<Claimed> {
        let mut all = Vec::new();
        while let Some(one) = self.store.claim_delivery(Way::Sms, self.now).await.unwrap() {
            self.note(step, (&one, &one.body, one.recipient.as_bytes(), one.is_push, one.unknowns));
            all.push(one);
        }
        all
    }

    async fn mark(&mut self, step: &str, claimed: &Claimed, outcome: Outcome) {
        self.store.mark_delivery(claimed, &outcome).await.unwrap();
        self.note(step, self.store.count_deliveries().await);
    }
}

pub async fn deliveries(story: &mut Story) {
    story.note("nothing is due", story.store.next_delivery(Way::Sms).await);
    // With a turn: once, in the order of the turn; another way does not stand in its way.
    let two = vec![story.delivery("one", 1, false), story.delivery("two", 1, false), Delivery { way: Way::Chat, ..story.delivery("chat", 1, false) }];
    story.commit("a turn with deliveries", Turn { deliveries: two.clone(), ..story.turn("SO1") }).await;
    story.commit("delivered again", Turn { deliveries: two.clone(), ..story.turn("SO1") }).await;
    story.commit("another turn with the same", Turn { deliveries: two, ..story.turn("SO2") }).await;
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
    story.mark("sent", &first, Outcome::Sent(Some("SM77".to_owned()))).await;
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
    let chat = story.store.claim_delivery(Way::Chat, story.now).await.unwrap();
    story.note("the chat's is too late as well", chat.is_some());
    // While sending is stopped only what is for somebody in danger goes out, before what they were sent earlier.
    story.store.queue(&story.delivery("ordinary", 9, false)).await.unwrap();
    story.store.queue(&Delivery { is_urgent: true, ..story.delivery("urgent", 9, false) }).await.unwrap();
    for step in ["urgent", "nothing more is urgent"] {
        let urgent = story.store.claim_urgent_delivery(Way::Sms, story.now).await.unwrap();
        story.note(step, urgent.map(|one| one.body));
    }
    story.note("counted", story.store.count_deliveries().await);
    story.look("after the outbox").await;
}
