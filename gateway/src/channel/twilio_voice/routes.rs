//! The webhooks of calls: each step, and their end. The signature comes first.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::post;
use chrono::{DateTime, Utc};
use db::{PATIENCE, StoreError};
use tokio::time::timeout;

use super::intake::{self, Call, Posted};
use super::turns::Calls;
use crate::channel::twilio::Refusal;
use crate::channel::twilio::webhooks::{Webhooks, kept, refused, signature, xml};

/// Where all steps behind the first one are posted.
const KEYS: &str = "/twilio/voice/keys";

/// What the routes need.
struct Voice {
    calls: Calls,
    webhooks: Arc<Webhooks>,
}

/// The routes.
pub fn routes(calls: Calls, webhooks: Arc<Webhooks>) -> Router {
    Router::new()
        .route("/twilio/voice", post(call_begins))
        .route(KEYS, post(call_goes_on))
        .route("/twilio/voice/status", post(call_ended))
        .with_state(Arc::new(Voice { calls, webhooks }))
}

impl Voice {
    fn posted(&self, path: &str, query: Option<&str>, headers: &HeaderMap, body: &[u8]) -> Result<Posted, Refusal> {
        intake::accept(body, signature(headers), &self.webhooks.url(path, query), &self.webhooks.secrets)
    }

    fn now(&self) -> DateTime<Utc> {
        self.calls.now()
    }

    async fn step(&self, posted: &Posted, call: Call) -> Response {
        let taken = match self.webhooks.place() {
            // Less than the deadline of the whole: behind that one nothing could be said any more.
            Some(_place) => {
                let step = timeout(PATIENCE, self.calls.step(posted, call.clone()));
                step.await.unwrap_or(Err(StoreError::Silent))
            }
            None => Err(StoreError::Overloaded),
        };
        db::fail_point::reach("http::before-reply");
        match taken {
            Ok(bytes) => xml(bytes),
            // An error would have the carrier hang up with words of its own: a caller is told, and asked to wait.
            Err(error) => {
                tracing::error!(%error, "call.failed");
                xml(self.calls.trouble(&call))
            }
        }
    }
}

async fn call_begins(State(voice): State<Arc<Voice>>, RawQuery(query): RawQuery, headers: HeaderMap, body: Bytes) -> Response {
    match voice.posted("/twilio/voice", query.as_deref(), &headers, &body) {
        Ok(posted) => {
            // As the fallback it is told which step failed: the call goes on there, and does not begin anew.
            let failed = intake::failed_step(&body, &voice.webhooks.url(KEYS, None), voice.now());
            let call = failed.unwrap_or_else(|| Call::begun(voice.now(), posted.outbound));
            voice.step(&posted, call).await
        }
        Err(refusal) => refused(refusal),
    }
}

async fn call_goes_on(State(voice): State<Arc<Voice>>, RawQuery(query): RawQuery, headers: HeaderMap, body: Bytes) -> Response {
    match voice.posted(KEYS, query.as_deref(), &headers, &body) {
        Ok(posted) => {
            let call = Call::read(query.as_deref().unwrap_or_default(), voice.now());
            voice.step(&posted, call).await
        }
        Err(refusal) => refused(refusal),
    }
}

async fn call_ended(State(voice): State<Arc<Voice>>, RawQuery(query): RawQuery, headers: HeaderMap, body: Bytes) -> Response {
    match voice.posted("/twilio/voice/status", query.as_deref(), &headers, &body) {
        Ok(posted) => kept(voice.calls.ended(&posted).await),
        Err(refusal) => refused(refusal),
    }
}
