//! SQLite as the engine: one write connection, a few for reading, full durability.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, Row, SqliteConnection};

use crate::StoreError;
use crate::migration;
use crate::search::Grammar;
use crate::statement::Dialect;

pub(crate) type Transaction = sqlx::Transaction<'static, sqlx::Sqlite>;

const MIGRATIONS: &[migration::Text] = &[
    (1, "directory and turns", include_str!("../migrations/sqlite/0001_directory_and_turns.sql")),
    (2, "limits", include_str!("../migrations/sqlite/0002_limits.sql")),
    (3, "keys and wishes", include_str!("../migrations/sqlite/0003_keys_and_wishes.sql")),
];

pub(crate) const DIALECT: Dialect = Dialect {
    insert_words: |rows| format!("INSERT INTO word (rowid, text) VALUES {rows}"),
    matching: "SELECT r.id, r.version FROM word JOIN record r ON r.rank = word.rowid WHERE word MATCH $1 ORDER BY word.rowid LIMIT $2",
    grammar: Grammar { quote: '"', and: " AND ", or: " OR ", beginning: "*" },
    skip_locked: "",
    tell_call_back: None,
    patience: Duration::from_secs(10),
};

/// The first version without the write-ahead log fault that two processes on one file trigger.
const FIRST_SOUND: (u32, u32, u32) = (3, 51, 3);

/// Reading connections: more than the cores of a small machine gain nothing.
const READERS: u32 = 3;

pub(crate) struct Sqlite {
    pub(crate) read: SqlitePool,
    pub(crate) write: SqlitePool,
    path: PathBuf,
}

impl fmt::Debug for Sqlite {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Sqlite").field("path", &self.path).finish_non_exhaustive()
    }
}

impl Sqlite {
    pub(crate) async fn open(path: &Path) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(5))
            .pragma("journal_size_limit", "67108864")
            // What is erased is overwritten: messages leave the file, not only its index.
            .pragma("secure_delete", "on")
            .statement_cache_capacity(128);
        let failed = |source| StoreError::Open { place: path.display().to_string(), source };
        let write = SqlitePoolOptions::new().max_connections(1).connect_with(options.clone()).await.map_err(failed)?;
        refuse_faulty_library(&write).await?;
        migrate(&write).await?;
        let read = SqlitePoolOptions::new()
            .max_connections(READERS)
            .connect_with(options.pragma("query_only", "on").pragma("mmap_size", "268435456"))
            .await
            .map_err(failed)?;
        Ok(Self { read, write, path: path.to_owned() })
    }

    pub(crate) async fn close(&self) {
        self.read.close().await;
        self.write.close().await;
    }

    pub(crate) async fn check(&self) -> Result<Vec<String>, StoreError> {
        examine(&self.path).await
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Moves the write-ahead log into the file and empties it. Readers in the way only delay it to the
    /// next time.
    pub(crate) async fn empty_log(&self) -> Result<(), StoreError> {
        sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").fetch_all(&self.write).await?;
        Ok(())
    }

    /// Takes memory for a long import, 64 MiB at most. Pages for which there is none are written to the log, read
    /// and written again each time they are met; what a statement with many rows changes is copied first, into
    /// a temporary file.
    pub(crate) async fn take_room(&self) -> Result<(), StoreError> {
        sqlx::query("PRAGMA cache_size = -65536").execute(&self.write).await?;
        sqlx::query("PRAGMA temp_store = memory").execute(&self.write).await?;
        Ok(())
    }

    /// Gives the memory back: a gateway lives with little.
    pub(crate) async fn give_room_back(&self) -> Result<(), StoreError> {
        sqlx::query("PRAGMA temp_store = default").execute(&self.write).await?;
        sqlx::query("PRAGMA cache_size = -2000").execute(&self.write).await?;
        sqlx::query("PRAGMA shrink_memory").execute(&self.write).await?;
        Ok(())
    }

    /// Begins a write transaction that takes the lock at once: one that reads first could fail later.
    pub(crate) async fn begin(&self) -> Result<Transaction, StoreError> {
        match self.write.begin_with("BEGIN IMMEDIATE").await {
            // SQLite gave a transaction up by itself (no room left, an error of the disk) and the driver
            // still counts it as open: this connection would never begin another.
            Err(sqlx::Error::InvalidSavePointStatement) => {
                self.write.acquire().await?.close().await?;
                Ok(self.write.begin_with("BEGIN IMMEDIATE").await?)
            }
            begun => Ok(begun?),
        }
    }
}

async fn refuse_faulty_library(pool: &SqlitePool) -> Result<(), StoreError> {
    let version: String = sqlx::query("SELECT sqlite_version()").fetch_one(pool).await?.try_get(0)?;
    let mut numbers = version.split('.').map(|number| number.parse::<u32>().unwrap_or_default());
    let mut next = || numbers.next().unwrap_or_default();
    if (next(), next(), next()) < FIRST_SOUND {
        return Err(StoreError::FaultyLibrary(version));
    }
    Ok(())
}

async fn migrate(pool: &SqlitePool) -> Result<(), StoreError> {
    let mut connection = pool.acquire().await?;
    migration::run(MIGRATIONS, &mut *connection).await
}

/// Copies a database, in use or not, into a new file.
pub(crate) async fn copy_into(from: &Path, to: &Path) -> Result<(), StoreError> {
    let mut connection = connect(from).await?;
    sqlx::query("VACUUM INTO $1").bind(to.display().to_string()).execute(&mut connection).await?;
    Ok(connection.close().await?)
}

/// What the engine finds wrong with a file; nothing when it is sound.
pub(crate) async fn examine(file: &Path) -> Result<Vec<String>, StoreError> {
    let mut connection = connect(file).await?;
    let rows = sqlx::query("PRAGMA integrity_check").fetch_all(&mut connection).await?;
    let findings = rows.iter().map(|row| row.try_get::<String, _>(0)).collect::<Result<Vec<_>, _>>()?;
    connection.close().await?;
    Ok(findings.into_iter().filter(|finding| finding != "ok").collect())
}

async fn connect(file: &Path) -> Result<SqliteConnection, StoreError> {
    let failed = |source| StoreError::Open { place: file.display().to_string(), source };
    SqliteConnectOptions::new().filename(file).busy_timeout(Duration::from_secs(5)).connect().await.map_err(failed)
}
