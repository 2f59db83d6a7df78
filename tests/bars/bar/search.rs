//! S5 and S6: search alone, against FTS5 as everybody first writes it and against Tantivy.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, ensure};
use chrono::{DateTime, NaiveDateTime};
use chrono_tz::Tz;
use db::Store;
use directory::clock::{Clock, SystemClock};
use directory::dialogue::{Lookup, Query, Setting, lookup};
use directory::intent::{self, Input};
use directory::locality::Locality;
use directory::record::Scope;
use directory::session::Session;
use directory::vocabulary::Vocabulary;
use directory::words::stem_phrase;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqliteConnection};

use crate::bench::{Bench, Said, middle};
use crate::line::{Bar, Figure};
use crate::process::output_of;
use crate::stats::percentile;
use crate::territory::{is_newer, remove};

/// Entries of a first page, for the others; ours takes its fifty candidates and ranks them.
const PAGE: i64 = 10;

/// Questions put to naive FTS5 in a round: some take a quarter of a second.
const NAIVE_SEARCHES: usize = 40;

/// Common words looked for.
const COMMON_WORDS: usize = 20;

/// Where somebody is who names no place.
const HOME: &str = "1000";

/// One question, for us and for the others.
#[derive(Debug)]
pub struct Asked {
    query: Query,
    /// Folded and stemmed, as in the table that the others were given.
    words: Vec<String>,
    /// The postal code, where one was named.
    place: Option<String>,
}

/// A word and a place among a million records.
///
/// Ours is `Store::search` as a turn calls it: rings of postal codes, themes beside words, the
/// records loaded and ranked. The others are asked for one word and one postal code and give back
/// numbers of entries only. The same questions for all three, one after the other, in the order of
/// the list; each has seen them once before (but for naive FTS5, which sees the first forty twice).
/// Naive FTS5 is our own SQLite with the map of memory that our reading connections have; Tantivy
/// does not count all matches, so that it may skip.
pub fn s5(bench: &Bench) -> anyhow::Result<Vec<Said>> {
    let records = bench.plan.most_records;
    let vocabulary = Vocabulary::shipped()?;
    let asked = questions(bench, &vocabulary)?;
    let database = bench.territory.database(records)?;
    let naive = Naive::of(bench, records)?;
    let tantivy = match Tantivy::of(bench, records)? {
        Ok(tantivy) => tantivy,
        Err(why) => return Ok(vec![Said::NotRun("S5", why)]),
    };
    let rounds = bench.rounds("S5", bench.plan.control, |_| {
        let naive = naive.ask(&asked[..asked.len().min(NAIVE_SEARCHES)])?;
        let ours = ask_us(&database, &asked)?;
        let tantivy = tantivy.ask(&asked)?;
        Ok([ours, naive, tantivy].map(|times| [50, 99].map(|percent| percentile(&times, percent))))
    })?;
    let figure = |who: usize, percent: usize| middle(&rounds, |(_, figures)| figures[who][percent]);
    Ok(vec![
        bench.line("S5 p50", Figure::Millis(figure(0, 0)), ("naive FTS5", Figure::Millis(figure(1, 0))), Bar::AtMost(0.02)),
        bench.line("S5 p99", Figure::Millis(figure(0, 1)), ("Tantivy", Figure::Millis(figure(2, 1))), Bar::AtMost(2.0)),
        Said::Told(format!(
            "S5: {}: p50/p99 ours {:.3}/{:.3} ms, naive FTS5 {:.3}/{:.3} ms, Tantivy {:.3}/{:.3} ms",
            bench.territory.name(records),
            figure(0, 0),
            figure(0, 1),
            figure(1, 0),
            figure(1, 1),
            figure(2, 0),
            figure(2, 1)
        )),
    ])
}

/// One common word, first page, among a million records.
///
/// Ours is the search that a turn makes of such a message where the installation knows its place
/// (`home.postal_code`); without any place there is no search. Tantivy is asked for the word alone.
/// The words are the most frequent ones of the entries that our vocabulary reads as things to look for.
pub fn s6(bench: &Bench) -> anyhow::Result<Vec<Said>> {
    let records = bench.plan.most_records;
    let vocabulary = Vocabulary::shipped()?;
    let database = bench.territory.database(records)?;
    let tantivy = match Tantivy::of(bench, records)? {
        Ok(tantivy) => tantivy,
        Err(why) => return Ok(vec![Said::NotRun("S6", why)]),
    };
    let (asked, frequent) = common_words(bench, &vocabulary)?;
    let rounds = bench.rounds("S6", bench.plan.control, |_| Ok([ask_us(&database, &asked)?, tantivy.ask(&asked)?].map(|times| percentile(&times, 50))))?;
    let [ours, theirs] = [0, 1].map(|who| middle(&rounds, |(_, figures)| figures[who]));
    Ok(vec![
        bench.line("S6 p50", Figure::Millis(ours), ("Tantivy", Figure::Millis(theirs)), Bar::AtMost(1.0)),
        Said::Told(format!("S6: the words, and how many entries of {} hold them: {frequent}", bench.territory.name(records))),
    ])
}

/// The made-up questions that name a thing by its word, and a place.
pub fn questions(bench: &Bench, vocabulary: &Vocabulary) -> anyhow::Result<Vec<Asked>> {
    let now = local_now();
    let read = bench.territory.questions.iter().filter_map(|question| read(question, vocabulary, None, now));
    let asked: Vec<Asked> = read.filter(|asked| asked.place.is_some()).cycle().take(bench.plan.searches).collect();
    ensure!(!asked.is_empty(), "no question names a word and a place");
    Ok(asked)
}

/// Asks our own search, once to warm up and once to measure: milliseconds, in rising order.
pub fn ask_us(database: &Path, asked: &[Asked]) -> anyhow::Result<Vec<f64>> {
    let now: NaiveDateTime = local_now().naive_local();
    tokio::runtime::Runtime::new()?.block_on(async {
        let store = Store::open(database).await?;
        let (mut times, mut found) = (Vec::new(), 0);
        for is_measured in [false, true] {
            for asked in asked {
                let begun = Instant::now();
                let hits = store.search(&asked.query, None, Scope::Sms, now).await?.hits;
                if is_measured {
                    times.push(begun.elapsed().as_secs_f64() * 1_000.0);
                    found += usize::from(!hits.is_empty());
                }
            }
        }
        store.close().await;
        ensure!(found * 2 > asked.len(), "only {found} of {} questions find anything", asked.len());
        times.sort_by(f64::total_cmp);
        Ok(times)
    })
}

fn local_now() -> DateTime<Tz> {
    SystemClock.now().with_timezone(&chrono_tz::Europe::Brussels)
}

/// What a turn would search for; nothing where it would not search by a word.
fn read(text: &str, vocabulary: &Vocabulary, home: Option<&Locality>, now: DateTime<Tz>) -> Option<Asked> {
    let session = Session::default();
    let understood = intent::read(&Input::Text(text.to_owned()), &session, vocabulary, now);
    let Lookup::Records(query) =
        lookup(&understood, &session, &Setting { vocabulary, now, desk: None, calls_back: false, home, manner: directory::dialogue::Manner::default() })
    else {
        return None;
    };
    let words = query.wanted.words.first()?.split(' ').map(stem_phrase).collect();
    let place = understood.intent.wanted()?.locality.as_ref().and_then(|place| place.postal_codes.first().cloned());
    Some(Asked { query: *query, words, place })
}

/// The most frequent words that a message of one word can look for, and how frequent they are.
fn common_words(bench: &Bench, vocabulary: &Vocabulary) -> anyhow::Result<(Vec<Asked>, String)> {
    let table = fs::read_to_string(bench.territory.table(bench.plan.most_records)?)?;
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for line in table.lines() {
        let mut words: Vec<&str> = line.split('\t').nth(1).unwrap_or_default().split(' ').collect();
        words.sort_unstable();
        words.dedup();
        for word in words {
            *counts.entry(word).or_default() += 1;
        }
    }
    let mut by_count: Vec<(&str, usize)> = counts.into_iter().collect();
    by_count.sort_unstable_by(|(left, most), (right, more)| more.cmp(most).then(left.cmp(right)));
    let home = vocabulary.territory().postal_code(HOME);
    let now = local_now();
    let chosen: Vec<(Asked, usize)> = by_count
        .into_iter()
        .filter(|(word, _)| word.len() >= 4)
        .filter_map(|(word, count)| {
            let asked = read(word, vocabulary, home.as_ref(), now)?;
            (asked.place.is_none() && asked.words == [word]).then_some((asked, count))
        })
        .take(COMMON_WORDS)
        .collect();
    ensure!(!chosen.is_empty(), "no word of the entries is one that a message can look for");
    let frequent = chosen.iter().map(|(asked, count)| format!("{} {count}", asked.words.join(" "))).collect::<Vec<_>>().join(", ");
    let times = bench.plan.searches.div_ceil(chosen.len());
    let asked: Vec<Asked> = chosen.into_iter().map(|(asked, _)| asked).collect();
    let again: Vec<Asked> =
        (0..times).flat_map(|_| asked.iter().map(|asked| Asked { query: asked.query.clone(), words: asked.words.clone(), place: None })).collect();
    Ok((again, frequent))
}

/// FTS5 as everybody first writes it: the words in one table, the place in another, joined, the best
/// by its own rank.
#[derive(Debug)]
struct Naive(PathBuf);

impl Naive {
    fn of(bench: &Bench, records: usize) -> anyhow::Result<Self> {
        let table = bench.territory.table(records)?;
        let path = table.with_extension("naive.sqlite");
        if !is_newer(&path, &table) {
            eprintln!("making {} …", path.display());
            let unfinished = bench.folder.join("unfinished-naive.sqlite");
            remove(&unfinished);
            tokio::runtime::Runtime::new()?.block_on(fill(&unfinished, &fs::read_to_string(&table)?))?;
            fs::rename(&unfinished, &path)?;
        }
        Ok(Self(path))
    }

    fn ask(&self, asked: &[Asked]) -> anyhow::Result<Vec<f64>> {
        tokio::runtime::Runtime::new()?.block_on(async {
            let options = SqliteConnectOptions::new().filename(&self.0).pragma("query_only", "on").pragma("mmap_size", "268435456");
            let mut connection = options.connect().await?;
            let mut times = Vec::new();
            for is_measured in [false, true] {
                for asked in asked {
                    let matching = asked.words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(" AND ");
                    let begun = Instant::now();
                    sqlx::query("SELECT entry.rowid FROM entry JOIN place ON place.id = entry.rowid WHERE entry MATCH $1 AND place.postal_code = $2 ORDER BY rank LIMIT $3")
                        .bind(matching)
                        .bind(&asked.place)
                        .bind(PAGE)
                        .fetch_all(&mut connection)
                        .await?;
                    if is_measured {
                        times.push(begun.elapsed().as_secs_f64() * 1_000.0);
                    }
                }
            }
            connection.close().await?;
            times.sort_by(f64::total_cmp);
            Ok(times)
        })
    }
}

async fn fill(file: &Path, table: &str) -> anyhow::Result<()> {
    let options = SqliteConnectOptions::new().filename(file).create_if_missing(true).journal_mode(SqliteJournalMode::Off);
    let mut connection: SqliteConnection = options.synchronous(SqliteSynchronous::Off).connect().await?;
    sqlx::query("CREATE TABLE place (id INTEGER PRIMARY KEY, postal_code TEXT NOT NULL)").execute(&mut connection).await?;
    sqlx::query("CREATE VIRTUAL TABLE entry USING fts5(text)").execute(&mut connection).await?;
    sqlx::query("BEGIN").execute(&mut connection).await?;
    for line in table.lines() {
        let mut fields = line.split('\t');
        let (number, words, code) = (fields.next().context("no number")?.parse::<i64>()?, fields.next(), fields.next());
        sqlx::query("INSERT INTO place (id, postal_code) VALUES ($1, $2)").bind(number).bind(code.unwrap_or_default()).execute(&mut connection).await?;
        sqlx::query("INSERT INTO entry (rowid, text) VALUES ($1, $2)").bind(number).bind(words.unwrap_or_default()).execute(&mut connection).await?;
    }
    sqlx::query("COMMIT").execute(&mut connection).await?;
    sqlx::query("CREATE INDEX place_code ON place (postal_code)").execute(&mut connection).await?;
    sqlx::query("INSERT INTO entry (entry) VALUES ('optimize')").execute(&mut connection).await?;
    Ok(connection.close().await?)
}

/// Tantivy through its Python package: the search itself is compiled, and only it is timed.
#[derive(Debug)]
struct Tantivy {
    python: PathBuf,
    script: PathBuf,
    index: PathBuf,
    questions: PathBuf,
}

impl Tantivy {
    /// The index of the same table; or why there is none.
    fn of(bench: &Bench, records: usize) -> anyhow::Result<Result<Self, String>> {
        let python = bench.folder.join("venv/bin/python3");
        if !Command::new(&python).args(["-c", "import tantivy"]).output().is_ok_and(|output| output.status.success()) {
            return Ok(Err("Tantivy is missing: scripts/bars installs it where python3-venv is".to_owned()));
        }
        let script = harness::repository().join("tests/bars/bar/search/tantivy_peer.py");
        let table = bench.territory.table(records)?;
        let index = table.with_extension("tantivy");
        if !is_newer(&index.join("meta.json"), &table) {
            eprintln!("making {} …", index.display());
            let unfinished = bench.folder.join("unfinished.tantivy");
            for folder in [&unfinished, &index] {
                if folder.exists() {
                    fs::remove_dir_all(folder)?;
                }
            }
            fs::create_dir(&unfinished)?;
            output_of(Command::new(&python).arg(&script).arg("build").args([&table, &unfinished]))?;
            fs::rename(&unfinished, &index)?;
        }
        let questions = bench.folder.join("tantivy-questions.txt");
        Ok(Ok(Self { python, script, index, questions }))
    }

    fn ask(&self, asked: &[Asked]) -> anyhow::Result<Vec<f64>> {
        let lines: String = asked
            .iter()
            .map(|asked| {
                let words = asked.words.iter().map(|word| format!("+name:{word}"));
                let place = asked.place.iter().map(|code| format!("+loc:z{code}"));
                words.chain(place).collect::<Vec<_>>().join(" ") + "\n"
            })
            .collect();
        fs::write(&self.questions, lines)?;
        let printed = output_of(Command::new(&self.python).arg(&self.script).arg("ask").args([&self.index, &self.questions]))?;
        let mut times = printed.lines().map(|line| line.parse::<f64>().with_context(|| format!("not a time: {line}"))).collect::<anyhow::Result<Vec<f64>>>()?;
        ensure!(times.len() == asked.len(), "Tantivy answered {} of {} questions", times.len(), asked.len());
        times.sort_by(f64::total_cmp);
        Ok(times)
    }
}
