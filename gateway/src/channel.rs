//! The channels: for each carrier a folder that verifies and reads what comes in, puts answers into its own dialect, and
//! sends.
//!
//! A channel is a folder with `intake` (verify, read: pure) and `routes`; with `turns` where a conversation is more than
//! a text and its answer, `render` where it has a dialect of its own (texts are written by [`application::sms`], what is
//! heard by [`crate::speech`]) and `send` where it is its own carrier (both kinds of Twilio's share [`twilio`]); and a
//! row in [`Carrier`], [`crate::http::router`] and [`application::turn::Channel`]. What it can say of a message is a
//! [`application::turn::Request`]; what is sent for it is an [`OutboundMessage`]. The dialogue knows none of them.

pub mod telegram;
pub mod twilio;
pub mod twilio_text;
pub mod twilio_voice;

use std::time::Duration;

use db::outbox::Way;

use self::twilio::send::Rest;

/// Why something was not sent, or not surely.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// Not taken: to be tried again, after that time where the carrier names one.
    #[error("the carrier cannot take it now")]
    Retry(Option<Duration>),
    /// Never to be taken: a number that does not exist, a text that is refused.
    #[error("the carrier refuses it (code {0})")]
    Reject(String),
    /// Perhaps taken: the answer did not come.
    #[error("the carrier did not answer")]
    Unknown,
    /// The recipient told the carrier that they want nothing.
    #[error("the recipient wants nothing")]
    OptedOut,
    /// The recipient blocks us, or is gone: nothing of them is kept.
    #[error("the recipient is gone")]
    Gone,
    /// The carrier does not know us.
    #[error("the carrier does not know us: check {0}")]
    Misconfigured(&'static str),
}

impl SendError {
    /// A word for counters.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Retry(_) => "retry",
            Self::Reject(_) => "rejected",
            Self::Unknown => "unknown",
            Self::OptedOut => "opted-out",
            Self::Gone => "gone",
            Self::Misconfigured(_) => "misconfigured",
        }
    }
}

/// Something to send, opened.
#[derive(Clone)]
pub struct OutboundMessage {
    /// Its number in the outbox.
    pub id: i64,
    /// The number or chat.
    pub to: String,
    /// What is sent.
    pub body: String,
}

impl std::fmt::Debug for OutboundMessage {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("OutboundMessage").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Who sends, by way.
#[derive(Debug)]
pub enum Carrier {
    /// The carrier of text messages and calls.
    Twilio(Rest),
    /// The carrier of chats.
    Telegram(Box<telegram::send::Sender>),
}

impl Carrier {
    /// Hands a message to the carrier.
    pub async fn send(&self, way: Way, message: &OutboundMessage) -> Result<(), SendError> {
        match self {
            Self::Twilio(rest) => rest.send(way, message).await,
            Self::Telegram(bot) => bot.send(message).await,
        }
    }
}
