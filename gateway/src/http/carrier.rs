//! The carrier's webhooks: text messages, steps of calls, reports on what we sent. The signature comes first.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use db::{PATIENCE, StoreError};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::TwilioRoute;
use crate::channel::twilio::call::{self, Call, Posted};
use crate::channel::twilio::{self, Refusal, report};

/// The routes and the places in them.
struct Carrier {
    route: TwilioRoute,
    places: Semaphore,
}

pub(super) fn routes(route: TwilioRoute, most_together: usize) -> Router {
    Router::new()
        .route("/twilio/sms", post(text_message))
        .route("/twilio/voice", post(call_begins))
        .route("/twilio/voice/keys", post(call_goes_on))
        .route("/twilio/voice/status", post(call_ended))
        .route("/twilio/status", post(reported))
        .with_state(Arc::new(Carrier { route, places: Semaphore::new(most_together) }))
}

impl Carrier {
    /// The address that the carrier signed.
    fn url(&self, path: &str, query: Option<&str>) -> String {
        query.map_or_else(|| format!("{}{path}", self.route.public_url), |query| format!("{}{path}?{query}", self.route.public_url))
    }

    fn posted(&self, path: &str, query: Option<&str>, headers: &HeaderMap, body: &[u8]) -> Result<Posted, Refusal> {
        call::accept(body, signature(headers), &self.url(path, query), &self.route.secrets)
    }

    async fn step(&self, posted: &Posted, call: Call) -> Response {
        // Only the carrier takes places: whoever else sends slowly, or much, has none to take.
        let taken = match self.places.try_acquire() {
            // Less than the deadline of the whole: behind that one nothing could be said any more.
            Ok(_place) => timeout(PATIENCE, self.route.calls.step(posted, call.clone())).await.unwrap_or(Err(StoreError::Silent)),
            Err(_none_left) => Err(StoreError::Overloaded),
        };
        db::fail_point::reach("http::before-reply");
        match taken {
            Ok(bytes) => xml(bytes),
            // An error would have the carrier hang up with words of its own: a caller is told, and asked to wait.
            Err(error) => {
                tracing::error!(%error, "call.failed");
                xml(self.route.calls.trouble(&call))
            }
        }
    }
}

fn signature(headers: &HeaderMap) -> Option<&str> {
    headers.get("x-twilio-signature").and_then(|value| value.to_str().ok())
}

fn refused(refusal: Refusal) -> Response {
    tracing::warn!(reason = %refusal, "webhook.refused");
    match refusal {
        Refusal::Forged => StatusCode::FORBIDDEN.into_response(),
        Refusal::Incomplete(_) => StatusCode::BAD_REQUEST.into_response(),
    }
}

fn xml(bytes: String) -> Response {
    ([(header::CONTENT_TYPE, "text/xml; charset=utf-8")], bytes).into_response()
}

async fn text_message(State(carrier): State<Arc<Carrier>>, headers: HeaderMap, body: Bytes) -> Response {
    let request = match twilio::accept(&body, signature(&headers), &carrier.url("/twilio/sms", None), &carrier.route.secrets) {
        Ok(request) => request,
        Err(refusal) => return refused(refusal),
    };
    let Ok(_place) = carrier.places.try_acquire() else {
        tracing::warn!("turn.refused");
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let taken = carrier.route.engine.take_text(&request, |text| text.map_or_else(twilio::silence, twilio::message)).await;
    db::fail_point::reach("http::before-reply");
    match taken {
        Ok(taken) => xml(taken.bytes),
        Err(error) => {
            tracing::error!(%error, "turn.failed");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

async fn call_begins(State(carrier): State<Arc<Carrier>>, RawQuery(query): RawQuery, headers: HeaderMap, body: Bytes) -> Response {
    match carrier.posted("/twilio/voice", query.as_deref(), &headers, &body) {
        Ok(posted) => {
            let now = carrier.route.engine.clock.now();
            // As the fallback it is told which step failed: the call goes on there, and does not begin anew.
            let failed = call::failed_step(&body, &carrier.url("/twilio/voice/keys", None), now);
            carrier.step(&posted, failed.unwrap_or_else(|| Call::begun(now, posted.outbound))).await
        }
        Err(refusal) => refused(refusal),
    }
}

async fn call_goes_on(State(carrier): State<Arc<Carrier>>, RawQuery(query): RawQuery, headers: HeaderMap, body: Bytes) -> Response {
    match carrier.posted("/twilio/voice/keys", query.as_deref(), &headers, &body) {
        Ok(posted) => {
            let call = Call::read(query.as_deref().unwrap_or_default(), carrier.route.engine.clock.now());
            carrier.step(&posted, call).await
        }
        Err(refusal) => refused(refusal),
    }
}

async fn call_ended(State(carrier): State<Arc<Carrier>>, RawQuery(query): RawQuery, headers: HeaderMap, body: Bytes) -> Response {
    let posted = match carrier.posted("/twilio/voice/status", query.as_deref(), &headers, &body) {
        Ok(posted) => posted,
        Err(refusal) => return refused(refusal),
    };
    kept(carrier.route.calls.ended(&posted).await)
}

/// A report on a delivery, whose number is in the address: the carrier may know it before we know the carrier's name for it.
async fn reported(State(carrier): State<Arc<Carrier>>, RawQuery(query): RawQuery, headers: HeaderMap, body: Bytes) -> Response {
    let query = query.unwrap_or_default();
    match report::accept(&body, signature(&headers), &carrier.url("/twilio/status", Some(&query)), &query, &carrier.route.secrets) {
        Ok(None) => StatusCode::NO_CONTENT.into_response(),
        Ok(Some(report)) => kept(report.keep(&carrier.route.engine).await),
        Err(refusal) => refused(refusal),
    }
}

fn kept(kept: Result<(), StoreError>) -> Response {
    match kept {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => {
            tracing::error!(%error, "report.not_kept");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}
