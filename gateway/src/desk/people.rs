//! Who has an account: invitations, roles, removals, and what takes two operators.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use db::audit::{Action, Deed};
use db::mediator::{Mediator, Role};

use super::error::{PageResult, page};
use super::form::Form;
use super::guard::Who;
use super::page::{Page, html};
use super::{Desk, PageError, secret};

/// Longest name, in characters.
const LONGEST_NAME: usize = 60;

/// What takes two operators, as the database says it: a link. Roles are `role`, and which.
const LINK: &str = "link";

/// An account, with what an operator asked for about it that waits for a second one.
struct Account {
    mediator: Mediator,
    asked: Vec<String>,
}

#[derive(Template)]
#[template(path = "mediators.html")]
struct MediatorsPage {
    page: Page,
    accounts: Vec<Account>,
    roles: &'static [Role],
    said: Said,
    /// What was typed into the form of a new account.
    name: String,
    role: Role,
}

/// What a page says of what was done.
#[derive(Default)]
struct Said {
    /// The link that was just made, and for whom.
    link: Option<(String, String)>,
    notice: Option<String>,
}

pub(super) async fn page(State(desk): State<Arc<Desk>>, who: Who, form: Form) -> PageResult {
    page!(desk, who.language(), {
        let page = Page::of(&desk, &who, "mediators");
        let second = who.is_typed || form.get("asked").is_empty();
        let notice = (!second).then(|| page.say("mediators-second"));
        desk.people_page(page, &form, Said { notice, ..Said::default() }).await
    })
}

impl Desk {
    async fn people_page(self: &Arc<Self>, page: Page, form: &Form, said: Said) -> Result<Response, PageError> {
        let (store, now) = (&self.engine.store, self.now());
        let (mediators, waiting, names) = (store.mediators().await?, store.asked(now).await?, self.names().await?);
        let asked = |account: i64| {
            let of_it = waiting.iter().filter(move |(known, ..)| *known == account);
            of_it.map(|(_, what, by)| {
                let what = match what.strip_prefix("role ") {
                    Some(role) => page.member("role", role),
                    None => page.say("mediators-link-again"),
                };
                page.with2("mediators-asked", ("name", &names.of(&page, Some(*by))), ("what", &what))
            })
        };
        let accounts = mediators.into_iter().map(|mediator| Account { asked: asked(mediator.id).collect(), mediator }).collect();
        let role = Role::from_id(form.get("role")).unwrap_or(Role::Mediator);
        html(&MediatorsPage { accounts, roles: Role::ALL, said, name: form.get("name").to_owned(), role, page: page.working("/mediators") })
    }

    /// True where that may be done to that account: it is no operator's, or two operators want the same, or there is no
    /// second one to ask.
    async fn is_agreed(&self, who: &Who, known: &Mediator, what: &str) -> Result<bool, PageError> {
        if known.role != Role::Operator || known.password.is_none() || known.id == who.id() {
            return Ok(true);
        }
        let is_another = |other: &Mediator| other.role == Role::Operator && other.password.is_some() && ![who.id(), known.id].contains(&other.id);
        if !self.engine.store.mediators().await?.iter().any(is_another) {
            return Ok(true);
        }
        let is_agreed = self.engine.store.agree(known.id, what, who.id(), self.now()).await?;
        if !is_agreed {
            self.engine.store.audit(&Deed::of(who.id(), Action::Asked, self.now()).to(known.id)).await?;
        }
        Ok(is_agreed)
    }
}

/// Opens an account, or makes a link to a new password for one that there is. That one keeps its role, and its owner is told.
pub(super) async fn invite(State(desk): State<Arc<Desk>>, who: Who, form: Form) -> PageResult {
    page!(desk, who.language(), {
        let (store, now) = (&desk.engine.store, desk.now());
        let name = form.get("name");
        if name.is_empty() || name.chars().count() > LONGEST_NAME {
            return Err(PageError::Wrong("mediators-no-name"));
        }
        let known = store.mediator(name).await?;
        if let Some(known) = &known
            && !desk.is_agreed(&who, known, LINK).await?
        {
            return Ok(Redirect::to("/mediators?asked=1").into_response());
        }
        let role = Role::from_id(form.get("role")).unwrap_or(Role::Mediator);
        let token = secret::token()?;
        let is_new = store.invite(name, role, &secret::token_hash(&token), now).await?;
        let account = store.mediator(name).await?.ok_or(PageError::NotFound)?;
        let had_password = known.is_some_and(|known| known.password.is_some());
        let action = if had_password { Action::NewLink } else { Action::Invited };
        store.audit(&Deed::of(who.id(), action, now).to(account.id)).await?;
        let page = Page::of(&desk, &who, "mediators");
        let role = page.member("role", account.role.id());
        let notice = (!is_new).then(|| page.with2("mediators-known", ("name", name), ("what", &role)));
        let link = Some((name.to_owned(), format!("/first/{token}")));
        desk.people_page(page, &Form::default(), Said { link, notice }).await
    })
}

/// Gives an account another role.
pub(super) async fn change_role(State(desk): State<Arc<Desk>>, who: Who, form: Form) -> PageResult {
    page!(desk, who.language(), {
        let (store, now) = (&desk.engine.store, desk.now());
        let known = store.mediator(form.get("name")).await?.ok_or(PageError::NotFound)?;
        let role = Role::from_id(form.get("role")).ok_or(PageError::NotFound)?;
        // The last operator would be none any more.
        if known.id == who.id() {
            return Err(PageError::Wrong("mediators-not-own-role"));
        }
        if known.role != role {
            if !desk.is_agreed(&who, &known, &format!("role {}", role.id())).await? {
                return Ok(Redirect::to("/mediators?asked=1").into_response());
            }
            store.set_role(known.id, role).await?;
            store.audit(&Deed::of(who.id(), Action::Role, now).to(known.id)).await?;
        }
        Ok(Redirect::to("/mediators").into_response())
    })
}

pub(super) async fn remove(State(desk): State<Arc<Desk>>, who: Who, form: Form) -> PageResult {
    page!(desk, who.language(), {
        let store = &desk.engine.store;
        let name = form.get("name");
        // Whoever locks themselves out has nobody to let them in again.
        if name == who.name() {
            return Err(PageError::Wrong("mediators-not-yourself"));
        }
        if let Some(known) = store.mediator(name).await? {
            store.remove_mediator(name).await?;
            store.audit(&Deed::of(who.id(), Action::Removed, desk.now()).to(known.id)).await?;
        }
        Ok(Redirect::to("/mediators").into_response())
    })
}
