//! The signature of Twilio's webhooks: HMAC over the public URL and the sorted parameters.
//!
//! The rules are those on which `PyPI` `twilio` 9.13 and npm `twilio` 6.2 agree. The URL comes from the
//! configuration, never from a header: whoever sends a header chooses it.

use std::borrow::Cow;
use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use sha1::Sha1;
use sha2::Sha256;
use subtle::ConstantTimeEq;

use super::RETRIES;

/// What the algorithm of a key is; bound to the key, whatever a header says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Algorithm {
    Sha1,
    Sha256,
}

/// A key that signs webhooks; prints nothing.
#[derive(Clone)]
pub struct Secret {
    key: String,
    algorithm: Algorithm,
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Secret(redacted)")
    }
}

impl Secret {
    /// An account's auth token (HMAC-SHA1).
    pub fn new(token: impl Into<String>) -> Self {
        Self { key: token.into(), algorithm: Algorithm::Sha1 }
    }

    /// A shared webhook key (`webhooks_sharedkey_…`, HMAC-SHA256).
    pub fn shared_key(key: impl Into<String>) -> Self {
        Self { key: key.into(), algorithm: Algorithm::Sha256 }
    }
}

/// What was signed.
#[derive(Debug, Clone, Copy)]
pub enum Signed<'a> {
    /// A form: URL and urlencoded body. All that the carrier posts to us is one.
    Form {
        /// The public URL.
        url: &'a str,
        /// The raw body.
        body: &'a [u8],
    },
}

/// True when one of the keys made this signature, for the URL as configured, without a port, or with
/// the scheme's own port; with [`RETRIES`] behind it or without. An empty signature is nobody's. Takes as long for a
/// wrong first letter as for a wrong last one.
pub fn verify(signed: &Signed<'_>, signature: &str, secrets: &[Secret]) -> bool {
    let Signed::Form { url, body } = signed;
    // The body is sorted once. Which spelling and which key are right is no secret: a right signature ends the search.
    let (parameters, mut spellings) = (parameters(body), spellings(url));
    // What the console has behind an address is no part of what is requested. Should the carrier sign it all the same,
    // the address is ours none the less: without this, every message would be refused from the day it is set.
    spellings.push(format!("{url}{RETRIES}"));
    let mut tried = secrets.iter().flat_map(|secret| spellings.iter().map(move |url| (secret, url)));
    !signature.is_empty() && tried.any(|(secret, url)| mac(secret, url, &parameters).is_some_and(|made| made.as_bytes().ct_eq(signature.as_bytes()).into()))
}

/// The signature that a carrier would send.
pub fn sign(signed: &Signed<'_>, secret: &Secret) -> String {
    let Signed::Form { url, body } = signed;
    // Without one an empty text, which `verify` takes for nobody's.
    mac(secret, url, &parameters(body)).unwrap_or_default()
}

/// The signature of a URL and what is signed behind it; `None` where a key cannot be used, which no length of it
/// forbids.
fn mac(secret: &Secret, url: &str, parameters: &str) -> Option<String> {
    let key = secret.key.as_bytes();
    match secret.algorithm {
        Algorithm::Sha1 => Some(encode(Hmac::<Sha1>::new_from_slice(key).ok()?, url, parameters)),
        Algorithm::Sha256 => Some(encode(Hmac::<Sha256>::new_from_slice(key).ok()?, url, parameters)),
    }
}

fn encode(mac: impl Mac, url: &str, parameters: &str) -> String {
    STANDARD.encode(mac.chain_update(url).chain_update(parameters).finalize().into_bytes())
}

/// For each name in byte order, each distinct value in byte order: name and value. Empty values count.
fn parameters(body: &[u8]) -> String {
    let mut sorted: Vec<(Cow<'_, str>, Cow<'_, str>)> = form_urlencoded::parse(body).collect();
    sorted.sort_unstable();
    sorted.dedup();
    let mut text = String::with_capacity(body.len());
    for (name, value) in &sorted {
        text.push_str(name);
        text.push_str(value);
    }
    text
}

/// The URL as it is, with its host in lower case, without its port, and with its scheme's port.
fn spellings(url: &str) -> Vec<String> {
    let mut found = vec![url.to_owned()];
    let Some((scheme, rest)) = url.split_once("://") else { return found };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at_checked(end).unwrap_or((rest, ""));
    let (user, host) = authority.rsplit_once('@').map_or(("", authority), |(user, host)| (user, host));
    let user = if user.is_empty() { String::new() } else { format!("{user}@") };
    let bare = host.rsplit_once(':').filter(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit())).map_or(host, |(bare, _)| bare);
    let port = if scheme == "http" { 80 } else { 443 };
    for host in [bare, &bare.to_lowercase()] {
        found.push(format!("{scheme}://{user}{host}{path}"));
        found.push(format!("{scheme}://{user}{host}:{port}{path}"));
    }
    found.push(format!("{scheme}://{user}{}{path}", host.to_lowercase()));
    let mut seen = BTreeSet::new();
    found.retain(|spelling| seen.insert(spelling.clone()));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "https://sms.example.org/twilio/sms";

    #[test]
    fn an_empty_signature_is_nobodys() {
        for secret in [Secret::new(""), Secret::new("0123"), Secret::shared_key("")] {
            assert!(!verify(&Signed::Form { url: URL, body: b"" }, "", &[secret]));
        }
        assert!(!verify(&Signed::Form { url: URL, body: b"" }, "", &[]));
    }

    #[test]
    fn what_stands_behind_an_address_for_the_carrier_alone_makes_no_other_address() {
        let (body, secret) = (&b"a=b"[..], Secret::new("0123"));
        let signed = |url| sign(&Signed::Form { url, body }, &secret);
        let is_ours = |signature: &str| verify(&Signed::Form { url: URL, body }, signature, std::slice::from_ref(&secret));
        assert!(is_ours(&signed(URL)));
        assert!(is_ours(&signed("https://sms.example.org/twilio/sms#rc=5&rp=all")));
        for other in ["https://sms.example.org/twilio/sms#rc=2", "https://sms.example.org/twilio/voice#rc=5&rp=all", "https://sms.example.org/twilio/sms#"] {
            assert!(!is_ours(&signed(other)), "{other}");
        }
    }
}
