//! Updates fetched by us: for a machine that nobody reaches from outside. What is fetched is kept before the next
//! request says that it was.

use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use serde_json::Value;
use teloxide::payloads::SetWebhookSetters;
use teloxide::requests::{JsonRequest, Payload, Request, Requester};
use teloxide::types::AllowedUpdate;
use teloxide::{ApiError, Bot, RequestError};

use crate::channel::SendError;
use crate::channel::telegram::turns::Chats;

/// How long the carrier waits for something new before it answers with nothing, in seconds.
const WAIT: u32 = 25;

/// What a request may take: the wait, and the way.
pub const LONGEST: Duration = Duration::from_secs(40);

/// Until a carrier that failed is asked again.
const RECOVER: Duration = Duration::from_secs(5);

/// What is asked for.
pub const WANTED: [AllowedUpdate; 3] = [AllowedUpdate::Message, AllowedUpdate::CallbackQuery, AllowedUpdate::MyChatMember];

/// A request for updates, which are left as they came: the library's own drops what it does not know.
#[derive(Serialize)]
struct Fetch {
    offset: i64,
    timeout: u32,
    allowed_updates: [AllowedUpdate; 3],
}

impl Payload for Fetch {
    type Output = Vec<Value>;

    const NAME: &'static str = "GetUpdates";

    fn timeout_hint(&self) -> Option<Duration> {
        Some(Duration::from_secs(u64::from(self.timeout)))
    }
}

/// Fetches updates, again and again.
pub async fn run(bot: Bot, chats: Arc<Chats>) {
    // Telegram gives updates to a webhook or to who asks, not to both.
    while let Err(error) = bot.delete_webhook().send().await {
        tracing::warn!(reason = reason(&error), "telegram.not_fetched");
        tokio::time::sleep(pause(&error)).await;
    }
    let mut offset = 0;
    loop {
        match JsonRequest::new(bot.clone(), Fetch { offset, timeout: WAIT, allowed_updates: WANTED }).send().await {
            Ok(updates) => {
                for update in updates {
                    let next = update.get("update_id").and_then(Value::as_i64).map_or(offset, |id| id.saturating_add(1));
                    // Not kept: it is fetched again, and nothing behind it before it.
                    if let Err(error) = chats.take(super::read(&update)).await {
                        tracing::error!(%error, "chat.failed");
                        tokio::time::sleep(Duration::from_secs(1)).await;
                        break;
                    }
                    offset = next;
                }
            }
            Err(error) => {
                tracing::warn!(reason = reason(&error), "telegram.not_fetched");
                tokio::time::sleep(pause(&error)).await;
            }
        }
    }
}

/// The error itself may hold the token.
fn reason(error: &RequestError) -> &'static str {
    match error {
        RequestError::Api(ApiError::TerminatedByOtherGetUpdates) => "another program fetches the updates of this bot: stop it",
        RequestError::Api(ApiError::InvalidToken) => "telegram.token is not known to Telegram",
        RequestError::Api(_) => "Telegram refuses",
        _ => "Telegram does not answer",
    }
}

fn pause(error: &RequestError) -> Duration {
    match super::send::read(error) {
        SendError::Retry(Some(retry_after)) => retry_after,
        _ => RECOVER,
    }
}

/// Asks Telegram to post updates to us, until it has heard: a machine that starts without a network gets them later.
pub async fn ask_to_post(bot: Bot, url: String, secret: String) {
    let Ok(url) = reqwest::Url::parse(&url) else {
        tracing::error!("telegram.no_webhook: http.public_url is no address");
        return;
    };
    while let Err(error) = bot.set_webhook(url.clone()).secret_token(secret.clone()).allowed_updates(WANTED).send().await {
        tracing::warn!(reason = reason(&error), "telegram.no_webhook");
        tokio::time::sleep(pause(&error)).await;
    }
}
