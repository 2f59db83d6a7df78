//! What a screen shows, before any painter: parts on a grid of cells, in the order in which they are read aloud.

use printer::slip_language::SlipLanguage;
use zeroize::Zeroize;

/// A key of the number pad. Whatever can be touched presses one, so that fingers and keys are one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Key {
    /// `0` to `9`: `1`-`6` choose, `7` does what the page is for, `8` more, `9` finished, `0` a person.
    Digit(u8),
    /// `*`: back.
    Star,
    /// `#`: read aloud, again.
    Hash,
    /// Larger letters; no number pad has it.
    Large,
    /// Other colours; no number pad has it.
    Contrast,
    /// The next step of the voice's volume; no number pad has it.
    Volume,
    /// `+` of a number pad: a louder voice for whoever listens, larger letters for others.
    Plus,
    /// Ends the visit where `9` is a digit; no number pad has it.
    Done,
    /// Back where `*` takes a digit away; no number pad has it.
    Leave,
    /// `-` of a number pad: a softer voice for whoever listens, other colours for others.
    Minus,
    /// One of the days of the agenda, from 0; the number pad goes on to the next day with `7`.
    Day(u8),
}

impl Key {
    /// The key of a character that a number pad or a keyboard types.
    pub fn typed(character: char) -> Option<Self> {
        match character {
            '*' | '\u{8}' => Some(Self::Star),
            '#' | '/' => Some(Self::Hash),
            '+' => Some(Self::Plus),
            '-' => Some(Self::Minus),
            digit => digit.to_digit(10).and_then(|digit| u8::try_from(digit).ok()).map(Self::Digit),
        }
    }

    /// As it is written on the key; nothing for what no number pad has.
    pub fn sign(self) -> Option<char> {
        match self {
            Self::Digit(digit) => char::from_digit(u32::from(digit), 10),
            Self::Star => Some('*'),
            Self::Hash => Some('#'),
            Self::Large | Self::Contrast | Self::Volume | Self::Plus | Self::Minus | Self::Done | Self::Leave | Self::Day(_) => None,
        }
    }
}

/// Cells of a screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grid {
    /// From left to right.
    pub columns: u16,
    /// From top to bottom.
    pub rows: u16,
}

/// A rectangle of cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Area {
    /// Cells to the left of it.
    pub x: u16,
    /// Cells above it.
    pub y: u16,
    /// Its width.
    pub width: u16,
    /// Its height.
    pub height: u16,
}

impl Area {
    /// A rectangle.
    pub fn new(x: u16, y: u16, width: u16, height: u16) -> Self {
        Self { x, y, width, height }
    }

    /// True for a cell of it.
    pub fn holds(self, column: u16, row: u16) -> bool {
        (self.x..self.x + self.width).contains(&column) && (self.y..self.y + self.height).contains(&row)
    }

    /// The same rectangle seen in a mirror, on a screen of so many columns.
    #[must_use]
    pub fn mirrored(self, columns: u16) -> Self {
        Self { x: columns.saturating_sub(self.x + self.width), ..self }
    }
}

/// How a visitor wants it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Look {
    /// White and yellow on black.
    pub high_contrast: bool,
    /// Less at a time, in larger letters.
    pub large: bool,
}

/// What a button is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Any.
    Plain,
    /// What the page is for.
    Primary,
    /// Ends the visit.
    Stop,
    /// A digit to type: it is said when it is pressed, not with the page.
    Digit,
}

/// What a part shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PartKind {
    /// What the page is about.
    Title(String),
    /// A second line under the title, or anywhere a short remark.
    Note(String),
    /// A picture with its word.
    Tile {
        /// One of the six colours, from 1.
        hue: u8,
        /// The drawing's name.
        picture: Option<&'static str>,
        /// Its word.
        label: String,
    },
    /// An entry of a list.
    Card {
        /// The drawing's name.
        picture: Option<&'static str>,
        /// Its name.
        name: String,
        /// One fact a line.
        lines: Vec<String>,
    },
    /// A word to touch.
    Button {
        /// The word.
        label: String,
        /// What it is for.
        role: Role,
    },
    /// Sentences, a line each.
    Lines(Vec<String>),
    /// A number to call, and what it is for.
    Call {
        /// The drawing's name, for the numbers that everybody must find.
        picture: Option<&'static str>,
        /// The number.
        number: String,
        /// What it is for.
        label: String,
        /// In which other language, or that nobody answers now.
        note: String,
    },
    /// One thing in letters as large as fit: a number, a greeting.
    Large(String),
    /// A picture by itself.
    Picture(&'static str),
    /// Time that runs out: so much is left of so much.
    Countdown {
        /// What is left.
        left: u16,
        /// Of how much.
        of: u16,
    },
    /// A line to walk along: minutes and the digit of what is there.
    Walk(Vec<(u16, u8)>),
}

/// A part of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Where it is.
    pub area: Area,
    /// What it shows.
    pub kind: PartKind,
    /// The key that touching it presses.
    pub key: Option<Key>,
    /// Switched on, or already taken.
    pub chosen: bool,
    /// The language of its words, where it is not the page's.
    pub language: Option<SlipLanguage>,
}

/// A line to read aloud.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpokenLine {
    /// The place of its part on the page; nothing for what is not shown.
    pub part: Option<usize>,
    /// The key that chooses it, said first.
    pub key: Option<Key>,
    /// Its words.
    pub words: String,
    /// Their language.
    pub language: SlipLanguage,
}

/// A whole screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScreenPage {
    /// Its name in tests and snapshots.
    pub name: &'static str,
    /// The language that it is in.
    pub language: SlipLanguage,
    /// Its cells.
    pub grid: Grid,
    /// How it looks.
    pub look: Look,
    /// What stands on it, in the order in which it is read aloud.
    pub parts: Vec<Part>,
}

impl ScreenPage {
    /// The key under a finger.
    pub fn key_at(&self, column: u16, row: u16) -> Option<Key> {
        self.parts.iter().find(|part| part.key.is_some() && part.area.holds(column, row)).and_then(|part| part.key)
    }

    /// True where the page has that key.
    pub fn offers(&self, key: Key) -> bool {
        self.parts.iter().any(|part| part.key == Some(key))
    }

    /// What is read aloud: the words that are shown, in the same order (EN 301 549, 5.1.3.3).
    pub fn spoken(&self) -> Vec<SpokenLine> {
        let line = |(place, part): (usize, &Part)| {
            let key = part.key.filter(|key| key.sign().is_some());
            let words = part.words();
            // Some words stand behind their key on the screen, too.
            let bare = key.and_then(Key::sign).and_then(|sign| words.strip_prefix(sign)?.strip_prefix(' ')).map(ToOwned::to_owned);
            let words = bare.unwrap_or(words);
            (!words.is_empty()).then_some(SpokenLine { part: Some(place), key, words, language: part.language.unwrap_or(self.language) })
        };
        self.parts.iter().enumerate().filter_map(line).collect()
    }

    /// Overwrites its words.
    pub fn wipe(&mut self) {
        self.parts.iter_mut().for_each(Part::wipe);
    }

    /// From right to left, if its language runs so.
    #[must_use]
    pub(crate) fn in_its_direction(mut self) -> Self {
        if self.language.is_right_to_left() {
            let columns = self.grid.columns;
            for part in &mut self.parts {
                part.area = part.area.mirrored(columns);
            }
        }
        self
    }
}

impl Part {
    /// Overwrites its words.
    pub(crate) fn wipe(&mut self) {
        match &mut self.kind {
            PartKind::Title(text) | PartKind::Note(text) | PartKind::Large(text) => text.zeroize(),
            PartKind::Tile { label, .. } | PartKind::Button { label, .. } => label.zeroize(),
            PartKind::Call { number, label, note, .. } => [number, label, note].into_iter().for_each(Zeroize::zeroize),
            PartKind::Card { name, lines, .. } => {
                name.zeroize();
                lines.iter_mut().for_each(Zeroize::zeroize);
            }
            PartKind::Lines(lines) => lines.iter_mut().for_each(Zeroize::zeroize),
            PartKind::Picture(_) | PartKind::Countdown { .. } | PartKind::Walk(_) => {}
        }
    }

    /// Its words.
    fn words(&self) -> String {
        match &self.kind {
            PartKind::Title(text) | PartKind::Note(text) | PartKind::Large(text) => text.clone(),
            PartKind::Picture(_) | PartKind::Countdown { .. } | PartKind::Walk(_) | PartKind::Button { role: Role::Digit, .. } => String::new(),
            PartKind::Tile { label, .. } | PartKind::Button { label, .. } => label.clone(),
            // What for, then the number: as on the telephone.
            PartKind::Call { number, label, note, .. } => {
                [label, number, note].into_iter().filter(|words| !words.is_empty()).cloned().collect::<Vec<_>>().join(". ")
            }
            PartKind::Card { name, lines, .. } => std::iter::once(name).chain(lines).cloned().collect::<Vec<_>>().join(". "),
            PartKind::Lines(lines) => lines.join(". "),
        }
    }
}
