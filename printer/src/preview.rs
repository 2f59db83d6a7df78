//! A slip read back from its bytes, as text and as picture: a printer in memory.
//!
//! It knows the commands that [`crate::escpos`] sends and no others, so that a preview cannot show what a printer
//! would not.

mod font;
mod read;

use png::{BitDepth, ColorType, Encoder};

pub use self::read::{PreviewError, PreviewSheet, read};
use crate::bitmap::Bitmap;

/// White around the paper in a picture file.
const MARGIN: u16 = 24;

/// Pieces of paper, one under the other, as a picture file.
pub fn png(sheets: &[PreviewSheet]) -> Result<Vec<u8>, png::EncodingError> {
    let width = sheets.iter().map(|sheet| sheet.dots.width()).max().unwrap_or(1);
    let height = sheets.iter().map(|sheet| sheet.dots.height() + MARGIN).sum::<u16>() + MARGIN;
    let mut all = Bitmap::new(width + 2 * MARGIN, height);
    let mut top = MARGIN;
    for sheet in sheets {
        all.put(&sheet.dots, MARGIN, top);
        top += sheet.dots.height() + MARGIN;
    }
    picture(&all)
}

/// A picture of black dots as a file.
pub fn picture(bitmap: &Bitmap) -> Result<Vec<u8>, png::EncodingError> {
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, u32::from(bitmap.width()), u32::from(bitmap.height()));
    encoder.set_color(ColorType::Grayscale);
    encoder.set_depth(BitDepth::One);
    let mut writer = encoder.write_header()?;
    // A dot is black on paper, and 0 is black in the file.
    let inverted: Vec<u8> = bitmap.bytes().iter().map(|byte| !byte).collect();
    writer.write_image_data(&inverted)?;
    writer.finish()?;
    Ok(file)
}
