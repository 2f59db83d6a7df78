//! P17: what is personal leaves when we say it does, to the last byte on the disk.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use application::keys::Keys;
use chrono::Duration;
use db::assistance::AssistanceCall;
use db::outbox::Way;
use db::print_job::Wanted;
use db::sealed_request::SealedRequest;
use db::ticket::Ticketed;
use db::{Address, Sealed, Store};
use directory::clock::{Clock, SystemClock};
use directory::code::Code;
use directory::printing::{JobState, Left, Transition};
use directory::ticket::Ticket;
use harness::carrier::{Carrier, Message};
use harness::home::{Home, Kind};
use harness::program::{CALLS_BACK, Program, UNLIMITED, fill, free_address, log, run};
use harness::scale::Scale;
use tokio::task::JoinSet;

/// A word that nobody else writes.
pub(crate) fn canary(number: usize) -> String {
    format!("zorgvliet{number:05}qx")
}

pub(crate) fn number(number: usize) -> String {
    format!("+324745{number:05}")
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
    let settings: Vec<_> = UNLIMITED.into_iter().chain(CALLS_BACK).chain([("PASSERELLE_LOG", "trace")]).collect();
    let mut program = Program::serve(&home, free_address(), &settings).await;
    write(program.address, 0..numbers).await;
    program.stop().await;
    let mut personal = Personal::of(&home, numbers).await;
    slips(&home).await;
    letters(&home).await;
    personal.sealed.push(LETTER.to_vec());
    outgoing(&home).await;
    personal.texts.push(b"message 000777".to_vec());
    let logged = log(&home).into_bytes();
    let in_log = count_in(&logged, &personal.in_clear) + count_in(&logged, &personal.texts);
    let mut before = Vec::new();
    for needles in [&personal.texts, &personal.sealed, &personal.called] {
        before.push(on_disk(&home, needles).await);
    }
    assert!(before.iter().all(|found| *found > 0), "the search finds nothing where there is something: {before:?}");
    let in_clear = on_disk(&home, &personal.in_clear).await;

    // Nine days later, to the program's eyes; the purge dies once in the middle.
    let nine_days = Duration::days(9).num_seconds();
    for moved in [
        "outbox SET made_at = made_at",
        "outbox SET due_at = due_at",
        "outbox SET expires_at = expires_at",
        "letter SET written_at = written_at",
        "ring SET rung_at = rung_at",
        "ticket SET made_at = made_at",
        "print_job SET asked_at = asked_at",
        "print_job SET finished_at = finished_at",
        "turn SET received_at = received_at",
        "session SET expires_at = expires_at",
        "budget SET until = until",
        "call_back SET first_asked_at = first_asked_at",
        "call_back SET asked_at = asked_at",
        "opt_out SET since = since",
    ] {
        home.execute(&format!("UPDATE {moved} - {nine_days}")).await;
    }
    if let Some(mut dying) = Program::try_serve(&home, free_address(), &[("FAILPOINTS", "purge::middle=return")]).await {
        let status = dying.ended(std::time::Duration::from_secs(30)).await.expect("the purge did not die");
        assert!(!status.success());
    }
    assert_eq!(home.findings().await, Vec::<String>::new());
    let purged = || log(&home).matches("purge.done").count();
    let purged_before = purged();
    let mut program = Program::serve(&home, free_address(), &[]).await;
    let begun = std::time::Instant::now();
    // Slips come last; then a server's tables are written anew.
    let left = "SELECT (SELECT count(*) FROM turn) + (SELECT count(*) FROM print_job WHERE codes <> '')";
    while (home.number(left).await > 0 || purged() == purged_before) && begun.elapsed() < std::time::Duration::from_mins(3) {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    program.stop().await;
    let mut rows = Vec::new();
    for table in
        ["turn", "session", "budget", "call_back", "outbox", "letter", "ring", "ticket WHERE codes = '7G7KC'", "print_job WHERE codes <> '' OR state = 'done'"]
    {
        rows.push(home.number(&format!("SELECT count(*) FROM {table}")).await);
    }
    // A ticket lasts 60 days; a slip that nobody printed is known without its records.
    let slips = (home.number("SELECT count(*) FROM ticket").await, home.number("SELECT count(*) FROM print_job WHERE state = 'spoiled'").await);
    assert_eq!(slips, (1, 1));
    let (mut after, mut left) = (0, Vec::new());
    for needles in [&personal.texts, &personal.in_clear, &personal.hashes, &personal.sealed, &personal.called] {
        let places = places_on_disk(&home, needles).await;
        after += places.iter().map(|(_, found)| found).sum::<usize>();
        left.extend(places);
    }
    if kind == Kind::Sqlite {
        // A copy made today holds nothing of it either.
        let copy = home.folder().join("copy");
        assert!(run(&home, &[], ["backup".as_ref(), copy.as_os_str()]).await.status.success());
        for needles in [&personal.texts, &personal.in_clear, &personal.hashes, &personal.sealed, &personal.called] {
            after += on_disk(&home, needles).await;
        }
    }
    // STOP is for good, and who was not called is counted.
    let (mut stops, mut forgotten) = (0, 0);
    let (store, keys) = opened(&home).await;
    for person in 0..numbers {
        let stopped = store.has_stopped(&keys.person(&number(person))).await.unwrap();
        stops += usize::from(stopped);
        forgotten += usize::from(stopped != says_stop(person));
    }
    let (_, expired) = store.count_call_backs().await.unwrap();
    store.close().await;
    println!(
        "P17 {}: {numbers} numbers; texts, sealed numbers, hashes of who is called in the database before {before:?}, after nine days {after} (these, numbers, hashes of senders; in database, log of changes, log, copy); numbers in clear in the database ever {in_clear}, in the log {in_log}; turns, sessions, budgets, call-backs, deliveries, letters, rings, expired tickets, slips with their records left {rows:?}; {stops} STOPs kept, wrong {forgotten}; call-backs counted as expired {expired}",
        kind.name()
    );
    let said: Vec<String> = log(&home).lines().filter(|line| line.contains("purge.")).map(ToOwned::to_owned).collect();
    assert_eq!((after, in_clear, in_log, rows), (0, 0, 0, vec![0; 9]), "{left:?} {said:#?}");
    assert_eq!((stops, forgotten, expired), (numbers.div_ceil(2), 0, i64::try_from(numbers + 1).unwrap()));
}

/// Half of them.
fn says_stop(person: usize) -> bool {
    person.is_multiple_of(2)
}

/// What may not stay.
struct Personal {
    texts: Vec<Vec<u8>>,
    /// Numbers as they are dialled.
    in_clear: Vec<Vec<u8>>,
    /// Senders.
    hashes: Vec<Vec<u8>>,
    sealed: Vec<Vec<u8>>,
    /// The persons to be called who did not say STOP.
    called: Vec<Vec<u8>>,
}

impl Personal {
    /// What the messages of [`write`] must have left, and did.
    async fn of(home: &Home, numbers: usize) -> Self {
        let (store, keys) = opened(home).await;
        let waiting = store.call_backs().await.unwrap();
        let stops = store.count_opt_outs().await.unwrap();
        store.close().await;
        assert_eq!((waiting.len(), stops), (numbers, i64::try_from(numbers.div_ceil(2)).unwrap()));
        assert_eq!(home.number("SELECT count(*) FROM turn").await, i64::try_from(6 * numbers + numbers.div_ceil(2)).unwrap());
        let hasher = keys.hasher(SystemClock.now());
        let all = 0..numbers;
        Self {
            texts: all.clone().map(|person| canary(person).into_bytes()).collect(),
            in_clear: all.clone().map(|person| number(person)[1..].to_owned().into_bytes()).collect(),
            hashes: all.clone().map(|person| hasher.hash(&number(person)).to_vec()).collect(),
            sealed: waiting.iter().map(|row| row.number.as_bytes().to_vec()).collect(),
            called: all.filter(|person| !says_stop(*person)).map(|person| keys.person(&number(person)).as_bytes().to_vec()).collect(),
        }
    }
}

pub(crate) async fn opened(home: &Home) -> (Store, Keys) {
    let secret: [u8; 32] = std::fs::read(home.key_file()).unwrap().try_into().unwrap();
    let store = Store::connect(&Address::parse(home.database())).await.unwrap();
    let keys = Keys::open(&secret, &store, SystemClock.now()).await.unwrap();
    (store, keys)
}

/// How many of them stand in the files beside a database, and in its own: on a server, in its rows and in the files of its
/// tables and indexes, dead rows among them.
pub(crate) async fn on_disk(home: &Home, needles: &[Vec<u8>]) -> usize {
    places_on_disk(home, needles).await.iter().map(|(_, found)| found).sum()
}

/// The same, place by place; only those where some stand.
async fn places_on_disk(home: &Home, needles: &[Vec<u8>]) -> Vec<(String, usize)> {
    let mut places = vec![("files beside it".to_owned(), hits(home.folder(), needles))];
    if home.kind == Kind::Postgres {
        home.execute("CHECKPOINT").await;
        let files = "SELECT c.relname || ' ' || encode(pg_read_binary_file(pg_relation_filepath(c.oid)), 'hex') \
                     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
                     WHERE c.relkind IN ('r', 'i', 't') AND n.nspname IN ('public', 'pg_toast') AND pg_relation_size(c.oid) > 0";
        for file in home.column(files).await {
            let (name, bytes) = file.split_once(' ').unwrap();
            places.push((format!("file of {name}"), count_in(&bytes_of(bytes), needles)));
        }
        // Bytes are shown in hexadecimal digits.
        let hexadecimal = |needle: &Vec<u8>| needle.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}")).into_bytes();
        let shown: Vec<Vec<u8>> = needles.iter().map(hexadecimal).collect();
        for table in home.column("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'").await {
            let rows = home.column(&format!("SELECT CAST(t AS TEXT) FROM {table} t")).await.join("\n");
            let found = count_in(rows.as_bytes(), needles) + count_in(rows.as_bytes(), &shown);
            places.push((format!("rows of {table}"), found));
        }
    }
    places.retain(|(_, found)| *found > 0);
    places
}

/// Bytes that were written in hexadecimal digits.
fn bytes_of(hexadecimal: &str) -> Vec<u8> {
    let digit = |letter: u8| u8::try_from(char::from(letter).to_digit(16).unwrap()).unwrap();
    hexadecimal.as_bytes().chunks_exact(2).map(|pair| digit(pair[0]) << 4 | digit(pair[1])).collect()
}

/// A slip that was printed, one that nobody printed, a ticket in force and one that expires within the nine days.
async fn slips(home: &Home) {
    let (store, _) = opened(home).await;
    let now = SystemClock.now();
    let codes = ["7G7KC", "2HB74"].map(|code| Code::parse(code).unwrap());
    let slip = |place: usize| Ticketed { codes: vec![codes[place]], languages: "fr".to_owned(), style: "standard".to_owned() };
    for (place, age) in [(0, Duration::days(55)), (1, Duration::days(1))] {
        let chosen = Ticket::new(7_000 + u16::try_from(place).unwrap()).unwrap();
        assert_eq!(store.take_ticket(&slip(place), &[chosen], now - age).await.unwrap(), Some(chosen));
    }
    let Ticketed { codes, languages, style } = slip(0);
    let wanted = Wanted { printer: "desk".to_owned(), codes, languages, style, ticket: None, scans: false };
    for _ in 0..2 {
        store.queue_print(&wanted, now).await.unwrap();
    }
    let job = store.claim_print("desk", now).await.unwrap().unwrap();
    let transition = Transition { state: JobState::Done, left: Left::Nothing, pause: Duration::zero() };
    store.keep_print(job.id, &transition, now).await.unwrap();
    store.close().await;
}

/// A number closed by a kiosk for a gateway that is gone.
const LETTER: &[u8] = b"zorgvlietletterqx";

/// A letter that nobody opens, and a ring.
async fn letters(home: &Home) {
    let (store, _) = opened(home).await;
    let now = SystemClock.now();
    let sealed = Sealed::new(LETTER.to_vec());
    store
        .keep_sealed_request(&SealedRequest { id: "1".to_owned(), sealed, language: "fr".to_owned(), theme: None, postal_code: None, written: now })
        .await
        .unwrap();
    store.raise_assistance(&AssistanceCall { id: "1".to_owned(), place: "library".to_owned(), at: now }).await.unwrap();
    store.close().await;
}

/// A text message and a chat message that nobody sends.
async fn outgoing(home: &Home) {
    let queue = crate::outgoing::Queue::of(home).await;
    queue.put(777, &number(1), Way::Sms, false).await;
    queue.put(777, "telegram:4242", Way::Chat, false).await;
    queue.store.close().await;
}

/// The clock moves instead of the rows, inside this process: the same is gone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p17_the_days_pass_by_the_clock() {
    let numbers = 30;
    let home = Home::new(Kind::Sqlite);
    fill(&home, 60).await;
    let settings: Vec<_> = UNLIMITED.into_iter().chain(CALLS_BACK).collect();
    let mut program = Program::serve(&home, free_address(), &settings).await;
    write(program.address, 0..numbers).await;
    program.stop().await;
    let personal = Personal::of(&home, numbers).await;
    let store = Store::open(&home.file()).await.unwrap();
    let now = SystemClock.now();
    let left = || [&personal.texts, &personal.sealed, &personal.called].map(|needles| hits(home.folder(), needles));
    store.purge(now + Duration::days(6)).await.unwrap();
    let kept = left();
    store.purge(now + Duration::days(7) + Duration::minutes(5)).await.unwrap();
    let gone = left();
    store.close().await;
    println!("P17 sqlite: texts, sealed numbers, hashes of who is called on the disk after six days {kept:?}, after seven {gone:?}");
    assert!(kept.iter().all(|kept| *kept > 0));
    assert_eq!(gone, [0, 0, 0]);
}

/// From each: a message that opens a conversation, one with a word of its own, from every other one STOP,
/// and one that asks for a call.
pub(crate) async fn write(address: std::net::SocketAddr, people: std::ops::Range<usize>) {
    let carrier = Arc::new(Carrier::new(address));
    let mut senders = JoinSet::new();
    for lane in 0..8 {
        let (carrier, people) = (Arc::clone(&carrier), people.clone());
        senders.spawn(async move {
            let mut connection = None;
            for person in people.filter(|person| person % 8 == lane) {
                let said =
                    [Some(format!("manger 1030 {}", canary(person))), Some(canary(person)), says_stop(person).then(|| "STOP".to_owned()), Some("0".to_owned())];
                for (step, text) in said.into_iter().flatten().enumerate() {
                    let message = Message { sid: format!("SMP17{person:08}{step}"), from: number(person), text };
                    carrier.deliver(&mut connection, &message).await;
                }
                // And by phone: French, a word aloud.
                let (call, from, aloud) = (format!("CAP17{person:08}"), number(person), canary(person));
                let ringing = carrier.call(&mut connection, "/twilio/voice", &call, &from, &[("CallStatus", "ringing")]).await.unwrap();
                assert!(ringing.body.contains("<Gather"), "{}", ringing.body);
                for (step, fields) in [(1, [("Digits", "1")]), (2, [("SpeechResult", aloud.as_str())])] {
                    let path = format!("/twilio/voice/keys?step={step}&keys=1234");
                    assert_eq!(carrier.call(&mut connection, &path, &call, &from, &fields).await.unwrap().status, 200);
                }
            }
        });
    }
    while let Some(ended) = senders.join_next().await {
        ended.unwrap();
    }
}

/// The table the directory came from.
const TABLE: &str = "entries.csv";

/// How many of them stand in some file of a folder, the table the directory came from aside.
fn hits(folder: &Path, needles: &[Vec<u8>]) -> usize {
    let mut found = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let file = file.unwrap().path();
        if !file.is_file() {
            continue;
        }
        if !file.ends_with(TABLE) {
            found += count_in(&std::fs::read(&file).unwrap(), needles);
        }
    }
    found
}

/// How many of them stand in these bytes. All are looked for at once: a log at its most talkative is long.
pub(crate) fn count_in(bytes: &[u8], needles: &[Vec<u8>]) -> usize {
    let start = |bytes: &[u8]| usize::from(bytes[0]) << 8 | usize::from(bytes[1]);
    let mut starting: Vec<Vec<usize>> = vec![Vec::new(); 1 << 16];
    for (number, needle) in needles.iter().enumerate() {
        starting[start(needle)].push(number);
    }
    let mut found: BTreeSet<usize> = BTreeSet::new();
    for (place, pair) in bytes.windows(2).enumerate() {
        found.extend(starting[start(pair)].iter().filter(|number| bytes[place..].starts_with(&needles[**number])));
    }
    found.len()
}
