//! Answers as each channel says them.

pub mod sms;
pub mod speech;
mod words;

pub use words::Words;
