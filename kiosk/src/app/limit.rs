//! How often a kiosk rings, asks for calls and prints, whoever wants it: nobody keeps a desk busy or empties a roll. Pure.
//!
//! Counted is what was asked for, never by whom or with which number.

use std::collections::VecDeque;
use std::time::Duration;

/// So many in a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// At most.
    pub most: usize,
    /// In this time.
    pub within: Duration,
}

/// Rings of the desk's bell.
pub const RINGS: Limit = Limit { most: 6, within: Duration::from_mins(10) };

/// Calls asked for.
pub const CALLS: Limit = Limit { most: 20, within: Duration::from_hours(1) };

/// Times that something was printed.
pub const SLIPS: Limit = Limit { most: 20, within: Duration::from_mins(10) };

/// When each was last done, the oldest first.
#[derive(Debug, Clone, Default)]
pub(super) struct Limits {
    pub(super) rings: Lately,
    pub(super) calls: Lately,
    pub(super) slips: Lately,
}

/// When something was done lately; never more than the limit of them.
#[derive(Debug, Clone, Default)]
pub(super) struct Lately(VecDeque<Duration>);

impl Lately {
    /// Counts one more; false, and nothing counted, where that would be too many.
    pub(super) fn may_do(&mut self, at: Duration, limit: Limit) -> bool {
        while self.0.front().is_some_and(|first| *first + limit.within <= at) {
            self.0.pop_front();
        }
        let may = self.0.len() < limit.most;
        if may {
            self.0.push_back(at);
        }
        may
    }
}
