//! One record, one idea a line.

use super::View;
use super::bars;
use crate::app::{KeyAction, KeyChoice};
use crate::page::{PartKind, ScreenPage};

/// All that a visitor needs of one record.
pub(super) fn card(view: &View<'_>, page: &mut ScreenPage) {
    page.name = "card";
    let layout = view.app.layout();
    let Some(card) = &view.app.visit.card else {
        bars::top(view, page, view.say("searching"), Vec::new(), None);
        bars::bottom(view, page);
        return;
    };
    let ends = layout.pages_of(&card.lines);
    let shown = view.app.visit.card_page.min(ends.len() - 1);
    let notes = [view.pages(shown, ends.len()), Some(card.item.status.clone())];
    bars::top(view, page, card.item.name.clone(), notes.into_iter().flatten().collect(), None);
    let (picture, text, keys) = layout.card();
    if let Some((area, picture)) = picture.zip(card.item.picture) {
        page.part(area, PartKind::Picture(picture));
    }
    let first = shown.checked_sub(1).and_then(|before| ends.get(before)).copied().unwrap_or(0);
    let lines = card.lines.get(first..ends.get(shown).copied().unwrap_or(first)).unwrap_or_default();
    page.part(text, PartKind::Lines(lines.to_vec()));
    let is_here = |action| matches!(action, KeyAction::TakeRecord | KeyAction::DoubtRecord | KeyAction::More);
    let choices: Vec<&KeyChoice> = view.choices(is_here).collect();
    let places = layout.places(keys, u16::try_from(choices.len()).unwrap_or(2), 1);
    for (choice, area) in choices.into_iter().zip(places) {
        page.button(view, area, choice);
    }
    bars::bottom(view, page);
}
