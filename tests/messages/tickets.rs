//! The number of a slip, by text message.

use chrono::Duration;
use db::ticket::Ticketed;
use directory::clock::Clock;
use directory::code::Code;
use directory::intent::Intent;
use directory::language::Language;
use directory::phrase::Phrase;
use directory::session::Step;
use directory::ticket::Ticket;
use harness::demo::Demo;

const AMINA: &str = "+32470000001";

/// The codes of what a question finds, as a visitor prints them.
async fn codes(demo: &Demo, question: &str, count: usize) -> Vec<Code> {
    let mut codes = demo.text("+32470000055", question).await.unwrap().answer.records();
    while codes.len() < count {
        let more = demo.text("+32470000055", "8").await.unwrap().answer.records();
        assert!(!more.is_empty(), "{question}: only {} entries", codes.len());
        codes.extend(more);
    }
    codes.truncate(count);
    codes
}

async fn printed(demo: &Demo, codes: &[Code]) -> Ticket {
    let slip = Ticketed { codes: codes.to_vec(), languages: "fr".to_owned(), style: "standard".to_owned() };
    demo.engine.store.take_ticket(&slip, &[Ticket::new(7421).unwrap()], demo.clock.now()).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_slip_comes_again_by_its_number_for_60_days() {
    let demo = Demo::new().await.unwrap();
    let slip = codes(&demo, "vêtements 1000", 5).await;
    let ticket = printed(&demo, &slip).await;
    for (language, word) in [(Language::Fr, "Ticket"), (Language::Nl, "tiket nr"), (Language::De, "Bon"), (Language::En, "TICKET")] {
        let from = format!("+3247000010{}", language as u8);
        demo.text(&from, language.code()).await.unwrap();
        let first = demo.text(&from, &format!("{word} {}", ticket.spaced())).await.unwrap();
        assert_eq!(first.understood.intent, Intent::Ticket(ticket.to_string()), "{word}");
        assert_eq!(first.answer.records(), slip[..3], "{}", first.sms.text);
        assert!(first.sms.text.contains("74211") && first.answer.demo, "{}", first.sms.text);
        // Keys choose, and nothing is behind the last page.
        assert_eq!(demo.text(&from, "2").await.unwrap().answer.records(), [slip[1]]);
        assert_eq!(demo.text(&from, "*").await.unwrap().answer.records(), slip[..3]);
        let second = demo.text(&from, "8").await.unwrap();
        assert_eq!(second.answer.records(), slip[3..]);
        assert!(second.answer.choices.iter().all(|choice| choice.key != '8'));
        assert_eq!(demo.text(&from, "1").await.unwrap().answer.records(), [slip[3]]);
        assert_eq!(demo.text(&from, "8").await.unwrap().answer.records(), []);
    }
    demo.clock.advance(Duration::days(60) - Duration::seconds(1));
    assert_eq!(demo.text(AMINA, "ticket 74211").await.unwrap().answer.records(), slip[..3]);
    demo.clock.advance(Duration::seconds(1));
    let late = demo.text(AMINA, "ticket 74211").await.unwrap();
    assert!(late.answer.records().is_empty() && late.sms.text.contains("Je ne trouve pas ce ticket") && late.sms.text.contains('0'), "{}", late.sms.text);
}

#[tokio::test]
async fn a_slip_of_one_record_is_its_card() {
    let demo = Demo::new().await.unwrap();
    let slip = codes(&demo, "douche 1000", 1).await;
    printed(&demo, &slip).await;
    let reply = demo.text(AMINA, "TICKET 74211").await.unwrap();
    assert_eq!(reply.answer.records(), slip);
    let request = application::turn::Request::text(application::turn::Channel::Sms, Some(AMINA.to_owned()), "x", "SMX");
    let sender = demo.engine.keys.hasher(demo.clock.now()).hash(request.sender.as_deref().unwrap());
    let (session, _) = demo.engine.store.conversation("sms", Some(&sender), demo.clock.now()).await.unwrap();
    assert_eq!((session.step, session.listing), (Step::Card(slip[0]), None));
}

#[tokio::test]
async fn a_wrong_number_is_to_be_read_again_and_an_unknown_one_leads_to_a_person() {
    let demo = Demo::new().await.unwrap();
    let slip = codes(&demo, "manger 1030", 3).await;
    printed(&demo, &slip).await;
    for language in Language::ALL {
        let from = format!("+3247000020{}", language as u8);
        demo.text(&from, language.code()).await.unwrap();
        for (text, phrase) in [("TICKET 74213", Phrase::MisreadTicket), (&*format!("TICKET {}", Ticket::new(5).unwrap()), Phrase::NoSuchTicket)] {
            let reply = demo.text(&from, text).await.unwrap();
            let said = application::sms::gsm7::fold(&demo.engine.catalogue.say(language, phrase, &[]));
            assert!(reply.sms.text.contains(&said) && reply.answer.choices.iter().any(|choice| choice.key == '0'), "{}", reply.sms.text);
            assert!(reply.answer.records().is_empty());
        }
    }
}

#[tokio::test]
async fn what_was_withdrawn_or_is_hidden_is_left_out_and_the_order_is_kept() {
    let demo = Demo::new().await.unwrap();
    let mut slip = codes(&demo, "manger 1030", 3).await;
    slip.reverse();
    let hidden = codes(&demo, "parler psychologue 1000", 1).await;
    printed(&demo, &[slip[0], hidden[0], slip[1], slip[2]]).await;
    assert_eq!(demo.text(AMINA, "ticket 74211").await.unwrap().answer.records(), slip, "a sensitive record is shown to whoever guesses");
    let body = format!("UPDATE record SET body = replace(body, '\"status\":\"published\"', '\"status\":\"suspended\"') WHERE code = '{}'", slip[1]);
    demo.place.tamper(&body).await.unwrap();
    assert_eq!(demo.text(AMINA, "ticket 74211").await.unwrap().answer.records(), [slip[0], slip[2]]);
}
