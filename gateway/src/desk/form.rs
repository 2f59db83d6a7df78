//! What a browser sends, read once by the guard.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;

/// The fields of a form, or of an address, in their order.
#[derive(Debug, Clone, Default)]
pub(super) struct Form(Arc<Vec<(String, String)>>);

impl Form {
    pub(super) fn read(bytes: &[u8]) -> Self {
        // Control characters belong to no field; lines do, to an answer in a chat.
        let clean = |text: &str| -> String { text.chars().filter(|character| !character.is_control() || *character == '\n').collect() };
        Self(Arc::new(form_urlencoded::parse(bytes).map(|(name, value)| (name.into_owned(), clean(&value))).collect()))
    }

    /// A field without blanks around it; empty where there is none.
    pub(super) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.trim())
    }

    /// A field that says something.
    pub(super) fn some(&self, name: &str) -> Option<&str> {
        Some(self.get(name)).filter(|value| !value.is_empty())
    }

    /// True where the field was sent at all.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    /// All fields but these, written as they were sent; nothing where none of them says anything.
    pub(super) fn written_without(&self, names: &[&str]) -> Option<String> {
        let fields = self.0.iter().filter(|(name, _)| !names.contains(&name.as_str()));
        let says_something = fields.clone().any(|(_, value)| !value.trim().is_empty());
        says_something.then(|| form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish())
    }

    /// Every value of a field that can be sent several times.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(known, value)| known == name && !value.trim().is_empty()).map(|(_, value)| value.trim())
    }
}

impl<S: Sync> FromRequestParts<S> for Form {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        parts.extensions.get::<Self>().cloned().ok_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}
