//! What follows from an attempt to send. Pure.

use chrono::{DateTime, Duration, Utc};
use db::outbox::{Claimed, Outcome};

use crate::channel::SendError;

/// Seconds until the next attempt, by how many there were; the last step is repeated until the delivery expires, so that
/// what waited out an outage goes within a minute of its end.
const STEPS: [i64; 6] = [2, 5, 10, 20, 40, 60];

/// What became of an attempt, and when the next one is due.
pub fn outcome(claimed: &Claimed, sent: &Result<(), SendError>, now: DateTime<Utc>) -> Outcome {
    let step = usize::try_from(claimed.attempts - 1).unwrap_or_default();
    let later = now + Duration::seconds(*STEPS.get(step).or(STEPS.last()).unwrap_or(&60));
    match sent {
        Ok(()) => Outcome::Sent,
        Err(SendError::Retry(None) | SendError::Misconfigured(_)) => Outcome::Again(later),
        Err(SendError::Retry(Some(retry_after))) => {
            // Whole seconds, rounded up: never before the carrier wants it.
            let retry_after = Duration::seconds(i64::try_from(retry_after.as_millis().div_ceil(1_000)).unwrap_or(i64::MAX / 2_000));
            Outcome::Again(later.max(now + retry_after))
        }
        Err(SendError::Unknown) => Outcome::Unknown(later),
        Err(SendError::Reject(_)) => Outcome::Failed,
        Err(SendError::OptedOut | SendError::Gone) => Outcome::Stopped,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration as Span;

    use db::{Person, Sealed};

    use super::*;

    fn claimed(attempts: i64) -> Claimed {
        Claimed {
            id: 1,
            person: Person::new([1; 32]),
            recipient: Sealed::new(Vec::new()),
            body: String::new(),
            is_push: false,
            leaves_no_trace: false,
            attempts,
            unknowns: 0,
        }
    }

    fn waits(attempts: i64, error: SendError) -> i64 {
        let now = DateTime::UNIX_EPOCH;
        match outcome(&claimed(attempts), &Err(error), now) {
            Outcome::Again(due) | Outcome::Unknown(due) => (due - now).num_seconds(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn pauses_grow_to_a_minute_and_stay_there() {
        let pauses: Vec<i64> = (1..9).map(|attempts| waits(attempts, SendError::Retry(None))).collect();
        assert_eq!(pauses, [2, 5, 10, 20, 40, 60, 60, 60]);
        assert_eq!(waits(i64::MAX, SendError::Retry(None)), 60);
    }

    #[test]
    fn a_carrier_that_names_a_time_is_obeyed() {
        assert_eq!(waits(1, SendError::Retry(Some(Span::from_millis(29_001)))), 30);
        assert_eq!(waits(6, SendError::Retry(Some(Span::from_secs(1)))), 60);
    }

    #[test]
    fn what_cannot_be_sent_is_over() {
        let now = DateTime::UNIX_EPOCH;
        let over = |error| outcome(&claimed(1), &Err(error), now);
        assert_eq!(over(SendError::Reject("21211".to_owned())), Outcome::Failed);
        assert_eq!(over(SendError::OptedOut), Outcome::Stopped);
        assert_eq!(over(SendError::Gone), Outcome::Stopped);
        assert_eq!(outcome(&claimed(1), &Ok(()), now), Outcome::Sent);
    }
}
