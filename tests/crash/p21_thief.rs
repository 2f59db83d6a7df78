//! P21: a thief. What lies on a kiosk's disk, in a backup and in a database is read without the key file, byte by byte, and
//! tried: no phone number comes out of it, and what can be read is a list that is known.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use application::keys::Keys;
use application::seal::{Sealer, Use};
use chrono::{DateTime, Utc};
use db::assistance::AssistanceCall;
use db::sealed_request::SealedRequest;
use db::{Address, Sealed, Store};
use directory::clock::{Clock, SystemClock};
use directory::phone::{Country, Phone};
use harness::carrier::{Carrier, Message};
use harness::home::{Home, Kind};
use harness::kiosk::{SILENT, settings};
use harness::program::{CALLS_BACK, Program, UNLIMITED, fill, free_address, run};
use harness::thermal::Thermal;
use sha2::{Digest, Sha256};

/// Whose numbers the thief knows, and looks for.
const KNOWN: usize = 50;

/// Numbers that are tried against every hash: those, and their neighbours.
const TRIED: usize = 300;

/// Somebody who works at the desk.
const MEDIATOR: &str = "Zorgvlietanaqx";

/// What may be on a kiosk's disk beside the directory: what it wrote itself and is not brought in yet, and numbers of
/// tickets that others gave.
const ON_A_KIOSK: [&str; 15] =
    ["brief", "counter", "kiosk", "letter", "letter_box", "listing", "print_job", "record", "ring", "source", "ticket", "tally", "turn", "unmet", "word"];

/// Where what somebody wrote, or the name of a mediator, can be read in a database: nowhere else.
const READABLE: [(&str, &str); 4] = [("mediator", "name"), ("session", "state"), ("turn", "answer"), ("turn", "text")];

fn number(person: usize) -> String {
    format!("+324745{person:05}")
}

/// A word that nobody else writes.
fn canary(person: usize) -> String {
    format!("zorgvliet{person:05}qx")
}

/// A number in every way in which it is written.
fn spellings(person: usize) -> Vec<Vec<u8>> {
    let number = number(person);
    let national = format!("0{}", &number[3..]);
    let pairs = |text: &str| format!("{} {} {} {}", &text[..4], &text[4..6], &text[6..8], &text[8..]);
    let all = [number[1..].to_owned(), national.clone(), pairs(&national), national[1..].to_owned()];
    all.into_iter().map(String::into_bytes).collect()
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

/// What the owner knows and the thief does not.
struct Owner {
    secret: [u8; 32],
    keys: Keys,
    now: DateTime<Utc>,
}

impl Owner {
    async fn of(home: &Home) -> Self {
        let secret: [u8; 32] = std::fs::read(home.key_file()).unwrap().try_into().unwrap();
        let store = Store::connect(&Address::parse(home.database())).await.unwrap();
        let now = SystemClock.now();
        let keys = Keys::open(&secret, &store, now).await.unwrap();
        store.close().await;
        Self { secret, keys, now }
    }

    /// The secret and all that is made of it, as bytes and as text.
    fn keys(&self) -> Vec<Vec<u8>> {
        let hexed = [hexadecimal(&self.secret), hexadecimal(&self.secret).to_uppercase(), self.keys.webhook_secret()];
        [self.secret.to_vec()].into_iter().chain(hexed.map(String::into_bytes)).collect()
    }

    /// What a number is kept as: of a sender, of a person.
    fn hashes(&self, number: &str) -> Vec<Vec<u8>> {
        vec![self.keys.hasher(self.now).hash(number).to_vec(), self.keys.person(number).as_bytes().to_vec()]
    }
}

/// Every value of a database, by table and column; bytes as hexadecimal digits.
struct Dump(BTreeMap<(String, String), Vec<String>>);

impl Dump {
    async fn of(home: &Home) -> Self {
        let tables = match home.kind {
            Kind::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE '\\_sqlx%' ESCAPE '\\'",
            Kind::Postgres => "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_name NOT LIKE '\\_sqlx%'",
        };
        let mut values = BTreeMap::new();
        for table in home.column(tables).await.into_iter().filter(|table| !table.starts_with("word_")) {
            let columns = match home.kind {
                Kind::Sqlite => format!("SELECT name FROM pragma_table_info('{table}')"),
                Kind::Postgres => {
                    format!("SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = '{table}'")
                }
            };
            for column in home.column(&columns).await {
                let value = match home.kind {
                    Kind::Sqlite => format!("CASE typeof({column}) WHEN 'blob' THEN lower(hex({column})) ELSE CAST({column} AS TEXT) END"),
                    Kind::Postgres => format!("replace(CAST({column} AS TEXT), '\\x', '')"),
                };
                let found = home.column(&format!("SELECT {value} FROM {table} WHERE {column} IS NOT NULL")).await;
                values.insert((table.clone(), column), found);
            }
        }
        Self(values)
    }

    /// The tables in which there is something.
    fn filled(&self) -> BTreeSet<&str> {
        self.0.iter().filter(|(_, values)| !values.is_empty()).map(|((table, _), _)| table.as_str()).collect()
    }

    /// Where one of these can be read, in capitals or not.
    fn readable(&self, needles: &[String]) -> BTreeSet<(&str, &str)> {
        let holds = |values: &[String]| values.iter().any(|value| needles.iter().any(|needle| value.to_lowercase().contains(&needle.to_lowercase())));
        self.0.iter().filter(|(_, values)| holds(values)).map(|((table, column), _)| (table.as_str(), column.as_str())).collect()
    }

    /// All values of 32 bytes: hashes, and whatever might be a key.
    fn hashes(&self) -> BTreeSet<Vec<u8>> {
        let byte = |text: &str| (0..32).map(|place| u8::from_str_radix(text.get(2 * place..2 * place + 2)?, 16).ok()).collect::<Option<Vec<u8>>>();
        self.0.values().flatten().filter(|value| value.len() == 64).filter_map(|value| byte(value)).collect()
    }

    fn text(&self) -> Vec<u8> {
        self.0.values().flatten().flat_map(|value| value.bytes().chain([b'\n'])).collect()
    }
}

/// How many of these stand in those bytes.
fn count(bytes: &[u8], needles: &[Vec<u8>]) -> usize {
    let mut starting: BTreeMap<[u8; 2], Vec<&[u8]>> = BTreeMap::new();
    for needle in needles {
        starting.entry([needle[0], needle[1]]).or_default().push(needle);
    }
    let mut found: BTreeSet<&[u8]> = BTreeSet::new();
    for (place, pair) in bytes.windows(2).enumerate() {
        let begun = starting.get(pair).into_iter().flatten();
        found.extend(begun.filter(|needle| bytes[place..].starts_with(needle)));
    }
    found.len()
}

/// Every file of a folder and of the folders in it, and its bytes, but for that one.
fn files(folder: &Path, but: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            all.extend(files(&entry, but));
        } else if entry.is_file() && entry != but {
            let bytes = std::fs::read(&entry).unwrap();
            all.push((entry, bytes));
        }
    }
    all
}

/// How many of the numbers a guess of the key finds among these hashes.
fn found_with(hashes: &BTreeSet<Vec<u8>>, hash: impl Fn(&str) -> Vec<Vec<u8>>) -> usize {
    (0..TRIED).filter(|person| hash(&number(*person)).iter().any(|hash| hashes.contains(hash))).count()
}

/// Tries every number against every hash, without a key, with none but noughts, and with whatever lies there and is as long
/// as a key; how many numbers come out, and how many guesses of the key that were.
fn tried(hashes: &BTreeSet<Vec<u8>>) -> (usize, usize) {
    let plain = |number: &str| {
        let (whole, digits) = (Sha256::digest(number), Sha256::digest(&number[1..]));
        vec![whole.to_vec(), digits.to_vec()]
    };
    let mut out = found_with(hashes, plain);
    let guesses: Vec<[u8; 32]> = [[0; 32]].into_iter().chain(hashes.iter().filter_map(|guess| <[u8; 32]>::try_from(guess.as_slice()).ok())).collect();
    for guess in &guesses {
        let keys = Keys::fixed(guess);
        out += found_with(hashes, |number| vec![keys.hasher(DateTime::default()).hash(number).to_vec(), keys.person(number).as_bytes().to_vec()]);
    }
    (out, guesses.len())
}

/// How many sealed numbers of call-backs such a guess opens.
async fn opened_with(home: &Home, guesses: impl Iterator<Item = [u8; 32]>) -> usize {
    let store = Store::connect(&Address::parse(home.database())).await.unwrap();
    let waiting = store.call_backs().await.unwrap();
    store.close().await;
    assert_eq!(waiting.len(), KNOWN);
    let sealers: Vec<Sealer> = guesses.map(|guess| Sealer::new(&guess)).collect();
    waiting.iter().filter(|row| sealers.iter().any(|sealer| sealer.open(Use::CallBack(&row.person), &row.number).is_ok())).count()
}

/// A gateway that was used: who wrote, who waits for a call, who said STOP, who works there; and its kiosk.
async fn lived_in(kind: Kind) -> (Home, Thermal) {
    let (home, thermal) = (Home::new(kind), Thermal::new());
    fill(&home, 60).await;
    let copy = home.kiosk_file().display().to_string();
    let given: Vec<(&str, &str)> = UNLIMITED.into_iter().chain(CALLS_BACK).chain([("PASSERELLE__KIOSK__COPY", copy.as_str())]).collect();
    let added = run(&home, &given, ["mediator", "add", MEDIATOR]).await;
    assert!(added.status.success(), "{}", String::from_utf8_lossy(&added.stderr));
    let mut program = Program::serve(&home, free_address(), &given).await;
    let carrier = Carrier::new(program.address);
    let mut connection = None;
    for person in 0..KNOWN {
        let texts = [Some(format!("manger 1030 {}", canary(person))), (person % 2 == 0).then(|| "STOP".to_owned()), Some("0".to_owned())];
        for (step, text) in texts.into_iter().flatten().enumerate() {
            carrier.deliver(&mut connection, &Message { sid: format!("SMP21{person:08}{step}"), from: number(person), text }).await;
        }
    }
    program.stop().await;
    // The kiosk goes on without its gateway: numbers typed there wait, closed.
    settings(&home, &thermal, "cells", SILENT);
    let store = Store::open_copy(&home.kiosk_file()).await.unwrap();
    let sealing_key = store.sealing_key().await.unwrap().expect("the gateway calls people back");
    for person in 0..KNOWN {
        let phone = Phone::parse(&number(person), Country::Be).unwrap();
        let sealed = kiosk::data::seal::seal(&sealing_key, &phone).unwrap();
        let request = SealedRequest { id: format!("{person}"), sealed, language: "fr".to_owned(), theme: None, postal_code: None, written: SystemClock.now() };
        store.keep_sealed_request(&request).await.unwrap();
    }
    store.raise_assistance(&AssistanceCall { id: "1".to_owned(), place: "Bibliothèque".to_owned(), at: SystemClock.now() }).await.unwrap();
    store.close().await;
    (home, thermal)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p21_a_thief_reads_no_number() {
    for kind in Kind::all("P21") {
        let (home, _thermal) = lived_in(kind).await;
        let owner = Owner::of(&home).await;
        let numbers: Vec<Vec<u8>> = (0..KNOWN).flat_map(spellings).collect();
        let texts: Vec<Vec<u8>> = (0..KNOWN).map(|person| canary(person).into_bytes()).collect();
        the_kiosk(&home, &owner, &numbers, &texts).await;
        the_backup(&home, &owner, &numbers, &texts).await;
        the_database(&home, &owner, &numbers).await;
    }
}

/// (a) The kiosk's disk: its copy and its settings.
async fn the_kiosk(home: &Home, owner: &Owner, numbers: &[Vec<u8>], texts: &[Vec<u8>]) {
    let copy = home.kiosk_copy();
    let mut disk = files(copy.folder(), Path::new(""));
    disk.push((PathBuf::from("kiosk.toml"), std::fs::read(home.folder().join("kiosk.toml")).unwrap()));
    let bytes: Vec<u8> = disk.into_iter().flat_map(|(_, bytes)| bytes).collect();
    let names = [MEDIATOR.as_bytes().to_vec()];
    let hashes: Vec<Vec<u8>> = (0..KNOWN).flat_map(|person| owner.hashes(&number(person))).collect();
    let found = [numbers, texts, &names, &owner.keys(), &hashes].map(|needles| count(&bytes, needles));
    let dump = Dump::of(&copy).await;
    let letters = copy.column("SELECT hex(sealed) FROM letter").await;
    let lengths: BTreeSet<usize> = letters.iter().map(String::len).collect();
    println!(
        "P21 {} kiosk: of {KNOWN} numbers, texts, a mediator's name, keys, hashes {found:?} found in {} bytes; {} letters, all of one length; tables with something in them: {:?}",
        home.kind.name(),
        bytes.len(),
        letters.len(),
        dump.filled()
    );
    assert_eq!(found, [0; 5]);
    assert_eq!((letters.len(), lengths.len()), (KNOWN, 1));
    let more: Vec<&str> = dump.filled().into_iter().filter(|table| !ON_A_KIOSK.contains(table)).collect();
    assert!(more.is_empty(), "a kiosk has more than it may: {more:?}");
    assert_eq!(copy.number("SELECT count(*) FROM record WHERE status NOT IN ('published', 'doubtful')").await, 0);
    let (out, guesses) = tried(&dump.hashes());
    assert_eq!(out, 0, "{guesses} guesses");
    // The search finds the letters' numbers, where somebody has the key.
    let opened = letters.iter().filter(|letter| {
        let sealed = (0..letter.len() / 2).map(|place| u8::from_str_radix(&letter[2 * place..2 * place + 2], 16).unwrap()).collect();
        owner.keys.open_sealed_request(&Sealed::new(sealed)).is_ok()
    });
    assert_eq!(opened.count(), KNOWN);
}

/// (b) A backup of the database, without the key file.
async fn the_backup(home: &Home, owner: &Owner, numbers: &[Vec<u8>], texts: &[Vec<u8>]) {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("backup");
    if home.kind == Kind::Sqlite {
        let made = run(home, &[], ["backup".as_ref(), file.as_os_str()]).await;
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    } else {
        let made = Command::new("pg_dump").args(["--format=plain", "--file"]).arg(&file).arg(home.database()).status();
        if !made.is_ok_and(|status| status.success()) {
            harness::skip("P21 postgres backup", "pg_dump makes none here");
            return;
        }
    }
    let bytes = std::fs::read(&file).unwrap();
    let found = [numbers, &owner.keys()].map(|needles| count(&bytes, needles));
    let read = count(&bytes, texts);
    println!("P21 {} backup: of {KNOWN} numbers and the keys {found:?} found in {} bytes; texts of the last seven days {read}", home.kind.name(), bytes.len());
    assert_eq!(found, [0; 2]);
    assert_eq!(read, KNOWN, "the search finds nothing where there is something");
}

/// (c) The database itself, with all that lies beside it but the key file.
async fn the_database(home: &Home, owner: &Owner, numbers: &[Vec<u8>]) {
    let key_file = home.key_file();
    // The settings of a kiosk and what this test typed lie there, too.
    let mut bytes: Vec<u8> =
        files(home.folder(), &key_file).into_iter().filter(|(file, _)| file.extension().is_none_or(|end| end != "csv")).flat_map(|(_, bytes)| bytes).collect();
    let dump = Dump::of(home).await;
    bytes.extend(dump.text());
    let found = [numbers, &owner.keys()].map(|needles| count(&bytes, needles));
    let hashes = dump.hashes();
    let (out, guesses) = tried(&hashes);
    let all_guesses = || [[0; 32]].into_iter().chain(hashes.iter().filter_map(|guess| <[u8; 32]>::try_from(guess.as_slice()).ok()));
    let opened = opened_with(home, all_guesses()).await;
    let canaries: Vec<String> = (0..KNOWN).map(canary).chain([MEDIATOR.to_owned()]).collect();
    let readable = dump.readable(&canaries);
    println!(
        "P21 {} database: of {KNOWN} numbers and the keys {found:?} found in {} bytes; {TRIED} numbers tried against {} hashes with {guesses} guesses of the key: {out} come out, {opened} sealed numbers open; what people wrote and who works there can be read in {readable:?}; tables with something in them: {:?}",
        home.kind.name(),
        bytes.len(),
        hashes.len(),
        dump.filled()
    );
    assert_eq!((found, out, opened), ([0; 2], 0, 0));
    assert!(readable.iter().all(|place| READABLE.contains(place)), "more can be read than is said: {readable:?}");
    assert!(readable.contains(&("turn", "text")) && readable.contains(&("mediator", "name")), "the search finds nothing where there is something");
    // With the key file all of it comes out: the thief did look in the right places.
    let known = found_with(&hashes, |number| owner.hashes(number));
    assert_eq!((known, opened_with(home, [owner.secret].into_iter()).await), (KNOWN, KNOWN));
}
