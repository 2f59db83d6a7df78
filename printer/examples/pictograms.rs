//! Draws every pictogram on one sheet, as on the slip and as on a small screen, for people to look at:
//! `cargo run --package passerelle-printer --example pictograms -- sheet.png`.

use directory::need::Need;
use directory::vocabulary::Vocabulary;
use printer::bitmap::Bitmap;
use printer::pictogram::Pictogram;
use printer::preview::picture;
use printer::raster::draw;

const COLUMNS: u16 = 8;
const CELL: u16 = 168;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let file = std::env::args().nth(1).ok_or("name the file to write")?;
    let vocabulary = Vocabulary::shipped()?;
    let mut shown = Vec::new();
    for theme in directory::theme::Theme::ALL {
        shown.extend(Pictogram::of(*theme).map(|pictogram| (pictogram, theme.id().to_owned())));
    }
    for door in vocabulary.doors() {
        shown.extend(Pictogram::door(&door.id).map(|pictogram| (pictogram, format!("[{}]", door.id))));
    }
    let own = Need::all().filter(|need| Pictogram::of_need(*need) != Pictogram::of(need.theme()));
    shown.extend(own.filter_map(|need| Pictogram::of_need(need).map(|pictogram| (pictogram, need.id().to_owned()))));
    let rows = u16::try_from(shown.len())?.div_ceil(COLUMNS);
    let mut sheet = Bitmap::new(COLUMNS * CELL, rows * CELL);
    for (place, (pictogram, name)) in (0..).zip(shown) {
        let (left, top) = (place % COLUMNS * CELL, place / COLUMNS * CELL);
        sheet.put(&pictogram.dots(120)?, left + 8, top + 4);
        sheet.put(&pictogram.dots(32)?, left + 132, top + 92);
        sheet.put(&draw(&name, 30, CELL).dots(), left + 8, top + 130);
    }
    std::fs::write(file, picture(&sheet)?)?;
    Ok(())
}
