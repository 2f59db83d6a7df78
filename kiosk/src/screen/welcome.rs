//! The greeting, and the choice of a language.

use super::View;
use super::bars;
use crate::app::KeyAction;
use crate::layout::Layout;
use crate::page::{Key, PartKind, ScreenPage};

/// Greets in one language after the other. Any touch begins.
pub(super) fn attract(view: &View<'_>, page: &mut ScreenPage) {
    page.name = "attract";
    let grid = page.grid;
    let all = crate::page::Area::new(0, 0, grid.columns, grid.rows);
    let (upper, rest) = Layout::split(all, grid.rows / 2);
    let (_, upper) = Layout::split(upper, grid.rows / 6);
    let (touch, rest) = Layout::split(rest, grid.rows / 6);
    page.part(upper, PartKind::Large(view.say("hello")));
    page.part(touch, PartKind::Large(view.say("touch")));
    let (_, last) = Layout::split(rest, rest.height.saturating_sub(3));
    let mut lines = vec![view.app.place.name.clone()];
    if view.app.is_demo() {
        lines.push(view.say("demo"));
    }
    page.part(last, PartKind::Lines(lines));
    // All of the screen is one target.
    page.touch(all, PartKind::Lines(Vec::new()), Key::Digit(1));
}

/// Six languages, each in its own letters.
pub(super) fn language(view: &View<'_>, page: &mut ScreenPage) {
    page.name = "language";
    let others = view.app.place.languages.iter().filter(|language| **language != view.language).take(2);
    let notes = others.map(|language| view.phrases.say(*language, "choose-language")).collect();
    bars::top(view, page, view.say("choose-language"), notes, None);
    let layout = view.app.layout();
    let places = layout.places(layout.body(), 3, 2);
    let languages = view.choices(|action| matches!(action, KeyAction::ChooseLanguage(_)));
    for ((hue, choice), area) in (1..).zip(languages).zip(places) {
        page.tile(view, area, choice, hue, None);
    }
    bars::bottom(view, page);
}
