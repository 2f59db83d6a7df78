//! What searches need not find twice: records parsed lately, and what a question found in one edition of the
//! directory.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use directory::generations::Generations;
use directory::record::Record;

/// Questions whose candidates are kept in memory, in each of two generations.
const MOST_ASKED: usize = 3_000;

/// Parsed records kept in memory, in each of two generations.
const MOST_PARSED: usize = 2_048;

/// Names one state of one record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Key {
    pub(crate) id: i64,
    pub(crate) version: i64,
}

/// What searches need not find twice.
#[derive(Debug)]
pub(crate) struct Known {
    /// Records parsed lately, by number; a newer version replaces the older.
    parsed: Mutex<Generations<i64, (i64, Arc<Record>)>>,
    /// What was found for a question in one edition of the directory.
    asked: Mutex<Generations<String, Asked>>,
}

type Asked = (Edition, Arc<[Candidacy]>);

impl Default for Known {
    fn default() -> Self {
        Self { parsed: Mutex::new(Generations::new(MOST_PARSED)), asked: Mutex::new(Generations::new(MOST_ASKED)) }
    }
}

impl Known {
    /// Those of the records that are known, by number.
    pub(super) fn records(&self, keys: &[Key]) -> HashMap<i64, Arc<Record>> {
        let mut parsed = self.parsed.lock().unwrap_or_else(PoisonError::into_inner);
        let known = |key: &Key| parsed.get(&key.id).filter(|(version, _)| *version == key.version).map(|(_, record)| (key.id, record));
        keys.iter().filter_map(known).collect()
    }

    pub(super) fn keep(&self, key: Key, record: &Arc<Record>) {
        self.parsed.lock().unwrap_or_else(PoisonError::into_inner).keep(key.id, (key.version, Arc::clone(record)));
    }

    pub(super) fn candidates(&self, question: &str, edition: Edition) -> Option<Arc<[Candidacy]>> {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.get(question).filter(|(of, _)| *of == edition).map(|(_, candidates)| candidates)
    }

    pub(super) fn keep_candidates(&self, question: String, edition: Edition, candidates: &Arc<[Candidacy]>) {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).keep(question, (edition, Arc::clone(candidates)));
    }
}

/// A state of the directory: another one as soon as anything in it changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edition(pub(crate) i64);

/// The counter of editions.
pub(crate) const EDITION: &str = "edition";

/// A record found in an index.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidacy {
    pub(super) key: Key,
    pub(super) by_word: bool,
}
