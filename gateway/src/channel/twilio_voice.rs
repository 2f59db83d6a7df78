//! Calls by Twilio: keys in, sentences out.

pub mod intake;
pub mod routes;
pub mod turns;
