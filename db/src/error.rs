//! What can go wrong with the database, and what to do about it.

/// A database operation that failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file or server could not be opened.
    #[error("the database {place} cannot be opened: {source}. Check that the folder exists and may be written to.")]
    Open {
        /// Where it should be.
        place: String,
        /// The driver's word.
        source: sqlx::Error,
    },
    /// The server does not answer.
    #[error(
        "the database server {place} cannot be used: {source}. Check that it runs, and that \
         database.url names it rightly."
    )]
    Unreachable {
        /// Its address, without the password.
        place: String,
        /// The driver's word.
        source: sqlx::Error,
    },
    /// The database was made by a newer program.
    #[error(
        "this database was made by a newer Passerelle (schema {found}, this program knows \
         {known}): install the newer program"
    )]
    TooNew {
        /// The newest migration in the database.
        found: i64,
        /// The newest migration this program knows.
        known: i64,
    },
    /// A migration failed; the old state stands.
    #[error(
        "the database could not be brought up to date: {0}. It is unchanged; make room on the disk \
         and start again."
    )]
    Migrate(#[source] sqlx::migrate::MigrateError),
    /// The bundled library is one with a known fault.
    #[error(
        "SQLite {0} has a fault in its write-ahead log (fixed in 3.51.3): build the program again \
         with the versions of Cargo.lock"
    )]
    FaultyLibrary(String),
    /// No room left: nothing was written.
    #[error("no room left for the database: {0}")]
    Full(#[source] sqlx::Error),
    /// Somebody else holds the database; try again.
    #[error("the database is busy: {0}")]
    Busy(#[source] sqlx::Error),
    /// Anything else the driver says.
    #[error("database: {0}")]
    Driver(#[source] sqlx::Error),
    /// A stored value that this program cannot read.
    #[error("the database holds a {what} that cannot be read: {problem}")]
    Unreadable {
        /// What it should be.
        what: &'static str,
        /// What is wrong.
        problem: String,
    },
    /// The server does not answer in time.
    #[error("the database server does not answer; try again in a second")]
    Silent,
    /// What kept a whole group of turns from being kept.
    #[error(transparent)]
    Together(std::sync::Arc<StoreError>),
    /// The writer has stopped or has too much to do.
    #[error("too many messages at once; try again in a second")]
    Overloaded,
}

impl StoreError {
    /// True when the same operation may succeed later.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Full(_) | Self::Busy(_) | Self::Overloaded | Self::Silent => true,
            Self::Together(error) => error.is_retryable(),
            _ => false,
        }
    }

    pub(crate) fn unreadable(what: &'static str, problem: impl std::fmt::Display) -> Self {
        Self::Unreadable { what, problem: problem.to_string() }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let code =
            error.as_database_error().and_then(sqlx::error::DatabaseError::code).unwrap_or_default().into_owned();
        match Trouble::from_code(&code) {
            Some(Trouble::Busy) => Self::Busy(error),
            Some(Trouble::Full) => Self::Full(error),
            // A server that is gone for now comes back.
            None if matches!(error, sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut) => Self::Busy(error),
            None => Self::Driver(error),
        }
    }
}

enum Trouble {
    Busy,
    Full,
}

impl Trouble {
    /// SQLite's primary result codes have one or two digits (5 busy, 6 locked, 13 full), PostgreSQL's states
    /// five characters (class 40 serialisation, 55P03 lock not available, 57P shutting down; 53100 disk full).
    fn from_code(code: &str) -> Option<Self> {
        match code {
            "53100" => Some(Self::Full),
            "55P03" => Some(Self::Busy),
            state if state.len() == 5 && (state.starts_with("40") || state.starts_with("57P")) => Some(Self::Busy),
            number => match number.parse::<i32>().ok()? & 0xff {
                5 | 6 => Some(Self::Busy),
                13 => Some(Self::Full),
                _ => None,
            },
        }
    }
}
