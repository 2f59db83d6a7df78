//! What will be printed.

use super::View;
use super::bars;
use crate::app::{KeyAction, KeyChoice};
use crate::layout::Layout;
use crate::page::{PartKind, ScreenPage};

/// The ticket before it is printed.
pub(super) fn ticket(view: &View<'_>, page: &mut ScreenPage) {
    page.name = "ticket";
    let layout = view.app.layout();
    let basket = &view.app.visit.basket;
    let note = match basket.items.len() {
        0 => view.say("empty-ticket"),
        1 => view.say("one-address"),
        number => view.with("addresses", "number", &number.to_string()),
    };
    bars::top(view, page, view.say("your-ticket"), vec![note], view.choice(KeyAction::More));
    let body = layout.body();
    let (list, bottom) = Layout::split(body, body.height - if layout.cards > 2 { 4 } else { 3 });
    let removals = view.choices(|action| matches!(action, KeyAction::Remove(_)));
    for (choice, (area, beside)) in removals.zip(layout.rows(list)) {
        let KeyAction::Remove(place) = choice.action else { continue };
        let Some(item) = basket.items.get(place) else { continue };
        page.part(area, PartKind::Card { picture: item.picture, name: item.name.clone(), lines: Vec::new() });
        page.button(view, beside, choice);
    }
    let is_below = |action| matches!(action, KeyAction::LargeTicket | KeyAction::SecondLanguage(_) | KeyAction::ReadTicket);
    let choices: Vec<&KeyChoice> = view.choices(is_below).collect();
    for (choice, area) in choices.into_iter().zip(layout.places(bottom, 3, 1)) {
        page.button(view, area, choice);
    }
    bars::bottom(view, page);
}
