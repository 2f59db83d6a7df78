//! The needs of a record in a mediator's hands: which are taken off, which are added, or that the list is given back.

use chrono::{DateTime, Utc};
use directory::language::Language;
use directory::need::Need;
use directory::record::{Content, Kind, NEEDS, NeedOrigin, Record, RecordNeed};
use serde_json::json;

use super::super::form::Form;
use super::super::page::Page;
use super::super::view::{NeedRow, need_rows};

/// What stands between several needs in one line.
const BETWEEN: [char; 3] = [',', ';', '|'];

/// What somebody typed of needs.
#[derive(Debug, Clone, Default)]
pub(super) struct TypedNeeds {
    off: Vec<String>,
    added: String,
    is_given_back: bool,
}

/// What cannot be taken of it.
#[derive(Debug, Clone, PartialEq, Eq)]
enum NotTaken {
    /// No need is called so, or several are; the nearest ones.
    Unknown(String, Vec<Need>),
    /// Entries of this kind never answer it.
    OtherKind(Need),
}

impl NotTaken {
    fn in_words(&self, page: &Page) -> String {
        match self {
            Self::Unknown(typed, near) if near.is_empty() => page.with("edit-need-unknown", "what", typed),
            Self::Unknown(typed, near) => {
                let near: Vec<&str> = near.iter().map(|need| need.long(page.language)).collect();
                page.with2("edit-need-near", ("what", typed.as_str()), ("words", &near.join(" · ")))
            }
            Self::OtherKind(need) => page.with("edit-need-kind", "what", need.long(page.language)),
        }
    }
}

impl TypedNeeds {
    pub(super) fn read(form: &Form) -> Self {
        Self { off: form.all("need_off").map(ToOwned::to_owned).collect(), added: form.get("need_add").to_owned(), is_given_back: form.has("needs_back") }
    }

    fn is_touched(&self) -> bool {
        self.is_given_back || !self.off.is_empty() || !self.added.is_empty()
    }

    /// The needs that were typed, in one line, by whatever they are called.
    fn added(&self) -> Result<Vec<Need>, NotTaken> {
        let named = |typed: &str| Need::named(typed).map_err(|near| NotTaken::Unknown(typed.trim().to_owned(), near));
        if self.added.is_empty() {
            return Ok(Vec::new());
        }
        match named(&self.added) {
            Err(_) if self.added.contains(BETWEEN) => self.added.split(BETWEEN).filter(|part| !part.trim().is_empty()).map(named).collect(),
            one => one.map(|need| vec![need]),
        }
    }

    /// The list as it is to be: what is taken off goes with its particular things, a thing comes with its need, and what
    /// is typed is what the entry is there for.
    fn list(&self, told: &[RecordNeed], kind: Kind) -> Result<Vec<RecordNeed>, NotTaken> {
        let is_off = |need: Need| self.off.iter().any(|id| id == need.id());
        let kept = told.iter().filter(|told| !is_off(told.need) && !told.need.whole().is_some_and(is_off));
        let mut list: Vec<RecordNeed> = kept.map(|told| RecordNeed { origin: NeedOrigin::Mediator, ..told.clone() }).collect();
        for need in self.added()? {
            if !need.is_answered_by(kind) {
                return Err(NotTaken::OtherKind(need));
            }
            for need in need.whole().into_iter().chain([need]) {
                match list.iter_mut().find(|known| known.need == need) {
                    Some(known) => known.is_beside = false,
                    None => list.push(RecordNeed { need, origin: NeedOrigin::Mediator, is_beside: false }),
                }
            }
        }
        list.sort_by_key(|known| known.is_beside);
        Ok(list)
    }

    /// Puts them into a record. What the list said before and says now, where it changed; else the sentence that says
    /// that something cannot be taken.
    pub(super) fn correct(&self, record: &mut Record, source: &Content, by: &str, at: DateTime<Utc>) -> Result<Option<(String, String)>, &'static str> {
        if !self.is_touched() {
            return Ok(None);
        }
        let told = record.content.told_needs(record.kind);
        if self.is_given_back {
            if !record.take_back(NEEDS, source) {
                return Ok(None);
            }
        } else {
            let list = self.list(&told, record.kind).map_err(|_not_taken| "edit-need")?;
            let says = |needs: &[RecordNeed]| needs.iter().map(|known| (known.need, known.is_beside)).collect::<Vec<_>>();
            if says(&list) == says(&told) {
                return Ok(None);
            }
            if !record.correct(NEEDS, json!(list), source, by, at) {
                return Err("edit-unfit");
            }
        }
        Ok(Some((ids(&told), ids(&record.content.told_needs(record.kind)))))
    }
}

fn ids(needs: &[RecordNeed]) -> String {
    needs.iter().map(|told| told.need.id()).collect::<Vec<_>>().join(", ")
}

/// Needs that are kept by their identifiers, in words.
pub(super) fn in_words(ids: &str, language: Language) -> String {
    let label = |id: &str| Need::from_id(id).map_or_else(|| id.to_owned(), |need| need.long(language).to_owned());
    ids.split(", ").map(label).collect::<Vec<_>>().join(" · ")
}

/// The part of the form.
pub(super) struct NeedsForm {
    pub(super) rows: Vec<NeedRow>,
    pub(super) typed: TypedNeeds,
    pub(super) wrong: Option<String>,
    pub(super) is_corrected: bool,
    /// The source has changed since it was corrected.
    pub(super) is_conflict: bool,
    /// What source and words say, where a mediator says otherwise.
    pub(super) without: Vec<NeedRow>,
    /// What can be added.
    pub(super) labels: Vec<&'static str>,
}

impl NeedsForm {
    pub(super) fn of(record: &Record, word: &Content, typed: Option<&TypedNeeds>, page: &Page) -> Self {
        let told = record.content.told_needs(record.kind);
        let correction = record.overrides.iter().find(|correction| correction.field == NEEDS);
        let wrong = typed.filter(|typed| !typed.is_given_back).and_then(|typed| typed.list(&told, record.kind).err());
        let can_be_added = |need: &Need| need.whole().is_none() && need.is_answered_by(record.kind) && !told.iter().any(|told| told.need == *need);
        Self {
            rows: need_rows(&record.content, record.kind, page),
            wrong: wrong.map(|wrong| wrong.in_words(page)),
            typed: typed.cloned().unwrap_or_default(),
            is_corrected: correction.is_some(),
            is_conflict: correction.is_some_and(|correction| correction.conflict),
            without: if correction.is_some() { need_rows(word, record.kind, page) } else { Vec::new() },
            labels: Need::all().filter(can_be_added).map(|need| need.long(page.language)).collect(),
        }
    }

    /// True for a need that is to be taken off.
    pub(super) fn is_off(&self, id: &str) -> bool {
        self.typed.off.iter().any(|off| off == id)
    }

    /// What was typed to be added.
    pub(super) fn added(&self) -> &str {
        &self.typed.added
    }

    pub(super) fn is_given_back(&self) -> bool {
        self.typed.is_given_back
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(ids: &[(&str, bool)]) -> Vec<RecordNeed> {
        let told = |(id, is_beside): &(&str, bool)| RecordNeed { need: Need::from_id(id).unwrap(), origin: NeedOrigin::Mapped, is_beside: *is_beside };
        ids.iter().map(told).collect()
    }

    fn list(typed: &str, before: &[(&str, bool)]) -> Result<Vec<String>, NotTaken> {
        let list = TypedNeeds::read(&Form::read(typed.as_bytes())).list(&told(before), Kind::Service)?;
        assert!(list.iter().all(|known| known.origin == NeedOrigin::Mediator));
        Ok(list.iter().map(|known| format!("{}{}", known.need.id(), if known.is_beside { " beside" } else { "" })).collect())
    }

    #[test]
    fn needs_are_taken_off_and_added_by_whatever_they_are_called() {
        let before = [("hot-meal", false), ("shower", true)];
        assert_eq!(list("need_off=hot-meal", &before).unwrap(), ["shower beside"]);
        assert_eq!(list("need_add=dentiste,+Warme+maaltijd", &before).unwrap(), ["hot-meal", "dentist", "shower beside"]);
        assert_eq!(list("need_add=shower", &before).unwrap(), ["hot-meal", "shower"], "what is typed is what it is there for");
        assert_eq!(list("need_add=Imprimer%2C+copier+ou+scanner", &before[..1]).unwrap(), ["hot-meal", "print-scan"]);
        let skates = list("need_add=patinoire", &[]).unwrap();
        assert!(skates.len() == 2 && skates[0] == "sport-club" && skates[1].starts_with("sport-club."), "{skates:?}");
        let both = [("sport-club", false), (skates[1].as_str(), false)];
        assert_eq!(list("need_off=sport-club", &both).unwrap(), [""; 0]);
    }

    #[test]
    fn what_no_need_is_called_is_named_with_the_nearest() {
        let Err(NotTaken::Unknown(typed, near)) = list("need_add=douche,+repas+chuad", &[]) else { panic!("it was taken") };
        assert_eq!((typed.as_str(), near.first().map(|need| need.id())), ("repas chuad", Some("hot-meal")));
        assert_eq!(list("need_add=qqxwz", &[]), Err(NotTaken::Unknown("qqxwz".to_owned(), Vec::new())));
        let typed = TypedNeeds { added: "hot-meal".to_owned(), ..TypedNeeds::default() };
        assert_eq!(typed.list(&[], Kind::Offer), Err(NotTaken::OtherKind(Need::from_id("hot-meal").unwrap())));
    }
}
