//! Hears danger: whether somebody says that they, or somebody near, are in it; of which kind; and whether they must not
//! be called, because somebody else reads or hears what reaches them.
//!
//! What is heard is written in `config/danger`: lists of words, and how they stand together, compared as they sound and
//! are misspelt; and beside them examples, for what no list foresees. Pure and always the same.

mod examples;
mod reader;
pub(crate) mod table;

use std::sync::LazyLock;

use crate::language::Language;
use reader::Reader;

pub use table::DangerKind;

const SHIPPED: &str = include_str!(concat!(env!("OUT_DIR"), "/danger.json"));

static READER: LazyLock<Reader> = LazyLock::new(|| Reader::new(serde_json::from_str(SHIPPED).unwrap_or_default()));

/// How surely danger was heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeardBy {
    /// Danger, whatever else is asked for.
    Sure,
    /// Danger only where nothing else is asked for: "I'm afraid" may be of the dentist.
    Alone,
    /// Danger where its words name no need: examples are nearly sure.
    Likely,
    /// It resembles examples of danger more than others: only where nothing else is understood.
    Examples,
    /// Perhaps: lists and examples disagree, or the examples are not sure. 112 is named, and what is asked for is answered.
    Doubt,
}

/// Danger that was heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Danger {
    /// Of what.
    pub kind: DangerKind,
    /// How surely.
    pub heard_by: HeardBy,
    /// The words that say it, folded, as they are understood.
    pub because: String,
    /// The languages in which it is said so, that of `because` first; none where examples told it.
    pub languages: Vec<Language>,
}

impl Danger {
    /// True where it is danger whatever else is asked for.
    pub fn is_sure(&self) -> bool {
        self.heard_by == HeardBy::Sure
    }
}

/// What a message says of danger.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Heard {
    /// The danger.
    pub danger: Option<Danger>,
    /// They must not be called, nor written to again.
    pub asks_silence: bool,
}

/// Reads a message as it was typed: first by the lists, and where they are silent by the examples.
pub fn hear(text: &str) -> Heard {
    let (heard, only_sounds_so) = READER.hear(text);
    let heard = Heard { asks_silence: heard.asks_silence || asks_in_a_clause(text), ..heard };
    if only_sounds_so {
        return heard;
    }
    let danger = match heard.danger {
        // Whoever must not be called is in danger, however they say it.
        Some(danger) if heard.asks_silence => Some(danger),
        Some(danger) => Some(examples::doubted(danger, text)),
        None => examples::judge(text),
    };
    Heard { danger, ..heard }
}

/// True where a clause by itself asks for silence, whatever the others say of calls.
fn asks_in_a_clause(text: &str) -> bool {
    let clauses = || text.split([',', '.', ';', '!', '?', '\n']).filter(|clause| !clause.trim().is_empty());
    clauses().nth(1).is_some() && clauses().any(|clause| READER.hear(clause).0.asks_silence)
}

#[cfg(test)]
mod tests;
