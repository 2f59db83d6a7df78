//! Text and pictures as dots, for paper and for screens: letters are shaped and ordered by a library, so that
//! Arabic joins and runs from right to left.
//!
//! Two fonts ship with the program; what they lack is looked for among the fonts that Debian has installed. A
//! letter that no font has becomes an empty frame, never a question mark.

mod pen;

use std::sync::{Mutex, OnceLock, PoisonError};

use directory::cache::Cache;
use directory::theme::Theme;

use self::pen::Pen;
use crate::bitmap::Bitmap;
use crate::pictogram::{Pictogram, PictogramError};

/// Bands and lines remembered: the same few labels stand on every slip.
const MAX_CACHED: usize = 256;

/// Text drawn in shades, from 0 (nothing) to 255 (ink).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawn {
    /// Width in dots.
    pub width: u16,
    /// Height in dots.
    pub height: u16,
    /// Row by row.
    pub shades: Vec<u8>,
}

impl Drawn {
    /// Black where more than half of a dot is covered.
    pub fn dots(&self) -> Bitmap {
        let mut bitmap = Bitmap::new(self.width, self.height);
        let rows = self.shades.chunks(usize::from(self.width.max(1)));
        for (y, row) in (0..self.height).zip(rows) {
            for (x, _) in (0..self.width).zip(row).filter(|(_, shade)| **shade > 127) {
                bitmap.set(x, y);
            }
        }
        bitmap
    }
}

/// Draws one line of text with letters of that many dots from line to line; smaller where it would be wider than
/// `most` dots.
pub fn draw(text: &str, line_height: u16, most: u16) -> Drawn {
    with_pen(|pen| pen.draw(text, line_height, most))
}

/// A line of text for paper, remembered for the next slip.
pub fn line(text: &str, line_height: u16, most: u16) -> Bitmap {
    cached(CacheKey { picture: None, text: text.to_owned(), height: line_height, most, at_right: false }, || draw(text, line_height, most).dots())
}

/// A pictogram with its name beside it, from right to left or the other way.
pub fn band(theme: Theme, label: &str, size: u16, most: u16, at_right: bool) -> Result<Bitmap, PictogramError> {
    let Some(pictogram) = Pictogram::of(theme) else { return Ok(line(label, size / 2, most)) };
    let key = CacheKey { picture: Some(theme), text: label.to_owned(), height: size, most, at_right };
    if let Some(known) = with_cache(|cache| cache.get(&key)) {
        return Ok(known);
    }
    let picture = pictogram.dots(size)?;
    let gap = size / 6;
    let name = draw(label, size / 2, most.saturating_sub(size + gap)).dots();
    let mut band = Bitmap::new(size + gap + name.width(), size);
    let top = (size - name.height().min(size)) / 2;
    if at_right {
        band.put(&name, 0, top);
        band.put(&picture, name.width() + gap, 0);
    } else {
        band.put(&picture, 0, 0);
        band.put(&name, size + gap, top);
    }
    with_cache(|cache| cache.keep(key, band.clone(), 1));
    Ok(band)
}

/// What a drawing depends on.
#[derive(Debug, PartialEq, Eq, Hash)]
struct CacheKey {
    picture: Option<Theme>,
    text: String,
    height: u16,
    most: u16,
    at_right: bool,
}

fn cached(key: CacheKey, draw: impl FnOnce() -> Bitmap) -> Bitmap {
    if let Some(known) = with_cache(|cache| cache.get(&key)) {
        return known;
    }
    let drawn = draw();
    with_cache(|cache| cache.keep(key, drawn.clone(), 1));
    drawn
}

fn with_cache<T>(work: impl FnOnce(&mut Cache<CacheKey, Bitmap>) -> T) -> T {
    static CACHE: OnceLock<Mutex<Cache<CacheKey, Bitmap>>> = OnceLock::new();
    let cache = CACHE.get_or_init(|| Mutex::new(Cache::new(MAX_CACHED)));
    work(&mut cache.lock().unwrap_or_else(PoisonError::into_inner))
}

fn with_pen<T>(work: impl FnOnce(&mut Pen) -> T) -> T {
    static PEN: OnceLock<Mutex<Pen>> = OnceLock::new();
    let pen = PEN.get_or_init(|| Mutex::new(Pen::new()));
    work(&mut pen.lock().unwrap_or_else(PoisonError::into_inner))
}

#[cfg(test)]
mod tests;
