//! What is known of an emergency number. The program's build reads `config/emergency.toml` with it, too.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::closed::closed_list;
use crate::country::Country;

/// The number that reaches help everywhere in Europe, and the one that every list begins with.
pub const EUROPEAN: &str = "112";

/// The languages in which every number has a label: ISO 639-1.
pub const LABELS: [&str; 5] = ["fr", "nl", "de", "en", "ar"];

/// A line that speaks all languages, by interpreters.
const ANY: &str = "any";

closed_list! {
    /// What a number is for.
    Serves {
        /// Danger to life, of whatever kind.
        Emergency = "emergency",
        /// The police, at once.
        Police = "police",
        /// The fire brigade.
        Fire = "fire",
        /// An ambulance, a doctor.
        Medical = "medical",
        /// Something poisonous was swallowed or breathed.
        Poison = "poison",
        /// Violence at home, by whoever.
        ViolenceHome = "violence_home",
        /// Rape and other sexual violence.
        SexualViolence = "sexual_violence",
        /// A child is beaten, abused or left alone.
        ChildAbuse = "child_abuse",
        /// Children and young people who want to talk.
        ChildTalk = "child_talk",
        /// Somebody wants to die.
        Suicide = "suicide",
        /// Somebody who listens.
        Talk = "talk",
        /// Old people who are treated badly.
        ElderAbuse = "elder_abuse",
        /// People with a disability who are treated badly.
        DisabilityAbuse = "disability_abuse",
        /// Work or prostitution that one is forced to.
        Trafficking = "trafficking",
        /// A marriage that one is forced to.
        ForcedMarriage = "forced_marriage",
        /// Threats and pictures on the net, stalking.
        StalkingOnline = "stalking_online",
        /// Somebody ran away or is missing.
        RunawayMissing = "runaway_missing",
        /// No bed tonight.
        HomelessTonight = "homeless_tonight",
        /// It smells of gas.
        GasLeak = "gas_leak",
        /// Alcohol and drugs.
        Addiction = "addiction",
        /// Advice after a crime.
        Victims = "victims",
    }
}

closed_list! {
    /// A part of Belgium that has help-lines of its own. France has none that matter here.
    Region {
        /// Brussels.
        Brussels = "BE-BRU",
        /// Flanders.
        Flanders = "BE-VLG",
        /// Wallonia, but for the German-speaking communes.
        Wallonia = "BE-WAL",
        /// The nine German-speaking communes.
        GermanSpeaking = "BE-DG",
    }
}

impl Region {
    /// The region of a Belgian postal code.
    pub fn of(postal_code: &str) -> Option<Self> {
        Some(match postal_code.parse::<u16>().ok()? {
            1000..=1299 => Self::Brussels,
            4700..=4799 => Self::GermanSpeaking,
            1300..=1499 | 4000..=7999 => Self::Wallonia,
            1500..=3999 | 8000..=9999 => Self::Flanders,
            _ => return None,
        })
    }
}

/// A number to call in danger, or a help-line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a thing of its own that is known of a number")]
pub struct EmergencyNumber {
    /// As it is dialled at home: `112`, `0800 30 030`.
    pub number: String,
    /// What people know it by, too: never shown.
    #[serde(default)]
    pub also: Vec<String>,
    /// Where it is dialled.
    pub country: Country,
    /// The regions that it is for; empty for the whole country.
    #[serde(default)]
    pub regions: Vec<Region>,
    /// Who is elsewhere has nothing of it: a bed, a hospital.
    #[serde(default)]
    pub local: bool,
    /// What it is for, the main thing first.
    pub serves: Vec<Serves>,
    /// The languages spoken there, ISO 639-1; `any` where interpreters are called in.
    pub languages: Vec<String>,
    /// What it is for in plain words, for a public screen and for the ear, by language.
    pub label: BTreeMap<String, String>,
    /// The call costs nothing.
    #[serde(default)]
    pub free: bool,
    /// Nobody asks who calls.
    #[serde(default)]
    pub discreet: bool,
    /// It is reached by text message.
    #[serde(default)]
    pub texts: bool,
    /// When it is answered, in the syntax of OpenStreetMap; nothing where that is not known.
    #[serde(default)]
    pub hours: Option<String>,
    /// When an operator called it last. What ships is verified by nobody.
    #[serde(default)]
    pub verified_on: Option<NaiveDate>,
    /// How well it is attested.
    pub source: String,
}

impl EmergencyNumber {
    /// What it is for, in that language.
    pub fn label(&self, language: &str) -> &str {
        self.label.get(language).or_else(|| self.label.values().next()).map_or(self.number.as_str(), String::as_str)
    }

    /// The main thing that it is for.
    pub fn main(&self) -> Option<Serves> {
        self.serves.first().copied()
    }

    /// True for the numbers of everybody, which come before all help-lines and say openly what they are.
    pub fn is_general(&self) -> bool {
        matches!(self.main(), Some(Serves::Emergency | Serves::Police | Serves::Fire))
    }

    /// True where that language is spoken, by whoever answers or by an interpreter.
    pub fn speaks(&self, language: &str) -> bool {
        self.languages.iter().any(|known| known == language || known == ANY)
    }

    /// True where whoever answers speaks that language.
    pub fn speaks_itself(&self, language: &str) -> bool {
        self.languages.iter().any(|known| known == language)
    }

    /// Its digits: `0800 30 030` and `080030030` are one number.
    pub fn digits(text: &str) -> String {
        text.chars().filter(char::is_ascii_digit).collect()
    }
}
