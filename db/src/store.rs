//! The database, whichever engine holds it.

use std::fmt;
use std::path::Path;
use std::time::Duration;

use sqlx::Row;

use crate::StoreError;
use crate::address::Address;
use crate::dialect::{Dialect, WorkKind};
use crate::edition::EDITION;
use crate::postgres::{self, Postgres};
use crate::recall::SharedReads;
use crate::search_cache::SearchCache;
use crate::sqlite::{self, Sqlite};

/// Runs the same statement text on whichever engine a store has.
macro_rules! on {
    ($store:expr, $db:ident => $body:expr) => {
        match &$store.engine {
            $crate::store::Engine::Sqlite($db) => $body,
            $crate::store::Engine::Postgres($db) => $body,
        }
    };
}

/// Runs the same statement text inside a transaction (`&mut Work`) of whichever engine.
macro_rules! within {
    ($work:expr, $connection:ident => $body:expr) => {
        match $work {
            $crate::store::Work::Sqlite(transaction) => {
                let $connection = transaction.connection()?;
                $body
            }
            $crate::store::Work::Postgres(transaction) => {
                let $connection = &mut **transaction;
                $body
            }
        }
    };
}

pub(crate) use {on, within};

/// The engine behind a store.
pub(crate) enum Engine {
    /// One file on this machine.
    Sqlite(Sqlite),
    /// A server that several machines share.
    Postgres(Postgres),
}

/// A transaction that writes: all of it is kept, or nothing.
pub(crate) enum Work {
    Sqlite(sqlite::Transaction),
    Postgres(postgres::Transaction),
}

impl Work {
    /// The next number of a counter, from 1.
    pub(crate) async fn next_number(&mut self, name: &str) -> Result<i64, StoreError> {
        within!(self, connection => {
            let rows = sqlx::query(
                "INSERT INTO counter (name, value) VALUES ($1, 1) ON CONFLICT (name) DO UPDATE \
                 SET value = counter.value + 1 RETURNING value",
            )
            .bind(name)
            .fetch_all(connection)
            .await?;
            Ok(rows.first().map_or(Ok(1), |row| row.try_get(0))?)
        })
    }

    /// Sets a counter.
    pub(crate) async fn set_number(&mut self, name: &str, value: i64) -> Result<(), StoreError> {
        within!(self, connection => {
            sqlx::query(
                "INSERT INTO counter (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE \
                 SET value = excluded.value",
            )
            .bind(name)
            .bind(value)
            .execute(connection)
            .await?;
        });
        Ok(())
    }

    /// Makes a new edition of the directory: nothing that was found before is taken for what is there now.
    pub(crate) async fn begin_edition(&mut self) -> Result<(), StoreError> {
        self.next_number(EDITION).await.map(drop)
    }

    /// True where it is written beside the file first.
    pub(crate) fn is_aside(&self) -> bool {
        matches!(self, Self::Sqlite(transaction) if transaction.is_aside())
    }

    /// Makes records ready to be changed.
    pub(crate) async fn take_up(&mut self, records: &[i64]) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(transaction) if transaction.is_aside() => {
                sqlite::take_up(transaction.connection()?, records).await
            }
            Self::Sqlite(_) | Self::Postgres(_) => Ok(()),
        }
    }

    /// Brings in what was written aside; how many entries stay as they are because somebody else changed them
    /// meanwhile.
    pub(crate) async fn bring_in(&mut self) -> Result<usize, StoreError> {
        match self {
            Self::Sqlite(transaction) if transaction.is_aside() => sqlite::bring_in(transaction).await,
            Self::Sqlite(_) | Self::Postgres(_) => Ok(0),
        }
    }

    /// What the first statement begins with, where it is the one that begins.
    pub(crate) fn opening(&mut self) -> String {
        match self {
            Self::Sqlite(transaction) => {
                transaction.begins();
                format!("{};\n", sqlite::BEGIN)
            }
            Self::Postgres(_) => String::new(),
        }
    }

    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(transaction) => transaction.commit().await?,
            Self::Postgres(transaction) => transaction.commit().await?,
        }
        Ok(())
    }
}

/// An open database, cheap to share behind an `Arc`.
pub struct Store {
    pub(crate) engine: Engine,
    pub(crate) cache: SearchCache,
    pub(crate) reads: SharedReads,
}

impl fmt::Debug for Store {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        on!(self, db => formatter.debug_tuple("Store").field(db).finish())
    }
}

impl Store {
    /// Opens (and creates, and brings up to date) the SQLite file at that path.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        Self::connect(&Address::from(path)).await
    }

    /// Opens a file, or connects to a server, and brings its tables up to date.
    pub async fn connect(address: &Address) -> Result<Self, StoreError> {
        let engine = match address {
            Address::File(path) => Engine::Sqlite(Sqlite::open(path).await?),
            Address::Server(url) => Engine::Postgres(Postgres::connect(url, address).await?),
        };
        let store = Self { engine, cache: SearchCache::default(), reads: SharedReads::default() };
        store.renew().await?;
        Ok(store)
    }

    /// Closes every connection; pending work is finished first.
    pub async fn close(&self) {
        on!(self, db => db.close().await);
    }

    /// Forgets what was read: a kiosk's visitor has gone. Memory is freed, not overwritten. (A server keeps what it
    /// reads to itself.)
    pub async fn forget_read(&self) -> Result<(), StoreError> {
        self.cache.forget();
        match &self.engine {
            Engine::Sqlite(file) => file.forget_read().await,
            Engine::Postgres(_) => Ok(()),
        }
    }

    /// Asks the engine whether the data are sound; the findings, empty when they are.
    pub async fn check(&self) -> Result<Vec<String>, StoreError> {
        on!(self, db => db.check().await)
    }

    /// How long a turn may take before its sender is told to come again.
    pub fn patience(&self) -> Duration {
        self.dialect().patience
    }

    pub(crate) fn dialect(&self) -> &'static Dialect {
        match &self.engine {
            Engine::Sqlite(_) => &sqlite::DIALECT,
            Engine::Postgres(_) => &postgres::DIALECT,
        }
    }

    /// Work of that kind whose first statement begins with [`Work::opening`].
    pub(crate) async fn enter(&self, kind: WorkKind) -> Result<Work, StoreError> {
        Ok(match &self.engine {
            Engine::Sqlite(db) => Work::Sqlite(db.write().await?),
            Engine::Postgres(db) => Work::Postgres(db.begin(kind).await?),
        })
    }

    /// Work that takes long: turns are kept meanwhile. A file's is written aside until [`Work::bring_in`]; a server
    /// lets others write anyway.
    pub(crate) async fn begin_long(&self, kind: WorkKind) -> Result<Work, StoreError> {
        Ok(match &self.engine {
            Engine::Sqlite(db) => Work::Sqlite(db.begin_aside().await?),
            Engine::Postgres(db) => Work::Postgres(db.begin(kind).await?),
        })
    }

    pub(crate) async fn begin(&self, kind: WorkKind) -> Result<Work, StoreError> {
        Ok(match &self.engine {
            Engine::Sqlite(db) => Work::Sqlite(db.begin().await?),
            Engine::Postgres(db) => Work::Postgres(db.begin(kind).await?),
        })
    }
}
