//! The need that somebody names, at the desk or in a table, and those that are nearest to what no need is called.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::phrase::Clause;
use super::{Need, Strength, WordSense, respelled, sense, senses};
use words::edit_distance::Pattern;

/// So many needs are named where none is called so.
const MOST_NEAR: usize = 4;

/// Words of so many letters that two labels share make them alike.
const TELLING: usize = 5;

/// How far a label is that shares a word with what was typed, in edits.
const SHARES_A_WORD: usize = 3;

/// A label, folded, as it is looked up.
struct Label {
    folded: String,
    need: Need,
}

/// Every label in every language, and the identifiers; those of whole needs first.
static LABELS: LazyLock<Vec<Label>> = LazyLock::new(|| {
    let (wholes, things): (Vec<Need>, Vec<Need>) = Need::all().partition(|need| need.whole().is_none());
    let mut labels = Vec::new();
    for need in wholes.into_iter().chain(things) {
        let said = sense::LABELS.iter().flat_map(|code| need.long_in(code).into_iter().chain(need.short_in(code)));
        labels.extend(said.chain([need.id()]).map(|label| Label { folded: words::fold(label), need }));
    }
    labels
});

/// Needs by what their labels are found by.
static BY_LABEL: LazyLock<HashMap<String, Vec<Need>>> = LazyLock::new(|| {
    let mut needs: HashMap<String, Vec<Need>> = HashMap::new();
    for label in LABELS.iter() {
        let known = needs.entry(sense::key(&label.folded)).or_default();
        // A thing under the label of a whole need is not meant.
        let is_shadowed = label.need.whole().is_some() && known.iter().any(|need| need.whole().is_none());
        if !is_shadowed && !known.contains(&label.need) {
            known.push(label.need);
        }
    }
    needs
});

impl Need {
    /// The need that somebody names: by its identifier, by a label or by a phrase that people use for it, in whatever
    /// language. Else the needs that are nearest to what was typed, the nearest first, at most four.
    pub fn named(typed: &str) -> Result<Self, Vec<Self>> {
        if let Some(need) = Self::from_id(&typed.trim().to_lowercase()) {
            return Ok(need);
        }
        let folded = words::fold(typed);
        let key = sense::key(&folded);
        let labelled = BY_LABEL.get(&key).map(Vec::as_slice).unwrap_or_default();
        if let [need] = labelled {
            return Ok(*need);
        }
        let strong = senses(&key).find(|sense| sense.strength == Strength::Strong).map(WordSense::to_need);
        if let Some(need) = strong.filter(|_| labelled.is_empty()) {
            return Ok(need);
        }
        Err(nearest(&folded, labelled))
    }

    /// The identifier that is nearest to one that no need has, or that of the need that is called so; `None` where
    /// nothing is near.
    pub fn nearest_id(typed: &str) -> Option<&'static str> {
        let near = match Self::named(typed) {
            Ok(need) => return Some(need.id()),
            Err(near) => near,
        };
        let limit = typed.chars().count() / 3;
        let pattern = Pattern::new(typed);
        let ids = Self::all().filter_map(|need| Some((pattern.within(need.id(), limit)?, need.id())));
        ids.min_by_key(|(distance, _)| *distance).map(|(_, id)| id).or_else(|| near.first().map(|need| need.id()))
    }
}

/// The needs nearest to a folded text that names none, or several.
fn nearest(folded: &str, labelled: &[Need]) -> Vec<Need> {
    let mut near: Vec<(usize, Need)> = labelled.iter().map(|need| (0, *need)).collect();
    // What its words say to whoever asks, or would if they were written rightly.
    let words: Vec<&str> = folded.split(' ').filter(|word| !word.is_empty()).collect();
    let mended = words.iter().map(|word| respelled(word).first().map_or(*word, |(known, _)| known)).collect::<Vec<_>>().join(" ");
    for said in [folded, mended.as_str()] {
        let clause = Clause::of(said);
        let phrases = (0..clause.words.len()).filter_map(|place| clause.longest(place));
        near.extend(phrases.flat_map(|(_, key)| senses(key)).map(|sense| (1 + usize::from(sense.strength != Strength::Strong), sense.to_need())));
    }
    // What is written like it.
    let limit = (folded.chars().count() / 3).max(1);
    let pattern = Pattern::new(folded);
    let telling: Vec<&str> = words.iter().map(|word| words::stem(word)).filter(|word| word.chars().count() >= TELLING).collect();
    for label in LABELS.iter().filter(|label| label.need.whole().is_none()) {
        let shares = label.folded.split(' ').any(|word| telling.contains(&words::stem(word)));
        let distance = pattern.within(&label.folded, limit).or_else(|| shares.then_some(SHARES_A_WORD));
        near.extend(distance.map(|distance| (distance, label.need)));
    }
    near.sort_by_key(|(distance, need)| (*distance, *need));
    let mut needs: Vec<Need> = Vec::new();
    for (_, need) in near {
        if needs.len() < MOST_NEAR && !needs.contains(&need) {
            needs.push(need);
        }
    }
    needs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(typed: &str) -> Option<&'static str> {
        Need::named(typed).ok().map(Need::id)
    }

    fn near(typed: &str) -> Vec<&'static str> {
        Need::named(typed).unwrap_err().into_iter().map(Need::id).collect()
    }

    #[test]
    fn a_need_is_named_by_identifier_label_or_phrase_in_four_languages() {
        for typed in ["hot-meal", " Hot-Meal ", "Repas chaud", "manger un repas chaud", "Warme maaltijd", "warmes Essen", "Eat a hot meal", "repas chauds"] {
            assert_eq!(named(typed), Some("hot-meal"), "{typed}");
        }
        assert_eq!(named("épicerie sociale"), Some("social-grocery"));
        assert_eq!(named("patinoire").and_then(Need::from_id).and_then(Need::whole).map(Need::id), Some("sport-club"));
    }

    #[test]
    fn every_long_label_names_its_need_or_says_between_which_one_chooses() {
        for need in Need::all().filter(|need| need.whole().is_none()) {
            for label in sense::LABELS.iter().flat_map(|code| [need.long_in(code), need.short_in(code)]).flatten() {
                match Need::named(label) {
                    Ok(found) => assert_eq!(found, need, "{label}"),
                    Err(near) => assert!(near.contains(&need), "{label}: {near:?}"),
                }
            }
        }
    }

    #[test]
    fn what_is_called_so_by_nobody_names_the_nearest() {
        assert_eq!(near("repas chuad").first(), Some(&"hot-meal"));
        assert_eq!(near("dentisste").first(), Some(&"dentist"));
        assert!(near("qqxwz").is_empty() && near("").is_empty());
        assert!(["aids-loan", "medical-equipment"].iter().all(|need| near("Hilfsmittel").contains(need)), "several are called so");
        assert!(near("un grand repas chaud du soir").contains(&"hot-meal"));
        assert_eq!(Need::nearest_id("showr"), Some("shower"));
        assert_eq!(Need::nearest_id("Repas chaud"), Some("hot-meal"));
        assert_eq!(Need::nearest_id("qqxwz"), None);
    }
}
