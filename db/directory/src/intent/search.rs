//! What is looked for: themes, words, place, days.

use chrono::NaiveDate;

use super::alarm::{self, Alarm};
use super::neighbour::{self, Exchange};
use super::resemble::Resembled;
use super::scan::{Message, Reading, Span};
use super::subject::{MOST_THEMES, read_needs};
use super::when::read_time;
use super::{Intent, follow, refusal, weigh};
use crate::danger::{DangerKind, Heard as HeardDanger};
use crate::language::Language;
use crate::locality::{Locality, Place, Rank};
use crate::name;
use crate::ordinary;
use crate::query::Wanted;
use crate::session::Session;
use crate::theme::{Audience, Theme};
use crate::vocabulary::{Meaning, Sense, Vocabulary};

pub(super) fn read_search(
    message: &Message<'_>,
    heard: &HeardDanger,
    resembled: &Resembled<'_>,
    session: &Session,
    vocabulary: &Vocabulary,
    today: NaiveDate,
) -> Intent {
    let spans = &message.spans;
    let (locality, guesses_place) = read_place(message).map_or((None, false), |(place, is_guess)| (Some(place), is_guess));
    let mut wanted = Wanted { locality, guesses_place, ..Wanted::default() };
    let names_kind = spans.iter().any(|span| span.means(|meaning| matches!(meaning, Meaning::Kind { weak: false, .. })));
    let found = themes(message.text, spans, message.language, session.language, names_kind);
    for (theme, phrase) in found {
        if !wanted.themes.contains(&theme) && wanted.themes.len() < MOST_THEMES {
            wanted.themes.push(theme);
        }
        wanted.words.push(phrase.to_owned());
    }
    for (place, sense) in spans.iter().enumerate().flat_map(|(place, span)| span.senses().iter().map(move |sense| (place, sense))) {
        match sense.meaning {
            Meaning::Kind { kind, weak } if !wanted.kinds.contains(&kind) && (!weak || wanted.themes.is_empty()) => wanted.kinds.push(kind),
            Meaning::Audience(audience)
                if !wanted.audiences.contains(&audience) && sense.languages.contains(message.language) && !is_spouse(spans, place, audience) =>
            {
                wanted.audiences.push(audience);
            }
            Meaning::Free => wanted.free = true,
            _ => {}
        }
    }
    for audience in of_age(spans) {
        if !wanted.audiences.contains(&audience) {
            wanted.audiences.push(audience);
        }
    }
    if wanted.themes.is_empty()
        && let Some(door) = read_door(spans, vocabulary)
    {
        wanted.themes = door;
    }
    read_needs(message, &mut wanted);
    wanted.said = said(spans);
    let unknown: Vec<&str> = spans.iter().filter(|span| matches!(span.reading, Reading::Unknown) && span.text.len() >= 3).map(|span| span.text).collect();
    let has_subject = !wanted.has_no_subject() || !unknown.is_empty();
    let time = read_time(spans, today, has_subject);
    wanted.when = time.days;
    wanted.open_now = time.open_now;
    wanted.part = time.part;

    wanted.asks_silence = heard.asks_silence;
    match alarm::judge(message, heard.danger.as_ref(), &wanted) {
        Some(Alarm::Danger(kind)) => return Intent::Danger(danger(wanted, kind)),
        Some(Alarm::Perhaps(kind)) => wanted.danger = Some(kind),
        None => {}
    }
    let guesses = weigh::settle(message, resembled, &mut wanted);
    match neighbour::reads(message, resembled, &wanted) {
        Some(Exchange::Request) => return Intent::Request(with_words(wanted, &unknown)),
        Some(Exchange::Offer) => return Intent::Offer(with_words(wanted, &unknown)),
        None => {}
    }
    let says_where_or_when = wanted.locality.is_some() || wanted.when.is_some() || wanted.open_now;
    let answers_a_question = session.pending.is_some() && says_where_or_when;
    if wanted.has_no_subject() && answers_a_question {
        return Intent::Search(complete(wanted, session));
    }
    if let Some(changed) = follow::changed(&wanted, message, resembled, session) {
        return Intent::Search(changed);
    }
    if !guesses.is_empty() {
        return Intent::Unclear(Wanted { needs: guesses, themes: Vec::new(), words: Vec::new(), ..wanted });
    }
    let has_named_subject = !wanted.has_no_subject();
    if has_named_subject || (says_where_or_when && (!unknown.is_empty() || wanted.when.is_some() || wanted.open_now)) {
        let strange = strange_words(&wanted, spans, &unknown);
        if strange.is_empty() {
            return Intent::Search(with_words(wanted, &unknown));
        }
        return Intent::Search(Wanted { words: strange, is_strange: true, ..wanted });
    }
    Intent::Unclear(with_words(wanted, &unknown))
}

/// So few spans ask for something, and tell no story.
const SHORT: usize = 3;

/// Words before a husband or a wife.
const OWN: [&str; 10] = ["ma", "mon", "mijn", "mn", "meine", "meiner", "mein", "meinen", "my", "notre"];

/// True for "my wife": a couple says so, and asks for nothing that is for women alone.
fn is_spouse(spans: &[Span<'_>], place: usize, audience: Audience) -> bool {
    let is_own = || place.checked_sub(1).and_then(|before| spans.get(before)).is_some_and(|before| OWN.contains(&before.text));
    matches!(audience, Audience::Women | Audience::Men) && is_own()
}

/// Words behind the years of somebody's age.
const YEARS: [&str; 10] = ["ans", "an", "jaar", "jaren", "jahre", "jahr", "years", "year", "year old", "yo"];

/// Who is so many years old ("j'ai 19 ans", "ich bin 70 Jahre alt"). A child's age is its family's.
fn of_age<'a>(spans: &'a [Span<'_>]) -> impl Iterator<Item = Audience> + 'a {
    spans.windows(2).filter_map(|pair| match pair {
        [number, years] if YEARS.contains(&years.text) => match number.reading {
            Reading::Number(0..=11) => Some(Audience::Families),
            Reading::Number(12..=25) => Some(Audience::Youth),
            Reading::Number(60..=99) => Some(Audience::Seniors),
            _ => None,
        },
        _ => None,
    })
}

/// At most so many words of a message may be a name's.
const MOST_SAID: usize = 12;

/// The words that may be a name's: all but numbers.
fn said(spans: &[Span<'_>]) -> Vec<String> {
    let words = spans.iter().filter(|span| !span.is_number()).flat_map(|span| span.text.split(' '));
    let words = words.filter(|word| name::says_something(word));
    words.take(MOST_SAID).map(ToOwned::to_owned).collect()
}

/// A position that was shared: the place that a question waits for, or a place alone.
pub(super) fn read_position(place: &Locality, session: &Session) -> Intent {
    let here = Wanted { locality: Some(place.clone()), ..Wanted::default() };
    if session.pending.is_some() { Intent::Search(complete(here, session)) } else { Intent::Unclear(here) }
}

fn danger(mut wanted: Wanted, kind: DangerKind) -> Wanted {
    wanted.danger = Some(kind);
    if kind == DangerKind::Suicide && !wanted.themes.contains(&Theme::Mind) {
        wanted.themes.push(Theme::Mind);
    }
    wanted.themes.retain(|theme| *theme != Theme::Safety);
    wanted.themes.insert(0, Theme::Safety);
    wanted.words.clear();
    wanted
}

/// Unknown words with fewer letters are slips, not subjects.
const SHORTEST_STRANGE: usize = 6;

/// "Advice for cross-border workers": where a word hardly names a theme, the ones that nobody knows are what is asked
/// for. None where something else says it.
fn strange_words(wanted: &Wanted, spans: &[Span<'_>], unknown: &[&str]) -> Vec<String> {
    let names_theme = spans.iter().any(Span::is_strong_theme);
    if names_theme || wanted.themes.is_empty() || !wanted.needs.is_empty() || !wanted.kinds.is_empty() {
        return Vec::new();
    }
    unknown.iter().filter(|word| word.chars().count() >= SHORTEST_STRANGE).map(|word| (*word).to_owned()).collect()
}

fn with_words(mut wanted: Wanted, unknown: &[&str]) -> Wanted {
    // Where a need is known, the rest says nothing of it.
    if !wanted.needs.is_empty() {
        return wanted;
    }
    for word in unknown {
        if !wanted.words.iter().any(|known| known == word) {
            wanted.words.push((*word).to_owned());
        }
    }
    wanted
}

/// A place or day sent after "where?" completes the question before.
fn complete(answer: Wanted, session: &Session) -> Wanted {
    let Some(mut wanted) = session.pending.clone() else { return answer };
    wanted.locality = answer.locality.or(wanted.locality);
    wanted.when = answer.when.or(wanted.when);
    wanted.open_now |= answer.open_now;
    wanted.part = answer.part.or(wanted.part);
    wanted
}

/// Themes with the phrase that named them, surest first: exact before misspelt, longer phrases
/// before shorter ones, then as said. Weak words count only where nothing else does.
fn themes<'a>(text: &str, spans: &[Span<'a>], language: Language, session: Option<Language>, names_kind: bool) -> Vec<(Theme, &'a str)> {
    // "Not a doctor, a psychologist".
    let denied = refusal::denied(text);
    let is_denied = |span: &Span<'_>| denied.iter().any(|range| range.contains(&span.start()));
    let follows_refusal = |place: usize| refusal::ends(spans.get(..place).unwrap_or_default().iter().map(|span| span.text));
    let is_wanted = |place: usize| !follows_refusal(place) && !spans.get(place).is_some_and(is_denied);
    let refuses_all = !spans.iter().enumerate().any(|(place, span)| span.is_theme() && is_wanted(place));
    // In a sentence, an ordinary word of its language is none of another.
    let is_sentence = spans.len() > SHORT;
    let is_ordinary = |span: &Span<'_>| is_sentence && span.words == 1 && ordinary::languages(span.text).contains(language);
    let pick = |weak: bool, exact: bool| -> Vec<(usize, Theme, &'a str)> {
        spans
            .iter()
            .enumerate()
            .filter(|(place, span)| (span.distance == 0) == exact && (refuses_all || is_wanted(*place)))
            .filter_map(|(_, span)| theme_of(span.senses(), is_ordinary(span), weak, language, session).map(|theme| (span.words, theme, span.phrase)))
            .collect()
    };
    // "agenda" asks for all events, not for going out alone: no weak words beside a kind.
    let tries = [(false, true), (false, false), (true, true)].into_iter().take(if names_kind { 2 } else { 3 });
    let mut found = tries.map(|(weak, exact)| pick(weak, exact)).find(|found| !found.is_empty()).unwrap_or_default();
    found.sort_by_key(|(words, _, _)| std::cmp::Reverse(*words));
    let mut themes: Vec<(Theme, &'a str)> = Vec::new();
    for (_, theme, phrase) in found {
        if !themes.iter().any(|(_, known)| *known == phrase) {
            themes.push((theme, phrase));
        }
    }
    themes
}

/// The theme of a span in the message's language, else the session's, else the first that has one.
fn theme_of(senses: &[Sense], is_ordinary: bool, weak: bool, language: Language, session: Option<Language>) -> Option<Theme> {
    let in_language = |language: Language| {
        senses.iter().find_map(|sense| match sense.meaning {
            Meaning::Theme { theme, weak: is_weak } if is_weak == weak && sense.languages.contains(language) => Some(theme),
            _ => None,
        })
    };
    let has_meaning_here = senses.iter().any(|sense| sense.meaning != Meaning::AmbiguousPlace && sense.languages.contains(language));
    if has_meaning_here {
        // "les" is a lesson in Dutch, but not in a French sentence.
        return in_language(language);
    }
    let elsewhere = || Language::ALL.into_iter().find_map(in_language).filter(|_| !is_ordinary);
    in_language(language).or_else(|| session.and_then(in_language)).or_else(elsewhere)
}

/// "1 1030": a door's digit and a place.
fn read_door(spans: &[Span<'_>], vocabulary: &Vocabulary) -> Option<Vec<Theme>> {
    let mut numbers = spans.iter().filter_map(|span| match span.reading {
        Reading::Number(number) => Some(number),
        _ => None,
    });
    let (Some(number), None) = (numbers.next(), numbers.next()) else { return None };
    let only_place_beside =
        spans.iter().all(|span| span.is_filler() || matches!(span.reading, Reading::Number(_) | Reading::PostalCode(_) | Reading::Place { .. }));
    let has_place = spans.iter().any(|span| matches!(span.reading, Reading::PostalCode(_) | Reading::Place { .. }));
    if !only_place_beside || !has_place {
        return None;
    }
    vocabulary.doors().iter().find(|door| door.page == 1 && u32::from(door.key) == number).map(|door| door.themes.clone())
}

/// True where the words before a place refuse it: "not to Eupen". Without a word that leads to the place it may be the
/// end of a sentence: "I do not understand the letter, Eupen".
fn is_refused(before: &[Span<'_>]) -> bool {
    let Some((leading, before)) = before.split_last() else { return false };
    let words = leading.text.split(' ').next().filter(|_| leading.words > 1);
    // "A place in Eupen" is no "in place of Eupen".
    let refuses = |word: &str| refusal::refuses(word) && (!["plaats", "lieu"].contains(&word) || ["van", "de", "d", "du"].contains(&leading.text));
    leading.announces_place() && (words.is_some_and(refuses) || before.last().is_some_and(|span| refuses(span.text)))
}

/// Messages of fewer words name places without a word before them.
const SENTENCE: usize = 6;

/// Articles that names of places begin with, folded.
const ARTICLES: [&str; 8] = ["l", "la", "le", "les", "de", "het", "den", "the"];

/// True where a small place in a sentence is spelled as ordinary words of its language, and nothing says that a place
/// follows: "in March" is no village, and "the custody of one week" no town. "At the hospital" is not in Hospital.
fn is_only_a_word(message: &Message<'_>, at: usize) -> bool {
    let Some(span) = message.spans.get(at).filter(|_| message.words() >= SENTENCE) else { return false };
    // A part of a town is named at the end, where people name places.
    let is_inside = || at > 0 && at + 1 < message.spans.len();
    let is_small = match span.reading {
        Reading::Place { rank: Rank::Village, .. } => true,
        Reading::Place { rank: Rank::Locality, .. } => span.words == 1 && is_inside(),
        Reading::Place { rank: Rank::Town, .. } => span.words > 1 && is_inside(),
        _ => false,
    };
    let words = || span.text.split(' ');
    let has_article = span.words > 1 && words().next().is_some_and(|word| ARTICLES.contains(&word));
    let before = at.checked_sub(1).and_then(|before| message.spans.get(before));
    // "En mars": of a month as of a country.
    let is_announced = !has_article && before.is_some_and(|before| before.announces_place() && before.text != "en");
    let is_ordinary = |word: &str| ARTICLES.contains(&word) || ordinary::languages(word).contains(message.language);
    is_small && !is_announced && words().all(is_ordinary)
}

/// The place meant: a postal code before a name, a spelled-out name before a misspelt one, and a
/// part of a town before the town it lies in. True beside it where it is only nearly spelled so.
fn read_place(message: &Message<'_>) -> Option<(Locality, bool)> {
    let spans = message.spans.as_slice();
    let code = spans.iter().enumerate().find_map(|(at, span)| match &span.reading {
        Reading::PostalCode(_) if is_refused(spans.get(..at).unwrap_or_default()) => None,
        Reading::PostalCode(place) => Some(place.to_locality()),
        _ => None,
    });
    if let Some(code) = code {
        return Some((code, false));
    }
    let is_elsewhere = |place: usize| is_refused(spans.get(..place).unwrap_or_default()) || is_only_a_word(message, place);
    let named = || {
        spans.iter().enumerate().filter(|(place, _)| !is_elsewhere(*place)).filter_map(|(_, span)| match span.reading {
            Reading::Place { place, rank } => Some((place, rank, span.distance)),
            _ => None,
        })
    };
    let (first, _, distance) = named().min_by_key(|(_, rank, distance)| (*distance, *rank))?;
    let is_part = |place: Place<'_>| place.postal_codes().any(|code| first.postal_codes().any(|known| known == code));
    let part = named().find(|(place, rank, _)| *rank == Rank::Locality && is_part(*place));
    Some((part.map_or(first, |(place, _, _)| place).to_locality(), distance > 0))
}
