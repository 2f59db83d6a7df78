//! Pages as pictures in a terminal with graphics: a picture a part, made anew only where the part has changed.

use image::{DynamicImage, RgbImage};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Style};
use ratatui::widgets::Widget;
use ratatui_image::picker::{Picker, ProtocolType};
use ratatui_image::protocol::Protocol;
use ratatui_image::{Image, Resize};

use crate::cells::Marks;
use crate::page::{Area, Grid, Kind, Look, Page, Part};
use crate::palette::{Colour, Palette};
use crate::picture::{frame_of, paint};

/// The last row stays free: a picture that touches it scrolls the whole screen up.
const FREE_ROWS: u16 = 1;

/// What is shown of a part.
struct Shown {
    part: Part,
    is_marked: bool,
    protocol: Protocol,
}

/// A terminal with graphics.
pub(super) struct Pictures {
    picker: Picker,
    shown: Vec<Shown>,
    look: (Look, Grid),
}

impl Pictures {
    /// Asks the terminal; nothing where it has no graphics. Raw mode must be on, and no key read yet.
    pub(super) fn find() -> Option<Self> {
        let picker = Picker::from_query_stdio().ok()?;
        let has_graphics = !matches!(picker.protocol_type(), ProtocolType::Halfblocks);
        has_graphics.then(|| Self { picker, shown: Vec::new(), look: (Look::default(), Grid { columns: 0, rows: 0 }) })
    }

    /// The cells that a page may have.
    pub(super) fn grid(grid: Grid) -> Grid {
        Grid { rows: grid.rows.saturating_sub(FREE_ROWS), ..grid }
    }

    /// True where the screen must be cleared first: something stands where nothing stands now.
    pub(super) fn clears(&self, page: &Page) -> bool {
        let areas: Vec<Area> = page.parts.iter().filter(|part| has_picture(part)).map(|part| part.area).collect();
        self.look != (page.look, page.grid) || self.shown.iter().any(|shown| !areas.contains(&shown.part.area))
    }

    /// Forgets what is shown: after the screen was cleared.
    pub(super) fn forget(&mut self) {
        for shown in &mut self.shown {
            shown.part.wipe();
        }
        self.shown.clear();
    }

    /// Draws a page.
    pub(super) fn draw(&mut self, page: &Page, marks: Marks, buffer: &mut Buffer) {
        let Colour([red, green, blue]) = Palette::of(page.look).paper.ground;
        buffer.set_style(buffer.area, Style::new().bg(Color::Rgb(red, green, blue)));
        if self.look != (page.look, page.grid) {
            self.forget();
            self.look = (page.look, page.grid);
        }
        let mut before = std::mem::take(&mut self.shown);
        for (place, part) in page.parts.iter().enumerate().filter(|(_, part)| has_picture(part)) {
            let is_marked = marks.pressed == Some(place) || marks.lit == Some(place);
            let known = before.iter().position(|shown| shown.part == *part && shown.is_marked == is_marked);
            let shown = match known {
                Some(known) => before.swap_remove(known),
                None => match self.encode(page, part, is_marked) {
                    Some(protocol) => Shown { part: part.clone(), is_marked, protocol },
                    None => continue,
                },
            };
            let area = Rect { x: part.area.x, y: part.area.y, width: part.area.width, height: part.area.height };
            Image::new(&shown.protocol).render(area.intersection(buffer.area), buffer);
            self.shown.push(shown);
        }
        for mut shown in before {
            shown.part.wipe();
        }
    }

    fn encode(&self, page: &Page, part: &Part, is_marked: bool) -> Option<Protocol> {
        let font = self.picker.font_size();
        let (width, height) = (page.grid.columns * font.width, page.grid.rows * font.height);
        let alone = Page { parts: vec![part.clone()], ..page.clone() };
        let pressed = is_marked.then_some(0);
        let canvas = paint(&alone, Marks { pressed, lit: None }, width, height).cut(frame_of(page, part, width, height));
        let image = RgbImage::from_raw(u32::from(canvas.width()), u32::from(canvas.height()), canvas.dots().to_vec())?;
        let size = (part.area.width, part.area.height).into();
        self.picker.new_protocol(DynamicImage::ImageRgb8(image), size, Resize::Crop(None)).ok()
    }
}

/// What only takes touches shows nothing.
fn has_picture(part: &Part) -> bool {
    !matches!(&part.kind, Kind::Lines(lines) if lines.iter().all(String::is_empty))
}
