//! Telegram's webhook: the secret first, then kept, then acknowledged.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use tokio::sync::Semaphore;

use crate::channel::telegram::{self, turns::Chats};

/// What the route needs.
#[derive(Debug)]
pub struct TelegramRoute {
    /// The chats.
    pub chats: Arc<Chats>,
    /// What Telegram sends with each update, so that we know it by it.
    pub secret: String,
}

struct Telegram {
    route: TelegramRoute,
    places: Semaphore,
}

/// The route.
pub fn routes(route: TelegramRoute, most_together: usize) -> Router {
    Router::new().route("/telegram/webhook", post(update)).with_state(Arc::new(Telegram { route, places: Semaphore::new(most_together) }))
}

async fn update(State(telegram): State<Arc<Telegram>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let given = headers.get("x-telegram-bot-api-secret-token").and_then(|value| value.to_str().ok());
    if !telegram::is_ours(given, &telegram.route.secret) {
        tracing::warn!(reason = "secret missing or wrong", "webhook.refused");
        return StatusCode::FORBIDDEN;
    }
    let Ok(_place) = telegram.places.try_acquire() else { return StatusCode::SERVICE_UNAVAILABLE };
    let taken = telegram.route.chats.take(telegram::accept(&body)).await;
    db::fail_point::reach("http::before-reply");
    match taken {
        Ok(()) => StatusCode::OK,
        Err(error) => {
            tracing::error!(%error, "chat.failed");
            StatusCode::SERVICE_UNAVAILABLE
        }
    }
}
