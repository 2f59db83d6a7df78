use std::collections::BTreeSet;

use super::*;
use crate::build::emergency::read;
use crate::phone::Phone;

const FILE: &str = include_str!("../../../../config/emergency.toml");

fn shipped() -> Numbers {
    Numbers::shipped().unwrap()
}

fn at(postal_code: &str) -> Whereabouts {
    Whereabouts { country: Country::Be, region: Region::of(postal_code) }
}

const FRANCE: Whereabouts = Whereabouts { country: Country::Fr, region: None };

fn listed(place: Whereabouts, serves: Option<Serves>, language: &str) -> Vec<String> {
    first(shipped().all(), place, serves, language).into_iter().map(|number| number.number.clone()).collect()
}

#[test]
fn the_program_has_the_numbers_of_the_file() {
    assert_eq!(shipped().all(), read(FILE).unwrap());
}

#[test]
fn the_build_refuses_what_could_mislead() {
    let refused = |change: &dyn Fn(String) -> String| read(&change(FILE.to_owned())).unwrap_err().to_string();
    let without_arabic = |file: String| file.replacen(", ar = \"الشرطة\"", "", 1);
    assert!(refused(&without_arabic).contains("BE 101: its label in ar is missing"), "{}", refused(&without_arabic));
    let unknown = |file: String| file.replacen("\"police\", \"violence_home\"", "\"cavalry\"", 1);
    assert!(refused(&unknown).contains("cavalry"), "{}", refused(&unknown));
    let twice = |file: String| file.replacen("number = \"1712\"", "number = \"0800 300 30\"", 1);
    assert!(refused(&twice).contains("twice"), "{}", refused(&twice));
    let verified = |file: String| file.replacen("free = true", "free = true\nverified_on = \"2026-12-01\"", 1);
    assert!(refused(&verified).contains("verified by nobody"), "{}", refused(&verified));
    let no_112 = |file: String| file.replacen("number = \"112\"", "number = \"118\"", 1);
    assert!(refused(&no_112).contains("BE has no 112"), "{}", refused(&no_112));
    let misspelt = |file: String| file.replacen("discreet = true", "discrete = true", 1);
    assert!(refused(&misspelt).contains("discrete"), "{}", refused(&misspelt));
}

#[test]
fn every_number_can_be_dialled_and_its_hours_can_be_read() {
    for number in shipped().all() {
        let is_short = (2..=6).contains(&EmergencyNumber::digits(&number.number).len());
        assert!(is_short || Phone::parse(&number.number, number.country).is_some(), "{}", number.number);
        if let Some(osm) = &number.hours {
            Timetable::parse(osm, number.country).unwrap_or_else(|error| panic!("{}: {error}", number.number));
        }
        assert_eq!(number.verified_on, None);
    }
    for serves in Serves::ALL {
        assert!(shipped().all().iter().any(|number| number.serves.contains(serves)), "nobody serves {}", serves.id());
    }
}

#[test]
fn the_numbers_of_everybody_come_first_then_those_of_the_danger_in_the_language() {
    let brussels = |serves, language| listed(at("1030"), Some(serves), language);
    assert_eq!(brussels(Serves::ViolenceHome, "fr")[..5], ["112", "101", "0800 30 030", "02 539 27 44", "1712"]);
    assert_eq!(brussels(Serves::ViolenceHome, "nl")[..3], ["112", "101", "1712"]);
    assert_eq!(brussels(Serves::Suicide, "fr")[..4], ["112", "101", "0800 32 123", "107"]);
    assert_eq!(brussels(Serves::Suicide, "nl")[..4], ["112", "101", "1813", "106"]);
    assert_eq!(brussels(Serves::Suicide, "en")[..3], ["112", "101", "02 616 26 26"]);
    assert_eq!(listed(at("4700"), Some(Serves::Suicide), "de")[..3], ["112", "101", "108"]);
    assert_eq!(listed(at("4700"), Some(Serves::ViolenceHome), "de")[..3], ["112", "101", "087 55 40 77"]);
    assert_eq!(listed(FRANCE, Some(Serves::ViolenceHome), "fr")[..5], ["112", "17", "18", "114", "3919"]);
    // Interpreters come before a language that is not spoken at all.
    assert_eq!(listed(FRANCE, Some(Serves::ViolenceHome), "ar")[4..6], ["3919", "115"]);
    assert_eq!(listed(FRANCE, Some(Serves::Medical), "en")[4..5], ["15"]);
    assert_eq!(listed(at("1030"), None, "fr")[..3], ["112", "101", "0800 30 030"]);
}

#[test]
fn a_line_elsewhere_is_given_to_whoever_speaks_its_language_but_a_bed_elsewhere_is_not() {
    let liege = listed(at("4000"), None, "fr");
    assert!(liege.iter().all(|number| number != "0800 99 340" && number != "1712"), "{liege:?}");
    assert!(listed(at("4000"), None, "nl").iter().any(|number| number == "1712"));
    assert!(listed(at("1030"), None, "de").iter().any(|number| number == "108"));
    let unknown = Whereabouts::default();
    assert!(listed(unknown, Some(Serves::HomelessTonight), "fr").iter().any(|number| number == "0800 99 340"));
    assert_eq!(Region::of("1030"), Some(Region::Brussels));
    assert_eq!(Region::of("4700"), Some(Region::GermanSpeaking));
    assert_eq!(Region::of("4837"), Some(Region::Wallonia));
    assert_eq!(Region::of("2018"), Some(Region::Flanders));
    assert_eq!((Region::of("75018"), Region::of("")), (None, None));
}

/// Whatever is asked for: 112 is the first, nothing comes twice, and nothing of another country comes at all.
#[test]
fn every_list_begins_with_112() {
    let places = [at("1030"), at("4000"), at("4700"), at("9000"), FRANCE, Whereabouts::default()];
    for place in places {
        for language in LABELS {
            for serves in Serves::ALL.iter().map(|serves| Some(*serves)).chain([None]) {
                let all = listed(place, serves, language);
                assert_eq!(all[0], EUROPEAN);
                assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len(), "{all:?}");
                let police = if place.country == Country::Be { "101" } else { "17" };
                assert_eq!(all[1], police);
            }
        }
    }
}

#[test]
fn an_operator_verifies_and_hides() {
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    let today = day("2026-12-05");
    let mut numbers = shipped();
    let all = numbers.unverified(today).len();
    // 112 stands there for each country.
    assert!(all > 40 && numbers.all().len() == all + 2, "{all}");
    let care = |verified: &[(&str, &str)], hidden: &[&str]| Care {
        verified: verified.iter().map(|(number, on)| ((*number).to_owned(), day(on))).collect(),
        hidden: hidden.iter().map(|number| (*number).to_owned()).collect(),
    };
    numbers.apply(&care(&[("080030030", "2026-12-01"), ("112", "2025-10-01")], &["0800 30 330"]), today).unwrap();
    let unverified = numbers.unverified(today);
    assert_eq!(unverified.len(), all - 2, "one is verified, one hidden, and what was verified long ago is so no more");
    assert!(unverified.contains(&"112") && !unverified.contains(&"0800 30 030"));
    assert!(numbers.all().iter().all(|number| number.number != "0800 30 330"));
    let refused = |care: &Care| shipped().apply(care, today).unwrap_err().to_string();
    assert!(refused(&care(&[("0800 30 031", "2026-12-01")], &[])).contains("no number 0800 30 031"));
    assert!(refused(&care(&[], &["1"])).contains("no number 1"));
    assert!(refused(&care(&[], &["112"])).contains("never hidden"));
    assert!(refused(&care(&[("112", "2027-01-01")], &[])).contains("yet"));
}

#[test]
fn who_texts_the_number_of_the_police_is_heard() {
    let numbers = shipped();
    assert!(["112", "101", "100", "114"].into_iter().all(|text| numbers.is_called(text)));
    // An hour, an age, a postal code, a line that listens.
    assert!(["15", "17", "18", "3018", "107", "", "1121"].into_iter().all(|text| !numbers.is_called(text)));
}

#[test]
fn hours_are_said_where_nobody_answers_at_some() {
    let monday = "2026-11-23".parse::<NaiveDate>().unwrap();
    let numbers = shipped();
    let number = |wanted: &str| numbers.all().iter().find(|number| number.number == wanted).unwrap();
    assert_eq!(number("0800 30 030").week(monday), None);
    assert!(number("1712").week(monday).is_some());
    let night = monday.and_hms_opt(23, 0, 0).unwrap();
    assert!(number("1712").is_closed_at(night) && !number("107").is_closed_at(night));
}
