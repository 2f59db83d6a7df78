use serde::Deserialize;

use super::reader::Reader;
use super::*;

#[derive(Deserialize)]
struct Case {
    text: String,
    lang: String,
    kind: Option<DangerKind>,
    no_call: bool,
    held: bool,
}

fn cases() -> Vec<Case> {
    include_str!("../../../../tests/understanding/danger.jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn from_disk() -> Reader {
    let config = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/danger");
    Reader::new(crate::build::danger::all(|name| Ok(std::fs::read_to_string(config.join(format!("{name}.toml")))?)).unwrap())
}

#[test]
fn dev() {
    let reader = from_disk();
    println!("words {} lists {} danger {} ordinary {}", reader.size().0, reader.size().1, reader.size().2, reader.size().3);
    for held in [false, true] {
        let (mut yes, mut heard, mut kinds, mut no, mut wrong, mut calls, mut silent, mut false_silent) = (0, 0, 0, 0, 0, 0, 0, 0);
        for case in cases().iter().filter(|case| case.held == held) {
            let found = reader.hear(&case.text);
            let danger = found.danger.clone();
            calls += u32::from(case.no_call);
            silent += u32::from(case.no_call && found.asks_silence);
            false_silent += u32::from(!case.no_call && found.asks_silence);
            if let Some(kind) = case.kind {
                yes += 1;
                heard += u32::from(danger.is_some());
                kinds += u32::from(danger.as_ref().is_some_and(|danger| danger.kind == kind));
                if !held && danger.as_ref().is_none_or(|danger| danger.kind != kind) {
                    println!("MISS {} {:?} {:?}: {danger:?}", case.lang, case.text, kind);
                }
            } else {
                no += 1;
                wrong += u32::from(danger.is_some());
                if !held && danger.is_some() {
                    println!("FALSE {} {:?}: {danger:?}", case.lang, case.text);
                }
            }
            if !held && case.no_call != found.asks_silence {
                println!("SILENCE {} {:?}: {}", case.lang, case.text, found.asks_silence);
            }
        }
        println!("held {held}: heard {heard}/{yes}, kind {kinds}, false {wrong}/{no}, silence {silent}/{calls} false {false_silent}");
    }
    #[derive(Deserialize)]
    struct Given {
        text: String,
        danger: bool,
    }
    if let Ok(text) = std::fs::read_to_string("/work/shared/data/danger/danger.jsonl") {
        let (mut yes, mut no) = (0, 0);
        for line in text.lines().filter(|line| line.starts_with('{')) {
            let given: Given = serde_json::from_str(line).unwrap();
            let found = reader.hear(&given.text);
            if given.danger != found.danger.is_some() {
                println!("DATA {:?} {:?}", given.text, found);
            } else if given.danger {
                yes += 1;
                println!("     {:?} {:?}", given.text, found.danger.unwrap());
            } else {
                no += 1;
            }
        }
        println!("data: {yes} {no}");
    }
    #[derive(Deserialize)]
    struct Any {
        #[serde(alias = "question", alias = "word")]
        text: String,
        #[serde(default)]
        expect: serde_json::Value,
    }
    for path in std::env::var("DANGER_OTHERS").unwrap_or_default().split(':').filter(|path| !path.is_empty()) {
        let (mut all, mut alarms) = (0, 0);
        for line in std::fs::read_to_string(path).unwrap().lines().filter(|line| line.starts_with('{')) {
            let Ok(any) = serde_json::from_str::<Any>(line) else { continue };
            let wanted = any.expect.to_string().contains("danger");
            let found = reader.hear(&any.text);
            all += 1;
            if wanted != found.danger.is_some() {
                alarms += 1;
                println!("OTHER {} {:?} {:?}", if wanted { "miss" } else { "false" }, any.text, found.danger);
            }
            if found.asks_silence {
                println!("OTHER silence {:?}", any.text);
            }
        }
        println!("{path}: {alarms} of {all}");
    }
    {
        let vocabulary = crate::vocabulary::Vocabulary::shipped().unwrap();
        let now = chrono::DateTime::parse_from_rfc3339("2026-11-23T10:00:00+01:00").unwrap().with_timezone(&chrono_tz::Europe::Brussels);
        let understand = |text: &str| crate::intent::read(&crate::intent::Input::Text(text.to_owned()), &crate::session::Session::default(), &vocabulary, now);
        for held in [false, true] {
            let (mut right, mut all, mut wrong, mut none, mut language) = (0, 0, 0, 0, 0);
            for case in cases().iter().filter(|case| case.held == held) {
                let understood = understand(&case.text);
                let is_danger = matches!(understood.intent, crate::intent::Intent::Danger(_));
                if case.kind.is_some() {
                    all += 1;
                    right += u32::from(is_danger);
                    language += u32::from(understood.language.code() == case.lang);
                    if !held && understood.language.code() != case.lang {
                        println!("LANG {} {:?}", understood.language.code(), case.text);
                    }
                } else {
                    none += 1;
                    wrong += u32::from(is_danger);
                    if !held && is_danger {
                        println!("INTENT false {:?}", case.text);
                    }
                }
                assert!(!case.no_call || understood.intent.wanted().is_some_and(|wanted| wanted.asks_silence));
            }
            println!("intent held {held}: {right}/{all} false {wrong}/{none} language {language}");
        }
        for path in ["/work/d1/tests/understanding/messages.jsonl", "/work/shared/data/messages/messages.jsonl", "/work/shared/data/understanding/messages.jsonl"] {
            for line in std::fs::read_to_string(path).unwrap().lines().filter(|line| line.starts_with('{')) {
                let any: serde_json::Value = serde_json::from_str(line).unwrap();
                let text = any["text"].as_str().unwrap();
                let understood = understand(text);
                let wanted = any["expect"].to_string().contains("danger");
                let is_danger = understood.intent.name() == "danger";
                let is_optional = any["expect"]["intents_any"].as_array().is_some_and(|any| any.len() > 1);
                if wanted != is_danger && !is_optional {
                    println!("SET {} {text:?} {} {}", wanted, understood.intent.name(), any["expect"]);
                }
                if any["lang"].as_str() != Some(understood.language.code()) && wanted {
                    println!("SETLANG {} {text:?}", understood.language.code());
                }
            }
        }
    }
    let all = cases();
    for _ in 0..2 {
        let mut times: Vec<u128> = all
            .iter()
            .map(|case| {
                let start = std::time::Instant::now();
                std::hint::black_box(reader.hear(&case.text));
                start.elapsed().as_nanos()
            })
            .collect();
        times.sort_unstable();
        println!("ns p50 {} p95 {} max {}", times[times.len() / 2], times[times.len() * 95 / 100], times[times.len() - 1]);
    }
}
