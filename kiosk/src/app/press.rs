//! What each key does on each screen. Pure.

use printer::slip_language::SlipLanguage;

use super::event::{Aside, DirectoryQuery, Effect, Item, PrintOutcome, SlipResult};
use super::idle::CLEANING;
use super::limit::{CALLS, RINGS, SLIPS};
use super::number::Number;
use super::visit::{List, Screen};
use super::{App, DAYS, DOORS};
use crate::page::Key;

impl App {
    pub(super) fn press(&mut self, key: Key) -> Vec<Effect> {
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
            // All keys of the number pad are digits there.
            (Screen::CallBack, Key::Digit(_) | Key::Star | Key::Hash) => self.type_number(key),
            (Screen::Attract, Key::Star) => self.may_clean(),
            (Screen::Attract, _) => {
                self.visit.open(Screen::Language);
                Vec::new()
            }
            (_, Key::Digit(9) | Key::Done) => self.erase(),
            (_, Key::Star | Key::Leave) => {
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
            (_, Key::Hash) => self.say(None, true),
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
                if let Some(language) = usize::from(number).checked_sub(1).and_then(|place| self.place.languages.get(place)) {
                    let language = *language;
                    self.visit.language = language;
                    self.visit.open(Screen::Doors);
                    // A name that cannot be read can be heard.
                    return self.say(Some(Aside::Name(language)), self.visit.speech);
                }
                Vec::new()
            }
            (Screen::Doors, Key::Digit(number @ 1..=6)) => self.open_door(number),
            (Screen::Doors, Key::Digit(7)) => self.ask(DirectoryQuery::Near, Screen::Near),
            (Screen::Doors | Screen::Lacks, Key::Digit(8)) => {
                self.turn_doors();
                Vec::new()
            }
            (Screen::Danger, Key::Digit(1)) => {
                let door = self.place.doors.iter().position(|door| door.is_danger);
                self.visit.door = door;
                self.visit.open_only = false;
                door.map_or_else(Vec::new, |door| self.ask(DirectoryQuery::Door { door, open_only: false }, Screen::Results))
            }
            (Screen::Danger, Key::Digit(8)) => {
                self.visit.danger_page = (self.visit.danger_page + 1) % self.pages_of_danger();
                Vec::new()
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
            (Screen::Card, Key::Digit(8)) => {
                let pages = self.visit.card.as_ref().map_or(1, |card| self.layout().pages_of(&card.lines).len());
                self.visit.card_page = (self.visit.card_page + 1) % pages;
                Vec::new()
            }
            (Screen::Ticket, key) => self.press_on_ticket(key),
            (Screen::Help, Key::Digit(1)) => {
                self.visit.remark = Some("person-called");
                // Whoever is there has heard it by now.
                if self.limits.rings.may_do(self.now.at, RINGS) { vec![Effect::Ring] } else { Vec::new() }
            }
            (Screen::Help, Key::Digit(2)) if self.calls_back() => {
                self.visit.open(Screen::CallBack);
                Vec::new()
            }
            (Screen::CallCheck, Key::Digit(1)) => self.call(),
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

    /// A digit more or less, or the number is whole.
    fn type_number(&mut self, key: Key) -> Vec<Effect> {
        match key {
            Key::Digit(digit) => {
                self.visit.number.push(digit);
                // Whoever does not see hears the digit, not the whole page again.
                return if self.visit.speech { self.say(Some(Aside::Digit(digit)), false) } else { Vec::new() };
            }
            Key::Star => {
                if !self.visit.number.pop() {
                    self.visit.back();
                }
            }
            _ if self.visit.number.whole(self.place.country).is_some() => self.visit.open(Screen::CallCheck),
            _ => self.visit.remark = Some("number-not-whole"),
        }
        Vec::new()
    }

    /// The number is right: it is handed on, and leaves the screen.
    fn call(&mut self) -> Vec<Effect> {
        let Some(number) = self.visit.number.whole(self.place.country) else { return Vec::new() };
        self.visit.number = Number::default();
        if !self.limits.calls.may_do(self.now.at, CALLS) {
            self.visit.back();
            self.visit.back();
            self.visit.remark = Some("call-enough");
            return Vec::new();
        }
        self.called += 1;
        self.visit.awaited_call = Some(self.called);
        // Back to where help was asked for.
        self.visit.back();
        self.visit.back();
        vec![Effect::Call { called: self.called, number, language: self.visit.language, door: self.visit.door }]
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
            return self.ask(DirectoryQuery::Day(self.now.local.date()), Screen::Agenda);
        }
        self.visit.door = Some(place);
        self.visit.open_only = false;
        self.ask(DirectoryQuery::Door { door: place, open_only: false }, Screen::Results)
    }

    /// Asks the directory, and shows where the answer will stand.
    fn ask(&mut self, ask: DirectoryQuery, screen: Screen) -> Vec<Effect> {
        self.asked += 1;
        if screen == Screen::Card {
            self.visit.wipe_card();
        } else {
            self.visit.list.wipe();
            self.visit.list = List { screen, items: None, page: 0, failed: false };
        }
        if self.visit.screen() == screen {
            self.visit.replace(screen);
        } else {
            self.visit.open(screen);
        }
        vec![Effect::Ask { asked: self.asked, ask, language: self.visit.language }]
    }

    fn press_on_list(&mut self, screen: Screen, key: Key) -> Vec<Effect> {
        let cards = self.layout().cards;
        let first = self.visit.list.page * cards;
        let item = |number: usize| self.visit.list.items.as_ref().and_then(|items| items.get(first + number)).filter(|_| number < cards).cloned();
        match key {
            Key::Digit(number @ 1..=3) => {
                let Some(item) = item(usize::from(number) - 1) else { return Vec::new() };
                self.ask(DirectoryQuery::Card(item.code), Screen::Card)
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
                self.visit.door.map_or_else(Vec::new, |door| self.ask(DirectoryQuery::Door { door, open_only }, Screen::Results))
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
        self.ask(DirectoryQuery::Day(date), Screen::Agenda)
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
            Key::Digit(5) => self.visit.basket.second = self.visit.basket.second.xor(self.other_language()),
            Key::Digit(6) if self.speaks() => return self.say(None, true),
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
    pub fn other_language(&self) -> Option<SlipLanguage> {
        let wanted = if self.visit.language == SlipLanguage::Fr { SlipLanguage::Ar } else { SlipLanguage::Fr };
        self.place.languages.contains(&wanted).then_some(wanted)
    }

    fn print(&mut self) -> Vec<Effect> {
        let basket = &self.visit.basket;
        let codes = basket.items.iter().map(|item| item.code).collect();
        let languages = std::iter::once(self.visit.language).chain(basket.second).collect();
        let large = basket.large;
        if self.place.prints && !self.limits.slips.may_do(self.now.at, SLIPS) {
            self.visit.remark = Some("print-enough");
            return Vec::new();
        }
        if self.place.prints {
            self.printed += 1;
            self.visit.awaited = Some(self.printed);
            let effect = Effect::Print { printed: self.printed, codes, languages, large };
            self.visit.replace(Screen::Printing);
            return vec![effect];
        }
        self.visit.paper = Some(SlipResult { outcome: PrintOutcome::NoPrinter, ticket: None });
        self.visit.replace(Screen::Printed);
        Vec::new()
    }
}
