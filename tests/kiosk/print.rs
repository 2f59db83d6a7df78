//! The kiosk's own printer, when the database cannot be written.

use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use directory::code::Code;
use harness::home::Home;
use harness::kiosk::{SILENT, settings};
use harness::thermal::{Fault, Thermal};
use kiosk::app::{Effect, Event, PrintOutcome, SlipResult};
use kiosk::config::KioskConfig;
use kiosk::data::{self, DataWorker, DataWorkerError, SharedWords};
use printer::slip_language::SlipLanguage;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, SqliteConnection};

use super::terminal::demo;

/// Whatever takes longer has failed.
const PATIENCE: Duration = Duration::from_mins(1);

async fn until(what: &str, is_so: impl AsyncFn() -> bool) {
    let begun = Instant::now();
    while !is_so().await {
        assert!(begun.elapsed() < PATIENCE, "never: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn print(worker: &DataWorker, printed: u64, code: Code) {
    let slip = Effect::Print { printed, codes: vec![code], languages: vec![SlipLanguage::Fr], large: false };
    assert_eq!(worker.order(slip), None);
}

/// What the visitor is told of that slip.
fn paper(told: &Receiver<Result<Event, DataWorkerError>>, of: u64) -> SlipResult {
    loop {
        match told.recv_timeout(PATIENCE).expect("nothing is told") {
            Ok(Event::Paper { printed, paper }) if printed == of => return paper,
            _ => {}
        }
    }
}

async fn lock(copy: &Home) -> SqliteConnection {
    let mut connection = SqliteConnectOptions::new().filename(copy.file()).busy_timeout(PATIENCE).connect().await.unwrap();
    sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut connection).await.unwrap();
    connection
}

/// The database is locked while a slip is printed, until behind the end of its claim: nothing else is printed before it is
/// kept that it is on the paper, and it is printed once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slip_whose_outcome_cannot_be_kept_is_printed_once() {
    let (home, thermal) = (demo().await, Thermal::new());
    let copy = home.kiosk_copy();
    let codes: Vec<Code> = copy.column("SELECT code FROM record ORDER BY id LIMIT 2").await.iter().filter_map(|code| Code::parse(code)).collect();
    let config = KioskConfig::read(Some(&settings(&home, &thermal, "cells", SILENT))).unwrap();
    let (sender, told) = std::sync::mpsc::channel();
    let worker = data::open(&config, &SharedWords::shipped().unwrap(), move |said| drop(sender.send(said))).unwrap();
    // It stops in the middle, so that the lock comes before the end.
    thermal.fail_after(100, Fault::Stalled);
    print(&worker, 1, codes[0]);
    until("it is printed", async || copy.column("SELECT state FROM print_job").await == ["printing"]).await;
    let mut locked = lock(&copy).await;
    let thermal = thermal.mended();
    // The visitor is told all the same; the database is not.
    assert_eq!(paper(&told, 1).outcome, PrintOutcome::Printed);
    assert_eq!(copy.column("SELECT state FROM print_job").await, ["printing"]);
    // It may be written again, and by then the claim is long over.
    sqlx::raw_sql("UPDATE print_job SET claimed_until = 0; COMMIT").execute(&mut locked).await.unwrap();
    locked.close().await.unwrap();
    print(&worker, 2, codes[1]);
    assert_eq!(paper(&told, 2).outcome, PrintOutcome::Printed);
    until("both are kept", async || copy.column("SELECT state FROM print_job ORDER BY id").await == ["done", "done"]).await;
    drop(worker);
    assert_eq!(thermal.printed().cut.len(), 2, "a slip came out twice");
}
