//! Does what a key stands for. Pure.

use super::event::{Aside, Behind, DirectoryQuery, Effect, Item, PrintOutcome, SlipResult};
use super::idle::CLEANING;
use super::keys::KeyAction;
use super::limit::{CALLS, RINGS, SLIPS};
use super::number::Number;
use super::remark::Remark;
use super::visit::{List, Screen};
use super::{App, DOORS};

impl App {
    /// Does what the key that was pressed stands for; `None` for a key that does nothing here.
    pub(super) fn press(&mut self, action: Option<KeyAction>) -> Vec<Effect> {
        if self.cleaning_until.is_some() {
            return Vec::new();
        }
        if !self.idle.is_asking() {
            self.visit.remark = None;
        }
        self.idle.touched(self.now.at);
        action.map_or_else(Vec::new, |action| self.act(action))
    }

    fn act(&mut self, action: KeyAction) -> Vec<Effect> {
        match action {
            KeyAction::Finish => return self.erase(),
            KeyAction::ReadAloud | KeyAction::ReadTicket => return self.say(None, true),
            KeyAction::ChooseLanguage(language) => {
                self.visit.language = language;
                self.visit.open(Screen::Doors);
                // A name that cannot be read can be heard.
                return self.say(Some(Aside::Name(language)), self.visit.speech);
            }
            KeyAction::OpenDoor(place) => return self.open_door(place),
            KeyAction::ShowNear => return self.ask(DirectoryQuery::Near, Screen::Near),
            KeyAction::ShowDanger(place) => return self.show_door(place, Behind::Everything),
            KeyAction::ShowEverything => return self.list_part(Behind::Everything),
            KeyAction::ShowNeed(need) => return self.list_part(Behind::Need(need)),
            KeyAction::OpenEntry(place) => return self.open_entry(place),
            KeyAction::OpenOnly => return self.list_open_only(),
            KeyAction::ShowDay(day) => return self.show_day(day),
            KeyAction::DoubtRecord => return self.doubt_record(),
            KeyAction::Print => return self.print(),
            KeyAction::Ring => return self.ring(),
            KeyAction::NoteLack(place) => {
                self.visit.back();
                self.visit.remark = Some(Remark::LackNoted);
                return vec![Effect::Unmet(place)];
            }
            KeyAction::Type(digit) => {
                self.visit.number.push(digit);
                // Whoever does not see hears the digit, not the whole page again.
                return if self.visit.speech { self.say(Some(Aside::Digit(digit)), false) } else { Vec::new() };
            }
            KeyAction::Call => return self.call(),
            other => self.change(other),
        }
        Vec::new()
    }

    /// What only changes what is shown.
    fn change(&mut self, action: KeyAction) {
        let visit = &mut self.visit;
        match action {
            KeyAction::Begin => visit.open(Screen::Language),
            KeyAction::BeginAloud => {
                visit.speech = true;
                visit.open(Screen::Language);
            }
            KeyAction::Clean => self.may_clean(),
            KeyAction::Back | KeyAction::CorrectNumber => visit.back(),
            KeyAction::Help => visit.open(Screen::Help),
            KeyAction::ChooseDanger(kind) => {
                visit.danger = Some(kind);
                visit.open(Screen::DangerLines);
            }
            KeyAction::Letters => {
                visit.look.large = !visit.look.large;
                self.visit.keep_in_bounds(self.layout().cards);
            }
            KeyAction::Contrast => visit.look.high_contrast = !visit.look.high_contrast,
            KeyAction::More => self.turn_page(),
            KeyAction::ToggleEntry(place) => {
                let item = visit.list.items.as_ref().and_then(|items| items.get(place)).cloned();
                if let Some(item) = item {
                    self.toggle(&item);
                }
            }
            KeyAction::TakeRecord => self.take_record(),
            KeyAction::ShowTicket => {
                self.take_record();
                self.visit.open(Screen::Ticket);
            }
            KeyAction::Remove(place) => {
                visit.basket.remove(place);
                self.visit.keep_in_bounds(self.layout().cards);
            }
            KeyAction::LargeTicket => visit.basket.large = !visit.basket.large,
            KeyAction::SecondLanguage(language) => visit.basket.second = visit.basket.second.xor(Some(language)),
            KeyAction::AskNumber => visit.open(Screen::CallBack),
            KeyAction::AskLack => {
                visit.page = 0;
                visit.open(Screen::Lacks);
            }
            KeyAction::EraseDigit => {
                let had_one = visit.number.pop();
                if !had_one {
                    visit.back();
                }
            }
            KeyAction::NumberDone if visit.number.whole(self.place.country).is_some() => visit.open(Screen::CallCheck),
            KeyAction::NumberDone => visit.remark = Some(Remark::NumberNotWhole),
            // That somebody is there is kept with every key; the others have effects.
            _ => {}
        }
    }

    /// Three stars on the greeting: whoever cleans the screen.
    fn may_clean(&mut self) {
        self.visit.stars += 1;
        if self.visit.stars >= 3 {
            self.visit.stars = 0;
            self.cleaning_until = Some(self.now.at + CLEANING);
        }
    }

    /// Shows the next page of what the screen shows.
    fn turn_page(&mut self) {
        let layout = self.layout();
        match self.visit.screen() {
            Screen::Doors | Screen::Lacks => self.visit.page = (self.visit.page + 1) % self.pages_of_doors(),
            Screen::Needs => self.visit.needs_page = (self.visit.needs_page + 1) % self.pages_of_needs(),
            Screen::Danger => self.visit.danger_page = (self.visit.danger_page + 1) % self.pages_of_dangers(),
            Screen::Card => {
                let pages = self.visit.card.as_ref().map_or(1, |card| layout.pages_of(&card.lines).len());
                self.visit.card_page = (self.visit.card_page + 1) % pages;
            }
            Screen::Ticket => {
                let pages = self.visit.basket.items.len().div_ceil(layout.cards).max(1);
                self.visit.ticket_page = (self.visit.ticket_page + 1) % pages;
            }
            _ => self.visit.list.page = (self.visit.list.page + 1) % self.visit.list.pages(layout.cards).max(1),
        }
    }

    /// Where fewer tiles fit, a page of doors is turned twice.
    pub fn pages_of_doors(&self) -> usize {
        let (wide, high) = self.layout().tiles;
        2 * usize::from(DOORS.div_ceil(u8::try_from(wide * high).unwrap_or(1)))
    }

    /// Where fewer tiles fit, the needs of a door take more than one page.
    pub fn pages_of_needs(&self) -> usize {
        self.visit.needs.len().div_ceil(self.tiles_shown()).max(1)
    }

    /// Tiles on a page.
    pub fn tiles_shown(&self) -> usize {
        let (wide, high) = self.layout().tiles;
        usize::from(wide * high).max(1)
    }

    fn open_door(&mut self, place: usize) -> Vec<Effect> {
        let Some(door) = self.place.doors.get(place) else { return Vec::new() };
        if door.is_danger {
            self.visit.open(Screen::Danger);
            return Vec::new();
        }
        if door.is_agenda {
            return self.show_day(0);
        }
        self.show_door(place, Behind::First)
    }

    /// Shows what is behind a door, or a part of it.
    fn show_door(&mut self, place: usize, part: Behind) -> Vec<Effect> {
        self.visit.door = Some(place);
        self.list_part(part)
    }

    /// Shows a part of what is behind the door that was opened.
    fn list_part(&mut self, part: Behind) -> Vec<Effect> {
        self.visit.part = part;
        self.visit.open_only = false;
        self.ask_behind()
    }

    fn list_open_only(&mut self) -> Vec<Effect> {
        self.visit.open_only = !self.visit.open_only;
        if self.visit.part == Behind::First {
            // What is open is a list, however long all of it would be.
            self.visit.part = Behind::Everything;
        }
        self.ask_behind()
    }

    fn ask_behind(&mut self) -> Vec<Effect> {
        let (part, open_only) = (self.visit.part, self.visit.open_only);
        let Some(door) = self.visit.door else { return Vec::new() };
        self.ask(DirectoryQuery::Door { door, part, open_only }, Screen::Results)
    }

    fn show_day(&mut self, day: u8) -> Vec<Effect> {
        self.visit.day = day;
        let date = self.now.local.date() + chrono::Days::new(u64::from(day));
        self.ask(DirectoryQuery::Day(date), Screen::Agenda)
    }

    fn open_entry(&mut self, place: usize) -> Vec<Effect> {
        let code = self.visit.list.items.as_ref().and_then(|items| items.get(place)).map(|item| item.code);
        code.map_or_else(Vec::new, |code| self.ask(DirectoryQuery::Card(code), Screen::Card))
    }

    /// Asks the directory, and shows where the answer will stand.
    fn ask(&mut self, query: DirectoryQuery, screen: Screen) -> Vec<Effect> {
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
        vec![Effect::Ask { asked: self.asked, query, language: self.visit.language }]
    }

    fn take_record(&mut self) {
        if let Some(card) = self.visit.card.clone()
            && !self.visit.basket.holds(card.item.code)
        {
            self.toggle(&card.item);
        }
    }

    /// Puts an entry on the ticket, or takes it off.
    fn toggle(&mut self, item: &Item) {
        if !self.visit.basket.toggle(item) {
            self.visit.remark = Some(Remark::TicketFull);
        }
    }

    fn doubt_record(&mut self) -> Vec<Effect> {
        self.visit.remark = Some(Remark::DoubtNoted);
        self.visit.card.as_ref().map(|card| Effect::Doubt(card.item.code)).into_iter().collect()
    }

    fn ring(&mut self) -> Vec<Effect> {
        self.visit.remark = Some(Remark::PersonCalled);
        // Whoever is there has heard it by now.
        if self.limits.rings.may_do(self.now.at, RINGS) { vec![Effect::Ring] } else { Vec::new() }
    }

    /// The number is right: it is handed on, and leaves the screen.
    fn call(&mut self) -> Vec<Effect> {
        let Some(number) = self.visit.number.whole(self.place.country) else { return Vec::new() };
        self.visit.number = Number::default();
        // Back to where help was asked for.
        self.visit.back();
        self.visit.back();
        if !self.limits.calls.may_do(self.now.at, CALLS) {
            self.visit.remark = Some(Remark::CallsEnough);
            return Vec::new();
        }
        self.called += 1;
        self.visit.awaited_call = Some(self.called);
        vec![Effect::Call { called: self.called, number, language: self.visit.language, door: self.visit.door }]
    }

    fn print(&mut self) -> Vec<Effect> {
        if !self.place.prints {
            self.visit.paper = Some(SlipResult { outcome: PrintOutcome::NoPrinter, ticket: None });
            self.visit.replace(Screen::Printed);
            return Vec::new();
        }
        if !self.limits.slips.may_do(self.now.at, SLIPS) {
            self.visit.remark = Some(Remark::SlipsEnough);
            return Vec::new();
        }
        self.printed += 1;
        self.visit.awaited = Some(self.printed);
        self.visit.replace(Screen::Printing);
        let basket = &self.visit.basket;
        vec![Effect::Print {
            printed: self.printed,
            codes: basket.items.iter().map(|item| item.code).collect(),
            languages: std::iter::once(self.visit.language).chain(basket.second).collect(),
            large: basket.large,
        }]
    }
}
