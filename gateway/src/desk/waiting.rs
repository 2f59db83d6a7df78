//! What sources say of places for people in danger or in distress: shown once somebody has looked at it, one a screen.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use db::history::Change;
use db::import::{WaitingWord, WordSettled};
use directory::code::Code;
use directory::language::Language;
use directory::phone::Phone;
use directory::record::Content;

use super::error::{PageResult, page};
use super::form::Form;
use super::guard::Who;
use super::page::{Page, html};
use super::{Desk, PageError};

/// Words looked at to find the one that is shown, which may have been put behind the others.
const MOST: i64 = 200;

/// Where an entry leads, a line for each thing.
struct Told {
    name: String,
    lines: Vec<String>,
}

/// A word that waits.
struct Asked {
    code: Code,
    source: String,
    seal: String,
    shown: Option<Told>,
    said: Told,
}

#[derive(Template)]
#[template(path = "waiting.html")]
struct WaitingPage {
    page: Page,
    asked: Option<Asked>,
    left: i64,
    notice: Option<String>,
}

pub(super) async fn page(State(desk): State<Arc<Desk>>, who: Who) -> PageResult {
    page!(desk, who.language(), desk.waiting_page(&who, None).await)
}

/// Keeps what somebody says to a word: to the very one that they saw.
pub(super) async fn answer(State(desk): State<Arc<Desk>>, who: Who, form: Form) -> PageResult {
    page!(desk, who.language(), {
        let code = Code::parse(form.get("code")).ok_or(PageError::NotFound)?;
        let says = match form.get("answer") {
            "yes" => true,
            "no" => false,
            _ => return Err(PageError::NotFound),
        };
        let change =
            Change { at: desk.now(), mediator: who.name().to_owned(), field: "seen".to_owned(), before: String::new(), after: form.get("answer").to_owned() };
        let territory = desk.engine.vocabulary.territory();
        match desk.engine.store.settle_waiting(code, form.get("seal"), says, &change, territory).await? {
            WordSettled::Kept => Ok(Redirect::to("/imports/waiting").into_response()),
            WordSettled::Overtaken => {
                let page = Page::of(&desk, &who, "imports");
                desk.waiting_page(&who, Some(page.say("waiting-overtaken"))).await
            }
        }
    })
}

impl Desk {
    async fn waiting_page(self: &Arc<Self>, who: &Who, notice: Option<String>) -> Result<Response, PageError> {
        let (words, left) = self.engine.store.waiting(MOST).await?;
        let language = who.language();
        let asked = words.into_iter().next().map(|WaitingWord { code, source, shown, said, seal }| Asked {
            shown: shown.map(|shown| self.told(&shown, language)),
            said: self.told(&said, language),
            code,
            source,
            seal,
        });
        html(&WaitingPage { asked, left, notice, page: Page::of(self, who, "imports") })
    }

    fn told(&self, content: &Content, language: Language) -> Told {
        let numbers = content.contacts.iter().filter_map(|contact| contact.phone.as_ref()).map(Phone::national);
        let others = content.contacts.iter().filter_map(|contact| contact.address.clone());
        let address = [content.address.street_line(), content.address.postal_code.clone(), content.address.locality.clone()];
        let address = address.into_iter().flatten().collect::<Vec<_>>().join(", ");
        let texts = [content.short.best(language), content.text.best(language), content.access.conditions.best(language), content.cost.text.best(language)];
        let themes = content.themes.iter().map(|theme| self.engine.vocabulary.label(*theme, language)).collect::<Vec<_>>().join(", ");
        let lines = numbers.chain([address]).chain(others).chain(content.hours.osm.clone()).chain([themes]);
        Told {
            name: content.name.best(language).unwrap_or_default().to_owned(),
            lines: lines.chain(texts.into_iter().flatten().map(ToOwned::to_owned)).filter(|line| !line.is_empty()).collect(),
        }
    }
}
