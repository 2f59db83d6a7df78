//! P17: the table "Personal data" of SECURITY.md is true, line by line.
//!
//! Every table of the schema has a line there, and every line names a table. A line that names a time is tried below:
//! what is as old as it says goes with the next purge, and not before. Whoever adds a table writes a line, and tries it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use db::journal::{CarrierMessage, KeptTurn, SideRequest};
use db::mediator::Role;
use db::writer::TurnWriter;
use db::{Address, Person, Store};
use harness::home::{Home, Kind};

/// What SECURITY.md says of each table: the cell "how long".
fn lines() -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(harness::repository().join("SECURITY.md")).unwrap();
    let section = text.split("\n## ").find(|section| section.starts_with("Personal data\n")).expect("SECURITY.md has no section \"Personal data\"");
    let mut found = BTreeMap::new();
    for line in section.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        assert_eq!(cells.len(), 3, "a line of the table has three cells: {line}");
        for table in cells[0].split('`').skip(1).step_by(2) {
            assert_eq!(found.insert(table.to_owned(), cells[2].to_owned()), None, "two lines for {table}");
        }
    }
    found
}

async fn tables(home: &Home) -> BTreeSet<String> {
    let names = match home.kind {
        // The index of words is one table and the tables in which it is kept.
        Kind::Sqlite => {
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'word\\_%' ESCAPE '\\' AND name NOT LIKE '\\_sqlx%' ESCAPE '\\'"
        }
        Kind::Postgres => "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_name NOT LIKE '\\_sqlx%'",
    };
    home.column(names).await.into_iter().collect()
}

async fn open(home: &Home) -> Store {
    Store::connect(&Address::parse(home.database())).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p17_every_table_has_its_line() {
    let lines = lines();
    for kind in Kind::all("P17") {
        let home = Home::new(kind);
        open(&home).await.close().await;
        let tables = tables(&home).await;
        let without: Vec<&String> = tables.iter().filter(|table| !lines.contains_key(*table)).collect();
        let invented: Vec<&String> = lines.keys().filter(|table| !tables.contains(*table)).collect();
        assert!(without.is_empty(), "{}: no line in SECURITY.md, Personal data: {without:?}", kind.name());
        assert!(invented.is_empty(), "{}: lines of SECURITY.md without a table: {invented:?}", kind.name());
    }
}

/// Tables that hold nothing of a person: their text may be sampled.
const IMPERSONAL: [&str; 13] =
    ["confirmation", "counter", "doubt", "feed", "kiosk", "letter_box", "listing", "pair", "place", "printer", "source", "tally", "unmet"];

/// A server samples columns for its planner, and what it sampled outlives the rows.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p17_a_server_samples_nothing_that_is_personal() {
    for kind in Kind::all("P17").into_iter().filter(|kind| *kind == Kind::Postgres) {
        let home = Home::new(kind);
        open(&home).await.close().await;
        let sampled = "SELECT c.relname || '.' || a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid \
                       JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND c.relkind = 'r' \
                       AND a.attnum > 0 AND NOT a.attisdropped AND a.atttypid IN ('text'::regtype, 'bytea'::regtype) \
                       AND coalesce(a.attstattarget, -1) <> 0 AND c.relname NOT LIKE '\\_sqlx%' ORDER BY 1";
        let columns = home.column(sampled).await;
        let personal = columns.iter().filter(|column| !IMPERSONAL.iter().any(|table| column.starts_with(&format!("{table}."))));
        assert_eq!(personal.collect::<Vec<_>>(), Vec::<&String>::new());
    }
}

/// A time that the table names, and how it is tried.
struct Time {
    table: &'static str,
    /// As the line says it.
    says: &'static str,
    /// Makes the row: `{t}` is the beginning in seconds, `{day}` its day, `{bytes}` some bytes.
    row: &'static str,
    /// Counts what must go.
    count: &'static str,
    /// There is one still.
    kept: Duration,
    /// There is none any more.
    gone: Duration,
}

const HOUR: Duration = Duration::hours(1);
const MINUTE: Duration = Duration::minutes(1);

/// Two years by days: 730, and the day that has begun.
const TWO_YEARS: [Duration; 2] = [Duration::days(729), Duration::days(732)];

fn times() -> Vec<Time> {
    let time = |table, says, row, count, [kept, gone]: [Duration; 2]| Time { table, says, row, count, kept, gone };
    let about = |time: Duration| [time - MINUTE, time + MINUTE];
    vec![
        time("turn", "7 days", "INSERT INTO turn (channel, carrier_id, received_at, answer) VALUES ('sms', 'T1', {t}, '')", "turn", about(Duration::days(7))),
        time(
            "session",
            "30 minutes",
            "INSERT INTO session (channel, sender, state, expires_at) VALUES ('sms', {bytes}, '', {t} + 1800)",
            "session",
            about(HOUR / 2),
        ),
        time(
            "call_back",
            "7 days",
            "INSERT INTO call_back (id, person, number, channel, language, first_asked_at, asked_at, attempts, claimed_until) VALUES (901, {bytes}, {bytes}, 'sms', 'fr', {t}, {t}, 0, 0)",
            "call_back",
            about(Duration::days(7)),
        ),
        time(
            "outbox",
            "6 hours",
            "INSERT INTO outbox (id, key, kind, person, recipient, body, is_push, state, attempts, unknowns, due_at, claimed_until, made_at, expires_at) VALUES (901, 'a', 'sms', {bytes}, {bytes}, 'words', 0, 'waiting', 0, 0, {t}, 0, {t}, {t} + 21600)",
            "outbox WHERE id = 901 AND (body <> '' OR recipient IS NOT NULL)",
            about(HOUR * 6),
        ),
        time(
            "outbox",
            "7 days",
            "INSERT INTO outbox (id, key, kind, person, body, is_push, state, attempts, unknowns, due_at, claimed_until, made_at, expires_at) VALUES (902, 'b', 'sms', {bytes}, '', 0, 'sent', 0, 0, {t}, 0, {t}, {t})",
            "outbox WHERE id = 902",
            about(Duration::days(7)),
        ),
        time("letter", "7 days", "INSERT INTO letter (id, sealed, language, written_at) VALUES ('a', {bytes}, 'fr', {t})", "letter", about(Duration::days(7))),
        time("ring", "an hour", "INSERT INTO ring (id, place, rung_at) VALUES ('a', 'library', {t})", "ring", about(HOUR)),
        // A day's budget that ends in an hour.
        time("budget", "until the hour or day ends", "INSERT INTO budget (key, spent, until) VALUES ('a', 1, {t} + 3600)", "budget", about(HOUR)),
        time(
            "sender_key",
            "a day after",
            "INSERT INTO sender_key (begins_on, sealed) VALUES ('2026-08-25', {bytes}), ('{day}', {bytes})",
            "sender_key WHERE begins_on = '2026-08-25'",
            [HOUR * 13, HOUR * 15],
        ),
        time(
            "invitation",
            "two days",
            "INSERT INTO invitation (token, mediator, until) VALUES ({bytes}, 901, {t} + 172800)",
            "invitation",
            [HOUR * 48, HOUR * 61],
        ),
        time("attempt", "until its tries count no more", "INSERT INTO attempt (key, free_at) VALUES ({bytes}, {t} + 600)", "attempt", about(MINUTE * 10)),
        time("audit", "a year", "INSERT INTO audit (id, at, action, object) VALUES (901, {t}, 'login', 'account')", "audit", about(Duration::days(365))),
        time(
            "operator_request",
            "two days",
            "INSERT INTO operator_request (account, what, asked_by, asked_at) VALUES (901, 'link', 901, {t})",
            "operator_request",
            about(HOUR * 48),
        ),
        time(
            "typed_form",
            "12 hours",
            "INSERT INTO typed_form (mediator, page, fields, kept_at) VALUES (901, '/visit', {bytes}, {t})",
            "typed_form",
            about(HOUR * 12),
        ),
        time("taken_form", "12 hours", "INSERT INTO taken_form (key, taken_at) VALUES ({bytes}, {t})", "taken_form", about(HOUR * 12)),
        time(
            "history",
            "a year",
            "INSERT INTO history (id, code, at, mediator, field, before, after) VALUES (901, '7G7KC', {t}, 'Ana', 'name', '', '')",
            "history WHERE mediator = 'Ana'",
            about(Duration::days(365)),
        ),
        time(
            "visit",
            "two years",
            "INSERT INTO visit (id, day, place, channel, language, themes, outcome, minutes, slip) VALUES (901, '{day}', '', 'desk', 'fr', 'food', 'found', 'up-to-5', 0)",
            "visit",
            TWO_YEARS,
        ),
        time(
            "need",
            "three months",
            "INSERT INTO need (id, week, channel, theme, postal_code, why, words) VALUES (901, '{day}', 'desk', 'food', '1030', 'full', 'words')",
            "need WHERE words IS NOT NULL",
            [Duration::days(89), Duration::days(92)],
        ),
        time(
            "need",
            "two years",
            "INSERT INTO need (id, week, channel, theme, postal_code, why) VALUES (902, '{day}', 'desk', 'food', '1030', 'full')",
            "need WHERE id = 902",
            TWO_YEARS,
        ),
        time("tally", "two years", "INSERT INTO tally (day, what, channel, key, count) VALUES ('{day}', 'turn', 'sms', 'shown fr', 1)", "tally", TWO_YEARS),
        time(
            "unmet",
            "two years",
            "INSERT INTO unmet (day, channel, theme, postal_code, count) VALUES ('{day}', 'sms', 'food', '1030', 1)",
            "unmet",
            TWO_YEARS,
        ),
        time("doubt", "two years", "INSERT INTO doubt (day, channel, code, count) VALUES ('{day}', 'sms', '7G7KC', 1)", "doubt", TWO_YEARS),
        time(
            "ticket",
            "60 days",
            "INSERT INTO ticket (number, codes, languages, style, made_at) VALUES (901, '7G7KC', 'fr', 'standard', {t})",
            "ticket",
            about(Duration::days(60)),
        ),
        time(
            "print_job",
            "a week",
            "INSERT INTO print_job (id, printer, codes, languages, style, scans, state, paper, attempts, asked_at, claimed_until, finished_at) VALUES (901, 'desk', '', 'fr', 'standard', 0, 'done', 'nothing', 1, {t}, 0, {t})",
            "print_job",
            about(Duration::days(7)),
        ),
    ]
}

/// What a line says that names no time of ours: it ends with what somebody does, is tried elsewhere, or stays.
const WITHOUT_TIMES: [(&str, &str); 18] = [
    ("opt_out", "until `START`"),
    ("opt_in", "until they block us"),
    ("mediator", "until the account is closed"),
    // Twelve hours: tried beside `Store::desk_session`.
    ("desk_session", "12 hours"),
    ("confirmation", "until the directory has taken it"),
    ("counter", "for good"),
    ("letter_box", "as long as the desk calls people back"),
    ("record", "until it is erased"),
    ("source_record", "until it is erased"),
    ("brief", "until it is erased"),
    ("listing", "until it is erased"),
    ("word", "until it is erased"),
    ("source", "for good"),
    ("feed", "for good"),
    ("pair", "for good"),
    ("place", "for good"),
    ("printer", "for good"),
    ("kiosk", "for good"),
];

/// Words by which a cell names a time.
const UNITS: [&str; 8] = ["minute", "hour", "day", "week", "month", "year", "`START`", "until"];

#[test]
fn p17_every_line_is_tried() {
    let (lines, times) = (lines(), times());
    let tried = times.iter().map(|time| (time.table, time.says)).chain(WITHOUT_TIMES);
    let mut known = BTreeSet::new();
    for (table, says) in tried {
        known.insert(table);
        let line = lines.get(table).unwrap_or_else(|| panic!("SECURITY.md, Personal data, has no line for {table}; it should say \"{says}\""));
        assert!(line.contains(says), "SECURITY.md, Personal data, {table}: \"{says}\" is what is tried, \"{line}\" is what it says");
    }
    for (table, line) in &lines {
        let names_time = UNITS.iter().any(|unit| line.contains(unit));
        assert!(known.contains(table.as_str()) || !names_time, "{table} is kept \"{line}\": add to `times` how that is tried");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p17_what_is_old_leaves_when_its_line_says_so() {
    let begun: DateTime<Utc> = "2026-11-23T10:00:00Z".parse().unwrap();
    for kind in Kind::all("P17") {
        let home = Home::new(kind);
        let store = open(&home).await;
        home.execute(
            "INSERT INTO mediator (id, name, role, totp_step, language, failures, barred_until, made_at) VALUES (901, 'Bob', 'mediator', 0, 'fr', 0, 0, 0)",
        )
        .await;
        let bytes = if kind == Kind::Sqlite { "X'a7a7'" } else { "decode('a7a7', 'hex')" };
        let mut moments: BTreeMap<Duration, Vec<(usize, i64)>> = BTreeMap::new();
        let times = times();
        for (number, time) in times.iter().enumerate() {
            let row = time.row.replace("{t}", &begun.timestamp().to_string()).replace("{day}", &begun.date_naive().to_string()).replace("{bytes}", bytes);
            // One row of a person is enough: the others' persons are other bytes.
            home.execute(&row.replacen("a7a7", &format!("a7{number:02x}"), 1)).await;
            moments.entry(time.kept).or_default().push((number, 1));
            moments.entry(time.gone).or_default().push((number, 0));
        }
        let mut wrong = Vec::new();
        for (passed, expected) in &moments {
            store.purge(begun + *passed).await.unwrap();
            for (number, left) in expected {
                let time = &times[*number];
                let found = home.number(&format!("SELECT count(*) FROM {}", time.count)).await;
                if found != *left {
                    wrong.push(format!("{} ({}): {found} left after {} minutes", time.table, time.says, passed.num_minutes()));
                }
            }
        }
        store.close().await;
        println!("P17 {}: {} times of SECURITY.md tried at {} moments, wrong {}", kind.name(), times.len(), moments.len(), wrong.len());
        assert_eq!(wrong, Vec::<String>::new(), "{}", kind.name());
    }
}

/// What ends with what somebody does, and not with time.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p17_what_somebody_ends_is_over() {
    let now: DateTime<Utc> = "2026-11-23T10:00:00Z".parse().unwrap();
    for kind in Kind::all("P17") {
        let home = Home::new(kind);
        let store = Arc::new(open(&home).await);
        let person = Person::new([7; 32]);
        store.opt_out(&person, now).await.unwrap();
        store.opt_in(&person, now).await.unwrap();
        store.invite("Ana", Role::Mediator, &[1; 32], now).await.unwrap();
        let count = async || {
            let mut counts = Vec::new();
            for table in ["opt_out", "opt_in", "mediator", "invitation"] {
                counts.push(home.number(&format!("SELECT count(*) FROM {table}")).await);
            }
            counts
        };
        store.purge(now).await.unwrap();
        assert_eq!(count().await, [1, 1, 1, 1]);
        let (writer, work) = TurnWriter::new(Arc::clone(&store));
        tokio::spawn(work);
        let message = CarrierMessage { channel: "sms", carrier_id: "S1".to_owned(), received: now };
        let start = KeptTurn { request: Some(SideRequest::OptIn(person)), ..KeptTurn::bare(message, String::new()) };
        writer.commit(start).await.unwrap();
        store.forget_person(&person).await.unwrap();
        store.remove_mediator("Ana").await.unwrap();
        assert_eq!(count().await, [0, 0, 0, 0], "{}", kind.name());
        store.close().await;
    }
}
