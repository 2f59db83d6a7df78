//! Which needs a message names: phrases as they are spelled first, then with a letter wrong.

use std::ops::Range;

use super::refusal;
use super::scan::{Reading, Span};
use crate::language::Language;
use crate::need::sense;
use crate::need::{self, Clause, Need, Strength, WordSense};
use crate::ordinary;
use crate::vocabulary::Meaning;

/// At most this many needs are understood in one message.
const MOST: usize = 3;

/// Words with fewer letters are heard only as they are spelled.
const SHORTEST_BY_SPELLING: usize = 6;

/// Phrases longer than this are not looked for by spelling.
const LONGEST_BY_SPELLING: usize = 4;

/// A need that was named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Heard {
    pub(super) need: Need,
    /// How many words named it.
    pub(super) words: usize,
    /// Where they begin and end in the message.
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) is_exact: bool,
    /// Words that only point to it, where a theme of the message is its own.
    pub(super) is_weak: bool,
}

impl Heard {
    /// A need that a sign names: behind all words.
    fn of_sign(need: Need, end: usize) -> Self {
        Self { need, words: 0, start: end, end, is_exact: true, is_weak: false }
    }

    /// True for a span among the words that name it.
    pub(super) fn holds(&self, span: &Span<'_>) -> bool {
        self.start <= span.start() && span.start() < self.end
    }

    /// True where its own words name it, as they are spelled.
    pub(super) fn is_named(&self) -> bool {
        self.is_exact && !self.is_weak
    }
}

/// The needs that a message names, longer phrases before shorter ones, then as said. What is spelled right comes before
/// any repair; words that only point to a need are heard where none is named.
pub(super) fn heard(text: &str, signs: &[Need], spans: &[Span<'_>], language: Language) -> Vec<Heard> {
    let clause = Clause::of(text);
    let tries: [&dyn Fn() -> Vec<Heard>; 4] = [
        &|| exact(&clause, spans, language, Strength::Strong),
        &|| signs.iter().map(|need| Heard::of_sign(*need, text.len())).collect(),
        &|| respelled(&clause, spans, language),
        &|| exact(&clause, spans, language, Strength::Weak),
    ];
    let mut found = tries.into_iter().map(|heard| heard()).find(|found| !found.is_empty()).unwrap_or_default();
    found.sort_by_key(|heard| std::cmp::Reverse(heard.words));
    // "No parcel, a meal": what is refused is not looked for, where something else is.
    let denied = refusal::denied(text);
    if found.iter().any(|heard| !is_refused(&clause, &denied, heard)) {
        found.retain(|heard| !is_refused(&clause, &denied, heard));
    }
    // "A van for a piece of furniture" asks for the van.
    let first = found.iter().filter(|heard| !is_purpose(&clause, heard)).map(|heard| heard.start).min();
    found.retain(|heard| first.is_none_or(|first| heard.start <= first) || !is_purpose(&clause, heard));
    let wholes: Vec<Need> = found.iter().filter_map(|heard| heard.need.whole()).collect();
    let mut needs: Vec<Heard> = Vec::new();
    // "Music lessons, piano" asks for the piano.
    for heard in found.into_iter().filter(|heard| !wholes.contains(&heard.need)) {
        if needs.len() < MOST && !needs.iter().any(|known| known.need == heard.need) {
            needs.push(heard);
        }
    }
    needs
}

/// Words before what something is for.
const PURPOSES: [&str; 4] = ["pour", "voor", "fur", "for"];

/// So many words may stand between.
const PURPOSE_WORDS: usize = 3;

/// True where it only says what something else is for.
fn is_purpose(clause: &Clause<'_>, heard: &Heard) -> bool {
    let place = clause.starts.iter().position(|start| *start >= heard.start).unwrap_or_default();
    let before = clause.words.get(place.saturating_sub(PURPOSE_WORDS)..place).unwrap_or_default();
    before.iter().any(|word| PURPOSES.contains(word))
}

/// True where the words before it refuse it, or those around it.
fn is_refused(clause: &Clause<'_>, denied: &[Range<usize>], heard: &Heard) -> bool {
    let place = clause.starts.iter().position(|start| *start >= heard.start).unwrap_or_default();
    let before = clause.words.get(..place).unwrap_or_default();
    refusal::ends(before.iter().copied()) || denied.iter().any(|range| range.contains(&heard.start))
}

/// The needs that are named as they are spelled, whatever else is repaired.
pub(super) fn named(text: &str, spans: &[Span<'_>], language: Language) -> Vec<Heard> {
    exact(&Clause::of(text), spans, language, Strength::Strong)
}

fn exact(clause: &Clause<'_>, spans: &[Span<'_>], language: Language, strength: Strength) -> Vec<Heard> {
    let mut found = Vec::new();
    let mut place = 0;
    while place < clause.words.len() {
        let Some((length, key)) = clause.longest_of(place, |sense| sense.strength == strength) else {
            place += 1;
            continue;
        };
        let start = clause.starts.get(place).copied().unwrap_or_default();
        let end = start + clause.said(place, place + length).len();
        if is_free(spans, start, end)
            && let Some(sense) = best(key, strength, language)
        {
            found.push(Heard { need: sense.to_need(), words: length, start, end, is_exact: true, is_weak: strength == Strength::Weak });
        }
        place += length;
    }
    found
}

/// What a phrase says in the message's language, else in whichever it is known: but a word that is an ordinary one of the
/// message's language ("pas") is none of another ("pas", a Dutch pass).
fn best(key: &str, strength: Strength, language: Language) -> Option<WordSense> {
    let senses = || need::senses(key).filter(|sense| sense.strength == strength);
    let is_ordinary = || !key.contains(' ') && ordinary::languages(key).contains(language);
    senses().find(|sense| sense.is_of(language)).or_else(|| senses().next().filter(|_| !is_ordinary()))
}

/// False where the words between two places mean something else: a place, a number, a reserved word, a word without a
/// subject. A longer phrase holds them all.
fn is_free(spans: &[Span<'_>], start: usize, end: usize) -> bool {
    !spans.iter().any(|span| {
        let holds = span.start() <= start && span.start() + span.text.len() >= end;
        let is_other = match &span.reading {
            Reading::Place { .. } | Reading::PostalCode(_) | Reading::Date(_) | Reading::Hour(_) | Reading::Number(_) => span.distance == 0,
            Reading::Unknown => false,
            Reading::Phrase(senses) => senses.iter().all(|sense| matches!(sense.meaning, Meaning::Filler(_) | Meaning::Time(_) | Meaning::Language(_))),
        };
        holds && is_other
    })
}

/// Phrases of up to three words of which one, that nothing else explains, has a letter wrong.
fn respelled(clause: &Clause<'_>, spans: &[Span<'_>], language: Language) -> Vec<Heard> {
    let mut found = Vec::new();
    for (place, word) in clause.words.iter().enumerate() {
        let start = clause.starts.get(place).copied().unwrap_or_default();
        let is_unexplained = |span: &Span<'_>| span.is_unlisted() || span.is_theme();
        let is_open = spans.iter().any(|span| span.start() <= start && start < span.start() + span.text.len() && is_unexplained(span));
        if !is_open || word.chars().count() < SHORTEST_BY_SPELLING {
            continue;
        }
        let candidates = need::respelled(word);
        let windows = (1..=LONGEST_BY_SPELLING).rev().flat_map(|length| (0..length).map(move |before| (before, length)));
        let met = windows.filter_map(|(before, length)| Some((place.checked_sub(before)?, length))).find_map(|(first, length)| {
            let window = clause.words.get(first..first + length)?;
            candidates.iter().find_map(|(known, _)| {
                let repaired: Vec<&str> = window.iter().enumerate().map(|(at, word)| if first + at == place { *known } else { *word }).collect();
                best(&sense::key(&repaired.join(" ")), Strength::Strong, language).map(|sense| Heard {
                    need: sense.to_need(),
                    words: length,
                    start: clause.starts.get(first).copied().unwrap_or(start),
                    end: start + word.len(),
                    is_exact: false,
                    is_weak: false,
                })
            })
        });
        found.extend(met);
    }
    found
}
