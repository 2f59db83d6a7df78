//! In danger: whom to call, before anything else. Under it the kinds of danger as pictures, and behind each the help-lines
//! that are for it and no others.
//!
//! 112 is on every page of it, whatever numbers there are.

use directory::emergency::{EUROPEAN, EmergencyNumber, Serves};
use printer::slip_language::SlipLanguage;

use super::View;
use super::bars;
use crate::app::{DANGERS, KeyAction, KeyChoice};
use crate::page::{Area, Key, PartKind, ScreenPage};
use crate::text::wrap;

/// The numbers of everybody in large, and under them what happens, as pictures.
pub(super) fn kinds(view: &View<'_>, page: &mut ScreenPage) {
    page.name = "danger";
    let (app, layout) = (view.app, view.app.layout());
    let pages = app.pages_of_dangers();
    let shown = app.visit.danger_page.min(pages - 1);
    let lower = everybody(view, page, view.pages(shown, pages));
    let (wide, high) = layout.tiles;
    let mut places = layout.places(lower, wide, high).into_iter();
    let choices = view.choices(|action| matches!(action, KeyAction::ChooseDanger(_)));
    for (choice, area) in choices.skip(shown * places.len()).zip(&mut places) {
        let (KeyAction::ChooseDanger(kind), Key::Digit(digit)) = (choice.action, choice.key) else { continue };
        let picture = DANGERS.iter().find(|tile| tile.kind == kind).map(|tile| tile.picture);
        page.tile(view, area, choice, digit, picture);
    }
    // Where the bar at the top has no room for it, the way to addresses stands beside the last tiles.
    if let Some((area, near)) = places.next().zip(near(view)).filter(|_| !has_room(view)) {
        page.tile(view, area, near, 3, Some("keys/near"));
    }
    bars::bottom(view, page);
}

/// The numbers of everybody in large, and the help-lines for the kind of danger that was chosen: as many as fit. Nothing
/// says which kind it is: it could be read from behind.
pub(super) fn lines(view: &View<'_>, page: &mut ScreenPage) {
    page.name = "danger-lines";
    let lower = everybody(view, page, None);
    let (places, below) = view.app.layout().danger_lines();
    let lines = view.app.danger().lines;
    if lines.is_empty() {
        let height = below.map_or(lower.height, |below| below.y - lower.y);
        let area = Area { x: 2, width: lower.width.saturating_sub(4), height, ..lower };
        page.part(area, PartKind::Lines(["danger-any", "ask-person"].map(|line| view.say(line)).to_vec()));
    }
    for (number, area) in lines.into_iter().zip(places) {
        let kind = call(view, number, None, note(view, number, area));
        page.part(area, kind);
    }
    if let Some((area, near)) = below.zip(near(view)) {
        page.button(view, area, near);
    }
    bars::bottom(view, page);
}

/// The bar at the top and the numbers of everybody; what is left under them.
fn everybody(view: &View<'_>, page: &mut ScreenPage, note: Option<String>) -> Area {
    bars::top(view, page, view.say("danger"), note.into_iter().collect(), near(view).filter(|_| has_room(view)));
    let ([one, other], lower) = view.app.layout().danger();
    let first = view.app.danger().first;
    let mut large: Vec<PartKind> = first.into_iter().map(|number| call(view, number, Some(picture(number)), String::new())).collect();
    if !large.iter().any(is_european) {
        large.insert(0, PartKind::Call { picture: Some("keys/call"), number: EUROPEAN.to_owned(), label: String::new(), note: String::new() });
    }
    for (kind, area) in large.into_iter().zip([one, other]) {
        page.part(area, kind);
    }
    lower
}

/// The key that leads to addresses.
fn near<'a>(view: &'a View<'_>) -> Option<&'a KeyChoice> {
    view.choices(|action| matches!(action, KeyAction::ShowDanger(_))).next()
}

/// The bar at the top has room for a third button.
fn has_room(view: &View<'_>) -> bool {
    view.app.layout().tiles.0 > 2
}

fn call(view: &View<'_>, number: &EmergencyNumber, picture: Option<&'static str>, note: String) -> PartKind {
    PartKind::Call { picture, number: number.number.clone(), label: number.label(view.language.code()).to_owned(), note }
}

fn is_european(kind: &PartKind) -> bool {
    matches!(kind, PartKind::Call { number, .. } if number == EUROPEAN)
}

fn picture(number: &EmergencyNumber) -> &'static str {
    match number.main() {
        Some(Serves::Police) => "keys/police",
        Some(Serves::Fire) => "keys/fire",
        Some(Serves::Emergency) => "keys/ambulance",
        _ => "keys/call",
    }
}

/// That nobody answers now, and in which other language somebody does: as much of it as has room beside the number.
fn note(view: &View<'_>, number: &EmergencyNumber, area: Area) -> String {
    let own = view.language.code();
    let spoken = number.languages.first().filter(|_| !number.speaks(own));
    let name = spoken.map(|code| SlipLanguage::from_code(code).map_or_else(|| code.clone(), |language| view.phrases.say(language, "name")));
    let closed = number.is_closed_at(view.app.local()).then(|| view.say("closed-now"));
    let joined = |language: Option<&String>| [closed.as_ref(), language].into_iter().flatten().cloned().collect::<Vec<_>>().join(" · ");
    let room = usize::from(area.width).saturating_sub(number.number.len() + 3);
    let mut notes = [joined(name.as_ref()), joined(spoken), joined(None)].into_iter();
    notes.find(|note| !wrap(note, room, 1).1).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::time::Duration;

    use chrono::NaiveDate;
    use directory::danger::DangerKind;
    use directory::emergency::{self, LABELS, Region};
    use directory::phone::Country;
    use directory::vocabulary::Vocabulary;
    use proptest::prelude::*;
    use ratatui::buffer::Buffer;
    use ratatui::layout::Rect;

    use super::*;
    use crate::app::{App, Event, KioskMoment, KioskPlace, Screen};
    use crate::cells::{Marks, paint};
    use crate::page::{Grid, Look, Part};
    use crate::phrases::KioskPhrases;
    use crate::sample;
    use crate::screen::show;

    const GRIDS: [(u16, u16); 4] = [(64, 20), (53, 16), (40, 12), (80, 25)];

    fn moment() -> KioskMoment {
        let local = NaiveDate::from_ymd_opt(2026, 10, 13).unwrap().and_hms_opt(14, 5, 0).unwrap();
        KioskMoment { at: Duration::from_secs(1), local }
    }

    /// The kiosk of a place, at its page of danger, in a language.
    fn at_danger(place: KioskPlace, language: SlipLanguage, (columns, rows): (u16, u16), look: Look) -> App {
        let position = place.languages.iter().position(|known| *known == language).unwrap();
        let mut app = App::new(place, Grid { columns, rows }, moment());
        app.visit.look = look;
        let digit = u8::try_from(position + 1).unwrap();
        let turns = app.pages_of_doors() / 2;
        let doors = [1, digit].into_iter().chain(std::iter::repeat_n(8, turns)).chain([6]);
        for digit in doors {
            press(&mut app, Key::Digit(digit));
        }
        assert_eq!(app.visit.screen(), Screen::Danger);
        app
    }

    fn press(app: &mut App, key: Key) {
        app.update(Event::Key(key), moment());
    }

    /// The digit of a kind.
    fn digit(kind: DangerKind) -> Key {
        Key::Digit(u8::try_from(DANGERS.iter().position(|tile| tile.kind == kind).unwrap() + 1).unwrap())
    }

    fn numbers(page: &ScreenPage) -> Vec<String> {
        let number = |kind: &PartKind| if let PartKind::Call { number, .. } = kind { Some(number.clone()) } else { None };
        page.parts.iter().filter_map(|part| number(&part.kind)).collect()
    }

    /// The tiles of a page: the key of each, its drawing and its word.
    fn tiles(page: &ScreenPage) -> Vec<(Key, &'static str, String)> {
        let tile = |part: &Part| match &part.kind {
            PartKind::Tile { picture, label, .. } => Some((part.key?, (*picture)?, label.clone())),
            _ => None,
        };
        page.parts.iter().filter_map(tile).collect()
    }

    fn looks() -> impl Iterator<Item = Look> {
        [false, true].into_iter().flat_map(|large| [false, true].map(|high_contrast| Look { high_contrast, large }))
    }

    /// Every language, size and look.
    fn settings() -> impl Iterator<Item = (SlipLanguage, (u16, u16), Look)> {
        let grids = SlipLanguage::ALL.into_iter().flat_map(|language| GRIDS.map(|grid| (language, grid)));
        grids.flat_map(|(language, grid)| looks().map(move |look| (language, grid, look)))
    }

    /// The numbers of everybody are there and can be heard, and no word is cut.
    fn is_whole(page: &ScreenPage, country: Country) {
        let (shown, setting) = (numbers(page), (page.language.code(), page.grid, page.look));
        assert_eq!(shown[0], EUROPEAN, "{setting:?}");
        assert_eq!(shown[1], if country == Country::Be { "101" } else { "17" }, "{setting:?}");
        let said: Vec<String> = page.spoken().into_iter().map(|line| line.words).collect();
        assert!(shown.iter().all(|number| said.iter().any(|words| words.contains(number.as_str()))), "{shown:?} {said:?}");
        let mut buffer = Buffer::empty(Rect::new(0, 0, page.grid.columns, page.grid.rows));
        assert_eq!(paint(page, Marks::default(), &mut buffer), Vec::<String>::new(), "{setting:?}");
    }

    /// A place of each region and of France, with the numbers that ship.
    fn places(vocabulary: &Vocabulary, phrases: &KioskPhrases) -> Vec<KioskPlace> {
        let place = |(country, code)| {
            let at = (&vocabulary.territory().postal_code(code).unwrap()).into();
            KioskPlace { at, country, ..sample::place(vocabulary, phrases) }
        };
        [(Country::Be, "1030"), (Country::Be, "9000"), (Country::Be, "4000"), (Country::Be, "4700"), (Country::Fr, "59000")].map(place).to_vec()
    }

    #[test]
    fn every_kind_is_a_tile_and_112_is_on_each_page_of_them() {
        let (vocabulary, phrases) = (Vocabulary::shipped().unwrap(), KioskPhrases::shipped().unwrap());
        for place in places(&vocabulary, &phrases) {
            for (language, grid, look) in settings() {
                let mut app = at_danger(place.clone(), language, grid, look);
                let pages = app.pages_of_dangers();
                let (mut seen, mut leads_to_addresses) = (Vec::new(), false);
                for _ in 0..pages {
                    let page = show(&app, &phrases);
                    is_whole(&page, place.country);
                    assert_eq!(numbers(&page).len(), 2, "help-lines stand behind the pictures");
                    assert_eq!(page.offers(Key::Digit(8)), pages > 1);
                    leads_to_addresses |= page.offers(Key::Digit(7));
                    seen.extend(tiles(&page).into_iter().filter(|(key, ..)| *key != Key::Digit(7)));
                    press(&mut app, Key::Digit(8));
                }
                let all = DANGERS.map(|tile| (digit(tile.kind), tile.picture, phrases.say(language, tile.phrase)));
                assert_eq!(seen, all, "{grid:?} {look:?}");
                assert!(leads_to_addresses, "{grid:?} {look:?}");
                assert_eq!(app.visit.danger_page, 0, "the last page leads to the first");
            }
        }
    }

    #[test]
    fn a_tile_shows_the_help_lines_for_its_kind_and_no_others() {
        let (vocabulary, phrases) = (Vocabulary::shipped().unwrap(), KioskPhrases::shipped().unwrap());
        for place in places(&vocabulary, &phrases) {
            for (language, grid, look) in settings() {
                let mut app = at_danger(place.clone(), language, grid, look);
                for tile in DANGERS {
                    press(&mut app, digit(tile.kind));
                    assert_eq!(app.visit.screen(), Screen::DangerLines);
                    let page = show(&app, &phrases);
                    is_whole(&page, place.country);
                    let lines = numbers(&page).split_off(2);
                    let all: Vec<String> = app.danger().lines.iter().map(|line| line.number.clone()).collect();
                    assert!(all.starts_with(&lines), "{lines:?} {all:?}");
                    let (serves, beside) = emergency::serving(tile.kind);
                    let is_for_it = |number: &EmergencyNumber| number.serves.iter().any(|known| *known == serves || Some(*known) == beside);
                    assert!(app.danger().lines.into_iter().all(is_for_it), "{:?}", tile.kind);
                    let says_so = page.parts.iter().any(|part| matches!(part.kind, PartKind::Lines(_)));
                    assert_eq!(says_so, lines.is_empty(), "{:?} is an empty page", tile.kind);
                    // Only a bed is nowhere to be had by telephone, outside of Brussels and France.
                    assert!(!lines.is_empty() || tile.kind == DangerKind::Cold && place.at.region.is_some_and(|region| region != Region::Brussels));
                    assert!(page.offers(Key::Digit(7)), "no way to addresses");
                    // Back to the tiles.
                    press(&mut app, Key::Star);
                    assert_eq!(app.visit.screen(), Screen::Danger);
                }
                press(&mut app, Key::Star);
                assert_eq!(app.visit.screen(), Screen::Doors);
            }
        }
    }

    #[test]
    fn all_help_lines_for_a_kind_fit_where_letters_are_not_large() {
        let (vocabulary, phrases) = (Vocabulary::shipped().unwrap(), KioskPhrases::shipped().unwrap());
        for place in places(&vocabulary, &phrases) {
            for language in SlipLanguage::ALL {
                let mut app = at_danger(place.clone(), language, (64, 20), Look::default());
                for tile in DANGERS {
                    press(&mut app, digit(tile.kind));
                    let shown = numbers(&show(&app, &phrases)).len() - 2;
                    assert_eq!(shown, app.danger().lines.len(), "{:?} in {}", tile.kind, language.code());
                    press(&mut app, Key::Star);
                }
            }
        }
    }

    #[test]
    fn a_country_without_numbers_has_112_and_says_what_it_is_for() {
        let (vocabulary, phrases) = (Vocabulary::shipped().unwrap(), KioskPhrases::shipped().unwrap());
        let place = KioskPlace { emergency: Vec::new(), ..sample::place(&vocabulary, &phrases) };
        for (language, grid, look) in settings() {
            let mut app = at_danger(place.clone(), language, grid, look);
            press(&mut app, digit(DangerKind::Poisoning));
            let page = show(&app, &phrases);
            assert_eq!(numbers(&page), [EUROPEAN]);
            assert!(page.spoken().iter().any(|line| line.words.contains(&phrases.say(language, "danger-any"))), "{page:?}");
        }
    }

    #[test]
    fn the_kind_that_was_chosen_cannot_be_read_from_behind() {
        let (vocabulary, phrases) = (Vocabulary::shipped().unwrap(), KioskPhrases::shipped().unwrap());
        let mut app = at_danger(sample::place(&vocabulary, &phrases), SlipLanguage::Fr, (64, 20), Look::default());
        press(&mut app, digit(DangerKind::SexualViolence));
        assert_eq!(show(&app, &phrases).spoken()[0].words, phrases.say(SlipLanguage::Fr, "danger"));
    }

    #[test]
    fn help_lines_in_the_language_of_the_visitor_come_first() {
        let (vocabulary, phrases) = (Vocabulary::shipped().unwrap(), KioskPhrases::shipped().unwrap());
        let behind = |kind: DangerKind, language: SlipLanguage| {
            let mut app = at_danger(sample::place(&vocabulary, &phrases), language, (64, 20), Look::default());
            press(&mut app, digit(kind));
            show(&app, &phrases)
        };
        for (language, first) in [(SlipLanguage::Fr, "0800 30 030"), (SlipLanguage::Nl, "1712"), (SlipLanguage::De, "087 55 40 77")] {
            assert_eq!(numbers(&behind(DangerKind::ViolenceHome, language))[2], first, "{}", language.code());
        }
        assert_eq!(numbers(&behind(DangerKind::SexualViolence, SlipLanguage::En))[2], "02 535 45 42");
        assert_eq!(numbers(&behind(DangerKind::Suicide, SlipLanguage::En))[2], "02 616 26 26");
        // At five past two on a Tuesday everybody answers; what is in another language says so.
        let page = behind(DangerKind::ViolenceHome, SlipLanguage::Ar);
        assert!(page.parts.iter().any(|part| matches!(&part.kind, PartKind::Call { note, .. } if note == "Français")), "{page:?}");
    }

    #[test]
    fn a_line_that_nobody_answers_now_says_so() {
        let (vocabulary, phrases) = (Vocabulary::shipped().unwrap(), KioskPhrases::shipped().unwrap());
        let mut app = at_danger(sample::place(&vocabulary, &phrases), SlipLanguage::Nl, (64, 20), Look::default());
        press(&mut app, digit(DangerKind::ViolenceHome));
        let night = KioskMoment { local: "2026-10-13T23:00:00".parse().unwrap(), ..moment() };
        app.update(Event::Tick, night);
        let page = show(&app, &phrases);
        let closed = phrases.say(SlipLanguage::Nl, "closed-now");
        assert!(page.parts.iter().any(|part| matches!(&part.kind, PartKind::Call { number, note, .. } if number == "1712" && *note == closed)), "{page:?}");
    }

    fn any_number() -> impl Strategy<Value = EmergencyNumber> {
        let serves = proptest::sample::select(Serves::ALL);
        let country = prop_oneof![Just(Country::Be), Just(Country::Fr)];
        let language = proptest::sample::select(&LABELS[..]);
        ("[0-9]{2,4}( [0-9]{2,3}){0,3}", serves, country, language, "[a-zéà ]{0,40}").prop_map(|(number, serves, country, language, label)| EmergencyNumber {
            number,
            also: Vec::new(),
            country,
            regions: Vec::new(),
            local: false,
            serves: vec![serves],
            languages: vec![language.to_owned()],
            label: BTreeMap::from([("fr".to_owned(), label)]),
            free: false,
            discreet: false,
            texts: false,
            hours: None,
            verified_on: None,
            source: String::new(),
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn every_page_has_112_whatever_numbers_there_are(
            emergency in proptest::collection::vec(any_number(), 0..40),
            language in 0..5_usize,
            grid in 0..4_usize,
            kind in 0..DANGERS.len(),
            large: bool,
        ) {
            let place = KioskPlace { emergency, languages: SlipLanguage::ALL.to_vec(), doors: doors(), ..KioskPlace::default() };
            let mut app = at_danger(place, SlipLanguage::ALL[language], GRIDS[grid], Look { high_contrast: false, large });
            let phrases = KioskPhrases::shipped().unwrap();
            let tiles = show(&app, &phrases);
            press(&mut app, digit(DANGERS[kind].kind));
            for page in [tiles, show(&app, &phrases)] {
                prop_assert_eq!(&numbers(&page)[0], EUROPEAN);
                prop_assert!(page.spoken().iter().any(|line| line.words.contains(EUROPEAN)));
            }
        }
    }

    fn doors() -> Vec<crate::app::DoorTile> {
        crate::data::doors(&Vocabulary::shipped().unwrap(), &KioskPhrases::shipped().unwrap())
    }
}
