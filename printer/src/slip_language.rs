//! The languages that a slip speaks: the four of the directory, and Arabic for what is said around its records.

use directory::language::Language;

/// A language of a slip.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum SlipLanguage {
    /// French.
    #[default]
    Fr,
    /// Dutch.
    Nl,
    /// German.
    De,
    /// English.
    En,
    /// Arabic: labels and sentences; names and notes of records come in French.
    Ar,
}

impl SlipLanguage {
    /// All of them, in the order in which visitors see them.
    pub const ALL: [Self; 5] = [Self::Fr, Self::Nl, Self::De, Self::En, Self::Ar];

    /// The ISO 639-1 code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Ar => "ar",
            spoken => spoken.record_language().code(),
        }
    }

    /// Reads an ISO 639-1 code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.code().eq_ignore_ascii_case(code.trim()))
    }

    /// Several in one text, as print jobs and tickets keep them.
    pub fn write_all(languages: &[Self]) -> String {
        languages.iter().map(|language| language.code()).collect::<Vec<_>>().join(",")
    }

    /// Reads what [`Self::write_all`] wrote.
    pub fn read_all(codes: &str) -> Vec<Self> {
        codes.split(',').filter_map(Self::from_code).collect()
    }

    /// The language in which records are shown.
    pub fn record_language(self) -> Language {
        match self {
            Self::Fr | Self::Ar => Language::Fr,
            Self::Nl => Language::Nl,
            Self::De => Language::De,
            Self::En => Language::En,
        }
    }

    /// True where lines begin on the right.
    pub fn is_right_to_left(self) -> bool {
        self == Self::Ar
    }
}

impl From<Language> for SlipLanguage {
    fn from(language: Language) -> Self {
        match language {
            Language::Fr => Self::Fr,
            Language::Nl => Self::Nl,
            Language::De => Self::De,
            Language::En => Self::En,
        }
    }
}

/// True for letters of Arabic, Hebrew and their neighbours.
pub(crate) fn is_right_to_left(character: char) -> bool {
    matches!(character, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}')
}
