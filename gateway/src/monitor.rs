//! For whoever watches the program: whether it lives, whether it can answer, and counts. A listener of its own, on
//! this machine only unless the settings say otherwise, so that nothing of it can be reached from outside by mistake.
//!
//! Counts are of turns and segments, never of persons: no label holds a number, a text, a place or a name.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use metrics::{describe_counter, describe_gauge, describe_histogram, gauge};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};

use application::counters::{DELIVERIES, LIMITED, SECONDS, SEGMENTS, TURNS};
use db::Store;

/// Who waits for a call.
const CALL_BACKS: &str = "passerelle_call_backs_waiting";

/// Who was promised a call and not called in time.
const EXPIRED: &str = "passerelle_call_backs_expired";

/// From a millisecond to the deadline of a webhook.
const BOUNDS: [f64; 9] = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0];

/// A database that says nothing for longer cannot answer a visitor either.
const PATIENCE: Duration = Duration::from_secs(1);

/// Counters that can be read; prints nothing.
#[derive(Clone)]
pub struct Counters(PrometheusHandle);

impl std::fmt::Debug for Counters {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Counters")
    }
}

impl Counters {
    /// Begins to count, once in a program.
    pub fn begin() -> Result<Self, BuildError> {
        let builder = PrometheusBuilder::new().set_buckets_for_metric(Matcher::Full(SECONDS.to_owned()), &BOUNDS)?;
        let handle = builder.install_recorder()?;
        describe_counter!(TURNS, "Messages taken, by channel and by what became of them");
        describe_histogram!(SECONDS, "From a message to its answer, kept, in seconds");
        describe_counter!(SEGMENTS, "Segments of text messages answered with");
        describe_counter!(LIMITED, "Turns not given their answer, by the budget that was spent; danger hour and danger day are an alarm");
        describe_counter!(DELIVERIES, "Attempts to send what is queued, by way and outcome");
        describe_gauge!(CALL_BACKS, "Persons who wait for a call");
        describe_gauge!(EXPIRED, "Persons who were promised a call and not called within a week");
        Ok(Self(handle))
    }
}

/// What is answered on this listener.
pub fn router(store: Arc<Store>, counters: Counters) -> Router {
    Router::new()
        .route("/health/live", get(async || "ok\n"))
        .route("/health/ready", get(ready))
        .with_state(Arc::clone(&store))
        .route("/metrics", get(shown).with_state((store, counters)))
}

/// 200 where a visitor would be answered now, else 503; both with the reason in a line.
async fn ready(State(store): State<Arc<Store>>) -> Response {
    match tokio::time::timeout(PATIENCE, store.count_call_backs()).await {
        Ok(Ok(_)) => "ok\n".into_response(),
        Ok(Err(error)) => (StatusCode::SERVICE_UNAVAILABLE, format!("{error}\n")).into_response(),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response(),
    }
}

/// The counters, in Prometheus' text format (exposition format 0.0.4).
async fn shown(State((store, counters)): State<(Arc<Store>, Counters)>) -> Response {
    // A database that does not answer leaves these as they were.
    if let Ok(Ok((waiting, expired))) = tokio::time::timeout(PATIENCE, store.count_call_backs()).await {
        #[expect(clippy::cast_precision_loss, reason = "nobody has 2^52 call-backs")]
        for (name, value) in [(CALL_BACKS, waiting as f64), (EXPIRED, expired as f64)] {
            gauge!(name).set(value);
        }
    }
    counters.0.run_upkeep();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], counters.0.render()).into_response()
}
