//! The kiosk's state and what changes it. Pure: a moment and an event come in, effects go out.
//!
//! Whatever a visitor does lives in one [`Visit`], which is wiped when they go: by `9`, or after a minute and a half
//! without a touch.

mod event;
mod idle;
mod visit;

use std::time::Duration;

use printer::tongue::Tongue;

pub use self::event::{Ask, Detail, Effect, Event, Found, Item, Moment, Outcome, Paper};
pub use self::idle::{CLEANING, COUNTDOWN, QUIET, QUIET_PRINTING};
pub use self::visit::{Basket, List, Screen, Visit};
use crate::layout::{LARGE, Layout};
use crate::page::{Grid, Key, Look};

/// Days of the agenda.
pub const DAYS: u8 = 6;

/// Doors on a page of doors.
pub const DOORS: u8 = 6;

/// A door as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Door {
    /// Its identifier.
    pub id: String,
    /// 1 or 2.
    pub page: u8,
    /// 1 to 6.
    pub key: u8,
    /// Its drawing.
    pub picture: Option<&'static str>,
    /// Its name in each language.
    pub labels: Vec<(Tongue, String)>,
    /// Behind it are things that happen.
    pub is_agenda: bool,
    /// Behind it is danger: emergency numbers come first.
    pub is_danger: bool,
    /// Its second line on a slip or in a queue would betray somebody.
    pub is_sensitive: bool,
}

impl Door {
    /// Its name.
    pub fn label(&self, tongue: Tongue) -> &str {
        self.labels.iter().find(|(known, _)| *known == tongue).or(self.labels.first()).map_or("", |(_, label)| label)
    }
}

/// What does not change while the kiosk runs.
#[derive(Debug, Clone, Default)]
pub struct Place {
    /// Its name.
    pub name: String,
    /// The languages offered, at most six.
    pub tongues: Vec<Tongue>,
    /// The doors.
    pub doors: Vec<Door>,
    /// Who answers the telephone: name and number.
    pub desk: Option<(String, String)>,
    /// Emergency numbers and whom they reach.
    pub emergency: Vec<(String, String)>,
    /// There is a printer.
    pub prints: bool,
    /// There is a voice.
    pub speaks: bool,
    /// All of it is invented.
    pub is_demo: bool,
}

/// The kiosk.
#[derive(Debug, Clone)]
pub struct App {
    /// What does not change.
    pub place: Place,
    grid: Grid,
    /// This visitor's.
    pub visit: Visit,
    idle: idle::Idle,
    /// Counts what was asked, so that a late answer is not shown to the next visitor.
    asked: u64,
    /// The greeting shown on the attract screen.
    greeting: usize,
    /// Staff clean the screen until then.
    cleaning_until: Option<Duration>,
    /// The last moment known.
    now: Moment,
}

impl App {
    /// A kiosk that waits for its first visitor.
    pub fn new(place: Place, grid: Grid, now: Moment) -> Self {
        let visit = Visit::in_tongue(place.tongues.first().copied());
        Self { place, grid: at_least(grid), visit, idle: idle::Idle::default(), asked: 0, greeting: 0, cleaning_until: None, now }
    }

    /// The layout in force.
    pub fn layout(&self) -> Layout {
        Layout::of(self.grid, self.visit.look.large)
    }

    /// How the visitor wants it.
    pub fn look(&self) -> Look {
        self.visit.look
    }

    /// The local time.
    pub fn local(&self) -> chrono::NaiveDateTime {
        self.now.local
    }

    /// The language in which the kiosk greets now.
    pub fn greeting(&self) -> Tongue {
        let tongues = &self.place.tongues;
        tongues.get(self.greeting % tongues.len().max(1)).copied().unwrap_or(Tongue::Fr)
    }

    /// Seconds left in which a touch keeps all, where that is asked.
    pub fn countdown(&self) -> Option<u16> {
        self.idle.countdown(self.now.at)
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
        self.idle.due(self.now.at, self.patience())
    }

    fn patience(&self) -> Duration {
        if self.visit.screen() == Screen::Printing { QUIET_PRINTING } else { QUIET }
    }

    /// Takes an event; what is to be done now.
    pub fn update(&mut self, event: Event, now: Moment) -> Vec<Effect> {
        self.now = now;
        match event {
            Event::Key(key) => self.press(key),
            Event::Tick => self.tick(),
            Event::Resize(grid) => {
                self.grid = at_least(grid);
                self.visit.keep_in_bounds(self.layout().cards);
                Vec::new()
            }
            Event::Found { asked, found } => {
                if asked == self.asked {
                    self.visit.take(found);
                }
                Vec::new()
            }
            Event::Paper(paper) => {
                if self.visit.screen() == Screen::Printing {
                    self.visit.paper = Some(paper);
                    self.visit.replace(Screen::Printed);
                    self.idle.touched(now.at);
                }
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
        if self.idle.is_over(self.now.at, self.patience()) { self.erase() } else { Vec::new() }
    }

    /// Nothing of the visitor stays.
    fn erase(&mut self) -> Vec<Effect> {
        self.visit.wipe();
        self.visit = Visit::in_tongue(self.place.tongues.first().copied());
        self.idle = idle::Idle::default();
        self.asked += 1;
        vec![Effect::Erase]
    }

    fn press(&mut self, key: Key) -> Vec<Effect> {
        if self.cleaning_until.is_some() {
            return Vec::new();
        }
        if self.idle.is_asking() {
            // Any touch keeps it all, but the one that ends it.
            self.idle.touched(self.now.at);
            return if key == Key::Digit(9) { self.erase() } else { Vec::new() };
        }
        self.idle.touched(self.now.at);
        self.visit.remark = None;
        match (self.visit.screen(), key) {
            (Screen::Attract, Key::Star) => self.may_clean(),
            (Screen::Attract, _) => {
                self.visit.open(Screen::Language);
                Vec::new()
            }
            (_, Key::Digit(9)) => self.erase(),
            (_, Key::Star) => {
                self.visit.back();
                Vec::new()
            }
            (_, Key::Large) => {
                self.visit.look.large = !self.visit.look.large;
                self.visit.keep_in_bounds(self.layout().cards);
                Vec::new()
            }
            (_, Key::Contrast) => {
                self.visit.look.high_contrast = !self.visit.look.high_contrast;
                Vec::new()
            }
            (_, Key::Hash) => vec![Effect::Say],
            (screen, Key::Digit(0)) if screen != Screen::Help => {
                self.visit.open(Screen::Help);
                Vec::new()
            }
            (screen, key) => self.press_on(screen, key),
        }
    }

    /// Three stars on the greeting: whoever cleans the screen.
    fn may_clean(&mut self) -> Vec<Effect> {
        self.visit.stars += 1;
        if self.visit.stars >= 3 {
            self.visit.stars = 0;
            self.cleaning_until = Some(self.now.at + CLEANING);
        }
        Vec::new()
    }

    fn press_on(&mut self, screen: Screen, key: Key) -> Vec<Effect> {
        match (screen, key) {
            (Screen::Language, Key::Digit(number)) => {
                if let Some(tongue) = usize::from(number).checked_sub(1).and_then(|place| self.place.tongues.get(place)) {
                    self.visit.tongue = *tongue;
                    self.visit.open(Screen::Doors);
                }
                Vec::new()
            }
            (Screen::Doors, Key::Digit(number @ 1..=6)) => self.open_door(number),
            (Screen::Doors, Key::Digit(7)) => self.ask(Ask::Near, Screen::Near),
            (Screen::Doors | Screen::Lacks, Key::Digit(8)) => {
                self.turn_doors();
                Vec::new()
            }
            (Screen::Danger, Key::Digit(1)) => {
                let door = self.place.doors.iter().position(|door| door.is_danger);
                self.visit.door = door;
                self.visit.open_only = false;
                door.map_or_else(Vec::new, |door| self.ask(Ask::Door { door, open_only: false }, Screen::Results))
            }
            (Screen::Results | Screen::Near | Screen::Agenda, key) => self.press_on_list(screen, key),
            (Screen::Card, Key::Digit(4)) => {
                self.take_card();
                Vec::new()
            }
            (Screen::Card, Key::Digit(5)) => {
                let code = self.visit.card.as_ref().map(|card| card.item.code);
                self.visit.remark = Some("wrong-noted");
                code.map(Effect::Doubt).into_iter().collect()
            }
            (Screen::Card, Key::Digit(7)) => {
                self.take_card();
                self.visit.open(Screen::Ticket);
                Vec::new()
            }
            (Screen::Ticket, key) => self.press_on_ticket(key),
            (Screen::Help, Key::Digit(1)) => {
                self.visit.remark = Some("person-called");
                vec![Effect::Ring]
            }
            (Screen::Help, Key::Digit(3)) => {
                self.visit.page = 0;
                self.visit.open(Screen::Lacks);
                Vec::new()
            }
            (Screen::Lacks, Key::Digit(number @ 1..=6)) => {
                let lack = self.door(number);
                self.visit.back();
                self.visit.remark = Some("lack-noted");
                lack.map(Effect::Unmet).into_iter().collect()
            }
            (Screen::Printed, Key::Digit(1)) => {
                self.visit.back();
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    /// The door with that number on the page of doors that is shown.
    fn door(&self, number: u8) -> Option<usize> {
        let page = if self.visit.page < self.pages_of_doors() / 2 { 1 } else { 2 };
        self.place.doors.iter().position(|door| door.page == page && door.key == number)
    }

    /// Where fewer tiles fit, a page of doors is turned twice.
    pub fn pages_of_doors(&self) -> usize {
        let (wide, high) = self.layout().tiles;
        2 * usize::from(DOORS.div_ceil(u8::try_from(wide * high).unwrap_or(1)))
    }

    fn turn_doors(&mut self) {
        self.visit.page = (self.visit.page + 1) % self.pages_of_doors();
    }

    fn open_door(&mut self, number: u8) -> Vec<Effect> {
        let Some((place, door)) = self.door(number).and_then(|place| Some((place, self.place.doors.get(place)?))) else { return Vec::new() };
        if door.is_danger {
            self.visit.open(Screen::Danger);
            return Vec::new();
        }
        if door.is_agenda {
            self.visit.day = 0;
            return self.ask(Ask::Day(self.now.local.date()), Screen::Agenda);
        }
        self.visit.door = Some(place);
        self.visit.open_only = false;
        self.ask(Ask::Door { door: place, open_only: false }, Screen::Results)
    }

    /// Asks the directory, and shows where the answer will stand.
    fn ask(&mut self, ask: Ask, screen: Screen) -> Vec<Effect> {
        self.asked += 1;
        if screen == Screen::Card {
            self.visit.card = None;
        } else {
            self.visit.list = List { screen, items: None, page: 0, failed: false };
        }
        if self.visit.screen() == screen {
            self.visit.replace(screen);
        } else {
            self.visit.open(screen);
        }
        vec![Effect::Ask { asked: self.asked, ask, tongue: self.visit.tongue }]
    }

    fn press_on_list(&mut self, screen: Screen, key: Key) -> Vec<Effect> {
        let cards = self.layout().cards;
        let first = self.visit.list.page * cards;
        let item = |number: usize| self.visit.list.items.as_ref().and_then(|items| items.get(first + number)).filter(|_| number < cards).cloned();
        match key {
            Key::Digit(number @ 1..=3) => {
                let Some(item) = item(usize::from(number) - 1) else { return Vec::new() };
                self.ask(Ask::Card(item.code), Screen::Card)
            }
            Key::Digit(number @ 4..=6) => {
                if let Some(item) = item(usize::from(number) - 4) {
                    self.toggle(&item);
                }
                Vec::new()
            }
            Key::Digit(7) if screen == Screen::Results => {
                self.visit.open_only = !self.visit.open_only;
                let open_only = self.visit.open_only;
                self.visit.door.map_or_else(Vec::new, |door| self.ask(Ask::Door { door, open_only }, Screen::Results))
            }
            Key::Digit(7) if screen == Screen::Agenda => self.show_day((self.visit.day + 1) % DAYS),
            Key::Day(day) if screen == Screen::Agenda && day < DAYS => self.show_day(day),
            Key::Digit(8) => {
                let pages = self.visit.list.pages(cards);
                self.visit.list.page = (self.visit.list.page + 1) % pages.max(1);
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    fn show_day(&mut self, day: u8) -> Vec<Effect> {
        self.visit.day = day;
        let date = self.now.local.date() + chrono::Days::new(u64::from(day));
        self.ask(Ask::Day(date), Screen::Agenda)
    }

    fn take_card(&mut self) {
        if let Some(card) = self.visit.card.clone()
            && !self.visit.basket.holds(card.item.code)
        {
            self.toggle(&card.item);
        }
    }

    /// Puts an entry on the ticket, or takes it off.
    fn toggle(&mut self, item: &Item) {
        if !self.visit.basket.toggle(item) {
            self.visit.remark = Some("full-ticket");
        }
    }

    fn press_on_ticket(&mut self, key: Key) -> Vec<Effect> {
        match key {
            Key::Digit(number @ 1..=3) => {
                let cards = self.layout().cards;
                if usize::from(number) > cards {
                    return Vec::new();
                }
                self.visit.basket.remove(self.visit.ticket_page * cards + usize::from(number) - 1);
                self.visit.keep_in_bounds(cards);
            }
            Key::Digit(4) => self.visit.basket.large = !self.visit.basket.large,
            Key::Digit(5) => self.visit.basket.second = self.visit.basket.second.xor(self.other_tongue()),
            Key::Digit(6) => return vec![Effect::Say],
            Key::Digit(7) if !self.visit.basket.items.is_empty() => return self.print(),
            Key::Digit(8) => {
                let pages = self.visit.basket.items.len().div_ceil(self.layout().cards).max(1);
                self.visit.ticket_page = (self.visit.ticket_page + 1) % pages;
            }
            _ => {}
        }
        Vec::new()
    }

    /// The language offered beside the visitor's own: French for all but the French, who get Arabic.
    pub fn other_tongue(&self) -> Option<Tongue> {
        let wanted = if self.visit.tongue == Tongue::Fr { Tongue::Ar } else { Tongue::Fr };
        self.place.tongues.contains(&wanted).then_some(wanted)
    }

    fn print(&mut self) -> Vec<Effect> {
        let basket = &self.visit.basket;
        let codes = basket.items.iter().map(|item| item.code).collect();
        let tongues = std::iter::once(self.visit.tongue).chain(basket.second).collect();
        let effect = Effect::Print { codes, tongues, large: basket.large };
        if self.place.prints {
            self.visit.replace(Screen::Printing);
            return vec![effect];
        }
        self.visit.paper = Some(Paper { outcome: Outcome::NoPrinter, ticket: None });
        self.visit.replace(Screen::Printed);
        Vec::new()
    }
}

/// On a smaller screen the rest is not seen: such a screen is no kiosk's.
fn at_least(grid: Grid) -> Grid {
    Grid { columns: grid.columns.max(LARGE.columns), rows: grid.rows.max(LARGE.rows) }
}

#[cfg(test)]
mod tests;
