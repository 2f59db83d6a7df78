//! A person calls back: the number, typed on the keys of a telephone, and whether it is right.
//!
//! The one screen on which every digit is a digit: `*` takes the last one away, or leads back, and `#` goes on.

use super::View;
use super::bars;
use crate::app::{KeyAction, KeyChoice};
use crate::layout::Layout;
use crate::page::{Area, PartKind, ScreenPage};

/// Types the number.
pub(super) fn number(view: &View<'_>, page: &mut ScreenPage) {
    page.name = "call-back";
    let layout = view.app.layout();
    bars::top(view, page, view.say("your-number"), Vec::new(), None);
    let body = layout.body();
    // The pad's own words need room beside their signs.
    let pad = Area { x: body.x + body.width * 2 / 5, width: body.width - body.width * 2 / 5, ..body };
    let beside = Area { x: body.x + 1, width: (pad.x - body.x).saturating_sub(2), ..body };
    // No higher than one line of digits needs: higher, they would be broken into two.
    let (upper, lower) = Layout::split(beside, (beside.height / 4).max(2));
    let number = &view.app.visit.number;
    page.part(upper, PartKind::Large(if number.is_empty() { "…".to_owned() } else { number.shown(view.app.place.country) }));
    page.part(lower, PartKind::Lines(vec![view.say("number-private")]));
    let is_typed = |action| matches!(action, KeyAction::Type(_) | KeyAction::EraseDigit | KeyAction::NumberDone);
    let mut keys: Vec<&KeyChoice> = view.choices(is_typed).collect();
    if page.language.is_right_to_left() {
        // The page is turned round; the keys of a telephone are not.
        keys.chunks_mut(3).for_each(<[_]>::reverse);
    }
    for (choice, area) in keys.into_iter().zip(layout.places(pad, 3, 4)) {
        page.button(view, area, choice);
    }
    bars::bottom(view, page);
}

/// Asks whether it is right.
pub(super) fn check(view: &View<'_>, page: &mut ScreenPage) {
    page.name = "call-check";
    let layout = view.app.layout();
    bars::top(view, page, view.say("number-right"), Vec::new(), None);
    let body = layout.body();
    let (number, below) = Layout::split(body, body.height * 3 / 8);
    let (line, below) = Layout::split(below, 2);
    page.part(number, PartKind::Large(view.app.visit.number.shown(view.app.place.country)));
    page.part(Area { x: 1, width: line.width.saturating_sub(2), ..line }, PartKind::Lines(vec![view.say("number-private")]));
    let answers = view.choices(|action| matches!(action, KeyAction::Call | KeyAction::CorrectNumber));
    for (choice, area) in answers.zip(layout.places(below, 2, 1)) {
        page.button(view, area, choice);
    }
    bars::bottom(view, page);
}
