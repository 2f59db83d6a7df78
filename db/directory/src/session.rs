//! What is remembered of a conversation between two turns.

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

use crate::code::Code;
use crate::language::Language;
use crate::locality::Locality;
use crate::need::Need;
use crate::query::Wanted;
use crate::ticket::Ticket;

/// How long a conversation is remembered after its last turn.
pub const MEMORY: Duration = Duration::minutes(30);

/// Entries shown at once, on every channel.
pub const PAGE: usize = 3;

/// Entries remembered for "more".
pub const MOST_LISTED: usize = 12;

/// The short memory of a conversation.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Session {
    /// The language last spoken or chosen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// The place last named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Locality>,
    /// A question that waits for its place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pending: Option<Wanted>,
    /// What was listed last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listing: Option<Listing>,
    /// The door whose needs were offered last: where one comes back to from the list of a need.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offered: Option<Offered>,
    /// They must not be called, nor written to again.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub asks_silence: bool,
    /// What the digits mean now.
    pub step: Step,
}

/// The needs that a door offered, each by its digit.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Offered {
    /// What is behind the door, and where.
    pub wanted: Wanted,
    /// In the order of their digits, from 1.
    #[serde(with = "crate::need::known")]
    pub needs: Vec<Need>,
}

/// What was listed last.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Listing {
    /// What was looked for.
    pub wanted: Wanted,
    /// All that was found, in order, at most [`MOST_LISTED`].
    pub codes: Vec<Code>,
    /// Those of them that hold a word that was asked for.
    #[serde(default)]
    pub by_word: Vec<Code>,
    /// The first of them was called by its name.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_called: bool,
    /// Index of the first one on the page shown.
    pub first: usize,
    /// The slip whose records these are: nothing was searched for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<Ticket>,
}

impl Listing {
    /// The entries of the page shown.
    pub fn page(&self) -> &[Code] {
        let rest = self.codes.get(self.first..).unwrap_or_default();
        rest.get(..PAGE).unwrap_or(rest)
    }

    /// The entries of the page behind it; `None` where it is the last.
    pub(crate) fn next_page(&self) -> Option<&[Code]> {
        let rest = self.codes.get(self.first + PAGE..).filter(|rest| !rest.is_empty())?;
        Some(rest.get(..PAGE).unwrap_or(rest))
    }
}

/// What the digits mean now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Step {
    /// Nothing to choose from.
    #[default]
    Nothing,
    /// A page of doors (1 or 2).
    Doors(u8),
    /// Entries of the listing.
    Listing,
    /// One record of the listing is shown in full.
    Card(Code),
    /// Nothing was found, and the question is remembered.
    Empty,
    /// A language, in the order of [`Language::ALL`].
    Languages,
    /// The number of a slip.
    Ticket,
    /// The hour at which to be called back.
    CallHour,
    /// Emergency numbers were said to a caller.
    Danger,
    /// The needs that a door offered.
    Needs,
}

/// When a session that was last used at that instant is forgotten.
pub fn forgotten_at(now: DateTime<Utc>) -> DateTime<Utc> {
    now + MEMORY
}
