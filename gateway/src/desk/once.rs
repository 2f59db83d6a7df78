//! A form is taken once: who clicks twice, or sends the same page again, is led to where the first one led.
//!
//! A form is known by what it says and by the page it was sent from, which has a mark of its own each time it is written.
//! The first one goes on although the browser does not wait for it; the second one waits for the first.

use std::sync::Arc;

use axum::extract::Request;
use axum::http::header;
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use db::form::{FormKey, Taken};
use db::mediator::TokenHash;
use directory::language::Language;
use tokio::sync::Mutex;

use super::{Desk, PageError};

/// Sessions whose forms wait for one another are told apart so many ways.
const TURNS: usize = 64;

/// The forms of a session, one after the other.
#[derive(Debug)]
pub(super) struct Turns(Vec<Arc<Mutex<()>>>);

impl Default for Turns {
    fn default() -> Self {
        Self(std::iter::repeat_with(Arc::default).take(TURNS).collect())
    }
}

impl Turns {
    fn of(&self, session: &TokenHash) -> Arc<Mutex<()>> {
        let [first, ..] = session;
        self.0.get(usize::from(*first) % TURNS).cloned().unwrap_or_default()
    }
}

/// A form that was sent.
#[derive(Debug, Clone)]
pub(super) struct Sent {
    pub(super) key: FormKey,
    pub(super) session: TokenHash,
    pub(super) mediator: i64,
    /// The page on which it was typed.
    pub(super) page: Option<String>,
    pub(super) language: Language,
}

/// Takes a form, once.
pub(super) async fn run(desk: Arc<Desk>, sent: Sent, request: Request, next: Next) -> Response {
    let (language, there) = (sent.language, Arc::clone(&desk));
    // A task of its own: a second click breaks the first request off, in the middle of whatever it does.
    let taken = tokio::spawn(async move {
        let turn = desk.turns.of(&sent.session);
        let _turn = turn.lock().await;
        take(&desk, &sent, request, next).await.unwrap_or_else(|error| desk.error_page(&error, sent.language))
    });
    taken.await.unwrap_or_else(|_panicked| there.error_page(&PageError::Panicked, language))
}

async fn take(desk: &Desk, sent: &Sent, request: Request, next: Next) -> Result<Response, PageError> {
    let store = &desk.engine.store;
    match store.take_form(&sent.key, desk.now()).await? {
        Taken::Before(leads_to) => return Ok(Redirect::to(&leads_to).into_response()),
        Taken::Unknown => return Err(PageError::Wrong("trouble-twice")),
        Taken::Now => {}
    }
    let response = next.run(request).await;
    let leads_to = response.headers().get(header::LOCATION).filter(|_| response.status().is_redirection());
    let kept = match leads_to.and_then(|value| value.to_str().ok()) {
        Some(leads_to) => store.form_led_to(&sent.key, leads_to, sent.page.as_deref().map(|page| (sent.mediator, page))).await,
        // A page that says what is wrong: nothing was done, and it may be sent again.
        None => store.give_form_back(&sent.key).await,
    };
    if let Err(error) = kept {
        // What was asked for is done. Sent again, it is not done twice.
        tracing::warn!(%error, "desk.form_not_noted");
    }
    Ok(response)
}
