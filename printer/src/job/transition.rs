//! What becomes of a job after an attempt: pure, for whichever program has the printer.

use chrono::Duration;
use directory::printing::{GIVEN_UP, JobState, Left, Transition};

use super::{PrintError, Printed};

/// Until a printer that is away, or has no paper, is looked at again.
const LOOK_AGAIN: Duration = Duration::seconds(2);

/// From an attempt to what happens next. `attempts` counts this one; `waited` is how long the visitor has waited.
///
/// The first part of a slip that stayed on the paper is mended at once: the visitor sees it. Everything else is tried
/// again after a moment, and given up when the visitor has gone. What stays on the paper then is for the next job to
/// mend.
pub fn after(outcome: &Result<Printed, PrintError>, attempts: i64, waited: Duration) -> Transition {
    let Err(error) = outcome else { return Transition { state: JobState::Done, left: Left::Nothing, pause: Duration::zero() } };
    let left = error.left();
    if waited >= GIVEN_UP {
        return Transition::spoiled(left);
    }
    match error {
        PrintError::PaperOut { .. } | PrintError::CoverOpen { .. } => Transition { state: JobState::WaitingForPaper, left, pause: LOOK_AGAIN },
        PrintError::Faulty { .. } | PrintError::Gone { .. } | PrintError::Stalled { .. } => {
            let pause = if attempts <= 1 && left != Left::Nothing { Duration::zero() } else { LOOK_AGAIN };
            Transition { state: JobState::Queued, left, pause }
        }
    }
}

/// The attempt itself died of a fault of ours: a part of the slip may be on the paper, so the next one mends it.
pub fn died(before: Left) -> Transition {
    let left = if before == Left::Uncut { before } else { Left::Half };
    Transition { state: JobState::Queued, left, pause: LOOK_AGAIN }
}

#[cfg(test)]
mod tests {
    use std::io;

    use directory::printing::JobState::{Queued, Spoiled, WaitingForPaper};

    use super::*;
    use crate::status::PaperState;

    const ALL_LEFT: [Left; 3] = [Left::Nothing, Left::Half, Left::Uncut];

    fn errors(left: Left) -> [PrintError; 5] {
        [
            PrintError::PaperOut { left },
            PrintError::CoverOpen { left },
            PrintError::Faulty { left },
            PrintError::Gone { left, why: io::Error::other("gone") },
            PrintError::Stalled { left, written: 7 },
        ]
    }

    #[test]
    fn a_printed_slip_is_done_however_long_it_took() {
        for waited in [Duration::zero(), GIVEN_UP * 2] {
            let printed = Printed { state: PaperState::NearEnd, is_certain: true };
            assert_eq!(after(&Ok(printed), 3, waited), Transition { state: JobState::Done, left: Left::Nothing, pause: Duration::zero() });
        }
    }

    #[test]
    fn what_is_on_the_paper_is_never_forgotten() {
        for left in ALL_LEFT {
            for (waited, attempts) in [(Duration::zero(), 1), (Duration::minutes(9), 200), (GIVEN_UP, 2)] {
                assert!(errors(left).into_iter().all(|error| after(&Err(error), attempts, waited).left == left));
            }
        }
    }

    #[test]
    fn without_paper_a_job_waits_and_is_given_up_when_its_visitor_has_gone() {
        let states = |waited: Duration| errors(Left::Nothing).map(|error| after(&Err(error), 5, waited).state);
        assert_eq!(states(GIVEN_UP - Duration::seconds(1)), [WaitingForPaper, WaitingForPaper, Queued, Queued, Queued]);
        assert_eq!(states(GIVEN_UP), [Spoiled; 5]);
    }

    #[test]
    fn half_a_slip_is_mended_at_once_but_once() {
        let pause = |left, attempts| after(&Err(PrintError::Stalled { left, written: 7 }), attempts, Duration::zero()).pause;
        assert_eq!(pause(Left::Half, 1), Duration::zero());
        assert_eq!(pause(Left::Uncut, 1), Duration::zero());
        assert_eq!((pause(Left::Half, 2), pause(Left::Nothing, 1)), (LOOK_AGAIN, LOOK_AGAIN));
    }
}
