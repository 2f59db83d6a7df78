//! Answers as each channel says them.

pub mod chat;
mod plain;
pub mod sms;
pub mod speech;
mod words;

pub use words::Words;
