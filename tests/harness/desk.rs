//! The mediators' desk without a socket: its router, and people with a session.

use std::sync::Arc;

use application::turn::TurnService;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use db::call_back::CallBack;
use db::journal::{CallBackRequest, CarrierMessage, KeptTurn, SideRequest};
use db::mediator::Role;
use gateway::desk::{COOKIE, Desk, FORM_TOKEN, Settings, router, secret};
use tower::ServiceExt;

use crate::demo::Demo;

/// The password of everybody in tests.
pub const PASSWORD: &str = "quatre mots sans lien";

/// The code of everybody's lock.
pub const PIN: &str = "471147";

/// The host that pages are asked from.
const HOST: &str = "127.0.0.1:8083";

/// An answer.
#[derive(Debug)]
pub struct Page {
    /// Its status.
    pub status: StatusCode,
    /// Where it leads, if it leads elsewhere.
    pub leads_to: Option<String>,
    /// The cookie it sets.
    pub cookie: Option<String>,
    /// Its headers, by name.
    pub headers: Vec<(String, String)>,
    /// Its text.
    pub text: String,
}

/// A browser at the desk.
#[derive(Debug, Clone)]
pub struct Visitor {
    router: Router,
    cookie: Option<String>,
    csrf: String,
}

/// The desk's pages on an engine.
pub fn desk(engine: &Arc<TurnService>, settings: Settings) -> Router {
    router(Arc::new(Desk::new(Arc::clone(engine), settings).unwrap()))
}

impl Visitor {
    /// Somebody who is not in.
    pub fn outside(router: &Router) -> Self {
        Self { router: router.clone(), cookie: None, csrf: String::new() }
    }

    /// Somebody with that role, who was invited, chose a password and came in.
    pub async fn of(engine: &TurnService, router: &Router, name: &str, role: Role) -> Self {
        let token = secret::token().unwrap();
        engine.store.invite(name, role, &secret::token_hash(&token), engine.clock.now()).await.unwrap();
        let mut visitor = Self::outside(router);
        let begun = visitor.post(&format!("/first/{token}"), &[("password", PASSWORD), ("again", PASSWORD), ("pin", PIN)]).await;
        assert_eq!(begun.leads_to.as_deref(), Some("/login"), "{}", begun.text);
        visitor.log_in(name, PASSWORD).await;
        visitor
    }

    /// Logs in.
    pub async fn log_in(&mut self, name: &str, password: &str) -> Page {
        let page = self.post("/login", &[("name", name), ("password", password)]).await;
        if let Some(cookie) = &page.cookie {
            self.take(cookie);
        }
        page
    }

    fn take(&mut self, cookie: &str) {
        let token = cookie.split(';').next().unwrap().split_once('=').unwrap().1;
        self.cookie = Some(token.to_owned());
        self.csrf = String::new();
    }

    /// The same browser with another cookie, or none.
    #[must_use]
    pub fn with_cookie(&self, token: Option<&str>) -> Self {
        Self { cookie: token.map(ToOwned::to_owned), ..self.clone() }
    }

    /// The same browser, where another program serves the desk.
    #[must_use]
    pub fn at(&self, router: &Router) -> Self {
        Self { router: router.clone(), ..self.clone() }
    }

    /// The token in its cookie.
    pub fn token(&self) -> Option<&str> {
        self.cookie.as_deref()
    }

    /// Reads a page.
    pub async fn get(&self, path: &str) -> Page {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    /// Sends a form as a browser would: with what a page carries that was just loaded.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        if self.cookie.is_some() {
            self.load().await;
        }
        self.send_form(path, fields).await
    }

    /// Loads a page with a form; a locked desk has none, and what was loaded before stays.
    pub async fn load(&mut self) {
        let csrf = csrf_of(&self.get("/account").await.text);
        if !csrf.is_empty() {
            self.csrf = csrf;
        }
    }

    /// Sends the form of the page that was loaded last, once more if it was sent already.
    pub async fn send_form(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        self.post_with(path, fields, Some(&self.csrf), Some("same-origin")).await
    }

    /// Sends a form with a token and a word of the browser's of one's own.
    pub async fn post_with(&self, path: &str, fields: &[(&str, &str)], csrf: Option<&str>, site: Option<&str>) -> Page {
        let fields = fields.iter().copied().chain(csrf.map(|csrf| (FORM_TOKEN, csrf)));
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let mut request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        if let Some(site) = site {
            request = request.header("sec-fetch-site", site);
        }
        self.send(request.body(Body::from(form)).unwrap()).await
    }

    /// Sends any request, with its cookie.
    pub async fn send(&self, mut request: Request<Body>) -> Page {
        let headers = request.headers_mut();
        headers.insert(header::HOST, HOST.parse().unwrap());
        if let Some(token) = &self.cookie {
            headers.insert(header::COOKIE, format!("{COOKIE}={token}").parse().unwrap());
        }
        let (response, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
        let status = response.status;
        let text = |name: header::HeaderName| response.headers.get(name).map(|value| value.to_str().unwrap().to_owned());
        let (leads_to, cookie) = (text(header::LOCATION), text(header::SET_COOKIE));
        let headers = response.headers.iter().map(|(name, value)| (name.to_string(), value.to_str().unwrap_or_default().to_owned())).collect();
        let bytes = to_bytes(body, 4 << 20).await.unwrap();
        Page { status, leads_to, cookie, headers, text: String::from_utf8_lossy(&bytes).into_owned() }
    }
}

/// What a page's forms carry.
pub fn csrf_of(page: &str) -> String {
    let rest = page.split_once("name=\"csrf\" value=\"").map_or("", |(_, rest)| rest);
    rest.split('"').next().unwrap_or_default().to_owned()
}

/// Somebody with that number waits for a call.
pub async fn call_back(demo: &Demo, number: &str) {
    let engine = &demo.engine;
    let person = engine.keys.person(number);
    let call_back = CallBack {
        number: engine.keys.seal_number(&person, number).unwrap(),
        language: "fr".to_owned(),
        theme: None,
        postal_code: None,
        hour: None,
        recording: None,
    };
    let message = CarrierMessage { channel: "sms", carrier_id: format!("SM{number}"), received: engine.clock.now() };
    let request = Some(SideRequest::CallBack(CallBackRequest { person, call_back, room: Vec::new() }));
    let turn = KeptTurn { request, ..KeptTurn::bare(message, String::new()) };
    engine.outbox.commit(turn).await.unwrap();
}
