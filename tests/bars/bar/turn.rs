//! S1 and S2: the complete turn of a text message against the ceiling of HTTP and the floor of keeping.

use crate::bench::{Bench, Said, middle, probe};
use crate::line::{Bar, Figure};
use crate::load::{Load, drive};
use crate::process::{Process, free_address};
use crate::territory::remove;

/// Turns each second at 64 connections, against axum's hello world.
///
/// A turn is verified, journalled, searched for, rendered and committed to the disk; hello is none of
/// it. Same runtime, same number of workers, same generator, same kind of connections. Hello is asked
/// by a bare GET, the least there is; a turn is a signed form. Hello runs before and behind each
/// round, the mean of both counts.
pub fn s1(bench: &Bench) -> anyhow::Result<Vec<Said>> {
    let requests = bench.turns(20_000);
    let rounds = bench.rounds("S1", bench.plan.length, |_| {
        let copy = bench.territory.copy(bench.plan.records, "s1")?;
        let gateway = bench.serve(&copy.path().display().to_string())?;
        requests.rewind();
        bench.ask(gateway.address, &requests, 64)
    })?;
    let (ours, hello) = (middle(&rounds, |(_, turns)| turns.rate), middle(&rounds, |(hello, _)| *hello));
    let p99 = middle(&rounds, |(_, turns)| turns.percentile(99));
    let listed = middle(&rounds, |(_, turns)| turns.listed);
    Ok(vec![
        bench.line("S1 turns", Figure::Rate(ours), ("axum hello", Figure::Rate(hello)), Bar::AtLeast(0.12)),
        Said::Told(format!("S1: p99 {p99:.3} ms at 64 connections; {:.0} % of the answers list entries", listed * 100.0)),
    ])
}

/// The time to a durable answer at 16 connections, against an endpoint that only keeps.
///
/// The bare endpoint takes the same bytes and answers as many (the mean of ours), with one row a
/// message in the same group commit, `WAL` and `synchronous=FULL`. Both get a file of their own on the
/// same disk, ours with its directory in it.
pub fn s2(bench: &Bench) -> anyhow::Result<Vec<Said>> {
    let requests = bench.turns(40_000);
    let rounds = bench.rounds("S2", bench.plan.control, |_| {
        let copy = bench.territory.copy(bench.plan.records, "s2")?;
        let gateway = bench.serve(&copy.path().display().to_string())?;
        requests.rewind();
        let ours = bench.ask(gateway.address, &requests, 16)?;
        drop(gateway);
        settle(bench)?;

        let file = bench.folder.join("run-bare.sqlite");
        remove(&file);
        let address = free_address()?;
        let mut command = probe()?;
        command.arg("bare-insert").arg(address.to_string()).arg(&file).arg(ours.mean_body.to_string());
        let mut bare = Process::start(&mut command, &bench.folder.join("bare.log"))?;
        bare.wait_for(address, true)?;
        requests.rewind();
        let load = Load { connections: 16, warm_up: bench.plan.warm_up, length: bench.plan.length };
        let theirs = drive(address, &requests, load)?;
        drop(bare);
        remove(&file);
        settle(bench)?;
        Ok((ours, theirs))
    })?;
    let lines = [(50, 1.4), (99, 1.6)].map(|(percent, most)| {
        let ours = middle(&rounds, |(_, (ours, _))| ours.percentile(percent));
        let theirs = middle(&rounds, |(_, (_, theirs))| theirs.percentile(percent));
        bench.line(&format!("S2 p{percent}"), Figure::Millis(ours), ("bare insert", Figure::Millis(theirs)), Bar::AtMost(most))
    });
    let rates = (middle(&rounds, |(_, (ours, _))| ours.rate), middle(&rounds, |(_, (_, theirs))| theirs.rate));
    Ok(lines.into_iter().chain([Said::Told(format!("S2: {:.0} turns/s at 16 connections, bare insert {:.0}/s", rates.0, rates.1))]).collect())
}

/// Lets the disk finish what the last run left behind, so that the next one does not pay for it.
fn settle(bench: &Bench) -> anyhow::Result<()> {
    crate::process::output_of(std::process::Command::new("sync").arg("-f").arg(&bench.folder)).map(|_| ())
}
