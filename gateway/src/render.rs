//! Answers as each channel says them.

pub mod chat;
pub mod speech;
