//! The doors as pictures: what somebody looks for, or did not find.

use super::View;
use super::bars::{self, Bottom};
use crate::app::DOORS;
use crate::page::{Area, Key, PartKind, ScreenPage};

/// What are you looking for?
pub(super) fn doors(say: &View<'_>, page: &mut ScreenPage) {
    page.name = "doors";
    let pages = say.app.pages_of_doors();
    let mut note = vec![say.app.place.name.clone()];
    note.extend(say.pages(say.app.visit.page, pages));
    let near = (format!("7 {}", say.say("near")), Key::Digit(7), false);
    let has_room = say.app.layout().tiles.0 > 2;
    bars::top(say, page, say.say("what"), note, has_room.then_some(near));
    let left = tiles(say, page);
    // In large letters it stands beside the last doors of a page.
    if let Some(area) = left.filter(|_| !has_room) {
        page.touch(area, PartKind::Tile { hue: 3, picture: Some("keys/near"), label: say.say("near") }, Key::Digit(7));
    }
    bars::bottom(say, page, Bottom { to_languages: true, more: true, ..Bottom::default() });
}

/// What is missing?
pub(super) fn lacks(say: &View<'_>, page: &mut ScreenPage) {
    page.name = "lacks";
    bars::top(say, page, say.say("what-lacks"), say.pages(say.app.visit.page, say.app.pages_of_doors()).into_iter().collect(), None);
    let _left = tiles(say, page);
    bars::bottom(say, page, Bottom { more: true, ..Bottom::default() });
}

/// The digits of a door are the same on every channel: where fewer tiles fit, its page is turned twice. A place that is
/// left.
fn tiles(say: &View<'_>, page: &mut ScreenPage) -> Option<Area> {
    let layout = say.app.layout();
    let (wide, high) = layout.tiles;
    let places = layout.places(layout.body(), wide, high);
    let turns = say.app.pages_of_doors() / 2;
    let (door_page, turn) = (say.app.visit.page / turns + 1, say.app.visit.page % turns);
    let first = turn * places.len();
    let doors = say.app.place.doors.iter().filter(|door| usize::from(door.page) == door_page && door.key <= DOORS);
    let mut places = places.into_iter();
    for (door, area) in doors.skip(first).zip(&mut places) {
        let tile = PartKind::Tile { hue: door.key, picture: door.picture, label: door.label(say.language).to_owned() };
        page.touch(area, tile, Key::Digit(door.key));
    }
    places.next()
}
