//! The pure core of Passerelle: what the directory holds, what a message means, what the answer is.
//!
//! Nothing here reads a file, a socket, a clock or a random number: time comes in as an argument and
//! tables are compiled in, so that every conversation can be replayed.
//!
//! To add a theme: `config/themes.json`, [`theme::Theme`], one pictogram. To add a word: only
//! `config/themes.json` or `config/words.toml`. To add a phrase: `config/phrases/*.ftl` and
//! [`phrase::Phrase`].
#![warn(missing_docs)]

pub mod answer;
pub mod clock;
mod closed;
pub mod code;
pub mod dialogue;
pub mod draft;
pub mod generations;
pub mod intent;
pub mod language;
pub mod locality;
pub mod phone;
pub mod phrase;
pub mod record;
pub mod schedule;
pub mod theme;
pub mod ticket;
pub mod vocabulary;
pub mod words;
