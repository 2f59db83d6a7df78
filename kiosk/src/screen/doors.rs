//! The doors as pictures: what somebody looks for, or did not find.

use super::View;
use super::bars;
use crate::app::KeyAction;
use crate::page::{Area, Key, PartKind, ScreenPage};

/// What are you looking for?
pub(super) fn doors(view: &View<'_>, page: &mut ScreenPage) {
    page.name = "doors";
    let pages = view.app.pages_of_doors();
    let mut note = vec![view.app.place.name.clone()];
    note.extend(view.pages(view.app.visit.page, pages));
    let near = view.choice(KeyAction::ShowNear);
    let has_room = view.app.layout().tiles.0 > 2;
    bars::top(view, page, view.say("what"), note, near.filter(|_| has_room));
    let left = tiles(view, page);
    // In large letters it stands beside the last doors of a page.
    if let Some((area, near)) = left.zip(near).filter(|_| !has_room) {
        page.tile(view, area, near, 3, Some("keys/near"));
    }
    bars::bottom(view, page);
}

/// What is missing?
pub(super) fn lacks(view: &View<'_>, page: &mut ScreenPage) {
    page.name = "lacks";
    let pages = view.pages(view.app.visit.page, view.app.pages_of_doors());
    bars::top(view, page, view.say("what-lacks"), pages.into_iter().collect(), None);
    let _left = tiles(view, page);
    bars::bottom(view, page);
}

/// Behind the door is much: what is it for?
pub(super) fn needs(view: &View<'_>, page: &mut ScreenPage) {
    page.name = "needs";
    let app = view.app;
    let door = app.visit.door.and_then(|door| app.place.doors.get(door));
    // Where letters are large or the screen is small, there is no room to ask.
    let mut notes: Vec<String> = Some(view.say("what")).filter(|_| app.layout().tiles.0 > 2).into_iter().collect();
    notes.extend(view.pages(app.visit.needs_page, app.pages_of_needs()));
    bars::top(view, page, door.map(|door| door.label(view.language).to_owned()).unwrap_or_default(), notes, None);
    let layout = app.layout();
    let (wide, high) = layout.tiles;
    let shown = view.choices(|action| matches!(action, KeyAction::ShowNeed(_)));
    for (choice, area) in shown.zip(layout.places(layout.body(), wide, high)) {
        let (KeyAction::ShowNeed(need), Key::Digit(digit)) = (choice.action, choice.key) else { continue };
        let label = view.need_within(need, area.width.saturating_sub(2), area.height.saturating_sub(2)).to_owned();
        page.touch(area, PartKind::Tile { hue: digit, picture: crate::data::drawing_of(need), label }, choice.key);
    }
    bars::bottom(view, page);
}

/// The digits of a door are the same on every channel: where fewer tiles fit, its page is turned twice. A place that is
/// left; `None` where tiles fill all.
fn tiles(view: &View<'_>, page: &mut ScreenPage) -> Option<Area> {
    let layout = view.app.layout();
    let (wide, high) = layout.tiles;
    let places = layout.places(layout.body(), wide, high);
    let turn = view.app.visit.page % (view.app.pages_of_doors() / 2);
    let doors = view.choices(|action| matches!(action, KeyAction::OpenDoor(_) | KeyAction::NoteLack(_)));
    let shown = doors.skip(turn * places.len());
    let mut places = places.into_iter();
    for (choice, area) in shown.zip(&mut places) {
        let (KeyAction::OpenDoor(place) | KeyAction::NoteLack(place)) = choice.action else { continue };
        let Some(door) = view.app.place.doors.get(place) else { continue };
        page.tile(view, area, choice, door.key, door.picture);
    }
    places.next()
}
