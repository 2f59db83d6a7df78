//! The carriers' side of what goes out, while the simulator is on: text messages, calls and chat messages are kept in
//! memory for the page.

use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::routing::post;
use axum::{Json, Router};
use quick_xml::escape::unescape;
use serde_json::{Value, json};

/// More is forgotten, the oldest first.
const MOST: usize = 500;

/// What went out.
#[derive(Debug, Default)]
pub struct Inbox {
    /// How many came before those that are kept.
    forgotten: usize,
    items: Vec<Value>,
    /// Messages in the chat so far.
    messages: i64,
}

impl Inbox {
    fn put(&mut self, item: Value) {
        self.items.push(item);
        if self.items.len() > MOST {
            self.items.remove(0);
            self.forgotten += 1;
        }
    }

    /// What came behind that many.
    pub(super) fn since(&self, since: usize) -> Value {
        let items = self.items.get(since.saturating_sub(self.forgotten)..).unwrap_or_default();
        json!({ "items": items, "next": self.forgotten + self.items.len() })
    }
}

/// What a phone shows of TwiML; empty for silence.
pub(super) fn message_of(twiml: &str) -> String {
    let text = twiml.split_once("<Message>").and_then(|(_, rest)| rest.split_once("</Message>")).map_or("", |(text, _)| text);
    unescape(text).map(std::borrow::Cow::into_owned).unwrap_or_default()
}

type Shared = Arc<Mutex<Inbox>>;

/// Where the senders post to.
pub(super) fn routes(inbox: Shared) -> Router {
    Router::new().route("/carrier/2010-04-01/Accounts/{account}/{what}", post(carrier)).route("/bot/{bot}/{method}", post(bot)).with_state(inbox)
}

async fn carrier(State(inbox): State<Shared>, Path((_, what)): Path<(String, String)>, body: Bytes) -> Json<Value> {
    let field = |wanted: &str| form_urlencoded::parse(&body).find(|(name, _)| name == wanted).map(|(_, value)| value.into_owned()).unwrap_or_default();
    let kind = if what.starts_with("Calls") { "ring" } else { "text" };
    let mut inbox = inbox.lock().unwrap_or_else(PoisonError::into_inner);
    inbox.put(json!({ "kind": kind, "to": field("To"), "text": field("Body"), "url": field("Url") }));
    Json(json!({ "sid": format!("SM{:032}", inbox.forgotten + inbox.items.len()), "status": "accepted" }))
}

async fn bot(State(inbox): State<Shared>, Path((_, method)): Path<(String, String)>, body: Bytes) -> Json<Value> {
    let fields: Value = serde_json::from_slice(&body).unwrap_or_default();
    if method == "DeleteMessage" {
        let mut inbox = inbox.lock().unwrap_or_else(PoisonError::into_inner);
        inbox.put(json!({ "kind": "erased", "message": fields.get("message_id") }));
        return Json(json!({ "ok": true, "result": true }));
    }
    if !matches!(method.as_str(), "SendMessage" | "EditMessageText" | "SendVoice") {
        return Json(json!({ "ok": true, "result": true }));
    }
    let mut inbox = inbox.lock().unwrap_or_else(PoisonError::into_inner);
    inbox.messages += 1;
    let number = |name: &str| fields.get(name).and_then(Value::as_i64);
    let id = number("message_id").unwrap_or(inbox.messages);
    let chat = number("chat_id").unwrap_or_default();
    inbox.put(json!({
        "kind": if method == "SendVoice" { "voice" } else { "chat" }, "message": id, "edits": method == "EditMessageText",
        "text": fields.get("text"), "markup": fields.get("reply_markup")
    }));
    Json(json!({ "ok": true, "result": {
        "message_id": id, "date": 1_764_000_000, "text": "…", "chat": { "id": chat, "type": "private", "first_name": "Simulation" },
        "from": { "id": 1, "is_bot": true, "first_name": "Passerelle" }
    } }))
}
