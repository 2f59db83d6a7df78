//! Colours, and the sums that prove them: contrast by WCAG 2.2, differences as people with other eyes see them.

use crate::page::{Look, Role};

/// Red, green and blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Colour(pub [u8; 3]);

const fn hex(colour: u32) -> Colour {
    let [_, red, green, blue] = colour.to_be_bytes();
    Colour([red, green, blue])
}

/// Letters on a ground.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    /// The letters.
    pub ink: Colour,
    /// What they stand on.
    pub ground: Colour,
}

/// The colours of a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Palette {
    /// Most of the screen.
    pub paper: Pair,
    /// Less important letters on the same ground.
    pub secondary: Colour,
    /// Frames.
    pub frame: Colour,
    /// The frame of what is pressed or read aloud.
    pub focus: Colour,
    /// Under a finger, switched on, or being read aloud.
    pub pressed: Pair,
    /// What a page is for.
    pub primary: Pair,
    /// Ends the visit.
    pub stop: Pair,
    tiles: [Pair; 6],
}

const INK: Colour = hex(0x11_1111);
const WHITE: Colour = hex(0xFF_FFFF);
const BLACK: Colour = hex(0);
const YELLOW: Colour = hex(0xFF_D600);

/// Dark on light, which reads better at all ages. The six tile colours were chosen by search: the smallest difference
/// between any two, in four kinds of sight, is 35.
const DAY: Palette = Palette {
    paper: Pair { ink: INK, ground: hex(0xF7_F5EF) },
    secondary: hex(0x3A_3A3A),
    frame: hex(0x6B_6B6B),
    focus: hex(0xB0_0020),
    pressed: Pair { ink: INK, ground: YELLOW },
    primary: Pair { ink: WHITE, ground: hex(0x00_3B6F) },
    stop: Pair { ink: WHITE, ground: hex(0x8A_1200) },
    tiles: [
        Pair { ink: INK, ground: YELLOW },
        Pair { ink: WHITE, ground: hex(0x00_50A0) },
        Pair { ink: INK, ground: hex(0xD0_F5B8) },
        Pair { ink: WHITE, ground: hex(0x8A_3B00) },
        Pair { ink: INK, ground: hex(0x56_B4E9) },
        Pair { ink: WHITE, ground: hex(0x1A_1A1A) },
    ],
};

const ON_BLACK: Pair = Pair { ink: WHITE, ground: BLACK };

const HIGH: Palette = Palette {
    paper: ON_BLACK,
    secondary: hex(0x5C_E1FF),
    frame: hex(0x9A_9A9A),
    focus: hex(0x5C_E1FF),
    pressed: Pair { ink: BLACK, ground: YELLOW },
    primary: Pair { ink: BLACK, ground: hex(0x5C_E1FF) },
    stop: Pair { ink: BLACK, ground: WHITE },
    tiles: [ON_BLACK; 6],
};

impl Palette {
    /// The colours of a look.
    pub fn of(look: Look) -> &'static Self {
        if look.high_contrast { &HIGH } else { &DAY }
    }

    /// One of the six tile colours, from 1.
    pub fn tile(&self, hue: u8) -> Pair {
        self.tiles.get(usize::from(hue).saturating_sub(1)).copied().unwrap_or(self.paper)
    }

    /// What an entry stands on.
    pub fn card(&self) -> Colour {
        if self.paper.ground == BLACK { BLACK } else { WHITE }
    }

    /// A button's colours.
    pub fn button(&self, role: Role) -> Pair {
        match role {
            Role::Plain | Role::Digit => self.paper,
            Role::Primary => self.primary,
            Role::Stop => self.stop,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn linear(colour: Colour) -> [f64; 3] {
        colour.0.map(|byte| {
            let share = f64::from(byte) / 255.0;
            if share <= 0.040_45 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        })
    }

    /// WCAG 2.2, 1.4.3.
    fn contrast(one: Colour, other: Colour) -> f64 {
        let light = |colour| {
            let [red, green, blue] = linear(colour);
            0.2126 * red + 0.7152 * green + 0.0722 * blue
        };
        let (one, other) = (light(one), light(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    /// Full protanopia, deuteranopia and tritanopia: Machado, Oliveira, Fernandes 2009, severity 1.0, on linear light.
    const SIGHTS: [[[f64; 3]; 3]; 4] = [
        [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
        [[0.152_286, 1.052_583, -0.204_868], [0.114_503, 0.786_281, 0.099_216], [-0.003_882, -0.048_116, 1.051_998]],
        [[0.367_322, 0.860_646, -0.227_968], [0.280_085, 0.672_501, 0.047_413], [-0.011_820, 0.042_940, 0.968_881]],
        [[1.255_528, -0.076_749, -0.178_779], [-0.078_411, 0.930_809, 0.147_602], [0.004_733, 0.691_367, 0.303_900]],
    ];

    /// CIE L*a*b* under D65.
    fn lab(colour: Colour, sight: &[[f64; 3]; 3]) -> [f64; 3] {
        let light = linear(colour);
        let seen = sight.map(|row| row.iter().zip(light).map(|(weight, light)| weight * light).sum::<f64>().clamp(0.0, 1.0));
        let [red, green, blue] = seen;
        let white = [0.950_47, 1.0, 1.088_83];
        let sums = [
            0.412_456_4 * red + 0.357_576_1 * green + 0.180_437_5 * blue,
            0.212_672_9 * red + 0.715_152_2 * green + 0.072_175 * blue,
            0.019_333_9 * red + 0.119_192 * green + 0.950_304_1 * blue,
        ];
        let [x, y, z] = [0, 1, 2].map(|axis| {
            let share: f64 = sums[axis] / white[axis];
            if share > 0.008_856 { share.cbrt() } else { 7.787 * share + 16.0 / 116.0 }
        });
        [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
    }

    #[test]
    fn letters_stand_out_7_to_1_and_frames_3_to_1() {
        for palette in [&DAY, &HIGH] {
            let pairs = [palette.paper, palette.pressed, palette.primary, palette.stop, Pair { ink: palette.secondary, ground: palette.paper.ground }];
            for pair in pairs.into_iter().chain(palette.tiles) {
                assert!(contrast(pair.ink, pair.ground) >= 7.0, "{pair:?}: {:.1}", contrast(pair.ink, pair.ground));
            }
            for frame in [palette.frame, palette.focus] {
                assert!(contrast(frame, palette.paper.ground) >= 3.0, "{frame:?}");
            }
        }
    }

    #[test]
    fn tiles_differ_in_every_kind_of_sight() {
        let mut least = f64::MAX;
        for sight in &SIGHTS {
            for (place, one) in DAY.tiles.iter().enumerate() {
                for other in DAY.tiles.iter().skip(place + 1) {
                    let (one, other) = (lab(one.ground, sight), lab(other.ground, sight));
                    least = least.min(one.iter().zip(other).map(|(one, other)| (one - other).powi(2)).sum::<f64>().sqrt());
                }
            }
        }
        println!("the smallest difference between two tiles is {least:.1}");
        assert!(least >= 30.0, "{least:.1}");
    }
}
