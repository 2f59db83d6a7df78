//! A person helps: here, or by telephone.

use super::View;
use super::bars::{self, Bottom};
use crate::layout::Layout;
use crate::page::{Key, PartKind, ScreenPage};

/// Who helps, and how to reach them.
pub(super) fn help(say: &View<'_>, page: &mut ScreenPage) {
    page.name = "help";
    let layout = say.app.layout();
    bars::top(say, page, say.say("person"), vec![say.say("person-where")], None);
    let body = layout.body();
    let (tiles, below) = Layout::split(body, body.height - if layout.cards > 1 { 4 } else { 3 });
    let call_back = say.app.calls_back().then_some((2, "call-me", 3, "keys/call"));
    let labels: Vec<_> = [Some((1, "person-here", 1, "keys/person")), call_back, Some((3, "not-found", 5, "keys/search"))].into_iter().flatten().collect();
    let places = layout.places(tiles, if call_back.is_some() { 3 } else { 2 }, 1);
    for ((key, label, hue, picture), area) in labels.into_iter().zip(places) {
        page.touch(area, PartKind::Tile { hue, picture: Some(picture), label: say.say(label) }, Key::Digit(key));
    }
    if let Some((name, phone)) = &say.app.place.desk {
        let (line, number) = Layout::split(below, below.height / 3);
        let line = crate::page::Area { x: 1, width: line.width.saturating_sub(2), ..line };
        page.part(line, PartKind::Note(say.with("call-desk", "name", name)));
        page.part(number, PartKind::Large(phone.clone()));
    }
    bars::bottom(say, page, Bottom { is_help: true, ..Bottom::default() });
}
