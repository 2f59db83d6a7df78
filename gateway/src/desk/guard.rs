//! The one layer that every page passes: who is there, what they may do, whether the form is ours.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use db::mediator::{DeskSession, Role, TokenHash};
use directory::language::Language;

use super::form::Form;
use super::secret;
use super::{Desk, Trouble};

/// Who may use a route. Each route names one: without, the program does not compile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// Anybody: the way in, and what pages are drawn with.
    Anybody,
    /// Whoever is in, a locked desk included: to open it again, or to leave.
    Locked,
    /// Whoever is in and has one of these roles.
    Only(&'static [Role]),
}

/// Whoever is in.
pub(super) const ALL: Rule = Rule::Only(Role::ALL);
/// Who helps visitors.
pub(super) const HELPERS: Rule = Rule::Only(&[Role::Operator, Role::Mediator]);
/// Who keeps the directory's sources.
pub(super) const KEEPERS: Rule = Rule::Only(&[Role::Operator, Role::Editor]);
/// Who runs the place.
pub(super) const OPERATORS: Rule = Rule::Only(&[Role::Operator]);

/// The cookie. `__Host-`: this host only, over TLS only (or on this machine), never from a script.
pub const COOKIE: &str = "__Host-passerelle";

/// The field that each form carries.
pub const FORM_TOKEN: &str = "csrf";

/// In the address to which somebody is led who has just come in.
pub(super) const JUST_IN: &str = "in";

/// The largest form.
const LARGEST: usize = 64 * 1024;

/// Who is in.
#[derive(Debug, Clone)]
pub(super) struct Who {
    pub(super) session: DeskSession,
    /// Under which their session is kept.
    pub(super) token: TokenHash,
    /// What their forms carry.
    pub(super) form_token: String,
}

impl Who {
    pub(super) fn name(&self) -> &str {
        &self.session.mediator.name
    }

    pub(super) fn role(&self) -> Role {
        self.session.mediator.role
    }

    pub(super) fn language(&self) -> Language {
        self.session.mediator.language
    }
}

impl<S: Sync> FromRequestParts<S> for Who {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        parts.extensions.get::<Self>().cloned().ok_or(StatusCode::UNAUTHORIZED)
    }
}

/// The language in which somebody who is not in is spoken to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tongue(pub(super) Language);

impl<S: Sync> FromRequestParts<S> for Tongue {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        let known = parts.extensions.get::<Who>().map(Who::language);
        Ok(Self(known.unwrap_or_else(|| preferred(&parts.headers))))
    }
}

/// The first of our languages that the browser asks for.
pub(super) fn preferred(headers: &HeaderMap) -> Language {
    let wanted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    wanted.split(',').find_map(|part| Language::from_code(part.split(';').next().unwrap_or_default().trim())).unwrap_or_default()
}

/// The token in the cookie.
fn token_of(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(';'));
    cookies.filter_map(|cookie| cookie.trim().split_once('=')).find(|(name, _)| *name == COOKIE).map(|(_, token)| token)
}

/// A form comes from our own page: the browser says so (`Sec-Fetch-Site`, and `Origin` for those that do not know it).
fn comes_from_us(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    match text("sec-fetch-site") {
        Some(site) => site == "same-origin",
        None => match (text("origin"), text("host")) {
            (Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, authority)| authority == host),
            (Some(_), None) => false,
            // A browser that says neither: the token in the form has to do.
            (None, _) => true,
        },
    }
}

/// Lets a request pass, or says why not.
pub(super) async fn guard(State((desk, rule)): State<(Arc<Desk>, Rule)>, mut request: Request, next: Next) -> Response {
    match admit(&desk, rule, &mut request).await {
        Ok(()) => next.run(request).await,
        Err(response) => *response,
    }
}

async fn admit(desk: &Arc<Desk>, rule: Rule, request: &mut Request) -> Result<(), Box<Response>> {
    let is_change = !matches!(*request.method(), Method::GET | Method::HEAD);
    let tongue = preferred(request.headers());
    let refuse = |trouble: Trouble| Box::new(desk.trouble(&trouble, tongue));
    if is_change && !comes_from_us(request.headers()) {
        return Err(refuse(Trouble::NotOurs));
    }
    let who = match token_of(request.headers()) {
        Some(token) => {
            let hash = secret::token_hash(token);
            let session = desk.engine.store.desk_session(&hash, desk.now()).await.map_err(|error| refuse(error.into()))?;
            session.map(|session| Who { session, token: hash, form_token: secret::form_token(token) })
        }
        None => None,
    };
    let form = if is_change {
        let body = std::mem::replace(request.body_mut(), Body::empty());
        Form::read(&to_bytes(body, LARGEST).await.map_err(|_too_large| refuse(Trouble::TooLarge))?)
    } else {
        Form::read(request.uri().query().unwrap_or_default().as_bytes())
    };
    match (rule, &who) {
        (Rule::Anybody, _) => {}
        // A page leads to the way in; what would change something is refused.
        (_, None) if is_change => return Err(refuse(Trouble::Out)),
        // Whoever was just let in and has no cookie has a browser that does not keep it: told, not sent round.
        (_, None) => return Err(Box::new(Redirect::to(if form.has(JUST_IN) { "/login?kept=no" } else { "/login" }).into_response())),
        (Rule::Only(_), Some(who)) if who.session.is_locked => {
            return Err(Box::new(if is_change { desk.trouble(&Trouble::Locked, who.language()) } else { Redirect::to("/locked").into_response() }));
        }
        (Rule::Only(roles), Some(who)) if !roles.contains(&who.role()) => return Err(Box::new(desk.trouble(&Trouble::Forbidden, who.language()))),
        (Rule::Only(_), Some(who)) if desk.needs_code(&who.session.mediator) && !request.uri().path().starts_with("/account") => {
            return Err(Box::new(if is_change { desk.trouble(&Trouble::Forbidden, who.language()) } else { Redirect::to("/account").into_response() }));
        }
        (Rule::Locked | Rule::Only(_), Some(_)) => {}
    }
    if let Some(who) = &who
        && is_change
        && rule != Rule::Anybody
    {
        let sent = request.headers().get("x-csrf-token").and_then(|value| value.to_str().ok()).unwrap_or_else(|| form.get(FORM_TOKEN));
        if !secret::is_same(sent, &who.form_token) {
            return Err(Box::new(desk.trouble(&Trouble::NotOurs, who.language())));
        }
    }
    let extensions = request.extensions_mut();
    extensions.insert(form);
    if let Some(who) = who {
        extensions.insert(who);
    }
    Ok(())
}

/// The cookie of somebody who comes in.
pub(super) fn come_in(token: &str) -> HeaderValue {
    let text = format!("{COOKIE}={token}; Path=/; Secure; HttpOnly; SameSite=Strict");
    HeaderValue::try_from(text).unwrap_or_else(|_unreachable| HeaderValue::from_static(""))
}

/// The cookie of somebody who leaves.
pub(super) fn leave() -> HeaderValue {
    HeaderValue::from_static("__Host-passerelle=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0")
}

/// Nothing from elsewhere, nothing inline, nothing kept by a browser that many use.
pub(super) const HEADERS: [(header::HeaderName, &str); 7] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; media-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "same-origin"),
    (header::CACHE_CONTROL, "no-store"),
    (header::HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (header::HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];
