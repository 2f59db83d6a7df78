//! The webhooks of text messages: what comes in, and what became of what we sent. The signature comes first.

use std::sync::Arc;

use application::turn::TurnService;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;

use super::intake;
use crate::channel::twilio::webhooks::{Webhooks, kept, refused, signature, xml};
use crate::channel::twilio::{message, report, silence};

/// What the routes need.
struct Texts {
    turns: Arc<TurnService>,
    webhooks: Arc<Webhooks>,
}

/// The routes.
pub fn routes(turns: Arc<TurnService>, webhooks: Arc<Webhooks>) -> Router {
    let texts = Arc::new(Texts { turns, webhooks });
    Router::new().route("/twilio/sms", post(text_message)).route("/twilio/status", post(reported)).with_state(texts)
}

async fn text_message(State(texts): State<Arc<Texts>>, headers: HeaderMap, body: Bytes) -> Response {
    let Texts { turns, webhooks } = texts.as_ref();
    let url = webhooks.url("/twilio/sms", None);
    let request = match intake::accept(&body, signature(&headers), &url, &webhooks.secrets) {
        Ok(request) => request,
        Err(refusal) => return refused(refusal),
    };
    let Some(_place) = webhooks.place() else {
        tracing::warn!("turn.refused");
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let taken = turns.take_text(&request, |text| text.map_or_else(silence, message)).await;
    db::fail_point::reach("http::before-reply");
    match taken {
        Ok(taken) => xml(taken.bytes),
        Err(error) => {
            tracing::error!(%error, "turn.failed");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

/// A report on a delivery, whose number is in the address: the carrier may know it before we know the carrier's name for it.
async fn reported(State(texts): State<Arc<Texts>>, RawQuery(query): RawQuery, headers: HeaderMap, body: Bytes) -> Response {
    let Texts { turns, webhooks } = texts.as_ref();
    let query = query.unwrap_or_default();
    let url = webhooks.url("/twilio/status", Some(&query));
    match report::accept(&body, signature(&headers), &url, &query, &webhooks.secrets) {
        Ok(None) => StatusCode::NO_CONTENT.into_response(),
        Ok(Some(report)) => kept(report.keep(turns).await),
        Err(refusal) => refused(refusal),
    }
}
