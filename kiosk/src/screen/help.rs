//! A person helps: here, or by telephone.

use super::View;
use super::bars;
use crate::app::{KeyAction, KeyChoice};
use crate::layout::Layout;
use crate::page::{Area, PartKind, ScreenPage};

/// Who helps, and how to reach them.
pub(super) fn help(view: &View<'_>, page: &mut ScreenPage) {
    page.name = "help";
    let layout = view.app.layout();
    bars::top(view, page, view.say("person"), vec![view.say("person-where")], None);
    let body = layout.body();
    let (tiles, below) = Layout::split(body, body.height - if layout.cards > 1 { 4 } else { 3 });
    let drawn = |choice: &KeyChoice| match choice.action {
        KeyAction::Ring => (1, "keys/person"),
        KeyAction::AskNumber => (3, "keys/call"),
        _ => (5, "keys/search"),
    };
    let is_here = |action| matches!(action, KeyAction::Ring | KeyAction::AskNumber | KeyAction::AskLack);
    let choices: Vec<&KeyChoice> = view.choices(is_here).collect();
    let places = layout.places(tiles, u16::try_from(choices.len()).unwrap_or(3), 1);
    for (choice, area) in choices.into_iter().zip(places) {
        let (hue, picture) = drawn(choice);
        page.tile(view, area, choice, hue, Some(picture));
    }
    if let Some((name, phone)) = &view.app.place.desk {
        let (line, number) = Layout::split(below, below.height / 3);
        let line = Area { x: 1, width: line.width.saturating_sub(2), ..line };
        page.part(line, PartKind::Note(view.with("call-desk", "name", name)));
        page.part(number, PartKind::Large(phone.clone()));
    }
    bars::bottom(view, page);
}
