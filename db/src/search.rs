//! Finds records: words with places in the full-text index, themes with places in a plain tree; both
//! in the order of a static rank, so that the first page costs the same at any size. The last word
//! on the order belongs to `directory::dialogue::rank`.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::NaiveDateTime;
use directory::dialogue::{Candidate, Found, Query, rank};
use directory::record::{Record, Scope};
use directory::words;
use sqlx::{AssertSqlSafe, Row};

use crate::StoreError;
use crate::index::{EVERYTHING, lexeme, place_word, theme_word, whole};
use crate::record::parse;
use crate::statement::{padded, placeholders};
use crate::store::{Store, on};

/// Candidates taken from each index.
const MOST_CANDIDATES: i64 = 50;

/// Once as many candidates are found near, places further away are not looked at.
const ENOUGH: usize = 24;

/// Postal codes looked up together.
const CODES_AT_ONCE: usize = 5;

/// Beginnings of words shorter than this are not looked for: too many words begin with them.
const SHORTEST_BEGINNING: usize = 5;

/// Records taken from around a place that has none with the word asked for.
const MOST_FROM_AROUND: usize = 3;

/// Parsed records kept in memory, in each of two generations.
const MOST_PARSED: usize = 2_048;

/// Names one state of one record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Key {
    pub(crate) id: i64,
    pub(crate) version: i64,
}

/// Records parsed lately, by number; a newer version replaces the older. Two generations: what is not asked
/// for while the younger one fills up is dropped with the older one.
#[derive(Debug, Default)]
pub(crate) struct Parsed(Mutex<Generations>);

#[derive(Debug, Default)]
struct Generations {
    young: HashMap<i64, (i64, Arc<Record>)>,
    old: HashMap<i64, (i64, Arc<Record>)>,
}

impl Parsed {
    /// Those of the records that are known, by number.
    fn known(&self, keys: &[Key]) -> HashMap<i64, Arc<Record>> {
        let mut generations = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        keys.iter().filter_map(|key| Some((key.id, generations.get(*key)?))).collect()
    }

    fn keep(&self, key: Key, record: &Arc<Record>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).keep(key, record);
    }
}

impl Generations {
    fn get(&mut self, key: Key) -> Option<Arc<Record>> {
        if let Some((version, record)) = self.young.get(&key.id) {
            return (*version == key.version).then(|| Arc::clone(record));
        }
        let (version, record) = self.old.remove(&key.id)?;
        if version != key.version {
            return None;
        }
        self.keep(key, &record);
        Some(record)
    }

    fn keep(&mut self, key: Key, record: &Arc<Record>) {
        if self.young.len() >= MOST_PARSED {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(key.id, (key.version, Arc::clone(record)));
    }
}

impl Store {
    /// The records that answer a query, in the order to show them.
    pub async fn search(&self, query: &Query, scope: Scope, now: NaiveDateTime) -> Result<Found, StoreError> {
        let stems = |phrase: &String| phrase.split(' ').map(words::stem).filter(|stem| !lexeme(stem).is_empty()).map(ToOwned::to_owned).collect::<Vec<_>>();
        let phrases: Vec<Vec<String>> = query.wanted.words.iter().map(stems).filter(|stems| !stems.is_empty()).collect();
        let topics = topics(query);
        let mut by_word: Vec<Key> = Vec::new();
        let mut keys: Vec<Key> = Vec::new();
        for codes in query.postal_codes.chunks(CODES_AT_ONCE) {
            let mut localities: Vec<&str> = codes.iter().map(String::as_str).collect();
            if keys.is_empty() && by_word.is_empty() {
                localities.push(whole(query.country));
            }
            if !phrases.is_empty() {
                by_word.extend(self.by_words(&phrases, &localities, &[]).await?);
            }
            if !topics.is_empty() {
                keys.extend(self.by_topics(&topics, &localities).await?);
            }
            if keys.len() + by_word.len() >= ENOUGH {
                break;
            }
        }
        if by_word.is_empty() && !phrases.is_empty() {
            by_word = self.nearest_by_words(&phrases, query).await?;
        }
        keys.retain(|key| !by_word.contains(key));
        let marked = by_word.len();
        by_word.extend(keys);
        let records = self.load(&by_word).await?;
        let candidates = records.into_iter().enumerate().map(|(place, record)| Candidate { record, by_word: place < marked }).collect();
        Ok(Found { hits: rank(candidates, query, scope, now) })
    }

    /// The nearest few records that hold the words: a yoga class two kilometres away answers "yoga"
    /// better than any other outing next door.
    async fn nearest_by_words(&self, phrases: &[Vec<String>], query: &Query) -> Result<Vec<Key>, StoreError> {
        let themes: Vec<String> = query.wanted.themes.iter().map(|theme| theme_word(theme.id())).collect();
        for codes in query.around.chunks(CODES_AT_ONCE) {
            let localities: Vec<&str> = codes.iter().map(String::as_str).collect();
            let mut found = self.by_words(phrases, &localities, &themes).await?;
            if !found.is_empty() {
                found.truncate(MOST_FROM_AROUND);
                return Ok(found);
            }
        }
        Ok(Vec::new())
    }

    async fn by_topics(&self, topics: &[String], localities: &[&str]) -> Result<Vec<Key>, StoreError> {
        let text = format!(
            "SELECT DISTINCT r.id, r.version, l.rank FROM listing l JOIN record r ON r.rank = l.rank WHERE l.topic IN ({}) AND l.locality IN ({}) ORDER BY l.rank LIMIT {MOST_CANDIDATES}",
            placeholders(1, topics.len()),
            placeholders(1 + topics.len(), localities.len())
        );
        on!(self, db => {
            let mut query = sqlx::query(AssertSqlSafe(text));
            for value in topics.iter().map(String::as_str).chain(localities.iter().copied()) {
                query = query.bind(value);
            }
            let rows = query.fetch_all(&db.read).await?;
            Ok(rows.iter().map(|row| Ok(Key { id: row.try_get(0)?, version: row.try_get(1)? })).collect::<Result<_, sqlx::Error>>()?)
        })
    }

    async fn by_words(&self, phrases: &[Vec<String>], localities: &[&str], themes: &[String]) -> Result<Vec<Key>, StoreError> {
        let found = self.matching(phrases, localities, themes, Beginnings::No).await?;
        if found.is_empty() {
            // "kleider" is in "Kleiderkammer": the beginnings of words, only where no whole word is found.
            return self.matching(phrases, localities, themes, Beginnings::Too).await;
        }
        Ok(found)
    }

    async fn matching(&self, phrases: &[Vec<String>], localities: &[&str], themes: &[String], beginnings: Beginnings) -> Result<Vec<Key>, StoreError> {
        let long_enough = |phrase: &&Vec<String>| beginnings == Beginnings::No || phrase.iter().all(|word| word.chars().count() >= SHORTEST_BEGINNING);
        let phrases: Vec<&Vec<String>> = phrases.iter().filter(long_enough).collect();
        if phrases.is_empty() {
            return Ok(Vec::new());
        }
        let places: Vec<String> = localities.iter().map(|locality| place_word(locality)).collect();
        let dialect = self.dialect();
        on!(self, db => {
            let rows = sqlx::query(dialect.matching)
                .bind(dialect.grammar.write(&phrases, beginnings, &places, themes))
                .bind(MOST_CANDIDATES)
                .fetch_all(&db.read)
                .await?;
            Ok(rows.iter().map(|row| Ok(Key { id: row.try_get(0)?, version: row.try_get(1)? })).collect::<Result<_, sqlx::Error>>()?)
        })
    }

    /// The records of these keys, in that order.
    pub(crate) async fn load(&self, keys: &[Key]) -> Result<Vec<Arc<Record>>, StoreError> {
        let mut found = self.parsed.known(keys);
        let missing: Vec<Key> = keys.iter().filter(|key| !found.contains_key(&key.id)).copied().collect();
        for part in padded(&missing) {
            let text = format!("SELECT id, version, body FROM record WHERE id IN ({})", placeholders(1, part.len()));
            let rows: Vec<(i64, i64, String)> = on!(self, db => {
                let query = part.iter().fold(sqlx::query(AssertSqlSafe(text)), |query, key| query.bind(key.id));
                query.fetch_all(&db.read).await?.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?))).collect::<Result<_, sqlx::Error>>()?
            });
            for (id, version, body) in rows {
                let record = Arc::new(parse(&body)?);
                self.parsed.keep(Key { id, version }, &record);
                found.insert(id, record);
            }
        }
        Ok(keys.iter().filter_map(|key| found.get(&key.id).cloned()).collect())
    }
}

/// What a query looks up in the tree. Words alone look nothing up there.
fn topics(query: &Query) -> Vec<String> {
    let wanted = &query.wanted;
    let themes: Vec<String> = wanted.themes.iter().map(|theme| theme.id().to_owned()).collect();
    if !themes.is_empty() {
        return themes;
    }
    if !wanted.kinds.is_empty() {
        return wanted.kinds.iter().map(|kind| format!("kind:{}", kind.id())).collect();
    }
    if !wanted.audiences.is_empty() {
        return wanted.audiences.iter().map(|audience| format!("for:{}", audience.id())).collect();
    }
    if wanted.words.is_empty() { vec![EVERYTHING.to_owned()] } else { Vec::new() }
}

/// How an engine writes a search for words.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Grammar {
    pub(crate) quote: char,
    pub(crate) and: &'static str,
    pub(crate) or: &'static str,
    /// Behind a word of which only the beginning is known.
    pub(crate) beginning: &'static str,
}

impl Grammar {
    /// Any of the phrases, in any of the places, under any of the themes if there are some.
    fn write(&self, phrases: &[&Vec<String>], beginnings: Beginnings, places: &[String], themes: &[String]) -> String {
        let ending = if beginnings == Beginnings::Too { self.beginning } else { "" };
        let phrases: Vec<String> = phrases.iter().map(|phrase| format!("({})", self.quoted(phrase, ending, self.and))).collect();
        let mut text = format!("({}){}({})", phrases.join(self.or), self.and, self.quoted(places, "", self.or));
        if !themes.is_empty() {
            text = format!("{text}{}({})", self.and, self.quoted(themes, "", self.or));
        }
        text
    }

    /// Words in quotes: `and` would be read as the engine's query language.
    fn quoted(&self, words: &[String], ending: &str, between: &str) -> String {
        let quote = self.quote;
        words.iter().map(|word| format!("{quote}{}{quote}{ending}", lexeme(word))).collect::<Vec<_>>().join(between)
    }
}

/// Which words are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Beginnings {
    /// Whole ones.
    No,
    /// Those that begin so, too.
    Too,
}
