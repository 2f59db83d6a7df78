//! The facets of an entry besides its name: where, how to reach it, at what cost, for whom.

use chrono::{Days, NaiveDate};
use directory::language::{Language, Localized};
use directory::phone::{Country, Phone};
use directory::record::{
    Access, Accessibility, Address, Answer, Contact, ContactKind, Cost, CostKind, For, Hours, Kind, Period, Precision, SpokenLanguage, Welcome,
};
use directory::words;

use super::chance::Chance;
use super::place::Site;
use super::subject::{Habit, Price, Subject, Tongue};

/// Languages that are spoken at desks besides those of the place.
const OTHER_LANGUAGES: [&str; 9] = ["en", "ar", "tr", "es", "ro", "pl", "uk", "ti", "pt"];

pub(super) fn hours(habit: Habit, tongue: &Tongue, language: Language, chance: &mut Chance) -> Hours {
    match chance.below(100) {
        0..7 => Hours::default(),
        7..11 => Hours { raw: Some(chance.word(&tongue.unsure).to_owned()), ..Hours::default() },
        11..16 => Hours { osm: super::hours::hours(habit, chance), text: Localized::new(language, chance.word(&tongue.except)), raw: None },
        _ => Hours { osm: super::hours::hours(habit, chance), ..Hours::default() },
    }
}

/// Two or three sentences on one entry in four.
pub(super) fn text(tongue: &Tongue, language: Language, chance: &mut Chance) -> Localized {
    if !chance.percent(25) {
        return Localized::default();
    }
    let first = chance.index(tongue.sentences.len());
    let sentences: Vec<&str> = tongue.sentences.iter().cycle().skip(first).step_by(3).take(2 + chance.index(2)).map(String::as_str).collect();
    Localized::new(language, sentences.join(" "))
}

pub(super) fn audiences(subject: &Subject, chance: &mut Chance) -> Vec<For> {
    let always = subject.audiences.iter().any(|audience| audience.welcome == Welcome::Only);
    if always || chance.percent(60) { subject.audiences.clone() } else { Vec::new() }
}

pub(super) fn address(subject: &Subject, site: &Site<'_>, tongue: &Tongue, language: Language, chance: &mut Chance) -> Address {
    let here = Address { country: site.country, commune: Some(site.commune.to_owned()), ..Address::default() };
    if subject.area {
        // One in two hundred of what has no door serves the whole country.
        let whole = chance.below(200) == 0;
        let area = if whole { site.country.code().to_lowercase() } else { site.commune.to_owned() };
        let postal_code = (!whole).then(|| site.postal_code.to_owned());
        return Address { postal_code, locality: Some(site.name(language).to_owned()), precision: Some(Precision::Area), area: vec![area], ..here };
    }
    let belgian = site.country == Country::Be && !tongue.near.is_empty() && chance.percent(25);
    let street = chance.word(if belgian { &tongue.near } else { &tongue.streets });
    let longest = 12 + chance.below(240);
    let number = 1 + chance.below(longest);
    let suffix = if chance.percent(7) { ["A", "B", " bis", "/2"].get(chance.index(4)).copied().unwrap_or_default() } else { "" };
    let exact = chance.percent(70);
    Address {
        street: Some(street.to_owned()),
        number: Some(format!("{number}{suffix}")),
        postal_code: Some(site.postal_code.to_owned()),
        locality: Some(site.name(language).to_owned()),
        position: exact.then(|| site.position(chance)),
        precision: exact.then_some(Precision::Exact),
        hint: if chance.percent(20) { Localized::new(language, chance.word(&tongue.hints)) } else { Localized::default() },
        ..here
    }
}

pub(super) fn contacts(kind: Kind, site: &Site<'_>, house: &str, chance: &mut Chance) -> Vec<Contact> {
    let mut contacts = Vec::new();
    let reached = match kind {
        Kind::Offer => 100,
        Kind::Place => 25,
        _ => 82,
    };
    if chance.percent(reached) {
        contacts.extend(phone(site, chance).map(Contact::phone));
    }
    // Neighbours and fountains have no page of their own.
    if matches!(kind, Kind::Offer | Kind::Place) {
        return contacts;
    }
    let domain = format!("{}-{}.example", words::fold(house).replace(' ', "-"), site.postal_code);
    if chance.percent(45) {
        contacts.push(Contact::at(ContactKind::Mail, format!("info@{domain}")));
    }
    if chance.percent(35) {
        contacts.push(Contact::at(ContactKind::Web, format!("https://{domain}")));
    }
    contacts
}

/// A number that stands for nobody: of the blocks that the demo territory uses too, or, in France, of
/// the ranges that the regulator keeps for fiction. There are far fewer of them than entries.
fn phone(site: &Site<'_>, chance: &mut Chance) -> Option<Phone> {
    let last = chance.below(100);
    let text = match site.country {
        Country::Fr => format!("035301{:02}{last:02}", chance.below(100)),
        Country::Be if chance.percent(12) => format!("045555{:02}{last:02}", 12 + chance.below(67)),
        Country::Be if site.postal_code.starts_with('5') => format!("083555{}{last:02}", chance.below(2)),
        Country::Be if site.postal_code.starts_with('4') => format!("0855550{last:02}"),
        Country::Be => format!("025550{}{last:02}", 1 + chance.below(3)),
    };
    Phone::parse(&text, site.country)
}

pub(super) fn closures(today: NaiveDate, language: Language, chance: &mut Chance) -> Vec<Period> {
    if !chance.percent(2) {
        return Vec::new();
    }
    let from = today + Days::new(chance.below(20)) - Days::new(8);
    let why = match language {
        Language::Fr => "Travaux",
        Language::Nl => "Werken",
        Language::De => "Umbau",
        Language::En => "Building works",
    };
    vec![Period { from: Some(from), to: Some(from + Days::new(3 + chance.below(14))), why: Localized::new(language, why) }]
}

pub(super) fn cost(price: Price, site: &Site<'_>, tongue: &Tongue, language: Language, chance: &mut Chance) -> Cost {
    let roll = chance.below(100);
    let (kind, cents) = match (price, roll) {
        (Price::Free, 0..85) | (Price::Conditional, 0..30) | (Price::Small, 0..12) => (CostKind::Free, None),
        (Price::Conditional, 30..75) | (Price::Small, 12..25) | (Price::Health, 0..45) => (CostKind::FreeIf, None),
        (Price::Small, 25..65) => (CostKind::Paid, Some(50 * (1 + chance.below(12)))),
        (Price::Paid, 0..70) => (CostKind::Paid, Some(500 * (1 + chance.below(9)))),
        (Price::Health, 45..65) => (CostKind::Paid, None),
        (Price::PayWhatYouCan, 0..75) | (Price::Small, 65..80) => (CostKind::PayWhatYouCan, None),
        _ => return Cost::default(),
    };
    let text = if kind == CostKind::FreeIf { Localized::new(language, site.in_words(chance.word(&tongue.price))) } else { Localized::default() };
    Cost { kind, cents: cents.and_then(|cents| u32::try_from(cents).ok()), text }
}

pub(super) fn access(subject: &Subject, tongue: &Tongue, language: Language, chance: &mut Chance) -> Access {
    if chance.percent(15) {
        return Access::default();
    }
    let most = 1 + chance.index(subject.modes.len());
    let conditions = if chance.percent(15) { Localized::new(language, chance.word(&tongue.conditions)) } else { Localized::default() };
    Access { modes: subject.modes.iter().copied().take(most).collect(), by: None, conditions, no_public: false }
}

pub(super) fn spoken(languages: &[Language], chance: &mut Chance) -> Vec<SpokenLanguage> {
    if chance.percent(40) {
        return Vec::new();
    }
    let mut codes: Vec<&str> = languages.iter().map(|language| language.code()).collect();
    for _ in 0..chance.below(4) {
        let code = chance.pick(&OTHER_LANGUAGES).copied().unwrap_or("en");
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    codes.into_iter().map(|code| SpokenLanguage { code: code.to_owned(), interpreter: code == "ti" || code == "uk" }).collect()
}

pub(super) fn accessibility(chance: &mut Chance) -> Accessibility {
    let step_free = match chance.below(100) {
        0..35 => Some(Answer::Yes),
        35..48 => Some(Answer::Partly),
        48..60 => Some(Answer::No),
        _ => None,
    };
    Accessibility { step_free, toilet: step_free.filter(|_| chance.percent(30)), ..Accessibility::default() }
}
