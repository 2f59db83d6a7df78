//! Where places lie to each other, without trigonometry: as points on a ball, from west to east.

use std::sync::{Arc, Mutex, PoisonError};

use super::Territory;
use super::line::{EARTH_KM, MOST_CODES};
use crate::cache::Cache;
use crate::packed::{Column, Sections, number_at};
use crate::phone::Country;

/// How far "look further" looks, in kilometres.
const WIDER_KM: f64 = 20.0;

/// How far the nearest answer is looked for where there is none nearer, in kilometres.
pub const FARTHEST_KM: f64 = 30.0;

/// Places of which it is remembered what is around them: people ask from the same few.
const MOST_PLACES: usize = 512;

/// What is within reach of places, worked out once for those that are asked from.
#[derive(Debug)]
pub(crate) struct Around {
    codes: Mutex<Known>,
    areas: Mutex<Known>,
}

/// The ring of a place by its country and code.
type Known = Cache<(Country, String), Arc<[String]>>;

impl Default for Around {
    fn default() -> Self {
        let known = || Mutex::new(Cache::new(MOST_PLACES));
        Self { codes: known(), areas: known() }
    }
}

impl Around {
    /// Postal codes around one, nearest first.
    pub(crate) fn of(&self, territory: &Territory<'_>, country: Country, postal_code: &str) -> Arc<[String]> {
        remembered(&self.codes, country, postal_code, || territory.around(country, postal_code, WIDER_KM, MOST_CODES))
    }

    /// Postal areas around a postal code, nearest first; see [`postal_area`].
    pub(crate) fn areas_of(&self, territory: &Territory<'_>, country: Country, postal_code: &str) -> Arc<[String]> {
        remembered(&self.areas, country, postal_code, || {
            let mut areas: Vec<String> = Vec::new();
            for area in territory.around(country, postal_code, FARTHEST_KM, usize::MAX).iter().filter_map(|code| postal_area(code)) {
                if !areas.contains(&area) {
                    areas.push(area);
                }
            }
            areas
        })
    }
}

fn remembered(known: &Mutex<Known>, country: Country, postal_code: &str, around: impl FnOnce() -> Vec<String>) -> Arc<[String]> {
    let place = (country, postal_code.to_owned());
    let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
    known.get(&place).unwrap_or_else(|| {
        let around: Arc<[String]> = around().into();
        known.keep(place, Arc::clone(&around), 1);
        around
    })
}

/// The area of a postal code, about as large as a province: its first two digits, then a star for each digit left out.
/// `None` for what is no postal code.
pub fn postal_area(postal_code: &str) -> Option<String> {
    let is_code = (4..=5).contains(&postal_code.len()) && postal_code.bytes().all(|byte| byte.is_ascii_digit());
    let area = postal_code.get(..2).filter(|_| is_code)?;
    Some(format!("{area:*<length$}", length = postal_code.len()))
}

/// The points of a country's postal codes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Map<'t> {
    points: Column<'t, 24>,
    /// Which one each of the points is, and where the point of each one is.
    numbers: Column<'t, 2>,
    places: Column<'t, 2>,
}

impl<'t> Map<'t> {
    pub(super) fn read(sections: &mut Sections<'t>) -> Self {
        Self { points: sections.column(), numbers: sections.column(), places: sections.column() }
    }

    /// Where one of them lies on the ball.
    pub(super) fn of(self, number: usize) -> Option<[f64; 3]> {
        self.points.get(number_at(self.places, number)?).map(coordinates)
    }

    /// All that lie within so many kilometres, with a measure that grows with their distance: the
    /// square of the straight line through the ball.
    pub(super) fn within(self, here: [f64; 3], radius_km: f64) -> impl Iterator<Item = (f64, usize)> {
        let reach = 2.0 * (radius_km / (2.0 * EARTH_KM)).sin();
        let [_, east, _] = here;
        let first = self.points.partition_point(|point| eastward(point) < east - reach);
        let points = self.points.get(first..).unwrap_or_default().iter().take_while(move |point| eastward(point) <= east + reach);
        let numbers = self.numbers.get(first..).unwrap_or_default();
        points.zip(numbers).filter_map(move |(point, number)| {
            let [x, y, z] = coordinates(point);
            let [here_x, here_y, here_z] = here;
            let line = (x - here_x) * (x - here_x) + (y - here_y) * (y - here_y) + (z - here_z) * (z - here_z);
            (line <= reach * reach).then(|| (line, usize::from(u16::from_le_bytes(*number))))
        })
    }
}

fn coordinates(point: &[u8; 24]) -> [f64; 3] {
    let [a, b, c] = point.as_chunks::<8>().0 else { return [f64::NAN; 3] };
    [a, b, c].map(|bytes| f64::from_le_bytes(*bytes))
}

fn eastward(point: &[u8; 24]) -> f64 {
    let [_, east, _] = coordinates(point);
    east
}
