//! The directory and the printer, behind a thread of their own: the screen never waits for them.

mod ask;
mod print;
pub mod seal;
mod work;

use directory::need::Need;
use directory::record::Kind;
use directory::theme::Theme;
use directory::vocabulary::Vocabulary;
use printer::pictogram::Pictogram;
use printer::slip_language::SlipLanguage;

pub use self::work::{DataWorker, DataWorkerError, SharedWords, open};
use crate::app::DoorTile;
use crate::phrases::KioskPhrases;

/// The doors with their names in every language.
pub fn doors(vocabulary: &Vocabulary, phrases: &KioskPhrases) -> Vec<DoorTile> {
    let label = |language: SlipLanguage, door: &directory::theme::Door| {
        let own = || door.label.best(language.record_language()).unwrap_or(&door.id).to_owned();
        if language == SlipLanguage::Ar { phrases.slips().door(language, &door.id).unwrap_or_else(own) } else { own() }
    };
    vocabulary
        .doors()
        .iter()
        .map(|door| DoorTile {
            id: door.id.clone(),
            page: door.page,
            key: door.key,
            picture: Pictogram::door(&door.id).map(Pictogram::name),
            labels: SlipLanguage::ALL.into_iter().map(|language| (language, label(language, door))).collect(),
            is_agenda: vocabulary.door(door.page, door.key).is_some_and(|wanted| wanted.kinds == [Kind::Event]),
            is_danger: door.themes.contains(&Theme::Safety),
        })
        .collect()
}

/// The drawing of a need; its theme's where it has none of its own.
pub fn drawing_of(need: Need) -> Option<&'static str> {
    Pictogram::of_need(need).map(Pictogram::name)
}

/// The drawing of a theme, by the theme's identifier.
pub fn drawing(theme: &str) -> Option<&'static str> {
    Theme::ALL.iter().find(|known| known.id() == theme).and_then(|theme| Pictogram::of(*theme)).map(Pictogram::name)
}
