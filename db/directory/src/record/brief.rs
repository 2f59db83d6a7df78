//! What a list says of a record and what ranking compares, in a hundred or two bytes: a question weighs dozens
//! of records and shows three, so that whole ones are read for a card alone.

use std::sync::Arc;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Access, Consent, CostKind, For, Freshness, Kind, Mobilisable, Precision, Record, Scope, Shown, Status, WayIn, Welcome, When};
use crate::code::Code;
use crate::language::{Language, Localized};
use crate::need::Need;
use crate::phone::Country;
use crate::theme::{Audience, Theme};

/// Written in front of a packed brief. Another number is another layout, which nobody reads: the brief is
/// made again from the record.
pub const LAYOUT: u8 = 4;

/// What a list says of a record and what ranking compares.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "a record says many things that are so or not")]
pub struct Brief {
    /// Its code.
    pub code: Code,
    /// What it is.
    pub kind: Kind,
    /// Whether it is shown.
    pub status: Status,
    /// Invented, for demonstrations.
    pub demo: bool,
    /// Its names.
    pub name: Localized,
    /// Its themes, the main one first.
    pub themes: Vec<Theme>,
    /// The needs that it answers.
    #[serde(with = "crate::need::known")]
    pub needs: Vec<Need>,
    /// How many of them, the first ones, it is there for.
    pub main_needs: u8,
    /// Whom it is for.
    pub audiences: Vec<For>,
    /// Whether it costs something.
    pub cost: CostKind,
    /// How much, in cents.
    pub cents: Option<u32>,
    /// Nobody may come unannounced: no public, or professionals only.
    pub no_visitors: bool,
    /// Whether one may just come.
    pub way_in: WayIn,
    /// A public phone number is known.
    pub has_phone: bool,
    /// Where it is.
    pub site: Site,
    /// Opening hours in OSM syntax.
    pub hours: Option<String>,
    /// First and last day of temporary closures.
    pub closures: Vec<Closure>,
    /// When it takes place.
    #[serde(with = "whole")]
    pub when: Option<When>,
    /// How sure we are, 0 to 3.
    pub trust: u8,
    /// Somebody said that it is wrong.
    pub is_doubted: bool,
    /// The day on which somebody or the source last confirmed it.
    #[serde(with = "day")]
    pub confirmed_on: Option<NaiveDate>,
    /// Where a person agreed to appear.
    pub consent: Option<Agreement>,
}

/// First and last day of a closure, each open where it is not known.
pub type Closure = (Option<NaiveDate>, Option<NaiveDate>);

/// Where a record is, as far as lists say it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Site {
    /// The country.
    pub country: Country,
    /// The postal code.
    pub postal_code: Option<String>,
    /// Street and number.
    pub street: Option<String>,
    /// Latitude and longitude, in degrees.
    pub position: Option<(f64, f64)>,
    /// How exact the position is.
    pub precision: Option<Precision>,
}

/// A person's agreement to appear, but for its papers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreement {
    scopes: Vec<Scope>,
    from: NaiveDate,
    until: Option<NaiveDate>,
    withdrawn_on: Option<NaiveDate>,
}

impl From<&Consent> for Agreement {
    fn from(consent: &Consent) -> Self {
        Self { scopes: consent.scopes.clone(), from: consent.from, until: consent.until, withdrawn_on: consent.withdrawn_on }
    }
}

impl Agreement {
    fn allows(&self, scope: Scope, today: NaiveDate) -> bool {
        self.scopes.contains(&scope)
            && self.from <= today
            && self.until.is_none_or(|until| today <= until)
            && self.withdrawn_on.is_none_or(|withdrawn| today < withdrawn)
    }
}

impl From<&Record> for Brief {
    fn from(record: &Record) -> Self {
        let content = &record.content;
        let address = &content.address;
        let (needs, main) = content.all_needs(record.kind);
        Self {
            code: record.code,
            kind: record.kind,
            status: record.status,
            demo: record.demo,
            name: content.name.clone(),
            themes: content.themes.clone(),
            needs,
            main_needs: u8::try_from(main).unwrap_or(u8::MAX),
            audiences: content.audiences.clone(),
            cost: content.cost.kind,
            cents: content.cost.cents,
            no_visitors: content.access.refuses_visitors(),
            way_in: content.access.way_in(),
            has_phone: record.phone().is_some(),
            site: Site {
                country: address.country,
                postal_code: address.postal_code.clone(),
                street: address.street_line(),
                position: address.position,
                precision: address.precision,
            },
            hours: content.hours.osm.clone(),
            closures: content.closures.iter().map(|closure| (closure.from, closure.to)).collect(),
            when: content.when.clone(),
            trust: record.vouched(),
            is_doubted: record.trust.doubts > 0,
            confirmed_on: record.freshness.confirmed_on,
            consent: record.consent.as_ref().map(Agreement::from),
        }
    }
}

impl Brief {
    /// The name in that language, else in the first one that it has, else the code.
    pub fn name(&self, language: Language) -> &str {
        self.name.best(language).unwrap_or(self.code.as_str())
    }

    /// True where one of its themes must leave no trace with the asker.
    pub fn is_sensitive(&self) -> bool {
        self.themes.iter().any(|theme| theme.is_sensitive())
    }

    /// Whom alone it is for; empty where others come too.
    pub fn only_for(&self) -> Vec<Audience> {
        self.audiences.iter().filter(|one| one.welcome == Welcome::Only).map(|one| one.audience).collect()
    }

    /// True when it may be shown for this use on that day: it is published, and a person agreed to it.
    pub fn may_be_shown(&self, scope: Scope, today: NaiveDate) -> bool {
        self.status.is_shown()
            && match &self.consent {
                Some(agreement) => agreement.allows(scope, today),
                None => self.kind != Kind::Person,
            }
    }

    /// What may be said of its truth on that day.
    pub fn shown_freshness(&self, today: NaiveDate) -> Shown {
        if self.status == Status::Doubtful || self.is_doubted {
            return Shown::Doubtful;
        }
        let Some(confirmed) = self.confirmed_on.filter(|day| *day <= today) else {
            return Shown::Unverified;
        };
        if (Freshness { confirmed_on: Some(confirmed) }).review_due(self.kind).is_some_and(|due| due <= today) {
            let months = (today - confirmed).num_days() / 30;
            return Shown::Stale(u32::try_from(months).unwrap_or(u32::MAX));
        }
        match self.trust {
            0 | 1 => Shown::SourceOf(confirmed),
            _ => Shown::Verified(confirmed),
        }
    }
}

impl Access {
    /// True where nobody may come unannounced.
    pub fn refuses_visitors(&self) -> bool {
        self.no_public || self.by == Some(Mobilisable::Professionals)
    }
}

/// A brief in the bytes of `record.brief`, cheap to share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packed(Arc<[u8]>);

impl Packed {
    /// Takes bytes that were packed before; `None` where they are of another layout or damaged.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        read(bytes)?;
        Some(Self(bytes.into()))
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The brief; there is one, as these bytes were read before.
    pub fn open(&self) -> Option<Brief> {
        read(&self.0)
    }
}

impl From<&Record> for Packed {
    fn from(record: &Record) -> Self {
        let packed = postcard::to_extend(&Brief::from(record), vec![LAYOUT]);
        // Writing to memory does not fail; a brief without bytes is made again from its record.
        Self(packed.unwrap_or_default().into())
    }
}

fn read(bytes: &[u8]) -> Option<Brief> {
    let (layout, rest) = bytes.split_first()?;
    if *layout == LAYOUT { postcard::from_bytes(rest).ok() } else { None }
}

/// A record's event in full, its times as numbers. In JSON what is unknown is left out, which only a format that
/// names its fields can read again, and times are texts, which take long to read.
mod whole {
    use chrono::{DateTime, NaiveDateTime};
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::super::{When, WhenStatus};

    type Fields = (i64, Option<i64>, bool, String, Option<String>, Vec<i64>, Vec<i64>, WhenStatus);

    #[expect(clippy::ref_option, reason = "serde passes a reference")]
    pub(super) fn serialize<S: Serializer>(when: &Option<When>, serializer: S) -> Result<S::Ok, S::Error> {
        let number = |time: NaiveDateTime| time.and_utc().timestamp();
        let numbers = |times: Vec<NaiveDateTime>| times.into_iter().map(number).collect::<Vec<i64>>();
        let fields = |when: When| -> Fields {
            (number(when.start), when.end.map(number), when.all_day, when.zone, when.rrule, numbers(when.rdate), numbers(when.exdate), when.status)
        };
        when.clone().map(fields).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<When>, D::Error> {
        let Some(fields) = Option::<Fields>::deserialize(deserializer)? else { return Ok(None) };
        let (start, end, all_day, zone, rrule, rdate, exdate, status) = fields;
        let time = |number: i64| DateTime::from_timestamp(number, 0).map(|time| time.naive_utc()).ok_or_else(|| D::Error::custom("a time out of range"));
        let times = |numbers: Vec<i64>| numbers.into_iter().map(time).collect::<Result<Vec<_>, _>>();
        let end = end.map(time).transpose()?;
        Ok(Some(When { start: time(start)?, end, all_day, zone, rrule, rdate: times(rdate)?, exdate: times(exdate)?, status }))
    }
}

/// A day as its number.
mod day {
    use chrono::{Datelike, NaiveDate};
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[expect(clippy::ref_option, clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
    pub(super) fn serialize<S: Serializer>(day: &Option<NaiveDate>, serializer: S) -> Result<S::Ok, S::Error> {
        day.map(|day| day.num_days_from_ce()).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<NaiveDate>, D::Error> {
        let number = Option::<i32>::deserialize(deserializer)?;
        number.map(|number| NaiveDate::from_num_days_from_ce_opt(number).ok_or_else(|| D::Error::custom("a day out of range"))).transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::tests::sample;

    /// A record with everything a brief holds.
    fn full() -> Record {
        let content = serde_json::json!({
            "name": {"fr": "Yoga doux", "nl": "Zachte yoga"}, "themes": ["social", "health"], "needs": [{"need": "yoga", "origin": "source"}],
            "audiences": [{"audience": "seniors", "welcome": "only"}],
            "address": {"street": "Rue Verte", "number": "7", "postal_code": "1030", "country": "BE", "position": [50.86, 4.37], "precision": "exact"},
            "hours": {"osm": "Tu 10:00-11:00"}, "closures": [{"from": "2026-07-01", "to": "2026-08-31"}, {"from": "2027-01-01"}],
            "when": {"start": "2026-11-24T10:00:00", "zone": "Europe/Brussels", "rrule": "FREQ=WEEKLY", "exdate": ["2026-12-29T10:00:00"], "status": "full"},
            "cost": {"kind": "paid", "cents": 250, "text": {"fr": "par séance"}}, "access": {"by": "professionals", "modes": ["referral", "appointment"]}
        });
        let agreed = serde_json::json!({"given": "paper", "to": "mediator", "scopes": ["sms", "kiosk"], "from": "2026-01-01", "until": "2027-01-01"});
        Record { content: serde_json::from_value(content).unwrap(), consent: serde_json::from_value(agreed).unwrap(), ..sample() }
    }

    #[test]
    fn what_is_packed_is_found_again() {
        for record in [sample(), full()] {
            let packed = Packed::from(&record);
            assert_eq!(packed.open(), Some(Brief::from(&record)));
            assert_eq!(Packed::read(packed.as_bytes()).as_ref(), Some(&packed));
            assert!(packed.as_bytes().len() < 300, "{} bytes", packed.as_bytes().len());
        }
    }

    #[test]
    fn what_is_damaged_or_packed_otherwise_is_not_read() {
        let packed = Packed::from(&full());
        for length in 0..packed.as_bytes().len() {
            assert_eq!(Packed::read(&packed.as_bytes()[..length]), None, "cut at {length}");
        }
        let mut other = packed.as_bytes().to_vec();
        other[0] += 1;
        assert_eq!(Packed::read(&other), None);
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_a_brief_or_none(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            let _ = Packed::read(&[&[LAYOUT], bytes.as_slice()].concat()).map(|packed| packed.open());
        }
    }
}
