//! Nobody is promised a call where nobody calls: not by a sentence, not on a page, in no language.

use std::path::PathBuf;
use std::sync::Arc;

use chrono::Duration;
use harness::caller::Caller;
use harness::demo::Demo;
use harness::twiml::Next;

use super::Carrier;

/// What a promise of a call or an answer is made of.
const PROMISES: [&str; 22] = [
    "rappel",
    "appellera",
    "appelez-moi",
    "répondra", // French
    "belt u",
    "bellen u",
    "bel u",
    "bel mij",
    "antwoordt u",
    "terugbel", // Dutch
    "ruft sie",
    "wir rufen",
    "rufen wir",
    "rückruf",
    "antwortet ihnen",
    "anrufen wir", // German
    "call you",
    "call me",
    "answer you",
    "will phone", // English
    "سيتصل",
    "اتصلوا بي", // Arabic
];

/// Sentences with such words that are said only where a person calls, or to say that nobody will.
const ONLY_WHERE_SOMEBODY_CALLS: [&str; 10] = [
    "call-back",
    "chat-back",
    "morning-noted",
    "afternoon-noted",
    "evening-noted", // behind `Setting::calls_back`
    "call-me",
    "call-me-there",
    "call-noted", // at kiosks, behind `App::calls_back`
    "no-more-calls",
    "recall-stopped", // that nobody calls again
];

fn promises(text: &str) -> Option<&'static str> {
    let text = text.to_lowercase();
    PROMISES.into_iter().find(|promise| text.contains(promise))
}

#[test]
fn no_other_sentence_promises_a_call() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../config/phrases");
    let mut read = 0;
    for part in ["", "speech", "kiosk", "slip"] {
        for file in std::fs::read_dir(folder.join(part)).unwrap().map(|file| file.unwrap().path()) {
            if file.extension().is_none_or(|extension| extension != "ftl") {
                continue;
            }
            let mut key = String::new();
            for line in std::fs::read_to_string(&file).unwrap().lines().filter(|line| !line.starts_with('#')) {
                if let Some((name, _)) = line.split_once(" = ").filter(|_| !line.starts_with(' ')) {
                    key = name.to_owned();
                }
                let promise = promises(line).filter(|_| !ONLY_WHERE_SOMEBODY_CALLS.contains(&key.as_str()));
                assert_eq!(promise, None, "{}: {line}", file.display());
                read += 1;
            }
        }
    }
    assert!(read > 900, "{read} lines");
}

/// What callers press, one after the other; `w` for nothing.
const PRESSED: [&[&str]; 12] = [
    &["0"],
    &["0", "1"],
    &["w", "w", "w", "w"],
    &["1", "w", "w", "w"],
    &["1", "0"],
    &["8", "6", "0"],
    &["8", "6", "w", "w"],
    &["1", "0000", "0", "2"],
    &["1", "6", "6", "6"],
    &["7", "0"],
    &["#", "0", "#"],
    &["0", "w", "w", "#", "3"],
];

#[tokio::test]
async fn no_page_promises_a_call_where_nobody_calls() {
    let mut heard_in_all = 0;
    // Nobody calls at all; and where somebody does, whoever hides their number cannot be called.
    for (calls_back, from) in [(false, "+32470123456"), (true, "anonymous"), (true, "+3290312345")] {
        let mut demo = Demo::new().await.unwrap();
        let engine = Arc::get_mut(&mut demo.engine).unwrap();
        engine.calls_back = calls_back;
        for limit in [&mut engine.limits.calls_hour, &mut engine.limits.calls_day, &mut engine.limits.sender_hour] {
            *limit = 1_000;
        }
        let carrier = Carrier::with(demo);
        let mut pages = Vec::new();
        for language in ["1", "2", "3", "4"] {
            for keys in PRESSED {
                let mut caller = Caller::new(&carrier.router, from);
                caller.call().await;
                let mut heard = caller.press(language).await;
                for key in keys {
                    pages.push(heard.text());
                    if !matches!(heard.next, Next::Gather { .. } | Next::Redirect(_)) {
                        break;
                    }
                    heard = if *key == "w" { caller.wait().await } else { caller.press(key).await };
                }
                // At its longest.
                if matches!(heard.next, Next::Gather { .. }) {
                    carrier.demo.clock.advance(Duration::minutes(21));
                    pages.push(caller.wait().await.text());
                }
                pages.push(heard.text());
            }
        }
        for (number, text) in ["0", "aide", "une personne", "iemand", "jemand", "a person", "proposer un cours 1030", "0 0"].iter().enumerate() {
            pages.push(carrier.deliver_from(if from == "anonymous" { "+3290312346" } else { from }, &format!("SMP{number}"), text).await.1);
        }
        for page in &pages {
            assert_eq!(promises(page), None, "{from}: {page}");
        }
        heard_in_all += pages.len();
    }
    assert!(heard_in_all > 400, "{heard_in_all}");
}
