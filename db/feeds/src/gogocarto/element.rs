//! One element to one draft.

use directory::draft::{Draft, Refused};
use directory::language::Localized;
use directory::phone::Country;
use directory::record::{Address, Content, Hours, Kind, Status};
use serde_json::{Map, Value};

use super::super::place::{Position, PostalCode, position, postal_code, read_line, set_street};
use super::super::{Notes, Settings, add_needs, contact, date, hours, text, themes_of};
use super::value::{integer, text_of, texts, texts_of};

type Element = Map<String, Value>;

/// Fields in which instances keep who entered or runs an element.
const PERSONAL: &[&str] =
    &["userOwnerEmail", "userOwner", "contributor", "contactName", "contact_nom", "nom_contact", "personne_contact", "referent", "createur"];

pub(super) fn read(element: &Element, settings: &Settings<'_>, notes: &mut Notes<'_>) -> Result<Draft, Refused> {
    let id = text_of(element, &["id"]).ok_or_else(|| notes.refusal("id", "", "missing: an element needs its identifier"))?;
    let name = text_of(element, &["name", "title", "nom"]).map(|name| text::line(&name)).filter(|name| !name.is_empty());
    let name = name.ok_or_else(|| notes.refusal("name", &id, "missing: an element needs a name"))?;
    let status = element.get("status").and_then(integer);
    if let Some(status) = status.filter(|status| *status <= 0) {
        return Err(notes.refusal("status", &id, format!("status {status}: {}", explain(status))));
    }
    let mut content = describe(element, &name, settings);
    content.address = address(element, settings, notes);
    content.hours = opening(element, settings, notes);
    for phone in texts_of(element, &["telephone", "phone", "tel"]) {
        content.contacts.extend(contact::phones(&phone, content.address.country, "telephone", notes));
    }
    for mail in texts_of(element, &["email", "mail"]) {
        content.contacts.extend(contact::mails(&mail, &name, "email", notes));
    }
    for web in texts_of(element, &["website", "site_web", "siteWeb", "web", "url"]) {
        content.contacts.extend(contact::webs(&web, "website", notes));
    }
    // Status 7 is somebody else's data shown through: its licence is that source's, not the map's.
    content.licence = match (status, text_of(element, &["sourceKey", "source"])) {
        (Some(7), Some(source)) => Some(format!("source: {source}")),
        _ => notes.feed.licence.clone(),
    };
    for _ in PERSONAL.iter().filter_map(|key| element.get(*key)).filter(|value| !texts(value).is_empty()) {
        notes.drop_personal();
    }
    let mut draft = Draft::new(id, Kind::Organisation, content);
    draft.status = moderation(element, &mut draft.content, notes);
    draft.evidence = texts_of(element, &["stamps"]).iter().map(|stamp| text::line(stamp)).collect();
    if let Some(updated) = text_of(element, &["updatedAt", "createdAt"]) {
        draft.updated_on = date::read(&updated, &[], settings.zone).map(date::Moment::day);
        if draft.updated_on.is_none() {
            notes.warn("updatedAt", &updated, "not a date: left out");
        }
    }
    Ok(draft)
}

fn explain(status: i64) -> &'static str {
    match status {
        -6 => "a duplicate of another element",
        -4 => "deleted",
        -3 => "refused by the contributors",
        -2 => "refused by the administrators",
        -1 => "a pending change",
        0 => "waiting to be admitted",
        _ => "not shown by the source",
    }
}

/// What moderators still doubt is shown as doubtful.
fn moderation(element: &Element, content: &mut Content, notes: &mut Notes<'_>) -> Status {
    let state = element.get("moderationState").and_then(integer).unwrap_or(0);
    let reason = match state {
        -2 => {
            content.address.position = None;
            notes.warn("moderationState", "-2", "the source could not place it: position left out");
            return Status::Published;
        }
        1 => "people reported it",
        2 => "contributors disagree about it",
        3 => "it has waited too long for approval",
        4 => "it may be a duplicate",
        _ => return Status::Published,
    };
    notes.warn("moderationState", &state.to_string(), format!("{reason}: taken as doubtful"));
    Status::Doubtful
}

fn describe(element: &Element, name: &str, settings: &Settings<'_>) -> Content {
    let language = settings.language;
    let localized = |text: String| Localized::new(language, text);
    let mut content = Content { name: localized(name.to_owned()), ..Content::default() };
    // Names where there are any; ids say something only to who configured the source.
    let full = texts_of(element, &["categoriesFull"]);
    let plain = texts_of(element, &["categories", "taxonomy", "categoriesIds"]);
    let is_id = |term: &String| term.bytes().all(|byte| byte.is_ascii_digit());
    let terms = if plain.iter().all(is_id) && !full.is_empty() { full } else { plain };
    content.terms = terms.iter().flat_map(|term| term.split(',')).map(text::line).filter(|term| !term.is_empty()).collect();
    content.themes = themes_of(&content.terms, name, settings);
    add_needs(&mut content);
    let parts = ["description", "descriptionMore"].iter().filter_map(|key| text_of(element, &[key])).map(|part| text::plain(&part));
    let description = parts.collect::<Vec<_>>().join("\n\n");
    let summary = text_of(element, &["abstract"]).map(|summary| text::plain(&summary)).unwrap_or_default();
    // The map cuts its abstracts at 60 letters, in the middle of a word.
    let is_cut = summary.is_empty() || description.starts_with(summary.trim_end_matches(['…', '.']));
    content.short = localized(text::short(if is_cut { &description } else { &summary }));
    content.text = localized(if description.is_empty() { summary } else { description });
    content.purpose = localized(text_of(element, &["commitment"]).map(|commitment| text::plain(&commitment)).unwrap_or_default());
    content
}

fn address(element: &Element, settings: &Settings<'_>, notes: &mut Notes<'_>) -> Address {
    let mut address = Address { country: settings.country, ..Address::default() };
    let fields = match element.get("address") {
        Some(Value::Object(fields)) => fields,
        Some(Value::String(line)) => {
            read_line(line, &mut address);
            element
        }
        _ => element,
    };
    let mut is_abroad = false;
    if let Some(country) = text_of(fields, &["addressCountry"]) {
        match Country::from_name(&country) {
            Some(country) => address.country = country,
            None => is_abroad = true,
        }
    }
    if let Some(street) = text_of(fields, &["streetAddress"]) {
        match text_of(fields, &["streetNumber"]) {
            Some(number) => {
                address.street = Some(text::line(&street));
                address.number = Some(text::line(&number));
            }
            None => set_street(&street, &mut address),
        }
    }
    if let Some(town) = text_of(fields, &["addressLocality"]) {
        address.locality = Some(text::line(&town));
    }
    if let Some(code) = text_of(fields, &["postalCode"]) {
        match postal_code(&code, address.country) {
            _ if is_abroad => {
                notes.warn("addressCountry", &text_of(fields, &["addressCountry"]).unwrap_or_default(), "neither Belgium nor France: postal code left out");
            }
            PostalCode::Good(code) => address.postal_code = Some(code),
            PostalCode::Mended(mended) => {
                notes.warn("postalCode", &code, format!("a zero was missing: {mended}"));
                address.postal_code = Some(mended);
            }
            PostalCode::Impossible => notes.warn("postalCode", &code, format!("no postal code of {}: left out", address.country.code())),
        }
    }
    if let Some((lat, lon)) = coordinates(element) {
        address.position = match position(&lat, &lon) {
            Position::At(lat, lon) => Some((lat, lon)),
            Position::Swapped(right_lat, right_lon) => {
                notes.warn("geo", &format!("{lat};{lon}"), "longitude came first: put right");
                Some((right_lat, right_lon))
            }
            Position::Unusable(reason) => {
                notes.warn("geo", &format!("{lat};{lon}"), format!("{reason}: left out"));
                None
            }
        };
    }
    address
}

/// `geo: {latitude, longitude}`, `geo: [lat, lon]`, or either at the root, under four names.
fn coordinates(element: &Element) -> Option<(String, String)> {
    let named = |fields: &Element| Some((text_of(fields, &["latitude", "lat"])?, text_of(fields, &["longitude", "lng", "lon", "long"])?));
    match element.get("geo") {
        Some(Value::Object(geo)) => named(geo),
        Some(Value::Array(pair)) => {
            let numbers: Vec<String> = pair.iter().flat_map(texts).collect();
            Some((numbers.first()?.clone(), numbers.get(1)?.clone()))
        }
        _ => None,
    }
    .or_else(|| named(element))
}

fn opening(element: &Element, settings: &Settings<'_>, notes: &mut Notes<'_>) -> Hours {
    let mut opening = Hours::default();
    let more = text_of(element, &["openHoursMoreInfos"]).map(|more| text::plain(&more)).unwrap_or_default();
    match element.get("openHours") {
        Some(Value::Object(days)) => {
            let mut week: [Vec<hours::Interval>; 7] = Default::default();
            let mut certain = true;
            let mut raw = Vec::new();
            for (day, slots) in days {
                let place = hours::DAYS.iter().position(|name| day.get(..2).is_some_and(|start| start.eq_ignore_ascii_case(name)));
                let slots = texts(slots).join(",");
                if slots.is_empty() {
                    continue;
                }
                raw.push(format!("{day} {slots}"));
                match (place.and_then(|place| week.get_mut(place)), hours::cell(&slots)) {
                    (Some(open), Some(hours::Cell::Open(intervals))) => open.extend(intervals),
                    (Some(_), Some(hours::Cell::Closed)) => {}
                    _ => certain = false,
                }
            }
            opening.osm = if certain { hours::week(&week) } else { None };
            if opening.osm.is_none() && !raw.is_empty() {
                let raw = raw.join("; ");
                notes.warn("openHours", &raw, "hours not understood: kept as text only");
                opening.raw = Some(raw);
            }
        }
        Some(Value::String(prose)) if !prose.trim().is_empty() => {
            opening.osm = hours::osm(prose);
            opening.raw = Some(text::line(prose));
        }
        _ => opening.osm = hours::osm(&more),
    }
    opening.text = Localized::new(settings.language, more);
    opening
}
