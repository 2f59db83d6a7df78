//! Messages in four languages and what is found for each, the same on both databases and as before.
//!
//! `PASSERELLE_TEST_REWRITE=1` writes what is found now into the file: look at every line that changes.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use harness::environment::rewrites_expected;
use serde::{Deserialize, Serialize};

use super::lookup::{ask, demos};

/// As many of the found are remembered by a conversation, and kept in the file.
const REMEMBERED: usize = 12;

/// One line of the file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Golden {
    lang: String,
    text: String,
    intent: String,
    /// How many are found.
    found: usize,
    /// The codes of the first ones, in the order in which they are shown.
    records: String,
    /// Why this is not what the person who asks should find; kept by a rewriting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    wrong: Option<String>,
}

#[tokio::test]
async fn every_message_finds_the_same_on_both_databases_and_as_before() {
    let file = harness::repository().join("tests/contract/golden.jsonl");
    let lines = std::fs::read_to_string(&file).unwrap();
    let golden: Vec<Golden> = lines.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{line}: {error}"))).collect();
    let demos = demos().await;
    let mut now = Vec::with_capacity(golden.len());
    for line in &golden {
        let (understood, found) = ask(&demos, &line.text).await;
        let codes: Vec<String> = found.hits.iter().take(REMEMBERED).map(|hit| hit.brief.code.to_string()).collect();
        now.push(Golden { intent: understood.intent.name().to_owned(), found: found.hits.len(), records: codes.join(" "), ..line.clone() });
    }
    let mut languages: BTreeMap<&str, usize> = BTreeMap::new();
    for line in &golden {
        *languages.entry(&line.lang).or_default() += 1;
    }
    println!("{} messages {languages:?} on {}", golden.len(), demos.iter().map(|demo| demo.place.engine()).collect::<Vec<_>>().join(" and "));
    assert!(golden.len() >= 500 && languages.values().all(|count| *count >= 120), "{languages:?}");
    if rewrites_expected() {
        let text: String = now.iter().map(|line| serde_json::to_string(line).unwrap() + "\n").collect();
        std::fs::write(&file, text).unwrap();
        return;
    }
    let mut changed = String::new();
    for (before, now) in golden.iter().zip(&now).filter(|(before, now)| before != now) {
        let _ = write!(
            changed,
            "\n{:?} [{}]\n  before {} {} {}\n  now    {} {} {}",
            now.text, now.lang, before.intent, before.found, before.records, now.intent, now.found, now.records
        );
    }
    assert!(changed.is_empty(), "answered otherwise than before; on purpose? then PASSERELLE_TEST_REWRITE=1, and look at the difference: {changed}");
}
