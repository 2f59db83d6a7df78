//! From the state to what is shown: one file a screen. Pure.
//!
//! Which keys a screen has and what stands on them is in the table of [`crate::app::App::choices`]; a screen says where
//! each goes.

mod bars;
mod call;
mod card;
mod danger;
mod doors;
mod help;
mod list;
mod notice;
mod ticket;
mod welcome;

use directory::need::Need;
use printer::slip_language::SlipLanguage;

use crate::app::{App, KeyAction, KeyChoice, KeyLabel, Screen};
use crate::page::{Area, Key, Part, PartKind, Role, ScreenPage};
use crate::phrases::KioskPhrases;
use crate::text::wrap;

/// What is shown now.
pub fn show(app: &App, phrases: &KioskPhrases) -> ScreenPage {
    let language = if app.visit.screen() == Screen::Attract { app.greeting() } else { app.visit.language };
    let view = View { app, phrases, language, choices: app.choices() };
    let mut page = ScreenPage { name: "", language, grid: app.layout().grid(), look: app.look(), parts: Vec::new() };
    if let Some(seconds) = app.cleaning() {
        notice::cleaning(&view, &mut page, seconds);
    } else if let Some(seconds) = app.countdown() {
        notice::still_there(&view, &mut page, seconds);
    } else {
        match app.visit.screen() {
            Screen::Attract => welcome::attract(&view, &mut page),
            Screen::Language => welcome::language(&view, &mut page),
            Screen::Doors => doors::doors(&view, &mut page),
            Screen::Lacks => doors::lacks(&view, &mut page),
            Screen::Needs => doors::needs(&view, &mut page),
            Screen::Results => list::results(&view, &mut page),
            Screen::Near => list::near(&view, &mut page),
            Screen::Agenda => list::agenda(&view, &mut page),
            Screen::Card => card::card(&view, &mut page),
            Screen::Ticket => ticket::ticket(&view, &mut page),
            Screen::Printing => notice::printing(&view, &mut page),
            Screen::Printed => notice::printed(&view, &mut page),
            Screen::Help => help::help(&view, &mut page),
            Screen::CallBack => call::number(&view, &mut page),
            Screen::CallCheck => call::check(&view, &mut page),
            Screen::Danger => danger::kinds(&view, &mut page),
            Screen::DangerLines => danger::lines(&view, &mut page),
        }
    }
    page.in_its_direction()
}

/// The state, its keys, and the words to say it with.
struct View<'a> {
    app: &'a App,
    phrases: &'a KioskPhrases,
    language: SlipLanguage,
    choices: Vec<KeyChoice>,
}

impl View<'_> {
    fn say(&self, key: &str) -> String {
        self.phrases.say(self.language, key)
    }

    fn with(&self, key: &str, name: &'static str, value: &str) -> String {
        self.phrases.with(self.language, key, &[(name, value)])
    }

    /// The page of pages, where there is more than one.
    fn pages(&self, page: usize, pages: usize) -> Option<String> {
        let values = [("page", (page + 1).to_string()), ("pages", pages.to_string())];
        let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
        (pages > 1).then(|| self.phrases.with(self.language, "page", &values))
    }

    /// The keys with a label whose action is such a one, in the order of the table.
    fn choices(&self, is_such: impl Fn(KeyAction) -> bool) -> impl Iterator<Item = &KeyChoice> {
        self.choices.iter().filter(move |choice| choice.label != KeyLabel::Hidden && is_such(choice.action))
    }

    /// The key that does this; `None` where no key with a label does.
    fn choice(&self, action: KeyAction) -> Option<&KeyChoice> {
        self.choices(move |known| known == action).next()
    }

    /// What a need is called, in so many words.
    fn need(&self, need: Need) -> &'static str {
        need.long_in(self.language.code()).unwrap_or(need.id())
    }

    /// All that a need says where it finds room, else a word or two.
    fn need_within(&self, need: Need, width: u16, rows: u16) -> &'static str {
        let long = self.need(need);
        let is_cut = wrap(long, usize::from(width), usize::from(rows)).1;
        need.short_in(self.language.code()).filter(|_| is_cut).unwrap_or(long)
    }

    /// What stands on a key. Entries and days are written by their own screen, which knows the room: empty here.
    fn label(&self, choice: &KeyChoice) -> String {
        let name = |language: SlipLanguage| self.phrases.say(language, "name");
        let sign = || choice.key.sign().map(String::from).unwrap_or_default();
        let door = |place: usize| self.app.place.doors.get(place).map(|door| door.label(self.language).to_owned());
        match choice.label {
            KeyLabel::Hidden | KeyLabel::Entry(_) | KeyLabel::Day(_) => String::new(),
            KeyLabel::Sign => sign(),
            KeyLabel::Phrase(phrase) => self.say(phrase),
            KeyLabel::Numbered(phrase) => self.with(phrase, "number", &sign()),
            KeyLabel::Language(language) => name(language),
            KeyLabel::WithLanguage(phrase, language) => self.with(phrase, "language", &name(language)),
            KeyLabel::Door(place) => door(place).unwrap_or_default(),
            KeyLabel::Need(need) => self.need(need).to_owned(),
        }
    }
}

impl ScreenPage {
    fn part(&mut self, area: Area, kind: PartKind) {
        self.parts.push(Part { area, kind, key: None, chosen: false, language: None });
    }

    fn touch(&mut self, area: Area, kind: PartKind, key: Key) {
        self.parts.push(Part { area, kind, key: Some(key), chosen: false, language: None });
    }

    /// A key with its word.
    fn button(&mut self, view: &View<'_>, area: Area, choice: &KeyChoice) {
        self.labelled(area, choice, view.label(choice));
    }

    /// A key with another word than its own.
    fn labelled(&mut self, area: Area, choice: &KeyChoice, label: String) {
        let kind = PartKind::Button { label, role: role(choice.action) };
        let (key, chosen) = (Some(choice.key), choice.chosen);
        self.parts.push(Part { area, kind, key, chosen, language: own_language(choice.label) });
    }

    /// A key with a picture and its word, in one of the six colours.
    fn tile(&mut self, view: &View<'_>, area: Area, choice: &KeyChoice, hue: u8, picture: Option<&'static str>) {
        let kind = PartKind::Tile { hue, picture, label: view.label(choice) };
        let language = own_language(choice.label);
        self.parts.push(Part { area, kind, key: Some(choice.key), chosen: false, language });
    }
}

/// What a button with that action is for.
fn role(action: KeyAction) -> Role {
    match action {
        KeyAction::Finish => Role::Stop,
        KeyAction::ShowTicket | KeyAction::Print | KeyAction::NumberDone | KeyAction::Call | KeyAction::Stay => Role::Primary,
        KeyAction::Type(_) => Role::Digit,
        _ => Role::Plain,
    }
}

/// The language of a label, where it is not the page's.
fn own_language(label: KeyLabel) -> Option<SlipLanguage> {
    match label {
        KeyLabel::Language(language) | KeyLabel::WithLanguage(_, language) => Some(language),
        _ => None,
    }
}
