//! A visit in two taps, filled in from what was searched and printed; and what nobody offers.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use directory::theme::Theme;
use directory::visit::{self, Age, Help, Minutes, Need, Outcome, Visit, Way, Why, week_of};

use super::error::{PageResult, page};
use super::form::Form;
use super::guard::Who;
use super::page::{Page, html};
use super::work::Work;
use super::{Desk, PageError};

/// A member of a list: its name, what is said, whether it is filled in.
struct Member {
    id: &'static str,
    text: String,
    is_on: bool,
}

#[derive(Template)]
#[template(path = "visit.html")]
struct VisitPage {
    page: Page,
    themes: Vec<Member>,
    outcomes: Vec<Member>,
    ways: Vec<Member>,
    minutes: Vec<Member>,
    ages: Vec<Member>,
    helps: Vec<Member>,
    whys: Vec<Member>,
    languages: Vec<Member>,
    postal_code: String,
    words: String,
    /// `y` or `n`, where it was said.
    first: String,
    wrong: Option<String>,
    done: bool,
}

/// Languages in which visitors are helped, most spoken first.
const SPOKEN: [&str; 12] = ["fr", "nl", "de", "en", "ar", "tr", "ro", "es", "uk", "fa", "ti", "other"];

pub(super) async fn page(State(desk): State<Arc<Desk>>, who: Who, form: Form) -> PageResult {
    page!(desk, who.language(), desk.visit_page(&who, &form, None))
}

impl Desk {
    fn visit_page(self: &Arc<Self>, who: &Who, form: &Form, wrong: Option<&str>) -> Result<Response, PageError> {
        let page = Page::of(self, who, "visit").working("/visit");
        let work = Work::of(who);
        let chosen = |field: &'static str, otherwise: &'static str| form.some(field).unwrap_or(otherwise).to_owned();
        let list = |name: &str, ids: Vec<&'static str>, on: &str| -> Vec<Member> {
            ids.into_iter().map(|id| Member { id, text: page.member(name, id), is_on: id == on }).collect()
        };
        let outcome = chosen("outcome", if work.has_slip || !work.basket.is_empty() { Outcome::Answered.id() } else { "" });
        let typed: Vec<Theme> = form.all("theme").filter_map(Theme::from_id).collect();
        let on = if typed.is_empty() { &work.themes } else { &typed };
        let themes = Theme::ALL.iter().map(|theme| Member {
            id: theme.id(),
            text: self.engine.vocabulary.label(*theme, who.language()).to_owned(),
            is_on: on.contains(theme),
        });
        let minutes = chosen("minutes", work.minutes(self.now()).id());
        let spoken = SPOKEN.map(|code| Member { id: code, text: page.member("spoken", code), is_on: code == chosen("language", who.language().code()) });
        html(&VisitPage {
            themes: themes.collect(),
            outcomes: list("outcome", Outcome::ALL.iter().map(|member| member.id()).collect(), &outcome),
            ways: list("way", Way::ALL.iter().map(|member| member.id()).collect(), &chosen("way", Way::Desk.id())),
            minutes: list("minutes", Minutes::ALL.iter().map(|member| member.id()).collect(), &minutes),
            ages: list("age", Age::ALL.iter().map(|member| member.id()).collect(), form.get("age")),
            helps: list("help", Help::ALL.iter().map(|member| member.id()).collect(), form.get("help")),
            whys: list("why", Why::ALL.iter().map(|member| member.id()).collect(), form.get("why")),
            languages: spoken.into(),
            postal_code: form.get("postal_code").to_owned(),
            words: form.get("words").to_owned(),
            first: form.get("first").to_owned(),
            wrong: wrong.map(|key| page.say(key)),
            done: form.has("done"),
            page,
        })
    }
}

/// Keeps a visit; what was searched and printed for it is forgotten, and the next one begins.
pub(super) async fn keep(State(desk): State<Arc<Desk>>, who: Who, form: Form) -> PageResult {
    page!(desk, who.language(), {
        let work = Work::of(&who);
        let themes: Vec<Theme> = form.all("theme").filter_map(Theme::from_id).take(3).collect();
        let Some(outcome) = Outcome::from_id(form.get("outcome")) else { return desk.visit_page(&who, &form, Some("visit-no-outcome")) };
        if themes.is_empty() {
            return desk.visit_page(&who, &form, Some("visit-no-theme"));
        }
        let words = form.some("words").map(ToOwned::to_owned);
        if let Some(found) = words.as_deref().and_then(visit::personal) {
            let key = format!("personal-{}", found.id());
            return desk.visit_page(&who, &form, Some(&key));
        }
        let way = Way::from_id(form.get("way")).unwrap_or(Way::Desk);
        let postal_code = form.get("postal_code");
        let is_known = postal_code.is_empty() || desk.engine.vocabulary.territory().postal_code(postal_code).is_some();
        if !is_known {
            return desk.visit_page(&who, &form, Some("visit-postal-code"));
        }
        let need = Why::from_id(form.get("why")).zip(themes.first()).map(|(why, theme)| Need {
            week: week_of(desk.today()),
            way,
            theme: *theme,
            postal_code: postal_code.to_owned(),
            why,
            words,
        });
        let spoken = SPOKEN.into_iter().find(|code| *code == form.get("language")).unwrap_or("other");
        let visit = Visit {
            day: desk.today(),
            place: desk.engine.desk.as_ref().map(|desk| desk.name.clone()).unwrap_or_default(),
            way,
            language: spoken.to_owned(),
            themes,
            outcome,
            minutes: Minutes::from_id(form.get("minutes")).unwrap_or_else(|| work.minutes(desk.now())),
            age: Age::from_id(form.get("age")),
            is_first: form.some("first").map(|first| first == "y"),
            help: Help::from_id(form.get("help")),
            has_slip: work.has_slip,
        };
        desk.engine.store.keep_visit(&visit, need.as_ref()).await?;
        work.for_the_next().keep(&desk, &who).await?;
        Ok(Redirect::to("/visit?done=1").into_response())
    })
}
