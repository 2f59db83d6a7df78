//! Cuts a message into spans: the longest phrases that mean something, then places, then what is
//! only nearly spelled like either.

use std::borrow::Cow;

use chrono::{Datelike, NaiveDate};

use super::needs::{self, Heard};
use super::refusal;
use super::token::{Cut, Tokens};
use crate::language::Language;
use crate::locality::{Hit, Place, Rank};
use crate::ordinary;
use crate::vocabulary::{Filler, Languages, Meaning, Near, Sense, Vocabulary};
use words::Typed;

/// Phrases longer than this are not looked for by spelling.
const LONGEST_BY_SPELLING: usize = 3;

/// A message cut into spans.
#[derive(Debug)]
pub(super) struct Message<'a> {
    /// All its words, folded.
    pub(super) text: &'a str,
    pub(super) spans: Vec<Span<'a>>,
    pub(super) language: Language,
    pub(super) needs: Vec<Heard>,
}

impl Message<'_> {
    /// How many words it has.
    pub(super) fn words(&self) -> usize {
        self.spans.iter().map(|span| span.words).sum()
    }

    /// True where a need's own words name it, as they are spelled.
    pub(super) fn names_need(&self) -> bool {
        self.needs.iter().any(Heard::is_named)
    }
}

/// A run of words with one reading.
#[derive(Debug, Clone)]
pub(super) struct Span<'a> {
    /// Folded words as typed.
    pub(super) text: &'a str,
    /// Where they begin among all.
    start: usize,
    /// The phrase understood, folded; the typed one where nothing was.
    pub(super) phrase: &'a str,
    pub(super) words: usize,
    pub(super) reading: Reading<'a>,
    /// Half edits between what was typed and what was understood.
    pub(super) distance: usize,
    /// The place of the same name, for a phrase that is also one ("laken" is linen and Laeken).
    namesake: Option<(Place<'a>, Rank)>,
}

/// What a span is.
#[derive(Debug, Clone)]
pub(super) enum Reading<'a> {
    /// A phrase of the vocabulary; more than one sense where languages differ.
    Phrase(Cow<'a, [Sense]>),
    /// A place.
    Place { place: Place<'a>, rank: Rank },
    /// A postal code.
    PostalCode(Place<'a>),
    /// A date written in figures.
    Date(NaiveDate),
    /// A number of one or two digits, ordinals included.
    Number(u32),
    /// An hour of the day ("18h30"); `None` for a span of hours ("24/7").
    Hour(Option<u8>),
    /// Not understood.
    Unknown,
}

impl<'a> Span<'a> {
    /// A span of so many words that stands for itself.
    fn plain(text: &'a str, start: usize, words: usize, reading: Reading<'a>) -> Self {
        Self { text, start, phrase: text, words, reading, distance: 0, namesake: None }
    }

    /// Where its words begin among all.
    pub(super) fn start(&self) -> usize {
        self.start
    }

    /// True where it names a theme.
    pub(super) fn is_theme(&self) -> bool {
        self.means(|meaning| matches!(meaning, Meaning::Theme { .. }))
    }

    /// True where it names a theme by itself, whatever else is said.
    pub(super) fn is_strong_theme(&self) -> bool {
        self.means(|meaning| matches!(meaning, Meaning::Theme { weak: false, .. }))
    }

    pub(super) fn senses(&self) -> &[Sense] {
        match &self.reading {
            Reading::Phrase(senses) => senses,
            _ => &[],
        }
    }

    pub(super) fn means(&self, wanted: impl Fn(Meaning) -> bool) -> bool {
        self.senses().iter().any(|sense| wanted(sense.meaning))
    }

    /// True for words without a subject: politeness, asking words, function words, hours.
    pub(super) fn is_filler(&self) -> bool {
        matches!(self.reading, Reading::Hour(_)) || self.means(|meaning| matches!(meaning, Meaning::Filler(_) | Meaning::Ordinal(_) | Meaning::About(_)))
    }

    /// True for a postal code, a date, an hour or a number: no part of a record's code.
    pub(super) fn is_number(&self) -> bool {
        matches!(self.reading, Reading::PostalCode(_) | Reading::Date(_) | Reading::Hour(_) | Reading::Number(_))
    }

    /// True where it says where.
    pub(super) fn is_place(&self) -> bool {
        matches!(self.reading, Reading::Place { .. } | Reading::PostalCode(_))
    }

    /// True for a word that is neither ours nor an ordinary one.
    pub(super) fn is_unlisted(&self) -> bool {
        matches!(self.reading, Reading::Unknown) && ordinary::languages(self.text) == Languages::default()
    }

    pub(super) fn announces_place(&self) -> bool {
        self.means(|meaning| meaning == Meaning::Filler(Filler::PlaceBefore))
    }

    /// True when some sense is worth more than filler.
    fn has_subject(&self) -> bool {
        self.means(|meaning| !matches!(meaning, Meaning::Filler(_) | Meaning::AmbiguousPlace))
    }
}

pub(super) fn scan<'a>(tokens: &'a Tokens<'a>, vocabulary: &'a Vocabulary, session: Option<Language>) -> Message<'a> {
    let mut spans = exact_spans(tokens, vocabulary);
    let exact_language = vote(&spans, session);
    // What names a need as it is spelled is not repaired.
    let named = needs::named(tokens.whole(), &spans, exact_language);
    spell_out(&mut spans, tokens, vocabulary, exact_language, &named);
    prefer_namesake(&mut spans, &named);
    let language = vote(&spans, session);
    let needs = needs::heard(tokens.whole(), tokens.signs(), &spans, language);
    Message { text: tokens.whole(), spans, language, needs }
}

fn exact_spans<'a>(tokens: &'a Tokens<'a>, vocabulary: &'a Vocabulary) -> Vec<Span<'a>> {
    let mut spans: Vec<Span<'a>> = Vec::with_capacity(tokens.len());
    let mut run = Vec::with_capacity(vocabulary.longest());
    let mut place = 0;
    while let Some((word, start, fixed)) = tokens.at(place) {
        let span = if let Some(reading) = fixed {
            Span::plain(word, start, 1, reading.clone())
        } else {
            tokens.cut(place, vocabulary.longest(), &mut run);
            let announced = spans.last().is_some_and(Span::announces_place);
            longest_span(&run, start, vocabulary, announced, tokens.len() == 1).unwrap_or_else(|| unknown(word, start, vocabulary))
        };
        place += span.words;
        spans.push(span);
    }
    spans
}

/// The longest run of words from the first one that is a phrase or a place.
fn longest_span<'a>(run: &[Cut<'a>], start: usize, vocabulary: &'a Vocabulary, announced: bool, alone: bool) -> Option<Span<'a>> {
    run.iter().enumerate().rev().find_map(|(before, cut)| {
        let text = cut.text;
        let phrase = vocabulary.exact_hashed((cut.hash, text), (cut.stemmed_hash, cut.stemmed));
        let place = place_named(cut, vocabulary).filter(|hit| is_plausible(hit, text, announced));
        let mut namesake = None;
        let reading = match (phrase, place) {
            (Some(entry), Some(hit)) => {
                let worth_more = entry.senses.iter().any(|sense| !matches!(sense.meaning, Meaning::Theme { weak: true, .. }));
                let ambiguous = entry.senses.iter().all(|sense| sense.meaning == Meaning::AmbiguousPlace);
                let is_filler = entry.senses.iter().any(|sense| matches!(sense.meaning, Meaning::Filler(_)));
                if (announced && !is_filler) || (ambiguous && alone) || (!worth_more && hit.rank == Rank::Commune) {
                    Reading::Place { place: hit.place, rank: hit.rank }
                } else {
                    namesake = Some((hit.place, hit.rank)).filter(|_| !ambiguous);
                    Reading::Phrase(Cow::Borrowed(entry.senses))
                }
            }
            (Some(entry), None) => Reading::Phrase(Cow::Borrowed(entry.senses)),
            (None, Some(hit)) => Reading::Place { place: hit.place, rank: hit.rank },
            (None, None) => return None,
        };
        Some(Span { namesake, ..Span::plain(text, start, before + 1, reading) })
    })
}

/// A place by its name, "st" and "ste" read as people mean them.
fn place_named<'a>(cut: &Cut<'_>, vocabulary: &'a Vocabulary) -> Option<Hit<'a>> {
    let territory = vocabulary.territory();
    territory.named_hashed(cut.hash, cut.text).or_else(|| {
        let spelled = |saint: &str, sainte: &str| {
            let words = cut.text.split(' ').map(|word| match word {
                "st" => saint,
                "ste" => sainte,
                other => other,
            });
            territory.named(&words.collect::<Vec<_>>().join(" "))
        };
        if !cut.names_saint {
            return None;
        }
        spelled("saint", "sainte").or_else(|| spelled("sint", "sint")).or_else(|| spelled("sankt", "sankt"))
    })
}

/// Small places have names that are ordinary words: those must be announced ("à Ger") or long.
fn is_plausible(hit: &Hit<'_>, text: &str, announced: bool) -> bool {
    let letters = text.chars().count();
    match hit.rank {
        Rank::City => letters >= 3,
        Rank::Commune => letters >= 3 || announced,
        Rank::Town | Rank::Locality => letters >= 5 || announced,
        Rank::Village => (announced && letters >= 4) || (text.contains(' ') && letters >= 9),
    }
}

/// A word that no list holds as it stands: tried once more without its elided article
/// (`durgence`, `lecole`).
fn unknown<'a>(word: &'a str, start: usize, vocabulary: &'a Vocabulary) -> Span<'a> {
    /// A letter by itself says nothing.
    const NOISE: &[Sense] = &[Sense { meaning: Meaning::Filler(Filler::Noise), languages: Languages(0) }];
    let elided = ["qu", "l", "d", "j", "n", "s", "c", "m", "t"]
        .into_iter()
        .filter(|_| ordinary::languages(word) == Languages::default())
        .filter_map(|article| word.strip_prefix(article))
        .filter(|rest| rest.len() >= 3 && rest.starts_with(['a', 'e', 'i', 'o', 'u', 'y', 'h']))
        .find_map(|rest| longest_span(&[Cut::word(rest)], start, vocabulary, false, false));
    if let Some(span) = elided {
        return Span { text: word, ..span };
    }
    let reading = match vocabulary.within_compound(word) {
        _ if word.len() == 1 => Reading::Phrase(Cow::Borrowed(NOISE)),
        Some(entry) => Reading::Phrase(Cow::Borrowed(entry.senses)),
        None => Reading::Unknown,
    };
    Span::plain(word, start, 1, reading)
}

/// Reads unknown words by sound and spelling, with their neighbours first.
fn spell_out<'a>(spans: &mut Vec<Span<'a>>, tokens: &'a Tokens<'a>, vocabulary: &'a Vocabulary, language: Language, named: &[Heard]) {
    let mut place = 0;
    while place < spans.len() {
        let longest = LONGEST_BY_SPELLING.min(spans.len() - place);
        let better = (1..=longest).rev().find_map(|length| {
            let window = spans.get(place..place + length)?;
            let spellable = window.iter().all(|span| span.words <= 2 && span.distance == 0 && matches!(span.reading, Reading::Unknown | Reading::Phrase(_)));
            let is_named = |span: &Span<'_>| named.iter().any(|heard| heard.start < span.start + span.text.len() && span.start < heard.end);
            if !spellable || window.iter().any(is_named) || !window.iter().any(|span| matches!(span.reading, Reading::Unknown)) {
                return None;
            }
            let announced = place.checked_sub(1).and_then(|before| spans.get(before)).is_some_and(Span::announces_place);
            nearest(window, tokens, vocabulary, announced, language).map(|span| (length, span))
        });
        if let Some((length, span)) = better {
            spans.splice(place..place + length, [span]);
        }
        place += 1;
    }
}

/// Where a message names a theme elsewhere and no place, a word that is also a place is the place.
fn prefer_namesake(spans: &mut [Span<'_>], named: &[Heard]) {
    let names_place = spans.iter().any(Span::is_place);
    let last_named = spans.iter().rposition(|span| span.namesake.is_some()).unwrap_or_default();
    // "No food, only clothes" is not said of Essen.
    let is_refused = refusal::ends(spans.iter().take(last_named).map(|span| span.text));
    let themes = spans.iter().filter(|span| span.is_strong_theme()).count();
    // "ans" behind a number counts years; at the end of a question it is the town.
    let counts = spans.iter().rev().nth(1).is_some_and(|before| matches!(before.reading, Reading::Number(_)));
    let last = spans.len().saturating_sub(1);
    let says_whom_or_when = spans.iter().any(|span| span.means(|meaning| matches!(meaning, Meaning::Audience(_) | Meaning::Time(_))));
    let Some((place, span)) = spans.iter_mut().enumerate().rev().find(|(_, span)| span.namesake.is_some()).filter(|_| !names_place) else { return };
    let is_theme = span.is_strong_theme();
    let is_known = span.namesake.as_ref().is_some_and(|(_, rank)| matches!(rank, Rank::Commune | Rank::City | Rank::Locality));
    let is_weak = span.is_filler() || span.means(|meaning| matches!(meaning, Meaning::Theme { weak: true, .. }));
    let is_town_at_the_end = place == last && !counts && is_weak && is_known;
    let is_named_elsewhere = named.iter().any(|heard| heard.end <= span.start) || (place == last && says_whom_or_when);
    if (themes > usize::from(is_theme) || is_named_elsewhere)
        && !is_refused
        && (is_theme || is_town_at_the_end)
        && let Some((place, rank)) = span.namesake.take()
    {
        span.reading = Reading::Place { place, rank };
    }
}

fn nearest<'a>(window: &[Span<'a>], tokens: &'a Tokens<'a>, vocabulary: &'a Vocabulary, announced: bool, language: Language) -> Option<Span<'a>> {
    let (first, last) = (window.first()?, window.last()?);
    let text = tokens.text(first.start..last.start + last.text.len())?;
    let typed = Typed::new(text)?;
    if typed.letters < 8 && text.contains(' ') {
        return None;
    }
    // An ordinary word is spelled as it is meant; "mangé" is one, and of the family of ours.
    let is_ordinary = matches!(window, [word] if !word.is_unlisted());
    let mut near = vocabulary.near(&typed);
    near.retain(|near| !is_ordinary || ordinary::is_of_family(text, near.entry.phrase));
    let nearest_place = || vocabulary.territory().nearest(&typed).filter(|hit| is_plausible(hit, text, announced));
    let place = if is_ordinary { None } else { nearest_place() };
    let of_language =
        near.iter().find(|near| near.entry.senses.iter().any(|sense| sense.languages.contains(language) && !matches!(sense.meaning, Meaning::Filler(_))));
    let phrase = of_language
        .or_else(|| near.iter().find(|near| near.entry.senses.iter().any(|sense| !matches!(sense.meaning, Meaning::Filler(_)))))
        .or_else(|| near.first());
    let words = window.iter().map(|span| span.words).sum();
    let span = |phrase, reading, distance| Some(Span { phrase, distance, ..Span::plain(text, first.start, words, reading) });
    match (phrase, place) {
        (Some(near), Some(hit)) if hit.distance < near.distance || (hit.distance == near.distance && (announced || hit.rank == Rank::Commune)) => {
            span(hit.place.name, Reading::Place { place: hit.place, rank: hit.rank }, hit.distance)
        }
        (Some(near), _) => {
            // A fixed phrase of one word ("stop", "non") must be spelled right.
            let is_heard = |sense: &Sense| may_be_misspelt(sense.meaning, near);
            let senses = if near.entry.senses.iter().all(is_heard) {
                Cow::Borrowed(near.entry.senses)
            } else {
                Cow::Owned(near.entry.senses.iter().copied().filter(is_heard).collect())
            };
            if senses.is_empty() { None } else { span(near.entry.phrase, Reading::Phrase(senses), near.distance.max(1)) }
        }
        (None, Some(hit)) => span(hit.place.name, Reading::Place { place: hit.place, rank: hit.rank }, hit.distance),
        (None, None) => None,
    }
}

/// A reserved word is never the result of a correction, unless it sounds just so or there are several.
fn may_be_misspelt(meaning: Meaning, near: &Near<'_>) -> bool {
    use crate::vocabulary::Command;
    match meaning {
        Meaning::Command(Command::Stop | Command::Start | Command::Back) => false,
        Meaning::Command(_) => near.entry.phrase.chars().count() >= 5 && (near.distance <= 1 || near.entry.phrase.contains(' ')),
        Meaning::Theme { weak, .. } => !weak,
        _ => true,
    }
}

/// The language that most words speak for; at a tie the session's, else French.
fn vote(spans: &[Span<'_>], session: Option<Language>) -> Language {
    let mut scores = Language::ALL.map(|language| (language, u32::from(language == Language::Fr) + 3 * u32::from(Some(language) == session)));
    for span in spans {
        let mut heard = Languages::default();
        for sense in span.senses().iter().filter(|sense| sense.meaning != Meaning::AmbiguousPlace) {
            for language in Language::ALL.into_iter().filter(|language| sense.languages.contains(*language)) {
                heard = heard.with(language);
            }
        }
        // A word of none of our lists is an ordinary one of some language.
        let is_unlisted = heard.count() == 0 && matches!(span.reading, Reading::Unknown);
        if is_unlisted {
            heard = ordinary::languages(span.text);
        }
        let count = heard.count();
        if count == 0 || count == 4 {
            continue;
        }
        let letters = u32::try_from(span.text.chars().count()).unwrap_or(8).min(12);
        let weight = (if span.has_subject() { 4 + letters } else { 2 + letters.min(4) }) / if span.distance == 0 { 1 } else { 2 };
        for (language, score) in &mut scores {
            if heard.contains(*language) {
                *score += 2 * weight / count;
            }
        }
    }
    // The first of the best: French before Dutch before German before English.
    let best = scores.iter().map(|(_, score)| *score).max().unwrap_or_default();
    scores.iter().find(|(_, score)| *score == best).map_or(Language::Fr, |(language, _)| *language)
}

/// True when a number can be a day of a month.
pub(super) fn is_day(number: u32) -> bool {
    (1..=31).contains(&number)
}

/// The years people write behind a date.
pub(super) fn is_year(text: &str, today: NaiveDate) -> bool {
    text.parse::<i32>().is_ok_and(|year| (today.year()..=today.year() + 2).contains(&year))
}
