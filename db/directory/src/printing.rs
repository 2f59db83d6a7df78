//! What becomes of a slip on its way to the paper: names that the database, the printer and both programs share.

use chrono::Duration;

use crate::closed::closed_list;

closed_list! {
    /// How far a job has come.
    JobState {
        /// Waits for its turn, or for a printer that is away.
        Queued = "queued",
        /// Somebody is at it.
        Printing = "printing",
        /// The slip is on the paper, and cut.
        Done = "done",
        /// Given up: its visitor has gone, or nothing of it may be printed any more.
        Spoiled = "spoiled",
        /// Waits for paper, or for a cover to be closed.
        WaitingForPaper = "waiting-for-paper",
    }
}

impl JobState {
    /// True where nothing will be printed any more.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Spoiled)
    }
}

closed_list! {
    /// What an attempt left on the paper.
    #[derive(Default)]
    Left {
        /// Nothing: the next one begins afresh.
        #[default]
        Nothing = "nothing",
        /// A part of a slip, at most: the next attempt says so, cuts it off, and prints a whole one.
        Half = "half",
        /// All of it, perhaps not cut: the next attempt only cuts.
        Uncut = "uncut",
    }
}

/// A job that was not printed within this is given up: its visitor has gone, and nobody else should find the slip.
pub const GIVEN_UP: Duration = Duration::minutes(10);

/// What becomes of a job after an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transition {
    /// How far it has come.
    pub state: JobState,
    /// What is on the paper.
    pub left: Left,
    /// Until the next attempt.
    pub pause: Duration,
}

impl Transition {
    /// Nothing more is printed, and what is on the paper is as it was.
    pub fn spoiled(left: Left) -> Self {
        Self { state: JobState::Spoiled, left, pause: Duration::zero() }
    }
}
