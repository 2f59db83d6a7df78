//! A page as a picture: proportional letters that are shaped, rounded tiles, pictograms. Pure.

mod canvas;
mod letters;

pub use self::canvas::Canvas;
use self::canvas::Frame;
use self::letters::Fit;
use crate::cells::Marks;
use crate::page::{Key, Part, PartKind, Role, ScreenPage};
use crate::palette::{Colour, Pair, Palette};
use crate::text::wrap;

/// No letters are smaller than this from line to line, of the height of the whole picture.
const SMALLEST: u16 = 66;

/// Rows of one line, at most.
const MAX_ROWS: usize = 40;

/// Paints a page on so many dots.
pub fn paint(page: &ScreenPage, marks: Marks, width: u16, height: u16) -> Canvas {
    let mut canvas = Canvas::new(width, height, Palette::of(page.look).paper.ground);
    for (place, part) in page.parts.iter().enumerate() {
        let is_marked = marks.pressed == Some(place) || marks.lit == Some(place);
        Painter::new(page, &mut canvas, height, is_marked).part(part, frame_of(page, part, width, height));
    }
    canvas
}

/// Paints one part of a page of so many dots: what lies in its frame, and no more.
pub fn paint_part(page: &ScreenPage, part: &Part, is_marked: bool, width: u16, height: u16) -> Canvas {
    let frame = frame_of(page, part, width, height);
    let mut canvas = Canvas::new(frame.width, frame.height, Palette::of(page.look).paper.ground);
    Painter::new(page, &mut canvas, height, is_marked).part(part, Frame { x: 0, y: 0, ..frame });
    canvas
}

/// Where a part lies in dots.
fn frame_of(page: &ScreenPage, part: &Part, width: u16, height: u16) -> Frame {
    let scale = |cells: u16, dots: u16, of: u16| u16::try_from(u32::from(cells) * u32::from(dots) / u32::from(of.max(1))).unwrap_or(u16::MAX);
    let (columns, rows) = (page.grid.columns, page.grid.rows);
    let (x, y) = (scale(part.area.x, width, columns), scale(part.area.y, height, rows));
    let (right, bottom) = (scale(part.area.x + part.area.width, width, columns), scale(part.area.y + part.area.height, height, rows));
    Frame { x, y, width: right - x, height: bottom - y }
}

struct Painter<'a> {
    palette: &'static Palette,
    canvas: &'a mut Canvas,
    is_mirrored: bool,
    /// The height of a cell: letters of ordinary size are about as high.
    cell: u16,
    /// The height of the whole picture: frames and gaps are in proportion to it.
    height: u16,
    /// Whoever asked for large letters gets them as large as there is room for.
    grows: bool,
    /// The part is pressed, or read aloud: its frame says so too, where its colour is the same.
    is_marked: bool,
}

impl<'a> Painter<'a> {
    fn new(page: &ScreenPage, canvas: &'a mut Canvas, height: u16, is_marked: bool) -> Self {
        let (palette, is_mirrored) = (Palette::of(page.look), page.language.is_right_to_left());
        Self { palette, canvas, is_mirrored, cell: height / page.grid.rows.max(1), height, grows: page.look.large, is_marked }
    }

    /// So many dots of a picture that is 800 high.
    fn dots(&self, count: u16) -> u16 {
        (count * self.height / 800).max(1)
    }

    fn part(&mut self, part: &Part, frame: Frame) {
        let is_marked = self.is_marked;
        let paper = if is_marked { self.palette.pressed } else { self.palette.paper };
        let sign = part.key.and_then(Key::sign);
        if is_marked && part.key.is_none() {
            self.canvas.round(frame, self.dots(6), paper.ground);
        }
        match &part.kind {
            PartKind::Title(text) => self.text(text, frame, paper.ink, self.cell * 5 / 4, self.start()),
            PartKind::Note(text) => self.text(text, frame, if is_marked { paper.ink } else { self.palette.secondary }, self.cell * 9 / 10, self.start()),
            PartKind::Lines(lines) => self.lines(lines, frame, paper.ink),
            PartKind::Large(text) => self.text(text, frame, paper.ink, self.cell * 4, Fit::Middle),
            PartKind::Tile { hue, picture, label } => {
                let colours = if is_marked { self.palette.pressed } else { self.palette.tile(*hue) };
                self.tile(sign, *picture, label, frame, colours);
            }
            PartKind::Call { picture: Some(picture), number, label, .. } => self.large_call(picture, number, label, frame),
            PartKind::Call { picture: None, number, label, note } => self.call(number, label, note, frame),
            PartKind::Card { picture, name, lines } => self.card(sign, *picture, name, lines, frame),
            PartKind::Button { label, role } => {
                let colours = if is_marked || part.chosen { self.palette.pressed } else { self.palette.button(*role) };
                self.button(part.key, label, *role, part.chosen, frame, colours);
            }
            PartKind::Picture(name) => {
                let side = frame.width.min(frame.height).saturating_sub(self.cell / 2);
                let tile = Frame { x: frame.x + (frame.width - side) / 2, y: frame.y, width: side, height: side };
                self.boxed(tile, paper, self.dots(3));
                self.picture(name, tile.shrunk(side / 8), paper);
            }
            PartKind::Countdown { left, of } => self.countdown(*left, *of, frame),
            PartKind::Walk(marks) => self.walk(marks, frame),
        }
    }

    fn start(&self) -> Fit {
        if self.is_mirrored { Fit::Right } else { Fit::Left }
    }

    /// A rounded box with a frame of so many dots.
    fn boxed(&mut self, frame: Frame, colours: Pair, line: u16) {
        let radius = (frame.height.min(frame.width) / 8).clamp(self.dots(6), self.dots(18));
        let (edge, line) = if self.is_marked { (self.palette.focus, line + self.dots(5)) } else { (self.palette.frame, line) };
        self.canvas.round(frame, radius, edge);
        self.canvas.round(frame.shrunk(line), radius.saturating_sub(line), colours.ground);
    }

    fn tile(&mut self, sign: Option<char>, picture: Option<&'static str>, label: &str, frame: Frame, colours: Pair) {
        let frame = frame.shrunk(self.dots(4));
        self.boxed(frame, colours, self.dots(4));
        let inside = frame.shrunk(self.dots(10));
        let side = self.cell;
        if let Some(sign) = sign {
            let x = if self.is_mirrored { inside.x + inside.width - side } else { inside.x };
            self.text(&sign.to_string(), Frame { x, width: side, height: side, ..inside }, colours.ink, self.cell, Fit::Middle);
        }
        let Some(name) = picture else { return self.text(label, inside, colours.ink, self.cell * 2, Fit::Middle) };
        let (shown, place) = if 3 * inside.width > 8 * inside.height {
            // On a low tile the picture has all of its height, between the digit and the word.
            let (before, taken) = (side, side + inside.height + self.dots(8));
            let x = if self.is_mirrored { inside.x + inside.width - before - inside.height } else { inside.x + before };
            let start = if self.is_mirrored { inside.x } else { inside.x + taken };
            (Frame { x, width: inside.height, ..inside }, Frame { x: start, width: inside.width.saturating_sub(taken), ..inside })
        } else {
            let label_height = inside.height * 2 / 5;
            let side = (inside.height - label_height).min(inside.width / 2);
            let above = Frame { x: inside.x + (inside.width - side) / 2, width: side, height: side, ..inside };
            (above, Frame { y: inside.y + inside.height - label_height, height: label_height, ..inside })
        };
        self.picture(name, shown, colours);
        self.text(label, place, colours.ink, self.cell * 2, Fit::Middle);
    }

    fn card(&mut self, sign: Option<char>, picture: Option<&'static str>, name: &str, lines: &[String], frame: Frame) {
        let white = Pair { ink: self.palette.paper.ink, ground: self.palette.card() };
        let colours = if self.is_marked { self.palette.pressed } else { white };
        let frame = frame.shrunk(self.dots(3));
        self.boxed(frame, colours, self.dots(3));
        let mut inside = frame.shrunk(self.dots(8));
        let take = |width: u16, inside: &mut Frame| {
            let x = if self.is_mirrored { inside.x + inside.width.saturating_sub(width) } else { inside.x };
            let taken = Frame { x, width, ..*inside };
            if !self.is_mirrored {
                inside.x += width;
            }
            inside.width = inside.width.saturating_sub(width);
            taken
        };
        let (digit, shown) =
            (sign.map(|_| take(self.cell * 3 / 2, &mut inside)), picture.map(|_| take(inside.height.min(self.cell * 5 / 2) + self.dots(8), &mut inside)));
        if let (Some(sign), Some(place)) = (sign, digit) {
            let side = place.width.min(place.height) - self.dots(4);
            let circle = Frame { y: place.y + (place.height - side) / 2, width: side, height: side, ..place };
            self.canvas.round(circle, side / 2, self.palette.primary.ground);
            self.text(&sign.to_string(), circle, self.palette.primary.ink, self.cell, Fit::Middle);
        }
        if let (Some(name), Some(place)) = (picture, shown) {
            let side = place.height.min(place.width - self.dots(8));
            self.picture(name, Frame { x: place.x + self.dots(4), y: place.y + (place.height - side) / 2, width: side, height: side }, colours);
        }
        let shares = u16::try_from(lines.len()).unwrap_or(1) + 1;
        let first = inside.height * 5 / (shares * 4 + 1);
        self.text(name, Frame { height: first, ..inside }, colours.ink, if self.grows { self.cell * 3 } else { self.cell * 7 / 4 }, self.start());
        let rest = inside.height - first;
        let each = rest / (shares - 1).max(1);
        for (number, line) in (0..).zip(lines) {
            let place = Frame { y: inside.y + first + number * each, height: each, ..inside };
            self.text(line, place, colours.ink, if self.grows { self.cell * 2 } else { self.cell * 5 / 4 }, self.start());
        }
    }

    /// A number that everybody must find: its picture, the number as large as it fits, what it is for.
    fn large_call(&mut self, picture: &'static str, number: &str, label: &str, frame: Frame) {
        let colours = if self.is_marked { self.palette.pressed } else { self.palette.primary };
        let frame = frame.shrunk(self.dots(4));
        self.boxed(frame, colours, self.dots(4));
        let mut inside = frame.shrunk(self.dots(10));
        let side = inside.height.min(inside.width / 3);
        let x = if self.is_mirrored { inside.x + inside.width - side } else { inside.x };
        self.picture(picture, Frame { x, y: inside.y + (inside.height - side) / 2, width: side, height: side }.shrunk(side / 12), colours);
        inside = Frame { x: if self.is_mirrored { inside.x } else { inside.x + side }, width: inside.width - side, ..inside };
        let (upper, lower) = if label.is_empty() {
            (inside, Frame { height: 0, ..inside })
        } else if inside.width > 3 * inside.height {
            // In a low place the number has all of its height, and what it is for stands beside it.
            let width = inside.width * 2 / 5;
            let (start, beside) = if self.is_mirrored { (inside.width - width, 0) } else { (0, width) };
            (Frame { x: inside.x + start, width, ..inside }, Frame { x: inside.x + beside, width: inside.width - width, ..inside })
        } else {
            let upper = inside.height * 3 / 5;
            (Frame { height: upper, ..inside }, Frame { y: inside.y + upper, height: inside.height - upper, ..inside })
        };
        self.text(number, upper, colours.ink, self.cell * 5, Fit::Middle);
        self.text(label, lower, colours.ink, self.cell * 2, Fit::Middle);
    }

    /// A help-line: the number, a note beside it, what it is for.
    fn call(&mut self, number: &str, label: &str, note: &str, frame: Frame) {
        let white = Pair { ink: self.palette.paper.ink, ground: self.palette.card() };
        let colours = if self.is_marked { self.palette.pressed } else { white };
        let frame = frame.shrunk(self.dots(3));
        self.boxed(frame, colours, self.dots(3));
        let inside = frame.shrunk(self.dots(8));
        let upper = Frame { height: inside.height / 2, ..inside };
        let beside = if note.is_empty() { 0 } else { inside.width * 2 / 5 };
        let (start, end) = if self.is_mirrored { (beside, 0) } else { (0, inside.width - beside) };
        let number_place = Frame { x: inside.x + start, width: inside.width - beside, ..upper };
        self.text(number, number_place, colours.ink, if self.grows { self.cell * 3 } else { self.cell * 2 }, self.start());
        let opposite = if self.is_mirrored { Fit::Left } else { Fit::Right };
        self.text(note, Frame { x: inside.x + end, width: beside, ..upper }, colours.ink, self.cell, opposite);
        let lower = Frame { y: inside.y + upper.height, height: inside.height - upper.height, ..inside };
        self.text(label, lower, colours.ink, if self.grows { self.cell * 2 } else { self.cell * 3 / 2 }, self.start());
    }

    fn button(&mut self, key: Option<Key>, label: &str, role: Role, is_chosen: bool, frame: Frame, colours: Pair) {
        let frame = frame.shrunk(self.dots(3));
        self.boxed(frame, colours, self.dots(if role == Role::Primary { 5 } else { 3 }));
        let mut inside = frame.shrunk(self.dots(6));
        let label = if is_chosen { format!("{label} ✓") } else { label.to_owned() };
        // A key with its picture: whoever does not read knows it again.
        if let Some(name) = key.and_then(|key| icon(key, role, self.is_mirrored)) {
            let side = inside.height.min(inside.width / 3);
            let x = if self.is_mirrored { inside.x + inside.width - side } else { inside.x };
            self.picture(name, Frame { x, y: inside.y + (inside.height - side) / 2, width: side, height: side }.shrunk(side / 8), colours);
            inside = Frame { x: if self.is_mirrored { inside.x } else { inside.x + side }, width: inside.width - side, ..inside };
        }
        let text = match key.and_then(Key::sign) {
            Some(sign) if !label.starts_with(sign) => format!("{sign} {label}"),
            _ => label,
        };
        let most = if role == Role::Digit { inside.height } else { inside.height / 4 };
        self.text(&text, inside, colours.ink, self.cell.max(most), Fit::Middle);
    }

    fn countdown(&mut self, left: u16, of: u16, frame: Frame) {
        let frame = Frame { y: frame.y + frame.height / 4, height: frame.height / 2, ..frame };
        self.boxed(frame, self.palette.paper, self.dots(3));
        let inside = frame.shrunk(self.dots(3));
        let width = u32::from(inside.width) * u32::from(left.min(of)) / u32::from(of.max(1));
        self.canvas.round(Frame { width: u16::try_from(width).unwrap_or(0), ..inside }, 4, self.palette.stop.ground);
    }

    fn walk(&mut self, marks: &[(u16, u8)], frame: Frame) {
        let farthest = marks.iter().map(|(minutes, _)| *minutes).max().unwrap_or(0).max(15);
        let room = frame.width.saturating_sub(4 * self.cell);
        let place = |minutes: u16| {
            let dots = u16::try_from(u32::from(room) * u32::from(minutes) / u32::from(farthest)).unwrap_or(0);
            if self.is_mirrored { frame.x + frame.width - 2 * self.cell - dots } else { frame.x + 2 * self.cell + dots }
        };
        let middle = frame.y + frame.height / 2;
        let places: Vec<(u16, u8, u16)> = marks.iter().map(|(minutes, digit)| (*minutes, *digit, place(*minutes))).collect();
        let scale: Vec<(u16, u16)> = [5, 10, 15].into_iter().map(|minutes| (minutes, place(minutes))).collect();
        let start = place(0);
        self.canvas.round(
            Frame { x: frame.x + 2 * self.cell, y: middle - self.dots(2), width: room, height: self.dots(5) },
            self.dots(2),
            self.palette.secondary,
        );
        let side = self.cell * 3 / 2;
        self.picture("keys/near", Frame { x: start.saturating_sub(side), y: middle.saturating_sub(side / 2), width: side, height: side }, self.palette.paper);
        for (minutes, x) in scale {
            let place = Frame {
                x: x.saturating_sub(self.cell),
                y: middle + self.dots(6),
                width: 2 * self.cell,
                height: (frame.height / 2).saturating_sub(self.dots(6)),
            };
            self.text(&minutes.to_string(), place, self.palette.secondary, self.cell * 3 / 4, Fit::Middle);
        }
        for (_, digit, x) in places {
            let side = (frame.height / 2).min(self.cell);
            let circle = Frame { x: x.saturating_sub(side / 2), y: middle.saturating_sub(side), width: side, height: side };
            self.canvas.round(circle, side / 2, self.palette.primary.ground);
            self.text(&digit.to_string(), circle, self.palette.primary.ink, side, Fit::Middle);
        }
    }

    /// A line that is broken has the room of as many lines as it takes: its letters are as large as the others.
    fn lines(&mut self, lines: &[String], frame: Frame, ink: Colour) {
        let columns = usize::from(2 * frame.width / self.cell.max(1)).max(1);
        let rows = |line: &String| u16::try_from(wrap(line, columns, MAX_ROWS).0.len()).unwrap_or(1);
        let lines: Vec<(&String, u16)> = lines.iter().filter(|line| !line.is_empty()).map(|line| (line, rows(line))).collect();
        let all: u16 = lines.iter().map(|(_, rows)| rows).sum();
        let each = (frame.height / all.max(1)).min(if self.grows { self.cell * 3 } else { self.cell * 2 });
        let most = (if self.grows { self.cell * 2 } else { self.cell * 5 / 4 }).min(each);
        let mut y = frame.y;
        for (line, rows) in lines {
            self.text(line, Frame { y, height: rows * each, ..frame }, ink, most, self.start());
            y += rows * each;
        }
    }

    fn picture(&mut self, name: &str, frame: Frame, colours: Pair) {
        let Some(pictogram) = printer::pictogram::Pictogram::named(name) else { return };
        // A drawing that cannot be drawn leaves its word: a test keeps them whole.
        if let Ok(drawn) = pictogram.screen(frame.width.min(frame.height), colours.ink.0, colours.ground.0) {
            self.canvas.lay(&drawn, frame);
        }
    }

    /// The largest letters that fit, up to a height from line to line.
    fn text(&mut self, text: &str, frame: Frame, ink: Colour, most: u16, fit: Fit) {
        letters::write(self.canvas, text, frame, ink, (self.height / SMALLEST).max(4)..=most, fit);
    }
}

/// The picture of a key.
fn icon(key: Key, role: Role, is_mirrored: bool) -> Option<&'static str> {
    match (key, role) {
        (_, Role::Digit) | (Key::Hash, Role::Primary) => None,
        (Key::Star | Key::Leave, _) => Some(if is_mirrored { "keys/more" } else { "keys/back" }),
        (Key::Hash, _) => Some("keys/listen"),
        (Key::Digit(7), Role::Primary) => Some("keys/print"),
        (Key::Digit(8), _) => Some(if is_mirrored { "keys/back" } else { "keys/more" }),
        (Key::Digit(9) | Key::Done, Role::Stop) => Some("keys/done"),
        (Key::Digit(0), _) => Some("keys/person"),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
