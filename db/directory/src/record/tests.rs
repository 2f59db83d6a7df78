use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(crate) fn sample() -> Record {
    let mut content = Content { name: Localized::new(Language::Fr, "Repas du Canal"), themes: vec![Theme::Food], ..Content::default() };
    content.hours.osm = Some("Mo-Fr 11:30-16:00".to_owned());
    Record {
        id: "r1".to_owned(),
        code: (0..).find_map(Code::from_serial).unwrap(),
        kind: Kind::Service,
        status: Status::Published,
        content,
        provenance: Vec::new(),
        overrides: Vec::new(),
        trust: Trust::default(),
        freshness: Freshness::default(),
        consent: None,
        demo: false,
    }
}

#[test]
fn an_empty_record_claims_nothing() {
    let record = sample();
    assert_eq!(record.content.cost.kind, CostKind::Unknown);
    assert_eq!(record.content.accessibility.step_free, None);
    assert_eq!(Brief::from(&record).shown_freshness(day("2026-11-23")), Shown::Unverified);
}

#[test]
fn freshness_says_what_is_known() {
    let mut record = sample();
    record.freshness.confirmed_on = Some(day("2026-10-12"));
    assert_eq!(Brief::from(&record).shown_freshness(day("2026-11-23")), Shown::SourceOf(day("2026-10-12")));
    record.trust.level = 2;
    assert_eq!(Brief::from(&record).shown_freshness(day("2026-11-23")), Shown::SourceOf(day("2026-10-12")), "nobody verified it");
    record.trust.by = Some("mediator".to_owned());
    assert_eq!(Brief::from(&record).shown_freshness(day("2026-11-23")), Shown::Verified(day("2026-10-12")));
    assert_eq!(Brief::from(&record).shown_freshness(day("2027-12-12")), Shown::Stale(14));
    record.trust.doubts = 1;
    assert_eq!(Brief::from(&record).shown_freshness(day("2026-11-23")), Shown::Doubtful);
}

#[test]
fn a_text_message_gives_freshness_and_nothing_else() {
    let today = day("2026-11-23");
    let shown = |record: &Record| Brief::from(record).shown_freshness(today);
    let mut record = sample();
    assert!(record.confirm_by_text(today));
    assert_eq!((shown(&record), record.trust.level, record.trust.how.as_deref()), (Shown::SourceOf(today), 0, None));
    assert!(!record.confirm_by_text(today), "once a day");

    // Doubts stay, and so does what a person verified, with its own day.
    let mut doubted = sample();
    doubted.status = Status::Doubtful;
    assert!(!doubted.confirm_by_text(today));
    assert_eq!((doubted.status, doubted.freshness.confirmed_on), (Status::Doubtful, None));
    let mut doubted = sample();
    doubted.trust.doubts = 2;
    assert!(!doubted.confirm_by_text(today));
    assert_eq!(shown(&doubted), Shown::Doubtful);
    let mut verified = sample();
    verified.confirm("mediator", "phone", day("2026-10-12"));
    assert!(!verified.confirm_by_text(today));
    assert_eq!(shown(&verified), Shown::Verified(day("2026-10-12")));

    // Long after, it is the organisation's word again, and said to be that.
    verified.confirm("mediator", "phone", day("2025-10-12"));
    assert!(verified.confirm_by_text(today));
    assert_eq!(shown(&verified), Shown::SourceOf(today));
    // A message that an older program took for a proof is none.
    record.confirm("organisation", BY_TEXT, day("2026-11-20"));
    assert_eq!(shown(&record), Shown::SourceOf(day("2026-11-20")));
}

#[test]
fn overrides_survive_a_new_import_and_show_conflicts() {
    let mut record = sample();
    let source = record.content.clone();
    record.overrides.push(Override {
        field: "hours".to_owned(),
        value: json!({"osm": "Mo-Fr 12:00-14:00"}),
        over: json!({"osm": "Mo-Fr 11:30-16:00"}),
        by: "mediator".to_owned(),
        at: DateTime::<Utc>::default(),
        why: Some("vu sur place".to_owned()),
        conflict: false,
    });
    record.take_content(source.clone());
    assert_eq!(record.content.hours.osm.as_deref(), Some("Mo-Fr 12:00-14:00"));
    assert!(!record.overrides[0].conflict);

    let mut changed = source;
    changed.hours.osm = Some("Sa 10:00-12:00".to_owned());
    changed.name = Localized::new(Language::Fr, "Repas du Quai");
    record.take_content(changed);
    assert_eq!(record.content.hours.osm.as_deref(), Some("Mo-Fr 12:00-14:00"));
    assert_eq!(record.name(Language::Fr), "Repas du Quai");
    assert!(record.overrides[0].conflict);
}

#[test]
fn needs_set_by_hand_survive_a_new_import_and_can_be_given_back() {
    let mut record = sample();
    record.content.name = Localized::new(Language::Fr, "Douches et bagagerie");
    let source = record.content.clone();
    let told = |record: &Record| record.content.told_needs(record.kind).iter().map(|told| told.need.id()).collect::<Vec<_>>();
    assert_eq!(told(&record), ["shower", "luggage-storage"]);
    // Nothing at all is a list too.
    assert!(record.correct(NEEDS, json!([]), &source, "mediator", DateTime::<Utc>::default()));
    assert_eq!(told(&record), [""; 0]);
    let laundry = json!([{"need": "laundry", "origin": "mediator"}]);
    assert!(record.correct(NEEDS, laundry, &source, "mediator", DateTime::<Utc>::default()));
    assert!(!record.correct(NEEDS, json!([{"need": "no-such"}]), &source, "mediator", DateTime::<Utc>::default()));
    assert_eq!(told(&record), ["laundry"]);
    let copied = Record::from_json(&serde_json::to_string(&record).unwrap()).unwrap();
    assert_eq!(copied, record);
    // Another name changes nothing; a source that says otherwise of the needs is looked at.
    let renamed = Content { name: Localized::new(Language::Fr, "Repas chauds"), ..source.clone() };
    record.take_content(renamed.clone());
    assert_eq!((told(&record), record.overrides[0].conflict), (vec!["laundry"], false));
    let mut listed = renamed.clone();
    listed.add_need(crate::need::Need::from_id("hot-meal").unwrap(), NeedOrigin::Source);
    record.take_content(listed.clone());
    assert_eq!((told(&record), record.overrides[0].conflict), (vec!["laundry"], true));
    assert!(record.take_back(NEEDS, &listed) && !record.take_back(NEEDS, &listed));
    assert_eq!(record.content, listed);
}

#[test]
fn a_person_is_shown_only_as_agreed() {
    let mut record = sample();
    record.kind = Kind::Person;
    let today = day("2026-11-23");
    assert!(!Brief::from(&record).may_be_shown(Scope::Sms, today));
    record.consent = Some(Consent {
        given: "paper".to_owned(),
        to: "mediator".to_owned(),
        scopes: vec![Scope::Sms],
        from: day("2026-01-01"),
        until: None,
        withdrawn_on: None,
        proof: None,
    });
    assert!(Brief::from(&record).may_be_shown(Scope::Sms, today));
    assert!(!Brief::from(&record).may_be_shown(Scope::Print, today));
    record.consent.as_mut().unwrap().withdrawn_on = Some(today);
    assert!(!Brief::from(&record).may_be_shown(Scope::Sms, today));
}

#[test]
fn of_an_erased_entry_only_the_code_is_left() {
    let record = sample();
    let left = record.erased(day("2026-11-23"));
    let text = serde_json::to_string(&left).unwrap();
    let read = Record::from_json(&text).unwrap();
    assert_eq!((read.erased_on(), record.erased_on()), (Some(day("2026-11-23")), None));
    assert_eq!((read.code, read.name(Language::Fr)), (record.code, record.code.as_str()));
    for (_, name) in record.content.name.iter() {
        assert!(!text.contains(name), "{text}");
    }
    assert!(!Brief::from(&left).may_be_shown(Scope::Kiosk, day("2026-11-23")));
}

#[test]
fn records_survive_a_trip_through_json() {
    let record = sample();
    let text = serde_json::to_string(&record).unwrap();
    assert_eq!(serde_json::from_str::<Record>(&text).unwrap(), record);
}
