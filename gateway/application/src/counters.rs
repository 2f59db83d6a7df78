//! Counts of turns and segments, never of persons: no label holds a number, a text, a place or a name.

use std::time::Duration;

use metrics::{counter, histogram};

/// Turns by channel and outcome.
pub const TURNS: &str = "passerelle_turns_total";

/// How long a turn took, in seconds.
pub const SECONDS: &str = "passerelle_turn_seconds";

/// Segments of text messages that were answered with.
pub const SEGMENTS: &str = "passerelle_segments_total";

/// Turns that were not given their answer, by what stood against it.
pub const LIMITED: &str = "passerelle_limited_total";

/// Attempts to send, by way and by what became of them.
pub const DELIVERIES: &str = "passerelle_deliveries_total";

/// Counts a turn: what became of it, and how long it took.
pub fn turn(channel: &'static str, outcome: &'static str, took: Duration) {
    counter!(TURNS, "channel" => channel, "outcome" => outcome).increment(1);
    histogram!(SECONDS, "channel" => channel).record(took.as_secs_f64());
}

/// Counts the segments of an answer.
pub fn segments(channel: &'static str, count: usize) {
    counter!(SEGMENTS, "channel" => channel).increment(count as u64);
}

/// Counts a turn that was not given its answer.
pub fn limited(why: &'static str) {
    counter!(LIMITED, "why" => why).increment(1);
}

/// Counts an attempt to send.
pub fn delivery(way: &'static str, outcome: &'static str) {
    counter!(DELIVERIES, "way" => way, "outcome" => outcome).increment(1);
}
