//! The facets of a record's content.

use chrono::{NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};

use crate::closed::closed_list;
use crate::language::Localized;
use crate::phone::{Country, Phone};
use crate::theme::Audience;

closed_list! {
    /// How strictly an audience is meant.
    Welcome {
        /// Others come too.
        Welcome = "welcome",
        /// These first.
        Priority = "priority",
        /// Nobody else.
        Only = "only",
    }
}

/// An audience and how strictly it is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct For {
    /// Who.
    pub audience: Audience,
    /// How strictly.
    pub welcome: Welcome,
}

closed_list! {
    /// How exactly a coordinate or address is known.
    Precision {
        /// The door.
        Exact = "exact",
        /// Somewhere in the street.
        Street = "street",
        /// Somewhere in the locality.
        Locality = "locality",
        /// No door: an area is served; also every private home.
        Area = "area",
    }
}

/// Where something is. Coordinates are WGS84 degrees.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Address {
    /// Street without the number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street: Option<String>,
    /// House number with its suffix (`3 bis`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Box, floor, door.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Four digits in Belgium, five in France.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    /// Town or village as the source writes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locality: Option<String>,
    /// The country decides what a postal code means.
    pub country: Country,
    /// NIS code (Belgium) or INSEE code (France) of the commune.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commune: Option<String>,
    /// Latitude and longitude.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<(f64, f64)>,
    /// How exactly the place is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub precision: Option<Precision>,
    /// NIS or INSEE codes served, for what has no door.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub area: Vec<String>,
    /// How to get there, in words.
    #[serde(skip_serializing_if = "Localized::is_empty")]
    pub hint: Localized,
}

impl Address {
    /// True when nothing is known.
    pub fn is_empty(&self) -> bool {
        *self == Self { country: self.country, ..Self::default() }
    }

    /// Street and number on one line, in that order; `None` for areas and private homes.
    pub fn street_line(&self) -> Option<String> {
        if self.precision == Some(Precision::Area) {
            return None;
        }
        let street = self.street.as_deref()?;
        Some(match self.number.as_deref() {
            Some(number) => format!("{street} {number}"),
            None => street.to_owned(),
        })
    }
}

closed_list! {
    /// How somebody is reached.
    ContactKind {
        /// A voice call.
        Phone = "phone",
        /// A text message.
        Sms = "sms",
        /// An e-mail.
        Mail = "mail",
        /// A web page.
        Web = "web",
        /// A letter.
        Post = "post",
    }
}

/// One way to reach somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// How.
    pub kind: ContactKind,
    /// The phone number for `phone` and `sms`, else empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Phone>,
    /// The address for `mail`, `web` and `post`, else empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Whose or what for ("accueil", "urgences").
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Private contacts are for mediators only and never leave in open data.
    pub public: bool,
}

impl Contact {
    /// A public phone number.
    pub fn phone(phone: Phone) -> Self {
        Self { kind: ContactKind::Phone, phone: Some(phone), address: None, label: None, public: true }
    }

    /// A public mail, web or post address.
    pub fn at(kind: ContactKind, address: impl Into<String>) -> Self {
        Self { kind, phone: None, address: Some(address.into()), label: None, public: true }
    }
}

/// Opening hours: the parse and the source's own words, both kept.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Hours {
    /// OSM `opening_hours` syntax, only where the parse is certain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub osm: Option<String>,
    /// What cannot be computed ("sauf vacances scolaires").
    #[serde(skip_serializing_if = "Localized::is_empty")]
    pub text: Localized,
    /// The source's words, shown when nothing certain could be made of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub raw: Option<String>,
}

impl Hours {
    /// True when nothing at all is known.
    pub fn is_empty(&self) -> bool {
        self.osm.is_none() && self.text.is_empty() && self.raw.is_none()
    }
}

/// A span of days, both inclusive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// First day; open at the start when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    /// Last day; open at the end when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<NaiveDate>,
    /// Why.
    #[serde(default, skip_serializing_if = "Localized::is_empty")]
    pub why: Localized,
}

closed_list! {
    /// What has become of an event.
    WhenStatus {
        /// As planned.
        Scheduled = "scheduled",
        /// Will be later, no date yet.
        Postponed = "postponed",
        /// Will not be.
        Cancelled = "cancelled",
        /// No room left.
        Full = "full",
        /// Not sure yet.
        Tentative = "tentative",
        /// Only on line.
        Online = "online",
    }
}

/// When an event takes place: local wall time and the zone's name; occurrences are computed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct When {
    /// Local start; midnight of the first day for all-day events.
    pub start: NaiveDateTime,
    /// Local end; midnight of the *last* day (inclusive) for all-day events.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<NaiveDateTime>,
    /// Whole days, without hours.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub all_day: bool,
    /// IANA name of the time zone (`Europe/Brussels`).
    pub zone: String,
    /// RFC 5545 recurrence rule, without `RRULE:`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rrule: Option<String>,
    /// Further local starts (RFC 5545 RDATE).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rdate: Vec<NaiveDateTime>,
    /// Local starts that do not take place (RFC 5545 EXDATE).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exdate: Vec<NaiveDateTime>,
    /// What has become of it.
    #[serde(default = "scheduled")]
    pub status: WhenStatus,
}

fn scheduled() -> WhenStatus {
    WhenStatus::Scheduled
}

closed_list! {
    /// Whether it costs something.
    CostKind {
        /// No source says.
        Unknown = "unknown",
        /// Costs nothing.
        Free = "free",
        /// Costs nothing on a condition.
        FreeIf = "free-if",
        /// Costs something.
        Paid = "paid",
        /// Each gives what they can.
        PayWhatYouCan = "pay-what-you-can",
    }
}

/// What it costs; unknown is not free.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cost {
    /// Whether it costs something.
    pub kind: CostKind,
    /// The price in cents of a euro.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cents: Option<u32>,
    /// Conditions and reductions, in words.
    #[serde(default, skip_serializing_if = "Localized::is_empty")]
    pub text: Localized,
}

impl Default for Cost {
    fn default() -> Self {
        Self { kind: CostKind::Unknown, cents: None, text: Localized::default() }
    }
}

impl Cost {
    /// True when nothing is known.
    pub fn is_unknown(&self) -> bool {
        *self == Self::default()
    }

    /// The price in euros, with a comma where there are cents: `2`, `2,50`.
    pub fn euros(&self) -> Option<String> {
        let cents = self.cents?;
        Some(if cents % 100 == 0 { (cents / 100).to_string() } else { format!("{},{:02}", cents / 100, cents % 100) })
    }
}

closed_list! {
    /// A way in.
    AccessMode {
        /// Just come.
        WalkIn = "walk-in",
        /// Phone first.
        Phone = "phone",
        /// Write first.
        Mail = "mail",
        /// Make an appointment.
        Appointment = "appointment",
        /// Somebody must send you.
        Referral = "referral",
        /// On line.
        Online = "online",
    }
}

/// Whether one may just come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum WayIn {
    /// As far as anybody says.
    #[default]
    Open,
    /// An appointment is needed.
    Appointment,
    /// Only whom a service sends.
    Referral,
}

closed_list! {
    /// Who may call on it.
    Mobilisable {
        /// Anybody.
        Users = "users",
        /// Professionals only: never announced as "come".
        Professionals = "professionals",
        /// Both.
        Both = "both",
    }
}

/// How one gets in.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Access {
    /// Ways in.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub modes: Vec<AccessMode>,
    /// Who may call on it, if a source says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<Mobilisable>,
    /// Papers to bring and other conditions.
    #[serde(skip_serializing_if = "Localized::is_empty")]
    pub conditions: Localized,
    /// The place receives no public: never announced as "come".
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub no_public: bool,
}

impl Access {
    /// Whether one may just come, as far as is known.
    pub fn way_in(&self) -> WayIn {
        let has = |mode| self.modes.contains(&mode);
        if has(AccessMode::WalkIn) {
            WayIn::Open
        } else if has(AccessMode::Appointment) {
            WayIn::Appointment
        } else if has(AccessMode::Referral) && self.modes.len() == 1 {
            WayIn::Referral
        } else {
            WayIn::Open
        }
    }

    /// True when nothing is known.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

closed_list! {
    /// Whether there is room.
    Answer {
        /// There is.
        Yes = "yes",
        /// In part.
        Partly = "partly",
        /// There is not.
        No = "no",
    }
}

/// Whether there is room, and until when that was said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Availability {
    /// Room or not.
    pub room: Answer,
    /// Last day for which this was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
    /// In words.
    #[serde(default, skip_serializing_if = "Localized::is_empty")]
    pub note: Localized,
}

/// A language spoken at a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpokenLanguage {
    /// ISO 639 code (`fr`, `ar`, `ti`).
    pub code: String,
    /// Through an interpreter.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub interpreter: bool,
}

/// What a person with a disability needs to know; absent means unknown.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Accessibility {
    /// Entrance without a step.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step_free: Option<Answer>,
    /// Adapted toilet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub toilet: Option<Answer>,
    /// Lift.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lift: Option<Answer>,
    /// Reserved parking.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parking: Option<Answer>,
    /// Hearing loop.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hearing_loop: Option<Answer>,
    /// Sign language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sign_language: Option<Answer>,
    /// Easy-to-read documents.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub easy_reading: Option<Answer>,
    /// A quiet room.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quiet: Option<Answer>,
    /// Animals admitted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub animals: Option<Answer>,
    /// A page that says more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

impl Accessibility {
    /// True when nothing is known.
    pub fn is_unknown(&self) -> bool {
        *self == Self::default()
    }
}

closed_list! {
    /// What another entry is to this one.
    LinkRole {
        /// Organised by.
        By = "by",
        /// Takes place at.
        At = "at",
        /// Is part of.
        PartOf = "part-of",
        /// Is the same as.
        SameAs = "same-as",
        /// Takes the place of.
        Replaces = "replaces",
    }
}

/// A link to another entry, by the source's identifier until an import resolves it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// What the other is to this one.
    pub role: LinkRole,
    /// The other's identifier.
    pub to: String,
}
