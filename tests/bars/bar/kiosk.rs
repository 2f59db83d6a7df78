//! S7 and the kiosk's S9: from a key to a screen that holds still, and from the start to the first one.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use harness::pty::Pty;
use harness::sound::Sound;

use super::start::hello;
use crate::bench::{Bench, Said, middle};
use crate::line::{Bar, Figure};
use crate::process::{Process, output_of};
use crate::stats::{float, median, percentile};

/// A screen that does not change for so long holds still.
pub const QUIET: Duration = Duration::from_millis(120);

/// A screen that takes longer has failed.
const PATIENCE: Duration = Duration::from_secs(20);

/// The same cells for both.
const GRID: (u16, u16) = (64, 20);

/// A visit by number pad: language, doors, lists, more, entries, ticket, agenda, the other doors, help, home.
pub const VISIT: &str = "111818*8281*47**6777*1**824*13*0*9";

/// What a visitor would type into fzf, letter by letter; `\u{15}` empties the line.
const TYPED: [&str; 6] = ["manger 1030\u{15}", "yoga 1050\u{15}", "colis 1000\u{15}", "eten 1030\u{15}", "bibliotheque\u{15}", "velo 4000\u{15}"];

/// Starts of each program in a round.
const STARTS: usize = 10;

/// The kiosk's program, beside this one.
fn program() -> anyhow::Result<PathBuf> {
    let program = std::env::current_exe()?.with_file_name("passerelle-kiosk");
    ensure!(program.exists(), "{} is missing: scripts/bars builds it", program.display());
    Ok(program)
}

/// The kiosk on a copy of the directory, as installed: a place, a postal code, no printer. The voice is measured by itself.
fn kiosk(bench: &Bench, database: &Path, paint: &str, more: &str) -> anyhow::Result<Command> {
    let settings = bench.folder.join(format!("kiosk-{paint}.toml"));
    let text =
        format!("place = \"Bars\"\n[home]\npostal_code = \"1030\"\n[database]\nfile = \"{}\"\n[screen]\npaint = \"{paint}\"\n{more}\n", database.display());
    fs::write(&settings, text)?;
    let mut command = Command::new(program()?);
    command.arg("--config").arg(settings);
    // As the appliance's loop sets it; without it the program starts itself anew with it.
    command.env("GLIBC_TUNABLES", "glibc.malloc.perturb=165:glibc.malloc.tcache_count=0");
    Ok(command)
}

const SILENT: &str = "[voice]\noff = true";

/// The kiosk in cells, without a voice.
pub fn kiosk_in_cells(bench: &Bench, database: &Path) -> anyhow::Result<Command> {
    kiosk(bench, database, "cells", SILENT)
}

/// Milliseconds and bytes of each key.
type Keys = Vec<(f64, f64)>;

fn keys(terminal: &mut Pty, keys: impl IntoIterator<Item = char>) -> anyhow::Result<Keys> {
    let mut all = Vec::new();
    for key in keys {
        terminal.send(key.to_string().as_bytes())?;
        // Some keys change nothing on the page on which they are pressed: they are no figure.
        if let Some((took, bytes)) = terminal.settled(QUIET, Duration::from_millis(500)) {
            all.push((took.as_secs_f64() * 1_000.0, float(bytes)));
        }
    }
    Ok(all)
}

fn bytes(keys: &Keys) -> f64 {
    keys.iter().map(|(_, bytes)| bytes).sum::<f64>() / float(keys.len())
}

fn p99(keys: &Keys) -> f64 {
    worst(keys.iter().map(|(took, _)| *took).collect())
}

/// The time that one in a hundred exceeds.
fn worst(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    percentile(&times, 99)
}

/// A key of the kiosk against a letter typed into fzf, on as many entries, in the same terminal that only counts: to the
/// last byte, after which nothing comes for 120 ms. Both are given one key at a time.
pub fn s7(bench: &Bench) -> anyhow::Result<Vec<Said>> {
    if output_of(Command::new("fzf").arg("--version")).is_err() {
        return Ok(vec![Said::NotRun("S7", "fzf is not installed".to_owned())]);
    }
    let table = bench.territory.table(bench.plan.records)?;
    let copy = bench.territory.copy_for_kiosk(bench.plan.records, "s7")?;
    let visits = if bench.plan.is_quick { 1 } else { 4 };
    let rounds = bench.rounds("S7", bench.plan.control, |_| {
        let mut fzf = Command::new("sh");
        fzf.arg("-c").arg(format!("exec fzf < '{}' 2>/dev/tty", table.display()));
        let mut fzf = Pty::start(&fzf, GRID.0, GRID.1)?;
        fzf.settled(Duration::from_secs(1), PATIENCE).context("fzf shows nothing")?;
        let theirs = keys(&mut fzf, TYPED.iter().flat_map(|word| word.chars()))?;
        drop(fzf);
        let mut ours = Vec::new();
        let mut kiosk = Pty::start(&kiosk(bench, copy.path(), "cells", SILENT)?, GRID.0, GRID.1)?;
        kiosk.settled(QUIET, PATIENCE).context("the kiosk shows nothing")?;
        for _ in 0..visits {
            ours.extend(keys(&mut kiosk, VISIT.chars())?);
        }
        ensure!(ours.len() > visits * VISIT.len() / 2, "the kiosk does not answer its keys: {} of {}", ours.len(), visits * VISIT.len());
        Ok([p99(&ours), p99(&theirs), bytes(&ours), bytes(&theirs)])
    })?;
    let figure = |which: usize| middle(&rounds, |(_, figures)| figures[which]);
    let (ours, theirs) = (figure(2), figure(3));
    let mut said = vec![
        bench.line("S7 p99", Figure::Millis(figure(0)), ("fzf", Figure::Millis(figure(1))), Bar::AtMost(0.25)),
        bench.line("S7 bytes", Figure::Ratio(ours), ("fzf", Figure::Ratio(theirs)), Bar::AtMost(0.5)),
        Said::Told(format!("S7: bytes of a key, in the mean, ours {ours:.0}, fzf {theirs:.0}")),
    ];
    said.extend(pictures(bench, copy.path())?);
    Ok(said)
}

/// With pictures, in an xterm on a display of its own: to the moment at which xterm has worked off all that it was sent.
fn pictures(bench: &Bench, database: &Path) -> anyhow::Result<Vec<Said>> {
    for tool in ["Xvfb", "xterm"] {
        if Command::new(tool).arg("-version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_err() {
            return Ok(vec![Said::NotRun("S7 pictures", format!("{tool} is not installed"))]);
        }
    }
    let rounds = bench.rounds("S7 pictures", bench.plan.control, |_| {
        let figures = bench.folder.join("relay.txt");
        let _ = fs::remove_file(&figures);
        let command = kiosk(bench, database, "pictures", SILENT)?;
        let mut server = Command::new("Xvfb");
        server.args(["-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp"]);
        let log = bench.folder.join("xvfb.log");
        let _server = Process::start(&mut server, &log)?;
        let display = || fs::read_to_string(&log).unwrap_or_default().lines().find_map(|line| line.trim().parse::<u32>().ok());
        wait("the display", || display().is_some())?;
        let mut xterm = Command::new("xterm");
        xterm.env("DISPLAY", format!(":{}", display().unwrap_or_default()));
        xterm.args(["-ti", "vt340", "-fa", "DejaVu Sans Mono:pixelsize=31", "-bw", "0", "-b", "0", "+sb", "-geometry", "64x21+0+0"]);
        xterm.args(["-xrm", "XTerm*numColorRegisters: 1024", "-xrm", "XTerm*maxGraphicSize: 1280x800", "-e"]);
        xterm.arg(std::env::current_exe()?).arg("relay").arg(&figures).arg(VISIT).arg(command.get_program()).args(command.get_args());
        let _xterm = Process::start(&mut xterm, &bench.folder.join("xterm.log"))?;
        wait("the kiosk in xterm", || fs::read_to_string(&figures).is_ok_and(|text| text.ends_with("end\n")))?;
        let text = fs::read_to_string(&figures)?;
        let mut numbers: Vec<f64> = text.lines().filter_map(|line| line.parse().ok()).collect();
        ensure!(numbers.len() > VISIT.len() / 2, "the kiosk in xterm does not answer its keys: {text}");
        // First, the first paint; last, the processor's share while nothing happens.
        let (first, idle) = (numbers.remove(0), numbers.pop().unwrap_or(f64::NAN));
        Ok([worst(numbers), first, idle])
    })?;
    let figure = |which: usize| middle(&rounds, |(_, figures)| figures[which]);
    Ok(vec![
        bench.line("S7 pictures p99", Figure::Millis(figure(0)), ("", Figure::None), Bar::AtMost(150.0)),
        bench.line("first pictures", Figure::Millis(figure(1)), ("", Figure::None), Bar::AtMost(1_000.0)),
        bench.line("idle CPU, 1 is 100 %", Figure::Ratio(figure(2)), ("", Figure::None), Bar::AtMost(0.01)),
    ])
}

fn wait(what: &str, is_so: impl Fn() -> bool) -> anyhow::Result<()> {
    let begun = Instant::now();
    while !is_so() {
        ensure!(begun.elapsed() < Duration::from_mins(2), "{what} did not come");
        crate::process::pause();
    }
    Ok(())
}

/// From `exec` to the last words of the first screen, in cells, on a directory that lies on the disk and in its cache;
/// hello to its first answer. In turns.
pub fn start(bench: &Bench) -> anyhow::Result<Vec<Said>> {
    let copy = bench.territory.copy_for_kiosk(bench.plan.records, "kiosk")?;
    let rounds = bench.rounds("S9 kiosk", bench.plan.control, |_| {
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for _ in 0..STARTS {
            theirs.push(hello(bench)?);
            let kiosk = Pty::start(&kiosk(bench, copy.path(), "cells", SILENT)?, GRID.0, GRID.1)?;
            // The place's name is the last thing on the first screen.
            let took = kiosk.until("Bars", PATIENCE).context("the kiosk shows nothing")?;
            ours.push(took.as_secs_f64() * 1_000.0);
        }
        Ok((median(ours), median(theirs)))
    })?;
    let ours = middle(&rounds, |(_, (ours, _))| *ours);
    let theirs = middle(&rounds, |(_, (_, theirs))| *theirs);
    Ok(vec![bench.line("S9 kiosk", Figure::Millis(ours), ("axum hello", Figure::Millis(theirs)), Bar::AtMost(2.0))])
}

/// The voice is cut within 200 ms of a key, and neither a dead nor a frozen daemon holds a touch up.
pub fn voice(bench: &Bench) -> anyhow::Result<Vec<Said>> {
    if !cfg!(feature = "speech") {
        return Ok(vec![Said::NotRun("voice", "built without the feature speech".to_owned())]);
    }
    let folder = bench.folder.join("sound");
    let _ = fs::remove_dir_all(&folder);
    let runtime = tokio::runtime::Runtime::new()?;
    let Some(sound) = runtime.block_on(Sound::start(folder)) else {
        return Ok(vec![Said::NotRun("voice", "no sound server or no speech-dispatcher".to_owned())]);
    };
    let copy = bench.territory.copy_for_kiosk(bench.plan.records, "voice")?;
    let mut command = kiosk(bench, copy.path(), "cells", "")?;
    command.envs(sound.surroundings());
    let mut kiosk = Pty::start(&command, GRID.0, GRID.1)?;
    kiosk.settled(QUIET, PATIENCE).context("the kiosk shows nothing")?;
    // Until all its voices are there.
    kiosk.send(b"1")?;
    kiosk.settled(QUIET, PATIENCE);
    wait("the voice", || sound.dispatchers().len() >= 2)?;
    kiosk.send(b"1")?;
    kiosk.settled(Duration::from_secs(15), Duration::from_secs(30));
    let mut cuts = Vec::new();
    for round in 0..if bench.plan.is_quick { 3 } else { 10 } {
        sound.listen();
        kiosk.send(b"#")?;
        wait("a sound", || sound.loud() > Duration::from_millis(400))?;
        let touched = Instant::now();
        kiosk.send(b"8")?;
        kiosk.settled(Duration::from_millis(700), Duration::from_secs(2));
        let last = sound.last_loud().context("nothing was heard")?;
        cuts.push(last.saturating_duration_since(touched).as_secs_f64() * 1_000.0);
        eprintln!("voice {}: cut after {:.0} ms", round + 1, cuts.last().copied().unwrap_or_default());
    }
    let mut slow: f64 = 0.0;
    for signal in ["STOP", "KILL"] {
        kiosk.send(b"#")?;
        wait("a sound", || sound.loud() > Duration::from_millis(400))?;
        sound.signal(signal);
        slow = slow.max(keys(&mut kiosk, "81*8".chars())?.iter().map(|(took, _)| *took).fold(0.0, f64::max));
    }
    Ok(vec![
        bench.line("voice cut, worst", Figure::Millis(cuts.iter().copied().fold(0.0, f64::max)), ("", Figure::None), Bar::AtMost(200.0)),
        bench.line("touch, no voice", Figure::Millis(slow), ("", Figure::None), Bar::AtMost(100.0)),
    ])
}
