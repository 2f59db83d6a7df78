//! One's own account: language, the code of the lock, one-time codes, and the links that others made for it.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::Duration;
use data_encoding::BASE64;
use db::Sealed;
use db::audit::{Action, Deed};
use directory::language::Language;
use qrcode::QrCode;
use qrcode::render::svg;

use super::error::{PageResult, page};
use super::form::Form;
use super::guard::Who;
use super::page::{Page, html};
use super::work::Work;
use super::{Desk, PageError, secret};
use application::keys::{KeyError, random};

/// A link that somebody else made for an account is shown to its owner for this long.
const LINKS_SHOWN: Duration = Duration::days(30);

#[derive(Template)]
#[template(path = "account.html")]
#[expect(clippy::struct_excessive_bools, reason = "each is a thing of its own that the page asks")]
struct AccountPage {
    page: Page,
    role: &'static str,
    needs_code: bool,
    needs_pin: bool,
    has_code: bool,
    /// Links to a new password that others made, in words.
    links: Vec<String>,
    /// The new secret, to be typed or scanned.
    secret: String,
    picture: String,
    wrong: Option<String>,
    done: bool,
}

pub(super) async fn page(State(desk): State<Arc<Desk>>, who: Who, form: Form) -> PageResult {
    page!(desk, who.language(), desk.account_page(&who, None, form.has("done")).await)
}

impl Desk {
    /// The page, with a secret of one-time codes that counts once its first code was typed. It is kept with what this person
    /// is at, sealed: a form does not bring another one.
    async fn account_page(self: &Arc<Self>, who: &Who, wrong: Option<&str>, done: bool) -> Result<Response, PageError> {
        let page = Page::of(self, who, "account");
        let mediator = &who.session.mediator;
        let letters = if mediator.totp.is_some() { String::new() } else { self.proposed(who).await? };
        let address = format!("otpauth://totp/Passerelle?secret={letters}&issuer=Passerelle");
        let picture = QrCode::new(address.as_bytes()).map(|code| code.render::<svg::Color<'_>>().min_dimensions(180, 180).build());
        html(&AccountPage {
            role: who.role().id(),
            needs_code: self.needs_code(mediator),
            needs_pin: !mediator.has_long_pin,
            has_code: mediator.totp.is_some(),
            links: self.links_in_words(&page, who.id()).await?,
            secret: letters,
            picture: BASE64.encode(picture.unwrap_or_default().as_bytes()),
            wrong: wrong.map(|key| page.say(key)),
            done,
            page,
        })
    }

    /// The secret that is shown to this person, in letters; a new one where there is none.
    async fn proposed(&self, who: &Who) -> Result<String, PageError> {
        let mut work = Work::of(who);
        if let Some(letters) = &work.proposed {
            return Ok(letters.clone());
        }
        let letters = secret::base32(&random::<{ secret::TOTP_SECRET }>()?);
        work.proposed = Some(letters.clone());
        work.keep(self, who).await?;
        Ok(letters)
    }

    /// The links to a new password of that account that others made in the last weeks.
    pub(super) async fn links_in_words(&self, page: &Page, account: i64) -> Result<Vec<String>, PageError> {
        let links = self.engine.store.links_made(account, self.now() - LINKS_SHOWN).await?;
        if links.is_empty() {
            return Ok(Vec::new());
        }
        let names = self.names().await?;
        let in_words = links.into_iter().map(|(at, by)| {
            let when = at.with_timezone(&self.engine.zone).format("%d/%m/%Y %H:%M").to_string();
            page.with2("account-link", ("when", &when), ("name", &names.of(page, by)))
        });
        Ok(in_words.collect())
    }

    /// True where that is the password of whoever is in, or else the sentence that says why not.
    async fn has_password(&self, who: &Who, form: &Form) -> Result<Result<(), &'static str>, PageError> {
        let Some(tried) = self.try_to_change(who.id()).await? else { return Ok(Err("login-wait")) };
        if secret::is_secret(form.get("password").to_owned(), who.session.mediator.password.clone()).await {
            self.was_right(tried).await?;
            return Ok(Ok(()));
        }
        self.engine.store.audit(&Deed::of(who.id(), Action::WrongPassword, self.now()).to(who.id())).await?;
        Ok(Err("password-wrong"))
    }
}

pub(super) async fn language(State(desk): State<Arc<Desk>>, who: Who, form: Form) -> PageResult {
    page!(desk, who.language(), {
        let language = Language::from_code(form.get("language")).ok_or(PageError::NotFound)?;
        desk.engine.store.set_desk_language(who.id(), language).await?;
        Ok(Redirect::to("/account").into_response())
    })
}

/// Asks for one-time codes from now on, once the first one is right; or, with the code in force, asks for none any more.
/// Either way for the password too: a desk left open for a moment is not enough.
pub(super) async fn set_code(State(desk): State<Arc<Desk>>, who: Who, form: Form) -> PageResult {
    page!(desk, who.language(), {
        let (mediator, now) = (&who.session.mediator, desk.now());
        let store = &desk.engine.store;
        // The code is tried as often as the password: both have to be right at once.
        let Some(tried) = desk.try_to_change(who.id()).await? else {
            return desk.account_page(&who, Some("login-wait"), false).await;
        };
        let is_password = secret::is_secret(form.get("password").to_owned(), mediator.password.clone()).await;
        let secret = match &mediator.totp {
            Some(sealed) => Some(desk.engine.keys.open_totp(mediator.id, sealed).map_err(KeyError::from)?),
            None => Work::of(&who).proposed.as_deref().and_then(secret::from_base32).map(Vec::from),
        };
        let step = secret.as_deref().and_then(|secret| secret::totp_step(secret, form.get("code"), now.timestamp()));
        let step = step.filter(|step| mediator.totp.is_none() || *step > mediator.totp_step);
        let (Some(secret), Some(step), true) = (secret, step, is_password) else {
            store.audit(&Deed::of(who.id(), Action::WrongPassword, now).to(who.id())).await?;
            return desk.account_page(&who, Some("code-or-password-wrong"), false).await;
        };
        let action = if mediator.totp.is_some() {
            store.set_totp(mediator.id, None).await?;
            Action::CodesOff
        } else {
            let sealed: Sealed = desk.engine.keys.seal_totp(mediator.id, &secret)?;
            store.set_totp(mediator.id, Some((&sealed, step))).await?;
            let mut work = Work::of(&who);
            work.proposed = None;
            work.keep(&desk, &who).await?;
            Action::CodesOn
        };
        desk.was_right(tried).await?;
        store.audit(&Deed::of(who.id(), action, now).to(who.id())).await?;
        Ok(Redirect::to("/account?done=1").into_response())
    })
}

/// A new code for the lock.
pub(super) async fn set_pin(State(desk): State<Arc<Desk>>, who: Who, form: Form) -> PageResult {
    page!(desk, who.language(), {
        let pin = form.get("pin");
        if !secret::is_pin(pin) {
            return desk.account_page(&who, Some("first-pin"), false).await;
        }
        if let Err(key) = desk.has_password(&who, &form).await? {
            return desk.account_page(&who, Some(key), false).await;
        }
        desk.engine.store.set_pin(who.id(), &secret::hash(pin.to_owned()).await?).await?;
        desk.engine.store.audit(&Deed::of(who.id(), Action::NewPin, desk.now()).to(who.id())).await?;
        Ok(Redirect::to("/account?done=1").into_response())
    })
}
