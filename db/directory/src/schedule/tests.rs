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
        content.times().opening_within(crate::query::Days { from: day(text), to: day(text) }, evening, at("2026-11-23 08:00"))
    };
    assert_eq!(on(&content, "2026-11-23", false), Opening::Never);
    assert_eq!(on(&content, "2026-12-01", false), Opening::Within(at("2026-12-01 09:00"), at("2026-12-01 12:00")));
    assert_eq!(on(&content, "2026-12-01", true), Opening::Never);
    assert_eq!(on(&Content::default(), "2026-12-01", false), Opening::Unknown);
}

#[test]
fn a_night_shelter_is_open_tonight_and_a_day_centre_is_not() {
    let tonight = crate::query::Days { from: day("2026-11-23"), to: day("2026-11-23") };
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
fn a_series_begins_near_the_days_asked_for() {
    let (start, first) = (at("1900-01-01 18:00"), at("2026-11-23 00:00"));
    for (rule, most) in [
        ("FREQ=DAILY", 3),
        ("FREQ=DAILY;INTERVAL=3;BYDAY=MO,TU", 7),
        ("FREQ=WEEKLY;INTERVAL=2", 29),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR,SA,SU", 63),
        ("FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU", 732),
        ("FREQ=YEARLY;BYWEEKNO=20", 732),
    ] {
        let (near, _) = nearer::nearer(rule, start, first).unwrap();
        assert!(near <= first && (first - near).num_days() <= most, "{rule}: {near}");
    }
    // Counted through, for nobody knows when it ended: taken for over.
    assert_eq!(nearer::nearer("FREQ=DAILY;BYDAY=MO;COUNT=9999", start, first), None);
    assert_eq!(nearer::nearer("FREQ=DAILY;COUNT=9999", start, first), None);
    assert_eq!(nearer::nearer("FREQ=DAILY;UNTIL=20251231T170000Z", start, first), None, "it has ended");
    let later = at("2026-01-01 18:00");
    assert_eq!(nearer::nearer("FREQ=DAILY;BYDAY=MO;COUNT=99", later, first).unwrap().0, later);
    let far = event("1900-01-01 18:00", None, Some("FREQ=DAILY;COUNT=9999"));
    assert!(occurrences(&far, day("2026-11-23"), day("2026-11-30")).unwrap().is_empty());
    let extra = When { rdate: vec![at("2026-11-24 10:00")], ..far };
    assert_eq!(occurrences(&extra, day("2026-11-23"), day("2026-11-30")).unwrap().len(), 1);
}

/// The dates of a rule as they are without moving its start.
fn counted_through(when: &When, from: NaiveDate, to: NaiveDate) -> Vec<NaiveDateTime> {
    let zone = rrule::Tz::Europe__Brussels;
    let at = |local: NaiveDateTime| instant(chrono_tz::Europe::Brussels, local).with_timezone(&zone);
    let rule: rrule::RRule<rrule::Unvalidated> = when.rrule.as_deref().unwrap().parse().unwrap();
    let set = rrule::RRuleSet::new(at(when.start)).rrule(rule.validate(at(when.start)).unwrap());
    let all = set.after(at(from.and_time(NaiveTime::MIN))).before(at(to.and_time(NaiveTime::MIN))).all(MOST_OCCURRENCES);
    all.dates.into_iter().map(|date| date.naive_local()).collect()
}

proptest::proptest! {
    #[test]
    fn a_moved_start_changes_no_date(
        rule in 0_usize..14, interval in 1_u32..6, counted in proptest::option::of(1_u32..3_000), day_of_year in 0_u64..1_461, ahead in 0_u64..2_900,
        ends_some_day in proptest::bool::ANY, ends in 1_u32..4_000,
    ) {
        let rules = [
            "FREQ=DAILY", "FREQ=DAILY;BYDAY=MO,WE", "FREQ=DAILY;BYMONTH=2,11", "FREQ=WEEKLY", "FREQ=WEEKLY;BYDAY=TU,SU", "FREQ=WEEKLY;WKST=SU;BYDAY=SA,MO",
            "FREQ=MONTHLY", "FREQ=MONTHLY;BYMONTHDAY=31,-1", "FREQ=MONTHLY;BYDAY=1FR,-1MO", "FREQ=MONTHLY;BYDAY=MO,TU,WE;BYSETPOS=-1",
            "FREQ=YEARLY", "FREQ=YEARLY;BYMONTH=3;BYDAY=SU", "FREQ=YEARLY;BYWEEKNO=20", "FREQ=YEARLY;BYYEARDAY=1,200",
        ];
        let counted = counted.filter(|_| !ends_some_day);
        let count = counted.map(|count| format!(";COUNT={count}")).unwrap_or_default();
        let rrule = format!("{};INTERVAL={interval}{count}", rules[rule]);
        let start = at("2016-01-01 18:00") + Days::new(day_of_year);
        let ends = start + Days::new(u64::from(ends));
        let rrule = if ends_some_day { format!("{rrule};UNTIL={}", ends.format("%Y%m%dT%H%M%SZ")) } else { rrule };
        let when = When { start, ..event("2016-01-01 18:00", None, Some(&rrule)) };
        let from = start.date() + Days::new(ahead);
        let to = from + Days::new(400);
        let is_counted_out = counted.is_some() && nearer::nearer(&rrule, start, from.and_time(NaiveTime::MIN)).is_none();
        if !is_counted_out || !rrule.contains("BY") {
            let found: Vec<NaiveDateTime> = occurrences(&when, from, to).unwrap().into_iter().map(|one| one.start).filter(|start| start.date() < to).collect();
            proptest::prop_assert_eq!(found, counted_through(&when, from, to), "{} from {}", rrule, start);
        }
    }
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
