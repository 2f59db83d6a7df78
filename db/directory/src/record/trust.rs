//! Who says so, how sure we are, and what may be shown of it.

use chrono::{DateTime, Months, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::{Kind, Status};
use crate::closed::closed_list;
use crate::record::{Content, Record};

/// One source's word on a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provenance {
    /// The source's name.
    pub source: String,
    /// The record's identifier there.
    pub source_id: String,
    /// Its page there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The licence of the source's data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licence: Option<String>,
    /// When we read it.
    pub fetched_at: DateTime<Utc>,
    /// When the source last changed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_on: Option<NaiveDate>,
}

/// A mediator's correction of one field: survives re-import, and turns into a conflict to look at
/// when the source later changes the same field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Override {
    /// A top-level field of [`Content`] (`name`, `hours`, `contacts`).
    pub field: String,
    /// Its corrected value, in the field's own JSON shape.
    pub value: serde_json::Value,
    /// The source's value when it was corrected.
    #[serde(default)]
    pub over: serde_json::Value,
    /// The role of who corrected it, never a name.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// The source has changed the field since.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub conflict: bool,
}

/// How sure we are: 0 imported, 1 the source says so recently, 2 confirmed by phone or visit,
/// 3 charter signed and two recommendations. Only accounts of the desk give 2 and 3, whatever a source says of itself;
/// invented entries have the level of their table. Reports of doubt lower what is displayed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Trust {
    /// 0 to 3.
    pub level: u8,
    /// The role of who confirmed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// How (`phone`, `visit`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub how: Option<String>,
    /// Labels, charters, recommendations.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<String>,
    /// How many visitors said it was wrong since.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub doubts: u16,
}

/// The highest level that a source can have.
pub const MOST_OF_A_SOURCE: u8 = 1;

/// Papers that people at the desk have seen: no source may claim them.
pub const EVIDENCE: [&str; 3] = ["charter", "recommended-1", "recommended-2"];

/// How an organisation says by text message that its entry is right. Anybody can write under its number.
pub const BY_TEXT: &str = "sms";

fn is_empty(value: &serde_json::Value) -> bool {
    value.as_array().is_some_and(Vec::is_empty) || value.as_object().is_some_and(serde_json::Map::is_empty)
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(count: &u16) -> bool {
    *count == 0
}

/// When a record was last confirmed and when it is due again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Freshness {
    /// The day on which somebody or the source last confirmed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed_on: Option<NaiveDate>,
}

impl Freshness {
    /// The day from which the record should be confirmed again: six months for services and
    /// organisations, twelve for places and resources, thirty days for offers. `None` when never
    /// confirmed (due now) and for events (true until they are over).
    pub fn review_due(self, kind: Kind) -> Option<NaiveDate> {
        let confirmed = self.confirmed_on?;
        match kind {
            Kind::Organisation | Kind::Service | Kind::Person => confirmed.checked_add_months(Months::new(6)),
            Kind::Place | Kind::Resource => confirmed.checked_add_months(Months::new(12)),
            Kind::Offer => confirmed.checked_add_days(chrono::Days::new(30)),
            Kind::Event => None,
        }
    }
}

/// What may be said of a record's truth; never more than what is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Shown {
    /// Confirmed by a person on this day.
    Verified(NaiveDate),
    /// The source says so since this day; nobody confirmed it.
    SourceOf(NaiveDate),
    /// Confirmed too long ago, this many months.
    Stale(u32),
    /// Nobody confirmed it.
    Unverified,
    /// Somebody said it is wrong, or the source no longer lists it.
    Doubtful,
}

/// The override that is of the record's status and not of its content.
pub const STATUS: &str = "status";

/// The field of the needs that a mediator may set.
pub const NEEDS: &str = "needs";

impl Record {
    /// The status that a mediator gave it, which no source changes.
    pub fn status_by_hand(&self) -> Option<Status> {
        let correction = self.overrides.iter().find(|correction| correction.field == STATUS)?;
        correction.value.as_str().and_then(Status::from_id)
    }

    /// Corrects one field of the content, or the [`STATUS`]: the source's value stays beside it. With the source's own
    /// value a correction is taken back. False where the field does not exist or the value does not fit; nothing is
    /// changed then.
    pub fn correct(&mut self, field: &str, value: serde_json::Value, source: &Content, by: &str, at: DateTime<Utc>) -> bool {
        let over = if field == STATUS {
            if value.as_str().and_then(Status::from_id).is_none() {
                return false;
            }
            serde_json::Value::Null
        } else {
            let Ok(serde_json::Value::Object(fields)) = serde_json::to_value(source) else { return false };
            let mut attempt = fields.clone();
            attempt.insert(field.to_owned(), value.clone());
            let fits = serde_json::from_value::<Content>(serde_json::Value::Object(attempt));
            // A field that does not exist is nowhere in what is written again.
            let is_known = fits.is_ok_and(|content| {
                serde_json::to_value(content)
                    .is_ok_and(|written| written.get(field).cloned().unwrap_or_default() == value || value.is_null() || is_empty(&value))
            });
            if !is_known {
                return false;
            }
            fields.get(field).cloned().unwrap_or_default()
        };
        self.overrides.retain(|correction| correction.field != field);
        if over != value {
            self.overrides.push(Override { field: field.to_owned(), value, over, by: by.to_owned(), at, why: None, conflict: false });
        }
        self.take_content(source.clone());
        if let Some(status) = self.status_by_hand() {
            self.status = status;
        }
        true
    }

    /// Takes a correction back: the field says again what the source says. False where nobody corrected it.
    pub fn take_back(&mut self, field: &str, source: &Content) -> bool {
        let corrections = self.overrides.len();
        self.overrides.retain(|correction| correction.field != field);
        if self.overrides.len() == corrections {
            return false;
        }
        self.take_content(source.clone());
        true
    }

    /// Somebody confirmed all of it: doubts are settled, and what was shown as doubtful is shown again.
    pub fn confirm(&mut self, by: &str, how: &str, today: NaiveDate) {
        self.trust.level = self.vouched().max(2);
        (self.trust.by, self.trust.how) = (Some(by.to_owned()), Some(how.to_owned()));
        self.trust.doubts = 0;
        self.freshness.confirmed_on = Some(today);
        if self.status == Status::Doubtful {
            self.status = Status::Published;
        }
    }

    /// What is left of it where it is erased at somebody's wish: its code, what it was, and the day.
    #[must_use]
    pub fn erased(&self, on: NaiveDate) -> Self {
        let withdrawn = Consent { given: String::new(), to: String::new(), scopes: Vec::new(), from: on, until: None, withdrawn_on: Some(on), proof: None };
        Self {
            id: self.id.clone(),
            code: self.code,
            kind: self.kind,
            status: Status::Closed,
            content: Content::default(),
            provenance: Vec::new(),
            overrides: Vec::new(),
            trust: Trust::default(),
            freshness: Freshness::default(),
            consent: Some(withdrawn),
            demo: self.demo,
        }
    }

    /// The day on which it was erased, and nothing but its code was left.
    pub fn erased_on(&self) -> Option<NaiveDate> {
        let withdrawn = self.consent.as_ref()?.withdrawn_on?;
        (self.status == Status::Closed && self.content == Content::default()).then_some(withdrawn)
    }

    /// The organisation said today, from its own number, that all is right: its word is as fresh as that, and no more than
    /// its word. It settles no doubt and gives no level. What a person verified stands as long as that is fresh. False
    /// where nothing changed.
    pub fn confirm_by_text(&mut self, today: NaiveDate) -> bool {
        let is_doubted = self.trust.doubts > 0 || self.status == Status::Doubtful;
        let is_verified = self.vouched() > MOST_OF_A_SOURCE && self.freshness.review_due(self.kind).is_some_and(|due| today < due);
        if is_doubted || is_verified || self.freshness.confirmed_on.is_some_and(|day| day >= today) {
            return false;
        }
        self.trust.level = self.trust.level.min(MOST_OF_A_SOURCE);
        self.trust.how = None;
        self.freshness.confirmed_on = Some(today);
        true
    }

    /// The level that counts: above a source's own only what an account of the desk gave. Older programs took a source at
    /// its word, and a text message for a proof.
    pub fn vouched(&self) -> u8 {
        let by_account = self.trust.by.is_some() && self.trust.how.as_deref() != Some(BY_TEXT);
        if by_account || self.demo { self.trust.level } else { self.trust.level.min(MOST_OF_A_SOURCE) }
    }

    /// Puts a source's new content under this record's overrides: overridden fields keep the
    /// mediator's value, and an override whose source value changed is marked as a conflict.
    /// An override whose field no longer exists or no longer fits is kept, unapplied.
    pub fn take_content(&mut self, fresh: Content) {
        // What a source says is nobody's hand.
        self.content = Content { needs_by_hand: false, ..fresh };
        if self.overrides.is_empty() {
            return;
        }
        let Ok(serde_json::Value::Object(mut fields)) = serde_json::to_value(&self.content) else { return };
        let mut is_by_hand = false;
        for correction in &mut self.overrides {
            let source_value = fields.get(&correction.field).cloned().unwrap_or_default();
            correction.conflict = source_value != correction.over && source_value != correction.value;
            let mut attempt = fields.clone();
            attempt.insert(correction.field.clone(), correction.value.clone());
            if let Ok(content) = serde_json::from_value::<Content>(serde_json::Value::Object(attempt.clone())) {
                self.content = content;
                fields = attempt;
                is_by_hand |= correction.field == NEEDS;
            }
        }
        self.content.needs_by_hand = is_by_hand;
    }
}

closed_list! {
    /// Where a person agreed to appear; each is agreed to separately.
    Scope {
        /// A printed booklet, which cannot be recalled.
        Print = "print",
        /// The kiosk's screen.
        Kiosk = "kiosk",
        /// SMS answers.
        Sms = "sms",
        /// Voice answers.
        Voice = "voice",
        /// Open data.
        OpenData = "open-data",
    }
}

/// A person's agreement to appear.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// How it was given (`paper`, `voice`, `presence`).
    pub given: String,
    /// The mediator's role who took it.
    pub to: String,
    /// What for.
    pub scopes: Vec<Scope>,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
    /// Taken back on this day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn_on: Option<NaiveDate>,
    /// Where the proof is filed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<String>,
}
