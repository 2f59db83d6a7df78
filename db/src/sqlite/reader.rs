//! Connections that only read a file. They stay open and are handed out one at a time, without a pool: a pool
//! asks a connection whether it is well before and after each statement, which costs more than most
//! statements, and a file does not go away.

use std::sync::atomic::{AtomicUsize, Ordering};

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection};
use tokio::sync::{MappedMutexGuard, Mutex, MutexGuard};

/// A connection, until it is closed.
type Slot = Option<SqliteConnection>;

/// A connection that only its holder uses.
pub(crate) type Held<'s> = MappedMutexGuard<'s, SqliteConnection>;

/// All of them.
pub(super) struct Readers {
    all: Vec<Mutex<Slot>>,
    next: AtomicUsize,
}

impl Readers {
    pub(super) async fn open(options: &SqliteConnectOptions, count: usize) -> Result<Self, sqlx::Error> {
        let mut all = Vec::with_capacity(count);
        for _ in 0..count {
            all.push(Mutex::new(Some(options.connect().await?)));
        }
        Ok(Self { all, next: AtomicUsize::new(0) })
    }

    /// One that is idle, else the one whose turn it is.
    pub(super) async fn take(&self) -> Result<Held<'_>, sqlx::Error> {
        let turn = self.next.fetch_add(1, Ordering::Relaxed) % self.all.len().max(1);
        let from_turn = || self.all.iter().cycle().skip(turn).take(self.all.len());
        if let Some(idle) = from_turn().find_map(|connection| connection.try_lock().ok()) {
            return held(idle);
        }
        held(from_turn().next().ok_or(sqlx::Error::PoolClosed)?.lock().await)
    }

    pub(super) async fn close(&self) {
        for connection in &self.all {
            close(connection).await;
        }
    }
}

fn held(slot: MutexGuard<'_, Slot>) -> Result<Held<'_>, sqlx::Error> {
    MutexGuard::try_map(slot, Option::as_mut).map_err(|_closed| sqlx::Error::PoolClosed)
}

/// Waits for whoever holds it, then until its file is closed.
async fn close(slot: &Mutex<Slot>) {
    if let Some(connection) = slot.lock().await.take() {
        // Nothing is open on it that could be lost: what matters is that it is gone.
        let _ = connection.close().await;
    }
}
