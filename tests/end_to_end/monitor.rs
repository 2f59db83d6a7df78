//! What whoever watches the program is told: it lives, it can answer, and counts without persons.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use gateway::monitor::{Counters, router};
use tower::ServiceExt;

use super::Carrier;
use harness::demo::Demo;

async fn get(router: &axum::Router, path: &str) -> (StatusCode, String) {
    let response = router.clone().oneshot(Request::get(path).body(Body::empty()).unwrap()).await.unwrap();
    let status = response.status();
    (status, String::from_utf8(to_bytes(response.into_body(), 1 << 20).await.unwrap().to_vec()).unwrap())
}

/// One test: a program counts once.
#[tokio::test]
async fn whoever_watches_sees_that_it_answers_and_nobody_who_asked() {
    let carrier = Carrier::with(Demo::new().await.unwrap());
    let watched = router(Arc::clone(&carrier.demo.engine.store), Counters::begin().unwrap());
    assert_eq!(get(&watched, "/health/live").await.0, StatusCode::OK);
    assert_eq!(get(&watched, "/health/ready").await, (StatusCode::OK, "ok\n".to_owned()));
    for (sid, text) in [("SM1", "manger 1030"), ("SM1", "manger 1030"), ("SM2", "zorgvliet 1030")] {
        carrier.deliver_from("+32470112233", sid, text).await;
    }
    carrier.deliver_from("1234", "SM3", "you have won").await;
    let (status, counts) = get(&watched, "/metrics").await;
    assert_eq!(status, StatusCode::OK);
    for line in [
        "passerelle_turns_total{channel=\"sms\",outcome=\"answered\"} 2",
        "passerelle_turns_total{channel=\"sms\",outcome=\"again\"} 1",
        "passerelle_turns_total{channel=\"sms\",outcome=\"ignored\"} 1",
        "passerelle_turn_seconds_count{channel=\"sms\"} 4",
        "passerelle_call_backs_waiting 0",
    ] {
        assert!(counts.lines().any(|shown| shown == line), "{line} is not in\n{counts}");
    }
    for personal in ["470112233", "zorgvliet", "1030", "manger", "SM1"] {
        assert!(!counts.contains(personal), "{personal} is in\n{counts}");
    }
    // A program that lives and cannot answer says so.
    carrier.demo.engine.store.close().await;
    let (status, why) = get(&watched, "/health/ready").await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(why.len() > 3, "{why}");
    assert_eq!(get(&watched, "/health/live").await.0, StatusCode::OK);
}
