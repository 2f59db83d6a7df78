//! Somebody on a phone: presses keys, says nothing, hangs up; and the carrier between them and us.

use std::sync::atomic::{AtomicUsize, Ordering};

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use gateway::channel::twilio::{Secret, Signed, sign};
use tower::ServiceExt;

use crate::carrier::{PUBLIC_URL, TOKEN};
use crate::twiml::{Next, Response};

/// One call, on our routes in this process.
#[derive(Debug)]
pub struct Caller {
    router: axum::Router,
    /// The call's name.
    pub sid: String,
    from: String,
    outbound: bool,
    /// The last response.
    pub heard: Option<Response>,
}

impl Caller {
    /// A call from that number that has not begun.
    pub fn new(router: &axum::Router, from: &str) -> Self {
        static MADE: AtomicUsize = AtomicUsize::new(0);
        let sid = format!("CA{:032}", MADE.fetch_add(1, Ordering::SeqCst));
        Self { router: router.clone(), sid, from: from.to_owned(), outbound: false, heard: None }
    }

    /// The same where we called.
    pub fn called(router: &axum::Router, to: &str) -> Self {
        Self { outbound: true, ..Self::new(router, to) }
    }

    /// The form that the carrier posts.
    pub fn form(&self, fields: &[(&str, &str)]) -> Vec<u8> {
        let ours = "+32460000000";
        let (from, to, direction) = if self.outbound { (ours, self.from.as_str(), "outbound-api") } else { (self.from.as_str(), ours, "inbound") };
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("CallSid", &self.sid).append_pair("From", from).append_pair("To", to).append_pair("Direction", direction).append_pair("FromZip", "");
        form.extend_pairs(fields).finish().into_bytes()
    }

    /// Posts to a path with its query; status and body.
    pub async fn post(&self, path: &str, body: Vec<u8>) -> (StatusCode, String) {
        let signature = sign(&Signed::Form { url: &format!("{PUBLIC_URL}{path}"), body: &body }, &Secret::new(TOKEN));
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").header("X-Twilio-Signature", signature);
        let response = self.router.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
        let status = response.status();
        (status, String::from_utf8(to_bytes(response.into_body(), 1 << 20).await.unwrap().to_vec()).unwrap())
    }

    /// Posts a step, and hears what comes of it.
    async fn step(&mut self, path: &str, fields: &[(&str, &str)]) -> Response {
        let (status, body) = self.post(path, self.form(fields)).await;
        assert_eq!(status, StatusCode::OK, "{body}");
        let heard = Response::read(&body).unwrap_or_else(|finding| panic!("the carrier refuses it: {finding}\n{body}"));
        self.heard = Some(heard.clone());
        heard
    }

    /// Calls.
    pub async fn call(&mut self) -> Response {
        self.step("/twilio/voice", &[("CallStatus", "ringing")]).await
    }

    /// Presses keys, as many as are awaited.
    pub async fn press(&mut self, keys: &str) -> Response {
        let path = self.onward();
        self.step(&path, &[("CallStatus", "in-progress"), ("Digits", keys)]).await
    }

    /// Says nothing until the carrier goes on.
    pub async fn wait(&mut self) -> Response {
        let path = self.onward();
        self.step(&path, &[("CallStatus", "in-progress")]).await
    }

    /// Speaks, where somebody listens.
    pub async fn speak(&mut self, words: &str) -> Response {
        let path = self.onward();
        self.step(&path, &[("CallStatus", "in-progress"), ("SpeechResult", words), ("Confidence", "0.9")]).await
    }

    /// Hangs up.
    pub async fn hang_up(&self, status: &str) -> StatusCode {
        self.post("/twilio/voice/status", self.form(&[("CallStatus", status)])).await.0
    }

    /// Where the next step goes.
    pub fn onward(&self) -> String {
        match self.heard.as_ref().map(|heard| &heard.next) {
            Some(Next::Gather { action, .. } | Next::Redirect(action)) => action.strip_prefix(PUBLIC_URL).expect("it leads elsewhere").to_owned(),
            other => panic!("the call does not go on: {other:?}"),
        }
    }
}
