//! A message about violence stays with nobody: whatever way it came, no table leads from its turn to a person.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use chrono::Duration;
use db::outbox::Way;
use gateway::channel;
use gateway::channel::telegram;
use gateway::channel::telegram::routes::TelegramRoute;
use gateway::channel::telegram::turns::Chats;
use gateway::channel::twilio::Secret;
use gateway::channel::twilio::send::{Account, Rest};
use gateway::channel::twilio_voice::turns::Calls;
use gateway::config::{SecretText, Voice};
use gateway::delivery::DeliveryWorker;
use gateway::http::{TwilioRoute, router};
use harness::bot_api::{BOT, BotApi, pressed, typed};
use harness::caller::Caller;
use harness::carrier::{PUBLIC_URL, TOKEN};
use harness::carrier_api::CarrierApi;
use harness::demo::Demo;
use harness::place::Place;
use harness::twiml::Next;
use serde_json::Value;
use tower::ServiceExt;

use super::Carrier;

const DANGER: &str = "mon mari me frappe 1030";

const NUMBER: &str = "+32470123456";

const CHAT: i64 = 4_242_424_242;

/// The number of the first update: no other number looks like it.
const FIRST: i64 = 900_000_001;

/// A gateway with every channel, and carriers for what goes out.
struct Gateway {
    carrier: Carrier,
    twilio: CarrierApi,
    telegram: BotApi,
}

impl Gateway {
    async fn on(place: Place) -> Self {
        let mut demo = Demo::on(place).await.unwrap();
        let engine = Arc::get_mut(&mut demo.engine).unwrap();
        (engine.reaches_out, engine.calls_back) = (true, true);
        let engine = &demo.engine;
        let voice = Voice { call_back: true, listens: true };
        let calls = Calls::new(Arc::clone(engine), PUBLIC_URL, &voice).unwrap();
        let secrets = vec![Secret::new(TOKEN)];
        let texts = TwilioRoute { calls, engine: Arc::clone(engine), public_url: PUBLIC_URL.to_owned(), secrets };
        let chats = Arc::new(Chats::new(Arc::clone(engine), false).unwrap());
        let bot = TelegramRoute { chats, secret: engine.keys.webhook_secret() };
        let carrier = Carrier { router: router(Some(texts), Some(bot)), demo };
        Self { carrier, twilio: CarrierApi::listen().await, telegram: BotApi::listen().await }
    }

    async fn update(&self, update: &Value) {
        let secret = self.carrier.demo.engine.keys.webhook_secret();
        let request = Request::post("/telegram/webhook").header("X-Telegram-Bot-Api-Secret-Token", secret);
        let request = request.body(Body::from(update.to_string())).unwrap();
        assert_eq!(self.carrier.router.clone().oneshot(request).await.unwrap().status(), StatusCode::OK);
    }

    /// Sends all that is due.
    async fn deliver(&self) {
        let token = || SecretText::from(TOKEN);
        for way in [Way::Sms, Way::Call, Way::Chat] {
            let sender = if way == Way::Chat {
                let bot = telegram::send::Sender::new(&SecretText::from(BOT), &self.telegram.url, None).unwrap();
                channel::Carrier::Telegram(Box::new(bot))
            } else {
                let account = Account {
                    api: self.twilio.url.clone(),
                    sid: "AC1".to_owned(),
                    tokens: vec![token()],
                    from: "+32460000000".to_owned(),
                    public_url: PUBLIC_URL.to_owned(),
                    call_minutes: 20,
                };
                channel::Carrier::Twilio(Rest::new(account).unwrap())
            };
            let (engine, stopped) = (Arc::clone(&self.carrier.demo.engine), tokio::sync::watch::channel(false).1);
            DeliveryWorker::new(engine, way, sender, stopped).tick().await.unwrap();
        }
    }

    /// Lets it ring, and takes our call: an address, by text message too, then danger. The carrier's name of our call.
    async fn is_called(&self) -> String {
        assert_eq!(Caller::new(&self.carrier.router, NUMBER).call().await.next, Next::Reject);
        self.carrier.demo.clock.advance(Duration::seconds(30));
        self.deliver().await;
        let calls = self.twilio.accepted().into_iter().filter(|accepted| accepted.what == "Calls").count();
        assert_eq!(calls, 1, "we do not call");
        // As the carrier answered when it took the call.
        let mut called = Caller::called(&self.carrier.router, NUMBER);
        called.sid = format!("SM{calls:032}");
        called.call().await;
        for keys in ["1", "1", "1030", "1", "1", "7"] {
            called.press(keys).await;
        }
        assert!(called.speak(DANGER).await.text().contains("1 1 2"));
        called.sid
    }

    /// A row that names a person, and to which one of these names leads, over any number of tables.
    async fn named(&self, names: &[&str]) -> Option<String> {
        let (keys, place) = (&self.carrier.demo.engine.keys, &self.carrier.demo.place);
        let hasher = keys.hasher(self.carrier.demo.engine.clock.now());
        let both = [NUMBER.to_owned(), format!("telegram:{CHAT}")];
        let persons: Vec<String> = both.iter().flat_map(|of| [format!("{:?}", keys.person(of).as_bytes()), format!("{:?}", hasher.hash(of))]).collect();
        let names_somebody = |row: &String| persons.iter().any(|person| row.contains(person));
        let mut rows = Vec::new();
        for (table, of_table) in place.rows().await.unwrap() {
            if DIRECTORY.contains(&table.as_str()) {
                assert!(!of_table.iter().any(names_somebody), "a person in {table}");
            } else {
                rows.extend(of_table.into_iter().map(|row| (table.clone(), row)));
            }
        }
        assert!(rows.iter().any(|(_, row)| names_somebody(row)), "nobody is named at all");
        let mut news: BTreeSet<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let (mut known, mut reached) = (news.clone(), Vec::new());
        while !news.is_empty() {
            let is_named = |(_, row): &(String, String)| news.iter().any(|name| row.contains(name));
            let (found, rest): (Vec<_>, Vec<_>) = rows.into_iter().partition(is_named);
            rows = rest;
            news = found.iter().flat_map(|(_, row)| names_in(row)).filter(|name| known.insert(name.clone())).collect();
            reached.extend(found);
        }
        assert!(reached.iter().any(|(table, _)| table == "turn"), "no turn of that name: {names:?}");
        let person = reached.into_iter().find(|(_, row)| names_somebody(row));
        person.map(|(table, row)| format!("{}: {table}: {row}", place.engine()))
    }
}

/// Tables that come from other platforms: no person who asks is in them.
const DIRECTORY: [&str; 9] = ["record", "source_record", "listing", "word", "brief", "source", "feed", "history", "pair"];

/// What of a row could be looked for in another: words with a digit in them, and bytes. Not the words of an answer, which
/// many are given, nor times.
fn names_in(row: &str) -> Vec<String> {
    let row = row.split_once("\"carrier_id\": ").map_or(row, |(_answer, rest)| rest);
    let words = row.split(|letter: char| !letter.is_alphanumeric());
    let names = words.filter(|word| word.len() >= 8 && word.bytes().any(|byte| byte.is_ascii_digit()));
    let names = names.filter(|word| !word.parse().is_ok_and(|number: i64| (1_700_000_000..1_900_000_000).contains(&number)));
    let bytes = row.split('[').skip(1).filter_map(|rest| rest.split_once(']')).map(|(bytes, _)| bytes);
    names.map(ToOwned::to_owned).chain(bytes.filter(|bytes| bytes.len() > 32).map(|bytes| format!("[{bytes}]"))).collect()
}

#[tokio::test]
async fn no_table_leads_from_danger_to_a_person() {
    for place in Place::both().await.unwrap() {
        let gateway = Gateway::on(place).await;
        let updates = [
            typed(FIRST, CHAT, "manger 1030"),
            typed(FIRST + 1, CHAT, DANGER),
            // The same message, once for all to see and once not.
            pressed(FIRST + 2, CHAT, 800_000_007, "d11"),
            pressed(FIRST + 3, CHAT, 800_000_007, "c112"),
            typed(FIRST + 4, CHAT, "1030"),
        ];
        for update in updates {
            gateway.update(&update).await;
            gateway.deliver().await;
        }
        let texts = [("SM70000001", "manger 1030"), ("SM70000002", DANGER), ("SM70000003", "8")];
        for (sid, text) in texts {
            assert_eq!(gateway.carrier.deliver_from(NUMBER, sid, text).await.0, StatusCode::OK);
        }
        let call = gateway.is_called().await;
        gateway.deliver().await;
        assert_eq!(gateway.twilio.accepted().last().map(|accepted| accepted.what.clone()).as_deref(), Some("Messages"));
        let (typed, pressed) = ((FIRST + 1).to_string(), (FIRST + 3).to_string());
        for name in [typed.as_str(), pressed.as_str(), "SM70000002", call.as_str()] {
            assert_eq!(gateway.named(&[name]).await, None, "{name}");
        }
        // Nor does the second, nor their order.
        let database = &gateway.carrier.demo.place;
        let rows = "SELECT count(*) FROM outbox WHERE kind <> 'chat' OR made_at % 86400 <> 0 OR due_at <> 0 OR expires_at <> 0";
        assert_eq!(database.number(rows).await.unwrap(), 0);
        assert_eq!(database.number("SELECT count(*) FROM outbox").await.unwrap(), 3, "of five answers two leave no trace");
    }
}

/// The search finds what it is there to find.
#[tokio::test]
async fn a_name_that_leads_to_a_person_is_found() {
    let gateway = Gateway::on(Place::sqlite().unwrap()).await;
    gateway.update(&typed(FIRST, CHAT, DANGER)).await;
    // One who left a trace, so that somebody is named.
    gateway.update(&typed(FIRST + 1, CHAT, "manger 1030")).await;
    let name = FIRST.to_string();
    assert_eq!(gateway.named(&[&name]).await, None);
    gateway.carrier.demo.place.tamper(&format!("UPDATE outbox SET key = 'telegram {FIRST}' WHERE leaves_no_trace = 1")).await.unwrap();
    assert!(gateway.named(&[&name]).await.is_some());
}
