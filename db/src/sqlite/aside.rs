//! Where an import is written before it counts: beside the file, so that turns are kept meanwhile.
//!
//! SQLite lets one write at a time, and no turn may wait for a whole import. Temporary tables on a connection of its
//! own hide the file's tables of the same names: an import's statements write there, and take no lock. Rows that it
//! changes are copied there first. At the end all of it is moved into the file in one transaction, which computes
//! nothing and meets each table in the order in which it is kept. A program that dies leaves nothing behind.

use sqlx::{AssertSqlSafe, Row, SqliteConnection};

use super::Sqlite;
use super::writer::Transaction;
use crate::StoreError;
use crate::statement::{blocks, placeholders};

/// Longer than any other program needs for its own import's last step, which this one waits for.
const PATIENCE: &str = "PRAGMA busy_timeout = 60000";

/// Pages in memory: those of the file, and those of the tables beside it, 64 and 32 MiB at most.
const ROOM: [&str; 2] = ["PRAGMA main.cache_size = -65536", "PRAGMA temp.cache_size = -32768"];

/// The tables of the file that an import writes, and what it must know of rows that were there.
const TABLES: [&str; 8] = [
    "CREATE TEMP TABLE source (name TEXT NOT NULL PRIMARY KEY, format TEXT, licence TEXT, \
     demo BIGINT, imported_at BIGINT)",
    "CREATE TEMP TABLE record (id INTEGER NOT NULL PRIMARY KEY, uid TEXT, code TEXT, kind TEXT, \
     status TEXT, rank BIGINT, version BIGINT, body TEXT, last_day TEXT)",
    "CREATE TEMP TABLE source_record (source TEXT, source_id TEXT, record BIGINT, fingerprint TEXT, \
     content TEXT, gone_at BIGINT, waiting TEXT, asked BIGINT NOT NULL DEFAULT 0, \
     PRIMARY KEY (source, source_id))",
    "CREATE TEMP TABLE brief (rank INTEGER NOT NULL PRIMARY KEY, packed BLOB)",
    "CREATE TEMP TABLE word (text TEXT)",
    "CREATE TEMP TABLE listing (topic TEXT, locality TEXT, rank BIGINT, PRIMARY KEY (topic, \
     locality, rank)) WITHOUT ROWID",
    // Rows of the file that are changed, as they were.
    "CREATE TEMP TABLE taken (id INTEGER NOT NULL PRIMARY KEY, version BIGINT, rank BIGINT)",
    // Rows that somebody else changed meanwhile.
    "CREATE TEMP TABLE overtaken (id INTEGER NOT NULL PRIMARY KEY)",
];

/// What somebody else changed since it was read, or brought in under the same identifier.
const FIND_OVERTAKEN: &str = "INSERT INTO temp.overtaken (id) SELECT t.id FROM temp.taken t LEFT \
    JOIN main.record m ON m.id = t.id WHERE m.version IS NULL OR m.version <> t.version UNION \
    SELECT n.record FROM temp.source_record n JOIN main.source_record m ON m.source = n.source \
    AND m.source_id = n.source_id WHERE m.record <> n.record";

/// It stays as it is: the next reading finds it different, and has another try.
const LEAVE_OVERTAKEN: [&str; 6] = [
    "DELETE FROM temp.brief WHERE rank IN (SELECT rank FROM temp.record WHERE id IN (SELECT id FROM temp.overtaken))",
    "DELETE FROM temp.word WHERE rowid IN (SELECT rank FROM temp.record WHERE id IN (SELECT id FROM temp.overtaken))",
    "DELETE FROM temp.listing WHERE rank IN (SELECT rank FROM temp.record WHERE id IN (SELECT id FROM temp.overtaken))",
    "DELETE FROM temp.source_record WHERE record IN (SELECT id FROM temp.overtaken)",
    "DELETE FROM temp.record WHERE id IN (SELECT id FROM temp.overtaken)",
    "DELETE FROM temp.taken WHERE id IN (SELECT id FROM temp.overtaken)",
];

/// Moves all of it into the file.
const MOVE: [&str; 10] = [
    "INSERT INTO main.source (name, format, licence, demo, imported_at) \
     SELECT name, format, licence, demo, imported_at FROM temp.source WHERE true \
     ON CONFLICT (name) DO UPDATE SET format = excluded.format, licence = excluded.licence, demo = excluded.demo, \
     imported_at = excluded.imported_at",
    "DELETE FROM main.listing WHERE rank IN (SELECT rank FROM temp.taken)",
    "DELETE FROM main.word WHERE rowid IN (SELECT rank FROM temp.taken)",
    "DELETE FROM main.brief WHERE rank IN (SELECT rank FROM temp.taken)",
    "DELETE FROM main.source_record WHERE record IN (SELECT id FROM temp.taken)",
    "INSERT INTO main.record (id, uid, code, kind, status, rank, version, body, last_day) \
     SELECT id, uid, code, kind, status, rank, version, body, last_day FROM temp.record WHERE true \
     ORDER BY id ON CONFLICT (id) DO UPDATE SET code = excluded.code, kind = excluded.kind, \
     status = excluded.status, rank = excluded.rank, version = excluded.version, \
     body = excluded.body, last_day = excluded.last_day",
    "INSERT INTO main.source_record (source, source_id, record, fingerprint, content, gone_at, waiting, asked) \
     SELECT source, source_id, record, fingerprint, content, gone_at, waiting, asked FROM temp.source_record \
     ORDER BY rowid",
    "INSERT INTO main.brief (rank, packed) SELECT rank, packed FROM temp.brief ORDER BY rank",
    "INSERT INTO main.word (rowid, text) SELECT rowid, text FROM temp.word ORDER BY rowid",
    "INSERT INTO main.listing (topic, locality, rank) SELECT topic, locality, rank \
     FROM temp.listing ORDER BY topic, locality, rank",
];

impl Sqlite {
    /// A connection whose statements write beside the file, until [`bring_in`].
    pub(crate) async fn begin_aside(&self) -> Result<Transaction, StoreError> {
        let mut aside = self.writer.aside().await?;
        let connection = aside.connection()?;
        for statement in ROOM.into_iter().chain([PATIENCE]).chain(TABLES) {
            sqlx::query(statement).execute(&mut *connection).await?;
        }
        Ok(aside)
    }
}

/// Copies records that are to be changed, with what their sources said.
pub(crate) async fn take_up(connection: &mut SqliteConnection, records: &[i64]) -> Result<(), StoreError> {
    for block in blocks(records) {
        let records = placeholders(1, block.len());
        for text in [
            format!(
                "INSERT INTO temp.record SELECT id, uid, code, kind, status, rank, version, body, last_day \
                 FROM main.record WHERE id IN ({records})"
            ),
            // The version of the very row that was copied.
            format!("INSERT INTO temp.taken SELECT id, version, rank FROM temp.record WHERE id IN ({records})"),
            format!(
                "INSERT INTO temp.source_record SELECT source, source_id, record, fingerprint, content, \
                 gone_at, waiting, asked FROM main.source_record WHERE record IN ({records})"
            ),
        ] {
            block
                .iter()
                .fold(sqlx::query(AssertSqlSafe(text)), |query, record| query.bind(*record))
                .execute(&mut *connection)
                .await?;
        }
    }
    Ok(())
}

/// Moves everything into the file, in a transaction that is left open; how many entries stay as they are because
/// somebody else changed them meanwhile.
pub(crate) async fn bring_in(aside: &mut Transaction) -> Result<usize, StoreError> {
    aside.wait_for_others().await;
    aside.begin().await?;
    let connection = aside.connection()?;
    sqlx::query(FIND_OVERTAKEN).execute(&mut *connection).await?;
    let overtaken: i64 =
        sqlx::query("SELECT count(*) FROM temp.overtaken").fetch_one(&mut *connection).await?.try_get(0)?;
    for statement in LEAVE_OVERTAKEN.into_iter().chain(MOVE) {
        sqlx::query(statement).execute(&mut *connection).await?;
    }
    Ok(usize::try_from(overtaken).unwrap_or_default())
}
