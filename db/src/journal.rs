//! Turns as they are kept: a message's carrier id with the answer given to it.

use chrono::{DateTime, Utc};
use directory::answer::Note;
use directory::code::Code;
use directory::session::Session;
use directory::theme::Theme;
use sqlx::Row;

use crate::StoreError;
use crate::budget::{Budget, Charge};
use crate::call_back::CallBack;
use crate::outbox::Delivery;
use crate::person::Person;
pub use crate::person::SenderHash;
use crate::store::{Store, on};

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
    /// What came of it, in a word with the language, to be counted without the sender.
    pub counted: Option<String>,
    /// What is counted without the sender.
    pub notes: Vec<Note>,
    /// What the answer costs, where sending it costs something.
    pub charge: Option<Charge>,
    /// What this person asks for beside the answer: STOP and START are kept even where the answer cannot be sent, a call
    /// with the answer that promises it.
    pub wish: Option<(Person, Wish)>,
    /// What a call is taken from, where one is wished for: a budget of them that is spent, and nothing of the turn is
    /// kept. Somebody who waits for a call already takes nothing.
    pub room: Vec<Budget>,
    /// What is to be sent beside the answer, or as the answer.
    pub deliveries: Vec<Delivery>,
    /// What is to be sent instead, where the charge's notice takes the answer's place.
    pub notices: Vec<Delivery>,
}

/// What a person asks for beside an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    /// That nothing more is sent. The receipt is said once: where it was, the charge's silence takes its place.
    Stop,
    /// Messages again.
    Start,
    /// A call, where the answer promises one.
    CallBack(CallBack),
}

/// The channel of what kiosks count.
pub const KIOSK: &str = "kiosk";

impl Turn {
    /// A turn of which only the message and its answer are kept.
    pub fn bare(channel: &'static str, carrier_id: String, received: DateTime<Utc>, answer: String) -> Self {
        Self {
            channel,
            carrier_id,
            received,
            sender: None,
            forget: None,
            text: None,
            intent: None,
            answer,
            session: None,
            counted: None,
            notes: Vec::new(),
            charge: None,
            wish: None,
            room: Vec::new(),
            deliveries: Vec::new(),
            notices: Vec::new(),
        }
    }

    /// A turn that only counts something at a kiosk: with nobody, and to the day. Its answer says what, so that it can be
    /// brought to another database.
    pub fn of_kiosk(carrier_id: String, day: DateTime<Utc>, note: Note) -> Self {
        let answer = match &note {
            Note::Unmet { theme, postal_code } => {
                // Where a sensitive subject was asked for is not told.
                let place = postal_code.as_deref().filter(|_| !theme.is_some_and(Theme::is_sensitive));
                format!("unmet {} {}", theme.map_or("-", Theme::id), place.unwrap_or("-"))
            }
            Note::Doubt(code) => format!("doubt {code}"),
            // Nobody writes from an organisation's number at a kiosk.
            Note::Right(code) => format!("right {code}"),
        };
        Self { notes: vec![note], ..Self::bare(KIOSK, carrier_id, day, answer) }
    }
}

/// Reads the answer of [`Turn::of_kiosk`].
fn read_note(answer: &str) -> Option<Note> {
    match answer.split(' ').collect::<Vec<_>>()[..] {
        ["unmet", theme, postal_code] => {
            Some(Note::Unmet { theme: Theme::from_id(theme), postal_code: Some(postal_code).filter(|code| *code != "-").map(ToOwned::to_owned) })
        }
        ["doubt", code] => Code::parse(code).map(Note::Doubt),
        _ => None,
    }
}

impl Store {
    /// What kiosks have counted in this database, as turns to be kept in another one.
    pub async fn kiosk_turns(&self) -> Result<Vec<Turn>, StoreError> {
        let rows: Vec<(String, i64, String)> = on!(self, db => {
            let rows = sqlx::query("SELECT carrier_id, received_at, answer FROM turn WHERE channel = $1").bind(KIOSK).fetch_all(&mut *db.read().await?).await?;
            rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?))).collect::<Result<_, sqlx::Error>>()?
        });
        let turn = |(id, day, answer): (String, i64, String)| Some(Turn::of_kiosk(id, DateTime::from_timestamp(day, 0)?, read_note(&answer)?));
        Ok(rows.into_iter().filter_map(turn).collect())
    }

    /// Forgets a turn that was brought to another database.
    pub async fn forget_turn(&self, channel: &str, carrier_id: &str) -> Result<(), StoreError> {
        on!(self, db => sqlx::query("DELETE FROM turn WHERE channel = $1 AND carrier_id = $2").bind(channel).bind(carrier_id).execute(db.write().await?.connection()?).await?.rows_affected());
        Ok(())
    }

    /// The answer already given to this message, if it was delivered before.
    pub async fn answered(&self, channel: &str, carrier_id: &str) -> Result<Option<String>, StoreError> {
        on!(self, db => {
            let row = sqlx::query("SELECT answer FROM turn WHERE channel = $1 AND carrier_id = $2").bind(channel).bind(carrier_id).fetch_optional(&mut *db.read().await?).await?;
            Ok(row.map(|row| row.try_get(0)).transpose()?)
        })
    }

    /// What was understood of a message, by the intent's name; nothing where it leaves no trace.
    pub async fn intent(&self, channel: &str, carrier_id: &str) -> Result<Option<String>, StoreError> {
        on!(self, db => {
            let row = sqlx::query("SELECT intent FROM turn WHERE channel = $1 AND carrier_id = $2").bind(channel).bind(carrier_id).fetch_optional(&mut *db.read().await?).await?;
            Ok(row.map(|row| row.try_get::<Option<String>, _>(0)).transpose()?.flatten())
        })
    }

    /// How often something was looked for and not found, in all.
    pub async fn count_unmet(&self) -> Result<i64, StoreError> {
        on!(self, db => Ok(sqlx::query("SELECT CAST(coalesce(sum(count), 0) AS BIGINT) FROM unmet").fetch_one(&mut *db.read().await?).await?.try_get(0)?))
    }
}
