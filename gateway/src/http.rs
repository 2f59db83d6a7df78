//! The public listener: webhooks only, bodies bounded before they are read, a deadline for each.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::map_response;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use tokio::sync::Semaphore;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::TimeoutLayer;

use crate::channel::twilio::{self, Refusal, Secret};
use crate::turn::Engine;

/// A text message's webhook is a few kilobytes; ten parts of one are still less than this.
const LARGEST_BODY: usize = 64 * 1024;

/// Carriers give up after 15 s; we say "busy" before.
const DEADLINE: Duration = Duration::from_secs(10);

/// Turns worked on together. One more is refused at once: those before it are answered in time, and it
/// finds a place when the carrier delivers it again.
const MOST_TOGETHER: usize = 96;

/// What the text message route needs.
#[derive(Debug)]
pub struct TwilioRoute {
    /// The turns.
    pub engine: Arc<Engine>,
    /// The public URL of this route, as the carrier signs it.
    pub url: String,
    /// The keys that count; two while a token is exchanged.
    pub secrets: Vec<Secret>,
}

/// The largest feed fetched, in bytes.
const LARGEST_FEED: u64 = 256 * 1024 * 1024;

/// Why an address was not fetched.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// No connection, no answer in time, or a redirect without end.
    #[error("no answer: {0}")]
    Unreachable(#[from] reqwest::Error),
    /// The server says no.
    #[error("the server answered {0}")]
    Status(u16),
    /// Larger than we read.
    #[error("larger than 256 MiB")]
    TooLarge,
}

/// Fetches a feed: 10 s to connect, 5 minutes in all.
pub async fn fetch(url: &str) -> Result<Vec<u8>, FetchError> {
    let client = reqwest::Client::builder()
        .connect_timeout(Duration::from_secs(10))
        .timeout(Duration::from_mins(5))
        .user_agent(concat!("Passerelle/", env!("CARGO_PKG_VERSION")))
        .build()?;
    let mut response = client.get(url).send().await?;
    if !response.status().is_success() {
        return Err(FetchError::Status(response.status().as_u16()));
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() as u64 > LARGEST_FEED {
            return Err(FetchError::TooLarge);
        }
    }
    Ok(bytes)
}

/// The public routes. Without keys there is no route: an unsigned webhook is nobody's.
pub fn router(twilio: Option<TwilioRoute>) -> Router {
    let mut router = Router::new();
    if let Some(route) = twilio {
        let state = Arc::new(TextMessages { route, places: Semaphore::new(MOST_TOGETHER) });
        router = router.route("/twilio/sms", post(twilio_sms).with_state(state));
    }
    router
        .layer(RequestBodyLimitLayer::new(LARGEST_BODY))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, DEADLINE))
        .layer(CatchPanicLayer::new())
        .layer(map_response(say_when_to_come_again))
}

/// A route and the places in it.
struct TextMessages {
    route: TwilioRoute,
    places: Semaphore,
}

async fn twilio_sms(State(state): State<Arc<TextMessages>>, headers: HeaderMap, body: Bytes) -> Response {
    let TextMessages { route, places } = state.as_ref();
    let signature = headers.get("x-twilio-signature").and_then(|value| value.to_str().ok());
    let request = match twilio::accept(&body, signature, &route.url, &route.secrets) {
        Ok(request) => request,
        Err(refusal) => {
            tracing::warn!(reason = %refusal, "webhook.refused");
            return match refusal {
                Refusal::Forged => StatusCode::FORBIDDEN.into_response(),
                Refusal::Incomplete(_) => StatusCode::BAD_REQUEST.into_response(),
            };
        }
    };
    // Only the carrier takes places: whoever else sends slowly, or much, has none to take.
    let Ok(_place) = places.try_acquire() else {
        tracing::warn!("turn.refused");
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let taken = route.engine.take(&request, |text| text.map_or_else(twilio::silence, twilio::message)).await;
    db::fail_point::reach("http::before-reply");
    match taken {
        Ok(bytes) => ([(header::CONTENT_TYPE, "text/xml; charset=utf-8")], bytes).into_response(),
        Err(error) => {
            tracing::error!(%error, "turn.failed");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

/// Busy, out of room or out of time: the carrier is told to come again.
async fn say_when_to_come_again(mut response: Response) -> Response {
    if response.status() == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    }
    response
}
