//! Text messages as phones show them: every template in four languages, many records, whole
//! conversations.

mod conversations;
mod danger;
mod templates;
mod tickets;
