//! Counts as bars.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

const WIDTH: u32 = 720;
const BAR: u32 = 30;
const MARGIN: u32 = 8;
/// Room for names, on the left.
const NAMES: i32 = 300;
/// Room for counts, on the right.
const COUNTS: i32 = 60;

/// Bars one under the other, longest first, as SVG; nothing where there is nothing to compare.
pub(super) fn bars(bars: &[(String, u64)]) -> Option<String> {
    let most = bars.iter().map(|(_, count)| *count).max().filter(|most| *most > 0)?;
    let mut svg = String::new();
    let height = u32::try_from(bars.len()).ok()? * BAR + 2 * MARGIN;
    {
        let area = SVGBackend::with_string(&mut svg, (WIDTH, height)).into_drawing_area();
        area.fill(&WHITE).ok()?;
        let style = ("sans-serif", 17).into_font().color(&BLACK);
        let (right, middle) = (style.pos(Pos::new(HPos::Right, VPos::Center)), style.pos(Pos::new(HPos::Left, VPos::Center)));
        let room = i32::try_from(WIDTH).ok()? - NAMES - COUNTS;
        for (place, (name, count)) in (0_i32..).zip(bars) {
            let top = place * i32::try_from(BAR).ok()? + i32::try_from(MARGIN).ok()?;
            let centre = top + i32::try_from(BAR).ok()? / 2;
            let length = i32::try_from(u64::try_from(room).ok()? * count / most).ok()?.max(1);
            area.draw(&Text::new(cut(name), (NAMES - 8, centre), right.clone())).ok()?;
            area.draw(&Rectangle::new([(NAMES, top + 4), (NAMES + length, top + i32::try_from(BAR).ok()? - 4)], RGBColor(11, 79, 158).filled())).ok()?;
            area.draw(&Text::new(count.to_string(), (NAMES + length + 6, centre), middle.clone())).ok()?;
        }
        area.present().ok()?;
    }
    Some(svg)
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
        assert!(svg.starts_with("<svg") && svg.contains("Dormir &amp; co") && svg.contains(">\n40\n"), "{svg}");
        assert_eq!(bars(&[]), None);
        assert_eq!(bars(&[("Manger".to_owned(), 0)]), None);
    }
}
