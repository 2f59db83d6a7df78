//! Fetches a feed: only by HTTP, only so much, and only from where a feed may lie.
//!
//! An address typed at the desk, or one that a feed's host leads on to, could name this machine or its neighbours, which
//! trust whoever is inside. Names are looked up here, and connected to at what was found: a name cannot mean another
//! machine a moment later.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use reqwest::header::LOCATION;
use reqwest::redirect::Policy;
use reqwest::{Client, Response, Url};

/// The largest feed fetched, in bytes.
const LARGEST: usize = 32 * 1024 * 1024;

/// How often a host may lead on to another address.
const MOST_REDIRECTS: usize = 3;

/// How long it may take in all.
const PATIENCE: Duration = Duration::from_mins(5);

/// Where a feed may lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// On the public network only.
    Public,
    /// On this machine and its neighbours too: whoever says so sits at this machine.
    Anywhere,
}

/// Why an address was not fetched. Nothing of the address is said, which may hold a key.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// No address that can be fetched.
    #[error("an address begins with https:// or http://")]
    Address,
    /// It leads to where a feed from outside has no business.
    #[error("it leads to this machine or to a network that is not public: set desk.local_feeds, or import it at this machine's command line")]
    Local,
    /// From TLS to none.
    #[error("its server leads on from https to http, where others could read and change it: give the address at its end")]
    Downgrade,
    /// From one address to the next.
    #[error("its server leads on to other addresses more than {MOST_REDIRECTS} times: give the address at its end")]
    Redirects,
    /// No such name, no connection, no answer in time.
    #[error("{0}")]
    Unreachable(&'static str),
    /// The server says no.
    #[error("the server answered {0}")]
    Status(u16),
    /// Larger than we read.
    #[error("larger than 32 MiB: ask its publisher for a part of it, or fetch and import it at the command line as a file")]
    TooLarge,
}

impl From<reqwest::Error> for FetchError {
    fn from(error: reqwest::Error) -> Self {
        // The driver's own words hold the address.
        Self::Unreachable(match () {
            () if error.is_timeout() => "no answer in time",
            () if error.is_connect() => "no connection: no such server, or its certificate is not valid",
            () => "its answer broke off, or is no answer by HTTP",
        })
    }
}

/// Fetches a feed: 10 s to connect, 5 minutes in all.
pub async fn fetch(address: &str, reach: Reach) -> Result<Vec<u8>, FetchError> {
    let fetched = tokio::time::timeout(PATIENCE, follow(address, reach));
    fetched.await.unwrap_or(Err(FetchError::Unreachable("no answer in time")))
}

async fn follow(address: &str, reach: Reach) -> Result<Vec<u8>, FetchError> {
    let first = Url::parse(address).map_err(|_no_address| FetchError::Address)?;
    let mut url = first.clone();
    for _ in 0..=MOST_REDIRECTS {
        let is_named = url.host_str() == first.host_str() && url.port_or_known_default() == first.port_or_known_default();
        // What was typed may be a neighbour; what a stranger's server leads on to may not.
        let reach = if is_named { reach } else { Reach::Public };
        let response = ask(&url, reach).await?;
        if !response.status().is_redirection() {
            return read(response).await;
        }
        let next = response.headers().get(LOCATION).and_then(|location| location.to_str().ok()).and_then(|location| url.join(location).ok());
        let next = next.ok_or(FetchError::Status(response.status().as_u16()))?;
        if url.scheme() == "https" && next.scheme() != "https" {
            return Err(FetchError::Downgrade);
        }
        url = next;
    }
    Err(FetchError::Redirects)
}

async fn ask(url: &Url, reach: Reach) -> Result<Response, FetchError> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(FetchError::Address);
    }
    let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else { return Err(FetchError::Address) };
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let found = tokio::net::lookup_host((bare, port)).await.map_err(|_no_name| FetchError::Unreachable("no server has this name"))?;
    let found: Vec<SocketAddr> = found.collect();
    if reach == Reach::Public && !found.iter().all(|address| is_public(address.ip())) {
        return Err(FetchError::Local);
    }
    let client = Client::builder()
        .connect_timeout(Duration::from_secs(10))
        .redirect(Policy::none())
        .resolve_to_addrs(host, &found)
        .user_agent(concat!("Passerelle/", env!("CARGO_PKG_VERSION")))
        .build()?;
    Ok(client.get(url.clone()).send().await?)
}

async fn read(mut response: Response) -> Result<Vec<u8>, FetchError> {
    if !response.status().is_success() {
        return Err(FetchError::Status(response.status().as_u16()));
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if bytes.len() + chunk.len() > LARGEST {
            return Err(FetchError::TooLarge);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// True for an address that anybody on the network at large has.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [first, second, third, _] = address.octets();
    let is_shared = first == 100 && (64..128).contains(&second);
    let is_for_protocols = first == 192 && second == 0 && third == 0;
    let is_for_benchmarks = first == 198 && (second == 18 || second == 19);
    let is_local = address.is_private() || address.is_loopback() || address.is_link_local() || first == 0;
    let is_nobodys = address.is_documentation() || address.is_multicast() || first >= 240;
    !(is_shared || is_for_protocols || is_for_benchmarks || is_local || is_nobodys)
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(mapped) = address.to_ipv4_mapped() {
        return is_public_v4(mapped);
    }
    let [first, second, .., seventh, eighth] = address.segments();
    let [high, low] = [seventh, eighth].map(u16::to_be_bytes);
    // By way of a translator, to an address of the older kind.
    if first == 0x64 && second == 0xff9b {
        return is_public_v4(Ipv4Addr::new(high[0], high[1], low[0], low[1]));
    }
    // 2000::/3 is what is given out; of that, not the documentation's, Teredo's and 6to4's.
    (first & 0xe000) == 0x2000 && !(first == 0x2001 && (second == 0x0db8 || second == 0)) && first != 0x2002
}

/// An address as it may be shown: without name and password, without what stands behind `?`, and without parts that look
/// like a key. A file's path stays as it is.
pub fn shown(address: &str) -> String {
    if !address.contains("://") {
        return address.to_owned();
    }
    let Ok(url) = Url::parse(address) else { return "…".to_owned() };
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    let path: Vec<&str> = url.path().split('/').map(|part| if looks_like_a_key(part) { "…" } else { part }).collect();
    let query = if url.query().is_some() { "?…" } else { "" };
    format!("{}://{}{port}{}{query}", url.scheme(), url.host_str().unwrap_or_default(), path.join("/"))
}

/// `private-0b64…` in the address of a calendar.
fn looks_like_a_key(part: &str) -> bool {
    part.len() >= 20 && part.bytes().filter(u8::is_ascii_digit).count() >= 4
}

#[cfg(test)]
mod tests;
