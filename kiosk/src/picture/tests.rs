use directory::vocabulary::Vocabulary;
use printer::slip_language::SlipLanguage;

use super::*;
use crate::page::{Grid, Look};
use crate::phrases::KioskPhrases;
use crate::sample::{SCREENS, at};
use crate::screen::show;

fn page(screen: &str, language: SlipLanguage, look: Look) -> ScreenPage {
    let (vocabulary, phrases) = (Vocabulary::shipped().unwrap(), KioskPhrases::shipped().unwrap());
    show(&at(screen, language, Grid { columns: 64, rows: 20 }, look, &vocabulary, &phrases).unwrap(), &phrases)
}

/// Whoever presses sees it: only that part of the picture changes.
#[test]
fn a_pressed_part_looks_pressed_and_nothing_else_changes() {
    let page = page("doors", SlipLanguage::Fr, Look::default());
    let before = paint(&page, Marks::default(), 640, 400);
    for (place, part) in page.parts.iter().enumerate().filter(|(_, part)| part.key.is_some()) {
        let after = paint(&page, Marks { pressed: Some(place), lit: None }, 640, 400);
        let frame = frame_of(&page, part, 640, 400);
        assert_ne!(before.cut(frame), after.cut(frame), "{part:?}");
        let changed = before.dots().chunks(3).zip(after.dots().chunks(3)).enumerate().filter(|(_, (before, after))| before != after);
        for (dot, _) in changed {
            let (x, y) = (u16::try_from(dot % 640).unwrap(), u16::try_from(dot / 640).unwrap());
            assert!((frame.x..frame.x + frame.width).contains(&x) && (frame.y..frame.y + frame.height).contains(&y), "{part:?} changes {x}, {y}");
        }
    }
}

/// A terminal is sent parts by themselves, a file the whole: they are the same dots.
#[test]
fn a_part_painted_by_itself_is_that_part_of_the_whole() {
    for screen in SCREENS {
        let page = page(screen, SlipLanguage::Fr, Look::default());
        for (place, part) in page.parts.iter().enumerate() {
            let whole = paint(&ScreenPage { parts: vec![part.clone()], ..page.clone() }, Marks { pressed: Some(0), lit: None }, 1024, 640);
            assert!(whole.cut(frame_of(&page, part, 1024, 640)) == paint_part(&page, part, true, 1024, 640), "{screen}, part {place}");
        }
    }
}

/// Letters shrink until they fit; none so far that they cannot be read, or are left out.
#[test]
fn every_text_fits_its_box_in_letters_that_can_be_read() {
    let (vocabulary, phrases) = (Vocabulary::shipped().unwrap(), KioskPhrases::shipped().unwrap());
    for language in SlipLanguage::ALL {
        for screen in SCREENS {
            let page = show(&at(screen, language, Grid { columns: 64, rows: 20 }, Look::default(), &vocabulary, &phrases).unwrap(), &phrases);
            for part in &page.parts {
                let words = match &part.kind {
                    PartKind::Title(text) | PartKind::Note(text) | PartKind::Large(text) => text,
                    PartKind::Call { label, .. } | PartKind::Tile { label, .. } | PartKind::Button { label, .. } => label,
                    _ => continue,
                };
                let frame = frame_of(&page, part, 1280, 800);
                let (lines, height) = letters::fitted(words, frame, 160, 12);
                assert!(height >= 22, "{screen} {}: {words} is {height} dots high", language.code());
                assert!(lines.len() * usize::from(height) <= usize::from(frame.height), "{screen} {}: {words}", language.code());
            }
        }
    }
}

/// What a tile says of a need, whichever it is.
#[test]
fn every_need_fits_a_tile_in_letters_that_can_be_read() {
    use directory::need::Need;

    use crate::app::{DirectoryAnswer, Event, KioskMoment};
    use crate::page::Key;

    let (vocabulary, phrases) = (Vocabulary::shipped().unwrap(), KioskPhrases::shipped().unwrap());
    let needs: Vec<Need> = Need::all().filter(|need| need.whole().is_none()).collect();
    for language in SlipLanguage::ALL {
        for (columns, rows, large) in [(64, 20, false), (53, 16, false), (40, 12, false), (64, 20, true)] {
            let doors = at("doors", language, Grid { columns, rows }, Look { large, ..Look::default() }, &vocabulary, &phrases).unwrap();
            for four in needs.chunks(4) {
                let mut app = doors.clone();
                let now = KioskMoment { at: std::time::Duration::from_secs(2), local: app.local() };
                app.update(Event::Key(Key::Digit(1)), now);
                app.update(Event::Found { asked: 1, answer: DirectoryAnswer::Needs(four.to_vec()) }, now);
                let page = show(&app, &phrases);
                let mut buffer = ratatui::buffer::Buffer::empty(ratatui::layout::Rect::new(0, 0, columns, rows));
                let mut cut = crate::cells::paint(&page, Marks::default(), &mut buffer);
                // Without pictures a tile of the middle size has room for words of fifteen letters.
                cut.retain(|label| columns != 53 || label.contains(' '));
                assert!(cut.is_empty(), "{} on {columns}x{rows}, large {large}, cuts {cut:?}", language.code());
                if rows != 20 || large {
                    continue;
                }
                let tiles = page.parts.iter().filter_map(|part| if let PartKind::Tile { label, .. } = &part.kind { Some((label, part)) } else { None });
                for (label, part) in tiles {
                    // As the painter divides a tile: two fifths under the picture.
                    let inside = frame_of(&page, part, 1280, 800).shrunk(14);
                    let (_, height) = letters::fitted(label, Frame { height: inside.height * 2 / 5, ..inside }, 160, 12);
                    assert!(height >= 18, "{} on {columns}x{rows}, large {large}: {label} is {height} dots high", language.code());
                }
            }
        }
    }
}

#[test]
fn every_screen_is_a_picture_in_both_looks() {
    for screen in SCREENS {
        for high_contrast in [false, true] {
            let page = page(screen, SlipLanguage::Ar, Look { high_contrast, large: false });
            let canvas = paint(&page, Marks::default(), 320, 200);
            let ground = Palette::of(page.look).paper.ground.0;
            let inked = canvas.dots().chunks(3).filter(|dot| *dot != ground).count();
            assert!(inked > 500, "{screen}: {inked} dots");
            assert!(canvas.png().is_ok());
        }
    }
}
