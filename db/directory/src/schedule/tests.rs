use super::*;

fn at(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn event(start: &str, end: Option<&str>, rrule: Option<&str>) -> When {
    When {
        start: at(start),
        end: end.map(at),
        all_day: false,
        zone: "Europe/Brussels".to_owned(),
        rrule: rrule.map(ToOwned::to_owned),
        rdate: Vec::new(),
        exdate: Vec::new(),
        status: WhenStatus::Scheduled,
    }
}

#[test]
fn hours_say_open_closed_or_unknown() {
    let check = |osm: &str, moment: &str| Timetable::parse(osm, Country::Be).unwrap().state(at(moment));
    assert_eq!(check("Mo-Fr 11:30-16:00", "2026-11-23 12:00"), OpenState::Open(Some(at("2026-11-23 16:00"))));
    assert_eq!(check("Mo-Fr 11:30-16:00", "2026-11-21 12:00"), OpenState::Closed(Some(at("2026-11-23 11:30"))));
    assert_eq!(check("24/7", "2026-11-21 12:00"), OpenState::Open(None));
    assert_eq!(check("Mo-Su 19:00-08:00", "2026-11-21 02:00"), OpenState::Open(Some(at("2026-11-21 08:00"))));
    assert_eq!(check("Mo-Fr 09:00-12:00; PH off", "2026-12-25 10:00"), OpenState::Closed(Some(at("2026-12-28 09:00"))));
    assert_eq!(check("We 14:00-17:00; SH off", "2026-11-25 15:00"), OpenState::Unknown);
    assert!(Timetable::parse("sur rendez-vous le mardi", Country::Be).is_err());
}

#[test]
fn a_closure_hides_the_hours() {
    let mut content = Content::default();
    content.hours.osm = Some("Mo-Fr 09:00-12:00".to_owned());
    assert!(matches!(content.times().open_state(at("2026-11-23 10:00")), OpenState::Open(_)));
    content.closures.push(crate::record::Period { from: Some(day("2026-11-20")), to: Some(day("2026-11-30")), why: crate::language::Localized::default() });
    assert_eq!(content.times().open_state(at("2026-11-23 10:00")), OpenState::Closed(None));
    let on = |content: &Content, text: &str, evening| {
        content.times().opening_within(crate::intent::Days { from: day(text), to: day(text) }, evening, at("2026-11-23 08:00"))
    };
    assert_eq!(on(&content, "2026-11-23", false), Opening::Never);
    assert_eq!(on(&content, "2026-12-01", false), Opening::Within(at("2026-12-01 09:00"), at("2026-12-01 12:00")));
    assert_eq!(on(&content, "2026-12-01", true), Opening::Never);
    assert_eq!(on(&Content::default(), "2026-12-01", false), Opening::Unknown);
}

#[test]
fn a_night_shelter_is_open_tonight_and_a_day_centre_is_not() {
    let tonight = crate::intent::Days { from: day("2026-11-23"), to: day("2026-11-23") };
    let open = |osm: &str| {
        let mut content = Content::default();
        content.hours.osm = Some(osm.to_owned());
        matches!(content.times().opening_within(tonight, true, at("2026-11-23 10:00")), Opening::Within(..))
    };
    assert!(open("Mo-Su 20:00-08:00") && open("24/7"));
    assert!(!open("Mo-Su 09:00-17:00"));
}

#[test]
fn a_weekly_event_keeps_its_wall_time_across_summer_time() {
    let when = event("2026-10-21 09:00", Some("2026-10-21 10:00"), Some("FREQ=WEEKLY;BYDAY=WE"));
    let found = occurrences(&when, day("2026-10-20"), day("2026-10-31")).unwrap();
    assert_eq!(found.iter().map(|one| one.start).collect::<Vec<_>>(), [at("2026-10-21 09:00"), at("2026-10-28 09:00")]);
    assert_eq!(found[1].instant - found[0].instant, Duration::days(7) + Duration::hours(1));
}

#[test]
fn exceptions_extra_dates_and_far_starts_are_honoured() {
    let mut when = event("2020-01-07 18:00", Some("2020-01-07 20:00"), Some("FREQ=WEEKLY;BYDAY=TU"));
    when.exdate.push(at("2026-11-24 18:00"));
    when.rdate.push(at("2026-11-26 18:00"));
    let found = occurrences(&when, day("2026-11-23"), day("2026-12-02")).unwrap();
    assert_eq!(found.iter().map(|one| one.start).collect::<Vec<_>>(), [at("2026-11-26 18:00"), at("2026-12-01 18:00")]);
    when.status = WhenStatus::Cancelled;
    assert!(occurrences(&when, day("2026-11-23"), day("2026-12-02")).unwrap().is_empty());
}

#[test]
fn an_event_past_midnight_belongs_to_both_days() {
    let when = event("2026-12-31 19:00", Some("2027-01-01 01:30"), None);
    assert_eq!(occurrences(&when, day("2027-01-01"), day("2027-01-01")).unwrap().len(), 1);
    assert!(occurrences(&when, day("2027-01-02"), day("2027-01-02")).unwrap().is_empty());
}

#[test]
fn rules_that_cannot_be_computed_are_refused() {
    assert!(matches!(check(&event("2026-12-31 19:00", None, Some("FREQ=SECONDLY"))), Err(WhenError::Rule(_))));
    assert!(matches!(check(&event("2026-12-31 19:00", None, Some("WEEKLY on mondays"))), Err(WhenError::Rule(_))));
    assert!(matches!(check(&When { zone: "Europe/Ixelles".to_owned(), ..event("2026-12-31 19:00", None, None) }), Err(WhenError::Zone(_))));
}
