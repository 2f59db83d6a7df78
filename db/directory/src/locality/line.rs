//! Lines of the tables in `config/territory`: where they begin, and what they say.

use crate::country::Country;
use crate::language::Language;

/// Mean radius of the Earth in kilometres (IUGG).
pub(crate) const EARTH_KM: f64 = 6371.0088;

/// At most this many postal codes stand for a named place.
pub const MOST_CODES: usize = 25;

/// A point in WGS84 degrees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Latitude.
    pub lat: f64,
    /// Longitude.
    pub lon: f64,
}

impl Point {
    /// Great-circle distance in kilometres.
    pub fn distance_km(self, other: Self) -> f64 {
        let (lat1, lat2) = (self.lat.to_radians(), other.lat.to_radians());
        let half_lat = ((lat2 - lat1) / 2.0).sin();
        let half_lon = ((other.lon - self.lon).to_radians() / 2.0).sin();
        let chord = half_lat * half_lat + lat1.cos() * lat2.cos() * half_lon * half_lon;
        2.0 * EARTH_KM * chord.sqrt().min(1.0).asin()
    }

    /// Where it is on a ball of radius 1, as seen from the ball's middle: towards the Gulf of Guinea,
    /// eastwards, northwards.
    pub(crate) fn on_ball(self) -> [f64; 3] {
        let (lat, lon) = (self.lat.to_radians(), self.lon.to_radians());
        [lat.cos() * lon.cos(), lat.cos() * lon.sin(), lat.sin()]
    }
}

/// One postal code within one commune (a code can span communes).
#[derive(Debug, Clone, Copy)]
pub struct PostalArea<'t> {
    /// The country.
    pub country: Country,
    /// Four digits in Belgium, five in France.
    pub postal_code: &'t str,
    /// NIS (Belgium) or INSEE (France) code of the commune.
    pub commune: &'t str,
    /// The commune's names: French, Dutch, German; German may be empty.
    pub names: [&'t str; 3],
    /// Middle of the area.
    pub point: Point,
}

impl<'t> PostalArea<'t> {
    /// Reads a line of `belgium.tsv`: the area, and its villages with `|` between them.
    pub(crate) fn read(line: &'t str) -> Option<(Self, &'t str)> {
        let mut columns = line.split('\t');
        let area = Self {
            country: Country::Be,
            postal_code: columns.next()?,
            commune: columns.next()?,
            names: [columns.next()?, columns.next()?, columns.next()?],
            point: {
                let _region = columns.next()?;
                Point { lat: columns.next()?.parse().ok()?, lon: columns.next()?.parse().ok()? }
            },
        };
        Some((area, columns.next().unwrap_or_default()))
    }

    /// The commune's name in that language; English readers get the French one.
    pub fn name(&self, language: Language) -> &'t str {
        let [french, dutch, german] = self.names;
        match language {
            Language::Nl => dutch,
            Language::De if !german.is_empty() => german,
            _ => french,
        }
    }
}

/// One French commune.
#[derive(Debug, Clone, Copy)]
pub struct Town<'t> {
    /// Its name.
    pub name: &'t str,
    /// Its INSEE code.
    pub insee: &'t str,
    /// Its postal codes, the main one first, with `|` between them.
    pub postal_codes: &'t str,
    /// Its middle.
    pub point: Point,
    /// How many people live there.
    pub population: u32,
}

impl<'t> Town<'t> {
    pub(crate) fn read(line: &'t str) -> Option<Self> {
        let mut columns = line.split('\t').skip(1);
        Some(Self {
            name: columns.next()?,
            insee: columns.next()?,
            postal_codes: columns.next()?,
            point: Point { lat: columns.next()?.parse().ok()?, lon: columns.next()?.parse().ok()? },
            population: columns.next()?.parse().ok()?,
        })
    }
}

/// How much a name is worth as the name of a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rank {
    /// A French town of at least 100 000 people: meant even where a Belgian commune has its name.
    City,
    /// A Belgian commune of today.
    Commune,
    /// A former commune, a village, a neighbourhood.
    Locality,
    /// A French town of at least 5 000 people.
    Town,
    /// Another French commune.
    Village,
}
