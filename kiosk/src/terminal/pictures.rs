//! Pages as pictures in a terminal with graphics: a picture a part, made anew only where the part has changed.

use std::collections::VecDeque;

use image::{DynamicImage, RgbImage};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Style};
use ratatui::widgets::Widget;
use ratatui_image::picker::{Picker, ProtocolType};
use ratatui_image::protocol::Protocol;
use ratatui_image::protocol::sixel::Sixel;
use ratatui_image::{Image, Resize};

use super::sixel;
use crate::cells::Marks;
use crate::page::{Area, Grid, Look, Part, PartKind, ScreenPage};
use crate::palette::{Colour, Palette};
use crate::picture::paint_part;

/// The last row stays free: a picture that touches it scrolls the whole screen up.
const FREE_ROWS: u16 = 1;

/// What is shown of a part.
struct Shown {
    part: Part,
    is_marked: bool,
    protocol: Protocol,
}

/// Pictures of tiles and buttons that are kept for the next page that has them.
const MAX_CACHED: usize = 96;

/// A terminal with graphics.
pub(super) struct Pictures {
    picker: Picker,
    /// The terminal itself shows sixels, which are made here.
    takes_sixels: bool,
    shown: Vec<Shown>,
    /// Tiles and buttons shown before: their words are the kiosk's own, and say nothing of a visitor.
    kept: VecDeque<Shown>,
    look: (Look, Grid),
}

impl Pictures {
    /// Asks the terminal; nothing where it has no graphics. Raw mode must be on, and no key read yet.
    pub(super) fn find() -> Option<Self> {
        let picker = Picker::from_query_stdio().ok()?;
        let has_graphics = !matches!(picker.protocol_type(), ProtocolType::Halfblocks);
        // The library alone knows whether tmux must be asked to pass them on.
        let sample = picker.new_protocol(DynamicImage::new_rgb8(1, 1), (1, 1).into(), Resize::Crop(None)).ok()?;
        let takes_sixels = matches!(sample, Protocol::Sixel(Sixel { is_tmux: false, .. }));
        has_graphics.then(|| Self { picker, takes_sixels, shown: Vec::new(), kept: VecDeque::new(), look: (Look::default(), Grid { columns: 0, rows: 0 }) })
    }

    /// The cells that a page may have.
    pub(super) fn grid(grid: Grid) -> Grid {
        Grid { rows: grid.rows.saturating_sub(FREE_ROWS), ..grid }
    }

    /// Where something stands that will not stand there any more; nothing where all of the screen must be cleared.
    pub(super) fn vanishing(&self, page: &ScreenPage) -> Option<Vec<Area>> {
        let stays = |shown: &&Shown| page.parts.iter().any(|part| part.area == shown.part.area && has_picture(part));
        let gone = self.shown.iter().filter(|shown| !stays(shown)).map(|shown| shown.part.area);
        (self.look == (page.look, page.grid)).then(|| gone.collect())
    }

    /// The colour of what is empty.
    pub(super) fn paper(page: &ScreenPage) -> Color {
        let Colour([red, green, blue]) = Palette::of(page.look).paper.ground;
        Color::Rgb(red, green, blue)
    }

    /// Forgets what is shown: after the screen was cleared.
    pub(super) fn forget(&mut self) {
        for shown in std::mem::take(&mut self.shown) {
            self.put_away(shown);
        }
    }

    /// Keeps what may be wanted again, and overwrites what a visitor looked at.
    fn put_away(&mut self, mut shown: Shown) {
        if !shown.is_marked && matches!(shown.part.kind, PartKind::Tile { .. } | PartKind::Button { .. }) {
            self.kept.push_back(shown);
            if self.kept.len() > MAX_CACHED {
                self.kept.pop_front();
            }
        } else {
            shown.part.wipe();
        }
    }

    /// What was made of this part before.
    fn made(&mut self, before: &mut Vec<Shown>, part: &Part, is_marked: bool) -> Option<Shown> {
        let is_it = |shown: &Shown| shown.part == *part && shown.is_marked == is_marked;
        if let Some(place) = before.iter().position(is_it) {
            return Some(before.swap_remove(place));
        }
        let place = self.kept.iter().position(is_it)?;
        self.kept.remove(place)
    }

    /// Draws a page.
    pub(super) fn draw(&mut self, page: &ScreenPage, marks: Marks, buffer: &mut Buffer) {
        buffer.set_style(buffer.area, Style::new().bg(Self::paper(page)));
        if self.look != (page.look, page.grid) {
            self.forget();
            self.kept.clear();
            self.look = (page.look, page.grid);
        }
        let mut before = std::mem::take(&mut self.shown);
        for (place, part) in page.parts.iter().enumerate().filter(|(_, part)| has_picture(part)) {
            let is_marked = marks.pressed == Some(place) || marks.lit == Some(place);
            let made = self.made(&mut before, part, is_marked);
            let anew = || Some(Shown { part: part.clone(), is_marked, protocol: self.encode(page, part, is_marked)? });
            let Some(shown) = made.or_else(anew) else { continue };
            let area = Rect { x: part.area.x, y: part.area.y, width: part.area.width, height: part.area.height };
            Image::new(&shown.protocol).render(area.intersection(buffer.area), buffer);
            self.shown.push(shown);
        }
        for shown in before {
            self.put_away(shown);
        }
    }

    fn encode(&self, page: &ScreenPage, part: &Part, is_marked: bool) -> Option<Protocol> {
        let font = self.picker.font_size();
        let canvas = paint_part(page, part, is_marked, page.grid.columns * font.width, page.grid.rows * font.height);
        let (columns, rows) = (part.area.width, part.area.height);
        if self.takes_sixels {
            let data = sixel::encode(&canvas, columns, rows);
            return Some(Protocol::Sixel(Sixel { data, size: (columns, rows).into(), is_tmux: false }));
        }
        let image = RgbImage::from_raw(u32::from(canvas.width()), u32::from(canvas.height()), canvas.dots().to_vec())?;
        self.picker.new_protocol(DynamicImage::ImageRgb8(image), (columns, rows).into(), Resize::Crop(None)).ok()
    }
}

/// What only takes touches shows nothing.
fn has_picture(part: &Part) -> bool {
    !matches!(&part.kind, PartKind::Lines(lines) if lines.iter().all(String::is_empty))
}
