//! P2: nothing that is queued is lost, whenever the program dies; twice only what fell between the carrier's yes and the
//! mark, and a push never.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use db::outbox::Way;
use harness::carrier_api::{CarrierApi, Fault};
use harness::chance::Chance;
use harness::home::{Home, Kind};
use harness::program::{Program, UNLIMITED, free_address};
use harness::scale::Scale;
use tokio::time::sleep;

use crate::outgoing::{Queue, number_in};

/// Where the program dies on its way through a delivery.
const FAIL_POINTS: [&str; 2] = ["delivery::claimed", "delivery::sent"];

/// Long enough for what a dead program had claimed to be free again, and for the rest to be sent.
const PATIENCE: Duration = Duration::from_mins(10);

/// Everything from here on is a push.
const PUSHES: usize = 500_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p02_what_is_queued_is_sent() {
    for kind in Kind::all("P2") {
        send(kind).await;
    }
}

async fn send(kind: Kind) {
    let scale = Scale::of_this_run();
    let (answers, pushes, kills, each) = (scale.pick(160, 5_000), scale.pick(40, 1_000), scale.pick(5, 200), scale.pick(1, 20));
    let home = Home::new(kind);
    let api = CarrierApi::listen().await;
    let account =
        [("PASSERELLE__TWILIO__ACCOUNT_SID", "AC1"), ("PASSERELLE__TWILIO__NUMBER", "+32460000000"), ("PASSERELLE__TWILIO__API_URL", api.url.as_str())];
    let settings: Vec<_> = UNLIMITED.into_iter().chain(account).collect();
    let address = free_address();
    let mut program = Program::serve(&home, address, &settings).await;
    let queue = Queue::of(&home).await;
    let mut chance = Chance::new(2);
    let (mut queued, mut told) = (0, 0);
    let mut at_points = 0;
    for kill in 0..kills + each * FAIL_POINTS.len() {
        // Some of this, to a few people each: their order counts.
        while queued < answers * (kill + 1) / (kills + each * FAIL_POINTS.len()) {
            queue.put(queued, &format!("+32470{:06}", queued % 17), Way::Sms, false).await;
            queued += 1;
            if told < pushes && queued % (answers / pushes) == 0 {
                queue.put(PUSHES + told, &format!("+32471{told:06}"), Way::Sms, true).await;
                told += 1;
            }
        }
        if kill < kills {
            sleep(Duration::from_millis(20 + chance.below(250) as u64)).await;
            program.kill();
            program = Program::serve(&home, address, &settings).await;
            continue;
        }
        // At a fail point: after a few deliveries more.
        program.kill();
        let asked = format!("{}={}*off->return", FAIL_POINTS[kill % FAIL_POINTS.len()], chance.below(4));
        let dying: Vec<_> = settings.iter().copied().chain([("FAILPOINTS", asked.as_str())]).collect();
        if let Some(mut dying) = Program::try_serve(&home, address, &dying).await {
            // Where nothing is left to send it is not reached.
            at_points += usize::from(dying.ended(Duration::from_secs(8)).await.is_some());
            dying.kill();
        }
        program = Program::serve(&home, address, &settings).await;
    }
    let begun = Instant::now();
    while home.number("SELECT count(*) FROM outbox WHERE state IN ('waiting', 'claimed')").await > 0 && begun.elapsed() < PATIENCE {
        sleep(Duration::from_millis(200)).await;
    }
    program.kill();
    queue.store.close().await;

    let accepted = api.accepted();
    let mut times: BTreeMap<usize, usize> = BTreeMap::new();
    let mut last: BTreeMap<&str, usize> = BTreeMap::new();
    let mut out_of_order = 0;
    for one in &accepted {
        let number = number_in(&one.content);
        *times.entry(number).or_default() += 1;
        // Again is no step back: it is the last one once more.
        let before = last.insert(&one.to, number);
        out_of_order += usize::from(before.is_some_and(|before| before > number));
    }
    let missing = (0..queued).filter(|number| !times.contains_key(number)).count();
    let twice: Vec<usize> = times.iter().filter(|(_, count)| **count > 1).map(|(number, _)| *number).collect();
    let most = times.values().max().copied().unwrap_or_default();
    let unknown: usize = home.number("SELECT count(*) FROM outbox WHERE unknowns > 0").await.try_into().unwrap();
    let listed: Vec<String> = home.column("SELECT key FROM outbox WHERE unknowns > 0").await;
    let unlisted = twice.iter().filter(|number| !listed.contains(&format!("test sms {number}"))).count();
    let pushed_twice = twice.iter().filter(|number| **number >= PUSHES).count();
    let held = home.number("SELECT count(*) FROM outbox WHERE recipient IS NOT NULL OR body <> ''").await;
    println!(
        "P2 {}: {queued} answers and {told} pushes, {kills} kills at random, {at_points} at fail points: missing {missing}, twice {} (most {most} times), \
         not listed as unknown {unlisted} of {unknown}, pushes twice {pushed_twice}, out of order {out_of_order}, recipients left {held}",
        kind.name(),
        twice.len(),
    );
    assert_eq!((missing, unlisted, pushed_twice, out_of_order, held), (0, 0, 0, 0, 0));
    assert!(twice.len() <= kills + at_points && most <= 1 + kills + at_points);
    assert!(told * 10 >= pushes * 9, "{told} pushes");
}

/// Who stops the program lets it end what it is sending: nothing is sent again by the next one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p02_a_stop_sends_nothing_twice() {
    let home = Home::new(Kind::Sqlite);
    let api = CarrierApi::listen().await;
    let account =
        [("PASSERELLE__TWILIO__ACCOUNT_SID", "AC1"), ("PASSERELLE__TWILIO__NUMBER", "+32460000000"), ("PASSERELLE__TWILIO__API_URL", api.url.as_str())];
    let address = free_address();
    let mut program = Program::serve(&home, address, &account).await;
    let queue = Queue::of(&home).await;
    // The carrier takes a message at once, and says so a second later.
    api.behave(Fault::Late(Duration::from_secs(1)));
    for number in 0..3 {
        queue.put(number, "+32470000001", Way::Sms, false).await;
    }
    let begun = Instant::now();
    while api.asked() == 0 && begun.elapsed() < Duration::from_mins(1) {
        sleep(Duration::from_millis(20)).await;
    }
    assert!(program.stop().await.is_some_and(|status| status.success()), "it does not stop");
    let before = api.asked();
    api.behave(Fault::None);
    let _program = Program::serve(&home, address, &account).await;
    while home.number("SELECT count(*) FROM outbox WHERE state = 'sent'").await < 3 && begun.elapsed() < Duration::from_mins(3) {
        sleep(Duration::from_millis(100)).await;
    }
    queue.store.close().await;
    let unknown = home.number("SELECT count(*) FROM outbox WHERE unknowns > 0").await;
    println!("P2 sqlite: stopped behind {before} of 3: sent {:?}, of which nothing is known {unknown}", api.by_reference());
    assert_eq!(api.by_reference().values().copied().collect::<Vec<_>>(), [1, 1, 1]);
    assert_eq!(unknown, 0);
}
