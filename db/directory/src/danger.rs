//! Hears danger: whether somebody says that they, or somebody near, are in it; of which kind; and whether they must not
//! be called, because somebody else reads or hears what reaches them.
//!
//! What is heard is written in `config/danger`: lists of words, and how they stand together. Words are compared as they
//! sound and are misspelt. Pure and always the same.

mod reader;
pub(crate) mod table;

use std::sync::LazyLock;

use crate::language::Language;
use reader::Reader;

pub use table::DangerKind;

const SHIPPED: &str = include_str!(concat!(env!("OUT_DIR"), "/danger.json"));

static READER: LazyLock<Reader> = LazyLock::new(|| Reader::new(serde_json::from_str(SHIPPED).unwrap_or_default()));

/// Danger that was heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Danger {
    /// Of what.
    pub kind: DangerKind,
    /// False where it is danger only if nothing else is asked for: "I'm afraid" may be of the dentist.
    pub is_sure: bool,
    /// The words that say it, folded, as they are understood.
    pub because: String,
    /// The languages in which it is said so, that of `because` first.
    pub languages: Vec<Language>,
}

/// What a message says of danger.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Heard {
    /// The danger.
    pub danger: Option<Danger>,
    /// They must not be called, nor written to again.
    pub asks_silence: bool,
}

/// Reads a message as it was typed.
pub fn hear(text: &str) -> Heard {
    READER.hear(text)
}

#[cfg(test)]
mod tests;
