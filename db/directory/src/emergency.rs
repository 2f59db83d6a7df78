//! Emergency numbers and help-lines: which there are, and which come first for whoever asks.
//!
//! Every surface (text message, chat, telephone, kiosk) orders them with [`first`]. The numbers are those of
//! `config/emergency.toml`; that an operator verified one, or took it out, is a setting.

pub(crate) mod number;

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};

use crate::country::Country;
use crate::danger::DangerKind;
use crate::locality::Locality;
use crate::schedule::{OpenState, Times, Timetable, Week};

pub use number::{EUROPEAN, EmergencyNumber, LABELS, Region, Serves};

/// The numbers that were made into the program when it was built.
const SHIPPED: &str = include_str!(concat!(env!("OUT_DIR"), "/emergency.json"));

/// A number that was verified is to be verified again after so many days.
const LASTS: i64 = 366;

/// The hours of a line that is always answered.
const ALWAYS: &str = "24/7";

/// Where whoever asks is, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Whereabouts {
    /// The country.
    pub country: Country,
    /// The region, in Belgium.
    pub region: Option<Region>,
}

impl From<&Locality> for Whereabouts {
    fn from(place: &Locality) -> Self {
        let code = place.postal_codes.first().filter(|_| place.country == Country::Be);
        Self { country: place.country, region: code.and_then(|code| Region::of(code)) }
    }
}

/// The numbers for somebody there, the most urgent first: those of everybody (112 before all), then those for what
/// they need in their language, those for what they need in other languages, and the rest.
pub fn first<'n>(numbers: &'n [EmergencyNumber], place: Whereabouts, serves: Option<Serves>, language: &str) -> Vec<&'n EmergencyNumber> {
    let reaches = |number: &EmergencyNumber| {
        let is_there = number.regions.is_empty() || place.region.is_none_or(|region| number.regions.contains(&region));
        number.country == place.country && (is_there || !number.local && number.speaks(language))
    };
    let mut ordered: Vec<&EmergencyNumber> = numbers.iter().filter(|number| reaches(number)).collect();
    // What ranks alike stays in the order of the file.
    ordered.sort_by_key(|number| rank(number, serves, language));
    ordered
}

/// Lowest first.
fn rank(number: &EmergencyNumber, serves: Option<Serves>, language: &str) -> (u8, u8, bool) {
    match number.main() {
        Some(Serves::Emergency) if number.number == EUROPEAN => return (0, 0, false),
        Some(Serves::Police) => return (0, 1, false),
        Some(Serves::Fire) => return (0, 2, false),
        Some(Serves::Emergency) => return (0, 3, false),
        _ => {}
    }
    let spoken = if number.speaks_itself(language) { 0 } else { 1 + u8::from(!number.speaks(language)) };
    match serves {
        Some(serves) if number.serves.contains(&serves) => (1, spoken, number.main() != Some(serves)),
        _ => (2, spoken, false),
    }
}

/// What the first help-line for a kind of danger serves, and what others may.
pub fn serving(kind: DangerKind) -> (Serves, Option<Serves>) {
    match kind {
        DangerKind::Fire => (Serves::Fire, None),
        DangerKind::Gas => (Serves::GasLeak, None),
        DangerKind::Poisoning => (Serves::Poison, Some(Serves::Suicide)),
        DangerKind::Medical => (Serves::Medical, None),
        DangerKind::ChildAbuse => (Serves::ChildAbuse, Some(Serves::ChildTalk)),
        DangerKind::SexualViolence => (Serves::SexualViolence, None),
        DangerKind::Trafficking => (Serves::Trafficking, None),
        DangerKind::ForcedMarriage => (Serves::ForcedMarriage, Some(Serves::ViolenceHome)),
        DangerKind::Suicide => (Serves::Suicide, None),
        DangerKind::Stalking => (Serves::StalkingOnline, Some(Serves::ViolenceHome)),
        DangerKind::Runaway => (Serves::RunawayMissing, Some(Serves::ChildTalk)),
        DangerKind::Cold => (Serves::HomelessTonight, None),
        DangerKind::ViolenceHome => (Serves::ViolenceHome, None),
        DangerKind::Violence => (Serves::ViolenceHome, Some(Serves::Victims)),
    }
}

/// What an operator has found out about the numbers: the section `[emergency]` of the settings.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Care {
    /// The day on which each number was called, or looked up on its own site.
    pub verified: BTreeMap<String, NaiveDate>,
    /// Numbers that turned out wrong: they are not shown any more.
    pub hidden: Vec<String>,
}

/// Why the numbers, or what the settings say of them, cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum EmergencyError {
    /// A number that is not in the list.
    #[error("emergency: there is no number {0}: write it as config/emergency.toml or `passerelle check` does")]
    Unknown(String),
    /// Every list begins with it.
    #[error("emergency.hidden: {EUROPEAN} is never hidden")]
    European,
    /// A day that is still to come.
    #[error("emergency.verified: {number} was not verified on {day} yet")]
    Future {
        /// Which number.
        number: String,
        /// The day.
        day: NaiveDate,
    },
    /// What was built in cannot be read.
    #[error("the emergency numbers compiled into this program cannot be read: build it again")]
    Shipped,
}

/// The numbers there are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Numbers(Vec<EmergencyNumber>);

impl Numbers {
    /// The numbers that ship with the program, none of them verified.
    pub fn shipped() -> Result<Self, EmergencyError> {
        serde_json::from_str(SHIPPED).map(Self).map_err(|_not_ours| EmergencyError::Shipped)
    }

    /// All of them, in the order of the file.
    pub fn all(&self) -> &[EmergencyNumber] {
        &self.0
    }

    /// Applies what an operator has found out.
    pub fn apply(&mut self, care: &Care, today: NaiveDate) -> Result<(), EmergencyError> {
        for (typed, day) in &care.verified {
            let mut is_known = false;
            if *day > today {
                return Err(EmergencyError::Future { number: typed.clone(), day: *day });
            }
            for number in self.0.iter_mut().filter(|number| is_same(&number.number, typed)) {
                number.verified_on = Some(*day);
                is_known = true;
            }
            if !is_known {
                return Err(EmergencyError::Unknown(typed.clone()));
            }
        }
        for typed in &care.hidden {
            if is_same(EUROPEAN, typed) {
                return Err(EmergencyError::European);
            }
            if !self.0.iter().any(|number| is_same(&number.number, typed)) {
                return Err(EmergencyError::Unknown(typed.clone()));
            }
        }
        self.0.retain(|number| !care.hidden.iter().any(|typed| is_same(&number.number, typed)));
        Ok(())
    }

    /// The numbers that are shown though nobody verified them within a year, each once.
    pub fn unverified(&self, today: NaiveDate) -> Vec<&str> {
        let is_old = |day: NaiveDate| day > today || (today - day).num_days() > LASTS;
        let mut unverified: Vec<&str> = Vec::new();
        for number in self.0.iter().filter(|number| number.verified_on.is_none_or(is_old)) {
            if !unverified.contains(&number.number.as_str()) {
                unverified.push(&number.number);
            }
        }
        unverified
    }

    /// True for a text that is a number of the police, the fire brigade or an ambulance and nothing else: who sends it has
    /// reached the wrong machine. Two digits are an hour or a choice.
    pub fn is_called(&self, text: &str) -> bool {
        let mut general = self.0.iter().filter(|number| number.is_general());
        text.len() > 2 && general.any(|number| number.number == text || number.also.iter().any(|also| also == text))
    }
}

impl EmergencyNumber {
    /// The week in which it is not answered at all hours; nothing where it is, or where that is not known.
    pub fn week(&self, today: NaiveDate) -> Option<Week> {
        let osm = self.hours.as_deref().filter(|osm| *osm != ALWAYS)?;
        Times { osm: Some(osm), country: self.country, postal_code: None, closures: Cow::default() }.weekly(today)
    }

    /// True where it is known that nobody answers at that local time.
    pub fn is_closed_at(&self, now: NaiveDateTime) -> bool {
        let timetable = self.hours.as_deref().and_then(|osm| Timetable::parse(osm, self.country).ok());
        timetable.is_some_and(|timetable| matches!(timetable.state(now), OpenState::Closed(_)))
    }
}

fn is_same(number: &str, typed: &str) -> bool {
    EmergencyNumber::digits(number) == EmergencyNumber::digits(typed)
}

#[cfg(test)]
mod tests;
