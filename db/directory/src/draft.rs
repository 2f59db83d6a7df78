//! What a feed delivers: parsed entries, what was refused and why, and what was dropped at the door.
//!
//! A feed is bytes turned into values by a pure function; nothing here has touched the directory yet.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::record::{Content, Kind, Status};

/// One entry as a source gives it.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// The key under which the source will give it again; unique within a feed.
    pub source_id: String,
    /// What it is.
    pub kind: Kind,
    /// Published, unless the source says otherwise.
    pub status: Status,
    /// What it says.
    pub content: Content,
    /// Its page at the source.
    pub url: Option<String>,
    /// When the source last changed it.
    pub updated_on: Option<NaiveDate>,
    /// Trust level 0 to 3, as invented entries have it. Of a real source it is what its operator set, not what it says.
    pub trust: u8,
    /// When somebody or the source last confirmed it.
    pub confirmed_on: Option<NaiveDate>,
    /// Labels that the source gave it.
    pub evidence: Vec<String>,
}

impl Draft {
    /// A published entry about which nothing else is known.
    pub fn new(source_id: impl Into<String>, kind: Kind, content: Content) -> Self {
        Self {
            source_id: source_id.into(),
            kind,
            status: Status::Published,
            content,
            url: None,
            updated_on: None,
            trust: 0,
            confirmed_on: None,
            evidence: Vec::new(),
        }
    }
}

/// An entry or field that was not taken, with what to look at in the source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// Line of the source, from 1; where a format has no lines, the entry's number from 1.
    pub line: usize,
    /// The field at fault, in the source's words.
    pub field: String,
    /// Its value, cut at 80 characters; empty when it is missing.
    pub value: String,
    /// What is wrong with it.
    pub reason: String,
}

impl Refused {
    /// Notes a refusal; the value is cut at 80 characters and freed of control characters.
    pub fn new(line: usize, field: impl Into<String>, value: &str, reason: impl Into<String>) -> Self {
        let value = value.chars().filter(|character| !character.is_control()).take(80).collect();
        Self { line, field: field.into(), value, reason: reason.into() }
    }
}

/// Whether an entry that the source no longer lists has really gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Coverage {
    /// The source lists all it has: what is missing has gone.
    #[default]
    Whole,
    /// The source shows a window (the newest, the future): what is missing is only doubtful.
    Window,
}

/// A parsed feed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Feed {
    /// What was understood.
    pub drafts: Vec<Draft>,
    /// What was not taken; the rest of the feed still counts.
    pub refused: Vec<Refused>,
    /// Details that were changed or dropped without refusing the entry (a broken coordinate, an
    /// unreadable phone number), with the same columns.
    pub warnings: Vec<Refused>,
    /// How many uninvited personal details were dropped.
    pub personal_dropped: usize,
    /// Whether absence means gone.
    pub coverage: Coverage,
    /// The licence of the whole feed, if it names one.
    pub licence: Option<String>,
}
