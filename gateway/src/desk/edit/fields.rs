//! A record's fields as a form has them: texts by their names, in groups that are corrected together. Pure.

use std::collections::BTreeMap;

use directory::language::{Language, Localized};
use directory::phone::{Country, Phone};
use directory::record::{Contact, ContactKind, Content, Cost, CostKind, Hours, Precision, Status};
use directory::schedule::Timetable;
use directory::theme::Theme;
use serde_json::{Value, json};

use super::super::form::Form;
use super::is_status;

/// Fields of the content (and the status) with the names of their parts in the form.
pub(super) const GROUPS: [(&str, &[&str]); 8] = [
    ("contacts", &["phone"]),
    ("hours", &["hours"]),
    ("status", &["status"]),
    ("name", &["name_fr", "name_nl", "name_de", "name_en"]),
    ("short", &["short_fr", "short_nl", "short_de", "short_en"]),
    ("themes", &["theme_1", "theme_2", "theme_3"]),
    ("address", &["street", "number", "postal_code", "locality"]),
    ("cost", &["cost", "euros"]),
];

/// The longest short text, in characters.
const LONGEST_SHORT: usize = 140;

/// The longest name.
const LONGEST_NAME: usize = 120;

/// The group of a part.
pub(super) fn group_of(id: &str) -> &'static str {
    GROUPS.iter().find(|(_, ids)| ids.contains(&id)).map_or("", |(group, _)| group)
}

/// Texts by the names of the form's parts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Fields(BTreeMap<&'static str, String>);

impl Fields {
    /// What a record says.
    pub(super) fn of(content: &Content, status: Status) -> Self {
        let mut fields = BTreeMap::new();
        for (prefix, text) in [("name", &content.name), ("short", &content.short)] {
            for language in Language::ALL {
                fields.insert(localized_id(prefix, language), text.exact(language).unwrap_or_default().to_owned());
            }
        }
        let address = &content.address;
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let theme = |place: usize| content.themes.get(place).map(|theme| theme.id().to_owned()).unwrap_or_default();
        fields.extend([
            ("phone", first_phone(content).map(|(_, phone)| phone.national()).unwrap_or_default()),
            ("hours", text(&content.hours.osm)),
            ("status", status.id().to_owned()),
            ("theme_1", theme(0)),
            ("theme_2", theme(1)),
            ("theme_3", theme(2)),
            ("street", text(&address.street)),
            ("number", text(&address.number)),
            ("postal_code", text(&address.postal_code)),
            ("locality", text(&address.locality)),
            ("cost", content.cost.kind.id().to_owned()),
            ("euros", content.cost.euros().unwrap_or_default()),
        ]);
        Self(fields)
    }

    /// What somebody typed.
    pub(super) fn typed(form: &Form) -> Self {
        Self(GROUPS.iter().flat_map(|(_, ids)| ids.iter()).map(|id| (*id, form.get(id).to_owned())).collect())
    }

    /// The text of a part.
    pub(super) fn get(&self, id: &str) -> &str {
        self.0.get(id).map_or("", String::as_str)
    }

    /// The parts that say something else than before, in the order of the form.
    pub(super) fn changed(&self, before: &Self) -> Vec<&'static str> {
        GROUPS.iter().flat_map(|(_, ids)| ids.iter().copied()).filter(|id| self.get(id) != before.get(id)).collect()
    }

    /// A group as the record keeps it, or the sentence that says what is wrong with it. What the form has no part for
    /// stays as it is in `content`.
    pub(super) fn value(&self, group: &str, content: &Content, country: Country) -> Result<Value, &'static str> {
        let some = |id: &str| Some(self.get(id)).filter(|text| !text.is_empty());
        Ok(match group {
            "name" => self.localized("name", LONGEST_NAME, "edit-long-name")?,
            "short" => self.localized("short", LONGEST_SHORT, "edit-long-short")?,
            "themes" => {
                let mut themes: Vec<Theme> = ["theme_1", "theme_2", "theme_3"].into_iter().filter_map(|id| Theme::from_id(self.get(id))).collect();
                themes.dedup();
                json!(themes)
            }
            "status" => {
                if !is_status(self.get("status")) {
                    return Err("edit-unfit");
                }
                json!(self.get("status"))
            }
            "hours" => {
                let osm = some("hours");
                if osm.is_some_and(|osm| Timetable::parse(osm, country).is_err()) {
                    return Err("edit-hours");
                }
                // Words of the source beside hours by hand could say something else.
                json!(Hours { osm: osm.map(ToOwned::to_owned), ..if osm.is_some() { Hours::default() } else { content.hours.clone() } })
            }
            "contacts" => {
                let mut contacts = content.contacts.clone();
                let place = first_phone(content).map(|(place, _)| place);
                match (some("phone"), place) {
                    (Some(typed), _) => {
                        let phone = Phone::parse(typed, country).ok_or("edit-phone")?;
                        match place.and_then(|place| contacts.get_mut(place)) {
                            Some(contact) => contact.phone = Some(phone),
                            None => contacts.insert(0, Contact::phone(phone)),
                        }
                    }
                    (None, Some(place)) => {
                        contacts.remove(place);
                    }
                    (None, None) => {}
                }
                json!(contacts)
            }
            "address" => {
                let mut address = content.address.clone();
                let moved = some("postal_code") != address.postal_code.as_deref() || some("street") != address.street.as_deref();
                for (id, part) in [
                    ("street", &mut address.street),
                    ("number", &mut address.number),
                    ("postal_code", &mut address.postal_code),
                    ("locality", &mut address.locality),
                ] {
                    *part = some(id).map(ToOwned::to_owned);
                }
                address.country = country;
                if moved {
                    // The old place on the map is not the new one.
                    (address.position, address.commune) = (None, None);
                    address.precision = address.precision.filter(|precision| *precision == Precision::Area);
                }
                json!(address)
            }
            "cost" => {
                let kind = CostKind::from_id(self.get("cost")).ok_or("edit-unfit")?;
                let cents = match some("euros").filter(|_| kind == CostKind::Paid) {
                    Some(typed) => Some(cents(typed).ok_or("edit-euros")?),
                    None => None,
                };
                json!(Cost { kind, cents, text: content.cost.text.clone() })
            }
            _ => return Err("edit-unfit"),
        })
    }

    fn localized(&self, prefix: &'static str, longest: usize, too_long: &'static str) -> Result<Value, &'static str> {
        let mut text = Localized::default();
        for language in Language::ALL {
            let typed = self.get(localized_id(prefix, language));
            if typed.chars().count() > longest {
                return Err(too_long);
            }
            text.insert(language, typed);
        }
        if prefix == "name" && text.is_empty() {
            return Err("add-no-name");
        }
        Ok(json!(text))
    }
}

/// The content with one of its fields replaced; nothing where the value does not fit.
pub(super) fn with(content: &Content, group: &str, value: Value) -> Option<Content> {
    let Ok(Value::Object(mut fields)) = serde_json::to_value(content) else { return None };
    fields.insert(group.to_owned(), value);
    serde_json::from_value(Value::Object(fields)).ok()
}

fn localized_id(prefix: &str, language: Language) -> &'static str {
    let wanted = format!("{prefix}_{}", language.code());
    GROUPS.iter().flat_map(|(_, ids)| ids.iter().copied()).find(|id| *id == wanted).unwrap_or_default()
}

/// The number that visitors are shown, and its place among the contacts.
fn first_phone(content: &Content) -> Option<(usize, &Phone)> {
    let find = |kind: ContactKind| {
        content
            .contacts
            .iter()
            .enumerate()
            .find_map(|(place, contact)| Some((place, contact.phone.as_ref().filter(|_| contact.public && contact.kind == kind)?)))
    };
    find(ContactKind::Phone).or_else(|| find(ContactKind::Sms))
}

/// `2`, `2,5` or `2.50` euros.
fn cents(typed: &str) -> Option<u32> {
    let (euros, cents) = typed.split_once([',', '.']).unwrap_or((typed, "0"));
    let cents: u32 = match cents.len() {
        1 => cents.parse::<u32>().ok()? * 10,
        2 => cents.parse().ok()?,
        _ => return None,
    };
    euros.parse::<u32>().ok()?.checked_mul(100)?.checked_add(cents)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(text: &str) -> Fields {
        Fields::typed(&Form::read(text.as_bytes()))
    }

    #[test]
    fn prices_are_read_as_people_write_them() {
        assert_eq!(["2", "2,5", "2.50", "0,05"].map(cents), [Some(200), Some(250), Some(250), Some(5)]);
        assert_eq!(["", "x", "2,505", "-1", "99999999999"].map(cents), [None; 5]);
    }

    #[test]
    fn what_was_not_touched_stays() {
        let mut content = Content { name: Localized::new(Language::Fr, "Épicerie"), ..Content::default() };
        content.contacts = vec![Contact::at(ContactKind::Mail, "a@example.org"), Contact::phone(Phone::parse("02 555 01 00", Country::Be).unwrap())];
        let before = Fields::of(&content, Status::Published);
        assert_eq!((before.get("phone"), before.get("name_fr"), before.get("name_nl")), ("02 555 01 00", "Épicerie", ""));
        let mut typed = before.clone();
        assert_eq!(typed.changed(&before), [] as [&str; 0]);
        typed.0.insert("phone", "02 555 01 23".to_owned());
        assert_eq!(typed.changed(&before), ["phone"]);
        let value = typed.value("contacts", &content, Country::Be).unwrap();
        let contacts: Vec<Contact> = serde_json::from_value(value).unwrap();
        assert_eq!(contacts[0], content.contacts[0]);
        assert_eq!(contacts[1].phone.as_ref().map(Phone::as_str), Some("+3225550123"));
    }

    #[test]
    fn what_cannot_be_is_named() {
        let content = Content::default();
        for (typed, group, wrong) in [
            ("phone=12", "contacts", "edit-phone"),
            ("hours=matin", "hours", "edit-hours"),
            ("status=merged", "status", "edit-unfit"),
            ("cost=paid&euros=x", "cost", "edit-euros"),
            ("name_fr=", "name", "add-no-name"),
        ] {
            assert_eq!(form(typed).value(group, &content, Country::Be), Err(wrong), "{typed}");
        }
        let long = format!("short_fr={}", "a".repeat(141));
        assert_eq!(form(&long).value("short", &content, Country::Be), Err("edit-long-short"));
        assert!(form("hours=Mo-Fr+09:00-12:00").value("hours", &content, Country::Be).is_ok());
    }
}
