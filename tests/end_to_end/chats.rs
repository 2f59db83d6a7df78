//! The bot: buttons and digits, one message edited in place, updates kept before they are acknowledged.

use std::sync::Arc;
use std::time::Duration as Span;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use chrono::Duration;
use db::outbox::Way;
use gateway::channel::Carrier;
use gateway::channel::telegram::poll;
use gateway::channel::telegram::routes::TelegramRoute;
use gateway::channel::telegram::send::{self, Sender};
use gateway::channel::telegram::speak::Speaker;
use gateway::channel::telegram::turns::Chats;
use gateway::config::SecretText;
use gateway::delivery::DeliveryWorker;
use gateway::http::router;
use harness::bot_api::{BOT, BotApi, Called, Fault, blocked, message, pressed, typed};
use harness::demo::Demo;
use harness::place::Place;
use serde_json::{Value, json};
use tower::ServiceExt;

const AMINA: i64 = 4_242;

pub(super) struct Bot {
    pub(super) demo: Demo,
    chats: Arc<Chats>,
    pub(super) api: BotApi,
    router: axum::Router,
    updates: std::sync::atomic::AtomicI64,
}

impl Bot {
    pub(super) async fn new() -> Self {
        Self::limited(Place::sqlite().unwrap(), |_| ()).await
    }

    async fn on(place: Place) -> Self {
        Self::limited(place, |_| ()).await
    }

    pub(super) async fn limited(place: Place, change: impl FnOnce(&mut application::limits::Limits)) -> Self {
        let mut demo = Demo::on(place).await.unwrap();
        let engine = Arc::get_mut(&mut demo.engine).unwrap();
        engine.calls_back = true;
        change(&mut engine.limits);
        let chats = Arc::new(Chats::new(Arc::clone(&demo.engine), Speaker::find().is_some()).unwrap());
        let router = router(None, Some(TelegramRoute { chats: Arc::clone(&chats), secret: demo.engine.keys.webhook_secret() }));
        Self { demo, chats, api: BotApi::listen().await, router, updates: 1.into() }
    }

    pub(super) fn worker(&self) -> DeliveryWorker {
        let sender = Sender::new(&SecretText::from(BOT), &self.api.url, Speaker::find()).unwrap();
        DeliveryWorker::new(Arc::clone(&self.demo.engine), Way::Chat, Carrier::Telegram(Box::new(sender)), tokio::sync::watch::channel(false).1)
    }

    pub(super) fn next(&self) -> i64 {
        self.updates.fetch_add(1, std::sync::atomic::Ordering::SeqCst)
    }

    /// Telegram posts an update; the status.
    pub(super) async fn post(&self, update: &Value) -> StatusCode {
        self.post_with(update, &self.demo.engine.keys.webhook_secret()).await
    }

    async fn post_with(&self, update: &Value, secret: &str) -> StatusCode {
        let request = Request::post("/telegram/webhook").header("X-Telegram-Bot-Api-Secret-Token", secret).body(Body::from(update.to_string())).unwrap();
        self.router.clone().oneshot(request).await.unwrap().status()
    }

    /// Takes an update, sends what is due; the last message that went out.
    async fn says(&self, update: &Value) -> Called {
        assert_eq!(self.post(update).await, StatusCode::OK);
        self.worker().tick().await.unwrap();
        self.api.said().pop().expect("nothing was said")
    }

    async fn types(&self, text: &str) -> Called {
        self.says(&typed(self.next(), AMINA, text)).await
    }

    async fn presses(&self, message: i64, data: &str) -> Called {
        self.says(&pressed(self.next(), AMINA, message, data)).await
    }
}

fn data_of(called: &Called, label: &str) -> String {
    let buttons = called.buttons();
    buttons.iter().find(|(text, _)| text.starts_with(label)).unwrap_or_else(|| panic!("no button {label:?} among {buttons:?}")).1.clone()
}

#[tokio::test]
async fn buttons_lead_to_an_address_in_one_message() {
    for place in Place::both().await.unwrap() {
        let bot = Bot::on(place).await;
        // The telephone speaks French: no question of language.
        let doors = bot.types("/start").await;
        assert_eq!((doors.method.as_str(), doors.chat()), ("SendMessage", AMINA));
        assert!(doors.text().contains("1 Manger") && data_of(&doors, "1 🍲 Manger") == "d11", "{doors:?}");
        let where_to = bot.presses(7, "d11").await;
        assert!(where_to.text().contains("où ?") && where_to.body["reply_markup"].to_string().contains("request_location"), "{where_to:?}");
        let list = bot.types("1030").await;
        assert!(list.text().contains("Manger 1030") && list.text().contains("1. "), "{}", list.text());
        let first = data_of(&list, "1 ");
        let card = bot.presses(9, &first).await;
        assert_eq!((card.method.as_str(), card.body["message_id"].as_i64()), ("EditMessageText", Some(9)));
        assert!(card.text().contains("1030 Schaerbeek"), "{}", card.text());
        let back = bot.presses(9, &data_of(&card, "* ")).await;
        assert_eq!(back.text(), list.text());
        assert_eq!(bot.api.called(&["AnswerCallbackQuery"]).len(), 3, "a press must be acknowledged");
        for said in bot.api.said() {
            assert!(said.text().chars().count() <= 600, "{}", said.text());
            assert!(said.buttons().iter().all(|(_, data)| (1..=64).contains(&data.len())), "{:?}", said.buttons());
        }
    }
}

#[tokio::test]
async fn digits_do_the_same_as_buttons_and_old_buttons_do_what_they_say() {
    let bot = Bot::new().await;
    let list = bot.types("manger 1030").await;
    let code = data_of(&list, "2 ");
    let typed = bot.types("2").await;
    bot.types("dormir 1000").await;
    // A button of the list before still opens what stands on it.
    assert_eq!(bot.presses(3, &code).await.text(), typed.text());
    let doors = bot.presses(3, "d13").await;
    assert!(doors.text().contains("Santé 1000"), "{}", doors.text());
}

#[tokio::test]
async fn an_update_that_comes_twice_is_answered_once() {
    for place in Place::both().await.unwrap() {
        let bot = Bot::on(place).await;
        let update = typed(bot.next(), AMINA, "manger 1030");
        for _ in 0..3 {
            assert_eq!(bot.post(&update).await, StatusCode::OK);
        }
        bot.worker().tick().await.unwrap();
        assert_eq!(bot.post(&update).await, StatusCode::OK);
        bot.worker().tick().await.unwrap();
        assert_eq!(bot.api.said().len(), 1);
    }
}

#[tokio::test]
async fn forged_and_strange_updates_change_nothing() {
    let bot = Bot::new().await;
    let update = typed(bot.next(), AMINA, "manger 1030");
    let right = bot.demo.engine.keys.webhook_secret();
    for secret in ["", "x", &right[..63], &format!("{right}0")] {
        assert_eq!(bot.post_with(&update, secret).await, StatusCode::FORBIDDEN);
    }
    let mut group = typed(bot.next(), -100, "manger 1030");
    group["message"]["chat"] = json!({ "id": -100, "type": "group", "title": "g" });
    let pinned = message(bot.next(), AMINA, &json!({ "pinned_message": { "message_id": 1 } }));
    for strange in [json!({}), json!([]), json!({ "update_id": 9 }), json!({ "update_id": 9, "message": 3 }), group, pinned, Value::Null] {
        assert_eq!(bot.post(&strange).await, StatusCode::OK);
    }
    bot.worker().tick().await.unwrap();
    assert_eq!(bot.api.asked(), 0);
    assert_eq!(bot.demo.engine.store.next_delivery(Way::Chat).await.unwrap(), None);
}

#[tokio::test]
async fn a_position_becomes_a_postal_code_and_is_not_kept() {
    let bot = Bot::new().await;
    bot.types("manger").await;
    let here = message(bot.next(), AMINA, &json!({ "location": { "latitude": 50.867_612_3, "longitude": 4.373_745_6 } }));
    let list = bot.says(&here).await;
    assert!(list.text().contains("Repas chaud 1030"), "{}", list.text());
    bot.demo.engine.store.close().await;
    let bytes = std::fs::read(bot.demo.place.file().unwrap()).unwrap();
    let holds = |needle: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
    assert!(!holds(b"50.867612") && !holds(b"4.373745") && !holds(b"amina_k"));
}

#[tokio::test]
async fn a_voice_message_waits_for_a_person() {
    let bot = Bot::new().await;
    let voice = json!({ "voice": { "file_id": "AwACAgQAAxkBAAIB", "file_unique_id": "u1", "duration": 12, "mime_type": "audio/ogg", "file_size": 4_000 } });
    let said = bot.says(&message(bot.next(), AMINA, &voice)).await;
    for kind in ["video_note", "audio"] {
        let other = json!({ kind: { "file_id": "AwACAgQAAxkBAAIB", "file_unique_id": "u1", "duration": 12 } });
        assert_eq!(bot.says(&message(bot.next(), AMINA, &other)).await.text(), said.text(), "{kind}");
    }
    assert!(said.text().contains("Une personne vous répondra ici.") && !said.text().contains("Quand ?"), "{}", said.text());
    let waiting = bot.demo.engine.store.call_backs().await.unwrap();
    let [row] = waiting.as_slice() else { panic!("{waiting:?}") };
    assert_eq!((row.channel.as_str(), row.recording.is_some()), ("telegram", true));
    assert!(!row.recording.as_ref().unwrap().as_bytes().windows(8).any(|window| window == b"AwACAgQA"));
}

#[tokio::test]
async fn words_are_read_wherever_they_stand() {
    let bot = Bot::new().await;
    let list = bot.types("manger 1030").await;
    assert!(list.text().contains("Repas chaud 1030"), "{}", list.text());
    for command in ["/manger 1030", "/manger@passerelle_bot 1030"] {
        assert_eq!(bot.types(command).await.text(), list.text(), "{command}");
    }
    let photo = json!([{ "file_id": "P", "file_unique_id": "p", "width": 9, "height": 9 }]);
    // Letters of a kind that no library knows, and a content of such a kind.
    let strange = json!([{ "type": "hologram", "offset": 0, "length": 6 }]);
    for content in [
        json!({ "photo": photo, "caption": "manger 1030" }),
        json!({ "document": { "file_id": "D", "file_unique_id": "d" }, "caption": "manger 1030" }),
        json!({ "text": "manger 1030", "entities": strange }),
        json!({ "hologram": { "depth": [3] }, "caption": "manger 1030" }),
    ] {
        assert_eq!(bot.says(&message(bot.next(), AMINA, &content)).await.text(), list.text(), "{content}");
    }
    // Also where the updates are fetched: the library's own reader would drop them.
    let client = send::bot(&SecretText::from(BOT), &bot.api.url, poll::LONGEST).unwrap();
    let update = bot.next();
    bot.api.push(message(update, AMINA, &json!({ "text": "manger 1030", "entities": strange, "date": "then" })));
    let fetching = tokio::spawn(poll::run(client, Arc::clone(&bot.chats)));
    let delivering = tokio::spawn(bot.worker().run());
    let said = bot.api.until_said(8).await;
    fetching.abort();
    delivering.abort();
    assert_eq!((said.len(), said[7].text()), (8, list.text()));
}

#[tokio::test]
async fn what_cannot_be_read_is_said_once_and_the_conversation_goes_on() {
    let bot = Bot::new().await;
    let list = bot.types("manger 1030").await;
    let sticker = json!({ "sticker": { "file_id": "S", "file_unique_id": "s", "width": 9, "height": 9 } });
    let said = bot.says(&message(bot.next(), AMINA, &sticker)).await;
    assert!(said.text().starts_with("Je lis un texte, une position ou un message vocal"), "{}", said.text());
    // An album comes as many messages.
    for _ in 0..4 {
        let picture = json!({ "media_group_id": "77", "photo": [{ "file_id": "P", "file_unique_id": "p", "width": 9, "height": 9 }] });
        assert_eq!(bot.post(&message(bot.next(), AMINA, &picture)).await, StatusCode::OK);
    }
    bot.worker().tick().await.unwrap();
    assert_eq!(bot.api.said().len(), 3);
    let card = bot.types("1").await;
    assert!(data_of(&list, "1 ").starts_with('c') && card.text().contains("1030 Schaerbeek"), "{}", card.text());
}

/// In France a postal code has as many digits as the number of a slip.
#[tokio::test]
async fn a_position_is_no_slip() {
    let mut bot = Bot::new().await;
    let paris = bot.demo.engine.vocabulary.territory().postal_code("75018").unwrap();
    drop((bot.router, bot.chats));
    Arc::get_mut(&mut bot.demo.engine).unwrap().home = Some(paris);
    let chats = Arc::new(Chats::new(Arc::clone(&bot.demo.engine), false).unwrap());
    let router = router(None, Some(TelegramRoute { chats: Arc::clone(&chats), secret: bot.demo.engine.keys.webhook_secret() }));
    let bot = Bot { chats, router, ..bot };
    bot.types("/start").await;
    assert!(bot.types("7").await.text().contains("Quel ticket"));
    let montmartre = json!({ "location": { "latitude": 48.892, "longitude": 2.345 }, "venue": { "title": "t", "address": "a" } });
    let said = bot.says(&message(bot.next(), AMINA, &montmartre)).await;
    assert!(said.text().contains("que cherchez-vous") && !said.text().contains("Quel ticket"), "{}", said.text());
}

/// Question and answer leave the telephone too, if they want it.
#[tokio::test]
async fn what_was_asked_in_danger_can_be_erased_from_the_chat() {
    for place in Place::both().await.unwrap() {
        let bot = Bot::on(place).await;
        let question = bot.next();
        let danger = bot.says(&typed(question, AMINA, "mon mari me frappe 1030")).await;
        let data = data_of(&danger, "Effacer");
        assert_eq!(data, format!("xfr{}", 1_000 + question));
        assert!(bot.types("manger 1030").await.buttons().iter().all(|(label, _)| label != "Effacer"));
        let kept = async || {
            let counts = "SELECT (SELECT count(*) FROM turn) + (SELECT count(*) FROM outbox) + (SELECT count(*) FROM session)";
            bot.demo.place.number(counts).await.unwrap()
        };
        let before = kept().await;
        for _ in 0..2 {
            assert_eq!(bot.post(&pressed(bot.next(), AMINA, 501, &data)).await, StatusCode::OK);
            bot.worker().tick().await.unwrap();
            assert_eq!(bot.api.deleted(), [501, 1_000 + question]);
        }
        assert_eq!((bot.api.said().len(), kept().await), (2, before), "it is kept that something was erased");
        // The question is too old: the answer goes all the same, and the press says so in a window.
        bot.api.grow_old(77);
        assert_eq!(bot.post(&pressed(bot.next(), AMINA, 502, "xnl77")).await, StatusCode::OK);
        bot.worker().tick().await.unwrap();
        let window = bot.api.called(&["AnswerCallbackQuery"]).pop().unwrap();
        assert!(bot.api.deleted().contains(&502) && window.text().contains("te oud"), "{window:?}");
        // The answer is: it loses its words.
        bot.api.grow_old(503);
        let said = bot.says(&pressed(bot.next(), AMINA, 503, "xde78")).await;
        assert_eq!((said.method.as_str(), said.body["message_id"].as_i64()), ("EditMessageText", Some(503)));
        assert!(bot.api.deleted().contains(&78) && said.text().contains("zu alt") && said.buttons().is_empty(), "{said:?}");
        assert_eq!(kept().await, before);
    }
}

/// A chat that Telegram refuses, or in which it does not answer, waits alone.
#[tokio::test]
async fn one_chat_in_trouble_holds_up_no_other() {
    let bot = Bot::new().await;
    let (spammed, broken, frozen, well) = (1, 2, 3, 4);
    bot.api.behave_to(spammed, Fault::TooMany(600));
    bot.api.behave_to(broken, Fault::Broken);
    bot.api.behave_to(frozen, Fault::BlackHole);
    for text in ["manger 1030", "8"] {
        for chat in [spammed, broken, frozen, well] {
            assert_eq!(bot.post(&typed(bot.next(), chat, text)).await, StatusCode::OK);
        }
    }
    let delivering = tokio::spawn(bot.worker().run());
    let said = bot.api.until_said(2).await;
    assert!(said.len() == 2 && said.iter().all(|said| said.chat() == well), "{said:?}");
    assert!(said[0].text().contains("Repas chaud 1030") && said[0].text() != said[1].text(), "{said:?}");
    // What is new goes out as well while one of them is still being waited for.
    assert_eq!(bot.post(&typed(bot.next(), well, "dormir 1000")).await, StatusCode::OK);
    assert_eq!(bot.api.until_said(3).await.len(), 3);
    delivering.abort();
}

#[tokio::test]
async fn telegram_as_a_whole_is_given_peace() {
    let bot = Bot::new().await;
    bot.api.behave(Fault::TooMany(7));
    for chat in 1..20 {
        assert_eq!(bot.post(&typed(bot.next(), chat, "manger 1030")).await, StatusCode::OK);
    }
    let mut worker = bot.worker();
    let quiet = worker.tick().await.unwrap();
    assert!(quiet > Span::ZERO && quiet <= Span::from_secs(7), "{quiet:?}");
    // Eight are on their way at the most when it is understood.
    let asked = bot.api.asked();
    assert!(asked <= 10, "asked {asked} times of 19");
    worker.tick().await.unwrap();
    assert_eq!(bot.api.asked(), asked, "asked before the time was over");
}

#[tokio::test]
async fn those_who_are_talking_do_not_wait_behind_those_who_begin() {
    let bot = Bot::new().await;
    bot.types("manger 1030").await;
    for chat in 1..6 {
        assert_eq!(bot.post(&typed(bot.next(), chat, "manger 1030")).await, StatusCode::OK);
    }
    // Nor does anybody wait behind others who is in danger.
    for (chat, text) in [(6, "mon mari me frappe"), (AMINA, "8")] {
        assert_eq!(bot.post(&typed(bot.next(), chat, text)).await, StatusCode::OK);
    }
    let (engine, mut order) = (&bot.demo.engine, Vec::new());
    while let Some(claimed) = engine.store.claim_delivery(Way::Chat, || engine.clock.now()).await.unwrap() {
        order.push((1..7).chain([AMINA]).find(|chat| engine.keys.person(&format!("telegram:{chat}")) == claimed.person).unwrap());
    }
    assert_eq!(order, [6, AMINA, 1, 2, 3, 4, 5]);
}

#[tokio::test]
async fn who_wants_to_listen_hears_it() {
    let bot = Bot::new().await;
    if Speaker::find().is_none() {
        harness::skip("answers aloud in chats", "espeak-ng, or opusenc and ffmpeg, are not installed");
        return;
    }
    let list = bot.types("manger 1030").await;
    assert_eq!(data_of(&list, "# "), "l");
    assert_eq!(bot.post(&pressed(bot.next(), AMINA, 3, "l")).await, StatusCode::OK);
    bot.worker().tick().await.unwrap();
    let voices = bot.api.called(&["SendVoice"]);
    assert_eq!((voices.len(), voices[0].body["file"].as_str(), voices[0].chat()), (1, Some("OggS"), AMINA));
}

#[tokio::test]
async fn telegram_is_given_peace_and_nothing_is_lost() {
    let bot = Bot::new().await;
    bot.api.behave(Fault::TooMany(7));
    for text in ["manger 1030", "8"] {
        assert_eq!(bot.post(&typed(bot.next(), AMINA, text)).await, StatusCode::OK);
    }
    assert_eq!(bot.worker().tick().await.unwrap(), Span::from_secs(7));
    bot.api.behave(Fault::None);
    bot.demo.clock.advance(Duration::seconds(6));
    bot.worker().tick().await.unwrap();
    assert_eq!(bot.api.asked(), 1, "asked before the time was over");
    bot.demo.clock.advance(Duration::seconds(1));
    for _ in 0..2 {
        bot.worker().tick().await.unwrap();
    }
    let said = bot.api.said();
    assert!(said.len() == 2 && said[0].text().contains("Repas chaud 1030") && said[0].text() != said[1].text(), "{said:?}");
}

#[tokio::test]
async fn who_blocks_the_bot_is_forgotten() {
    let bot = Bot::new().await;
    bot.types("manger 1030").await;
    bot.types("0").await;
    assert_eq!(bot.demo.engine.store.call_backs().await.unwrap().len(), 1);
    assert_eq!(bot.post(&blocked(bot.next(), AMINA)).await, StatusCode::OK);
    assert!(bot.demo.engine.store.call_backs().await.unwrap().is_empty());
    // Found out while sending: the same.
    bot.types("0").await;
    bot.api.behave(Fault::Blocked);
    assert_eq!(bot.post(&typed(bot.next(), AMINA, "2")).await, StatusCode::OK);
    bot.worker().tick().await.unwrap();
    assert!(bot.demo.engine.store.call_backs().await.unwrap().is_empty());
    assert_eq!(bot.demo.engine.store.next_delivery(Way::Chat).await.unwrap(), None);
}

#[tokio::test]
async fn stop_in_a_chat_is_kept() {
    let bot = Bot::new().await;
    assert!(bot.types("/stop").await.text().contains("plus rien"));
    let person = bot.demo.engine.keys.person(&format!("telegram:{AMINA}"));
    assert!(bot.demo.engine.store.has_stopped(&person).await.unwrap());
}

#[tokio::test]
async fn chats_are_limited_and_the_last_message_says_so() {
    let bot = Bot::new().await;
    let limit = bot.demo.engine.limits.chats_hour;
    for _ in 0..limit {
        assert_eq!(bot.post(&typed(bot.next(), AMINA, "8")).await, StatusCode::OK);
    }
    for _ in 0..3 {
        assert_eq!(bot.post(&typed(bot.next(), AMINA, "8")).await, StatusCode::OK);
    }
    while bot.demo.engine.store.next_delivery(Way::Chat).await.unwrap().is_some() {
        bot.worker().tick().await.unwrap();
    }
    let said = bot.api.said();
    assert_eq!(i64::try_from(said.len()).unwrap(), limit + 1);
    assert!(said.last().unwrap().text().contains("beaucoup de messages"));
}

/// By long polling, with teloxide's own client: what is fetched is kept before the next request says so.
#[tokio::test]
async fn fetched_updates_are_kept_before_they_are_acknowledged() {
    let bot = Bot::new().await;
    let client = send::bot(&SecretText::from(BOT), &bot.api.url, poll::LONGEST).unwrap();
    bot.api.behave(Fault::TwoPollers);
    let fetching = tokio::spawn(poll::run(client, Arc::clone(&bot.chats)));
    tokio::time::sleep(Span::from_millis(300)).await;
    bot.api.behave(Fault::None);
    for text in ["manger 1030", "1", "0"] {
        bot.api.push(typed(bot.next(), AMINA, text));
    }
    let begun = std::time::Instant::now();
    while bot.api.fetched_to() < 4 && begun.elapsed() < Span::from_secs(30) {
        tokio::time::sleep(Span::from_millis(50)).await;
    }
    assert_eq!(bot.api.fetched_to(), 4);
    for update in 1..4 {
        assert!(bot.demo.engine.store.answered("telegram", &update.to_string()).await.unwrap().is_some(), "acknowledged, and not kept: {update}");
    }
    for _ in 0..3 {
        bot.worker().tick().await.unwrap();
    }
    assert_eq!(bot.api.said().len(), 3);
    fetching.abort();
    // A database that takes nothing: nothing is acknowledged.
    bot.demo.engine.store.close().await;
    let client = send::bot(&SecretText::from(BOT), &bot.api.url, poll::LONGEST).unwrap();
    bot.api.push(typed(bot.next(), AMINA, "manger 1030"));
    let fetching = tokio::spawn(poll::run(client, Arc::clone(&bot.chats)));
    tokio::time::sleep(Span::from_secs(2)).await;
    fetching.abort();
    assert_eq!(bot.api.fetched_to(), 4);
}

/// A Telegram that somebody else wrote (teremock): it reads what we send with its own eyes, and refuses what Telegram
/// would.
#[tokio::test]
async fn an_independent_telegram_is_content_with_what_we_send() {
    type Handled = Result<(), Box<dyn std::error::Error + Send + Sync>>;
    let bot = Bot::new().await;
    let (chats, engine) = (Arc::clone(&bot.chats), Arc::clone(&bot.demo.engine));
    let endpoint = move |update: teloxide::types::Update, client: teloxide::Bot| {
        let (chats, engine) = (Arc::clone(&chats), Arc::clone(&engine));
        async move {
            chats.take(gateway::channel::telegram::read(&serde_json::to_value(update)?)).await?;
            let sender = Sender::new(&SecretText::from(client.token()), client.api_url().as_str(), None)?;
            DeliveryWorker::new(engine, Way::Chat, Carrier::Telegram(Box::new(sender)), tokio::sync::watch::channel(false).1).tick().await?;
            Handled::Ok(())
        }
    };
    let mut telegram = teremock::MockBot::new(teremock::MockMessageText::new().text("/start"), teloxide::dptree::endpoint(endpoint)).await;
    telegram.dispatch().await;
    let first = telegram.get_responses().sent_messages.last().cloned().expect("nothing was sent");
    assert!(first.text().is_some_and(|text| text.contains('1')) && first.reply_markup().is_some(), "{first:?}");
    for (text, wanted) in [("manger 1030", "Repas chaud 1030"), ("1", "1030 Schaerbeek"), ("0", "Une personne"), ("manger 1325", "1325")] {
        telegram.update(teremock::MockMessageText::new().text(text));
        telegram.dispatch().await;
        let responses = telegram.get_responses();
        let sent = responses.sent_messages.last().and_then(|message| message.text()).unwrap_or_default();
        assert!(sent.contains(wanted), "{text}: {sent}");
    }
    // A button changes its message.
    telegram.update(teremock::MockMessageText::new().text("manger 1030"));
    telegram.dispatch().await;
    let list = telegram.get_responses().sent_messages.last().cloned().unwrap();
    let keyboard = list.reply_markup().unwrap().inline_keyboard.clone();
    let teloxide::types::InlineKeyboardButtonKind::CallbackData(data) = keyboard[0][0].kind.clone() else { panic!("{keyboard:?}") };
    telegram.update(teremock::MockCallbackQuery::new().data(data).message(list));
    telegram.dispatch().await;
    let edited = telegram.get_responses().edited_messages_text;
    assert!(edited.last().is_some_and(|edited| edited.message.text().is_some_and(|text| text.contains("1030 Schaerbeek"))), "{edited:?}");
}
