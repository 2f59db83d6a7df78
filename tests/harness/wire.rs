//! HTTP as bytes on a connection: a carrier's side, without a library that would hide what came back.

use std::io::{Error, ErrorKind};
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// As long as a carrier waits for a connection.
const CONNECT: Duration = Duration::from_secs(5);

/// As long as a carrier waits for an answer.
const ANSWER: Duration = Duration::from_secs(15);

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The status.
    pub status: u16,
    /// When to come again, where it says so.
    pub retry_after: Option<String>,
    /// The body.
    pub body: String,
}

/// One connection, kept open.
#[derive(Debug)]
pub struct Connection(BufReader<TcpStream>);

impl Connection {
    /// Connects, within a carrier's time.
    pub async fn open(address: SocketAddr) -> Result<Self, Error> {
        let stream = timeout(CONNECT, TcpStream::connect(address)).await.map_err(|_late| ErrorKind::TimedOut)??;
        stream.set_nodelay(true)?;
        Ok(Self(BufReader::new(stream)))
    }

    /// Asks for a page.
    pub async fn get(&mut self, path: &str) -> Result<Response, Error> {
        let head = format!("GET {path} HTTP/1.1\r\nHost: {}\r\n\r\n", self.0.get_ref().peer_addr()?);
        self.exchange(head.into_bytes()).await
    }

    /// Posts a form and waits for its answer.
    pub async fn post(&mut self, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Result<Response, Error> {
        let mut head = format!("POST {path} HTTP/1.1\r\nContent-Length: {}\r\n", body.len());
        let named = |wanted: &str| headers.iter().any(|(name, _)| name.eq_ignore_ascii_case(wanted));
        if !named("host") {
            head.push_str("Host: sms.example.org\r\n");
        }
        if !named("content-type") {
            head.push_str("Content-Type: application/x-www-form-urlencoded\r\n");
        }
        for (name, value) in headers {
            head.extend([name, ": ", value, "\r\n"]);
        }
        head.push_str("\r\n");
        let mut bytes = head.into_bytes();
        bytes.extend_from_slice(body);
        self.exchange(bytes).await
    }

    async fn exchange(&mut self, bytes: Vec<u8>) -> Result<Response, Error> {
        let exchange = async {
            self.0.get_mut().write_all(&bytes).await?;
            self.read().await
        };
        timeout(ANSWER, exchange).await.map_err(|_late| ErrorKind::TimedOut)?
    }

    async fn read(&mut self) -> Result<Response, Error> {
        let mut line = String::new();
        self.0.read_line(&mut line).await?;
        let status = line.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or(ErrorKind::UnexpectedEof)?;
        let (mut length, mut retry_after) = (0, None);
        loop {
            line.clear();
            if self.0.read_line(&mut line).await? == 0 {
                return Err(ErrorKind::UnexpectedEof.into());
            }
            let Some((name, value)) = line.trim_end().split_once(": ") else { break };
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.parse().map_err(Error::other)?,
                "retry-after" => retry_after = Some(value.to_owned()),
                _ => {}
            }
        }
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).await?;
        Ok(Response { status, retry_after, body: String::from_utf8(body).map_err(Error::other)? })
    }
}
