//! Lines that people write by hand for one visitor. They are in memory alone, and for as long as their slip waits: a
//! slip that is printed by another program, or after a restart, comes without its line.

use std::collections::HashMap;

use tokio::sync::Mutex;

/// Slips that wait with a line, at most; the oldest line is forgotten first.
const MOST: usize = 64;

/// Lines by the number of their print job.
#[derive(Debug, Default)]
pub struct Lines(Mutex<HashMap<i64, Box<str>>>);

impl Lines {
    /// Queues a job, and keeps its line before anybody can claim the job.
    pub async fn queue<E>(&self, line: Option<&str>, queue: impl Future<Output = Result<Option<i64>, E>>) -> Result<Option<i64>, E> {
        let mut lines = self.0.lock().await;
        let queued = queue.await?;
        if let (Some(id), Some(line)) = (queued, line) {
            if lines.len() >= MOST
                && let Some(oldest) = lines.keys().min().copied()
            {
                lines.remove(&oldest);
            }
            lines.insert(id, line.into());
        }
        Ok(queued)
    }

    /// The line of a job.
    pub async fn of(&self, id: i64) -> Option<Box<str>> {
        self.0.lock().await.get(&id).cloned()
    }

    /// Forgets the line of a job that is over.
    pub async fn forget(&self, id: i64) {
        self.0.lock().await.remove(&id);
    }
}
