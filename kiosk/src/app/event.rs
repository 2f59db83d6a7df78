//! What comes in and what goes out.

use std::time::Duration;

use chrono::{NaiveDate, NaiveDateTime};
use directory::code::Code;
use directory::need::Need;
use directory::phone::Phone;
use printer::slip_language::SlipLanguage;

use crate::page::{Grid, Key};

/// A moment: on the machine's own clock, which never jumps, and on the wall.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KioskMoment {
    /// Since the kiosk started.
    pub at: Duration,
    /// Local time.
    pub local: NaiveDateTime,
}

/// Something happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A key, or a touch that stands for one.
    Key(Key),
    /// Time went by.
    Tick,
    /// The screen has other cells.
    Resize(Grid),
    /// The directory answers.
    Found {
        /// To which question.
        asked: u64,
        /// What.
        answer: DirectoryAnswer,
    },
    /// A slip is on the paper, or is not.
    Paper {
        /// Which one.
        printed: u64,
        /// What became of it.
        paper: SlipResult,
    },
    /// A call is asked for, or is not.
    Called {
        /// Which one.
        called: u64,
        /// Somebody will call.
        is_noted: bool,
    },
    /// The directory is open, or was looked at again.
    Directory(DirectoryStatus),
    /// The handset was lifted, or hung up.
    Handset {
        /// Lifted.
        lifted: bool,
    },
    /// The languages that can be spoken from now on; none when there is no voice.
    Voice(Vec<SlipLanguage>),
    /// The voice reads.
    Reading {
        /// What it was asked to.
        said: u64,
        /// Where it is; nothing at its end.
        at: Option<ReadingPosition>,
    },
}

/// What is known of the directory as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DirectoryStatus {
    /// There are invented entries in it.
    pub is_demo: bool,
    /// A desk calls people back.
    pub calls_back: bool,
}

/// What is said by itself, before a page or without one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aside {
    /// A language's own name.
    Name(SlipLanguage),
    /// A digit that was typed.
    Digit(u8),
}

/// What is to be read aloud.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadAloud {
    /// Comes back with where the voice is.
    pub said: u64,
    /// First.
    pub aside: Option<Aside>,
    /// Then the page.
    pub page: bool,
    /// How loud.
    pub volume: Volume,
}

/// Where the voice is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadingPosition {
    /// The place of the part being read, where it is shown.
    pub part: Option<usize>,
}

/// How much of what is behind a door.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Behind {
    /// Its entries or, where they are many, the needs that they are there for.
    #[default]
    First,
    /// All its entries.
    Everything,
    /// Those that answer this need.
    Need(Need),
}

/// What the directory is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DirectoryQuery {
    /// What is behind a door, by its place among all doors.
    Door {
        /// Its place.
        door: usize,
        /// How much of it.
        part: Behind,
        /// Only what is open now.
        open_only: bool,
    },
    /// What takes place on a day.
    Day(NaiveDate),
    /// What is near and open.
    Near,
    /// All of one record.
    Card(Code),
}

/// What the directory answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DirectoryAnswer {
    /// Entries, in the order to show.
    List(Vec<Item>),
    /// Behind a door is much: the needs that it is there for, at most six.
    Needs(Vec<Need>),
    /// One record.
    Card(Box<Detail>),
    /// It cannot be asked.
    Trouble,
}

/// An entry of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its code.
    pub code: Code,
    /// Its name.
    pub name: String,
    /// What it is, where its name does not say it.
    pub what: Option<String>,
    /// Open or closed; when.
    pub status: String,
    /// Whom alone it is for, and how one gets in.
    pub restriction: Option<String>,
    /// How far, what it costs.
    pub practical: String,
    /// Its drawing.
    pub picture: Option<&'static str>,
    /// Minutes on foot, where it is near enough.
    pub minutes: Option<u16>,
}

/// All of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detail {
    /// What lists say of it.
    pub item: Item,
    /// One idea a line.
    pub lines: Vec<String>,
}

/// Whether there is a slip.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrintOutcome {
    /// On the paper.
    Printed,
    /// It waits for paper.
    NoPaper,
    /// The printer is away, or there is none.
    NoPrinter,
}

/// What became of a slip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlipResult {
    /// Whether it is there.
    pub outcome: PrintOutcome,
    /// Its number.
    pub ticket: Option<String>,
}

/// How loud the voice is: 6 decibels a step, 18 in all (EN 301 549, 8.2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Volume(u8);

impl Volume {
    /// Steps below the loudest.
    pub fn steps_below_loudest(self) -> u8 {
        Self::LOUDEST - self.0
    }

    const LOUDEST: u8 = 3;

    pub(super) fn louder(self) -> Self {
        Self((self.0 + 1).min(Self::LOUDEST))
    }

    pub(super) fn softer(self) -> Self {
        Self(self.0.saturating_sub(1))
    }

    /// After the loudest comes the softest.
    pub(super) fn next(self) -> Self {
        Self((self.0 + 1) % (Self::LOUDEST + 1))
    }
}

impl Default for Volume {
    fn default() -> Self {
        Self(Self::LOUDEST - 1)
    }
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Ask the directory.
    Ask {
        /// Comes back with the answer.
        asked: u64,
        /// For what.
        query: DirectoryQuery,
        /// In which language.
        language: SlipLanguage,
    },
    /// Print a slip.
    Print {
        /// Comes back with what became of it.
        printed: u64,
        /// Its records.
        codes: Vec<Code>,
        /// Its languages.
        languages: Vec<SlipLanguage>,
        /// In large letters.
        large: bool,
    },
    /// Read aloud, once what is read is shown.
    Say(ReadAloud),
    /// Stop reading.
    Hush,
    /// Somebody needs a person.
    Ring,
    /// Somebody wants to be called.
    Call {
        /// Comes back with whether it is noted.
        called: u64,
        /// Where.
        number: Phone,
        /// In which language.
        language: SlipLanguage,
        /// The place of the door that they opened last.
        door: Option<usize>,
    },
    /// Somebody did not find this: the place of a door.
    Unmet(usize),
    /// Somebody says that this is wrong.
    Doubt(Code),
    /// Forget everything: what was drawn, too.
    Erase,
}
