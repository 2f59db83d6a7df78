//! Many screens on one picture, to look at.

use directory::vocabulary::Vocabulary;
use printer::slip_language::SlipLanguage;

use super::{SCREENS, at};
use crate::cells::Marks;
use crate::page::{Grid, Look};
use crate::palette::Colour;
use crate::phrases::KioskPhrases;
use crate::picture::{Canvas, paint};
use crate::screen::show;

/// Between screens, in dots.
const GAP: u16 = 12;

/// Between screens.
const GREY: Colour = Colour([0x6B; 3]);

type Shown = (&'static str, SlipLanguage, Grid, Look);

/// Most screens, each in one language or look, three beside each other.
pub fn of_most(vocabulary: &Vocabulary, phrases: &KioskPhrases) -> Canvas {
    let (plain, grid) = (Look::default(), Grid { columns: 64, rows: 20 });
    let shown = [
        ("attract", SlipLanguage::Nl, plain),
        ("language", SlipLanguage::Fr, plain),
        ("doors", SlipLanguage::Fr, plain),
        ("needs", SlipLanguage::Fr, plain),
        ("needs", SlipLanguage::Ar, plain),
        ("need", SlipLanguage::En, plain),
        ("results", SlipLanguage::Nl, plain),
        ("card", SlipLanguage::Fr, plain),
        ("agenda", SlipLanguage::En, plain),
        ("near", SlipLanguage::Ar, plain),
        ("ticket", SlipLanguage::Fr, plain),
        ("printed", SlipLanguage::De, plain),
        ("help", SlipLanguage::En, plain),
        ("call-back", SlipLanguage::Fr, plain),
        ("call-check", SlipLanguage::De, plain),
        ("danger", SlipLanguage::Fr, plain),
        ("doors", SlipLanguage::Nl, Look { large: true, ..plain }),
        ("doors-2", SlipLanguage::De, Look { high_contrast: true, ..plain }),
    ];
    sheet(shown.into_iter().map(|(screen, language, look)| (screen, language, grid, look)).collect(), 3, (640, 400), vocabulary, phrases)
}

/// All screens in one language and look, four beside each other.
pub fn of_all(language: SlipLanguage, grid: Grid, look: Look, vocabulary: &Vocabulary, phrases: &KioskPhrases) -> Canvas {
    sheet(SCREENS.into_iter().map(|screen| (screen, language, grid, look)).collect(), 4, (400, 250), vocabulary, phrases)
}

fn sheet(shown: Vec<Shown>, beside: u16, (width, height): (u16, u16), vocabulary: &Vocabulary, phrases: &KioskPhrases) -> Canvas {
    let rows = u16::try_from(shown.len()).unwrap_or(1).div_ceil(beside);
    let mut sheet = Canvas::new(beside * (width + GAP) + GAP, rows * (height + GAP) + GAP, GREY);
    for (number, (screen, language, grid, look)) in (0..).zip(shown) {
        if let Some(app) = at(screen, language, grid, look, vocabulary, phrases) {
            let picture = paint(&show(&app, phrases), Marks::default(), width, height);
            sheet.paste(&picture, GAP + number % beside * (width + GAP), GAP + number / beside * (height + GAP));
        }
    }
    sheet
}
