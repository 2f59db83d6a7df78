//! Counts edits between texts: a letter put in, left out or replaced, or two neighbours swapped (optimal string
//! alignment: no part of a text is edited twice).

/// Masks for the letters of ASCII, and the longest text that fits into one.
const ALPHABET: usize = 128;
const LONGEST: usize = 64;

/// Counts the edits between two texts. To compare one text with many, see `Pattern`.
pub fn edits(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let at = |row: &[usize], column: usize| row.get(column).copied().unwrap_or_default();
    let (mut before, mut above, mut last) = (Vec::new(), (0..=right.len()).collect::<Vec<_>>(), None);
    for (row, letter) in left.chars().enumerate() {
        let mut here = vec![row + 1];
        let mut previous = None;
        for (column, other) in right.iter().copied().enumerate() {
            let replaced = at(&above, column) + usize::from(letter != other);
            let mut fewest = replaced.min(at(&above, column + 1) + 1).min(at(&here, column) + 1);
            if last == Some(other) && previous == Some(letter) {
                fewest = fewest.min(at(&before, column - 1) + 1);
            }
            here.push(fewest);
            previous = Some(other);
        }
        before = std::mem::replace(&mut above, here);
        last = Some(letter);
    }
    at(&above, right.len())
}

/// A text to which others are compared. A column of the table of distances fits into a machine word
/// (Hyyrö, "A bit-vector algorithm for computing Levenshtein and Damerau edit distances", 2003); other
/// alphabets and longer texts are measured the long way.
#[derive(Debug)]
pub struct Pattern<'a> {
    text: &'a str,
    /// Where in the text each letter stands; absent for what does not fit.
    places: Option<[u64; ALPHABET]>,
}

impl<'a> Pattern<'a> {
    /// The pattern of a text.
    pub fn new(text: &'a str) -> Self {
        let fits = text.is_ascii() && !text.is_empty() && text.len() <= LONGEST;
        let places = fits.then(|| {
            let mut places = [0; ALPHABET];
            for (place, letter) in text.bytes().enumerate() {
                if let Some(mask) = places.get_mut(usize::from(letter)) {
                    *mask |= 1 << place;
                }
            }
            places
        });
        Self { text, places }
    }

    /// Counts the edits between the text and another; `None` where there are more than `limit`.
    pub fn within(&self, other: &str, limit: usize) -> Option<usize> {
        let edits = match &self.places {
            Some(_) if other.is_ascii() && self.text.len().abs_diff(other.len()) > limit => return None,
            Some(places) if other.is_ascii() => distance(places, self.text.len(), other),
            _ => edits(self.text, other),
        };
        Some(edits).filter(|edits| *edits <= limit)
    }
}

fn distance(places: &[u64; ALPHABET], length: usize, other: &str) -> usize {
    let last = 1 << (length - 1);
    let (mut distance, mut above, mut below, mut same, mut before) = (length, u64::MAX, 0, 0, 0);
    for letter in other.bytes() {
        let here = places.get(usize::from(letter)).copied().unwrap_or_default();
        let swapped = (!same & here) << 1 & before;
        same = ((here & above).wrapping_add(above) ^ above) | here | below | swapped;
        let (mut up, mut down) = (below | !(same | above), same & above);
        distance = distance + usize::from(up & last != 0) - usize::from(down & last != 0);
        up = up << 1 | 1;
        down <<= 1;
        above = down | !(same | up);
        below = up & same;
        before = here;
    }
    distance
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use strsim::osa_distance;

    use super::*;

    proptest! {
        #[test]
        fn edits_are_those_that_others_count(left in "[a-dé ]{0,12}", right in "[a-dé ]{0,12}", limit in 0_usize..5) {
            let known = osa_distance(&left, &right);
            prop_assert_eq!(edits(&left, &right), known);
            prop_assert_eq!(Pattern::new(&left).within(&right, limit), Some(known).filter(|known| *known <= limit));
        }

        #[test]
        fn a_short_pattern_counts_the_same(left in "[a-e ]{0,12}", right in "[a-e ]{0,12}", limit in 0_usize..13) {
            let known = Some(osa_distance(&left, &right)).filter(|known| *known <= limit);
            prop_assert_eq!(Pattern::new(&left).within(&right, limit), known);
        }

        #[test]
        fn any_text_can_be_measured(left in any::<String>(), right in any::<String>()) {
            let known = osa_distance(&left, &right);
            prop_assert_eq!(edits(&left, &right), known);
            prop_assert_eq!(Pattern::new(&left).within(&right, known), Some(known));
        }

        #[test]
        fn long_texts_can_be_measured(left in "[a-c]{55,70}", right in "[a-c]{55,70}") {
            prop_assert_eq!(Pattern::new(&left).within(&right, 70), Some(osa_distance(&left, &right)));
        }
    }
}
