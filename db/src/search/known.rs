//! What was found for questions asked lately, in the edition of the directory in which it was found.

use std::sync::{Arc, Mutex, PoisonError};

use directory::dialogue::Candidate;
use directory::generations::Generations;

/// Candidates kept in memory, in each of two generations: those of a thousand questions or so.
const MOST_CANDIDATES: usize = 32_768;

/// What was found lately.
#[derive(Debug)]
pub(crate) struct Known(Mutex<Lately>);

#[derive(Debug)]
struct Lately {
    edition: Edition,
    asked: Generations<String, Arc<[Candidate]>>,
}

impl Default for Known {
    fn default() -> Self {
        Self(Mutex::new(Lately { edition: Edition::default(), asked: Generations::new(MOST_CANDIDATES) }))
    }
}

impl Known {
    /// What was found for that question, if the directory is still the same.
    pub(super) fn candidates(&self, question: &str, edition: Edition) -> Option<Arc<[Candidate]>> {
        let mut lately = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if lately.edition == edition { lately.asked.get(question) } else { None }
    }

    /// Keeps what was found. `edition` was read before it: what is found is that old at most.
    pub(super) fn keep(&self, question: String, edition: Edition, found: &Arc<[Candidate]>) {
        let mut lately = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if edition > lately.edition {
            *lately = Lately { edition, asked: Generations::new(MOST_CANDIDATES) };
        }
        if edition == lately.edition {
            lately.asked.keep(question, Arc::clone(found), found.len() + 1);
        }
    }
}

/// A state of the directory: another one, with a higher number, as soon as anything in it changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Edition(pub(crate) i64);

/// The counter of editions.
pub(crate) const EDITION: &str = "edition";
