//! What is said of a list or an entry that was just shown: another place or day for the same question, one of its
//! entries, where that is, or that it is too far away.

use super::Intent;
use super::act::Act;
use super::resemble::Resembled;
use super::scan::{Message, Reading, Span};
use crate::query::Wanted;
use crate::session::{Listing, Session, Step};
use crate::theme::Theme;
use crate::vocabulary::{About, Meaning};

/// So likely, something is asked of what was shown; fewer words tell it not.
const LIKELY: f32 = 0.7;
const LIKELIER: f32 = 0.85;
const LIKELY_OF_CARD: f32 = 0.55;
const FEWEST: usize = 3;

/// A longer message is a new question.
const MOST_SPANS: usize = 8;

/// What was listed, where it is still before the asker. A slip answers no question, and what was called by its name is
/// asked for as it is.
fn listing(session: &Session) -> Option<&Listing> {
    let is_shown = matches!(session.step, Step::Listing | Step::Card(_) | Step::Empty);
    session.listing.as_ref().filter(|listing| is_shown && listing.ticket.is_none())
}

/// True where a list or an entry is before the asker.
pub(super) fn is_shown(session: &Session) -> bool {
    listing(session).is_some() || matches!(session.step, Step::Card(_) | Step::Listing)
}

/// "The second one", "the last one", "where is it?", "is it free?", "too far": about what was shown.
pub(super) fn read_about(message: &Message<'_>, resembled: &Resembled<'_>, session: &Session) -> Option<Intent> {
    let spans = &message.spans;
    if !is_shown(session) {
        return None;
    }
    let in_our_words = || read_in_our_words(spans, session).filter(|_| spans.len() <= MOST_SPANS && !message.names_need());
    let in_their_words = || is_in_their_words(spans, resembled, session).then(|| asked_of(spans, session));
    in_our_words().or_else(in_their_words)
}

fn read_in_our_words(spans: &[Span<'_>], session: &Session) -> Option<Intent> {
    let about = |wanted: About| move |span: &Span<'_>| span.means(|meaning| meaning == Meaning::About(wanted));
    let is_free = |span: &Span<'_>| span.means(|meaning| meaning == Meaning::Free);
    let only = |wanted: &dyn Fn(&Span<'_>) -> bool| spans.iter().any(wanted) && spans.iter().all(|span| wanted(span) || says_nothing(span));
    if only(&about(About::TooFar)) {
        return listing(session).map(|listing| Intent::Nearer(listing.wanted.clone()));
    }
    if let Some(number) = ordinal(spans) {
        return Some(Intent::Pick(if number == 0 { last(session)? } else { number }));
    }
    // What one entry costs stands on its card; "by bus" says how one gets there.
    let is_way = |span: &Span<'_>| span.means(|meaning| matches!(meaning, Meaning::Theme { theme: Theme::Mobility, .. }));
    let asks = spans.iter().any(about(About::Detail));
    let is_of_card = |span: &Span<'_>| about(About::Detail)(span) || (matches!(session.step, Step::Card(_)) && is_free(span)) || (asks && is_way(span));
    only(&is_of_card).then_some(Intent::Detail)
}

/// True where it resembles what is asked of an entry, whatever else that names: the bus there, a book to bring. What changes
/// the question is read with the question.
fn is_in_their_words(spans: &[Span<'_>], resembled: &Resembled<'_>, session: &Session) -> bool {
    let changes = |span: &Span<'_>| {
        let is_wish = |meaning| matches!(meaning, Meaning::Free | Meaning::Audience(_) | Meaning::Time(_));
        span.is_place() || span.is_number() || (span.means(is_wish) && !matches!(session.step, Step::Card(_)))
    };
    if spans.len() < FEWEST || spans.iter().any(changes) {
        return false;
    }
    let names = |span: &Span<'_>| span.means(|meaning| !matches!(meaning, Meaning::Filler(_) | Meaning::Free));
    let is_of_card = matches!(session.step, Step::Card(_)) && !spans.iter().any(Span::is_strong_theme);
    let least = if is_of_card {
        LIKELY_OF_CARD
    } else if spans.iter().any(names) {
        LIKELIER
    } else {
        LIKELY
    };
    resembled.likely(Act::Again) >= least
}

/// Words that ask for what was not listed yet; and those that do where nothing but a list is before the asker ("c'est encore
/// ouvert ?" is about an entry).
const OTHERS: [&str; 21] = [
    "autre", "autres", "otre", "otres", "dotre", "dotres", "reste", "suite", "suivant", "suivants", "andere", "anderen", "ander", "andre", "rest", "volgende",
    "weitere", "another", "other", "others", "next",
];
const MORE: [&str; 6] = ["encore", "nog", "noch", "mehr", "more", "else"];

/// What is asked of what was shown: "no others?", "show me the rest" want more of it, and anything else is about one entry.
pub(super) fn asked_of(spans: &[Span<'_>], session: &Session) -> Intent {
    let is_list = session.step == Step::Listing;
    let asks_more = |word: &str| OTHERS.contains(&word) || (is_list && MORE.contains(&word));
    if spans.iter().flat_map(|span| span.text.split(' ')).any(asks_more) { Intent::More } else { Intent::Detail }
}

/// The number of "the second one", 0 for the last; `None` where anything else is said.
fn ordinal(spans: &[Span<'_>]) -> Option<u8> {
    let number = |span: &Span<'_>| {
        span.senses().iter().find_map(|sense| match sense.meaning {
            Meaning::Ordinal(number) => Some(number),
            _ => None,
        })
    };
    let mut numbers = spans.iter().filter_map(number);
    let first = numbers.next()?;
    (numbers.next().is_none() && spans.iter().all(|span| number(span).is_some() || says_nothing(span))).then_some(first)
}

/// The digit of the last entry shown.
fn last(session: &Session) -> Option<u8> {
    u8::try_from(session.listing.as_ref()?.page().len()).ok().filter(|digit| *digit > 0)
}

/// The question before with what this message changes of it: its place, its days, whom it is for, what it may cost.
/// `None` where the message asks something of its own, or changes nothing.
pub(super) fn changed(new: &Wanted, message: &Message<'_>, resembled: &Resembled<'_>, session: &Session) -> Option<Wanted> {
    let before = &listing(session).filter(|listing| !listing.is_called)?.wanted;
    // "For my daughter" only says whom it is for, though such words are a family's.
    let names_subject = message.names_need() || message.spans.iter().any(Span::is_strong_theme);
    let asks_anew = names_subject || !new.kinds.is_empty() || (!new.themes.is_empty() && new.audiences.is_empty());
    let says_time = new.when.is_some() || new.open_now || new.part.is_some();
    let says_more = new.locality.is_some() || says_time || new.free || !new.audiences.is_empty();
    let is_plain = |span: &Span<'_>| !matches!(span.reading, Reading::Unknown) || says_nothing(span);
    let is_of_list = || message.spans.iter().all(is_plain) || resembled.likely(Act::Again) >= LIKELY;
    if asks_anew || !says_more || message.spans.len() > MOST_SPANS || !is_of_list() {
        return None;
    }
    let mut wanted = before.clone();
    if new.locality.is_some() {
        (wanted.locality, wanted.guesses_place) = (new.locality.clone(), new.guesses_place);
    }
    if new.when.is_some() || new.open_now {
        (wanted.when, wanted.open_now, wanted.part) = (new.when, new.open_now, new.part);
    } else if new.part.is_some() {
        // "In the evening rather": of the day that was asked for.
        (wanted.part, wanted.open_now) = (new.part, false);
    }
    wanted.free |= new.free;
    wanted.audiences.extend(new.audiences.iter().filter(|audience| !before.audiences.contains(audience)));
    Some(wanted)
}

/// True for words without a subject, and for ordinary ones that are none of ours.
fn says_nothing(span: &Span<'_>) -> bool {
    span.is_filler() || (matches!(span.reading, Reading::Unknown) && !span.is_unlisted())
}

#[cfg(test)]
mod tests;
