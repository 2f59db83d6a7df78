//! The pictures of the 20 themes and 12 doors: one drawing each, from which the slip's black dots and the
//! screen's pixels are made.
//!
//! The same idea has the same picture everywhere: a door that opens one theme shows that theme's picture.

use directory::theme::Theme;
use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::{Options, Tree};

use crate::bitmap::Bitmap;

macro_rules! drawings {
    ($($name:literal),+ $(,)?) => {
        const DRAWINGS: &[(&str, &str)] = &[$(($name, include_str!(concat!("../../config/pictograms/", $name, ".svg")))),+];
    };
}

drawings! {
    "food", "shelter", "housing", "wash", "goods", "health", "mind", "papers", "rights", "money", "work", "learn", "digital", "family", "care",
    "safety", "mobility", "social", "green", "civic", "home", "together", "keys/back", "keys/more", "keys/listen", "keys/person", "keys/done",
    "keys/print", "keys/ticket", "keys/near", "keys/search", "keys/call", "keys/ambulance",
    "keys/police", "keys/fire",
}

/// Why a drawing cannot be shown; a test keeps it from happening to those that ship.
#[derive(Debug, thiserror::Error)]
pub enum PictogramError {
    /// Not a drawing that is understood.
    #[error("config/pictograms/{name}.svg: {problem}")]
    Drawing {
        /// The file's name.
        name: &'static str,
        /// What is wrong.
        problem: String,
    },
    /// No picture can have that size.
    #[error("no picture is {0} dots wide")]
    Size(u32),
}

/// A drawing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Pictogram {
    name: &'static str,
    drawing: &'static str,
}

/// Pixels of a screen: red, green, blue and opacity of each, row by row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScreenPixels {
    /// Width and height.
    pub size: u32,
    /// Four bytes a pixel, colours not multiplied by the opacity.
    pub pixels: Vec<u8>,
}

impl Pictogram {
    /// The picture of a theme.
    pub fn of(theme: Theme) -> Option<Self> {
        Self::named(theme.id())
    }

    /// The picture of a door, by its identifier.
    pub fn door(id: &str) -> Option<Self> {
        Self::named(match id {
            "eat" => "food",
            "out" => "social",
            same => same,
        })
    }

    /// Its name, which is that of its file.
    pub fn name(self) -> &'static str {
        self.name
    }

    /// The drawing in the file of that name; those of keys lie in `keys/`.
    pub fn named(name: &str) -> Option<Self> {
        DRAWINGS.iter().find(|(known, _)| *known == name).map(|(name, drawing)| Self { name, drawing })
    }

    /// Black dots for paper: a dot is printed where the drawing covers more than half of it.
    pub fn dots(self, size: u16) -> Result<Bitmap, PictogramError> {
        let pixmap = self.draw(u32::from(size))?;
        let mut bitmap = Bitmap::new(size, size);
        for (place, pixel) in pixmap.pixels().iter().enumerate() {
            let place = u32::try_from(place).unwrap_or(u32::MAX);
            let (x, y) = (place % u32::from(size), place / u32::from(size));
            // White on top of black is paper again.
            let ink = u16::from(pixel.alpha()).saturating_sub(u16::from(pixel.green()));
            if ink > 127 {
                bitmap.set(u16::try_from(x).unwrap_or(u16::MAX), u16::try_from(y).unwrap_or(u16::MAX));
            }
        }
        Ok(bitmap)
    }

    /// Pixels for a screen: the black of the drawing in the colour of the ink, its white in that of the ground.
    pub fn screen(self, size: u16, ink: [u8; 3], ground: [u8; 3]) -> Result<ScreenPixels, PictogramError> {
        let pixmap = self.draw(u32::from(size))?;
        let mut pixels = Vec::with_capacity(pixmap.pixels().len() * 4);
        for pixel in pixmap.pixels() {
            let colour = pixel.demultiply();
            let white = u16::from(colour.green());
            for (ink, ground) in ink.into_iter().zip(ground) {
                let mixed = (u16::from(ink) * (255 - white) + u16::from(ground) * white) / 255;
                pixels.push(u8::try_from(mixed).unwrap_or(u8::MAX));
            }
            pixels.push(colour.alpha());
        }
        Ok(ScreenPixels { size: u32::from(size), pixels })
    }

    fn draw(self, size: u32) -> Result<Pixmap, PictogramError> {
        let tree =
            Tree::from_str(self.drawing, &Options::default()).map_err(|error| PictogramError::Drawing { name: self.name, problem: error.to_string() })?;
        let mut pixmap = Pixmap::new(size, size).ok_or(PictogramError::Size(size))?;
        pixmap.fill(Color::TRANSPARENT);
        #[expect(clippy::cast_precision_loss, reason = "a picture has at most 65 535 dots")]
        let scale = size as f32 / tree.size().width();
        resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixmap.as_mut());
        Ok(pixmap)
    }
}

#[cfg(test)]
mod tests {
    use directory::vocabulary::Vocabulary;

    use super::*;

    #[test]
    fn every_theme_and_every_door_has_a_picture_of_its_own() {
        let vocabulary = Vocabulary::shipped().unwrap();
        let mut seen: Vec<(Bitmap, &str)> = Vec::new();
        let themes = Theme::ALL.iter().map(|theme| Pictogram::of(*theme).expect("a picture"));
        let doors = vocabulary.doors().iter().map(|door| Pictogram::door(&door.id).expect("a picture"));
        for pictogram in themes.chain(doors) {
            let dots = pictogram.dots(120).unwrap();
            let black = dots.black();
            assert!((700..9_000).contains(&black), "{}: {black} black dots", pictogram.name());
            assert!(seen.iter().all(|(known, name)| *known != dots || *name == pictogram.name()), "{} has the picture of another", pictogram.name());
            seen.push((dots, pictogram.name()));
        }
        assert_eq!(seen.len(), 32);
    }

    #[test]
    fn a_screen_shows_the_same_picture_in_its_own_colours() {
        let screen = Pictogram::of(Theme::Food).unwrap().screen(64, [10, 20, 30], [200, 210, 220]).unwrap();
        assert_eq!(screen.pixels.len(), 64 * 64 * 4);
        assert!(screen.pixels.chunks(4).any(|pixel| pixel == [10, 20, 30, 255]));
    }
}
