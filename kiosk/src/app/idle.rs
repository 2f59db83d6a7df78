//! When a visitor has gone. Pure.

use std::time::Duration;

/// Without a touch this long, the kiosk asks.
pub const IDLE_TIMEOUT: Duration = Duration::from_mins(1);

/// The same, while a slip is printed.
pub const IDLE_TIMEOUT_PRINTING: Duration = Duration::from_mins(2);

/// Then it waits this long for an answer (WCAG 2.2.1: at least 20 s, as often as wanted).
pub const COUNTDOWN: Duration = Duration::from_secs(30);

/// Both, where a number is typed or danger is shown: whoever comes next must not read it (WCAG 2.2.1 allows 20 s).
pub const IDLE_TIMEOUT_PRIVATE: Duration = Duration::from_secs(20);

/// Touches do nothing this long while the screen is cleaned.
pub const CLEANING: Duration = Duration::from_secs(30);

/// Until the next greeting: far from three flashes a second.
pub(super) const GREETING: Duration = Duration::from_secs(6);

/// How long a screen is left alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct IdleTimeouts {
    /// Without a touch this long, it is asked whether anybody is there.
    pub(super) idle: Duration,
    /// Then it is waited this long for an answer.
    pub(super) countdown: Duration,
}

/// The time since the last touch.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Idle {
    touched: Duration,
    asking_since: Option<Duration>,
}

impl Idle {
    /// Somebody is there.
    pub(super) fn touched(&mut self, at: Duration) {
        *self = Self { touched: at, asking_since: None };
    }

    /// The kiosk asks whether anybody is there.
    pub(super) fn is_asking(self) -> bool {
        self.asking_since.is_some()
    }

    /// True when nobody answered.
    pub(super) fn is_over(&mut self, at: Duration, timeouts: IdleTimeouts) -> bool {
        if let Some(since) = self.asking_since {
            return at >= since + timeouts.countdown;
        }
        if at >= self.touched + timeouts.idle {
            self.asking_since = Some(at);
        }
        false
    }

    /// Seconds left to answer, while it is asked.
    pub(super) fn countdown(self, at: Duration, timeouts: IdleTimeouts) -> Option<u16> {
        let left = (self.asking_since? + timeouts.countdown).saturating_sub(at);
        u16::try_from(left.as_millis().div_ceil(1_000)).ok()
    }

    /// When something changes next: each second while it asks.
    pub(super) fn due(self, at: Duration, timeouts: IdleTimeouts) -> Duration {
        if self.is_asking() { at + Duration::from_secs(1) } else { (self.touched + timeouts.idle).max(at) }
    }
}
