//! What both programs do for people, each use case once: a turn, a search, what is taken away, what is printed and sent.
//!
//! Between storage ([`db`]) and the programs. No listener, no carrier, no screen: those call what is here.
#![warn(missing_docs)]

pub mod counters;
pub mod find;
pub mod keys;
pub mod limits;
pub mod outbox;
pub mod plain;
pub mod print_queue;
pub mod say;
pub mod seal;
pub mod sms;
pub mod take_away;
pub mod turn;
