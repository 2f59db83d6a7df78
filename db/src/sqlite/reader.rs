//! Connections that only read a file. They are opened when there is something to read, stay open and are handed
//! out one at a time, without a pool: a pool asks a connection whether it is well before and after each
//! statement, which costs more than most statements, and a file does not go away.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection};
use tokio::sync::{MappedMutexGuard, Mutex, MutexGuard};

/// A connection that only its holder uses.
pub(crate) type Held<'s> = MappedMutexGuard<'s, SqliteConnection>;

/// A connection, once it was needed.
type Slot = Option<SqliteConnection>;

/// All of them.
pub(super) struct Readers {
    options: Box<SqliteConnectOptions>,
    all: Vec<Mutex<Slot>>,
    next: AtomicUsize,
    is_closed: AtomicBool,
}

impl Readers {
    pub(super) fn new(options: SqliteConnectOptions, count: usize) -> Self {
        let all = std::iter::repeat_with(Mutex::default).take(count).collect();
        Self { options: Box::new(options), all, next: AtomicUsize::new(0), is_closed: AtomicBool::new(false) }
    }

    /// The first one that is idle, so that no more are opened than are needed; else the one whose turn it is.
    pub(super) async fn take(&self) -> Result<Held<'_>, sqlx::Error> {
        let mut slot = if let Some(idle) = self.all.iter().find_map(|slot| slot.try_lock().ok()) {
            idle
        } else {
            let turn = self.next.fetch_add(1, Ordering::Relaxed) % self.all.len().max(1);
            self.all.get(turn).ok_or(sqlx::Error::PoolClosed)?.lock().await
        };
        if slot.is_none() && !self.is_closed.load(Ordering::Acquire) {
            *slot = Some(self.options.connect().await?);
        }
        MutexGuard::try_map(slot, Option::as_mut).map_err(|_closed| sqlx::Error::PoolClosed)
    }

    /// Waits for whoever reads, then until the file is closed for good.
    pub(super) async fn close(&self) {
        self.is_closed.store(true, Ordering::Release);
        self.forget().await;
    }

    /// Closes what is open, with all that it keeps in memory; whoever reads next opens it again.
    pub(super) async fn forget(&self) {
        for slot in &self.all {
            if let Some(connection) = slot.lock().await.take() {
                // Nothing is open on it that could be lost: what matters is that it is gone.
                let _ = connection.close().await;
            }
        }
    }
}
