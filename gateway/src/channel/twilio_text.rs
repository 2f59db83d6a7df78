//! Text messages by Twilio.

pub mod intake;
pub mod routes;
