//! Every message fits: GSM-7, two segments at most, no phone number, hour or price cut in two.

use std::sync::Arc;

use application::say::Words;
use application::sms::gsm7::Encoding;
use application::sms::{self, Sms};
use chrono::DateTime;
use chrono_tz::Europe::Brussels;
use directory::answer::{Answer, Desk, Note, Sentence};
use directory::code::{Code, Typed};
use directory::dialogue::{self, Found, Keeping, Manner, Setting};
use directory::intent::{Intent, Understanding};
use directory::language::Language;
use directory::phone::{Country, Phone};
use directory::query::{Days, Wanted};
use directory::record::Record;
use directory::session::{Listing, Session, Step};
use directory::theme::Theme;
use gateway::speech::{Book, Voice};
use harness::demo::{Demo, MONDAY};

/// Asserts what must hold for every message.
fn assert_fits(sms: &Sms, what: &str) {
    assert_eq!(sms.encoding, Encoding::Gsm7, "{what}: {}", sms.text);
    assert!(sms.segments.len() <= 2, "{what}: {} segments: {}", sms.segments.len(), sms.text);
    assert!(!sms.text.trim().is_empty(), "{what} is empty");
    assert_eq!(sms.segments.concat(), sms.text);
    if let [first, second] = sms.segments.as_slice() {
        let cuts = first.chars().last().is_some_and(char::is_alphanumeric) && second.chars().next().is_some_and(char::is_alphanumeric);
        assert!(!cuts, "{what} is cut inside a word or number: {first:?} {second:?}");
    }
}

fn setting<'a>(demo: &'a Demo, desk: &'a Desk) -> Setting<'a> {
    Setting {
        vocabulary: &demo.engine.vocabulary,
        now: DateTime::parse_from_rfc3339(MONDAY).unwrap().with_timezone(&Brussels),
        desk: Some(desk),
        calls_back: false,
        home: None,
        manner: Manner::default(),
    }
}

fn render(demo: &Demo, answer: &Answer) -> Sms {
    let today = DateTime::parse_from_rfc3339(MONDAY).unwrap().date_naive();
    sms::render(answer, &Words { catalogue: &demo.engine.catalogue, language: answer.language, today }, &demo.engine.vocabulary)
}

async fn records(demo: &Demo) -> Vec<Arc<Record>> {
    let mut records = Vec::new();
    demo.engine.store.each_record(|record| records.push(Arc::new(record))).await.unwrap();
    records
}

/// The record as it is found by itself, some way off.
fn found(record: &Arc<Record>) -> Found {
    let now = DateTime::parse_from_rfc3339(MONDAY).unwrap().with_timezone(&Brussels).naive_local();
    let mut found = Found::one(Arc::clone(record), now);
    found.hits.iter_mut().for_each(|hit| hit.distance_km = Some(12.4));
    found
}

fn desk() -> Desk {
    Desk { name: "Bibliothèque de Saint-Josse-ten-Noode".to_owned(), phone: Phone::parse("02 555 12 34", Country::Be).unwrap() }
}

/// Every intent in every state of a conversation, with nothing found: all sentences.
#[tokio::test]
async fn every_template_fits_in_every_language() {
    let demo = Demo::new().await.unwrap();
    let desk = desk();
    let setting = setting(&demo, &desk);
    let code = (0..).find_map(Code::from_serial).unwrap();
    let place = demo.engine.vocabulary.territory().postal_code("1080");
    let mut seen = 0;
    for language in Language::ALL {
        for theme in Theme::ALL {
            let days = Days { from: "2026-11-28".parse().unwrap(), to: "2026-11-29".parse().unwrap() };
            let wanted = Wanted {
                themes: vec![*theme],
                words: vec!["hebergement d urgence".to_owned()],
                locality: place.clone(),
                when: Some(days),
                ..Wanted::default()
            };
            let intents = [
                Intent::Search(wanted.clone()),
                Intent::Search(Wanted { locality: None, ..wanted.clone() }),
                Intent::Search(Wanted { words: Vec::new(), ..wanted.clone() }),
                Intent::Request(wanted.clone()),
                Intent::Offer(wanted.clone()),
                Intent::Danger(wanted.clone()),
                Intent::Unclear(wanted.clone()),
                Intent::Unclear(Wanted::default()),
                Intent::Pick(1),
                Intent::Pick(6),
                Intent::More,
                Intent::Back { again: false },
                Intent::Code(Typed::Misread),
                Intent::Code(Typed::Right(code)),
                Intent::Ticket("74211".to_owned()),
                Intent::Ticket("74213".to_owned()),
                Intent::Human,
                Intent::Report,
                Intent::Language(None),
                Intent::Language(Some(language)),
                Intent::Help,
                Intent::Stop,
                Intent::Start,
                Intent::Thanks,
            ];
            let listing = Listing { wanted: wanted.clone(), codes: vec![code; 4], by_word: Vec::new(), is_called: false, first: 0, ticket: None };
            let steps = [Step::Nothing, Step::Doors(1), Step::Doors(2), Step::Listing, Step::Card(code), Step::Empty];
            for (intent, step) in intents.iter().flat_map(|intent| steps.iter().map(move |step| (intent, step))) {
                let session = Session { language: Some(language), listing: Some(listing.clone()), step: *step, ..Session::default() };
                let understood = Understanding { intent: intent.clone(), language };
                for calls_back in [false, true] {
                    let setting = Setting { calls_back, ..setting };
                    let (answer, _) = dialogue::answer(&understood, &Found::default(), session.clone(), &setting);
                    assert_fits(&render(&demo, &answer), &format!("{} {} {step:?}", language.code(), intent.name()));
                    seen += 1;
                }
            }
        }
    }
    println!("{seen} templates");
}

/// Every record of the demo as a card and as part of a listing, in four languages.
#[tokio::test]
async fn every_record_fits_as_a_card_and_in_a_listing() {
    let demo = Demo::new().await.unwrap();
    let desk = desk();
    let setting = setting(&demo, &desk);
    let records = records(&demo).await;
    assert!(records.len() >= 500, "{} records", records.len());
    let (mut messages, mut single) = (0, 0);
    for language in Language::ALL {
        for group in records.chunks(3) {
            let cards: Vec<Found> = group.iter().map(found).collect();
            let listed = Found { hits: cards.iter().flat_map(|card| card.hits.clone()).collect(), ..Found::default() };
            let wanted =
                Wanted { themes: group[0].content.themes.clone(), locality: demo.engine.vocabulary.territory().postal_code("1030"), ..Wanted::default() };
            let understood = Understanding { intent: Intent::Search(wanted), language };
            let (answer, _) = dialogue::answer(&understood, &listed, Session::default(), &setting);
            let sms = render(&demo, &answer);
            assert_fits(&sms, "listing");
            single += usize::from(sms.segments.len() == 1);
            messages += 1;
            for (record, card) in group.iter().zip(&cards) {
                let phone = record.phone().and_then(|contact| contact.phone.clone());
                let understood = Understanding { intent: Intent::Code(Typed::Right(record.code)), language };
                let (answer, _) = dialogue::answer(&understood, card, Session::default(), &setting);
                let sms = render(&demo, &answer);
                assert_fits(&sms, "card");
                if let Some(phone) = phone {
                    assert!(sms.segments.iter().any(|segment| segment.contains(&phone.compact())), "{} lacks its number: {}", phone.compact(), sms.text);
                }
            }
        }
    }
    println!("{messages} listings, {single} of them in one segment");
}

/// Every record of the demo as callers hear it, in four languages: no sentence is too long to follow.
#[tokio::test]
async fn every_record_can_be_listened_to() {
    let demo = Demo::new().await.unwrap();
    let desk = desk();
    let manner = Manner { asks_where: true, is_call: true, replies_here: false, offers_needs: true, keeping: Keeping::Number(None) };
    let setting = Setting { manner, ..setting(&demo, &desk) };
    let book = Book::shipped().unwrap();
    let voice = Voice {
        book: &book,
        vocabulary: &demo.engine.vocabulary,
        home: Some("1030 Schaerbeek"),
        country: Country::Be,
        today: DateTime::parse_from_rfc3339(MONDAY).unwrap().date_naive(),
        texts: false,
        says_global_keys: true,
    };
    let (mut longest, mut sentences) = (0.0_f64, 0);
    for language in Language::ALL {
        for record in &records(&demo).await {
            let card = found(record);
            let understood = Understanding { intent: Intent::Code(Typed::Right(record.code)), language };
            let wanted =
                Wanted { themes: record.content.themes.clone(), locality: demo.engine.vocabulary.territory().postal_code("1030"), ..Wanted::default() };
            let listed = Understanding { intent: Intent::Search(wanted), language };
            for understood in [understood, listed] {
                let is_list = matches!(understood.intent, Intent::Search(_));
                let (answer, _) = dialogue::answer(&understood, &card, Session::default(), &setting);
                for prompt in voice.say(&answer).prompts {
                    let most = if is_list && prompt.text.starts_with('1') { 12.0 } else { 20.0 };
                    assert!(prompt.seconds() <= most, "{:.0} s: {}", prompt.seconds(), prompt.text);
                    assert!(!prompt.text.contains(['\u{a0}', '\u{2060}']) && !prompt.text.contains(".."), "{:?}", prompt.text);
                    longest = longest.max(prompt.seconds());
                    sentences += 1;
                }
            }
        }
    }
    println!("{sentences} sentences, the longest {longest:.1} s");
}

/// A question without an answer is counted once, without the sender.
#[tokio::test]
async fn what_is_missing_is_counted_without_the_sender() {
    let demo = Demo::new().await.unwrap();
    let desk = desk();
    let wanted = Wanted { themes: vec![Theme::Housing], locality: demo.engine.vocabulary.territory().postal_code("9000"), ..Wanted::default() };
    let understood = Understanding { intent: Intent::Search(wanted), language: Language::Fr };
    let (answer, session) = dialogue::answer(&understood, &Found::default(), Session::default(), &setting(&demo, &desk));
    assert_eq!(answer.notes, [Note::Unmet { theme: Some(Theme::Housing), postal_code: Some("9000".to_owned()) }]);
    // Another place for the same question may come.
    assert_eq!(session.step, Step::Empty);
    assert!(matches!(answer.blocks.first(), Some(directory::answer::Block::Say(Sentence::NothingFound(_)))));
}
