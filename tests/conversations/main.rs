//! The same conversations by text message, by phone, in a chat and at the terminal, in four languages.
//!
//! A script is a text file beside this one. Its lines:
//!
//! ```text
//! # what it shows
//! not telegram           the channel on which it does not apply
//! say A | B | C | D      what is typed, in French, Dutch, German, English; one for all where there is one
//! press 1 1030           what a caller presses instead; without it the same keys, or the words aloud
//! lists 3                entries to choose from; without a number, one at least
//! card                   all about one entry
//! doors                  a page of doors
//! never call-back        not that sentence, in any language
//! says where/where       a sentence of config/phrases, and behind the slash that of config/phrases/speech
//! names 112              these words
//! language nl            the language from here on
//! ```

mod script;

use std::fmt::Write as _;
use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use db::outbox::Way;
use directory::language::Language;
use gateway::channel::telegram::Outgoing;
use gateway::channel::telegram::routes::TelegramRoute;
use gateway::channel::telegram::turns::Chats;
use gateway::channel::twilio::{Secret, Signed, sign};
use gateway::channel::twilio_voice::turns::Calls;
use gateway::config::Voice;
use gateway::http::{TwilioRoute, router};
use harness::bot_api::typed;
use harness::caller::Caller;
use harness::carrier::{PUBLIC_URL, TOKEN, text_of};
use harness::demo::Demo;
use harness::home::{Home, Kind};
use harness::program::{CALLS_BACK, UNLIMITED, run, run_reading};
use script::{Expected, Script, Step};
use tower::ServiceExt;

/// A gateway with all its channels.
struct Gateway {
    demo: Demo,
    router: axum::Router,
}

impl Gateway {
    async fn new() -> Self {
        let mut demo = Demo::new().await.unwrap();
        let engine = Arc::get_mut(&mut demo.engine).unwrap();
        engine.calls_back = true;
        let limits = &mut engine.limits;
        for limit in [&mut limits.sender_hour, &mut limits.sender_day, &mut limits.range_day, &mut limits.day, &mut limits.all_calls_day] {
            *limit = 1_000_000;
        }
        for limit in [&mut limits.same_hour, &mut limits.danger_hour, &mut limits.call_backs_day, &mut limits.call_backs_range_day] {
            *limit = 1_000_000;
        }
        let engine = &demo.engine;
        let twilio = TwilioRoute {
            engine: Arc::clone(engine),
            calls: Calls::new(Arc::clone(engine), PUBLIC_URL, &Voice { listens: true, ..Voice::default() }).unwrap(),
            public_url: PUBLIC_URL.to_owned(),
            secrets: vec![Secret::new(TOKEN)],
        };
        let telegram = TelegramRoute { chats: Arc::new(Chats::new(Arc::clone(engine), false).unwrap()), secret: engine.keys.webhook_secret() };
        let router = router(Some(twilio), Some(telegram));
        Self { demo, router }
    }

    async fn post(&self, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> (StatusCode, String) {
        let mut request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = self.router.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
        let status = response.status();
        (status, String::from_utf8(to_bytes(response.into_body(), 1 << 20).await.unwrap().to_vec()).unwrap())
    }
}

/// What somebody writes who wants to be answered in a language, as callers press its key first.
const NAMES: [&str; 4] = ["français", "nederlands", "deutsch", "english"];

fn place_of(language: Language) -> usize {
    Language::ALL.iter().position(|known| *known == language).unwrap()
}

/// Runs a script on a channel; what was heard or read at each step is held against what is expected.
async fn by_text_message(gateway: &Gateway, script: &Script, language: Language, number: usize) {
    let from = format!("+3247{number:07}");
    let mut judge = script.judge("sms", language);
    for place in 0..=script.steps.len() {
        let step = place.checked_sub(1).map(|step| &script.steps[step]);
        let body = form_urlencoded::Serializer::new(String::new())
            .append_pair("MessageSid", &format!("SM{number}-{place}"))
            .append_pair("From", &from)
            .append_pair("Body", step.map_or(NAMES[place_of(language)], |step| step.typed(language)))
            .finish()
            .into_bytes();
        let signature = sign(&Signed::Form { url: &format!("{PUBLIC_URL}/twilio/sms"), body: &body }, &Secret::new(TOKEN));
        let (status, answer) = gateway.post("/twilio/sms", &[("X-Twilio-Signature", &signature)], body).await;
        assert_eq!(status, StatusCode::OK);
        if let Some(step) = step {
            judge.hold(step, &text_of(&answer));
        }
    }
}

async fn by_phone(gateway: &Gateway, script: &Script, language: Language, number: usize) {
    let mut caller = Caller::new(&gateway.router, &format!("+3247{number:07}"));
    caller.call().await;
    caller.press(&(place_of(language) + 1).to_string()).await;
    let mut judge = script.judge("voice", language);
    for step in &script.steps {
        let heard = match step.pressed(language) {
            Some(keys) => {
                let mut heard = None;
                for key in keys {
                    heard = Some(caller.press(key).await);
                }
                heard.expect("a step without keys")
            }
            None => caller.speak(step.typed(language)).await,
        };
        judge.hold(step, &heard.text());
    }
}

async fn in_a_chat(gateway: &Gateway, script: &Script, language: Language, number: usize) {
    let chat = i64::try_from(number).unwrap() + 10_000;
    let secret = gateway.demo.engine.keys.webhook_secret();
    let mut judge = script.judge("telegram", language);
    let mut update = i64::try_from(number * 100).unwrap();
    for step in &script.steps {
        update += 1;
        let mut posted = typed(update, chat, step.typed(language));
        posted["message"]["from"]["language_code"] = language.code().into();
        let (status, _) = gateway.post("/telegram/webhook", &[("X-Telegram-Bot-Api-Secret-Token", &secret)], posted.to_string().into_bytes()).await;
        assert_eq!(status, StatusCode::OK);
        let store = &gateway.demo.engine.store;
        let delivery = store.claim_delivery(Way::Chat, || gateway.demo.engine.clock.now()).await.unwrap();
        let delivery = delivery.unwrap_or_else(|| panic!("{}: nothing goes out", script.name));
        let outgoing: Outgoing = serde_json::from_str(&delivery.body).unwrap();
        store.mark_delivery(&delivery, &db::outbox::Outcome::Sent).await.unwrap();
        judge.hold(step, &outgoing.text);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_script_runs_by_text_by_phone_and_in_a_chat() {
    let gateway = Gateway::new().await;
    let scripts = Script::all();
    assert_eq!(scripts.len(), 72);
    let (mut number, mut steps) = (0, 0);
    for script in &scripts {
        for language in Language::ALL {
            for channel in ["sms", "voice", "telegram"].into_iter().filter(|channel| script.applies(channel)) {
                number += 1;
                steps += script.steps.len();
                match channel {
                    "sms" => by_text_message(&gateway, script, language, number).await,
                    "voice" => by_phone(&gateway, script, language, number).await,
                    _ => in_a_chat(&gateway, script, language, number).await,
                }
            }
        }
    }
    println!("conversations: {} scripts, {number} runs by text message, phone and chat in four languages, {steps} steps", scripts.len());
}

/// The program itself: all scripts of a language one after the other, each as a new conversation.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_script_runs_at_the_terminal() {
    let home = Home::new(Kind::Sqlite);
    let settings: Vec<_> = UNLIMITED.into_iter().chain(CALLS_BACK).collect();
    let loaded = run(&home, &[], ["demo", "--load-only", "--db", home.database()]).await;
    assert!(loaded.status.success(), "{}", String::from_utf8_lossy(&loaded.stderr));
    let scripts: Vec<Script> = Script::all().into_iter().filter(|script| script.applies("talk")).collect();
    let mut steps = 0;
    for language in Language::ALL {
        let mut typed = String::new();
        for script in &scripts {
            let _ = writeln!(typed, "/new\n{}", NAMES[place_of(language)]);
            for step in &script.steps {
                let _ = writeln!(typed, "{}", step.typed(language));
            }
        }
        let talked = run_reading(&home, &settings, ["talk", "--from", "+32470123456"], &typed).await;
        assert!(talked.status.success(), "{}", String::from_utf8_lossy(&talked.stderr));
        let said = String::from_utf8(talked.stdout).unwrap();
        let mut answers = said.split_terminator("\n\n");
        for script in &scripts {
            let mut judge = script.judge("talk", language);
            answers.next().expect("the language is not answered");
            for step in &script.steps {
                judge.hold(step, answers.next().expect("fewer answers than questions"));
                steps += 1;
            }
        }
        assert_eq!(answers.next(), None);
    }
    println!("conversations: {} scripts at the terminal in four languages, {steps} steps", scripts.len());
}

/// How people ask for no call, in French, Dutch, German and English.
const NO_CALL: [&str; 4] = ["ne m'appelez pas", "bel mij niet terug", "bitte nicht anrufen", "don't call me"];

/// The messages of the sets on danger, each asking for no call where it does not ask by itself.
fn asking_for_no_call() -> Vec<String> {
    let sets = [Some(harness::repository().join("tests/understanding/danger.jsonl")), harness::shared("data/danger/danger.jsonl")];
    let lines = sets.into_iter().flatten().flat_map(|set| std::fs::read_to_string(set).unwrap().lines().map(ToOwned::to_owned).collect::<Vec<_>>());
    let rows = lines.map(|line| serde_json::from_str::<serde_json::Value>(&line).unwrap());
    let asking = rows.map(|row| {
        let (text, language) = (row["text"].as_str().unwrap(), Language::from_code(row["lang"].as_str().unwrap()).unwrap());
        if row["no_call"] == true { text.to_owned() } else { format!("{text}, {}", NO_CALL[place_of(language)]) }
    });
    asking.collect()
}

/// Who asks not to be called may be in danger from whoever picks up, or reads what comes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_asks_for_no_call_is_promised_none_on_any_channel() {
    let gateway = Gateway::new().await;
    let messages = asking_for_no_call();
    assert!(messages.len() >= 300, "{} messages", messages.len());
    // Half of the messages are held back: what fails is named by its number alone.
    let scripts: Vec<Script> = messages
        .iter()
        .enumerate()
        .map(|(number, text)| {
            let mut script = Script::read(&format!("message {number}"), &format!("say {}\nnever call-back\nnever when-call\n", text.replace(['|', '\n'], " ")));
            script.is_held = true;
            script
        })
        .collect();
    for (number, script) in scripts.iter().enumerate() {
        by_text_message(&gateway, script, Language::Fr, 50_000 + number).await;
        by_phone(&gateway, script, Language::Fr, 60_000 + number).await;
        in_a_chat(&gateway, script, Language::Fr, 70_000 + number).await;
    }
    let store = &gateway.demo.engine.store;
    assert_eq!(store.count_call_backs().await.unwrap(), (0, 0), "a call that somebody asked not to get");
    // Each chat was answered once, and nothing else goes out.
    assert!(store.claim_delivery(Way::Chat, || gateway.demo.engine.clock.now()).await.unwrap().is_none());
    assert!(store.claim_delivery(Way::Sms, || gateway.demo.engine.clock.now()).await.unwrap().is_none());
    println!("no call: {} messages on three channels", scripts.len());
}

/// Expectations would be worth nothing if they held for anything.
#[tokio::test]
async fn a_wrong_answer_is_found() {
    let script = Script::read("wrong", "say 1\nlists 3\n");
    let held = std::panic::catch_unwind(|| script.judge("sms", Language::Fr).hold(&script.steps[0], "Merci.\n1 a\n2 b"));
    assert!(held.is_err());
    let script = Script::read("wrong", "say 0\nsays call-back\n");
    assert!(std::panic::catch_unwind(|| script.judge("voice", Language::De).hold(&script.steps[0], "Guten Tag.")).is_err());
    assert!(matches!(script.steps[0].expected[0], Expected::Says(..)));
    let forbidding = Script::read("wrong", "say 0\nnever call-back\n");
    for channel in ["sms", "voice"] {
        let promise = "Iemand belt u terug. Daarna wordt uw nummer gewist.";
        assert!(std::panic::catch_unwind(|| forbidding.judge(channel, Language::Fr).hold(&forbidding.steps[0], promise)).is_err(), "{channel}");
    }
    let _: &Step = &script.steps[0];
}
