//! The theme of a message that tells what happens rather than what is wanted.

use super::resemble::Resembled;
use super::scan::Message;
use super::subject::{put_first, read_needs};
use crate::need::Need;
use crate::query::Wanted;
use crate::theme::Theme;

/// How long a message is for what it resembles to tell its theme, and how likely that must be.
const TOLD_WORDS: usize = 5;
const SENTENCE: usize = 8;
const STORY: usize = 12;
const LIKELY_THEME: f32 = 0.6;
const LIKELY_STORY: f32 = 0.45;
const UNLIKELY_THEME: f32 = 0.06;

/// So many times likelier, the second of two themes that are named is the first.
const TIMES_LIKELIER: f32 = 3.0;

/// The theme that a message resembles, where its words name none, or name one that it is hardly about; in a story that is
/// the rule rather than the exception: "my father forgot the gas twice" is about care.
pub(super) fn retell(message: &Message<'_>, resembled: &Resembled<'_>, wanted: &mut Wanted) {
    let words = message.words();
    if words < TOLD_WORDS || !wanted.kinds.is_empty() {
        return;
    }
    let (Some(theme), likely) = resembled.theme() else { return };
    let Some(first) = wanted.themes.first().copied() else {
        if likely >= LIKELY_THEME {
            wanted.themes.push(theme);
            read_needs(message, wanted);
        }
        return;
    };
    let is_story = words >= STORY && likely >= LIKELY_STORY;
    let is_hardly_first = !message.names_need() && likely >= LIKELY_THEME && resembled.likely_about(first) <= UNLIKELY_THEME;
    if first != theme && (is_story || is_hardly_first) {
        return tell_anew(message, resembled, theme, wanted);
    }
    // Of two that are named, the likelier.
    let named = message.needs.iter().filter(|heard| heard.is_named()).map(|heard| heard.need.theme()).find(|named| *named != first);
    if let Some(named) = named.filter(|named| words >= SENTENCE && resembled.likely_about(*named) > TIMES_LIKELIER * resembled.likely_about(first)) {
        put_first(named, wanted);
    }
}

/// What is looked for under the theme that a message resembles: needs of it, where any is heard.
fn tell_anew(message: &Message<'_>, resembled: &Resembled<'_>, theme: Theme, wanted: &mut Wanted) {
    put_first(theme, wanted);
    wanted.words.clear();
    read_needs(message, wanted);
    let is_of_it = |need: &Need| need.theme() == theme;
    if wanted.needs.iter().any(is_of_it) {
        wanted.needs.retain(is_of_it);
    } else {
        wanted.needs.retain(|need| resembled.likely_about(need.theme()) > UNLIKELY_THEME);
    }
}
