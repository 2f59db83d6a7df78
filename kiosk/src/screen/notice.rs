//! Screens that say one thing.

use super::View;
use super::bars;
use crate::app::{KeyAction, PrintOutcome};
use crate::layout::Layout;
use crate::page::{Area, Key, PartKind, ScreenPage};

/// A box in the middle.
fn middle(page: &ScreenPage) -> Area {
    let x = page.grid.columns / 10;
    let y = page.grid.rows / 6;
    Area::new(x, y, page.grid.columns - 2 * x, page.grid.rows - 2 * y)
}

/// Is anybody there?
pub(super) fn still_there(view: &View<'_>, page: &mut ScreenPage, seconds: u16) {
    page.name = "still-there";
    let grid = page.grid;
    let x = if grid.columns >= 60 { 6 } else { 1 };
    let all = Area::new(x, grid.rows / 12, grid.columns - 2 * x, grid.rows - 2 * (grid.rows / 12));
    let (title, rest) = Layout::split(all, (grid.rows / 5).max(2));
    let (lines, rest) = Layout::split(rest, (grid.rows / 6).max(2));
    let (bar, rest) = Layout::split(rest, 1);
    let (_, buttons) = Layout::split(rest, 1);
    page.part(title, PartKind::Large(view.say("still-there")));
    page.part(lines, PartKind::Lines(vec![view.say("touch-to-stay"), view.with("erases-in", "seconds", &seconds.to_string())]));
    page.part(bar, PartKind::Countdown { left: seconds, of: view.app.whole_countdown().max(1) });
    let half = buttons.width / 2;
    let left = Area { width: half - 1, ..buttons };
    let right = Area { x: buttons.x + half + 1, ..left };
    for (area, action) in [(left, KeyAction::Stay), (right, KeyAction::Finish)] {
        if let Some(choice) = view.choice(action) {
            page.button(view, area, choice);
        }
    }
    // Anywhere else keeps it, too.
    page.touch(Area::new(0, 0, grid.columns, grid.rows), PartKind::Lines(Vec::new()), Key::Digit(1));
}

/// The screen is being cleaned.
pub(super) fn cleaning(view: &View<'_>, page: &mut ScreenPage, seconds: u16) {
    page.name = "cleaning";
    let (title, rest) = Layout::split(middle(page), page.grid.rows / 3);
    page.part(title, PartKind::Large(view.say("cleaning")));
    page.part(rest, PartKind::Lines(vec![view.with("cleaning-left", "seconds", &seconds.to_string())]));
}

/// A slip is on its way.
pub(super) fn printing(view: &View<'_>, page: &mut ScreenPage) {
    page.name = "printing";
    bars::top(view, page, view.say("your-ticket"), Vec::new(), None);
    page.part(middle_of_body(view), PartKind::Large(view.say("printing")));
    bars::bottom(view, page);
}

/// What became of it.
pub(super) fn printed(view: &View<'_>, page: &mut ScreenPage) {
    page.name = "printed";
    bars::top(view, page, view.say("your-ticket"), Vec::new(), None);
    let Some(paper) = &view.app.visit.paper else { return bars::bottom(view, page) };
    let (title, line) = match paper.outcome {
        PrintOutcome::Printed => ("printed", None),
        PrintOutcome::NoPaper => ("no-paper", Some("no-paper-wait")),
        PrintOutcome::NoPrinter => ("no-printer", Some("no-printer-person")),
    };
    let body = middle_of_body(view);
    let (upper, rest) = Layout::split(body, body.height / 2);
    page.part(upper, PartKind::Large(view.say(title)));
    let (line_area, number) = Layout::split(rest, if rest.height > 2 { 2 } else { 1 });
    if let Some(line) = line {
        page.part(line_area, PartKind::Note(view.say(line)));
    }
    if let Some(ticket) = &paper.ticket {
        page.part(number, PartKind::Large(view.with("its-number", "ticket", ticket)));
    }
    bars::bottom(view, page);
}

fn middle_of_body(view: &View<'_>) -> Area {
    let body = view.app.layout().body();
    Area { x: 2, y: body.y + 1, width: body.width.saturating_sub(4), height: body.height.saturating_sub(2) }
}
