//! Twilio, which carries text messages and calls: what both have in common. Signed webhooks in, TwiML out in the same
//! response, and a REST interface for what we begin.

pub mod report;
pub mod send;
mod signature;
pub mod twiml;
pub mod webhooks;

pub use signature::{Secret, Signed, sign, verify};
pub use twiml::{message, silence};

/// What stands behind an address in the carrier's console: it tries five times more within its 15 s, whatever went
/// wrong. Without it the carrier tries once more, and only where no connection came about. It is for the carrier alone:
/// no request carries it.
pub const RETRIES: &str = "#rc=5&rp=all";

/// The fields of a number in the carrier's console that lead here, each with the address that belongs into it.
/// `public_url` is without a slash at its end.
///
/// The fallback is the same address once more: a message or a step that comes twice gets the same answer.
pub fn console(public_url: &str) -> [(&'static str, String); 5] {
    let (sms, voice) = (format!("{public_url}/twilio/sms{RETRIES}"), format!("{public_url}/twilio/voice{RETRIES}"));
    [
        ("A message comes in", sms.clone()),
        ("its \"Primary handler fails\"", sms),
        ("A call comes in", voice.clone()),
        ("its \"Primary handler fails\"", voice),
        ("Call status changes", format!("{public_url}/twilio/voice/status{RETRIES}")),
    ]
}

/// Why a webhook is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Not signed by our carrier for our address: changes nothing.
    #[error("signature missing or wrong")]
    Forged,
    /// Signed, but without the fields of a message.
    #[error("field {0} is missing")]
    Incomplete(&'static str),
}

/// A field of a form, by its name.
pub(crate) struct Field(pub(crate) &'static str);

impl Field {
    /// Its value in a body; nothing where it is absent, empty, or no text.
    pub(crate) fn of(&self, body: &[u8]) -> Option<String> {
        let value = form_urlencoded::parse(body).find(|(name, _)| name == self.0)?.1.into_owned();
        (!value.is_empty() && !value.contains('\0')).then_some(value)
    }
}
