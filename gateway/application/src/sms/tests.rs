//! Lists as text messages: what is said, what is left out, and that no name is cut.

use chrono::{NaiveDate, NaiveDateTime};
use directory::answer::{Action, Choice, Coming, Entry, What};
use directory::code::Code;
use directory::language::{Language, Localized};
use directory::need::Need;
use directory::phrase::Catalogue;
use directory::record::{Cost, CostKind, Shown, WayIn};
use directory::theme::{Audience, Theme};

use super::*;

fn need(id: &str) -> Need {
    Need::from_id(id).unwrap()
}

fn at(hour: u32) -> NaiveDateTime {
    NaiveDate::from_ymd_opt(2026, 11, 23).unwrap().and_hms_opt(hour, 0, 0).unwrap()
}

fn entry(number: u8, name: &str) -> Entry {
    Entry {
        number,
        code: Code::from_serial(u32::from(number)).unwrap(),
        name: name.to_owned(),
        what: None,
        coming: Coming::OpenUntil(Some(at(16))),
        cost: Cost { kind: CostKind::Free, cents: None, text: Localized::default() },
        only_for: Vec::new(),
        way_in: WayIn::Open,
        place: Some("1030".to_owned()),
        distance_km: Some(1.24),
        shown: Shown::Unverified,
    }
}

fn list(entries: Vec<Entry>) -> Answer {
    let title = Title { theme: Some(Theme::Food), need: Some(need("night-shelter")), place: Some("1050".to_owned()), ..Title::default() };
    let mut choices: Vec<Choice> = ('1'..).take(entries.len()).map(|key| Choice { key, action: Action::Pick }).collect();
    choices.extend([Choice { key: '8', action: Action::More }, Choice { key: '0', action: Action::Person }]);
    let blocks = std::iter::once(Block::Title(title)).chain(entries.into_iter().map(Block::Entry)).collect();
    Answer { language: Language::Fr, blocks, choices, notes: Vec::new(), leaves_no_trace: false, hand_over: None, demo: false }
}

fn written(answer: &Answer) -> Sms {
    let (catalogue, vocabulary) = (Catalogue::shipped(), Vocabulary::shipped().unwrap());
    render(answer, &Words { catalogue: &catalogue, language: answer.language, today: at(0).date() }, &vocabulary)
}

#[test]
fn a_line_says_what_it_is_when_whom_it_is_for_and_where() {
    let nest = Entry {
        what: Some(What::Need(need("shower"))),
        only_for: vec![Audience::Women],
        way_in: WayIn::Appointment,
        cost: Cost { kind: CostKind::Paid, cents: Some(200), text: Localized::default() },
        ..entry(1, "Le Nid")
    };
    // The heading says what this one is.
    let bed = Entry { what: Some(What::Need(need("night-shelter"))), place: None, distance_km: None, ..entry(2, "Le Toit") };
    assert_eq!(
        written(&list(vec![nest, bed])).text,
        "Lit ce soir 1050\n\
         1 Douche: Le Nid, jusqu'à 16h, 2€, femmes seulement, sur rendez-vous, 1030\n\
         2 Le Toit, jusqu'à 16h, gratuit\n\
         Tapez 1 ou 2. Suite: 8. Aide: 0."
    );
}

#[test]
fn what_all_cost_is_said_once_and_left_out_where_that_spares_a_segment() {
    let entries = |names: &[&str]| (1..).zip(names).map(|(number, name)| entry(number, name)).collect::<Vec<_>>();
    let two = written(&list(entries(&["La Louche Bleue", "Le Panier d'Osier"])));
    assert!(two.text.starts_with("Lit ce soir 1050, gratuit\n1 La Louche Bleue, jusqu'à 16h, 1030 1,2km\n"), "{}", two.text);
    // A little too much for one segment: without the distance it is one.
    let here = |number, name| Entry { place: None, distance_km: None, ..entry(number, name) };
    let three = written(&list(vec![entry(1, "La Louche Bleue"), here(2, "Le Panier Nu"), here(3, "La Table Ronde")]));
    assert_eq!(three.segments.len(), 1, "{}", three.text);
    assert!(three.text.contains("gratuit\n1 La Louche Bleue, jusqu'à 16h, 1030\n"), "{}", three.text);
    // Two segments with all of it rather than names that are cut.
    let long = written(&list(entries(&["La Maison des Enfants du Canal", "La Grande Cantine du Port Sud", "Les Tables Rondes de la Rue Verte"])));
    assert_eq!(long.segments.len(), 2, "{}", long.text);
    assert!(long.text.contains("3 Les Tables Rondes de la Rue Verte, jusqu'à 16h, 1030 1,2km\n"), "{}", long.text);
    assert!(long.segments[0].ends_with('\n'), "{:?}", long.segments);
}

#[test]
fn the_longest_list_is_two_segments_and_no_name_is_cut_in_a_word() {
    let name = "Rassemblement intercommunal extraordinaire des propriétaires de jardins partagés et de vergers collectifs";
    let long = |number| Entry {
        what: Some(What::Need(need("community-garden"))),
        only_for: vec![Audience::Disability],
        way_in: WayIn::Referral,
        coming: Coming::OpenUntil(Some(at(8) + chrono::Days::new(1))),
        ..entry(number, name)
    };
    let sms = written(&list((1..=3).map(long).collect()));
    assert!(sms.segments.len() <= 2, "{}", sms.text);
    for line in sms.text.lines().filter(|line| line.starts_with(['1', '2', '3'])) {
        let said = line.get(2..).unwrap().split(", ").next().unwrap();
        assert!(name.starts_with(said) && said.contains(' '), "{line}");
        assert!(name.strip_prefix(said).unwrap().starts_with(' '), "{line}");
    }
}

#[test]
fn what_is_hidden_says_neither_what_it_is_nor_for_whom() {
    let refuge = Entry { what: Some(What::Need(need("shower"))), only_for: vec![Audience::Women], ..entry(1, "Les Lilas") };
    let text = written(&Answer { leaves_no_trace: true, ..list(vec![refuge]) }).text;
    assert!(!text.contains("Douche") && !text.contains("femmes"), "{text}");
}
