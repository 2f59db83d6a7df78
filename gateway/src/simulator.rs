//! A phone and a chat in the browser, for development and for training: what is typed and pressed goes through the real
//! routes, signed as the carriers sign, and what goes out comes back here instead of to them.
//!
//! On a listener of its own that only this machine reaches. Whoever can reach it can be anybody: it is off unless the
//! settings say otherwise, and does not start on an address that others reach.

mod carriers;

use std::sync::{Arc, Mutex, PoisonError};

use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http::{Request, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use db::Store;
use serde::Deserialize;
use serde_json::{Value, json};
use tower::ServiceExt;

pub use self::carriers::Inbox;
use crate::channel::twilio::{Secret, Signed, sign};
use application::sms::gsm7;

/// What a carrier takes for a segment of a text message in Belgium and its neighbours, in euro cents.
pub const CENTS: [usize; 2] = [5, 10];

/// An answer is no longer than this.
const LARGEST: usize = 256 * 1024;

/// What the pages need.
#[derive(Clone)]
pub struct Simulator {
    /// The real routes.
    pub routes: Router,
    /// The address that carriers sign for.
    pub public_url: String,
    /// The key that the carrier signs with.
    pub token: Arc<Secret>,
    /// What Telegram sends with each update.
    pub chat_secret: String,
    /// For what was understood.
    pub store: Arc<Store>,
    /// What went out.
    pub inbox: Arc<Mutex<Inbox>>,
}

impl std::fmt::Debug for Simulator {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Simulator")
    }
}

/// The pages, and the carriers' side of what goes out.
pub fn router(simulator: Simulator) -> Router {
    let page = |kind: &'static str, text: &'static str| get(async move || ([(header::CONTENT_TYPE, kind), (header::CONTENT_SECURITY_POLICY, POLICY)], text));
    let inbox = Arc::clone(&simulator.inbox);
    Router::new()
        .route("/", page("text/html; charset=utf-8", include_str!("simulator/page.html")))
        .route("/page.js", page("text/javascript; charset=utf-8", include_str!("simulator/page.js")))
        .route("/page.css", page("text/css; charset=utf-8", include_str!("simulator/page.css")))
        .route("/text", post(text))
        .route("/call", post(call))
        .route("/chat", post(chat))
        .route("/news", post(news))
        .with_state(simulator)
        .merge(carriers::routes(inbox))
}

/// Nothing from elsewhere, nothing inline.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; media-src blob: data:";

/// A text message that somebody types.
#[derive(Deserialize)]
struct Typed {
    from: String,
    text: String,
    sid: String,
}

/// A step of a call.
#[derive(Deserialize)]
struct Pressed {
    from: String,
    call: String,
    /// Where the step goes, as the gateway said: a path with its query.
    path: String,
    /// Form fields beside the call's own.
    fields: Vec<(String, String)>,
    /// We were called.
    outbound: bool,
}

impl Simulator {
    /// Posts a form to a real route, signed as the carrier does.
    async fn post_signed(&self, path: &str, fields: &[(&str, &str)]) -> (StatusCode, String) {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish().into_bytes();
        let signature = sign(&Signed::Form { url: &format!("{}{path}", self.public_url), body: &body }, &self.token);
        self.post(path, "application/x-www-form-urlencoded", ("X-Twilio-Signature", &signature), body).await
    }

    async fn post(&self, path: &str, kind: &str, (name, value): (&str, &str), body: Vec<u8>) -> (StatusCode, String) {
        let Ok(request) = Request::post(path).header(header::CONTENT_TYPE, kind).header(name, value).body(Body::from(body)) else {
            return (StatusCode::BAD_REQUEST, String::new());
        };
        let Ok(response) = self.routes.clone().oneshot(request).await;
        let status = response.status();
        let bytes = to_bytes(response.into_body(), LARGEST).await.unwrap_or_default();
        (status, String::from_utf8_lossy(&bytes).into_owned())
    }

    /// What was understood of a message, in a word; nothing where it leaves no trace.
    async fn understood(&self, channel: &'static str, id: &str) -> Option<String> {
        self.store.intent(channel, id).await.ok().flatten()
    }
}

async fn text(State(simulator): State<Simulator>, Json(typed): Json<Typed>) -> Response {
    let fields = [("MessageSid", typed.sid.as_str()), ("From", typed.from.as_str()), ("To", "+32460000000"), ("FromZip", ""), ("Body", typed.text.as_str())];
    let (status, answer) = simulator.post_signed("/twilio/sms", &fields).await;
    if status != StatusCode::OK {
        return (status, answer).into_response();
    }
    let said = carriers::message_of(&answer);
    let segments = if said.is_empty() { Vec::new() } else { gsm7::segments(&said) };
    let [least, most] = CENTS.map(|cents| cents * segments.len());
    let asked = gsm7::segments(&typed.text).len();
    Json(json!({
        "text": said, "segments": segments.len(), "encoding": gsm7::Encoding::of(&said).name(), "characters": said.chars().count(),
        "cents": [least, most], "asked": asked, "understood": simulator.understood("sms", &typed.sid).await
    }))
    .into_response()
}

async fn call(State(simulator): State<Simulator>, Json(pressed): Json<Pressed>) -> Response {
    let ours = "+32460000000";
    let (from, to, direction) = if pressed.outbound { (ours, pressed.from.as_str(), "outbound-api") } else { (pressed.from.as_str(), ours, "inbound") };
    let mut fields = vec![("CallSid", pressed.call.as_str()), ("From", from), ("To", to), ("Direction", direction)];
    fields.extend(pressed.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    // The page is given whole addresses, as the carrier is.
    let path = pressed.path.strip_prefix(&simulator.public_url).unwrap_or(&pressed.path);
    if !path.starts_with("/twilio/voice") {
        return StatusCode::BAD_REQUEST.into_response();
    }
    let (status, answer) = simulator.post_signed(path, &fields).await;
    let step = path.split("step=").nth(1).and_then(|rest| rest.split('&').next()).unwrap_or("0");
    let understood = simulator.understood("voice", &format!("{}:{step}", pressed.call)).await;
    (status, Json(json!({ "twiml": answer, "understood": understood }))).into_response()
}

/// An update, as Telegram would post it.
async fn chat(State(simulator): State<Simulator>, Json(update): Json<Value>) -> Response {
    let id = update.get("update_id").map(Value::to_string).unwrap_or_default();
    let header = ("X-Telegram-Bot-Api-Secret-Token", simulator.chat_secret.as_str());
    let (status, _) = simulator.post("/telegram/webhook", "application/json", header, update.to_string().into_bytes()).await;
    (status, Json(json!({ "understood": simulator.understood("telegram", &id).await }))).into_response()
}

/// What went out since: to the phone and to the chat.
async fn news(State(simulator): State<Simulator>, Json(since): Json<Value>) -> Json<Value> {
    let since = usize::try_from(since.get("since").and_then(Value::as_u64).unwrap_or_default()).unwrap_or_default();
    let inbox = simulator.inbox.lock().unwrap_or_else(PoisonError::into_inner);
    Json(inbox.since(since))
}
