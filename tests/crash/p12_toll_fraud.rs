//! P12: an attack that makes us answer costs at most the budget, whatever it does and however often the
//! program starts anew.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use directory::clock::{Clock, SystemClock};
use harness::carrier::{Carrier, Delivered, Message, segments_of};
use harness::carrier_api::CarrierApi;
use harness::chance::Chance;
use harness::home::{Home, Kind};
use harness::program::{Program, fill, free_address, run};
use harness::scale::Scale;
use tokio::task::JoinSet;
use tokio::time::sleep;

/// Countries that are not answered: satellites, islands, and neighbours not on the list.
const FORBIDDEN: [&str; 5] = ["+8821612", "+4477009", "+1268464", "+2526112", "+3706123"];

/// Somebody in danger, in their own words.
const DANGER: [&str; 4] = ["mon mari me frappe 1030", "au secours", "je veux mourir", "ik word geslagen"];

/// Limits, in segments.
struct Limits {
    sender_hour: i64,
    sender_day: i64,
    range_day: i64,
    day: i64,
}

/// Who sends the message of that number: 20 numbers in each range, one in ten from a forbidden country.
fn message(number: usize, senders: usize, chance: &mut Chance) -> Message {
    let sender = chance.below(senders);
    let (range, within) = (sender / 20, sender % 20);
    let from = if range % 10 == 9 { format!("{}{within:04}", FORBIDDEN[range / 10 % FORBIDDEN.len()]) } else { format!("+324{range:03}00{within:03}0") };
    let text = *chance.one_of::<&str>(&["manger 1030", "8", "yoga", "HELP", "douche 1210", "juriste 1030"]);
    Message { sid: format!("SMP12{number:08}"), from, text: text.to_owned() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p12_an_attack_costs_at_most_the_budget() {
    for kind in Kind::all("P12") {
        attack(kind).await;
    }
}

async fn attack(kind: Kind) {
    let scale = Scale::of_this_run();
    let (messages, senders, restarts) = (scale.pick(800, 100_000), scale.pick(200, 10_000), scale.pick(2, 20));
    // As many as would be spent many times over.
    let limits = if scale.full {
        Limits { sender_hour: 12, sender_day: 40, range_day: 100, day: 20_000 }
    } else {
        Limits { sender_hour: 7, sender_day: 40, range_day: 40, day: 250 }
    };
    let values = [limits.sender_hour, limits.sender_day, limits.range_day, limits.day].map(|limit| limit.to_string());
    let names = ["SENDER_HOUR", "SENDER_DAY", "RANGE_DAY", "DAY"].map(|name| format!("PASSERELLE__LIMITS__{name}"));
    let same = ("PASSERELLE__LIMITS__SAME_HOUR", "1000000");
    let settings: Vec<_> = names.iter().map(String::as_str).zip(values.iter().map(String::as_str)).chain([same]).collect();

    let home = Home::new(kind);
    fill(&home, 60).await;
    let address = free_address();
    let carrier = Arc::new(Carrier::new(address));
    let begun = SystemClock.now().timestamp();
    let mut program = Program::serve(&home, address, &settings).await;
    let mut chance = Chance::new(12);
    let all: Arc<Vec<Message>> = Arc::new((0..messages).map(|number| message(number, senders, &mut chance)).collect());
    let next = Arc::new(AtomicUsize::new(0));
    let mut attackers = JoinSet::new();
    for _ in 0..16 {
        let (carrier, all, next) = (Arc::clone(&carrier), Arc::clone(&all), Arc::clone(&next));
        attackers.spawn(async move {
            let mut connection = None;
            while let Some(message) = all.get(next.fetch_add(1, Ordering::SeqCst)) {
                assert_ne!(carrier.deliver(&mut connection, message).await, Delivered::Never);
            }
        });
    }
    for restart in 1..=restarts {
        while next.load(Ordering::SeqCst) < messages * restart / (restarts + 1) {
            sleep(Duration::from_millis(10)).await;
        }
        program.kill();
        program = Program::serve(&home, address, &settings).await;
    }
    while let Some(ended) = attackers.join_next().await {
        ended.unwrap();
    }
    let ended = SystemClock.now().timestamp();

    let heard = carrier.heard();
    let (mut by_sender, mut by_range, mut total, mut forbidden) = (BTreeMap::<&str, i64>::new(), BTreeMap::<&str, i64>::new(), 0, 0);
    for message in all.iter() {
        let answers = &heard[&message.sid];
        assert_eq!(answers.len(), 1, "answered twice");
        let segments = i64::try_from(segments_of(answers.first().unwrap())).unwrap();
        *by_sender.entry(&message.from).or_default() += segments;
        *by_range.entry(&message.from[..7]).or_default() += segments;
        total += segments;
        if FORBIDDEN.iter().any(|prefix| message.from.starts_with(prefix)) {
            forbidden += segments;
        }
    }
    // A run that meets midnight has two days' budgets.
    let (hours, days) = (ended / 3_600 - begun / 3_600 + 1, ended / 86_400 - begun / 86_400 + 1);
    let (sender, range) = (by_sender.values().max().unwrap(), by_range.values().max().unwrap());
    println!(
        "P12 {}: {messages} messages from {} numbers in {} ranges, {restarts} restarts: {total} segments of {} a day, at most {range} of {} for a range, {sender} of {} for a number in an hour, {forbidden} abroad",
        kind.name(),
        by_sender.len(),
        by_range.len(),
        limits.day,
        limits.range_day,
        limits.sender_hour,
    );
    assert!(*sender <= (limits.sender_hour * hours).min(limits.sender_day * days));
    assert!(*range <= limits.range_day * days);
    assert!(total <= limits.day * days);
    assert_eq!(forbidden, 0);
    // The budget is there to be used.
    assert!(total * 10 >= limits.day * 9, "{total} of {} segments", limits.day);

    danger(&home, address, scale, &all).await;
    stop(&home, &mut program, address, scale).await;
}

/// Every budget is spent: whoever is in danger is answered, whether they spent it themselves or never wrote; also while
/// sending is stopped, when nobody else is.
async fn danger(home: &Home, address: std::net::SocketAddr, scale: Scale, all: &[Message]) {
    let carrier = Carrier::new(address);
    let (mut connection, mut slowest) = (None, Duration::ZERO);
    let (mut asked, mut silent) = (0, 0);
    let spenders = all.iter().map(|message| message.from.clone()).filter(|from| from.starts_with("+324")).take(20);
    let fresh = (0..20).map(|number| format!("+33698{number:06}"));
    let people: Vec<String> = spenders.chain(fresh).collect::<std::collections::BTreeSet<_>>().into_iter().collect();
    for (round, stopped) in [false, true].into_iter().enumerate() {
        if stopped {
            assert!(run(home, &[], ["stop-sending"]).await.status.success());
        }
        for (person, from) in people.iter().enumerate() {
            let message = |kind: &str, text: &str| Message { sid: format!("SM{kind}{round}-{person}"), from: from.clone(), text: text.to_owned() };
            let begun = Instant::now();
            let answer = carrier.attempt(&mut connection, &message("DANGER", DANGER[person % DANGER.len()])).await.unwrap();
            slowest = slowest.max(begun.elapsed());
            asked += 1;
            silent += usize::from(!answer.body.contains("112"));
            assert!(segments_of(&answer.body) <= 1, "{}", answer.body);
            if stopped {
                let other = carrier.attempt(&mut connection, &message("OTHER", "manger 1030")).await.unwrap();
                assert_eq!(segments_of(&other.body), 0, "{}", other.body);
            }
        }
    }
    assert!(run(home, &[], ["resume-sending"]).await.status.success());
    println!(
        "P12 {}: every budget spent: {asked} messages of {} numbers in danger, unanswered {silent}, the slowest after {slowest:.0?}",
        home.kind.name(),
        people.len()
    );
    assert_eq!(silent, 0);
    scale.expect_in_time(slowest <= Duration::from_secs(1), "whoever is in danger waits longer than a second");
}

/// Two hundred forged senders write in danger's own words: they cost at most its budget, and whoever is in danger and never
/// wrote before is answered in between.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p12_a_flood_of_forged_danger_silences_nobody() {
    for kind in Kind::all("P12") {
        flood(kind).await;
    }
}

async fn flood(kind: Kind) {
    let scale = Scale::of_this_run();
    let (forgers, messages, each) = (200, 3_000, 6);
    let home = Home::new(kind);
    fill(&home, 60).await;
    let address = free_address();
    let carrier = Arc::new(Carrier::new(address));
    let begun = SystemClock.now().timestamp();
    let program = Program::serve(&home, address, &[]).await;
    let next = Arc::new(AtomicUsize::new(0));
    let mut attackers = JoinSet::new();
    for seed in 0..8 {
        let (carrier, next) = (Arc::clone(&carrier), Arc::clone(&next));
        attackers.spawn(async move {
            let (mut connection, mut chance) = (None, Chance::new(1_200 + seed));
            let (mut spent, mut unanswered, mut slowest) = (0, 0, Duration::ZERO);
            loop {
                let number = next.fetch_add(1, Ordering::SeqCst);
                if number >= messages {
                    return (spent, unanswered, slowest);
                }
                let text = *chance.one_of::<&str>(&DANGER);
                let forged = Message { sid: format!("SMF{number:08}"), from: format!("+3247{:07}", chance.below(forgers)), text: text.to_owned() };
                assert_ne!(carrier.deliver(&mut connection, &forged).await, Delivered::Never);
                // One in thirty messages is somebody's own.
                if number % 30 == 0 {
                    let hers = Message { sid: format!("SMH{number:08}"), from: format!("+32499{number:06}"), text: text.to_owned() };
                    let asked = Instant::now();
                    let answer = carrier.attempt(&mut connection, &hers).await.unwrap();
                    slowest = slowest.max(asked.elapsed());
                    unanswered += usize::from(!answer.body.contains("112"));
                    spent += segments_of(&answer.body);
                }
            }
        });
    }
    let (mut hers, mut unanswered, mut slowest) = (0, 0, Duration::ZERO);
    while let Some(ended) = attackers.join_next().await {
        let (segments, silent, waited) = ended.unwrap();
        (hers, unanswered, slowest) = (hers + segments, unanswered + silent, slowest.max(waited));
    }
    drop(program);
    let hours = usize::try_from(SystemClock.now().timestamp() / 3_600 - begun / 3_600 + 1).unwrap();
    let heard = carrier.heard();
    let forged: usize = heard.iter().filter(|(sid, _)| sid.starts_with("SMF")).flat_map(|(_, answers)| answers).map(|answer| segments_of(answer)).sum();
    println!(
        "P12 {}: {messages} messages of {forgers} forged senders in danger: {forged} segments of {}, {hers} to {} others, unanswered {unanswered}, the slowest after {slowest:.0?}",
        home.kind.name(),
        forgers * each * hours,
        messages / 30,
    );
    assert_eq!((unanswered, hers), (0, messages / 30));
    assert!(forged <= forgers * each * hours, "{forged} segments");
    scale.expect_in_time(slowest <= Duration::from_secs(1), "whoever is in danger waits longer than a second");
}

/// The switch: nothing that comes in after the command has ended is answered.
async fn stop(home: &Home, program: &mut Program, address: std::net::SocketAddr, scale: Scale) {
    program.kill();
    *program = Program::serve(home, address, &harness::program::UNLIMITED).await;
    let carrier = Arc::new(Carrier::new(address));
    let message = |number: usize| Message { sid: format!("SMSTOP{number:08}"), from: format!("+33612{number:06}"), text: "manger 1030".to_owned() };
    let sent = Arc::new(AtomicUsize::new(0));
    let (stopped, begun) = (Arc::new(std::sync::OnceLock::new()), Instant::now());
    let mut senders = JoinSet::new();
    for _ in 0..8 {
        let (carrier, sent, stopped) = (Arc::clone(&carrier), Arc::clone(&sent), Arc::clone(&stopped));
        senders.spawn(async move {
            let (mut connection, mut after, mut last, mut silent) = (None, 0, Duration::ZERO, 0);
            while silent < 5 && begun.elapsed() < Duration::from_mins(1) {
                let (number, since) = (sent.fetch_add(1, Ordering::SeqCst), stopped.get().is_some());
                let answer = carrier.attempt(&mut connection, &message(number)).await.unwrap();
                if segments_of(&answer.body) > 0 {
                    (after, last) = (after + usize::from(since), begun.elapsed());
                } else {
                    silent += 1;
                }
            }
            (after, last)
        });
    }
    while sent.load(Ordering::SeqCst) < 40 {
        sleep(Duration::from_millis(5)).await;
    }
    assert!(run(home, &[], ["stop-sending"]).await.status.success());
    let at = *stopped.get_or_init(|| begun.elapsed());
    let (mut after, mut last) = (0, Duration::ZERO);
    while let Some(ended) = senders.join_next().await {
        let (answered, latest) = ended.unwrap();
        (after, last) = (after + answered, last.max(latest));
    }
    println!("P12 {}: the switch: answers to what came after it {after}, the last answer {:.0?} after it", home.kind.name(), last.saturating_sub(at));
    assert_eq!(after, 0);
    scale.expect_in_time(last.saturating_sub(at) <= Duration::from_secs(1), "the switch takes longer than a second");
}

/// Whoever lets it ring is called back at our cost: so often an hour, nobody abroad, nobody who costs more than a call.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p12_missed_calls_cost_at_most_their_budget() {
    let scale = Scale::of_this_run();
    let (rings, callers, restarts) = (scale.pick(300, 20_000), scale.pick(30, 2_000), scale.pick(1, 10));
    let (each, all) = (3_usize, scale.pick(60, 3_000));
    let home = Home::new(Kind::Sqlite);
    fill(&home, 60).await;
    let api = CarrierApi::listen().await;
    let all_text = all.to_string();
    let each_text = each.to_string();
    let settings = [
        ("PASSERELLE__LIMITS__MISSED_HOUR", each_text.as_str()),
        ("PASSERELLE__LIMITS__MISSED_MINUTES_DAY", all_text.as_str()),
        ("PASSERELLE__TWILIO__ACCOUNT_SID", "AC1"),
        ("PASSERELLE__TWILIO__NUMBER", "+32460000000"),
        ("PASSERELLE__TWILIO__API_URL", api.url.as_str()),
        ("PASSERELLE__VOICE__CALL_BACK", "true"),
        ("PASSERELLE__LIMITS__ALL_CALLS_DAY", all_text.as_str()),
    ];
    let begun = SystemClock.now().timestamp();
    let address = free_address();
    let mut program = Program::serve(&home, address, &settings).await;
    let carrier = Carrier::new(address);
    let (mut chance, mut connection, mut rejected, mut answered) = (Chance::new(121), None, 0, 0);
    for ring in 0..rings {
        if ring > 0 && ring % (rings / (restarts + 1)) == 0 {
            program.kill();
            program = Program::serve(&home, address, &settings).await;
            connection = None;
        }
        let caller = chance.below(callers);
        // One in three is abroad, or costs more than a call.
        let from = match caller % 6 {
            0 => format!("{}{caller:05}", FORBIDDEN[caller % FORBIDDEN.len()]),
            1 => format!("+32903{:05}", caller % 100_000),
            _ => format!("+32470{caller:06}"),
        };
        let response = carrier.call(&mut connection, "/twilio/voice", &format!("CAP12{ring:08}"), &from, &[("CallStatus", "ringing")]).await.unwrap();
        assert_eq!(response.status, 200);
        rejected += usize::from(response.body.contains("<Reject"));
        answered += usize::from(response.body.contains("<Gather"));
    }
    let waited = Instant::now();
    while home.number("SELECT count(*) FROM outbox WHERE state IN ('waiting', 'claimed')").await > 0 && waited.elapsed() < Duration::from_mins(5) {
        sleep(Duration::from_millis(200)).await;
    }
    drop(program);
    let (hours, days) = ((SystemClock.now().timestamp() / 3_600 - begun / 3_600 + 1), (SystemClock.now().timestamp() / 86_400 - begun / 86_400 + 1));
    let (hours, days) = (usize::try_from(hours).unwrap(), usize::try_from(days).unwrap());
    let mut by_number: BTreeMap<String, usize> = BTreeMap::new();
    for accepted in api.accepted() {
        *by_number.entry(accepted.to).or_default() += 1;
    }
    let (total, most) = (by_number.values().sum::<usize>(), by_number.values().max().copied().unwrap_or_default());
    let forbidden = by_number.keys().filter(|number| FORBIDDEN.iter().any(|prefix| number.starts_with(prefix)) || number.starts_with("+3290")).count();
    println!(
        "P12 sqlite: {rings} missed calls of {callers} numbers, {restarts} restarts: {total} called back of {all} a day, at most {most} of {each} for a number in an hour, {forbidden} abroad or dear; {answered} answered instead, {rejected} not picked up"
    );
    // Calls that are answered come out of the same budget of a day.
    assert!(most <= each * hours && total + answered <= all * days);
    assert_eq!(forbidden, 0);
    assert!((total + answered) * 10 >= all * 9, "{total} and {answered} of {all}");
}
