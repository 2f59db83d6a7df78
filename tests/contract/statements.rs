//! Which statements ran: the texts in the sources of `db`, beside those that the driver reports.
//!
//! Values, placeholders and lists of them count as one `?`, so that `IN ({})` in a source is the
//! `IN ($1, $2)` that ran. What a source adds to a word (`LIMIT 1{skip_locked}`) may be anything.

use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

/// How a statement begins.
const VERBS: [&str; 18] = [
    "SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "PRAGMA", "VACUUM", "BEGIN", "CREATE", "DROP", "ALTER", "LISTEN", "UNLISTEN", "NOTIFY", "LOCK", "TRUNCATE",
    "REINDEX", "ANALYZE",
];

/// Sent by the driver's own transaction, which does not report it.
const UNREPORTED: [&str; 1] = ["BEGIN IMMEDIATE"];

/// Stands for what an engine adds.
const ANYTHING: char = '…';

static HEARD: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// Listens to the driver from now on.
pub fn listen() {
    tracing::subscriber::set_global_default(tracing_subscriber::registry().with(Ear)).unwrap();
}

/// The statements heard since the last call.
pub fn heard() -> BTreeSet<String> {
    std::mem::take(&mut *HEARD.lock().unwrap_or_else(PoisonError::into_inner))
}

/// The statements in the sources that an engine must run: those of its own files, and those of all
/// files that are no engine's.
pub fn written_for(engine: &str) -> BTreeSet<String> {
    let other = if engine == "SQLite" { "postgres" } else { "sqlite" };
    let sources = harness::repository().join("db/src");
    let is_of_other = |file: &Path| file.with_extension("").strip_prefix(&sources).unwrap().components().any(|part| part.as_os_str() == other);
    let files = rust_files(&sources);
    let texts = files.iter().filter(|file| !file.ends_with("tests.rs") && !is_of_other(file)).flat_map(|file| {
        let source = std::fs::read_to_string(file).unwrap();
        literals(source.split("#[cfg(test)]\nmod tests").next().unwrap())
    });
    texts
        .filter(|text| text.split_once([' ', '(']).is_some_and(|(verb, _)| VERBS.contains(&verb)) && !UNREPORTED.contains(&text.as_str()))
        .map(|text| normal(&text))
        .collect()
}

/// The statements of these that are not among those heard.
pub fn unheard<'a>(written: &'a BTreeSet<String>, heard: &BTreeSet<String>) -> Vec<&'a String> {
    let ran = |text: &String| match text.split_once(ANYTHING) {
        None => heard.contains(text),
        Some((before, behind)) => heard.iter().any(|heard| heard.strip_prefix(before).is_some_and(|rest| rest.ends_with(behind))),
    };
    written.iter().filter(|text| !ran(text)).collect()
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(rust_files(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
    found
}

/// The string literals of a source, comments left out.
fn literals(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    // A literal that goes on in the next line is one.
    let mut parts = source.split("\\\n");
    let first = parts.next().unwrap_or_default().to_owned();
    let source = parts.fold(first, |text, part| text + part.trim_start());
    for line in source.lines().filter(|line| !line.trim_start().starts_with("//")) {
        // A quote as a character is no quote, and an escaped one ends nothing.
        let line = line.replace("'\"'", "").replace("\\\"", "");
        found.extend(line.split('"').skip(1).step_by(2).map(ToOwned::to_owned));
    }
    found
}

/// A statement with every value and list of values as `?`.
fn normal(statement: &str) -> String {
    let mut text = String::with_capacity(statement.len());
    let mut rest = statement.trim().chars().peekable();
    let mut before = ' ';
    while let Some(character) = rest.next() {
        match character {
            '{' => {
                while rest.next_if(|inside| *inside != '}').is_some() {}
                rest.next();
                text.push(if before.is_alphanumeric() { ANYTHING } else { '?' });
            }
            '$' => {
                while rest.next_if(char::is_ascii_digit).is_some() {}
                text.push('?');
            }
            digit if digit.is_ascii_digit() && !before.is_alphanumeric() && before != '_' => {
                while rest.next_if(char::is_ascii_digit).is_some() {}
                text.push('?');
            }
            other => text.push(other),
        }
        before = character;
    }
    let mut text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    loop {
        let shorter = text.replace("?, ?", "?").replace("(?)", "?");
        if shorter == text {
            return text;
        }
        text = shorter;
    }
}

/// Notes what the driver reports.
struct Ear;

impl<S: Subscriber> Layer<S> for Ear {
    fn on_event(&self, event: &Event<'_>, _context: Context<'_, S>) {
        if event.metadata().target() == "sqlx::query" {
            let mut report = Report::default();
            event.record(&mut report);
            // A short statement is its own summary.
            let text = if report.statement.trim().is_empty() { report.summary } else { report.statement };
            // Several statements sent together are several.
            HEARD.lock().unwrap_or_else(PoisonError::into_inner).extend(text.split(";\n").map(normal));
        }
    }
}

#[derive(Default)]
struct Report {
    summary: String,
    statement: String,
}

impl Visit for Report {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "summary" => value.clone_into(&mut self.summary),
            "db.statement" => value.clone_into(&mut self.statement),
            _ => {}
        }
    }

    fn record_debug(&mut self, _field: &Field, _value: &dyn fmt::Debug) {}
}

#[test]
fn lists_of_any_length_are_one_text() {
    for (written, ran) in [
        ("SELECT a FROM b WHERE c IN ({}) LIMIT {MOST}", "SELECT a FROM b WHERE c IN ($1, $2) LIMIT 50"),
        ("INSERT INTO a (b, c) VALUES {} ON CONFLICT DO NOTHING", "\n\nINSERT INTO a (b, c) VALUES ($1, $2), ($3, $4) ON CONFLICT DO NOTHING\n"),
    ] {
        assert_eq!(normal(written), normal(ran));
    }
    assert_ne!(normal("SELECT a1 FROM b"), normal("SELECT a2 FROM b"));
    assert_eq!(literals("call(\"SELECT 1\", '\"'); // \"no\"\n/// \"none\"\n"), ["SELECT 1", "no"]);
    assert_eq!(literals("call(\n    \"SELECT 1 \\\n     FROM a\",\n)"), ["SELECT 1 FROM a"]);
    let (written, heard) = ([normal("SELECT a LIMIT 1{skip})"), normal("SELECT b LIMIT 1{skip})")].into(), [normal("SELECT a LIMIT 1 FOR UPDATE)")].into());
    assert_eq!(unheard(&written, &heard), ["SELECT b LIMIT ?…)"]);
}
