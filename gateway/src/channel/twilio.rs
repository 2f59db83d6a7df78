//! Twilio's text messages and calls: signed webhooks in, TwiML out in the same response.

pub mod call;
pub mod report;
pub mod send;
mod signature;
pub mod twiml;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

pub use signature::{Secret, Signed, sign, verify};
pub use twiml::{message, silence};

use application::turn::Request;

/// What stands behind an address in the carrier's console: it tries five times more within its 15 s, whatever went
/// wrong. Without it the carrier tries once more, and only where no connection came about. It is for the carrier alone:
/// no request carries it.
pub const RETRIES: &str = "#rc=5&rp=all";

/// Letters from which on a text may be a coded one: the carrier codes long messages alone.
const SHORTEST_CODED: usize = 60;

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

/// Reads a signed message. The signature is checked over the raw body before anything is parsed.
pub fn accept(body: &[u8], signature: Option<&str>, url: &str, secrets: &[Secret]) -> Result<Request, Refusal> {
    let signature = signature.ok_or(Refusal::Forged)?;
    if !verify(&Signed::Form { url, body }, signature, secrets) {
        return Err(Refusal::Forged);
    }
    let field = |wanted: &'static str| Field(wanted).of(body).ok_or(Refusal::Incomplete(wanted));
    let text = form_urlencoded::parse(body).find(|(name, _)| name == "Body").map(|(_, text)| text.into_owned()).unwrap_or_default();
    let text = decoded(&text).unwrap_or(text);
    Ok(Request::text("sms", Some(field("From")?), text, field("MessageSid").or_else(|_| field("SmsSid"))?))
}

/// The words of a text that came coded: the carrier passes some long messages on in base64. `None` for any other text:
/// what a person types has spaces, or does not come out as words.
fn decoded(text: &str) -> Option<String> {
    let coded: String = text.split(['\r', '\n']).collect();
    if coded.len() < SHORTEST_CODED {
        return None;
    }
    let words = String::from_utf8(STANDARD.decode(coded.trim()).ok()?).ok()?;
    words.chars().all(|letter| !letter.is_control() || letter.is_whitespace()).then_some(words)
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

    #[test]
    fn a_long_message_that_comes_coded_is_read() {
        let long = "Bonjour, je cherche un endroit où manger ce soir à Schaerbeek avec mes deux enfants, merci beaucoup";
        let coded = STANDARD.encode(long);
        let body = |text: &str| form_urlencoded::Serializer::new("MessageSid=SM1&From=%2B32470000000".to_owned()).append_pair("Body", text).finish();
        let read = |text: &str| {
            let body = body(text);
            let signature = signature::sign(&Signed::Form { url: URL, body: body.as_bytes() }, &secret());
            accept(body.as_bytes(), Some(&signature), URL, &[secret()]).unwrap().input
        };
        assert_eq!(read(&coded), Input::Text(long.to_owned()));
        let (first, rest) = coded.split_at(76);
        assert_eq!(read(&format!("{first}\r\n{rest}")), Input::Text(long.to_owned()));
        // What people type stays as it is.
        for typed in [long, "manger 1030", "bWFuZ2Vy", &"a".repeat(400), &"merci".repeat(40), &"haha".repeat(15)] {
            assert_eq!(read(typed), Input::Text(typed.to_owned()));
        }
    }

    #[test]
    fn both_fields_of_the_console_hold_the_address_that_is_signed() {
        let fields = console("https://sms.example.org");
        assert_eq!(fields[0].1, "https://sms.example.org/twilio/sms#rc=5&rp=all");
        assert_eq!((&fields[0].1, &fields[2].1), (&fields[1].1, &fields[3].1));
        assert!(fields.iter().all(|(_, address)| address.ends_with(RETRIES)));
        let body = b"MessageSid=SM1&From=%2B32470000000&Body=manger&ErrorCode=11200&ErrorUrl=https%3A%2F%2Fsms.example.org%2Ftwilio%2Fsms";
        let signature = signature::sign(&Signed::Form { url: URL, body }, &secret());
        assert_eq!(accept(body, Some(&signature), URL, &[secret()]).unwrap().carrier_id, "SM1");
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
