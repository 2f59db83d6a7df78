//! Whoever is in danger is answered when every budget is spent, and costs nobody theirs.

use std::sync::Arc;

use db::outbox::Way;
use harness::bot_api::typed;
use harness::demo::Demo;
use harness::place::Place;

use super::chats::Bot;
use super::{Carrier, SILENCE, segments};

const AMINA: &str = "+32470123456";
const CALLS: [&str; 5] = ["mon mari me frappe 1030", "au secours", "je veux mourir", "help ik word geslagen", "ich werde bedroht"];

async fn carrier(place: Place, change: impl FnOnce(&mut application::limits::Limits)) -> Carrier {
    let mut demo = Demo::on(place).await.unwrap();
    let limits = &mut Arc::get_mut(&mut demo.engine).unwrap().limits;
    limits.same_hour = 1_000;
    change(limits);
    Carrier::with(demo)
}

/// Spends all that this number has, until it hears nothing more.
async fn spend(carrier: &Carrier, from: &str, name: &str) {
    for number in 0..100 {
        if carrier.deliver_from(from, &format!("SMS{name}{number}"), "manger 1030").await.1 == SILENCE {
            return;
        }
    }
    panic!("{from} is answered without end");
}

#[tokio::test]
async fn danger_is_answered_when_every_budget_is_spent() {
    for place in Place::both().await.unwrap() {
        let engine = place.engine();
        let carrier = carrier(place, |limits| limits.day = 60).await;
        spend(&carrier, AMINA, "a").await;
        for number in 0..20 {
            spend(&carrier, &format!("+3247{number:02}00000"), &format!("b{number}-")).await;
        }
        // The day's budget of everybody is spent: somebody new hears nothing, but in danger.
        assert_eq!(carrier.deliver_from("+32499999999", "SMN", "manger 1030").await.1, SILENCE, "{engine}");
        for (number, call) in CALLS.iter().enumerate() {
            for (who, from) in [AMINA, "+32499999999"].iter().enumerate() {
                let said = carrier.deliver_from(from, &format!("SMD{who}-{number}"), call).await.1;
                assert!(said.contains("112"), "{engine}: {from}: {call}: {said}");
            }
        }
        // Also while sending is stopped, and only that.
        carrier.demo.engine.store.stop_sending(true).await.unwrap();
        assert!(carrier.deliver_from("+32499999998", "SMT1", CALLS[0]).await.1.contains("112"), "{engine}");
        assert_eq!(carrier.deliver_from("+32499999998", "SMT2", "manger 1030").await.1, SILENCE);
    }
}

/// Somebody who holds her phone does not learn from what is left of her budget that she wrote.
#[tokio::test]
async fn danger_takes_nothing_from_what_a_number_has() {
    let carrier = carrier(Place::sqlite().unwrap(), |_| ()).await;
    let mut left = Vec::new();
    for (from, before) in [("+32470000001", 0), ("+32470000002", 5)] {
        for number in 0..before {
            assert!(carrier.deliver_from(from, &format!("SMB{from}{number}"), CALLS[0]).await.1.contains("112"));
        }
        let mut answered = 0;
        while !carrier.deliver_from(from, &format!("SMC{from}{answered}"), "merci").await.1.contains("beaucoup de messages") {
            answered += 1;
        }
        left.push(answered);
    }
    assert_eq!(left[0], left[1], "it can be told that somebody was in danger");
}

#[tokio::test]
async fn the_budget_for_danger_ends_too_and_forgets_what_was_remembered() {
    for place in Place::both().await.unwrap() {
        let engine = place.engine();
        let carrier = carrier(place, |_| ()).await;
        let limit = usize::try_from(carrier.demo.engine.limits.danger_hour).unwrap();
        let (store, clock) = (&carrier.demo.engine.store, &carrier.demo.clock);
        let remembers = async || {
            let now = directory::clock::Clock::now(clock.as_ref());
            let hash = carrier.demo.engine.keys.hasher(now).hash(AMINA);
            store.conversation("sms", Some(&hash), now).await.unwrap().0.listing.is_some()
        };
        let mut spent = 0;
        for number in 0..limit {
            spent += segments(&carrier.deliver_from(AMINA, &format!("SMD{number}"), "au secours").await.1);
        }
        assert_eq!(spent, limit, "{engine}: an answer of danger is one segment");
        carrier.deliver_from(AMINA, "SMM", "manger 1030").await;
        assert!(remembers().await);
        assert_eq!(carrier.deliver_from(AMINA, "SME", "au secours").await.1, SILENCE, "{engine}");
        assert!(!remembers().await, "{engine}: a list stays readable");
        clock.advance(chrono::Duration::hours(1));
        assert!(carrier.deliver_from(AMINA, "SMF", "au secours").await.1.contains("112"));
    }
}

/// What was spent says who wrote, and when: it leaves with its hour.
#[tokio::test]
async fn what_was_spent_is_erased_when_its_hour_is_over() {
    for place in Place::both().await.unwrap() {
        let carrier = carrier(place, |_| ()).await;
        carrier.deliver_from(AMINA, "SM1", "au secours").await;
        carrier.deliver_from(AMINA, "SM2", "manger 1030").await;
        let rows = async || carrier.demo.place.number("SELECT count(*) FROM budget").await.unwrap();
        let now = || directory::clock::Clock::now(carrier.demo.clock.as_ref());
        let before = rows().await;
        carrier.demo.clock.advance(chrono::Duration::hours(1));
        carrier.demo.engine.store.purge(now()).await.unwrap();
        // The hours of danger, of the number, and of its words.
        assert_eq!(rows().await, before - 3);
        carrier.demo.clock.advance(chrono::Duration::days(1));
        carrier.demo.engine.store.purge(now()).await.unwrap();
        assert_eq!(rows().await, 0);
    }
}

#[tokio::test]
async fn in_a_chat_danger_is_answered_when_chats_are_not_and_while_sending_is_stopped() {
    let bot = Bot::limited(Place::sqlite().unwrap(), |limits| limits.all_chats_day = 3).await;
    for update in 0..6 {
        bot.post(&typed(bot.next(), 100 + update, "8")).await;
    }
    bot.post(&typed(bot.next(), 200, "8")).await;
    bot.demo.engine.store.stop_sending(true).await.unwrap();
    bot.post(&typed(bot.next(), 200, "mon mari me frappe")).await;
    bot.worker().tick().await.unwrap();
    let said = bot.api.said();
    assert!(said.len() == 1 && said[0].text().contains("112"), "{said:?}");
    bot.demo.engine.store.stop_sending(false).await.unwrap();
    while bot.demo.engine.store.next_delivery(Way::Chat).await.unwrap().is_some() {
        bot.worker().tick().await.unwrap();
    }
    // Three answers, a notice, and nothing to those who came after.
    let said = bot.api.said();
    assert_eq!(said.len(), 1 + 3 + 1, "{said:?}");
    assert!(said.last().unwrap().text().contains("112"), "{said:?}");
}

#[test]
fn every_notice_says_112_in_one_segment() {
    use directory::answer::Desk;
    use directory::language::Language;
    use directory::phone::{Country, Phone};
    use directory::phrase::Catalogue;
    let desk = Desk { name: "Accueil".to_owned(), phone: Phone::parse("+352621123456", Country::Be).unwrap() };
    for language in Language::ALL {
        for desk in [None, Some(&desk)] {
            let notice = application::turn::Notice::default();
            let said = notice.say(language, &Catalogue::shipped(), desk);
            assert!(said.contains("112"), "{said}");
            assert_eq!(application::sms::gsm7::segments(said).len(), 1, "{said}");
        }
    }
}
