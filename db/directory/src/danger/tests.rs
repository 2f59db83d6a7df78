use std::sync::OnceLock;

use chrono::NaiveDateTime;
use chrono_tz::Europe::Brussels;
use serde::Deserialize;

use super::*;
use crate::answer::{Action, Answer, Block, Sentence};
use crate::build::{self, Made, danger::all};
use crate::dialogue::{self, Found, Manner, Setting};
use crate::intent::{self, Input, Intent, Understanding};
use crate::session::Session;
use crate::vocabulary::Vocabulary;

/// A message of `tests/understanding/danger.jsonl`: a case that is held back is never shown, only counted.
#[derive(Deserialize)]
struct Case {
    text: String,
    lang: String,
    kind: Option<DangerKind>,
    no_call: bool,
    held: bool,
}

fn cases() -> Vec<Case> {
    read(include_str!("../../../../tests/understanding/danger.jsonl"))
}

/// Written by somebody who knew none of the lists.
fn second() -> Vec<Case> {
    read(include_str!("../../../../tests/understanding/danger-second.jsonl"))
}

/// The same by another, of whom nothing was read before it was heard for the first time.
fn third() -> Vec<Case> {
    read(include_str!("../../../../tests/understanding/danger-third.jsonl"))
}

fn read(lines: &str) -> Vec<Case> {
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The files of `config/danger`.
const FILES: [(&str, &str); 17] = [
    ("child_abuse", include_str!("../../../../config/danger/child_abuse.toml")),
    ("cold", include_str!("../../../../config/danger/cold.toml")),
    ("fire", include_str!("../../../../config/danger/fire.toml")),
    ("forced_marriage", include_str!("../../../../config/danger/forced_marriage.toml")),
    ("gas", include_str!("../../../../config/danger/gas.toml")),
    ("medical", include_str!("../../../../config/danger/medical.toml")),
    ("ordinary", include_str!("../../../../config/danger/ordinary.toml")),
    ("poisoning", include_str!("../../../../config/danger/poisoning.toml")),
    ("runaway", include_str!("../../../../config/danger/runaway.toml")),
    ("sexual_violence", include_str!("../../../../config/danger/sexual_violence.toml")),
    ("silence", include_str!("../../../../config/danger/silence.toml")),
    ("stalking", include_str!("../../../../config/danger/stalking.toml")),
    ("suicide", include_str!("../../../../config/danger/suicide.toml")),
    ("trafficking", include_str!("../../../../config/danger/trafficking.toml")),
    ("violence", include_str!("../../../../config/danger/violence.toml")),
    ("violence_home", include_str!("../../../../config/danger/violence_home.toml")),
    ("words", include_str!("../../../../config/danger/words.toml")),
];

fn file(name: &str) -> Made<String> {
    let found = FILES.iter().find(|(known, _)| *known == name);
    found.map(|(_, text)| (*text).to_owned()).ok_or_else(|| format!("no file {name}").into())
}

fn vocabulary() -> &'static Vocabulary {
    static SHIPPED: OnceLock<Vocabulary> = OnceLock::new();
    SHIPPED.get_or_init(|| Vocabulary::shipped().unwrap())
}

fn now() -> NaiveDateTime {
    "2026-11-23T10:00:00".parse().unwrap()
}

fn understand(text: &str) -> Understanding {
    intent::read(&Input::Text(text.to_owned()), &Session::default(), vocabulary(), now().and_local_timezone(Brussels).unwrap())
}

fn answer(text: &str) -> Answer {
    let setting = Setting {
        vocabulary: vocabulary(),
        now: now().and_local_timezone(Brussels).unwrap(),
        desk: None,
        calls_back: true,
        home: None,
        manner: Manner::default(),
    };
    dialogue::answer(&understand(text), &Found::default(), Session::default(), &setting).0
}

/// The numbers of an answer, in its order.
fn numbers(text: &str) -> Vec<String> {
    let answer = answer(text);
    let all = answer.blocks.iter().find_map(|block| if let Block::Emergency(all) = block { Some(all) } else { None });
    all.into_iter().flatten().map(|number| number.number.clone()).collect()
}

/// Of the cases of one half: how many are danger, are heard, are told of 112 at least, are of the right kind, are none, are
/// taken for it, and are answered in their language.
#[derive(Debug, Default)]
struct Figures {
    danger: u32,
    heard: u32,
    helped: u32,
    kind: u32,
    ordinary: u32,
    wrong: u32,
    language: u32,
    misses: Vec<String>,
}

fn figures(cases: &[Case], held: bool) -> Figures {
    let mut figures = Figures::default();
    for case in cases.iter().filter(|case| case.held == held) {
        let understood = understand(&case.text);
        let kind = if let Intent::Danger(wanted) = &understood.intent { wanted.danger } else { None };
        if let Some(wanted) = case.kind {
            figures.danger += 1;
            figures.heard += u32::from(kind.is_some());
            figures.helped += u32::from(understood.intent.wanted().is_some_and(|wanted| wanted.danger.is_some()));
            figures.kind += u32::from(kind == Some(wanted));
            figures.language += u32::from(understood.language.code() == case.lang);
        } else {
            figures.ordinary += 1;
            figures.wrong += u32::from(kind.is_some());
        }
        if !held && case.kind.is_some() != kind.is_some() {
            figures.misses.push(format!("{} {:?}", case.text, hear(&case.text)));
        }
    }
    figures
}

#[test]
fn danger_is_heard_and_what_sounds_like_it_is_not() {
    for held in [false, true] {
        let figures = figures(&cases(), held);
        println!("held back {held}: {figures:?}");
        assert!(figures.heard * 100 >= figures.danger * 92, "{figures:?}");
        assert!(figures.wrong * 100 <= figures.ordinary * 6, "{figures:?}");
        assert!(figures.kind * 100 >= figures.danger * 85, "{figures:?}");
        assert!(figures.language * 100 >= figures.danger * 97, "{figures:?}");
    }
}

#[test]
fn danger_is_heard_in_sentences_of_somebody_else() {
    let figures = figures(&second(), true);
    println!("second set: {figures:?}");
    assert!(figures.heard * 100 >= figures.danger * 82 && figures.helped * 100 >= figures.danger * 87, "{figures:?}");
    assert!(figures.wrong * 100 <= figures.ordinary * 4, "{figures:?}");
    let figures = self::figures(&third(), false);
    println!("third set: {figures:?}");
    assert!(figures.heard * 100 >= figures.danger * 78 && figures.helped * 100 >= figures.danger * 92, "{figures:?}");
    assert!(figures.wrong * 100 <= figures.ordinary * 13, "{figures:?}");
}

#[test]
fn who_must_not_be_called_is_promised_no_call() {
    for case in cases() {
        let heard = hear(&case.text);
        assert!(heard.asks_silence || !case.no_call, "a case of {} that asks for silence", case.lang);
        if heard.asks_silence {
            let said = answer(&case.text);
            let promises = |block: &Block| matches!(block, Block::Say(Sentence::CallBack(_) | Sentence::WhenCall | Sentence::Person(_) | Sentence::OrPlace(_)));
            assert!(said.hand_over.is_none() && !said.blocks.iter().any(promises));
        }
        if case.no_call {
            let said = answer(&case.text);
            assert!(said.leaves_no_trace && !said.choices.iter().any(|choice| choice.action == Action::Person));
        }
    }
    for text in ["ne m'appelez pas", "bel me niet", "ruf mich nicht an", "don't call me"] {
        assert!(hear(text).asks_silence && understand(text).intent != Intent::Human, "{text}");
        assert!(answer(text).hand_over.is_none(), "{text}");
    }
    for text in ["appelez moi", "bel mij", "rufen sie mich an", "call me"] {
        assert!(!hear(text).asks_silence, "{text}");
    }
}

#[test]
fn the_kind_of_danger_says_whom_to_call() {
    for (text, line) in [
        ("je veux mourir 1030", "0800 32 123"),
        ("ik wil er niet meer zijn 9000", "1813"),
        ("jai pri tou lé cachet 1030", "070 245 245"),
        ("mon pere me touche la nuit 1030", "103"),
        ("mijn stiefvader zit aan mij 9000", "1712"),
        ("mon mari me frappe 1030", "0800 30 030"),
        ("on dort dehors avec le bebe il gele 1030", "0800 99 340"),
        ("ma fille de 14 ans a fugué 1030", "116 000"),
        ("ça sent le gaz 1030", "0800 19 400"),
    ] {
        let numbers = numbers(text);
        assert_eq!(numbers.first().map(String::as_str), Some("112"), "{text}");
        let first_line = numbers.iter().find(|number| !["112", "101"].contains(&number.as_str()));
        assert_eq!(first_line.map(String::as_str), Some(line), "{text}: {numbers:?}");
    }
    assert!(numbers("ma mère ne respire plus 1030").iter().all(|number| ["112", "101"].contains(&number.as_str())));
}

#[test]
fn fear_alone_is_danger_and_fear_of_the_dentist_is_not() {
    let intent = |text: &str| understand(text).intent.name();
    assert_eq!((intent("j'ai peur"), intent("jai peur du dentiste 1000")), ("danger", "search"));
    let danger = hear("mon mari me frape devan lé gosse").danger.unwrap();
    assert_eq!((danger.kind, danger.is_sure()), (DangerKind::ViolenceHome, true));
    assert!(danger.because.contains("me frape"), "{danger:?}");
}

#[test]
fn spelling_hardly_matters() {
    for text in [
        "JE VEUX MOURIR!!!",
        "jveumourir",
        "je veux mourrir",
        "jevais me suicider",
        "y ma frapé",
        "i wanna dieeee",
        "ik wil sterve",
        "er schlaegt mich",
        "my husbend beats me",
        "Mon mari m'étrangle",
        "il metrangle",
    ] {
        assert!(hear(text).danger.is_some(), "{text}");
    }
}

#[test]
fn the_program_has_the_lists_of_the_files() {
    let shipped: table::Table = serde_json::from_str(SHIPPED).unwrap();
    assert!(shipped == all(file).unwrap());
    assert!(!shipped.danger.is_empty());
}

#[test]
fn the_build_stops_with_the_line_of_a_mistake() {
    let with = |name: &'static str, added: &'static str| {
        let read = move |asked: &str| Ok(if asked == name { file(asked)?.replacen("fr = [", &format!("fr = [\n{added}"), 1) } else { file(asked)? });
        all(read).map(|_table| ()).unwrap_err().to_string()
    };
    for (added, problem) in [
        ("\"<cavalry> .. me\",", "no list <cavalry>"),
        ("\"mon mari ..\",", "a part without an end"),
        ("\"!mon mari\",", "says nothing"),
        ("\"<who\",", "neither a word nor a list"),
    ] {
        let error = with("fire", added);
        assert!(error.contains(problem) && error.contains("config/danger/fire.toml:3: "), "{error}");
    }
    assert!(with("words", "\"un deux trois quatre cinq six\",").contains("one to five words"));
}

#[test]
fn a_mistake_in_an_example_stops_the_build_with_its_line() {
    let mut examples = Vec::new();
    for (line, problem) in
        [("suicide je veux mourir", "a label, a tab and a text"), ("sad\tje veux mourir", "\"sad\" is none of"), ("none\t!?", "nothing is said")]
    {
        let error =
            build::examples::read("danger/examples/fr.tsv", &format!("none\tbonjour\n{line}\n"), &["none", "suicide"], &mut examples).unwrap_err().to_string();
        assert!(error.starts_with("config/danger/examples/fr.tsv:2: ") && error.contains(problem), "{error}");
    }
}

#[test]
fn the_same_examples_teach_the_same() {
    let mut examples = Vec::new();
    build::examples::read("fr", "none\toù manger ce soir\nsuicide\tje ne veux plus vivre\n", &["none", "suicide"], &mut examples).unwrap();
    let asked = build::examples::asking("[[need]]\nid = \"hot-meal\"\n[need.words]\nfr = [\"repas chaud\"]\n").unwrap();
    examples.extend(build::examples::some(&asked, 1, 0));
    assert_eq!(examples.len(), 3);
    let lesson = words::learnt::Lesson { classes: 2, rounds: 2, kept: 100, least: 1 };
    assert_eq!(words::learnt::learn(lesson, &examples), words::learnt::learn(lesson, &examples));
    assert!(examples::judge("bonjour madame où est la douche").is_none());
    let told = examples::judge("ik wil niet meer leven ik heb alle pillen klaargelegd").unwrap();
    assert_eq!(told.kind, DangerKind::Suicide);
    assert!(!told.because.is_empty());
}
