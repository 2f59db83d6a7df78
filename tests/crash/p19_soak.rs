//! P19: it runs for days: memory, descriptors and the log of changes stay as they are, answers as fast as at first.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use harness::bot_api::{BOT, BotApi, typed};
use harness::carrier::{Carrier, Message};
use harness::chance::Chance;
use harness::home::{Home, Kind};
use harness::kiosk::{self, Kiosk};
use harness::program::{Program, UNLIMITED, fill, free_address};
use harness::scale::Scale;
use harness::thermal::Thermal;
use tokio::task::JoinSet;
use tokio::time::interval;

/// Messages in a second.
const RATE: u32 = 50;

/// The log of changes stays below, in bytes.
const LOG: u64 = 64 << 20;

/// Keys of a number pad, as a visitor who cannot read presses them.
const KEYS: [char; 13] = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0', '*', '#', '1'];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p19_it_runs_for_days() {
    let scale = Scale::of_this_run();
    // Eight hours in full, five minutes where times count, else as long as it takes to see that it runs.
    let lasts = Duration::from_secs(if scale.full {
        8 * 3_600
    } else if scale.timed {
        300
    } else {
        20
    });
    let home = Home::new(Kind::Sqlite);
    fill(&home, 60).await;
    let chat = BotApi::listen().await;
    let settings: Vec<_> = UNLIMITED
        .into_iter()
        .chain([("PASSERELLE__TELEGRAM__TOKEN", BOT), ("PASSERELLE__TELEGRAM__API_URL", chat.url.as_str())])
        .chain([("PASSERELLE__LIMITS__CHATS_HOUR", "1000000"), ("PASSERELLE__LIMITS__CHATS_DAY", "1000000")])
        .collect();
    let program = Program::serve(&home, free_address(), &settings).await;
    kiosk::copy(&home).await;
    let robot = robot(&home, lasts);
    let carrier = Arc::new(Carrier::new(program.address));
    let begun = Instant::now();
    let mut every = interval(Duration::from_secs(1) / RATE);
    let (mut number, mut lanes, mut took) = (0_usize, JoinSet::new(), Vec::new());
    let mut looks = Vec::new();
    let mut highest_log = 0;
    let mut next_look = Duration::ZERO;
    while begun.elapsed() < lasts {
        every.tick().await;
        number += 1;
        let carrier = Arc::clone(&carrier);
        lanes.spawn(async move {
            let text = ["manger 1030", "8", "1", "yoga", "0"][number % 5];
            let message = Message { sid: format!("SMP19{number:010}"), from: format!("+32476{:06}", number / 5 % 20_000), text: text.to_owned() };
            let sent = Instant::now();
            let answer = carrier.attempt(&mut None, &message).await;
            (sent.duration_since(begun), sent.elapsed(), answer.is_ok_and(|answer| answer.status == 200))
        });
        if number.is_multiple_of(50) {
            chat.push(typed(i64::try_from(number).unwrap(), i64::try_from(number % 97 + 1).unwrap(), "manger 1030"));
        }
        while let Some(done) = lanes.try_join_next() {
            took.push(done.unwrap());
        }
        if begun.elapsed() >= next_look {
            next_look += lasts / 20;
            looks.push((program.memory(), descriptors(program.id())));
            highest_log = highest_log.max(size(&home.file().with_extension("sqlite-wal")));
        }
    }
    took.extend(lanes.join_all().await);
    let touches = robot.await.unwrap();
    let refused = took.iter().filter(|(.., answered)| !answered).count();
    let third = |from: u32| {
        let span = lasts / 3;
        let mut part: Vec<Duration> = took.iter().filter(|(at, ..)| *at >= span * from && *at < span * (from + 1)).map(|(_, took, _)| *took).collect();
        part.sort();
        part[part.len() * 99 / 100]
    };
    let (first, last) = (third(0), third(2));
    // The first quarter is warm-up.
    let settled = &looks[looks.len() / 4..];
    let (memory, files) = (settled[0], settled[settled.len() - 1]);
    println!(
        "P19 sqlite: {lasts:?} at {RATE} messages/s and a chat, {number} messages, {refused} not answered, {touches} keys at a kiosk: memory {} to {} KiB, descriptors {} to {}, the log of changes at most {} KiB, p99 {first:.1?} in the first third, {last:.1?} in the last",
        memory.0,
        files.0,
        memory.1,
        files.1,
        highest_log / 1_024
    );
    assert_eq!(refused, 0);
    assert!(highest_log <= LOG);
    assert!(files.1 <= memory.1 + 8, "descriptors grow");
    // Caches fill for a while; what grows without end is seen over hours.
    assert!(files.0 <= memory.0 + memory.0 / 5 + 8_192, "memory grows");
    scale.expect_in_time(last.as_secs_f64() <= 1.5 * first.as_secs_f64().max(0.005), "answers become slower");
}

/// A kiosk on the same directory, and somebody who presses its keys; how many. None where there is no terminal.
fn robot(home: &Home, lasts: Duration) -> tokio::task::JoinHandle<usize> {
    let thermal = Thermal::new();
    let kiosk = Kiosk::start(home, &thermal, kiosk::SILENT, &[]);
    tokio::spawn(async move {
        let _thermal = thermal;
        let Some(kiosk) = kiosk else { return 0 };
        let (begun, mut chance, mut pressed) = (Instant::now(), Chance::new(19), 0);
        while begun.elapsed() < lasts {
            kiosk.key(*chance.one_of(&KEYS));
            pressed += 1;
            tokio::time::sleep(Duration::from_millis(600)).await;
        }
        pressed
    })
}

fn descriptors(process: u32) -> usize {
    std::fs::read_dir(format!("/proc/{process}/fd")).map_or(0, Iterator::count)
}

fn size(file: &Path) -> u64 {
    file.metadata().map_or(0, |file| file.len())
}
