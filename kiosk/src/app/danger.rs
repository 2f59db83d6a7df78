//! The kinds of danger that are chosen by picture, and whom to call for each. Pure.

use directory::danger::DangerKind;
use directory::emergency::{self, EmergencyNumber, Serves};

use super::App;

/// A kind of danger as it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DangerTile {
    /// Which.
    pub kind: DangerKind,
    /// Its name, by its identifier in `config/phrases/kiosk`.
    pub phrase: &'static str,
    /// Its drawing.
    pub picture: &'static str,
}

impl DangerTile {
    const fn new(kind: DangerKind, phrase: &'static str, picture: &'static str) -> Self {
        Self { kind, phrase, picture }
    }
}

/// The kinds that somebody can choose, by their digits from 1: those that help-lines of their own are there for, and that
/// a picture can say. All others are for 112 and the police, which are on every page.
pub const DANGERS: [DangerTile; 6] = [
    DangerTile::new(DangerKind::ViolenceHome, "danger-home", "danger/home"),
    DangerTile::new(DangerKind::ChildAbuse, "danger-child", "danger/child"),
    DangerTile::new(DangerKind::SexualViolence, "danger-sexual", "danger/sexual"),
    DangerTile::new(DangerKind::Suicide, "danger-despair", "danger/despair"),
    DangerTile::new(DangerKind::Poisoning, "danger-poison", "danger/poison"),
    DangerTile::new(DangerKind::Cold, "danger-cold", "danger/cold"),
];

/// The numbers to call in danger, as they are shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Danger<'a> {
    /// Of everybody: always there, in large.
    pub first: Vec<&'a EmergencyNumber>,
    /// Help-lines for the kind that was chosen, those in the visitor's language first; none as long as none is chosen.
    pub lines: Vec<&'a EmergencyNumber>,
}

impl App {
    /// The numbers to call in danger, in the order for this visitor.
    pub fn danger(&self) -> Danger<'_> {
        let serving = self.visit.danger.map(emergency::serving);
        let wanted = serving.map(|(serves, _)| serves);
        let mut first = emergency::first(&self.place.emergency, self.place.at, wanted, self.visit.language.code());
        let general = first.iter().take(2).take_while(|number| number.is_general()).count();
        let mut lines = first.split_off(general);
        // What stands in only where nothing is for it: whoever cannot read finds one number sooner than ten.
        let is_there = |serves: &Serves| lines.iter().any(|number| number.serves.contains(serves));
        let shown = serving.and_then(|(serves, beside)| Some(serves).filter(is_there).or(beside));
        lines.retain(|number| shown.is_some_and(|serves| number.serves.contains(&serves)));
        Danger { first, lines }
    }

    /// Where fewer tiles fit, the kinds of danger take more than one page.
    pub fn pages_of_dangers(&self) -> usize {
        DANGERS.len().div_ceil(self.tiles_shown())
    }
}
