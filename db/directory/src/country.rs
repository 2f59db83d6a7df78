//! The two countries of Passerelle.

use serde::{Deserialize, Serialize};

/// The country whose national notation a number without a prefix follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Country {
    /// Belgium.
    #[default]
    Be,
    /// France.
    Fr,
}

impl Country {
    /// ISO 3166-1 alpha-2, upper case.
    pub fn code(self) -> &'static str {
        match self {
            Self::Be => "BE",
            Self::Fr => "FR",
        }
    }

    /// Reads an ISO code or the country's name in our languages.
    pub fn from_name(name: &str) -> Option<Self> {
        match words::fold(name).as_str() {
            "be" | "bel" | "belgique" | "belgie" | "belgien" | "belgium" => Some(Self::Be),
            "fr" | "fra" | "france" | "frankrijk" | "frankreich" => Some(Self::Fr),
            _ => None,
        }
    }
}
