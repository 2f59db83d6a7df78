//! How large the crash suite runs, and with what. The one place in the tests that reads the environment.

use std::path::PathBuf;

/// What `scripts/promises` asks for; without it, small sizes and no time that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale {
    /// The sizes of the promises, not those of the continuous integration.
    pub full: bool,
    /// Lines with times count; elsewhere they are only printed: a busy machine proves nothing.
    pub timed: bool,
}

impl Scale {
    /// The scale of this run: `PASSERELLE_PROMISES` is absent, `timed` or `full`.
    pub fn of_this_run() -> Self {
        let asked = environment("PASSERELLE_PROMISES");
        Self { full: asked.as_deref() == Some("full"), timed: asked.is_some() }
    }

    /// The small size, or the full one.
    pub fn pick(self, small: usize, full: usize) -> usize {
        if self.full { full } else { small }
    }

    /// Fails on a line with a time, where times count.
    pub fn expect_in_time(self, holds: bool, line: &str) {
        assert!(holds || !self.timed, "{line}");
    }
}

/// The address of a PostgreSQL server on which databases may be made (`PASSERELLE_TEST_POSTGRES`).
pub fn postgres() -> Option<String> {
    environment("PASSERELLE_TEST_POSTGRES")
}

/// The program to run (`PASSERELLE_TEST_PROGRAM`); without it, one is built.
pub fn program() -> Option<PathBuf> {
    environment("PASSERELLE_TEST_PROGRAM").map(PathBuf::from)
}

/// True when missing fixtures are to be made (`PASSERELLE_FREEZE`).
pub fn freezes() -> bool {
    environment("PASSERELLE_FREEZE").is_some()
}

#[expect(clippy::disallowed_methods, reason = "the one place in the tests that reads the environment")]
fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
