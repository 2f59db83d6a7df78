//! Letters as large as a box allows, on as many lines as it takes.

use std::ops::RangeInclusive;

use printer::raster::draw;

use super::canvas::{Canvas, Frame};
use crate::palette::Colour;

/// Widths are measured once at this height, and are in proportion at others.
const MEASURED: u16 = 64;

/// Where lines begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    Left,
    Right,
    Middle,
}

/// Writes a text into a box, in lines of such heights: what does not fit the smallest is cut at the end.
pub(super) fn write(canvas: &mut Canvas, text: &str, frame: Frame, ink: Colour, heights: RangeInclusive<u16>, fit: Fit) {
    if frame.width < 4 || frame.height < 4 || text.trim().is_empty() {
        return;
    }
    let (lines, height) = fitted(text, frame, *heights.end(), *heights.start());
    let count = u16::try_from(lines.len()).unwrap_or(1);
    let top = match fit {
        Fit::Middle => frame.y + frame.height.saturating_sub(count * height) / 2,
        Fit::Left | Fit::Right => frame.y + if count == 1 { frame.height.saturating_sub(height) / 2 } else { 0 },
    };
    for (number, line) in (0..).zip(lines) {
        let drawn = draw(&line, height, frame.width);
        let free = frame.width.saturating_sub(drawn.width);
        let shift = match fit {
            Fit::Left => 0,
            Fit::Right => free,
            Fit::Middle => free / 2,
        };
        canvas.ink(&drawn, frame.x + shift, top + number * height, ink);
    }
}

/// The lines, and their height.
pub(super) fn fitted(text: &str, frame: Frame, most: u16, least: u16) -> (Vec<String>, u16) {
    let words: Vec<(&str, u32)> = text.split(' ').filter(|word| !word.is_empty()).map(|word| (word, measured(word))).collect();
    let mut height = most.min(frame.height).max(least);
    loop {
        let lines = broken(&words, frame.width, height);
        let is_high = u32::try_from(lines.len()).unwrap_or(u32::MAX) * u32::from(height) > u32::from(frame.height);
        let is_wide = lines.iter().any(|(_, width)| *width > u32::from(frame.width));
        if height <= least || !(is_high || is_wide) {
            return (lines.into_iter().map(|(line, _)| line).collect(), height);
        }
        height -= (height / 16).max(1);
    }
}

fn measured(text: &str) -> u32 {
    u32::from(draw(text, MEASURED, u16::MAX).width)
}

fn broken(words: &[(&str, u32)], most: u16, height: u16) -> Vec<(String, u32)> {
    let scaled = |width: u32| (width * u32::from(height)).div_ceil(u32::from(MEASURED));
    let blank = scaled(u32::from(MEASURED) / 5);
    let mut lines: Vec<(String, u32)> = Vec::new();
    for (word, width) in words {
        let width = scaled(*width);
        match lines.last_mut() {
            Some((line, used)) if *used + blank + width <= u32::from(most) => {
                line.push(' ');
                line.push_str(word);
                *used += blank + width;
            }
            _ => lines.push(((*word).to_owned(), width)),
        }
    }
    lines
}
