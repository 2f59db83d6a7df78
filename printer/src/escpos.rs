//! Lines as bytes for one kind of printer (Epson's ESC/POS).
//!
//! The `escpos` crate frames sizes, cuts and scannable codes on a driver in memory. Letters are encoded by us: its
//! own table for PC858 prints Ô as Ò, and it sends a letter that the page lacks as raw UTF-8. Pictures are ours
//! too, because it would bring every picture format there is.

mod trial;

use std::sync::{Arc, Mutex, PoisonError};

use escpos::driver::Driver;
use escpos::errors::{PrinterError, Result as Made};
use escpos::printer::Printer;
use escpos::utils::{JustifyMode, Protocol, QRCodeCorrectionLevel, QRCodeModel, QRCodeOption};
use qrcode::{Color, EcLevel, QrCode};

pub use self::trial::trial;
use crate::bitmap::Bitmap;
use crate::pictogram::PictogramError;
use crate::profile::{Cutter, Profile};
use crate::raster;
use crate::slip::{Size, Slip, SlipLine};

/// Letters are drawn in a line of this many dots.
const LINE: u16 = 30;

/// Rows of a picture in one command: what a printer waits for when a cable is pulled in the middle of it.
const ROWS: u16 = 24;

/// A scannable code is at least this wide: 25 mm on paper.
const CODE_DOTS: u16 = 200;

/// Why a slip has no bytes.
#[derive(Debug, thiserror::Error)]
pub enum BytesError {
    /// A command could not be framed.
    #[error("the slip cannot be framed: {0}")]
    Frame(#[from] PrinterError),
    /// A pictogram could not be drawn.
    #[error(transparent)]
    Pictogram(#[from] PictogramError),
    /// More than a scannable code holds.
    #[error("a scannable code does not hold so much: {0}")]
    Code(#[from] qrcode::types::QrError),
}

/// A slip in bytes, a command or a line after the other: between two of them a printer may be asked how it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stream {
    /// What is printed, whole commands each.
    pub body: Vec<Vec<u8>>,
    /// What feeds and cuts.
    pub end: Vec<u8>,
    /// What makes a printer forget half a slip: ends the command it may be in, says so on the paper, and cuts.
    pub rescue: Vec<u8>,
}

impl Stream {
    /// All bytes of a fresh slip.
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = self.body.concat();
        bytes.extend_from_slice(&self.end);
        bytes
    }
}

/// Makes the bytes of a slip.
pub fn encode(slip: &Slip, profile: &Profile) -> Result<Stream, BytesError> {
    let mut writer = Writer::new(profile);
    writer.begin()?;
    for line in &slip.lines {
        writer.line(line)?;
    }
    let body = writer.take()?;
    let mut ending = Writer::new(profile);
    ending.cut()?;
    let mut notice = Writer::new(profile);
    notice.begin()?;
    for line in &slip.notice {
        notice.line(line)?;
    }
    notice.cut()?;
    let notice = notice.take()?;
    let mut rescue = vec![0; longest(&body).max(longest(&notice))];
    rescue.extend(notice.concat());
    Ok(Stream { body, end: ending.take()?.concat(), rescue })
}

/// A command that was cut short swallows what follows until it has all its bytes. Zeros fill it and print nothing:
/// as many as the longest command has.
fn longest(body: &[Vec<u8>]) -> usize {
    body.iter().map(Vec::len).max().unwrap_or_default()
}

/// What the crate writes to.
#[derive(Debug, Clone, Default)]
struct Memory(Arc<Mutex<Vec<Vec<u8>>>>);

impl Driver for Memory {
    fn name(&self) -> String {
        "memory".to_owned()
    }

    fn write(&self, data: &[u8]) -> Made<()> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(data.to_vec());
        Ok(())
    }

    fn read(&self, _buffer: &mut [u8]) -> Made<usize> {
        Ok(0)
    }

    fn flush(&self) -> Made<()> {
        Ok(())
    }
}

struct Writer<'a> {
    profile: &'a Profile,
    memory: Memory,
    printer: Printer<Memory>,
    size: Size,
    is_at_right: bool,
}

impl<'a> Writer<'a> {
    fn new(profile: &'a Profile) -> Self {
        let memory = Memory::default();
        let printer = Printer::new(memory.clone(), Protocol::default(), None);
        Self { profile, memory, printer, size: Size::Normal, is_at_right: false }
    }

    /// From a known state: the crate's own page code would set its own encoder, so the number is sent as it is.
    fn begin(&mut self) -> Result<(), BytesError> {
        self.printer.init()?;
        // Chinese printers start with two bytes a letter.
        self.printer.custom(&[0x1c, b'.'])?;
        self.printer.custom(&[0x1b, b't', self.profile.page_number])?;
        Ok(())
    }

    fn line(&mut self, line: &SlipLine) -> Result<(), BytesError> {
        match line {
            SlipLine::Text { text, size, at_right } => {
                self.align(*at_right)?;
                match self.profile.page.encode(text) {
                    Some(mut bytes) => {
                        self.set(*size)?;
                        bytes.push(b'\n');
                        self.printer.custom(&bytes)?;
                    }
                    None => self.picture(&raster::line(text, height(*size), self.profile.dots))?,
                }
            }
            SlipLine::Picture { theme, label, at_right } => {
                self.align(*at_right)?;
                let size = (self.profile.dots / 4).clamp(64, 120) / 8 * 8;
                self.picture(&raster::band(*theme, label, size, self.profile.dots, *at_right)?)?;
            }
            SlipLine::Code(data) => self.code(data)?,
        }
        Ok(())
    }

    fn align(&mut self, at_right: bool) -> Result<(), BytesError> {
        if self.is_at_right != at_right {
            self.printer.justify(if at_right { JustifyMode::RIGHT } else { JustifyMode::LEFT })?;
            self.is_at_right = at_right;
        }
        Ok(())
    }

    fn set(&mut self, size: Size) -> Result<(), BytesError> {
        if self.size != size {
            let (wide, high) = match size {
                Size::Normal => (1, 1),
                Size::Tall => (1, 2),
                Size::Double => (2, 2),
            };
            self.printer.size(wide, high)?;
            self.size = size;
        }
        Ok(())
    }

    /// A picture in strips (`GS v 0`).
    fn picture(&mut self, bitmap: &Bitmap) -> Result<(), BytesError> {
        let row_bytes = bitmap.row_bytes();
        let Ok(columns) = u16::try_from(row_bytes) else { return Ok(()) };
        for strip in bitmap.bytes().chunks(row_bytes.max(1) * usize::from(ROWS)) {
            let rows = u16::try_from(strip.len() / row_bytes.max(1)).unwrap_or(ROWS);
            let mut command = vec![0x1d, b'v', b'0', 0];
            command.extend_from_slice(&columns.to_le_bytes());
            command.extend_from_slice(&rows.to_le_bytes());
            command.extend_from_slice(strip);
            without_orders(&mut command, 8);
            self.printer.custom(&command)?;
        }
        Ok(())
    }

    /// A code to scan, at level M, as wide as a phone's camera likes.
    fn code(&mut self, data: &str) -> Result<(), BytesError> {
        self.align(false)?;
        let code = QrCode::with_error_correction_level(data, EcLevel::M)?;
        let modules = u16::try_from(code.width()).unwrap_or(177);
        let scale = (CODE_DOTS / modules).max(2).min((self.profile.dots / (modules + 8)).max(1)).min(15);
        if self.profile.scannable {
            let scale = u8::try_from(scale).unwrap_or(4);
            self.printer.qrcode_option(data, QRCodeOption::new(QRCodeModel::Model2, scale, QRCodeCorrectionLevel::M))?;
            return Ok(());
        }
        self.picture(&drawn_code(&code, scale))
    }

    /// Out of the printer, and off.
    fn cut(&mut self) -> Result<(), BytesError> {
        self.set(Size::Normal)?;
        self.align(false)?;
        self.printer.feeds(self.profile.feed)?;
        match self.profile.cutter {
            Cutter::None => {}
            // The crate's partial cut is a whole one (`GS V 65`).
            Cutter::Partial => drop(self.printer.custom(&[0x1d, b'V', 66, 0])?),
            Cutter::Full => drop(self.printer.cut()?),
        }
        Ok(())
    }

    fn take(mut self) -> Result<Vec<Vec<u8>>, BytesError> {
        self.printer.print()?;
        Ok(std::mem::take(&mut *self.memory.0.lock().unwrap_or_else(PoisonError::into_inner)))
    }
}

/// Dots from line to line.
fn height(size: Size) -> u16 {
    match size {
        Size::Normal => LINE,
        Size::Tall => LINE * 3 / 2,
        Size::Double => LINE * 2,
    }
}

/// A printer obeys some orders even within a picture (`DLE EOT`, `DLE ENQ`, `DLE DC4`): the dots that would spell
/// one differ by the palest of them.
fn without_orders(command: &mut [u8], from: usize) {
    for place in from + 1..command.len() {
        let is_order = matches!((command.get(place - 1), command.get(place)), (Some(0x10), Some(0x04 | 0x05 | 0x14)));
        if let Some(byte) = command.get_mut(place).filter(|_| is_order) {
            *byte ^= 0x01;
            // 0x05 and 0x04 differ by just that dot.
            if matches!(*byte, 0x04 | 0x05) {
                *byte ^= 0x02;
            }
        }
    }
}

/// A scannable code as dots, with the four modules of white that it needs around it.
pub(crate) fn drawn_code(code: &QrCode, scale: u16) -> Bitmap {
    let width = code.width();
    let modules = u16::try_from(width).unwrap_or_default();
    let mut bitmap = Bitmap::new((modules + 8) * scale, (modules + 8) * scale);
    for (place, colour) in code.to_colors().into_iter().enumerate() {
        let (x, y) = (u16::try_from(place % width).unwrap_or_default(), u16::try_from(place / width).unwrap_or_default());
        if colour == Color::Dark {
            for down in 0..scale {
                for right in 0..scale {
                    bitmap.set((x + 4) * scale + right, (y + 4) * scale + down);
                }
            }
        }
    }
    bitmap
}

#[cfg(test)]
mod tests;
