//! The kiosk's state and what changes it. Pure: a moment and an event come in, effects go out.
//!
//! Whatever a visitor does lives in one [`KioskVisit`], which is wiped when they go: by `9`, or after a minute and a half
//! without a touch (40 seconds where a number is typed or danger is shown).

mod act;
mod danger;
mod event;
mod idle;
mod keys;
mod limit;
mod number;
mod remark;
mod speech;
mod visit;

use std::time::Duration;

use directory::emergency::{EmergencyNumber, Whereabouts};
use directory::phone::Country;
use printer::slip_language::SlipLanguage;

pub use self::danger::{DANGERS, Danger, DangerTile};
pub use self::event::{
    Aside, Behind, Detail, DirectoryAnswer, DirectoryQuery, DirectoryStatus, Effect, Event, Item, KioskMoment, PrintOutcome, ReadAloud, ReadingPosition,
    SlipResult, Volume,
};
use self::idle::IdleTimeouts;
pub use self::idle::{CLEANING, COUNTDOWN, IDLE_TIMEOUT, IDLE_TIMEOUT_PRINTING, IDLE_TIMEOUT_PRIVATE};
pub use self::keys::{KeyAction, KeyChoice, KeyLabel, VolumeStep};
pub use self::limit::{CALLS, RINGS, SLIPS};
pub use self::number::Number;
pub use self::remark::Remark;
pub use self::visit::{Basket, KioskVisit, List, Screen};
use crate::layout::{LARGE, Layout};
use crate::page::{Grid, Look};

/// Days of the agenda.
pub const DAYS: u8 = 6;

/// Doors on a page of doors.
pub const DOORS: u8 = 6;

/// A door as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoorTile {
    /// Its identifier.
    pub id: String,
    /// 1 or 2.
    pub page: u8,
    /// 1 to 6.
    pub key: u8,
    /// Its drawing.
    pub picture: Option<&'static str>,
    /// Its name in each language.
    pub labels: Vec<(SlipLanguage, String)>,
    /// Behind it are things that happen.
    pub is_agenda: bool,
    /// Behind it is danger: emergency numbers come first.
    pub is_danger: bool,
}

impl DoorTile {
    /// Its name.
    pub fn label(&self, language: SlipLanguage) -> &str {
        self.labels.iter().find(|(known, _)| *known == language).or(self.labels.first()).map_or("", |(_, label)| label)
    }
}

/// What does not change while the kiosk runs.
#[derive(Debug, Clone, Default)]
pub struct KioskPlace {
    /// Its name.
    pub name: String,
    /// The languages offered, at most six.
    pub languages: Vec<SlipLanguage>,
    /// The doors.
    pub doors: Vec<DoorTile>,
    /// Who answers the telephone: name and number.
    pub desk: Option<(String, String)>,
    /// Emergency numbers and help-lines.
    pub emergency: Vec<EmergencyNumber>,
    /// Where the kiosk stands: which help-lines are for here.
    pub at: Whereabouts,
    /// There is a printer.
    pub prints: bool,
    /// How numbers are typed here.
    pub country: Country,
}

/// The kiosk.
#[derive(Debug, Clone)]
pub struct App {
    /// What does not change.
    pub place: KioskPlace,
    grid: Grid,
    /// This visitor's.
    pub visit: KioskVisit,
    idle: idle::Idle,
    /// Counts what was asked, so that a late answer is not shown to the next visitor.
    asked: u64,
    /// Counts slips, for the same reason.
    printed: u64,
    /// Counts calls asked for, for the same reason.
    called: u64,
    /// How often it rang, asked for calls and printed lately, whoever wanted it.
    limits: limit::Limits,
    directory: DirectoryStatus,
    voice: speech::VoiceState,
    /// The greeting shown on the attract screen.
    greeting: usize,
    /// Staff clean the screen until then.
    cleaning_until: Option<Duration>,
    /// The last moment known.
    now: KioskMoment,
}

impl App {
    /// A kiosk that waits for its first visitor.
    pub fn new(place: KioskPlace, grid: Grid, now: KioskMoment) -> Self {
        let visit = KioskVisit::in_language(place.languages.first().copied());
        Self {
            place,
            grid: at_least(grid),
            visit,
            idle: idle::Idle::default(),
            asked: 0,
            printed: 0,
            called: 0,
            limits: limit::Limits::default(),
            directory: DirectoryStatus::default(),
            voice: speech::VoiceState::default(),
            greeting: 0,
            cleaning_until: None,
            now,
        }
    }

    /// The layout in force.
    pub fn layout(&self) -> Layout {
        Layout::of(self.grid, self.visit.look.large)
    }

    /// How the visitor wants it.
    pub fn look(&self) -> Look {
        self.visit.look
    }

    /// There are invented entries in the directory.
    pub fn is_demo(&self) -> bool {
        self.directory.is_demo
    }

    /// Somebody calls people back.
    pub fn calls_back(&self) -> bool {
        self.directory.calls_back
    }

    /// The local time.
    pub fn local(&self) -> chrono::NaiveDateTime {
        self.now.local
    }

    /// The language in which the kiosk greets now.
    pub fn greeting(&self) -> SlipLanguage {
        let languages = &self.place.languages;
        languages.get(self.greeting % languages.len().max(1)).copied().unwrap_or(SlipLanguage::Fr)
    }

    /// Seconds left in which a touch keeps all, where that is asked.
    pub fn countdown(&self) -> Option<u16> {
        self.idle.countdown(self.now.at, self.timeouts())
    }

    /// Seconds in which that is asked, from the first to the last.
    pub fn whole_countdown(&self) -> u16 {
        u16::try_from(self.timeouts().countdown.as_secs()).unwrap_or(u16::MAX)
    }

    /// Seconds of cleaning left.
    pub fn cleaning(&self) -> Option<u16> {
        let left = self.cleaning_until?.checked_sub(self.now.at)?;
        u16::try_from(left.as_secs() + 1).ok()
    }

    /// When the kiosk next changes by itself.
    pub fn due(&self) -> Duration {
        if self.cleaning_until.is_some() {
            return self.now.at + Duration::from_secs(1);
        }
        if self.visit.screen() == Screen::Attract {
            return self.now.at + idle::GREETING;
        }
        self.idle.due(self.now.at, self.timeouts())
    }

    fn timeouts(&self) -> IdleTimeouts {
        match self.visit.screen() {
            Screen::Printing => IdleTimeouts { idle: IDLE_TIMEOUT_PRINTING, countdown: COUNTDOWN },
            Screen::CallBack | Screen::CallCheck | Screen::Danger | Screen::DangerLines => {
                IdleTimeouts { idle: IDLE_TIMEOUT_PRIVATE, countdown: IDLE_TIMEOUT_PRIVATE }
            }
            _ => IdleTimeouts { idle: IDLE_TIMEOUT, countdown: COUNTDOWN },
        }
    }

    /// Takes an event; what is to be done now.
    pub fn update(&mut self, event: Event, now: KioskMoment) -> Vec<Effect> {
        self.now = now;
        match event {
            Event::Key(key) => self.key(key),
            Event::Tick => self.tick(),
            Event::Resize(grid) => {
                self.grid = at_least(grid);
                self.visit.keep_in_bounds(self.layout().cards);
                Vec::new()
            }
            Event::Found { asked, answer } if asked == self.asked => {
                self.visit.take(answer);
                self.aloud()
            }
            Event::Paper { printed, paper } if self.visit.awaited == Some(printed) => {
                self.visit.take_paper(paper);
                self.idle.touched(now.at);
                self.aloud()
            }
            Event::Called { called, is_noted } if self.visit.awaited_call == Some(called) => {
                self.visit.awaited_call = None;
                self.visit.remark = Some(if is_noted { Remark::CallNoted } else { Remark::CallFailed });
                self.idle.touched(now.at);
                self.aloud()
            }
            // What was asked for by somebody who has gone.
            Event::Found { .. } | Event::Paper { .. } | Event::Called { .. } => Vec::new(),
            Event::Directory(directory) => {
                self.directory = directory;
                Vec::new()
            }
            Event::Handset { lifted } => self.handset(lifted),
            Event::Voice(languages) => {
                self.voice.languages = languages;
                Vec::new()
            }
            Event::Reading { said, at } => {
                self.read(said, at);
                Vec::new()
            }
        }
    }

    fn tick(&mut self) -> Vec<Effect> {
        if self.cleaning_until.is_some_and(|until| until <= self.now.at) {
            self.cleaning_until = None;
        }
        if self.visit.screen() == Screen::Attract {
            self.greeting = self.greeting.wrapping_add(1);
            return Vec::new();
        }
        let asked_before = self.idle.is_asking();
        if self.idle.is_over(self.now.at, self.timeouts()) {
            return self.erase();
        }
        if self.idle.is_asking() && !asked_before { self.aloud() } else { Vec::new() }
    }

    /// Nothing of the visitor stays.
    fn erase(&mut self) -> Vec<Effect> {
        self.visit.wipe();
        self.visit = KioskVisit::in_language(self.place.languages.first().copied());
        self.idle = idle::Idle::default();
        self.asked += 1;
        self.voice.hushed();
        vec![Effect::Hush, Effect::Erase]
    }
}

/// On a smaller screen the rest is not seen: such a screen is no kiosk's.
fn at_least(grid: Grid) -> Grid {
    Grid { columns: grid.columns.max(LARGE.columns), rows: grid.rows.max(LARGE.rows) }
}

#[cfg(test)]
mod tests;
