//! S12: how often the programs wake while nobody needs them, against an idle `bearerbox`.

use std::time::Duration;

use anyhow::Context;
use harness::pty::Pty;

use super::kannel::{Kannel, Service, missing};
use super::kiosk::{QUIET, kiosk_in_cells};
use crate::bench::{Bench, Said, middle};
use crate::line::{Bar, Figure};
use crate::process::{rest, wake_ups};

/// Until what a start does is done.
const SETTLE: Duration = Duration::from_secs(5);

/// Times that a program left the processor by itself, a second, all its threads together: each is a moment at which
/// the machine could have slept. The gateway and the kiosk as installed, on the large directory.
pub fn s12(bench: &Bench) -> anyhow::Result<Vec<Said>> {
    if let Some(why) = missing() {
        return Ok(vec![Said::NotRun("S12", why)]);
    }
    let window = Duration::from_secs(if bench.plan.is_quick { 5 } else { 20 });
    let rounds = bench.rounds("S12", bench.plan.control, |_| {
        let copy = bench.territory.copy(bench.plan.records, "s12")?;
        let gateway = bench.serve(&copy.path().display().to_string())?;
        rest(SETTLE);
        let ours = wake_ups(gateway.process.id(), window)?;
        drop(gateway);
        let for_kiosk = bench.territory.copy_for_kiosk(bench.plan.records, "s12")?;
        let kiosk = Pty::start(&kiosk_in_cells(bench, for_kiosk.path())?, 64, 20)?;
        kiosk.settled(QUIET, Duration::from_secs(20)).context("the kiosk shows nothing")?;
        rest(SETTLE);
        let screen = wake_ups(kiosk.process(), window)?;
        drop(kiosk);
        let kannel = Kannel::start(bench, Service::Text)?;
        rest(SETTLE);
        let theirs = wake_ups(kannel.bearerbox_id(), window)?;
        Ok([ours, screen, theirs])
    })?;
    let figure = |which: usize| middle(&rounds, |(_, figures)| figures[which]);
    Ok(vec![
        bench.line("S12 gateway", Figure::Rate(figure(0)), ("bearerbox", Figure::Rate(figure(2))), Bar::AtMost(1.0)),
        bench.line("S12 kiosk", Figure::Rate(figure(1)), ("bearerbox", Figure::Rate(figure(2))), Bar::AtMost(1.0)),
        Said::Told(format!("S12: wake-ups a second: gateway {:.2}, kiosk {:.2}, bearerbox {:.2}", figure(0), figure(1), figure(2))),
    ])
}
