//! The carrier's side of what goes out: takes text messages and calls by its REST interface, and can be slow, full,
//! broken, or gone.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// How the carrier behaves.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Fault {
    /// As it should.
    #[default]
    None,
    /// This status, with a time to wait where one is named.
    Status(u16, Option<u64>),
    /// A refusal with the carrier's own code.
    Code(u16, u64),
    /// Takes it, and its answer cannot be read.
    Garbled,
    /// Takes it, and is so long about the answer that nobody waits for it.
    Late(Duration),
    /// Never answers, and takes nothing.
    BlackHole,
    /// Does not know the account.
    Stranger,
}

/// Something that the carrier took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// `Messages` or `Calls`.
    pub what: String,
    /// To whom.
    pub to: String,
    /// The text, or for a call where to go on.
    pub content: String,
    /// Our number for it, out of the address for reports.
    pub reference: String,
}

/// What the carrier knows.
#[derive(Debug, Default)]
struct Known {
    fault: Fault,
    accepted: Vec<Accepted>,
    /// Requests, whatever became of them.
    asked: usize,
}

/// A carrier that listens on loopback.
#[derive(Debug)]
pub struct CarrierApi {
    /// Its address, as a setting.
    pub url: String,
    known: Arc<Mutex<Known>>,
    task: JoinHandle<()>,
}

impl CarrierApi {
    /// Begins to listen.
    pub async fn listen() -> Self {
        Self::listen_on(SocketAddr::from(([127, 0, 0, 1], 0))).await
    }

    /// Begins to listen there.
    pub async fn listen_on(address: SocketAddr) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        let known = Arc::new(Mutex::new(Known::default()));
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().route("/2010-04-01/Accounts/{account}/{what}", post(take)).with_state(Arc::clone(&known));
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, known, task }
    }

    /// Listens no more; who is connected is still answered.
    pub fn leave(&self) {
        self.task.abort();
    }

    /// Behaves so from now on.
    pub fn behave(&self, fault: Fault) {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).fault = fault;
    }

    /// All that it took, in order.
    pub fn accepted(&self) -> Vec<Accepted> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).accepted.clone()
    }

    /// How often each of our numbers came.
    pub fn by_reference(&self) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for accepted in self.accepted() {
            *counts.entry(accepted.reference).or_default() += 1;
        }
        counts
    }

    /// Requests so far.
    pub fn asked(&self) -> usize {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).asked
    }
}

impl Drop for CarrierApi {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn take(State(known): State<Arc<Mutex<Known>>>, Path((_, what)): Path<(String, String)>, headers: HeaderMap, body: Bytes) -> Response {
    let field = |wanted: &str| form_urlencoded::parse(&body).find(|(name, _)| name == wanted).map(|(_, value)| value.into_owned()).unwrap_or_default();
    let what = what.trim_end_matches(".json").to_owned();
    let report = field("StatusCallback");
    let reference = report.split_once("?id=").map(|(_, id)| id.to_owned()).unwrap_or_default();
    let content = field(if what == "Calls" { "Url" } else { "Body" });
    let accepted = Accepted { what, to: field("To"), content, reference };
    let (fault, number) = {
        let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
        known.asked += 1;
        let is_ours = headers.get(header::AUTHORIZATION).is_some_and(|value| value.to_str().is_ok_and(|value| value.starts_with("Basic ")));
        let fault = if is_ours { known.fault.clone() } else { Fault::Stranger };
        if matches!(fault, Fault::None | Fault::Garbled | Fault::Late(_)) {
            known.accepted.push(accepted);
        }
        (fault, known.accepted.len())
    };
    match fault {
        // As in the carrier's own example: no price yet.
        Fault::None => {
            (StatusCode::CREATED, format!("{{\"sid\": \"SM{number:032}\", \"status\": \"accepted\", \"price\": null, \"price_unit\": null}}")).into_response()
        }
        Fault::Status(status, wait) => {
            let mut response = StatusCode::from_u16(status).unwrap().into_response();
            if let Some(wait) = wait {
                response.headers_mut().insert(header::RETRY_AFTER, wait.into());
            }
            response
        }
        Fault::Code(status, code) => {
            (StatusCode::from_u16(status).unwrap(), format!("{{\"code\": {code}, \"message\": \"no\", \"status\": {status}}}")).into_response()
        }
        Fault::Garbled => (StatusCode::CREATED, "<html>").into_response(),
        Fault::Late(time) => {
            tokio::time::sleep(time).await;
            StatusCode::CREATED.into_response()
        }
        Fault::BlackHole => std::future::pending().await,
        Fault::Stranger => (StatusCode::UNAUTHORIZED, "{\"code\": 20003}").into_response(),
    }
}
