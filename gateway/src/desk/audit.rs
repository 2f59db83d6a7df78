//! Who did what at the desk, for operators to read: lines of a year, without anything of visitors.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::error::{PageResult, page};
use super::form::Form;
use super::guard::Who;
use super::page::{Page, html};
use super::{Desk, PageError};

/// Lines of one page.
const LINES: i64 = 100;

/// One line in words.
struct Line {
    at: String,
    who: String,
    what: String,
    /// The account it was done to.
    account: Option<String>,
    /// The entry it was done to.
    code: Option<String>,
}

#[derive(Template)]
#[template(path = "audit.html")]
struct AuditPage {
    page: Page,
    lines: Vec<Line>,
    /// The number of the last line, where there are more.
    older: Option<i64>,
}

/// The names of accounts, by their numbers.
pub(super) struct Names(BTreeMap<i64, String>);

impl Names {
    /// The name of an account, of one that was closed, or of the machine's command line.
    pub(super) fn of(&self, page: &Page, account: Option<i64>) -> String {
        match account {
            Some(id) => self.0.get(&id).cloned().unwrap_or_else(|| page.with("audit-closed", "number", id)),
            None => page.say("audit-machine"),
        }
    }
}

impl Desk {
    pub(super) async fn names(&self) -> Result<Names, PageError> {
        Ok(Names(self.engine.store.mediators().await?.into_iter().map(|mediator| (mediator.id, mediator.name)).collect()))
    }
}

pub(super) async fn page(State(desk): State<Arc<Desk>>, who: Who, form: Form) -> PageResult {
    page!(desk, who.language(), read(&desk, &who, &form).await)
}

async fn read(desk: &Arc<Desk>, who: &Who, form: &Form) -> Result<Response, PageError> {
    let page = Page::of(desk, who, "audit");
    let (names, deeds) = (desk.names().await?, desk.engine.store.audited(form.get("before").parse().ok(), LINES).await?);
    let older = deeds.last().map(|(id, _)| *id).filter(|_| i64::try_from(deeds.len()) == Ok(LINES));
    let lines = deeds.into_iter().map(|(_, deed)| Line {
        at: deed.at.with_timezone(&desk.engine.zone).format("%d/%m/%Y %H:%M").to_string(),
        who: names.of(&page, deed.mediator),
        what: page.member("did", deed.action.id()),
        account: deed.account.map(|account| names.of(&page, Some(account))),
        code: deed.code,
    });
    html(&AuditPage { lines: lines.collect(), older, page })
}
