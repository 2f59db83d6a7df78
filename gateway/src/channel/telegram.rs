//! Telegram: updates in, chat messages out. Requests are teloxide's; the intake is ours, so that nothing is acknowledged
//! before it is kept, and nobody is unheard because of what else stands in an update.

pub mod intake;
pub mod poll;
pub mod render;
pub mod routes;
pub mod send;
pub mod speak;
pub mod turns;

use directory::language::Language;
use serde::{Deserialize, Serialize};

pub use self::intake::{Received, What, accept, is_ours, read};
use crate::channel::telegram::render::{Button, Chat};

/// A chat message on its way out, as the outbox keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outgoing {
    /// Its text.
    pub text: String,
    /// Its buttons.
    #[serde(default)]
    pub rows: Vec<Vec<Button>>,
    /// The message that it takes the place of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edits: Option<i32>,
    /// The press to be acknowledged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub press: Option<String>,
    /// With a button that sends the asker's position.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asks_place: Option<String>,
    /// What is said aloud, and in which language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aloud: Option<(Language, String)>,
    /// Messages to be erased; then the text is said only where one of them is too old for that.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub erases: Vec<i32>,
}

impl Outgoing {
    /// A message without buttons.
    pub fn plain(text: String) -> Self {
        Self { text, rows: Vec::new(), edits: None, press: None, asks_place: None, aloud: None, erases: Vec::new() }
    }

    /// An answer to what came.
    pub fn to(received: &Received, chat: Chat, place_button: String, aloud: Option<(Language, String)>) -> Self {
        let Chat { text, rows, asks_place } = chat;
        let (edits, press, asks_place) = (received.edits, received.press.clone(), asks_place.then_some(place_button));
        Self { text, rows, edits, press, asks_place, aloud, erases: Vec::new() }
    }

    /// As it is kept.
    pub fn write(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
