//! `passerelle-kiosk`: the kiosk, a picture of any of its screens, and a look at its settings.

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::{Parser, Subcommand};
use directory::clock::{Clock, SystemClock};
use directory::emergency::Numbers;
use directory::vocabulary::Vocabulary;
use kiosk::app::Event;
use kiosk::cells::{Marks, paint};
use kiosk::config::KioskConfig;
use kiosk::data::SharedWords;
use kiosk::legibility::Legibility;
use kiosk::page::{Grid, Look};
use kiosk::phrases::KioskPhrases;
use kiosk::sample::{self, SCREENS, sheet};
use kiosk::screen::show;
use kiosk::speak::{SpeechBook, VoiceEvent, VoiceWorker};
use kiosk::{data, speak, terminal};
use printer::slip_language::SlipLanguage;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// The touch kiosk of Passerelle: pictures, big letters, no keyboard
#[derive(Debug, Parser)]
#[command(name = "passerelle-kiosk", version)]
struct Cli {
    /// The settings file (default: kiosk.toml, where it exists)
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The directory: the copy that the gateway keeps for this kiosk (kiosk.copy in its settings)
    #[arg(long, global = true, value_name = "FILE")]
    db: Option<String>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the kiosk in this terminal (the default)
    Run,
    /// Draw a screen with invented entries, without a terminal
    Snapshot(Snapshot),
    /// Show the settings in force, and what was found
    Check,
}

#[derive(Debug, clap::Args)]
struct Snapshot {
    /// The screen; `sheet` for a picture of most of them, `all` for all of them in that language and look
    #[arg(long)]
    screen: String,
    /// Its size: cells like 64x20 for text, pixels like 1280x800 for a picture
    #[arg(long, default_value = "64x20")]
    size: String,
    /// The grid of a picture, in cells
    #[arg(long, default_value = "64x20")]
    grid: String,
    /// fr, nl, de, en or ar
    #[arg(long, default_value = "fr")]
    lang: String,
    /// White and yellow on black
    #[arg(long)]
    contrast: bool,
    /// Large letters
    #[arg(long)]
    large: bool,
    /// text or png
    #[arg(long, default_value = "text")]
    to: String,
    /// Where to write it; `-` is here
    file: PathBuf,
}

fn main() -> ExitCode {
    db::own::keep_to_ourselves();
    match run(&Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("passerelle-kiosk: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run(cli: &Cli) -> anyhow::Result<()> {
    if let Some(Command::Snapshot(snapshot)) = &cli.command {
        return draw(snapshot);
    }
    let mut config = KioskConfig::read(cli.config.as_deref())?;
    if let Some(file) = &cli.db {
        config.database.file.clone_from(file);
    }
    if matches!(cli.command, Some(Command::Check)) {
        return check(&config);
    }
    overwrite_freed_memory();
    Ok(terminal::run(&config)?)
}

/// Whatever is freed is overwritten from here on, so that nothing of a visitor stays in memory after they have gone: by
/// glibc's own means (its tunables), which it takes from its surroundings at start and nowhere else. What it keeps for
/// quick reuse (`tcache`) it would not overwrite.
fn overwrite_freed_memory() {
    const MEANS: &str = "GLIBC_TUNABLES";
    const OURS: &str = "glibc.malloc.perturb=165:glibc.malloc.tcache_count=0";
    let set = std::env::var_os(MEANS).unwrap_or_default();
    if set.to_string_lossy().contains("glibc.malloc.perturb") {
        return;
    }
    let all = if set.is_empty() { OURS.to_owned() } else { format!("{}:{OURS}", set.to_string_lossy()) };
    if let Ok(own) = std::env::current_exe() {
        // Where it cannot be started anew it goes on as it is.
        let _ = std::process::Command::new(own).args(std::env::args_os().skip(1)).env(MEANS, all).exec();
    }
}

fn sizes(text: &str) -> anyhow::Result<(u16, u16)> {
    let sides = text.split_once('x').and_then(|(wide, high)| Some((wide.parse().ok()?, high.parse().ok()?)));
    sides.filter(|(wide, high)| *wide > 0 && *high > 0).with_context(|| format!("{text} is no size: write it like 64x20"))
}

fn draw(snapshot: &Snapshot) -> anyhow::Result<()> {
    let language = SlipLanguage::from_code(&snapshot.lang).with_context(|| format!("there is no language {}: fr, nl, de, en or ar", snapshot.lang))?;
    let is_picture = match snapshot.to.as_str() {
        "text" => false,
        "png" => true,
        other => anyhow::bail!("--to {other}: text or png"),
    };
    let (columns, rows) = sizes(if is_picture { &snapshot.grid } else { &snapshot.size })?;
    let (vocabulary, phrases) = (Vocabulary::shipped()?, KioskPhrases::shipped()?);
    let look = Look { high_contrast: snapshot.contrast, large: snapshot.large };
    let sheet = match snapshot.screen.as_str() {
        "sheet" => Some(sheet::of_most(&vocabulary, &phrases)),
        "all" => Some(sheet::of_all(language, Grid { columns, rows }, look, &vocabulary, &phrases)),
        _ => None,
    };
    if let Some(sheet) = sheet {
        return write(&snapshot.file, &sheet.png()?);
    }
    let app = sample::at(&snapshot.screen, language, Grid { columns, rows }, look, &vocabulary, &phrases)
        .with_context(|| format!("there is no screen {}: {}", snapshot.screen, SCREENS.join(", ")))?;
    let page = show(&app, &phrases);
    let bytes = if is_picture {
        let (width, height) = sizes(&snapshot.size)?;
        kiosk::picture::paint(&page, Marks::default(), width, height).png()?
    } else {
        let mut buffer = Buffer::empty(Rect::new(0, 0, page.grid.columns, page.grid.rows));
        paint(&page, Marks::default(), &mut buffer);
        let line = |row| (0..page.grid.columns).filter_map(|column| buffer.cell((column, row)).map(|cell| cell.symbol().to_owned())).collect::<String>();
        (0..page.grid.rows).map(|row| line(row).trim_end().to_owned() + "\n").collect::<String>().into_bytes()
    };
    write(&snapshot.file, &bytes)
}

fn write(file: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    if file.as_os_str() == "-" {
        return Ok(std::io::Write::write_all(&mut std::io::stdout(), bytes)?);
    }
    std::fs::write(file, bytes).with_context(|| format!("{} cannot be written", file.display()))
}

fn check(config: &KioskConfig) -> anyhow::Result<()> {
    let words = SharedWords::shipped()?;
    let (sender, told) = std::sync::mpsc::channel();
    let _worker = data::open(config, &words, move |said| drop(sender.send(said)))?;
    let directory = match told.recv() {
        Ok(Ok(Event::Directory(directory))) => directory,
        Ok(Err(error)) => return Err(error.into()),
        _ => anyhow::bail!("the machine gives no thread"),
    };
    let place = terminal::place(config, &words)?;
    let (columns, rows) = crossterm::terminal::size().unwrap_or((0, 0));
    say(&format!("place      {}", if place.name.is_empty() { "(no name: set place)" } else { &place.name }));
    say(&format!("directory  {}{}", config.database.file, if directory.is_demo { " (invented entries)" } else { "" }));
    say(&format!("languages  {}", place.languages.iter().map(|language| language.code()).collect::<Vec<_>>().join(" ")));
    say(&format!("screen     {columns} x {rows} cells{}", if columns < 40 || rows < 12 { ": too small, at least 40 x 12" } else { "" }));
    match terminal::letters(config, Grid { columns, rows }, true) {
        Some((capital, legibility)) => {
            say(&format!("letters    {capital:.1} mm, read from {:.0} mm; {:.1} mm are needed", Legibility::farthest_mm(capital), legibility.needed_mm()));
        }
        None => say("letters    not known: set screen.diagonal_in"),
    }
    say(&format!("minutes    {}", if config.home.position.is_some() { "from home.position" } else { "none: set home.position = [latitude, longitude]" }));
    say(&format!("desk       {}", place.desk.map_or("none: set desk.phone".to_owned(), |(name, phone)| format!("{name}, {phone}"))));
    say(&format!("emergency  {}", unverified(config)?));
    match &config.printer.address {
        None => say("printer    none: set printer.address and printer.profile"),
        Some(address) => {
            let mut device = printer::device::open(&address.parse()?, printer::job::OPEN).with_context(|| format!("printer {address}"))?;
            let state = printer::job::ask(device.as_mut(), &printer::job::PrintTimeouts::default());
            say(&format!("printer    {address}: {}", state.map_or_else(|error| error.to_string(), |state| format!("{state:?}"))));
        }
    }
    say(&format!("touch      {}", touch(config)));
    say(&format!("handset    {}", config.handset.device.as_deref().unwrap_or("none: set handset.device")));
    say(&format!("voice      {}", voice(config, &place.languages)));
    let book = SpeechBook::new(&words.phrases, &place.doors, config.voice.recordings.as_deref().map(Path::new));
    say(&format!("recordings {}", config.voice.recordings.as_ref().map_or("none".to_owned(), |folder| format!("{} in {folder}", book.recorded()))));
    Ok(())
}

fn touch(config: &KioskConfig) -> String {
    let Some(path) = &config.touch.device else { return "as the terminal tells it".to_owned() };
    match config.touch.range {
        Some(_) if Path::new(path).exists() => format!("{path}, with the range of the settings"),
        Some(_) => format!("{path} is not there"),
        None => kiosk::device::range(Path::new(path)).map_or_else(|error| error.to_string(), |range| format!("{path}: {range:?}")),
    }
}

/// The emergency numbers that are shown though nobody verified them within a year.
fn unverified(config: &KioskConfig) -> anyhow::Result<String> {
    let today = SystemClock.now().date_naive();
    let mut numbers = Numbers::shipped()?;
    numbers.apply(&config.emergency, today)?;
    let unverified = numbers.unverified(today);
    Ok(if unverified.is_empty() {
        "all numbers verified within a year".to_owned()
    } else {
        format!("{} numbers not verified: {}: call each, then set [emergency.verified] (see README)", unverified.len(), unverified.join(", "))
    })
}

/// The languages that can be spoken. Listing voices takes seconds.
fn voice(config: &KioskConfig, languages: &[SlipLanguage]) -> String {
    const SLOWEST: std::time::Duration = std::time::Duration::from_mins(1);
    let settings = &config.voice;
    let name = if settings.command.is_empty() { "speech-dispatcher" } else { "voice.command" };
    if speak::make(settings).is_none() {
        return if settings.off { "off".to_owned() } else { "none in this build: scripts/kiosk and scripts/kiosk-install build one".to_owned() };
    }
    let (sender, heard) = std::sync::mpsc::channel();
    let _speaker = VoiceWorker::start(settings, languages, SpeechBook::default(), move |told| drop(sender.send(told)));
    let mut found = Vec::new();
    while found.len() < languages.len() {
        match heard.recv_timeout(SLOWEST) {
            Ok(VoiceEvent::Voice(languages)) => found = languages,
            Ok(VoiceEvent::Lost(why)) => return why,
            Ok(VoiceEvent::Reading { .. }) => {}
            Err(_) => break,
        }
    }
    format!("{name}: {}", found.iter().map(|language| language.code()).collect::<Vec<_>>().join(" "))
}

#[expect(clippy::print_stderr, reason = "the program's one way to speak outside its screen")]
fn say(line: &str) {
    eprintln!("{line}");
}
