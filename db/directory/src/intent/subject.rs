//! What a message is about: the needs that it names, and its themes in the order in which they are meant.

use super::needs::Heard;
use super::scan::{Message, Span};
use crate::query::Wanted;
use crate::theme::Theme;
use crate::vocabulary::Meaning;

/// At most this many themes are understood in one message.
pub(super) const MOST_THEMES: usize = 3;

/// Makes a theme the one that is meant first.
pub(super) fn put_first(theme: Theme, wanted: &mut Wanted) {
    wanted.themes.retain(|known| *known != theme);
    wanted.themes.insert(0, theme);
    wanted.themes.truncate(MOST_THEMES);
}

/// Needs, which imply their theme where none was read, or where it was only guessed from what is spelled nearly so.
pub(super) fn read_needs(message: &Message<'_>, wanted: &mut Wanted) {
    let heard: Vec<Heard> = {
        // A word that only points to a need is heard under its theme.
        let is_heard = |heard: &&Heard| !heard.is_weak || wanted.themes.contains(&heard.need.theme());
        message.needs.iter().filter(is_heard).copied().collect()
    };
    wanted.needs = heard.iter().map(|heard| heard.need).collect();
    let Some(first) = heard.first() else { return };
    let is_guessed = || message.spans.iter().filter(|span| span.is_theme()).all(|span| span.distance > 0);
    if first.is_exact && !wanted.themes.contains(&first.need.theme()) && is_guessed() {
        let guessed: Vec<&str> = message.spans.iter().filter(|span| span.is_theme()).map(|span| span.phrase).collect();
        wanted.words.retain(|word| !guessed.contains(&word.as_str()));
        wanted.themes.clear();
    }
    let theme = first.need.theme();
    // What the need's own words name beside it is no other theme: a shelter that takes dogs is no shop for dogs.
    let of_need: Vec<&str> = message.spans.iter().filter(|span| span.is_theme() && first.holds(span)).map(|span| span.phrase).collect();
    if first.is_named() && wanted.themes.first() == Some(&theme) {
        let named_elsewhere = |other: Theme| {
            let names = |meaning: Meaning| matches!(meaning, Meaning::Theme { theme: named, .. } if named == other);
            message.spans.iter().filter(|span| !of_need.contains(&span.phrase)).any(|span| span.means(names))
        };
        wanted.themes.retain(|said| *said == theme || heard.iter().any(|heard| heard.need.theme() == *said) || named_elsewhere(*said));
    }
    if wanted.themes.is_empty() && wanted.kinds.is_empty() {
        wanted.themes.push(theme);
    } else if first.is_named() && comes_first(message, first) {
        // What is named first is asked for; what is said behind it ("AA meeting") only says more of it.
        put_first(theme, wanted);
    }
    // Of a particular thing each of its words may stand in an entry.
    if first.need.whole().is_none() {
        let said = heard.iter().map(|heard| said_of(message, heard));
        wanted.words = said.filter(|said| !said.is_empty()).collect();
    }
}

/// True where all other words that name a theme come behind those that name the need.
fn comes_first(message: &Message<'_>, first: &Heard) -> bool {
    let mut strong = message.spans.iter().filter(|span| span.is_strong_theme());
    // A longer phrase knows better than a word of it: "AA meeting".
    first.start < first.end && strong.all(|span| span.start() >= first.end || (first.holds(span) && span.words < first.words))
}

/// The words that named a need, as one phrase: whoever asks for clothes for an interview is not helped by clothes alone.
fn said_of(message: &Message<'_>, heard: &Heard) -> String {
    let within = |span: &&Span<'_>| heard.holds(span);
    let says_something = |span: &&Span<'_>| !span.is_filler() || span.is_theme();
    let phrases: Vec<&str> = message.spans.iter().filter(within).filter(says_something).map(|span| span.phrase).collect();
    phrases.join(" ")
}
