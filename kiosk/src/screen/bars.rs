//! The bars at the top and at the bottom: the same keys in the same places on every screen.

use super::View;
use crate::app::{KeyAction, KeyChoice, VolumeStep};
use crate::page::{Area, PartKind, ScreenPage};
use crate::text::wrap;

/// Title, a second line of as many of these notes as find room, and the two buttons that change the look. `extra` is a
/// third button. A remark on what was just done takes the place of title and notes.
pub(super) fn top(view: &View<'_>, page: &mut ScreenPage, title: String, notes: Vec<String>, extra: Option<&KeyChoice>) {
    let layout = view.app.layout();
    // Whoever listens finds the volume where the page leaves room for it.
    let extra = extra.or_else(|| view.choice(KeyAction::Volume(VolumeStep::Round)));
    let [title_area, note_area] = layout.title(extra.is_some());
    if let Some(remark) = view.app.visit.remark {
        let area = Area { height: title_area.height + note_area.height, ..title_area };
        page.part(area, PartKind::Lines(vec![view.with(remark.phrase(), "number", "5")]));
    } else {
        let mut notes: Vec<String> = notes.into_iter().filter(|note| !note.is_empty()).collect();
        let fits = |text: &str, area: Area| !wrap(text, usize::from(area.width), usize::from(area.height)).1;
        while notes.len() > 1 && !fits(&notes.join(" · "), note_area) {
            notes.remove(0);
        }
        // A title that is long has all of it.
        if notes.is_empty() || !fits(&title, title_area) {
            let area = Area { height: title_area.height + note_area.height, ..title_area };
            page.part(area, PartKind::Title(title));
        } else {
            page.part(title_area, PartKind::Title(title));
            page.part(note_area, PartKind::Note(notes.join(" · ")));
        }
    }
    if let Some(choice) = extra {
        let label = view.label(choice);
        let label = choice.key.sign().map_or_else(|| label.clone(), |sign| format!("{sign} {label}"));
        page.labelled(layout.top(2), choice, label);
    }
    for (place, action) in [(1, KeyAction::Letters), (0, KeyAction::Contrast)] {
        if let Some(choice) = view.choice(action) {
            page.button(view, layout.top(place), choice);
        }
    }
}

/// The keys at the bottom, at most five: back, listen, what the page is for or more of it, a person, the end.
pub(super) fn bottom(view: &View<'_>, page: &mut ScreenPage) {
    let middle = view.choices(|action| matches!(action, KeyAction::ShowTicket | KeyAction::Print)).next();
    let all = [
        view.choice(KeyAction::Back),
        view.choice(KeyAction::ReadAloud),
        middle.or_else(|| view.choice(KeyAction::More)).or_else(|| view.choice(KeyAction::ShowEverything)),
        view.choice(KeyAction::Help),
        view.choice(KeyAction::Finish),
    ];
    let layout = view.app.layout();
    for (place, choice) in (0..).zip(all) {
        if let Some(choice) = choice {
            page.button(view, layout.bottom(place), choice);
        }
    }
}
