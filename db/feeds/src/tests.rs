//! What holds for every format, and the settings that tests share.

use chrono_tz::Tz;
use directory::theme::Theme;
use directory::words::fold;
use proptest::prelude::*;

use super::*;

/// A few words of a vocabulary that the caller brings.
pub(super) fn theme(term: &str) -> Option<Theme> {
    let folded = fold(term);
    [("entraide", Theme::Social), ("alimentaire", Theme::Food), ("numerique", Theme::Digital), ("soupe", Theme::Food)]
        .into_iter()
        .find(|(word, _)| folded.contains(word))
        .map(|(_, theme)| theme)
}

/// Belgium, French, Brussels.
pub(super) fn settings() -> Settings<'static> {
    Settings { country: Country::Be, language: Language::Fr, zone: Tz::Europe__Brussels, mapping: None, themes: &theme }
}

#[test]
fn an_answer_that_is_no_feed_is_never_an_empty_directory() {
    for format in [Format::Ical, Format::Gogocarto, Format::Csv] {
        for empty in ["", " \r\n", "null", "\u{feff}"] {
            assert_eq!(parse(format, empty.as_bytes(), &settings()), Err(FeedError::Empty), "{format:?} {empty:?}");
        }
        for (other, found) in [
            ("<!DOCTYPE html><html><body>Connexion</body></html>", "login page"),
            ("API protégée, demandez un token", "API protégée"),
            ("<?xml version=\"1.0\"?><rss/>", "XML"),
        ] {
            let error = parse(format, other.as_bytes(), &settings()).unwrap_err();
            assert!(matches!(error, FeedError::NotThisFormat { .. }) && error.to_string().contains(found), "{format:?} {error}");
        }
        let error = parse(format, b"PK\x03\x04\x00\x00", &settings()).unwrap_err();
        assert!(error.to_string().contains("unpack"), "{error}");
    }
}

/// Pieces that get a parser further than random bytes would.
fn pieces(words: &'static [&'static str]) -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![3 => proptest::sample::select(words).prop_map(|word| word.as_bytes().to_vec()), 1 => proptest::collection::vec(any::<u8>(), 0..12)];
    proptest::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_to_any_parser_end_in_a_value_or_a_typed_error(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        for format in [Format::Ical, Format::Gogocarto, Format::Csv] {
            let _ = parse(format, &bytes, &settings());
        }
    }

    #[test]
    fn almost_calendars_are_read_or_refused(bytes in pieces(&[
        "BEGIN:VCALENDAR\r\n", "BEGIN:VEVENT\r\n", "END:VEVENT\r\n", "END:VCALENDAR", "\n ", "\r\n", "\r", "SUMMARY:Fête\n", "DTSTART", ";TZID=Europe/Brussels", ";VALUE=DATE", ":20261205", "T183000", "Z", "\nDTEND:20261206T000000Z\n",
        "DTSTART:20261205T180000Z\n", "DTSTART;VALUE=DATE:20261205\n", "RRULE:FREQ=WEEKLY", ";BYDAY=MO,2TU", ";COUNT=3", ";UNTIL=20270101", "RDATE:", "EXDATE;VALUE=DATE:20261212\n", ",", "DURATION:P1W\n", "GEO:50.8;4.3\n", "RECURRENCE-ID:20261212T180000Z\n",
        "UID:a\n", "URL:https://x.example\n", "BEGIN:VTIMEZONE\n", "TZOFFSETTO:+0100\n", "LOCATION:Rue X 3\\, 1030 Schaerbeek\n", "\"", "^'", "\u{feff}",
    ])) {
        if let Ok(feed) = parse(Format::Ical, &bytes, &settings()) {
            let mut keys: Vec<_> = feed.drafts.iter().map(|draft| draft.source_id.clone()).collect();
            keys.sort();
            keys.dedup();
            prop_assert_eq!(keys.len(), feed.drafts.len());
            for draft in &feed.drafts {
                let when = draft.content.when.as_ref().unwrap();
                prop_assert!(directory::schedule::check(when).is_ok());
                prop_assert!(when.end.is_none_or(|end| end >= when.start));
            }
        }
    }

    #[test]
    fn almost_gogocarto_is_read_or_refused(bytes in pieces(&[
        "{\"data\":", "[", "]", "{", "}", ",", "\"id\":", "\"a\"", "1", "-3", "null", "\"name\":\"Le Panier\"", "\"geo\":{\"latitude\":50.8,\"longitude\":\"4,3\"}", "\"address\":", "{}", "\"Rue X 3, 1030 Schaerbeek\"", "\"openHours\":{\"Mo\":\"09:00-12:00\"}",
        "\"telephone\":", "\"status\":7", "\"mapping\":[\"id\",[\"name\"]]", "\"categories\":[1,\"x\"]", "\"stamps\":[{\"name\":\"Label\"}]", "\"updatedAt\":\"15/05/2026\"",
    ])) {
        let _ = parse(Format::Gogocarto, &bytes, &settings());
    }

    #[test]
    fn almost_tables_are_read_or_refused(bytes in pieces(&[
        "id,kind,name_fr,themes,postal_code,country,lat,lon,phone,hours,start,end,rrule,status\n", ",", ";", "\"", "\n", "\r\n", "a", "event", "offer", "Le Fournil", "food|social", "1030", "6000", "FR", "50,8", "02 555 01 02",
        "Mo-Fr 09:00-12:00", "mardi 9h-12h", "2026-12-05", "2026-12-05T18:00", "FREQ=WEEKLY", "cancelled", "\u{feff}", "null",
    ])) {
        if let Ok(feed) = parse(Format::Csv, &bytes, &settings()) {
            prop_assert!(feed.drafts.iter().all(|draft| !draft.source_id.is_empty() && !draft.content.name.is_empty()));
            prop_assert!(feed.refused.iter().all(|refused| refused.line > 0 && !refused.reason.is_empty()));
        }
    }
}
