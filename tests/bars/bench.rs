//! What all bars share: the plan, the programs, the rounds and the check that the machine holds still.

use std::cell::Cell;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;

use crate::line::{Bar, Figure, Line};
use crate::load::{Load, Measured, PUBLIC_URL, Requests, TOKEN, drive};
use crate::process::{Process, free_address};
use crate::stats::{difference, median};
use crate::territory::Territory;

/// The two hello runs around a round may differ by this share.
const MOST_DIFFERENCE: f64 = 0.15;

/// A round that the hello runs spoil is run again, so often in one bar.
const MOST_SPOILED: usize = 8;

/// Connections of the hello runs.
const HELLO_CONNECTIONS: usize = 64;

/// Sizes and durations.
#[derive(Debug)]
pub struct Plan {
    /// A smaller run: it shows that everything works, and proves nothing.
    pub is_quick: bool,
    /// Rounds, of which the median counts.
    pub rounds: usize,
    /// Records where the size is not the point.
    pub records: usize,
    /// Records where it is.
    pub most_records: usize,
    /// The sizes of `growth`.
    pub sizes: Vec<usize>,
    /// How long one load is counted.
    pub length: Duration,
    /// How long it runs before.
    pub warm_up: Duration,
    /// How long the machine is tried before and behind a round.
    pub control: Duration,
    /// Turns before memory is read, and messages of one flood.
    pub messages: usize,
    /// Questions asked of a search engine in a round.
    pub searches: usize,
}

impl Plan {
    pub fn full() -> Self {
        Self {
            is_quick: false,
            rounds: 5,
            records: 100_000,
            most_records: 1_000_000,
            sizes: vec![10_000, 100_000, 1_000_000],
            length: Duration::from_secs(8),
            warm_up: Duration::from_secs(2),
            control: Duration::from_secs(2),
            messages: 20_000,
            searches: 500,
        }
    }

    pub fn quick() -> Self {
        Self {
            is_quick: true,
            rounds: 3,
            records: 10_000,
            most_records: 10_000,
            sizes: vec![10_000, 30_000],
            length: Duration::from_secs(2),
            warm_up: Duration::from_millis(500),
            control: Duration::from_millis(700),
            messages: 5_000,
            searches: 100,
        }
    }
}

/// The machine did not hold still: nothing measured on it would mean anything.
#[derive(Debug, thiserror::Error)]
#[error(
    "the machine is not quiet: before and behind round {round} of {bar}, axum hello made {before:.0}/s and {after:.0}/s, which differ by more than 15 %. Stop other work and run it again."
)]
pub struct Unsteady {
    bar: String,
    round: usize,
    before: f64,
    after: f64,
}

/// What a bar says.
#[derive(Debug)]
pub enum Said {
    /// A figure against its bar.
    Line(Line),
    /// A figure to know, without a bar.
    Told(String),
    /// What is missing on this machine.
    NotRun(&'static str, String),
}

/// Everything a bar needs.
#[derive(Debug)]
pub struct Bench {
    pub plan: Plan,
    pub territory: Territory,
    /// The program `passerelle`.
    pub program: PathBuf,
    /// Where files of runs lie.
    pub folder: PathBuf,
    hello: Process,
    hello_address: SocketAddr,
    was_unsteady: Cell<bool>,
    /// Messages made so far: no two of one run have the same id.
    made: Cell<usize>,
}

/// A running gateway.
#[derive(Debug)]
pub struct Gateway {
    pub process: Process,
    pub address: SocketAddr,
}

impl Bench {
    pub fn new(plan: Plan, program: PathBuf, folder: &Path) -> anyhow::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let folder = folder.canonicalize()?;
        let hello_address = free_address()?;
        let mut hello = Process::start(probe()?.arg("hello").arg(hello_address.to_string()), &folder.join("hello.log"))?;
        hello.wait_for(hello_address, true)?;
        let territory = Territory::new(program.clone(), folder.clone());
        Ok(Self { plan, territory, program, folder, hello, hello_address, was_unsteady: Cell::new(false), made: Cell::new(0) })
    }

    /// The address of axum hello, which runs all the time and does nothing unless it is asked.
    pub fn hello_address(&self) -> SocketAddr {
        self.hello_address
    }

    /// Memory of axum hello, to know.
    pub fn hello_memory(&self) -> anyhow::Result<f64> {
        self.hello.memory_mib()
    }

    /// Runs the rounds of a bar, each between two runs of axum hello that must agree; gives back what
    /// hello made and what each round measured.
    pub fn rounds<T>(&self, bar: &str, control: Duration, mut measure: impl FnMut(usize) -> anyhow::Result<T>) -> anyhow::Result<Vec<(f64, T)>> {
        let mut measured = Vec::new();
        let mut spoiled = 0;
        self.was_unsteady.set(false);
        while measured.len() < self.plan.rounds {
            let round = measured.len() + 1;
            eprintln!("{bar} round {round} of {} …", self.plan.rounds);
            let before = self.hello_rate(control)?;
            let value = measure(round)?;
            let after = self.hello_rate(control)?;
            if difference(before, after) > MOST_DIFFERENCE {
                spoiled += 1;
                if self.plan.is_quick {
                    eprintln!("{bar} round {round}: axum hello made {before:.0}/s and {after:.0}/s; a quick run goes on");
                    self.was_unsteady.set(true);
                } else if spoiled > MOST_SPOILED {
                    return Err(Unsteady { bar: bar.to_owned(), round, before, after }.into());
                } else {
                    eprintln!("{bar} round {round} does not count and is run again: axum hello made {before:.0}/s and {after:.0}/s");
                    continue;
                }
            }
            measured.push((f64::midpoint(before, after), value));
        }
        Ok(measured)
    }

    fn hello_rate(&self, length: Duration) -> anyhow::Result<f64> {
        let load = Load { connections: HELLO_CONNECTIONS, warm_up: length / 4, length };
        Ok(drive(self.hello_address, &Arc::new(Requests::hello()), load)?.rate)
    }

    /// Starts `passerelle serve` as an installation has it: its address, its database, the carrier's
    /// key, and limits that a load does not reach. Nothing else is set, and the checks stay on.
    pub fn serve(&self, database: &str) -> anyhow::Result<Gateway> {
        self.serve_with(database, &[])
    }

    /// The same, with settings that a bar needs beside.
    pub fn serve_with(&self, database: &str, settings: &[(&str, &str)]) -> anyhow::Result<Gateway> {
        let address = free_address()?;
        let mut process = self.start_serving_with(database, address, settings)?;
        process.wait_for(address, true)?;
        Ok(Gateway { process, address })
    }

    /// The same, without waiting until it answers.
    pub fn start_serving(&self, database: &str, address: SocketAddr) -> anyhow::Result<Process> {
        self.start_serving_with(database, address, &[])
    }

    fn start_serving_with(&self, database: &str, address: SocketAddr, settings: &[(&str, &str)]) -> anyhow::Result<Process> {
        let mut command = Command::new(&self.program);
        command.arg("serve").current_dir(&self.folder).env_clear();
        command
            .env("PASSERELLE__DATABASE__URL", database)
            .env("PASSERELLE__HTTP__LISTEN", address.to_string())
            .env("PASSERELLE__MONITOR__LISTEN", "127.0.0.1:0")
            .env("PASSERELLE__DESK__LISTEN", "127.0.0.1:0");
        command.env("PASSERELLE__HTTP__PUBLIC_URL", PUBLIC_URL).env("PASSERELLE__TWILIO__AUTH_TOKEN", TOKEN);
        for limit in ["SENDER_HOUR", "SENDER_DAY", "RANGE_DAY", "DAY"] {
            command.env(format!("PASSERELLE__LIMITS__{limit}"), "1000000000");
        }
        if database.contains("://") {
            // A server has no folder in which the key could lie.
            command.env("PASSERELLE__PRIVACY__KEY_FILE", self.folder.join("run.key"));
        }
        command.envs(settings.iter().copied());
        Process::start(&mut command, &self.folder.join("serve.log"))
    }

    /// Turns to ask for: as many as are answered within one load at that rate.
    pub fn turns(&self, a_second: usize) -> Arc<Requests> {
        let seconds = usize::try_from((self.plan.length + self.plan.warm_up).as_secs() + 1).unwrap_or(usize::MAX);
        self.messages(seconds.saturating_mul(a_second))
    }

    /// So many turns to ask for.
    pub fn messages(&self, count: usize) -> Arc<Requests> {
        let first = self.made.replace(self.made.get() + count);
        Arc::new(Requests::turns(&self.territory.questions, first, count))
    }

    /// Puts a load on a gateway, and makes sure that it was really asked to find things.
    pub fn ask(&self, address: SocketAddr, requests: &Arc<Requests>, connections: usize) -> anyhow::Result<Measured> {
        let load = Load { connections, warm_up: self.plan.warm_up, length: self.plan.length };
        let measured = drive(address, requests, load)?;
        anyhow::ensure!(
            measured.listed >= LEAST_LISTED,
            "only {:.0} % of the answers list entries: the questions do not fit the data",
            measured.listed * 100.0
        );
        Ok(measured)
    }

    /// A line of a bar.
    pub fn line(&self, name: &str, ours: Figure, theirs: (&'static str, Figure), bar: Bar) -> Said {
        let mut remarks: Vec<&str> = Vec::new();
        if self.plan.is_quick {
            remarks.push("quick");
        }
        if !self.territory.is_synthetic {
            remarks.push("demo territory");
        }
        if self.was_unsteady.get() {
            remarks.push("unsteady machine");
        }
        Said::Line(Line { name: name.to_owned(), ours, theirs, bar, remark: remarks.join(", ") })
    }
}

/// Share of the answers that must list entries: else the easy half of a turn was measured.
const LEAST_LISTED: f64 = 0.5;

/// The median of one figure over the rounds.
pub fn middle<T>(rounds: &[T], figure: impl Fn(&T) -> f64) -> f64 {
    median(rounds.iter().map(figure))
}

/// This program again, to be a comparator.
pub fn probe() -> anyhow::Result<Command> {
    Ok(Command::new(std::env::current_exe().context("this program cannot find itself")?))
}
