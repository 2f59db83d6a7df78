//! Counts as bars.

use askama::Template;

/// How far the rows of two bars are from each other.
const ROW: usize = 30;
/// Room above the first bar and below the last.
const MARGIN: usize = 8;
/// The longest bar: between the names on its left and its count on its right.
const LONGEST: u64 = 360;

#[derive(Template)]
#[template(path = "chart.svg")]
struct Chart {
    height: usize,
    bars: Vec<Bar>,
}

struct Bar {
    name: String,
    count: u64,
    /// Where its row begins.
    top: usize,
    length: u64,
}

/// Draws bars one under the other as SVG; `None` where there is nothing to compare.
pub(super) fn bars(counts: &[(String, u64)]) -> Option<String> {
    let most = counts.iter().map(|(_, count)| *count).max().filter(|most| *most > 0)?;
    let bars = counts.iter().enumerate().map(|(place, (name, count))| Bar {
        name: cut(name),
        count: *count,
        top: place * ROW + MARGIN,
        length: (LONGEST * count / most).max(1),
    });
    Chart { height: counts.len() * ROW + 2 * MARGIN, bars: bars.collect() }.render().ok()
}

/// A name that fits its room.
fn cut(name: &str) -> String {
    if name.chars().count() <= 32 { name.to_owned() } else { format!("{}…", name.chars().take(31).collect::<String>()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_as_long_as_its_count() {
        let svg = bars(&[("Manger".to_owned(), 40), ("Dormir & co".to_owned(), 10)]).unwrap();
        assert!(svg.starts_with("<svg") && svg.contains("Dormir &#38; co") && svg.contains(">40<"), "{svg}");
        assert!(svg.contains("width=\"360\"") && svg.contains("width=\"90\""), "{svg}");
        assert_eq!(bars(&[]), None);
        assert_eq!(bars(&[("Manger".to_owned(), 0)]), None);
    }
}
