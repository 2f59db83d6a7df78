//! From an intent to an answer: what to look up, then what to say and what to remember.
//!
//! `lookup` says what the database must find, at most one thing a turn; `answer` turns what was
//! found into meaning. Both are pure, so that a conversation can be replayed from its inputs.

mod listing;
mod rank;

use std::sync::Arc;

use chrono::{DateTime, Duration, NaiveDate, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

pub use listing::{card, coming};
pub use rank::{Candidate, rank};

use crate::answer::{Action, Answer, Block, Choice, Desk, Note, Sentence, Title};
use crate::code::{Code, Typed};
use crate::intent::{Intent, Understanding, Wanted};
use crate::language::Language;
use crate::locality::{Locality, Point};
use crate::phone::Country;
use crate::record::{Kind, Record};
use crate::schedule::Occurrence;
use crate::theme::Theme;
use crate::vocabulary::Vocabulary;

/// How long a conversation is remembered after its last turn.
pub const MEMORY: Duration = Duration::minutes(30);

/// Entries shown at once, on every channel.
pub const PAGE: usize = 3;

/// Entries remembered for "more".
pub const MOST_LISTED: usize = 12;

/// How far "look further" looks, in kilometres.
const WIDER_KM: f64 = 20.0;

/// The short memory of a conversation.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Session {
    /// The language last spoken or chosen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// The place last named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Locality>,
    /// A question that waits for its place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pending: Option<Wanted>,
    /// What was listed last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listing: Option<Listing>,
    /// What the digits mean now.
    pub step: Step,
}

/// What was listed last.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Listing {
    /// What was looked for.
    pub wanted: Wanted,
    /// All that was found, in order, at most [`MOST_LISTED`].
    pub codes: Vec<Code>,
    /// Index of the first one on the page shown.
    pub first: usize,
    /// The search was widened already.
    pub widened: bool,
}

/// What the digits mean now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Step {
    /// Nothing to choose from.
    #[default]
    Nothing,
    /// A page of doors (1 or 2).
    Doors(u8),
    /// Entries of the listing.
    Listing,
    /// One record of the listing is shown in full.
    Card(Code),
    /// Nothing was found: `1` looks further.
    Empty,
}

/// What the database must find.
#[derive(Debug, Clone, PartialEq)]
pub enum Lookup {
    /// Nothing.
    None,
    /// The record with this code.
    Record(Code),
    /// These records, in this order.
    Listed(Vec<Code>),
    /// Records that match.
    Records(Query),
}

/// A search.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// What is looked for.
    pub wanted: Wanted,
    /// Postal codes to look in, nearest first; with them comes what serves the whole country.
    pub postal_codes: Vec<String>,
    /// The country of the postal codes.
    pub country: Country,
    /// Where the asker is, as far as is known.
    pub here: Option<Point>,
    /// Postal codes around, nearest first, in which a thing named by its own word ("yoga") may be
    /// looked for when the place itself has none.
    pub around: Vec<String>,
}

/// A record that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The record.
    pub record: Arc<Record>,
    /// Kilometres from the asker.
    pub distance_km: Option<f64>,
    /// For events: the occurrence that answers the question.
    pub occurrence: Option<Occurrence>,
    /// The record holds a word that was asked for.
    pub by_word: bool,
}

/// What the database found.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Found {
    /// In the order to show.
    pub hits: Vec<Hit>,
}

/// What answering needs beside the conversation.
#[derive(Debug, Clone, Copy)]
pub struct Setting<'a> {
    /// Words, doors and places.
    pub vocabulary: &'a Vocabulary,
    /// The local time.
    pub now: DateTime<Tz>,
    /// Where a person answers.
    pub desk: Option<&'a Desk>,
    /// Where the asker is when they name no place (the kiosk's own place).
    pub home: Option<&'a Locality>,
}

impl Setting<'_> {
    fn today(&self) -> NaiveDate {
        self.now.date_naive()
    }
}

/// What the database must find for this intent.
pub fn lookup(understood: &Understanding, session: &Session, setting: &Setting<'_>) -> Lookup {
    match &understood.intent {
        Intent::Search(wanted) | Intent::Request(wanted) => query(wanted, session, setting, matches!(understood.intent, Intent::Request(_))),
        // A name that no list holds may still be a record's.
        Intent::Unclear(wanted) if !wanted.words.is_empty() => query(wanted, session, setting, false),
        Intent::Pick(number) => match session.step {
            Step::Doors(page) => door(setting, page, *number).map_or(Lookup::None, |wanted| query(&wanted, session, setting, false)),
            Step::Empty if *number == 1 => session.listing.as_ref().map_or(Lookup::None, |listing| wider(&listing.wanted, session, setting)),
            Step::Listing | Step::Card(_) => picked(session, *number).map_or(Lookup::None, Lookup::Record),
            _ => Lookup::None,
        },
        Intent::More => match &session.listing {
            Some(listing) if matches!(session.step, Step::Listing | Step::Card(_)) => next_page(listing)
                .map_or_else(|| if listing.widened { Lookup::None } else { wider(&listing.wanted, session, setting) }, |codes| Lookup::Listed(codes.to_vec())),
            _ => Lookup::None,
        },
        Intent::Back { again } => match (session.step, &session.listing) {
            (Step::Card(code), _) if *again => Lookup::Record(code),
            (Step::Listing | Step::Card(_), Some(listing)) => Lookup::Listed(page(listing).to_vec()),
            _ => Lookup::None,
        },
        Intent::Code(Typed::Right(code)) => Lookup::Record(*code),
        Intent::Report => doubted(session).map_or(Lookup::None, Lookup::Record),
        _ => Lookup::None,
    }
}

/// What to say and what to remember.
pub fn answer(understood: &Understanding, found: &Found, session: Session, setting: &Setting<'_>) -> (Answer, Session) {
    let mut turn = Turn { setting, found, language: understood.language, session, blocks: Vec::new(), choices: Vec::new(), notes: Vec::new() };
    let leaves_no_trace =
        matches!(understood.intent, Intent::Danger(_)) || understood.intent.wanted().is_some_and(|wanted| wanted.themes.contains(&Theme::Safety));
    turn.session.language = Some(understood.language);
    turn.take(&understood.intent);
    if leaves_no_trace {
        turn.session = Session { language: Some(turn.language), ..Session::default() };
        turn.notes.clear();
    }
    let mut answer = Answer { language: turn.language, blocks: turn.blocks, choices: turn.choices, notes: turn.notes, leaves_no_trace, demo: false };
    let shown = answer.records();
    answer.demo = found.hits.iter().any(|hit| hit.record.demo && shown.contains(&hit.record.code));
    (answer, turn.session)
}

struct Turn<'a> {
    setting: &'a Setting<'a>,
    found: &'a Found,
    language: Language,
    session: Session,
    blocks: Vec<Block>,
    choices: Vec<Choice>,
    notes: Vec<Note>,
}

impl Turn<'_> {
    fn take(&mut self, intent: &Intent) {
        match intent {
            Intent::Search(wanted) => self.search(wanted),
            Intent::Request(wanted) => self.request(wanted),
            Intent::Offer(_) => self.say_with_person(Sentence::OfferByPerson(self.setting.desk.cloned())),
            Intent::Unclear(wanted) => self.unclear(wanted),
            Intent::Pick(number) => self.pick(*number),
            Intent::More => self.more(),
            Intent::Back { again } => self.back(*again),
            Intent::Code(typed) => self.code(*typed),
            Intent::Ticket(_) => self.say_with_person(Sentence::NoSuchTicket),
            Intent::Human => {
                self.blocks.push(Block::Say(Sentence::Person(self.setting.desk.cloned())));
            }
            Intent::Report => self.report(),
            Intent::Language(None) => self.say_with_person(Sentence::WhichLanguage),
            Intent::Language(Some(_)) => {
                self.say(Sentence::LanguageSet);
                self.doors(1);
            }
            Intent::Help => self.say_with_person(Sentence::Help),
            Intent::Stop => {
                self.session = Session { language: Some(self.language), ..Session::default() };
                self.say(Sentence::Stopped);
            }
            Intent::Start => {
                self.say(Sentence::Started);
                self.say_with_person(Sentence::Help);
            }
            Intent::Danger(wanted) => self.danger(wanted),
            Intent::Thanks => {
                self.session = Session { language: Some(self.language), place: self.session.place.take(), ..Session::default() };
                self.say(Sentence::Thanks);
            }
        }
    }

    fn say(&mut self, sentence: Sentence) {
        self.blocks.push(Block::Say(sentence));
    }

    fn say_with_person(&mut self, sentence: Sentence) {
        self.say(sentence);
        self.offer_key('0', Action::Person);
    }

    fn offer_key(&mut self, key: char, action: Action) {
        self.choices.push(Choice { key, action });
    }

    fn search(&mut self, wanted: &Wanted) {
        let Some(place) = self.place_of(wanted) else {
            self.session.pending = Some(wanted.clone());
            self.session.step = Step::Nothing;
            return self.say_with_person(Sentence::Where(wanted.clone()));
        };
        self.session.place = Some(place.clone());
        self.session.pending = None;
        let wanted = Wanted { locality: Some(place), ..wanted.clone() };
        self.list(wanted, false);
    }

    fn place_of(&self, wanted: &Wanted) -> Option<Locality> {
        wanted.locality.clone().or_else(|| self.session.place.clone()).or_else(|| self.setting.home.cloned())
    }

    fn request(&mut self, wanted: &Wanted) {
        // "Who lends a ladder?" is answered by a ladder, or by a person: not by a dog-sitter.
        if !self.found.hits.iter().any(|hit| hit.by_word) {
            return self.say_with_person(Sentence::RequestByPerson(self.setting.desk.cloned()));
        }
        self.search(wanted);
    }

    fn unclear(&mut self, wanted: &Wanted) {
        if !self.found.hits.is_empty() {
            return self.search(wanted);
        }
        if let Some(place) = &wanted.locality {
            self.session.place = Some(place.clone());
            self.say(Sentence::What(place_name(place, self.setting.vocabulary, self.language)));
        } else {
            self.say(Sentence::Unclear);
        }
        self.doors(1);
    }

    fn doors(&mut self, page: u8) {
        let doors = self.setting.vocabulary.doors().iter().filter(|door| door.page == page);
        let labels: Vec<(u8, String)> = doors.map(|door| (door.key, door.label.best(self.language).unwrap_or(&door.id).to_owned())).collect();
        for (key, _) in &labels {
            self.offer_key(char::from(b'0' + key), Action::Pick);
        }
        self.blocks.push(Block::Doors(labels));
        if page == 1 {
            self.offer_key('8', Action::More);
        }
        self.offer_key('0', Action::Person);
        self.session.step = Step::Doors(page);
        self.session.listing = None;
    }

    fn pick(&mut self, number: u8) {
        match self.session.step {
            Step::Doors(page) => match door(self.setting, page, number) {
                Some(wanted) if wanted.themes.contains(&Theme::Safety) => self.danger(&wanted),
                Some(wanted) => self.search(&wanted),
                None => self.say_with_person(Sentence::NoSuchChoice(number)),
            },
            Step::Empty if number == 1 => {
                let wanted = self.session.listing.take().map(|listing| listing.wanted).unwrap_or_default();
                self.list(wanted, true);
            }
            Step::Listing | Step::Card(_) => match self.found.hits.first() {
                Some(hit) => self.show_card(hit.clone()),
                None => self.say_with_person(Sentence::NoSuchChoice(number)),
            },
            _ => self.say_with_person(Sentence::NothingToPick),
        }
    }

    fn more(&mut self) {
        if let Step::Doors(page) = self.session.step {
            return self.doors(if page == 1 { 2 } else { 1 });
        }
        let Some(mut listing) = self.session.listing.take() else { return self.say_with_person(Sentence::NothingToPick) };
        if next_page(&listing).is_some() {
            listing.first += PAGE;
            self.show_page(listing, &self.found.hits);
        } else if listing.widened {
            self.session.listing = Some(listing);
            self.say_with_person(Sentence::NoMore);
        } else {
            self.list(listing.wanted, true);
        }
    }

    fn back(&mut self, again: bool) {
        match (self.session.step, self.session.listing.take()) {
            (Step::Card(_), Some(listing)) if again && !self.found.hits.is_empty() => {
                self.session.listing = Some(listing);
                if let Some(hit) = self.found.hits.first() {
                    self.show_card(hit.clone());
                }
            }
            (Step::Listing | Step::Card(_), Some(listing)) if !self.found.hits.is_empty() => self.show_page(listing, &self.found.hits),
            _ => self.doors(1),
        }
    }

    fn code(&mut self, typed: Typed) {
        match (typed, self.found.hits.first()) {
            (Typed::Misread, _) => self.say_with_person(Sentence::MisreadCode),
            (Typed::Right(_), Some(hit)) => self.show_card(hit.clone()),
            (Typed::Right(code), None) => self.say_with_person(Sentence::NoSuchCode(code)),
        }
    }

    fn report(&mut self) {
        match self.found.hits.first() {
            Some(hit) => {
                self.notes.push(Note::Doubt(hit.record.code));
                self.say_with_person(Sentence::Doubted(hit.record.name(self.language).to_owned()));
            }
            None => self.say_with_person(Sentence::DoubtWhich),
        }
    }

    fn danger(&mut self, wanted: &Wanted) {
        let country = wanted.locality.as_ref().or(self.session.place.as_ref()).or(self.setting.home).map(|place| place.country).unwrap_or_default();
        self.say(Sentence::Danger);
        self.blocks.push(Block::Emergency(self.emergency_numbers(country, wanted)));
        if let Some(desk) = self.setting.desk {
            self.say(Sentence::Person(Some(desk.clone())));
        }
        self.session.step = Step::Nothing;
    }

    /// The general numbers first, then those for this kind of danger, in the asker's language.
    fn emergency_numbers(&self, country: Country, wanted: &Wanted) -> Vec<(String, String)> {
        const GENERAL: usize = 2;
        let own = format!("({})", self.language.code());
        let foreign = |who: &str| Language::ALL.iter().any(|language| who.ends_with(&format!("({})", language.code()))) && !who.ends_with(&own);
        let despair = wanted.themes.contains(&Theme::Mind);
        let fits = |who: &str| if despair { who.contains("suicide") || who.contains("zelfmoord") } else { who.contains("violence") || who.contains("geweld") };
        let all = self.setting.vocabulary.emergency_numbers(country);
        let mut numbers: Vec<(String, String)> = all.iter().take(GENERAL).cloned().collect();
        let mut others: Vec<(String, String)> = all.iter().skip(GENERAL).filter(|(_, who)| !foreign(who)).cloned().collect();
        others.sort_by_key(|(_, who)| !fits(who));
        numbers.extend(others.into_iter().map(|(number, who)| (number, who.trim_end_matches(&own).trim_end().to_owned())));
        numbers
    }

    /// Shows the first page of a search.
    fn list(&mut self, wanted: Wanted, widened: bool) {
        let codes = self.found.hits.iter().take(MOST_LISTED).map(|hit| hit.record.code).collect();
        let listing = Listing { wanted, codes, first: 0, widened };
        if self.found.hits.is_empty() {
            return self.nothing_found(listing);
        }
        self.show_page(listing, &self.found.hits);
    }

    fn nothing_found(&mut self, listing: Listing) {
        let postal_code = listing.wanted.locality.as_ref().and_then(|place| place.postal_codes.first().cloned());
        if !listing.widened {
            self.notes.push(Note::Unmet { theme: listing.wanted.themes.first().copied(), postal_code });
        }
        self.say(Sentence::NothingFound(self.title(&listing, &[])));
        if listing.widened {
            self.session.step = Step::Nothing;
            self.session.listing = None;
        } else {
            self.offer_key('1', Action::Wider);
            self.session.step = Step::Empty;
            self.session.listing = Some(listing);
        }
        self.offer_key('0', Action::Person);
    }

    fn show_page(&mut self, listing: Listing, hits: &[Hit]) {
        let shown: Vec<&Hit> = hits.iter().take(PAGE).collect();
        self.blocks.push(Block::Title(self.title(&listing, &shown)));
        for (number, hit) in (1..).zip(&shown) {
            self.offer_key(char::from(b'0' + number), Action::Pick);
            self.blocks.push(Block::Entry(listing::entry(number, hit, &listing.wanted, self.setting, self.language)));
        }
        if next_page(&listing).is_some() || !listing.widened {
            self.offer_key('8', Action::More);
        }
        self.offer_key('0', Action::Person);
        self.session.step = Step::Listing;
        self.session.listing = Some(listing);
    }

    fn title(&self, listing: &Listing, shown: &[&Hit]) -> Title {
        let wanted = &listing.wanted;
        let by_word = shown.iter().any(|hit| hit.by_word);
        Title {
            theme: wanted.themes.first().copied(),
            missing: wanted.words.first().filter(|_| !by_word && !shown.is_empty() && names_one_activity(wanted)).cloned(),
            word: wanted.words.first().filter(|_| by_word || wanted.themes.is_empty()).cloned(),
            place: wanted.locality.as_ref().map(|place| place.postal_codes.first().filter(|_| place.postal_codes.len() == 1).unwrap_or(&place.name).clone()),
            days: wanted.when,
            agenda: wanted.kinds.contains(&Kind::Event),
            open_now: wanted.open_now,
            widened: listing.widened,
        }
    }

    fn show_card(&mut self, hit: Hit) {
        self.blocks.push(Block::Card(Box::new(card(&hit, self.setting, self.language))));
        if self.session.listing.is_some() {
            self.offer_key('*', Action::Back);
        }
        self.offer_key('0', Action::Person);
        self.session.step = Step::Card(hit.record.code);
    }
}

/// The commune's name in that language, with the postal code where there is only one.
fn place_name(place: &Locality, vocabulary: &Vocabulary, language: Language) -> String {
    match place.postal_codes.as_slice() {
        [code] => match vocabulary.territory().commune_name(place.country, code, language) {
            Some(name) => format!("{code} {name}"),
            None => code.clone(),
        },
        _ => place.name.clone(),
    }
}

fn query(wanted: &Wanted, session: &Session, setting: &Setting<'_>, offers_only: bool) -> Lookup {
    let Some(place) = wanted.locality.as_ref().or(session.place.as_ref()).or(setting.home) else { return Lookup::None };
    let mut wanted = Wanted { locality: Some(place.clone()), ..wanted.clone() };
    if offers_only && wanted.kinds.is_empty() {
        wanted.kinds = vec![Kind::Offer, Kind::Resource];
    }
    let here = place.postal_codes.first().and_then(|code| setting.vocabulary.territory().point(place.country, code));
    let around = match place.postal_codes.first() {
        Some(code) if names_a_thing(&wanted) => setting.vocabulary.territory().around(place.country, code, WIDER_KM, crate::locality::MOST_CODES),
        _ => Vec::new(),
    };
    Lookup::Records(Query { postal_codes: place.postal_codes.clone(), country: place.country, here, around, wanted })
}

/// True where a word names one thing among many of its theme: yoga is not any outing, a dentist not any
/// care. A meal or a bed is: the nearest will do.
fn names_a_thing(wanted: &Wanted) -> bool {
    use Theme::{Care, Civic, Digital, Family, Goods, Green, Health, Learn, Mobility, Social, Work};
    !wanted.words.is_empty()
        && wanted
            .themes
            .first()
            .is_none_or(|theme| matches!(theme, Care | Civic | Digital | Family | Goods | Green | Health | Learn | Mobility | Social | Work))
}

/// True where nothing else of the theme can stand for the word without saying so.
fn names_one_activity(wanted: &Wanted) -> bool {
    wanted.themes.first().is_some_and(|theme| matches!(theme, Theme::Social | Theme::Learn | Theme::Goods | Theme::Green | Theme::Mobility))
}

fn wider(wanted: &Wanted, session: &Session, setting: &Setting<'_>) -> Lookup {
    let Lookup::Records(mut query) = query(wanted, session, setting, false) else { return Lookup::None };
    if let Some(first) = query.postal_codes.first() {
        query.postal_codes = setting.vocabulary.territory().around(query.country, first, WIDER_KM, crate::locality::MOST_CODES);
    }
    Lookup::Records(query)
}

fn door(setting: &Setting<'_>, page: u8, number: u8) -> Option<Wanted> {
    let door = setting.vocabulary.doors().iter().find(|door| door.page == page && door.key == number)?;
    let kinds = if door.id == "out" { vec![Kind::Event] } else { Vec::new() };
    Some(Wanted { themes: door.themes.clone(), kinds, ..Wanted::default() })
}

fn page(listing: &Listing) -> &[Code] {
    let rest = listing.codes.get(listing.first..).unwrap_or_default();
    rest.get(..PAGE).unwrap_or(rest)
}

fn next_page(listing: &Listing) -> Option<&[Code]> {
    let rest = listing.codes.get(listing.first + PAGE..).filter(|rest| !rest.is_empty())?;
    Some(rest.get(..PAGE).unwrap_or(rest))
}

fn picked(session: &Session, number: u8) -> Option<Code> {
    let listing = session.listing.as_ref()?;
    page(listing).get(usize::from(number).checked_sub(1)?).copied()
}

/// The record that somebody means by "it is closed": the one they look at, or the only one listed.
fn doubted(session: &Session) -> Option<Code> {
    match (session.step, &session.listing) {
        (Step::Card(code), _) => Some(code),
        (Step::Listing, Some(listing)) => match page(listing) {
            [only] => Some(*only),
            _ => None,
        },
        _ => None,
    }
}

/// When a session that was last used at that instant is forgotten.
pub fn forgotten_at(now: DateTime<Utc>) -> DateTime<Utc> {
    now + MEMORY
}

#[cfg(test)]
mod tests;
