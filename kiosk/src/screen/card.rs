//! One record, one idea a line.

use super::View;
use super::bars::{self, Bottom};
use crate::page::{Key, PartKind, ScreenPage};

/// All that a visitor needs of one record.
pub(super) fn card(say: &View<'_>, page: &mut ScreenPage) {
    page.name = "card";
    let layout = say.app.layout();
    let Some(card) = &say.app.visit.card else {
        bars::top(say, page, say.say("searching"), Vec::new(), None);
        bars::bottom(say, page, Bottom::default());
        return;
    };
    let ends = layout.pages_of(&card.lines);
    let shown = say.app.visit.card_page.min(ends.len() - 1);
    let notes = [say.pages(shown, ends.len()), Some(card.item.status.clone())];
    bars::top(say, page, card.item.name.clone(), notes.into_iter().flatten().collect(), None);
    let (picture, text, keys) = layout.card();
    if let Some((area, picture)) = picture.zip(card.item.picture) {
        page.part(area, PartKind::Picture(picture));
    }
    let first = shown.checked_sub(1).and_then(|before| ends.get(before)).copied().unwrap_or(0);
    let lines = card.lines.get(first..ends.get(shown).copied().unwrap_or(first)).unwrap_or_default();
    page.part(text, PartKind::Lines(lines.to_vec()));
    let is_taken = say.app.visit.basket.holds(card.item.code);
    let mut labels = vec![(4, if is_taken { "taken" } else { "add" }, is_taken), (5, "wrong", false)];
    if ends.len() > 1 {
        labels.push((8, "more", false));
    }
    let places = layout.places(keys, u16::try_from(labels.len()).unwrap_or(2), 1);
    for ((key, label, chosen), area) in labels.into_iter().zip(places) {
        page.choice(area, say.say(label), Key::Digit(key), chosen);
    }
    bars::bottom(say, page, Bottom { prints: true, ..Bottom::default() });
}
