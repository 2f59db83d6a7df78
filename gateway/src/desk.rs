//! The mediators' desk: pages for the people who help people, on a listener of their own.
//!
//! Written on the server, usable without scripts; a small script saves page loads where there is one. `guard` is the one
//! layer that every route passes: the table below names for each who may use it.

mod account;
mod audit;
mod calls;
mod edit;
mod error;
mod figures;
mod form;
mod guard;
mod imports;
mod once;
mod own;
mod page;
mod people;
mod phrases;
mod places;
mod search;
pub mod secret;
mod slip;
mod text;
mod tries;
mod typed;
mod verify;
mod view;
mod visit;
mod waiting;
mod work;

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{from_fn_with_state, map_response};
use axum::response::Response;
use axum::routing::{MethodFilter, on};
use chrono::{DateTime, NaiveDate, Utc};
use db::mediator::{Mediator, Role};
use directory::phone::Phone;
use printer::phrases::SlipPhrases;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::timeout::TimeoutLayer;

use self::error::{Kept, PageError};
use self::guard::{ALL, HELPERS, KEEPERS, OPERATORS, guard};
pub use self::guard::{COOKIE, FORM_TOKEN, Rule};
use self::once::Turns;
use self::phrases::Phrases;
use crate::config::Telegram;
use crate::source::Reader;
use application::keys::random;
use application::print_queue::Lines;
use application::turn::TurnService;

/// A page that takes longer is given up.
pub const DEADLINE: std::time::Duration = std::time::Duration::from_secs(30);

/// What the pages need.
#[derive(Debug)]
pub struct Desk {
    engine: Arc<TurnService>,
    phrases: Phrases,
    /// The sentences of slips, for days and hours in full words, and for slips.
    slips: SlipPhrases,
    settings: Settings,
    /// Forms of one session wait for one another.
    turns: Turns,
    /// Tells pages apart, so that a form that is sent twice is known.
    pages: AtomicU64,
    /// Sources that are being read: whoever ends the desk ends them.
    readings: tokio::sync::Mutex<tokio::task::JoinSet<()>>,
}

/// What the settings say of the desk's pages.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Lines that people write on slips, for the printers of this program.
    pub lines: Arc<Lines>,
    /// The printers of this program.
    pub own_printers: Vec<String>,
    /// Where tickets can be texted to.
    pub text_to: Option<Phone>,
    /// Text messages can be sent.
    pub texts: bool,
    /// Where voice messages are fetched from.
    pub telegram: Telegram,
    /// Reads sources in a program of its own; without it they are read in this one.
    pub reader: Option<Reader>,
    /// Sources may lie on this machine and its neighbours.
    pub local_feeds: bool,
    /// Others than this machine reach the pages (by TLS, through a proxy): who sees numbers of visitors needs one-time codes
    /// then.
    pub is_reached: bool,
}

/// Every route with who may use it, and its handler. A route without a rule is no line of this table.
macro_rules! routes {
    ($($method:ident $path:literal $rule:expr => $handler:path,)+) => {
        /// Method, path and rule of every route.
        pub const RULES: &[(&str, &str, Rule)] = &[$((stringify!($method), $path, $rule)),+];

        fn table(desk: &Arc<Desk>) -> Router<Arc<Desk>> {
            Router::new()$(.route($path, on(MethodFilter::$method, $handler).layer(from_fn_with_state((Arc::clone(desk), $rule), guard))))+
        }
    };
}

routes! {
    GET "/desk.css" Rule::Anybody => page::css,
    GET "/desk.js" Rule::Anybody => page::script,
    GET "/login" Rule::Anybody => account::login_page,
    POST "/login" Rule::Anybody => account::login,
    GET "/first/{token}" Rule::Anybody => account::first_page,
    POST "/first/{token}" Rule::Anybody => account::first,
    POST "/logout" Rule::Locked => account::logout,
    POST "/lock" ALL => account::lock,
    GET "/here" ALL => account::here,
    GET "/locked" Rule::Locked => account::locked_page,
    POST "/unlock" Rule::Locked => account::unlock,
    POST "/language" ALL => own::language,
    GET "/account" ALL => own::page,
    POST "/account/code" ALL => own::set_code,
    POST "/account/pin" ALL => own::set_pin,
    GET "/" ALL => search::page,
    POST "/" ALL => search::ask,
    POST "/search/list" ALL => search::list,
    GET "/record/{code}" ALL => search::record,
    GET "/record/{code}/mirror" ALL => search::mirror,
    GET "/slip" HELPERS => slip::page,
    POST "/slip/add" HELPERS => slip::add,
    POST "/slip/change" HELPERS => slip::change,
    POST "/slip/show" HELPERS => slip::show,
    POST "/slip/print" HELPERS => slip::print,
    GET "/slip/printed/{id}" HELPERS => slip::printed,
    POST "/slip/number" HELPERS => slip::number,
    POST "/slip/send" HELPERS => slip::send,
    GET "/visit" HELPERS => visit::page,
    POST "/visit" HELPERS => visit::keep,
    GET "/calls" HELPERS => calls::page,
    POST "/calls/take" HELPERS => calls::take,
    POST "/calls/outcome" HELPERS => calls::outcome,
    GET "/calls/voice/{id}" HELPERS => calls::voice,
    POST "/calls/heard" HELPERS => calls::heard,
    GET "/record/{code}/edit" ALL => edit::page,
    POST "/record/{code}/edit" ALL => edit::correct,
    POST "/record/{code}/trust" ALL => edit::trust,
    POST "/record/{code}/consent" ALL => edit::consent,
    POST "/lint" ALL => edit::lint,
    GET "/add" ALL => edit::add_page,
    POST "/add" ALL => edit::add,
    GET "/verify" ALL => verify::page,
    POST "/verify" ALL => verify::answer,
    GET "/imports" KEEPERS => imports::page,
    POST "/imports" OPERATORS => imports::add,
    POST "/imports/read" OPERATORS => imports::read,
    POST "/imports/trust" OPERATORS => imports::trust,
    GET "/imports/waiting" KEEPERS => waiting::page,
    POST "/imports/waiting" KEEPERS => waiting::answer,
    GET "/imports/doubles" KEEPERS => imports::duplicates_page,
    POST "/imports/doubles" KEEPERS => imports::duplicates,
    GET "/figures" HELPERS => figures::page,
    GET "/figures/report" HELPERS => figures::report,
    GET "/figures.csv" HELPERS => figures::csv,
    GET "/places" OPERATORS => places::page,
    GET "/mediators" OPERATORS => people::page,
    POST "/mediators" OPERATORS => people::invite,
    POST "/mediators/role" OPERATORS => people::change_role,
    POST "/mediators/remove" OPERATORS => people::remove,
    GET "/audit" OPERATORS => audit::page,
}

impl Desk {
    /// The desk of an engine.
    pub fn new(engine: Arc<TurnService>, settings: Settings) -> anyhow::Result<Self> {
        let (phrases, slips) = (Phrases::shipped()?, SlipPhrases::shipped()?);
        // A program that begins again counts on from elsewhere.
        let pages = AtomicU64::new(u64::from_be_bytes(random()?));
        Ok(Self { engine, phrases, slips, settings, turns: Turns::default(), pages, readings: tokio::sync::Mutex::default() })
    }

    fn now(&self) -> DateTime<Utc> {
        self.engine.clock.now()
    }

    fn today(&self) -> NaiveDate {
        self.now().with_timezone(&self.engine.zone).date_naive()
    }

    /// The day, counted from 1970, as forms say it.
    fn utc_day(&self) -> i64 {
        self.now().timestamp().div_euclid(24 * 60 * 60)
    }

    /// Somebody who sees numbers of visitors, and whom others could be with a password alone.
    fn needs_code(&self, mediator: &Mediator) -> bool {
        self.settings.is_reached && mediator.totp.is_none() && may_read("/calls", mediator.role)
    }

    /// Somebody who has to set up a code before anything else.
    fn has_to_set_up(&self, mediator: &Mediator) -> bool {
        self.needs_code(mediator) || !mediator.has_long_pin
    }
}

/// True where the table of routes lets that role read a page.
fn may_read(address: &str, role: Role) -> bool {
    let found = RULES.iter().find(|(method, path, _)| *method == "GET" && *path == address).map(|(_, _, rule)| *rule);
    matches!(found, Some(Rule::Only(roles)) if roles.contains(&role))
}

/// All pages.
pub fn router(desk: Arc<Desk>) -> Router {
    table(&desk)
        .fallback(nowhere)
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, DEADLINE))
        .layer(CatchPanicLayer::new())
        .layer(map_response(put_headers))
        .with_state(desk)
}

async fn nowhere(State(desk): State<Arc<Desk>>, headers: axum::http::HeaderMap) -> Response {
    desk.error_page(&PageError::NotFound, guard::preferred(&headers))
}

async fn put_headers(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in guard::HEADERS {
        // Drawings and styles say themselves how long they may be kept.
        if name != header::CACHE_CONTROL || !headers.contains_key(header::CACHE_CONTROL) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    response
}
