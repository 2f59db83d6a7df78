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
    let on = |content: &Content, text: &str, part| {
        content.times().opening_within(crate::query::Days { from: day(text), to: day(text) }, part, at("2026-11-23 08:00"))
    };
    assert_eq!(on(&content, "2026-11-23", None), Opening::Never);
    assert_eq!(on(&content, "2026-12-01", None), Opening::Within(at("2026-12-01 09:00"), at("2026-12-01 12:00")));
    assert_eq!(on(&content, "2026-12-01", Some(DayPart::Afternoon)), Opening::Never);
    assert_eq!(on(&Content::default(), "2026-12-01", None), Opening::Unknown);
}

#[test]
fn a_night_shelter_is_open_tonight_and_a_day_centre_is_not() {
    let tonight = crate::query::Days { from: day("2026-11-23"), to: day("2026-11-23") };
    let open = |osm: &str| {
        let mut content = Content::default();
        content.hours.osm = Some(osm.to_owned());
        matches!(content.times().opening_within(tonight, Some(DayPart::Evening), at("2026-11-23 10:00")), Opening::Within(..))
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

fn parsed(osm: &str, zone: SchoolZone) -> Timetable {
    let country = if zone.id().starts_with("be") { Country::Be } else { Country::Fr };
    Timetable::parse_in(osm, country, Some(zone)).unwrap()
}

fn hours_on(osm: &str, zone: SchoolZone, date: &str) -> Vec<String> {
    let open = parsed(osm, zone).day(day(date)).unwrap();
    open.into_iter().map(|(start, end)| format!("{}-{}", start.format("%H:%M"), end.format("%H:%M"))).collect()
}

/// The weekdays named are each in one zone's holidays and no other's of that country, or in all of them.
#[test]
fn each_zone_has_its_own_school_holidays() {
    use SchoolZone::{BelgianFlemish, BelgianFrench, BelgianGerman, FrenchA, FrenchB, FrenchC};
    let belgium: &[SchoolZone] = &[BelgianFrench, BelgianFlemish, BelgianGerman];
    let france: &[SchoolZone] = &[FrenchA, FrenchB, FrenchC];
    for (date, zones, closed) in [
        ("2025-10-22", belgium, vec![BelgianFrench]),
        ("2025-10-29", belgium, vec![BelgianFrench, BelgianFlemish, BelgianGerman]),
        ("2025-12-30", belgium, vec![BelgianFrench, BelgianFlemish, BelgianGerman]),
        ("2026-02-18", belgium, vec![BelgianFrench, BelgianFlemish, BelgianGerman]),
        ("2026-02-25", belgium, vec![BelgianFrench]),
        ("2026-04-15", belgium, vec![BelgianFlemish, BelgianGerman]),
        ("2026-05-06", belgium, vec![BelgianFrench]),
        ("2026-04-19", belgium, vec![BelgianFlemish]),
        ("2026-07-02", belgium, vec![BelgianFlemish, BelgianGerman]),
        ("2026-08-26", belgium, vec![BelgianFlemish, BelgianGerman]),
        ("2026-06-10", belgium, vec![]),
        ("2026-10-28", &[BelgianFrench, BelgianFlemish], vec![BelgianFrench]),
        ("2026-11-04", &[BelgianFrench, BelgianFlemish], vec![BelgianFlemish]),
        ("2027-08-30", &[BelgianFlemish], vec![BelgianFlemish]),
        ("2028-04-12", &[BelgianFlemish], vec![BelgianFlemish]),
        ("2025-10-25", france, vec![FrenchA, FrenchB, FrenchC]),
        ("2026-02-11", france, vec![FrenchA]),
        ("2026-02-26", france, vec![FrenchB, FrenchC]),
        ("2026-03-04", france, vec![FrenchC]),
        ("2026-04-07", france, vec![FrenchA]),
        ("2026-04-30", france, vec![FrenchC]),
        ("2027-02-10", france, vec![FrenchC]),
        ("2027-02-24", france, vec![FrenchA, FrenchB]),
        ("2027-03-03", france, vec![FrenchB]),
        ("2027-04-20", france, vec![FrenchA, FrenchB]),
        ("2027-07-14", france, vec![FrenchA, FrenchB, FrenchC]),
        ("2026-11-04", france, vec![]),
    ] {
        let found: Vec<_> = zones.iter().copied().filter(|zone| hours_on("Mo-Su 10:00-12:00; SH off", *zone, date).is_empty()).collect();
        assert_eq!(found, closed, "{date}");
    }
}

#[test]
fn school_holidays_close_or_have_their_own_hours() {
    let term = ["15:45-18:00"];
    let osm = "Th 15:45-18:00; We 13:00-17:30; SH Mo-Fr 09:00-16:30";
    // A Thursday and a Monday of the autumn holidays, the Saturday among them, the same days when schools are open.
    for (date, hours) in
        [("2026-10-22", &["09:00-16:30"][..]), ("2026-10-19", &["09:00-16:30"]), ("2026-10-24", &[]), ("2026-11-05", &term), ("2026-11-09", &[])]
    {
        assert_eq!(hours_on(osm, SchoolZone::BelgianFrench, date), hours, "{date}");
    }
    // In the second week of the French Community's holidays Flemish pupils are at school, and a week later it is their turn.
    assert_eq!(hours_on(osm, SchoolZone::BelgianFlemish, "2026-10-29"), term);
    assert_eq!(hours_on(osm, SchoolZone::BelgianFlemish, "2026-11-05"), ["09:00-16:30"]);
    // Public holidays go before what a rule after them does not change.
    let osm = "Mo-Fr 09:00-17:00; SH 10:00-12:00; PH off";
    assert!(hours_on(osm, SchoolZone::FrenchA, "2026-12-25").is_empty());
    assert_eq!(hours_on(osm, SchoolZone::FrenchA, "2026-12-28"), ["10:00-12:00"]);
    assert_eq!(hours_on(osm, SchoolZone::FrenchA, "2026-12-20"), ["10:00-12:00"], "a Sunday of the holidays");
    for (date, hours) in [("2026-11-11", 0), ("2026-11-02", 0), ("2026-11-09", 1)] {
        assert_eq!(hours_on("Mo-Fr 15:30-18:00; SH,PH off", SchoolZone::BelgianFlemish, date).len(), hours, "{date}");
    }
    assert_eq!(hours_on("SH Tu-Sa 10:00-13:00; PH off", SchoolZone::BelgianFrench, "2026-10-17"), [""; 0], "not yet");
    assert_eq!(hours_on("Mo-Fr 09:00-17:00, SH Sa 10:00-12:00", SchoolZone::BelgianFrench, "2026-10-24"), ["10:00-12:00"]);
    assert_eq!(hours_on("Mo-Fr 09:00-17:00, SH Sa 10:00-12:00", SchoolZone::BelgianFrench, "2026-11-07"), [""; 0]);
    assert_eq!(hours_on("SH,Sa 10:00-12:00", SchoolZone::BelgianFrench, "2026-11-07"), ["10:00-12:00"], "either");
}

#[test]
fn the_next_opening_is_after_the_school_holidays() {
    let timetable = parsed("Mo-Fr 09:00-12:00; SH off", SchoolZone::BelgianFrench);
    assert_eq!(timetable.state(at("2026-12-21 10:00")), OpenState::Closed(Some(at("2027-01-04 09:00"))));
    assert_eq!(timetable.state(at("2026-12-18 10:00")), OpenState::Open(Some(at("2026-12-18 12:00"))));
    let flemish = parsed("SH Mo-We 10:00-12:00", SchoolZone::BelgianFlemish);
    assert_eq!(flemish.state(at("2026-11-30 10:30")), OpenState::Closed(Some(at("2026-12-21 10:00"))));
}

#[test]
fn what_school_holidays_are_not_known_is_not_told() {
    let check = |osm: &str, zone, moment: &str| parsed(osm, zone).state(at(moment));
    let osm = "Mo-Su 09:00-12:00; SH off";
    // Until the last day, and not from the next on: neither then nor when it opens.
    assert_eq!(check(osm, SchoolZone::BelgianFrench, "2027-08-22 10:00"), OpenState::Closed(None));
    assert_eq!(check(osm, SchoolZone::BelgianFrench, "2027-08-23 10:00"), OpenState::Unknown);
    assert_eq!(check(osm, SchoolZone::BelgianFrench, "2025-08-24 10:00"), OpenState::Unknown);
    assert_eq!(check(osm, SchoolZone::FrenchB, "2027-08-01 10:00"), OpenState::Unknown);
    assert_eq!(parsed(osm, SchoolZone::BelgianFlemish).day(day("2028-09-01")), None);
    // What nobody verified is not told, on any day that it could change.
    assert_eq!(check(osm, SchoolZone::BelgianGerman, "2026-11-05 10:00"), OpenState::Unknown);
    assert!(matches!(check(osm, SchoolZone::BelgianGerman, "2026-06-10 10:00"), OpenState::Open(_)));
    // Which days are meant: of both holidays those weekdays, those weekdays in the holidays, the end of a rule?
    for unclear in ["PH,SH Mo-Fr 10:00-12:00", "Mo-We SH 10:00-12:00", "Jul-Aug SH Mo-Fr 10:00-12:00", "Mo-Fr 09:00-17:00; PH, SH off"] {
        if Timetable::parse(unclear, Country::Be).is_ok() {
            assert_eq!(check(unclear, SchoolZone::BelgianFrench, "2026-11-30 10:00"), OpenState::Unknown, "{unclear}");
        }
    }
    assert!(matches!(check("Mo 09:00-12:00 \"not in SH\"", SchoolZone::BelgianFrench, "2031-11-03 10:00"), OpenState::Open(_)), "only a remark");
}

#[test]
fn the_postal_code_says_whose_school_holidays_count() {
    use SchoolZone::{BelgianFlemish, BelgianFrench, BelgianGerman, FrenchA, FrenchB, FrenchC};
    for (country, code, zone) in [
        (Country::Be, "1050", Some(BelgianFrench)),
        (Country::Be, "1300", Some(BelgianFrench)),
        (Country::Be, "1630", Some(BelgianFlemish)),
        (Country::Be, "3798", Some(BelgianFlemish)),
        (Country::Be, "8000", Some(BelgianFlemish)),
        (Country::Be, "4000", Some(BelgianFrench)),
        (Country::Be, "4700", Some(BelgianGerman)),
        (Country::Be, "4750", Some(BelgianGerman)),
        (Country::Be, "4791", Some(BelgianGerman)),
        (Country::Be, "4800", Some(BelgianFrench)),
        (Country::Be, "4950", Some(BelgianFrench)),
        (Country::Be, "7780", Some(BelgianFrench)),
        (Country::Fr, "69001", Some(FrenchA)),
        (Country::Fr, "01000", Some(FrenchA)),
        (Country::Fr, "68100", Some(FrenchB)),
        (Country::Fr, "75011", Some(FrenchC)),
        (Country::Fr, "20000", None),
        (Country::Fr, "97400", None),
        (Country::Fr, "1050", None),
        (Country::Be, "68100", None),
        (Country::Be, "0999", None),
        (Country::Be, "quatre mille", None),
    ] {
        assert_eq!(SchoolZone::of(country, code), zone, "{code}");
    }
    let departments = (1..=95).filter(|department| *department != 20).map(|department| format!("{department:02}000"));
    for code in departments {
        assert!(SchoolZone::of(Country::Fr, &code).is_some(), "{code}");
    }
}

#[test]
fn an_entry_is_open_by_the_school_holidays_of_its_place() {
    let mut content = Content::default();
    content.hours.osm = Some("Mo-Fr 09:00-12:00; SH off".to_owned());
    let state = |content: &Content| content.times().open_state(at("2026-10-28 10:00"));
    assert_eq!(state(&content), OpenState::Unknown, "nobody knows where it is");
    assert_eq!(content.times().weekly(day("2026-11-09")), None);
    for (country, code, is_open) in [(Country::Be, "1050", false), (Country::Be, "9000", true), (Country::Be, "5000", false), (Country::Fr, "68100", false)] {
        content.address.country = country;
        content.address.postal_code = Some(code.to_owned());
        assert_eq!(matches!(state(&content), OpenState::Open(_)), is_open, "{code}");
        assert_eq!(matches!(state(&content), OpenState::Closed(_)), !is_open, "{code}");
        assert!(content.times().weekly(day("2026-11-09")).is_some(), "{code}");
    }
    content.address.postal_code = Some("20000".to_owned());
    assert_eq!(state(&content), OpenState::Unknown, "Corsica");
}

const SCHOOL_FILE: &str = include_str!("../../../../config/holidays/school.toml");

#[test]
fn the_program_has_the_school_holidays_of_the_file() {
    let shipped: Vec<zone::SchoolCalendar> = serde_json::from_str(school::SHIPPED).unwrap();
    assert_eq!(shipped, crate::build::holidays::read(SCHOOL_FILE).unwrap());
    for zone in SchoolZone::ALL {
        assert!(SchoolHolidays::of(*zone).is_some(), "{}", zone.id());
    }
}

#[test]
fn the_build_refuses_school_holidays_that_cannot_be_right() {
    let refused = |from: &str, to: &str| {
        assert!(SCHOOL_FILE.contains(from), "{from}");
        crate::build::holidays::read(&SCHOOL_FILE.replacen(from, to, 1)).unwrap_err().to_string()
    };
    let line = |text: &str| SCHOOL_FILE.lines().position(|line| line.contains(text)).unwrap() + 1;
    let first = line("first = \"2025-10-20\"");
    for (from, to, line, why) in [
        ("last = \"2025-11-02\"", "last = \"2025-10-02\"", first, "end before they begin"),
        ("last = \"2025-11-02\"", "last = \"2025-12-24\"", first + 1, "begin before those of the line above end"),
        ("\"Congé d'automne\"", "\"\"", first, "no name"),
        ("verified_on = \"2026-11-30\"", "verified = false", first, "`until` says that they are known"),
        (", verified_on = \"2026-11-30\"", "", first, "when they were compared"),
        ("until = \"2027-08-22\"", "until = \"2027-07-31\"", line("last = \"2027-08-22\""), "not between"),
        ("zone = \"fr-c\"", "zone = \"fr-b\"", line("zone = \"fr-c\"") - 1, "twice"),
    ] {
        let refusal = refused(from, to);
        assert!(refusal.contains(why) && refusal.contains(&format!("line {line}:")), "{to}: {refusal}");
    }
    assert!(refused("first = \"2025-10-20\"", "first = \"2025-10-32\"").contains(&format!("line {first}")));
    assert!(refused("first = \"2025-10-20\"", "frist = \"2025-10-20\"").contains("frist"));
}
