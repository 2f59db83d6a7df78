//! SQLite as the engine: one write connection, a few for reading, full durability.

mod aside;
mod merge;
mod reader;
mod writer;

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, Row, SqliteConnection};

use crate::StoreError;
use crate::dialect::Dialect;
use crate::dialect::Grammar;
use crate::dialect::PATIENCE;
use crate::migration;

pub(crate) use self::aside::{bring_in, take_up};
use self::reader::{Held, Readers};
use self::writer::WriteConnection;
pub(crate) use self::writer::{BEGIN, COMMIT, Transaction};

const MIGRATIONS: &[migration::Text] = &[
    (1, "directory and turns", include_str!("../migrations/sqlite/0001_directory_and_turns.sql")),
    (2, "limits", include_str!("../migrations/sqlite/0002_limits.sql")),
    (3, "keys and wishes", include_str!("../migrations/sqlite/0003_keys_and_wishes.sql")),
    (4, "briefs", include_str!("../migrations/sqlite/0004_briefs.sql")),
    (5, "slips", include_str!("../migrations/sqlite/0005_slips.sql")),
    (6, "kiosks", include_str!("../migrations/sqlite/0006_kiosks.sql")),
    (7, "outbox", include_str!("../migrations/sqlite/0007_outbox.sql")),
    (8, "desk", include_str!("../migrations/sqlite/0008_desk.sql")),
    (9, "outbox order", include_str!("../migrations/sqlite/0009_outbox_order.sql")),
    (10, "accounts", include_str!("../migrations/sqlite/0010_accounts.sql")),
    (11, "traces", include_str!("../migrations/sqlite/0011_traces.sql")),
    (12, "feeds and trust", include_str!("../migrations/sqlite/0012_feeds_and_trust.sql")),
    (13, "statistics", include_str!("../migrations/sqlite/0013_statistics.sql")),
];

pub(crate) const DIALECT: Dialect = Dialect {
    insert_words: |rows| format!("INSERT INTO word (rowid, text) VALUES {rows}"),
    matches: |value| format!("word MATCH ${value}"),
    // The index looks its words up before it hears of any other condition: for no words it looks up nothing.
    matches_unless: |value, condition| format!("word MATCH CASE WHEN {condition} THEN '\"\"' ELSE ${value} END"),
    first_words: |matches, most| format!(" SELECT rowid AS rank FROM word WHERE {matches} ORDER BY rowid LIMIT {most}"),
    grammar: Grammar { quote: '"', and: " AND ", or: " OR ", beginning: "*" },
    skip_locked: "",
    tell_call_back: None,
    tell_print_job: None,
    sends_together: true,
    patience: PATIENCE,
};

/// The first version without the write-ahead log fault that two processes on one file trigger.
const FIRST_SOUND: (u32, u32, u32) = (3, 51, 3);

/// Reading connections: more than the cores of a small machine gain nothing.
const READERS: usize = 3;

pub(crate) struct Sqlite {
    readers: Readers,
    writer: WriteConnection,
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
            // 32 MiB of log before it is moved into the file: a page that many turns change moves once.
            .pragma("wal_autocheckpoint", "8192")
            // What is erased is overwritten: messages leave the file, not only its index.
            .pragma("secure_delete", "on")
            .statement_cache_capacity(128);
        let failed = |source| StoreError::Open { place: path.display().to_string(), source };
        let writer = WriteConnection::new(options.clone());
        {
            let mut first = writer.take().await.map_err(failed)?;
            let connection = first.connection()?;
            refuse_faulty_library(connection).await?;
            migration::run(MIGRATIONS, connection).await?;
        }
        let options = options.pragma("query_only", "on").pragma("mmap_size", "268435456");
        Ok(Self { readers: Readers::new(options, READERS), writer, path: path.to_owned() })
    }

    pub(crate) async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }

    /// Nothing that was read stays in memory.
    pub(crate) async fn forget_read(&self) -> Result<(), StoreError> {
        self.readers.forget().await;
        sqlx::query("PRAGMA shrink_memory").execute(self.write().await?.connection()?).await?;
        Ok(())
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
        sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").fetch_all(self.write().await?.connection()?).await?;
        Ok(())
    }

    /// A connection that only reads.
    pub(crate) async fn read(&self) -> Result<Held<'_>, StoreError> {
        Ok(self.readers.take().await?)
    }

    /// The connection that writes, before anything is begun; for single statements too.
    pub(crate) async fn write(&self) -> Result<Transaction, StoreError> {
        Ok(self.writer.take().await?)
    }

    /// Takes memory for a long import, 64 MiB at most. Pages for which there is none are written to the log, read
    /// and written again each time they are met; what a statement with many rows changes is copied first, into
    /// a temporary file.
    pub(crate) async fn take_room(&self) -> Result<(), StoreError> {
        sqlx::query("PRAGMA cache_size = -65536").execute(self.write().await?.connection()?).await?;
        sqlx::query("PRAGMA temp_store = memory").execute(self.write().await?.connection()?).await?;
        Ok(())
    }

    /// Gives the memory back: a gateway lives with little.
    pub(crate) async fn give_room_back(&self) -> Result<(), StoreError> {
        sqlx::query("PRAGMA temp_store = default").execute(self.write().await?.connection()?).await?;
        sqlx::query("PRAGMA cache_size = -2000").execute(self.write().await?.connection()?).await?;
        sqlx::query("PRAGMA shrink_memory").execute(self.write().await?.connection()?).await?;
        Ok(())
    }

    pub(crate) async fn begin(&self) -> Result<Transaction, StoreError> {
        let mut transaction = self.write().await?;
        transaction.begin().await?;
        Ok(transaction)
    }
}

async fn refuse_faulty_library(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    let version: String = sqlx::query("SELECT sqlite_version()").fetch_one(connection).await?.try_get(0)?;
    let mut numbers = version.split('.').map(|number| number.parse::<u32>().unwrap_or_default());
    let mut next = || numbers.next().unwrap_or_default();
    if (next(), next(), next()) < FIRST_SOUND {
        return Err(StoreError::FaultyLibrary(version));
    }
    Ok(())
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

/// The value of a counter in a file that may be any database or none: nothing is made, nothing brought up to date.
pub(crate) async fn counter(file: &Path, name: &str) -> Result<Option<i64>, StoreError> {
    let mut connection = connect(file).await?;
    let row = sqlx::query("SELECT value FROM counter WHERE name = $1").bind(name).fetch_optional(&mut connection).await;
    connection.close().await?;
    // A file without that table is no database of ours.
    Ok(row.ok().flatten().and_then(|row| row.try_get(0).ok()))
}

async fn connect(file: &Path) -> Result<SqliteConnection, StoreError> {
    let failed = |source| StoreError::Open { place: file.display().to_string(), source };
    SqliteConnectOptions::new().filename(file).busy_timeout(Duration::from_secs(5)).connect().await.map_err(failed)
}
