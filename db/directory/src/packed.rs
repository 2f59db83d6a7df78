//! Tables that lie in the program as they are used: numbers of a fixed width, texts in one run of
//! bytes, and an index of them. Nothing of them is built, copied or checked at start, and what is
//! never looked at is never read from disk. `build.rs` writes them, with the same hash.

/// Rows of so many bytes.
pub(crate) type Column<'t, const N: usize> = &'t [[u8; N]];

/// What a table reads as where a row is missing: there is none.
pub(crate) fn number_at<const N: usize>(column: Column<'_, N>, place: usize) -> Option<usize> {
    column.get(place).map(|row| row.iter().rev().fold(0, |number, byte| number << 8 | usize::from(*byte)))
}

/// FNV-1a of a text, which can be taken piece by piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hash(u64);

impl Hash {
    pub(crate) const EMPTY: Self = Self(0xcbf2_9ce4_8422_2325);

    pub(crate) fn of(text: &str) -> Self {
        Self::EMPTY.with(text)
    }

    #[must_use]
    pub(crate) fn with(self, piece: &str) -> Self {
        Self(piece.bytes().fold(self.0, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)))
    }

    /// Where a text is looked for first, in an index of so many slots.
    pub(crate) fn slot(self, slots: usize) -> usize {
        usize::try_from((self.0 ^ self.0 >> 32) & u64::from(u32::MAX)).unwrap_or_default() & slots.wrapping_sub(1)
    }

    /// The hash, its lowest byte first.
    pub(crate) fn to_bytes(self) -> [u8; 8] {
        (self.0 ^ self.0 >> 32).to_le_bytes()
    }

    /// Bits that tell most other texts of a slot without a look at them.
    pub(crate) fn mark(self) -> usize {
        usize::try_from(self.0 >> (64 - MARK)).unwrap_or_default()
    }
}

/// How many bits of a slot are the mark; the others are the text's number, from 1.
pub(crate) const MARK: u32 = 12;

/// The sections of a table, in the order in which they were written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sections<'t>(pub(crate) &'t [u8]);

impl<'t> Sections<'t> {
    pub(crate) fn bytes(&mut self) -> &'t [u8] {
        let Some((length, rest)) = self.0.split_first_chunk::<4>() else { return &[] };
        let length = usize::try_from(u32::from_le_bytes(*length)).unwrap_or_default();
        let (section, rest) = rest.split_at_checked(length).unwrap_or_default();
        self.0 = rest;
        section
    }

    pub(crate) fn column<const N: usize>(&mut self) -> Column<'t, N> {
        self.bytes().as_chunks().0
    }

    pub(crate) fn texts(&mut self) -> Texts<'t> {
        Texts { ends: self.column(), letters: self.bytes() }
    }

    pub(crate) fn index(&mut self) -> Index<'t> {
        Index { texts: self.texts(), slots: self.column() }
    }
}

/// Texts by their number.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Texts<'t> {
    ends: Column<'t, 4>,
    letters: &'t [u8],
}

impl<'t> Texts<'t> {
    pub(crate) fn get(self, number: usize) -> Option<&'t str> {
        let bytes = self.letters.get(start(self.ends, number)?..number_at(self.ends, number)?)?;
        std::str::from_utf8(bytes).ok()
    }
}

/// Texts whose number is found by hashing, whatever their number: at most every second slot is taken.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Index<'t> {
    pub(crate) texts: Texts<'t>,
    slots: Column<'t, 4>,
}

impl Index<'_> {
    pub(crate) fn find(self, text: &str) -> Option<usize> {
        self.find_hashed(Hash::of(text), text)
    }

    /// The number of a text whose hash is known already.
    pub(crate) fn find_hashed(self, hash: Hash, text: &str) -> Option<usize> {
        find_slot(self.slots, hash, |number| self.texts.get(number) == Some(text))
    }
}

/// The number in the slots that a hash leads to and that is what is looked for.
pub(crate) fn find_slot(slots: Column<'_, 4>, hash: Hash, is_it: impl Fn(usize) -> bool) -> Option<usize> {
    let mut place = hash.slot(slots.len());
    loop {
        let slot = number_at(slots, place).filter(|slot| *slot != 0)?;
        let number = (slot >> MARK) - 1;
        if slot & ((1 << MARK) - 1) == hash.mark() && is_it(number) {
            return Some(number);
        }
        place = (place + 1) & slots.len().wrapping_sub(1);
    }
}

/// Where a run begins, from the ends of all runs.
pub(crate) fn start<const N: usize>(ends: Column<'_, N>, number: usize) -> Option<usize> {
    number.checked_sub(1).map_or(Some(0), |before| number_at(ends, before))
}
