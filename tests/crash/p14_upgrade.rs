//! P14: databases of every schema frozen in `fixtures` are brought up to date with nothing lost; a kill
//! in the middle leaves the old state or the new; an older program leaves a newer file alone.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use application::keys::Keys;
use application::seal::{Sealer, Use};
use application::turn::{Channel, Request, TurnService};
use chrono::DateTime;
use directory::clock::FixedClock;
use gateway::channel::twilio;
use harness::carrier::{Carrier, Message};
use harness::chance::Chance;
use harness::environment::freezes;
use harness::home::{Home, Kind};
use harness::program::{CALLS_BACK, Program, binary, fill, free_address, run};
use harness::scale::Scale;
use tokio::time::sleep;

/// What a frozen database was asked, by one number.
const ASKED: [(&str, &str); 3] = [("SMFROZEN1", "manger 1030"), ("SMFROZEN2", "8"), ("SMFROZEN3", "douche 1000")];

const ASKER: &str = "+32470000014";

/// What others wished, from schema 3 on.
const WISHED: [(&str, &str, &str); 2] = [(STOPPER, "SMFROZEN4", "STOP"), (CALLED, "SMFROZEN5", "0")];

const STOPPER: &str = "+32470000017";

const CALLED: &str = "+32470000018";

/// The first schema that keeps wishes, and keys for senders that are not the key file itself: with an older
/// one, conversations begin anew.
const WITH_WISHES: i64 = 3;

fn fixtures() -> PathBuf {
    harness::repository().join("tests/crash/fixtures")
}

/// The frozen databases, oldest first.
fn frozen() -> Vec<PathBuf> {
    let files = std::fs::read_dir(fixtures()).unwrap().map(|file| file.unwrap().path());
    let mut found: Vec<_> = files.filter(|file| file.extension().is_some_and(|ending| ending == "sqlite")).collect();
    found.sort();
    found
}

fn thawed(file: &Path) -> Home {
    let home = Home::new(Kind::Sqlite);
    std::fs::copy(file, home.file()).unwrap();
    std::fs::copy(file.with_extension("key"), home.key_file()).unwrap();
    // As the program makes it: it takes no key that others may read.
    std::fs::set_permissions(home.key_file(), std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    home
}

/// Every row of the tables and columns named, or of all there are.
async fn contents(home: &Home, columns: Option<&BTreeMap<String, Vec<String>>>) -> (BTreeMap<String, Vec<String>>, BTreeMap<String, Vec<String>>) {
    let mut all = columns.cloned().unwrap_or_default();
    if columns.is_none() {
        // The words of the index have no rows of their own: whether they are found shows whether they are there.
        let tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'word%' AND name NOT LIKE 'sqlite%' AND name NOT LIKE '_sqlx%'";
        for table in home.column(tables).await {
            all.insert(table.clone(), home.column(&format!("SELECT name FROM pragma_table_info('{table}')")).await);
        }
    }
    let mut rows = BTreeMap::new();
    for (table, columns) in &all {
        let values = columns.iter().map(|column| format!("quote({column})")).collect::<Vec<_>>().join(" || ' ' || ");
        rows.insert(table.clone(), home.column(&format!("SELECT {values} FROM {table} ORDER BY 1")).await);
    }
    (all, rows)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p14_databases_of_older_programs_are_brought_up_to_date() {
    if freezes() {
        freeze().await;
    }
    let files = frozen();
    assert!(!files.is_empty());
    let mut rows = 0;
    for file in &files {
        let home = thawed(file);
        let (columns, mut before) = contents(&home, None).await;
        let schema = home.number("SELECT max(version) FROM _sqlx_migrations").await;
        let filled = ["record", "turn", "session", "budget", "opt_out", "call_back", "sender_key"];
        let filled = &filled[..if schema < WITH_WISHES { 4 } else { 7 }];
        assert!(filled.iter().all(|table| !before[*table].is_empty()), "{}", file.display());
        rows += before.values().map(Vec::len).sum::<usize>();
        let at = home.number("SELECT max(received_at) FROM turn").await;
        let now = DateTime::from_timestamp(at + 60, 0).unwrap();
        let secret: [u8; 32] = std::fs::read(home.key_file()).unwrap().try_into().unwrap();
        let address = db::Address::from(home.file().as_path());
        let store = db::Store::connect(&address).await.unwrap();
        let keys = Keys::open(&secret, &store, now).await.unwrap();
        store.close().await;
        let engine = harness::demo::engine(&address, Arc::new(FixedClock::at(now)), keys).await.unwrap();
        let (_, mut after) = contents(&home, Some(&columns)).await;
        // How the index is laid out: it may have been made anew.
        for rows in [&mut before, &mut after] {
            rows.get_mut("counter").unwrap().retain(|row| !row.starts_with("'layout'"));
            // Made of the records, which are compared: made anew where a program lays them out otherwise.
            rows.remove("brief");
            // Likewise what entries are found by beside their themes: needs, and names.
            rows.get_mut("listing").unwrap().retain(|row| !row.contains("'need:"));
        }
        assert!(after == before, "{} is not what it was", file.display());
        assert_eq!(home.findings().await, Vec::<String>::new());

        let ask = async |from: &str, sid: &str, text: &str| {
            let request = Request::text(Channel::Sms, Some(from.to_owned()), text, sid);
            engine.take_text(&request, |text| text.map_or_else(twilio::silence, twilio::message)).await.unwrap().bytes
        };
        let kept = home.column("SELECT answer FROM turn ORDER BY carrier_id").await;
        let sent = ASKED.iter().map(|(sid, text)| (ASKER, *sid, *text)).chain(WISHED.into_iter().filter(|_| schema >= WITH_WISHES));
        assert_eq!(sent.clone().count(), kept.len());
        for ((from, sid, text), kept) in sent.zip(kept) {
            assert_eq!(ask(from, sid, text).await, kept);
        }
        // The conversation goes on, and a new one begins.
        let (on, new) = (ask(ASKER, "SMNEW1", "demain").await, ask("+32470000015", "SMNEW2", "demain").await);
        assert_eq!(on != new, schema >= WITH_WISHES, "{}", file.display());
        assert!(ask("+32470000016", "SMNEW3", "manger 1030").await.contains("Repas chaud 1030"));
        wishes_are_known(&engine, &secret, schema >= WITH_WISHES).await;
        engine.store.close().await;
    }
    println!("P14 sqlite: {} fixtures, {rows} rows, different after the upgrade 0", files.len());
}

/// Who said STOP is still left alone, and who is to be called has a number that can be read.
async fn wishes_are_known(engine: &TurnService, secret: &[u8; 32], wished: bool) {
    for (number, may_push) in [(STOPPER, !wished), (CALLED, true), (ASKER, true)] {
        assert_eq!(!engine.store.has_stopped(&engine.keys.person(number)).await.unwrap(), may_push, "{number}");
    }
    let waiting = engine.store.call_backs().await.unwrap();
    assert_eq!(waiting.len(), usize::from(wished));
    for row in waiting {
        assert_eq!(row.person, engine.keys.person(CALLED));
        assert_eq!(Sealer::new(secret).open(Use::CallBack(&row.person), &row.number).unwrap(), CALLED.as_bytes());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p14_an_older_program_refuses_a_newer_file() {
    let home = thawed(frozen().last().unwrap());
    let (_, before) = contents(&home, None).await;
    home.execute("INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (9999, 'of a later program', 1, x'00', 0)")
        .await;
    let output = run(&home, &[], ["check"]).await;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && said.contains("newer Passerelle (schema 9999"), "{said}");
    assert!(Program::try_serve(&home, free_address(), &[]).await.is_none());
    assert!(contents(&home, None).await.1 == before, "the newer file was changed");
    println!("P14 sqlite: a newer file is refused: {}", said.trim());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p14_a_kill_in_the_middle_of_an_upgrade_leaves_old_or_new() {
    let scale = Scale::of_this_run();
    let mut chance = Chance::new(14);
    let (mut at_points, mut at_random, mut old, mut new) = (0, 0, 0, 0);
    binary();
    // From nothing, and from every frozen schema, to the newest.
    let mut starts: Vec<Option<PathBuf>> = frozen().into_iter().map(Some).collect();
    starts.push(None);
    for number in 0..scale.pick(6, 50) {
        let start = &starts[number % starts.len()];
        let home = start.as_deref().map_or_else(|| Home::new(Kind::Sqlite), thawed);
        let before = if start.is_some() { Some(contents(&home, None).await) } else { None };
        if number % 4 < 2 {
            let visits = format!("migrate::between={}*off->return", number / 4 % 3);
            // Where nothing is left to migrate it is not killed, and must change nothing.
            run(&home, &[("FAILPOINTS", &visits)], ["check"]).await;
            at_points += 1;
        } else {
            let mut killed = std::process::Command::new(binary())
                .args(["--db", home.database(), "check"])
                .current_dir(home.folder())
                .stdout(std::process::Stdio::null())
                .stderr(std::process::Stdio::null())
                .spawn()
                .unwrap();
            sleep(Duration::from_millis(chance.below(60) as u64)).await;
            let _ = killed.kill();
            let _ = killed.wait();
            at_random += 1;
        }
        if home.file().exists() {
            assert_eq!(home.findings().await, Vec::<String>::new());
            let tables = home.number("SELECT count(*) FROM sqlite_master WHERE name = '_sqlx_migrations'").await;
            if tables > 0 {
                // Each migration is there whole, in order, without a gap.
                let versions = home.column("SELECT version FROM _sqlx_migrations WHERE success ORDER BY version").await;
                assert_eq!(versions, (1..=versions.len()).map(|version| version.to_string()).collect::<Vec<_>>());
                let has = home.number("SELECT count(*) FROM sqlite_master WHERE name = 'turn'").await;
                assert_eq!(has, i64::from(!versions.is_empty()));
            }
            if let Some((columns, before)) = &before {
                assert!(&contents(&home, Some(columns)).await.1 == before, "rows are not what they were");
            }
        }
        let whole = home.file().exists() && home.number("SELECT count(*) FROM sqlite_master WHERE name = 'call_back'").await > 0;
        *(if whole { &mut new } else { &mut old }) += 1;
        // What was left is brought to its end.
        let started = run(&home, &[], ["ask", "manger", "1030"]).await;
        assert!(started.status.success(), "{}", String::from_utf8_lossy(&started.stderr));
    }
    println!("P14 sqlite: {at_points} kills between migrations, {at_random} at random: {old} left old, {new} left new, neither 0");
}

/// Makes the fixture of the current schema, unless there is one.
async fn freeze() {
    let home = Home::new(Kind::Sqlite);
    fill(&home, 36).await;
    let schema = home.number("SELECT max(version) FROM _sqlx_migrations").await;
    let file = fixtures().join(format!("schema-{schema:04}.sqlite"));
    if file.exists() {
        return;
    }
    let address = free_address();
    let mut program = Program::serve(&home, address, &CALLS_BACK).await;
    let carrier = Carrier::new(address);
    for (from, sid, text) in ASKED.into_iter().map(|(sid, text)| (ASKER, sid, text)).chain(WISHED) {
        let message = Message { sid: sid.to_owned(), from: from.to_owned(), text: text.to_owned() };
        carrier.deliver(&mut None, &message).await;
    }
    assert!(program.stop().await.is_some_and(|status| status.success()));
    home.execute("PRAGMA journal_mode = DELETE; VACUUM").await;
    std::fs::copy(home.file(), &file).unwrap();
    std::fs::copy(home.key_file(), file.with_extension("key")).unwrap();
    println!("P14 sqlite: {} is frozen; commit it", file.display());
}
