//! One row to one draft.

use directory::draft::{Draft, Refused};
use directory::language::Localized;
use directory::phone::Country;
use directory::record::{Accessibility, Answer, Contact, ContactKind, Content, Cost, CostKind, Kind, Link, LinkRole};
use directory::words::fold;

use super::super::mapping::{Field, Rule};
use super::super::{Mapping, Notes, Settings, add_needs, contact, date, text, themes_of};
use super::Columns;

/// A row, with what is needed to read it.
#[derive(Clone, Copy)]
pub(super) struct Row<'r> {
    pub(super) cells: &'r ::csv::StringRecord,
    pub(super) columns: &'r Columns,
    pub(super) mapping: &'r Mapping,
    pub(super) settings: &'r Settings<'r>,
}

impl<'r> Row<'r> {
    /// A cell that says something.
    pub(super) fn cell(&self, column: &str) -> Option<&'r str> {
        let cell = self.cells.get(self.columns.place(column)?)?.trim();
        let is_none = cell.is_empty() || self.mapping.none_values.iter().any(|none| none.eq_ignore_ascii_case(cell));
        (!is_none).then_some(cell)
    }

    /// A field's value: its constant, or its columns joined.
    pub(super) fn text(&self, field: Field) -> Option<String> {
        self.mapping.rule(field).and_then(|rule| self.value(rule))
    }

    pub(super) fn value(&self, rule: &Rule) -> Option<String> {
        if let Some(constant) = &rule.constant {
            return Some(constant.clone());
        }
        let cells: Vec<&str> = rule.columns.iter().filter_map(|column| self.cell(column)).collect();
        (!cells.is_empty()).then(|| cells.join(rule.join.as_deref().unwrap_or(" ")))
    }

    /// A field's values, where a cell holds several.
    pub(super) fn list(&self, field: Field) -> Vec<String> {
        let separator = self.mapping.rule(field).and_then(|rule| rule.list.as_deref()).unwrap_or(&self.mapping.list);
        let value = self.text(field).unwrap_or_default();
        value.split(separator).map(str::trim).filter(|item| !item.is_empty()).map(ToOwned::to_owned).collect()
    }

    /// The columns of a field, as a refusal names them.
    pub(super) fn names(&self, field: Field) -> String {
        self.mapping.rule(field).map(|rule| rule.all_columns().join(" + ")).unwrap_or_default()
    }

    /// A text in every language the mapping knows; the rule's own columns are in the source's.
    fn localized(&self, field: Field, clean: impl Fn(&str) -> String) -> Localized {
        let mut localized = Localized::default();
        let Some(rule) = self.mapping.rule(field) else { return localized };
        localized.insert(self.settings.language, clean(&self.value(rule).unwrap_or_default()));
        for (language, rule) in &rule.languages {
            localized.insert(*language, clean(&self.value(rule).unwrap_or_default()));
        }
        localized
    }

    /// Reads the row, or says why not.
    pub(super) fn read(&self, notes: &mut Notes<'_>) -> Result<Draft, Refused> {
        let id = self.text(Field::Id).ok_or_else(|| notes.refusal(&self.names(Field::Id), "", "missing: a row needs its key"))?;
        let name = self.localized(Field::Name, text::line);
        if name.is_empty() {
            return Err(notes.refusal(&self.names(Field::Name), "", "missing: an entry needs a name"));
        }
        for (field, rule) in self.mapping.fields.iter().filter(|(_, rule)| rule.required) {
            if self.value(rule).is_none() && rule.languages.iter().all(|(_, rule)| self.value(rule).is_none()) {
                return Err(notes.refusal(&self.names(*field), "", "missing, and the mapping requires it"));
            }
        }
        let kind = self.kind(notes)?;
        let mut content = Content { name, address: self.address(notes)?, ..Content::default() };
        self.describe(&mut content, notes);
        self.reach(&mut content, notes);
        content.hours = self.hours(notes);
        content.hours.text = self.localized(Field::HoursText, text::line);
        content.access.conditions = self.localized(Field::Conditions, text::plain);
        content.cost = self.cost(notes);
        content.accessibility = self.accessibility(notes);
        content.links = self.links();
        content.licence = self.text(Field::Licence).or_else(|| self.mapping.licence.clone());
        content.when = self.when(kind, notes)?;
        let status = self.apply_status(&mut content, notes);
        for _ in self.mapping.personal.iter().filter(|column| self.cell(column).is_some()) {
            notes.drop_personal();
        }
        let mut draft = Draft::new(id, kind, content);
        draft.status = status;
        draft.url = self.text(Field::Url).and_then(|url| contact::web(&url));
        draft.updated_on = self.day(Field::UpdatedOn, notes);
        draft.confirmed_on = self.day(Field::ConfirmedOn, notes);
        draft.evidence = self.list(Field::Evidence);
        draft.trust = self.trust(notes);
        Ok(draft)
    }

    fn describe(&self, content: &mut Content, notes: &mut Notes<'_>) {
        content.text = self.localized(Field::Text, text::plain);
        content.short = self.localized(Field::Short, |short| text::short(&text::plain(short)));
        if content.short.is_empty() {
            content.short = content.text.map(text::short);
        }
        content.purpose = self.localized(Field::Purpose, text::plain);
        content.experience = self.localized(Field::Experience, text::plain);
        content.address.hint = self.localized(Field::Hint, text::line);
        content.terms = self.list(Field::Terms).iter().map(|term| text::line(term)).collect();
        self.add_needs(content, notes);
        add_needs(content);
        content.themes = self.themes(notes);
        if content.themes.is_empty() {
            let name = content.name.best(self.settings.language).unwrap_or_default();
            content.themes = themes_of(&content.terms, name, self.settings);
        }
        content.audiences = self.audiences(notes);
        content.languages = self.languages(notes);
        content.access = self.access(notes);
        let age = |field: Field| self.text(field).and_then(|age| age.parse::<u8>().ok());
        let ages = (age(Field::AgeMin), age(Field::AgeMax));
        content.age = (ages != (None, None)).then_some(ages);
        for (scheme, rule) in &self.mapping.identifiers {
            content.identifiers.extend(self.value(rule).map(|value| format!("{scheme}:{value}")));
        }
    }

    fn reach(&self, content: &mut Content, notes: &mut Notes<'_>) {
        let country = content.address.country;
        let name = content.name.best(self.settings.language).unwrap_or_default().to_owned();
        let numbers = |field: Field, notes: &mut Notes<'_>| -> Vec<Contact> {
            let names = self.names(field);
            self.list(field).iter().flat_map(|number| contact::phones(number, country, &names, notes)).collect()
        };
        content.contacts.extend(numbers(Field::Phone, notes));
        content.contacts.extend(numbers(Field::Sms, notes).into_iter().map(|contact| Contact { kind: ContactKind::Sms, ..contact }));
        for mail in self.list(Field::Email) {
            content.contacts.extend(contact::mails(&mail, &name, &self.names(Field::Email), notes));
        }
        for web in self.list(Field::Web) {
            content.contacts.extend(contact::webs(&web, &self.names(Field::Web), notes));
        }
    }

    fn cost(&self, notes: &mut Notes<'_>) -> Cost {
        let mut cost = Cost { kind: self.cost_kind(notes), text: self.localized(Field::CostText, text::line), ..Cost::default() };
        if let Some(amount) = self.text(Field::CostAmount) {
            cost.cents = cents(&amount);
            match cost.cents {
                None => notes.warn(&self.names(Field::CostAmount), &amount, "not an amount in euros: left out"),
                Some(0) if cost.kind == CostKind::Unknown => cost.kind = CostKind::Free,
                Some(_) if cost.kind == CostKind::Unknown => cost.kind = CostKind::Paid,
                Some(_) => {}
            }
        }
        cost
    }

    fn accessibility(&self, notes: &mut Notes<'_>) -> Accessibility {
        let mut answer = |field: Field| {
            let said = self.text(field)?;
            let answer = match fold(&said).as_str() {
                "yes" | "oui" | "ja" | "true" | "1" | "vrai" => Some(Answer::Yes),
                "partly" | "partiel" | "partiellement" | "en partie" | "gedeeltelijk" | "teilweise" => Some(Answer::Partly),
                "no" | "non" | "nee" | "nein" | "false" | "0" | "faux" => Some(Answer::No),
                _ => None,
            };
            if answer.is_none() {
                notes.warn(&self.names(field), &said, "neither yes, partly nor no: left unknown");
            }
            answer
        };
        Accessibility {
            step_free: answer(Field::StepFree),
            toilet: answer(Field::Toilet),
            lift: answer(Field::Lift),
            parking: answer(Field::Parking),
            hearing_loop: answer(Field::HearingLoop),
            sign_language: answer(Field::SignLanguage),
            easy_reading: answer(Field::EasyReading),
            quiet: answer(Field::Quiet),
            animals: answer(Field::Animals),
            url: self.text(Field::AccessibilityUrl).and_then(|url| contact::web(&url)),
        }
    }

    fn links(&self) -> Vec<Link> {
        let roles = [(Field::Organiser, LinkRole::By), (Field::Place, LinkRole::At), (Field::PartOf, LinkRole::PartOf)];
        roles.into_iter().flat_map(|(field, role)| self.list(field).into_iter().map(move |to| Link { role, to })).collect()
    }

    fn trust(&self, notes: &mut Notes<'_>) -> u8 {
        let Some(said) = self.text(Field::Trust) else { return 0 };
        said.parse().ok().filter(|level| *level <= 3).unwrap_or_else(|| {
            notes.warn(&self.names(Field::Trust), &said, "not a level from 0 to 3: 0 is taken");
            0
        })
    }

    /// A date about the entry, not of it: unreadable, it is left out and the row still counts.
    fn day(&self, field: Field, notes: &mut Notes<'_>) -> Option<chrono::NaiveDate> {
        let said = self.text(field)?;
        let day = date::read(&said, &self.mapping.date_formats, self.settings.zone).map(date::Moment::day);
        if day.is_none() {
            notes.warn(&self.names(field), &said, "not a date: left out");
        }
        day
    }

    fn kind(&self, notes: &mut Notes<'_>) -> Result<Kind, Refused> {
        let kind = match self.first(&self.mapping.kind).as_deref() {
            None => Kind::Organisation,
            Some(id) => Kind::from_id(id).ok_or_else(|| notes.refusal("kind", id, "no kind of entry"))?,
        };
        if kind == Kind::Person {
            notes.drop_personal();
            return Err(notes.refusal("kind", kind.id(), "persons come in at the desk, with their consent, never by import"));
        }
        Ok(kind)
    }

    /// The country of the row's address and phone numbers.
    pub(super) fn country(&self, notes: &mut Notes<'_>) -> Country {
        let usual = self.mapping.country.unwrap_or(self.settings.country);
        let Some(said) = self.text(Field::Country) else { return usual };
        Country::from_name(&said).unwrap_or_else(|| {
            notes.warn(&self.names(Field::Country), &said, format!("neither Belgium nor France: {} is taken", usual.code()));
            usual
        })
    }
}

/// `2`, `2.50`, `2,50 €` in cents.
fn cents(text: &str) -> Option<u32> {
    let bare = text.replace(['€', ' ', '\u{a0}'], "").replace("EUR", "").replace(',', ".");
    let (whole, part) = bare.split_once('.').unwrap_or((&bare, ""));
    let part = match part.len() {
        0 => 0,
        1 => part.parse::<u32>().ok()? * 10,
        2 => part.parse::<u32>().ok()?,
        _ => return None,
    };
    whole.parse::<u32>().ok().filter(|euros| *euros <= 100_000).map(|euros| euros * 100 + part)
}
