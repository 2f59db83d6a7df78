//! Finds what sounds or is spelled like a typed text without a look at everything there is.
//!
//! Texts lie on shelves of as many words and letters; beside each is the set of its letters, which
//! rules out most of a shelf. What sounds alike is listed by its sound. Nothing that is within the
//! edits asked for is left out; what is handed over need not be.

use crate::packed::{self, Column, Index, Sections, number_at};

/// An index by sound and spelling.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spellings<'t> {
    /// Words, letters, and where the shelf ends (two bytes).
    shelves: Column<'t, 4>,
    signatures: Column<'t, 4>,
    numbers: Column<'t, 2>,
    sounds: Index<'t>,
    alike_ends: Column<'t, 2>,
    alike: Column<'t, 2>,
}

/// The letters of a text in half the bits: two texts' signatures never differ in more of them than
/// their sets of letters do.
pub(crate) fn signature(letters: u64) -> u32 {
    const LATIN: u64 = (1 << 26) - 1;
    let rest = letters >> 26;
    let folded = (rest | rest >> 5 | rest >> 10) & 0b1_1111;
    let [a, b, c, d, ..] = (letters & LATIN | folded << 26).to_le_bytes();
    u32::from_le_bytes([a, b, c, d])
}

impl<'t> Spellings<'t> {
    pub(crate) fn read(sections: &mut Sections<'t>) -> Self {
        Self {
            shelves: sections.column(),
            signatures: sections.column(),
            numbers: sections.column(),
            sounds: sections.index(),
            alike_ends: sections.column(),
            alike: sections.column(),
        }
    }

    /// The numbers of what sounds exactly so.
    pub(crate) fn alike(self, sound: &str) -> impl Iterator<Item = usize> {
        let run = self.sounds.find(sound).and_then(|number| Some(packed::start(self.alike_ends, number)?..number_at(self.alike_ends, number)?));
        run.into_iter().flatten().filter_map(move |place| number_at(self.alike, place))
    }

    /// Hands over the number of everything of so many words that may be spelled like a text of so many
    /// letters, at most `edits` apart.
    pub(crate) fn near(self, words: usize, letters: usize, set: u64, edits: usize, mut found: impl FnMut(usize)) {
        let (signature, most) = (signature(set), 2 * edits);
        let mut start = 0;
        for [shelf_words, shelf_letters, low, high] in self.shelves {
            let end = usize::from(u16::from_le_bytes([*low, *high]));
            if usize::from(*shelf_words) == words && usize::from(*shelf_letters).abs_diff(letters) <= edits {
                let (known, numbers) = (self.signatures.get(start..end), self.numbers.get(start..end));
                for (known, number) in known.into_iter().flatten().zip(numbers.into_iter().flatten()) {
                    if (u32::from_le_bytes(*known) ^ signature).count_ones() as usize <= most {
                        found(usize::from(u16::from_le_bytes(*number)));
                    }
                }
            }
            start = end;
        }
    }
}
