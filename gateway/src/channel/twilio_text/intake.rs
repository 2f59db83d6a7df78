//! Reads text messages that Twilio posts. Pure.

use application::turn::{Channel, Request};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::channel::twilio::{Field, Refusal, Secret, Signed, verify};

/// Letters from which on a text may be a coded one: the carrier codes long messages alone.
const SHORTEST_CODED: usize = 60;

/// Reads a signed message. The signature is checked over the raw body before anything is parsed.
pub fn accept(body: &[u8], signature: Option<&str>, url: &str, secrets: &[Secret]) -> Result<Request, Refusal> {
    let signature = signature.ok_or(Refusal::Forged)?;
    if !verify(&Signed::Form { url, body }, signature, secrets) {
        return Err(Refusal::Forged);
    }
    let field = |wanted: &'static str| Field(wanted).of(body).ok_or(Refusal::Incomplete(wanted));
    let text = form_urlencoded::parse(body).find(|(name, _)| name == "Body").map(|(_, text)| text.into_owned()).unwrap_or_default();
    let text = decoded(&text).unwrap_or(text);
    Ok(Request::text(Channel::Sms, Some(field("From")?), text, field("MessageSid").or_else(|_| field("SmsSid"))?))
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
    use crate::channel::twilio::{RETRIES, console, sign};

    const URL: &str = "https://sms.example.org/twilio/sms";

    fn secret() -> Secret {
        Secret::new("0123456789abcdef0123456789abcdef")
    }

    #[test]
    fn a_signed_message_is_read() {
        let body = b"MessageSid=SM1&From=%2B32470000000&Body=manger+1030&FromZip=";
        let signature = sign(&Signed::Form { url: URL, body }, &secret());
        let request = accept(body, Some(&signature), URL, &[secret()]).unwrap();
        assert_eq!((request.carrier_id.as_str(), request.input), ("SM1", Input::Text("manger 1030".to_owned())));
        assert_eq!(accept(body, Some(&signature), "https://sms.example.org/twilio/voice", &[secret()]).unwrap_err(), Refusal::Forged);
        assert_eq!(accept(body, None, URL, &[secret()]).unwrap_err(), Refusal::Forged);
        assert_eq!(accept(body, Some(&signature), URL, &[Secret::new("other")]).unwrap_err(), Refusal::Forged);
        // During a rotation both tokens count.
        assert!(accept(body, Some(&signature), URL, &[Secret::new("other"), secret()]).is_ok());
    }

    #[test]
    fn both_fields_of_the_console_hold_the_address_that_is_signed() {
        let fields = console("https://sms.example.org");
        assert_eq!(fields[0].1, "https://sms.example.org/twilio/sms#rc=5&rp=all");
        assert_eq!((&fields[0].1, &fields[2].1), (&fields[1].1, &fields[3].1));
        assert!(fields.iter().all(|(_, address)| address.ends_with(RETRIES)));
        let body = b"MessageSid=SM1&From=%2B32470000000&Body=manger&ErrorCode=11200&ErrorUrl=https%3A%2F%2Fsms.example.org%2Ftwilio%2Fsms";
        let signature = sign(&Signed::Form { url: URL, body }, &secret());
        assert_eq!(accept(body, Some(&signature), URL, &[secret()]).unwrap().carrier_id, "SM1");
    }

    #[test]
    fn a_message_without_sender_or_id_is_refused() {
        let body = b"Body=manger";
        let signature = sign(&Signed::Form { url: URL, body }, &secret());
        assert_eq!(accept(body, Some(&signature), URL, &[secret()]).unwrap_err(), Refusal::Incomplete("From"));
    }

    #[test]
    fn a_long_message_that_comes_coded_is_read() {
        let long = "Bonjour, je cherche un endroit où manger ce soir à Schaerbeek avec mes deux enfants, merci beaucoup";
        let coded = STANDARD.encode(long);
        let body = |text: &str| form_urlencoded::Serializer::new("MessageSid=SM1&From=%2B32470000000".to_owned()).append_pair("Body", text).finish();
        let read = |text: &str| {
            let body = body(text);
            let signature = sign(&Signed::Form { url: URL, body: body.as_bytes() }, &secret());
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

    proptest::proptest! {
        #[test]
        fn any_signed_body_is_a_message_or_a_refusal(body in proptest::collection::vec(proptest::num::u8::ANY, 0..300)) {
            let signature = sign(&Signed::Form { url: URL, body: &body }, &secret());
            proptest::prop_assert!(!matches!(accept(&body, Some(&signature), URL, &[secret()]), Err(Refusal::Forged)));
        }

        #[test]
        fn any_signature_but_the_right_one_is_refused(signature in ".*", url in ".*") {
            proptest::prop_assert_eq!(accept(b"a=b", Some(&signature), &url, &[secret()]).unwrap_err(), Refusal::Forged);
        }
    }

    #[test]
    fn requests_print_nothing_personal() {
        let request = Request::text(Channel::Sms, Some("+32470123456".to_owned()), "secret", "SM1");
        let printed = format!("{request:?} {:?}", secret());
        assert!(!printed.contains("470123456") && !printed.contains("secret") && !printed.contains("0123456789abcdef"), "{printed}");
    }
}
