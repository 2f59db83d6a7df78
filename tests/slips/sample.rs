//! The slip that all these tests print.

use std::sync::{Arc, LazyLock};

use chrono::{DateTime, TimeZone};
use chrono_tz::Tz;
use directory::answer::Desk;
use directory::dialogue::Setting;
use directory::phone::{Country, Phone};
use directory::record::Record;
use directory::ticket::Ticket;
use directory::vocabulary::Vocabulary;
use printer::compose::SlipRequest;
use printer::escpos::Stream;
use printer::phrases::SlipPhrases;
use printer::profile::Profile;
use printer::slip::Style;
use printer::slip_language::SlipLanguage;

static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| Vocabulary::shipped().unwrap());
static PHRASES: LazyLock<SlipPhrases> = LazyLock::new(|| SlipPhrases::shipped().unwrap());

/// What the code of a sample slip says.
pub(super) const CODE: &str = "7G7KC 2HB74 K7P2E";

/// The bytes of three records.
pub(super) fn slip(profile: &Profile, style: Style, languages: &[SlipLanguage]) -> Stream {
    let now: DateTime<Tz> = chrono_tz::Europe::Brussels.with_ymd_and_hms(2026, 10, 14, 14, 12, 0).unwrap();
    let records: Vec<serde_json::Value> = serde_json::from_str(include_str!("records.json")).unwrap();
    let home = VOCABULARY.territory().postal_code("1030");
    let desk = Desk { name: "Bibliothèque".to_owned(), phone: Phone::parse("02 555 12 34", Country::Be).unwrap() };
    let setting =
        Setting { vocabulary: &VOCABULARY, now, desk: Some(&desk), calls_back: false, home: home.as_ref(), manner: directory::dialogue::Manner::default() };
    let asked = SlipRequest {
        records: records.iter().map(|record| Arc::new(Record::from_json(&record.to_string()).unwrap())).collect(),
        languages: languages.to_vec(),
        style,
        ticket: Ticket::new(7421),
        scans: true,
        place: Some("Bibliothèque St-Josse"),
        text_to: Some(&desk.phone),
        line: None,
    };
    asked.compose(&setting, &PHRASES, profile).unwrap()
}
