//! S4: memory behind 20 000 turns, against `bearerbox` and `smsbox` behind as many messages.

use std::time::Duration;

use super::kannel::{Kannel, Service, missing};
use crate::bench::{Bench, Said, middle};
use crate::line::{Bar, Figure};
use crate::load::{Load, drive};

/// Messages a second that Kannel is given here: fewer than it can take, so that its queue does not
/// count as memory it needs.
const UNHURRIED: f64 = 1_000.0;

/// `RssAnon` of the gateway with its directory, against that of Kannel's two processes.
///
/// Mapped files do not count on either side: the system takes them back at will. Kannel answers by
/// `get-url` and holds no directory; the service that does is not counted. The same number of
/// messages went through both.
pub fn s4(bench: &Bench) -> anyhow::Result<Vec<Said>> {
    if let Some(why) = missing() {
        return Ok(vec![Said::NotRun("S4", why)]);
    }
    let messages = bench.plan.messages;
    let requests = bench.messages(messages);
    let rounds = bench.rounds("S4", bench.plan.control, |_| {
        let copy = bench.territory.copy(bench.plan.records, "s4")?;
        let gateway = bench.serve(&copy.path().display().to_string())?;
        let ours_idle = gateway.process.memory_mib()?;
        requests.rewind();
        // To the last request, however long it takes.
        drive(gateway.address, &requests, Load { connections: 16, warm_up: Duration::ZERO, length: Duration::from_hours(1) })?;
        let ours = gateway.process.memory_mib()?;
        drop(gateway);

        let kannel = Kannel::start(bench, Service::GetUrl)?;
        let theirs_idle = kannel.memory_mib()?;
        kannel.flood(bench, messages, Some(UNHURRIED))?;
        Ok([ours, kannel.memory_mib()?, ours_idle, theirs_idle])
    })?;
    let [ours, theirs, ours_idle, theirs_idle] = [0, 1, 2, 3].map(|figure| middle(&rounds, |(_, figures)| figures[figure]));
    Ok(vec![
        bench.line("S4 memory", Figure::Mebibytes(ours), ("bearerbox+smsbox", Figure::Mebibytes(theirs)), Bar::AtMost(1.0)),
        Said::Told(format!(
            "S4: before the first message {ours_idle:.1} MiB, bearerbox+smsbox {theirs_idle:.1} MiB; axum hello has {:.1} MiB",
            bench.hello_memory()?
        )),
    ])
}
