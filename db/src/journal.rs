//! What is kept under a carrier's message id: a type for each case, each with what its case needs.

mod entry;

use chrono::{DateTime, Utc};
use directory::answer::Note;
use directory::language::Language;
use directory::session::Session;
use sqlx::Row;

use crate::StoreError;
use crate::budget::{Budget, Charge};
use crate::call_back::CallBack;
use crate::outbox::Delivery;
use crate::person::Person;
pub use crate::person::SenderHash;
use crate::store::{Store, on};

/// The channel under which is kept what kiosks ask for and count.
pub const KIOSK: &str = "kiosk";

/// A message of a carrier: it is kept once, however often it is delivered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CarrierMessage {
    /// The channel's name.
    pub channel: &'static str,
    /// The carrier's id of the message; unique within the channel.
    pub carrier_id: String,
    /// When it came in.
    pub received: DateTime<Utc>,
}

/// What the writing task keeps in one durable step.
#[derive(Debug, Clone, PartialEq)]
pub enum JournalEntry {
    /// A message and the answer to it.
    Turn(Box<KeptTurn>),
    /// A message that nobody answers: a machine's, or one from a country that is not answered. Its number is not kept.
    Ignored {
        /// The message.
        message: CarrierMessage,
        /// What the carrier was given.
        silence: String,
    },
    /// The end of a conversation: a call is over, somebody blocks us.
    Forgotten {
        /// Under which message this is kept.
        message: CarrierMessage,
        /// Whose conversation is forgotten.
        sender: SenderHash,
    },
    /// A call of ours that did not reach somebody.
    LeftToPerson(LeftToPerson),
    /// A call that was not picked up, to be answered by a call of ours.
    MissedCall(MissedCall),
    /// A text message that the desk sends.
    DeskText(Box<DeskText>),
    /// A call that somebody asked for at a kiosk.
    KioskRequest {
        /// Under which message this is kept: the channel is [`KIOSK`].
        message: CarrierMessage,
        /// Who is to be called.
        request: CallBackRequest,
    },
}

/// A message and the answer to it.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptTurn {
    /// The message.
    pub message: CarrierMessage,
    /// What stays of the conversation.
    pub memory: ConversationMemory,
    /// What was sent; `None` where it must leave no trace.
    pub text: Option<String>,
    /// The name of what was understood; `None` where it must leave no trace.
    pub intent: Option<&'static str>,
    /// The answer, in the bytes given to the carrier.
    pub answer: String,
    /// What came of it, counted by day and channel, without the sender.
    pub counted: Option<CountedOutcome>,
    /// What is counted without the sender.
    pub notes: Vec<Note>,
    /// What the answer costs; `None` where sending it costs nothing.
    pub charge: Option<Charge>,
    /// What the sender asks for beside the answer.
    pub request: Option<SideRequest>,
    /// What is sent beside the answer, or as the answer.
    pub deliveries: Vec<Delivery>,
    /// What is sent instead, where the charge's notice takes the answer's place.
    pub notices: Vec<Delivery>,
}

impl KeptTurn {
    /// Makes a turn of which only the message and its answer are kept.
    pub fn bare(message: CarrierMessage, answer: String) -> Self {
        Self {
            message,
            memory: ConversationMemory::Nobody,
            text: None,
            intent: None,
            answer,
            counted: None,
            notes: Vec::new(),
            charge: None,
            request: None,
            deliveries: Vec::new(),
            notices: Vec::new(),
        }
    }
}

/// What stays of a conversation after a turn.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "one for each turn, and most turns keep a session")]
pub enum ConversationMemory {
    /// There is no name under which to remember it.
    Nobody,
    /// It is forgotten, and the turn is kept without its sender.
    Forgotten(SenderHash),
    /// It goes on.
    Kept {
        /// Who sent the message.
        sender: SenderHash,
        /// The conversation from now on.
        session: Session,
        /// When it is forgotten.
        until: DateTime<Utc>,
    },
}

/// What came of a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct CountedOutcome {
    /// In a word: `shown`, `nothing`, `person`, `unclear`.
    pub outcome: &'static str,
    /// The language of the answer.
    pub language: Language,
}

/// What a person asks for beside an answer. STOP and START are kept even where the answer cannot be sent; a call only
/// with the answer that promises it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SideRequest {
    /// STOP: nothing more is sent. It is acknowledged once: later, the charge's silence takes the answer's place.
    OptOut(Person),
    /// START: messages again.
    OptIn(Person),
    /// A call by a person.
    CallBack(CallBackRequest),
}

/// A call that somebody asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallBackRequest {
    /// Who asks.
    pub person: Person,
    /// Whom to call, and about what.
    pub call_back: CallBack,
    /// Budgets of calls. Where one of them is spent nothing of the entry is kept; somebody who waits for a call already
    /// takes nothing from them.
    pub room: Vec<Budget>,
}

/// A call of ours that did not reach somebody: from now on a person calls them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftToPerson {
    /// Under which message this is kept.
    pub message: CarrierMessage,
    /// Counts the calls in vain.
    pub charge: Charge,
    /// Who is to be called; `None` where nobody calls them, and only the count is kept.
    pub request: Option<CallBackRequest>,
}

/// A call that was not picked up, to be answered by a call of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissedCall {
    /// The call.
    pub message: CarrierMessage,
    /// What the carrier is given: the call is rejected.
    pub answer: String,
    /// What our call costs.
    pub charge: Charge,
    /// Our call.
    pub delivery: Delivery,
}

/// A text message that the desk sends; its receiver may answer it.
#[derive(Debug, Clone, PartialEq)]
pub struct DeskText {
    /// Under which message this is kept.
    pub message: CarrierMessage,
    /// Who receives it.
    pub receiver: SenderHash,
    /// The conversation that begins with it.
    pub session: Session,
    /// When the conversation is forgotten.
    pub until: DateTime<Utc>,
    /// What it costs.
    pub charge: Charge,
    /// The text message.
    pub delivery: Delivery,
}

impl Store {
    /// Reads the answer already given to a message; `None` where it was not delivered before.
    pub async fn answered(&self, channel: &str, carrier_id: &str) -> Result<Option<String>, StoreError> {
        on!(self, db => {
            let row = sqlx::query("SELECT answer FROM turn WHERE channel = $1 AND carrier_id = $2")
                .bind(channel)
                .bind(carrier_id)
                .fetch_optional(&mut *db.read().await?)
                .await?;
            Ok(row.map(|row| row.try_get(0)).transpose()?)
        })
    }

    /// Reads what was understood of a message, by the intent's name; `None` where it leaves no trace.
    pub async fn intent(&self, channel: &str, carrier_id: &str) -> Result<Option<String>, StoreError> {
        on!(self, db => {
            let row = sqlx::query("SELECT intent FROM turn WHERE channel = $1 AND carrier_id = $2")
                .bind(channel)
                .bind(carrier_id)
                .fetch_optional(&mut *db.read().await?)
                .await?;
            Ok(row.map(|row| row.try_get::<Option<String>, _>(0)).transpose()?.flatten())
        })
    }

    /// Counts how often something was looked for and not found, in all.
    pub async fn count_unmet(&self) -> Result<i64, StoreError> {
        on!(self, db => {
            let row = sqlx::query("SELECT CAST(coalesce(sum(count), 0) AS BIGINT) FROM unmet")
                .fetch_one(&mut *db.read().await?)
                .await?;
            Ok(row.try_get(0)?)
        })
    }
}
