//! S4: memory behind 20 000 turns, against `bearerbox` and `smsbox` behind as many messages.

use std::time::Duration;

use super::kannel::{Kannel, Service, missing};
use crate::bench::{Bench, Said, middle};
use crate::line::{Bar, Figure};
use crate::load::{Load, drive};

/// Messages a second that Kannel is given where it is not flooded: fewer than it can take.
const UNHURRIED: f64 = 1_000.0;

/// `RssAnon` of the gateway with its directory, against that of Kannel's two processes.
///
/// Mapped files do not count on either side: the system takes them back at will. The same number of
/// messages goes through both, as fast as each takes them. Kannel answers by `get-url` and holds no
/// directory; the service that does is not counted. A flooded Kannel takes messages sooner than it
/// answers them and holds them in memory; ours makes its carrier wait. So what Kannel needs at a pace
/// that it can follow is told beside it.
pub fn s4(bench: &Bench) -> anyhow::Result<Vec<Said>> {
    if let Some(why) = missing() {
        return Ok(vec![Said::NotRun("S4", why)]);
    }
    let messages = bench.plan.messages;
    let requests = bench.messages(messages);
    let rounds = bench.rounds("S4", bench.plan.control, |_| {
        let copy = bench.territory.copy(bench.plan.records, "s4")?;
        let gateway = bench.serve(&copy.path().display().to_string())?;
        let idle = gateway.process.memory_mib()?;
        requests.rewind();
        // To the last request, however long it takes.
        drive(gateway.address, &requests, Load { connections: 16, warm_up: Duration::ZERO, length: Duration::from_hours(1) })?;
        let ours = gateway.process.memory_mib()?;
        drop(gateway);

        let kannel = Kannel::start(bench, Service::GetUrl)?;
        kannel.flood(bench, messages, None)?;
        let theirs = kannel.memory_mib()?;
        drop(kannel);
        let kannel = Kannel::start(bench, Service::GetUrl)?;
        let their_idle = kannel.memory_mib()?;
        kannel.flood(bench, messages, Some(UNHURRIED))?;
        Ok([ours, theirs, idle, their_idle, kannel.memory_mib()?])
    })?;
    let figure = |which: usize| middle(&rounds, |(_, figures)| figures[which]);
    Ok(vec![
        bench.line("S4 memory", Figure::Mebibytes(figure(0)), ("bearerbox+smsbox", Figure::Mebibytes(figure(1))), Bar::AtMost(1.0)),
        Said::Told(format!(
            "S4: before the first message ours {:.1} MiB, bearerbox+smsbox {:.1} MiB; bearerbox+smsbox unhurried {:.1} MiB; axum hello {:.1} MiB",
            figure(2),
            figure(3),
            figure(4),
            bench.hello_memory()?
        )),
    ])
}
