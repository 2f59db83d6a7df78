//! Obeys the bytes of a slip, as a printer would.

use qrcode::{EcLevel, QrCode};

use super::font;
use crate::bitmap::Bitmap;
use crate::escpos::drawn_code;
use crate::profile::Profile;

/// Dots that an empty line feeds.
const FEED: u16 = 30;

/// Why bytes are no slip.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum PreviewError {
    /// No command of ours.
    #[error("byte {at}: a command that no slip has: {bytes:02x?}")]
    Unknown {
        /// Where.
        at: usize,
        /// Its first bytes.
        bytes: Vec<u8>,
    },
    /// The bytes end within a command.
    #[error("byte {0}: the command is cut short")]
    Short(usize),
    /// A letter that the code page does not have.
    #[error("byte {at}: {byte:#04x} is no letter of {page}")]
    Letter {
        /// Where.
        at: usize,
        /// Which.
        byte: u8,
        /// The page.
        page: &'static str,
    },
    /// A line that goes on behind the edge of the paper.
    #[error("byte {0}: the line is longer than the paper is wide")]
    Wide(usize),
    /// What a scannable code cannot hold.
    #[error("byte {0}: no scannable code holds that")]
    Code(usize),
}

/// A piece of paper, up to where it was cut.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PreviewSheet {
    /// The letters of each line; nothing for pictures.
    pub lines: Vec<String>,
    /// What a scanner reads in its codes.
    pub codes: Vec<String>,
    /// How many pictures were printed.
    pub pictures: usize,
    /// All of it.
    pub dots: Bitmap,
    /// It was cut off; else the bytes ended before.
    pub is_cut: bool,
}

impl PreviewSheet {
    /// The letters.
    pub fn text(&self) -> String {
        let mut text = self.lines.join("\n");
        text.push('\n');
        text
    }
}

/// Prints bytes on paper in memory.
pub fn read(bytes: &[u8], profile: &Profile) -> Result<Vec<PreviewSheet>, PreviewError> {
    let mut printer = Printer {
        profile,
        bytes,
        at: 0,
        done: Vec::new(),
        sheet: blank(profile),
        line: Vec::new(),
        wide: 1,
        high: 1,
        is_at_right: false,
        scale: 4,
        code: String::new(),
        was_picture: false,
    };
    while printer.at < bytes.len() {
        printer.step()?;
    }
    printer.end_line(false);
    if !printer.sheet.lines.is_empty() || printer.sheet.pictures > 0 {
        printer.done.push(printer.sheet);
    }
    Ok(printer.done)
}

fn blank(profile: &Profile) -> PreviewSheet {
    PreviewSheet { dots: Bitmap::new(profile.dots, 0), ..PreviewSheet::default() }
}

struct Printer<'a> {
    profile: &'a Profile,
    bytes: &'a [u8],
    at: usize,
    done: Vec<PreviewSheet>,
    sheet: PreviewSheet,
    /// Letters of the open line, each with how often it is widened and heightened.
    line: Vec<(char, u16, u16)>,
    wide: u16,
    high: u16,
    is_at_right: bool,
    /// Dots of a module of a scannable code.
    scale: u16,
    code: String,
    was_picture: bool,
}

impl Printer<'_> {
    fn step(&mut self) -> Result<(), PreviewError> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let taken = match rest {
            [0x00, ..] => 1,
            [b'\n', ..] => {
                self.end_line(true);
                1
            }
            [0x1b, b'@', ..] => {
                (self.wide, self.high, self.is_at_right) = (1, 1, false);
                2
            }
            [0x1c, b'.', ..] => 2,
            [0x1b, b't', number, ..] if *number == self.profile.page_number => 3,
            [0x1b, b'a', side @ (0 | 2 | b'0' | b'2'), ..] => {
                self.is_at_right = side & 2 != 0;
                3
            }
            [0x1d, b'!', size, ..] => {
                (self.wide, self.high) = (u16::from(size >> 4) + 1, u16::from(size & 7) + 1);
                3
            }
            [0x1b, b'd', lines, ..] => {
                self.end_line(false);
                self.feed(u16::from(*lines) * FEED);
                3
            }
            [0x1d, b'V', b'A' | b'B', _, ..] => {
                self.cut();
                4
            }
            [0x1d, b'V', 0 | 1 | b'0' | b'1', ..] => {
                self.cut();
                3
            }
            [0x1d, b'r', 1, ..] | [0x10, 0x04, 1..=4, ..] => 3,
            [0x1d, b'v', b'0', 0, width_low, width_high, rows_low, rows_high, ..] => {
                let width = u16::from_le_bytes([*width_low, *width_high]);
                let rows = u16::from_le_bytes([*rows_low, *rows_high]);
                let size = usize::from(width) * usize::from(rows);
                let dots = rest.get(8..8 + size).ok_or(PreviewError::Short(self.at))?;
                self.picture(&unpacked(width, rows, dots))?;
                8 + size
            }
            [0x1d, b'(', b'k', low, high, ..] => {
                let size = usize::from(u16::from_le_bytes([*low, *high]));
                let body = rest.get(5..5 + size).ok_or(PreviewError::Short(self.at))?;
                self.scannable(body)?;
                5 + size
            }
            [byte, ..] if *byte >= b' ' && *byte != 0x7f => {
                self.letter(*byte)?;
                1
            }
            _ => return Err(PreviewError::Unknown { at: self.at, bytes: rest.iter().take(8).copied().collect() }),
        };
        self.at += taken;
        Ok(())
    }

    fn letter(&mut self, byte: u8) -> Result<(), PreviewError> {
        let page = self.profile.page;
        let letter = if byte < 128 { Some(char::from(byte)) } else { page.letter(byte) };
        let letter = letter.ok_or(PreviewError::Letter { at: self.at, byte, page: page.name() })?;
        self.line.push((letter, self.wide, self.high));
        if self.line_width() > self.profile.dots { Err(PreviewError::Wide(self.at)) } else { Ok(()) }
    }

    fn line_width(&self) -> u16 {
        self.line.iter().map(|(_, wide, _)| wide * font::WIDTH).sum()
    }

    /// Prints the open line; with nothing in it, feeds one.
    fn end_line(&mut self, feeds: bool) {
        if self.line.is_empty() {
            if feeds {
                self.sheet.lines.push(String::new());
                self.feed(FEED);
            }
            return;
        }
        let line = std::mem::take(&mut self.line);
        self.sheet.lines.push(line.iter().map(|(letter, ..)| letter).collect());
        let high = line.iter().map(|(.., high)| high * font::HEIGHT).max().unwrap_or_default();
        let width: u16 = line.iter().map(|(_, wide, _)| wide * font::WIDTH).sum();
        let top = self.sheet.dots.height();
        self.feed(FEED.max(high));
        let mut left = if self.is_at_right { self.profile.dots.saturating_sub(width) } else { 0 };
        for (letter, wide, tall) in line {
            // Letters of one line stand on one ground.
            self.draw(letter, left, top + high - tall * font::HEIGHT, wide, tall);
            left += wide * font::WIDTH;
        }
    }

    fn draw(&mut self, letter: char, left: u16, top: u16, wide: u16, tall: u16) {
        let Some(rows) = font::rows(letter) else { return };
        for (down, row) in (0..).zip(rows) {
            for right in (0..font::WIDTH).filter(|right| row & (0x8000 >> right) != 0) {
                for x in 0..wide {
                    for y in 0..tall {
                        self.sheet.dots.set(left + right * wide + x, top + down * tall + y);
                    }
                }
            }
        }
    }

    fn picture(&mut self, picture: &Bitmap) -> Result<(), PreviewError> {
        // Strips are as wide as whole bytes: the last few dots may stand behind the edge, and are white.
        if picture.width() > self.profile.dots.next_multiple_of(8) {
            return Err(PreviewError::Wide(self.at));
        }
        self.end_line(false);
        let top = self.sheet.dots.height();
        // Strips that follow each other are one picture.
        self.sheet.pictures += usize::from(!self.was_picture);
        self.feed(picture.height());
        self.was_picture = true;
        let left = if self.is_at_right { self.profile.dots.saturating_sub(picture.width()) } else { 0 };
        self.sheet.dots.put(picture, left, top);
        Ok(())
    }

    /// A scannable code: its size, its level, its text, the order to print it.
    fn scannable(&mut self, body: &[u8]) -> Result<(), PreviewError> {
        match body {
            [49, 65, _, _] | [49, 69, _] => {}
            [49, 67, scale] => self.scale = u16::from(*scale),
            [49, 80, 48, data @ ..] => self.code = String::from_utf8(data.to_vec()).map_err(|_not_text| PreviewError::Code(self.at))?,
            [49, 81, 48] => {
                let code = QrCode::with_error_correction_level(&self.code, EcLevel::M).map_err(|_too_long| PreviewError::Code(self.at))?;
                self.picture(&drawn_code(&code, self.scale))?;
                self.sheet.codes.push(std::mem::take(&mut self.code));
            }
            _ => return Err(PreviewError::Unknown { at: self.at, bytes: body.iter().take(8).copied().collect() }),
        }
        Ok(())
    }

    fn feed(&mut self, dots: u16) {
        self.was_picture = false;
        self.sheet.dots.grow(self.sheet.dots.height().saturating_add(dots));
    }

    fn cut(&mut self) {
        self.end_line(false);
        let mut sheet = std::mem::replace(&mut self.sheet, blank(self.profile));
        sheet.is_cut = true;
        self.done.push(sheet);
    }
}

fn unpacked(row_bytes: u16, rows: u16, dots: &[u8]) -> Bitmap {
    let mut bitmap = Bitmap::new(row_bytes * 8, rows);
    for (y, row) in (0..rows).zip(dots.chunks(usize::from(row_bytes.max(1)))) {
        for x in 0..row_bytes * 8 {
            if row.get(usize::from(x / 8)).is_some_and(|byte| byte & (0x80 >> (x % 8)) != 0) {
                bitmap.set(x, y);
            }
        }
    }
    bitmap
}
