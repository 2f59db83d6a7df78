//! The pictures of the 20 themes, 12 doors and the needs that are met most: one drawing each, from which the slip's
//! black dots and the screen's pixels are made.
//!
//! The same idea has the same picture everywhere: a door that opens one theme shows that theme's picture, and so does a
//! need that has none of its own.

use directory::need::Need;
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
    "keys/police", "keys/fire", "danger/home", "danger/child", "danger/sexual", "danger/despair", "danger/poison", "danger/cold",
    "needs/adapted-transport", "needs/after-school-care", "needs/aids-loan", "needs/alcohol-help", "needs/animals",
    "needs/art-workshop", "needs/asylum", "needs/baby-clinic", "needs/baby-food", "needs/baby-things",
    "needs/bike-loan", "needs/bike-repair", "needs/blankets", "needs/board-games", "needs/breakfast",
    "needs/budget-advice", "needs/car-share", "needs/carer-support", "needs/cheap-computer", "needs/child-protection",
    "needs/children-activity", "needs/choir", "needs/cinema", "needs/clothes", "needs/community-centre",
    "needs/community-garden", "needs/compost", "needs/computer-access", "needs/computer-course",
    "needs/computer-help", "needs/concert", "needs/contraception", "needs/conversation-table", "needs/cook-together",
    "needs/craft-workshop", "needs/cv-help", "needs/dancing", "needs/day-centre", "needs/debt-help", "needs/dentist",
    "needs/diapers", "needs/disability-leisure", "needs/disability-support", "needs/doctor", "needs/drinking-water",
    "needs/driving-lessons", "needs/emergency-housing", "needs/energy-advice", "needs/energy-bill", "needs/eviction",
    "needs/eye-care", "needs/family-allowance", "needs/family-law", "needs/family-shelter", "needs/find-home",
    "needs/find-job", "needs/fitness", "needs/food-coop", "needs/food-parcel", "needs/foot-care", "needs/forms-help",
    "needs/free-care", "needs/free-lawyer", "needs/french-course", "needs/friendly-visits", "needs/furniture",
    "needs/give-box", "needs/give-opinion", "needs/give-things", "needs/green-advice", "needs/hairdresser",
    "needs/health-centre", "needs/health-insurance", "needs/home-help", "needs/homework-help", "needs/hospital",
    "needs/hot-meal", "needs/house-of-justice", "needs/hygiene-kit", "needs/internship", "needs/job-training",
    "needs/laundry", "needs/legal-advice", "needs/library", "needs/literacy", "needs/luggage-storage",
    "needs/meals-at-home", "needs/meeting-cafe", "needs/microcredit", "needs/moving-help", "needs/music-lessons",
    "needs/nationality", "needs/nature-walk", "needs/neighbourhood-group", "needs/night-shelter", "needs/nurse",
    "needs/nursery", "needs/online-forms", "needs/parent-child-place", "needs/parenting-support",
    "needs/participatory-budget", "needs/pension", "needs/pharmacy", "needs/phone-charging", "needs/physio",
    "needs/pregnancy", "needs/print-scan", "needs/psychologist", "needs/public-meeting", "needs/public-transport",
    "needs/reference-address", "needs/rent-deposit", "needs/repair-cafe", "needs/residence-permit",
    "needs/respite-care", "needs/second-hand", "needs/seed-swap", "needs/senior-activity", "needs/sewing",
    "needs/shared-fridge", "needs/shared-housing", "needs/show", "needs/shower", "needs/sign-language",
    "needs/smartphone-help", "needs/social-benefit", "needs/social-grocery", "needs/social-housing",
    "needs/social-office", "needs/social-restaurant", "needs/social-taxi", "needs/someone-to-talk",
    "needs/sort-waste", "needs/sport-club", "needs/sti-test", "needs/street-soup", "needs/study-place",
    "needs/support-group", "needs/swimming-pool", "needs/tax-return", "needs/team-sport", "needs/tenant-advice",
    "needs/toilets", "needs/tool-loan", "needs/town-hall", "needs/toy-library", "needs/tree-planting",
    "needs/unfit-housing", "needs/vaccination", "needs/victim-support", "needs/volunteer-driver",
    "needs/volunteering", "needs/walking-group", "needs/warm-place", "needs/wifi", "needs/women-health",
    "needs/work-rights", "needs/yoga", "needs/youth-centre", "needs/youth-shelter",
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

    /// The picture of a need; its theme's where it has none of its own.
    pub fn of_need(need: Need) -> Option<Self> {
        let own = DRAWINGS.iter().find(|(known, _)| known.strip_prefix("needs/") == Some(need.id()));
        own.map(|(name, drawing)| Self { name, drawing }).or_else(|| Self::of(need.theme()))
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

    /// The least of a small picture's dots by which two of them differ.
    const APART: usize = 50;

    /// Known again as small as on a list, as large as on paper, and never taken for another.
    #[test]
    fn every_need_with_a_picture_can_be_told_from_all_others() {
        let dots = |pictogram: Pictogram| [24, 256].map(|size| pictogram.dots(size).unwrap());
        let themes = Theme::ALL.iter().map(|theme| Pictogram::of(*theme).unwrap());
        let needs: Vec<Pictogram> = DRAWINGS.iter().filter(|(name, _)| name.starts_with("needs/")).map(|(name, _)| Pictogram::named(name).unwrap()).collect();
        assert!(needs.len() > 130);
        let mut seen: Vec<([Bitmap; 2], &str)> = themes.map(|theme| (dots(theme), theme.name())).collect();
        for pictogram in needs {
            let name = pictogram.name();
            let need = Need::from_id(name.trim_start_matches("needs/")).unwrap_or_else(|| panic!("{name} is the picture of no need"));
            assert_eq!(Pictogram::of_need(need), Some(pictogram));
            let [small, large] = dots(pictogram);
            // Neither a few lines nor a block.
            assert!((100..400).contains(&small.black()), "{name}: {} black dots of 576", small.black());
            assert!((10_000..46_000).contains(&large.black()), "{name}: {} black dots of 65 536", large.black());
            for (other, known) in &seen {
                let apart = (0..24).flat_map(|y| (0..24).map(move |x| (x, y))).filter(|(x, y)| small.get(*x, *y) != other[0].get(*x, *y)).count();
                assert!(apart >= APART, "{name} and {known} differ by {apart} dots of 576");
            }
            seen.push(([small, large], name));
        }
    }

    /// They stand on one page, and whoever cannot read chooses by them alone.
    #[test]
    fn every_danger_can_be_told_from_all_other_pictures() {
        let dots = |name: &str| Pictogram::named(name).unwrap().dots(24).unwrap();
        let dangers: Vec<&str> = DRAWINGS.iter().map(|(name, _)| *name).filter(|name| name.starts_with("danger/")).collect();
        assert_eq!(dangers.len(), 6);
        for name in dangers {
            let small = dots(name);
            assert!((100..400).contains(&small.black()), "{name}: {} black dots of 576", small.black());
            for (known, _) in DRAWINGS.iter().filter(|(known, _)| *known != name) {
                let other = dots(known);
                let apart = (0..24).flat_map(|y| (0..24).map(move |x| (x, y))).filter(|(x, y)| small.get(*x, *y) != other.get(*x, *y)).count();
                assert!(apart >= APART, "{name} and {known} differ by {apart} dots of 576");
            }
        }
    }

    #[test]
    fn a_need_without_a_picture_has_its_themes() {
        let need = Need::from_id("fablab").unwrap();
        assert_eq!(Pictogram::of_need(need), Pictogram::of(Theme::Digital));
    }

    #[test]
    fn a_screen_shows_the_same_picture_in_its_own_colours() {
        let screen = Pictogram::of(Theme::Food).unwrap().screen(64, [10, 20, 30], [200, 210, 220]).unwrap();
        assert_eq!(screen.pixels.len(), 64 * 64 * 4);
        assert!(screen.pixels.chunks(4).any(|pixel| pixel == [10, 20, 30, 255]));
    }
}
