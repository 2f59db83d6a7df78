//! Fits lines into one segment, or two: wished-for lines only while they cost no segment more, and no
//! number cut by the border between two segments.

use unicode_segmentation::UnicodeSegmentation;

use super::gsm7::{Encoding, length, measure, segments};

/// One line of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) text: String,
    /// 0 is always kept; the highest wish is dropped first.
    pub(super) wish: usize,
}

impl Line {
    pub(super) fn needed(text: String) -> Self {
        Self { text, wish: 0 }
    }

    pub(super) fn wished(wish: usize, text: String) -> Self {
        Self { text, wish }
    }
}

/// Joins the lines that fit.
pub(super) fn fit(lines: &[Line]) -> String {
    let needed = joined(lines, 0);
    let most = parts(&needed).len().clamp(1, 2);
    let dearest = lines.iter().map(|line| line.wish).max().unwrap_or_default();
    (1..=dearest).rev().map(|wish| joined(lines, wish)).find(|text| parts(text).len() <= most).unwrap_or(needed)
}

/// True where the lines that are needed make two segments at most, each word whole.
pub(super) fn fits_two(lines: &[Line]) -> bool {
    parts(&joined(lines, 0)).len() <= 2
}

/// True where the lines that are needed make one segment.
pub(super) fn fits_one(lines: &[Line]) -> bool {
    let needed = || lines.iter().filter(|line| line.wish == 0 && !line.text.is_empty());
    let encoding = if needed().all(|line| Encoding::of(&line.text) == Encoding::Gsm7) { Encoding::Gsm7 } else { Encoding::Ucs2 };
    let (alone, _) = encoding.limits();
    let units: usize = needed().map(|line| length(&line.text, encoding) + 1).sum();
    units <= alone + 1
}

fn joined(lines: &[Line], wish: usize) -> String {
    lines.iter().filter(|line| line.wish <= wish && !line.text.is_empty()).map(|line| line.text.as_str()).collect::<Vec<_>>().join("\n")
}

/// Longer runs without a space are no words, and are cut wherever the border falls.
const LONGEST_WORD: usize = 24;

/// So near to the border between two segments a line break is a better place for it than a space.
const NEAR: usize = 60;

/// The segments in which a text is sent; their concatenation is the text. They end between two lines where that costs
/// no segment more, else between two words: some phones show the parts apart. Where even that costs a segment more than
/// the carrier counts, words are cut where they fall, and a telephone that joins the parts shows them whole.
pub(super) fn segmented(text: &str) -> Vec<String> {
    let fewest = segments(text);
    let whole = parts(text);
    if whole.len() <= fewest.len() { whole } else { fewest }
}

/// A text in segments in which no number, hour or word is cut.
fn parts(text: &str) -> Vec<String> {
    let (encoding, units) = measure(text);
    let (alone, chained) = encoding.limits();
    if units <= alone {
        return vec![text.to_owned()];
    }
    if let Some((first, second)) = between_lines(text, encoding) {
        return vec![first.to_owned(), second.to_owned()];
    }
    let mut parts = vec![String::new()];
    let mut used = 0;
    let mut push = |piece: &str| {
        let units = length(piece, encoding);
        if used + units > chained {
            parts.push(String::new());
            used = 0;
        }
        used += units;
        if let Some(part) = parts.last_mut() {
            part.push_str(piece);
        }
    };
    for token in text.split_inclusive([' ', '\n']) {
        // What only the blank behind it makes too long stays where it is.
        let word = token.trim_end_matches([' ', '\n']);
        if length(word, encoding) <= LONGEST_WORD {
            push(word);
            push(token.strip_prefix(word).unwrap_or_default());
        } else {
            token.graphemes(true).for_each(&mut push);
        }
    }
    parts
}

/// Two segments with a line break between them, as near to the border as there is one.
fn between_lines(text: &str, encoding: Encoding) -> Option<(&str, &str)> {
    let (_, chained) = encoding.limits();
    let breaks = text.match_indices('\n').map(|(place, _)| place + 1);
    breaks.filter_map(|place| text.split_at_checked(place)).rfind(|(first, second)| {
        let units = length(first, encoding);
        (chained - NEAR..=chained).contains(&units) && length(second, encoding) <= chained
    })
}

#[cfg(test)]
mod tests {
    use super::super::gsm7::count;
    use super::*;

    #[test]
    fn wishes_cost_no_segment() {
        let lines = [Line::needed("a".repeat(100)), Line::wished(2, "b".repeat(50)), Line::wished(1, "c".repeat(20))];
        assert_eq!(fit(&lines), format!("{}\n{}", "a".repeat(100), "c".repeat(20)));
        let long = [Line::needed("a".repeat(180)), Line::wished(2, "b".repeat(50)), Line::wished(1, "c".repeat(20))];
        assert_eq!(segments(&fit(&long)).len(), 2);
        assert!(fit(&long).contains('b'));
    }

    #[test]
    fn whether_it_is_one_segment_is_known_without_writing_it() {
        for filler in 130..170 {
            for last in ["b", "[", "\u{3a9}", "\u{448}"] {
                let lines =
                    [Line::needed("a".repeat(filler / 2)), Line::needed(String::new()), Line::wished(1, "w".repeat(9)), Line::needed(last.repeat(filler / 3))];
                assert_eq!(fits_one(&lines), count(&joined(&lines, 0)) == 1, "{filler} {last}");
            }
        }
    }

    #[test]
    fn a_message_is_cut_between_its_lines_where_that_costs_nothing() {
        let line = |letter: &str, length: usize| Line::needed(letter.repeat(length));
        let parts = |lines: &[Line]| segmented(&fit(lines)).iter().map(|part| part.chars().count()).collect::<Vec<_>>();
        assert_eq!(parts(&[line("a ", 60), line("b ", 50)]), [121, 100]);
        // A line break far from the border, or one behind which too much is left.
        assert_eq!(parts(&[line("a ", 20), line("b ", 80)]), [153, 48]);
        assert_eq!(parts(&[line("a ", 50), line("b ", 90)]), [153, 128]);
        // Nothing is put between words to move them.
        assert!(!fit(&[line("word ", 50)]).contains("  "));
    }

    proptest::proptest! {
        #[test]
        fn segments_rejoin_and_cost_what_the_carrier_counts(text in "[a-z€ \n🙏é]{0,400}") {
            proptest::prop_assert_eq!(segmented(&text).concat(), text.as_str());
            proptest::prop_assert_eq!(segmented(&text).len(), segments(&text).len());
            let (encoding, _) = measure(&text);
            let most = if segmented(&text).len() > 1 { encoding.limits().1 } else { encoding.limits().0 };
            proptest::prop_assert!(segmented(&text).iter().all(|part| length(part, encoding) <= most));
        }
    }

    #[test]
    fn no_number_is_cut_by_a_border() {
        for filler in 100..160 {
            let text = fit(&[Line::needed(format!("{} 025550102 11h30-16h {}", "a".repeat(filler), "b".repeat(60)))]);
            let parts = segmented(&text);
            for whole in ["025550102", "11h30-16h"] {
                assert!(parts.iter().any(|part| part.contains(whole)), "{whole} is cut in {parts:?}");
            }
        }
    }
}
