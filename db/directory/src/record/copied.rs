//! What a kiosk's copy of the directory holds of a record. Pure.

use chrono::NaiveDate;

use super::{Brief, MOST_OF_A_SOURCE, Record, Scope};

impl Record {
    /// The record as a kiosk's copy may hold it on that day: without private contacts and what is only for those who
    /// look after it (corrections, roles, where a consent is filed). `None` where a kiosk may not show it.
    pub fn for_kiosk(mut self, today: NaiveDate) -> Option<Self> {
        if !Brief::from(&self).may_be_shown(Scope::Kiosk, today) {
            return None;
        }
        self.content.contacts.retain(|contact| contact.public);
        self.overrides.clear();
        // Who vouches stays behind; that an account of the desk did counts there too.
        self.trust.level = self.vouched();
        self.trust.by = (self.trust.level > MOST_OF_A_SOURCE).then(String::new);
        self.trust.evidence.clear();
        if let Some(consent) = &mut self.consent {
            consent.given.clear();
            consent.to.clear();
            consent.proof = None;
        }
        Some(self)
    }
}

#[cfg(test)]
mod tests {
    use crate::record::{Consent, Contact, ContactKind, Kind, Override, Record, Scope, Status, tests::sample};

    fn agreed(scopes: &[Scope]) -> Record {
        let consent = Consent {
            given: "paper".to_owned(),
            to: "mediator".to_owned(),
            scopes: scopes.to_vec(),
            from: "2026-11-01".parse().unwrap(),
            until: Some("2026-11-30".parse().unwrap()),
            withdrawn_on: None,
            proof: Some("folder 12".to_owned()),
        };
        Record { kind: Kind::Person, status: Status::Published, consent: Some(consent), ..sample() }
    }

    #[test]
    fn only_what_a_kiosk_may_show_is_copied_and_only_as_long() {
        let on = |day: &str| day.parse().unwrap();
        assert!(agreed(&[Scope::Kiosk]).for_kiosk(on("2026-11-30")).is_some());
        for (record, day) in [
            (agreed(&[Scope::Kiosk]), "2026-10-31"),
            (agreed(&[Scope::Kiosk]), "2026-12-01"),
            (agreed(&[Scope::Sms, Scope::Print]), "2026-11-23"),
            (Record { consent: None, ..agreed(&[]) }, "2026-11-23"),
            (Record { status: Status::Suspended, ..agreed(&[Scope::Kiosk]) }, "2026-11-23"),
        ] {
            assert_eq!(record.for_kiosk(on(day)), None, "{day}");
        }
    }

    #[test]
    fn what_is_not_for_visitors_stays_behind() {
        let mut record = agreed(&[Scope::Kiosk]);
        record.content.contacts.push(Contact { public: false, ..Contact::at(ContactKind::Mail, "amina@example.org") });
        record.trust.by = Some("operator".to_owned());
        record.overrides.push(Override {
            field: "name".to_owned(),
            value: "new".into(),
            over: "old".into(),
            by: "mediator".to_owned(),
            at: chrono::DateTime::default(),
            why: Some("she asked".to_owned()),
            conflict: false,
        });
        let copied = serde_json::to_string(&record.for_kiosk("2026-11-23".parse().unwrap()).unwrap()).unwrap();
        for hidden in ["amina@", "operator", "she asked", "mediator", "folder 12", "paper"] {
            assert!(!copied.contains(hidden), "{hidden} is in {copied}");
        }
    }
}
