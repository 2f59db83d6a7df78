//! The webhook as the carrier sees it: signed, idempotent, kept before it is answered.

mod calls;
mod chats;
mod danger;
mod desk;
mod emergency;
mod fallback;
mod files;
mod kiosks;
mod monitor;
mod outbox;
mod paper;
mod promises;
mod simulator;
mod talk;
mod traceless;
mod wishes;

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use gateway::channel::twilio::{Secret, Signed, sign};
use gateway::channel::twilio_voice::turns::Calls;
use gateway::http::{TwilioRoute, router};
use harness::demo::Demo;
use tower::ServiceExt;

const PUBLIC: &str = harness::carrier::PUBLIC_URL;
const URL: &str = "https://sms.example.org/twilio/sms";
const TOKEN: &str = "0123456789abcdef0123456789abcdef";

struct Carrier {
    demo: Demo,
    router: axum::Router,
}

impl Carrier {
    async fn new() -> Self {
        Self::with(Demo::new().await.unwrap())
    }

    fn with(demo: Demo) -> Self {
        Self::with_voice(demo, &gateway::config::Voice::default())
    }

    fn with_voice(demo: Demo, voice: &gateway::config::Voice) -> Self {
        let router = router(
            Some(TwilioRoute {
                calls: Calls::new(Arc::clone(&demo.engine), PUBLIC, voice).unwrap(),
                engine: Arc::clone(&demo.engine),
                public_url: PUBLIC.to_owned(),
                secrets: vec![Secret::new(TOKEN)],
            }),
            None,
        );
        Self { demo, router }
    }

    async fn post(&self, path: &str, signature: Option<&str>, body: Vec<u8>) -> (StatusCode, String) {
        let mut request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        if let Some(signature) = signature {
            request = request.header("X-Twilio-Signature", signature);
        }
        let response = self.router.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
        let status = response.status();
        (status, String::from_utf8(to_bytes(response.into_body(), 1 << 20).await.unwrap().to_vec()).unwrap())
    }

    async fn deliver(&self, sid: &str, text: &str) -> (StatusCode, String) {
        self.deliver_from("+32470000000", sid, text).await
    }

    async fn deliver_from(&self, from: &str, sid: &str, text: &str) -> (StatusCode, String) {
        let body = form_from(from, sid, text);
        let signature = sign(&Signed::Form { url: URL, body: &body }, &Secret::new(TOKEN));
        self.post("/twilio/sms", Some(&signature), body).await
    }
}

const SILENCE: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response/>";

fn form(sid: &str, text: &str) -> Vec<u8> {
    form_from("+32470000000", sid, text)
}

fn form_from(from: &str, sid: &str, text: &str) -> Vec<u8> {
    form_urlencoded::Serializer::new(String::new())
        .append_pair("MessageSid", sid)
        .append_pair("From", from)
        .append_pair("To", "+32460000000")
        .append_pair("FromZip", "")
        .append_pair("Body", text)
        .finish()
        .into_bytes()
}

#[tokio::test]
async fn a_message_is_answered_once_with_the_same_bytes() {
    let carrier = Carrier::new().await;
    let (status, first) = carrier.deliver("SM1", "manger 1030").await;
    assert_eq!(status, StatusCode::OK);
    assert!(first.starts_with("<?xml") && first.contains("<Response><Message>DEMO Repas chaud 1030\n1 "), "{first}");
    carrier.demo.clock.advance(chrono::Duration::hours(9));
    assert_eq!(carrier.deliver("SM1", "manger 1030").await, (StatusCode::OK, first.clone()));
    assert_ne!(carrier.deliver("SM2", "manger 1030").await.1, first, "nine hours later other places are open");
}

#[tokio::test]
async fn deliveries_at_the_same_time_get_one_answer() {
    let carrier = Arc::new(Carrier::new().await);
    let deliveries: Vec<_> = (0..20)
        .map(|_| {
            let carrier = Arc::clone(&carrier);
            tokio::spawn(async move { carrier.deliver("SM1", "yoga 1050").await })
        })
        .collect();
    let mut answers = std::collections::BTreeSet::new();
    for delivery in deliveries {
        answers.insert(delivery.await.unwrap());
    }
    assert_eq!(answers.len(), 1);
}

#[tokio::test]
async fn forged_moved_and_broken_requests_change_nothing() {
    let carrier = Carrier::new().await;
    let body = form("SM7", "manger 1030");
    let right = sign(&Signed::Form { url: URL, body: &body }, &Secret::new(TOKEN));
    let moved = sign(&Signed::Form { url: "https://other.example.org/twilio/sms", body: &body }, &Secret::new(TOKEN));
    assert_eq!(carrier.post("/twilio/sms", None, body.clone()).await.0, StatusCode::FORBIDDEN);
    assert_eq!(carrier.post("/twilio/sms", Some("nonsense"), body.clone()).await.0, StatusCode::FORBIDDEN);
    assert_eq!(carrier.post("/twilio/sms", Some(&moved), body.clone()).await.0, StatusCode::FORBIDDEN);
    assert_eq!(carrier.post("/twilio/sms", Some(&right), form("SM8", "manger 1030")).await.0, StatusCode::FORBIDDEN);
    assert_eq!(carrier.post("/twilio/voice", Some(&right), body.clone()).await.0, StatusCode::FORBIDDEN);
    assert_eq!(carrier.post("/twilio/sms", Some(&right), vec![b'a'; 100_000]).await.0, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(carrier.demo.engine.store.answered("sms", "SM7").await.unwrap(), None);
    assert_eq!(carrier.demo.engine.store.answered("sms", "SM8").await.unwrap(), None);
    let nobody = b"Body=manger";
    let signed = sign(&Signed::Form { url: URL, body: nobody }, &Secret::new(TOKEN));
    assert_eq!(carrier.post("/twilio/sms", Some(&signed), nobody.to_vec()).await.0, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_closed_database_is_busy_never_a_false_answer() {
    let carrier = Carrier::new().await;
    carrier.demo.engine.store.close().await;
    let (status, text) = carrier.deliver("SM1", "manger 1030").await;
    assert_eq!((status, text.as_str()), (StatusCode::SERVICE_UNAVAILABLE, ""));
}

#[tokio::test]
async fn any_text_is_answered() {
    let carrier = Carrier::new().await;
    let texts = [
        "",
        " ",
        "\u{0}\u{1b}[2J",
        "<script>&\"'",
        "🙏🙏🙏",
        "حمام 1000",
        "'; DROP TABLE turn; --",
        "\"manger\" AND 1030*",
        &"a".repeat(5_000),
        &"à ".repeat(2_000),
        "1030 1040 1050 1060 1070",
    ];
    for (number, text) in texts.iter().enumerate() {
        // A number each: one alone would have spent its budget.
        let (status, answer) = carrier.deliver_from(&format!("+324700001{number:02}"), &format!("SMX{number}"), text).await;
        assert_eq!(status, StatusCode::OK, "{text:?}");
        assert!(answer.contains("<Message>"), "{text:?}: {answer}");
    }
}

/// Segments of a TwiML answer.
fn segments(answer: &str) -> usize {
    let text = answer.split_once("<Message>").and_then(|(_, rest)| rest.split_once("</Message>")).map_or("", |(text, _)| text);
    if text.is_empty() { 0 } else { application::sms::gsm7::segments(&text.replace("&quot;", "\"").replace("&apos;", "'").replace("&amp;", "&")).len() }
}

#[tokio::test]
async fn an_attack_costs_no_more_than_the_budget() {
    let mut demo = Demo::new().await.unwrap();
    Arc::get_mut(&mut demo.engine).unwrap().limits.same_hour = 1_000;
    let carrier = Carrier::with(demo);
    let mut spent = 0;
    let mut notices = 0;
    for number in 0..40 {
        let (status, answer) = carrier.deliver(&format!("SMB{number}"), "manger 1030").await;
        assert_eq!(status, StatusCode::OK);
        spent += segments(&answer);
        notices += usize::from(answer.contains("beaucoup de messages") && answer.contains("112") && answer.contains("025550100"));
    }
    let limits = &carrier.demo.engine.limits;
    assert!(spent <= usize::try_from(limits.sender_hour).unwrap(), "{spent} segments in an hour");
    assert!(spent > 5 && notices == 1, "{spent} segments, {notices} notices");
    assert_eq!(carrier.deliver("SMB99", "manger 1030").await.1, SILENCE);
    // What was said stays said: a repeated delivery gets the same bytes.
    assert!(carrier.deliver("SMB0", "manger 1030").await.1.contains("Repas chaud"));
    // Others are not concerned, and the next hour is a new one.
    assert!(carrier.deliver_from("+32470000077", "SMB100", "manger 1030").await.1.contains("Repas chaud"));
    carrier.demo.clock.advance(chrono::Duration::hours(1));
    assert!(carrier.deliver("SMB101", "manger 1030").await.1.contains("Repas chaud"));
    // A whole range of numbers has a budget too.
    let mut range = 0;
    for number in 0..600 {
        range += segments(&carrier.deliver_from(&format!("+3247099{number:04}"), &format!("SMR{number}"), "manger 1030").await.1);
    }
    assert!(range <= usize::try_from(limits.range_day).unwrap(), "{range} segments for a range");
}

/// A machine that answers each of our answers costs three of them and a notice; a person who says again what we asked
/// them to say is answered as often as their budget allows.
#[tokio::test]
async fn the_same_words_again_and_again_are_a_machine() {
    let carrier = Carrier::new().await;
    let again = "Je suis absent jusqu'au 3 janvier. Bonnes fêtes à tous";
    for number in 0..20 {
        let said = carrier.deliver_from("+32470000001", &format!("SMA{number}"), &format!("{again}{}", " ".repeat(number % 2))).await.1;
        match number {
            0..3 => assert!(said.contains("<Message>") && !said.contains("beaucoup de messages"), "{said}"),
            3 => assert!(said.contains("112") && said.contains("beaucoup de messages"), "{said}"),
            _ => assert_eq!(said, SILENCE),
        }
    }
    // Something else from that number is answered, and so is the next hour.
    assert!(carrier.deliver_from("+32470000001", "SMA90", "manger 1030").await.1.contains("Repas chaud"));
    carrier.demo.clock.advance(chrono::Duration::hours(1));
    assert!(carrier.deliver_from("+32470000001", "SMA91", again).await.1.contains("<Message>"));
    for (person, word) in ["aide", "0", "1", "en danger", "1030"].iter().enumerate() {
        for number in 0..5 {
            let said = carrier.deliver_from(&format!("+3247000002{person}"), &format!("SMW{person}-{number}"), word).await.1;
            assert!(said.contains("<Message>") && !said.contains("beaucoup de messages"), "{word} {number}: {said}");
        }
    }
}

/// Our own number as a sender is forged, or an echo: answering it would never end.
#[tokio::test]
async fn our_own_number_is_not_answered() {
    let mut demo = Demo::new().await.unwrap();
    Arc::get_mut(&mut demo.engine).unwrap().limits.own_numbers = vec!["+32460000000".to_owned()];
    let carrier = Carrier::with(demo);
    for (number, text) in ["manger 1030", "0", "en danger"].iter().enumerate() {
        assert_eq!(carrier.deliver_from("+32460000000", &format!("SMO{number}"), text).await.1, SILENCE, "{text}");
    }
}

#[tokio::test]
async fn machines_and_far_countries_are_not_answered() {
    let carrier = Carrier::new().await;
    for (number, from) in ["MTN-INFO", "8810", "+32112", "+882161234567"].iter().enumerate() {
        assert_eq!(carrier.deliver_from(from, &format!("SMM{number}"), "manger 1030").await, (StatusCode::OK, SILENCE.to_owned()), "{from}");
    }
}

#[tokio::test]
async fn the_switch_stops_the_next_answer() {
    let carrier = Carrier::new().await;
    assert!(carrier.deliver("SM1", "manger 1030").await.1.contains("Repas chaud"));
    carrier.demo.engine.store.stop_sending(true).await.unwrap();
    assert_eq!(carrier.deliver("SM2", "manger 1030").await.1, SILENCE);
    carrier.demo.engine.store.stop_sending(false).await.unwrap();
    assert!(carrier.deliver("SM3", "manger 1030").await.1.contains("Repas chaud"));
}
