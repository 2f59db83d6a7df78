//! Why a page is not shown, and the page that says so.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use db::StoreError;
use directory::language::Language;

use super::Desk;
use application::keys::KeyError;

/// Why a form was kept, and not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kept {
    /// Nobody was in any more.
    Out,
    /// The desk was locked.
    Locked,
    /// Somebody else was in.
    Other,
}

/// Why a page is not shown.
#[derive(Debug, thiserror::Error)]
pub(super) enum PageError {
    /// There is no such page, record, slip.
    #[error("not found")]
    NotFound,
    /// Nobody is in.
    #[error("not logged in")]
    Out,
    /// The desk is locked.
    #[error("locked")]
    Locked,
    /// Not with this role.
    #[error("not allowed")]
    Forbidden,
    /// The form came from elsewhere, or is an old one.
    #[error("not our form")]
    NotOurs,
    /// What was typed is kept for whoever typed it.
    #[error("kept: {0:?}")]
    Kept(Kept),
    /// More than a form is.
    #[error("too large")]
    TooLarge,
    /// The form says something that cannot be; the key of the sentence that says what.
    #[error("wrong: {0}")]
    Wrong(&'static str),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No chance, no key.
    #[error(transparent)]
    Key(KeyError),
    /// A page that could not be written.
    #[error(transparent)]
    Page(#[from] askama::Error),
    /// Anything of the slip.
    #[error("slip: {0}")]
    Slip(String),
    /// A handler broke off.
    #[error("a form was not taken to its end")]
    Panicked,
}

impl From<KeyError> for PageError {
    fn from(error: KeyError) -> Self {
        match error {
            // An error of the database is the database's, whoever asked it.
            KeyError::Store(error) => Self::Store(error),
            error => Self::Key(error),
        }
    }
}

impl PageError {
    fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Out | Self::Kept(Kept::Out) => StatusCode::UNAUTHORIZED,
            Self::Locked | Self::Forbidden | Self::NotOurs | Self::Kept(_) => StatusCode::FORBIDDEN,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Wrong(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Store(error) if error.is_retryable() => StatusCode::SERVICE_UNAVAILABLE,
            Self::Store(_) | Self::Key(_) | Self::Page(_) | Self::Slip(_) | Self::Panicked => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The sentence that says what happened and what to do.
    fn key(&self) -> &'static str {
        match self {
            Self::NotFound => "trouble-not-found",
            Self::Out => "trouble-out",
            Self::Locked => "trouble-locked",
            Self::Forbidden => "trouble-forbidden",
            Self::NotOurs => "trouble-not-ours",
            Self::Kept(Kept::Out) => "trouble-out-kept",
            Self::Kept(Kept::Locked) => "trouble-locked-kept",
            Self::Kept(Kept::Other) => "trouble-other-kept",
            Self::TooLarge => "trouble-too-large",
            Self::Wrong(key) => key,
            Self::Store(error) if error.is_retryable() => "trouble-busy",
            Self::Store(_) | Self::Key(_) | Self::Page(_) | Self::Slip(_) | Self::Panicked => "trouble-ours",
        }
    }
}

impl Desk {
    /// Writes the page that says what happened, and what to do.
    pub(super) fn error_page(&self, error: &PageError, language: Language) -> Response {
        let status = error.status();
        if status.is_server_error() {
            tracing::error!(%error, "desk.trouble");
        }
        let text = self.phrases.say(language, error.key());
        let (title, way_out) = (self.phrases.say(language, "desk"), self.phrases.say(language, "to-desk"));
        (status, super::page::alone(language, &title, &text, &way_out)).into_response()
    }
}

/// What a handler gives: its page, or the one that says why it is not shown.
pub(super) type PageResult = Result<Response, LocalizedPageError>;

/// Why a page is not shown, in the language of whoever asked for it.
pub(super) struct LocalizedPageError {
    pub(super) desk: Arc<Desk>,
    pub(super) language: Language,
    pub(super) error: PageError,
}

impl IntoResponse for LocalizedPageError {
    fn into_response(self) -> Response {
        self.desk.error_page(&self.error, self.language)
    }
}

/// Runs the work of a handler, in which `?` may give a [`PageError`]; gives a [`PageResult`] in that language.
macro_rules! page {
    ($desk:expr, $language:expr, $work:expr) => {{
        let shown: Result<axum::response::Response, $crate::desk::error::PageError> = async { $work }.await;
        shown.map_err(|error| {
            let desk = std::sync::Arc::clone(&$desk);
            $crate::desk::error::LocalizedPageError { desk, language: $language, error }
        })
    }};
}

pub(super) use page;
