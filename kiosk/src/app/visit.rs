//! All that belongs to one visitor.

use directory::code::Code;
use directory::danger::DangerKind;
use directory::need::Need;
use printer::slip_language::SlipLanguage;
use zeroize::Zeroize;

use super::event::{Behind, Detail, DirectoryAnswer, Item, SlipResult, Volume};
use super::number::Number;
use super::remark::Remark;
use crate::page::Look;

/// Addresses on a ticket, at most. In large letters they are printed on two slips.
const MAX_ON_TICKET: usize = 5;

/// Screens remembered for "back".
const MAX_DEPTH: usize = 12;

/// A screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Screen {
    /// Waits for a visitor.
    #[default]
    Attract,
    /// Which language.
    Language,
    /// The doors.
    Doors,
    /// What the entries behind one are there for, where they are many.
    Needs,
    /// What is behind one.
    Results,
    /// What is near.
    Near,
    /// What takes place on a day.
    Agenda,
    /// One record.
    Card,
    /// What will be printed.
    Ticket,
    /// It is being printed.
    Printing,
    /// What became of it.
    Printed,
    /// A person.
    Help,
    /// The number to call.
    CallBack,
    /// Whether it is right.
    CallCheck,
    /// What somebody did not find.
    Lacks,
    /// Emergency numbers, and which kind of danger.
    Danger,
    /// Emergency numbers, and help-lines for that kind.
    DangerLines,
}

/// A list.
#[derive(Debug, Clone, Default)]
pub struct List {
    /// Where it is shown.
    pub screen: Screen,
    /// Nothing until the directory has answered.
    pub items: Option<Vec<Item>>,
    /// The page shown.
    pub page: usize,
    /// The directory could not be asked.
    pub failed: bool,
}

impl List {
    /// Overwrites its entries.
    pub(super) fn wipe(&mut self) {
        self.items.iter_mut().flatten().for_each(wipe_item);
        self.items = None;
    }

    /// Its pages, with so many entries on each.
    pub fn pages(&self, cards: usize) -> usize {
        self.items.as_ref().map_or(0, Vec::len).div_ceil(cards.max(1))
    }
}

/// What will be printed.
#[derive(Debug, Clone, Default)]
pub struct Basket {
    /// In the order in which it was chosen.
    pub items: Vec<Item>,
    /// In large letters.
    pub large: bool,
    /// In a second language, too.
    pub second: Option<SlipLanguage>,
}

impl Basket {
    /// True for what is on it.
    pub fn holds(&self, code: Code) -> bool {
        self.items.iter().any(|item| item.code == code)
    }

    /// Puts an entry on it, or takes it off; false where it is full.
    pub(super) fn toggle(&mut self, item: &Item) -> bool {
        if let Some(place) = self.items.iter().position(|known| known.code == item.code) {
            self.remove(place);
        } else if self.items.len() < MAX_ON_TICKET {
            self.items.push(item.clone());
        } else {
            return false;
        }
        true
    }

    pub(super) fn remove(&mut self, place: usize) {
        if place < self.items.len() {
            wipe_item(&mut self.items.remove(place));
        }
    }
}

/// A visit.
#[derive(Debug, Clone, Default)]
pub struct KioskVisit {
    /// The language.
    pub language: SlipLanguage,
    /// How they want it.
    pub look: Look,
    screens: Vec<Screen>,
    /// The page of doors shown.
    pub page: usize,
    /// The door opened, by its place.
    pub door: Option<usize>,
    /// The needs that the door offers, where it offers them.
    pub needs: Vec<Need>,
    /// The page of them shown.
    pub needs_page: usize,
    /// How much of what is behind the door is listed.
    pub part: Behind,
    /// Only what is open.
    pub open_only: bool,
    /// The day of the agenda, from today.
    pub day: u8,
    /// The list shown.
    pub list: List,
    /// The record shown.
    pub card: Option<Box<Detail>>,
    /// The page of its lines shown.
    pub card_page: usize,
    /// The kind of danger chosen.
    pub danger: Option<DangerKind>,
    /// The page of kinds shown.
    pub danger_page: usize,
    /// What will be printed.
    pub basket: Basket,
    /// The page of the ticket shown.
    pub ticket_page: usize,
    /// What became of it.
    pub paper: Option<SlipResult>,
    /// The number to call.
    pub number: Number,
    /// The call that was asked for and is not noted yet.
    pub(super) awaited_call: Option<u64>,
    /// A word on what was just done.
    pub remark: Option<Remark>,
    /// Everything is read aloud, as for somebody who does not see.
    pub speech: bool,
    /// Something was read aloud.
    pub listened: bool,
    /// How loud.
    pub volume: Volume,
    /// The slip that is awaited.
    pub(super) awaited: Option<u64>,
    /// Stars pressed on the greeting.
    pub(super) stars: u8,
}

impl KioskVisit {
    /// A visit that begins in that language, or in French.
    pub(super) fn in_language(language: Option<SlipLanguage>) -> Self {
        Self { language: language.unwrap_or_default(), ..Self::default() }
    }

    /// The screen shown.
    pub fn screen(&self) -> Screen {
        self.screens.last().copied().unwrap_or(Screen::Attract)
    }

    /// Shows another screen, to come back from.
    pub(super) fn open(&mut self, screen: Screen) {
        if self.screens.len() >= MAX_DEPTH {
            self.screens.remove(1);
        }
        self.screens.push(screen);
        if matches!(screen, Screen::Doors | Screen::Lacks) {
            self.page = 0;
        }
        if screen == Screen::Danger {
            self.danger = None;
            self.danger_page = 0;
        }
        if screen == Screen::Ticket {
            self.ticket_page = 0;
        }
    }

    /// Shows another screen in the place of this one.
    pub(super) fn replace(&mut self, screen: Screen) {
        self.screens.pop();
        self.screens.push(screen);
    }

    /// What became of the slip that was awaited: shown now, or when whoever asks for help meanwhile comes back.
    pub(super) fn take_paper(&mut self, paper: SlipResult) {
        self.awaited = None;
        self.paper = Some(paper);
        match self.screens.iter_mut().find(|screen| **screen == Screen::Printing) {
            Some(screen) => *screen = Screen::Printed,
            None => self.open(Screen::Printed),
        }
    }

    /// The screen before. A list that was left for another one is asked for again from the doors.
    pub(super) fn back(&mut self) {
        if self.screens.len() > 1 {
            self.screens.pop();
        }
        while self.screens.len() > 1 && matches!(self.screen(), Screen::Results | Screen::Near | Screen::Agenda) && self.screen() != self.list.screen {
            self.screens.pop();
        }
        if self.screen() == Screen::Card && self.card.is_none() {
            self.screens.pop();
        }
    }

    /// Keeps an answer of the directory.
    pub(super) fn take(&mut self, answer: DirectoryAnswer) {
        match (answer, self.screen()) {
            (DirectoryAnswer::List(items), _) => {
                self.list.wipe();
                self.list.items = Some(items);
            }
            (DirectoryAnswer::Needs(needs), _) => {
                self.needs = needs;
                self.needs_page = 0;
                // Whoever asks for help meanwhile finds them when they come back.
                if let Some(screen) = self.screens.iter_mut().rev().find(|screen| **screen == Screen::Results) {
                    *screen = Screen::Needs;
                }
            }
            (DirectoryAnswer::Card(card), _) => {
                self.wipe_card();
                self.card_page = 0;
                self.card = Some(card);
            }
            (DirectoryAnswer::Trouble, Screen::Card) => {
                self.back();
                self.remark = Some(Remark::Trouble);
            }
            (DirectoryAnswer::Trouble, _) => self.list.failed = true,
        }
    }

    /// After the screen has changed its size.
    pub(super) fn keep_in_bounds(&mut self, cards: usize) {
        self.page = 0;
        self.needs_page = 0;
        self.card_page = 0;
        self.danger_page = 0;
        self.list.page = self.list.page.min(self.list.pages(cards).saturating_sub(1));
        self.ticket_page = self.ticket_page.min(self.basket.items.len().div_ceil(cards.max(1)).saturating_sub(1));
    }

    /// Overwrites what was looked for, so that no memory holds it.
    pub(super) fn wipe(&mut self) {
        self.list.wipe();
        self.basket.items.iter_mut().for_each(wipe_item);
        self.wipe_card();
        self.number = Number::default();
        if let Some(ticket) = self.paper.as_mut().and_then(|paper| paper.ticket.as_mut()) {
            ticket.zeroize();
        }
    }

    /// Overwrites the record shown.
    pub(super) fn wipe_card(&mut self) {
        if let Some(mut card) = self.card.take() {
            wipe_item(&mut card.item);
            card.lines.iter_mut().for_each(Zeroize::zeroize);
        }
    }
}

fn wipe_item(item: &mut Item) {
    item.name.zeroize();
    item.status.zeroize();
    item.practical.zeroize();
}
