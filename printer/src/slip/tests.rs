use std::sync::{Arc, LazyLock};

use chrono::TimeZone;
use directory::answer::Desk;
use directory::dialogue::Whole;
use directory::phone::Country;
use directory::record::Record;
use directory::vocabulary::Vocabulary;
use proptest::prelude::*;

use super::*;
use crate::wrap::width;

static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| Vocabulary::shipped().unwrap());
static PHRASES: LazyLock<SlipPhrases> = LazyLock::new(|| SlipPhrases::shipped().unwrap());

fn record(theme: &str, name: &str) -> Record {
    let json = serde_json::json!({
        "id": "1", "code": "7G7KC", "kind": "service", "status": "published",
        "name": { "fr": name }, "themes": [theme],
        "address": { "street": "Chaussée de Helmet", "number": "214", "postal_code": "1030", "locality": "Schaerbeek", "country": "BE",
            "hint": { "fr": "Tram 55, arrêt Helmet\u{1b}@, porte bleue" } },
        "contacts": [{ "kind": "phone", "phone": "+3225550103", "public": true }],
        "hours": { "osm": "Mo-Fr 11:30-14:00,18:00-20:30; Sa 10:00-13:00" },
        "cost": { "kind": "paid", "cents": 250, "text": { "fr": "1 € avec un bon du CPAS" } },
        "access": { "modes": ["walk-in"], "conditions": { "fr": "Apportez votre carte d'identité" } },
        "trust": { "level": 2, "how": "phone", "by": "mediator" }, "freshness": { "confirmed_on": "2026-10-12" }
    });
    Record::from_json(&json.to_string()).unwrap()
}

fn laid_out(records: Vec<Record>, style: Style, languages: &[SlipLanguage], columns: u8) -> Slip {
    let desk = Desk { name: "Bibliothèque".to_owned(), phone: Phone::parse("02 555 12 34", Country::Be).unwrap() };
    let now = chrono_tz::Europe::Brussels.with_ymd_and_hms(2026, 10, 14, 14, 12, 0).unwrap();
    let setting = Setting { vocabulary: &VOCABULARY, now, desk: Some(&desk), calls_back: false, home: None, manner: directory::dialogue::Manner::default() };
    let wholes: Vec<Whole> = records.into_iter().map(|record| Whole::of(Arc::new(record), None, now.naive_local())).collect();
    let order = Order {
        records: &wholes,
        languages,
        style,
        place: Some("Bibliothèque St-Josse"),
        ticket: Ticket::new(7421),
        text_to: Some(&desk.phone),
        code: Some("7G7KC"),
        line: None,
    };
    lay_out(&order, &setting, &PHRASES, PaperFormat { columns, page: CodePage::Wpc1252 })
}

fn texts(slip: &Slip) -> Vec<&str> {
    slip.lines.iter().filter_map(|line| if let SlipLine::Text { text, .. } = line { Some(text.as_str()) } else { None }).collect()
}

#[test]
fn a_slip_says_what_a_visitor_needs_in_this_order() {
    let slip = laid_out(vec![record("food", "La Louche Bleue")], Style::Standard, &[SlipLanguage::Fr], 42);
    assert_eq!(
        texts(&slip),
        [
            "Votre adresse     Votre ticket : 7 4 2 1 1",
            "==========================================",
            "1. La Louche Bleue",
            "Chaussée de Helmet 214, 1030 Schaerbeek",
            "Lundi à vendredi, de 11h30 à 14h et de 18h",
            "à 20h30",
            "Samedi, de 10h à 13h",
            "Prix : 2,50 euros. 1 € avec un bon du CPAS",
            "Sans rendez-vous",
            "À savoir : Apportez votre carte d'identité",
            "Tél. 02 555 01 03",
            "Pour y aller : Tram 55, arrêt Helmet@,",
            "porte bleue",
            "Vérifié le 12 octobre par téléphone",
            "Code 7G7KC",
            "==========================================",
            "Une question ? Appelez : Bibliothèque",
            "02 555 12 34",
            "Par SMS : TICKET 74211 au 02 555 12 34",
            "Bibliothèque St-Josse",
            "mercredi 14 octobre 2026, 14h12",
            "Utile 1 mois. Gardez ce papier à l'ombre.",
            "------------------------------------------",
            "Pour votre aide, votre enfant, votre",
            "assistante sociale :",
        ]
    );
    assert!(slip.lines.iter().any(|line| matches!(line, SlipLine::Picture { theme: Theme::Food, label, .. } if label == "Manger")));
    assert!(slip.lines.iter().any(|line| matches!(line, SlipLine::Text { text, size: Size::Tall, .. } if text == "Tél. 02 555 01 03")));
    assert_eq!(slip.lines.last(), Some(&SlipLine::Code("7G7KC".to_owned())));
}

#[test]
fn sensitive_records_make_any_slip_discreet() {
    for style in [Style::Standard, Style::Large, Style::Discreet] {
        for theme in ["safety", "mind"] {
            let slip = laid_out(vec![record("food", "Repas"), record(theme, "Écoute")], style, &[SlipLanguage::Fr, SlipLanguage::Nl], 42);
            let all = texts(&slip).join(" ");
            assert!(all.contains("Aide-mémoire") && all.contains("Geheugensteun"));
            assert!(!all.contains("74211") && !all.contains("7 4 2 1 1") && !all.contains("icket"), "{all}");
            assert!(slip.lines.iter().all(|line| matches!(line, SlipLine::Text { .. })));
            assert!(style == Style::Large || slip.lines.iter().all(|line| matches!(line, SlipLine::Text { size: Size::Normal, .. })));
        }
    }
}

#[test]
fn a_large_slip_is_short_and_its_letters_are_double() {
    let records = || (0..6).map(|number| record("food", &format!("Repas {number}"))).collect::<Vec<_>>();
    for (style, most) in [(Style::Standard, 5), (Style::Large, 3)] {
        let slip = laid_out(records(), style, &[SlipLanguage::Fr], 42);
        assert_eq!(slip.lines.iter().filter(|line| matches!(line, SlipLine::Picture { .. })).count(), most);
    }
    let slip = laid_out(records(), Style::Large, &[SlipLanguage::Fr], 42);
    assert!(slip.lines.iter().all(|line| matches!(line, SlipLine::Text { size: Size::Double, .. } | SlipLine::Picture { .. } | SlipLine::Code(_))
        || matches!(line, SlipLine::Text { text, .. } if text.starts_with(['=', '-']))));
}

#[test]
fn arabic_runs_from_the_right_and_leaves_numbers_in_our_letters() {
    let slip = laid_out(vec![record("food", "La Louche Bleue")], Style::Standard, &[SlipLanguage::Ar, SlipLanguage::Fr], 48);
    let all = texts(&slip);
    assert!(all.contains(&"02 555 01 03") && all.contains(&"Chaussée de Helmet 214, 1030 Schaerbeek"), "{all:?}");
    assert!(slip.lines.iter().any(|line| matches!(line, SlipLine::Text { at_right: true, text, .. } if text.contains("عنوانكم"))));
    assert!(all.iter().position(|text| text.contains("عنوانكم")) < all.iter().position(|text| text.contains("Votre adresse")));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn whatever_a_source_writes_no_line_is_too_long_and_no_phone_is_split(
        name in "\\PC{0,60}",
        hint in "[\\PC\\x00-\\x1f]{0,80}",
        columns in 16_u8..50,
        style in prop_oneof![Just(Style::Standard), Just(Style::Large), Just(Style::Discreet)],
        language in 0_usize..5,
    ) {
        let mut record = record("food", "x");
        record.content.name = directory::language::Localized::new(directory::language::Language::Fr, name);
        record.content.address.hint = directory::language::Localized::new(directory::language::Language::Fr, hint);
        let slip = laid_out(vec![record], style, &[SlipLanguage::ALL[language]], columns);
        for line in slip.lines.iter().chain(&slip.notice) {
            if let SlipLine::Text { text, size, .. } = line {
                prop_assert!(width(text) * size.columns() <= usize::from(columns), "{text:?}");
                prop_assert!(!text.chars().any(char::is_control), "{text:?}");
            }
        }
        let all = texts(&slip);
        for kept in ["02 555 01 03", "02 555 12 34"] {
            prop_assert!(all.iter().any(|line| line.contains(kept)), "{kept} in {all:?}");
        }
    }
}

#[test]
fn a_slip_says_what_a_place_is_and_for_whom_alone() {
    let mut record = record("wash", "La Louche Bleue");
    let need = directory::need::Need::from_id("shower").unwrap();
    record.content.add_need(need, directory::record::NeedOrigin::Mediator);
    let women = directory::record::For { audience: directory::theme::Audience::Women, welcome: directory::record::Welcome::Only };
    record.content.audiences.push(women);
    record.content.access.modes = vec![directory::record::AccessMode::Referral];
    record.content.hours.osm = Some("Mo-Su 20:30-08:30".to_owned());
    let said = |style| {
        let slip = laid_out(vec![record.clone()], style, &[SlipLanguage::Fr], 48);
        texts(&slip).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let lines = said(Style::Standard);
    let place = lines.iter().position(|line| line == "1. La Louche Bleue").unwrap();
    assert_eq!(lines[place + 1], need.long_in("fr").unwrap());
    let all = lines.join(" ");
    for part in ["de 20h30 à 8h30 le lendemain", "Seulement pour : femmes", "Un service social doit vous envoyer"] {
        assert!(all.contains(part), "{part} in {all}");
    }
    // To a bystander it is nothing.
    assert!(!said(Style::Discreet).contains(&need.long_in("fr").unwrap().to_owned()));
    let arabic = laid_out(vec![record.clone()], Style::Standard, &[SlipLanguage::Ar], 48);
    assert!(!texts(&arabic).join(" ").contains(need.long_in("fr").unwrap()));
}
