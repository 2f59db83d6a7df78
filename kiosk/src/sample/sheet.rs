//! Many screens on one picture, to look at.

use directory::vocabulary::Vocabulary;
use printer::tongue::Tongue;

use super::{SCREENS, at};
use crate::cells::Marks;
use crate::page::{Grid, Look};
use crate::palette::Colour;
use crate::phrases::Phrases;
use crate::picture::{Canvas, paint};
use crate::screen::show;

/// Between screens, in dots.
const GAP: u16 = 12;

/// Between screens.
const GREY: Colour = Colour([0x6B; 3]);

type Shown = (&'static str, Tongue, Grid, Look);

/// Most screens, each in one language or look, three beside each other.
pub fn of_most(vocabulary: &Vocabulary, phrases: &Phrases) -> Canvas {
    let (plain, grid) = (Look::default(), Grid { columns: 64, rows: 20 });
    let shown = [
        ("attract", Tongue::Nl, plain),
        ("language", Tongue::Fr, plain),
        ("doors", Tongue::Fr, plain),
        ("results", Tongue::Nl, plain),
        ("card", Tongue::Fr, plain),
        ("agenda", Tongue::En, plain),
        ("near", Tongue::Ar, plain),
        ("ticket", Tongue::Fr, plain),
        ("printed", Tongue::De, plain),
        ("help", Tongue::En, plain),
        ("call-back", Tongue::Fr, plain),
        ("call-check", Tongue::De, plain),
        ("danger", Tongue::Fr, plain),
        ("doors", Tongue::Nl, Look { large: true, ..plain }),
        ("doors-2", Tongue::De, Look { high_contrast: true, ..plain }),
    ];
    sheet(shown.into_iter().map(|(screen, tongue, look)| (screen, tongue, grid, look)).collect(), 3, (640, 400), vocabulary, phrases)
}

/// All screens in one language and look, four beside each other.
pub fn of_all(tongue: Tongue, grid: Grid, look: Look, vocabulary: &Vocabulary, phrases: &Phrases) -> Canvas {
    sheet(SCREENS.into_iter().map(|screen| (screen, tongue, grid, look)).collect(), 4, (400, 250), vocabulary, phrases)
}

fn sheet(shown: Vec<Shown>, beside: u16, (width, height): (u16, u16), vocabulary: &Vocabulary, phrases: &Phrases) -> Canvas {
    let rows = u16::try_from(shown.len()).unwrap_or(1).div_ceil(beside);
    let mut sheet = Canvas::new(beside * (width + GAP) + GAP, rows * (height + GAP) + GAP, GREY);
    for (number, (screen, tongue, grid, look)) in (0..).zip(shown) {
        if let Some(app) = at(screen, tongue, grid, look, vocabulary, phrases) {
            let picture = paint(&show(&app, phrases), Marks::default(), width, height);
            sheet.paste(&picture, GAP + number % beside * (width + GAP), GAP + number / beside * (height + GAP));
        }
    }
    sheet
}
