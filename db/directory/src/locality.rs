//! Places people name: Belgian postal codes and communes in three languages, their former communes
//! and villages, Brussels neighbourhoods, French communes. Names to postal codes, and distances.
//!
//! Built once from the tables in `config/territory`; the texts stay where they are and are only
//! pointed into.

mod table;

use std::collections::HashMap;

pub use table::{TerritoryError, Town};

use crate::language::Language;
use crate::phone::Country;
use crate::words::{self, letter_set};

/// At most this many postal codes stand for a named place.
pub const MOST_CODES: usize = 25;

/// Mean radius of the Earth in kilometres (IUGG).
const EARTH_KM: f64 = 6371.0088;

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

/// What a name or a postal code in a message stands for.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Locality {
    /// The country.
    pub country: Country,
    /// The postal codes meant, the main one first, at most [`MOST_CODES`].
    pub postal_codes: Vec<String>,
    /// How the place was named or is called.
    pub name: String,
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

/// A name in the index.
#[derive(Debug, Clone)]
struct Name<'t> {
    rank: Rank,
    country: Country,
    /// Indices into `areas` (Belgium) or byte offset of the line (France), main one first.
    codes: Vec<&'t str>,
    shown: &'t str,
}

/// The gazetteer.
#[derive(Debug)]
pub struct Territory<'t> {
    areas: Vec<PostalArea<'t>>,
    by_code: HashMap<&'t str, Vec<usize>>,
    names: HashMap<String, Name<'t>>,
    /// Belgian names for the search by spelling: folded, phonetic, letters.
    spellings: Vec<Spelling>,
    france: table::France<'t>,
    /// Folded names of French towns in other languages → their folded French names.
    exonyms: HashMap<&'t str, &'t str>,
}

#[derive(Debug)]
struct Spelling {
    folded: String,
    sound: String,
    letters: u64,
}

/// A place found in a message.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Hit {
    pub(crate) locality: Locality,
    pub(crate) rank: Rank,
    /// Half edits between what was typed and the name: 0 exact, 1 "sounds the same", 2 an edit.
    pub(crate) distance: usize,
}

impl<'t> Territory<'t> {
    /// Every postal area of Belgium.
    pub fn areas(&self) -> &[PostalArea<'t>] {
        &self.areas
    }

    /// Every commune of France, in the order of their folded names; the districts of Paris, Lyon and
    /// Marseille too.
    pub fn french_towns(&self) -> impl Iterator<Item = Town<'t>> {
        self.france.towns()
    }

    /// The areas of a Belgian postal code, the commune that gives it its name first.
    pub fn areas_of(&self, postal_code: &str) -> impl Iterator<Item = &PostalArea<'t>> {
        self.by_code.get(postal_code).into_iter().flatten().filter_map(|index| self.areas.get(*index))
    }

    /// The place a postal code stands for: four digits are Belgian, five French; `None` when no such
    /// code exists.
    pub fn postal_code(&self, digits: &str) -> Option<Locality> {
        match digits.len() {
            4 => {
                let area = self.areas_of(digits).next()?;
                Some(Locality {
                    country: Country::Be,
                    postal_codes: vec![area.postal_code.to_owned()],
                    name: area.names.first().copied().unwrap_or_default().to_owned(),
                })
            }
            5 => {
                let (code, name) = self.france.postal_code(digits)?;
                Some(Locality { country: Country::Fr, postal_codes: vec![code.to_owned()], name: name.to_owned() })
            }
            _ => None,
        }
    }

    /// The middle of a postal code's area.
    pub fn point(&self, country: Country, postal_code: &str) -> Option<Point> {
        match country {
            Country::Be => self.areas_of(postal_code).next().map(|area| area.point),
            Country::Fr => self.france.point(postal_code),
        }
    }

    /// NIS or INSEE code of the commune that a postal code's mail goes to, helped by a town's name.
    pub fn commune(&self, country: Country, postal_code: &str, town: Option<&str>) -> Option<String> {
        match country {
            Country::Be => {
                let wanted = town.map(words::fold);
                let named =
                    self.areas_of(postal_code).find(|area| wanted.as_deref().is_some_and(|wanted| area.names.iter().any(|name| words::fold(name) == wanted)));
                named.or_else(|| self.areas_of(postal_code).next()).map(|area| area.commune.to_owned())
            }
            Country::Fr => self.france.commune(postal_code, town),
        }
    }

    /// The name of a postal code's commune in that language.
    pub fn commune_name(&self, country: Country, postal_code: &str, language: Language) -> Option<&'t str> {
        match country {
            Country::Be => self.areas_of(postal_code).next().map(|area| area.name(language)),
            Country::Fr => self.france.postal_code(postal_code).map(|(_, name)| name),
        }
    }

    /// The postal code whose middle is nearest to a point of that country, within 30 km.
    pub fn nearest_code(&self, country: Country, point: Point) -> Option<String> {
        let nearest = |codes: &mut dyn Iterator<Item = (&'t str, Point)>| {
            codes
                .map(|(code, middle)| (point.distance_km(middle), code))
                .filter(|(distance, _)| *distance <= 30.0)
                .min_by(|left, right| left.0.total_cmp(&right.0))
        };
        let (_, code) = match country {
            Country::Be => nearest(&mut self.areas.iter().map(|area| (area.postal_code, area.point))),
            Country::Fr => nearest(&mut self.france.points()),
        }?;
        Some(code.to_owned())
    }

    /// Postal codes of the same country within `radius_km`, nearest first, at most `most`.
    pub fn around(&self, country: Country, postal_code: &str, radius_km: f64, most: usize) -> Vec<String> {
        let Some(here) = self.point(country, postal_code) else { return Vec::new() };
        // A degree of latitude is 111 km everywhere, one of longitude at least 68 km here (52° north): most of a
        // country is ruled out without trigonometry.
        let in_reach = |point: &Point| (point.lat - here.lat).abs() <= radius_km / 111.0 && (point.lon - here.lon).abs() <= radius_km / 68.0;
        let mut near: Vec<(f64, &str)> = match country {
            Country::Be => self.areas.iter().filter(|area| in_reach(&area.point)).map(|area| (here.distance_km(area.point), area.postal_code)).collect(),
            Country::Fr => self.france.points().filter(|(_, point)| in_reach(point)).map(|(code, point)| (here.distance_km(point), code)).collect(),
        };
        near.retain(|(distance, _)| *distance <= radius_km);
        near.sort_by(|left, right| left.0.total_cmp(&right.0).then(left.1.cmp(right.1)));
        let mut codes: Vec<String> = Vec::new();
        for (_, code) in near {
            if codes.len() == most {
                break;
            }
            if !codes.iter().any(|known| known == code) {
                codes.push(code.to_owned());
            }
        }
        codes
    }

    /// The place with exactly this folded name, in any of the languages.
    pub(crate) fn named(&self, folded: &str) -> Option<Hit> {
        let french = self.exonyms.get(folded).copied().unwrap_or(folded);
        let town = self.france.named(french);
        let city = town.filter(|town| town.population >= 100_000);
        if let (None, Some(name)) = (city, self.names.get(folded)) {
            return Some(name.hit(0));
        }
        let town = town?;
        let rank = match town.population {
            100_000.. => Rank::City,
            5_000.. => Rank::Town,
            _ => Rank::Village,
        };
        let postal_codes = town.postal_codes.split('|').take(MOST_CODES).map(ToOwned::to_owned).collect();
        Some(Hit { locality: Locality { country: Country::Fr, postal_codes, name: town.name.to_owned() }, rank, distance: 0 })
    }

    /// The Belgian place whose name is nearest in sound or spelling, within the word's tolerance.
    pub(crate) fn nearest(&self, folded: &str) -> Option<Hit> {
        // Names of places are many and alike: two edits only in long ones.
        let limit = match folded.chars().count() {
            0..=4 => return None,
            5..=9 => 1,
            _ => 2,
        };
        let letters = letter_set(folded);
        let sound = words::phonetic(folded);
        let mut best: Option<(usize, &Name<'t>, &str)> = None;
        for spelling in &self.spellings {
            let far = (letters ^ spelling.letters).count_ones() as usize > 2 * limit;
            let distance = if sound == spelling.sound {
                1
            } else if far {
                continue;
            } else {
                match words::distance_within(folded, &spelling.folded, limit) {
                    Some(distance) => 2 * distance,
                    None => continue,
                }
            };
            let Some(name) = self.names.get(&spelling.folded) else { continue };
            let better = best.is_none_or(|(known, other, text)| {
                (distance, name.rank, spelling.folded.len(), spelling.folded.as_str()) < (known, other.rank, text.len(), text)
            });
            if better {
                best = Some((distance, name, &spelling.folded));
            }
        }
        best.map(|(distance, name, _)| name.hit(distance))
    }
}

impl Name<'_> {
    fn hit(&self, distance: usize) -> Hit {
        Hit {
            locality: Locality {
                country: self.country,
                postal_codes: self.codes.iter().take(MOST_CODES).map(|code| (*code).to_owned()).collect(),
                name: self.shown.to_owned(),
            },
            rank: self.rank,
            distance,
        }
    }
}

#[cfg(test)]
mod tests;
