//! Phone numbers, mail and web addresses; uninvited personal ones stop here.

use directory::phone::{Country, Phone};
use directory::record::{Contact, ContactKind};
use directory::words::fold;

use super::Notes;

/// Providers where people, and small associations, have their mail.
const FREE_MAIL: &[&str] = &[
    "gmail",
    "googlemail",
    "hotmail",
    "outlook",
    "live",
    "msn",
    "yahoo",
    "ymail",
    "skynet",
    "proximus",
    "telenet",
    "scarlet",
    "voo",
    "belgacom",
    "icloud",
    "me",
    "aol",
    "gmx",
    "laposte",
    "orange",
    "wanadoo",
    "free",
    "sfr",
    "neuf",
    "bbox",
    "protonmail",
    "proton",
    "pm",
    "mail",
    "tutanota",
    "web",
    "t-online",
    "numericable",
    "cegetel",
    "swing",
    "brutele",
];
/// Words that make a mail address that of an organisation.
const ORGANISATION_WORDS: &[&str] = &[
    "accueil",
    "aide",
    "agence",
    "ami",
    "antenne",
    "asbl",
    "asso",
    "association",
    "atelier",
    "bibliotheque",
    "biblio",
    "bonjour",
    "bureau",
    "cafe",
    "ccas",
    "centre",
    "club",
    "collectif",
    "comite",
    "compost",
    "contact",
    "coordination",
    "cpas",
    "cyber",
    "direction",
    "donnerie",
    "ecole",
    "entraide",
    "epn",
    "espace",
    "fablab",
    "ferme",
    "formation",
    "foyer",
    "frigo",
    "gestion",
    "groupe",
    "hello",
    "info",
    "inscription",
    "jardin",
    "jeune",
    "maison",
    "mairie",
    "mediatheque",
    "mission",
    "msap",
    "mjc",
    "numerique",
    "permanence",
    "planning",
    "potager",
    "quartier",
    "repair",
    "resto",
    "secretariat",
    "service",
    "social",
    "soupe",
    "transition",
    "tiers",
    "vzw",
];

/// Every number of a text that may hold several; unreadable ones give a warning. One that pays whoever has it for being
/// called is refused: the poorest would pay.
pub(super) fn phones(text: &str, country: Country, field: &str, notes: &mut Notes<'_>) -> Vec<Contact> {
    let mut contacts = every_number(text, country, field, notes);
    contacts.retain(|contact| {
        let refused = contact.phone.as_ref().filter(|phone| phone.costs_more());
        if let Some(phone) = refused {
            let reason = "a number at a higher price than an ordinary call: not taken; give the organisation's ordinary number";
            notes.warn(field, &phone.compact(), reason);
        }
        refused.is_none()
    });
    contacts
}

fn every_number(text: &str, country: Country, field: &str, notes: &mut Notes<'_>) -> Vec<Contact> {
    let text = text.trim();
    if text.is_empty() {
        return Vec::new();
    }
    if let Some(phone) = Phone::parse(text, country) {
        return vec![Contact::phone(phone)];
    }
    // "02 555 01 02 / 0455 55 01 03": a slash may also stand inside one number, hence tried last.
    let by = |separators: &[&str]| -> Option<Vec<Contact>> {
        let mut parts = vec![text];
        for separator in separators {
            parts = parts.into_iter().flat_map(|part| part.split(separator)).collect();
        }
        let parts: Vec<&str> = parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).collect();
        (parts.len() > 1).then(|| parts.into_iter().map(|part| Phone::parse(part, country).map(Contact::phone)).collect()).flatten()
    };
    let found = by(&["|", ";", ",", " ou ", " et ", "\n"]).or_else(|| by(&["|", ";", ",", " ou ", " et ", "\n", " / ", " - "])).or_else(|| by(&["/"]));
    found.unwrap_or_else(|| {
        notes.warn(field, text, "not a phone number of its country: left out");
        Vec::new()
    })
}

/// Every mail address of a text. `name` is the organisation's, whose words make an address its own.
pub(super) fn mails(text: &str, name: &str, field: &str, notes: &mut Notes<'_>) -> Vec<Contact> {
    let mut contacts = Vec::new();
    for mail in text.split(['|', ';', ',', ' ', '\n']).map(|mail| mail.trim().trim_start_matches("mailto:")).filter(|mail| !mail.is_empty()) {
        let Some((local, domain)) = mail.split_once('@') else {
            if matches!(fold(mail).as_str(), "private" | "hidden" | "prive" | "masque") {
                notes.drop_personal();
            } else {
                notes.warn(field, mail, "not a mail address: left out");
            }
            continue;
        };
        let is_address = !local.is_empty()
            && domain.contains('.')
            && !domain.starts_with('.')
            && !domain.ends_with('.')
            && !domain.contains('@')
            && mail.chars().all(|character| !character.is_control());
        if !is_address {
            notes.warn(field, mail, "not a mail address: left out");
        } else if is_personal(local, domain, name) {
            notes.drop_personal();
        } else {
            contacts.push(Contact::at(ContactKind::Mail, mail));
        }
    }
    contacts
}

/// `first.last@` at a provider of private mail, unless a word of it is the organisation's; also what
/// a publisher masked.
fn is_personal(local: &str, domain: &str, name: &str) -> bool {
    let local = fold(local);
    if matches!(local.as_str(), "redacted" | "private" | "hidden" | "masque" | "anonyme") {
        return true;
    }
    let provider = domain.split('.').next().unwrap_or_default().to_ascii_lowercase();
    if !FREE_MAIL.contains(&provider.as_str()) {
        return false;
    }
    let name = fold(name);
    let belongs = |word: &str| {
        let stem = word.trim_end_matches('s');
        ORGANISATION_WORDS.contains(&stem)
            || ORGANISATION_WORDS.iter().any(|known| known.len() > 4 && word.contains(known))
            || (word.len() > 3 && name.contains(word))
    };
    let parts: Vec<&str> = local.split(' ').filter(|part| !part.is_empty()).collect();
    let is_person = parts.len() >= 2 && parts.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_alphabetic()) && part.len() <= 14);
    is_person && !parts.iter().any(|part| belongs(part))
}

/// Every web address of a text; a bare one gets `https://`.
pub(super) fn webs(text: &str, field: &str, notes: &mut Notes<'_>) -> Vec<Contact> {
    let mut contacts = Vec::new();
    for given in text.split(['|', ' ', '\n']).map(|web| web.trim_matches([',', ';'])).filter(|web| !web.is_empty()) {
        match web(given) {
            Some(address) => contacts.push(Contact::at(ContactKind::Web, address)),
            None => notes.warn(field, given, "not a web address: left out"),
        }
    }
    contacts
}

/// A web address with its scheme; `None` for anything that is not `http` or `https`.
pub(super) fn web(text: &str) -> Option<String> {
    let text = text.trim();
    let lower = text.to_ascii_lowercase();
    let rest = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://"));
    let host = rest.unwrap_or(&lower).split(['/', '?', '#', ':']).next().unwrap_or_default();
    let is_host = host.contains('.')
        && !host.starts_with('.')
        && !host.ends_with('.')
        && host.chars().all(|character| character.is_alphanumeric() || matches!(character, '.' | '-' | '_'));
    let has_other_scheme = rest.is_none() && lower.split('/').next().unwrap_or_default().contains([':', '@']);
    let is_clean = !text.contains(|character: char| character.is_whitespace() || character.is_control() || matches!(character, '<' | '>' | '"'));
    (is_host && is_clean && !has_other_scheme).then(|| if rest.is_some() { text.to_owned() } else { format!("https://{text}") })
}

#[cfg(test)]
mod tests;
