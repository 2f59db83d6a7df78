//! One connection: how long one person waits for a durable answer.

use crate::bench::{Bench, Said, middle};
use crate::line::{Bar, Figure};

/// The middle time of a turn when nobody else writes: no group to share a commit with. There is no
/// comparator: the bar is a time.
pub fn one(bench: &Bench) -> anyhow::Result<Vec<Said>> {
    let requests = bench.turns(8_000);
    let rounds = bench.rounds("one", bench.plan.control, |_| {
        let copy = bench.territory.copy(bench.plan.records, "one")?;
        let gateway = bench.serve(&copy.path().display().to_string())?;
        requests.rewind();
        bench.ask(gateway.address, &requests, 1)
    })?;
    let [p50, p99] = [50, 99].map(|percent| middle(&rounds, |(_, turns)| turns.percentile(percent)));
    let line = bench.line("one connection", Figure::Millis(p50), ("", Figure::None), Bar::AtMost(2.0));
    Ok(vec![line, Said::Told(format!("one connection: p50 {p50:.3} ms, p99 {p99:.3} ms"))])
}
