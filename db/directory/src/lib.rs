//! The pure core of Passerelle: what the directory holds, what a message means, what the answer is.
//!
//! Nothing here reads a file, a socket, a clock or a random number: time comes in as an argument and
//! tables are compiled in, so that every conversation can be replayed.
//!
//! To add a need or a word of one: only `config/needs`. To add a theme: `config/themes.json`, [`theme::Theme`], one pictogram. To add a word: only
//! `config/themes.json` or `config/words.toml`. To add a phrase: `config/phrases/*.ftl` and
//! [`phrase::Phrase`].
#![warn(missing_docs)]

pub mod answer;
pub mod cache;
pub mod clock;
mod closed;
pub mod code;
mod country;
pub mod danger;
pub mod day_part;
pub mod dialogue;
pub mod draft;
pub mod emergency;
pub mod figures;
pub mod intent;
mod kind;
pub mod language;
pub mod locality;
pub mod name;
pub mod need;
mod ordinary;
mod packed;
pub mod phone;
pub mod phrase;
pub mod plain;
pub mod printing;
pub mod query;
pub mod record;
pub mod schedule;
pub mod session;
mod spelling;
pub mod spoken;
pub mod theme;
pub mod ticket;
pub mod visit;
pub mod vocabulary;

pub use words;
pub use words::edit_distance;

#[cfg(test)]
#[path = "../build"]
mod build {
    //! What makes the tables, for tests that make some of their own.

    pub(crate) mod danger;
    pub(crate) mod emergency;
    pub(crate) mod examples;
    pub(crate) mod holidays;
    pub(crate) mod needs;
    pub(crate) mod pack;
    pub(crate) mod phrases;
    pub(crate) mod places;
    pub(crate) mod spelling;

    /// What was made, or what is wrong with a text.
    pub(crate) type Made<T> = Result<T, Box<dyn std::error::Error>>;
}
