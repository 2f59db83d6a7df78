//! The one connection that writes, and its transactions.
//!
//! The driver's own transactions are begun and ended by statements of their own, and each statement is handed over
//! to SQLite's thread and back. Ours can be begun by the statement that reads first, and ended by the one that
//! writes last. One that is given up closes its connection, which undoes it; the next one opens another.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection};
use tokio::sync::{Mutex, OwnedMutexGuard};

/// Takes the file's lock at once: a transaction that reads first could fail later.
pub(crate) const BEGIN: &str = "BEGIN IMMEDIATE";

/// Ends a transaction.
pub(crate) const COMMIT: &str = "COMMIT";

/// The connection, handed out to one at a time.
pub(super) struct WriteConnection {
    options: Box<SqliteConnectOptions>,
    slot: Arc<Mutex<Option<SqliteConnection>>>,
    is_closed: AtomicBool,
}

impl WriteConnection {
    pub(super) fn new(options: SqliteConnectOptions) -> Self {
        Self { options: Box::new(options), slot: Arc::default(), is_closed: AtomicBool::new(false) }
    }

    /// Waits until nobody else writes. Nothing is begun yet.
    pub(super) async fn take(&self) -> Result<Transaction, sqlx::Error> {
        let mut slot = Arc::clone(&self.slot).lock_owned().await;
        if slot.is_none() {
            if self.is_closed.load(Ordering::Acquire) {
                return Err(sqlx::Error::PoolClosed);
            }
            *slot = Some(self.options.connect().await?);
        }
        Ok(Transaction { slot, is_open: false, others: None })
    }

    /// A connection of its own beside the one that writes: it is closed when its holder has done.
    pub(super) async fn aside(&self) -> Result<Transaction, sqlx::Error> {
        if self.is_closed.load(Ordering::Acquire) {
            return Err(sqlx::Error::PoolClosed);
        }
        let slot = Arc::new(Mutex::new(Some(self.options.connect().await?))).lock_owned().await;
        Ok(Transaction { slot, is_open: false, others: Some(Others::Write(Arc::clone(&self.slot))) })
    }

    /// Waits for whoever writes, then until the file is closed.
    pub(super) async fn close(&self) {
        self.is_closed.store(true, Ordering::Release);
        if let Some(connection) = self.slot.lock().await.take() {
            // Nothing is open on it that could be lost: what matters is that it is gone.
            let _ = connection.close().await;
        }
    }
}

/// The connection while one writes; what is begun and not committed is undone.
pub(crate) struct Transaction {
    slot: OwnedMutexGuard<Option<SqliteConnection>>,
    is_open: bool,
    /// Of a connection aside: those who write meanwhile.
    others: Option<Others>,
}

/// Who writes on the one connection while another is written aside.
enum Others {
    /// They do.
    Write(Arc<Mutex<Option<SqliteConnection>>>),
    /// They wait, in order, instead of asking the file again and again.
    Wait(#[expect(dead_code, reason = "held until the transaction ends")] OwnedMutexGuard<Option<SqliteConnection>>),
}

impl Transaction {
    pub(crate) fn connection(&mut self) -> Result<&mut SqliteConnection, sqlx::Error> {
        self.slot.as_mut().ok_or(sqlx::Error::PoolClosed)
    }

    /// The next statement holds [`BEGIN`].
    pub(crate) fn begins(&mut self) {
        self.is_open = true;
    }

    /// The last statement held [`COMMIT`], and succeeded.
    pub(crate) fn has_ended(&mut self) {
        self.is_open = false;
    }

    /// True for a connection that writes beside the file.
    pub(crate) fn is_aside(&self) -> bool {
        self.others.is_some()
    }

    /// From now on nobody else of this program writes, until this is over.
    pub(super) async fn wait_for_others(&mut self) {
        if let Some(Others::Write(slot)) = &self.others {
            self.others = Some(Others::Wait(Arc::clone(slot).lock_owned().await));
        }
    }

    pub(super) async fn begin(&mut self) -> Result<(), sqlx::Error> {
        self.begins();
        sqlx::query(BEGIN).execute(self.connection()?).await?;
        Ok(())
    }

    pub(crate) async fn commit(mut self) -> Result<(), sqlx::Error> {
        sqlx::query(COMMIT).execute(self.connection()?).await?;
        self.has_ended();
        Ok(())
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        if self.is_open {
            *self.slot = None;
        }
    }
}
