//! What all pages share.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use askama::Template;
use axum::http::header;
use axum::response::{Html, IntoResponse, Response};
use directory::language::Language;
use directory::phone::{Country, Phone};

use super::guard::Who;
use super::{Desk, PageError};

/// A page's frame: who looks at it, in what language.
#[derive(Clone)]
pub(super) struct Page {
    desk: Arc<Desk>,
    pub(super) language: Language,
    who: Option<Who>,
    /// What its forms carry: its own mark behind what all forms of the session have.
    csrf: String,
    /// The part of the desk that it belongs to.
    pub(super) part: &'static str,
    /// The address under which what is typed on it is kept; empty where nothing is.
    work: String,
}

impl Page {
    /// A page for whoever is in.
    pub(super) fn of(desk: &Arc<Desk>, who: &Who, part: &'static str) -> Self {
        let mark = desk.pages.fetch_add(1, Ordering::Relaxed);
        let csrf = format!("{}.{mark:x}", who.form_token);
        Self { desk: Arc::clone(desk), language: who.language(), who: Some(who.clone()), csrf, part, work: String::new() }
    }

    /// The same, with a form (`id="work"`) that is kept when the desk is locked.
    pub(super) fn working(mut self, address: &str) -> Self {
        address.clone_into(&mut self.work);
        self
    }

    /// A page for whoever is not.
    pub(super) fn outside(desk: &Arc<Desk>, language: Language) -> Self {
        Self { desk: Arc::clone(desk), language, who: None, csrf: String::new(), part: "", work: String::new() }
    }

    pub(super) fn say(&self, key: &str) -> String {
        self.desk.phrases.say(self.language, key)
    }

    pub(super) fn with(&self, key: &str, name: &'static str, value: impl std::fmt::Display) -> String {
        self.desk.phrases.with(self.language, key, &[(name, &value.to_string())])
    }

    pub(super) fn with2(&self, key: &str, one: (&'static str, &str), other: (&'static str, &str)) -> String {
        self.desk.phrases.with(self.language, key, &[one, other])
    }

    /// A member of a closed list, by the list's name: `why`, `full`.
    pub(super) fn member(&self, list: &str, id: &str) -> String {
        self.say(&format!("{list}-{id}"))
    }

    pub(super) fn code(&self) -> &'static str {
        self.language.code()
    }

    pub(super) fn name(&self) -> &str {
        self.who.as_ref().map_or("", Who::name)
    }

    /// What forms carry.
    pub(super) fn csrf(&self) -> &str {
        &self.csrf
    }

    /// Where what is typed on it is kept.
    pub(super) fn work(&self) -> &str {
        &self.work
    }

    /// True where its form holds what was typed before and could not be sent.
    pub(super) fn is_typed(&self) -> bool {
        self.who.as_ref().is_some_and(|who| who.is_typed)
    }

    /// The parts of the desk that this person sees: address, name.
    pub(super) fn parts(&self) -> Vec<(&'static str, &'static str)> {
        PARTS.iter().copied().filter(|(address, _)| self.is_in() && self.may_read(address)).collect()
    }

    pub(super) fn is_in(&self) -> bool {
        self.who.as_ref().is_some_and(|who| !who.session.is_locked)
    }

    /// True where the table of routes lets this person read that page.
    fn may_read(&self, address: &str) -> bool {
        self.who.as_ref().is_some_and(|who| super::may_read(address, who.role()))
    }

    /// True for whoever helps visitors.
    pub(super) fn helps(&self) -> bool {
        self.may_read("/slip")
    }

    /// The page in a language of its own.
    pub(super) fn in_language(mut self, language: Language) -> Self {
        self.language = language;
        self
    }

    /// What was changed of a record, in words.
    pub(super) fn changed(&self, field: &str) -> String {
        self.say(&format!("field-{}", field.replace('_', "-")))
    }
}

#[expect(clippy::unused_self, clippy::trivially_copy_pass_by_ref, reason = "templates call what a page has, and hand over references")]
impl Page {
    /// True for the same text, however it is held.
    pub(super) fn is(&self, one: impl AsRef<str>, other: impl AsRef<str>) -> bool {
        one.as_ref() == other.as_ref()
    }

    /// A number as people here write it.
    pub(super) fn phone(&self, number: &str) -> String {
        Phone::parse(number, Country::default()).map_or_else(|| number.to_owned(), |phone| phone.national())
    }

    /// How many calls were made, how many of them in time, how soon.
    pub(super) fn calls_in_words(&self, count: &u64, in_time: &u64, median: &i64) -> String {
        let values = [("count", count.to_string()), ("number", in_time.to_string()), ("hours", median.to_string())];
        let values: Vec<(&'static str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.desk.phrases.with(self.language, "figures-calls-made", &values)
    }

    /// The languages there are, with their own names.
    pub(super) fn languages(&self) -> [(&'static str, &'static str); 4] {
        [("fr", "Français"), ("nl", "Nederlands"), ("de", "Deutsch"), ("en", "English")]
    }
}

/// The desk's parts, in the order of their keys.
const PARTS: [(&str, &str); 11] = [
    ("/", "search"),
    ("/slip", "slip"),
    ("/visit", "visit"),
    ("/calls", "calls"),
    ("/verify", "verify"),
    ("/figures", "figures"),
    ("/imports", "imports"),
    ("/places", "places"),
    ("/account", "account"),
    ("/mediators", "mediators"),
    ("/audit", "audit"),
];

/// A page, written.
pub(super) fn html(template: &impl Template) -> Result<Response, PageError> {
    Ok(Html(template.render()?).into_response())
}

/// A page that needs nobody: what went wrong.
pub(super) fn alone(language: Language, title: &str, text: &str, way_out: &str) -> Html<String> {
    Html(format!(
        "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title><link rel=\"stylesheet\" href=\"/desk.css\"></head>\
         <body><main><h1>{title}</h1><p class=\"notice\" role=\"alert\">{text}</p><p><a class=\"button\" href=\"/\">{way_out}</a></p></main></body></html>",
        language.code()
    ))
}

pub(super) async fn css() -> Response {
    kept("text/css; charset=utf-8", include_str!("pages/desk.css"))
}

pub(super) async fn script() -> Response {
    kept("text/javascript; charset=utf-8", include_str!("pages/desk.js"))
}

/// The same for everybody, until the next program.
fn kept(kind: &'static str, text: &'static str) -> Response {
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "max-age=600")], text).into_response()
}
