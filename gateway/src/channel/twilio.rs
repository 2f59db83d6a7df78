//! Twilio's text messages and calls: signed webhooks in, TwiML out in the same response.

pub mod call;
pub mod report;
pub mod send;
mod signature;
pub mod twiml;

pub use signature::{Secret, Signed, sign, verify};
pub use twiml::{message, silence};

use crate::turn::Request;

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

/// Reads a signed message. The signature is checked over the raw body before anything is parsed.
pub fn accept(body: &[u8], signature: Option<&str>, url: &str, secrets: &[Secret]) -> Result<Request, Refusal> {
    let signature = signature.ok_or(Refusal::Forged)?;
    if !verify(&Signed::Form { url, body }, signature, secrets) {
        return Err(Refusal::Forged);
    }
    let field = |wanted: &'static str| Field(wanted).of(body).ok_or(Refusal::Incomplete(wanted));
    let text = form_urlencoded::parse(body).find(|(name, _)| name == "Body").map(|(_, text)| text.into_owned()).unwrap_or_default();
    Ok(Request::text("sms", Some(field("From")?), text, field("MessageSid").or_else(|_| field("SmsSid"))?))
}

#[cfg(test)]
mod tests {
    use directory::intent::Input;

    use super::*;

    const URL: &str = "https://sms.example.org/twilio/sms";

    fn secret() -> Secret {
        Secret::new("0123456789abcdef0123456789abcdef")
    }

    #[test]
    fn a_signed_message_is_read() {
        let body = b"MessageSid=SM1&From=%2B32470000000&Body=manger+1030&FromZip=";
        let signature = signature::sign(&Signed::Form { url: URL, body }, &secret());
        let request = accept(body, Some(&signature), URL, &[secret()]).unwrap();
        assert_eq!((request.carrier_id.as_str(), request.input), ("SM1", Input::Text("manger 1030".to_owned())));
        assert_eq!(accept(body, Some(&signature), "https://sms.example.org/twilio/voice", &[secret()]).unwrap_err(), Refusal::Forged);
        assert_eq!(accept(body, None, URL, &[secret()]).unwrap_err(), Refusal::Forged);
        assert_eq!(accept(body, Some(&signature), URL, &[Secret::new("other")]).unwrap_err(), Refusal::Forged);
        // During a rotation both tokens count.
        assert!(accept(body, Some(&signature), URL, &[Secret::new("other"), secret()]).is_ok());
    }

    #[test]
    fn a_message_without_sender_or_id_is_refused() {
        let body = b"Body=manger";
        let signature = signature::sign(&Signed::Form { url: URL, body }, &secret());
        assert_eq!(accept(body, Some(&signature), URL, &[secret()]).unwrap_err(), Refusal::Incomplete("From"));
    }

    proptest::proptest! {
        #[test]
        fn any_signed_body_is_a_message_or_a_refusal(body in proptest::collection::vec(proptest::num::u8::ANY, 0..300)) {
            let signature = signature::sign(&Signed::Form { url: URL, body: &body }, &secret());
            proptest::prop_assert!(!matches!(accept(&body, Some(&signature), URL, &[secret()]), Err(Refusal::Forged)));
        }

        #[test]
        fn any_signature_but_the_right_one_is_refused(signature in ".*", url in ".*") {
            proptest::prop_assert_eq!(accept(b"a=b", Some(&signature), &url, &[secret()]).unwrap_err(), Refusal::Forged);
        }
    }

    #[test]
    fn requests_print_nothing_personal() {
        let request = Request::text("sms", Some("+32470123456".to_owned()), "secret", "SM1");
        let printed = format!("{request:?} {:?}", secret());
        assert!(!printed.contains("470123456") && !printed.contains("secret") && !printed.contains("0123456789abcdef"), "{printed}");
    }
}
