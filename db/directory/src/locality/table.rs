//! Reads the tab-separated tables of `config/territory` in place.

use std::collections::HashMap;

use super::{Name, Point, PostalArea, Rank, Spelling, Territory};
use crate::phone::Country;
use crate::words;

/// A table of `config/territory` that cannot be read.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("config/territory/{table}, line {line}: {problem}. Build the tables again with scripts/territory.")]
pub struct TerritoryError {
    /// The file's name.
    pub table: &'static str,
    /// Line number, from 1.
    pub line: usize,
    /// What is wrong.
    pub problem: &'static str,
}

/// The French communes, sorted by folded name; looked up by bisection, never copied.
#[derive(Debug)]
pub(super) struct France<'t> {
    lines: Vec<&'t str>,
    by_code: HashMap<&'t str, Town<'t>>,
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

impl<'t> France<'t> {
    fn read(text: &'t str) -> Result<Self, TerritoryError> {
        let mut lines = Vec::with_capacity(36_000);
        let mut by_code: HashMap<&'t str, Town<'t>> = HashMap::new();
        for (number, line) in data_lines(text) {
            let town = Town::read(line).ok_or(TerritoryError {
                table: "france.tsv",
                line: number,
                problem: "expected key, name, insee, postal codes, lat, lon, population",
            })?;
            for code in town.postal_codes.split('|') {
                let known = by_code.entry(code).or_insert(town);
                if town.population > known.population {
                    *known = town;
                }
            }
            lines.push(line);
        }
        Ok(Self { lines, by_code })
    }

    pub(super) fn named(&self, folded: &str) -> Option<Town<'t>> {
        let key = |line: &&'t str| line.split('\t').next().unwrap_or_default();
        let first = self.lines.partition_point(|line| key(line) < folded);
        self.lines.get(first).filter(|line| key(line) == folded).and_then(|line| Town::read(line))
    }

    pub(super) fn towns(&self) -> impl Iterator<Item = Town<'t>> {
        self.lines.iter().filter_map(|line| Town::read(line))
    }

    pub(super) fn postal_code(&self, digits: &str) -> Option<(&'t str, &'t str)> {
        self.by_code.get_key_value(digits).map(|(code, town)| (*code, town.name))
    }

    pub(super) fn point(&self, postal_code: &str) -> Option<Point> {
        self.by_code.get(postal_code).map(|town| town.point)
    }

    pub(super) fn points(&self) -> impl Iterator<Item = (&'t str, Point)> {
        self.by_code.iter().map(|(code, town)| (*code, town.point))
    }

    pub(super) fn commune(&self, postal_code: &str, town: Option<&str>) -> Option<String> {
        let named = town.and_then(|name| self.named(&words::fold(name))).filter(|town| town.postal_codes.split('|').any(|code| code == postal_code));
        named.or_else(|| self.by_code.get(postal_code).copied()).map(|town| town.insee.to_owned())
    }
}

impl<'t> Town<'t> {
    fn read(line: &'t str) -> Option<Self> {
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

fn data_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    (1..).zip(text.lines()).filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
}

impl<'t> Territory<'t> {
    /// Reads the tables `belgium.tsv`, `france.tsv`, `neighbourhoods.tsv` and `exonyms.tsv`.
    pub fn read(belgium: &'t str, france: &'t str, neighbourhoods: &'t str, exonyms: &'t str) -> Result<Self, TerritoryError> {
        let mut areas = Vec::with_capacity(1_200);
        let mut by_code: HashMap<&'t str, Vec<usize>> = HashMap::new();
        let mut names = HashMap::new();
        let mut localities = Vec::new();
        for (number, line) in data_lines(belgium) {
            let (area, villages) = read_area(line).ok_or(TerritoryError {
                table: "belgium.tsv",
                line: number,
                problem: "expected postal code, NIS, three names, region, lat, lon, localities",
            })?;
            by_code.entry(area.postal_code).or_default().push(areas.len());
            localities.push((area.postal_code, villages));
            areas.push(area);
        }
        // A commune's own codes come first, the round ones (the town's centre) before the others;
        // codes that it shares and that carry another's name come last.
        let mut communes: Vec<(bool, usize)> =
            areas.iter().enumerate().map(|(index, area)| (by_code.get(area.postal_code).and_then(|all| all.first()) != Some(&index), index)).collect();
        communes.sort_by_key(|(secondary, index)| (*secondary, areas.get(*index).map(|area| area.postal_code)));
        for (_, index) in communes {
            let Some(area) = areas.get(index) else { continue };
            for shown in area.names.into_iter().filter(|name| !name.is_empty()) {
                add(&mut names, shown, Rank::Commune, area.postal_code);
            }
        }
        // A name that several codes list belongs first to the one that lists the fewest: 1348 before
        // 1340 for Louvain-la-Neuve.
        localities.sort_by_key(|(_, villages)| villages.split('|').count());
        for (postal_code, villages) in localities {
            for shown in villages.split('|').filter(|name| !name.is_empty()) {
                add(&mut names, shown, Rank::Locality, postal_code);
            }
        }
        for (number, line) in data_lines(neighbourhoods) {
            let columns: Vec<&'t str> = line.split('\t').collect();
            let [postal_code, _nis, french, dutch] = *columns else {
                return Err(TerritoryError { table: "neighbourhoods.tsv", line: number, problem: "expected postal code, NIS, French and Dutch name" });
            };
            for shown in [french, dutch].into_iter().filter(|name| !name.is_empty()) {
                add(&mut names, shown, Rank::Locality, postal_code);
            }
        }
        // People shorten the names of merged communes: "Libramont" for Libramont-Chevigny.
        for area in &areas {
            for shown in area.names {
                if let Some((first, _)) =
                    shown.split_once('-').filter(|(first, _)| first.chars().count() >= 6 && !first.starts_with("Saint") && *first != "Braine")
                {
                    add_if_free(&mut names, first, area.postal_code);
                }
            }
        }
        let exonyms = data_lines(exonyms).filter_map(|(_, line)| line.split_once('\t')).collect();
        let spellings = names
            .keys()
            .filter(|folded| folded.chars().count() >= 4)
            .map(|folded| Spelling { sound: words::phonetic(folded), letters: words::letter_set(folded), folded: folded.clone() })
            .collect();
        Ok(Self { areas, by_code, names, spellings, france: France::read(france)?, exonyms })
    }
}

fn read_area(line: &str) -> Option<(PostalArea<'_>, &str)> {
    let mut columns = line.split('\t');
    let area = PostalArea {
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

/// Adds a name; a commune is never hidden by a village of the same name, but two places of one rank
/// share it.
fn add<'t>(names: &mut HashMap<String, Name<'t>>, shown: &'t str, rank: Rank, postal_code: &'t str) {
    let folded = words::fold(shown);
    if folded.is_empty() {
        return;
    }
    let name = names.entry(folded).or_insert_with(|| Name { rank, country: Country::Be, codes: Vec::new(), shown });
    if name.rank == rank && !name.codes.contains(&postal_code) {
        name.codes.push(postal_code);
    }
}

fn add_if_free<'t>(names: &mut HashMap<String, Name<'t>>, shown: &'t str, postal_code: &'t str) {
    let folded = words::fold(shown);
    match names.get_mut(&folded) {
        None => add(names, shown, Rank::Locality, postal_code),
        Some(name) if name.shown == shown && name.rank == Rank::Locality && !name.codes.contains(&postal_code) => name.codes.push(postal_code),
        Some(_) => {}
    }
}
