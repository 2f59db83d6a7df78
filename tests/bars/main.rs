//! The bars: how fast, how small and how soon, each against what others make of the same work.
//!
//! `scripts/bars [NAME…] [--quick]` builds and runs this; it prints a line a bar. What makes the lines
//! worth reading:
//!
//! - The subject is the program `passerelle` as it is released, with the settings that any
//!   installation has to make. Only the limits are raised, and they are still checked and counted.
//! - Comparator and subject run in turns, round by round, on copies of the same data. A round's
//!   warm-up is thrown away; of the rounds' figures the median counts, on both sides.
//! - Before and behind each round axum's hello world is measured. Where the two differ by more than
//!   15 %, the machine did other work: the round is run again, and after some such rounds everything
//!   stops. Nothing is concluded from a machine that does not hold still.
//! - Every answer is looked at. A wrong or empty one ends the bar.
//! - Where a choice had to be made, it favours the comparator; each bar says which it made.
//!
//! `bars read` prints how long it takes to understand a message: it has no comparator and no limit.
//!
//! The probes (`bars hello`, `bars bare-insert`) are processes of their own, as the gateway is.

mod bar;
mod bench;
mod line;
mod load;
mod probe;
mod process;
mod relay;
mod stats;
mod territory;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, bail, ensure};

use crate::bench::{Bench, Plan, Said, Unsteady};
use crate::line::Line;
use crate::load::{Load, Requests, drive};
use crate::territory::Territory;

const USAGE: &str = "usage: bars run [NAME…] [--quick] [--fresh] [--program FILE] | bars hello ADDRESS | bars bare-insert ADDRESS FILE BYTES | bars load ADDRESS | bars turns ADDRESS CONNECTIONS | bars read";

/// What was measured was not reached, or could not be measured.
const SHORT: u8 = 1;

/// Nothing can be said: the machine was not quiet, or a tool is broken.
const UNUSABLE: u8 = 2;

type Measure = fn(&Bench) -> anyhow::Result<Vec<Said>>;

const BARS: [(&str, Measure); 16] = [
    ("S1", bar::turn::s1),
    ("S2", bar::turn::s2),
    ("one", bar::one::one),
    ("desk", bar::desk::desk),
    ("S3", bar::kannel::s3),
    ("S4", bar::memory::s4),
    ("S5", bar::search::s5),
    ("S6", bar::search::s6),
    ("S7", bar::kiosk::s7),
    ("S8", bar::slip::s8),
    ("S9", bar::start::s9),
    ("kiosk", bar::kiosk::start),
    ("voice", bar::kiosk::voice),
    ("S11", bar::postgres::s11),
    ("S12", bar::idle::s12),
    ("growth", bar::growth::growth),
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.as_slice() {
        ["run", rest @ ..] => run(rest),
        ["hello", address] => parse(address).and_then(probe::hello).map(|()| ExitCode::SUCCESS),
        ["read"] => bar::read::read().map(|()| ExitCode::SUCCESS),
        ["load", address] => parse(address).and_then(load_alone).map(|()| ExitCode::SUCCESS),
        ["turns", address, connections] => turns_alone(address, connections).map(|()| ExitCode::SUCCESS),
        ["bare-insert", address, file, bytes] => bare_insert(address, file, bytes).map(|()| ExitCode::SUCCESS),
        ["relay", figures, keys, program, arguments @ ..] => {
            let mut command = std::process::Command::new(program);
            command.args(arguments);
            relay::relay(Path::new(figures), keys, &command).map(|()| ExitCode::SUCCESS)
        }
        _ => Err(anyhow::anyhow!(USAGE)),
    };
    done.unwrap_or_else(|error| {
        eprintln!("bars: {error:#}");
        ExitCode::from(UNUSABLE)
    })
}

fn bare_insert(address: &str, file: &str, bytes: &str) -> anyhow::Result<()> {
    probe::bare_insert(parse(address)?, Path::new(file), bytes.parse()?)
}

/// The generator by itself against `/` of any server, to compare it with other generators.
fn load_alone(address: std::net::SocketAddr) -> anyhow::Result<()> {
    let plan = Plan::full();
    let measured = drive(address, &Arc::new(Requests::hello()), Load { connections: 64, warm_up: plan.warm_up, length: plan.length })?;
    println!("{:.0}/s, p50 {:.3} ms, p99 {:.3} ms", measured.rate, measured.percentile(50), measured.percentile(99));
    Ok(())
}

/// Turns alone, to look at a gateway at work with a profiler. Whoever starts it raises its limits.
fn turns_alone(address: &str, connections: &str) -> anyhow::Result<()> {
    let plan = Plan::full();
    let program = std::env::current_exe()?.with_file_name("passerelle");
    let territory = Territory::new(program, PathBuf::new());
    // No two runs within a century have the same ids.
    let first = usize::try_from(std::time::UNIX_EPOCH.elapsed()?.as_millis())?;
    let requests = Arc::new(Requests::turns(&territory.questions, first, 200_000));
    let measured = drive(parse(address)?, &requests, Load { connections: connections.parse()?, warm_up: plan.warm_up, length: plan.length })?;
    println!(
        "{:.0}/s, p50 {:.3} ms, p99 {:.3} ms, {:.0} % list entries",
        measured.rate,
        measured.percentile(50),
        measured.percentile(99),
        measured.listed * 100.0
    );
    Ok(())
}

fn parse(address: &str) -> anyhow::Result<std::net::SocketAddr> {
    address.parse().with_context(|| format!("{address} is no address like 127.0.0.1:8080"))
}

fn run(arguments: &[&str]) -> anyhow::Result<ExitCode> {
    let mut plan = Plan::full();
    let mut program = std::env::current_exe()?.with_file_name("passerelle");
    let mut names: Vec<String> = Vec::new();
    let mut is_fresh = false;
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        match *argument {
            "--quick" => plan = Plan::quick(),
            "--fresh" => is_fresh = true,
            "--program" => program = PathBuf::from(arguments.next().context(USAGE)?),
            name if name.starts_with('-') => bail!("{name}? {USAGE}"),
            name => names.push(name.to_lowercase()),
        }
    }
    let unknown = names.iter().find(|name| !BARS.iter().any(|(known, _)| known.eq_ignore_ascii_case(name)));
    ensure!(unknown.is_none(), "there is no bar {unknown:?}; there are: {}", BARS.map(|(name, _)| name).join(" "));
    ensure!(program.exists(), "{} is missing: scripts/bars builds it", program.display());
    let bench = Bench::new(plan, program, &harness::repository().join("target/bars"))?;
    ensure!(bench.plan.is_quick || bench.territory.is_synthetic, "the program cannot make a large directory (`passerelle synth`): only --quick can do without");
    if is_fresh {
        bench.territory.forget()?;
    }

    println!("{}", Line::heading());
    let mut is_short = false;
    for (name, measure) in BARS.iter().filter(|(name, _)| names.is_empty() || names.contains(&name.to_lowercase())) {
        let said = match measure(&bench) {
            Ok(said) => said,
            Err(error) if error.is::<Unsteady>() => return Err(error),
            Err(error) => {
                println!("{name:<16} SHORT: {error:#}");
                is_short = true;
                continue;
            }
        };
        for said in said {
            match said {
                Said::Line(line) => {
                    is_short |= !line.is_ok();
                    println!("{line}");
                }
                Said::Told(text) => println!("  {text}"),
                Said::NotRun(name, why) => {
                    is_short |= !bench.plan.is_quick;
                    println!("{name:<16} not run: {why}");
                }
            }
        }
    }
    Ok(ExitCode::from(if is_short { SHORT } else { 0 }))
}
