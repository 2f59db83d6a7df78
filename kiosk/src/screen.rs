//! From the state to what is shown: one file a screen. Pure.

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

use crate::app::{App, Screen};
use crate::page::{Area, Key, Part, PartKind, Role, ScreenPage};
use crate::phrases::KioskPhrases;

/// What is shown now.
pub fn show(app: &App, phrases: &KioskPhrases) -> ScreenPage {
    let language = if app.visit.screen() == Screen::Attract { app.greeting() } else { app.visit.language };
    let say = View { app, phrases, language };
    let mut page = ScreenPage { name: "", language, grid: app.layout().grid(), look: app.look(), parts: Vec::new() };
    if let Some(seconds) = app.cleaning() {
        notice::cleaning(&say, &mut page, seconds);
    } else if let Some(seconds) = app.countdown() {
        notice::still_there(&say, &mut page, seconds);
    } else {
        match app.visit.screen() {
            Screen::Attract => welcome::attract(&say, &mut page),
            Screen::Language => welcome::language(&say, &mut page),
            Screen::Doors => doors::doors(&say, &mut page),
            Screen::Lacks => doors::lacks(&say, &mut page),
            Screen::Results => list::results(&say, &mut page),
            Screen::Near => list::near(&say, &mut page),
            Screen::Agenda => list::agenda(&say, &mut page),
            Screen::Card => card::card(&say, &mut page),
            Screen::Ticket => ticket::ticket(&say, &mut page),
            Screen::Printing => notice::printing(&say, &mut page),
            Screen::Printed => notice::printed(&say, &mut page),
            Screen::Help => help::help(&say, &mut page),
            Screen::CallBack => call::number(&say, &mut page),
            Screen::CallCheck => call::check(&say, &mut page),
            Screen::Danger => danger::danger(&say, &mut page),
        }
    }
    page.in_its_direction()
}

/// The state, and the words to say it with.
struct View<'a> {
    app: &'a App,
    phrases: &'a KioskPhrases,
    language: printer::slip_language::SlipLanguage,
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
}

impl ScreenPage {
    fn part(&mut self, area: Area, kind: PartKind) {
        self.parts.push(Part { area, kind, key: None, chosen: false, language: None });
    }

    fn touch(&mut self, area: Area, kind: PartKind, key: Key) {
        self.parts.push(Part { area, kind, key: Some(key), chosen: false, language: None });
    }

    fn choice(&mut self, area: Area, label: String, key: Key, chosen: bool) {
        self.parts.push(Part { area, kind: PartKind::Button { label, role: Role::Plain }, key: Some(key), chosen, language: None });
    }
}

#[cfg(test)]
pub(crate) mod tests;
