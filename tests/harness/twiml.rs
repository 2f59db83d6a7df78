//! TwiML as the carrier reads it: what it would do, and what it would refuse (limits and refusals as tried with the
//! carrier's own validators; there is no published schema).

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// Locales that `<Say>` knows, of those we might use.
const SAYS: [&str; 10] = ["fr-BE", "fr-FR", "nl-BE", "nl-NL", "de-DE", "en-GB", "en-US", "ar-AE", "tr-TR", "pl-PL"];

/// Locales that `<Gather>` recognises: `fr-BE` is none.
const HEARS: [&str; 7] = ["fr-FR", "nl-BE", "nl-NL", "de-DE", "en-GB", "en-US", "tr-TR"];

/// Attributes of `<Gather>`.
const GATHERS: [&str; 16] = [
    "action",
    "method",
    "input",
    "numDigits",
    "finishOnKey",
    "timeout",
    "speechTimeout",
    "maxSpeechTime",
    "language",
    "hints",
    "speechModel",
    "enhanced",
    "profanityFilter",
    "bargeIn",
    "actionOnEmptyResult",
    "debug",
];

/// A sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Its locale.
    pub language: String,
    /// Its words.
    pub text: String,
}

impl Said {
    /// How long it lasts at 150 words a minute, in seconds: digits said one by one are words.
    #[expect(clippy::cast_precision_loss, reason = "a few dozen words")]
    pub fn seconds(&self) -> f64 {
        self.text.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count() as f64 * 60.0 / 150.0
    }
}

/// What the carrier does next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// Waits for keys, which go there; and so does silence.
    Gather {
        /// Where to.
        action: String,
        /// As many digits.
        digits: usize,
        /// Seconds.
        timeout: u64,
    },
    /// Goes there.
    Redirect(String),
    /// Ends the call.
    Hangup,
    /// Does not pick up.
    Reject,
}

/// A response to a step of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// What is said.
    pub said: Vec<Said>,
    /// What follows.
    pub next: Next,
}

impl Response {
    /// All that is said, in one text.
    pub fn text(&self) -> String {
        self.said.iter().map(|said| said.text.as_str()).collect::<Vec<_>>().join("\n")
    }

    /// Reads a response; the first thing that the carrier would refuse.
    pub fn read(xml: &str) -> Result<Self, String> {
        if xml.len() > 64 * 1024 {
            return Err("longer than 64 KiB".to_owned());
        }
        if let Some(control) = xml.chars().find(|character| character.is_control() && !matches!(character, '\t' | '\n' | '\r')) {
            return Err(format!("a control character: {control:?}"));
        }
        let mut reader = Reader::from_str(xml);
        let (mut path, mut said) = (Vec::<String>::new(), Vec::<Said>::new());
        let mut verbs = Vec::<(String, Option<Next>)>::new();
        loop {
            let event = reader.read_event().map_err(|error| error.to_string())?;
            match event {
                Event::Start(start) => {
                    open(&start, &path, &mut said, &mut verbs)?;
                    path.push(name(&start));
                }
                Event::Empty(start) => open(&start, &path, &mut said, &mut verbs)?,
                Event::End(_) => {
                    path.pop();
                }
                Event::Text(text) => put(&text.decode().map_err(|error| error.to_string())?, &path, &mut said, &mut verbs)?,
                Event::GeneralRef(reference) => {
                    let name = reference.decode().map_err(|error| error.to_string())?;
                    let character = match name.as_ref() {
                        "amp" => "&",
                        "lt" => "<",
                        "gt" => ">",
                        "quot" => "\"",
                        "apos" => "'",
                        other => return Err(format!("an unknown entity: {other}")),
                    };
                    put(character, &path, &mut said, &mut verbs)?;
                }
                Event::Eof => break,
                _ => {}
            }
        }
        if let Some(long) = said.iter().find(|said| said.text.chars().count() > 3_000) {
            return Err(format!("a sentence of {} characters", long.text.chars().count()));
        }
        if said.iter().any(|said| said.text.trim().is_empty()) {
            return Err("an empty <Say>".to_owned());
        }
        let last = verbs.last().map(|(name, _)| name.as_str()).unwrap_or_default();
        if !matches!(last, "Redirect" | "Hangup" | "Reject") {
            return Err(format!("it ends with {last:?}: the call would be cut"));
        }
        let next = verbs.into_iter().find_map(|(_, next)| next).ok_or("nothing follows")?;
        Ok(Self { said, next })
    }
}

fn name(start: &BytesStart<'_>) -> String {
    String::from_utf8_lossy(start.name().as_ref()).into_owned()
}

fn attribute(start: &BytesStart<'_>, wanted: &str) -> Option<String> {
    let found = start.try_get_attribute(wanted).ok()??;
    found.normalized_value(quick_xml::XmlVersion::Explicit1_0).ok().map(std::borrow::Cow::into_owned)
}

fn open(start: &BytesStart<'_>, path: &[String], said: &mut Vec<Said>, verbs: &mut Vec<(String, Option<Next>)>) -> Result<(), String> {
    let (name, parent) = (name(start), path.last().map(String::as_str).unwrap_or_default());
    let number = |wanted| attribute(start, wanted).and_then(|text| text.parse::<u64>().ok());
    match (name.as_str(), parent) {
        ("Response", "") | ("break" | "prosody", "Say" | "prosody") => return Ok(()),
        ("Say", "Response" | "Gather") => {
            let language = attribute(start, "language").unwrap_or_default();
            if !SAYS.contains(&language.as_str()) {
                return Err(format!("<Say language={language:?}>"));
            }
            if attribute(start, "voice").is_none() {
                return Err("a <Say> without its voice".to_owned());
            }
            said.push(Said { language, text: String::new() });
            if parent == "Gather" {
                return Ok(());
            }
            verbs.push((name, None));
        }
        ("Gather", "Response") => {
            for found in start.attributes().flatten() {
                let key = String::from_utf8_lossy(found.key.as_ref()).into_owned();
                if !GATHERS.contains(&key.as_str()) {
                    return Err(format!("<Gather {key}=…>"));
                }
            }
            let input = attribute(start, "input").unwrap_or_default();
            if !input.contains("dtmf") {
                return Err("keys must always do".to_owned());
            }
            if input.contains("speech") && !attribute(start, "language").is_some_and(|language| HEARS.contains(&language.as_str())) {
                return Err("a language in which nothing is recognised".to_owned());
            }
            let action = attribute(start, "action").filter(|action| action.starts_with("https://")).ok_or("a <Gather> without an address")?;
            let digits = number("numDigits").ok_or("a <Gather> without a number of digits")?;
            verbs.push((name, Some(Next::Gather { action, digits: usize::try_from(digits).unwrap_or_default(), timeout: number("timeout").unwrap_or(5) })));
        }
        ("Redirect", "Response") => verbs.push((name, Some(Next::Redirect(String::new())))),
        ("Hangup", "Response") => verbs.push((name, Some(Next::Hangup))),
        ("Reject", "Response") => verbs.push((name, Some(Next::Reject))),
        (name, parent) => return Err(format!("<{name}> in <{parent}>")),
    }
    Ok(())
}

fn put(text: &str, path: &[String], said: &mut [Said], verbs: &mut [(String, Option<Next>)]) -> Result<(), String> {
    match (path.last().map(String::as_str), said.last_mut(), verbs.last_mut()) {
        (Some("Say" | "prosody"), Some(said), _) => said.text.push_str(text),
        (Some("Redirect"), _, Some((_, Some(Next::Redirect(to))))) => to.push_str(text),
        (None, ..) => {}
        (Some(_), ..) if text.trim().is_empty() => {}
        (Some(name), ..) => return Err(format!("text in <{name}>: {text:?}")),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_carrier_refuses_is_found() {
        let gather =
            |attributes: &str, behind: &str| format!("<Response><Gather {attributes}><Say language=\"fr-BE\" voice=\"v\">a</Say></Gather>{behind}</Response>");
        let action = "input=\"dtmf\" numDigits=\"1\" action=\"https://e.org/a?b=1&amp;c=2\"";
        let good = Response::read(&gather(action, "<Redirect>https://e.org/a?b=1&amp;c=2</Redirect>")).unwrap();
        assert_eq!(good.next, Next::Gather { action: "https://e.org/a?b=1&c=2".to_owned(), digits: 1, timeout: 5 });
        for bad in [
            gather(action, ""),
            gather("input=\"dtmf\" numDigits=\"1\"", "<Hangup/>"),
            gather(&format!("{action} lang=\"x\""), "<Hangup/>"),
            gather(&action.replace("dtmf", "dtmf speech").replace("input", "language=\"fr-BE\" input"), "<Hangup/>"),
            "<Response><Say language=\"en\" voice=\"v\">a</Say><Hangup/></Response>".to_owned(),
            "<Response><Say language=\"en-GB\" voice=\"v\">a\u{1}</Say><Hangup/></Response>".to_owned(),
            "<Response><Say language=\"en-GB\" voice=\"v\">a & b</Say><Hangup/></Response>".to_owned(),
            "<Response><Dial>+32</Dial></Response>".to_owned(),
            "<Response/>".to_owned(),
        ] {
            assert!(Response::read(&bad).is_err(), "{bad}");
        }
    }
}
