//! Fits lines into one segment, or two: wished-for lines only while they cost no segment more, and no
//! number cut by the border between two segments.

use super::gsm7::{Encoding, count, length, measure};

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
    let shifted = |wish| shift_borders(&joined(lines, wish));
    let needed = shifted(0);
    let most = count(&needed).clamp(1, 2);
    let dearest = lines.iter().map(|line| line.wish).max().unwrap_or_default();
    (1..=dearest).rev().map(shifted).find(|text| count(text) <= most).unwrap_or(needed)
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

/// Where the border between two segments would cut a number, an hour or a word, spaces move the whole
/// of it into the next segment: some phones show the parts apart.
fn shift_borders(text: &str) -> String {
    let (encoding, units) = measure(text);
    let (alone, chained) = encoding.limits();
    if units <= alone {
        return text.to_owned();
    }
    let mut shifted = String::with_capacity(text.len() + 16);
    let mut used = 0;
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let token_length = rest.find([' ', '\n']).unwrap_or(rest.len()).max(first.len_utf8());
        let (token, behind) = rest.split_at_checked(token_length).unwrap_or((rest, ""));
        let units = length(token, encoding);
        let begins_at = used % chained;
        if begins_at > 0 && begins_at + units > chained && units <= LONGEST_WORD && !token.starts_with([' ', '\n']) {
            let gap = chained - begins_at;
            shifted.extend(std::iter::repeat_n(' ', gap));
            used += gap;
        }
        shifted.push_str(token);
        used += units;
        rest = behind;
    }
    shifted
}

#[cfg(test)]
mod tests {
    use super::super::gsm7::segments;
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
    fn no_number_is_cut_by_a_border() {
        for filler in 100..160 {
            let text = fit(&[Line::needed(format!("{} 025550102 11h30-16h {}", "a".repeat(filler), "b".repeat(60)))]);
            let parts = segments(&text);
            for whole in ["025550102", "11h30-16h"] {
                assert!(parts.iter().any(|part| part.contains(whole)), "{whole} is cut in {parts:?}");
            }
        }
    }
}
