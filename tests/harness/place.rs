//! Where a test keeps its data: a SQLite file or a PostgreSQL database of its own, gone with the value.
//!
//! With `PASSERELLE_TEST_KEEP` set it stays, and its address is printed.

use std::collections::BTreeMap;
use std::error::Error;
use std::hash::{BuildHasher, RandomState};
use std::path::Path;

use db::{Address, Store, StoreError};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, Row};
use tempfile::TempDir;

use crate::environment;

/// A database of its own.
#[derive(Debug)]
pub struct Place {
    address: Address,
    home: Home,
}

/// What goes with the value.
#[derive(Debug)]
enum Home {
    Folder { _folder: TempDir },
    Kept,
    Server { server: String, name: String },
}

/// Runs one body on a connection of whichever engine.
macro_rules! connected {
    ($place:expr, $connection:ident => $body:expr) => {
        match &$place.address {
            Address::File(path) => {
                let mut opened = SqliteConnectOptions::new().filename(path).connect().await?;
                let $connection = &mut opened;
                let done = $body;
                opened.close().await?;
                done
            }
            Address::Server(url) => {
                let mut opened = PgConnection::connect(url).await?;
                let $connection = &mut opened;
                let done = $body;
                opened.close().await?;
                done
            }
        }
    };
}

impl Place {
    /// A file in a folder of its own.
    pub fn sqlite() -> Result<Self, Box<dyn Error>> {
        let folder = tempfile::tempdir()?;
        let address = Address::from(folder.path().join("test.sqlite").as_path());
        let home = if environment::keeps_databases() {
            println!("kept: {}", folder.keep().display());
            Home::Kept
        } else {
            Home::Folder { _folder: folder }
        };
        Ok(Self { address, home })
    }

    /// A database on the server for tests; none without such a server. Its letters are ordered as in
    /// French where the server can, as on a real server: no statement may lean on the order of bytes.
    pub async fn postgres() -> Result<Option<Self>, Box<dyn Error>> {
        let Some(server) = environment::postgres() else { return Ok(None) };
        let name = format!("passerelle_{:016x}", RandomState::new().hash_one("a name that nobody else takes"));
        let mut connection = PgConnection::connect(&server).await?;
        let french = format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'fr'");
        if sqlx::query(AssertSqlSafe(french)).execute(&mut connection).await.is_err() {
            sqlx::query(AssertSqlSafe(format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'"))).execute(&mut connection).await?;
        }
        connection.close().await?;
        let (before, _) = server.rsplit_once('/').ok_or("PASSERELLE_TEST_POSTGRES names no database")?;
        let address = Address::Server(format!("{before}/{name}"));
        let home = if environment::keeps_databases() {
            println!("kept: {address}");
            Home::Kept
        } else {
            Home::Server { server, name }
        };
        Ok(Some(Self { address, home }))
    }

    /// A place of each engine that is to be had here: SQLite, and PostgreSQL where there is a server.
    pub async fn both() -> Result<Vec<Self>, Box<dyn Error>> {
        let mut places = vec![Self::sqlite()?];
        match Self::postgres().await? {
            Some(place) => places.push(place),
            None => crate::skip("PostgreSQL", "PASSERELLE_TEST_POSTGRES names no server: scripts/postgres does"),
        }
        Ok(places)
    }

    /// Where it is.
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// The file, where it is one.
    pub fn file(&self) -> Option<&Path> {
        self.address.file()
    }

    /// The engine's name.
    pub fn engine(&self) -> &'static str {
        if self.file().is_some() { "SQLite" } else { "PostgreSQL" }
    }

    /// Opens it as the program does.
    pub async fn open(&self) -> Result<Store, StoreError> {
        Store::connect(&self.address).await
    }

    /// Does something to it behind the program's back.
    pub async fn tamper(&self, statement: &str) -> Result<(), Box<dyn Error>> {
        connected!(self, connection => sqlx::query(AssertSqlSafe(statement.to_owned())).execute(connection).await.map(|_| ())?);
        Ok(())
    }

    /// One number out of it.
    pub async fn number(&self, statement: &str) -> Result<i64, Box<dyn Error>> {
        Ok(connected!(self, connection => sqlx::query(AssertSqlSafe(statement.to_owned())).fetch_one(connection).await?.try_get(0)?))
    }

    /// Every row of every table, as text, sorted; the words of the index as pairs of rank and word.
    pub async fn rows(&self) -> Result<BTreeMap<String, Vec<String>>, Box<dyn Error>> {
        let names = match self.address {
            Address::File(_) => {
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'word%' AND name NOT LIKE '\\_sqlx%' ESCAPE '\\'"
            }
            Address::Server(_) => {
                "SELECT CAST(table_name AS TEXT) FROM information_schema.tables WHERE table_schema = 'public' AND table_name <> 'word' AND table_name NOT LIKE '\\_sqlx%'"
            }
        };
        Ok(connected!(self, connection => {
            let tables: Vec<String> = sqlx::query(names).fetch_all(&mut *connection).await?.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?;
            let mut found = BTreeMap::new();
            for table in tables {
                let mut rows: Vec<String> = Vec::new();
                for row in sqlx::query(AssertSqlSafe(format!("SELECT * FROM {table}"))).fetch_all(&mut *connection).await? {
                    let mut cells = BTreeMap::new();
                    for place in 0..row.len() {
                        let cell = if let Ok(number) = row.try_get::<Option<i64>, _>(place) {
                            format!("{number:?}")
                        } else if let Ok(text) = row.try_get::<Option<String>, _>(place) {
                            format!("{text:?}")
                        } else {
                            format!("{:?}", row.try_get::<Option<Vec<u8>>, _>(place)?)
                        };
                        cells.insert(sqlx::Column::name(row.column(place)).to_owned(), cell);
                    }
                    rows.push(format!("{cells:?}"));
                }
                rows.sort_unstable();
                found.insert(table, rows);
            }
            found.insert("word".to_owned(), connection.words().await?);
            found
        }))
    }
}

/// The words of the index: each engine keeps them in its own way.
trait Words {
    async fn words(&mut self) -> Result<Vec<String>, sqlx::Error>;
}

impl Words for SqliteConnection {
    async fn words(&mut self) -> Result<Vec<String>, sqlx::Error> {
        sqlx::query("CREATE VIRTUAL TABLE temp.listed USING fts5vocab('main', 'word', 'instance')").execute(&mut *self).await?;
        let rows = sqlx::query("SELECT DISTINCT doc, term FROM temp.listed").fetch_all(&mut *self).await?;
        sorted(rows.iter().map(|row| Ok(format!("{} {}", row.try_get::<i64, _>(0)?, row.try_get::<String, _>(1)?))))
    }
}

impl Words for PgConnection {
    async fn words(&mut self) -> Result<Vec<String>, sqlx::Error> {
        let rows = sqlx::query("SELECT rowid, unnest(tsvector_to_array(text)) FROM word").fetch_all(&mut *self).await?;
        sorted(rows.iter().map(|row| Ok(format!("{} {}", row.try_get::<i64, _>(0)?, row.try_get::<String, _>(1)?))))
    }
}

fn sorted(lines: impl Iterator<Item = Result<String, sqlx::Error>>) -> Result<Vec<String>, sqlx::Error> {
    let mut lines: Vec<String> = lines.collect::<Result<_, _>>()?;
    lines.sort_unstable();
    Ok(lines)
}

/// The server drops the database, whoever still uses it. A thread of its own: a test may end inside a runtime.
impl Drop for Place {
    fn drop(&mut self) {
        let Home::Server { server, name } = &self.home else { return };
        let (server, name) = (server.clone(), name.clone());
        let drop_it = move || -> Result<(), Box<dyn Error>> {
            tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
                let mut connection = PgConnection::connect(&server).await?;
                sqlx::query(AssertSqlSafe(format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))).execute(&mut connection).await?;
                Ok(connection.close().await?)
            })
        };
        let dropped = std::thread::spawn(move || drop_it().map_err(|error| error.to_string())).join();
        if !matches!(dropped, Ok(Ok(()))) {
            println!("the test's database was not dropped: {dropped:?}");
        }
    }
}
