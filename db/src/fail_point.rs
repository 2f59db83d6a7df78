//! Places where the crash suite stops the program dead, as a power cut would.
//!
//! `FAILPOINTS='writer::before-commit=5*off->return'` in the environment stops it at the sixth visit. Without
//! the feature `fail-points`, which no build that is shipped has, nothing is left of them.

/// Stops the program at this place, if that was asked for.
#[cfg(feature = "fail-points")]
pub fn reach(place: &str) {
    static LISTENING: std::sync::Once = std::sync::Once::new();
    // What was asked for counts as long as the program runs.
    LISTENING.call_once(|| std::mem::forget(fail::FailScenario::setup()));
    fail::fail_point!(place, |_| std::process::abort());
}

/// Stops the program at this place, if that was asked for: never, in this build.
#[cfg(not(feature = "fail-points"))]
pub fn reach(_place: &str) {}
