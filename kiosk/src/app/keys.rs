//! The keys of each screen, once for fingers and for eyes: which key, what it does, and what stands on it. Pure.
//!
//! The state looks up here what a key does; a screen draws the rows of this table that have a label, and no others.

use directory::danger::DangerKind;
use directory::need::Need;
use printer::slip_language::SlipLanguage;

use super::visit::Screen;
use super::{App, DANGERS, DAYS, DOORS, DangerTile};
use crate::page::Key;

/// What a key does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyAction {
    /// Leaves the greeting.
    Begin,
    /// Leaves the greeting; from there on everything is read aloud.
    BeginAloud,
    /// One of three stars that begin the cleaning of the screen.
    Clean,
    /// Somebody is there: all is kept.
    Stay,
    /// Ends the visit and forgets it.
    Finish,
    /// Shows the screen before.
    Back,
    /// Reads the page aloud, or stops reading.
    ReadAloud,
    /// Offers a person.
    Help,
    /// Larger letters, or as before.
    Letters,
    /// Other colours, or as before.
    Contrast,
    /// Another volume of the voice.
    Volume(VolumeStep),
    /// Shows the next page of what the screen shows, and the first one after the last.
    More,
    /// Speaks that language from here on.
    ChooseLanguage(SlipLanguage),
    /// Opens the door at that place among all doors.
    OpenDoor(usize),
    /// Lists what answers that need behind the door that was opened.
    ShowNeed(Need),
    /// Lists all that is behind the door that was opened.
    ShowEverything,
    /// Lists what is near and open.
    ShowNear,
    /// Shows whom to call in that kind of danger.
    ChooseDanger(DangerKind),
    /// Lists what is behind the door of danger, which is at that place.
    ShowDanger(usize),
    /// Shows all of the entry at that place of the list.
    OpenEntry(usize),
    /// Puts the entry at that place of the list on the ticket, or takes it off.
    ToggleEntry(usize),
    /// Lists only what is open, or all.
    OpenOnly,
    /// Lists what takes place on that day, from today.
    ShowDay(u8),
    /// Puts the record shown on the ticket.
    TakeRecord,
    /// Says that the record shown is wrong.
    DoubtRecord,
    /// Puts the record shown on the ticket, and shows the ticket.
    ShowTicket,
    /// Takes the entry at that place off the ticket.
    Remove(usize),
    /// The ticket in large letters, or as before.
    LargeTicket,
    /// The ticket in that language, too, or no more.
    SecondLanguage(SlipLanguage),
    /// Reads the whole ticket aloud.
    ReadTicket,
    /// Prints the ticket.
    Print,
    /// Rings for somebody who is near.
    Ring,
    /// Asks for the number to call back.
    AskNumber,
    /// Asks what was not found.
    AskLack,
    /// Notes that what is behind the door at that place was not found.
    NoteLack(usize),
    /// Types a digit of the number.
    Type(u8),
    /// Takes the last digit away; without any, goes back.
    EraseDigit,
    /// The number is whole.
    NumberDone,
    /// Corrects the number.
    CorrectNumber,
    /// Asks for a call to the number.
    Call,
}

/// How the volume changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VolumeStep {
    /// One step louder; the loudest stays.
    Louder,
    /// One step softer; the softest stays.
    Softer,
    /// One step louder; after the loudest the softest.
    Round,
}

/// What stands on a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyLabel {
    /// Nothing: the key works and is not shown.
    Hidden,
    /// The sign of the key alone.
    Sign,
    /// A sentence, by its identifier in `config/phrases/kiosk`.
    Phrase(&'static str),
    /// A sentence with the key's digit in it.
    Numbered(&'static str),
    /// A language's own name.
    Language(SlipLanguage),
    /// A sentence with a language's own name in it.
    WithLanguage(&'static str, SlipLanguage),
    /// The name of the door at that place.
    Door(usize),
    /// The name of that need.
    Need(Need),
    /// The entry at that place of the list.
    Entry(usize),
    /// The name of that day, from today.
    Day(u8),
}

/// A row of the table: a key of the screen that is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyChoice {
    /// The key.
    pub key: Key,
    /// What it does.
    pub action: KeyAction,
    /// What stands on it.
    pub label: KeyLabel,
    /// Switched on, or already taken.
    pub chosen: bool,
}

impl KeyChoice {
    fn new(key: Key, action: KeyAction, label: KeyLabel) -> Self {
        Self { key, action, label, chosen: false }
    }

    fn digit(digit: u8, action: KeyAction, phrase: &'static str) -> Self {
        Self::new(Key::Digit(digit), action, KeyLabel::Phrase(phrase))
    }

    fn hidden(key: Key, action: KeyAction) -> Self {
        Self::new(key, action, KeyLabel::Hidden)
    }

    fn chosen(self, chosen: bool) -> Self {
        Self { chosen, ..self }
    }
}

impl App {
    /// What a key does now; `None` for one that does nothing.
    pub fn action(&self, key: Key) -> Option<KeyAction> {
        if self.cleaning_until.is_some() {
            return None;
        }
        // Any key answers whether somebody is there, and any key ends the greeting.
        let otherwise = match self.visit.screen() {
            _ if self.idle.is_asking() => Some(KeyAction::Stay),
            Screen::Attract => Some(KeyAction::Begin),
            _ => None,
        };
        self.choices().into_iter().find(|choice| choice.key == key).map(|choice| choice.action).or(otherwise)
    }

    /// The keys of what is shown now, in the order in which their own part of the screen is drawn.
    pub fn choices(&self) -> Vec<KeyChoice> {
        if self.cleaning_until.is_some() {
            return Vec::new();
        }
        if self.idle.is_asking() {
            return vec![KeyChoice::digit(1, KeyAction::Stay, "stay"), KeyChoice::digit(9, KeyAction::Finish, "erase")];
        }
        let own = match self.visit.screen() {
            Screen::Attract => {
                return vec![
                    KeyChoice::hidden(Key::Digit(1), KeyAction::Begin),
                    KeyChoice::hidden(Key::Star, KeyAction::Clean),
                    KeyChoice::hidden(Key::Hash, KeyAction::BeginAloud),
                ];
            }
            Screen::Language => self.languages(),
            Screen::Doors => self.door_keys(),
            Screen::Lacks => self.lack_keys(),
            Screen::Needs => self.need_keys(),
            Screen::Results | Screen::Near | Screen::Agenda => self.list_keys(),
            Screen::Card => self.card_keys(),
            Screen::Ticket => self.ticket_keys(),
            Screen::Printing => Vec::new(),
            Screen::Printed => vec![KeyChoice::hidden(Key::Digit(1), KeyAction::Back)],
            Screen::Help => self.help_keys(),
            Screen::CallBack => number_keys(),
            Screen::CallCheck => {
                vec![
                    KeyChoice::digit(1, KeyAction::Call, "call-me-there"),
                    KeyChoice::new(Key::Star, KeyAction::CorrectNumber, KeyLabel::Phrase("number-wrong")),
                ]
            }
            Screen::Danger => self.danger_keys(),
            Screen::DangerLines => self.near_danger().into_iter().collect(),
        };
        own.into_iter().chain(self.keys_of_all()).collect()
    }

    /// The keys that are the same on every screen. Where all keys of the number pad are digits, two others lead out.
    fn keys_of_all(&self) -> Vec<KeyChoice> {
        let screen = self.visit.screen();
        let (look, is_typed) = (self.visit.look, screen == Screen::CallBack);
        let shown = |phrase, is_shown: bool| if is_shown { KeyLabel::Phrase(phrase) } else { KeyLabel::Hidden };
        let back = match screen {
            // Nothing was shown before, and nothing can be read yet.
            Screen::Language => KeyLabel::Hidden,
            Screen::Doors => KeyLabel::Phrase("language"),
            _ => KeyLabel::Phrase("back"),
        };
        let listen = if self.is_reading() && !self.visit.speech { "silence" } else { "listen" };
        let is_heard = self.visit.listened && self.speaks();
        let mut keys = Vec::new();
        if !is_typed {
            keys.push(KeyChoice::new(Key::Star, KeyAction::Back, back));
            keys.push(KeyChoice::new(Key::Hash, KeyAction::ReadAloud, shown(listen, self.speaks())));
            keys.push(KeyChoice::digit(9, KeyAction::Finish, "done"));
        }
        if !is_typed && screen != Screen::Help {
            keys.push(KeyChoice::digit(0, KeyAction::Help, "help"));
        }
        let (louder, softer) = if self.visit.speech {
            (KeyAction::Volume(VolumeStep::Louder), KeyAction::Volume(VolumeStep::Softer))
        } else {
            // For the look where nobody listens.
            (KeyAction::Letters, KeyAction::Contrast)
        };
        keys.extend([
            KeyChoice::new(Key::Leave, KeyAction::Back, shown("back", is_typed)),
            KeyChoice::new(Key::Done, KeyAction::Finish, shown("done", is_typed)),
            KeyChoice::new(Key::Volume, KeyAction::Volume(VolumeStep::Round), shown("volume", is_heard)),
            KeyChoice::new(Key::Large, KeyAction::Letters, KeyLabel::Phrase("letters")).chosen(look.large),
            KeyChoice::new(Key::Contrast, KeyAction::Contrast, KeyLabel::Phrase("contrast")).chosen(look.high_contrast),
            KeyChoice::hidden(Key::Plus, louder),
            KeyChoice::hidden(Key::Minus, softer),
        ]);
        keys
    }

    fn languages(&self) -> Vec<KeyChoice> {
        let choice = |(number, language): (u8, &SlipLanguage)| {
            let action = KeyAction::ChooseLanguage(*language);
            KeyChoice::new(Key::Digit(number), action, KeyLabel::Language(*language))
        };
        (1..).zip(self.place.languages.iter().take(6)).map(choice).collect()
    }

    fn door_keys(&self) -> Vec<KeyChoice> {
        let mut keys = self.doors_shown(KeyAction::OpenDoor);
        keys.push(KeyChoice::digit(7, KeyAction::ShowNear, "near"));
        keys.push(KeyChoice::digit(8, KeyAction::More, "more"));
        keys
    }

    /// The needs of the page that is shown, each by its digit, which is the same on the telephone. `8` goes on: to the
    /// needs that found no room, and behind the last of them to everything.
    fn need_keys(&self) -> Vec<KeyChoice> {
        let (tiles, page) = (self.tiles_shown(), self.visit.needs_page);
        let needs = (1..).zip(&self.visit.needs).skip(page * tiles).take(tiles);
        let choice = |(digit, need): (u8, &Need)| KeyChoice::new(Key::Digit(digit), KeyAction::ShowNeed(*need), KeyLabel::Need(*need));
        let mut keys: Vec<KeyChoice> = needs.map(choice).collect();
        let is_last = page + 1 >= self.pages_of_needs();
        keys.push(if is_last { KeyChoice::digit(8, KeyAction::ShowEverything, "everything") } else { KeyChoice::digit(8, KeyAction::More, "more") });
        keys
    }

    fn lack_keys(&self) -> Vec<KeyChoice> {
        let mut keys = self.doors_shown(KeyAction::NoteLack);
        keys.push(KeyChoice::digit(8, KeyAction::More, "more"));
        keys
    }

    /// The doors of the page of doors that is shown, in their order. Where fewer tiles fit, a page is turned twice, and
    /// its digits do the same on both turns.
    fn doors_shown(&self, action: impl Fn(usize) -> KeyAction) -> Vec<KeyChoice> {
        let page = if self.visit.page < self.pages_of_doors() / 2 { 1 } else { 2 };
        let doors = self.place.doors.iter().enumerate().filter(|(_, door)| door.page == page && door.key <= DOORS);
        doors.map(|(place, door)| KeyChoice::new(Key::Digit(door.key), action(place), KeyLabel::Door(place))).collect()
    }

    fn list_keys(&self) -> Vec<KeyChoice> {
        let (cards, list) = (self.layout().cards, &self.visit.list);
        let shown = || (1..).zip(list.items.iter().flatten().enumerate().skip(list.page * cards).take(cards));
        let show = |number, place| {
            let (key, action) = (Key::Digit(number), KeyAction::OpenEntry(place));
            KeyChoice::new(key, action, KeyLabel::Entry(place))
        };
        let mut keys: Vec<KeyChoice> = shown().map(|(number, (place, _))| show(number, place)).collect();
        keys.extend(shown().map(|(number, (place, item))| {
            let is_taken = self.visit.basket.holds(item.code);
            let phrase = if is_taken { "taken" } else { "take" };
            KeyChoice::digit(number + 3, KeyAction::ToggleEntry(place), phrase).chosen(is_taken)
        }));
        match self.visit.screen() {
            Screen::Results => {
                let open_only = KeyChoice::digit(7, KeyAction::OpenOnly, "open-only");
                keys.push(open_only.chosen(self.visit.open_only));
            }
            Screen::Agenda => {
                let next = (self.visit.day + 1) % DAYS;
                keys.push(KeyChoice::hidden(Key::Digit(7), KeyAction::ShowDay(next)));
                let day = |day| KeyChoice::new(Key::Day(day), KeyAction::ShowDay(day), KeyLabel::Day(day));
                keys.extend((0..DAYS).map(|number| day(number).chosen(number == self.visit.day)));
            }
            _ => {}
        }
        keys.extend((list.pages(cards) > 1).then(|| KeyChoice::digit(8, KeyAction::More, "more")));
        keys
    }

    fn card_keys(&self) -> Vec<KeyChoice> {
        let Some(card) = &self.visit.card else { return Vec::new() };
        let is_taken = self.visit.basket.holds(card.item.code);
        let mut keys = vec![
            KeyChoice::digit(4, KeyAction::TakeRecord, if is_taken { "taken" } else { "add" }).chosen(is_taken),
            KeyChoice::digit(5, KeyAction::DoubtRecord, "wrong"),
        ];
        if self.layout().pages_of(&card.lines).len() > 1 {
            keys.push(KeyChoice::digit(8, KeyAction::More, "more"));
        }
        keys.push(KeyChoice::digit(7, KeyAction::ShowTicket, "print"));
        keys
    }

    fn ticket_keys(&self) -> Vec<KeyChoice> {
        let (cards, basket) = (self.layout().cards, &self.visit.basket);
        let shown = (1..).zip((0..basket.items.len()).skip(self.visit.ticket_page * cards).take(cards));
        let remove = |number, place| {
            let (key, action) = (Key::Digit(number), KeyAction::Remove(place));
            KeyChoice::new(key, action, KeyLabel::Numbered("remove"))
        };
        let mut keys: Vec<KeyChoice> = shown.map(|(number, place)| remove(number, place)).collect();
        keys.push(KeyChoice::digit(4, KeyAction::LargeTicket, "large").chosen(basket.large));
        if let Some(other) = self.other_language() {
            let label = KeyLabel::WithLanguage("second", other);
            let second = KeyChoice::new(Key::Digit(5), KeyAction::SecondLanguage(other), label);
            keys.push(second.chosen(basket.second.is_some()));
        }
        keys.extend(self.speaks().then(|| KeyChoice::digit(6, KeyAction::ReadTicket, "read-all")));
        keys.extend((!basket.items.is_empty()).then(|| KeyChoice::digit(7, KeyAction::Print, "print")));
        keys.extend((basket.items.len() > cards).then(|| KeyChoice::digit(8, KeyAction::More, "more")));
        keys
    }

    fn help_keys(&self) -> Vec<KeyChoice> {
        let mut keys = vec![KeyChoice::digit(1, KeyAction::Ring, "person-here")];
        keys.extend(self.calls_back().then(|| KeyChoice::digit(2, KeyAction::AskNumber, "call-me")));
        keys.push(KeyChoice::digit(3, KeyAction::AskLack, "not-found"));
        keys
    }

    /// The kinds of danger, each by its digit. Where fewer tiles fit, the page is turned, and all digits work on both turns.
    fn danger_keys(&self) -> Vec<KeyChoice> {
        let choice = |(digit, tile): (u8, &DangerTile)| KeyChoice::digit(digit, KeyAction::ChooseDanger(tile.kind), tile.phrase);
        let mut keys: Vec<KeyChoice> = (1..).zip(&DANGERS).map(choice).collect();
        keys.extend(self.near_danger());
        keys.extend((self.pages_of_dangers() > 1).then(|| KeyChoice::digit(8, KeyAction::More, "more")));
        keys
    }

    /// Addresses that help in danger, by the digit that leads to addresses near by from the doors, too.
    fn near_danger(&self) -> Option<KeyChoice> {
        let door = self.place.doors.iter().position(|door| door.is_danger)?;
        Some(KeyChoice::digit(7, KeyAction::ShowDanger(door), "near"))
    }

    /// The language offered beside the visitor's own: French for all but the French, who get Arabic.
    fn other_language(&self) -> Option<SlipLanguage> {
        let wanted = if self.visit.language == SlipLanguage::Fr { SlipLanguage::Ar } else { SlipLanguage::Fr };
        self.place.languages.contains(&wanted).then_some(wanted)
    }
}

/// The keys of a telephone, row by row: every digit is a digit.
fn number_keys() -> Vec<KeyChoice> {
    let digit = |digit| KeyChoice::new(Key::Digit(digit), KeyAction::Type(digit), KeyLabel::Sign);
    let mut keys: Vec<KeyChoice> = (1..=9).map(digit).collect();
    keys.push(KeyChoice::new(Key::Star, KeyAction::EraseDigit, KeyLabel::Phrase("wipe-digit")));
    keys.push(digit(0));
    keys.push(KeyChoice::new(Key::Hash, KeyAction::NumberDone, KeyLabel::Phrase("call-ok")));
    keys
}

#[cfg(test)]
mod tests {
    use directory::vocabulary::Vocabulary;

    use super::*;
    use crate::page::{Grid, Look};
    use crate::phrases::KioskPhrases;
    use crate::sample::{SCREENS, at};
    use crate::screen::show;

    #[test]
    fn what_is_shown_is_done_and_what_is_done_is_shown() {
        let (vocabulary, phrases) = (Vocabulary::shipped().unwrap(), KioskPhrases::shipped().unwrap());
        for screen in SCREENS {
            for (columns, rows, large) in [(64, 20, false), (53, 16, false), (40, 12, false), (64, 20, true)] {
                let (grid, look) = (Grid { columns, rows }, Look { large, ..Look::default() });
                let app = at(screen, SlipLanguage::Fr, grid, look, &vocabulary, &phrases).unwrap();
                let page = show(&app, &phrases);
                for key in page.parts.iter().filter_map(|part| part.key) {
                    assert!(app.action(key).is_some(), "{screen}: {key:?} is shown and does nothing");
                }
                let shown = |choice: &&KeyChoice| match choice.action {
                    // Where fewer tiles fit, some doors and dangers stand on the next turn; the volume where there is room.
                    KeyAction::OpenDoor(_)
                    | KeyAction::NoteLack(_)
                    | KeyAction::ChooseDanger(_)
                    | KeyAction::ShowNear
                    | KeyAction::ShowDanger(_)
                    | KeyAction::Volume(_) => false,
                    _ => choice.label != KeyLabel::Hidden,
                };
                for choice in app.choices().iter().filter(shown) {
                    assert!(page.offers(choice.key), "{screen} {columns}x{rows}: {choice:?} is not shown");
                }
            }
        }
    }
}
