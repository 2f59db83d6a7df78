//! Every screen with invented entries, reached as a visitor reaches it: for snapshots, documentation and tests.

pub mod sheet;

use std::time::Duration;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use directory::code::Code;
use directory::emergency::Whereabouts;
use directory::need::Need;
use directory::phone::Country;
use directory::vocabulary::Vocabulary;
use printer::slip_language::SlipLanguage;

use crate::app::{
    App, Behind, Detail, DirectoryAnswer, DirectoryQuery, DirectoryStatus, DoorTile, Effect, Event, Item, KioskMoment, KioskPlace, PrintOutcome, SlipResult,
};
use crate::data::doors;
use crate::page::{Grid, Key, Look};
use crate::phrases::KioskPhrases;

/// The names of all screens.
pub const SCREENS: [&str; 24] = [
    "attract",
    "language",
    "doors",
    "doors-2",
    "needs",
    "need",
    "results",
    "results-empty",
    "card",
    "agenda",
    "near",
    "ticket",
    "printing",
    "printed",
    "no-paper",
    "no-printer",
    "help",
    "call-back",
    "call-check",
    "lacks",
    "danger",
    "danger-lines",
    "still-there",
    "cleaning",
];

/// The needs that a door with many entries offers.
const NEEDS: [&str; 6] = ["hot-meal", "social-restaurant", "shared-fridge", "drinking-water", "social-grocery", "food-parcel"];

/// How much the directory answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holds {
    Nothing,
    /// A door has few entries.
    Few,
    /// A door offers its needs.
    Many,
}

/// Names and what is said of them; the longest that the territory has.
const ENTRIES: [(&str, &str, &str, u16); 4] = [
    ("Resto du Cœur Liedts", "food", "7G7KC", 8),
    ("Épicerie sociale Les Capucines", "food", "2HB74", 14),
    ("Repas de quartier", "social", "9K3QP", 5),
    ("Maison médicale du Nord", "health", "4M8TX", 12),
];

/// A Tuesday afternoon.
fn moment(seconds: u64) -> KioskMoment {
    let day = NaiveDate::from_ymd_opt(2026, 10, 13).unwrap_or_default();
    KioskMoment { at: Duration::from_secs(seconds), local: NaiveDateTime::new(day, NaiveTime::from_hms_opt(14, 5, 0).unwrap_or_default()) }
}

/// A library with all that a kiosk can have.
pub fn place(vocabulary: &Vocabulary, phrases: &KioskPhrases) -> KioskPlace {
    KioskPlace {
        name: "Bibliothèque de Saint-Josse".to_owned(),
        languages: SlipLanguage::ALL.to_vec(),
        doors: doors(vocabulary, phrases),
        desk: Some(("Accueil".to_owned(), "02 555 01 00".to_owned())),
        emergency: vocabulary.emergency().all().to_vec(),
        at: vocabulary.territory().postal_code("1210").as_ref().map(Whereabouts::from).unwrap_or_default(),
        prints: true,
        country: Country::Be,
    }
}

fn item(number: usize, phrases: &KioskPhrases, language: SlipLanguage) -> Option<Item> {
    let (name, picture, code, minutes) = ENTRIES.get(number % ENTRIES.len())?;
    let status = match number % 3 {
        0 => phrases.with(language, "open-until", &[("hour", "16h30")]),
        1 => phrases.with(language, "opens", &[("when", &phrases.with(language, "tomorrow-at", &[("hour", "11h30")]))]),
        _ => phrases.say(language, "closed"),
    };
    Some(Item {
        code: Code::parse(code).or_else(|| Code::parse("7G7KC"))?,
        name: (*name).to_owned(),
        what: None,
        status,
        restriction: None,
        practical: format!("{} · 12,50 euros", phrases.with(language, "on-foot", &[("minutes", &minutes.to_string())])),
        picture: crate::data::drawing(picture),
        minutes: Some(*minutes),
    })
}

fn answer(app: &mut App, effects: &[Effect], phrases: &KioskPhrases, holds: Holds) {
    let language = app.visit.language;
    for effect in effects {
        let Effect::Ask { asked, query, .. } = effect else { continue };
        let answer = match query {
            DirectoryQuery::Card(_) => item(0, phrases, language).map(|item| DirectoryAnswer::Card(Box::new(Detail { item, lines: lines() }))),
            DirectoryQuery::Door { part: Behind::First, .. } if holds == Holds::Many => {
                Some(DirectoryAnswer::Needs(NEEDS.into_iter().filter_map(Need::from_id).collect()))
            }
            _ => Some(DirectoryAnswer::List(if holds == Holds::Nothing {
                Vec::new()
            } else {
                (0..7).filter_map(|number| item(number, phrases, language)).collect()
            })),
        };
        if let Some(answer) = answer {
            app.update(Event::Found { asked: *asked, answer }, moment(1));
        }
    }
}

fn lines() -> Vec<String> {
    [
        "Lundi à vendredi, de 11h30 à 16h",
        "Rue Liedts 12, 1030 Schaerbeek",
        "Gratuit",
        "Sans rendez-vous",
        "Tél. 02 555 01 02",
        "Vérifié le 12 octobre par téléphone",
    ]
    .map(ToOwned::to_owned)
    .to_vec()
}

/// The kiosk as it shows that screen; nothing for a name that none has.
pub fn at(screen: &str, language: SlipLanguage, grid: Grid, look: Look, vocabulary: &Vocabulary, phrases: &KioskPhrases) -> Option<App> {
    let mut place = place(vocabulary, phrases);
    if screen == "attract" {
        // The greeting in the language asked for comes first.
        place.languages.sort_by_key(|known| *known != language);
    }
    let position = place.languages.iter().position(|known| *known == language)?;
    let digit = u8::try_from(position + 1).ok()?;
    let mut app = App::new(place, grid, moment(0));
    app.update(Event::Voice(SlipLanguage::ALL.to_vec()), moment(0));
    app.update(Event::Directory(DirectoryStatus { is_demo: true, calls_back: true }), moment(0));
    app.visit.look = look;
    let keys: &[Key] = match screen {
        "attract" => &[],
        "cleaning" => &[Key::Star, Key::Star, Key::Star],
        "language" => &[Key::Digit(1)],
        _ => &[Key::Digit(1), Key::Digit(digit)],
    };
    press(&mut app, keys, phrases, Holds::Few);
    if screen == "language" {
        app.visit.language = language;
    }
    let (eat, out, danger) = (Key::Digit(1), Key::Digit(6), door(&app, |door| door.is_danger)?);
    let card = [eat, Key::Digit(1)];
    let ticket = [eat, Key::Digit(4), Key::Digit(5), Key::Digit(6), Key::Digit(1), Key::Digit(7)];
    let keys: Vec<Key> = match screen {
        "attract" | "language" | "doors" | "cleaning" | "still-there" => Vec::new(),
        "doors-2" => vec![Key::Digit(8); app.pages_of_doors() / 2],
        "results" | "results-empty" | "needs" => vec![eat],
        "need" => vec![eat, Key::Digit(4)],
        "card" => card.to_vec(),
        "agenda" => vec![out],
        "near" => vec![Key::Digit(7)],
        "ticket" => ticket.to_vec(),
        "printing" | "printed" | "no-paper" | "no-printer" => ticket.into_iter().chain([Key::Digit(7)]).collect(),
        "help" => vec![Key::Digit(0)],
        "call-back" => typed("0 2 0455 55 01"),
        "call-check" => typed("0 2 0455 55 01 03 #"),
        "lacks" => vec![Key::Digit(0), Key::Digit(3)],
        "danger" | "danger-lines" => {
            // The kind that has most help-lines.
            let kind = (screen == "danger-lines").then_some(Key::Digit(4));
            std::iter::repeat_n(Key::Digit(8), app.pages_of_doors() / 2).chain([danger]).chain(kind).collect()
        }
        _ => return None,
    };
    let holds = match screen {
        "results-empty" => Holds::Nothing,
        "needs" | "need" => Holds::Many,
        _ => Holds::Few,
    };
    press(&mut app, &keys, phrases, holds);
    let outcome = match screen {
        "printed" => Some(PrintOutcome::Printed),
        "no-paper" => Some(PrintOutcome::NoPaper),
        "no-printer" => Some(PrintOutcome::NoPrinter),
        _ => None,
    };
    if let Some(outcome) = outcome {
        app.update(Event::Paper { printed: 1, paper: SlipResult { outcome, ticket: Some("74 211".to_owned()) } }, moment(2));
    }
    if screen == "still-there" {
        app.update(Event::Tick, moment(61));
        app.update(Event::Tick, moment(66));
    }
    Some(app)
}

fn door(app: &App, is_it: impl Fn(&DoorTile) -> bool) -> Option<Key> {
    app.place.doors.iter().find(|door| is_it(door)).map(|door| Key::Digit(door.key))
}

/// The keys of a number pad, as they are written.
fn typed(keys: &str) -> Vec<Key> {
    keys.chars().filter_map(Key::typed).collect()
}

fn press(app: &mut App, keys: &[Key], phrases: &KioskPhrases, holds: Holds) {
    for key in keys {
        let effects = app.update(Event::Key(*key), moment(1));
        answer(app, &effects, phrases, holds);
    }
}
