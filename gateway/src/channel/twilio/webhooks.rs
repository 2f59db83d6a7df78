//! What every webhook of the carrier goes through: the address that was signed, a place among those worked on together,
//! and the form of a response.

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use db::StoreError;
use tokio::sync::{Semaphore, SemaphorePermit};

use super::{Refusal, Secret};

/// The carrier's webhooks.
#[derive(Debug)]
pub struct Webhooks {
    /// The public URL of this listener, without a slash at its end: part of what the carrier signs.
    public_url: String,
    /// The keys that count; two while a token is exchanged.
    pub(crate) secrets: Vec<Secret>,
    places: Semaphore,
}

impl Webhooks {
    /// Webhooks under that address, with so many places for turns worked on together.
    pub fn new(public_url: String, secrets: Vec<Secret>, most_together: usize) -> Self {
        Self { public_url, secrets, places: Semaphore::new(most_together) }
    }

    /// The address that the carrier signed.
    pub(crate) fn url(&self, path: &str, query: Option<&str>) -> String {
        let public_url = &self.public_url;
        query.map_or_else(|| format!("{public_url}{path}"), |query| format!("{public_url}{path}?{query}"))
    }

    /// A place for a turn. Only the carrier takes places: whoever else sends slowly, or much, has none to take. `None`
    /// where all are taken.
    pub(crate) fn place(&self) -> Option<SemaphorePermit<'_>> {
        self.places.try_acquire().ok()
    }
}

/// The signature that came with a webhook.
pub(crate) fn signature(headers: &HeaderMap) -> Option<&str> {
    headers.get("x-twilio-signature").and_then(|value| value.to_str().ok())
}

/// The response to what is not taken: 403 or 400.
pub(crate) fn refused(refusal: Refusal) -> Response {
    tracing::warn!(reason = %refusal, "webhook.refused");
    match refusal {
        Refusal::Forged => StatusCode::FORBIDDEN.into_response(),
        Refusal::Incomplete(_) => StatusCode::BAD_REQUEST.into_response(),
    }
}

/// TwiML.
pub(crate) fn xml(bytes: String) -> Response {
    ([(header::CONTENT_TYPE, "text/xml; charset=utf-8")], bytes).into_response()
}

/// The response to a report: 204 once it is kept, else 503.
pub(crate) fn kept(kept: Result<(), StoreError>) -> Response {
    match kept {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => {
            tracing::error!(%error, "report.not_kept");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}
