//! S3: messages a second against Kannel's keyword services; and Kannel itself, as the other bars need it.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};

use crate::bench::{Bench, Said, middle};
use crate::line::{Bar, Figure};
use crate::probe::ANSWER;
use crate::process::{Process, free_address};
use crate::stats::float;

/// Kannel's own load generator, of Debian's package `kannel-extras`.
const FAKE_CARRIER: &str = "/usr/lib/kannel/test/fakesmsc";

/// Messages thrown away before a flood is measured.
const WARM_UP: usize = 1_000;

/// A flood without any answer for so long is a failure.
const STALLED: Duration = Duration::from_mins(1);

/// The word that every message begins with.
const KEYWORD: &str = "info";

/// What Kannel answers with.
#[derive(Debug, Clone, Copy)]
pub enum Service {
    /// What an HTTP service says: our hello probe, which has one fixed text.
    GetUrl,
    /// A text in its own configuration.
    Text,
}

/// A running `bearerbox` and `smsbox`.
#[derive(Debug)]
pub struct Kannel {
    bearerbox: Process,
    smsbox: Process,
    carrier_port: u16,
    store: PathBuf,
}

/// What a flood measured.
#[derive(Debug)]
pub struct Flood {
    /// Messages a second, from the carrier's connection to the last answer it received.
    pub rate: f64,
    /// Processor time of `bearerbox` and `smsbox` for one message, in milliseconds.
    pub cpu_ms: f64,
}

/// What Kannel costs and gives, against a complete turn that is kept durably.
///
/// Kannel gets what suits it: a flood (no connection waits for an answer), a file store (which does
/// not fsync; ours does), logs at level 4 only, an answer of one message (ours often have two), an
/// HTTP service that says one fixed text and whose processor time is not counted. The messages are
/// those of our own run, with a keyword before them. Ours is asked over 64 connections that wait for
/// each answer.
pub fn s3(bench: &Bench) -> anyhow::Result<Vec<Said>> {
    if let Some(why) = missing() {
        return Ok(vec![Said::NotRun("S3", why)]);
    }
    let requests = bench.turns(20_000);
    let rounds = bench.rounds("S3", bench.plan.control, |_| {
        let by_url = Kannel::start(bench, Service::GetUrl)?.flooded(bench)?;
        let copy = bench.territory.copy(bench.plan.records, "s3")?;
        let gateway = bench.serve(&copy.path().display().to_string())?;
        requests.rewind();
        let before = gateway.process.cpu_ms()?;
        let ours = bench.ask(gateway.address, &requests, 64)?;
        let cpu = (gateway.process.cpu_ms()? - before) / float(ours.answers);
        drop(gateway);
        let by_text = Kannel::start(bench, Service::Text)?.flooded(bench)?;
        Ok((ours, cpu, by_url, by_text))
    })?;
    let ours = Figure::Rate(middle(&rounds, |(_, (ours, ..))| ours.rate));
    let our_cpu = Figure::Millis(middle(&rounds, |(_, (_, cpu, ..))| *cpu));
    let by_url = Figure::Rate(middle(&rounds, |(_, (.., by_url, _))| by_url.rate));
    let by_text = Figure::Rate(middle(&rounds, |(_, (.., by_text))| by_text.rate));
    let their_cpu = Figure::Millis(middle(&rounds, |(_, (.., by_url, _))| by_url.cpu_ms));
    Ok(vec![
        bench.line("S3 get-url", ours, ("Kannel", by_url), Bar::AtLeast(2.5)),
        bench.line("S3 static text", ours, ("Kannel", by_text), Bar::AtLeast(1.0)),
        bench.line("S3 CPU a message", our_cpu, ("Kannel", their_cpu), Bar::AtMost(0.5)),
    ])
}

/// What must be installed before Kannel can be measured.
pub fn missing() -> Option<String> {
    let found = |program: &str| PATH.split(':').any(|folder| Path::new(folder).join(program).exists());
    let is_there = found("bearerbox") && found("smsbox") && Path::new(FAKE_CARRIER).exists();
    (!is_there).then(|| "Kannel is missing: apt-get install kannel kannel-extras".to_owned())
}

impl Kannel {
    /// Starts both processes with an empty store.
    pub fn start(bench: &Bench, service: Service) -> anyhow::Result<Self> {
        let folder = bench.folder.join("kannel");
        std::fs::create_dir_all(&folder)?;
        let store = folder.join("store");
        empty(&store)?;
        let [admin, boxes, carrier, sending] = [(); 4].map(|()| free_address());
        let (admin, boxes, carrier, sending) = (admin?, boxes?, carrier?, sending?);
        let answer = match service {
            Service::GetUrl => format!("get-url = \"http://{}/answer?text=%r\"", bench.hello_address()),
            Service::Text => format!("text = \"{ANSWER}\""),
        };
        let settings = settings(&store, &answer, [admin.port(), boxes.port(), carrier.port(), sending.port()]);
        let file = folder.join("kannel.conf");
        std::fs::write(&file, settings)?;
        let mut bearerbox = Process::start(Command::new("bearerbox").args(["-v", "4"]).arg(&file).env("PATH", PATH), &folder.join("bearerbox.log"))?;
        bearerbox.wait_for(boxes, false)?;
        let mut smsbox = Process::start(Command::new("smsbox").args(["-v", "4"]).arg(&file).env("PATH", PATH), &folder.join("smsbox.log"))?;
        smsbox.wait_for(sending, false)?;
        Ok(Self { bearerbox, smsbox, carrier_port: carrier.port(), store })
    }

    /// Floods it once to warm up, then once to measure.
    pub fn flooded(self, bench: &Bench) -> anyhow::Result<Flood> {
        self.flood(bench, WARM_UP, None)?;
        let before = self.cpu_ms()?;
        let messages = bench.plan.messages;
        let seconds = self.flood(bench, messages, None)?.as_secs_f64();
        Ok(Flood { rate: float(messages) / seconds, cpu_ms: (self.cpu_ms()? - before) / float(messages) })
    }

    /// Sends so many messages, as fast as they are taken or so many a second; how long it took until
    /// the last answer was received.
    pub fn flood(&self, bench: &Bench, messages: usize, a_second: Option<f64>) -> anyhow::Result<Duration> {
        let interval = a_second.map_or_else(|| "0".to_owned(), |a_second| format!("{}", 1.0 / a_second));
        let mut command = Command::new(FAKE_CARRIER);
        command.args(["-v", "1", "-H", "127.0.0.1", "-r", &self.carrier_port.to_string(), "-i", &interval, "-m", &messages.to_string()]);
        for question in bench.territory.questions.iter().take(20) {
            command.arg(format!("+32470000001 8810 text {KEYWORD} {question}"));
        }
        let carrier = Carrier::start(&mut command)?;
        carrier.wait_for("fakesmsc starting", Duration::from_secs(10))?;
        let begun = Instant::now();
        // At this level of talk only the last answer is announced.
        let patience = STALLED + a_second.map_or(Duration::ZERO, |a_second| Duration::from_secs_f64(float(messages) / a_second));
        carrier.wait_for(&format!("Got message {messages}:"), patience).with_context(|| format!("Kannel did not answer {messages} messages"))?;
        Ok(begun.elapsed())
    }

    /// The process of `bearerbox`.
    pub fn bearerbox_id(&self) -> u32 {
        self.bearerbox.id()
    }

    /// Memory of both processes.
    pub fn memory_mib(&self) -> anyhow::Result<f64> {
        Ok(self.bearerbox.memory_mib()? + self.smsbox.memory_mib()?)
    }

    fn cpu_ms(&self) -> anyhow::Result<f64> {
        Ok(self.bearerbox.cpu_ms()? + self.smsbox.cpu_ms()?)
    }
}

impl Drop for Kannel {
    fn drop(&mut self) {
        // The next start empties it as well.
        let _ = empty(&self.store);
    }
}

/// Debian keeps both programs where only the administrator looks.
const PATH: &str = "/usr/sbin:/usr/bin:/sbin:/bin";

fn settings(store: &Path, answer: &str, [admin, boxes, carrier, sending]: [u16; 4]) -> String {
    format!(
        r#"group = core
admin-port = {admin}
admin-interface = "127.0.0.1"
admin-password = bars
smsbox-port = {boxes}
smsbox-interface = "127.0.0.1"
box-allow-ip = "127.0.0.1"
log-level = 4
store-type = file
store-location = "{}"

group = smsc
smsc = fake
smsc-id = fake
port = {carrier}
connect-allow-ip = "127.0.0.1"

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {sending}
sendsms-interface = "127.0.0.1"
log-level = 4

group = sms-service
keyword = {KEYWORD}
catch-all = true
max-messages = 1
{answer}
"#,
        store.display()
    )
}

fn empty(store: &Path) -> anyhow::Result<()> {
    for ending in ["", ".new", ".bak"] {
        let file = PathBuf::from(format!("{}{ending}", store.display()));
        if file.exists() {
            std::fs::remove_file(file)?;
        }
    }
    Ok(())
}

/// The running fake carrier, and the lines it says.
#[derive(Debug)]
struct Carrier {
    child: Child,
    lines: Receiver<String>,
}

impl Carrier {
    fn start(command: &mut Command) -> anyhow::Result<Self> {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().context("fakesmsc cannot be started")?;
        let said = child.stderr.take().context("fakesmsc says nothing")?;
        let (sender, lines) = sync_channel(64);
        // Ends with the program, which ends with this value.
        std::thread::spawn(move || {
            for line in BufReader::new(said).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Ok(Self { child, lines })
    }

    fn wait_for(&self, wanted: &str, patience: Duration) -> anyhow::Result<()> {
        let begun = Instant::now();
        let mut last = String::new();
        loop {
            let left = patience.saturating_sub(begun.elapsed());
            ensure!(!left.is_zero(), "fakesmsc never said {wanted:?}, but: {last}");
            last = self.lines.recv_timeout(left).with_context(|| format!("fakesmsc never said {wanted:?}, but: {last}"))?;
            if last.contains(wanted) {
                return Ok(());
            }
        }
    }
}

impl Drop for Carrier {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
