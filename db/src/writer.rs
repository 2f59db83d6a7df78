//! The one task that writes turns and what else is kept under a message: many together in one durable commit.
//!
//! A message is answered only after its commit. One that was answered before keeps its first answer, whoever delivers
//! it again and however close together.

mod group;
mod request;

use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};

use crate::StoreError;
use crate::journal::JournalEntry;
use crate::store::Store;

/// Entries of one commit.
const MAX_TOGETHER: usize = 64;

/// Entries that may wait; more are refused at once.
const MAX_WAITING: usize = 1_024;

/// What became of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Committed {
    /// It is kept, with its own answer.
    New,
    /// It is kept, but something else is said: a budget has run out, sending is stopped, or a STOP was acknowledged
    /// before.
    Limited {
        /// What the carrier is given.
        instead: String,
        /// The name of what stood against the answer.
        why: &'static str,
    },
    /// Nothing is kept: no more people are called back today. To be answered without a promise.
    Full,
    /// The message was answered before, with these bytes.
    Before(String),
}

struct Job {
    entry: JournalEntry,
    done: oneshot::Sender<Result<Committed, StoreError>>,
}

/// Hands entries to the writing task; cheap to clone.
#[derive(Debug, Clone)]
pub struct TurnWriter(mpsc::Sender<Job>);

impl TurnWriter {
    /// Makes a writer and the task that does its work. The task ends when every writer is dropped, after the last entry
    /// is kept.
    pub fn new(store: Arc<Store>) -> (Self, impl Future<Output = ()> + Send + 'static) {
        let (sender, receiver) = mpsc::channel(MAX_WAITING);
        (Self(sender), run(store, receiver))
    }

    /// Keeps an entry durably. [`StoreError::Overloaded`] when too many wait.
    pub async fn commit(&self, entry: impl Into<JournalEntry>) -> Result<Committed, StoreError> {
        let (done, result) = oneshot::channel();
        self.0.try_send(Job { entry: entry.into(), done }).map_err(|_full_or_closed| StoreError::Overloaded)?;
        result.await.unwrap_or(Err(StoreError::Overloaded))
    }
}

async fn run(store: Arc<Store>, mut jobs: mpsc::Receiver<Job>) {
    let mut batch = Vec::with_capacity(MAX_TOGETHER);
    while jobs.recv_many(&mut batch, MAX_TOGETHER).await > 0 {
        let entries: Vec<&JournalEntry> = batch.iter().map(|job| &job.entry).collect();
        let keeping = tokio::time::timeout(store.patience(), store.keep(&entries));
        let kept = keeping.await.unwrap_or(Err(StoreError::Silent));
        match kept {
            Ok(outcomes) => {
                for (job, outcome) in batch.drain(..).zip(outcomes) {
                    // A caller that went away does not undo what is kept.
                    let _ = job.done.send(Ok(outcome));
                }
            }
            // One bad entry must not refuse its neighbours: each on its own.
            Err(failed) if batch.len() > 1 && !failed.is_retryable() => {
                for job in batch.drain(..) {
                    let outcomes = store.keep(&[&job.entry]).await;
                    let outcome = outcomes.map(|outcomes| outcomes.into_iter().next().unwrap_or(Committed::New));
                    let _ = job.done.send(outcome);
                }
            }
            // No room, or no server: it is the same for all of them.
            Err(failed) => {
                let failed = Arc::new(failed);
                for job in batch.drain(..) {
                    let _ = job.done.send(Err(StoreError::Together(Arc::clone(&failed))));
                }
            }
        }
    }
}
