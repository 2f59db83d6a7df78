//! Dots in colour.

use printer::pictogram::ScreenPixels;
use printer::raster::Drawn;

use crate::palette::Colour;

/// A rectangle of dots.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Frame {
    /// Dots to the left of it.
    pub(super) x: u16,
    /// Dots above it.
    pub(super) y: u16,
    /// Its width.
    pub(super) width: u16,
    /// Its height.
    pub(super) height: u16,
}

impl Frame {
    /// The same, smaller by so many dots on each side.
    #[must_use]
    pub(super) fn shrunk(self, by: u16) -> Self {
        let by = by.min(self.width / 2).min(self.height / 2);
        Self { x: self.x + by, y: self.y + by, width: self.width - 2 * by, height: self.height - 2 * by }
    }
}

/// A picture: three bytes a dot, row by row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Canvas {
    width: u16,
    height: u16,
    dots: Vec<u8>,
}

impl Canvas {
    /// A picture of one colour.
    pub fn new(width: u16, height: u16, ground: Colour) -> Self {
        let count = usize::from(width) * usize::from(height);
        Self { width, height, dots: vec![ground.0; count].into_flattened() }
    }

    /// Its width.
    pub fn width(&self) -> u16 {
        self.width
    }

    /// Its height.
    pub fn height(&self) -> u16 {
        self.height
    }

    /// Its dots.
    pub fn dots(&self) -> &[u8] {
        &self.dots
    }

    /// The same in sixteen steps of each colour, which is as much as tests compare.
    #[must_use]
    pub fn in_steps(mut self) -> Self {
        self.dots.iter_mut().for_each(|dot| *dot = *dot / 16 * 17);
        self
    }

    /// A part of it.
    #[cfg(test)]
    pub(super) fn cut(&self, frame: Frame) -> Self {
        let row = |y: u16| {
            let start = (usize::from(y) * usize::from(self.width) + usize::from(frame.x)) * 3;
            self.dots.get(start..start + usize::from(frame.width) * 3).unwrap_or_default().iter().copied()
        };
        Self { width: frame.width, height: frame.height, dots: (frame.y..frame.y + frame.height).flat_map(row).collect() }
    }

    /// Lays another picture over a part of it.
    pub fn paste(&mut self, other: &Self, x: u16, y: u16) {
        for (row, dots) in (0..other.height).zip(other.dots.chunks(usize::from(other.width.max(1)) * 3)) {
            let start = (usize::from(y + row) * usize::from(self.width) + usize::from(x)) * 3;
            if let Some(place) = self.dots.get_mut(start..start + dots.len()) {
                place.copy_from_slice(dots);
            }
        }
    }

    /// The picture as a PNG file.
    pub fn png(&self) -> Result<Vec<u8>, png::EncodingError> {
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, u32::from(self.width), u32::from(self.height));
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        let mut writer = encoder.write_header()?;
        writer.write_image_data(&self.dots)?;
        writer.finish()?;
        Ok(file)
    }

    fn blend(&mut self, x: u16, y: u16, colour: Colour, share: u8) {
        if x >= self.width || y >= self.height {
            return;
        }
        let start = (usize::from(y) * usize::from(self.width) + usize::from(x)) * 3;
        let Some(dot) = self.dots.get_mut(start..start + 3) else { return };
        for (below, above) in dot.iter_mut().zip(colour.0) {
            let mixed = (u16::from(*below) * u16::from(255 - share) + u16::from(above) * u16::from(share) + 127) / 255;
            *below = u8::try_from(mixed).unwrap_or(u8::MAX);
        }
    }

    /// A rectangle with round corners.
    pub(super) fn round(&mut self, frame: Frame, radius: u16, colour: Colour) {
        let corner = radius.min(frame.width / 2).min(frame.height / 2);
        let radius = f32::from(corner);
        for y in 0..frame.height {
            let is_straight = (corner..frame.height - corner).contains(&y);
            let edge = if is_straight { 0 } else { corner };
            self.fill(frame.x + edge, frame.y + y, frame.width - 2 * edge, colour);
            for x in (0..edge).chain(frame.width - edge..frame.width) {
                let away = |place: u16, length: u16| {
                    let (near, far) = (f32::from(place) + 0.5, f32::from(length) - f32::from(place) - 0.5);
                    (radius - near.min(far)).max(0.0)
                };
                let share = (radius + 0.5 - away(x, frame.width).hypot(away(y, frame.height))).clamp(0.0, 1.0);
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of 255")]
                self.blend(frame.x + x, frame.y + y, colour, (share * 255.0) as u8);
            }
        }
    }

    /// A line of one colour.
    fn fill(&mut self, x: u16, y: u16, length: u16, colour: Colour) {
        let end = x.saturating_add(length).min(self.width);
        let place = |x: u16| (usize::from(y) * usize::from(self.width) + usize::from(x)) * 3;
        let (start, end) = (place(x.min(end)), place(end));
        if let Some(dots) = self.dots.get_mut(start..end) {
            dots.as_chunks_mut::<3>().0.fill(colour.0);
        }
    }

    /// Letters.
    pub(super) fn ink(&mut self, drawn: &Drawn, x: u16, y: u16, colour: Colour) {
        for (row, shades) in (0..drawn.height).zip(drawn.shades.chunks(usize::from(drawn.width.max(1)))) {
            for (column, shade) in (0..drawn.width).zip(shades) {
                if *shade > 0 {
                    self.blend(x.saturating_add(column), y.saturating_add(row), colour, *shade);
                }
            }
        }
    }

    /// A pictogram.
    pub(super) fn lay(&mut self, drawn: &ScreenPixels, frame: Frame) {
        let side = usize::try_from(drawn.size).unwrap_or(0).max(1);
        for (y, row) in (0..frame.height).zip(drawn.pixels.chunks(side * 4)) {
            for (x, dot) in (0..frame.width).zip(row.chunks(4)) {
                if let [red, green, blue, opacity] = *dot {
                    self.blend(frame.x + x, frame.y + y, Colour([red, green, blue]), opacity);
                }
            }
        }
    }
}
