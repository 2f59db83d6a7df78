//! The four languages of Passerelle, in the order visitors see them, and texts that exist in some of them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A language a visitor can be answered in; French comes first where nothing else decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// French.
    #[default]
    Fr,
    /// Dutch.
    Nl,
    /// German.
    De,
    /// English.
    En,
}

impl Language {
    /// All languages, in the order in which visitors see them.
    pub const ALL: [Self; 4] = [Self::Fr, Self::Nl, Self::De, Self::En];

    /// The ISO 639-1 code, lower case.
    pub fn code(self) -> &'static str {
        match self {
            Self::Fr => "fr",
            Self::Nl => "nl",
            Self::De => "de",
            Self::En => "en",
        }
    }

    /// Reads an ISO 639-1 code in any case, with or without a region (`fr-BE`).
    pub fn from_code(code: &str) -> Option<Self> {
        let primary = code.split(['-', '_']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|language| language.code().eq_ignore_ascii_case(primary))
    }
}

/// A text in one or more languages.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Localized(BTreeMap<Language, String>);

impl Localized {
    /// A text known in one language; an empty text is no text.
    pub fn new(language: Language, text: impl Into<String>) -> Self {
        let mut localized = Self::default();
        localized.insert(language, text);
        localized
    }

    /// Adds or replaces one language; a blank text removes nothing and adds nothing.
    pub fn insert(&mut self, language: Language, text: impl Into<String>) {
        let text = text.into();
        if !text.trim().is_empty() {
            self.0.insert(language, text.trim().to_owned());
        }
    }

    /// The text in this language, if it exists.
    pub fn exact(&self, language: Language) -> Option<&str> {
        self.0.get(&language).map(String::as_str)
    }

    /// The text in this language, or in the first one that exists (fr, nl, de, en).
    pub fn best(&self, language: Language) -> Option<&str> {
        self.exact(language).or_else(|| self.0.values().next().map(String::as_str))
    }

    /// Every language present with its text, in the fixed order.
    pub fn iter(&self) -> impl Iterator<Item = (Language, &str)> {
        self.0.iter().map(|(language, text)| (*language, text.as_str()))
    }

    /// True when no language has a text.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Replaces every text by what `change` makes of it; blank results are dropped.
    #[must_use]
    pub fn map(&self, change: impl Fn(&str) -> String) -> Self {
        let mut changed = Self::default();
        for (language, text) in self.iter() {
            changed.insert(language, change(text));
        }
        changed
    }
}
