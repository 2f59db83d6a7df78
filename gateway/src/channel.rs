//! Adapters: each verifies, parses and renders in its carrier's own dialect.

pub mod telegram;
pub mod twilio;
