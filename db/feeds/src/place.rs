//! Addresses, postal codes and coordinates as sources misspell them.

use directory::phone::Country;
use directory::record::Address;
use directory::words::fold;

use super::text;

/// Words that begin a street's name and so tell a house number from any other number.
const STREET_WORDS: &[&str] = &[
    "rue",
    "r",
    "avenue",
    "av",
    "ave",
    "boulevard",
    "bd",
    "bld",
    "blvd",
    "place",
    "pl",
    "quai",
    "chemin",
    "ch",
    "route",
    "rte",
    "impasse",
    "imp",
    "allee",
    "allees",
    "all",
    "cours",
    "square",
    "sq",
    "sentier",
    "ruelle",
    "chaussee",
    "chee",
    "faubourg",
    "fg",
    "passage",
    "grande",
    "grand",
    "esplanade",
    "parvis",
    "promenade",
    "rond",
    "cite",
    "residence",
    "clos",
    "venelle",
    "montee",
    "cour",
    "hameau",
    "galerie",
    "galeries",
    "dreve",
    "zone",
    "parc",
    "lotissement",
    "digue",
    "mail",
    "voie",
    "traverse",
    "carrefour",
    "plaine",
    "port",
    "pont",
    "thier",
    "tienne",
    "try",
    "le",
    "la",
    "les",
    "l",
];
/// Endings of street names in Dutch and German.
const STREET_ENDINGS: &[&str] = &["straat", "laan", "plein", "steenweg", "dreef", "kaai", "lei", "weg", "strasse", "platz", "gasse", "route", "berg", "markt"];
/// Words that begin a venue's name, which is then no town.
const VENUE_WORDS: &[&str] = &[
    "maison",
    "salle",
    "cafe",
    "bar",
    "brasserie",
    "centre",
    "bibliotheque",
    "mediatheque",
    "eglise",
    "ecole",
    "espace",
    "theatre",
    "cinema",
    "parc",
    "place",
    "local",
    "foyer",
    "maison",
    "hall",
    "gare",
    "piscine",
    "musee",
    "librairie",
    "atelier",
    "ferme",
    "jardin",
    "studio",
    "galerie",
    "hotel",
    "restaurant",
    "cercle",
    "club",
    "zaal",
    "chez",
    "universite",
    "ulb",
    "campus",
];

/// What a pair of coordinates turned out to be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Position {
    /// Latitude and longitude, WGS84 degrees.
    At(f64, f64),
    /// The source gave them the wrong way round; here they are right.
    Swapped(f64, f64),
    /// No use, and why.
    Unusable(&'static str),
}

/// Reads a latitude and a longitude, each a decimal number with a point or a comma.
pub(super) fn position(latitude: &str, longitude: &str) -> Position {
    let number = |text: &str| {
        text.trim().trim_end_matches('°').replace(',', ".").replace([' ', '\u{a0}', '\u{202f}'], "").parse::<f64>().ok().filter(|value| value.is_finite())
    };
    let (Some(lat), Some(lon)) = (number(latitude), number(longitude)) else { return Position::Unusable("not a pair of decimal numbers") };
    if lat == 0.0 && lon == 0.0 {
        return Position::Unusable("0;0 is a field left empty, not a place");
    }
    let lambert = |east: f64, north: f64| (100_000.0..1_300_000.0).contains(&east) && (6_000_000.0..7_300_000.0).contains(&north);
    if lambert(lon, lat) || lambert(lat, lon) {
        return Position::Unusable("metres of Lambert 93 and not degrees: convert to WGS84");
    }
    let is_here = |lat: f64, lon: f64| (41.0..=52.0).contains(&lat) && (-6.0..=10.0).contains(&lon);
    if !is_here(lat, lon) && is_here(lon, lat) {
        return Position::Swapped(lon, lat);
    }
    // France has territories overseas: elsewhere on the globe is allowed.
    if !(-90.0..=90.0).contains(&lat) || !(-180.0..=180.0).contains(&lon) {
        return Position::Unusable("outside of latitudes -90 to 90 and longitudes -180 to 180");
    }
    Position::At(lat, lon)
}

/// `"50.85, 4.35"`, `"50,85;4,35"` or `"50.85|4.35"` to its two numbers.
pub(super) fn split_pair(text: &str) -> Option<(&str, &str)> {
    let text = text.trim().trim_matches(['(', ')', '[', ']']);
    let separator = [";", "|", ", ", " "].into_iter().find(|separator| text.contains(separator)).unwrap_or(",");
    let mut parts = text.split(separator).map(str::trim).filter(|part| !part.is_empty());
    let pair = (parts.next()?, parts.next()?);
    // A third element is an altitude.
    parts.nth(1).is_none().then_some(pair)
}

/// A postal code as its country writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum PostalCode {
    /// As given.
    Good(String),
    /// A French code whose leading zero a spreadsheet ate, with the zero.
    Mended(String),
    /// No code of that country.
    Impossible,
}

/// Reads a postal code of `country`, which decides: 6000 is Charleroi in Belgium, 06000 is Nice.
pub(super) fn postal_code(text: &str, country: Country) -> PostalCode {
    let text = text.trim();
    let text = text.strip_suffix(".0").unwrap_or(text);
    let bare =
        text.strip_prefix("B-").or_else(|| text.strip_prefix("BE-")).or_else(|| text.strip_prefix("F-")).or_else(|| text.strip_prefix("FR-")).unwrap_or(text);
    let digits: String = bare.chars().filter(|character| !character.is_whitespace()).collect();
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return PostalCode::Impossible;
    }
    let value: u32 = digits.parse().unwrap_or(0);
    match (country, digits.len()) {
        (Country::Be, 4) if (1000..=9999).contains(&value) => PostalCode::Good(digits),
        (Country::Fr, 5) if (1000..=98_999).contains(&value) => PostalCode::Good(digits),
        (Country::Fr, 4) if (1000..=9999).contains(&value) => PostalCode::Mended(format!("0{digits}")),
        _ => PostalCode::Impossible,
    }
}

/// Reads one line of address into `address`; what cannot be told apart stays whole in the street.
///
/// Known shapes: `Rue de l'Olivier 3 bis, 1030 Schaerbeek` (Agorakit), the same without the comma
/// (YesWiki), `Schaerbeek, Rue de l'Olivier 3 bis` (Demosphere).
pub(super) fn read_line(line: &str, address: &mut Address) {
    let line = text::line(line);
    let line = line.trim_matches([',', ' ', '-']);
    // "…, Belgique"
    let line = match line.rsplit_once(',') {
        Some((before, last)) if Country::from_name(last).is_some_and(|country| country == address.country) => before,
        _ => line,
    };
    if line.is_empty() {
        return;
    }
    if let Some((before, code, town)) = split_at_code(line, address.country) {
        address.postal_code = Some(code);
        address.locality = Some(town);
        set_street(before.trim_matches([',', ' ', '-']), address);
        return;
    }
    if let Some((town, street)) = line.split_once(", ")
        && !street.contains(',')
        && is_town(town)
        && is_street(street)
    {
        address.locality = Some(town.to_owned());
        set_street(street, address);
        return;
    }
    address.street = Some(line.to_owned());
}

/// Street and house number, in either order, into `address`.
pub(super) fn set_street(street: &str, address: &mut Address) {
    let street = text::line(street);
    let street = street.trim_matches([',', ' ']);
    if street.is_empty() {
        return;
    }
    let (name, number, unit) = split_number(street);
    address.street = Some(name);
    address.number = number.or(address.number.take());
    address.unit = unit.or(address.unit.take());
}

/// The last word that is a postal code and has a town behind it.
fn split_at_code(line: &str, country: Country) -> Option<(&str, String, String)> {
    let mut found = None;
    let mut at = 0;
    for word in line.split_inclusive([' ', ',']) {
        let start = at;
        at += word.len();
        let bare = word.trim_matches([' ', ',', '(']);
        let length = if country == Country::Be { 4 } else { 5 };
        if bare.trim_start_matches(|character: char| !character.is_ascii_digit()).len() != length {
            continue;
        }
        let (PostalCode::Good(code), Some(before), Some(after)) = (postal_code(bare, country), line.get(..start), line.get(at..)) else { continue };
        let town = after.trim_matches([' ', ',', ')']);
        if town.starts_with(char::is_alphabetic) && !town.contains(|character: char| character.is_ascii_digit()) {
            found = Some((before, code, town.to_owned()));
        }
    }
    found
}

fn is_town(text: &str) -> bool {
    let folded = fold(text);
    let first = folded.split(' ').next().unwrap_or_default();
    !text.contains(|character: char| character.is_ascii_digit())
        && folded.split(' ').count() <= 5
        && !VENUE_WORDS.contains(&first)
        && !STREET_WORDS.iter().take(40).any(|word| word.len() > 2 && *word == first)
}

fn is_street(text: &str) -> bool {
    let folded = fold(text);
    folded
        .split(' ')
        .enumerate()
        .any(|(place, word)| (place == 0 && STREET_WORDS.contains(&word)) || STREET_ENDINGS.iter().any(|ending| word.ends_with(ending)))
}

/// `Rue X 3 bis`, `3 bis, rue X`, `12 BIS RUE X`, `Rue X 12 bte 3`; a street without a plain number
/// stays whole.
fn split_number(street: &str) -> (String, Option<String>, Option<String>) {
    let words: Vec<&str> = street.split(' ').collect();
    let is_suffix =
        |word: &str| matches!(fold(word).as_str(), "bis" | "ter" | "quater") || (word.len() == 1 && word.bytes().all(|byte| byte.is_ascii_uppercase()));
    let is_number = |word: &str| {
        let word = word.trim_end_matches(',');
        let digits = word.bytes().take_while(u8::is_ascii_digit).count();
        let tail = word.get(digits..).unwrap_or_default();
        (1..=4).contains(&digits) && (tail.is_empty() || is_tail(tail))
    };
    let join = |words: &[&str]| words.join(" ").trim_matches([',', ' ']).to_owned();
    if let [first, rest @ ..] = words.as_slice()
        && is_number(first)
    {
        let suffixed = rest.first().is_some_and(|word| is_suffix(word.trim_end_matches(',')) && rest.len() > 1);
        let (suffix, name) = rest.split_at_checked(usize::from(suffixed)).unwrap_or((&[], rest));
        let starts = name.first().map(|word| fold(word)).unwrap_or_default();
        let begins_street = starts.split(' ').next().is_some_and(|word| STREET_WORDS.contains(&word)) || is_street(&name.join(" "));
        if begins_street {
            let number = [&[*first], suffix].concat();
            return (join(name), Some(join(&number)), None);
        }
        return (street.to_owned(), None, None);
    }
    // From the end: unit, suffix, number.
    let mut end = words.len();
    let mut unit = None;
    if let [.., marker, value] = words.as_slice()
        && matches!(fold(marker).as_str(), "bte" | "boite" | "bus" | "box")
        && end > 3
    {
        unit = Some((*value).to_owned());
        end -= 2;
    }
    let kept = words.get(..end).unwrap_or_default();
    let suffixed = usize::from(kept.len() > 2 && kept.last().is_some_and(|word| is_suffix(word)));
    let at = kept.len().saturating_sub(1 + suffixed);
    let (name, number) = kept.split_at_checked(at).unwrap_or((kept, &[]));
    // "BP 77" is a letter box, "Route nationale n 4" may be the road's own number.
    let before = name.last().map(|word| fold(word)).unwrap_or_default();
    let is_other = matches!(before.as_str(), "bp" | "cs" | "lot" | "rn" | "nationale" | "departementale" | "bat" | "batiment" | "porte" | "mai" | "km");
    let is_numbered = number.first().is_some_and(|word| is_number(word)) && !is_other && name.iter().any(|word| word.chars().any(char::is_alphabetic));
    if !is_numbered {
        return (street.to_owned(), None, None);
    }
    let name = if matches!(before.as_str(), "n" | "no" | "nr") { name.split_last().map_or(name, |(_, rest)| rest) } else { name };
    (join(name), Some(join(number)), unit)
}

/// What may follow the digits of a house number: `b`, `bis`, `/3`, `-5`.
fn is_tail(tail: &str) -> bool {
    let letters = tail.len() <= 1 || matches!(tail.to_ascii_lowercase().as_str(), "bis" | "ter");
    (letters && tail.bytes().all(|byte| byte.is_ascii_alphabetic()))
        || tail.strip_prefix(['-', '/']).is_some_and(|more| !more.is_empty() && more.len() <= 4 && more.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests;
