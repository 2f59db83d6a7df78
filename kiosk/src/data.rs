//! The directory and the printer, behind a thread of their own: the screen never waits for them.

mod ask;
mod print;
pub mod seal;
mod work;

use directory::theme::Theme;
use directory::vocabulary::Vocabulary;
use printer::pictogram::Pictogram;
use printer::tongue::Tongue;

pub use self::work::{Office, OfficeError, Told, Words, open};
use crate::app::Door;
use crate::phrases::Phrases;

/// The doors with their names in every language.
pub fn doors(vocabulary: &Vocabulary, phrases: &Phrases) -> Vec<Door> {
    let label = |tongue: Tongue, door: &directory::theme::Door| {
        let own = || door.label.best(tongue.language()).unwrap_or(&door.id).to_owned();
        if tongue == Tongue::Ar { phrases.slips().door(tongue, &door.id).unwrap_or_else(own) } else { own() }
    };
    vocabulary
        .doors()
        .iter()
        .map(|door| Door {
            id: door.id.clone(),
            page: door.page,
            key: door.key,
            picture: Pictogram::door(&door.id).map(Pictogram::name),
            labels: Tongue::ALL.into_iter().map(|tongue| (tongue, label(tongue, door))).collect(),
            is_agenda: door.id == "out",
            is_danger: door.id == "safety",
        })
        .collect()
}

/// The drawing of a theme, by the theme's identifier.
pub fn drawing(theme: &str) -> Option<&'static str> {
    Theme::ALL.iter().find(|known| known.id() == theme).and_then(|theme| Pictogram::of(*theme)).map(Pictogram::name)
}
