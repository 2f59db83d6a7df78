//! One record, one idea a line.

use super::Say;
use super::bars::{self, Bottom};
use crate::layout::Layout;
use crate::page::{Area, Key, Kind, Page};

/// All that a visitor needs of one record.
pub(super) fn card(say: &Say<'_>, page: &mut Page) {
    page.name = "card";
    let layout = say.app.layout();
    let Some(card) = &say.app.visit.card else {
        bars::top(say, page, say.say("searching"), Vec::new(), None);
        bars::bottom(say, page, Bottom::default());
        return;
    };
    bars::top(say, page, card.item.name.clone(), vec![card.item.status.clone()], None);
    let body = layout.body();
    let buttons = if layout.cards > 1 { 3 } else { 2 };
    let (text, bottom) = Layout::split(body, body.height - buttons);
    let picture_width = if layout.cards > 1 { page.grid.columns / 5 } else { 0 };
    if let Some(picture) = card.item.picture.filter(|_| picture_width > 0) {
        page.part(Area { width: picture_width, ..text }, Kind::Picture(picture));
    }
    let x = picture_width + 1;
    page.part(Area { x, width: text.width.saturating_sub(x), ..text }, Kind::Lines(card.lines.clone()));
    let places = layout.places(bottom, 2, 1);
    let is_taken = say.app.visit.basket.holds(card.item.code);
    let labels = [(4, if is_taken { "taken" } else { "add" }, is_taken), (5, "wrong", false)];
    for ((key, label, chosen), area) in labels.into_iter().zip(places) {
        page.choice(area, say.say(label), Key::Digit(key), chosen);
    }
    bars::bottom(say, page, Bottom { prints: true, ..Bottom::default() });
}
