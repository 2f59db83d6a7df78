//! A carrier as it behaves towards us: signs, waits, tries again as its console tells it to, and
//! remembers every answer it was ever given to a message.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Error;
use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use gateway::channel::twilio::{Secret, Signed, sign};

use crate::wire::{Connection, Response};

/// Where the carrier believes us to be.
pub const PUBLIC_URL: &str = "https://sms.example.org";

/// The path it posts to.
pub const PATH: &str = "/twilio/sms";

/// The account's token.
pub const TOKEN: &str = "0123456789abcdef0123456789abcdef";

/// All attempts at one address together take no longer.
const LONGEST: Duration = Duration::from_secs(15);

/// Before the second attempt; each pause is four times the one before. (The real carrier says nothing of its pauses,
/// only how long all of it may take.)
const PAUSE: Duration = Duration::from_millis(100);

/// No pause is longer: with it five of them fit into that time.
const LONGEST_PAUSE: Duration = Duration::from_millis(6_300);

/// What stands in the carrier's console for our number. The fallback is the same address, in both cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Console {
    /// Both addresses with `#rc=5&rp=all`, as `passerelle check` prints them: five attempts more, whatever went wrong.
    AsAdvised,
    /// Both addresses bare: one attempt more, and only where no connection came about.
    Bare,
}

/// A message from a handset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The carrier's id.
    pub sid: String,
    /// The number it comes from.
    pub from: String,
    /// What was typed.
    pub text: String,
}

impl Message {
    /// The form that carries it.
    pub fn form(&self) -> Vec<u8> {
        form_urlencoded::Serializer::new(String::new())
            .append_pair("ToCountry", "BE")
            .append_pair("MessageSid", &self.sid)
            .append_pair("From", &self.from)
            .append_pair("To", "+32460000000")
            .append_pair("FromZip", "")
            .append_pair("NumSegments", "1")
            .append_pair("Body", &self.text)
            .finish()
            .into_bytes()
    }
}

/// How a message was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivered {
    /// By the address that is called first, after so many attempts more.
    Retried(u32),
    /// By the fallback.
    Fallback,
    /// Never.
    Never,
}

/// The carrier.
#[derive(Debug)]
pub struct Carrier {
    address: SocketAddr,
    token: String,
    console: Console,
    /// Every body that came with 2xx, by message.
    heard: Mutex<BTreeMap<String, BTreeSet<String>>>,
}

impl Carrier {
    /// A carrier that finds us at this address.
    pub fn new(address: SocketAddr) -> Self {
        Self::with_token(address, TOKEN)
    }

    /// A carrier that signs with another token.
    pub fn with_token(address: SocketAddr, token: &str) -> Self {
        Self { address, token: token.to_owned(), console: Console::AsAdvised, heard: Mutex::default() }
    }

    /// A carrier whose console holds that.
    pub fn with_console(address: SocketAddr, console: Console) -> Self {
        Self { console, ..Self::new(address) }
    }

    /// The signature of a body for our address.
    pub fn signature(&self, body: &[u8]) -> String {
        let url = format!("{PUBLIC_URL}{PATH}");
        sign(&Signed::Form { url: &url, body }, &Secret::new(&self.token))
    }

    /// One attempt, over the connection kept from the one before where it still lives.
    pub async fn attempt(&self, kept: &mut Option<Connection>, message: &Message) -> Result<Response, Error> {
        let response = self.post(kept, &message.form()).await?;
        if (200..300).contains(&response.status) {
            self.heard.lock().unwrap_or_else(PoisonError::into_inner).entry(message.sid.clone()).or_default().insert(response.body.clone());
        }
        Ok(response)
    }

    /// Posts any body, rightly signed.
    pub async fn post(&self, kept: &mut Option<Connection>, body: &[u8]) -> Result<Response, Error> {
        let mut connection = match kept.take() {
            Some(connection) => connection,
            None => Connection::open(self.address).await?,
        };
        let response = connection.post(PATH, &[("X-Twilio-Signature", &self.signature(body))], body).await?;
        *kept = Some(connection);
        Ok(response)
    }

    /// Posts a step of a call from that number, rightly signed; the path with its query.
    pub async fn call(&self, kept: &mut Option<Connection>, path: &str, sid: &str, from: &str, fields: &[(&str, &str)]) -> Result<Response, Error> {
        let body = {
            let mut form = form_urlencoded::Serializer::new(String::new());
            form.append_pair("CallSid", sid).append_pair("From", from).append_pair("To", "+32460000000").append_pair("Direction", "inbound");
            form.extend_pairs(fields).finish().into_bytes()
        };
        let signature = sign(&Signed::Form { url: &format!("{PUBLIC_URL}{path}"), body: &body }, &Secret::new(&self.token));
        let mut connection = match kept.take() {
            Some(connection) => connection,
            None => Connection::open(self.address).await?,
        };
        let response = connection.post(path, &[("X-Twilio-Signature", &signature)], &body).await?;
        *kept = Some(connection);
        Ok(response)
    }

    /// Delivers a message: at the address that is called first, then at the fallback.
    pub async fn deliver(&self, kept: &mut Option<Connection>, message: &Message) -> Delivered {
        match self.deliver_at_one(kept, message).await {
            Some(retries) => Delivered::Retried(retries),
            None if self.deliver_at_one(kept, message).await.is_some() => Delivered::Fallback,
            None => Delivered::Never,
        }
    }

    /// As often as the console says; after how many attempts more it was taken.
    async fn deliver_at_one(&self, kept: &mut Option<Connection>, message: &Message) -> Option<u32> {
        let begun = Instant::now();
        let mut pause = PAUSE;
        for retries in 0.. {
            if self.console == Console::Bare {
                // Nothing is known of a connection that was left open: each attempt opens its own.
                *kept = Connection::open(self.address).await.ok();
            }
            let had_connection = kept.is_some();
            if self.attempt(kept, message).await.is_ok_and(|response| (200..300).contains(&response.status)) {
                return Some(retries);
            }
            let tries_again = match self.console {
                Console::AsAdvised => retries < 5,
                Console::Bare => retries < 1 && !had_connection,
            };
            if !tries_again || begun.elapsed() + pause > LONGEST {
                return None;
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 4).min(LONGEST_PAUSE);
        }
        None
    }

    /// The messages that were answered so far.
    pub fn answered(&self) -> BTreeSet<String> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).keys().cloned().collect()
    }

    /// Every body that came with 2xx, by message.
    pub fn heard(&self) -> BTreeMap<String, BTreeSet<String>> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// What the phone shows of an answer; empty for silence.
pub fn text_of(answer: &str) -> String {
    let text = answer.split_once("<Message>").and_then(|(_, rest)| rest.split_once("</Message>")).map_or("", |(text, _)| text);
    text.replace("&quot;", "\"").replace("&apos;", "'").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// Segments that an answer costs.
pub fn segments_of(answer: &str) -> usize {
    let text = text_of(answer);
    if text.is_empty() { 0 } else { application::sms::gsm7::segments(&text).len() }
}
