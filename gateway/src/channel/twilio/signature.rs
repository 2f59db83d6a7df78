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
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

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
    /// A form: URL and urlencoded body.
    Form {
        /// The public URL.
        url: &'a str,
        /// The raw body.
        body: &'a [u8],
    },
    /// JSON: the URL carries the body's SHA-256 in `bodySHA256`.
    Json {
        /// The public URL with its query.
        url: &'a str,
        /// The raw body.
        body: &'a [u8],
    },
}

/// True when one of the keys made this signature, for the URL as configured, without a port, or with
/// the scheme's own port. Takes as long for a wrong first letter as for a wrong last one.
pub fn verify(signed: &Signed<'_>, signature: &str, secrets: &[Secret]) -> bool {
    if let Signed::Json { url, body } = signed
        && !body_matches(url, body)
    {
        return false;
    }
    // The body is sorted once. Which spelling and which key are right is no secret: a right signature ends the search.
    let parameters = parameters_of(signed);
    let spellings = spellings(url_of(signed));
    let mut tried = secrets.iter().flat_map(|secret| spellings.iter().map(move |url| (secret, url)));
    tried.any(|(secret, url)| mac(secret, url, &parameters).as_bytes().ct_eq(signature.as_bytes()).into())
}

/// The signature that a carrier would send.
pub fn sign(signed: &Signed<'_>, secret: &Secret) -> String {
    mac(secret, url_of(signed), &parameters_of(signed))
}

fn url_of<'a>(signed: &Signed<'a>) -> &'a str {
    match signed {
        Signed::Form { url, .. } | Signed::Json { url, .. } => url,
    }
}

/// What is signed behind the URL.
fn parameters_of(signed: &Signed<'_>) -> String {
    match signed {
        Signed::Form { body, .. } => parameters(body),
        Signed::Json { .. } => String::new(),
    }
}

fn mac(secret: &Secret, url: &str, parameters: &str) -> String {
    let key = secret.key.as_bytes();
    match secret.algorithm {
        Algorithm::Sha1 => Hmac::<Sha1>::new_from_slice(key).map(|mac| STANDARD.encode(mac.chain_update(url).chain_update(parameters).finalize().into_bytes())),
        Algorithm::Sha256 => {
            Hmac::<Sha256>::new_from_slice(key).map(|mac| STANDARD.encode(mac.chain_update(url).chain_update(parameters).finalize().into_bytes()))
        }
    }
    // An HMAC takes keys of any length.
    .unwrap_or_default()
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

/// True when the URL's `bodySHA256` is the body's, in lower-case hexadecimal.
fn body_matches(url: &str, body: &[u8]) -> bool {
    let query = url.split_once('?').map_or("", |(_, query)| query);
    let query = query.split('#').next().unwrap_or_default();
    let expected = format!("{:x}", Sha256::digest(body));
    form_urlencoded::parse(query.as_bytes()).any(|(name, value)| name == "bodySHA256" && bool::from(value.as_bytes().ct_eq(expected.as_bytes())))
}
