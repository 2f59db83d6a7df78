//! A page in cells: for terminals without graphics, and for tests that read. Pure.
//!
//! No pictures: a picture of twelve by six blocks says nothing. Words, digits, frames and colours do.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};
use ratatui::widgets::{Block, BorderType, Widget};

use crate::layout::Layout;
use crate::page::{Area, Part, PartKind, Role, ScreenPage};
use crate::palette::{Colour, Pair, Palette};
use crate::text::{drawn, width, wrap};

/// What is under a finger, and what is being read aloud: places of parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Marks {
    /// Pressed.
    pub pressed: Option<usize>,
    /// Read aloud.
    pub lit: Option<usize>,
}

/// Paints a page; words that did not find room come back, and are cut on the screen.
pub fn paint(page: &ScreenPage, marks: Marks, buffer: &mut Buffer) -> Vec<String> {
    let palette = Palette::of(page.look);
    let mut painter = Painter { page, palette, buffer, cut: Vec::new() };
    painter.buffer.set_style(painter.buffer.area, style(palette.paper));
    for (place, part) in page.parts.iter().enumerate() {
        let is_marked = marks.pressed == Some(place) || marks.lit == Some(place);
        painter.part(part, is_marked);
    }
    painter.cut
}

/// Rows from which something has a frame: on fewer ones it would take the room of the words.
const FRAMED: u16 = 4;

struct Painter<'a> {
    page: &'a ScreenPage,
    palette: &'static Palette,
    buffer: &'a mut Buffer,
    cut: Vec<String>,
}

impl Painter<'_> {
    fn part(&mut self, part: &Part, is_marked: bool) {
        let paper = if is_marked { self.palette.pressed } else { self.palette.paper };
        let sign = part.key.and_then(crate::page::Key::sign);
        match &part.kind {
            PartKind::Title(text) => self.lines(std::slice::from_ref(text), part.area, style(paper).add_modifier(Modifier::BOLD)),
            PartKind::Note(text) => self.lines(std::slice::from_ref(text), part.area, style(Pair { ink: self.palette.secondary, ..paper })),
            PartKind::Lines(lines) => self.lines(lines, part.area, style(paper)),
            PartKind::Large(text) => self.large(text, part.area, style(paper).add_modifier(Modifier::BOLD)),
            PartKind::Tile { hue, label, .. } => {
                let colours = if is_marked { self.palette.pressed } else { self.palette.tile(*hue) };
                self.frame(part.area, colours);
                self.sign(sign, part.area, colours);
                self.large(label, below_sign(label, inner(part.area)), style(colours).add_modifier(Modifier::BOLD));
            }
            PartKind::Call { picture, number, label, note } => self.call(picture.is_some(), [number, label, note], part.area, paper),
            PartKind::Card { name, lines, .. } => self.card(name, lines, sign, part.area, paper),
            PartKind::Button { label, role } => self.button(label, *role, sign, part, is_marked),
            PartKind::Picture(_) => {}
            PartKind::Countdown { left, of } => self.countdown(*left, *of, part.area),
            PartKind::Walk(marks) => self.walk(marks, part.area),
        }
    }

    fn frame(&mut self, area: Area, colours: Pair) {
        let is_low = area.height < FRAMED;
        let area = rect(area);
        if is_low {
            self.buffer.set_style(area, style(colours));
            return;
        }
        let frame = Style::new().fg(colour(self.palette.frame)).bg(colour(colours.ground));
        Block::bordered().border_type(BorderType::Rounded).border_style(frame).style(style(colours)).render(area, self.buffer);
    }

    fn sign(&mut self, sign: Option<char>, area: Area, colours: Pair) {
        let Some(sign) = sign else { return };
        let is_low = area.height < FRAMED;
        let x = if self.is_mirrored() { area.x + area.width - 2 } else { area.x + 1 };
        self.buffer.set_string(x, area.y + u16::from(!is_low), sign.to_string(), style(colours).add_modifier(Modifier::BOLD));
    }

    /// A block with its digit, and facts beside it: a frame would take the room of two facts.
    fn card(&mut self, name: &str, lines: &[String], sign: Option<char>, area: Area, colours: Pair) {
        self.buffer.set_style(rect(area), style(colours));
        let block = if sign.is_some() { 3.min(area.width) } else { 0 };
        let x = if self.is_mirrored() { area.x + area.width - block } else { area.x };
        let rows = area.height.saturating_sub(u16::from(area.height > 3));
        let filled = Pair { ink: self.palette.paper.ground, ground: self.palette.secondary };
        self.buffer.set_style(Rect { x, y: area.y, width: block, height: rows }, style(filled));
        if let Some(sign) = sign {
            self.buffer.set_string(x + 1, area.y, sign.to_string(), style(filled).add_modifier(Modifier::BOLD));
        }
        let x = if self.is_mirrored() { area.x } else { area.x + block + 1 };
        let text = Area { x, width: area.width.saturating_sub(block + 1), height: rows, ..area };
        // Where a card is low its facts share a line.
        let room = usize::from(rows).saturating_sub(1);
        let facts: Vec<String> = if lines.len() > room { vec![lines.join(" · ")] } else { lines.to_vec() };
        let name_rows = usize::from(rows).saturating_sub(facts.len()).max(1);
        let (shown, is_cut) = wrap(name, usize::from(text.width), name_rows);
        if is_cut {
            self.cut.push(name.to_owned());
        }
        let used = u16::try_from(shown.len()).unwrap_or(1);
        for (row, line) in (0..).zip(&shown) {
            self.put(line, Area { y: text.y + row, height: 1, ..text }, style(colours).add_modifier(Modifier::BOLD), false);
        }
        self.lines(&facts, Area { y: text.y + used, height: text.height.saturating_sub(used), ..text }, style(colours));
    }

    /// A number in bold with a note beside it, and what it is for under it; one that everybody must find in a frame.
    fn call(&mut self, is_large: bool, [number, label, note]: [&str; 3], area: Area, colours: Pair) {
        let inside = if is_large && area.height >= FRAMED {
            self.frame(area, colours);
            inner(area)
        } else {
            Area { x: area.x + 1, width: area.width.saturating_sub(2), ..area }
        };
        let (upper, lower) = Layout::split(inside, 1);
        let bold = style(colours).add_modifier(Modifier::BOLD);
        if is_large && area.height < 3 {
            // Beside the number what it is for has all rows.
            let taken = u16::try_from(width(number) + 1).unwrap_or(inside.width).min(inside.width);
            let left = inside.width - taken;
            let (start, beside) = if self.is_mirrored() { (left, 0) } else { (0, taken) };
            self.large(number, Area { x: inside.x + start, width: taken, ..inside }, bold);
            self.large(label, Area { x: inside.x + beside, width: left, ..inside }, style(colours));
            return;
        }
        if is_large {
            self.large(number, upper, bold);
            self.large(label, lower, style(colours));
            return;
        }
        self.put(number, upper, bold, false);
        let beside = u16::try_from(width(note)).unwrap_or(upper.width).min(upper.width);
        let x = if self.is_mirrored() { upper.x } else { upper.x + upper.width - beside };
        self.put(note, Area { x, width: beside, ..upper }, style(Pair { ink: self.palette.secondary, ..colours }), false);
        self.lines(&[label.to_owned()], lower, style(colours));
    }

    /// A filled block: its word has all of it.
    fn button(&mut self, label: &str, role: Role, sign: Option<char>, part: &Part, is_marked: bool) {
        let plain = Pair { ink: self.palette.paper.ground, ground: self.palette.secondary };
        let colours = if is_marked || part.chosen {
            self.palette.pressed
        } else if matches!(role, Role::Plain | Role::Digit) {
            plain
        } else {
            self.palette.button(role)
        };
        self.buffer.set_style(rect(part.area), style(colours));
        let chosen = if part.chosen { " ✓" } else { "" };
        // Some labels begin with their key already.
        let text = match sign {
            Some(sign) if !label.starts_with(sign) => format!("{sign} {label}{chosen}"),
            _ => format!("{label}{chosen}"),
        };
        self.large(&text, part.area, style(colours).add_modifier(Modifier::BOLD));
    }

    fn countdown(&mut self, left: u16, of: u16, area: Area) {
        let full = usize::from(area.width * left.min(of) / of.max(1));
        let bar = format!("{}{}", "▓".repeat(full), "░".repeat(usize::from(area.width) - full));
        self.buffer.set_string(area.x, area.y, bar, style(self.palette.paper));
    }

    fn walk(&mut self, marks: &[(u16, u8)], area: Area) {
        let farthest = marks.iter().map(|(minutes, _)| *minutes).max().unwrap_or(0).max(15);
        let width = area.width.saturating_sub(8);
        let place = |minutes: u16| {
            let x = 1 + u32::from(width) * u32::from(minutes) / u32::from(farthest);
            u16::try_from(x).unwrap_or(0)
        };
        let ink = style(self.palette.paper);
        self.buffer.set_string(area.x + 1, area.y, "─".repeat(usize::from(width) + 1), ink);
        for minutes in [5, 10, 15] {
            self.buffer.set_string(area.x + place(minutes), area.y, if minutes == 15 { "15 min".to_owned() } else { minutes.to_string() }, ink);
        }
        let y = area.y + area.height.saturating_sub(1);
        for (minutes, digit) in marks {
            self.buffer.set_string(area.x + place(*minutes), y, digit.to_string(), ink.add_modifier(Modifier::BOLD));
        }
    }

    fn lines(&mut self, lines: &[String], area: Area, style: Style) {
        let mut y = area.y;
        for line in lines.iter().filter(|line| !line.is_empty()) {
            let left = usize::from((area.y + area.height).saturating_sub(y));
            if left == 0 {
                self.cut.push(line.clone());
                continue;
            }
            let (shown, is_cut) = wrap(line, usize::from(area.width), left);
            if is_cut {
                self.cut.push(line.clone());
            }
            for line in shown {
                self.put(&line, Area { y, height: 1, ..area }, style, false);
                y += 1;
            }
        }
    }

    /// In the middle of an area, on as many lines as it takes.
    fn large(&mut self, text: &str, area: Area, style: Style) {
        let (shown, is_cut) = wrap(text, usize::from(area.width), usize::from(area.height).max(1));
        if is_cut {
            self.cut.push(text.to_owned());
        }
        let rows = u16::try_from(shown.len()).unwrap_or(1);
        let y = area.y + area.height.saturating_sub(rows) / 2;
        for (row, line) in (0..).zip(shown) {
            self.put(&line, Area { y: y + row, height: 1, ..area }, style, true);
        }
    }

    fn put(&mut self, text: &str, area: Area, style: Style, is_centred: bool) {
        let free = area.width.saturating_sub(u16::try_from(width(text)).unwrap_or(u16::MAX));
        let shift = match (is_centred, self.is_mirrored()) {
            (true, _) => free / 2,
            (false, true) => free,
            (false, false) => 0,
        };
        self.buffer.set_string(area.x + shift, area.y, drawn(text), style);
    }

    fn is_mirrored(&self) -> bool {
        self.page.language.is_right_to_left()
    }
}

/// Where a label stands clear of the digit above it, as far as there is room.
fn below_sign(label: &str, inside: Area) -> Area {
    let rows = |area: Area| wrap(label, usize::from(area.width), usize::from(area.height).max(1));
    let below = Area { y: inside.y + 1, height: inside.height.saturating_sub(1), ..inside };
    let touches = rows(inside).0.len() + 1 >= usize::from(inside.height);
    if touches && below.height > 0 && !rows(below).1 { below } else { inside }
}

fn inner(area: Area) -> Area {
    if area.height < FRAMED {
        return Area { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
    }
    Area { x: area.x + 1, y: area.y + 1, width: area.width.saturating_sub(2), height: area.height - 2 }
}

fn rect(area: Area) -> Rect {
    Rect { x: area.x, y: area.y, width: area.width, height: area.height }
}

fn colour(Colour([red, green, blue]): Colour) -> Color {
    Color::Rgb(red, green, blue)
}

fn style(pair: Pair) -> Style {
    Style::new().fg(colour(pair.ink)).bg(colour(pair.ground))
}
