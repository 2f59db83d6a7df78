//! P8: carriers that are down for ten minutes touch nobody else: text messages are answered as fast as before, what
//! waited goes out when they are back, in order.
//!
//! Time is compressed ten times: each outage lasts a minute where it is run in full.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use db::outbox::Way;
use harness::bot_api::{self, BOT, BotApi};
use harness::carrier::{Carrier, Message};
use harness::carrier_api::{self, CarrierApi};
use harness::home::{Home, Kind};
use harness::program::{Program, UNLIMITED, fill, free_address};
use harness::scale::Scale;
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::outgoing::{Queue, number_in};

/// People who write meanwhile.
const LANES: usize = 4;

/// Between two messages of one of them.
const PAUSE: Duration = Duration::from_millis(40);

/// What waited is gone by then.
const BACKLOG: Duration = Duration::from_mins(2);

#[derive(Debug, Clone, Copy)]
enum Outage {
    Broken,
    TooMany,
    BlackHole,
    Refused,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p08_carriers_that_are_down_touch_nobody_else() {
    let scale = Scale::of_this_run();
    let lasts = Duration::from_secs(if scale.full { 60 } else { 4 });
    let home = Home::new(Kind::Sqlite);
    fill(&home, 60).await;
    let (sms_at, chat_at) = (free_address(), free_address());
    let (mut sms, mut chat) = (CarrierApi::listen_on(sms_at).await, BotApi::listen_on(chat_at).await);
    let settings: Vec<_> = UNLIMITED
        .into_iter()
        .chain([
            ("PASSERELLE__TWILIO__ACCOUNT_SID", "AC1"),
            ("PASSERELLE__TWILIO__NUMBER", "+32460000000"),
            ("PASSERELLE__TWILIO__API_URL", sms.url.as_str()),
            ("PASSERELLE__TELEGRAM__TOKEN", BOT),
            ("PASSERELLE__TELEGRAM__API_URL", chat.url.as_str()),
        ])
        .map(|(name, value)| (name, value.to_owned()))
        .collect();
    let settings: Vec<_> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let program = Program::serve(&home, free_address(), &settings).await;
    let carrier = Arc::new(Carrier::new(program.address));
    let queue = Queue::of(&home).await;
    let mut next = 0;
    let (mut sent_sms, mut sent_chat) = (Vec::new(), Vec::new());

    // The same work with carriers that do theirs.
    let mut baseline = load(&carrier, &queue, lasts * 2, &mut next).await;
    drained(&home).await;
    let normal = ninety_ninth(&mut baseline);
    let mut worst = Duration::ZERO;
    let mut slowest_back = Duration::ZERO;
    for outage in [Outage::Broken, Outage::TooMany, Outage::BlackHole, Outage::Refused] {
        match outage {
            Outage::Broken | Outage::Refused => (sms.behave(carrier_api::Fault::Status(500, None)), chat.behave(bot_api::Fault::Broken)),
            Outage::TooMany => (sms.behave(carrier_api::Fault::Status(429, Some(2))), chat.behave(bot_api::Fault::TooMany(2))),
            Outage::BlackHole => (sms.behave(carrier_api::Fault::BlackHole), chat.behave(bot_api::Fault::BlackHole)),
        };
        if matches!(outage, Outage::Refused) {
            // Connections that are open still get errors; a new one nobody takes.
            sms.leave();
            chat.leave();
        }
        let asked = (sms.asked(), chat.asked());
        let mut took = load(&carrier, &queue, lasts, &mut next).await;
        worst = worst.max(ninety_ninth(&mut took));
        // Whoever is asked for peace gives it: once in two seconds at the most.
        if matches!(outage, Outage::TooMany) {
            let most = usize::try_from(lasts.as_secs() / 2).unwrap() + 2;
            let (of_sms, of_chat) = (sms.asked() - asked.0, chat.asked() - asked.1);
            assert!(of_sms <= most && of_chat <= most, "asked {of_sms} and {of_chat} times in {lasts:?} for peace of 2 s");
        }
        if matches!(outage, Outage::Refused) {
            sent_sms.extend(sms.accepted());
            sent_chat.extend(chat.said());
            (sms, chat) = (CarrierApi::listen_on(sms_at).await, BotApi::listen_on(chat_at).await);
        }
        sms.behave(carrier_api::Fault::None);
        chat.behave(bot_api::Fault::None);
        let begun = Instant::now();
        drained(&home).await;
        slowest_back = slowest_back.max(begun.elapsed());
    }
    sent_sms.extend(sms.accepted());
    sent_chat.extend(chat.said());
    queue.store.close().await;
    drop(program);

    let texts: Vec<(String, usize)> = sent_sms.iter().map(|one| (one.to.clone(), number_in(&one.content))).collect();
    let chats: Vec<(String, usize)> = sent_chat.iter().map(|one| (one.chat().to_string(), number_in(one.text()))).collect();
    let (lost, disorder) = (missing(&texts, next) + missing(&chats, next), out_of_order(&texts) + out_of_order(&chats));
    println!(
        "P8 sqlite: four outages of {lasts:?}: text messages, none of them tried twice, p99 {normal:.1?} before, at worst {worst:.1?} during ({:.2} times), what waited gone after at most {slowest_back:.1?}; {next} to each carrier, lost {lost}, out of order {disorder}",
        worst.as_secs_f64() / normal.as_secs_f64()
    );
    assert_eq!((lost, disorder), (0, 0));
    assert!(slowest_back <= BACKLOG);
    scale.expect_in_time(worst.as_secs_f64() <= 1.5 * normal.as_secs_f64(), "text messages wait for carriers that are down");
}

/// People write, and two messages a second go out by each carrier; how long the answers took. Each is answered at its
/// first attempt: nothing here leans on a carrier that tries again.
async fn load(carrier: &Arc<Carrier>, queue: &Queue, lasts: Duration, next: &mut usize) -> Vec<Duration> {
    static PERSON: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
    let begun = Instant::now();
    let mut lanes = JoinSet::new();
    for _ in 0..LANES {
        let carrier = Arc::clone(carrier);
        lanes.spawn(async move {
            let (mut connection, mut took) = (None, Vec::new());
            while begun.elapsed() < lasts {
                let person = PERSON.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
                let message = Message { sid: format!("SMP8{person:08}"), from: format!("+32476{:06}", person % 1_000_000), text: "manger 1030".to_owned() };
                let sent = Instant::now();
                let answer = carrier.attempt(&mut connection, &message).await.unwrap();
                assert_eq!(answer.status, 200);
                took.push(sent.elapsed());
                sleep(PAUSE).await;
            }
            took
        });
    }
    while begun.elapsed() < lasts {
        queue.put(*next, &format!("+32470{:06}", *next % 5), Way::Sms, false).await;
        queue.put(*next, &format!("telegram:{}", 1 + *next % 5), Way::Chat, false).await;
        *next += 1;
        sleep(Duration::from_millis(500)).await;
    }
    lanes.join_all().await.concat()
}

async fn drained(home: &Home) {
    let begun = Instant::now();
    while home.number("SELECT count(*) FROM outbox WHERE state IN ('waiting', 'claimed')").await > 0 {
        assert!(begun.elapsed() < BACKLOG * 2, "what waits does not go out");
        sleep(Duration::from_millis(200)).await;
    }
}

fn ninety_ninth(took: &mut [Duration]) -> Duration {
    took.sort();
    took[took.len() * 99 / 100]
}

/// Of the first so many, those that never came.
fn missing(sent: &[(String, usize)], queued: usize) -> usize {
    (0..queued).filter(|number| !sent.iter().any(|(_, sent)| sent == number)).count()
}

/// Messages that came to somebody behind a later one. One that came twice is no step back.
fn out_of_order(sent: &[(String, usize)]) -> usize {
    let mut last: BTreeMap<&str, usize> = BTreeMap::new();
    sent.iter().filter(|(to, number)| last.insert(to, *number).is_some_and(|before| before > *number)).count()
}
