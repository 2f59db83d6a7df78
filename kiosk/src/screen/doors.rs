//! The doors as pictures: what somebody looks for, or did not find.

use super::Say;
use super::bars::{self, Bottom};
use crate::app::DOORS;
use crate::page::{Key, Kind, Page};

/// What are you looking for?
pub(super) fn doors(say: &Say<'_>, page: &mut Page) {
    page.name = "doors";
    let pages = say.app.pages_of_doors();
    let mut note = vec![say.app.place.name.clone()];
    note.extend(say.pages(say.app.visit.page, pages));
    let near = (format!("7 {}", say.say("near")), Key::Digit(7), false);
    let extra = if say.app.layout().tiles.0 > 2 { Some(near) } else { None };
    bars::top(say, page, say.say("what"), note, extra);
    tiles(say, page);
    bars::bottom(say, page, Bottom { to_languages: true, more: true, ..Bottom::default() });
}

/// What is missing?
pub(super) fn lacks(say: &Say<'_>, page: &mut Page) {
    page.name = "lacks";
    bars::top(say, page, say.say("what-lacks"), say.pages(say.app.visit.page, say.app.pages_of_doors()).into_iter().collect(), None);
    tiles(say, page);
    bars::bottom(say, page, Bottom { more: true, ..Bottom::default() });
}

/// The digits of a door are the same on every channel: where fewer tiles fit, its page is turned twice.
fn tiles(say: &Say<'_>, page: &mut Page) {
    let layout = say.app.layout();
    let (wide, high) = layout.tiles;
    let places = layout.places(layout.body(), wide, high);
    let turns = say.app.pages_of_doors() / 2;
    let (door_page, turn) = (say.app.visit.page / turns + 1, say.app.visit.page % turns);
    let first = turn * places.len();
    let doors = say.app.place.doors.iter().filter(|door| usize::from(door.page) == door_page && door.key <= DOORS);
    for (door, area) in doors.skip(first).zip(places) {
        let tile = Kind::Tile { hue: door.key, picture: door.picture, label: door.label(say.tongue).to_owned() };
        page.touch(area, tile, Key::Digit(door.key));
    }
}
