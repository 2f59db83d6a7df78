//! What people type is understood: the reference messages and our own, by field.

mod everyday;

use std::path::Path;

use directory::intent::{Input, Understanding, read};
use directory::need::Need;
use directory::session::Session;
use directory::theme::Theme;
use directory::vocabulary::Vocabulary;
use harness::messages::evaluate;

/// Understands texts, each by itself, at a moment.
fn reader(at: &str) -> impl Fn(&str) -> Understanding {
    let vocabulary = Vocabulary::shipped().unwrap();
    let now = chrono::DateTime::parse_from_rfc3339(at).unwrap().with_timezone(&chrono_tz::Europe::Brussels);
    move |text| read(&Input::Text(text.to_owned()), &Session::default(), &vocabulary, now)
}

/// The rows of a file, one JSON object a line.
fn rows<T: serde::de::DeserializeOwned>(path: &Path) -> Vec<T> {
    std::fs::read_to_string(path).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn reference_messages_are_understood() {
    let Some(path) = harness::shared("data/understanding/messages.jsonl") else { return };
    let report = evaluate(&std::fs::read_to_string(path).unwrap(), &Vocabulary::shipped().unwrap()).unwrap();
    println!("{}", report.table());
    assert!(report.percent_right() >= 95.0, "{}", report.table());
    assert!(report.percent_confident_errors() <= 2.0, "{}", report.table());
}

#[test]
fn our_own_messages_are_understood() {
    let set = std::fs::read_to_string(harness::repository().join("tests/understanding/messages.jsonl")).unwrap();
    let report = evaluate(&set, &Vocabulary::shipped().unwrap()).unwrap();
    println!("{}", report.table());
    assert!(report.percent_right() >= 95.0, "{}", report.table());
    assert!(report.percent_confident_errors() <= 2.0, "{}", report.table());
}

/// A message, and whether help must come first.
#[derive(serde::Deserialize)]
struct InDanger {
    text: String,
    danger: bool,
}

#[test]
fn danger_is_heard() {
    let Some(path) = harness::shared("data/danger/danger.jsonl") else { return };
    let understand = reader("2026-11-24T10:00:00+01:00");
    let (mut all, mut misses, mut alarms) = (0, Vec::new(), Vec::new());
    for case in rows::<InDanger>(&path) {
        let understood = understand(&case.text);
        let is_heard = understood.intent.name() == "danger";
        all += usize::from(case.danger);
        if case.danger && !is_heard {
            misses.push(case.text);
        } else if !case.danger && is_heard {
            alarms.push(case.text);
        }
    }
    assert!(misses.len() * 20 <= all && alarms.len() <= 1, "of {all} in danger not heard: {misses:?}; taken for it: {alarms:?}");
}

/// Reads one more set, named by `PASSERELLE_MESSAGES`, and prints its table.
#[test]
fn a_set_of_your_own_is_evaluated() {
    let Some(path) = option_env!("PASSERELLE_MESSAGES") else {
        println!("PASSERELLE_MESSAGES names no set");
        return;
    };
    println!("{}", evaluate(&std::fs::read_to_string(path).unwrap(), &Vocabulary::shipped().unwrap()).unwrap().table());
}

/// A word that people use, and the themes that may answer; none where it is none of ours.
#[derive(serde::Deserialize)]
struct Word {
    lang: String,
    #[serde(rename = "word")]
    said: String,
    accept: Vec<Theme>,
}

/// How words were read: with a theme that may answer, with another, without any; and with a need whose theme may answer.
#[derive(Debug, Default)]
struct Words {
    all: u32,
    right: u32,
    wrong: u32,
    silent: u32,
    with_need: u32,
    misses: Vec<String>,
}

#[test]
fn words_that_people_use_are_understood() {
    let Some(path) = harness::shared("data/words/words.jsonl") else { return };
    let understand = reader("2026-11-24T10:00:00+01:00");
    let mut tally = Words::default();
    for word in rows::<Word>(&path) {
        let understood = understand(&word.said);
        let wanted = understood.intent.wanted().cloned().unwrap_or_default();
        tally.all += 1;
        match wanted.themes.first() {
            Some(theme) if word.accept.contains(theme) => tally.right += 1,
            None if word.accept.is_empty() => tally.right += 1,
            None => tally.silent += 1,
            Some(_) => tally.wrong += 1,
        }
        let need = wanted.needs.first();
        let is_fit = need.is_some_and(|need| word.accept.contains(&need.theme()));
        tally.with_need += u32::from(is_fit || (word.accept.is_empty() && need.is_none()));
        let is_right = wanted.themes.first().map_or(word.accept.is_empty(), |theme| word.accept.contains(theme));
        if !is_right || !(is_fit || word.accept.is_empty()) {
            tally.misses.push(format!(
                "{} {}: {:?}, {:?}",
                word.lang,
                word.said,
                wanted.themes,
                wanted.needs.iter().copied().map(Need::id).collect::<Vec<_>>()
            ));
        }
    }
    let percent = |count: u32| 100.0 * f64::from(count) / f64::from(tally.all.max(1));
    let table = format!(
        "{} words: theme {:.1} %, another theme {:.1} %, none {:.1} %; a need of such a theme {:.1} %\n{}",
        tally.all,
        percent(tally.right),
        percent(tally.wrong),
        percent(tally.silent),
        percent(tally.with_need),
        tally.misses.join("\n")
    );
    println!("{table}");
    assert!(percent(tally.right) >= 96.5 && percent(tally.wrong) <= 2.2 && percent(tally.with_need) >= 90.0, "{table}");
}
