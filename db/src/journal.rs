//! Turns as they are kept: a message's carrier id with the answer given to it.

use chrono::{DateTime, Utc};
use directory::answer::Note;
use directory::dialogue::Session;
use sqlx::Row;

use crate::StoreError;
use crate::budget::Charge;
use crate::call_back::CallBack;
use crate::person::Person;
use crate::store::{Store, on};

/// The keyed hash that stands for a phone number or chat.
pub type SenderHash = [u8; 32];

/// One turn to be kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Turn {
    /// The channel's name.
    pub channel: &'static str,
    /// The carrier's id of the message; unique within the channel.
    pub carrier_id: String,
    /// When it came in.
    pub received: DateTime<Utc>,
    /// Who sent it; absent where nothing may stay with the sender.
    pub sender: Option<SenderHash>,
    /// Whose conversation is forgotten with this turn, which must leave no trace of its own.
    pub forget: Option<SenderHash>,
    /// What was sent; absent where nothing may stay with the sender.
    pub text: Option<String>,
    /// What was understood; absent where nothing may stay with the sender.
    pub intent: Option<&'static str>,
    /// The answer, in the bytes given to the carrier.
    pub answer: String,
    /// The conversation from now on, and when it is forgotten.
    pub session: Option<(Session, DateTime<Utc>)>,
    /// What is counted without the sender.
    pub notes: Vec<Note>,
    /// What the answer costs, where sending it costs something.
    pub charge: Option<Charge>,
    /// What this person asks for beside the answer: kept even where the answer cannot be sent.
    pub wish: Option<(Person, Wish)>,
}

/// What a person asks for beside an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    /// That nothing more is sent. The receipt is said once: where it was, the charge's silence takes its place.
    Stop,
    /// Messages again.
    Start,
    /// A call.
    CallBack(CallBack),
}

impl Store {
    /// The answer already given to this message, if it was delivered before.
    pub async fn answered(&self, channel: &str, carrier_id: &str) -> Result<Option<String>, StoreError> {
        on!(self, db => {
            let row = sqlx::query("SELECT answer FROM turn WHERE channel = $1 AND carrier_id = $2").bind(channel).bind(carrier_id).fetch_optional(&mut *db.read().await?).await?;
            Ok(row.map(|row| row.try_get(0)).transpose()?)
        })
    }

    /// How often something was looked for and not found, in all.
    pub async fn count_unmet(&self) -> Result<i64, StoreError> {
        on!(self, db => Ok(sqlx::query("SELECT CAST(coalesce(sum(count), 0) AS BIGINT) FROM unmet").fetch_one(&mut *db.read().await?).await?.try_get(0)?))
    }
}
