//! Between xterm and the kiosk: passes on what both say, presses keys, and knows when xterm has worked off all of it.

use std::fs::{self, File};
use std::io::{Read, Write, stdin, stdout};
use std::path::Path;
use std::process::Command;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use harness::pty::Pty;
use rustix::termios::{OptionalActions, tcgetattr, tcgetwinsize, tcsetattr};

/// A screen that does not change for so long holds still.
const QUIET: Duration = Duration::from_millis(150);

/// xterm is asked what it is (secondary device attributes, which the kiosk does not ask for), and answers when it has
/// come so far: `ESC [ > 41 ; 379 ; 0 c`.
const ASK: &[u8] = b"\x1b[>c";
const ANSWER: &[u8] = b"\x1b[>";
const ANSWERED: u8 = b'c';

/// How long the processor's share of a kiosk that nobody touches is measured.
const IDLE: Duration = Duration::from_secs(14);

/// Runs a program in the terminal at hand and writes into a file, a line each: milliseconds to the first screen, those of
/// each key, and the share of a processor that it takes when nothing happens; then `end`.
pub fn relay(figures: &Path, keys: &str, command: &Command) -> anyhow::Result<()> {
    let before = tcgetattr(stdin())?;
    let mut raw = before.clone();
    raw.make_raw();
    tcsetattr(stdin(), OptionalActions::Now, &raw)?;
    let mut out = File::create(figures)?;
    let size = tcgetwinsize(stdin())?;
    let mut terminal = Pty::start(command, size.ws_col, size.ws_row)?;
    terminal.sized(size)?;
    let (sender, answers) = channel();
    let mut to_kiosk = terminal.typing()?;
    std::thread::spawn(move || {
        let mut bytes = [0; 4_096];
        while let Ok(length @ 1..) = stdin().lock().read(&mut bytes) {
            let mut said = bytes[..length].to_vec();
            // The answer may come together with what the kiosk asked for.
            while let Some(place) = said.windows(ANSWER.len()).position(|window| window == ANSWER) {
                let length = said.iter().skip(place).position(|byte| *byte == ANSWERED).map_or(said.len() - place, |end| end + 1);
                said.drain(place..place + length);
                if sender.send(()).is_err() {
                    return;
                }
            }
            if to_kiosk.write_all(&said).is_err() {
                return;
            }
        }
    });
    let begun = Instant::now();
    writeln!(out, "{}", shown(&mut terminal, begun, Duration::from_secs(30), &answers)?.context("nothing is shown")?)?;
    for key in keys.chars() {
        let begun = Instant::now();
        terminal.send(key.to_string().as_bytes())?;
        if let Some(took) = shown(&mut terminal, begun, Duration::from_secs(2), &answers)? {
            writeln!(out, "{took}")?;
        }
    }
    let spent = cpu(terminal.process())?;
    let begun = Instant::now();
    while begun.elapsed() < IDLE {
        pass_on(&mut terminal, Duration::from_millis(500))?;
    }
    writeln!(out, "{}", (cpu(terminal.process())? - spent) / begun.elapsed().as_secs_f64())?;
    writeln!(out, "end")?;
    Ok(tcsetattr(stdin(), OptionalActions::Now, &before)?)
}

/// Passes on what the kiosk writes until it holds still; milliseconds until xterm had worked it off.
fn shown(terminal: &mut Pty, begun: Instant, patience: Duration, answers: &Receiver<()>) -> anyhow::Result<Option<f64>> {
    let mut last = None;
    loop {
        let left = if last.is_some() { QUIET } else { patience.saturating_sub(begun.elapsed()) };
        if !pass_on(terminal, left)? {
            return Ok(last);
        }
        stdout().write_all(ASK)?;
        stdout().flush()?;
        // What comes meanwhile is passed on at the next turn.
        answers.recv_timeout(Duration::from_secs(5)).context("xterm does not answer")?;
        last = Some(begun.elapsed().as_secs_f64() * 1_000.0);
    }
}

/// Waits so long for something written, and passes all of it on; false where nothing came.
fn pass_on(terminal: &mut Pty, wait: Duration) -> anyhow::Result<bool> {
    let written = terminal.written(wait);
    stdout().write_all(&written)?;
    stdout().flush()?;
    Ok(!written.is_empty())
}

/// Seconds of processor.
fn cpu(process: u32) -> anyhow::Result<f64> {
    let text = fs::read_to_string(format!("/proc/{process}/stat"))?;
    let (_, behind) = text.rsplit_once(')').context("/proc/PID/stat without a name")?;
    let ticks: Vec<f64> = behind.split_whitespace().skip(11).take(2).filter_map(|field| field.parse().ok()).collect();
    ensure!(ticks.len() == 2, "/proc/PID/stat without times");
    Ok(ticks.iter().sum::<f64>() / 100.0)
}
