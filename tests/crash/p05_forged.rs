//! P5: forged, replayed or moved requests change nothing, and a wrong signature takes as long as another.

use std::time::Instant;

use gateway::channel::twilio::{Secret, Signed, sign, verify};
use harness::carrier::{Carrier, Message, PATH, PUBLIC_URL, TOKEN};
use harness::chance::Chance;
use harness::home::{Home, Kind};
use harness::program::{Program, UNLIMITED, fill, free_address};
use harness::scale::Scale;
use harness::wire::Connection;

const NEXT_TOKEN: &str = "fedcba9876543210fedcba9876543210";

/// Where what is signed for text messages is not believed.
const ELSEWHERE: [&str; 10] = [
    "/twilio/voice",
    "/twilio/voice/keys?step=1&keys=1230",
    "/twilio/voice/keys?step=9&person=1",
    "/twilio/voice/status",
    "/twilio/status?id=1",
    "/telegram/webhook",
    "/twilio/sms/",
    "/twilio//sms",
    "/TWILIO/SMS",
    "/",
];

/// A bot to which Telegram would post.
const BOT_SETTINGS: [(&str, &str); 3] = [
    ("PASSERELLE__TELEGRAM__TOKEN", harness::bot_api::BOT),
    ("PASSERELLE__TELEGRAM__WEBHOOK", "true"),
    ("PASSERELLE__TELEGRAM__API_URL", "http://127.0.0.1:9"),
];

/// What a stranger writes to look like somebody else.
const SPOOFED: [(&str, &str); 6] = [
    ("X-Forwarded-For", "127.0.0.1"),
    ("X-Forwarded-Host", "other.example.org"),
    ("X-Forwarded-Proto", "http"),
    ("X-Original-URL", "/twilio/sms"),
    ("Forwarded", "for=127.0.0.1;host=other.example.org;proto=http"),
    ("X-HTTP-Method-Override", "PUT"),
];

fn message(number: usize) -> Message {
    Message { sid: format!("SMP5{number:08}"), from: format!("+32472{number:06}"), text: "manger 1030".to_owned() }
}

/// Rows that a request could add or change.
async fn effects(home: &Home) -> Vec<String> {
    let tables = ["turn", "session", "budget", "unmet", "doubt", "counter", "record", "call_back", "outbox", "opt_out"];
    let mut all = Vec::new();
    for table in tables {
        all.push(format!("{table} {}", home.number(&format!("SELECT count(*) FROM {table}")).await));
    }
    all.push(format!("spent {}", home.number("SELECT coalesce(sum(spent), 0) FROM budget").await));
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p05_only_the_carrier_is_believed() {
    let requests = Scale::of_this_run().pick(600, 10_000);
    let home = Home::new(Kind::Sqlite);
    fill(&home, 60).await;
    let rotating: Vec<_> = UNLIMITED.into_iter().chain([("PASSERELLE__TWILIO__NEXT_AUTH_TOKEN", NEXT_TOKEN)]).chain(BOT_SETTINGS).collect();
    let mut program = Program::serve(&home, free_address(), &rotating).await;
    let address = program.address;
    let carrier = Carrier::new(address);
    let mut connection = None;
    let known = 40;
    for number in 0..known {
        carrier.deliver(&mut connection, &message(number)).await;
    }
    let before = effects(&home).await;

    // Forged and moved.
    let mut chance = Chance::new(5);
    let mut wire = Connection::open(address).await.unwrap();
    let mut believed = Vec::new();
    for number in 0..requests {
        let body = message(1_000 + number).form();
        let right = carrier.signature(&body);
        let signed_for = |url: &str| sign(&Signed::Form { url, body: &body }, &Secret::new(TOKEN));
        let (host, path, signature) = match chance.below(10) {
            0 => ("sms.example.org", PATH, String::new()),
            1 => ("sms.example.org", PATH, flipped(&right, &mut chance)),
            2 => ("sms.example.org", PATH, right[..right.len() - 1 - chance.below(10)].to_owned()),
            3 => ("sms.example.org", PATH, carrier.signature(&message(number % known).form())),
            4 => ("sms.example.org", PATH, sign(&Signed::Form { url: &format!("{PUBLIC_URL}{PATH}"), body: &body }, &Secret::new("another account's token"))),
            5 => ("other.example.org", PATH, signed_for("https://other.example.org/twilio/sms")),
            6 => ("sms.example.org", PATH, signed_for("http://sms.example.org/twilio/sms")),
            7 => ("sms.example.org", PATH, signed_for(&format!("{PUBLIC_URL}/twilio/voice"))),
            8 => ("sms.example.org", PATH, signed_for(&format!("{PUBLIC_URL}{PATH}?channel=sms"))),
            // Rightly signed, for here, and sent elsewhere.
            _ => ("sms.example.org", *chance.one_of(&ELSEWHERE), right.clone()),
        };
        let mut headers = vec![("Host", host), ("X-Twilio-Signature", signature.as_str())];
        headers.push(*chance.one_of(&SPOOFED));
        // A secret of Telegram's that is none of ours.
        headers.push(("X-Telegram-Bot-Api-Secret-Token", signature.as_str()));
        let response = wire.post(path, &headers, &body).await.unwrap();
        if !matches!(response.status, 403 | 404) {
            believed.push((response.status, path, signature));
        }
    }
    let after = effects(&home).await;

    // Replayed: the same bytes, from anywhere, with any header.
    let mut replays = 0;
    for number in 0..requests / 4 {
        let message = message(number % known);
        let body = message.form();
        let response = wire.post(PATH, &[("X-Twilio-Signature", &carrier.signature(&body)), *chance.one_of(&SPOOFED)], &body).await.unwrap();
        assert_eq!(response.status, 200);
        assert!(carrier.heard()[&message.sid].contains(&response.body), "a replay is answered otherwise");
        replays += 1;
    }
    // An old identifier around another text, rightly signed: the old answer.
    let old = Message { text: "douche 1000".to_owned(), ..message(0) };
    assert!(carrier.heard()[&old.sid].contains(&carrier.post(&mut None, &old.form()).await.unwrap().body));
    assert_eq!(effects(&home).await, before);

    // The tokens are exchanged: both count, then only the new one.
    let next = Carrier::with_token(address, NEXT_TOKEN);
    assert_eq!(next.post(&mut None, &message(1).form()).await.unwrap().status, 200);
    drop(wire);
    program.kill();
    let settled: Vec<_> = UNLIMITED.into_iter().chain([("PASSERELLE__TWILIO__AUTH_TOKEN", NEXT_TOKEN)]).collect();
    program = Program::serve(&home, address, &settled).await;
    assert_eq!(carrier.post(&mut None, &message(1).form()).await.unwrap().status, 403);
    let answer = next.post(&mut None, &message(1).form()).await.unwrap();
    assert!(answer.status == 200 && carrier.heard()[&message(1).sid].contains(&answer.body));
    assert_eq!(effects(&home).await, before);
    drop(program);

    println!(
        "P5 sqlite: {requests} forged or moved: believed {}, effects {}; {replays} replays, answered otherwise 0; tokens exchanged",
        believed.len(),
        usize::from(before != after)
    );
    assert!(believed.is_empty(), "{:?}", believed.first());
    assert_eq!(before, after);
}

/// One character changed.
fn flipped(signature: &str, chance: &mut Chance) -> String {
    let at = chance.below(signature.len() - 2);
    signature.chars().enumerate().map(|(place, letter)| if place == at { if letter == 'A' { 'B' } else { 'A' } } else { letter }).collect()
}

/// Measured in this process, on the function itself: a network would hide what it leaks.
#[test]
fn p05_a_wrong_signature_takes_as_long_as_another() {
    let scale = Scale::of_this_run();
    let body = message(0).form();
    let url = format!("{PUBLIC_URL}{PATH}");
    let signed = Signed::Form { url: &url, body: &body };
    let secrets = [Secret::new(TOKEN)];
    let right = sign(&signed, &secrets[0]);
    let wrong_at = |place: usize| {
        right.chars().enumerate().map(|(at, letter)| if at == place { if letter == 'A' { 'B' } else { 'A' } } else { letter }).collect::<String>()
    };
    let (early, late) = (wrong_at(0), wrong_at(right.len() - 2));
    let mut chance = Chance::new(55);
    let (mut early_took, mut late_took) = (Vec::new(), Vec::new());
    // A few at a time: what else the machine does falls on both alike.
    for _ in 0..scale.pick(2_000, 100_000) {
        let is_early = chance.bits() & 1 == 0;
        let begun = Instant::now();
        for _ in 0..4 {
            assert!(!verify(&signed, if is_early { &early } else { &late }, &secrets));
        }
        let took = begun.elapsed().as_secs_f64();
        (if is_early { &mut early_took } else { &mut late_took }).push(took);
    }
    let t = welch(&mut early_took, &mut late_took);
    println!("P5: wrong first letter against wrong last one, {} measures, Welch t = {t:+.2}", early_took.len() + late_took.len());
    scale.expect_in_time(t.abs() < 4.5, "the time of a wrong signature tells where it is wrong");
}

/// Welch's t of what lies below the ninth decile of both: the rest is the machine, not the function.
#[expect(clippy::cast_precision_loss, reason = "counts")]
fn welch(one: &mut Vec<f64>, other: &mut Vec<f64>) -> f64 {
    let mut all: Vec<f64> = one.iter().chain(other.iter()).copied().collect();
    all.sort_by(f64::total_cmp);
    let highest = all[all.len() * 9 / 10];
    let moments = |values: &mut Vec<f64>| {
        values.retain(|value| *value <= highest);
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count;
        (mean, values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (count - 1.0) / count)
    };
    let ((mean, variance), (other_mean, other_variance)) = (moments(one), moments(other));
    (mean - other_mean) / (variance + other_variance).sqrt()
}
