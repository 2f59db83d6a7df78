//! The bars at the top and at the bottom: the same keys in the same places on every screen.

use super::View;
use crate::page::{Area, Key, PartKind, Role, ScreenPage};
use crate::text::wrap;

/// What the bar at the bottom offers.
#[expect(clippy::struct_excessive_bools, reason = "five keys, each there or not")]
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Bottom {
    /// `*` goes back to the languages.
    pub(super) to_languages: bool,
    /// There is more behind `8`.
    pub(super) more: bool,
    /// `7` prints: it takes the place of `8`, unless there is more.
    pub(super) prints: bool,
    /// `0` is what is shown.
    pub(super) is_help: bool,
    /// Nothing can be read before a language is chosen.
    pub(super) is_first: bool,
}

/// Title, a second line of as many of these notes as find room, and the two buttons that change the look. `extra` is
/// a third button. A remark on what was just done takes their place.
pub(super) fn top(say: &View<'_>, page: &mut ScreenPage, title: String, notes: Vec<String>, extra: Option<(String, Key, bool)>) {
    let layout = say.app.layout();
    // Whoever listens finds the volume where the page leaves room for it.
    let volume = (say.app.visit.listened && say.app.speaks()).then(|| (say.say("volume"), Key::Volume, false));
    let extra = extra.or(volume);
    let [title_area, note_area] = layout.title(extra.is_some());
    if let Some(remark) = say.app.visit.remark {
        let area = Area { height: title_area.height + note_area.height, ..title_area };
        page.part(area, PartKind::Lines(vec![say.with(remark, "number", "5")]));
    } else {
        let mut notes: Vec<String> = notes.into_iter().filter(|note| !note.is_empty()).collect();
        let fits = |text: &str, area: Area| !wrap(text, usize::from(area.width), usize::from(area.height)).1;
        while notes.len() > 1 && !fits(&notes.join(" · "), note_area) {
            notes.remove(0);
        }
        // A title that is long has all of it.
        if notes.is_empty() || !fits(&title, title_area) {
            page.part(Area { height: title_area.height + note_area.height, ..title_area }, PartKind::Title(title));
        } else {
            page.part(title_area, PartKind::Title(title));
            page.part(note_area, PartKind::Note(notes.join(" · ")));
        }
    }
    if let Some((label, key, chosen)) = extra {
        page.choice(layout.top(2), label, key, chosen);
    }
    let look = say.app.look();
    page.choice(layout.top(1), say.say("letters"), Key::Large, look.large);
    page.choice(layout.top(0), say.say("contrast"), Key::Contrast, look.high_contrast);
}

/// The two ways out where all keys of the number pad are something else.
pub(super) fn leave(say: &View<'_>, page: &mut ScreenPage) {
    let layout = say.app.layout();
    page.touch(layout.bottom(0), PartKind::Button { label: say.say("back"), role: Role::Plain }, Key::Leave);
    page.touch(layout.bottom(4), PartKind::Button { label: say.say("done"), role: Role::Stop }, Key::Done);
}

/// The five keys at the bottom.
pub(super) fn bottom(say: &View<'_>, page: &mut ScreenPage, bottom: Bottom) {
    let layout = say.app.layout();
    let mut button = |place: u16, label: &str, role: Role, key: Key| page.touch(layout.bottom(place), PartKind::Button { label: say.say(label), role }, key);
    if !bottom.is_first {
        button(0, if bottom.to_languages { "language" } else { "back" }, Role::Plain, Key::Star);
    }
    if say.app.speaks() {
        let label = if say.app.is_reading() && !say.app.visit.speech { "silence" } else { "listen" };
        button(1, label, Role::Plain, Key::Hash);
    }
    if bottom.prints {
        button(2, "print", Role::Primary, Key::Digit(7));
    } else if bottom.more {
        button(2, "more", Role::Plain, Key::Digit(8));
    }
    if !bottom.is_help {
        button(3, "help", Role::Plain, Key::Digit(0));
    }
    button(4, "done", Role::Stop, Key::Digit(9));
}
