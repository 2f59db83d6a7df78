//! What was found for questions asked lately, in the edition of the directory in which it was found.

use std::sync::{Arc, Mutex, PoisonError};

use directory::cache::Cache;
use directory::dialogue::{Candidate, FoundBy};
use directory::record::Packed;

use crate::edition::Edition;

/// Bytes kept in memory, more or less, in each of two generations.
const MAX_BYTES: usize = 8 << 20;

/// Records whose briefs are kept once for all questions that they answer, in each of two generations.
const MAX_SHARED: usize = 32_768;

/// What was found lately.
#[derive(Debug)]
pub(crate) struct SearchCache(Mutex<Lately>);

#[derive(Debug)]
struct Lately {
    edition: Edition,
    asked: Cache<String, Arc<[Candidate]>>,
    /// By rank.
    shared: Cache<i64, Packed>,
}

impl Lately {
    fn of(edition: Edition) -> Self {
        Self { edition, asked: Cache::new(MAX_BYTES), shared: Cache::new(MAX_SHARED) }
    }

    /// The brief as other questions have it; and the bytes that it costs to keep.
    fn share(&mut self, found: Ranked) -> (Packed, usize) {
        let Ranked { rank, brief } = found;
        if let Some(known) = self.shared.get(&rank).filter(|known| *known == brief) {
            return (known, 0);
        }
        self.shared.keep(rank, brief.clone(), 1);
        let bytes = brief.as_bytes().len() + 2 * size_of::<usize>();
        (brief, bytes)
    }
}

impl Default for SearchCache {
    fn default() -> Self {
        Self(Mutex::new(Lately::of(Edition::default())))
    }
}

impl SearchCache {
    /// Keeps nothing of what was found.
    pub(crate) fn forget(&self) {
        let mut lately = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *lately = Lately::of(lately.edition);
    }

    /// What was found for that question, if the directory is still the same.
    pub(crate) fn candidates(&self, question: &str, edition: Edition) -> Option<Arc<[Candidate]>> {
        let mut lately = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if lately.edition == edition { lately.asked.get(question) } else { None }
    }

    /// Keeps what was found, by words and otherwise. `edition` was read before it: what is found is that old at
    /// most.
    pub(crate) fn keep(&self, question: String, edition: Edition, found: Vec<(Ranked, FoundBy)>) -> Arc<[Candidate]> {
        let mut lately = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if edition > lately.edition {
            *lately = Lately::of(edition);
        }
        if edition < lately.edition {
            return found.into_iter().map(|(found, by)| Candidate { brief: found.brief, by }).collect();
        }
        let mut bytes = question.len() + found.len() * size_of::<Candidate>();
        let mut share = |(found, by)| {
            let (brief, cost) = lately.share(found);
            bytes += cost;
            Candidate { brief, by }
        };
        let candidates: Arc<[Candidate]> = found.into_iter().map(&mut share).collect();
        lately.asked.keep(question, Arc::clone(&candidates), bytes);
        candidates
    }
}

/// A record found in an index.
pub(crate) struct Ranked {
    pub(crate) rank: i64,
    pub(crate) brief: Packed,
}
