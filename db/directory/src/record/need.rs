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
    }
    let stored = Vec::<Stored>::deserialize(deserializer)?;
    Ok(stored.into_iter().filter_map(|stored| Some(RecordNeed { need: Need::from_id(&stored.need)?, origin: stored.origin })).collect())
}

/// So many needs of a list that somebody wrote are what the entry is there for.
const NAMED_FIRST: usize = 2;

impl Content {
    /// Adds a need; one that is there already stays as it is.
    pub fn add_need(&mut self, need: Need, origin: NeedOrigin) {
        if !self.needs.iter().any(|known| known.need == need) {
            self.needs.push(RecordNeed { need, origin });
        }
    }

    /// The needs that it answers, and how many of them, first in the list, it is there for. A source's own list and a
    /// mediator's are whole; else name, texts and terms add to what is mapped.
    pub fn all_needs(&self, kind: Kind) -> (Vec<Need>, usize) {
        let mut needs: Vec<Need> = self.needs.iter().map(|known| known.need).collect();
        let mut main = needs.len();
        let Self { name, short, text, terms, themes, .. } = self;
        let mut found = infer(&Evidence { kind, name, short, text, terms, themes });
        if self.has_whole_list() {
            // People name first what an entry is there for; what comes later it is there for where its words say so too.
            let is_said = |need: &Need| found.iter().any(|found| found.is_main && found.need == *need);
            let (first, beside): (Vec<_>, Vec<_>) = needs.iter().enumerate().partition(|(place, need)| *place < NAMED_FIRST || is_said(need));
            main = first.len();
            needs = first.into_iter().chain(beside).map(|(_, need)| *need).collect();
            // Of what it gives, words tell which things.
            found.retain(|found| found.need.whole().is_some_and(|whole| needs.contains(&whole)));
        }
        found.sort_by_key(|found| !found.is_main);
        for found in found {
            if !needs.contains(&found.need) {
                needs.insert(if found.is_main { main } else { needs.len() }, found.need);
                main += usize::from(found.is_main);
            }
        }
        (needs, main)
    }

    /// True where somebody said which needs it answers, and not only a vocabulary or words.
    fn has_whole_list(&self) -> bool {
        self.needs.iter().any(|known| matches!(known.origin, NeedOrigin::Source | NeedOrigin::Mediator))
    }

    /// Infers needs anew from name, texts and terms. Those that somebody named stay and come first; a source's own list
    /// and a mediator's are whole, and nothing is added to them.
    pub fn infer_needs(&mut self, kind: Kind) {
        self.needs.retain(|known| !matches!(known.origin, NeedOrigin::Inferred(_)));
        if self.has_whole_list() {
            return;
        }
        let Self { name, short, text, terms, themes, .. } = &*self;
        let inferred = infer(&Evidence { kind, name, short, text, terms, themes });
        for found in inferred {
            self.add_need(found.need, NeedOrigin::Inferred(found.because));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::{Language, Localized};

    fn origins(content: &Content) -> Vec<(&str, &NeedOrigin)> {
        content.needs.iter().map(|known| (known.need.id(), &known.origin)).collect()
    }

    #[test]
    fn what_somebody_named_stays_and_words_add_to_it() {
        let mut content = Content { name: Localized::new(Language::Fr, "Douches et bagagerie"), ..Content::default() };
        content.add_need(Need::from_id("laundry").unwrap(), NeedOrigin::Mapped);
        content.infer_needs(Kind::Service);
        content.infer_needs(Kind::Service);
        let because = |words: &str| NeedOrigin::Inferred(words.to_owned());
        assert_eq!(origins(&content), [("laundry", &NeedOrigin::Mapped), ("shower", &because("douches")), ("luggage-storage", &because("bagagerie"))]);
        let mut corrected = Content { needs: Vec::new(), ..content };
        corrected.add_need(Need::from_id("shower").unwrap(), NeedOrigin::Mediator);
        corrected.infer_needs(Kind::Service);
        assert_eq!(origins(&corrected), [("shower", &NeedOrigin::Mediator)]);
    }

    #[test]
    fn needs_are_stored_with_their_origin_and_old_ones_forgotten() {
        let stored = r#"{"name":{"fr":"A"},"needs":[{"need":"shower","origin":{"inferred":"douches"}},{"need":"gone"},{"need":"laundry"}]}"#;
        let content: Content = serde_json::from_str(stored).unwrap();
        let because = NeedOrigin::Inferred("douches".to_owned());
        assert_eq!(origins(&content), [("shower", &because), ("laundry", &NeedOrigin::Source)]);
        let again: Content = serde_json::from_str(&serde_json::to_string(&content).unwrap()).unwrap();
        assert_eq!(again, content);
        assert!(serde_json::from_str::<Content>(r#"{"name":{"fr":"A"}}"#).unwrap().needs.is_empty());
    }
}
