use std::time::Duration;

use directory::need::Need;
use directory::vocabulary::Vocabulary;
use proptest::prelude::*;

use super::*;
use crate::page::{Area, Key};
use crate::phrases::KioskPhrases;
use crate::sample;

fn moment(seconds: u64) -> KioskMoment {
    KioskMoment { at: Duration::from_secs(seconds), local: "2026-10-13T14:05:00".parse().unwrap() }
}

fn kiosk() -> App {
    App::new(sample::place(&Vocabulary::shipped().unwrap(), &KioskPhrases::shipped().unwrap()), Grid { columns: 64, rows: 20 }, moment(0))
}

fn press(app: &mut App, at: u64, keys: &str) -> Vec<Effect> {
    keys.chars().flat_map(|key| app.update(Event::Key(Key::typed(key).unwrap()), moment(at))).collect()
}

fn items() -> Vec<Item> {
    let item = |code: &str| Item {
        code: directory::code::Code::parse(code).unwrap(),
        name: format!("Entry {code}"),
        what: None,
        status: String::new(),
        restriction: None,
        practical: String::new(),
        picture: None,
        minutes: Some(4),
    };
    ["7G7KC", "2HB74"].map(item).to_vec()
}

fn answer(app: &mut App, effects: &[Effect]) {
    for effect in effects {
        let Effect::Ask { asked, query, .. } = effect else { continue };
        let answer = match query {
            DirectoryQuery::Card(_) => DirectoryAnswer::Card(Box::new(Detail { item: items().remove(0), lines: vec!["Canary line".to_owned()] })),
            _ => DirectoryAnswer::List(items()),
        };
        app.update(Event::Found { asked: *asked, answer }, moment(1));
    }
}

fn printed(printed: u64) -> Event {
    Event::Paper { printed, paper: SlipResult { outcome: PrintOutcome::Printed, ticket: Some("7 4 2 1 3".to_owned()) } }
}

#[test]
fn three_touches_lead_from_the_language_to_an_address() {
    let mut app = kiosk();
    press(&mut app, 1, "5");
    assert_eq!(app.visit.screen(), Screen::Language);
    press(&mut app, 1, "1");
    let asked = press(&mut app, 1, "1");
    assert!(matches!(
        asked[..],
        [Effect::Ask { query: DirectoryQuery::Door { door: 0, part: Behind::First, open_only: false }, language: SlipLanguage::Fr, .. }]
    ));
    answer(&mut app, &asked);
    let asked = press(&mut app, 1, "1");
    answer(&mut app, &asked);
    assert_eq!(app.visit.card.as_ref().unwrap().lines, ["Canary line"]);
    let effects = press(&mut app, 1, "77");
    assert!(matches!(&effects[..], [Effect::Print { codes, large: false, .. }] if codes.len() == 1));
    assert_eq!(app.visit.screen(), Screen::Printing);
    app.update(printed(1), moment(3));
    assert_eq!(app.visit.screen(), Screen::Printed);
    press(&mut app, 4, "*");
    assert_eq!(app.visit.screen(), Screen::Card);
    press(&mut app, 4, "*");
    assert_eq!(app.visit.screen(), Screen::Results);
}

/// In front of the needs that a door offers.
fn at_a_large_door(mut app: App, needs: &[&str]) -> App {
    let asked = press(&mut app, 1, "111");
    let [Effect::Ask { asked, query: DirectoryQuery::Door { door: 0, part: Behind::First, open_only: false }, .. }] = asked[..] else { panic!("{asked:?}") };
    let needs = needs.iter().map(|id| Need::from_id(id).unwrap()).collect();
    app.update(Event::Found { asked, answer: DirectoryAnswer::Needs(needs) }, moment(1));
    assert_eq!(app.visit.screen(), Screen::Needs);
    app
}

const SIX: [&str; 6] = ["hot-meal", "social-restaurant", "shared-fridge", "drinking-water", "social-grocery", "food-parcel"];

#[test]
fn a_large_door_offers_its_needs_first() {
    let mut app = at_a_large_door(kiosk(), &SIX);
    let parcel = Need::from_id("food-parcel").unwrap();
    let asked = press(&mut app, 1, "6");
    assert!(matches!(asked[..], [Effect::Ask { query: DirectoryQuery::Door { door: 0, part: Behind::Need(need), open_only: false }, .. }] if need == parcel));
    answer(&mut app, &asked);
    assert_eq!(app.visit.screen(), Screen::Results);
    // Only what is open of it.
    let asked = press(&mut app, 1, "7");
    assert!(matches!(asked[..], [Effect::Ask { query: DirectoryQuery::Door { part: Behind::Need(need), open_only: true, .. }, .. }] if need == parcel));
    answer(&mut app, &asked);
    // An entry, and back: the list, the needs, another need, the doors.
    let asked = press(&mut app, 1, "1");
    answer(&mut app, &asked);
    press(&mut app, 1, "*");
    assert_eq!(app.visit.screen(), Screen::Results);
    press(&mut app, 1, "*");
    assert_eq!(app.visit.screen(), Screen::Needs);
    let asked = press(&mut app, 1, "1");
    assert!(matches!(asked[..], [Effect::Ask { query: DirectoryQuery::Door { part: Behind::Need(_), open_only: false, .. }, .. }]));
    press(&mut app, 1, "**");
    assert_eq!(app.visit.screen(), Screen::Doors);
}

#[test]
fn everything_behind_a_large_door_is_a_key_away() {
    let mut app = at_a_large_door(kiosk(), &SIX);
    let asked = press(&mut app, 1, "8");
    assert!(matches!(asked[..], [Effect::Ask { query: DirectoryQuery::Door { door: 0, part: Behind::Everything, open_only: false }, .. }]));
    answer(&mut app, &asked);
    assert_eq!((app.visit.screen(), app.visit.list.items.as_ref().map(Vec::len)), (Screen::Results, Some(2)));
    press(&mut app, 1, "*");
    assert_eq!(app.visit.screen(), Screen::Needs);
    // In large letters the needs take two pages, each digit as before; everything is behind the last one.
    app.update(Event::Key(Key::Large), moment(1));
    let digits = |app: &App| app.choices().iter().filter(|choice| matches!(choice.action, KeyAction::ShowNeed(_))).map(|choice| choice.key).collect::<Vec<_>>();
    assert_eq!(digits(&app), [1, 2, 3, 4].map(Key::Digit));
    assert_eq!(press(&mut app, 1, "8"), []);
    assert_eq!(digits(&app), [5, 6].map(Key::Digit));
    assert_eq!(app.action(Key::Digit(1)), None);
    assert_eq!(app.action(Key::Digit(8)), Some(KeyAction::ShowEverything));
    app.update(Event::Key(Key::Large), moment(1));
    assert_eq!(digits(&app).len(), 6);
}

#[test]
fn needs_that_come_late_wait_behind_the_help_that_was_asked_for() {
    let mut app = kiosk();
    let asked = press(&mut app, 1, "111");
    let Effect::Ask { asked, .. } = asked[0] else { panic!() };
    press(&mut app, 1, "0");
    app.update(Event::Found { asked, answer: DirectoryAnswer::Needs(vec![Need::from_id("hot-meal").unwrap()]) }, moment(1));
    assert_eq!(app.visit.screen(), Screen::Help);
    press(&mut app, 1, "*");
    assert_eq!(app.visit.screen(), Screen::Needs);
}

#[test]
fn whoever_does_not_see_hears_the_needs_with_their_keys() {
    let mut app = speaking();
    press(&mut app, 1, "#1");
    let asked = press(&mut app, 1, "1");
    let Effect::Ask { asked, .. } = asked[0] else { panic!() };
    let needs = SIX.iter().map(|id| Need::from_id(id).unwrap()).collect();
    assert_eq!(said(&app.update(Event::Found { asked, answer: DirectoryAnswer::Needs(needs) }, moment(1))).len(), 1);
    let spoken = crate::screen::show(&app, &KioskPhrases::shipped().unwrap()).spoken();
    let heard = |key| spoken.iter().find(|line| line.key == Some(Key::Digit(key))).map(|line| line.words.as_str());
    assert_eq!([heard(1), heard(6), heard(8)], [Some("Manger un repas chaud"), Need::from_id("food-parcel").unwrap().long_in("fr"), Some("Tout voir")]);
}

/// What must not be read from behind stands under the name of its door.
#[test]
fn a_sensitive_need_is_not_a_title() {
    let title = |need: &str| {
        let mut app = at_a_large_door(kiosk(), &[need]);
        let asked = press(&mut app, 1, "1");
        answer(&mut app, &asked);
        let page = crate::screen::show(&app, &KioskPhrases::shipped().unwrap());
        page.spoken().remove(0).words
    };
    assert_eq!(title("hot-meal"), "Manger un repas chaud");
    assert_eq!(title("psychologist"), "Manger");
}

#[test]
fn a_late_answer_is_not_shown_to_the_next_visitor() {
    let mut app = kiosk();
    let asked = press(&mut app, 1, "111");
    press(&mut app, 2, "9");
    assert_eq!(app.visit.screen(), Screen::Attract);
    press(&mut app, 3, "11");
    answer(&mut app, &asked);
    assert!(app.visit.list.items.is_none());
}

#[test]
fn the_ticket_of_one_visitor_is_not_told_to_the_next() {
    let mut app = kiosk();
    let to_the_card = |app: &mut App| {
        let asked = press(app, 1, "111");
        answer(app, &asked);
        let asked = press(app, 1, "1");
        answer(app, &asked);
        press(app, 1, "77");
        assert_eq!(app.visit.screen(), Screen::Printing);
    };
    to_the_card(&mut app);
    press(&mut app, 1, "9");
    to_the_card(&mut app);
    app.update(printed(1), moment(2));
    assert_eq!(app.visit.screen(), Screen::Printing);
    // Whoever asks for help meanwhile finds the answer when they come back.
    press(&mut app, 2, "0");
    app.update(printed(2), moment(3));
    assert_eq!(app.visit.screen(), Screen::Help);
    press(&mut app, 3, "*");
    assert_eq!(app.visit.screen(), Screen::Printed);
    assert!(app.visit.paper.is_some());
}

fn speaking() -> App {
    let mut app = kiosk();
    app.update(Event::Voice(SlipLanguage::ALL.to_vec()), moment(0));
    app
}

fn said(effects: &[Effect]) -> Vec<(u64, Option<Aside>, bool)> {
    effects
        .iter()
        .filter_map(|effect| if let Effect::Say(ReadAloud { said, aside, page, .. }) = effect { Some((*said, *aside, *page)) } else { None })
        .collect()
}

#[test]
fn whoever_sees_is_read_to_when_they_ask() {
    let mut app = speaking();
    assert_eq!(said(&press(&mut app, 1, "1")), []);
    // A name that cannot be read can be heard, without the page.
    assert_eq!(said(&press(&mut app, 1, "5")), [(1, Some(Aside::Name(SlipLanguage::Ar)), false)]);
    assert_eq!(said(&press(&mut app, 1, "#")), [(2, None, true)]);
    app.update(Event::Reading { said: 2, at: Some(ReadingPosition { part: Some(3) }) }, moment(2));
    assert_eq!(app.lit(), Some(3));
    // The key that started it stops it; and any other cuts it.
    assert_eq!(press(&mut app, 2, "#"), [Effect::Hush]);
    assert_eq!(app.lit(), None);
    let again = said(&press(&mut app, 3, "#"))[0].0;
    app.update(Event::Reading { said: 2, at: Some(ReadingPosition { part: Some(4) }) }, moment(3));
    assert_eq!(app.lit(), None, "what it was told before is of no interest");
    app.update(Event::Reading { said: again, at: Some(ReadingPosition { part: Some(1) }) }, moment(3));
    assert_eq!(press(&mut app, 3, "8")[..1], [Effect::Hush]);
}

#[test]
fn whoever_does_not_see_hears_every_page() {
    let mut app = speaking();
    // With `#`, or with the handset.
    assert_eq!(said(&press(&mut app, 1, "#")), [(1, None, true)]);
    assert_eq!(said(&press(&mut app, 1, "1")), [(2, Some(Aside::Name(SlipLanguage::Fr)), true)]);
    let asked = press(&mut app, 1, "1");
    assert_eq!(said(&asked), [], "what is asked for is read when it is there");
    let Effect::Ask { asked, .. } = asked[0] else { panic!() };
    assert_eq!(said(&app.update(Event::Found { asked, answer: DirectoryAnswer::List(items()) }, moment(1))).len(), 1);
    assert_eq!(said(&press(&mut app, 1, "#")).len(), 1, "and again, as often as wanted");
    // Louder and softer, and as before for the next one.
    let volume = |effects: &[Effect]| {
        effects.iter().find_map(|effect| if let Effect::Say(ReadAloud { volume, .. }) = effect { Some(volume.steps_below_loudest()) } else { None })
    };
    assert_eq!([volume(&press(&mut app, 1, "+")), volume(&press(&mut app, 1, "+"))], [Some(0), Some(0)]);
    assert_eq!(volume(&press(&mut app, 1, "--")[1..]), Some(2));
    assert!(!app.look().large && !app.look().high_contrast);
    press(&mut app, 1, "9");
    assert_eq!(said(&press(&mut app, 1, "1")), [], "the next one reads");
    assert_eq!(app.visit.volume, Volume::default());
}

#[test]
fn the_handset_begins_and_ends() {
    let mut app = speaking();
    assert_eq!(said(&app.update(Event::Handset { lifted: true }, moment(1))).len(), 1);
    assert_eq!(app.visit.screen(), Screen::Language);
    assert_eq!(app.update(Event::Handset { lifted: false }, moment(2)), [Effect::Hush, Effect::Erase]);
    assert_eq!(app.update(Event::Handset { lifted: false }, moment(2)), []);
    assert_eq!(app.visit.screen(), Screen::Attract);
}

#[test]
fn who_listens_is_there() {
    let mut app = speaking();
    let number = said(&press(&mut app, 0, "#"))[0].0;
    app.update(Event::Reading { said: number, at: Some(ReadingPosition { part: Some(0) }) }, moment(50));
    app.update(Event::Tick, moment(60));
    assert_eq!(app.countdown(), None);
    // Asked whether anybody is there, they hear it.
    assert_eq!(said(&app.update(Event::Tick, moment(110))).len(), 1);
    assert_eq!(app.countdown(), Some(30));
    app.update(Event::Reading { said: number + 1, at: None }, moment(115));
    assert_eq!(app.countdown(), Some(25), "hearing the question is no answer");
}

#[test]
fn after_a_minute_it_asks_and_after_a_minute_and_a_half_it_forgets() {
    let mut app = kiosk();
    press(&mut app, 0, "12");
    assert_eq!(app.due(), Duration::from_mins(1));
    app.update(Event::Tick, moment(59));
    assert_eq!(app.countdown(), None);
    app.update(Event::Tick, moment(60));
    assert_eq!(app.countdown(), Some(30));
    // Any touch keeps it all, as often as wanted.
    for round in 1..=100 {
        let at = 60 * round + 20 * (round - 1);
        app.update(Event::Tick, moment(at));
        app.update(Event::Tick, moment(at + 20));
        assert_eq!(app.countdown(), Some(10), "{round}");
        press(&mut app, at + 20, "5");
        assert_eq!((app.countdown(), app.visit.screen()), (None, Screen::Doors));
    }
    let at = 100 * 80 + 60;
    app.update(Event::Tick, moment(at));
    assert_eq!(app.update(Event::Tick, moment(at + 29)), []);
    assert_eq!(app.update(Event::Tick, moment(at + 30)), [Effect::Hush, Effect::Erase]);
    assert_eq!(app.visit.screen(), Screen::Attract);
    assert_eq!(app.visit.language, SlipLanguage::Fr);
}

/// Where a number is typed and where danger is shown nobody who comes next may read it (WCAG allows 20 s, with a question).
#[test]
fn a_number_and_danger_are_forgotten_sooner() {
    let typed = |keys: &str| {
        let mut app = kiosk();
        app.update(Event::Directory(DirectoryStatus { is_demo: false, calls_back: true }), moment(0));
        press(&mut app, 0, keys);
        app
    };
    for (keys, screen) in [
        ("1102", Screen::CallBack),
        ("11020470", Screen::CallBack),
        ("11020470123456#", Screen::CallCheck),
        ("1186", Screen::Danger),
        ("11864", Screen::DangerLines),
    ] {
        let mut app = typed(keys);
        assert_eq!((app.visit.screen(), app.due()), (screen, Duration::from_secs(20)), "{keys}");
        app.update(Event::Tick, moment(19));
        assert_eq!(app.countdown(), None, "{keys}");
        app.update(Event::Tick, moment(20));
        assert_eq!((app.countdown(), app.whole_countdown()), (Some(20), 20), "{keys}");
        assert_eq!(app.update(Event::Tick, moment(39)), [], "{keys}");
        assert_eq!(app.update(Event::Tick, moment(40)), [Effect::Hush, Effect::Erase], "{keys}");
        assert_eq!(app.visit.screen(), Screen::Attract);
    }
    // A touch keeps it, as often as wanted.
    let mut app = typed("1186");
    for round in 0..20 {
        app.update(Event::Tick, moment(30 * round + 20));
        press(&mut app, 30 * round + 30, "5");
        assert_eq!((app.countdown(), app.visit.screen()), (None, Screen::Danger));
    }
}

#[test]
fn a_bell_rings_no_longer_for_whoever_plays_with_it() {
    let mut app = kiosk();
    press(&mut app, 0, "110");
    let rings = (1..=30).filter(|second| press(&mut app, *second, "1") == [Effect::Ring]).count();
    assert_eq!(rings, RINGS.most);
    assert_eq!(app.visit.remark, Some(Remark::PersonCalled), "they are told where to go all the same");
    // The next visitor is no better off; ten minutes after the first ring, it rings again.
    press(&mut app, 31, "9110");
    assert_eq!(press(&mut app, 32, "1"), []);
    assert_eq!(press(&mut app, 601, "1"), [Effect::Ring]);
}

#[test]
fn calls_and_slips_are_bounded_and_it_says_so() {
    let mut app = asking_for_a_call(kiosk());
    let mut calls = 0;
    for _ in 0..2 * CALLS.most {
        calls += press(&mut app, 1, "0470123456#1").iter().filter(|effect| matches!(effect, Effect::Call { .. })).count();
        assert!(app.visit.number.is_empty());
        press(&mut app, 1, "2");
    }
    assert_eq!(calls, CALLS.most);
    press(&mut app, 2, "0470123456#1");
    assert_eq!((app.visit.screen(), app.visit.remark), (Screen::Help, Some(Remark::CallsEnough)));
    let mut slips = 0;
    for _ in 0..2 * SLIPS.most {
        press(&mut app, 3, "9");
        let asked = press(&mut app, 3, "111");
        answer(&mut app, &asked);
        press(&mut app, 3, "4");
        let asked = press(&mut app, 3, "1");
        answer(&mut app, &asked);
        slips += press(&mut app, 3, "77").iter().filter(|effect| matches!(effect, Effect::Print { .. })).count();
    }
    assert_eq!(slips, SLIPS.most);
    assert_eq!((app.visit.screen(), app.visit.remark), (Screen::Ticket, Some(Remark::SlipsEnough)));
}

#[test]
fn nothing_stays_of_a_visitor() {
    let mut app = kiosk();
    let asked = press(&mut app, 1, "121");
    answer(&mut app, &asked);
    press(&mut app, 1, "+-45");
    assert!(app.look().large && app.look().high_contrast);
    assert_eq!(press(&mut app, 1, "9"), [Effect::Hush, Effect::Erase]);
    let (visit, fresh) = (format!("{:?}", app.visit), format!("{:?}", KioskVisit::in_language(Some(SlipLanguage::Fr))));
    assert_eq!(visit, fresh);
}

#[test]
fn what_is_missing_is_counted_by_picture() {
    let mut app = kiosk();
    let effects = press(&mut app, 1, "1103");
    assert_eq!(effects, []);
    assert_eq!(press(&mut app, 1, "85"), [Effect::Unmet(10)]);
    assert_eq!(app.visit.screen(), Screen::Help);
    assert_eq!(press(&mut app, 1, "1"), [Effect::Ring]);
}

/// In front of the keys of a telephone.
fn asking_for_a_call(mut app: App) -> App {
    app.update(Event::Directory(DirectoryStatus { is_demo: false, calls_back: true }), moment(0));
    press(&mut app, 1, "1102");
    assert_eq!(app.visit.screen(), Screen::CallBack);
    app
}

#[test]
fn a_call_is_asked_for_with_a_number_that_was_looked_at() {
    let mut app = asking_for_a_call(kiosk());
    // Every digit is a digit here: 9 does not end the visit, 0 calls nobody.
    assert_eq!(press(&mut app, 1, "0470123499"), []);
    press(&mut app, 1, "**#");
    assert_eq!((app.visit.screen(), app.visit.remark), (Screen::CallBack, Some(Remark::NumberNotWhole)));
    press(&mut app, 1, "56#");
    assert_eq!(app.visit.screen(), Screen::CallCheck);
    // It was wrong: it is still there, to be corrected.
    press(&mut app, 1, "*");
    assert_eq!(app.visit.number.shown(Country::Be), "0470 12 34 56");
    press(&mut app, 1, "#");
    let effects = press(&mut app, 1, "1");
    let Effect::Call { called, number, language: SlipLanguage::Fr, .. } = &effects[0] else { panic!("{effects:?}") };
    assert_eq!(number.as_str(), "+32470123456");
    assert!(app.visit.number.is_empty(), "the number stays on the screen");
    assert_eq!((app.visit.screen(), app.visit.remark), (Screen::Help, None));
    app.update(Event::Called { called: *called, is_noted: true }, moment(2));
    assert_eq!(app.visit.remark, Some(Remark::CallNoted));
}

#[test]
fn who_is_not_called_is_told_and_the_next_one_is_told_nothing() {
    let mut app = asking_for_a_call(kiosk());
    press(&mut app, 1, "0470123456#1");
    app.update(Event::Called { called: 1, is_noted: false }, moment(2));
    assert_eq!(app.visit.remark, Some(Remark::CallFailed));
    press(&mut app, 2, "20470123456#19");
    assert_eq!(app.visit.screen(), Screen::Attract);
    press(&mut app, 3, "110");
    app.update(Event::Called { called: 2, is_noted: true }, moment(3));
    assert_eq!((app.visit.screen(), app.visit.remark), (Screen::Help, None));
}

#[test]
fn the_way_out_of_a_number_is_by_touch_or_by_erasing_it() {
    for (keys, screen) in [(&[Key::Leave][..], Screen::Help), (&[Key::Done], Screen::Attract), (&[Key::Star, Key::Star], Screen::Help)] {
        let mut app = asking_for_a_call(kiosk());
        press(&mut app, 1, "4");
        for key in keys {
            app.update(Event::Key(*key), moment(1));
        }
        assert_eq!(app.visit.screen(), screen, "{keys:?}");
    }
    // Where nobody calls people back, nobody is asked for a number.
    let mut app = kiosk();
    press(&mut app, 1, "1102");
    assert_eq!(app.visit.screen(), Screen::Help);
}

#[test]
fn whoever_does_not_see_hears_each_digit() {
    let mut app = speaking();
    app.update(Event::Handset { lifted: true }, moment(0));
    let mut app = {
        app.update(Event::Directory(DirectoryStatus { is_demo: false, calls_back: true }), moment(0));
        press(&mut app, 1, "102");
        app
    };
    assert_eq!(said(&press(&mut app, 1, "4"))[0].1, Some(Aside::Digit(4)));
    assert!(!said(&press(&mut app, 1, "7"))[0].2, "the whole page again");
    assert!(said(&press(&mut app, 1, "*"))[0].2, "what is left of it");
    let page = crate::screen::show(&app, &KioskPhrases::shipped().unwrap());
    assert!(page.spoken().iter().any(|line| line.words == "4") && page.spoken().iter().all(|line| line.key != Some(Key::Digit(5))), "{:?}", page.spoken());
}

#[test]
fn danger_shows_numbers_before_anything_else() {
    let mut app = kiosk();
    assert_eq!(press(&mut app, 1, "1186"), []);
    assert_eq!(app.visit.screen(), Screen::Danger);
    // All addresses at once: nobody in danger is asked what for.
    assert!(matches!(press(&mut app, 1, "7")[..], [Effect::Ask { query: DirectoryQuery::Door { door: 11, part: Behind::Everything, .. }, .. }]));
    assert_eq!(app.visit.door, Some(11));
    // Only what is open of it, not of a door that was opened before.
    assert!(matches!(press(&mut app, 1, "7")[..], [Effect::Ask { query: DirectoryQuery::Door { door: 11, open_only: true, .. }, .. }]));
}

/// By digit and by finger, in every language at every size; nothing of it reaches the directory, a file or the desk.
#[test]
fn every_kind_of_danger_is_one_touch_away_and_leaves_no_trace() {
    let phrases = KioskPhrases::shipped().unwrap();
    for (columns, rows) in [(64, 20), (53, 16), (40, 12), (80, 25)] {
        for (language, large) in SlipLanguage::ALL.into_iter().flat_map(|language| [false, true].map(|large| (language, large))) {
            let mut app = kiosk();
            app.update(Event::Resize(Grid { columns, rows }), moment(0));
            app.visit.look.large = large;
            let turns = "8".repeat(app.pages_of_doors() / 2);
            press(&mut app, 1, &format!("11{turns}6"));
            app.visit.language = language;
            let mut touched = Vec::new();
            for _ in 0..app.pages_of_dangers() {
                let page = crate::screen::show(&app, &phrases);
                for part in page.parts.iter().filter(|part| matches!(part.kind, crate::page::PartKind::Tile { .. })) {
                    let Area { x, y, width, height } = part.area;
                    let key = page.key_at(x + width / 2, y + height / 2).unwrap();
                    if key == Key::Digit(7) {
                        continue;
                    }
                    assert_eq!(app.update(Event::Key(key), moment(1)), []);
                    assert_eq!(app.visit.screen(), Screen::DangerLines);
                    touched.extend(app.visit.danger);
                    assert_eq!(press(&mut app, 1, "*"), []);
                    assert_eq!(app.visit.screen(), Screen::Danger);
                }
                press(&mut app, 1, "8");
            }
            assert_eq!(touched, DANGERS.map(|tile| tile.kind));
            // The digits do the same on each page of tiles.
            for (digit, tile) in (1..).zip(DANGERS) {
                press(&mut app, 1, &format!("{digit}"));
                assert_eq!((app.visit.screen(), app.visit.danger), (Screen::DangerLines, Some(tile.kind)));
                press(&mut app, 1, "*8");
            }
            press(&mut app, 1, "9");
            assert_eq!(app.visit.danger, None, "the next visitor finds what was chosen");
        }
    }
}

#[test]
fn addresses_that_help_lead_back_to_the_help_lines() {
    let mut app = kiosk();
    press(&mut app, 1, "11863");
    let asked = press(&mut app, 1, "7");
    assert!(matches!(asked[..], [Effect::Ask { query: DirectoryQuery::Door { door: 11, part: Behind::Everything, .. }, .. }]));
    answer(&mut app, &asked);
    assert_eq!(app.visit.screen(), Screen::Results);
    press(&mut app, 1, "*");
    assert_eq!((app.visit.screen(), app.visit.danger), (Screen::DangerLines, Some(directory::danger::DangerKind::SexualViolence)));
    press(&mut app, 1, "**");
    assert_eq!(app.visit.screen(), Screen::Doors);
}

#[test]
fn whoever_does_not_see_hears_the_kinds_of_danger_with_their_keys() {
    let mut app = speaking();
    press(&mut app, 1, "#18");
    assert_eq!(said(&press(&mut app, 1, "6")).len(), 1);
    let spoken = crate::screen::show(&app, &KioskPhrases::shipped().unwrap()).spoken();
    let heard = |key| spoken.iter().find(|line| line.key == Some(Key::Digit(key))).map(|line| line.words.as_str());
    assert_eq!([heard(1), heard(4), heard(7)], [Some("Violence à la maison"), Some("Je veux mourir"), Some("Près d'ici")]);
    assert_eq!(said(&press(&mut app, 1, "4")).len(), 1, "the page behind it is read by itself");
}

#[test]
fn a_ticket_holds_five_and_says_so() {
    let mut app = kiosk();
    let asked = press(&mut app, 1, "111");
    let many = (0..7).map(|number| Item { code: directory::code::Code::parse("7G7KC").unwrap(), name: number.to_string(), ..items().remove(0) });
    let Effect::Ask { asked, .. } = asked[0] else { panic!() };
    app.update(Event::Found { asked, answer: DirectoryAnswer::List(many.collect()) }, moment(1));
    press(&mut app, 1, "4");
    assert!(app.visit.basket.holds(directory::code::Code::parse("7G7KC").unwrap()));
    press(&mut app, 1, "5");
    assert!(app.visit.basket.items.is_empty(), "the same entry is taken off again");
}

#[test]
fn while_it_is_cleaned_nothing_is_touched() {
    let mut app = kiosk();
    press(&mut app, 1, "***");
    assert_eq!(app.cleaning(), Some(31));
    press(&mut app, 10, "1");
    assert_eq!(app.visit.screen(), Screen::Attract);
    app.update(Event::Tick, moment(31));
    assert_eq!(app.cleaning(), None);
    press(&mut app, 32, "1");
    assert_eq!(app.visit.screen(), Screen::Language);
}

fn any_event() -> impl Strategy<Value = Event> {
    let key = prop_oneof![
        8 => (0_u8..=9).prop_map(Key::Digit),
        2 => Just(Key::Star),
        1 => Just(Key::Hash),
        1 => Just(Key::Large),
        1 => Just(Key::Contrast),
        1 => (0_u8..=255).prop_map(Key::Day),
        1 => Just(Key::Leave),
        1 => Just(Key::Done),
    ];
    prop_oneof![
        20 => key.prop_map(Event::Key),
        2 => Just(Event::Tick),
        1 => (1_u16..200, 1_u16..80).prop_map(|(columns, rows)| Event::Resize(Grid { columns, rows })),
        2 => (0_u64..40).prop_map(|asked| Event::Found { asked, answer: DirectoryAnswer::List(items()) }),
        1 => (0_u64..40, 0_usize..7).prop_map(|(asked, count)| Event::Found { asked, answer: DirectoryAnswer::Needs(Need::all().take(count).collect()) }),
        1 => (0_u64..40).prop_map(|asked| Event::Found { asked, answer: DirectoryAnswer::Trouble }),
        1 => (0_u64..4).prop_map(printed),
        1 => (0_u64..4, any::<bool>()).prop_map(|(called, is_noted)| Event::Called { called, is_noted }),
        1 => any::<bool>().prop_map(|calls_back| Event::Directory(DirectoryStatus { is_demo: true, calls_back })),
        1 => any::<bool>().prop_map(|lifted| Event::Handset { lifted }),
        1 => Just(Event::Voice(vec![SlipLanguage::Fr])),
        1 => (0_u64..40, proptest::option::of(0_usize..9)).prop_map(|(said, part)| Event::Reading { said, at: part.map(|part| ReadingPosition { part: Some(part) }) }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn whatever_happens_it_goes_home_and_shows_what_can_be_touched(events in proptest::collection::vec((any_event(), 0_u64..8), 1..200)) {
        let phrases = KioskPhrases::shipped().unwrap();
        let mut app = kiosk();
        let mut at = 0;
        for (event, pause) in events {
            at += pause;
            let effects = app.update(event, moment(at));
            for effect in effects {
                if let Effect::Ask { asked, query: DirectoryQuery::Card(_), .. } = effect {
                    app.update(Event::Found { asked, answer: DirectoryAnswer::Card(Box::new(Detail { item: items().remove(0), lines: vec!["x".to_owned()] })) }, moment(at));
                }
            }
            let page = crate::screen::show(&app, &phrases);
            for part in &page.parts {
                let Area { x, y, width, height } = part.area;
                prop_assert!(x + width <= page.grid.columns.max(40) && y + height <= page.grid.rows.max(12), "{:?} on {:?}", part, page.grid);
            }
        }
        app.update(Event::Tick, moment(at + 200));
        app.update(Event::Tick, moment(at + 400));
        prop_assert_eq!(app.visit.screen(), Screen::Attract);
    }
}
