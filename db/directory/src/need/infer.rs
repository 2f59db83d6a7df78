//! Which needs an entry answers, told from its name, its texts and its source's terms.
//!
//! Phrases are looked for clause by clause, the longest first. A name and the head of a short clause ("douches,
//! bagagerie") say what a place gives; a single word in the middle of a sentence mostly does not. What is denied, and
//! what only tells where, for whom or on what condition, does not count.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::context::Around;
use super::phrase::{Clause, within_compound};
use super::{Need, Strength, loose, loose_sense, respelled, senses};
use crate::kind::Kind;
use crate::language::{Language, Localized};
use crate::theme::Theme;

/// At most so many needs are inferred, and as many particular things that are parts of them.
const MOST: usize = 6;

/// At most so many letters of a text are read.
const MOST_LETTERS: usize = 4000;

/// A clause of so many words that say something is an item of a list.
const ITEM: usize = 2;

/// A clause of so many words that say something says one thing.
const ONE_THING: usize = 4;

/// A word of fewer letters says too many things to be one that only entries use.
const SHORT_WORD: usize = 7;

/// A word of so many letters is hardly a word of another language, too, in a name.
const UNLIKE_OTHERS: usize = 6;

/// A word of so many letters is hardly ever a picture, nor another one with one letter wrong.
const LONG_WORD: usize = 10;

/// How sure what a name says is, at its head and elsewhere, and what a text says, in its first sentence and later.
const BY_NAME: u16 = 10;
const INSIDE_NAME: u16 = 7;
const BY_FIRST: u16 = 8;
const BY_TEXT: u16 = 6;

/// What an entry says of itself.
#[derive(Debug, Clone, Copy)]
pub struct Evidence<'a> {
    /// What it is.
    pub kind: Kind,
    /// Its names.
    pub name: &'a Localized,
    /// Its short texts.
    pub short: &'a Localized,
    /// Its long texts.
    pub text: &'a Localized,
    /// The source's own terms.
    pub terms: &'a [String],
    /// Its themes, the main one first.
    pub themes: &'a [Theme],
}

/// A need and what says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inferred {
    /// The need.
    pub need: Need,
    /// The words that said it, folded.
    pub because: String,
    /// How sure: 10 and more where the name says it, 8 where the first sentence of a text does, 6 elsewhere.
    pub score: u16,
    /// It is what the entry is there for; else it gives it beside, or to whoever stays.
    pub is_main: bool,
}

/// A phrase that was met.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own about where the phrase stands")]
struct Met {
    in_name: bool,
    need: Need,
    strength: Strength,
    said: String,
    is_one_word: bool,
    /// How many words of its clause say something.
    clause: usize,
    is_head: bool,
    /// In the first sentence of its text.
    is_first: bool,
    /// Tells for whom something is: it counts where no name says anything.
    is_for_whom: bool,
}

impl Met {
    fn by_text(&self) -> u16 {
        if self.is_first && self.strength != Strength::Weak { BY_FIRST } else { BY_TEXT }
    }
}

/// The needs that an entry answers, the surest first, at most six; then the particular things that are parts of needs,
/// at most six. The same evidence always says the same.
pub fn infer(evidence: &Evidence<'_>) -> Vec<Inferred> {
    let mut all = Vec::new();
    for (language, name) in evidence.name.iter() {
        read(name, true, Some(language), evidence.kind, &mut all);
    }
    for term in evidence.terms {
        read(term, true, None, evidence.kind, &mut all);
    }
    for (language, text) in evidence.short.iter().chain(evidence.text.iter()) {
        read(text, false, Some(language), evidence.kind, &mut all);
    }
    let mut found = Found::default();
    from_names(&all, evidence.themes, &mut found);
    from_texts(&all, evidence.themes, &mut found);
    from_weak_words(&all, evidence.themes, &mut found);
    let mut sure = found.without_mistaken();
    let by_theme = |need: Need| evidence.themes.iter().position(|theme| *theme == need.theme()).unwrap_or(usize::MAX);
    sure.sort_by_key(|inferred| (std::cmp::Reverse(inferred.score), by_theme(inferred.need), inferred.need));
    mark_main(&mut sure, evidence.themes);
    let (mut parts, mut wholes): (Vec<_>, Vec<_>) = sure.into_iter().partition(|inferred| inferred.need.whole().is_some());
    for part in &parts {
        if let Some(whole) = part.need.whole().filter(|whole| !wholes.iter().any(|known| known.need == *whole)) {
            wholes.push(Inferred { need: whole, ..part.clone() });
        }
    }
    wholes.sort_by_key(|inferred| !inferred.is_main);
    wholes.truncate(MOST);
    parts.truncate(MOST);
    wholes.append(&mut parts);
    wholes
}

/// Tells what an entry is there for from what it gives beside: what its name or the first sentence says, else what is
/// surest, and what is of its main theme: "14 beds, dinner, boxes for dogs" under shelter is there for the beds. Where
/// people stay, the rest is for them alone, unless the name says it.
fn mark_main(sure: &mut [Inferred], themes: &[Theme]) {
    let best = sure.iter().map(|inferred| inferred.score).max().unwrap_or_default().min(BY_FIRST);
    let is_own = |inferred: &&Inferred| themes.first() == Some(&inferred.need.theme());
    let of_own_theme = sure.iter().filter(is_own).map(|inferred| inferred.score).max().unwrap_or(best).min(best);
    let is_main = |inferred: &Inferred| inferred.score >= if is_own(&inferred) { of_own_theme } else { best };
    let has_guests = sure.iter().any(|inferred| inferred.need.has_guests() && is_main(inferred));
    for inferred in sure {
        let is_for_guests = has_guests && !inferred.need.has_guests() && inferred.score < BY_NAME;
        inferred.is_main = is_main(inferred) && !is_for_guests;
    }
}

/// Needs found so far: how sure, and because of which words.
#[derive(Debug, Default)]
struct Found(BTreeMap<Need, (u16, String)>);

impl Found {
    fn give(&mut self, met: &Met, score: u16) {
        let known = self.0.entry(met.need).or_default();
        known.0 = known.0.max(score);
        if !known.1.split(", ").any(|said| said == met.said) {
            if !known.1.is_empty() {
                known.1.push_str(", ");
            }
            known.1.push_str(&met.said);
        }
    }

    fn score(&self, need: Need) -> u16 {
        self.0.get(&need).map_or(0, |(score, _)| *score)
    }

    /// What was found, but for what a surer need is often mistaken for.
    fn without_mistaken(self) -> Vec<Inferred> {
        let is_mistaken = |need: Need, score: u16| {
            let rivals = |other: Need| other.never().any(|known| known == need) || need.never().any(|known| known == other);
            self.0.iter().any(|(other, (known, _))| *known > score && rivals(*other))
        };
        let kept = self.0.iter().filter(|(need, (score, _))| !is_mistaken(**need, *score));
        kept.map(|(need, (score, because))| Inferred { need: *need, because: because.clone(), score: *score, is_main: false }).collect()
    }
}

fn from_names(all: &[Met], themes: &[Theme], found: &mut Found) {
    let by_text: Vec<&Met> = all.iter().filter(|met| !met.in_name && met.strength != Strength::Weak).collect();
    // "La Clinique des Plantes": one word of a name is a picture where the text speaks of other things alone.
    let is_picture = |met: &Met| {
        let says_it = |other: &&&Met| !other.is_one_word || (other.clause <= ITEM && other.is_head);
        let is_one_of_several = met.is_one_word && met.said.len() < LONG_WORD && (!met.is_head || met.clause > 1) && !met.need.is_landmark();
        // "Showers and lockers": where a word beside it is meant, so is it.
        let is_listed = || all.iter().any(|other| other.in_name && other.need != met.need && themes.contains(&other.need.theme()));
        is_one_of_several
            && !is_listed()
            && by_text.iter().any(|other| says_it(&other))
            && !themes.contains(&met.need.theme())
            && !by_text.iter().any(|other| other.need == met.need || (says_it(&other) && other.need.theme() == met.need.theme()))
    };
    for met in all.iter().filter(|met| met.in_name && met.strength != Strength::Weak && !is_picture(met)) {
        // "Les jardins de la gare", "Clos de l'église": where it is, unless the text says so too.
        let is_place = || met.need.is_landmark() && !by_text.iter().any(|other| other.need == met.need);
        if !met.is_one_word || met.is_head {
            found.give(met, BY_NAME);
        } else if met.strength == Strength::Strong && !is_place() {
            found.give(met, INSIDE_NAME);
        }
    }
}

fn from_texts(all: &[Met], themes: &[Theme], found: &mut Found) {
    let named: Vec<Need> = found.0.keys().copied().collect();
    let (others, for_whom): (Vec<&Met>, Vec<&Met>) = all.iter().filter(|met| !met.in_name && met.strength != Strength::Weak).partition(|met| !met.is_for_whom);
    for met in others.into_iter().chain(for_whom) {
        if met.is_for_whom && !named.is_empty() && found.score(met.need) == 0 {
            continue;
        }
        if named.contains(&met.need) {
            let score = found.score(met.need) + 1;
            found.give(met, score);
            continue;
        }
        let theme = met.need.theme();
        let is_near = themes.contains(&theme) || named.iter().any(|need| need.theme() == theme);
        let is_item = met.clause <= ITEM;
        // "Boxes for dogs" are no boxing: a particular thing by one word needs its theme.
        if met.is_one_word && met.need.whole().is_some() && !is_near && !themes.is_empty() {
            continue;
        }
        let counts = match (named.is_empty(), met.is_one_word) {
            (true, true) if met.strength == Strength::Mark && met.said.len() < SHORT_WORD => false,
            (true, true) => is_item || (met.is_head && met.strength == Strength::Strong),
            (true, false) => true,
            (false, true) if met.strength == Strength::Mark => is_item && met.is_head,
            (false, true) => (is_item && (met.is_head || is_near)) || (met.is_head && met.clause <= ONE_THING && is_near),
            (false, false) => (met.is_head && met.clause <= ONE_THING) || is_near,
        };
        let is_said_again = || all.iter().any(|other| other.need == met.need && other.strength != Strength::Weak && other.said != met.said);
        if counts || is_said_again() {
            found.give(met, met.by_text());
        }
    }
}

/// A word that points to a need counts where the entry's theme says so too, or where nothing else says anything.
fn from_weak_words(all: &[Met], themes: &[Theme], found: &mut Found) {
    let is_strong = |theme: Theme| all.iter().any(|met| met.strength == Strength::Strong && met.need.theme() == theme);
    for met in all.iter().filter(|met| met.strength == Strength::Weak) {
        let theme = met.need.theme();
        let is_alone = themes.is_empty() && found.0.is_empty() && met.in_name && is_strong(theme);
        if found.score(met.need) == 0 && (themes.contains(&theme) || is_alone) {
            found.give(met, met.by_text());
        }
    }
}

/// Reads a text clause by clause. A single word of another language only points to
/// its need, but for a long one in a name.
fn read(text: &str, in_name: bool, language: Option<Language>, kind: Kind, all: &mut Vec<Met>) {
    let text = text.char_indices().nth(MOST_LETTERS).and_then(|(end, _)| text.get(..end)).unwrap_or(text);
    // Stops of figures and abbreviations end no sentence that matters here.
    let first = text.find(". ").map_or(text.len(), |end| end + 1);
    for (start, clause) in clauses(text) {
        let is_first = start < first;
        let folded = words::fold(clause);
        let clause = Clause::of(&folded);
        let around = Around { text: &folded, words: &clause.words, starts: &clause.starts };
        let end = if in_name { clause.words.len() } else { around.unconditional() };
        let mut place = 0;
        let mut known: Vec<(usize, usize)> = Vec::new();
        while place < end {
            let whole = clause.longest(place).map(|(length, key)| (length, Cow::Borrowed(key), false));
            let within = || clause.words.get(place).and_then(|word| within_compound(word)).map(|key| (1, Cow::Owned(key), true));
            let spelled = || {
                let long = clause.words.get(place).filter(|word| in_name && word.len() > LONG_WORD);
                long.and_then(|word| spelled_otherwise(word)).map(|key| (1, Cow::Borrowed(key), false))
            };
            let Some((length, key, is_compound)) = whole.or_else(within).or_else(spelled) else {
                place += 1;
                continue;
            };
            let next = place + length;
            known.push((place, next));
            if !around.is_denied(place, next) {
                let is_one_word = !key.contains(' ');
                for sense in senses(&key) {
                    let need = Need::at(sense.need);
                    let is_for_whom = !in_name && around.tells_for_whom(place);
                    let incidental = (!in_name && need.is_landmark() && around.tells_where(place)) || (is_for_whom && is_one_word);
                    if incidental || !need.is_answered_by(kind) {
                        continue;
                    }
                    let is_foreign = is_one_word && !(in_name && key.len() >= UNLIKE_OTHERS) && language.is_some_and(|language| !sense.is_of(language));
                    let strength = match sense.strength {
                        _ if is_foreign => Strength::Weak,
                        Strength::Weak if is_compound => Strength::Strong,
                        strength => strength,
                    };
                    let said = clause.said(place, next).to_owned();
                    all.push(Met {
                        in_name,
                        need,
                        strength,
                        said,
                        is_one_word,
                        clause: around.weight(),
                        is_head: around.is_head(place),
                        is_first,
                        is_for_whom,
                    });
                }
            }
            place = next;
        }
        let place = InText { clause: &clause, around, end, known: &known, in_name, is_first };
        read_loosely(place, language, kind, all);
    }
}

/// The word of one need that a word with one wrong letter is.
fn spelled_otherwise(word: &str) -> Option<&'static str> {
    let need = |known: &str| senses(known).find(|sense| sense.strength == Strength::Strong).map(|sense| sense.need);
    let near = respelled(word);
    let mut near = near.iter().filter(|(_, half_edits)| *half_edits <= 2).filter_map(|(known, _)| need(known).map(|need| (*known, need)));
    let (first, its_need) = near.next()?;
    near.all(|(_, need)| need == its_need).then_some(first)
}

/// A clause whose phrases as they stand are known.
#[derive(Debug, Clone, Copy)]
struct InText<'a> {
    clause: &'a Clause<'a>,
    around: Around<'a>,
    /// Nothing behind this word is offered.
    end: usize,
    /// The phrases met, each from a word to before another.
    known: &'a [(usize, usize)],
    in_name: bool,
    is_first: bool,
}

/// Reads phrases whose words stand otherwise: in another order, inflected, with a word between.
fn read_loosely(text: InText<'_>, language: Option<Language>, kind: Kind, all: &mut Vec<Met>) {
    let InText { clause, around, end, known, in_name, is_first } = text;
    let word = |place: usize| clause.words.get(place).copied();
    let content: Vec<usize> = (0..end).filter(|place| word(*place).is_some_and(loose::is_content)).collect();
    let is_known = |place: &usize| known.iter().any(|(start, end)| end - start > 1 && (*start..*end).contains(place));
    for run in loose_runs(&content) {
        let (Some(first), Some(last)) = (run.first().copied(), run.last().copied()) else { continue };
        if run.iter().any(|place| is_known(place) || around.is_denied(*place, place + 1)) {
            continue;
        }
        let key = loose::key(run.iter().filter_map(|place| word(*place)));
        let Some(sense) = key.and_then(|key| loose_sense(&key)) else { continue };
        let need = Need::at(sense.need);
        if need.is_answered_by(kind) && language.is_none_or(|language| sense.is_of(language)) {
            all.push(Met {
                in_name,
                need,
                strength: Strength::Mark,
                said: clause.said(first, last + 1).to_owned(),
                is_one_word: false,
                clause: around.weight(),
                is_head: around.is_head(first),
                is_first,
                is_for_whom: !in_name && around.tells_for_whom(first),
            });
        }
    }
}

/// How many words that say something may stand among those of a loose phrase.
const BETWEEN: usize = 1;

/// Two or three places near each other, of those that say something.
fn loose_runs(content: &[usize]) -> Vec<Vec<usize>> {
    let mut runs = Vec::new();
    for (number, first) in content.iter().enumerate() {
        let near = content.get(number + 1..).unwrap_or_default();
        for (step, second) in near.iter().enumerate().take(BETWEEN + 2) {
            if step <= BETWEEN {
                runs.push(vec![*first, *second]);
            }
            let beyond = near.iter().enumerate().take(BETWEEN + 2).skip(step + 1);
            runs.extend(beyond.map(|(_, third)| vec![*first, *second, *third]));
        }
    }
    runs
}

/// Parts of a text between stops, commas, colons, brackets and dashes, each with where it begins.
fn clauses(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let stops = ['.', ';', '!', '?', '\n', '•', '|', ',', ':', '(', ')'];
    let parts = text.split(stops).flat_map(|part| part.split(" - ")).flat_map(|part| part.split(" – ")).flat_map(|part| part.split(" — "));
    let parts = parts.flat_map(|part| part.split(" /")).filter(|clause| clause.chars().any(char::is_alphanumeric));
    parts.map(|part| (part.as_ptr() as usize - text.as_ptr() as usize, part))
}
