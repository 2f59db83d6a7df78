//! Telegram's side of a bot: gives updates, takes messages, and can want peace, have a second poller, be blocked by a
//! user, be slow, broken, or gone.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

/// The bot's token.
pub const BOT: &str = "123456789:AAbbccddeeffgghhiijjkkllmmnnooppqqr";

/// How Telegram behaves towards what we send.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Fault {
    /// As it should.
    #[default]
    None,
    /// 429, with seconds to wait.
    TooMany(u32),
    /// 403: the user blocked the bot.
    Blocked,
    /// 500.
    Broken,
    /// 409: somebody else fetches this bot's updates.
    TwoPollers,
    /// Takes it, and answers only after that many milliseconds.
    Slow(u64),
    /// Never answers, and takes nothing.
    BlackHole,
}

/// A request that Telegram took.
#[derive(Debug, Clone, PartialEq)]
pub struct Called {
    /// `SendMessage`, `EditMessageText`, …
    pub method: String,
    /// What was sent; of a file its first bytes under `file`.
    pub body: Value,
}

impl Called {
    /// The chat it went to.
    pub fn chat(&self) -> i64 {
        let chat = &self.body["chat_id"];
        chat.as_i64().or_else(|| chat.as_str()?.parse().ok()).unwrap_or_default()
    }

    /// The text.
    pub fn text(&self) -> &str {
        self.body["text"].as_str().unwrap_or_default()
    }

    /// The buttons: what is on each, and what comes back.
    pub fn buttons(&self) -> Vec<(String, String)> {
        // In a form the markup is JSON in a text.
        let markup = match &self.body["reply_markup"] {
            Value::String(text) => serde_json::from_str(text).unwrap_or_default(),
            markup => markup.clone(),
        };
        let rows = markup["inline_keyboard"].as_array().cloned().unwrap_or_default();
        let button = |button: &Value| (button["text"].as_str().unwrap_or_default().to_owned(), button["callback_data"].as_str().unwrap_or_default().to_owned());
        rows.iter().flat_map(|row| row.as_array().into_iter().flatten().map(button).collect::<Vec<_>>()).collect()
    }
}

#[derive(Debug, Default)]
struct Known {
    fault: Fault,
    /// Towards single chats, before [`Known::fault`].
    faults: BTreeMap<i64, Fault>,
    /// Messages that were deleted, and those that are too old for it.
    deleted: BTreeSet<i64>,
    old: BTreeSet<i64>,
    called: Vec<Called>,
    asked: usize,
    updates: VecDeque<Value>,
    fetched_to: i64,
    messages: i64,
}

/// Telegram, on loopback.
#[derive(Debug)]
pub struct BotApi {
    /// Its address, as a setting.
    pub url: String,
    known: Arc<Mutex<Known>>,
    news: Arc<Notify>,
    told: Arc<Notify>,
    task: JoinHandle<()>,
}

type Shared = (Arc<Mutex<Known>>, Arc<Notify>, Arc<Notify>);

impl BotApi {
    /// Begins to listen.
    pub async fn listen() -> Self {
        Self::listen_on(SocketAddr::from(([127, 0, 0, 1], 0))).await
    }

    /// Begins to listen there.
    pub async fn listen_on(address: SocketAddr) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (known, news, told) = (Arc::new(Mutex::new(Known::default())), Arc::new(Notify::new()), Arc::new(Notify::new()));
        let state = (Arc::clone(&known), Arc::clone(&news), Arc::clone(&told));
        let router = Router::new().route("/{bot}/{method}", post(call)).with_state(state);
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, known, news, told, task }
    }

    /// Listens no more; who is connected is still answered.
    pub fn leave(&self) {
        self.task.abort();
    }

    /// Behaves so from now on.
    pub fn behave(&self, fault: Fault) {
        self.lock().fault = fault;
    }

    /// Behaves so towards that chat from now on, whatever it does to others.
    pub fn behave_to(&self, chat: i64, fault: Fault) {
        self.lock().faults.insert(chat, fault);
    }

    /// That message is too old to be deleted.
    pub fn grow_old(&self, message: i64) {
        self.lock().old.insert(message);
    }

    /// Messages that are gone from their chat.
    pub fn deleted(&self) -> Vec<i64> {
        self.lock().deleted.iter().copied().collect()
    }

    /// Waits until so many messages were sent or edited; what was, after a minute at the latest.
    pub async fn until_said(&self, count: usize) -> Vec<Called> {
        let enough = async {
            loop {
                let told = self.told.notified();
                if self.said().len() >= count {
                    return;
                }
                told.await;
            }
        };
        let _ = tokio::time::timeout(Duration::from_mins(1), enough).await;
        self.said()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An update that the bot will be given when it asks.
    pub fn push(&self, update: Value) {
        self.lock().updates.push_back(update);
        self.news.notify_waiters();
    }

    /// What was sent by these methods, in order.
    pub fn called(&self, methods: &[&str]) -> Vec<Called> {
        self.lock().called.iter().filter(|called| methods.contains(&called.method.as_str())).cloned().collect()
    }

    /// Messages sent or edited, in order.
    pub fn said(&self) -> Vec<Called> {
        self.called(&["SendMessage", "EditMessageText"])
    }

    /// Attempts to send, whatever became of them.
    pub fn asked(&self) -> usize {
        self.lock().asked
    }

    /// Updates that the bot said it has.
    pub fn fetched_to(&self) -> i64 {
        self.lock().fetched_to
    }
}

impl Drop for BotApi {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Somebody in a private chat types.
pub fn typed(update: i64, chat: i64, text: &str) -> Value {
    message(update, chat, &json!({ "text": text }))
}

/// Somebody in a private chat sends a message with that content.
pub fn message(update: i64, chat: i64, content: &Value) -> Value {
    let mut message = json!({
        "message_id": 1_000 + update, "date": 1_764_000_000, "chat": { "id": chat, "type": "private", "first_name": "Amina" },
        "from": { "id": chat, "is_bot": false, "first_name": "Amina", "username": "amina_k", "language_code": "fr" }
    });
    message.as_object_mut().unwrap().extend(content.as_object().unwrap().clone());
    json!({ "update_id": update, "message": message })
}

/// Somebody presses a button of a message of ours.
pub fn pressed(update: i64, chat: i64, message: i64, data: &str) -> Value {
    json!({ "update_id": update, "callback_query": {
        "id": format!("cb{update}"), "chat_instance": "1", "data": data,
        "from": { "id": chat, "is_bot": false, "first_name": "Amina", "language_code": "fr" },
        "message": {
            "message_id": message, "date": 1_764_000_000, "text": "…", "chat": { "id": chat, "type": "private", "first_name": "Amina" },
            "from": { "id": 123_456_789, "is_bot": true, "first_name": "Passerelle" }
        }
    } })
}

/// Somebody blocks the bot.
pub fn blocked(update: i64, chat: i64) -> Value {
    let user = json!({ "id": 123_456_789, "is_bot": true, "first_name": "Passerelle", "username": "passerelle_bot" });
    json!({ "update_id": update, "my_chat_member": {
        "chat": { "id": chat, "type": "private", "first_name": "Amina" }, "from": { "id": chat, "is_bot": false, "first_name": "Amina" },
        "date": 1_764_000_000, "old_chat_member": { "status": "member", "user": user }, "new_chat_member": { "status": "kicked", "user": user, "until_date": 0 }
    } })
}

fn refused(code: u16, description: &str, more: &Value) -> Response {
    let mut body = json!({ "ok": false, "error_code": code, "description": description });
    body.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
    (StatusCode::from_u16(code).unwrap(), body.to_string()).into_response()
}

fn done(result: &Value) -> Response {
    json!({ "ok": true, "result": result }).to_string().into_response()
}

async fn call(State((known, news, told)): State<Shared>, Path((bot, method)): Path<(String, String)>, body: Bytes) -> Response {
    if bot != format!("bot{BOT}") {
        return refused(401, "Unauthorized", &Value::Null);
    }
    let fields: Value = serde_json::from_slice(&body).unwrap_or_else(|_form| read_form(&body));
    if method == "GetUpdates" {
        return updates(&known, &news, &fields).await;
    }
    if matches!(method.as_str(), "DeleteWebhook" | "SetWebhook") {
        known.lock().unwrap_or_else(PoisonError::into_inner).called.push(Called { method, body: fields });
        return done(&Value::Bool(true));
    }
    let fault = {
        let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
        known.asked += 1;
        let chat = Called { method: String::new(), body: fields.clone() }.chat();
        known.faults.get(&chat).copied().unwrap_or(known.fault)
    };
    match fault {
        Fault::TooMany(seconds) => {
            return refused(429, &format!("Too Many Requests: retry after {seconds}"), &json!({ "parameters": { "retry_after": seconds } }));
        }
        Fault::Blocked => return refused(403, "Forbidden: bot was blocked by the user", &Value::Null),
        Fault::Broken => return refused(500, "Internal Server Error", &Value::Null),
        Fault::BlackHole => std::future::pending().await,
        Fault::Slow(milliseconds) => tokio::time::sleep(Duration::from_millis(milliseconds)).await,
        Fault::None | Fault::TwoPollers => {}
    }
    let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
    if method == "DeleteMessage" {
        let message = fields["message_id"].as_i64().unwrap_or_default();
        if known.old.contains(&message) {
            return refused(400, "Bad Request: message can't be deleted for everyone", &Value::Null);
        }
        if !known.deleted.insert(message) {
            return refused(400, "Bad Request: message to delete not found", &Value::Null);
        }
    }
    known.called.push(Called { method: method.clone(), body: fields.clone() });
    told.notify_waiters();
    if matches!(method.as_str(), "AnswerCallbackQuery" | "DeleteMessage") {
        return done(&Value::Bool(true));
    }
    known.messages += 1;
    let id = fields["message_id"].as_i64().unwrap_or(known.messages);
    let chat = Called { method: String::new(), body: fields }.chat();
    let mut message = json!({
        "message_id": id, "date": 1_764_000_000, "chat": { "id": chat, "type": "private", "first_name": "Amina" },
        "from": { "id": 123_456_789, "is_bot": true, "first_name": "Passerelle" }
    });
    if method == "SendVoice" {
        message["voice"] = json!({ "file_id": "V1", "file_unique_id": "v1", "duration": 3, "file_size": 100 });
    } else {
        message["text"] = json!("…");
    }
    done(&message)
}

/// Long polling: what is not acknowledged comes again.
async fn updates(known: &Mutex<Known>, news: &Notify, fields: &Value) -> Response {
    let offset = fields["offset"].as_i64().unwrap_or_default();
    let wait = Duration::from_secs(fields["timeout"].as_u64().unwrap_or_default());
    let waiting = tokio::time::sleep(wait);
    tokio::pin!(waiting);
    loop {
        let told = news.notified();
        {
            let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
            match known.fault {
                Fault::TwoPollers => {
                    let text = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running";
                    return refused(409, text, &Value::Null);
                }
                Fault::Broken => return refused(500, "Internal Server Error", &Value::Null),
                Fault::TooMany(seconds) => return refused(429, "Too Many Requests", &json!({ "parameters": { "retry_after": seconds } })),
                _ => {}
            }
            known.fetched_to = known.fetched_to.max(offset);
            known.updates.retain(|update| update["update_id"].as_i64().unwrap_or_default() >= offset);
            if !known.updates.is_empty() {
                return done(&Value::Array(known.updates.iter().take(100).cloned().collect()));
            }
        }
        tokio::select! {
            () = told => {}
            () = &mut waiting => return done(&Value::Array(Vec::new())),
        }
    }
}

/// The fields of a form with a file, as far as they are text.
fn read_form(body: &[u8]) -> Value {
    let text = String::from_utf8_lossy(body);
    let mut fields = serde_json::Map::new();
    for part in text.split("\r\n--") {
        let Some((head, content)) = part.split_once("\r\n\r\n") else { continue };
        let Some(name) = head.split("name=\"").nth(1).and_then(|rest| rest.split('"').next()) else { continue };
        if head.contains("filename=") {
            fields.insert("file".to_owned(), json!(content.chars().take(4).collect::<String>()));
        } else {
            fields.insert(name.to_owned(), json!(content));
        }
    }
    Value::Object(fields)
}
