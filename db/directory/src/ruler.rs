//! Measures how far many texts are from one.

use crate::words;

/// Masks for the letters of ASCII, and the longest text that fits into one.
const ALPHABET: usize = 128;
const LONGEST: usize = 64;

/// A text to which others are compared. A column of the table of distances fits into a machine word
/// (Hyyrö, "A bit-vector algorithm for computing Levenshtein and Damerau edit distances", 2003); other
/// alphabets and longer texts are measured the long way.
#[derive(Debug)]
pub(crate) struct Ruler<'a> {
    text: &'a str,
    /// Where in the text each letter stands; absent for what does not fit.
    places: Option<[u64; ALPHABET]>,
}

impl<'a> Ruler<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
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

    /// What `words::distance_within` says.
    pub(crate) fn within(&self, other: &str, limit: usize) -> Option<usize> {
        match &self.places {
            Some(places) if other.is_ascii() => {
                if self.text.len().abs_diff(other.len()) > limit {
                    return None;
                }
                Some(distance(places, self.text.len(), other)).filter(|distance| *distance <= limit)
            }
            _ => words::distance_within(self.text, other, limit),
        }
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

    use super::*;

    proptest! {
        #[test]
        fn a_ruler_measures_what_the_table_of_distances_says(left in "[a-e ]{0,12}", right in "[a-e ]{0,12}", limit in 0_usize..5) {
            prop_assert_eq!(Ruler::new(&left).within(&right, limit), words::distance_within(&left, &right, limit));
        }

        #[test]
        fn any_text_can_be_measured(left in any::<String>(), right in any::<String>(), limit in 0_usize..5) {
            prop_assert_eq!(Ruler::new(&left).within(&right, limit), words::distance_within(&left, &right, limit));
        }

        #[test]
        fn long_texts_can_be_measured(left in "[a-c]{55,70}", right in "[a-c]{55,70}") {
            prop_assert_eq!(Ruler::new(&left).within(&right, 70), words::distance_within(&left, &right, 70));
        }
    }
}
