//! What is known of a kind of printer: a file each in `config/printers`.

use serde::Deserialize;

use crate::code_page::CodePage;
use crate::slip::{NARROWEST, PaperFormat};

const SOURCES: [(&str, &str); 6] = [
    ("epson-80", include_str!("../../config/printers/epson-80.toml")),
    ("epson-80-42", include_str!("../../config/printers/epson-80-42.toml")),
    ("epson-58", include_str!("../../config/printers/epson-58.toml")),
    ("generic-80", include_str!("../../config/printers/generic-80.toml")),
    ("generic-58", include_str!("../../config/printers/generic-58.toml")),
    ("old-80", include_str!("../../config/printers/old-80.toml")),
];

/// How paper is parted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cutter {
    /// By hand, at the bar.
    None,
    /// All but a corner.
    Partial,
    /// All of it.
    Full,
}

/// What a printer says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StatusReporting {
    /// Nothing.
    None,
    /// Perhaps paper and cover, at any moment (`DLE EOT`); it is believed where it does not.
    RealTime,
    /// That for certain, and when all before the question is on the paper (`GS r`).
    InOrder,
}

/// A kind of printer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Its name in settings; that of its file.
    #[serde(skip)]
    pub name: String,
    /// What it is, in words.
    pub title: String,
    /// Letters of ordinary size in a line.
    pub columns: u8,
    /// Dots in a line.
    pub dots: u16,
    /// The letters it knows.
    pub page: CodePage,
    /// Its number for that page (`ESC t`).
    pub page_number: u8,
    /// How it cuts.
    pub cutter: Cutter,
    /// Lines from the print head to the blade.
    pub feed: u8,
    /// Whether it answers.
    pub talk: StatusReporting,
    /// It makes scannable codes itself; else they are drawn.
    pub scannable: bool,
}

/// A profile's file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// Not as it should be.
    #[error("config/printers/{name}.toml: {problem}")]
    File {
        /// The file's name.
        name: &'static str,
        /// What is wrong.
        problem: String,
    },
    /// No file of that name.
    #[error("there is no printer profile {0}: `passerelle printer list` names them")]
    Unknown(String),
}

impl Profile {
    /// All that ship with the program.
    pub fn shipped() -> Result<Vec<Self>, ProfileError> {
        SOURCES
            .into_iter()
            .map(|(name, source)| {
                let profile: Self = toml::from_str(source).map_err(|error| ProfileError::File { name, problem: error.to_string() })?;
                Ok(Self { name: name.to_owned(), ..profile })
            })
            .collect()
    }

    /// The one of that name.
    pub fn named(name: &str) -> Result<Self, ProfileError> {
        Self::shipped()?.into_iter().find(|profile| profile.name == name).ok_or_else(|| ProfileError::Unknown(name.to_owned()))
    }

    /// A printer of which only the width is known, for previews.
    pub fn of_columns(columns: u8) -> Self {
        let columns = columns.max(NARROWEST);
        // 512 dots are not quite 42 letters and a half; the other widths are whole letters.
        let dots = if columns == 42 { 512 } else { u16::from(columns) * 12 };
        Self {
            name: format!("{columns}-columns"),
            title: format!("{columns} columns"),
            columns,
            dots,
            page: CodePage::Wpc1252,
            page_number: 16,
            cutter: Cutter::Partial,
            feed: 5,
            talk: StatusReporting::None,
            scannable: true,
        }
    }

    /// The paper in it.
    pub fn paper(&self) -> PaperFormat {
        PaperFormat { columns: self.columns, page: self.page }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn profiles_that_ship_are_sound() {
        let profiles = Profile::shipped().unwrap();
        assert_eq!(profiles.len(), SOURCES.len());
        for profile in profiles {
            assert!(profile.columns >= NARROWEST, "{}", profile.name);
            assert!(u16::from(profile.columns) * 12 <= profile.dots, "{} has no room for its letters", profile.name);
            assert_eq!(Profile::named(&profile.name).unwrap(), profile);
        }
        assert!(Profile::named("teletype").is_err());
    }
}
