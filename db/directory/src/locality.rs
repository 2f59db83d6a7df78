//! Places people name: Belgian postal codes and communes in three languages, their former communes
//! and villages, Brussels neighbourhoods, French communes. Names to postal codes, and distances.
//!
//! The tables of `config/territory` are compiled in and read line by line where something is asked;
//! where its line is, a table says that `build.rs` made.

mod around;
pub(crate) mod line;

use std::cmp::Ordering;

use crate::language::Language;
use crate::packed::{Column, Hash, Index, Sections, Texts, find_slot, number_at};
use crate::phone::Country;
use crate::spelling::Spellings;
use words::edit_distance::Pattern;
use words::{self, Typed, letter_set};

pub(crate) use around::Around;
use around::Map;
pub use around::{FARTHEST_KM, postal_area};
pub(crate) use line::Rank;
pub use line::{MOST_CODES, Point, PostalArea, Town};

/// Shorter names of places may be abbreviations.
const SHORTEST_NAME: usize = 4;

/// What a name or a postal code in a message stands for.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Locality {
    /// The country.
    pub country: Country,
    /// The postal codes meant, the main one first, at most [`MOST_CODES`].
    pub postal_codes: Vec<String>,
    /// How the place was named or is called.
    pub name: String,
}

/// A locality that still lies in the tables.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Place<'t> {
    country: Country,
    /// With `|` between them.
    codes: &'t str,
    pub(crate) name: &'t str,
}

impl<'t> Place<'t> {
    pub(crate) fn postal_codes(self) -> impl Iterator<Item = &'t str> {
        self.codes.split('|').take(MOST_CODES)
    }

    pub(crate) fn to_locality(self) -> Locality {
        Locality { country: self.country, postal_codes: self.postal_codes().map(ToOwned::to_owned).collect(), name: self.name.to_owned() }
    }
}

/// A place found in a message.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Hit<'t> {
    pub(crate) place: Place<'t>,
    pub(crate) rank: Rank,
    /// Half edits between what was typed and the name: 0 exact, 1 "sounds the same", 2 an edit.
    pub(crate) distance: usize,
}

/// The gazetteer.
#[derive(Debug, Clone, Copy)]
pub struct Territory<'t> {
    belgium: Lines<'t>,
    belgian_map: Map<'t>,
    /// Belgian names, folded; beside each how it is written, its codes, and whether it is a commune's.
    names: Index<'t>,
    shown: Texts<'t>,
    codes: Texts<'t>,
    is_commune: Column<'t, 1>,
    spellings: Spellings<'t>,
    france: Lines<'t>,
    french_names: Column<'t, 4>,
    /// French postal codes in order; beside each the line of its largest commune.
    french_codes: Column<'t, 3>,
    french_towns: Column<'t, 2>,
    french_map: Map<'t>,
    /// Folded names of French towns in other languages → their folded French names.
    exonyms: Index<'t>,
    in_french: Texts<'t>,
    /// How people spell places; beside each the postal code meant.
    spelled: Index<'t>,
    meant: Texts<'t>,
}

impl<'t> Territory<'t> {
    /// Reads the tables where they lie: `belgium.tsv`, `france.tsv`, and what was made of all four.
    pub(crate) fn over(belgium: &'t str, france: &'t str, table: &'t [u8]) -> Self {
        let mut sections = Sections(table);
        Self {
            belgium: Lines { text: belgium, starts: sections.column() },
            belgian_map: Map::read(&mut sections),
            names: sections.index(),
            shown: sections.texts(),
            codes: sections.texts(),
            is_commune: sections.column(),
            spellings: Spellings::read(&mut sections),
            france: Lines { text: france, starts: sections.column() },
            french_names: sections.column(),
            french_codes: sections.column(),
            french_towns: sections.column(),
            french_map: Map::read(&mut sections),
            exonyms: sections.index(),
            in_french: sections.texts(),
            spelled: sections.index(),
            meant: sections.texts(),
        }
    }

    /// Every postal area of Belgium, in the order of their codes.
    pub fn areas(&self) -> impl Iterator<Item = PostalArea<'t>> {
        self.belgium.iter().filter_map(|line| Some(PostalArea::read(line)?.0))
    }

    /// Every commune of France, in the order of their folded names; the districts of Paris, Lyon and
    /// Marseille too.
    pub fn french_towns(&self) -> impl Iterator<Item = Town<'t>> {
        self.france.iter().filter_map(Town::read)
    }

    /// The areas of a Belgian postal code, the commune that gives it its name first.
    pub fn areas_of(&self, postal_code: &str) -> impl Iterator<Item = PostalArea<'t>> {
        self.lines_of(postal_code).filter_map(|(_, line)| Some(PostalArea::read(line)?.0))
    }

    /// The place a postal code stands for: four digits are Belgian, five French; `None` when no such
    /// code exists.
    pub fn postal_code(&self, digits: &str) -> Option<Locality> {
        self.place_of_code(digits).map(Place::to_locality)
    }

    pub(crate) fn place_of_code(&self, digits: &str) -> Option<Place<'t>> {
        match digits.len() {
            4 => {
                let mut columns = self.lines_of(digits).next()?.1.split('\t');
                let (codes, name) = (columns.next()?, columns.nth(1)?);
                Some(Place { country: Country::Be, codes, name })
            }
            5 => {
                let town = self.town_of(digits)?;
                Some(Place { country: Country::Fr, codes: town.postal_codes.split('|').find(|code| *code == digits)?, name: town.name })
            }
            _ => None,
        }
    }

    /// The middle of a postal code's area.
    pub fn point(&self, country: Country, postal_code: &str) -> Option<Point> {
        match country {
            Country::Be => self.areas_of(postal_code).next().map(|area| area.point),
            Country::Fr => self.town_of(postal_code).map(|town| town.point),
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
            Country::Fr => {
                let named = town.map(words::fold).and_then(|name| self.french_town(Hash::of(&name), &name));
                let named = named.filter(|town| town.postal_codes.split('|').any(|code| code == postal_code));
                named.or_else(|| self.town_of(postal_code)).map(|town| town.insee.to_owned())
            }
        }
    }

    /// The name of a postal code's commune in that language.
    pub fn commune_name(&self, country: Country, postal_code: &str, language: Language) -> Option<&'t str> {
        match country {
            Country::Be => self.areas_of(postal_code).next().map(|area| area.name(language)),
            Country::Fr => self.town_of(postal_code).map(|town| town.name),
        }
    }

    /// The postal code whose middle is nearest to a point of that country, within 30 km.
    pub fn nearest_code(&self, country: Country, point: Point) -> Option<String> {
        let nearest = self.map(country).within(point.on_ball(), 30.0).min_by(|left, right| left.0.total_cmp(&right.0).then(left.1.cmp(&right.1)))?;
        self.code_at(country, nearest.1).map(str::to_owned)
    }

    /// Postal codes of the same country within `radius_km`, nearest first, at most `most`.
    pub fn around(&self, country: Country, postal_code: &str, radius_km: f64, most: usize) -> Vec<String> {
        let map = self.map(country);
        let number = match country {
            Country::Be => self.lines_of(postal_code).next().map(|(number, _)| number),
            Country::Fr => self.french_code(postal_code),
        };
        let Some(here) = number.and_then(|number| map.of(number)) else { return Vec::new() };
        let mut near: Vec<(f64, usize)> = map.within(here, radius_km).collect();
        near.sort_unstable_by(|left, right| left.0.total_cmp(&right.0).then(left.1.cmp(&right.1)));
        // Where two are as far as each other, their distance on the map decides, to its last digit.
        for alike in near.chunk_by_mut(|left, right| right.0 - left.0 <= left.0 * 1e-9).filter(|alike| alike.len() > 1) {
            let distance = |number: usize| Some(self.point(country, postal_code)?.distance_km(self.point_at(country, number)?));
            alike.sort_by(|left, right| distance(left.1).partial_cmp(&distance(right.1)).unwrap_or(Ordering::Equal).then(left.1.cmp(&right.1)));
        }
        let mut codes: Vec<String> = Vec::with_capacity(most.min(near.len()));
        for (_, number) in near {
            if codes.len() == most {
                break;
            }
            if let Some(code) = self.code_at(country, number).filter(|code| !codes.iter().any(|known| known == code)) {
                codes.push(code.to_owned());
            }
        }
        codes
    }

    /// The place with exactly this folded name, in any of the languages.
    pub(crate) fn named(&self, folded: &str) -> Option<Hit<'t>> {
        self.named_hashed(Hash::of(folded), folded)
    }

    pub(crate) fn named_hashed(&self, hash: Hash, folded: &str) -> Option<Hit<'t>> {
        let exonym = self.exonyms.find_hashed(hash, folded).and_then(|number| self.in_french.get(number));
        let town = exonym.map_or_else(|| self.french_town(hash, folded), |french| self.french_town(Hash::of(french), french));
        let city = town.filter(|town| town.population >= 100_000);
        if let (None, Some(number)) = (city, self.names.find_hashed(hash, folded)) {
            // An abbreviation that people use counts as much as a name ("LLN").
            let spelled = Some(folded).filter(|folded| folded.len() < SHORTEST_NAME).and_then(|folded| self.spelled_so(hash, folded));
            return spelled.or_else(|| self.belgian(number, 0));
        }
        let Some(town) = town else { return self.spelled_so(hash, folded) };
        let rank = match town.population {
            100_000.. => Rank::City,
            5_000.. => Rank::Town,
            _ => Rank::Village,
        };
        Some(Hit { place: Place { country: Country::Fr, codes: town.postal_codes, name: town.name }, rank, distance: 0 })
    }

    /// The place that people mean by a spelling of their own: a commune with all its codes, or the part of one.
    fn spelled_so(&self, hash: Hash, folded: &str) -> Option<Hit<'t>> {
        let code = self.spelled.find_hashed(hash, folded).and_then(|number| self.meant.get(number))?;
        let part = self.place_of_code(code)?;
        let whole = words::fold(part.name);
        let named = self.named_hashed(Hash::of(&whole), &whole).filter(|hit| hit.place.postal_codes().next() == Some(code));
        let rank = if part.country == Country::Fr { Rank::City } else { Rank::Commune };
        Some(Hit { place: named.map_or(part, |hit| hit.place), rank, distance: 0 })
    }

    /// The Belgian place whose name is nearest in sound or spelling, within the word's tolerance.
    pub(crate) fn nearest(&self, typed: &Typed<'_>) -> Option<Hit<'t>> {
        // Names of places are many and alike: two edits only in long ones.
        let &Typed { text: folded, letters, ref sound } = typed;
        let limit = match letters {
            0..=4 => return None,
            5..=9 => 1,
            _ => 2,
        };
        let pattern = Pattern::new(folded);
        let mut near: Vec<(usize, usize)> = self.spellings.alike(sound).map(|number| (1, number)).collect();
        self.spellings.near(0, letters, letter_set(folded), limit, |number| {
            if let Some(distance) = self.names.texts.get(number).and_then(|name| pattern.within(name, limit)) {
                near.push((2 * distance, number));
            }
        });
        // What sounds alike is met at that distance, however it is spelled.
        let heard: Vec<usize> = near.iter().filter(|(distance, _)| *distance == 1).map(|(_, number)| *number).collect();
        let met = near.into_iter().filter(|(distance, number)| *distance == 1 || !heard.contains(number));
        let (distance, number) = met.min_by_key(|(distance, number)| {
            let name = self.names.texts.get(*number).unwrap_or_default();
            (*distance, self.rank(*number), name.len(), name)
        })?;
        self.belgian(number, distance)
    }

    fn belgian(&self, number: usize, distance: usize) -> Option<Hit<'t>> {
        let place = Place { country: Country::Be, codes: self.codes.get(number)?, name: self.shown.get(number)? };
        Some(Hit { place, rank: self.rank(number), distance })
    }

    fn rank(&self, number: usize) -> Rank {
        if number_at(self.is_commune, number) == Some(1) { Rank::Commune } else { Rank::Locality }
    }

    fn map(&self, country: Country) -> Map<'t> {
        match country {
            Country::Be => self.belgian_map,
            Country::Fr => self.french_map,
        }
    }

    /// The lines of a Belgian code, with their numbers.
    fn lines_of(&self, postal_code: &str) -> impl Iterator<Item = (usize, &'t str)> {
        let of_line = |line: &'t str| line.split('\t').next().unwrap_or_default();
        let (first, lines) = self.belgium.starting(move |line| of_line(line) < postal_code);
        (first..).zip(lines).take_while(move |(_, line)| of_line(line) == postal_code)
    }

    /// The code at a place of a country's map.
    fn code_at(&self, country: Country, number: usize) -> Option<&'t str> {
        match country {
            Country::Be => self.belgium.get(number)?.split('\t').next(),
            Country::Fr => {
                let wanted = number_at(self.french_codes, number)?;
                let town = self.town_at(number)?;
                town.postal_codes.split('|').find(|code| code.parse() == Ok(wanted))
            }
        }
    }

    /// The point at a place of a country's map.
    fn point_at(&self, country: Country, number: usize) -> Option<Point> {
        match country {
            Country::Be => Some(PostalArea::read(self.belgium.get(number)?)?.0.point),
            Country::Fr => self.town_at(number).map(|town| town.point),
        }
    }

    fn french_code(&self, postal_code: &str) -> Option<usize> {
        let wanted: usize = postal_code.parse().ok().filter(|_| postal_code.len() == 5 && postal_code.bytes().all(|byte| byte.is_ascii_digit()))?;
        let number = self.french_codes.partition_point(|row| number_at(&[*row], 0) < Some(wanted));
        (number_at(self.french_codes, number) == Some(wanted)).then_some(number)
    }

    fn town_of(&self, postal_code: &str) -> Option<Town<'t>> {
        self.town_at(self.french_code(postal_code)?)
    }

    fn town_at(&self, number: usize) -> Option<Town<'t>> {
        Town::read(self.france.get(number_at(self.french_towns, number)?)?)
    }

    /// The French commune of exactly this folded name.
    fn french_town(&self, hash: Hash, folded: &str) -> Option<Town<'t>> {
        let is_it = |number| self.france.get(number).and_then(|line| line.strip_prefix(folded)).is_some_and(|rest| rest.starts_with('\t'));
        Town::read(self.france.get(find_slot(self.french_names, hash, is_it)?)?)
    }
}

/// The lines of a table that say something.
#[derive(Debug, Clone, Copy)]
struct Lines<'t> {
    text: &'t str,
    starts: Column<'t, 4>,
}

impl<'t> Lines<'t> {
    fn get(self, number: usize) -> Option<&'t str> {
        self.text.get(number_at(self.starts, number)?..)?.split('\n').next()
    }

    fn iter(self) -> impl Iterator<Item = &'t str> {
        (0..self.starts.len()).filter_map(move |number| self.get(number))
    }

    /// The lines behind those that come before what is looked for, and the number of the first.
    fn starting(self, comes_before: impl Fn(&'t str) -> bool) -> (usize, impl Iterator<Item = &'t str>) {
        let first = self.starts.partition_point(|start| {
            let line = number_at(&[*start], 0).and_then(|start| self.text.get(start..));
            line.is_some_and(&comes_before)
        });
        (first, (first..self.starts.len()).filter_map(move |number| self.get(number)))
    }
}

#[cfg(test)]
mod tests;
