//! Which needs a record answers, and who says so.

use serde::{Deserialize, Deserializer, Serialize};

use super::{Content, Kind};
use crate::need::{Evidence, Need, infer};

/// A need that a record answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RecordNeed {
    /// The need.
    pub need: Need,
    /// Who says so.
    pub origin: NeedOrigin,
    /// It gives it beside what it is there for, or only to whoever stays.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_beside: bool,
}

/// Who says that a record answers a need.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NeedOrigin {
    /// The source names it by our own identifier.
    #[default]
    Source,
    /// The source names it by a term of its vocabulary.
    Mapped,
    /// Name and texts say it, with these words.
    Inferred(String),
    /// A mediator says it, whatever a source or the words say.
    Mediator,
}

/// Reads needs as they are stored; those that are no longer in the list are left out.
pub(super) fn known<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<RecordNeed>, D::Error> {
    #[derive(Deserialize)]
    struct Stored {
        need: String,
        #[serde(default)]
        origin: NeedOrigin,
        #[serde(default)]
        is_beside: bool,
    }
    let known = |Stored { need, origin, is_beside }: Stored| Some(RecordNeed { need: Need::from_id(&need)?, origin, is_beside });
    Ok(Vec::<Stored>::deserialize(deserializer)?.into_iter().filter_map(known).collect())
}

/// So many needs of a list that somebody wrote are what the entry is there for.
const NAMED_FIRST: usize = 2;

impl Content {
    /// Adds a need; one that is there already stays as it is.
    pub fn add_need(&mut self, need: Need, origin: NeedOrigin) {
        if !self.needs.iter().any(|known| known.need == need) {
            self.needs.push(RecordNeed { need, origin, is_beside: false });
        }
    }

    /// The needs that it answers and who says each, those first that it is there for. A mediator's list is whole, and so
    /// is a source's own, of which words tell the particular things; else name, texts and terms add to what is mapped.
    pub fn told_needs(&self, kind: Kind) -> Vec<RecordNeed> {
        let mut told = self.needs.clone();
        if !self.needs_by_hand {
            let Self { name, short, text, terms, themes, .. } = self;
            let mut found = infer(&Evidence { kind, name, short, text, terms, themes });
            if self.has_whole_list() {
                // People name first what an entry is there for; what comes later it is there for where its words say so.
                for later in told.iter_mut().skip(NAMED_FIRST) {
                    later.is_beside = !found.iter().any(|found| found.is_main && found.need == later.need);
                }
                found.retain(|found| found.need.whole().is_some_and(|whole| told.iter().any(|known| known.need == whole)));
            }
            for found in found {
                if !told.iter().any(|known| known.need == found.need) {
                    told.push(RecordNeed { need: found.need, origin: NeedOrigin::Inferred(found.because), is_beside: !found.is_main });
                }
            }
        }
        told.sort_by_key(|told| told.is_beside);
        told
    }

    /// The needs that it answers, and how many of them, first in the list, it is there for.
    pub fn all_needs(&self, kind: Kind) -> (Vec<Need>, usize) {
        let told = self.told_needs(kind);
        let main = told.iter().filter(|told| !told.is_beside).count();
        (told.into_iter().map(|told| told.need).collect(), main)
    }

    /// True where the source said which needs it answers, and not only a vocabulary or words.
    fn has_whole_list(&self) -> bool {
        self.needs.iter().any(|known| known.origin == NeedOrigin::Source)
    }

    /// Words that made an inference, as the entry writes them: with accents and capitals.
    pub fn as_written(&self, because: &str) -> String {
        let texts = || self.name.iter().map(|(_, name)| name).chain(self.terms.iter().map(String::as_str));
        let texts = || texts().chain(self.short.iter().chain(self.text.iter()).map(|(_, text)| text));
        let written = |said| texts().find_map(|text| words::written(text, said)).unwrap_or(said);
        because.split(", ").map(written).collect::<Vec<_>>().join(", ")
    }

    /// The source's own term that names a need; `None` where none does.
    pub fn term_of(&self, need: Need) -> Option<&str> {
        self.terms.iter().find(|term| Need::of_source(term) == Some(need)).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::{Language, Localized};

    fn origins(needs: &[RecordNeed]) -> Vec<(&str, &NeedOrigin)> {
        needs.iter().map(|known| (known.need.id(), &known.origin)).collect()
    }

    fn told(content: &Content) -> Vec<RecordNeed> {
        content.told_needs(Kind::Service)
    }

    fn need(id: &str) -> Need {
        Need::from_id(id).unwrap()
    }

    #[test]
    fn what_somebody_named_stays_and_words_add_to_it() {
        let mut content = Content { name: Localized::new(Language::Fr, "Douches et bagagerie"), ..Content::default() };
        content.add_need(need("laundry"), NeedOrigin::Mapped);
        let because = |words: &str| NeedOrigin::Inferred(words.to_owned());
        assert_eq!(origins(&told(&content)), [("laundry", &NeedOrigin::Mapped), ("shower", &because("douches")), ("luggage-storage", &because("bagagerie"))]);
        let mut listed = Content { needs: Vec::new(), ..content.clone() };
        listed.add_need(need("shower"), NeedOrigin::Source);
        assert_eq!(origins(&told(&listed)), [("shower", &NeedOrigin::Source)]);
    }

    #[test]
    fn a_mediators_list_is_whole_even_where_it_is_empty() {
        let name = Localized::new(Language::Fr, "Douches et bagagerie");
        let mut content = Content { name, needs_by_hand: true, ..Content::default() };
        assert_eq!(told(&content), []);
        content.needs.push(RecordNeed { need: need("luggage-storage"), origin: NeedOrigin::Mediator, is_beside: true });
        content.add_need(need("laundry"), NeedOrigin::Mediator);
        assert_eq!(content.all_needs(Kind::Service), (vec![need("laundry"), need("luggage-storage")], 1));
    }

    #[test]
    fn the_words_that_said_it_are_shown_as_they_are_written() {
        let content = Content { name: Localized::new(Language::Fr, "L'Épicerie  Sociale du Canal"), terms: vec!["Vélos".to_owned()], ..Content::default() };
        assert_eq!(content.as_written("epicerie sociale, velos, rien"), "Épicerie  Sociale, Vélos, rien");
    }

    #[test]
    fn needs_are_stored_with_their_origin_and_old_ones_forgotten() {
        let stored = r#"{"name":{"fr":"A"},"needs":[{"need":"shower","origin":{"inferred":"douches"}},{"need":"gone"},{"need":"laundry"}]}"#;
        let content: Content = serde_json::from_str(stored).unwrap();
        let because = NeedOrigin::Inferred("douches".to_owned());
        assert_eq!(origins(&content.needs), [("shower", &because), ("laundry", &NeedOrigin::Source)]);
        let again: Content = serde_json::from_str(&serde_json::to_string(&content).unwrap()).unwrap();
        assert_eq!(again, content);
        assert!(serde_json::from_str::<Content>(r#"{"name":{"fr":"A"}}"#).unwrap().needs.is_empty());
    }
}
