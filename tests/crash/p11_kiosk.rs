//! P11: the kiosk never shows a visitor anything of the one before, and never leaves its screens.

use std::time::{Duration, Instant};

use directory::need::Need;
use directory::vocabulary::Vocabulary;
use harness::chance::Chance;
use harness::home::{Home, Kind};
use harness::kiosk::{SILENT, settings};
use harness::memory;
use harness::program::{self, run};
use harness::pty::Pty;
use harness::scale::Scale;
use harness::thermal::Thermal;
use kiosk::app::{
    App, Behind, Detail, DirectoryAnswer, DirectoryQuery, DirectoryStatus, Effect, Event, Item, KioskMoment, PrintOutcome, ReadingPosition, Screen, SlipResult,
};
use kiosk::cells::{Marks, paint};
use kiosk::page::{Grid, Key};
use kiosk::phrases::KioskPhrases;
use kiosk::sample;
use kiosk::screen::show;
use printer::slip_language::SlipLanguage;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// A word that no other entry has.
const CANARY: &str = "Zorgvlietqx";

/// Whatever takes longer has failed.
const PATIENCE: Duration = Duration::from_mins(1);

/// A number to be called back.
const NUMBER: &str = "0470998877";

const QUIET: Duration = Duration::from_millis(150);

/// A kiosk without a terminal: events of every kind, each followed by a painted screen; after a while without any it is
/// home, and as if nobody had been there.
#[test]
fn p11_random_events_lead_home() {
    let events = Scale::of_this_run().pick(30_000, 1_000_000);
    let (vocabulary, phrases) = (Vocabulary::shipped().unwrap(), KioskPhrases::shipped().unwrap());
    let mut chance = Chance::new(11);
    let mut at = Duration::ZERO;
    let moment = |at| KioskMoment { at, local: "2026-10-13T14:05:00".parse().unwrap() };
    let mut app = App::new(sample::place(&vocabulary, &phrases), Grid { columns: 64, rows: 20 }, moment(at));
    app.update(Event::Voice(SlipLanguage::ALL.to_vec()), moment(at));
    app.update(Event::Directory(DirectoryStatus { is_demo: true, calls_back: true }), moment(at));
    let (mut asked, mut printed, mut said, mut called) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut calls = 0;
    let (mut homes, mut visits) = (0, 0);
    for _ in 0..events {
        at += Duration::from_millis(u64::try_from(chance.below(3_000)).unwrap());
        let event = any(&mut chance, &asked, &printed, &said, &called);
        for effect in app.update(event, moment(at)) {
            match effect {
                Effect::Ask { asked: number, query, .. } => asked.push((number, query)),
                Effect::Print { printed: number, .. } => printed.push(number),
                Effect::Say(aloud) => said.push(aloud.said),
                Effect::Call { called: number, .. } => {
                    calls += 1;
                    called.push(number);
                }
                _ => {}
            }
        }
        let page = show(&app, &phrases);
        let mut buffer = Buffer::empty(Rect::new(0, 0, page.grid.columns, page.grid.rows));
        paint(&page, Marks { pressed: None, lit: app.lit() }, &mut buffer);
        // Now and then they go without a word.
        if chance.below(400) == 0 {
            visits += u32::from(app.visit.screen() != Screen::Attract);
            // Whoever waits for paper is waited for longer.
            for pause in [61, 31, 61, 31, 61, 31] {
                at += Duration::from_secs(pause);
                app.update(Event::Tick, moment(at));
            }
            // What they asked for comes late.
            for (number, query) in asked.drain(..) {
                app.update(found(number, query, &mut chance), moment(at));
            }
            for printed in printed.drain(..) {
                app.update(Event::Paper { printed, paper: paper() }, moment(at));
            }
            for called in called.drain(..) {
                app.update(Event::Called { called, is_noted: true }, moment(at));
            }
            let shown = format!("{:?} {:?}", app.visit, show(&app, &phrases));
            let is_home = app.visit.screen() == Screen::Attract && !shown.contains(CANARY) && !shown.contains("Large(\"Son num") && app.visit.number.is_empty();
            homes += u32::from(is_home);
            assert!(is_home, "{shown}");
        }
    }
    println!("P11 events: {events}, panics 0, visits left {visits}, calls asked for {calls}, home and forgotten {homes}");
    assert!(visits > 10 && calls > 0);
}

fn any(chance: &mut Chance, asked: &[(u64, DirectoryQuery)], printed: &[u64], said: &[u64], called: &[u64]) -> Event {
    let number = |chance: &mut Chance, most: usize| u8::try_from(chance.below(most)).unwrap();
    match chance.below(40) {
        0 => Event::Resize(Grid { columns: 1 + u16::from(number(chance, 200)), rows: 1 + u16::from(number(chance, 80)) }),
        1 => Event::Tick,
        2 => Event::Handset { lifted: chance.below(2) == 0 },
        3 => Event::Voice(if chance.below(3) == 0 { Vec::new() } else { SlipLanguage::ALL.to_vec() }),
        4 | 5 if !said.is_empty() => {
            Event::Reading { said: said[said.len() - 1], at: (chance.below(3) > 0).then(|| ReadingPosition { part: Some(usize::from(number(chance, 12))) }) }
        }
        6 if !printed.is_empty() => Event::Paper { printed: printed[printed.len() - 1], paper: paper() },
        7..=16 if !asked.is_empty() => {
            let (number, query) = asked[asked.len() - 1];
            found(number, query, chance)
        }
        17 => Event::Key(Key::Star),
        18 => Event::Key(Key::Hash),
        19 => Event::Key(*chance.one_of(&[Key::Large, Key::Contrast, Key::Volume, Key::Plus, Key::Minus])),
        20 => Event::Key(Key::Day(number(chance, 255))),
        21 if !called.is_empty() => Event::Called { called: called[called.len() - 1], is_noted: chance.below(2) == 0 },
        22 => Event::Directory(DirectoryStatus { is_demo: chance.below(2) == 0, calls_back: chance.below(8) > 0 }),
        23 => Event::Key(*chance.one_of(&[Key::Leave, Key::Done])),
        _ => Event::Key(Key::Digit(number(chance, 10))),
    }
}

fn paper() -> SlipResult {
    SlipResult { outcome: PrintOutcome::Printed, ticket: Some("7 4 2 1 3".to_owned()) }
}

fn found(asked: u64, query: DirectoryQuery, chance: &mut Chance) -> Event {
    let item = |code: &str| Item {
        code: directory::code::Code::parse(code).unwrap(),
        name: CANARY.to_owned(),
        status: String::new(),
        practical: String::new(),
        what: None,
        restriction: None,
        picture: None,
        minutes: Some(4),
    };
    let answer = match query {
        _ if chance.below(10) == 0 => DirectoryAnswer::Trouble,
        DirectoryQuery::Card(_) => DirectoryAnswer::Card(Box::new(Detail { item: item("7G7KC"), lines: vec![CANARY.to_owned()] })),
        DirectoryQuery::Door { part: Behind::First, .. } if chance.below(2) == 0 => DirectoryAnswer::Needs(Need::all().take(chance.below(7)).collect()),
        _ => DirectoryAnswer::List((0..chance.below(9)).map(|number| item(if number % 2 == 0 { "7G7KC" } else { "2HB74" })).collect()),
    };
    Event::Found { asked, answer }
}

async fn directory() -> Home {
    let home = Home::new(Kind::Sqlite);
    let table = program::directory_table(80);
    let first = "La Louche Bleue";
    assert!(table.contains(first));
    let file = home.folder().join("entries.csv");
    std::fs::write(&file, table.replace(first, CANARY)).unwrap();
    let output = run(&home, &[], ["import".as_ref(), "csv".as_ref(), file.as_os_str()]).await;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    // Any key will do: nobody opens these letters.
    let store = db::Store::open(&harness::kiosk::copy(&home).await.file()).await.unwrap();
    store.set_sealing_key(Some(&[9; 32])).await.unwrap();
    store.close().await;
    home
}

fn start(home: &Home, thermal: &Thermal) -> Pty {
    let mut command = std::process::Command::new(program::kiosk());
    command.arg("--config").arg(settings(home, thermal, "cells", SILENT));
    let kiosk = Pty::start(&command, 64, 20).unwrap();
    kiosk.settled(QUIET, PATIENCE).unwrap();
    kiosk
}

/// The real program: what a visitor saw, chose and printed is in its memory, and no more when they have gone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p11_memory_holds_nothing_of_who_has_gone() {
    let (home, thermal) = (directory().await, Thermal::new());
    let mut kiosk = start(&home, &thermal);
    let visits = Scale::of_this_run().pick(2, 20);
    let (mut before, mut typed) = (Vec::new(), Vec::new());
    for _ in 0..visits {
        for key in ["1", "1", "1", "1", "1", "7", "7"] {
            kiosk.send(key.as_bytes()).unwrap();
            kiosk.settled(QUIET, PATIENCE).unwrap_or_else(|| panic!("nothing is shown after {key}"));
        }
        let begun = Instant::now();
        while !kiosk.text().contains("Prenez") {
            assert!(begun.elapsed() < PATIENCE, "no slip: {}", kiosk.text());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        before.push(memory::count(kiosk.process(), CANARY.as_bytes()));
        // A number, key by key, looked at and handed on.
        for key in "02".chars().chain(NUMBER.chars()).chain("#".chars()) {
            kiosk.send(key.to_string().as_bytes()).unwrap();
            kiosk.settled(QUIET, PATIENCE).unwrap_or_else(|| panic!("nothing is shown after {key}"));
        }
        typed.push(memory::count(kiosk.process(), NUMBER.as_bytes()));
        kiosk.send(b"1").unwrap();
        kiosk.settled(QUIET, PATIENCE).unwrap();
        kiosk.send(b"9").unwrap();
        kiosk.settled(QUIET, PATIENCE).unwrap();
        let begun = Instant::now();
        // What was read is forgotten by the thread that reads.
        let mut left = usize::MAX;
        while left > 0 && begun.elapsed() < Duration::from_secs(10) {
            // As it was typed, and as it is dialled.
            left = [CANARY, NUMBER, &NUMBER[1..]].map(|needle| memory::count(kiosk.process(), needle.as_bytes())).iter().sum();
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert_eq!(left, 0, "P11 memory: {before:?} times while it was shown, and still there after");
    }
    println!("P11 memory: {visits} visits, an entry found {before:?} times while it was shown, a number {typed:?} times while it was typed, 0 times after");
    assert!(before.iter().chain(&typed).all(|found| *found > 0), "the search finds nothing where there is something: {before:?}, {typed:?}");
    let letters = home.kiosk_copy().number("SELECT count(*) FROM letter").await;
    assert_eq!(letters, i64::try_from(visits).unwrap());
}

/// The real program under floods: keys, touches, sequences that are cut and sequences that mean nothing, other sizes,
/// signals. It stays, and answers afterwards.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p11_floods_do_not_end_it() {
    let scale = Scale::of_this_run();
    let rounds = scale.pick(60, 3_000);
    let (home, thermal) = (directory().await, Thermal::new());
    let mut kiosk = start(&home, &thermal);
    let mut chance = Chance::new(1_111);
    let mut sent = 0;
    for round in 0..rounds {
        let mut bytes = Vec::new();
        for _ in 0..100 {
            match chance.below(8) {
                0..=2 => bytes.push(*chance.one_of(b"0123456789*#+-")),
                3 => {
                    let (column, row) = (1 + chance.below(70), 1 + chance.below(25));
                    for end in ["M", "m"] {
                        bytes.extend(format!("\x1b[<0;{column};{row}{end}").bytes());
                    }
                }
                4 => bytes.extend(b"\x1b[<0;99999;-3M"),
                5 => bytes.extend((0..chance.below(12)).map(|_| *chance.one_of(b"\x1b[]OP;:~$\x07\x00"))),
                6 => bytes.extend("é٣界\u{200f}".bytes()),
                // No key ends a kiosk but Ctrl-C, which a locked one does not know: not sent here.
                _ => bytes.push(u8::try_from(chance.below(256)).unwrap().max(4)),
            }
        }
        sent += 100;
        kiosk.send(&bytes).unwrap();
        if round % 10 == 0 {
            let (columns, rows) = (u16::try_from(1 + chance.below(150)).unwrap(), u16::try_from(1 + chance.below(60)).unwrap());
            kiosk.resize(columns, rows).unwrap();
            for signal in ["WINCH", "CONT", "URG"] {
                std::process::Command::new("kill").args(["-s", signal, &kiosk.process().to_string()]).status().unwrap();
            }
        }
        kiosk.settled(Duration::from_millis(20), Duration::from_millis(300));
        assert!(kiosk.runs(), "it ended after {sent} events: {}", kiosk.text());
    }
    kiosk.resize(64, 20).unwrap();
    kiosk.settled(QUIET, Duration::from_secs(2));
    // Whatever it shows, the key that ends a visit leads home.
    let begun = Instant::now();
    loop {
        // The ends of sequences that were cut short, which the terminal's reader waits for.
        kiosk.send(b"MMMMMMuuuu").unwrap();
        kiosk.settled(QUIET, Duration::from_secs(1));
        kiosk.send(b"9").unwrap();
        kiosk.settled(QUIET, Duration::from_secs(1));
        if ["Bonjour", "Goeiedag", "Guten Tag", "Hello", "ﺎﺒﺣﺮﻣ"].iter().any(|hello| kiosk.text().contains(hello)) {
            break;
        }
        // Where 9 is a digit, it fills a number until nothing changes any more but colours: then the number goes first.
        if kiosk.text().len() < 100 {
            kiosk.send("*".repeat(18).as_bytes()).unwrap();
            kiosk.settled(QUIET, Duration::from_secs(1));
        }
        assert!(begun.elapsed() < 3 * PATIENCE, "it does not come home: {}", kiosk.text());
    }
    println!("P11 floods: {sent} events in {rounds} rounds, ended 0 times, home");
}

/// Killed, it is back: the loop of the appliance starts it again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p11_it_comes_back() {
    let scale = Scale::of_this_run();
    let kills = scale.pick(2, 20);
    let (home, thermal) = (directory().await, Thermal::new());
    let config = settings(&home, &thermal, "cells", SILENT);
    let text = include_str!("../../config/kiosk/kiosk-loop").replace("/usr/local/bin/passerelle-kiosk", &program::kiosk().display().to_string());
    let script = home.folder().join("kiosk-loop");
    // No system log here: what it says goes nowhere.
    std::fs::write(&script, text.replace("/etc/passerelle/kiosk.toml", &config.display().to_string()).replace("logger -t passerelle-kiosk", "cat >/dev/null"))
        .unwrap();
    let mut command = std::process::Command::new("sh");
    command.arg(&script);
    let mut kiosk = Pty::start(&command, 64, 20).unwrap();
    kiosk.settled(QUIET, PATIENCE).unwrap();
    let mut slowest = Duration::ZERO;
    for _ in 0..kills {
        kiosk.send(b"1").unwrap();
        kiosk.settled(QUIET, PATIENCE).unwrap();
        kiosk.send(b"").unwrap();
        let pattern = format!("^{} --config {}", program::kiosk().display(), config.display());
        assert!(std::process::Command::new("pkill").args(["-KILL", "-f", &pattern]).status().unwrap().success());
        let begun = Instant::now();
        while !kiosk.text().contains("Bibl") {
            assert!(begun.elapsed() < PATIENCE, "it does not come back: {}", kiosk.text());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        slowest = slowest.max(begun.elapsed());
        kiosk.settled(QUIET, PATIENCE);
    }
    let line = format!("P11 restart: {kills} kills, back after at most {} ms", slowest.as_millis());
    println!("{line}");
    scale.expect_in_time(slowest <= Duration::from_secs(2), &line);
}
