//! Who waits for a call: the queue with its promise, the number to dial, what came of it.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use db::assistance::AssistanceCall;
use db::audit::{Action, Deed};
use db::call_back::{CLAIM, PROMISED, WaitingCallBack};
use directory::theme::Theme;

use super::error::{PageResult, page};
use super::form::Form;
use super::guard::Who;
use super::page::{Page, html};
use super::work::Work;
use super::{Desk, PageError};
use crate::channel::telegram::send::fetch_voice;
use crate::channel::telegram::turns;
use application::limits::CHAT;

/// Longest answer in a chat, in characters.
const LONGEST_ANSWER: usize = 1_000;

/// Somebody who waits, in words.
struct Call {
    id: i64,
    asked: String,
    waits: String,
    is_late: bool,
    language: String,
    about: String,
    hour: Option<String>,
    channel: String,
    attempts: i64,
    is_claimed: bool,
    to: To,
    has_voice: bool,
    /// What somebody wrote as an answer and could not send.
    answer: String,
}

/// How somebody is reached.
enum To {
    Phone(String, String),
    /// By phone; the number is shown to whoever calls.
    Hidden,
    Chat,
    Unreadable,
}

#[derive(Template)]
#[template(path = "calls.html")]
struct CallsPage {
    page: Page,
    calls: Vec<Call>,
    rings: Vec<(String, String)>,
    notice: Option<String>,
}

pub(super) async fn page(State(desk): State<Arc<Desk>>, who: Who, form: Form) -> PageResult {
    page!(desk, who.language(), desk.calls_page(&who, &form, None).await)
}

impl Desk {
    async fn calls_page(self: &Arc<Self>, who: &Who, form: &Form, notice: Option<&str>) -> Result<Response, PageError> {
        let page = Page::of(self, who, "calls").working("/calls");
        let waiting = self.engine.store.call_backs().await?;
        if !waiting.is_empty() {
            self.engine.store.audit(&Deed::of(who.id(), Action::Calls, self.now())).await?;
        }
        let work = Work::of(who);
        let mut calls: Vec<Call> = waiting.iter().map(|waiting| self.call(waiting, &page, &work)).collect();
        if let Some(call) = calls.iter_mut().find(|call| form.get("id") == call.id.to_string()) {
            form.get("answer").clone_into(&mut call.answer);
        }
        let rings = self.engine.store.assistance_calls(self.now()).await?;
        let rings =
            rings.iter().map(|AssistanceCall { place, at, .. }| (place.clone(), at.with_timezone(&self.engine.zone).format("%H:%M").to_string())).collect();
        let notice = notice.map(|key| page.say(key));
        html(&CallsPage { page, calls, rings, notice })
    }

    fn call(&self, waiting: &WaitingCallBack, page: &Page, work: &Work) -> Call {
        let now = self.now();
        let waited = now - waiting.first_asked_at;
        let theme = waiting.theme.as_deref().and_then(Theme::from_id).map(|theme| self.engine.vocabulary.label(theme, page.language).to_owned());
        let about: Vec<String> = [theme, waiting.postal_code.clone()].into_iter().flatten().collect();
        let number = self.engine.keys.open_number(&waiting.person, &waiting.number).ok();
        Call {
            id: waiting.id,
            asked: waiting.first_asked_at.with_timezone(&self.engine.zone).format("%d/%m %H:%M").to_string(),
            waits: page.with("calls-waits", "hours", waited.num_hours().max(0)),
            is_late: waited > PROMISED,
            language: page.member("spoken", &waiting.language),
            about: about.join(", "),
            hour: waiting.hour.map(|hour| page.member("hour", hour.id())),
            channel: page.member("channel", &waiting.channel),
            attempts: waiting.attempts,
            is_claimed: waiting.is_claimed(now),
            has_voice: waiting.recording.is_some(),
            answer: String::new(),
            to: match number {
                Some(chat) if chat.starts_with(CHAT) => To::Chat,
                Some(number) if waiting.is_claimed(now) && work.is_calling(waiting.id, now) => To::Phone(number.clone(), page.phone(&number)),
                Some(_) => To::Hidden,
                None => To::Unreadable,
            },
        }
    }

    async fn waiting_call(&self, id: i64) -> Result<WaitingCallBack, PageError> {
        self.engine.store.call_backs().await?.into_iter().find(|waiting| waiting.id == id).ok_or(PageError::Wrong("calls-gone"))
    }

    /// A call-back is over.
    async fn call_is_over(&self, waiting: &WaitingCallBack) -> Result<(), PageError> {
        if self.engine.store.finish_call_back(waiting.id, self.now()).await? { Ok(()) } else { Err(PageError::Wrong("calls-gone")) }
    }
}

/// Takes one for a quarter of an hour, so that nobody else calls them; their number is shown now, and to whoever took them.
pub(super) async fn take(State(desk): State<Arc<Desk>>, who: Who, form: Form) -> PageResult {
    page!(desk, who.language(), {
        let id = form.get("id").parse().map_err(|_no_number| PageError::NotFound)?;
        let (store, now) = (&desk.engine.store, desk.now());
        if store.take_call_back(id, now).await? {
            store.audit(&Deed::of(who.id(), Action::Number, now)).await?;
            let mut work = Work::of(&who);
            work.call(id, now + CLAIM);
            work.keep(&desk, &who).await?;
            return Ok(Redirect::to("/calls").into_response());
        }
        desk.calls_page(&who, &form, Some("calls-taken")).await
    })
}

/// What came of it: reached, nobody there, answered in the chat.
pub(super) async fn outcome(State(desk): State<Arc<Desk>>, who: Who, form: Form) -> PageResult {
    page!(desk, who.language(), {
        let id = form.get("id").parse().map_err(|_no_number| PageError::NotFound)?;
        let waiting = desk.waiting_call(id).await?;
        match form.get("came") {
            "done" => desk.call_is_over(&waiting).await?,
            "again" => {
                desk.engine.store.postpone_call_back(id, desk.now()).await?;
            }
            "reply" => {
                let answer: String = form.get("answer").chars().take(LONGEST_ANSWER).collect();
                if answer.is_empty() {
                    return desk.calls_page(&who, &form, Some("calls-no-answer")).await;
                }
                desk.reply(&waiting, answer).await?;
                desk.call_is_over(&waiting).await?;
            }
            _ => return Err(PageError::NotFound),
        }
        let mut work = Work::of(&who);
        work.hang_up(id);
        work.keep(&desk, &who).await?;
        Ok(Redirect::to("/calls").into_response())
    })
}

impl Desk {
    async fn reply(&self, waiting: &WaitingCallBack, answer: String) -> Result<(), PageError> {
        let (engine, now) = (&self.engine, self.now());
        let chat = engine.keys.open_number(&waiting.person, &waiting.number).ok().filter(|to| to.starts_with(CHAT)).ok_or(PageError::Wrong("calls-no-chat"))?;
        let recipient = engine.keys.seal_recipient(&waiting.person, &chat)?;
        engine.outbox.enqueue(&turns::reply(waiting, recipient, answer, now)).await?;
        Ok(())
    }
}

/// What somebody said instead of typing.
pub(super) async fn voice(State(desk): State<Arc<Desk>>, who: Who, Path(id): Path<i64>) -> PageResult {
    page!(desk, who.language(), {
        let waiting = desk.waiting_call(id).await?;
        let sealed = waiting.recording.as_ref().ok_or(PageError::NotFound)?;
        let name = desk.engine.keys.open_recording(&waiting.person, sealed).map_err(application::keys::KeyError::from)?;
        let telegram = &desk.settings.telegram;
        let token = telegram.token.as_ref().ok_or(PageError::Wrong("calls-no-voice"))?;
        desk.engine.store.audit(&Deed::of(who.id(), Action::Voice, desk.now())).await?;
        let bytes = fetch_voice(token, &telegram.api_url, &name).await.map_err(|_why| PageError::Wrong("calls-no-voice"))?;
        Ok(([(header::CONTENT_TYPE, "audio/ogg")], bytes).into_response())
    })
}

/// The bell of a kiosk was heard.
pub(super) async fn heard(State(desk): State<Arc<Desk>>, who: Who) -> PageResult {
    page!(desk, who.language(), {
        for call in desk.engine.store.assistance_calls(desk.now()).await? {
            desk.engine.store.acknowledge_assistance(&call.id).await?;
        }
        Ok(Redirect::to("/calls").into_response())
    })
}
