//! Every screen in every language at every size, as before, and nothing cut. `PASSERELLE_TEST_REWRITE=1` writes what is
//! shown now into the files: look at every line that changes.

use std::fmt::Write as _;

use directory::vocabulary::Vocabulary;
use harness::environment::rewrites_expected;
use kiosk::cells::{Marks, paint};
use kiosk::page::{Grid, Key, Look, PartKind, Role, ScreenPage};
use kiosk::phrases::KioskPhrases;
use kiosk::sample::sheet::of_all;
use kiosk::sample::{SCREENS, at};
use kiosk::screen::show;
use printer::slip_language::SlipLanguage;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

const GRIDS: [(u16, u16); 3] = [(64, 20), (53, 16), (40, 12)];

struct World {
    vocabulary: Vocabulary,
    phrases: KioskPhrases,
}

impl World {
    fn new() -> Self {
        Self { vocabulary: Vocabulary::shipped().unwrap(), phrases: KioskPhrases::shipped().unwrap() }
    }

    fn page(&self, screen: &str, language: SlipLanguage, (columns, rows): (u16, u16), look: Look) -> ScreenPage {
        let app = at(screen, language, Grid { columns, rows }, look, &self.vocabulary, &self.phrases).unwrap_or_else(|| panic!("there is no screen {screen}"));
        show(&app, &self.phrases)
    }
}

fn painted(page: &ScreenPage) -> (String, Vec<String>) {
    let mut buffer = Buffer::empty(Rect::new(0, 0, page.grid.columns, page.grid.rows));
    let cut = paint(page, Marks::default(), &mut buffer);
    let mut text = String::new();
    for row in 0..page.grid.rows {
        let line: String = (0..page.grid.columns).map(|column| buffer[(column, row)].symbol()).collect();
        writeln!(text, "|{line}|").unwrap();
    }
    (text, cut)
}

fn every(each: impl Fn(&World, &str, SlipLanguage, (u16, u16), Look)) {
    let world = World::new();
    for language in SlipLanguage::ALL {
        for grid in GRIDS {
            for large in [false, true] {
                for high_contrast in [false, true] {
                    for screen in SCREENS {
                        each(&world, screen, language, grid, Look { high_contrast, large });
                    }
                }
            }
        }
    }
}

#[test]
fn every_screen_is_as_before() {
    let world = World::new();
    for language in SlipLanguage::ALL {
        for grid in GRIDS {
            let mut all = String::new();
            for screen in SCREENS {
                let (text, _) = painted(&world.page(screen, language, grid, Look::default()));
                writeln!(all, "#### {screen}\n{text}").unwrap();
            }
            let name = format!("{}-{}x{}.txt", language.code(), grid.0, grid.1);
            let file = harness::repository().join("tests/kiosk/golden").join(&name);
            if rewrites_expected() {
                std::fs::write(&file, &all).unwrap();
            }
            let before = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{name}: {error}; PASSERELLE_TEST_REWRITE=1 makes it"));
            let changed = before.lines().zip(all.lines()).find(|(before, now)| before != now);
            assert!(before == all, "{name} has changed: {changed:?}");
        }
    }
}

/// The same as pictures, all screens of a language, a size and a look on a sheet. Dots are compared in sixteen steps of
/// each colour: enough to see, and small to keep.
fn pictures(language: SlipLanguage) {
    let world = World::new();
    for (columns, rows) in GRIDS {
        for high_contrast in [false, true] {
            let look = Look { high_contrast, large: false };
            let sheet = of_all(language, Grid { columns, rows }, look, &world.vocabulary, &world.phrases).in_steps().png().unwrap();
            let name = format!("{}-{columns}x{rows}-{}.png", language.code(), if high_contrast { "contrast" } else { "day" });
            let file = harness::repository().join("tests/kiosk/golden").join(&name);
            if rewrites_expected() {
                std::fs::write(&file, &sheet).unwrap();
            }
            let before = std::fs::read(&file).unwrap_or_else(|error| panic!("{name}: {error}; PASSERELLE_TEST_REWRITE=1 makes it"));
            if before != sheet {
                let seen = harness::repository().join("target/kiosk").join(&name);
                std::fs::create_dir_all(seen.parent().unwrap()).unwrap();
                std::fs::write(&seen, &sheet).unwrap();
                panic!("{name} has changed: look at {} beside it", seen.display());
            }
        }
    }
}

#[test]
fn every_picture_in_french_is_as_before() {
    pictures(SlipLanguage::Fr);
}

#[test]
fn every_picture_in_dutch_is_as_before() {
    pictures(SlipLanguage::Nl);
}

#[test]
fn every_picture_in_german_is_as_before() {
    pictures(SlipLanguage::De);
}

#[test]
fn every_picture_in_english_is_as_before() {
    pictures(SlipLanguage::En);
}

#[test]
fn every_picture_in_arabic_is_as_before() {
    pictures(SlipLanguage::Ar);
}

/// The kiosk's own words fit everywhere; what is cut, if anything, is an entry's, on the smallest screens.
#[test]
fn no_word_of_ours_is_cut() {
    let all = std::cell::RefCell::new(String::new());
    every(|world, screen, language, grid, look| {
        let (_, cut) = painted(&world.page(screen, language, grid, look));
        if !cut.is_empty() {
            writeln!(all.borrow_mut(), "{screen} in {} at {grid:?}, large {}, cuts {cut:?}", language.code(), look.large).unwrap();
        }
    });
    assert!(all.borrow().is_empty(), "{}", all.borrow());
}

/// EN 301 549, 5.1.3.3 and WCAG 3.2.4: the same keys in the same places, and everything shown can be heard.
#[test]
fn every_screen_can_be_left_helped_with_and_heard() {
    every(|world, screen, language, grid, look| {
        let page = world.page(screen, language, grid, look);
        let spoken = page.spoken();
        assert!(!spoken.is_empty(), "{screen}");
        assert!(spoken.windows(2).all(|pair| pair[0].part < pair[1].part), "{screen}: another order is said than shown");
        for part in &page.parts {
            let words: Vec<&String> = match &part.kind {
                // A digit is said when it is pressed.
                PartKind::Picture(_) | PartKind::Countdown { .. } | PartKind::Walk(_) | PartKind::Button { role: Role::Digit, .. } => Vec::new(),
                PartKind::Title(text) | PartKind::Note(text) | PartKind::Large(text) => vec![text],
                PartKind::Tile { label, .. } | PartKind::Button { label, .. } => vec![label],
                PartKind::Call { number, label, note, .. } => vec![number, label, note],
                PartKind::Card { name, lines, .. } => std::iter::once(name).chain(lines).collect(),
                PartKind::Lines(lines) => lines.iter().collect(),
            };
            // A key that stands before its words is said once.
            let is_said = |word: &String| spoken.iter().any(|line| word.ends_with(line.words.as_str()) || line.words.contains(word.as_str()));
            assert!(words.into_iter().filter(|word| !word.is_empty()).all(is_said), "{screen}: {part:?} is not said");
        }
        if !matches!(screen, "attract" | "cleaning") {
            // Where `9` is a digit there is a key of its own.
            assert!(page.offers(if screen == "call-back" { Key::Done } else { Key::Digit(9) }), "{screen} cannot be left");
        }
        if !matches!(screen, "attract" | "cleaning" | "still-there" | "help" | "call-back") {
            assert!(page.offers(Key::Digit(0)), "{screen} offers no person");
        }
    });
}

/// 20 mm on a screen of 15.6 inches of 16 by 10, 336 by 210 mm.
#[test]
fn what_is_touched_is_20_mm_wide_and_high() {
    every(|world, screen, language, (columns, rows), look| {
        let page = world.page(screen, language, (columns, rows), look);
        for part in page.parts.iter().filter(|part| part.key.is_some()) {
            let (width, height) = (f64::from(part.area.width) * 336.0 / f64::from(columns), f64::from(part.area.height) * 210.0 / f64::from(rows));
            assert!(width >= 20.0 && height >= 20.0, "{screen} {columns}x{rows} {look:?}: {part:?} is {width:.0} x {height:.0} mm");
        }
    });
}
