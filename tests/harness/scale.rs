//! How large the crash suite runs, and whether its times count.

use crate::environment;

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
        let asked = environment::promises();
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
