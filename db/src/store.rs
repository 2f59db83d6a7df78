//! The database, whichever engine holds it.

use std::fmt;
use std::path::Path;

use crate::StoreError;
use crate::search::Parsed;
use crate::sqlite::Sqlite;

/// Runs the same statement text on whichever engine a store has.
macro_rules! on {
    ($store:expr, $db:ident => $body:expr) => {
        match &$store.engine {
            $crate::store::Engine::Sqlite($db) => $body,
        }
    };
}

pub(crate) use on;

/// The engine behind a store.
pub(crate) enum Engine {
    /// One file on this machine.
    Sqlite(Sqlite),
}

/// An open database, cheap to share behind an `Arc`.
pub struct Store {
    pub(crate) engine: Engine,
    pub(crate) parsed: Parsed,
}

impl fmt::Debug for Store {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.engine {
            Engine::Sqlite(sqlite) => formatter.debug_tuple("Store").field(sqlite).finish(),
        }
    }
}

impl Store {
    /// Opens (and creates, and brings up to date) the SQLite file at that path.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        Ok(Self { engine: Engine::Sqlite(Sqlite::open(path).await?), parsed: Parsed::default() })
    }

    /// Closes every connection; pending work is finished first.
    pub async fn close(&self) {
        on!(self, db => db.close().await);
    }

    /// Asks the engine whether the file is sound; the findings, empty when it is.
    pub async fn check(&self) -> Result<Vec<String>, StoreError> {
        on!(self, db => db.check().await)
    }
}
