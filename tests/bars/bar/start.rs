//! S9: from `exec` to the first answer, against axum's hello world.

use std::time::Instant;

use crate::bench::{Bench, Said, middle, probe};
use crate::line::{Bar, Figure};
use crate::process::{Process, free_address};
use crate::stats::median;

/// Starts of each program in a round.
const STARTS: usize = 10;

/// From the start of the process to its first answer over HTTP, on a directory that lies on the disk
/// and in its cache. The gateway opens and checks its database, and reads its words and phrases;
/// hello has nothing to read. Both are asked for `/`, one after the other, in turns.
pub fn s9(bench: &Bench) -> anyhow::Result<Vec<Said>> {
    let copy = bench.territory.copy(bench.plan.records, "s9")?;
    let database = copy.path().display().to_string();
    // The first start makes the key file: thrown away.
    drop(bench.serve(&database)?);
    let rounds = bench.rounds("S9", bench.plan.control, |_| {
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for _ in 0..STARTS {
            theirs.push(hello(bench)?);
            let address = free_address()?;
            let begun = Instant::now();
            let mut gateway = bench.start_serving(&database, address)?;
            gateway.wait_for(address, true)?;
            ours.push(begun.elapsed().as_secs_f64() * 1_000.0);
        }
        Ok((median(ours), median(theirs)))
    })?;
    let ours = middle(&rounds, |(_, (ours, _))| *ours);
    let theirs = middle(&rounds, |(_, (_, theirs))| *theirs);
    Ok(vec![bench.line("S9 start", Figure::Millis(ours), ("axum hello", Figure::Millis(theirs)), Bar::AtMost(2.0))])
}

/// Milliseconds from the start of axum's hello world to its first answer.
pub fn hello(bench: &Bench) -> anyhow::Result<f64> {
    let address = free_address()?;
    let begun = Instant::now();
    let mut hello = Process::start(probe()?.arg("hello").arg(address.to_string()), &bench.folder.join("hello-start.log"))?;
    hello.wait_for(address, true)?;
    Ok(begun.elapsed().as_secs_f64() * 1_000.0)
}
