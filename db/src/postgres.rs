//! PostgreSQL as the engine: for a territory that has outgrown one machine. Several programs share one
//! database; each kind of writing is done by one transaction at a time.

mod vacuum;

use std::fmt;
use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgListener, PgPool, PgPoolOptions};

use crate::StoreError;
use crate::address::Address;
use crate::dialect::Dialect;
use crate::dialect::Grammar;
use crate::dialect::WorkKind;
use crate::migration;

pub(crate) type Transaction = sqlx::Transaction<'static, sqlx::Postgres>;

const MIGRATIONS: &[migration::Text] = &[
    (1, "directory and turns", include_str!("../migrations/postgres/0001_directory_and_turns.sql")),
    (2, "limits", include_str!("../migrations/postgres/0002_limits.sql")),
    (3, "keys and wishes", include_str!("../migrations/postgres/0003_keys_and_wishes.sql")),
    (4, "briefs", include_str!("../migrations/postgres/0004_briefs.sql")),
    (5, "slips", include_str!("../migrations/postgres/0005_slips.sql")),
    (6, "kiosks", include_str!("../migrations/postgres/0006_kiosks.sql")),
    (7, "outbox", include_str!("../migrations/postgres/0007_outbox.sql")),
    (8, "desk", include_str!("../migrations/postgres/0008_desk.sql")),
    (9, "outbox order", include_str!("../migrations/postgres/0009_outbox_order.sql")),
    (10, "accounts", include_str!("../migrations/postgres/0010_accounts.sql")),
    (11, "traces", include_str!("../migrations/postgres/0011_traces.sql")),
    (12, "feeds and trust", include_str!("../migrations/postgres/0012_feeds_and_trust.sql")),
    (13, "statistics", include_str!("../migrations/postgres/0013_statistics.sql")),
];

/// The words come folded and stemmed: the server's own parser must not split them again. A server that does
/// not answer within a second is gone, unlike a file, which is there if slow.
pub(crate) const DIALECT: Dialect = Dialect {
    insert_words: |rows| {
        format!(
            "INSERT INTO word (rowid, text) SELECT number, array_to_tsvector(string_to_array(words, ' \
             ')) FROM (VALUES {rows}) given (number, words)"
        )
    },
    matches: |value| format!("text @@ CAST(${value} AS TSQUERY)"),
    matches_unless: |value, condition| format!("text @@ CAST(${value} AS TSQUERY) AND NOT {condition}"),
    // The fence of `OFFSET` lets nobody plan to read all words in the order of ranks until enough of them match.
    first_words: |matches, most| {
        format!(
            " SELECT rank FROM (SELECT rowid AS rank FROM word WHERE {matches} OFFSET 0) found \
             ORDER BY rank LIMIT {most}"
        )
    },
    grammar: Grammar { quote: '\'', and: " & ", or: " | ", beginning: ":*" },
    skip_locked: " FOR UPDATE SKIP LOCKED",
    tell_call_back: Some("SELECT pg_notify('call_back', '')"),
    tell_print_job: Some("SELECT pg_notify('print_job', '')"),
    sends_together: false,
    patience: Duration::from_millis(900),
};

/// Connections for reading: turns of one gateway that look something up at the same time.
const READERS: u32 = 6;

/// Connections for writing: turns, an import, a purge, a mediator's command.
const WRITERS: u32 = 3;

/// A server that gives no connection within this is gone.
const CONNECT_WITHIN: Duration = Duration::from_millis(700);

/// Names our locks among those of other programs on the server ("PASS").
const LOCKS: i32 = 0x5041_5353;

pub(crate) struct Postgres {
    readers: PgPool,
    writers: PgPool,
    address: Address,
}

impl fmt::Debug for Postgres {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Postgres").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Postgres {
    pub(crate) async fn connect(url: &str, address: &Address) -> Result<Self, StoreError> {
        let failed = |source| StoreError::Unreachable { place: address.to_string(), source };
        let options: PgConnectOptions = url.parse().map_err(failed)?;
        // A statement is planned once, not each time: the plan of a search takes longer than the search. A plan made
        // while a table was empty must hold when it is full: never a table from its first row to its last where it has
        // an index.
        let settings = [("plan_cache_mode", "force_generic_plan"), ("enable_seqscan", "off")];
        let options = options.application_name("passerelle").statement_cache_capacity(256).options(settings);
        let pool = |connections| PgPoolOptions::new().max_connections(connections).acquire_timeout(CONNECT_WITHIN);
        let write = pool(WRITERS).connect_with(options.clone()).await.map_err(failed)?;
        migrate(&write).await?;
        let read = pool(READERS).connect_with(options).await.map_err(failed)?;
        Ok(Self { readers: read, writers: write, address: address.clone() })
    }

    pub(crate) async fn close(&self) {
        self.readers.close().await;
        self.writers.close().await;
    }

    /// Reads every row once: a server that keeps checksums says which page is damaged.
    pub(crate) async fn check(&self) -> Result<Vec<String>, StoreError> {
        let mut findings = Vec::new();
        for table in [
            "SELECT max(length(body)) FROM record",
            "SELECT max(length(content)) FROM source_record",
            "SELECT max(length(answer)) FROM turn",
        ] {
            if let Err(sqlx::Error::Database(error)) = sqlx::query(table).fetch_one(&self.readers).await {
                findings.push(error.to_string());
            }
        }
        Ok(findings)
    }

    /// Takes one of the connections for reading as long as the listener lives.
    pub(crate) async fn listen(&self, topic: &str) -> Result<Listener, StoreError> {
        let mut listener = PgListener::connect_with(&self.readers).await?;
        listener.listen(topic).await?;
        Ok(Listener(listener))
    }

    /// A connection that only reads.
    pub(crate) async fn read(&self) -> Result<PoolConnection<sqlx::Postgres>, StoreError> {
        Ok(self.readers.acquire().await?)
    }

    /// A connection that writes, for one statement.
    pub(crate) async fn write(&self) -> Result<Writing, StoreError> {
        Ok(Writing(self.writers.acquire().await?))
    }

    pub(crate) async fn begin(&self, kind: WorkKind) -> Result<Transaction, StoreError> {
        let mut transaction = self.writers.begin().await?;
        lock(&mut transaction, kind as i32).await?;
        Ok(transaction)
    }
}

/// A connection that writes one statement.
pub(crate) struct Writing(PoolConnection<sqlx::Postgres>);

impl Writing {
    #[expect(clippy::unnecessary_wraps, reason = "SQLite's may be closed, and both run the same code")]
    pub(crate) fn connection(&mut self) -> Result<&mut PgConnection, sqlx::Error> {
        Ok(&mut self.0)
    }
}

/// Hears what other programs tell with their commits.
pub(crate) struct Listener(PgListener);

impl fmt::Debug for Listener {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Listener")
    }
}

impl Listener {
    /// Waits for the next word, or until the connection is lost and found again: what was told between is
    /// not told twice.
    pub(crate) async fn told(&mut self) -> Result<(), StoreError> {
        self.0.try_recv().await?;
        Ok(())
    }
}

async fn lock(connection: &mut PgConnection, which: i32) -> Result<(), StoreError> {
    sqlx::query("SELECT pg_advisory_xact_lock($1, $2)").bind(LOCKS).bind(which).execute(connection).await?;
    Ok(())
}

/// The migrator itself lets only one program migrate at a time.
async fn migrate(pool: &PgPool) -> Result<(), StoreError> {
    let mut connection = pool.acquire().await?;
    migration::run(MIGRATIONS, &mut *connection).await
}
