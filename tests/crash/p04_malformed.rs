//! P4: no body makes the program panic or answer 5xx, and those who write rightly meanwhile are answered.

use harness::carrier::{Carrier, Message};
use harness::chance::Chance;
use harness::home::{Home, Kind};
use harness::program::{Program, UNLIMITED, fill, free_address, log};
use harness::scale::Scale;
use harness::wire::Connection;

/// What begins well.
const BODIES: [&str; 6] = [
    "ToCountry=BE&MessageSid=SM1&From=%2B32470000001&To=%2B32460000000&NumSegments=1&Body=manger+1030",
    "MessageSid=SM2&From=%2B32470000002&Body=caf%C3%A9+%F0%9F%99%8F&FromCity=&FromZip=",
    "MessageSid=SM3&From=%2B32470000003&Body=8&MediaUrl0=https%3A%2F%2Fexample.org%2F%3Fa%3Db",
    "SmsSid=SM4&From=8810&Body=INFO",
    "MessageSid=SM5&From=whatsapp%3A%2B32470000005&Body=STOP",
    "MessageSid=SM6&From=%2B32470000006&Body=",
];

const PIECES: [&[u8]; 14] =
    [b"&", b"=", b"%", b"%0", b"%00", b"+", b";", b"\x00", b"\xff\xfe", b"\xc3\x28", b"&Body=", b"&From=%2B32470000009", b"&MessageSid=", b"\xed\xa0\x80"];

const TYPES: [&str; 6] = [
    "application/x-www-form-urlencoded",
    "application/x-www-form-urlencoded; charset=utf-16",
    "application/x-www-form-urlencoded; charset=windows-1252",
    "application/json",
    "multipart/form-data; boundary=x",
    "\u{a0}",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p04_no_body_is_too_bad() {
    for kind in Kind::all("P4") {
        survive(kind).await;
    }
}

async fn survive(kind: Kind) {
    let scale = Scale::of_this_run();
    let bodies = scale.pick(800, 100_000);
    let home = Home::new(kind);
    fill(&home, 60).await;
    let program = Program::serve(&home, free_address(), &UNLIMITED).await;
    let carrier = Carrier::new(program.address);
    let mut chance = Chance::new(4);
    let (mut plain, mut bad) = (None, None);
    let (mut right, mut valid, mut server_errors, mut dropped) = (0, 0, Vec::new(), 0);
    let mut statuses = std::collections::BTreeMap::<u16, usize>::new();
    let mut memory = 0;
    for number in 0..bodies {
        // What any program needs until it is warm does not count as growth.
        if number == bodies / 5 {
            memory = program.memory();
        }
        let body = malformed(&mut chance);
        let connection = match bad.take() {
            Some(connection) => Ok(connection),
            None => Connection::open(program.address).await,
        };
        let mut connection = connection.unwrap();
        let signature = carrier.signature(&body);
        match connection.post("/twilio/sms", &[("X-Twilio-Signature", &signature), ("Content-Type", *chance.one_of::<&str>(&TYPES))], &body).await {
            Ok(response) => {
                *statuses.entry(response.status).or_default() += 1;
                if response.status >= 500 {
                    server_errors.push((response.status, String::from_utf8_lossy(&body).chars().take(200).collect::<String>()));
                }
                // Who does not read a body to its end closes the connection.
                bad = (body.len() <= 64 * 1024).then_some(connection);
            }
            // Too large a body is answered and the connection closed, which may overtake the answer.
            Err(_) if body.len() > 64 * 1024 => dropped += 1,
            Err(error) => panic!("{error} after {:?}", String::from_utf8_lossy(&body)),
        }
        if number % 10 == 0 {
            valid += 1;
            let message = Message { sid: format!("SMRIGHT{number:08}"), from: format!("+32471{number:06}"), text: "manger 1030".to_owned() };
            let answer = carrier.attempt(&mut plain, &message).await.unwrap();
            right += usize::from(answer.status == 200 && answer.body.contains("Repas chaud 1030"));
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "kilobytes")]
    let growth = 100.0 * (program.memory() as f64 / memory as f64 - 1.0);
    let panics = log(&home).matches("panicked").count();
    println!(
        "P4 {}: {bodies} bodies {statuses:?} ({dropped} too large to be heard out), panics {panics}, 5xx {}, right answers meanwhile {right} of {valid}, memory {growth:+.1} %",
        kind.name(),
        server_errors.len()
    );
    assert_eq!((panics, right), (0, valid));
    assert!(server_errors.is_empty(), "{:?}", server_errors.first());
    assert_eq!(home.findings().await, Vec::<String>::new());
    scale.expect_in_time(growth < 10.0, "memory grows by 10 % or more");
}

fn malformed(chance: &mut Chance) -> Vec<u8> {
    let mut body = chance.one_of(&BODIES).as_bytes().to_vec();
    match chance.below(100) {
        0 => return vec![b'a'; 70_000 + chance.below(200_000)],
        1 => return [b"MessageSid=SMHUGE&From=%2B32470000001&Body=".as_slice(), &vec![b'%'; 60_000]].concat(),
        2 => return body.iter().copied().cycle().take(60_000).collect(),
        3..20 => {
            let length = chance.below(400);
            return chance.bytes(length);
        }
        20..30 => body.truncate(chance.below(body.len())),
        // Every field twice, with another value.
        30..40 => body = [&body, b"&".as_slice(), chance.one_of(&BODIES).as_bytes()].concat(),
        _ => {}
    }
    for _ in 0..=chance.below(5) {
        let at = chance.below(body.len() + 1);
        match chance.below(3) {
            0 => drop(body.splice(at..at, chance.one_of(&PIECES).iter().copied())),
            1 if at < body.len() => body[at] = chance.bytes(1)[0],
            _ => {
                let end = (at + chance.below(6)).min(body.len());
                body.drain(at..end);
            }
        }
    }
    body
}
