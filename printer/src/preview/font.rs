//! The printer's own letters, 12 dots wide and 24 high, from a console font (PSF version 2).

use std::collections::HashMap;
use std::sync::OnceLock;

const FONT: &[u8] = include_bytes!("../../fonts/terminus-font-24x12-bold.psf");

/// Width of a letter.
pub(super) const WIDTH: u16 = 12;

/// Height of a letter.
pub(super) const HEIGHT: u16 = 24;

/// Bytes of a letter: two a row.
const SIZE: usize = 48;

/// The rows of a letter, the leftmost dot in the highest bit.
pub(super) fn rows(letter: char) -> Option<[u16; HEIGHT as usize]> {
    static FOUND: OnceLock<HashMap<char, [u16; HEIGHT as usize]>> = OnceLock::new();
    FOUND.get_or_init(letters).get(&letter).copied()
}

/// Behind a head of 32 bytes the letters, behind them which characters each stands for, in UTF-8, 0xff at the end
/// of each and 0xfe before sequences, which we do without.
fn letters() -> HashMap<char, [u16; HEIGHT as usize]> {
    let mut found = HashMap::new();
    let count = FONT.get(16..20).and_then(|bytes| bytes.try_into().ok()).map_or(0, u32::from_le_bytes) as usize;
    let drawn = FONT.get(32..32 + count * SIZE).unwrap_or_default();
    let names = FONT.get(32 + count * SIZE..).unwrap_or_default();
    for (drawn, names) in drawn.chunks(SIZE).zip(names.split(|byte| *byte == 0xff)) {
        let mut rows = [0; HEIGHT as usize];
        for (row, bytes) in rows.iter_mut().zip(drawn.chunks(2)) {
            *row = bytes.try_into().map_or(0, u16::from_be_bytes);
        }
        let single = names.split(|byte| *byte == 0xfe).next().unwrap_or_default();
        for name in std::str::from_utf8(single).unwrap_or_default().chars() {
            found.insert(name, rows);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code_page::CodePage;

    #[test]
    fn every_letter_of_western_pages_can_be_shown() {
        let lacking: Vec<char> = (128..=255).filter_map(|byte| CodePage::Wpc1252.letter(byte)).filter(|letter| rows(*letter).is_none()).collect();
        assert_eq!(lacking, Vec::<char>::new());
        assert!(rows('A').is_some_and(|rows| rows.iter().any(|row| *row != 0)));
    }
}
