//! In what the engines differ, and what they are told.

use std::time::Duration;

/// Whoever asks has an answer within this: carriers give up after 15 s.
pub const DEADLINE: Duration = Duration::from_secs(10);

/// What a turn may take of it before its sender is told to come again: there must be time left to say so.
pub const PATIENCE: Duration = DEADLINE.saturating_sub(Duration::from_secs(2));

/// What a transaction writes. Work of one kind is done by one transaction at a time, whatever the
/// number of programs: budgets and first answers need no other lock. (On SQLite all work is of one kind.)
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WorkKind {
    /// Turns, conversations, budgets.
    Turns,
    /// The directory: a long import must not keep turns waiting.
    Directory,
    /// Places, tickets, print jobs.
    Slips,
}

/// Tables whose erased rows are overwritten together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TableGroup {
    /// What is kept of persons, and counts.
    Persons,
    /// Entries, and what they are found by.
    Directory,
}

/// In what the engines differ beside their connections.
#[derive(Debug)]
pub(crate) struct Dialect {
    /// Gives records their words: rows of a rank and the words with spaces between them.
    pub(crate) insert_words: fn(&str) -> String,
    /// Holds for the words that a search in the grammar finds, which is the value with that number.
    pub(crate) matches: fn(usize) -> String,
    /// The same, where a condition does not hold: where it does, the index of words is not opened.
    pub(crate) matches_unless: fn(usize, &str) -> String,
    /// The ranks of what matches, as many as wanted, best first.
    pub(crate) first_words: fn(&str, i64) -> String,
    /// How a search for words is written.
    pub(crate) grammar: Grammar,
    /// Ends a query that claims rows: those which others are claiming are passed over. A file has one writer.
    pub(crate) skip_locked: &'static str,
    /// Tells other programs, with the commit, that there is a call-back.
    pub(crate) tell_call_back: Option<&'static str>,
    /// Tells other programs, with the commit, that there is a slip to print.
    pub(crate) tell_print_job: Option<&'static str>,
    /// The engine takes several statements in one text.
    pub(crate) sends_together: bool,
    /// How long a turn may take before its sender is told to come again.
    pub(crate) patience: Duration,
}

/// How an engine writes a search for words.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Grammar {
    pub(crate) quote: char,
    pub(crate) and: &'static str,
    pub(crate) or: &'static str,
    /// Behind a word of which only the beginning is known.
    pub(crate) beginning: &'static str,
}
