//! The greeting, and the choice of a language.

use super::View;
use super::bars::{self, Bottom};
use crate::layout::Layout;
use crate::page::{Key, PartKind, ScreenPage};

/// Greets in one language after the other. Any touch begins.
pub(super) fn attract(say: &View<'_>, page: &mut ScreenPage) {
    page.name = "attract";
    let grid = page.grid;
    let all = crate::page::Area::new(0, 0, grid.columns, grid.rows);
    let (upper, rest) = Layout::split(all, grid.rows / 2);
    let (_, upper) = Layout::split(upper, grid.rows / 6);
    let (touch, rest) = Layout::split(rest, grid.rows / 6);
    page.part(upper, PartKind::Large(say.say("hello")));
    page.part(touch, PartKind::Large(say.say("touch")));
    let (_, last) = Layout::split(rest, rest.height.saturating_sub(3));
    let mut lines = vec![say.app.place.name.clone()];
    if say.app.is_demo() {
        lines.push(say.say("demo"));
    }
    page.part(last, PartKind::Lines(lines));
    // All of the screen is one target.
    page.touch(all, PartKind::Lines(Vec::new()), Key::Digit(1));
}

/// Six languages, each in its own letters.
pub(super) fn language(say: &View<'_>, page: &mut ScreenPage) {
    page.name = "language";
    let others = say.app.place.languages.iter().filter(|language| **language != say.language).take(2);
    let notes = others.map(|language| say.phrases.say(*language, "choose-language")).collect();
    bars::top(say, page, say.say("choose-language"), notes, None);
    let layout = say.app.layout();
    let places = layout.places(layout.body(), 3, 2);
    for ((number, language), area) in (1_u8..).zip(&say.app.place.languages).zip(places) {
        let label = say.phrases.say(*language, "name");
        page.touch(area, PartKind::Tile { hue: number, picture: None, label }, Key::Digit(number));
        if let Some(tile) = page.parts.last_mut() {
            tile.language = Some(*language);
        }
    }
    bars::bottom(say, page, Bottom { is_first: true, ..Bottom::default() });
}
