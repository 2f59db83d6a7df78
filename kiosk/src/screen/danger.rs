//! In danger: whom to call, before anything else.
//!
//! 112 is on every page of it, whatever numbers there are.

use directory::emergency::{EUROPEAN, EmergencyNumber, Serves};
use printer::slip_language::SlipLanguage;

use super::View;
use super::bars;
use crate::app::{Danger, KeyAction};
use crate::page::{Area, PartKind, ScreenPage};
use crate::text::wrap;

/// The numbers of everybody in large, with a page of help-lines under them.
pub(super) fn danger(view: &View<'_>, page: &mut ScreenPage) {
    page.name = "danger";
    let ([one, other], places, below) = view.app.layout().danger();
    let (Danger { first, lines }, pages) = (view.app.danger(), view.app.pages_of_danger());
    let shown = view.app.visit.danger_page.min(pages - 1);
    bars::top(view, page, view.say("danger"), view.pages(shown, pages).into_iter().collect(), None);
    let mut large: Vec<PartKind> = first.into_iter().map(|number| call(view, number, Some(picture(number)), String::new())).collect();
    if !large.iter().any(is_european) {
        large.insert(0, PartKind::Call { picture: Some("keys/call"), number: EUROPEAN.to_owned(), label: String::new(), note: String::new() });
    }
    for (kind, area) in large.into_iter().zip([one, other]) {
        page.part(area, kind);
    }
    for (number, area) in lines.into_iter().skip(shown * places.len()).zip(places) {
        let kind = call(view, number, None, note(view, number, area));
        page.part(area, kind);
    }
    if let Some(near) = view.choices(|action| matches!(action, KeyAction::ShowDanger(_))).next() {
        page.button(view, below, near);
    }
    bars::bottom(view, page);
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
    use directory::emergency::LABELS;
    use directory::phone::Country;
    use directory::vocabulary::Vocabulary;
    use proptest::prelude::*;

    use super::*;
    use crate::app::{App, Event, KioskMoment, KioskPlace, Screen};
    use crate::page::{Grid, Key, Look};
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
            app.update(Event::Key(Key::Digit(digit)), moment());
        }
        assert_eq!(app.visit.screen(), Screen::Danger);
        app
    }

    fn numbers(page: &ScreenPage) -> Vec<String> {
        let number = |kind: &PartKind| if let PartKind::Call { number, .. } = kind { Some(number.clone()) } else { None };
        page.parts.iter().filter_map(|part| number(&part.kind)).collect()
    }

    fn looks() -> impl Iterator<Item = Look> {
        [false, true].into_iter().flat_map(|large| [false, true].map(|high_contrast| Look { high_contrast, large }))
    }

    #[test]
    fn every_number_that_ships_is_on_a_page_and_112_on_each() {
        let (vocabulary, phrases) = (Vocabulary::shipped().unwrap(), KioskPhrases::shipped().unwrap());
        for (country, code) in [(Country::Be, "1030"), (Country::Be, "9000"), (Country::Be, "4700"), (Country::Fr, "59000")] {
            let at = (&vocabulary.territory().postal_code(code).unwrap()).into();
            let place = KioskPlace { at, country, ..sample::place(&vocabulary, &phrases) };
            for (language, grid, look) in SlipLanguage::ALL
                .into_iter()
                .flat_map(|language| GRIDS.map(|grid| (language, grid)))
                .flat_map(|(language, grid)| looks().map(move |look| (language, grid, look)))
            {
                let mut app = at_danger(place.clone(), language, grid, look);
                let pages = app.pages_of_danger();
                let mut seen = Vec::new();
                for turn in 0..pages {
                    let page = show(&app, &phrases);
                    assert_eq!(page.offers(Key::Digit(8)), pages > 1);
                    let numbers = numbers(&page);
                    assert_eq!(numbers[0], EUROPEAN);
                    assert_eq!(numbers[1], if country == Country::Be { "101" } else { "17" });
                    assert!(numbers.len() > 2, "page {turn} of {code} is empty at {grid:?}");
                    let said: Vec<String> = page.spoken().into_iter().map(|line| line.words).collect();
                    let mut order = numbers.iter().map(|number| said.iter().position(|words| words.contains(number.as_str())));
                    assert!(order.by_ref().all(|place| place.is_some()), "{numbers:?} {said:?}");
                    seen.extend(numbers.into_iter().skip(2));
                    app.update(Event::Key(Key::Digit(8)), moment());
                }
                let all: Vec<String> = app.danger().lines.iter().map(|line| line.number.clone()).collect();
                assert_eq!(seen, all, "{code} {} {grid:?} {look:?}", language.code());
                assert_eq!(app.visit.danger_page, 0, "the last page leads to the first");
            }
        }
    }

    #[test]
    fn help_lines_in_the_language_of_the_visitor_come_first() {
        let (vocabulary, phrases) = (Vocabulary::shipped().unwrap(), KioskPhrases::shipped().unwrap());
        for (language, first) in
            [(SlipLanguage::Fr, "0800 30 030"), (SlipLanguage::Nl, "1712"), (SlipLanguage::De, "087 55 40 77"), (SlipLanguage::En, "02 535 45 42")]
        {
            let app = at_danger(sample::place(&vocabulary, &phrases), language, (64, 20), Look::default());
            assert_eq!(numbers(&show(&app, &phrases))[2], first, "{}", language.code());
        }
        // At five past two on a Tuesday everybody answers; what is in another language says so.
        let app = at_danger(sample::place(&vocabulary, &phrases), SlipLanguage::Ar, (64, 20), Look::default());
        let page = show(&app, &phrases);
        assert!(page.parts.iter().any(|part| matches!(&part.kind, PartKind::Call { note, .. } if note == "Français")), "{page:?}");
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
        fn the_first_page_has_112_whatever_numbers_there_are(
            emergency in proptest::collection::vec(any_number(), 0..40),
            language in 0..5_usize,
            grid in 0..4_usize,
            large: bool,
        ) {
            let place = KioskPlace { emergency, languages: SlipLanguage::ALL.to_vec(), doors: doors(), ..KioskPlace::default() };
            let app = at_danger(place, SlipLanguage::ALL[language], GRIDS[grid], Look { high_contrast: false, large });
            let page = show(&app, &KioskPhrases::shipped().unwrap());
            prop_assert_eq!(&numbers(&page)[0], EUROPEAN);
            prop_assert!(page.spoken().iter().any(|line| line.words.contains(EUROPEAN)));
        }
    }

    fn doors() -> Vec<crate::app::DoorTile> {
        crate::data::doors(&Vocabulary::shipped().unwrap(), &KioskPhrases::shipped().unwrap())
    }
}
