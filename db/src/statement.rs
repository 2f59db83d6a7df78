//! Texts of statements with many values. Lists are cut and filled up to a few lengths, so that each text
//! is prepared once and found again.

use std::borrow::Cow;
use std::fmt::Write as _;

/// `$first, $first+1, …`: as many as there are values.
pub(crate) fn placeholders(first: usize, count: usize) -> String {
    let mut text = String::with_capacity(5 * count);
    for number in first..first + count {
        let comma = if number == first { "" } else { ", " };
        let _ = write!(text, "{comma}${number}");
    }
    text
}

/// `($1, $2), ($3, $4), …`: one row after the other, numbered from `first` on.
pub(crate) fn rows(first: usize, count: usize, columns: usize) -> String {
    (0..count).map(|row| format!("({})", placeholders(first + row * columns, columns))).collect::<Vec<_>>().join(", ")
}

/// PostgreSQL keeps no NUL in a text, and nobody can type one.
pub(crate) fn without_nul(text: &str) -> Cow<'_, str> {
    if text.contains('\0') { Cow::Owned(text.replace('\0', "")) } else { Cow::Borrowed(text) }
}

/// Most values of an insertion: the driver looks each of them up among all of them.
const MAX_VALUES: usize = 160;

/// Most values of a list, and rows of an insertion.
pub(crate) const MAX_ROWS: usize = 64;

/// Cuts rows to insert into blocks of 64, 32, 16, … rows.
pub(crate) fn blocks<T>(rows: &[T]) -> impl Iterator<Item = &[T]> {
    blocks_of(rows, 1)
}

/// Cuts many rows of so many columns into blocks that are quick to insert.
pub(crate) fn blocks_of<T>(mut rows: &[T], columns: usize) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let longest = rows.len().min(MAX_ROWS).min(MAX_VALUES / columns.max(1)).max(usize::from(!rows.is_empty()));
        // The greatest power of two that is not longer.
        let length = longest.checked_ilog2().map(|power| 1 << power)?;
        let (block, rest) = rows.split_at_checked(length)?;
        rows = rest;
        Some(block)
    })
}

/// A list of values to compare with, filled up to a power of two with its last value again: which changes nothing
/// in an `IN`. Not empty, as long as `otherwise` is no value of the list.
pub(crate) fn filled<T: Clone>(values: &[T], otherwise: T) -> Vec<T> {
    let mut filled = values.to_vec();
    let last = values.last().cloned().unwrap_or(otherwise);
    filled.resize(values.len().next_power_of_two(), last);
    filled
}

/// Cuts a list of values to compare with into parts, each filled up to a power of two with its last value
/// again: which changes nothing in an `IN`.
pub(crate) fn padded<T: Clone>(values: &[T]) -> impl Iterator<Item = Vec<T>> {
    values.chunks(MAX_ROWS).filter_map(|part| Some(filled(part, part.last()?.clone())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_numbered_on() {
        assert_eq!(rows(1, 2, 3), "($1, $2, $3), ($4, $5, $6)");
        assert_eq!(placeholders(4, 2), "$4, $5");
    }

    proptest::proptest! {
        #[test]
        fn nothing_is_lost_or_added(count in 0_usize..300) {
            let values: Vec<usize> = (0..count).collect();
            let cut: Vec<&[usize]> = blocks(&values).collect();
            proptest::prop_assert!(cut.iter().all(|block| block.len().is_power_of_two() && block.len() <= MAX_ROWS));
            proptest::prop_assert_eq!(cut.concat(), values.clone());
            let parts = padded(&values).inspect(|part| assert!(part.len().is_power_of_two()));
            let mut filled: Vec<usize> = parts.flatten().collect();
            filled.dedup();
            proptest::prop_assert_eq!(filled, values);
        }
    }
}
