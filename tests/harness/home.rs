//! Where a program under test keeps what it knows: a file or a PostgreSQL database of its own.

use std::fmt::Debug;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::str::FromStr;
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::sqlite::{SqliteConnectOptions, SqliteRow};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Row, SqliteConnection};
use tempfile::TempDir;

use crate::environment;

/// Which engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A file.
    Sqlite,
    /// A database on the server named by `PASSERELLE_TEST_POSTGRES`.
    Postgres,
}

impl Kind {
    /// The engines to be had in this run; says so where one is not.
    pub fn all(promise: &str) -> Vec<Self> {
        let postgres = environment::postgres().is_some();
        if !postgres {
            crate::skip(&format!("{promise} on PostgreSQL"), "PASSERELLE_TEST_POSTGRES names no server");
        }
        [Self::Sqlite].into_iter().chain(postgres.then_some(Self::Postgres)).collect()
    }

    /// Its name in a line of figures.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

/// A folder with its database; both go when it is dropped.
#[derive(Debug)]
pub struct Home {
    /// Which engine.
    pub kind: Kind,
    folder: PathBuf,
    database: String,
    kept: Option<TempDir>,
}

impl Home {
    /// A new folder, and an empty database.
    pub fn new(kind: Kind) -> Self {
        let kept = tempfile::tempdir().unwrap();
        let mut home = Self::in_folder(kind, kept.path().to_owned());
        home.kept = Some(kept);
        home
    }

    /// A database in a folder that somebody else made.
    pub fn in_folder(kind: Kind, folder: PathBuf) -> Self {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let database = match kind {
            Kind::Sqlite => folder.join("p.sqlite").display().to_string(),
            Kind::Postgres => {
                let name = format!("passerelle_{}_{}", std::process::id(), MADE.fetch_add(1, Ordering::SeqCst));
                let server = environment::postgres().unwrap();
                psql(&server, &format!("CREATE DATABASE {name}"));
                let (before, _) = server.rsplit_once('/').unwrap();
                format!("{before}/{name}")
            }
        };
        Self { kind, folder, database, kept: None }
    }

    /// Its folder: the log, the key and, for SQLite, the database.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The database, as a setting.
    pub fn database(&self) -> &str {
        &self.database
    }

    /// The database's file; SQLite only.
    pub fn file(&self) -> PathBuf {
        assert_eq!(self.kind, Kind::Sqlite);
        PathBuf::from(&self.database)
    }

    /// The key file.
    pub fn key_file(&self) -> PathBuf {
        self.folder.join("p.key")
    }

    /// The copy that a kiosk works on, where the demo puts it.
    pub fn kiosk_file(&self) -> PathBuf {
        self.folder.join("p-kiosk/copy.sqlite")
    }

    /// That copy, to look into.
    #[must_use]
    pub fn kiosk_copy(&self) -> Self {
        let file = self.kiosk_file();
        let folder = file.parent().unwrap().to_owned();
        Self { kind: Kind::Sqlite, folder, database: file.display().to_string(), kept: None }
    }

    /// The first column of a query, as text.
    pub async fn column(&self, sql: &str) -> Vec<String> {
        match self.kind {
            Kind::Sqlite => {
                let mut connection = open(&self.file()).await;
                let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(&mut connection).await.unwrap();
                connection.close().await.unwrap();
                rows.iter().map(text).collect()
            }
            Kind::Postgres => psql(&self.database, sql).lines().map(ToOwned::to_owned).collect(),
        }
    }

    /// The one number a query gives.
    pub async fn number(&self, sql: &str) -> i64 {
        self.column(sql).await.first().and_then(|text| text.parse().ok()).unwrap_or_else(|| panic!("no number: {sql}"))
    }

    /// Changes something behind the program's back.
    pub async fn execute(&self, sql: &str) {
        match self.kind {
            Kind::Sqlite => {
                let mut connection = open(&self.file()).await;
                sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
                connection.close().await.unwrap();
            }
            Kind::Postgres => {
                psql(&self.database, sql);
            }
        }
    }

    /// What the engine finds wrong with the database; nothing when it is sound.
    pub async fn findings(&self) -> Vec<String> {
        match self.kind {
            Kind::Sqlite => self.column("PRAGMA integrity_check").await.into_iter().filter(|finding| finding != "ok").collect(),
            // PostgreSQL examines its pages as it reads them: reading every row is the check.
            Kind::Postgres => self
                .column("SELECT count(*) FROM turn UNION ALL SELECT count(*) FROM record")
                .await
                .into_iter()
                .filter(|count| count.parse::<i64>().is_err())
                .collect(),
        }
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        if let (Kind::Postgres, Some(server)) = (self.kind, environment::postgres()) {
            let name = self.database.rsplit('/').next().unwrap_or_default();
            let _ = Command::new("psql").args([&server, "-qc", &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")]).output();
        }
    }
}

async fn open(file: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::from_str(&file.display().to_string()).unwrap().busy_timeout(std::time::Duration::from_secs(20));
    options.pragma("secure_delete", "on").connect().await.unwrap()
}

/// Any value as text.
fn text(row: &SqliteRow) -> String {
    row.try_get::<String, _>(0).or_else(|_| row.try_get::<i64, _>(0).map(|number| number.to_string())).unwrap_or_default()
}

/// Runs a statement with PostgreSQL's own client: the tests need no second driver.
fn psql(url: &str, sql: &str) -> String {
    let output = Command::new("psql").args([url, "-XqAt", "-v", "ON_ERROR_STOP=1", "-c", sql]).output().unwrap();
    assert!(output.status.success(), "psql: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
