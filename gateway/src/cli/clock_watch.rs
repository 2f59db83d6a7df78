//! Whether the wall clock went on as fast as time does: nothing is erased by a clock that has just jumped.
//! Pure: both clocks are arguments.

use std::time::Duration as Span;

use chrono::{DateTime, Duration, Utc};

/// A clock that its machine keeps right moves less than this in an hour.
const TOLERATED: Duration = Duration::hours(1);

/// What both clocks showed at the same moment.
#[derive(Debug, Clone, Copy)]
struct Look {
    wall: DateTime<Utc>,
    /// On a clock that nobody can set.
    steady: Span,
}

impl Look {
    /// How far the wall clock moved away from the steady one since that look, where it is too far.
    fn jump_since(self, last: Self) -> Option<Duration> {
        let passed = Duration::from_std(self.steady.saturating_sub(last.steady)).unwrap_or(Duration::MAX);
        let jump = self.wall.signed_duration_since(last.wall).checked_sub(&passed).unwrap_or(Duration::MIN);
        (jump > TOLERATED || jump < -TOLERATED).then_some(jump)
    }
}

/// What the next look is compared with.
#[derive(Debug, Default)]
pub(super) struct ClockWatch {
    /// The last look that was believed.
    believed: Option<Look>,
    /// The last look was not.
    doubted: bool,
}

impl ClockWatch {
    /// How far the wall clock has jumped since it was last believed, where it is not to be believed now. The
    /// first look is, and so is the one after a doubt: a machine that sleeps a lot jumps every time, and erases
    /// all the same.
    pub(super) fn jump(&mut self, wall: DateTime<Utc>, steady: Span) -> Option<Duration> {
        let now = Look { wall, steady };
        let jump = self.believed.filter(|_| !self.doubted).and_then(|believed| now.jump_since(believed));
        self.doubted = jump.is_some();
        if jump.is_none() {
            self.believed = Some(now);
        }
        jump
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Looks once an hour at a clock that is so many hours ahead; which of the looks are believed.
    fn believed(ahead: &[i64]) -> Vec<bool> {
        let start: DateTime<Utc> = "2026-11-23T10:00:00Z".parse().unwrap();
        let mut watch = ClockWatch::default();
        let looks = ahead.iter().zip(0_u64..);
        looks.map(|(ahead, hour)| watch.jump(start + Duration::hours(*ahead + hour.cast_signed()), Span::from_hours(hour)).is_none()).collect()
    }

    #[test]
    fn a_clock_that_goes_on_is_believed() {
        assert_eq!(believed(&[0, 0, 0]), [true; 3]);
        // A little every hour: no jump.
        assert_eq!(believed(&[0, 1, 2, 1, 0]), [true; 5]);
        // Nothing to compare with: the first look is believed.
        assert_eq!(believed(&[5_000]), [true]);
    }

    #[test]
    fn a_jump_that_is_taken_back_within_the_hour_is_never_believed() {
        assert_eq!(believed(&[0, 192, 0, 0]), [true, false, true, true]);
        assert_eq!(believed(&[0, -192, 0, 0]), [true, false, true, true]);
    }

    #[test]
    fn a_jump_that_stays_is_believed_an_hour_later() {
        assert_eq!(believed(&[0, 192, 192, 192]), [true, false, true, true]);
        assert_eq!(believed(&[0, -87_600, -87_600, 0, 0]), [true, false, true, false, true]);
        // Another jump each time, as on a machine that sleeps: every other look.
        assert_eq!(believed(&[0, 192, 400, 800, 1_200]), [true, false, true, false, true]);
    }

    #[test]
    fn no_moment_is_too_far() {
        let mut watch = ClockWatch::default();
        assert_eq!(watch.jump(DateTime::<Utc>::MIN_UTC, Span::ZERO), None);
        assert!(watch.jump(DateTime::<Utc>::MAX_UTC, Span::ZERO).is_some());
        assert_eq!(watch.jump(DateTime::<Utc>::MAX_UTC, Span::ZERO), None);
        assert!(watch.jump(DateTime::<Utc>::MIN_UTC, Span::MAX).is_some());
    }

    #[test]
    fn it_says_how_far() {
        let start: DateTime<Utc> = "2026-11-23T10:00:00Z".parse().unwrap();
        let mut watch = ClockWatch::default();
        watch.jump(start, Span::ZERO);
        assert_eq!(watch.jump(start + Duration::days(8), Span::from_hours(1)), Some(Duration::hours(8 * 24 - 1)));
    }
}
