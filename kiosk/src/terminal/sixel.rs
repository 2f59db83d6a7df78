//! A canvas as sixels, the pictures of the DEC VT340 that xterm shows (VT330/VT340 Programmer Reference, volume 2, chapter 14).
//!
//! Not the library's encoder: that one looks for the best 256 colours of a photograph, which takes as long as all the
//! rest of a page. Drawings have few colours, which need only be counted, and most dots have the colour of the ground,
//! which is laid once under all the others.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::iter::repeat_n;

use crate::picture::Canvas;

/// Rows of a band.
const BAND: usize = 6;

/// The colours that a picture may have: xterm gives each of its pictures as many.
const COLOURS: usize = 256;

/// A colour of fewer dots than one in so many is the edge of a letter or a corner: it need not be exact.
const RARE: usize = 400;

type Dot = [u8; 3];

/// One colour of a band.
struct Layer {
    /// Six dots a column, the topmost in the lowest bit.
    sixels: Vec<u8>,
    /// Its dots.
    count: usize,
}

/// The picture, after the cells that it covers were erased.
pub(super) fn encode(canvas: &Canvas, columns: u16, rows: u16) -> String {
    let (width, height) = (usize::from(canvas.width()), usize::from(canvas.height()));
    let (palette, colours) = counted(canvas);
    let mut out = String::with_capacity(width * height / 8);
    erase(&mut out, columns, rows);
    let _ = write!(out, "\x1bP0;1;0q\"1;1;{width};{height}");
    for (number, dot) in palette.iter().enumerate() {
        let [red, green, blue] = dot.map(|share| u32::from(share) * 100 / 255);
        let _ = write!(out, "#{number};2;{red};{green};{blue}");
    }
    let mut layers: Vec<Layer> = palette.iter().map(|_| Layer { sixels: vec![0; width], count: 0 }).collect();
    for band in colours.chunks(width.max(1) * BAND) {
        for (row, dots) in band.chunks(width.max(1)).enumerate() {
            for (column, colour) in dots.iter().enumerate() {
                let Some(layer) = layers.get_mut(usize::from(*colour)) else { continue };
                layer.count += 1;
                if let Some(sixel) = layer.sixels.get_mut(column) {
                    *sixel |= 1 << row;
                }
            }
        }
        let ground = layers.iter().enumerate().max_by_key(|(_, layer)| layer.count).map_or(0, |(place, _)| place);
        let all = (1_u8 << band.len().div_ceil(width.max(1))) - 1;
        line(&mut out, ground, &vec![all; width]);
        for (colour, layer) in layers.iter_mut().enumerate().filter(|(_, layer)| layer.count > 0) {
            if colour != ground {
                line(&mut out, colour, &layer.sixels);
            }
            layer.sixels.fill(0);
            layer.count = 0;
        }
        out.push('-');
    }
    out.push_str("\x1b\\");
    out
}

/// As the library does, for whatever stood in the cells: else it stays in the terminal behind the picture.
fn erase(out: &mut String, columns: u16, rows: u16) {
    for _ in 0..rows {
        let _ = write!(out, "\x1b[{columns}X\x1b[1B");
    }
    let _ = write!(out, "\x1b[{rows}A");
}

/// The colours of a picture, and which of them each dot has.
fn counted(canvas: &Canvas) -> (Vec<Dot>, Vec<u8>) {
    let (dots, _) = canvas.dots().as_chunks::<3>();
    let runs = || dots.chunk_by(|one, other| one == other);
    let mut counts: BTreeMap<Dot, usize> = BTreeMap::new();
    for run in runs() {
        if let Some(dot) = run.first() {
            *counts.entry(*dot).or_default() += run.len();
        }
    }
    let mut found = reduced(&counts, 32, dots.len() / RARE);
    if found.0.len() > COLOURS {
        found = reduced(&counts, 64, usize::MAX);
    }
    let (palette, places) = found;
    let place = |run: &[Dot]| run.first().and_then(|dot| places.get(dot)).copied().unwrap_or(0);
    let colours = runs().flat_map(|run| repeat_n(place(run), run.len())).collect();
    (palette, colours)
}

/// Fewer colours, and which of them stands for each: those of many dots stay as they are, the others come in steps.
fn reduced(counts: &BTreeMap<Dot, usize>, step: u8, many: usize) -> (Vec<Dot>, BTreeMap<Dot, u8>) {
    let mut palette: Vec<Dot> = Vec::new();
    let place = |(dot, count): (&Dot, &usize)| {
        let shown = if *count > many { *dot } else { dot.map(|share| coarse(share, step)) };
        let place = palette.iter().position(|known| *known == shown).unwrap_or_else(|| {
            palette.push(shown);
            palette.len() - 1
        });
        (*dot, u8::try_from(place).unwrap_or(0))
    };
    let places = counts.iter().map(place).collect();
    (palette, places)
}

/// In the middle of its step.
fn coarse(share: u8, step: u8) -> u8 {
    share / step * step + step / 2
}

/// One colour of a band; what is empty at its end need not be said.
fn line(out: &mut String, colour: usize, sixels: &[u8]) {
    let length = sixels.iter().rposition(|bits| *bits > 0).map_or(0, |place| place + 1);
    let _ = write!(out, "#{colour}");
    for run in sixels.get(..length).unwrap_or_default().chunk_by(|one, other| one == other) {
        let sign = char::from(b'?' + run.first().copied().unwrap_or(0));
        if run.len() > 3 {
            let _ = write!(out, "!{}{sign}", run.len());
        } else {
            out.extend(run.iter().map(|_| sign));
        }
    }
    out.push('$');
}

#[cfg(test)]
mod tests;
