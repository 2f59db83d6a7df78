//! What entries are about and how things are called: `config/synth/*.toml`, compiled in.

use directory::language::Language;
use directory::record::{AccessMode, For, Kind};
use directory::theme::Theme;
use serde::Deserialize;

use super::SynthError;
use super::chance::Weighted;

const SUBJECTS: &str = include_str!("../../../config/synth/subjects.toml");
const EVENTS: &str = include_str!("../../../config/synth/events.toml");
const NAMES: &str = include_str!("../../../config/synth/names.toml");

/// When something is usually open, or at what time of the day an event begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Habit {
    Meal,
    Parcel,
    Shop,
    Always,
    Evening,
    Night,
    Desk,
    Mornings,
    Afternoons,
    Practice,
    Saturday,
    School,
    Library,
    Nursery,
    Season,
    None,
    // Events only.
    Morning,
    Noon,
    Afternoon,
    Day,
}

/// What something usually costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Price {
    Free,
    Conditional,
    Small,
    Paid,
    PayWhatYouCan,
    Health,
}

/// One thing that entries are about.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Subject {
    pub(super) kind: Kind,
    pub(super) themes: Vec<Theme>,
    weight: u64,
    pub(super) hours: Habit,
    pub(super) cost: Price,
    #[serde(default)]
    pub(super) audiences: Vec<For>,
    pub(super) modes: Vec<AccessMode>,
    /// No door: the commune is served.
    #[serde(default)]
    pub(super) area: bool,
    /// An item alone is no question: "français" asks for another language.
    #[serde(default)]
    pub(super) unasked_items: bool,
    fr: Said,
    nl: Said,
    de: Said,
    en: Said,
}

/// What is said of a subject in one language.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Said {
    /// Words that people ask with.
    pub(super) words: Vec<String>,
    /// Variants: the same one in each language.
    pub(super) items: Vec<String>,
    pub(super) names: Vec<String>,
    pub(super) short: Vec<String>,
}

impl Subject {
    pub(super) fn said(&self, language: Language) -> &Said {
        match language {
            Language::Fr => &self.fr,
            Language::Nl => &self.nl,
            Language::De => &self.de,
            Language::En => &self.en,
        }
    }
}

/// How things are called in one language.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Tongue {
    pub(super) houses: Vec<String>,
    pub(super) article: String,
    pub(super) things: Vec<String>,
    pub(super) colours: Vec<String>,
    pub(super) streets: Vec<String>,
    /// Streets of Belgium only.
    pub(super) near: Vec<String>,
    pub(super) hints: Vec<String>,
    pub(super) conditions: Vec<String>,
    pub(super) sentences: Vec<String>,
    /// Hours that nobody can compute.
    pub(super) unsure: Vec<String>,
    /// What no hours can say.
    pub(super) except: Vec<String>,
    pub(super) price: Vec<String>,
    pub(super) ask_code: Vec<String>,
    pub(super) ask_place: Vec<String>,
    pub(super) ask_day: Vec<String>,
    pub(super) days: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tongues {
    fr: Tongue,
    nl: Tongue,
    de: Tongue,
    en: Tongue,
}

impl Tongues {
    pub(super) fn read() -> Result<Self, SynthError> {
        toml::from_str(NAMES).map_err(|source| SynthError { file: "names.toml", source })
    }

    pub(super) fn of(&self, language: Language) -> &Tongue {
        match language {
            Language::Fr => &self.fr,
            Language::Nl => &self.nl,
            Language::De => &self.de,
            Language::En => &self.en,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    subject: Vec<Subject>,
}

/// What stands all year round.
pub(super) fn standing() -> Result<Weighted<Subject>, SynthError> {
    read("subjects.toml", SUBJECTS)
}

/// What happens at a time.
pub(super) fn events() -> Result<Weighted<Subject>, SynthError> {
    read("events.toml", EVENTS)
}

fn read(file: &'static str, text: &str) -> Result<Weighted<Subject>, SynthError> {
    let read: File = toml::from_str(text).map_err(|source| SynthError { file, source })?;
    Ok(Weighted::new(read.subject.into_iter().map(|subject| {
        let weight = subject.weight;
        (subject, weight)
    })))
}
