//! How to read a table: which column holds what, and which of its words mean which of ours.
//!
//! A mapping is a TOML file, so that a new source needs no new program. The types below say what
//! each key means; `config/mappings` holds worked examples. After the mapping language of the ANCT
//! (`mednum-cli`): a field comes from one column, several joined or a constant; a vocabulary is a
//! list of "if one of these columns says one of these terms and none of those, then this".

mod check;
mod rule;

use std::collections::BTreeMap;

use directory::phone::Country;
use serde::{Deserialize, Serialize};

use super::FeedError;

pub(super) use rule::Rule;

/// The table that this project's own demo territory and partners without any software use.
const HOUSE: &str = include_str!("../../../config/mappings/passerelle.toml");

/// LaMedNum CSV 1.0.2.
const LAMEDNUM: &str = include_str!("../../../config/mappings/lamednum.toml");

/// What a column can fill.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Field {
    /// The source's key; several columns may be joined where none is unique.
    Id,
    Name,
    Short,
    Text,
    /// The source's own terms, kept as given and offered for themes.
    Terms,
    /// Street with or without its number.
    Street,
    Number,
    Unit,
    /// A whole address on one line.
    Address,
    PostalCode,
    Locality,
    Country,
    /// NIS or INSEE code.
    Commune,
    Lat,
    Lon,
    /// Latitude and longitude in one column.
    Position,
    /// `exact`, `street`, `locality`, `area`; `area` for private homes.
    Precision,
    Hint,
    Phone,
    Sms,
    Email,
    Web,
    Hours,
    HoursText,
    /// Euros.
    CostAmount,
    CostText,
    Conditions,
    AgeMin,
    AgeMax,
    Purpose,
    Experience,
    /// The key of the entry that organises this one.
    Organiser,
    /// The key of the entry where this one takes place.
    Place,
    PartOf,
    Start,
    /// End of an event, or last day of an offer.
    End,
    Rrule,
    Trust,
    ConfirmedOn,
    UpdatedOn,
    Url,
    Licence,
    /// Labels that the source gave.
    Evidence,
    StepFree,
    Toilet,
    Lift,
    Parking,
    HearingLoop,
    SignLanguage,
    EasyReading,
    Quiet,
    Animals,
    AccessibilityUrl,
}

impl Field {
    /// Texts that may be given in several languages.
    fn is_localized(self) -> bool {
        matches!(
            self,
            Self::Name | Self::Short | Self::Text | Self::Hint | Self::HoursText | Self::CostText | Self::Conditions | Self::Purpose | Self::Experience
        )
    }
}

/// One line of a vocabulary.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Choice {
    /// Columns to look at; without any, the choice always applies.
    #[serde(default)]
    pub(super) columns: Vec<String>,
    /// Words of which one must stand in the cell, whole words, accents and plurals aside; without
    /// any, a cell that is not empty will do.
    #[serde(default)]
    pub(super) terms: Vec<String>,
    /// Words of which none may stand there.
    #[serde(default)]
    pub(super) except: Vec<String>,
    /// What it means.
    pub(super) target: Option<String>,
    /// The cells hold our own identifiers, separated like any list; instead of `target`.
    #[serde(default)]
    pub(super) own: bool,
}

/// The columns of one weekday.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Day {
    /// `Mo` to `Su`.
    pub(super) day: String,
    /// Morning and afternoon, for instance.
    pub(super) columns: Vec<String>,
}

/// Whether the table is all the source has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Extent {
    #[default]
    Whole,
    Window,
}

/// A mapping file, checked.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// One character; found out from the header when absent.
    pub(super) delimiter: Option<char>,
    /// What separates the values of a cell; `|` when absent.
    #[serde(default = "bar")]
    pub(super) list: String,
    /// Cells that mean "nothing", besides the empty one.
    #[serde(default)]
    pub(super) none_values: Vec<String>,
    /// `strftime` formats tried before ISO 8601 and day/month/year.
    #[serde(default)]
    pub(super) date_formats: Vec<String>,
    /// `whole` or `window`.
    #[serde(default)]
    pub(super) extent: Extent,
    /// The licence of the table.
    pub(super) licence: Option<String>,
    /// The country of all its addresses, `BE` or `FR`; the source's when absent.
    pub(super) country: Option<Country>,
    /// Columns about persons, dropped and counted.
    #[serde(default)]
    pub(super) personal: Vec<String>,
    /// What each field is made of.
    pub(super) fields: BTreeMap<Field, Rule>,
    /// Numbers in other registers, by scheme (`siret = "SIRET"`).
    #[serde(default)]
    pub(super) identifiers: BTreeMap<String, Rule>,
    /// Opening hours in columns by day; instead of the field `hours`.
    #[serde(default)]
    pub(super) days: Vec<Day>,
    /// `organisation`, `place`, `service`, `resource`, `offer`, `event`; the first that applies.
    #[serde(default)]
    pub(super) kind: Vec<Choice>,
    /// A state of the entry (`draft`, `closed`…) or of the event (`cancelled`, `full`…); the first.
    #[serde(default)]
    pub(super) status: Vec<Choice>,
    /// Themes; all that apply, three at most.
    #[serde(default)]
    pub(super) themes: Vec<Choice>,
    /// Needs; all that apply.
    #[serde(default)]
    pub(super) needs: Vec<Choice>,
    /// Audiences, `women` or `women:priority` or `women:only`; all that apply.
    #[serde(default)]
    pub(super) audiences: Vec<Choice>,
    /// Ways in (`walk-in`…), `users`, `professionals`, `both`, or `no-public`; all that apply.
    #[serde(default)]
    pub(super) access: Vec<Choice>,
    /// `free`, `free-if`, `paid`, `pay-what-you-can`; the first.
    #[serde(default)]
    pub(super) cost: Vec<Choice>,
    /// ISO 639 codes of languages spoken there; all that apply.
    #[serde(default)]
    pub(super) languages: Vec<Choice>,
}

fn bar() -> String {
    "|".to_owned()
}

impl Mapping {
    /// Reads and checks a mapping file; an error names the line and the nearest valid word.
    pub fn parse(text: &str) -> Result<Self, FeedError> {
        let mapping: Self = toml::from_str(text).map_err(|error| check::explain(&error, text))?;
        check::check(&mapping).map_err(|(word, reason)| FeedError::Mapping { line: check::line_of(text, &word), reason })?;
        Ok(mapping)
    }

    /// The text of a mapping that ships with the program: `passerelle` (our own table) or `lamednum`.
    pub fn shipped(name: &str) -> Option<&'static str> {
        match name {
            "passerelle" => Some(HOUSE),
            "lamednum" => Some(LAMEDNUM),
            _ => None,
        }
    }

    /// The mapping of our own table, `config/mappings/passerelle.toml`.
    pub fn house() -> Result<Self, FeedError> {
        Self::parse(HOUSE)
    }

    /// The rule of a field.
    pub(super) fn rule(&self, field: Field) -> Option<&Rule> {
        self.fields.get(&field)
    }
}

#[cfg(test)]
mod tests;
