//! One entry of the directory: an envelope (who says so, since when, how sure) around a content
//! made of optional facets (what, where, when, for whom, at what cost).
//!
//! Unknown is a value of its own everywhere: a facet that no source gave is never shown as free,
//! open, accessible or verified.

mod brief;
mod copied;
mod facet;
mod need;
mod trust;

use serde::{Deserialize, Serialize};

pub use brief::{Brief, Closure, LAYOUT, Packed, Site};
pub use facet::{
    Access, AccessMode, Accessibility, Address, Answer, Availability, Contact, ContactKind, Cost, CostKind, For, Hours, Link, LinkRole, Mobilisable, Period,
    Precision, SpokenLanguage, WayIn, Welcome, When, WhenStatus,
};
pub use need::{NeedOrigin, RecordNeed};
pub use trust::{BY_TEXT, Consent, EVIDENCE, Freshness, MOST_OF_A_SOURCE, NEEDS, Override, Provenance, STATUS, Scope, Shown, Trust};

use crate::closed::closed_list;
use crate::code::Code;
pub use crate::kind::Kind;
use crate::language::{Language, Localized};
use crate::theme::Theme;

closed_list! {
    /// Where an entry stands in its life.
    Status {
        /// Not shown yet.
        Draft = "draft",
        /// Shown.
        Published = "published",
        /// Shown with a warning to phone first.
        Doubtful = "doubtful",
        /// Not shown for now.
        Suspended = "suspended",
        /// No longer exists; kept for its code and history.
        Closed = "closed",
        /// Lives on in another entry.
        Merged = "merged",
    }
}

impl Status {
    /// True for what a visitor may be shown.
    pub fn is_shown(self) -> bool {
        matches!(self, Self::Published | Self::Doubtful)
    }
}

/// What a record says; what an import delivers and an override corrects.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Content {
    /// The name, at least in one language.
    pub name: Localized,
    /// At most 140 characters of plain words a language.
    #[serde(skip_serializing_if = "Localized::is_empty")]
    pub short: Localized,
    /// Plain text of any length; markup was stripped at import.
    #[serde(skip_serializing_if = "Localized::is_empty")]
    pub text: Localized,
    /// One to three themes, the main one first; empty where the source's terms say nothing to us.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub themes: Vec<Theme>,
    /// The needs that it answers, with who says so.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "need::known")]
    pub needs: Vec<RecordNeed>,
    /// A mediator set its needs: the list is whole, empty or not, and no word adds to it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub needs_by_hand: bool,
    /// The source's own terms, kept as given.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub terms: Vec<String>,
    /// Whom it addresses; empty means everybody.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub audiences: Vec<For>,
    /// Lowest and highest age in years, both inclusive.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub age: Option<(Option<u8>, Option<u8>)>,
    /// Where it is.
    #[serde(skip_serializing_if = "Address::is_empty")]
    pub address: Address,
    /// How to reach somebody.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<Contact>,
    /// Opening hours.
    #[serde(skip_serializing_if = "Hours::is_empty")]
    pub hours: Hours,
    /// Temporary closures.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub closures: Vec<Period>,
    /// When an event takes place, or until when an offer stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<When>,
    /// What it costs.
    #[serde(skip_serializing_if = "Cost::is_unknown")]
    pub cost: Cost,
    /// How one gets in.
    #[serde(skip_serializing_if = "Access::is_empty")]
    pub access: Access,
    /// Whether there is room.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub availability: Option<Availability>,
    /// Languages spoken there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<SpokenLanguage>,
    /// Steps, lift, toilet and the like.
    #[serde(skip_serializing_if = "Accessibility::is_unknown")]
    pub accessibility: Accessibility,
    /// What the organisation is for, in its own words.
    #[serde(skip_serializing_if = "Localized::is_empty")]
    pub purpose: Localized,
    /// What it has done so far, in its own words.
    #[serde(skip_serializing_if = "Localized::is_empty")]
    pub experience: Localized,
    /// Numbers in other registers, as `scheme:value` (`kbo:0403170701`, `siret:…`).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub identifiers: Vec<String>,
    /// Links to other entries.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
    /// The licence of this content, as its source names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub licence: Option<String>,
}

impl Content {
    /// True when a visitor must be sent nothing that betrays the subject, and nowhere that nobody looked at.
    pub fn is_sensitive(&self) -> bool {
        self.themes.iter().any(|theme| theme.is_sensitive())
    }

    /// True where it sends people to the same door, number and hours, under the same name, in the same words. Prices,
    /// closures and dates may differ.
    pub fn leads_where(&self, other: &Self) -> bool {
        let words = |content: &Self| -> [Localized; 6] {
            let Self { name, short, text, purpose, experience, cost, .. } = content;
            [name, short, text, purpose, experience, &cost.text].map(Clone::clone)
        };
        let leads_alike = self.address == other.address && self.contacts == other.contacts && self.hours == other.hours && self.access == other.access;
        leads_alike && self.themes == other.themes && words(self) == words(other)
    }
}

/// One entry of the directory.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Our own identifier, opaque, never reused.
    pub id: String,
    /// The code printed on slips and sent by SMS.
    pub code: Code,
    /// What it is.
    pub kind: Kind,
    /// Where it stands in its life.
    pub status: Status,
    /// What it says, overrides applied.
    #[serde(flatten)]
    pub content: Content,
    /// Who says so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub provenance: Vec<Provenance>,
    /// What mediators corrected; survives every import.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overrides: Vec<Override>,
    /// How sure we are.
    #[serde(default)]
    pub trust: Trust,
    /// When it was last confirmed and when it is due again.
    #[serde(default)]
    pub freshness: Freshness,
    /// For persons and personal contacts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<Consent>,
    /// Invented for demonstrations: said wherever the entry is shown.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub demo: bool,
}

/// A record's own fields, without what it says.
#[derive(Deserialize)]
struct Frame {
    id: String,
    code: Code,
    kind: Kind,
    status: Status,
    #[serde(default)]
    provenance: Vec<Provenance>,
    #[serde(default)]
    overrides: Vec<Override>,
    #[serde(default)]
    trust: Trust,
    #[serde(default)]
    freshness: Freshness,
    #[serde(default)]
    consent: Option<Consent>,
    #[serde(default)]
    demo: bool,
}

impl Record {
    /// Reads a record as `serde_json` writes it: in two passes, for `flatten` makes a copy of every value first
    /// and takes several times as long.
    pub fn from_json(text: &str) -> serde_json::Result<Self> {
        let Frame { id, code, kind, status, provenance, overrides, trust, freshness, consent, demo } = serde_json::from_str(text)?;
        Ok(Self { id, code, kind, status, content: serde_json::from_str(text)?, provenance, overrides, trust, freshness, consent, demo })
    }

    /// The name a visitor is shown, never empty.
    pub fn name(&self, language: Language) -> &str {
        self.content.name.best(language).unwrap_or(self.code.as_str())
    }

    /// The main theme, if any.
    pub fn main_theme(&self) -> Option<Theme> {
        self.content.themes.first().copied()
    }

    /// True when a visitor must be sent nothing that betrays the subject.
    pub fn is_sensitive(&self) -> bool {
        self.content.is_sensitive()
    }

    /// The phone number to show: the first public phone, then the first public SMS number.
    pub fn phone(&self) -> Option<&Contact> {
        let public = |kind: ContactKind| self.content.contacts.iter().find(move |contact| contact.public && contact.kind == kind);
        public(ContactKind::Phone).or_else(|| public(ContactKind::Sms))
    }
}

#[cfg(test)]
pub(crate) mod tests;
