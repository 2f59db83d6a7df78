//! Writes the index by sound and spelling that `spelling` reads.

use std::collections::BTreeMap;

use super::Made;
use super::pack::{Pack, narrow};
use crate::spelling::signature;

/// What can be found by its sound or its spelling.
pub(crate) struct Spelled<'a> {
    /// Its number where it comes from.
    pub(crate) number: usize,
    /// How many words it has; 0 where that makes no difference.
    pub(crate) words: usize,
    /// What a typed text is compared with.
    pub(crate) spelling: &'a str,
    /// What it sounds like.
    pub(crate) sound: String,
}

/// Shelves of texts with as many words and letters; then what sounds alike.
pub(crate) fn pack(pack: &mut Pack, mut all: Vec<Spelled<'_>>) -> Made<()> {
    let shelf = |spelled: &Spelled<'_>| (spelled.words, spelled.spelling.chars().count());
    all.sort_by_key(|spelled| (shelf(spelled), spelled.number));
    let mut shelves = Vec::new();
    let mut end = 0;
    for shelved in all.chunk_by(|left, right| shelf(left) == shelf(right)) {
        end += shelved.len();
        let Some((words, letters)) = shelved.first().map(shelf) else { continue };
        let ([words], [letters], [low, high]) = (narrow(words)?, narrow(letters)?, narrow(end)?);
        shelves.push([words, letters, low, high]);
    }
    pack.bytes(shelves.as_flattened())?;
    let signatures: Vec<_> = all.iter().map(|spelled| signature(words::letter_set(spelled.spelling)).to_le_bytes()).collect();
    pack.bytes(signatures.as_flattened())?;
    pack.numbers::<2>(all.iter().map(|spelled| spelled.number))?;

    let mut sounds: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for spelled in &all {
        sounds.entry(&spelled.sound).or_default().push(spelled.number);
    }
    pack.index(&sounds.keys().collect::<Vec<_>>())?;
    pack.numbers::<2>(sounds.values().scan(0, |end, alike| {
        *end += alike.len();
        Some(*end)
    }))?;
    pack.numbers::<2>(sounds.into_values().flatten())
}
