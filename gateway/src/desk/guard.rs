//! The one layer that every page passes: who is there, what they may do, whether the form is ours.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use cookie::time::Duration;
use cookie::{Cookie, CookieBuilder, SameSite};
use db::mediator::{DeskSession, Role, TokenHash};
use directory::language::Language;

use super::form::Form;
use super::once::{self, Sent};
use super::{Desk, Kept, PageError, secret, typed};

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
pub(super) const JUST_LOGGED_IN: &str = "in";

/// The largest form.
const LARGEST: usize = 64 * 1024;

/// Where the desk is locked.
const LOCK: &str = "/lock";

/// In the address of a page that a script looks at again.
const AGAIN: &str = "again";

/// What is open to somebody who has to set up a code first.
const SET_UP: [&str; 2] = ["/account", LOCK];

/// What may be sent twice: it changes nothing, or is the same twice.
const NOT_ONCE: [&str; 3] = ["/search/list", "/lint", LOCK];

/// Who is in.
#[derive(Debug, Clone)]
pub(super) struct Who {
    pub(super) session: DeskSession,
    /// Under which their session is kept.
    pub(super) token: TokenHash,
    /// What their forms carry.
    pub(super) form_token: String,
    /// The page's form holds what they typed before, and could not send.
    pub(super) is_typed: bool,
}

impl Who {
    pub(super) fn id(&self) -> i64 {
        self.session.mediator.id
    }

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

/// Where a request comes from, as far as it counts for tries: an address, the first half of one of IPv6.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Whence(pub(super) String);

impl FromRequestParts<Arc<Desk>> for Whence {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, desk: &Arc<Desk>) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip().to_canonical());
        // The proxy on this machine adds whom it speaks for; what others say of themselves stands before that.
        let is_proxy = desk.settings.is_reached && peer.is_none_or(|peer| peer.is_loopback());
        let told = parts.headers.get_all("x-forwarded-for").iter().next_back().and_then(|value| value.to_str().ok());
        let told = told.and_then(|list| list.rsplit(',').next()).and_then(|last| last.trim().parse::<IpAddr>().ok()).map(|told| told.to_canonical());
        Ok(Self(match told.filter(|_| is_proxy).or(peer) {
            Some(IpAddr::V6(address)) => format!("{:x}", address.to_bits() >> 64),
            Some(address) => address.to_string(),
            None => String::new(),
        }))
    }
}

/// The one of our languages that the browser likes best (RFC 9110, section 12.5.4).
pub(super) fn preferred(headers: &HeaderMap) -> Language {
    let wanted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut best: Option<(f32, Language)> = None;
    for part in wanted.split(',') {
        let (tag, rest) = part.split_once(';').unwrap_or((part, ""));
        let primary = tag.trim().split('-').next().unwrap_or_default().to_ascii_lowercase();
        let weight = rest.trim().strip_prefix("q=").map_or(Some(1.0), |weight| weight.trim().parse::<f32>().ok()).unwrap_or_default();
        // Of two it likes as much, the one that it names first.
        if let Some(language) = Language::from_code(&primary)
            && weight > best.map_or(0.0, |(best, _)| best)
        {
            best = Some((weight, language));
        }
    }
    best.map_or_else(Language::default, |(_, language)| language)
}

/// Finds the token in the cookie; `None` where there is no cookie of ours.
fn token_of(headers: &HeaderMap) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let ours = cookies.flat_map(Cookie::split_parse).flatten().find(|cookie| cookie.name() == COOKIE);
    ours.map(|cookie| cookie.value().to_owned())
}

/// A form comes from our own page: the browser says so (`Sec-Fetch-Site`, and `Origin` for those that do not know it).
fn comes_from_us(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    match text("sec-fetch-site") {
        Some(site) => site == "same-origin",
        // `null` is what an older browser says of a page that sends no `Referer`, ours among them.
        None => match (text("origin").filter(|origin| *origin != "null"), text("host")) {
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
        Ok(Some(sent)) => once::run(desk, sent, request, next).await,
        Ok(None) => next.run(request).await,
        Err(response) => *response,
    }
}

/// Why somebody may not pass.
enum No {
    Error(PageError),
    /// They are led elsewhere.
    Lead(&'static str),
}

/// Lets a request pass: with the form that is to be taken once, if it is one.
async fn admit(desk: &Arc<Desk>, rule: Rule, request: &mut Request) -> Result<Option<Sent>, Box<Response>> {
    let is_change = !matches!(*request.method(), Method::GET | Method::HEAD);
    let tongue = preferred(request.headers());
    let refuse = |error: PageError| Box::new(desk.error_page(&error, tongue));
    if is_change && !comes_from_us(request.headers()) {
        return Err(refuse(PageError::NotOurs));
    }
    let body = if is_change {
        let body = std::mem::replace(request.body_mut(), Body::empty());
        to_bytes(body, LARGEST).await.map_err(|_too_large| refuse(PageError::TooLarge))?
    } else {
        Bytes::copy_from_slice(request.uri().query().unwrap_or_default().as_bytes())
    };
    let mut form = Form::read(&body);
    let token = token_of(request.headers());
    // A page that looks again by itself keeps no desk open.
    let is_click = is_change || !form.has(AGAIN);
    let mut who = match &token {
        Some(token) => who_has(desk, token, is_click).await.map_err(refuse)?,
        None => None,
    };
    let path = request.uri().path().to_owned();
    let sent = request.headers().get("x-csrf-token").and_then(|value| value.to_str().ok()).unwrap_or_else(|| form.get(FORM_TOKEN)).to_owned();
    let is_ours = !is_change || rule == Rule::Anybody || token.is_some_and(|token| secret::is_form_of(&desk.engine.keys, &sent, &token));
    if let Some(no) = refusal(desk, rule, who.as_ref(), is_change, &path, &form, is_ours) {
        let language = who.as_ref().map_or(tongue, Who::language);
        let kept = if is_change { typed::keep(desk, &path, &form, &sent).await.map_err(refuse)? } else { None };
        return Err(Box::new(match (no, kept, &who) {
            (No::Lead(address), ..) => Redirect::to(address).into_response(),
            (No::Error(PageError::Out), Some(_), _) => desk.error_page(&PageError::Kept(Kept::Out), language),
            (No::Error(PageError::Locked), Some(_), _) => desk.error_page(&PageError::Kept(Kept::Locked), language),
            // Their own form, of a session before this one: they find it filled in.
            (No::Error(PageError::NotOurs), Some(kept), Some(who)) if kept.mediator == who.session.mediator.id => {
                Redirect::to(&typed::address(&kept.page)).into_response()
            }
            (No::Error(PageError::NotOurs), Some(_), _) => desk.error_page(&PageError::Kept(Kept::Other), language),
            (No::Error(error), ..) => desk.error_page(&error, language),
        }));
    }
    let mut once = None;
    if let (Rule::Only(_), Some(who)) = (rule, &mut who) {
        let mediator = who.session.mediator.id;
        if is_change && !NOT_ONCE.contains(&path.as_str()) {
            let key = desk.engine.keys.desk_mac("taken form", &[&who.token, sent.as_bytes(), path.as_bytes(), &body]);
            once = Some(Sent { key, session: who.token, mediator, page: typed::page_of(&path, &form), language: who.language() });
        } else if !is_change
            && form.has(typed::TYPED)
            && let Some(typed) = typed::of(desk, mediator, &path).await.map_err(refuse)?
        {
            form = typed;
            who.is_typed = true;
        }
    }
    let extensions = request.extensions_mut();
    extensions.insert(form);
    if let Some(who) = who {
        extensions.insert(who);
    }
    Ok(once)
}

/// Who is in with that token.
async fn who_has(desk: &Desk, token: &str, is_click: bool) -> Result<Option<Who>, PageError> {
    let keys = &desk.engine.keys;
    let hash = keys.desk_session(token);
    let session = desk.engine.store.desk_session(&hash, is_click, desk.now()).await?;
    Ok(session.map(|mut session| {
        session.work = keys.open_work(&hash, &session.work).unwrap_or_default();
        let form_token = secret::form_token(keys, token, session.mediator.id, desk.utc_day());
        Who { session, token: hash, form_token, is_typed: false }
    }))
}

/// Why a request may not pass; nothing where it may.
fn refusal(desk: &Desk, rule: Rule, who: Option<&Who>, is_change: bool, path: &str, form: &Form, is_ours: bool) -> Option<No> {
    let no = |error: PageError, lead: &'static str| Some(if is_change { No::Error(error) } else { No::Lead(lead) });
    match (rule, who) {
        (Rule::Anybody, _) => None,
        // A page leads to the way in; what would change something is refused. Whoever was just let in and has no cookie has
        // a browser that does not keep it: told, not sent round.
        (_, None) => no(PageError::Out, if form.has(JUST_LOGGED_IN) { "/login?kept=no" } else { "/login" }),
        (Rule::Only(_), Some(who)) if who.session.is_locked => {
            if path == LOCK {
                return Some(No::Lead("/locked"));
            }
            no(PageError::Locked, "/locked")
        }
        (Rule::Only(roles), Some(who)) if !roles.contains(&who.role()) => Some(No::Error(PageError::Forbidden)),
        (_, Some(_)) if !is_ours => Some(No::Error(PageError::NotOurs)),
        (Rule::Only(_), Some(who)) if desk.has_to_set_up(&who.session.mediator) && !SET_UP.iter().any(|open| path.starts_with(open)) => {
            no(PageError::Forbidden, "/account")
        }
        (Rule::Locked | Rule::Only(_), Some(_)) => None,
    }
}

/// Makes the cookie of somebody who comes in, as text.
pub(super) fn session_cookie(token: &str) -> String {
    cookie(token).to_string()
}

/// Makes the cookie that takes the place of the one before and is gone at once, as text.
pub(super) fn clear_session_cookie() -> String {
    cookie("").max_age(Duration::ZERO).to_string()
}

fn cookie(token: &str) -> CookieBuilder<'_> {
    Cookie::build((COOKIE, token)).path("/").secure(true).http_only(true).same_site(SameSite::Strict)
}

/// What a browser that many use forgets when somebody leaves: pages it kept, and what scripts noted. Not its cookies: those
/// of other programs on this machine are among them.
pub(super) const FORGET: (HeaderName, &str) = (HeaderName::from_static("clear-site-data"), "\"cache\", \"storage\"");

/// Nothing from elsewhere, nothing inline, nothing kept by a browser that many use.
pub(super) const HEADERS: [(header::HeaderName, &str); 7] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; media-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CACHE_CONTROL, "no-store"),
    (header::HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (header::HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn headers(list: &[(&'static str, &str)]) -> HeaderMap {
        list.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::try_from(*value).unwrap())).collect()
    }

    #[test]
    fn the_language_liked_best_is_spoken() {
        for (wanted, language) in [
            ("", Language::Fr),
            ("en;q=0.5, nl;q=0.9", Language::Nl),
            ("es, de-AT;q=0.3, en;q=0.3", Language::De),
            ("en;q=0, fr;q=0.1", Language::Fr),
            ("nl;q=much, EN-gb", Language::En),
            ("zh", Language::default()),
        ] {
            assert_eq!(preferred(&headers(&[("accept-language", wanted)])), language, "{wanted}");
        }
    }

    #[test]
    fn the_cookie_is_for_this_host_alone() {
        let attributes = "; HttpOnly; SameSite=Strict; Secure; Path=/";
        assert_eq!(session_cookie("abc"), format!("__Host-passerelle=abc{attributes}"));
        assert_eq!(clear_session_cookie(), format!("__Host-passerelle={attributes}; Max-Age=0"));
        let sent = headers(&[("cookie", "a=b; __Host-passerelle=abc; passerelle=d"), ("cookie", "e")]);
        assert_eq!(token_of(&sent).as_deref(), Some("abc"));
        assert_eq!(token_of(&headers(&[("cookie", "passerelle=d; a")])), None);
    }

    #[test]
    fn forms_of_others_are_known_by_what_browsers_say() {
        let host = ("host", "desk.example.org");
        for (told, is_ours) in [
            (("sec-fetch-site", "same-origin"), true),
            (("sec-fetch-site", "same-site"), false),
            (("origin", "https://desk.example.org"), true),
            (("origin", "https://evil.example.org"), false),
            // A page that sends no `Referer`, in a browser that does not know the other header.
            (("origin", "null"), true),
        ] {
            assert_eq!(comes_from_us(&headers(&[host, told])), is_ours, "{told:?}");
        }
    }
}
