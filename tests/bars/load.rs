//! The load generator: a closed loop over connections that stay open, with requests made beforehand.
//!
//! It shares the machine with what it measures, so it does as little as it can: one thread a
//! processor, each with its share of the connections, bytes written as they are, answers read by
//! their `Content-Length`. No answer is taken on trust: one that is not 200, or is not the answer of
//! a turn where one is due, ends the run.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use gateway::channel::twilio::{Secret, Signed, sign};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::stats::{float, percentile};

/// The address that the carrier signs.
pub const PUBLIC_URL: &str = "https://sms.example.org";

/// The key it signs with.
pub const TOKEN: &str = "0123456789abcdef0123456789abcdef";

/// Numbers that write. Some write again within a run, as people do.
const SENDERS: usize = 5_000;

/// An answer is no longer than this.
const LONGEST_ANSWER: usize = 64 * 1_024;

/// Requests, ready to be written.
#[derive(Debug)]
pub struct Requests {
    made: Vec<Vec<u8>>,
    next: AtomicUsize,
    repeats: bool,
    /// Every answer must be that of a turn.
    wants_message: bool,
}

impl Requests {
    /// Signed webhooks, as Twilio sends them, each with its own id, numbered from `first` on.
    pub fn turns(questions: &[String], first: usize, count: usize) -> Self {
        let secret = Secret::new(TOKEN);
        let made = (first..first + count).zip(questions.iter().cycle()).map(|(number, question)| webhook(number, question, &secret)).collect();
        Self { made, next: AtomicUsize::new(0), repeats: false, wants_message: true }
    }

    /// The same plain request again and again.
    pub fn hello() -> Self {
        let request = b"GET / HTTP/1.1\r\nHost: sms.example.org\r\n\r\n".to_vec();
        Self { made: vec![request], next: AtomicUsize::new(0), repeats: true, wants_message: false }
    }

    /// Requests of any kind, each written once.
    pub fn plain(made: Vec<Vec<u8>>) -> Self {
        Self { made, next: AtomicUsize::new(0), repeats: false, wants_message: false }
    }

    /// Begins anew: whoever is asked next has seen none of them.
    pub fn rewind(&self) {
        self.next.store(0, Ordering::Relaxed);
    }

    fn take(&self) -> Option<&[u8]> {
        let number = if self.repeats { 0 } else { self.next.fetch_add(1, Ordering::Relaxed) };
        self.made.get(number).map(Vec::as_slice)
    }
}

/// How hard and how long.
#[derive(Debug, Clone, Copy)]
pub struct Load {
    /// Connections that stay open, each with one request at a time.
    pub connections: usize,
    /// Thrown away.
    pub warm_up: Duration,
    /// Counted, behind the warm-up. It ends sooner where the requests end.
    pub length: Duration,
}

/// What was measured.
#[derive(Debug, Default)]
pub struct Measured {
    /// Answers each second.
    pub rate: f64,
    /// Milliseconds from a request's first byte to its answer's last, in rising order.
    pub latencies: Vec<f64>,
    /// Mean length of an answer's body.
    pub mean_body: usize,
    /// Share of the answers that list entries.
    pub listed: f64,
    /// Answers in all, those of the warm-up too.
    pub answers: usize,
}

impl Measured {
    /// The latency below which so many percent stay.
    pub fn percentile(&self, percent: usize) -> f64 {
        percentile(&self.latencies, percent)
    }
}

/// What one connection saw.
#[derive(Debug, Default)]
struct Seen {
    latencies: Vec<f64>,
    answers: usize,
    bytes: usize,
    listed: usize,
    last: Option<Instant>,
}

/// Puts a load on a server.
pub fn drive(address: SocketAddr, requests: &Arc<Requests>, load: Load) -> anyhow::Result<Measured> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(load.connections);
    let from = Instant::now() + load.warm_up;
    let until = from + load.length;
    let seen = std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads)
            .map(|thread| {
                let share = (thread..load.connections).step_by(threads).count();
                scope.spawn(move || share_of_load(address, requests, share, from, until))
            })
            .collect();
        running.into_iter().map(|thread| thread.join().map_err(|_panic| anyhow::anyhow!("a generator thread failed"))?).collect::<anyhow::Result<Vec<_>>>()
    })?;
    let seen: Vec<Seen> = seen.into_iter().flatten().collect();
    // Where the requests ended before the time, the last answer ends the measurement.
    let end = seen.iter().filter_map(|seen| seen.last).max().context("nothing was answered")?.min(until);
    let answers: usize = seen.iter().map(|seen| seen.answers).sum();
    let bytes: usize = seen.iter().map(|seen| seen.bytes).sum();
    let listed: usize = seen.iter().map(|seen| seen.listed).sum();
    let mut latencies: Vec<f64> = seen.into_iter().flat_map(|seen| seen.latencies).collect();
    ensure!(!latencies.is_empty() && end > from, "the requests ended within the warm-up");
    latencies.sort_by(f64::total_cmp);
    Ok(Measured {
        rate: float(latencies.len()) / (end - from).as_secs_f64(),
        latencies,
        mean_body: bytes / answers.max(1),
        listed: float(listed) / float(answers.max(1)),
        answers,
    })
}

fn share_of_load(address: SocketAddr, requests: &Arc<Requests>, share: usize, from: Instant, until: Instant) -> anyhow::Result<Vec<Seen>> {
    // A runtime of its own: no work moves between threads, and nothing is woken across them.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    runtime.block_on(async {
        let mut running = tokio::task::JoinSet::new();
        for _ in 0..share {
            let requests = Arc::clone(requests);
            running.spawn(async move { connection(address, &requests, from, until).await });
        }
        let mut seen = Vec::with_capacity(share);
        while let Some(done) = running.join_next().await {
            seen.push(done??);
        }
        Ok(seen)
    })
}

async fn connection(address: SocketAddr, requests: &Requests, from: Instant, until: Instant) -> anyhow::Result<Seen> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let mut buffer = vec![0; LONGEST_ANSWER];
    let mut seen = Seen::default();
    let mut begun = Instant::now();
    while begun < until {
        let Some(request) = requests.take() else { break };
        stream.write_all(request).await?;
        let body = answer(&mut stream, &mut buffer).await?;
        let done = Instant::now();
        if requests.wants_message {
            let Some(message) = find(body, b"<Message>").filter(|place| !body[place + 9..].starts_with(b"<")) else {
                bail!("an answer without a message: {}", String::from_utf8_lossy(body));
            };
            seen.listed += usize::from(find(&body[message..], b"\n1 ").is_some());
        }
        seen.answers += 1;
        seen.bytes += body.len();
        if done >= from && done <= until {
            seen.latencies.push((done - begun).as_secs_f64() * 1_000.0);
        }
        seen.last = Some(done);
        begun = done;
    }
    Ok(seen)
}

/// Reads one answer and gives back its body.
async fn answer<'b>(stream: &mut TcpStream, buffer: &'b mut [u8]) -> anyhow::Result<&'b [u8]> {
    let mut filled = 0;
    let mut whole = None;
    loop {
        let read = stream.read(&mut buffer[filled..]).await?;
        ensure!(read > 0, "the connection was closed, or an answer is longer than {LONGEST_ANSWER} bytes: {}", String::from_utf8_lossy(&buffer[..filled]));
        filled += read;
        if whole.is_none()
            && let Some(end) = find(&buffer[..filled], b"\r\n\r\n")
        {
            let head = std::str::from_utf8(&buffer[..end])?;
            ensure!(head.starts_with("HTTP/1.1 200 "), "an answer that is not 200: {head}");
            whole = Some((end + 4, end + 4 + content_length(head)?));
        }
        if let Some((body, end)) = whole
            && filled >= end
        {
            ensure!(filled == end, "more than was asked for");
            return Ok(&buffer[body..end]);
        }
    }
}

fn content_length(head: &str) -> anyhow::Result<usize> {
    let mut lines = head.lines().filter_map(|line| line.split_once(':'));
    let (_, value) = lines.find(|(name, _)| name.eq_ignore_ascii_case("content-length")).context("an answer without a length")?;
    Ok(value.trim().parse()?)
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len()).position(|window| window == wanted)
}

fn webhook(number: usize, question: &str, secret: &Secret) -> Vec<u8> {
    let id = format!("SM{number:032x}");
    let sender = format!("+3247{:07}", number % SENDERS);
    let mut form = form_urlencoded::Serializer::new(String::new());
    // The fields of a real webhook: all of them are part of what is signed.
    for (name, value) in [
        ("MessageSid", id.as_str()),
        ("SmsSid", &id),
        ("SmsMessageSid", &id),
        ("AccountSid", "AC00000000000000000000000000000001"),
        ("From", &sender),
        ("To", "+32460000000"),
        ("Body", question),
        ("NumMedia", "0"),
        ("NumSegments", "1"),
        ("SmsStatus", "received"),
        ("FromCountry", "BE"),
        ("FromCity", ""),
        ("FromState", ""),
        ("FromZip", ""),
        ("ToCountry", "BE"),
        ("ToCity", ""),
        ("ToState", ""),
        ("ToZip", ""),
        ("ApiVersion", "2010-04-01"),
    ] {
        form.append_pair(name, value);
    }
    let body = form.finish();
    let url = format!("{PUBLIC_URL}/twilio/sms");
    let signature = sign(&Signed::Form { url: &url, body: body.as_bytes() }, secret);
    let length = body.len();
    format!(
        "POST /twilio/sms HTTP/1.1\r\nHost: sms.example.org\r\nContent-Type: application/x-www-form-urlencoded\r\nX-Twilio-Signature: {signature}\r\nContent-Length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_webhook_has_its_own_id_and_the_right_signature() {
        let secret = Secret::new(TOKEN);
        let requests = Requests::turns(&["yoga 1030".to_owned()], 7, 2);
        let bodies: Vec<String> = (0..2)
            .map(|_| {
                let request = String::from_utf8(requests.take().unwrap().to_vec()).unwrap();
                let (head, body) = request.split_once("\r\n\r\n").unwrap();
                assert_eq!(content_length(head).unwrap(), body.len());
                let signature = head.lines().find_map(|line| line.strip_prefix("X-Twilio-Signature: ")).unwrap();
                gateway::channel::twilio_text::intake::accept(
                    body.as_bytes(),
                    Some(signature),
                    &format!("{PUBLIC_URL}/twilio/sms"),
                    std::slice::from_ref(&secret),
                )
                .unwrap();
                body.to_owned()
            })
            .collect();
        assert_ne!(bodies[0], bodies[1]);
        assert!(requests.take().is_none());
    }
}
