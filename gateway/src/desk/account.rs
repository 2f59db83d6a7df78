//! The way in and out, the lock, one-time codes, and who has an account.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use db::Sealed;
use db::mediator::{Mediator, Role};
use directory::language::Language;
use qrcode::QrCode;
use qrcode::render::svg;

use super::form::Form;
use super::guard::{self, Tongue, Who};
use super::page::{Page, html};
use super::{Desk, Trouble, secret};
use crate::keys::random;

/// Wrong codes at a locked desk before whoever is in is out.
const MOST_PINS: i64 = 5;

/// Longest name, in characters.
const LONGEST_NAME: usize = 60;

type Answer = Result<Response, Refused>;

/// Trouble, in somebody's language.
pub(super) struct Refused(pub(super) Arc<Desk>, pub(super) Language, pub(super) Trouble);

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        self.0.trouble(&self.2, self.1)
    }
}

/// Says what went wrong in the language of whoever asked.
macro_rules! told {
    ($desk:expr, $language:expr, $work:expr) => {{
        let done: Result<axum::response::Response, $crate::desk::Trouble> = async { $work }.await;
        done.map_err(|trouble| Refused(Arc::clone(&$desk), $language, trouble))
    }};
}

pub(super) use told;

#[derive(Template)]
#[template(path = "login.html")]
struct LoginPage {
    page: Page,
    name: String,
    wrong: Option<String>,
}

pub(super) async fn login_page(State(desk): State<Arc<Desk>>, Tongue(language): Tongue, form: Form) -> Answer {
    told!(desk, language, {
        let page = Page::outside(&desk, language);
        let wrong = form.has("kept").then(|| page.say("login-no-cookie"));
        html(&LoginPage { page, name: String::new(), wrong })
    })
}

pub(super) async fn login(State(desk): State<Arc<Desk>>, Tongue(language): Tongue, form: Form) -> Answer {
    told!(desk, language, {
        let (name, password) = (form.get("name"), form.get("password"));
        match let_in(&desk, name, password, form.get("code")).await? {
            Ok(token) => Ok(([(header::SET_COOKIE, guard::come_in(&token))], Redirect::to(&format!("/?{}=1", guard::JUST_IN))).into_response()),
            Err(key) => {
                let page = Page::outside(&desk, language);
                let wrong = Some(page.say(key));
                html(&LoginPage { page, name: name.to_owned(), wrong })
            }
        }
    })
}

/// The token of a new session, or the sentence that says why not. Whether there is such a name is not said.
async fn let_in(desk: &Desk, name: &str, password: &str, code: &str) -> Result<Result<String, &'static str>, Trouble> {
    let store = &desk.engine.store;
    let (now, known) = (desk.now(), store.mediator(name).await?);
    if known.as_ref().is_some_and(|known| known.barred_until > now && known.barred_until <= now + chrono::Duration::hours(1)) {
        return Ok(Err("login-wait"));
    }
    let is_right = secret::is_secret(password.to_owned(), known.as_ref().and_then(|known| known.password.clone())).await;
    let Some(known) = known else { return Ok(Err("login-wrong")) };
    let step = match &known.totp {
        Some(sealed) => desk.engine.keys.open_totp(known.id, sealed).ok().and_then(|secret| secret::totp_step(&secret, code, now.timestamp())),
        None => None,
    };
    if !is_right || (known.totp.is_some() && step.is_none()) {
        store.count_failure(known.id, now).await?;
        tracing::warn!("desk.wrong_password");
        // The code is asked for on the same page: which of both was wrong is not said.
        return Ok(Err("login-wrong"));
    }
    let token = secret::token()?;
    let begun = store.begin_desk_session(known.id, &secret::token_hash(&token), step, now).await?;
    Ok(if begun { Ok(token) } else { Err("login-code-used") })
}

#[derive(Template)]
#[template(path = "first.html")]
struct FirstPage {
    page: Page,
    token: String,
    name: String,
    wrong: Option<String>,
}

pub(super) async fn first_page(State(desk): State<Arc<Desk>>, Tongue(language): Tongue, Path(token): Path<String>) -> Answer {
    told!(desk, language, {
        let invited = desk.engine.store.invited(&secret::token_hash(&token), desk.now()).await?;
        let Mediator { name, .. } = invited.ok_or(Trouble::Wrong("first-void"))?;
        html(&FirstPage { page: Page::outside(&desk, language), token, name, wrong: None })
    })
}

pub(super) async fn first(State(desk): State<Arc<Desk>>, Tongue(language): Tongue, Path(token): Path<String>, form: Form) -> Answer {
    told!(desk, language, {
        let hash = secret::token_hash(&token);
        let invited = desk.engine.store.invited(&hash, desk.now()).await?;
        let Mediator { name, .. } = invited.ok_or(Trouble::Wrong("first-void"))?;
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
            return Err(Trouble::Wrong("first-void"));
        }
        tracing::info!("desk.account_begun");
        Ok(Redirect::to("/login").into_response())
    })
}

pub(super) async fn logout(State(desk): State<Arc<Desk>>, who: Who) -> Answer {
    told!(desk, who.language(), {
        desk.engine.store.end_desk_session(&who.token).await?;
        Ok(([(header::SET_COOKIE, guard::leave())], Redirect::to("/login")).into_response())
    })
}

pub(super) async fn lock(State(desk): State<Arc<Desk>>, who: Who) -> Answer {
    told!(desk, who.language(), {
        desk.engine.store.lock_desk(&who.token, true).await?;
        Ok(Redirect::to("/locked").into_response())
    })
}

#[derive(Template)]
#[template(path = "locked.html")]
struct LockedPage {
    page: Page,
    wrong: Option<String>,
}

pub(super) async fn locked_page(State(desk): State<Arc<Desk>>, who: Who) -> Answer {
    told!(desk, who.language(), {
        if !who.session.is_locked {
            return Ok(Redirect::to("/").into_response());
        }
        html(&LockedPage { page: Page::of(&desk, &who, ""), wrong: None })
    })
}

pub(super) async fn unlock(State(desk): State<Arc<Desk>>, who: Who, form: Form) -> Answer {
    told!(desk, who.language(), {
        let store = &desk.engine.store;
        // Counted before it is looked at: codes tried at the same time are counted too.
        if store.count_wrong_pin(&who.token).await? > MOST_PINS {
            store.end_desk_session(&who.token).await?;
            return Ok(([(header::SET_COOKIE, guard::leave())], Redirect::to("/login")).into_response());
        }
        if secret::is_secret(form.get("pin").to_owned(), who.session.mediator.pin.clone()).await {
            store.lock_desk(&who.token, false).await?;
            return Ok(Redirect::to("/").into_response());
        }
        let page = Page::of(&desk, &who, "");
        let wrong = Some(page.say("pin-wrong"));
        html(&LockedPage { page, wrong })
    })
}

pub(super) async fn language(State(desk): State<Arc<Desk>>, who: Who, form: Form) -> Answer {
    told!(desk, who.language(), {
        let language = Language::from_code(form.get("language")).ok_or(Trouble::NotFound)?;
        desk.engine.store.set_desk_language(who.session.mediator.id, language).await?;
        Ok(Redirect::to("/account").into_response())
    })
}

#[derive(Template)]
#[template(path = "account.html")]
struct AccountPage {
    page: Page,
    role: &'static str,
    needs_code: bool,
    has_code: bool,
    /// The new secret, to be typed or scanned.
    secret: String,
    picture: String,
    wrong: Option<String>,
}

pub(super) async fn page(State(desk): State<Arc<Desk>>, who: Who) -> Answer {
    told!(desk, who.language(), account_page(&desk, &who, random()?, None))
}

/// The page with a secret that counts once its first code was typed; it is in the form, sealed for this account.
fn account_page(desk: &Arc<Desk>, who: &Who, secret: [u8; secret::TOTP_SECRET], wrong: Option<&str>) -> Result<Response, Trouble> {
    let page = Page::of(desk, who, "account");
    let letters = secret::base32(&secret);
    let address = format!("otpauth://totp/Passerelle?secret={letters}&issuer=Passerelle");
    let picture = QrCode::new(address.as_bytes()).map(|code| code.render::<svg::Color<'_>>().min_dimensions(180, 180).build()).unwrap_or_default();
    let wrong = wrong.map(|key| page.say(key));
    html(&AccountPage {
        role: who.role().id(),
        needs_code: desk.needs_code(&who.session.mediator),
        has_code: who.session.mediator.totp.is_some(),
        secret: letters,
        picture: STANDARD.encode(picture),
        wrong,
        page,
    })
}

/// Asks for one-time codes from now on, once the first one is right; or, with the code in force, asks for none any more.
pub(super) async fn set_code(State(desk): State<Arc<Desk>>, who: Who, form: Form) -> Answer {
    told!(desk, who.language(), {
        let (mediator, now) = (&who.session.mediator, desk.now());
        let store = &desk.engine.store;
        if let Some(sealed) = &mediator.totp {
            let secret = desk.engine.keys.open_totp(mediator.id, sealed).map_err(crate::keys::KeyError::from)?;
            if secret::totp_step(&secret, form.get("code"), now.timestamp()).is_none_or(|step| step <= mediator.totp_step) {
                return account_page(&desk, &who, random()?, Some("code-wrong"));
            }
            store.set_totp(mediator.id, None).await?;
        } else {
            let Some(secret) = secret::from_base32(form.get("secret")) else { return Err(Trouble::Wrong("trouble-not-ours")) };
            let Some(step) = secret::totp_step(&secret, form.get("code"), now.timestamp()) else {
                return account_page(&desk, &who, secret, Some("code-wrong"));
            };
            let sealed: Sealed = desk.engine.keys.seal_totp(mediator.id, &secret)?;
            store.set_totp(mediator.id, Some((&sealed, step))).await?;
        }
        Ok(Redirect::to("/account").into_response())
    })
}

#[derive(Template)]
#[template(path = "mediators.html")]
struct MediatorsPage {
    page: Page,
    mediators: Vec<Mediator>,
    roles: &'static [Role],
    /// The link that was just made, and for whom.
    link: Option<(String, String)>,
}

pub(super) async fn mediators(State(desk): State<Arc<Desk>>, who: Who) -> Answer {
    told!(desk, who.language(), mediators_page(&desk, &who, None).await)
}

async fn mediators_page(desk: &Arc<Desk>, who: &Who, link: Option<(String, String)>) -> Result<Response, Trouble> {
    html(&MediatorsPage { page: Page::of(desk, who, "mediators"), mediators: desk.engine.store.mediators().await?, roles: Role::ALL, link })
}

pub(super) async fn invite(State(desk): State<Arc<Desk>>, who: Who, form: Form) -> Answer {
    told!(desk, who.language(), {
        let name = form.get("name");
        if name.is_empty() || name.chars().count() > LONGEST_NAME {
            return Err(Trouble::Wrong("mediators-no-name"));
        }
        let role = Role::from_id(form.get("role")).unwrap_or(Role::Mediator);
        let token = secret::token()?;
        desk.engine.store.invite(name, role, &secret::token_hash(&token), desk.now()).await?;
        mediators_page(&desk, &who, Some((name.to_owned(), format!("/first/{token}")))).await
    })
}

pub(super) async fn remove(State(desk): State<Arc<Desk>>, who: Who, form: Form) -> Answer {
    told!(desk, who.language(), {
        let name = form.get("name");
        // Whoever locks themselves out has nobody to let them in again.
        if name == who.name() {
            return Err(Trouble::Wrong("mediators-not-yourself"));
        }
        desk.engine.store.remove_mediator(name).await?;
        Ok(Redirect::to("/mediators").into_response())
    })
}
