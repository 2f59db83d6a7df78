//! What goes out by Twilio: text messages and calls, by its REST interface (2010-04-01).
//!
//! A client of our own: the address comes from the settings, time is limited, and an answer is read leniently. What was
//! accepted but cannot be read is sent: to try it again would send it twice.

use std::time::Duration;

use db::outbox::Way;
use reqwest::{Client, StatusCode, header};
use serde::Deserialize;

use super::report::OPTED_OUT;
use crate::channel::{OutboundMessage, SendError};
use crate::config::SecretText;

/// To reach the carrier.
const CONNECT: Duration = Duration::from_secs(5);

/// For its answer. Shorter than a claim lasts.
const ANSWER: Duration = Duration::from_secs(15);

/// How long a phone rings before nobody is there, in seconds.
const RINGS: &str = "30";

/// The carrier's own words for "too many requests".
const TOO_MANY: &str = "20429";

/// Twilio, to be written to. Prints no token.
#[derive(Debug)]
pub struct Rest {
    client: Client,
    /// `https://api.twilio.com`.
    api: String,
    account: String,
    /// The account's token, and the one that follows it.
    tokens: Vec<SecretText>,
    /// The number that messages and calls come from.
    from: String,
    /// Where the carrier reaches us.
    public_url: String,
    /// How long a call may last, in minutes.
    call_minutes: u32,
}

/// What is needed to write to it.
#[derive(Debug)]
pub struct Account {
    /// See [`Rest`].
    pub api: String,
    /// The account (`AC…`).
    pub sid: String,
    /// See [`Rest`].
    pub tokens: Vec<SecretText>,
    /// See [`Rest`].
    pub from: String,
    /// See [`Rest`].
    pub public_url: String,
    /// See [`Rest`].
    pub call_minutes: u32,
}

/// What may stand in a refusal; it may be absent. (The carrier's name for what it took leads from a call of ours to
/// whoever was called: it is not read.)
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Answer {
    code: Option<serde_json::Number>,
}

impl Rest {
    /// A client for that account.
    pub fn new(account: Account) -> Result<Self, reqwest::Error> {
        let client = Client::builder().connect_timeout(CONNECT).timeout(ANSWER).user_agent(concat!("Passerelle/", env!("CARGO_PKG_VERSION"))).build()?;
        let Account { api, sid, tokens, from, public_url, call_minutes } = account;
        let cut = |url: String| url.trim_end_matches('/').to_owned();
        Ok(Self { client, api: cut(api), account: sid, tokens, from, public_url: cut(public_url), call_minutes })
    }

    /// Hands something to the carrier.
    pub async fn send(&self, way: Way, message: &OutboundMessage) -> Result<(), SendError> {
        let mut refused = SendError::Misconfigured("twilio.account_sid and twilio.auth_token");
        for token in &self.tokens {
            match self.attempt(self.request(way, message, token)?).await {
                // While tokens are exchanged, either may be the one that counts.
                Err(error @ SendError::Misconfigured(_)) => refused = error,
                sent => return sent,
            }
        }
        Err(refused)
    }

    /// The request, made here.
    #[cfg(not(feature = "twilio-async"))]
    #[expect(clippy::unnecessary_wraps, reason = "as the other one, which can fail")]
    fn request(&self, way: Way, message: &OutboundMessage, token: &SecretText) -> Result<reqwest::RequestBuilder, SendError> {
        let (what, form) = self.form(way, message);
        let url = format!("{}/2010-04-01/Accounts/{}/{what}", self.api, self.account);
        let request = self.client.post(url).basic_auth(&self.account, Some(token.expose()));
        Ok(request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(form))
    }

    /// The request, made by `twilio-async` and sent by us: it knows neither our address for the carrier, nor reports, nor
    /// time-outs, and takes an accepted message for a failure.
    #[cfg(feature = "twilio-async")]
    fn request(&self, way: Way, message: &OutboundMessage, token: &SecretText) -> Result<reqwest::RequestBuilder, SendError> {
        use hyper_0_14::Method;
        use twilio_async::{Execute, Twilio};
        let refuse = |_their_error| SendError::Reject("twilio-async makes no request of it".to_owned());
        let twilio = Twilio::new(&self.account, token.expose()).map_err(refuse)?;
        let (what, form) = self.form(way, message);
        let theirs = match way {
            Way::Call => twilio.call(&self.from, &message.to, &self.public_url).request(Method::POST, what, None),
            _ => twilio.send_msg(&self.from, &message.to, &message.body).request(Method::POST, what, None),
        }
        .map_err(refuse)?;
        let mut request = self.client.post(format!("{}{}", self.api, theirs.uri().path()));
        for (name, value) in theirs.headers() {
            request = request.header(name.as_str(), value.as_bytes());
        }
        Ok(request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(form))
    }

    async fn attempt(&self, request: reqwest::RequestBuilder) -> Result<(), SendError> {
        let response = request.send().await.map_err(|error| if error.is_connect() { SendError::Retry(None) } else { SendError::Unknown })?;
        let status = response.status();
        let retry_after = response.headers().get(header::RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok()).map(Duration::from_secs);
        // Whatever stands in an answer behind a 2xx, and however it breaks off: it was accepted.
        if status.is_success() {
            return Ok(());
        }
        let text = response.text().await.unwrap_or_default();
        let answer: Answer = serde_json::from_str(&text).unwrap_or_default();
        Err(read_refusal(status, answer.code.map(|code| code.to_string()).as_deref(), retry_after))
    }

    fn form(&self, way: Way, message: &OutboundMessage) -> (&'static str, String) {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("To", &message.to).append_pair("From", &self.from);
        let what = if way == Way::Call {
            form.append_pair("Url", &format!("{}/twilio/voice", self.public_url))
                .append_pair("StatusCallback", &format!("{}/twilio/voice/status", self.public_url))
                .append_pair("Timeout", RINGS)
                .append_pair("TimeLimit", &(60 * u64::from(self.call_minutes)).to_string());
            "Calls.json"
        } else {
            form.append_pair("Body", &message.body).append_pair("StatusCallback", &format!("{}/twilio/status?id={}", self.public_url, message.id));
            "Messages.json"
        };
        (what, form.finish())
    }
}

fn read_refusal(status: StatusCode, code: Option<&str>, retry_after: Option<Duration>) -> SendError {
    match (status, code) {
        (_, Some(OPTED_OUT)) => SendError::OptedOut,
        (StatusCode::TOO_MANY_REQUESTS, _) | (_, Some(TOO_MANY)) => SendError::Retry(retry_after.or(Some(Duration::from_secs(1)))),
        (StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN, _) => SendError::Misconfigured("twilio.account_sid and twilio.auth_token"),
        (status, _) if status.is_server_error() || status == StatusCode::REQUEST_TIMEOUT => SendError::Retry(retry_after),
        (status, code) => SendError::Reject(code.map_or_else(|| status.as_u16().to_string(), ToOwned::to_owned)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_are_told_apart() {
        let read = |status: u16, code| read_refusal(StatusCode::from_u16(status).unwrap(), code, None);
        assert_eq!(read(400, Some("21610")), SendError::OptedOut);
        assert_eq!(read(400, Some("21211")), SendError::Reject("21211".to_owned()));
        assert_eq!(read(404, None), SendError::Reject("404".to_owned()));
        assert_eq!(read(503, None), SendError::Retry(None));
        assert_eq!(read(429, Some("20429")), SendError::Retry(Some(Duration::from_secs(1))));
        assert!(matches!(read(401, Some("20003")), SendError::Misconfigured(_)));
    }

    #[test]
    fn a_token_and_a_number_never_print() {
        let account = Account {
            api: "https://api.twilio.com/".to_owned(),
            sid: "AC1".to_owned(),
            tokens: vec![SecretText::from("0123456789abcdef")],
            from: "+32460000000".to_owned(),
            public_url: "https://sms.example.org".to_owned(),
            call_minutes: 20,
        };
        let rest = Rest::new(account).unwrap();
        let message = OutboundMessage { id: 7, to: "+32470123456".to_owned(), body: "canary".to_owned() };
        let printed = format!("{rest:?} {message:?}");
        assert!(!printed.contains("0123456789abcdef") && !printed.contains("470123456") && !printed.contains("canary"), "{printed}");
        let (what, form) = rest.form(Way::Call, &message);
        assert!(what == "Calls.json" && form.contains("TimeLimit=1200") && form.contains("Url=https%3A%2F%2Fsms.example.org%2Ftwilio%2Fvoice&"), "{form}");
        assert!(rest.form(Way::Sms, &message).1.contains("status%3Fid%3D7"));
    }
}
