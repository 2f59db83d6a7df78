//! A person calls back: the number, typed on the keys of a telephone, and whether it is right.
//!
//! The one screen on which every digit is a digit: `*` takes the last one away, or leads back, and `#` goes on.

use super::View;
use super::bars::{self, Bottom};
use crate::layout::Layout;
use crate::page::{Area, Key, PartKind, Role, ScreenPage};

/// The keys of a telephone.
const PAD: [[Key; 3]; 4] = [
    [Key::Digit(1), Key::Digit(2), Key::Digit(3)],
    [Key::Digit(4), Key::Digit(5), Key::Digit(6)],
    [Key::Digit(7), Key::Digit(8), Key::Digit(9)],
    [Key::Star, Key::Digit(0), Key::Hash],
];

/// Types the number.
pub(super) fn number(say: &View<'_>, page: &mut ScreenPage) {
    page.name = "call-back";
    let layout = say.app.layout();
    bars::top(say, page, say.say("your-number"), Vec::new(), None);
    let body = layout.body();
    // The pad's own words need room beside their signs.
    let pad = Area { x: body.x + body.width * 2 / 5, width: body.width - body.width * 2 / 5, ..body };
    let beside = Area { x: body.x + 1, width: (pad.x - body.x).saturating_sub(2), ..body };
    // No higher than one line of digits needs: higher, they would be broken into two.
    let (upper, lower) = Layout::split(beside, (beside.height / 4).max(2));
    let number = &say.app.visit.number;
    page.part(upper, PartKind::Large(if number.is_empty() { "…".to_owned() } else { number.shown(say.app.place.country) }));
    page.part(lower, PartKind::Lines(vec![say.say("number-private")]));
    let mut rows = PAD;
    if page.language.is_right_to_left() {
        // The page is turned round; the keys of a telephone are not.
        for row in &mut rows {
            row.reverse();
        }
    }
    for (key, area) in rows.into_iter().flatten().zip(layout.places(pad, 3, 4)) {
        let (label, role) = match key {
            Key::Star => (say.say("wipe-digit"), Role::Plain),
            Key::Hash => (say.say("call-ok"), Role::Primary),
            digit => (digit.sign().map(String::from).unwrap_or_default(), Role::Digit),
        };
        page.touch(area, PartKind::Button { label, role }, key);
    }
    bars::leave(say, page);
}

/// Asks whether it is right.
pub(super) fn check(say: &View<'_>, page: &mut ScreenPage) {
    page.name = "call-check";
    let layout = say.app.layout();
    bars::top(say, page, say.say("number-right"), Vec::new(), None);
    let body = layout.body();
    let (number, below) = Layout::split(body, body.height * 3 / 8);
    let (line, below) = Layout::split(below, 2);
    page.part(number, PartKind::Large(say.app.visit.number.shown(say.app.place.country)));
    page.part(Area { x: 1, width: line.width.saturating_sub(2), ..line }, PartKind::Lines(vec![say.say("number-private")]));
    let places = layout.places(below, 2, 1);
    let labels = [("call-me-there", Role::Primary, Key::Digit(1)), ("number-wrong", Role::Plain, Key::Star)];
    for ((label, role, key), area) in labels.into_iter().zip(places) {
        page.touch(area, PartKind::Button { label: say.say(label), role }, key);
    }
    bars::bottom(say, page, Bottom::default());
}
