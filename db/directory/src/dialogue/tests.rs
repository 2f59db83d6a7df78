use std::sync::OnceLock;

use chrono_tz::Europe::Brussels;

use super::*;
use crate::answer::{Action, Block, Sentence};
use crate::intent::{self, Input};
use crate::language::{Language, Localized};
use crate::record::{Content, NeedOrigin, Packed, Scope};

/// A call, or a conversation by text message, from Schaerbeek.
struct Talk {
    manner: Manner,
    session: Session,
}

fn vocabulary() -> &'static Vocabulary {
    static SHIPPED: OnceLock<Vocabulary> = OnceLock::new();
    SHIPPED.get_or_init(|| Vocabulary::shipped().unwrap())
}

fn monday() -> DateTime<Tz> {
    DateTime::parse_from_rfc3339("2026-11-23T12:00:00+01:00").unwrap().with_timezone(&Brussels)
}

fn need(id: &str) -> Need {
    Need::from_id(id).unwrap()
}

/// An entry of Schaerbeek that is there for these needs.
fn entry(number: u32, theme: Theme, needs: &[&str]) -> Record {
    let mut content = Content { name: Localized::new(Language::Fr, format!("Entry {number}")), themes: vec![theme], ..Content::default() };
    content.address.postal_code = Some("1030".to_owned());
    for id in needs {
        content.add_need(need(id), NeedOrigin::Mediator);
    }
    let code = (0..).filter_map(Code::from_serial).nth(usize::try_from(number).unwrap()).unwrap();
    Record { content, code, id: number.to_string(), ..crate::record::tests::sample() }
}

/// A door with many entries.
fn many() -> Found {
    let hits = (0..12).map(|number| Whole::of(Arc::new(entry(number, Theme::Food, &["hot-meal"])), None, monday().naive_local()).hit).collect();
    Found { hits, needs: vec![need("hot-meal"), need("food-parcel")], record: None }
}

fn list(needs: &[&str]) -> Found {
    let hits = (0..4).map(|number| Whole::of(Arc::new(entry(number, Theme::Food, needs)), None, monday().naive_local()).hit).collect();
    Found { hits, ..Found::default() }
}

impl Talk {
    /// In front of the first page of doors.
    fn call() -> Self {
        let place = vocabulary().territory().postal_code("1030");
        let manner = Manner { asks_where: true, is_call: true, offers_needs: true, ..Manner::default() };
        Self { manner, session: Session { place, language: Some(Language::Fr), step: Step::Doors(1), ..Session::default() } }
    }

    /// What is looked up for a key, and what is answered where that is found.
    fn press(&mut self, keys: &str, found: &Found) -> (Lookup, Answer) {
        let mut signs = keys.chars();
        let input = match (signs.next(), signs.next()) {
            (Some(key), None) => Input::Choice(key),
            _ => Input::Digits(keys.to_owned()),
        };
        self.take(&input, found)
    }

    /// The same for words.
    fn text(&mut self, words: &str, found: &Found) -> (Lookup, Answer) {
        self.take(&Input::Text(words.to_owned()), found)
    }

    fn take(&mut self, input: &Input, found: &Found) -> (Lookup, Answer) {
        let setting = Setting { vocabulary: vocabulary(), now: monday(), desk: None, calls_back: false, home: None, manner: self.manner };
        let understood = intent::read(input, &self.session, vocabulary(), monday());
        let looked_up = lookup(&understood, &self.session, &setting);
        let (said, session) = answer(&understood, found, self.session.clone(), &setting);
        self.session = session;
        (looked_up, said)
    }
}

/// The needs that an answer offers.
fn offers(answer: &Answer) -> Vec<(u8, &'static str)> {
    let needs = answer.blocks.iter().find_map(|block| if let Block::Needs(needs) = block { Some(needs) } else { None });
    needs.into_iter().flatten().map(|(key, need)| (*key, need.id())).collect()
}

fn keys(answer: &Answer) -> String {
    answer.choices.iter().map(|choice| choice.key).collect()
}

fn wanted(lookup: &Lookup) -> &Wanted {
    let (Lookup::Records(query) | Lookup::Door(query)) = lookup else { panic!("{lookup:?}") };
    &query.wanted
}

#[test]
fn a_door_with_many_entries_offers_its_needs_to_a_caller() {
    let mut talk = Talk::call();
    let (lookup, said) = talk.press("1", &many());
    assert!(matches!(lookup, Lookup::Door(_)));
    assert_eq!(offers(&said), [(1, "hot-meal"), (2, "food-parcel")]);
    assert_eq!(keys(&said), "1280");
    assert!(said.choices.iter().any(|choice| choice.key == '8' && choice.action == Action::Everything));
    assert!(matches!(&said.blocks[0], Block::Title(title) if title.theme == Some(Theme::Food) && title.place.as_deref() == Some("1030")));
    // A need lists its entries, under its name.
    let (lookup, said) = talk.press("2", &list(&["food-parcel"]));
    assert!(matches!(lookup, Lookup::Records(_)));
    assert_eq!((wanted(&lookup).needs.as_slice(), wanted(&lookup).themes.as_slice()), ([need("food-parcel")].as_slice(), [Theme::Food].as_slice()));
    assert!(matches!(&said.blocks[0], Block::Title(title) if title.need == Some(need("food-parcel"))));
    assert_eq!(said.records().len(), PAGE);
    // The way back leads to the needs, then to the doors.
    let (lookup, said) = talk.press("*", &Found::default());
    assert_eq!((lookup, offers(&said).len()), (Lookup::None, 2));
    assert_eq!(talk.press("#", &Found::default()).1, said);
    let (_, said) = talk.press("*", &Found::default());
    assert!(matches!(said.blocks[..], [Block::Doors(_)]) && talk.session.offered.is_none());
}

#[test]
fn everything_behind_a_door_stays_in_reach() {
    let mut talk = Talk::call();
    talk.press("1", &many());
    let (lookup, said) = talk.press("8", &many());
    assert!(matches!(lookup, Lookup::Records(_)) && wanted(&lookup).needs.is_empty());
    assert_eq!(said.records().len(), PAGE);
    assert!(said.choices.iter().any(|choice| choice.action == Action::More));
    // The next page is of the list, and the way back leads to the needs.
    let next = talk.press("8", &list(&["hot-meal"]));
    assert!(matches!(next.0, Lookup::Listed { .. }));
    assert_eq!(offers(&talk.press("*", &Found::default()).1).len(), 2);
    // A key without a need says so; a person is a person.
    assert!(matches!(talk.press("5", &Found::default()).1.blocks[..], [Block::Say(Sentence::NoSuchChoice(5))]));
    assert!(matches!(talk.press("0", &Found::default()).1.blocks[..], [Block::Say(Sentence::Person(None))]));
}

#[test]
fn a_door_with_few_entries_lists_them_at_once() {
    let mut talk = Talk::call();
    let (_, said) = talk.press("1", &list(&["hot-meal"]));
    assert_eq!((offers(&said), said.records().len()), (Vec::new(), PAGE));
    assert_eq!(talk.session.step, Step::Listing);
    let (_, said) = talk.press("*", &Found::default());
    assert!(matches!(said.blocks[..], [Block::Doors(_)]));
}

#[test]
fn a_door_that_waits_for_its_place_offers_its_needs_there() {
    let mut talk = Talk::call();
    talk.session.place = None;
    let (lookup, said) = talk.press("1", &Found::default());
    assert_eq!(lookup, Lookup::None);
    assert!(matches!(said.blocks[..], [Block::Say(Sentence::Where(_))]));
    let (lookup, said) = talk.press("1030", &many());
    assert!(matches!(lookup, Lookup::Door(_)));
    assert_eq!(offers(&said).len(), 2);
}

#[test]
fn danger_offers_no_needs_and_text_messages_list_at_once() {
    let mut talk = Talk::call();
    talk.session.step = Step::Doors(2);
    let (lookup, said) = talk.press("6", &list(&[]));
    assert!(!matches!(lookup, Lookup::Door(_)));
    assert!(said.blocks.iter().any(|block| matches!(block, Block::Emergency(_))));
    let mut texts = Talk { manner: Manner::default(), ..Talk::call() };
    assert!(matches!(texts.press("1", &many()).0, Lookup::Records(_)));
}

/// What a door says of nobody, a need of a sensitive theme does: nothing of it stays, and the call goes on.
#[test]
fn a_sensitive_need_leaves_no_trace_and_has_a_way_back() {
    let mut talk = Talk::call();
    talk.press("3", &Found { needs: vec![need("doctor"), need("psychologist")], ..many() });
    let (lookup, said) = talk.press("2", &list(&["psychologist"]));
    assert_eq!(wanted(&lookup).themes, [Theme::Mind]);
    assert!(said.leaves_no_trace);
    assert!(talk.session.listing.as_ref().is_some_and(|listing| listing.wanted.needs.is_empty()));
    assert_eq!(offers(&talk.press("*", &Found::default()).1), [(1, "doctor"), (2, "psychologist")]);
}

/// The needs offered of a door of food in Schaerbeek, with these entries around.
fn offered_of(entries: &[(usize, &[&str])]) -> Vec<&'static str> {
    let mut number = 0;
    let mut candidates = Vec::new();
    for (count, needs) in entries {
        for _ in 0..*count {
            number += 1;
            candidates.push(Candidate { brief: Packed::from(&entry(number, Theme::Food, needs)), by: super::FoundBy::Topic });
        }
    }
    let query = Query {
        wanted: Wanted { themes: vec![Theme::Food], locality: vocabulary().territory().postal_code("1030"), ..Wanted::default() },
        postal_codes: vec!["1030".to_owned()],
        country: Country::Be,
        reach_km: 5.0,
        is_placed: true,
        here: None,
        around: Arc::default(),
        areas: Arc::default(),
    };
    offered(&candidates, &query, Scope::Sms, monday().naive_local()).into_iter().map(Need::id).collect()
}

#[test]
fn the_most_present_needs_are_offered_first() {
    assert_eq!(offered_of(&[(2, &["food-parcel"]), (7, &["shared-fridge"]), (3, &["hot-meal"])]), ["shared-fridge", "hot-meal", "food-parcel"]);
    // As present as each other: the most asked first. What is of another theme is behind another door.
    assert_eq!(offered_of(&[(5, &["food-parcel"]), (5, &["hot-meal"]), (9, &["library"])]), ["hot-meal", "food-parcel"]);
    // Few, or all the same: a list says it as well.
    assert!(offered_of(&[(4, &["food-parcel"]), (5, &["hot-meal"])]).is_empty());
    assert!(offered_of(&[(30, &["hot-meal"])]).is_empty());
    let all = ["hot-meal", "social-restaurant", "street-soup", "food-parcel", "social-grocery", "breakfast", "shared-fridge", "drinking-water"];
    let each: Vec<(usize, Vec<&str>)> = all.iter().map(|id| (2, vec![*id])).collect();
    let each: Vec<(usize, &[&str])> = each.iter().map(|(count, needs)| (*count, needs.as_slice())).collect();
    assert_eq!(offered_of(&each).len(), MOST_OFFERED);
}

#[test]
fn a_list_that_is_too_far_away_asks_where_again() {
    let mut talk = Talk::call();
    talk.press("1", &many());
    talk.press("2", &list(&["food-parcel"]));
    let (lookup, said) = talk.text("trop loin", &Found::default());
    assert_eq!(lookup, Lookup::None);
    assert!(matches!(&said.blocks[..], [Block::Say(Sentence::Where(wanted))] if wanted.needs == [need("food-parcel")]));
    // The place completes the same question.
    let (lookup, said) = talk.text("1080", &list(&["food-parcel"]));
    assert_eq!(wanted(&lookup).needs, [need("food-parcel")]);
    assert_eq!(wanted(&lookup).locality.as_ref().unwrap().postal_codes, ["1080"]);
    assert_eq!(said.records().len(), PAGE);
}

#[test]
fn what_is_asked_of_several_entries_asks_which() {
    let mut talk = Talk::call();
    talk.press("1", &many());
    talk.press("2", &list(&["food-parcel"]));
    let (lookup, said) = talk.text("comment y aller", &Found::default());
    assert_eq!((lookup, keys(&said).as_str()), (Lookup::None, "1230"));
    assert!(matches!(said.blocks[..], [Block::Say(Sentence::WhichOne)]));
    // Its digit still opens it, and of an entry shown the card is said once more.
    assert!(matches!(talk.press("2", &Found::default()).0, Lookup::Record(_)));
    let record = Arc::new(entry(1, Theme::Food, &["food-parcel"]));
    talk.press("2", &Found::one(record.clone(), monday().naive_local()));
    let (lookup, said) = talk.text("comment y aller", &Found::one(record.clone(), monday().naive_local()));
    assert_eq!(lookup, Lookup::Record(record.code));
    assert!(matches!(said.blocks[..], [Block::Card(_)]));
}

#[test]
fn where_nothing_was_found_another_place_can_be_named() {
    let mut talk = Talk::call();
    talk.text("potager 1030", &Found::default());
    let asked = wanted(&talk.text("et à 1080 ?", &Found::default()).0).clone();
    assert_eq!(asked.locality.as_ref().unwrap().postal_codes, ["1080"]);
    assert!(!asked.has_no_subject());
}

#[test]
fn where_it_may_be_danger_112_stands_above_the_answer() {
    let wanted = Wanted { danger: Some(crate::danger::DangerKind::Violence), themes: vec![Theme::Food], ..Wanted::default() };
    let setting = Setting { vocabulary: vocabulary(), now: monday(), desk: None, calls_back: false, home: None, manner: Manner::default() };
    let place = vocabulary().territory().postal_code("1030");
    for intent in [Intent::Search(wanted.clone()), Intent::Unclear(Wanted { themes: Vec::new(), ..wanted })] {
        let understood = Understanding { intent, language: Language::Fr };
        let session = Session { place: place.clone(), ..Session::default() };
        let (answer, _) = answer(&understood, &list(&["hot-meal"]), session, &setting);
        assert_eq!(answer.blocks.first(), Some(&Block::Say(Sentence::EmergencyFirst)));
        assert!(answer.blocks.len() > 1);
    }
}
