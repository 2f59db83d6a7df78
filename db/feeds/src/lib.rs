//! Feeds of other platforms: bytes in, entries of the directory out.
//!
//! Pure: no file, no network, no clock. A parser takes what it understands, notes entry by entry
//! what it does not, and fails as a whole only when the bytes are not the format asked for: an
//! empty answer or a login page must never look like "everything was removed".
//!
//! To add a format: a member of [`Format`], a module whose `parse(bytes, settings)` returns a
//! [`Feed`], its traps in `<format>/tests.rs`, and a line in the property test below.
#![warn(missing_docs)]

mod contact;
mod csv;
mod date;
mod decode;
mod gogocarto;
pub mod hours;
mod ical;
mod mapping;
mod place;
pub mod text;

use std::fmt;

use chrono_tz::Tz;
use directory::closed_list;
use directory::draft::{Feed, Refused};
use directory::language::Language;
use directory::need::Need;
use directory::phone::Country;
use directory::record::{Content, NeedOrigin};
use directory::theme::Theme;

pub use mapping::Mapping;

closed_list! {
    /// How the bytes are written.
    Format {
        /// iCalendar (RFC 5545), as Demosphere, Agorakit, YesWiki and most agendas write it.
        Ical = "ical",
        /// GoGoCarto's JSON, full or compact.
        Gogocarto = "gogocarto",
        /// A table with a header, read through a [`Mapping`].
        Csv = "csv",
    }
}

/// What a source leaves unsaid.
#[derive(Clone, Copy)]
pub struct Settings<'m> {
    /// The country of addresses, postal codes and phone numbers that name none.
    pub country: Country,
    /// The language of texts that name none.
    pub language: Language,
    /// The zone of times that name none, and of calendars that give all their times in UTC.
    pub zone: Tz,
    /// How to read a table; the house table of `config/mappings/passerelle.toml` when absent.
    pub mapping: Option<&'m Mapping>,
    /// A source's own term, or failing that an entry's name, to our theme.
    pub themes: &'m dyn Fn(&str) -> Option<Theme>,
}

impl fmt::Debug for Settings<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Settings")
            .field("country", &self.country)
            .field("language", &self.language)
            .field("zone", &self.zone)
            .field("mapping", &self.mapping)
            .finish_non_exhaustive()
    }
}

/// Why a feed, or the mapping to read it with, cannot be used at all; nothing may be changed then.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FeedError {
    /// No entry: no body, `null`, an empty list, a table with a header only.
    #[error("the source sent nothing: what is known stays; open its address in a browser and see whether it still answers")]
    Empty,
    /// Another format, a login page, an error message with status 200.
    #[error("expected {expected}, found {found}: check the address or file, whether it needs a key or a login, and the format asked for")]
    NotThisFormat {
        /// What the format begins with.
        expected: &'static str,
        /// What was found instead.
        found: String,
    },
    /// A compressed or binary file, or letters that no known encoding explains.
    #[error("{found} cannot be read as text: unpack it, or save it again as UTF-8 text")]
    Encoding {
        /// What the bytes look like.
        found: String,
    },
    /// JSON that breaks off or is misspelt.
    #[error("line {line}, column {column}: not valid JSON ({reason}); it may have been cut while loading: fetch it again")]
    Json {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
        /// In the JSON reader's words.
        reason: String,
    },
    /// The mapping file is wrong.
    #[error("mapping{}: {reason}", line.map_or_else(String::new, |line| format!(", line {line}")))]
    Mapping {
        /// From 1, where it is known.
        line: Option<usize>,
        /// What is wrong and what would be right.
        reason: String,
    },
    /// The table lacks a column that the mapping cannot do without.
    #[error("the table has no column {missing:?} (it has {found}): correct the mapping or the table's first line")]
    Column {
        /// As the mapping names it.
        missing: String,
        /// The columns found.
        found: String,
    },
}

/// Reads a feed.
///
/// Entries that cannot be used are in [`Feed::refused`], details that were left out or put right in
/// [`Feed::warnings`]; both say where and why.
pub fn parse(format: Format, bytes: &[u8], settings: &Settings<'_>) -> Result<Feed, FeedError> {
    match format {
        Format::Ical => ical::parse(bytes, settings),
        Format::Gogocarto => gogocarto::parse(bytes, settings),
        Format::Csv => csv::parse(bytes, settings),
    }
}

/// Where one entry's remarks go.
struct Notes<'f> {
    line: usize,
    feed: &'f mut Feed,
}

impl Notes<'_> {
    fn warn(&mut self, field: &str, value: &str, reason: impl Into<String>) {
        self.feed.warnings.push(Refused::new(self.line, field, value, reason));
    }

    fn drop_personal(&mut self) {
        self.feed.personal_dropped += 1;
    }

    fn refusal(&self, field: &str, value: &str, reason: impl Into<String>) -> Refused {
        Refused::new(self.line, field, value, reason)
    }
}

/// At most three themes, the main one first: from the source's terms, else from the name.
fn themes_of(terms: &[String], name: &str, settings: &Settings<'_>) -> Vec<Theme> {
    let mut themes = Vec::new();
    for term in terms {
        if let Some(theme) = (settings.themes)(term)
            && !themes.contains(&theme)
        {
            themes.push(theme);
        }
    }
    if themes.is_empty() {
        themes.extend((settings.themes)(name));
    }
    themes.truncate(3);
    themes
}

/// The needs that the source's terms name, in a vocabulary that we know or in plain words. A term that several needs
/// claim names none.
fn add_needs(content: &mut Content) {
    for term in content.terms.clone() {
        if let Some(need) = Need::of_source(&term) {
            content.add_need(need, NeedOrigin::Mapped);
        }
    }
}

#[cfg(test)]
mod tests;
