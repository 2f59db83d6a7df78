//! What is looked up in the tables is what the texts say, found by a scan of everything.

use std::collections::HashMap;
use std::sync::OnceLock;

use proptest::prelude::*;

use super::*;
use crate::build::places::{self, Name};
use crate::vocabulary::Vocabulary;

const BELGIUM: &str = include_str!("../../../../../config/territory/belgium.tsv");
const FRANCE: &str = include_str!("../../../../../config/territory/france.tsv");
const EXONYMS: &str = include_str!("../../../../../config/territory/exonyms.tsv");
const QUARTERS: &str = include_str!("../../../../../config/territory/neighbourhoods.tsv");

fn territory() -> Territory<'static> {
    *Vocabulary::shipped().unwrap().territory()
}

fn names() -> &'static HashMap<String, Name<'static>> {
    static NAMES: OnceLock<HashMap<String, Name<'static>>> = OnceLock::new();
    NAMES.get_or_init(|| places::names(&places::areas(BELGIUM).unwrap(), QUARTERS).unwrap())
}

/// A name that can be misspelt, what is known of it, its sound and its letters.
type Spelled = (&'static str, &'static Name<'static>, String, u64);

fn spelled() -> &'static [Spelled] {
    static SPELLED: OnceLock<Vec<Spelled>> = OnceLock::new();
    let readable = || names().iter().filter(|(name, _)| name.chars().count() >= 4);
    SPELLED.get_or_init(|| readable().map(|(name, known)| (name.as_str(), known, words::phonetic(name), letter_set(name))).collect())
}

/// What a scan of all Belgian names finds nearest, and how far.
fn scan(folded: &str) -> Option<(&'static str, usize)> {
    let limit = match folded.chars().count() {
        0..=4 => return None,
        5..=9 => 1,
        _ => 2,
    };
    let sound = words::phonetic(folded);
    let set = letter_set(folded);
    let near = spelled().iter().filter_map(|(name, known, heard, letters)| {
        let distance = if sound == *heard {
            Some(1)
        } else if (set ^ letters).count_ones() as usize > 2 * limit {
            None
        } else {
            let distance = strsim::osa_distance(folded, name);
            (distance <= limit).then_some(2 * distance)
        };
        Some((distance?, known.rank, name.len(), name, known.shown))
    });
    near.min().map(|(distance, _, _, _, shown)| (shown, distance))
}

fn nearest(folded: &str) -> Option<(&'static str, usize)> {
    territory().nearest(&Typed::new(folded)?).map(|hit| (hit.place.name, hit.distance))
}

#[test]
fn every_name_leads_where_the_texts_say() {
    let territory = territory();
    let towns = places::towns(FRANCE).unwrap();
    let mut first: HashMap<&str, &Town<'_>> = HashMap::new();
    for (key, town, _) in &towns {
        first.entry(key).or_insert(town);
    }
    // What has three letters may be short for another name ("LLN").
    for (folded, name) in names().iter().filter(|(folded, _)| folded.len() > 3) {
        let hit = territory.named(folded).unwrap();
        if first.get(folded.as_str()).is_none_or(|town| town.population < 100_000) {
            let codes: Vec<&str> = name.codes.iter().copied().take(MOST_CODES).collect();
            assert_eq!((hit.place.name, hit.rank, hit.place.postal_codes().collect()), (name.shown, name.rank, codes), "{folded}");
        }
    }
    let exonyms: Vec<&str> = EXONYMS.lines().filter_map(|line| Some(line.split_once('\t')?.0)).collect();
    // There is a Mulhausen in France, but who writes so means Mulhouse.
    for (folded, town) in first.into_iter().filter(|(folded, _)| !exonyms.contains(folded)) {
        let hit = territory.named(folded).unwrap();
        let is_town = town.population >= 100_000 || !names().contains_key(folded);
        assert_eq!(hit.place.country == Country::Fr, is_town, "{folded}");
        if is_town {
            assert!(hit.place.postal_codes().eq(town.postal_codes.split('|').take(MOST_CODES)), "{folded}");
        }
    }
    assert_eq!(territory.named("rijsel").unwrap().place.name, "Lille");
}

#[test]
fn what_is_around_is_what_a_scan_finds() {
    let territory = territory();
    let belgium: Vec<(String, Point)> = territory.areas().map(|area| (area.postal_code.to_owned(), area.point)).collect();
    let towns = places::towns(FRANCE).unwrap();
    let france: Vec<(String, Point)> = places::french_codes(&towns).into_iter().map(|(code, town)| (code.to_owned(), towns[town].1.point)).collect();
    for (country, all, step) in [(Country::Be, belgium, 5), (Country::Fr, france, 40)] {
        // Of 93470, two codes are as far as each other but for the last digit.
        for (place, (code, _)) in all.iter().enumerate().filter(|(place, (code, _))| place % step == 0 || code == "93470") {
            let here = territory.point(country, code).unwrap();
            let mut near: Vec<(f64, &str)> = all.iter().map(|(code, point)| (here.distance_km(*point), code.as_str())).filter(|(km, _)| *km <= 20.0).collect();
            near.sort_by(|left, right| left.0.total_cmp(&right.0).then(left.1.cmp(right.1)));
            let mut codes: Vec<&str> = Vec::new();
            for (_, code) in near {
                if !codes.contains(&code) {
                    codes.push(code);
                }
            }
            codes.truncate(MOST_CODES);
            assert_eq!(territory.around(country, code, 20.0, MOST_CODES), codes, "{code}");
            let beside = Point { lat: here.lat + 0.01, lon: here.lon - f64::from(u8::try_from(place % 50).unwrap()) / 100.0 };
            let nearest = all.iter().map(|(code, point)| (beside.distance_km(*point), code)).min_by(|left, right| left.0.total_cmp(&right.0)).unwrap();
            assert_eq!(territory.nearest_code(country, beside).as_ref(), Some(nearest.1).filter(|_| nearest.0 <= 30.0), "{code}");
        }
    }
}

#[test]
fn the_nearest_name_is_what_a_scan_finds() {
    let mut folded: Vec<&String> = names().keys().collect();
    folded.sort_unstable();
    for (number, name) in folded.into_iter().enumerate().step_by(8) {
        let (head, tail) = name.split_at(number % name.len());
        let rest = tail.get(1..).unwrap_or_default();
        for typed in [name.clone(), format!("{head}{rest}"), format!("{head}e{tail}"), format!("{head}a{rest}"), format!("k{head}{rest}")] {
            assert_eq!(nearest(&typed), scan(&typed), "{typed}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_text_is_near_to_what_a_scan_finds(text in any::<String>(), latin in "[a-z]{4,9}( [a-z]{1,9}){0,2}") {
        for typed in [words::fold(&text), latin] {
            prop_assert_eq!(nearest(&typed), scan(&typed));
        }
    }
}
