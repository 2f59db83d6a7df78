//! Writes the table that `locality` reads: where the lines of the territory are, what places are
//! called, and where they lie.

use std::collections::{BTreeMap, HashMap};

use super::Made;
use super::pack::Pack;
use super::spelling::{self, Spelled};
use crate::locality::line::{MOST_CODES, Point, PostalArea, Rank, Town};

/// The texts of `config/territory`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tables<'t> {
    pub(crate) belgium: &'t str,
    pub(crate) france: &'t str,
    pub(crate) neighbourhoods: &'t str,
    pub(crate) exonyms: &'t str,
    pub(crate) spellings: &'t str,
}

/// A Belgian name.
#[derive(Debug, Clone)]
pub(crate) struct Name<'t> {
    pub(crate) rank: Rank,
    /// The main one first.
    pub(crate) codes: Vec<&'t str>,
    pub(crate) shown: &'t str,
}

/// An area of Belgium, the villages in it and where its line begins.
pub(crate) type Area<'t> = (PostalArea<'t>, &'t str, usize);

pub(crate) fn pack(tables: Tables<'_>) -> Made<Vec<u8>> {
    let mut pack = Pack::default();
    let mut areas = areas(tables.belgium)?;
    let names = names(&areas, tables.neighbourhoods)?;
    // In the order of their codes, so that a code is found by bisection.
    areas.sort_by_key(|(area, _, _)| area.postal_code);
    pack.numbers::<4>(areas.iter().map(|(_, _, start)| *start))?;
    pack_map(&mut pack, areas.iter().map(|(area, _, _)| area.point))?;
    pack_names(&mut pack, &names)?;

    let towns = towns(tables.france)?;
    pack.numbers::<4>(towns.iter().map(|(_, _, start)| *start))?;
    pack.slots(&towns.iter().map(|(key, _, _)| *key).collect::<Vec<_>>())?;
    let codes = french_codes(&towns);
    pack.numbers::<3>(codes.keys().map(|code| code.parse()).collect::<Result<Vec<_>, _>>()?)?;
    pack.numbers::<2>(codes.values().copied())?;
    pack_map(&mut pack, codes.values().filter_map(|town| towns.get(*town)).map(|(_, town, _)| town.point))?;
    let exonyms: BTreeMap<&str, &str> = data_lines(tables.exonyms).filter_map(|(_, _, line)| line.split_once('\t')).collect();
    pack.index(&exonyms.keys().collect::<Vec<_>>())?;
    pack.texts(&exonyms.values().collect::<Vec<_>>())?;
    let codes = spellings(tables.spellings)?;
    pack.index(&codes.keys().collect::<Vec<_>>())?;
    pack.texts(&codes.values().collect::<Vec<_>>())?;
    Ok(pack.0)
}

/// How people spell places, folded, and the postal codes that they mean.
fn spellings(table: &str) -> Made<BTreeMap<&str, &str>> {
    let wrong = |line| broken("spellings.tsv", line, "a folded spelling and a postal code");
    data_lines(table)
        .map(|(number, _, line)| {
            let (spelling, code) = line.split_once('\t').ok_or_else(|| wrong(number))?;
            let is_right = words::fold(spelling) == spelling && code.len() >= 4 && code.bytes().all(|byte| byte.is_ascii_digit());
            if is_right { Ok((spelling, code)) } else { Err(wrong(number)) }
        })
        .collect()
}

/// Points on the ball, from west to east; then where the one of each number is.
fn pack_map(pack: &mut Pack, points: impl Iterator<Item = Point>) -> Made<()> {
    let mut points: Vec<(usize, [f64; 3])> = points.map(Point::on_ball).enumerate().collect();
    points.sort_by(|(_, [_, left, _]), (_, [_, right, _])| left.total_cmp(right));
    pack.bytes(points.iter().flat_map(|(_, point)| point).copied().flat_map(f64::to_le_bytes).collect::<Vec<_>>().as_slice())?;
    pack.numbers::<2>(points.iter().map(|(number, _)| *number))?;
    let mut places: Vec<(usize, usize)> = points.iter().enumerate().map(|(place, (number, _))| (*number, place)).collect();
    places.sort_unstable();
    pack.numbers::<2>(places.into_iter().map(|(_, place)| place))
}

fn pack_names(pack: &mut Pack, names: &HashMap<String, Name<'_>>) -> Made<()> {
    let mut names: Vec<(&String, &Name<'_>)> = names.iter().collect();
    names.sort_by_key(|(folded, _)| *folded);
    pack.index(&names.iter().map(|(folded, _)| folded).collect::<Vec<_>>())?;
    pack.texts(&names.iter().map(|(_, name)| name.shown).collect::<Vec<_>>())?;
    pack.texts(&names.iter().map(|(_, name)| name.codes.iter().take(MOST_CODES).copied().collect::<Vec<_>>().join("|")).collect::<Vec<_>>())?;
    pack.numbers::<1>(names.iter().map(|(_, name)| usize::from(name.rank == Rank::Commune)))?;
    let spelled = names.iter().enumerate().filter(|(_, (folded, _))| folded.chars().count() >= 4);
    spelling::pack(pack, spelled.map(|(number, (folded, _))| Spelled { number, words: 0, spelling: folded, sound: words::phonetic(folded) }).collect())
}

fn broken(table: &str, line: usize, expected: &str) -> Box<dyn std::error::Error> {
    format!("config/territory/{table}, line {line}: expected {expected}. Build the tables again with scripts/territory.").into()
}

pub(crate) fn areas(belgium: &str) -> Made<Vec<Area<'_>>> {
    let wrong = |line| broken("belgium.tsv", line, "postal code, NIS, three names, region, lat, lon, localities");
    data_lines(belgium)
        .map(|(number, start, line)| PostalArea::read(line).map(|(area, villages)| (area, villages, start)).ok_or_else(|| wrong(number)))
        .collect()
}

/// The French communes: folded name, what is known of it, where its line begins.
pub(crate) fn towns(france: &str) -> Made<Vec<(&str, Town<'_>, usize)>> {
    let wrong = |line| broken("france.tsv", line, "key, name, insee, postal codes, lat, lon, population");
    data_lines(france)
        .map(|(number, start, line)| Town::read(line).map(|town| (line.split('\t').next().unwrap_or_default(), town, start)).ok_or_else(|| wrong(number)))
        .collect()
}

/// The largest commune of each postal code, by its place in the list.
pub(crate) fn french_codes<'t>(towns: &[(&'t str, Town<'t>, usize)]) -> BTreeMap<&'t str, usize> {
    let people = |place: usize| towns.get(place).map(|(_, town, _)| town.population);
    let mut codes: BTreeMap<&str, usize> = BTreeMap::new();
    for (place, (_, town, _)) in towns.iter().enumerate() {
        // No mail goes to Kerguelen.
        for code in town.postal_codes.split('|').filter(|code| !code.is_empty()) {
            let known = codes.entry(code).or_insert(place);
            if Some(town.population) > people(*known) {
                *known = place;
            }
        }
    }
    codes
}

/// What places in Belgium are called.
pub(crate) fn names<'t>(areas: &[Area<'t>], neighbourhoods: &'t str) -> Made<HashMap<String, Name<'t>>> {
    let mut names = HashMap::new();
    let mut by_code: HashMap<&str, usize> = HashMap::new();
    for (index, (area, _, _)) in areas.iter().enumerate() {
        by_code.entry(area.postal_code).or_insert(index);
    }
    // A commune's own codes come first, the round ones (the town's centre) before the others;
    // codes that it shares and that carry another's name come last.
    let mut communes: Vec<(bool, usize)> =
        areas.iter().enumerate().map(|(index, (area, _, _))| (by_code.get(area.postal_code) != Some(&index), index)).collect();
    communes.sort_by_key(|(secondary, index)| (*secondary, areas.get(*index).map(|(area, _, _)| area.postal_code)));
    for (_, index) in communes {
        let Some((area, _, _)) = areas.get(index) else { continue };
        for shown in area.names.into_iter().filter(|name| !name.is_empty()) {
            add(&mut names, shown, Rank::Commune, area.postal_code);
        }
    }
    // A name that several codes list belongs first to the one that lists the fewest: 1348 before
    // 1340 for Louvain-la-Neuve.
    let mut localities: Vec<(&str, &str)> = areas.iter().map(|(area, villages, _)| (area.postal_code, *villages)).collect();
    localities.sort_by_key(|(_, villages)| villages.split('|').count());
    for (postal_code, villages) in localities {
        for shown in villages.split('|').filter(|name| !name.is_empty()) {
            add(&mut names, shown, Rank::Locality, postal_code);
        }
    }
    for (number, _, line) in data_lines(neighbourhoods) {
        let columns: Vec<&'t str> = line.split('\t').collect();
        let [postal_code, _nis, french, dutch] = *columns else {
            return Err(broken("neighbourhoods.tsv", number, "postal code, NIS, French and Dutch name"));
        };
        for shown in [french, dutch].into_iter().filter(|name| !name.is_empty()) {
            add(&mut names, shown, Rank::Locality, postal_code);
        }
    }
    // People shorten the names of merged communes: "Libramont" for Libramont-Chevigny.
    for (area, _, _) in areas {
        for shown in area.names {
            if let Some((first, _)) = shown.split_once('-').filter(|(first, _)| first.chars().count() >= 6 && !first.starts_with("Saint") && *first != "Braine")
            {
                add_if_free(&mut names, first, area.postal_code);
            }
        }
    }
    // And of what they end with: "Heembeek" for Neder-Over-Heembeek, where one place alone ends so.
    let written = areas.iter().flat_map(|(area, villages, _)| area.names.into_iter().chain(villages.split('|')).map(|name| (name, area.postal_code)));
    let mut ends: BTreeMap<String, (&str, Vec<&str>)> = BTreeMap::new();
    for (shown, postal_code) in written {
        let saint = |before: &str| ["Saint", "Sainte", "Sint", "Sankt", "St"].iter().any(|word| before.ends_with(word));
        if let Some((_, last)) = shown.rsplit_once('-').filter(|(before, last)| last.chars().count() >= SHORTEST_END && last.is_ascii() && !saint(before)) {
            let (_, codes) = ends.entry(words::fold(last)).or_insert((last, Vec::new()));
            if !codes.contains(&postal_code) {
                codes.push(postal_code);
            }
        }
    }
    for (shown, codes) in ends.values() {
        if let [postal_code] = **codes {
            add_if_free(&mut names, shown, postal_code);
        }
    }
    Ok(names)
}

/// Ends of names with fewer letters are words of their own.
const SHORTEST_END: usize = 7;

/// Adds a name; a commune is never hidden by a village of the same name, but two places of one rank
/// share it.
fn add<'t>(names: &mut HashMap<String, Name<'t>>, shown: &'t str, rank: Rank, postal_code: &'t str) {
    let folded = words::fold(shown);
    if folded.is_empty() {
        return;
    }
    let name = names.entry(folded).or_insert_with(|| Name { rank, codes: Vec::new(), shown });
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

/// The lines of a table that say something: number, where it begins, what it says.
fn data_lines(text: &str) -> impl Iterator<Item = (usize, usize, &str)> {
    let mut end = 0;
    let lines = text.split_inclusive('\n').map(move |line| {
        end += line.len();
        (end - line.len(), line.trim_end_matches('\n'))
    });
    (1..).zip(lines).map(|(number, (start, line))| (number, start, line)).filter(|(_, _, line)| !line.is_empty() && !line.starts_with('#'))
}
