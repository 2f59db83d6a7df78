//! What an entry is, where its name does not say it: "La Louche Bleue" is a hot meal.

use crate::answer::What;
use crate::dialogue::Hit;
use crate::language::{Language, Localized};
use crate::name;
use crate::need::{Evidence, Need, infer};
use crate::query::Wanted;
use crate::record::{Brief, Kind};
use crate::vocabulary::Vocabulary;

/// From this score on a need is said by the name itself.
const SAID: u16 = 7;

impl Hit {
    /// What it is to whoever looks for that: the need asked for that it answers, else what stands in for it, else the
    /// one that it is there for, else its theme. `None` of an event without a need, and of a sensitive entry.
    pub fn is_a(&self, wanted: &Wanted) -> Option<What> {
        let brief = &self.brief;
        if brief.is_sensitive() {
            return None;
        }
        let needs: Vec<Need> = brief.needs.iter().copied().filter(|need| !need.theme().is_sensitive()).collect();
        let first = |fits: &dyn Fn(Need) -> bool| needs.iter().copied().find(|need| fits(*need));
        let need = (asked(wanted).find(|need| needs.contains(need)))
            .or_else(|| first(&|need| wanted.themes.contains(&need.theme())))
            .or_else(|| first(&|need| brief.themes.first() == Some(&need.theme())))
            .or_else(|| first(&|_| true));
        match need {
            Some(need) => Some(What::Need(need)),
            None if brief.kind == Kind::Event => None,
            None => brief.themes.first().copied().map(What::Theme),
        }
    }

    /// The same, where its name does not say in that language what it is.
    pub fn what(&self, wanted: &Wanted, vocabulary: &Vocabulary, language: Language) -> Option<What> {
        let brief = &self.brief;
        self.is_a(wanted).filter(|what| match what {
            What::Need(need) if holds(brief.name(language), need.short(language)) => false,
            What::Need(need) => {
                let named = named(brief, language);
                // "Brocante des enfants" needs no second word for what it has beside, unless that was asked for.
                !named.contains(need) && (named.is_empty() || asked(wanted).any(|asked| asked == *need))
            }
            What::Theme(theme) => !holds(brief.name(language), vocabulary.label(*theme, language)),
        })
    }
}

/// The needs asked for, then what may stand in for them.
fn asked(wanted: &Wanted) -> impl Iterator<Item = Need> {
    wanted.needs.iter().copied().chain(wanted.needs.iter().flat_map(|need| need.stand_ins()))
}

/// The needs that whoever reads the language learns from the name; none from a name in another one.
fn named(brief: &Brief, language: Language) -> Vec<Need> {
    let Some(name) = brief.name.exact(language) else { return Vec::new() };
    let (name, nothing) = (Localized::new(language, name), Localized::default());
    let (kind, themes) = (brief.kind, brief.themes.as_slice());
    let found = infer(&Evidence { kind, name: &name, short: &nothing, text: &nothing, terms: &[], themes });
    found.into_iter().filter(|inferred| inferred.score >= SAID).map(|inferred| inferred.need).collect()
}

/// True where a name holds the words of a label that say something, alone or in longer ones.
fn holds(name: &str, label: &str) -> bool {
    let (name, label) = (words::fold(name), name::words_of(label));
    !label.is_empty() && label.iter().all(|word| name.contains(words::stem(word)))
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, OnceLock};

    use chrono::NaiveDateTime;

    use super::*;
    use crate::dialogue::Whole;
    use crate::record::{Content, NeedOrigin, Record};
    use crate::theme::Theme;

    fn need(id: &str) -> Need {
        Need::from_id(id).unwrap()
    }

    fn hit(name: &str, needs: &[&str], themes: &[Theme]) -> Hit {
        let mut content = Content { name: Localized::new(Language::Fr, name), themes: themes.to_vec(), ..Content::default() };
        for id in needs {
            content.add_need(need(id), NeedOrigin::Mediator);
        }
        let record = Arc::new(Record { content, ..crate::record::tests::sample() });
        Whole::of(record, None, NaiveDateTime::default()).hit
    }

    fn said(hit: &Hit, wanted: &Wanted, language: Language) -> Option<What> {
        static SHIPPED: OnceLock<Vocabulary> = OnceLock::new();
        hit.what(wanted, SHIPPED.get_or_init(|| Vocabulary::shipped().unwrap()), language)
    }

    #[test]
    fn what_it_is_is_said_where_its_name_does_not() {
        let anybody = Wanted::default();
        let louche = hit("La Louche Bleue", &["shower", "laundry"], &[Theme::Wash]);
        assert_eq!(said(&louche, &anybody, Language::Fr), Some(What::Need(need("shower"))));
        let asked = Wanted { needs: vec![need("library"), need("laundry")], ..Wanted::default() };
        assert_eq!(said(&louche, &asked, Language::Fr), Some(What::Need(need("laundry"))));
        // Its name says it, but not to whoever reads another language.
        let douches = hit("Douches du canal", &["shower"], &[Theme::Wash]);
        assert_eq!(said(&douches, &anybody, Language::Fr), None);
        assert_eq!(said(&hit("Bains-Douches", &["shower"], &[Theme::Wash]), &anybody, Language::Nl), None);
        assert_eq!(said(&douches, &anybody, Language::De), Some(What::Need(need("shower"))));
        // Its name says what it is: what it has beside is said to whoever asked for that.
        let market = hit("Brocante des enfants", &["shower"], &[Theme::Wash]);
        assert_eq!(said(&market, &anybody, Language::Fr), None);
        let asked = Wanted { needs: vec![need("shower")], ..Wanted::default() };
        assert_eq!(said(&market, &asked, Language::Fr), Some(What::Need(need("shower"))));
        // Without a need its theme, and of what is sensitive nothing.
        assert_eq!(said(&hit("Le Cap", &[], &[Theme::Wash]), &anybody, Language::Fr), Some(What::Theme(Theme::Wash)));
        assert_eq!(said(&hit("Le Cap", &["shower"], &[Theme::Safety, Theme::Wash]), &anybody, Language::Fr), None);
    }
}
