//! Shapes and draws one line at a time with the fonts that ship.

use std::borrow::Cow;
use std::sync::Arc;

use cosmic_text::{Attrs, Buffer, Family, FontSystem, Metrics, Shaping, SwashCache, SwashContent, Weight, Wrap, fontdb};

use super::Drawn;
use crate::slip_language::is_right_to_left;

const FONTS: [&[u8]; 2] = [include_bytes!("../../fonts/NotoSans-Bold.ttf"), include_bytes!("../../fonts/NotoSansArabic-Bold.ttf")];

/// Where Debian keeps its fonts.
const INSTALLED: &str = "/usr/share/fonts";

/// Height of the letters against that of the line.
const LETTERS: f32 = 0.76;

pub(super) struct Pen {
    fonts: FontSystem,
    glyphs: SwashCache,
    /// The fonts of the machine were looked at.
    knows_machine: bool,
}

impl Pen {
    pub(super) fn new() -> Self {
        let mut known = fontdb::Database::new();
        for font in FONTS {
            known.load_font_source(fontdb::Source::Binary(Arc::new(font)));
        }
        Self { fonts: FontSystem::new_with_locale_and_db("fr".to_owned(), known), glyphs: SwashCache::new(), knows_machine: false }
    }

    pub(super) fn draw(&mut self, text: &str, line_height: u16, most: u16) -> Drawn {
        let height = f32::from(line_height);
        let mut buffer = self.shaped(text, height * LETTERS, height);
        if !self.knows_machine && lacks_letters(&buffer) {
            self.knows_machine = true;
            self.fonts.db_mut().load_fonts_dir(INSTALLED);
            buffer = self.shaped(text, height * LETTERS, height);
        }
        let wanted = width_of(&buffer);
        if wanted > f32::from(most) && most > 0 {
            buffer = self.shaped(text, height * LETTERS * (f32::from(most) - 1.0) / wanted, height);
        }
        self.inked(&buffer, line_height, most)
    }

    fn shaped(&mut self, text: &str, size: f32, height: f32) -> Buffer {
        let mut buffer = Buffer::new_empty(Metrics::new(size.max(1.0), height));
        buffer.set_wrap(Wrap::None);
        // The library loses a number in front of a text that runs from right to left, unless a mark of that direction
        // stands before it.
        let text = &if text.chars().any(is_right_to_left) { Cow::Owned(format!("\u{200f}{text}")) } else { Cow::Borrowed(text) };
        let attributes = Attrs::new().family(Family::Name("Noto Sans")).weight(Weight::BOLD);
        buffer.set_text(text, &attributes, Shaping::Advanced, None);
        buffer.shape_until_scroll(&mut self.fonts, false);
        buffer
    }

    fn inked(&mut self, buffer: &Buffer, height: u16, most: u16) -> Drawn {
        let width = whole(width_of(buffer).ceil()).clamp(1, i32::from(most.max(1)));
        let mut drawn = Drawn { width: u16::try_from(width).unwrap_or(1), height, shades: vec![0; usize::try_from(width).unwrap_or(1) * usize::from(height)] };
        for run in buffer.layout_runs() {
            // Lines of the other direction begin at the right edge of a width that was not given: all begin at 0 here.
            let left = run.glyphs.iter().map(|glyph| glyph.x).fold(f32::INFINITY, f32::min);
            for glyph in run.glyphs {
                let placed = glyph.physical((-left, run.line_y), 1.0);
                let Some(image) = self.glyphs.get_image(&mut self.fonts, placed.cache_key) else { continue };
                let step = match image.content {
                    SwashContent::Mask => 1,
                    SwashContent::SubpixelMask | SwashContent::Color => 4,
                };
                let columns = i32::try_from(image.placement.width).unwrap_or(0).max(1);
                for (place, shade) in (0..).zip(image.data.iter().step_by(step)) {
                    let x = placed.x + image.placement.left + place % columns;
                    let y = placed.y - image.placement.top + place / columns;
                    drawn.ink(x, y, *shade);
                }
            }
        }
        drawn
    }
}

impl Drawn {
    fn ink(&mut self, x: i32, y: i32, shade: u8) {
        let (Ok(x), Ok(y)) = (u16::try_from(x), u16::try_from(y)) else { return };
        if x < self.width
            && y < self.height
            && let Some(dot) = self.shades.get_mut(usize::from(y) * usize::from(self.width) + usize::from(x))
        {
            *dot = dot.saturating_add(shade);
        }
    }
}

/// Glyph 0 of a font stands for what it lacks.
fn lacks_letters(buffer: &Buffer) -> bool {
    buffer.layout_runs().any(|run| run.glyphs.iter().any(|glyph| glyph.glyph_id == 0))
}

/// From the leftmost to the rightmost letter: the library leaves out blanks at the end of a line.
fn width_of(buffer: &Buffer) -> f32 {
    let glyphs = || buffer.layout_runs().flat_map(|run| run.glyphs);
    let left = glyphs().map(|glyph| glyph.x).fold(f32::INFINITY, f32::min);
    let right = glyphs().map(|glyph| glyph.x + glyph.w).fold(f32::NEG_INFINITY, f32::max);
    (right - left).max(0.0)
}

fn whole(dots: f32) -> i32 {
    #[expect(clippy::cast_possible_truncation, reason = "a line has at most some thousands of dots")]
    let whole = dots as i32;
    whole
}
