//! How well the questions of `tests/answers` are answered, in the figures that a visitor would feel.
//!
//! Each question is asked by text message of a territory as of its day; what the first message lists is compared with
//! grades given by hand before anything was run: 2 truly answers, 1 may stand in, what is not named does not answer.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use application::keys::Keys;
use application::turn::TurnService;
use chrono::{DateTime, Utc};
use db::Store;
use db::import::{Options, Source};
use directory::clock::{Clock, FixedClock};
use directory::language::Language;
use directory::phone::Country;
use directory::record::Record;
use directory::vocabulary::Vocabulary;
use directory::words;
use feeds::{Format, Settings};
use harness::demo;
use harness::place::Place;
use serde::Deserialize;

/// The day as of which the territories are loaded.
const LOADED: &str = "2026-12-01T10:00:00+01:00";

#[derive(Debug, Deserialize)]
struct Question {
    id: String,
    lang: String,
    at: DateTime<Utc>,
    text: String,
    grades: BTreeMap<String, u8>,
    none: bool,
}

/// What was shown for one question.
struct Shown {
    grades: Vec<u8>,
    text: String,
    /// What was understood.
    because: String,
    /// What each entry is, beside its grade.
    entries: Vec<String>,
}

/// Counts over questions.
#[derive(Debug, Default, Clone, Copy)]
struct Figures {
    answerable: usize,
    first: usize,
    in_message: usize,
    none: usize,
    honest: usize,
    shown: usize,
    answering: usize,
    silly: usize,
    questions: usize,
}

fn share(part: usize, whole: usize) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "counts of questions")]
    if whole == 0 { 100.0 } else { 100.0 * part as f64 / whole as f64 }
}

impl Figures {
    fn add(&mut self, question: &Question, shown: &Shown) {
        self.questions += 1;
        if question.grades.values().any(|grade| *grade == 2) {
            self.answerable += 1;
            self.first += usize::from(shown.grades.first() == Some(&2));
            self.in_message += usize::from(shown.grades.contains(&2));
        }
        if question.none {
            self.none += 1;
            self.honest += usize::from(!shown.grades.contains(&0));
        }
        self.shown += shown.grades.len();
        self.answering += shown.grades.iter().filter(|grade| **grade > 0).count();
        self.silly += usize::from(shown.grades.contains(&0));
    }

    fn tell(self, name: &str) -> String {
        format!(
            "{name:<22} {:>4} questions   first {:>5.1} %   in message {:>5.1} %   answering {:>5.1} %   silly {:>5.1} %   honest {:>5.1} %",
            self.questions,
            share(self.first, self.answerable),
            share(self.in_message, self.answerable),
            share(self.answering, self.shown),
            share(self.silly, self.questions),
            share(self.honest, self.none)
        )
    }
}

/// A territory to ask, with the identifiers of its entries by their folded names.
struct Territory {
    engine: TurnService,
    clock: Arc<FixedClock>,
    ids: BTreeMap<String, Vec<String>>,
    records: Vec<Arc<Record>>,
    _place: Place,
}

fn ids(tables: &[String]) -> BTreeMap<String, Vec<String>> {
    let mut ids: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for table in tables {
        let mut reader = csv::Reader::from_reader(table.as_bytes());
        let columns = reader.headers().unwrap().clone();
        for row in reader.records() {
            let row = row.unwrap();
            let id = row.get(columns.iter().position(|name| name == "id").unwrap()).unwrap().to_owned();
            for (column, value) in columns.iter().zip(&row) {
                if column.starts_with("name_") && !value.is_empty() {
                    ids.entry(words::fold(value)).or_default().push(id.clone());
                }
            }
        }
    }
    ids
}

impl Territory {
    async fn demo() -> Self {
        let read = |name: &str| std::fs::read_to_string(harness::repository().join("config/demo").join(name)).unwrap();
        let tables = [read("records.csv"), read("events.csv"), read("houses-of-justice.csv")];
        let (place, clock) = (Place::sqlite().unwrap(), clock());
        gateway::demo::load(place.address(), clock.as_ref(), |_, _| ()).await.unwrap();
        Self::of(place, clock, ids(&tables)).await
    }

    async fn condroz() -> Self {
        let read = |name: &str| std::fs::read_to_string(harness::repository().join("tests/answers/condroz").join(name)).unwrap();
        let (place, clock) = (Place::sqlite().unwrap(), clock());
        let tables = [read("records.csv"), read("events.csv")];
        let vocabulary = Vocabulary::shipped().unwrap();
        let store = Store::connect(place.address()).await.unwrap();
        let now: DateTime<Utc> = LOADED.parse().unwrap();
        for (name, table) in ["condroz", "condroz-events"].into_iter().zip(&tables) {
            let dated = gateway::demo::with_dates(table, now.date_naive());
            let themes = |term: &str| vocabulary.theme_of(term);
            let settings = Settings { country: Country::Be, language: Language::Fr, zone: chrono_tz::Europe::Brussels, mapping: None, themes: &themes };
            let feed = feeds::parse(Format::Csv, dated.as_bytes(), &settings).unwrap();
            assert!(feed.refused.is_empty(), "{:?}", feed.refused);
            let source = Source { name: name.to_owned(), format: "csv", demo: true, trust: 0 };
            let options = Options { dry_run: false, allow_drop: true, now };
            store.import(&source, feed, vocabulary.territory(), options, |_, _| ()).await.unwrap();
        }
        store.close().await;
        Self::of(place, clock, ids(&tables)).await
    }

    async fn of(place: Place, clock: Arc<FixedClock>, ids: BTreeMap<String, Vec<String>>) -> Self {
        let engine = demo::engine(place.address(), Arc::clone(&clock), Keys::fixed(&[7; 32])).await.unwrap();
        let mut codes = Vec::new();
        engine.store.each_brief(|brief| codes.push(brief.code)).await.unwrap();
        let records = engine.store.records(&codes).await.unwrap();
        Self { engine, clock, ids, records, _place: place }
    }

    /// What the first message lists.
    async fn ask(&self, number: usize, question: &Question) -> Shown {
        self.clock.advance(question.at - self.clock.now());
        let sender = Some(format!("+3247{number:07}"));
        let channel = application::turn::Channel::Sms;
        let request = application::turn::Request::text(channel, sender, question.text.as_str(), format!("SM{}", question.id));
        let reply = self.engine.explain(&request).await.unwrap();
        let (mut grades, mut entries) = (Vec::new(), Vec::new());
        for code in reply.answer.records() {
            let record = self.engine.store.record(code).await.unwrap().unwrap();
            let known: Vec<&String> = record.content.name.iter().filter_map(|(_, name)| self.ids.get(&words::fold(name))).flatten().collect();
            let grade = known.iter().filter_map(|id| question.grades.get(*id)).copied().max().unwrap_or(0);
            grades.push(grade);
            let id = known.first().map_or("", |id| id.as_str());
            entries.push(format!("{grade} {id} {}", described(&record)));
        }
        let because = match reply.understood.intent.wanted() {
            Some(wanted) => format!("needs {:?}, themes {:?}, words {:?}, said {:?}", wanted.needs, wanted.themes, wanted.words, wanted.said),
            None => format!("{:?}", reply.understood.intent),
        };
        Shown { grades, text: reply.sms.text.clone(), because, entries }
    }

    /// What the entry with an identifier is.
    fn entry(&self, id: &str) -> String {
        let names = self.ids.iter().filter(|(_, known)| known.iter().any(|known| known == id));
        for (name, _) in names {
            if let Some(record) = self.records.iter().find(|record| record.content.name.iter().any(|(_, known)| words::fold(known) == *name)) {
                return format!("{id} {}", described(record));
            }
        }
        format!("{id} is not there")
    }
}

/// Kind, place and needs of an entry.
fn described(record: &Record) -> String {
    let code = record.content.address.postal_code.as_deref().unwrap_or_default();
    format!("{:?} {code} {:?} {:?}", record.kind, record.content.all_needs(record.kind).0, record.content.audiences)
}

fn clock() -> Arc<FixedClock> {
    Arc::new(FixedClock::at(LOADED.parse().unwrap()))
}

fn questions(file: &Path) -> Vec<Question> {
    let text = std::fs::read_to_string(file).unwrap();
    text.lines().filter(|line| !line.trim().is_empty()).map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Asks a set; its figures, and each miss with what was shown and what was wanted.
async fn judge(territory: &Territory, name: &str, questions: &[Question], offset: usize, shows_misses: bool) -> Figures {
    let mut figures = Figures::default();
    let mut by_language: BTreeMap<String, Figures> = BTreeMap::new();
    let mut misses = String::new();
    for (number, question) in questions.iter().enumerate() {
        let shown = territory.ask(offset + number, question).await;
        figures.add(question, &shown);
        by_language.entry(question.lang.clone()).or_default().add(question, &shown);
        let is_right = !shown.grades.contains(&0) && if question.none { true } else { shown.grades.first() == Some(&2) };
        if (!is_right || std::env::var_os("ANSWERS_ALL").is_some()) && shows_misses {
            let wanted: Vec<_> = question.grades.iter().filter(|(_, grade)| **grade == 2).map(|(id, _)| id.as_str()).collect();
            let said = shown.text.replace('\n', " / ");
            let _ =
                writeln!(misses, "- {} {:?} at {}\n    {:?} {said}\n    understood {}", question.id, question.text, question.at, shown.grades, shown.because);
            for entry in &shown.entries {
                let _ = writeln!(misses, "    shown  {entry}");
            }
            for id in wanted {
                let _ = writeln!(misses, "    wanted {}", territory.entry(id));
            }
        }
    }
    println!("{}", figures.tell(name));
    for (language, figures) in by_language {
        println!("{}", figures.tell(&format!("   {language}")));
    }
    print!("{misses}");
    figures
}

#[tokio::test]
async fn questions_are_answered() {
    let folder = harness::repository().join("tests/answers");
    for (name, territory) in [("demo", Territory::demo().await), ("condroz", Territory::condroz().await)] {
        for (number, half) in ["open", "held"].into_iter().enumerate() {
            let questions = questions(&folder.join(format!("{name}-{half}.jsonl")));
            judge(&territory, &format!("{name} {half}"), &questions, 1_000 * number, half == "open").await;
        }
    }
    let shared = harness::repository().join("../shared/data/answers/demo-questions.jsonl");
    if shared.exists() {
        let territory = Territory::demo().await;
        judge(&territory, "shared", &questions(&shared), 5_000, true).await;
    }
}
