//! Whether neighbours are meant: somebody gives, lends or helps, or asks for a gift, a loan or a hand.

use super::act::Act;
use super::command::means;
use super::idiom;
use super::resemble::Resembled;
use super::scan::Message;
use crate::query::Wanted;
use crate::theme::Theme;
use crate::vocabulary::Command;

/// What passes between neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Exchange {
    Offer,
    Request,
}

/// So many words tell what they want by what they resemble, where it is so likely, or so unlikely.
const TOLD: usize = 5;
const LIKELY: f32 = 0.7;
const LIKELY_OFFER: f32 = 0.6;
const CERTAIN: f32 = 0.92;
const UNLIKELY: f32 = 0.1;
const UNLIKELIER: f32 = 0.3;
const STORY: usize = 6;

/// An offer or a request; `None` for what a service answers.
pub(super) fn reads(message: &Message<'_>, resembled: &Resembled<'_>, wanted: &Wanted) -> Option<Exchange> {
    let spans = &message.spans;
    let is_theirs = |theme: &Theme| matches!(theme, Theme::Green | Theme::Goods | Theme::Social | Theme::Mobility | Theme::Care | Theme::Family | Theme::Learn);
    let between_neighbours = wanted.themes.first().is_none_or(is_theirs);
    let says = |command: Command| spans.iter().any(|span| means(span, command));
    let gives_away = idiom::gives_away(message.text);
    let is_told = message.words() >= TOLD;
    let is_like = |act: Act| is_told && resembled.likely(act) >= LIKELY;
    let is_unlike = |act: Act| is_told && resembled.likely(act) < UNLIKELY;
    let asks_them = says(Command::Request) || (between_neighbours && says(Command::RequestWeak));
    let is_service = message.words() >= STORY && resembled.likely(Act::Request) < UNLIKELIER && resembled.likely(Act::Search) >= LIKELY;
    if is_service {
        return None;
    }
    if (asks_them && !is_unlike(Act::Request)) || (between_neighbours && is_like(Act::Request)) {
        return Some(Exchange::Request);
    }
    // "Where do I give clothes?" is a search, and "I give a fridge away" is none.
    let is_brought = wanted.needs.first().is_some_and(|need| need.is_given()) && !gives_away;
    let begins = spans.first().is_some_and(|first| means(first, Command::Offer) && first.distance == 0);
    let offers = gives_away || (says(Command::Offer) && (begins || !is_unlike(Act::Offer)));
    let offers_so = |least: f32| is_told && resembled.likely(Act::Offer) >= least;
    let is_offered = || offers || offers_so(if between_neighbours { LIKELY_OFFER } else { LIKELY });
    let gives_them = offers_so(CERTAIN) || (!is_brought && is_offered() && !idiom::is_given_by_others(message.text));
    gives_them.then_some(Exchange::Offer)
}
