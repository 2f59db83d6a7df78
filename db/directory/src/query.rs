//! What somebody looks for. It knows no conversation.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::danger::DangerKind;
use crate::day_part::DayPart;
use crate::kind::Kind;
use crate::locality::Locality;
use crate::need::Need;
use crate::theme::{Audience, Theme};

/// A span of local days, both inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Days {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
}

/// How many days ahead "in the evening" looks, where no day is said.
const SOON: u64 = 7;

/// What somebody looks for.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a wish of its own")]
pub struct Wanted {
    /// Themes understood, the surest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub themes: Vec<Theme>,
    /// Needs understood, the surest first.
    #[serde(skip_serializing_if = "Vec::is_empty", with = "crate::need::known")]
    pub needs: Vec<Need>,
    /// Folded words that say it more exactly ("yoga", "dentiste").
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<String>,
    /// The words of the whole message that may be a name's, folded.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub said: Vec<String>,
    /// Its words are none that we know, and of a theme alone: only what holds them answers.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_strange: bool,
    /// Where, if they said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locality: Option<Locality>,
    /// The place is only nearly spelled as what was typed.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub guesses_place: bool,
    /// For whom.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub audiences: Vec<Audience>,
    /// Kinds asked for by name (events).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<Kind>,
    /// On which days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<Days>,
    /// What they are in danger of, where that was said, or may have been: never remembered.
    #[serde(skip)]
    pub danger: Option<DangerKind>,
    /// They must not be called, nor written to again: never remembered.
    #[serde(skip)]
    pub asks_silence: bool,
    /// Open at this moment; then `when` is empty.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub open_now: bool,
    /// At that part of those days; without days, of any day soon.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<DayPart>,
    /// Free of charge.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub free: bool,
}

impl Wanted {
    /// The days asked for: for a part of the day alone, all those soon.
    pub fn days(&self, today: NaiveDate) -> Option<Days> {
        let soon = || self.part.map(|_| Days { from: today, to: today.checked_add_days(chrono::Days::new(SOON)).unwrap_or(today) });
        self.when.or_else(soon)
    }

    /// True when nothing says what is looked for (a place or a day alone do not).
    pub fn has_no_subject(&self) -> bool {
        self.themes.is_empty() && self.words.is_empty() && self.kinds.is_empty() && self.audiences.is_empty()
    }

    /// True where themes are named and nothing says more exactly what is meant: a door was opened.
    pub fn is_a_door(&self) -> bool {
        let says_more = [&self.words, &self.said].into_iter().any(|words| !words.is_empty()) || !self.needs.is_empty() || !self.audiences.is_empty();
        !self.themes.is_empty() && !says_more && self.when.is_none() && !self.open_now && self.part.is_none() && !self.free
    }

    /// One of the needs behind a door: what is looked for then.
    #[must_use]
    pub fn for_need(&self, need: Need) -> Self {
        Self { themes: vec![need.theme()], needs: vec![need], ..self.clone() }
    }
}
