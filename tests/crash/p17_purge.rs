//! P17: what is personal leaves when we say it does, to the last byte on the disk.

use std::path::Path;
use std::sync::Arc;

use chrono::Duration;
use db::{Address, Store};
use directory::clock::{Clock, SystemClock};
use gateway::keys::Keys;
use harness::carrier::{Carrier, Message};
use harness::home::{Home, Kind};
use harness::program::{Program, UNLIMITED, fill, free_address, log, run};
use harness::scale::Scale;
use tokio::task::JoinSet;

/// A word that nobody else writes.
fn canary(number: usize) -> String {
    format!("zorgvliet{number:05}qx")
}

fn number(number: usize) -> String {
    format!("+3247451{number:05}")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p17_what_is_personal_leaves() {
    for kind in Kind::all("P17") {
        leave(kind).await;
    }
}

async fn leave(kind: Kind) {
    let numbers = Scale::of_this_run().pick(40, 1_000);
    let home = Home::new(kind);
    fill(&home, 60).await;
    // Everything that the program can be told to say of itself.
    let settings: Vec<_> = UNLIMITED.into_iter().chain([("PASSERELLE_LOG", "trace")]).collect();
    let mut program = Program::serve(&home, free_address(), &settings).await;
    write(program.address, 0..numbers).await;
    program.stop().await;
    assert_eq!(home.number("SELECT count(*) FROM turn").await, i64::try_from(2 * numbers).unwrap());
    let secret: [u8; 32] = std::fs::read(home.key_file()).unwrap().try_into().unwrap();
    let store = Store::connect(&Address::parse(home.database())).await.unwrap();
    let keyed = Keys::open(&secret, &store, SystemClock.now()).await.unwrap().hasher(SystemClock.now());
    store.close().await;
    let hashes: Vec<Vec<u8>> = (0..numbers).map(|person| keyed.hash(&number(person)).to_vec()).collect();
    let texts: Vec<Vec<u8>> = (0..numbers).map(|person| canary(person).into_bytes()).collect();
    let own: Vec<Vec<u8>> = (0..numbers).map(|person| number(person)[1..].to_owned().into_bytes()).collect();
    let logged = log(&home);
    let in_log = (0..numbers).filter(|person| logged.contains(&number(*person)[1..]) || logged.contains(&canary(*person))).count();
    let (mut before, mut after, mut numbers_ever) = (0, 0, 0);
    if kind == Kind::Sqlite {
        before = hits(home.folder(), &texts);
        numbers_ever = hits(home.folder(), &own);
        assert!(before > 0, "the search finds nothing where there is something");
    }

    // Nine days later, to the program's eyes; the purge dies once in the middle.
    let nine_days = Duration::days(9).num_seconds();
    home.execute(&format!("UPDATE turn SET received_at = received_at - {nine_days}; UPDATE session SET expires_at = expires_at - {nine_days}; UPDATE budget SET until = until - {nine_days}")).await;
    if let Some(mut dying) = Program::try_serve(&home, free_address(), &[("FAILPOINTS", "purge::middle=return")]).await {
        let status = dying.ended(std::time::Duration::from_secs(30)).await.expect("the purge did not die");
        assert!(!status.success());
    }
    assert_eq!(home.findings().await, Vec::<String>::new());
    let mut program = Program::serve(&home, free_address(), &[]).await;
    let begun = std::time::Instant::now();
    while home.number("SELECT count(*) FROM turn").await > 0 && begun.elapsed() < std::time::Duration::from_secs(30) {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    program.stop().await;
    let left = ["turn", "session", "budget"].map(|table| format!("SELECT count(*) FROM {table}"));
    let mut rows = Vec::new();
    for sql in &left {
        rows.push(home.number(sql).await);
    }
    if kind == Kind::Sqlite {
        after = hits(home.folder(), &texts) + hits(home.folder(), &own) + hits(home.folder(), &hashes);
        // A copy made today holds nothing of it either.
        let copy = home.folder().join("copy");
        assert!(run(&home, &[], ["backup".as_ref(), copy.as_os_str()]).await.status.success());
        after += hits(home.folder(), &texts);
    }
    println!(
        "P17 {}: {numbers} numbers, 2 messages each: texts on the disk before {before}, after nine days {after} (texts, numbers, hashes in database, log of changes, log, copy); numbers on the disk ever {numbers_ever}, in the log {in_log}; turns, sessions, budgets left {rows:?}",
        kind.name()
    );
    assert_eq!((after, numbers_ever, in_log, rows), (0, 0, 0, vec![0, 0, 0]));
}

/// The clock moves instead of the rows, inside this process: the same is gone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p17_the_days_pass_by_the_clock() {
    let numbers = 30;
    let home = Home::new(Kind::Sqlite);
    fill(&home, 60).await;
    let mut program = Program::serve(&home, free_address(), &UNLIMITED).await;
    write(program.address, 0..numbers).await;
    program.stop().await;
    let store = db::Store::open(&home.file()).await.unwrap();
    let now = SystemClock.now();
    let texts: Vec<Vec<u8>> = (0..numbers).map(|person| canary(person).into_bytes()).collect();
    store.purge(now + Duration::days(6)).await.unwrap();
    let kept = hits(home.folder(), &texts);
    store.purge(now + Duration::days(7) + Duration::minutes(5)).await.unwrap();
    let gone = hits(home.folder(), &texts);
    store.close().await;
    println!("P17 sqlite: texts on the disk after six days {kept}, after seven {gone}");
    assert!(kept > 0);
    assert_eq!(gone, 0);
}

/// Two messages from each: one that opens a conversation, and one with a word of its own.
async fn write(address: std::net::SocketAddr, people: std::ops::Range<usize>) {
    let carrier = Arc::new(Carrier::new(address));
    let mut senders = JoinSet::new();
    for lane in 0..8 {
        let (carrier, people) = (Arc::clone(&carrier), people.clone());
        senders.spawn(async move {
            let mut connection = None;
            for person in people.filter(|person| person % 8 == lane) {
                for (step, text) in [format!("manger 1030 {}", canary(person)), canary(person)].into_iter().enumerate() {
                    let message = Message { sid: format!("SMP17{person:08}{step}"), from: number(person), text };
                    carrier.deliver(&mut connection, &message).await;
                }
            }
        });
    }
    while let Some(ended) = senders.join_next().await {
        ended.unwrap();
    }
}

/// How many of them stand in some file of a folder, the table the directory came from aside.
fn hits(folder: &Path, needles: &[Vec<u8>]) -> usize {
    let mut found = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let file = file.unwrap().path();
        if !file.is_file() {
            continue;
        }
        let bytes = std::fs::read(&file).unwrap();
        found += needles.iter().filter(|needle| contains(&bytes, needle)).count();
    }
    found
}

fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|byte| *byte == needle[0]) {
        rest = &rest[at..];
        if rest.starts_with(needle) {
            return true;
        }
        rest = &rest[1..];
    }
    false
}
