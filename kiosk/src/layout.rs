//! Where parts go on grids of different sizes: the bars at top and bottom never move.

use crate::page::{Area, Grid};
use crate::text::wrap;

/// The smallest grid of each layout: six tiles and three cards; six tiles and two cards; four tiles and one card.
const FULL: Grid = Grid { columns: 64, rows: 20 };
const MIDDLE: Grid = Grid { columns: 53, rows: 16 };

/// Rows of one line, at most.
const MAX_ROWS: usize = 40;

/// The grid that large letters ask for.
pub const LARGE: Grid = Grid { columns: 40, rows: 12 };

/// What a grid has room for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    grid: Grid,
    /// Rows of each bar.
    bar: u16,
    /// Between things that are touched.
    gap: Area,
    /// Entries of a list.
    pub cards: usize,
    /// Tiles, by columns and rows.
    pub tiles: (u16, u16),
}

impl Layout {
    /// The layout for a grid; with large letters the one that shows least at a time.
    pub fn of(grid: Grid, large: bool) -> Self {
        let gap = |x, y| Area { width: x, height: y, ..Area::default() };
        if large || grid.columns < MIDDLE.columns || grid.rows < MIDDLE.rows {
            let bar = if grid.rows >= MIDDLE.rows { grid.rows / 6 } else { 2 };
            Self { grid, bar, gap: gap(0, 0), cards: 1, tiles: (2, 2) }
        } else if grid.columns < FULL.columns || grid.rows < FULL.rows {
            Self { grid, bar: 3, gap: gap(1, 0), cards: 2, tiles: (3, 2) }
        } else {
            Self { grid, bar: 3, gap: gap(2, 1), cards: 3, tiles: (3, 2) }
        }
    }

    /// Its grid.
    pub fn grid(&self) -> Grid {
        self.grid
    }

    /// The rows between the bars.
    pub fn body(&self) -> Area {
        Area::new(0, self.bar, self.grid.columns, self.grid.rows.saturating_sub(2 * self.bar))
    }

    /// For the title and the lines under it, beside two buttons, or three where one is wide.
    pub fn title(&self, has_extra: bool) -> [Area; 2] {
        let buttons = self.grid.columns.saturating_sub(self.top(if has_extra { 2 } else { 1 }).x);
        let width = self.grid.columns.saturating_sub(buttons + 2);
        [Area::new(1, 0, width, 1), Area::new(1, 1, width, self.bar - 1)]
    }

    /// Buttons of the bar at the top, from its end; the third one is wide.
    pub fn top(&self, place: u16) -> Area {
        let (narrow, wide) = if self.grid.columns >= FULL.columns { (9, 14) } else { (7, 12) };
        let width = if place == 2 { wide } else { narrow };
        let before = place.min(2) * narrow + place * self.gap.width.min(1);
        Area::new(self.grid.columns.saturating_sub(before + width), 0, width, self.bar)
    }

    /// The five places of the bar at the bottom.
    pub fn bottom(&self, place: u16) -> Area {
        let y = self.grid.rows.saturating_sub(self.bar);
        let width = self.grid.columns / 5;
        let x = place * self.grid.columns / 5;
        Area::new(x, y, if place == 4 { self.grid.columns - x } else { width - u16::from(self.gap.width > 0) }, self.bar)
    }

    /// Equal places for so many columns and rows of tiles, row by row, over an area.
    pub fn places(&self, area: Area, columns: u16, rows: u16) -> Vec<Area> {
        let width = area.width.saturating_sub(self.gap.width * (columns - 1)) / columns;
        let height = area.height.saturating_sub(self.gap.height * (rows - 1)) / rows;
        let step = (width + self.gap.width, height + self.gap.height);
        let place = |number: u16| Area::new(area.x + number % columns * step.0, area.y + number / columns * step.1, width, height);
        (0..columns * rows).map(place).collect()
    }

    /// Places for the entries of a list, over an area, each with one for the button beside it.
    pub fn rows(&self, area: Area) -> Vec<(Area, Area)> {
        let count = u16::try_from(self.cards).unwrap_or(1);
        let height = area.height / count;
        let beside = if self.grid.columns >= FULL.columns { 13 } else { 11 };
        let gap = self.gap.width.min(1);
        let row = |number: u16| {
            let y = area.y + number * height;
            let width = area.width.saturating_sub(beside + gap);
            (Area::new(area.x, y, width, height), Area::new(area.x + width + gap, y, beside, height))
        };
        (0..count).map(row).collect()
    }

    /// In danger: two large places for the numbers of everybody, and what is left under them for tiles in two rows. The
    /// numbers never move, whatever stands under them.
    pub fn danger(&self) -> ([Area; 2], Area) {
        let (body, gap) = (self.body(), self.gap.height);
        let tile = (body.height.saturating_sub(2 * gap) + 1) / 3;
        let (upper, lower) = Self::split(body, body.height.saturating_sub(2 * tile + gap));
        let first = Area { height: upper.height.saturating_sub(gap), ..upper };
        let width = first.width.saturating_sub(self.gap.width) / 2;
        let second = Area { x: first.x + width + self.gap.width, width, ..first };
        ([Area { width, ..first }, second], lower)
    }

    /// Places for help-lines under those numbers. Where the bar at the top has no room for a third button, the last rows
    /// are for the key that would stand there.
    pub fn danger_lines(&self) -> (Vec<Area>, Option<Area>) {
        let (_, lower) = self.danger();
        let key = if self.cards > 1 { 0 } else { 2 };
        let (lines, below) = Self::split(lower, lower.height.saturating_sub(key));
        // A number, and two rows for what it is; one more where letters are large.
        let each = if self.cards > 1 { 3 } else { 4 };
        let rows = (lines.height / each).clamp(1, 3);
        let close = Self { gap: Area { height: 0, ..self.gap }, ..*self };
        (close.places(lines, 2, rows), Some(below).filter(|below| below.height > 0))
    }

    /// For a record: its picture, which is left out where letters need the room, its lines, and the keys under them.
    pub fn card(&self) -> (Option<Area>, Area, Area) {
        let body = self.body();
        let (text, keys) = Self::split(body, body.height - if self.cards > 1 { 3 } else { 2 });
        let picture = if self.cards > 1 { self.grid.columns / 5 } else { 0 };
        let x = picture + 1;
        let shown = (picture > 0).then_some(Area { width: picture, ..text });
        (shown, Area { x, width: text.width.saturating_sub(x), ..text }, keys)
    }

    /// Where each page of a record's lines ends: as many as fit without smaller letters.
    pub fn pages_of(&self, lines: &[String]) -> Vec<usize> {
        let (_, text, _) = self.card();
        let mut ends = Vec::new();
        let mut rows = 0;
        for (number, line) in lines.iter().enumerate() {
            let height = wrap(line, usize::from(text.width), MAX_ROWS).0.len();
            if rows > 0 && rows + height > usize::from(text.height) {
                ends.push(number);
                rows = 0;
            }
            rows += height;
        }
        ends.push(lines.len());
        ends
    }

    /// The upper rows of an area, and the rest of it.
    pub fn split(area: Area, rows: u16) -> (Area, Area) {
        let rows = rows.min(area.height);
        (Area { height: rows, ..area }, Area { y: area.y + rows, height: area.height - rows, ..area })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_record_has_pages() {
        let layout = Layout::of(Grid { columns: 64, rows: 20 }, false);
        let lines = |count: usize| vec!["a word or two".to_owned(); count];
        let room = usize::from(layout.card().1.height);
        assert_eq!(layout.pages_of(&lines(room)), [room]);
        assert_eq!(layout.pages_of(&lines(room + 1)), [room, room + 1]);
        assert_eq!(layout.pages_of(&[]), [0]);
        // A line that is broken takes more rows; one that is longer than a page has one of its own.
        let long = "seven w ".repeat(60);
        assert_eq!(layout.pages_of(&[long.clone(), "short".to_owned(), long]), [2, 3]);
    }

    #[test]
    fn nothing_leaves_the_grid_and_no_two_places_meet() {
        for (columns, rows, large) in [(64, 20, false), (53, 16, false), (40, 12, false), (80, 25, true), (80, 25, false), (64, 20, true), (120, 40, false)] {
            let layout = Layout::of(Grid { columns, rows }, large);
            let mut all: Vec<Area> = (0..5).map(|place| layout.bottom(place)).chain((0..2).map(|place| layout.top(place))).collect();
            all.extend(layout.title(false));
            let (wide, high) = layout.tiles;
            let beside: Vec<Area> = layout.rows(layout.body()).into_iter().flat_map(|(card, button)| [card, button]).collect();
            let (numbers, lower) = layout.danger();
            let kinds = numbers.into_iter().chain(layout.places(lower, wide, high)).collect();
            let (lines, key) = layout.danger_lines();
            let lines = numbers.into_iter().chain(lines).chain(key).collect();
            for places in [layout.places(layout.body(), wide, high), beside, kinds, lines] {
                let all: Vec<Area> = all.iter().copied().chain(places).collect();
                for (number, one) in all.iter().enumerate() {
                    assert!(one.x + one.width <= columns && one.y + one.height <= rows, "{columns}x{rows}: {one:?}");
                    assert!(one.width >= 3 && one.height >= 1, "{columns}x{rows}: {one:?}");
                    let meets = |other: &Area| {
                        one.x < other.x + other.width && other.x < one.x + one.width && one.y < other.y + other.height && other.y < one.y + one.height
                    };
                    assert!(!all.iter().skip(number + 1).any(meets), "{columns}x{rows}: {one:?} meets another");
                }
            }
        }
    }
}
