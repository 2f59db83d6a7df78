//! Where a test keeps its data: a file, or a database of its own on the server that `scripts/postgres` starts.

use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use db::Address;

/// An engine to test on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Sqlite,
    Postgres,
}

impl Place {
    /// The engines to be had in this run.
    pub(crate) fn all() -> Vec<Self> {
        let mut places = vec![Self::Sqlite];
        if environment("PASSERELLE_TEST_POSTGRES").is_some() {
            places.push(Self::Postgres);
        } else {
            println!("postgres: skipped, PASSERELLE_TEST_POSTGRES names no server");
        }
        places
    }

    /// A new database; `None` for a file beside the test's other files.
    pub(crate) fn database(self) -> Option<Address> {
        static MADE: AtomicU32 = AtomicU32::new(0);
        if self == Self::Sqlite {
            return None;
        }
        let server = environment("PASSERELLE_TEST_POSTGRES").unwrap();
        let program = environment("PASSERELLE_TEST_POSTGRES_BIN").map_or_else(|| "psql".to_owned(), |folder| format!("{folder}/psql"));
        let name = format!("end_to_end_{}_{}", std::process::id(), MADE.fetch_add(1, Ordering::SeqCst));
        let made = Command::new(program).args([&server, "-q", "-c", &format!("CREATE DATABASE {name}")]).status().unwrap();
        assert!(made.success());
        let (before, _) = server.rsplit_once('/').unwrap();
        Some(Address::parse(&format!("{before}/{name}")))
    }
}

#[expect(clippy::disallowed_methods, reason = "the server's address comes from the script that started it")]
fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
