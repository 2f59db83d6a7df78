//! P18: three times what it can do is refused early: those who are answered are answered fast, the rest
//! are told when to come again.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use harness::carrier::{Carrier, Console, Delivered, Message};
use harness::home::{Home, Kind};
use harness::program::{Program, UNLIMITED, fill, free_address};
use harness::scale::Scale;
use harness::wire::Connection;
use tokio::task::JoinSet;
use tokio::time::{interval, sleep};

/// Connections at which the capacity is measured.
const AT_CAPACITY: usize = 64;

/// How many times the capacity is offered.
const TIMES: f64 = 3.0;

/// How long a burst lasts in which carriers deliver as their console says.
const BURST: Duration = Duration::from_secs(2);

fn message(number: usize) -> Message {
    Message { sid: format!("SMP18{number:08}"), from: format!("+32476{:06}", number % 1_000_000), text: "manger 1030".to_owned() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p18_overload_is_refused_early() {
    for place in Kind::all("P18") {
        overload(place).await;
    }
}

async fn overload(place: Kind) {
    let scale = Scale::of_this_run();
    let span = Duration::from_secs(if scale.full { 30 } else { 3 });
    let home = Home::new(place);
    fill(&home, 60).await;
    let program = Program::serve(&home, free_address(), &UNLIMITED).await;
    let carrier = Arc::new(Carrier::new(program.address));

    // What it can do: as many connections as are served at once, each waiting for its answer.
    let (took, begun) = (Arc::new(Mutex::new(Vec::new())), Instant::now());
    let mut early = 0;
    let mut lanes = JoinSet::new();
    for lane in 0..AT_CAPACITY {
        let (carrier, took) = (Arc::clone(&carrier), Arc::clone(&took));
        lanes.spawn(async move {
            let (mut connection, mut number, mut refused) = (None, lane, 0);
            while begun.elapsed() < span {
                let sent = Instant::now();
                let response = carrier.attempt(&mut connection, &message(number)).await.unwrap();
                if response.status == 200 {
                    took.lock().unwrap().push(sent.elapsed());
                } else {
                    // A turn that outlasts its patience: on a machine that does something else as well.
                    assert!(response.status == 503 && response.retry_after.is_some(), "{response:?}");
                    refused += 1;
                }
                number += AT_CAPACITY;
            }
            refused
        });
    }
    while let Some(ended) = lanes.join_next().await {
        early += ended.unwrap();
    }
    let mut at_capacity = took.lock().unwrap().clone();
    #[expect(clippy::cast_precision_loss, reason = "counts")]
    let capacity = at_capacity.len() as f64 / begun.elapsed().as_secs_f64();
    let normal = ninety_ninth(&mut at_capacity);
    let memory = program.memory();

    // Three times as much, whether answers come or not.
    let outcomes = Arc::new(Mutex::new((Vec::new(), BTreeMap::<u16, usize>::new(), 0_usize, 0_usize)));
    let mut every = interval(Duration::from_secs_f64(1.0 / (capacity * TIMES)));
    let (begun, mut number, mut offers, mut highest) = (Instant::now(), 1_000_000, JoinSet::new(), 0);
    while begun.elapsed() < span {
        every.tick().await;
        let (carrier, outcomes, address) = (Arc::clone(&carrier), Arc::clone(&outcomes), program.address);
        number += 1;
        offers.spawn(async move {
            let sent = Instant::now();
            let mut connection = Connection::open(address).await.ok();
            let response = carrier.attempt(&mut connection, &message(number)).await;
            let mut outcomes = outcomes.lock().unwrap();
            match response {
                Ok(response) => {
                    *outcomes.1.entry(response.status).or_default() += 1;
                    match response.status {
                        200 => outcomes.0.push(sent.elapsed()),
                        503 if response.retry_after.is_some() => {}
                        _ => outcomes.2 += 1,
                    }
                }
                Err(_) => outcomes.3 += 1,
            }
        });
        while offers.try_join_next().is_some() {}
        highest = highest.max(program.memory());
    }
    let offered = number - 1_000_000;
    while let Some(ended) = offers.join_next().await {
        ended.unwrap();
    }
    let (mut accepted, statuses, wrong, failed) = {
        let outcomes = outcomes.lock().unwrap();
        (outcomes.0.clone(), outcomes.1.clone(), outcomes.2, outcomes.3)
    };
    let answered = accepted.len();
    let slow = ninety_ninth(&mut accepted);
    // Afterwards it is as before.
    let over = Instant::now();
    while carrier.attempt(&mut None, &message(3_000_000)).await.unwrap().status != 200 {
        assert!(over.elapsed() < Duration::from_secs(10), "nothing is answered after the overload");
        sleep(Duration::from_millis(100)).await;
    }
    let recovered = over.elapsed();
    let (bare, advised) = (burst(&program, Console::Bare, capacity).await, burst(&program, Console::AsAdvised, capacity).await);
    let kept = usize::try_from(home.number("SELECT count(*) FROM turn").await).unwrap();
    let unkept = carrier.answered().len().saturating_sub(kept);
    #[expect(clippy::cast_precision_loss, reason = "kilobytes")]
    let growth = 100.0 * (highest as f64 / memory as f64 - 1.0);
    println!(
        "P18 {}: capacity {capacity:.0}/s, p99 {normal:.0?}, {early} refused; offered {offered} at {TIMES} times that: {statuses:?}, p99 of the {answered} answered {slow:.0?} ({:.1} times), memory {growth:+.0} %, without an answer {failed}, 503 without Retry-After or another status {wrong}, answered and not kept {unkept}, as before after {recovered:.0?}; of a burst of {BURST:?} never answered: {} of {} where the console holds bare addresses, {} of {} as advised",
        place.name(),
        slow.as_secs_f64() / normal.as_secs_f64(),
        bare.0,
        bare.1,
        advised.0,
        advised.1,
    );
    assert_eq!(advised.0, 0, "a burst loses messages although the carrier was told to try again");
    assert_eq!((wrong, failed, unkept), (0, 0, 0));
    assert!(answered > 0);
    scale.expect_in_time(early == 0, "refused although no more was asked than is served at once");
    scale.expect_in_time(recovered < Duration::from_secs(1), "the overload goes on after its end");
    scale.expect_in_time(slow <= normal * 2, "those who are answered wait more than twice as long");
    scale.expect_in_time(growth < 50.0, "memory is not flat");
}

/// As many messages as that for a moment, each delivered as the console says; how many never arrived, of how many.
async fn burst(program: &Program, console: Console, capacity: f64) -> (usize, usize) {
    let carrier = Arc::new(Carrier::with_console(program.address, console));
    let first = if console == Console::Bare { 4_000_000 } else { 6_000_000 };
    let mut every = interval(Duration::from_secs_f64(1.0 / (capacity * TIMES)));
    let (begun, mut number, mut offers) = (Instant::now(), first, JoinSet::new());
    while begun.elapsed() < BURST {
        every.tick().await;
        number += 1;
        let carrier = Arc::clone(&carrier);
        offers.spawn(async move { carrier.deliver(&mut None, &message(number)).await });
    }
    let fared = offers.join_all().await;
    (fared.iter().filter(|delivered| **delivered == Delivered::Never).count(), fared.len())
}

fn ninety_ninth(times: &mut [Duration]) -> Duration {
    times.sort();
    times.get(times.len() * 99 / 100).copied().unwrap_or_default()
}
