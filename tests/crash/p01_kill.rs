//! P1: what was answered is kept with its answer, nothing is answered twice, whenever the program dies.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use harness::carrier::{Carrier, Console};
use harness::chance::Chance;
use harness::home::{Home, Kind};
use harness::program::{Program, UNLIMITED, fill, free_address};
use harness::scale::Scale;
use tokio::time::sleep;

use crate::load::{Load, message};

/// Where the program dies on its way through a turn.
const FAIL_POINTS: [&str; 5] = ["writer::before-transaction", "writer::before-commit", "writer::written", "writer::after-commit", "http::before-reply"];

/// Long enough for a debug build on a busy machine to reach a fail point.
const PATIENCE: Duration = Duration::from_mins(1);

/// A start after a kill, with the first connection taken.
const RECOVERY: Duration = Duration::from_secs(5);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p01_what_was_answered_survives_a_kill() {
    for kind in Kind::all("P1") {
        survive(kind, Console::AsAdvised).await;
    }
}

/// A carrier that was not told to try again loses what comes while nothing listens; what it was answered is kept all
/// the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p01_what_a_carrier_at_its_defaults_was_answered_survives_a_kill() {
    survive(Kind::Sqlite, Console::Bare).await;
}

async fn survive(kind: Kind, console: Console) {
    let scale = Scale::of_this_run();
    let (messages, kills, each) = (scale.pick(240, 5_000), scale.pick(6, 200), scale.pick(1, 20));
    let home = Home::new(kind);
    fill(&home, 60).await;
    let address = free_address();
    let carrier = Arc::new(Carrier::with_console(address, console));
    let mut chance = Chance::new(1);
    let mut slowest = Duration::ZERO;
    let mut program = Program::serve(&home, address, &UNLIMITED).await;
    let load = Load::start(&carrier, 16, 0);

    for _ in 0..kills {
        sleep(Duration::from_millis(20 + chance.below(280) as u64)).await;
        program.kill();
        expect_kept(&home, &carrier).await;
        program = Program::serve(&home, address, &UNLIMITED).await;
        slowest = slowest.max(program.started_in);
    }
    let mut at_points = 0;
    for point in FAIL_POINTS {
        for _ in 0..each {
            program.kill();
            let asked = format!("{point}={}*off->return", chance.below(16));
            let settings: Vec<_> = UNLIMITED.into_iter().chain([("FAILPOINTS", asked.as_str())]).collect();
            program = match Program::try_serve(&home, address, &settings).await {
                Some(mut dying) => {
                    let status = dying.ended(PATIENCE).await.unwrap_or_else(|| panic!("{asked} was never reached"));
                    assert!(!status.success(), "{asked}: {status}");
                    dying
                }
                // So quickly that not one connection was seen.
                None => program,
            };
            at_points += 1;
            expect_kept(&home, &carrier).await;
        }
    }
    program = Program::serve(&home, address, &UNLIMITED).await;
    slowest = slowest.max(program.started_in);
    let begun = Instant::now();
    while load.sent() < messages && begun.elapsed() < Duration::from_mins(10) {
        sleep(Duration::from_millis(20)).await;
    }
    let fared = load.finish().await;

    // Everything is delivered once more: the same bytes.
    let heard = carrier.heard();
    let again = Carrier::new(address);
    let mut connection = None;
    for sid in heard.keys() {
        let (person, step) = (sid[2..10].parse().unwrap(), sid[10..].parse().unwrap());
        again.deliver(&mut connection, &message(person, step)).await;
    }
    let repeated = again.heard();
    let different = heard.iter().filter(|(sid, answers)| repeated.get(*sid) != Some(answers)).count();
    let twice = heard.values().filter(|answers| answers.len() > 1).count();
    let lost = expect_kept(&home, &carrier).await;
    let kept = usize::try_from(home.number("SELECT count(*) FROM turn").await).unwrap();
    drop(program);
    let (sent, never) = (fared.sent.load(Ordering::SeqCst), fared.never.load(Ordering::SeqCst));
    println!(
        "P1 {}, console {console:?}: {sent} messages, {} kills at random, {at_points} at fail points, lost {lost}, answered twice {twice}, other bytes later {different}, \
         never answered {never} ({} by a retry, {} by the fallback), slowest restart {slowest:.1?}",
        kind.name(),
        kills,
        fared.retried.load(Ordering::SeqCst),
        fared.fallback.load(Ordering::SeqCst),
    );
    assert_eq!((lost, twice, different, heard.len()), (0, 0, 0, sent - never));
    match console {
        Console::AsAdvised => assert_eq!((never, kept), (0, sent)),
        // What was kept and whose answer did not arrive is not lost here, but the phone shows nothing.
        Console::Bare => assert!((heard.len()..=sent).contains(&kept), "{kept}"),
    }
    scale.expect_in_time(slowest <= RECOVERY, "a restart takes longer than 5 s");
}

/// Everything answered so far is in the database, which is sound.
async fn expect_kept(home: &Home, carrier: &Carrier) -> usize {
    let answered = carrier.answered();
    assert_eq!(home.findings().await, Vec::<String>::new());
    let kept: BTreeSet<String> = home.column("SELECT carrier_id FROM turn").await.into_iter().collect();
    let lost = answered.difference(&kept).count();
    assert_eq!(lost, 0, "answered, and not kept: {:?}", answered.difference(&kept).collect::<Vec<_>>());
    lost
}
