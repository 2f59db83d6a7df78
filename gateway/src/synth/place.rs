//! Where the entries are: a postal code drawn about as often as people live there.

use std::collections::HashMap;

use directory::language::Language;
use directory::locality::{Point, Territory};
use directory::phone::Country;

use super::chance::{Chance, Weighted};

/// How many of a hundred entries are in France.
const FRENCH_SHARE: u64 = 15;

/// French départements along the border count this much more than the rest of France, and of that
/// rest only towns of some size count.
const BORDER_BONUS: u64 = 12;
const INLAND_TOWN: u32 = 10_000;
const BORDER: [&str; 11] = ["02", "08", "51", "54", "55", "57", "59", "62", "67", "68", "80"];

/// Thousands of people in a commune that is not listed.
const OTHERS: u64 = 12;

/// The larger Belgian communes by their French names, with their people in thousands: rounded from
/// general knowledge, for the order of magnitude and nothing else.
const THOUSANDS: [(&str, u64); 75] = [
    ("Anvers", 560),
    ("Gand", 270),
    ("Charleroi", 205),
    ("Liège", 196),
    ("Bruxelles", 197),
    ("Schaerbeek", 130),
    ("Anderlecht", 127),
    ("Bruges", 120),
    ("Namur", 114),
    ("Louvain", 103),
    ("Molenbeek-Saint-Jean", 98),
    ("Mons", 97),
    ("Malines", 89),
    ("Ixelles", 89),
    ("Alost", 90),
    ("Uccle", 86),
    ("La Louvière", 82),
    ("Hasselt", 82),
    ("Saint-Nicolas-Waes", 82),
    ("Courtrai", 79),
    ("Beveren-Kruibeke-Zwijndrecht", 86),
    ("Ostende", 72),
    ("Tournai", 69),
    ("Genk", 67),
    ("Roulers", 65),
    ("Seraing", 65),
    ("Mouscron", 60),
    ("Woluwe-Saint-Lambert", 59),
    ("Forest", 56),
    ("Verviers", 56),
    ("Jette", 53),
    ("Saint-Gilles", 49),
    ("Etterbeek", 49),
    ("Termonde", 47),
    ("Beringen", 48),
    ("Turnhout", 47),
    ("Vilvorde", 47),
    ("Dilbeek", 44),
    ("Heist-op-den-Berg", 43),
    ("Evere", 45),
    ("Woluwe-Saint-Pierre", 42),
    ("Lokeren", 43),
    ("Saint-Trond", 41),
    ("Geel", 41),
    ("Herstal", 41),
    ("Braine-l'Alleud", 41),
    ("Hal", 41),
    ("Ninove", 40),
    ("Grimbergen", 39),
    ("Waregem", 39),
    ("Maasmechelen", 40),
    ("Brasschaat", 38),
    ("Mol", 38),
    ("Lierre", 38),
    ("Grammont", 35),
    ("Auderghem", 35),
    ("Evergem", 36),
    ("Tirlemont", 36),
    ("Wavre", 36),
    ("Binche", 34),
    ("Zaventem", 36),
    ("Tongres-Looz", 43),
    ("Ypres", 35),
    ("Châtelet", 36),
    ("Ottignies-Louvain-la-Neuve", 32),
    ("Waterloo", 31),
    ("Ath", 30),
    ("Knokke-Heist", 34),
    ("Arlon", 31),
    ("Nivelles", 29),
    ("Sambreville", 29),
    ("Ganshoren", 26),
    ("Saint-Josse-ten-Noode", 27),
    ("Gembloux", 27),
    ("Eupen", 20),
];

/// Belgian words and what stands for them in France.
const IN_FRANCE: [(&str, &str); 7] = [
    ("CPAS", "CCAS"),
    ("cpas", "ccas"),
    ("itsme", "FranceConnect"),
    ("Recyparc", "Déchetterie"),
    ("recyparc", "déchetterie"),
    ("Wasserette", "Laverie"),
    ("wasserette", "laverie"),
];

/// A postal code and what it is called.
#[derive(Debug, Clone, Copy)]
pub(super) struct Site<'t> {
    pub(super) country: Country,
    pub(super) postal_code: &'t str,
    pub(super) commune: &'t str,
    /// French, Dutch, German; German may be empty.
    names: [&'t str; 3],
    point: Point,
}

impl<'t> Site<'t> {
    pub(super) fn name(&self, language: Language) -> &'t str {
        let [french, dutch, german] = self.names;
        match language {
            Language::Nl => dutch,
            Language::De if !german.is_empty() => german,
            _ => french,
        }
    }

    /// A text in the words of the country.
    pub(super) fn in_words(&self, text: &str) -> String {
        match self.country {
            Country::Be => text.to_owned(),
            Country::Fr => IN_FRANCE.iter().fold(text.to_owned(), |text, (belgian, french)| text.replace(belgian, french)),
        }
    }

    /// The languages of an entry there, its own one first.
    pub(super) fn languages(&self, chance: &mut Chance) -> Vec<Language> {
        let number: u32 = self.postal_code.parse().unwrap_or_default();
        let mut spoken = match (self.country, number) {
            (Country::Be, 1000..=1299) => match chance.below(100) {
                0..25 => vec![Language::Fr],
                25..75 => vec![Language::Fr, Language::Nl],
                75..87 => vec![Language::Nl, Language::Fr],
                _ => vec![Language::Nl],
            },
            (Country::Be, 4700..=4799) if chance.percent(35) => vec![Language::De, Language::Fr],
            (Country::Be, 4700..=4799) => vec![Language::De],
            (Country::Be, 1500..=3999 | 8000..=9999) if chance.percent(6) => vec![Language::Nl, Language::Fr],
            (Country::Be, 1500..=3999 | 8000..=9999) => vec![Language::Nl],
            (Country::Be, _) if chance.percent(4) => vec![Language::Fr, Language::Nl],
            _ => vec![Language::Fr],
        };
        if chance.percent(if self.country == Country::Be && number < 1300 { 18 } else { 5 }) {
            spoken.push(Language::En);
        }
        spoken
    }

    /// A point some streets away from the middle, in plain arithmetic: the same on every machine.
    pub(super) fn position(&self, chance: &mut Chance) -> (f64, f64) {
        let mut off = || f64::from(u32::try_from(chance.below(121) + chance.below(121)).unwrap_or_default()) - 120.0;
        let round = |degrees: f64| (degrees * 10_000.0).round() / 10_000.0;
        (round(self.point.lat + off() / 10_000.0), round(self.point.lon + off() / 7_000.0))
    }
}

/// The postal codes of both countries.
#[derive(Debug)]
pub(super) struct Gazetteer<'t> {
    belgium: Weighted<Site<'t>>,
    france: Weighted<Site<'t>>,
}

impl<'t> Gazetteer<'t> {
    pub(super) fn new(territory: &Territory<'t>) -> Self {
        // A code belongs to the commune that gives it its name; of the codes of a commune, the first
        // one is its centre.
        let own = || territory.areas().filter(|area| territory.areas_of(area.postal_code).next().is_some_and(|first| first.commune == area.commune));
        let mut codes: HashMap<&str, (&str, u64)> = HashMap::new();
        for area in own() {
            codes.entry(area.commune).or_insert((area.postal_code, 0)).1 += 1;
        }
        let belgium = own().map(|area| {
            let (centre, count) = codes.get(area.commune).copied().unwrap_or((area.postal_code, 1));
            let [french, _, _] = area.names;
            let people = 1_000 * THOUSANDS.iter().find(|(name, _)| *name == french).map_or(OTHERS, |(_, thousands)| *thousands);
            let shares = if centre == area.postal_code { 3 } else { 1 };
            let site = Site { country: area.country, postal_code: area.postal_code, commune: area.commune, names: area.names, point: area.point };
            (site, people * shares / (count + 2))
        });
        let france = territory.french_towns().filter(|town| !is_elsewhere(town.name, town.insee)).flat_map(|town| {
            let codes = town.postal_codes.split('|').count() as u64;
            let border = BORDER.iter().any(|department| town.insee.starts_with(department));
            let bonus = if border { BORDER_BONUS } else { u64::from(town.population >= INLAND_TOWN) };
            town.postal_codes.split('|').map(move |postal_code| {
                let site = Site { country: Country::Fr, postal_code, commune: town.insee, names: [town.name, town.name, ""], point: town.point };
                (site, u64::from(town.population) * bonus / codes)
            })
        });
        Self { belgium: Weighted::new(belgium), france: Weighted::new(france) }
    }

    pub(super) fn draw(&self, chance: &mut Chance) -> Option<&Site<'t>> {
        let country = if chance.percent(FRENCH_SHARE) { &self.france } else { &self.belgium };
        chance.weighted(country)
    }
}

/// Overseas, where the clock is another, and the districts of three cities, which are in the table a
/// second time with their city.
fn is_elsewhere(name: &str, insee: &str) -> bool {
    insee.starts_with("97") || insee.starts_with("98") || name.ends_with(" Arrondissement")
}

/// The listed communes that the territory does not know, and how many are listed.
#[cfg(test)]
pub(super) fn unknown_communes(territory: &Territory<'_>) -> (Vec<&'static str>, usize) {
    let known = |name: &str| territory.areas().any(|area| area.name(Language::Fr) == name);
    (THOUSANDS.iter().map(|(name, _)| *name).filter(|name| !known(name)).collect(), THOUSANDS.len())
}
