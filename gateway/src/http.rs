//! The public listener: webhooks only, bodies bounded before they are read, a deadline for each.

use std::sync::Arc;

use axum::Router;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::map_response;
use axum::response::Response;
use db::DEADLINE;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::TimeoutLayer;

use crate::channel::telegram::routes::{self as telegram, TelegramRoute};
use crate::channel::twilio::Secret;
use crate::channel::twilio::webhooks::Webhooks;
use crate::channel::twilio_voice::turns::Calls;
use crate::channel::{twilio_text, twilio_voice};
use application::turn::TurnService;

/// A text message's webhook is a few kilobytes; ten parts of one are still less than this.
const LARGEST_BODY: usize = 64 * 1024;

/// Turns worked on together. One more is refused at once: those before it are answered in time, and it
/// finds a place when the carrier comes again or takes the fallback, as it was told to in its console.
const MOST_TOGETHER: usize = 96;

/// What the carrier's routes need.
#[derive(Debug)]
pub struct TwilioRoute {
    /// The turns.
    pub engine: Arc<TurnService>,
    /// Calls.
    pub calls: Calls,
    /// The public URL of this listener, without a slash at its end: part of what the carrier signs.
    pub public_url: String,
    /// The keys that count; two while a token is exchanged.
    pub secrets: Vec<Secret>,
}

/// The public routes. Without keys there is no route: an unsigned webhook is nobody's.
pub fn router(twilio: Option<TwilioRoute>, telegram: Option<TelegramRoute>) -> Router {
    let mut router = Router::new();
    if let Some(route) = twilio {
        let webhooks = Arc::new(Webhooks::new(route.public_url, route.secrets, MOST_TOGETHER));
        router = router.merge(twilio_text::routes::routes(route.engine, Arc::clone(&webhooks))).merge(twilio_voice::routes::routes(route.calls, webhooks));
    }
    if let Some(route) = telegram {
        router = router.merge(telegram::routes(route, MOST_TOGETHER));
    }
    router
        .layer(RequestBodyLimitLayer::new(LARGEST_BODY))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, DEADLINE))
        .layer(CatchPanicLayer::new())
        .layer(map_response(say_when_to_come_again))
}

/// Busy, out of room or out of time: the carrier is told to come again.
async fn say_when_to_come_again(mut response: Response) -> Response {
    if response.status() == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    }
    response
}
