//! What the carrier does where the first address gave it nothing: it takes the fallback, which is the same address. And
//! a caller is told in words what an SMS is told with a status.

use axum::http::StatusCode;
use gateway::channel::twilio::{RETRIES, Secret, Signed, console, sign};
use harness::demo::Demo;
use harness::place::Place;
use harness::twiml::{Next, Response};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};

use super::{Carrier, PUBLIC, TOKEN, URL};

const AMINA: &str = "+32470123456";

/// The form of a fallback: what was posted before, and what was wrong with the answer.
fn again(form: Vec<u8>, failed: &str) -> Vec<u8> {
    let form = String::from_utf8(form).unwrap();
    form_urlencoded::Serializer::new(form).append_pair("ErrorCode", "11200").append_pair("ErrorUrl", failed).finish().into_bytes()
}

#[tokio::test]
async fn the_fallback_of_a_message_gives_the_same_answer() {
    let carrier = Carrier::new().await;
    let (status, first) = carrier.deliver("SM1", "manger 1030").await;
    assert_eq!(status, StatusCode::OK);
    carrier.demo.clock.advance(chrono::Duration::hours(9));
    // Once where the answer was kept and did not arrive, once where nothing had come.
    for (sid, is_known) in [("SM1", true), ("SM2", false)] {
        let body = again(super::form(sid, "manger 1030"), URL);
        let signature = sign(&Signed::Form { url: URL, body: &body }, &Secret::new(TOKEN));
        let (status, answer) = carrier.post("/twilio/sms", Some(&signature), body).await;
        assert_eq!((status, answer == first), (StatusCode::OK, is_known));
    }
}

#[tokio::test]
async fn the_addresses_of_the_console_are_routes() {
    let carrier = Carrier::new().await;
    for (field, address) in console(PUBLIC) {
        // What the carrier keeps to itself is not requested.
        let path = address.strip_prefix(PUBLIC).unwrap().strip_suffix(RETRIES).unwrap();
        let (status, _) = carrier.post(path, None, Vec::new()).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{field}: there is a route, and it wants a signature");
    }
}

#[tokio::test]
async fn the_fallback_of_a_call_goes_on_where_it_stood() {
    let carrier = Carrier::with(Demo::new().await.unwrap());
    let mut caller = harness::caller::Caller::new(&carrier.router, AMINA);
    caller.call().await;
    let first_step = format!("{PUBLIC}{}", caller.onward());
    let doors = caller.press("1").await;
    let second_step = format!("{PUBLIC}{}", caller.onward());
    let fallback = async |failed: &str| {
        let (status, body) = caller.post("/twilio/voice", again(caller.form(&[("CallStatus", "in-progress")]), failed)).await;
        assert_eq!(status, StatusCode::OK);
        Response::read(&body).unwrap()
    };
    // Kept, but the answer did not arrive: the same page, and not the languages again.
    assert_eq!(fallback(&first_step).await, doors);
    // Not kept: what was pressed is gone with it, and the page is said again.
    let page = fallback(&second_step).await;
    assert_eq!(page.text().contains("Manger"), doors.text().contains("Manger"), "{}", page.text());
    assert!(!page.text().contains("Pour le français"), "{}", page.text());
    assert!(matches!(page.next, Next::Gather { .. }));
}

/// Two callers, because the first one's turn fails before the second one's begins: together that is as long as the
/// carrier is let wait.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_does_not_answer_is_told_to_a_caller_in_words() {
    let place = Place::sqlite().unwrap();
    let file = place.file().unwrap().to_owned();
    let carrier = Carrier::with(Demo::on(place).await.unwrap());
    let mut other = SqliteConnectOptions::new().filename(file).connect().await.unwrap();
    sqlx::query("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    let caller = || async {
        let caller = harness::caller::Caller::new(&carrier.router, AMINA);
        let (status, body) = caller.post("/twilio/voice", caller.form(&[("CallStatus", "ringing")])).await;
        assert_eq!(status, StatusCode::OK, "the carrier would hang up with words of its own");
        Response::read(&body).unwrap()
    };
    let (first, second, third) = tokio::join!(caller(), caller(), caller());
    for heard in [first, second, third] {
        assert!(heard.text().contains("Nous avons une panne"), "{}", heard.text());
    }
    sqlx::query("ROLLBACK").execute(&mut other).await.unwrap();
    other.close().await.unwrap();
    assert!(!caller().await.text().contains("Nous avons une panne"));
}
