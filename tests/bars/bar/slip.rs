//! S8: a slip's bytes, and how soon the first of them is at the printer, against python-escpos.

use std::io::Read;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use chrono::{DateTime, TimeZone};
use chrono_tz::Tz;
use directory::dialogue::{Setting, Whole};
use directory::record::Record;
use directory::vocabulary::Vocabulary;
use printer::device::{DeviceAddress, open};
use printer::escpos::{Stream, encode};
use printer::job::{Left, PrintTimeouts, print};
use printer::phrases::SlipPhrases;
use printer::profile::Profile;
use printer::slip::{Order, Size, Slip, SlipLine, Style, lay_out};
use printer::slip_language::SlipLanguage;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use serde_json::json;

use crate::bench::{Bench, Said, middle};
use crate::line::{Bar, Figure};
use crate::process::output_of;
use crate::stats::median;

/// Slips made in a round.
const SLIPS: usize = 500;

/// Slips sent to a pty in a round, by a program that runs and by one that is started anew.
const SENT: usize = 10;

/// A slip of three records, in French, on 42 columns, with pictograms and a code to scan.
///
/// Ours is all that a touch costs: records to lines to bytes, hours and days put into words. python-escpos is given
/// the lines as they are and only frames and encodes them; its pictures are opened beforehand, its code is made by
/// the printer as ours is. Both keep the bytes in memory. The second line is the whole path: from the touch, in a
/// program that runs as a kiosk does, to the first byte that a pty hands out, against a python program started for
/// the slip, as scripts that print are.
pub fn s8(bench: &Bench) -> anyhow::Result<Vec<Said>> {
    let python = bench.folder.join("venv/bin/python3");
    if !Command::new(&python).args(["-c", "import escpos.printer"]).output().is_ok_and(|output| output.status.success()) {
        return Ok(vec![Said::NotRun("S8", "python-escpos is missing: scripts/bars installs it where python3-venv is".to_owned())]);
    }
    let desk = Kiosk::new()?;
    let script = harness::repository().join("tests/bars/bar/slip/escpos_peer.py");
    let lines = bench.folder.join("s8-lines.json");
    std::fs::write(&lines, as_json(&desk.lines()).to_string())?;
    let theirs_bytes: usize = output_of(Command::new(&python).arg(&script).arg("size").arg(&lines))?.trim().parse()?;
    let ours_bytes = desk.render()?.bytes().len();
    let rounds = bench.rounds("S8", bench.plan.control, |_| {
        let ours = desk.render_times()?;
        let theirs: f64 = output_of(Command::new(&python).arg(&script).arg("render").arg(&lines).arg(SLIPS.to_string()))?.trim().parse()?;
        let mut paths = (Vec::new(), Vec::new());
        for _ in 0..SENT {
            paths.0.push(first_byte(|path| desk.send(path))?);
            paths.1.push(first_byte(|path| started_anew(&python, &script, &lines, path))?);
        }
        Ok([median(ours), theirs, median(paths.0), median(paths.1)])
    })?;
    let [ours, theirs, path, their_path] = [0, 1, 2, 3].map(|figure| middle(&rounds, |(_, figures)| figures[figure]));
    Ok(vec![
        bench.line("S8 render p50", Figure::Millis(ours), ("python-escpos", Figure::Millis(theirs)), Bar::AtMost(0.25)),
        bench.line("S8 first byte", Figure::Millis(path), ("python-escpos", Figure::Millis(their_path)), Bar::AtMost(0.1)),
        Said::Told(format!("S8: {ours_bytes} bytes of ours, {theirs_bytes} of theirs")),
    ])
}

/// What a program that prints keeps ready.
struct Kiosk {
    vocabulary: Vocabulary,
    phrases: SlipPhrases,
    profile: Profile,
    records: Vec<Whole>,
    now: DateTime<Tz>,
}

impl Kiosk {
    fn new() -> anyhow::Result<Self> {
        let now = chrono_tz::Europe::Brussels.with_ymd_and_hms(2026, 10, 14, 14, 12, 0).single().context("no such moment")?;
        let records: Vec<serde_json::Value> = serde_json::from_str(include_str!("../../slips/records.json"))?;
        let read = |record: &serde_json::Value| Ok(Whole::of(Arc::new(Record::from_json(&record.to_string())?), None, now.naive_local()));
        let records = records.iter().map(read).collect::<anyhow::Result<Vec<Whole>>>()?;
        Ok(Self { vocabulary: Vocabulary::shipped()?, phrases: SlipPhrases::shipped()?, profile: Profile::of_columns(42), records, now })
    }

    fn laid_out(&self) -> Slip {
        let setting =
            Setting { vocabulary: &self.vocabulary, now: self.now, desk: None, calls_back: false, home: None, manner: directory::dialogue::Manner::default() };
        let order = Order {
            records: &self.records,
            languages: &[SlipLanguage::Fr],
            style: Style::Standard,
            place: None,
            ticket: None,
            text_to: None,
            code: Some("7G7KC 2HB74 K7P2E"),
            line: None,
        };
        lay_out(&order, &setting, &self.phrases, self.profile.paper())
    }

    fn lines(&self) -> Vec<SlipLine> {
        self.laid_out().lines
    }

    fn render(&self) -> anyhow::Result<Stream> {
        Ok(encode(&self.laid_out(), &self.profile)?)
    }

    fn render_times(&self) -> anyhow::Result<Vec<f64>> {
        let mut times = Vec::with_capacity(SLIPS);
        for turn in 0..SLIPS * 2 {
            let begun = Instant::now();
            let bytes = self.render()?.bytes();
            if turn >= SLIPS {
                times.push(begun.elapsed().as_secs_f64() * 1_000.0);
            }
            ensure!(bytes.len() > 1_000, "that is no slip");
        }
        Ok(times)
    }

    fn send(&self, path: &str) -> anyhow::Result<Running> {
        let stream = self.render()?;
        let mut device = open(&DeviceAddress::Serial { path: path.into(), baud: 115_200 }, Duration::from_secs(1))?;
        let profile = self.profile.clone();
        Ok(Running::Ours(std::thread::spawn(move || drop(print(device.as_mut(), &stream, &profile, Left::Nothing, &PrintTimeouts::default())))))
    }
}

/// What goes on until the first byte is there.
enum Running {
    Ours(std::thread::JoinHandle<()>),
    Theirs(std::process::Child),
}

fn started_anew(python: &std::path::Path, script: &std::path::Path, lines: &std::path::Path, path: &str) -> anyhow::Result<Running> {
    let child = Command::new(python).arg(script).arg("send").arg(lines).arg(path).stdin(Stdio::null()).stdout(Stdio::null()).spawn()?;
    Ok(Running::Theirs(child))
}

/// Milliseconds from the order to the first byte at the other end of a pty; the rest is read too.
fn first_byte(order: impl FnOnce(&str) -> anyhow::Result<Running>) -> anyhow::Result<f64> {
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY)?;
    grantpt(&master)?;
    unlockpt(&master)?;
    let path = ptsname(&master, Vec::new())?.into_string()?;
    // Kept open, so that the pty does not hang up between two programs.
    let kept = std::fs::File::options().read(true).write(true).open(&path)?;
    let mut master = std::fs::File::from(master);
    let begun = Instant::now();
    let running = order(&path)?;
    ensure!(master.read(&mut [0; 1])? == 1, "nothing came");
    let took = begun.elapsed().as_secs_f64() * 1_000.0;
    let reader = std::thread::spawn(move || {
        let mut buffer = [0; 4_096];
        while matches!(master.read(&mut buffer), Ok(1..)) {}
    });
    match running {
        Running::Ours(thread) => drop(thread.join()),
        Running::Theirs(mut child) => ensure!(child.wait()?.success(), "python-escpos failed"),
    }
    drop(kept);
    let _ = reader.join();
    Ok(took)
}

fn as_json(lines: &[SlipLine]) -> serde_json::Value {
    let line = |line: &SlipLine| match line {
        SlipLine::Text { text, size, .. } => {
            json!({ "text": text, "wide": if *size == Size::Double { 2 } else { 1 }, "high": if *size == Size::Normal { 1 } else { 2 } })
        }
        SlipLine::Picture { theme, label, .. } => {
            let band = printer::raster::band(*theme, label, 120, 512, false).unwrap_or_default();
            json!({ "width": band.width(), "height": band.height(), "dots": band.bytes() })
        }
        SlipLine::Code(code) => json!({ "code": code }),
    };
    json!(lines.iter().map(line).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_print_the_same_lines() {
        let kiosk = Kiosk::new().unwrap();
        let lines = kiosk.lines();
        assert_eq!(as_json(&lines).as_array().unwrap().len(), lines.len());
        assert!(kiosk.render().unwrap().bytes().len() > 1_000);
    }
}
