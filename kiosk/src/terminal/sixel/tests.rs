use directory::vocabulary::Vocabulary;
use printer::slip_language::SlipLanguage;

use super::*;
use crate::cells::Marks;
use crate::page::{Grid, Look};
use crate::phrases::KioskPhrases;
use crate::picture::paint;
use crate::sample::{SCREENS, at};
use crate::screen::show;

/// What a terminal sees of it, by the library's decoder: three bytes a dot.
fn seen(canvas: &Canvas) -> Vec<u8> {
    let said = encode(canvas, 64, 20);
    let start = said.find("\x1bP").unwrap();
    let image = icy_sixel::SixelImage::decode(&said.as_bytes()[start..]).unwrap();
    // It counts whole bands.
    assert_eq!((image.width, image.height), (usize::from(canvas.width()), usize::from(canvas.height()).next_multiple_of(BAND)));
    image
        .pixels
        .chunks(4)
        .take(canvas.dots().len() / 3)
        .flat_map(|dot| {
            assert_eq!(dot[3], 255, "every dot is drawn");
            [dot[0], dot[1], dot[2]]
        })
        .collect()
}

#[test]
fn every_screen_is_seen_as_it_was_painted() {
    let (vocabulary, phrases) = (Vocabulary::shipped().unwrap(), KioskPhrases::shipped().unwrap());
    for screen in SCREENS {
        let page = show(&at(screen, SlipLanguage::Fr, Grid { columns: 64, rows: 20 }, Look::default(), &vocabulary, &phrases).unwrap(), &phrases);
        let canvas = paint(&page, Marks::default(), 641, 399);
        let (mut far, mut off) = (0, 0);
        for (painted, seen) in canvas.dots().iter().zip(seen(&canvas)) {
            let away = painted.abs_diff(seen);
            // Shares of a hundred are coarser than those of 255.
            far += u32::from(away > 18);
            off += u32::from(away > 3);
        }
        let all = canvas.dots().len();
        assert_eq!(far, 0, "{screen}");
        assert!(usize::try_from(off).unwrap() < all / 10, "{screen}: {off} of {all} are not exact");
    }
}

/// More colours than a picture may have: it is coarser, and whole.
#[test]
fn a_picture_of_many_colours_is_shown_coarsely() {
    let mut canvas = Canvas::new(256, 192, crate::palette::Colour([0, 0, 0]));
    let mut dots = (0..=u8::MAX).flat_map(|x| (0..192).map(move |y| crate::palette::Colour([x, y, x ^ y])));
    for y in 0..192 {
        for x in 0..256 {
            canvas.paste(&Canvas::new(1, 1, dots.next().unwrap()), x, y);
        }
    }
    let seen = seen(&canvas);
    assert!(canvas.dots().iter().zip(&seen).all(|(painted, seen)| painted.abs_diff(*seen) <= 35));
}
