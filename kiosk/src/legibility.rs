//! Whether letters can be read from where visitors stand. Pure.
//!
//! EN 301 549, 5.1.4: the height of a capital H is seen under at least 0.7 degrees, which is 0.0122 of the distance.

use crate::page::Grid;

/// Height of a capital against its distance.
const SEEN: f64 = 0.0122;

/// Height of a capital against that of a cell, in the fonts that terminals have (0.58 to 0.63 were measured).
const IN_CELLS: f64 = 0.60;

/// The same for the smallest letters of a picture: second lines are nine tenths of a cell high from line to line, and
/// a capital of Noto Sans is 0.714 of 0.76 of that.
const IN_PICTURES: f64 = 0.9 * 0.76 * 0.714;

const MM_PER_INCH: f64 = 25.4;

/// A screen, and where visitors stand.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Legibility {
    /// Its diagonal, in inches.
    pub diagonal_in: f64,
    /// Its height against its width: 0.625 for 16 by 10.
    pub ratio: f64,
    /// From the eyes to the screen, in millimetres.
    pub distance_mm: f64,
}

impl Legibility {
    /// The height of the smallest capital, in millimetres, on so many rows.
    pub fn capital_mm(&self, grid: Grid, in_pictures: bool) -> f64 {
        let width = self.diagonal_in * MM_PER_INCH / self.ratio.hypot(1.0);
        let cell = width * self.ratio / f64::from(grid.rows.max(1));
        cell * if in_pictures { IN_PICTURES } else { IN_CELLS }
    }

    /// The height that it must have.
    pub fn needed_mm(&self) -> f64 {
        SEEN * self.distance_mm
    }

    /// From how far such letters can be read, in millimetres.
    pub fn farthest_mm(capital_mm: f64) -> f64 {
        capital_mm / SEEN
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn legibility(diagonal_in: f64, distance_mm: f64) -> Legibility {
        Legibility { diagonal_in, ratio: 0.625, distance_mm }
    }

    fn is_legible(legibility: Legibility, columns: u16, rows: u16) -> bool {
        legibility.capital_mm(Grid { columns, rows }, false) >= legibility.needed_mm()
    }

    #[test]
    fn the_figures_of_the_norm() {
        let needed = [(400.0, 4.9), (500.0, 6.1), (600.0, 7.3)];
        for (distance, height) in needed {
            assert!((legibility(10.1, distance).needed_mm() - height).abs() < 0.05, "{distance}");
        }
    }

    #[test]
    fn small_screens_with_many_rows_are_refused() {
        assert!(!is_legible(legibility(10.1, 400.0), 80, 25));
        assert!(!is_legible(legibility(10.1, 400.0), 64, 20));
        assert!(is_legible(legibility(10.1, 400.0), 53, 16));
        assert!(is_legible(legibility(13.3, 440.0), 64, 20));
        assert!(is_legible(legibility(15.6, 510.0), 64, 20));
        assert!(!is_legible(legibility(15.6, 530.0), 64, 20));
    }

    #[test]
    fn pictures_have_smaller_second_lines() {
        let legibility = legibility(15.6, 400.0);
        let grid = Grid { columns: 64, rows: 20 };
        assert!(legibility.capital_mm(grid, true) < legibility.capital_mm(grid, false));
        assert!(legibility.capital_mm(grid, true) >= legibility.needed_mm());
        assert!((Legibility::farthest_mm(legibility.needed_mm()) - 400.0).abs() < 0.001);
    }
}
