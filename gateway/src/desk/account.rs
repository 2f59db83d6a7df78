//! The way in and out, and the lock.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use db::audit::{Action, Deed};
use db::mediator::Mediator;

use super::error::{PageResult, page};
use super::form::Form;
use super::guard::{self, Tongue, Whence, Who};
use super::page::{Page, html};
use super::{Desk, PageError, secret, typed};

/// Wrong codes at a locked desk before whoever is in is out.
const MOST_PINS: i64 = 5;

#[derive(Template)]
#[template(path = "login.html")]
struct LoginPage {
    page: Page,
    name: String,
    wrong: Option<String>,
}

pub(super) async fn login_page(State(desk): State<Arc<Desk>>, Tongue(language): Tongue, form: Form) -> PageResult {
    page!(desk, language, {
        let page = Page::outside(&desk, language);
        let wrong = form.has("kept").then(|| page.say("login-no-cookie"));
        html(&LoginPage { page, name: String::new(), wrong })
    })
}

pub(super) async fn login(State(desk): State<Arc<Desk>>, Tongue(language): Tongue, whence: Whence, form: Form) -> PageResult {
    page!(desk, language, {
        let (name, password) = (form.get("name"), form.get("password"));
        match let_in(&desk, name, password, form.get("code"), &whence).await? {
            Ok((token, mediator)) => {
                let way_on = typed::way_on(&desk, mediator).await?;
                let mark = if way_on.contains('?') { '&' } else { '?' };
                let led = Redirect::to(&format!("{way_on}{mark}{}=1", guard::JUST_LOGGED_IN));
                Ok(([(header::SET_COOKIE, guard::session_cookie(&token))], led).into_response())
            }
            Err(key) => {
                let page = Page::outside(&desk, language);
                let wrong = Some(page.say(key));
                html(&LoginPage { page, name: name.to_owned(), wrong })
            }
        }
    })
}

/// The token of a new session and whose it is, or the sentence that says why not. Whether there is such a name is not
/// said, nor does it take another time.
async fn let_in(desk: &Desk, name: &str, password: &str, code: &str, whence: &Whence) -> Result<Result<(String, i64), &'static str>, PageError> {
    let Some(tried) = desk.try_to_come_in(name, whence).await? else { return Ok(Err("login-wait")) };
    let (store, keys, now) = (&desk.engine.store, &desk.engine.keys, desk.now());
    let known = store.mediator(name).await?;
    let hashed = known.as_ref().and_then(|known| known.password.clone());
    let is_right = secret::is_secret(password.to_owned(), hashed).await;
    let Some(known) = known else {
        desk.was_wrong(None).await?;
        return Ok(Err("login-wrong"));
    };
    let step = match &known.totp {
        Some(sealed) => keys.open_totp(known.id, sealed).ok().and_then(|secret| secret::totp_step(&secret, code, now.timestamp())),
        None => None,
    };
    if !is_right || (known.totp.is_some() && step.is_none()) {
        desk.was_wrong(Some(known.id)).await?;
        // The code is asked for on the same page: which of both was wrong is not said.
        return Ok(Err("login-wrong"));
    }
    let token = secret::token()?;
    if !store.begin_desk_session(known.id, &keys.desk_session(&token), step, now).await? {
        return Ok(Err("login-code-used"));
    }
    desk.was_right(tried).await?;
    store.audit(&Deed::of(known.id, Action::Login, now)).await?;
    Ok(Ok((token, known.id)))
}

#[derive(Template)]
#[template(path = "first.html")]
struct FirstPage {
    page: Page,
    token: String,
    name: String,
    wrong: Option<String>,
}

pub(super) async fn first_page(State(desk): State<Arc<Desk>>, Tongue(language): Tongue, Path(token): Path<String>) -> PageResult {
    page!(desk, language, {
        let invited = desk.engine.store.invited(&secret::token_hash(&token), desk.now()).await?;
        let Mediator { name, .. } = invited.ok_or(PageError::Wrong("first-void"))?;
        html(&FirstPage { page: Page::outside(&desk, language), token, name, wrong: None })
    })
}

pub(super) async fn first(State(desk): State<Arc<Desk>>, Tongue(language): Tongue, Path(token): Path<String>, form: Form) -> PageResult {
    page!(desk, language, {
        let hash = secret::token_hash(&token);
        let invited = desk.engine.store.invited(&hash, desk.now()).await?;
        let Mediator { id, name, .. } = invited.ok_or(PageError::Wrong("first-void"))?;
        let (password, again, pin) = (form.get("password"), form.get("again"), form.get("pin"));
        let wrong = match () {
            () if password.chars().count() < secret::SHORTEST_PASSWORD => Some("first-short"),
            () if password != again => Some("first-differs"),
            () if !secret::is_pin(pin) => Some("first-pin"),
            () => None,
        };
        if let Some(key) = wrong {
            let page = Page::outside(&desk, language);
            let wrong = Some(page.say(key));
            return html(&FirstPage { page, token, name, wrong });
        }
        let (password, pin) = (secret::hash(password.to_owned()).await?, secret::hash(pin.to_owned()).await?);
        if !desk.engine.store.accept_invitation(&hash, &password, &pin, language, desk.now()).await? {
            return Err(PageError::Wrong("first-void"));
        }
        desk.engine.store.audit(&Deed::of(id, Action::Begun, desk.now()).to(id)).await?;
        tracing::info!("desk.account_begun");
        Ok(Redirect::to("/login").into_response())
    })
}

pub(super) async fn logout(State(desk): State<Arc<Desk>>, who: Who) -> PageResult {
    page!(desk, who.language(), {
        desk.engine.store.end_desk_session(&who.token).await?;
        Ok(out())
    })
}

/// The way out: the cookie goes, and what the browser kept.
fn out() -> Response {
    let (name, value) = guard::FORGET;
    ([(header::SET_COOKIE, guard::clear_session_cookie())], [(name, value)], Redirect::to("/login")).into_response()
}

/// Locks the desk; what was typed on the page is kept.
pub(super) async fn lock(State(desk): State<Arc<Desk>>, who: Who, form: Form) -> PageResult {
    page!(desk, who.language(), {
        typed::keep(&desk, "/lock", &form, form.get(guard::FORM_TOKEN)).await?;
        desk.engine.store.lock_desk(&who.token).await?;
        Ok(Redirect::to("/locked").into_response())
    })
}

/// Somebody is still there: nothing to show.
pub(super) async fn here(_: Who) -> StatusCode {
    StatusCode::NO_CONTENT
}

#[derive(Template)]
#[template(path = "locked.html")]
struct LockedPage {
    page: Page,
    wrong: Option<String>,
}

pub(super) async fn locked_page(State(desk): State<Arc<Desk>>, who: Who) -> PageResult {
    page!(desk, who.language(), {
        if !who.session.is_locked {
            return way_on(&desk, &who).await;
        }
        html(&LockedPage { page: Page::of(&desk, &who, ""), wrong: None })
    })
}

pub(super) async fn unlock(State(desk): State<Arc<Desk>>, who: Who, form: Form) -> PageResult {
    page!(desk, who.language(), {
        let store = &desk.engine.store;
        // Opened in another window.
        if !who.session.is_locked {
            return way_on(&desk, &who).await;
        }
        // Counted before it is looked at: codes tried at the same time are counted too.
        if store.count_wrong_pin(&who.token).await? > MOST_PINS {
            store.end_desk_session(&who.token).await?;
            store.audit(&Deed::of(who.id(), Action::WrongPins, desk.now())).await?;
            return Ok(out());
        }
        if secret::is_secret(form.get("pin").to_owned(), who.session.mediator.pin.clone()).await {
            store.unlock_desk(&who.token).await?;
            return way_on(&desk, &who).await;
        }
        let page = Page::of(&desk, &who, "");
        let wrong = Some(page.say("pin-wrong"));
        html(&LockedPage { page, wrong })
    })
}

async fn way_on(desk: &Desk, who: &Who) -> Result<Response, PageError> {
    Ok(Redirect::to(&typed::way_on(desk, who.id()).await?).into_response())
}
