//! Writes the tables that `packed` reads.

use super::Made;
use crate::packed::{Hash, MARK};

/// A table in the making.
#[derive(Debug, Default)]
pub(crate) struct Pack(pub(crate) Vec<u8>);

impl Pack {
    pub(crate) fn bytes(&mut self, section: &[u8]) -> Made<()> {
        self.0.extend(u32::try_from(section.len())?.to_le_bytes());
        self.0.extend(section);
        Ok(())
    }

    /// Numbers of so many bytes each.
    pub(crate) fn numbers<const N: usize>(&mut self, numbers: impl IntoIterator<Item = usize>) -> Made<()> {
        let rows = numbers.into_iter().map(narrow::<N>).collect::<Made<Vec<_>>>()?;
        self.bytes(rows.as_flattened())
    }

    pub(crate) fn texts<T: AsRef<str>>(&mut self, texts: &[T]) -> Made<()> {
        let letters: String = texts.iter().map(AsRef::as_ref).collect();
        self.numbers::<4>(texts.iter().scan(0, |end, text| {
            *end += text.as_ref().len();
            Some(*end)
        }))?;
        self.bytes(letters.as_bytes())
    }

    pub(crate) fn index<T: AsRef<str>>(&mut self, texts: &[T]) -> Made<()> {
        self.texts(texts)?;
        self.slots(texts)
    }

    /// The slots of an index; of two equal texts the first is found.
    pub(crate) fn slots<T: AsRef<str>>(&mut self, texts: &[T]) -> Made<()> {
        let mut slots = vec![0; (2 * texts.len()).next_power_of_two()];
        for (number, text) in texts.iter().enumerate() {
            let hash = Hash::of(text.as_ref());
            let mut place = hash.slot(slots.len());
            while slots.get(place).is_some_and(|slot| *slot != 0) {
                place = (place + 1) % slots.len();
            }
            if let Some(slot) = slots.get_mut(place) {
                *slot = (number + 1) << MARK | hash.mark();
            }
        }
        self.numbers::<4>(slots)
    }
}

/// A number in so many bytes, the lowest first; an error where it needs more.
pub(crate) fn narrow<const N: usize>(number: usize) -> Made<[u8; N]> {
    let bytes = u64::try_from(number)?.to_le_bytes();
    let (kept, rest) = bytes.split_first_chunk::<N>().ok_or("a column is wider than a number")?;
    if rest.iter().any(|byte| *byte != 0) {
        return Err(format!("{number} does not fit into {N} bytes").into());
    }
    Ok(*kept)
}
