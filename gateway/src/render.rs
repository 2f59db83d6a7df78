//! Answers as each channel says them.

pub mod sms;
mod words;

pub use words::Words;
