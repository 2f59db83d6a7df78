//! From an intent to an answer: what to look up, then what to say and what to remember.
//!
//! `lookup` says what the database must find, at most one thing a turn; `answer` turns what was
//! found into meaning. Both are pure, so that a conversation can be replayed from its inputs.

mod listing;
mod rank;
mod refuge;
mod turn;

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, NaiveDateTime};
use chrono_tz::Tz;

pub use listing::{card, coming};
pub use rank::{Candidate, FoundBy, hit, offered, rank};

use self::turn::Turn;
use crate::answer::{Answer, Desk};
use crate::code::{Code, Typed};
use crate::intent::{Intent, Understanding};
use crate::locality::{Locality, Point};
use crate::name;
use crate::need::Need;
use crate::phone::Country;
use crate::query::Wanted;
use crate::record::{Brief, Kind, Record};
use crate::schedule::Occurrence;
pub use crate::session::PAGE;
use crate::session::{Listing, Session, Step};
use crate::theme::Theme;
use crate::ticket::Ticket;
use crate::vocabulary::Vocabulary;

/// A door offers its needs where more entries than these are behind it: three pages of a list.
pub const FEW_BEHIND: usize = 9;

/// Needs that a door offers, at most: the digits from 1.
pub const MOST_OFFERED: usize = 6;

/// What can answer somebody who asks a neighbour for a hand or a loan.
const REQUESTED: [Kind; 2] = [Kind::Offer, Kind::Resource];

/// What the database must find.
#[derive(Debug, Clone, PartialEq)]
pub enum Lookup {
    /// Nothing.
    None,
    /// The record with this code.
    Record(Code),
    /// These records of a listing, in this order.
    Listed {
        /// Their codes.
        codes: Vec<Code>,
        /// What the listing answers.
        wanted: Box<Wanted>,
    },
    /// The records of the slip with this number, as far as they may be shown, in its order.
    Ticket(Ticket),
    /// Records that match.
    Records(Box<Query>),
    /// What is behind a door: records that match and, where they are many, the needs that they are there for.
    Door(Box<Query>),
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
    /// How far people go for it, in kilometres: what is further away answers only where nothing is nearer.
    pub reach_km: f64,
    /// The asker said where, or did before.
    pub is_placed: bool,
    /// Where the asker is, as far as is known.
    pub here: Option<Point>,
    /// Postal codes around, nearest first, in which a thing named by its own word ("yoga") may be
    /// looked for when the place itself has none.
    pub around: Arc<[String]>,
    /// Postal areas in which the nearest answer to a need is looked for, where there is none around.
    pub areas: Arc<[String]>,
}

/// A record that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// What a list says of the record.
    pub brief: Arc<Brief>,
    /// Kilometres from the asker.
    pub distance_km: Option<f64>,
    /// For events: the occurrence that answers the question.
    pub occurrence: Option<Occurrence>,
    /// The record holds a word that was asked for.
    pub by_word: bool,
}

/// A hit with its whole record: what a card or a slip is made of.
#[derive(Debug, Clone, PartialEq)]
pub struct Whole {
    /// As it was found.
    pub hit: Hit,
    /// All of it.
    pub record: Arc<Record>,
}

impl Whole {
    /// A record that was asked for by itself, as seen from a place.
    pub fn of(record: Arc<Record>, here: Option<Point>, now: NaiveDateTime) -> Self {
        Self { hit: hit(Arc::new(Brief::from(record.as_ref())), None, None, here, now), record }
    }
}

/// What the database found.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Found {
    /// In the order to show.
    pub hits: Vec<Hit>,
    /// Behind a door with many entries, what they are there for, the most present first: see [`offered`].
    pub needs: Vec<Need>,
    /// The whole record, where it was asked for by itself: the only hit's.
    pub record: Option<Arc<Record>>,
}

impl Found {
    /// A record that was asked for by itself.
    pub fn one(record: Arc<Record>, now: NaiveDateTime) -> Self {
        let Whole { hit, record } = Whole::of(record, None, now);
        Self { hits: vec![hit], record: Some(record), ..Self::default() }
    }

    /// The records of a slip: one alone is shown in full.
    pub fn slip(records: Vec<Arc<Record>>, now: NaiveDateTime) -> Self {
        match <[Arc<Record>; 1]>::try_from(records) {
            Ok([only]) => Self::one(only, now),
            Err(records) => Self { hits: records.into_iter().map(|record| Whole::of(record, None, now).hit).collect(), ..Self::default() },
        }
    }
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
    /// A person will call this asker if they ask for it: said only where it is kept.
    pub calls_back: bool,
    /// Where the asker is when they name no place (the kiosk's own place).
    pub home: Option<&'a Locality>,
    /// How the channel speaks.
    pub manner: Manner,
}

/// In what a channel's conversations differ from those by text message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a difference of its own")]
pub struct Manner {
    /// The asker is asked where, and `#` means [`Setting::home`]: on a phone nobody sees what was assumed.
    pub asks_where: bool,
    /// The conversation has a name of its own, which is nobody's, and ends with the call: so a sensitive listing can be
    /// chosen from, which elsewhere would stay with its asker.
    pub is_call: bool,
    /// Who is asked for answers where the question came from: no hour is to be chosen for a call.
    pub replies_here: bool,
    /// A door with many entries offers its needs first: where a list is long to go through.
    pub offers_needs: bool,
    /// What `7` does with what is shown.
    pub keeping: Keeping,
}

/// How somebody takes with them what is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Keeping {
    /// Not at all: they have it before them.
    #[default]
    Not,
    /// As a text message to the number from which they call.
    Text,
    /// As the number of a slip, which is there once it was asked for.
    Number(Option<Ticket>),
}

impl<'a> Setting<'a> {
    /// Where whoever names no place is taken to be.
    fn assumed(&self) -> Option<&'a Locality> {
        self.home.filter(|_| !self.manner.asks_where)
    }

    fn today(&self) -> NaiveDate {
        self.now.date_naive()
    }
}

/// What the database must find for this intent.
pub fn lookup(understood: &Understanding, session: &Session, setting: &Setting<'_>) -> Lookup {
    match &understood.intent {
        Intent::Search(wanted) => behind(wanted, session, setting),
        Intent::Request(wanted) => query(wanted, session, setting, true),
        Intent::Danger(wanted) => refuge::lookup(wanted, session, setting),
        // A name that no list holds may still be a record's.
        Intent::Unclear(wanted) if !wanted.words.is_empty() => query(wanted, session, setting, false),
        Intent::Unclear(wanted) if !wanted.said.is_empty() => called(query(wanted, session, setting, false)),
        Intent::Pick(number) => match session.step {
            Step::Doors(page) => setting.vocabulary.door(page, *number).map_or(Lookup::None, |wanted| behind(&wanted, session, setting)),
            Step::Needs => chosen(session, *number).map_or(Lookup::None, |wanted| query(&wanted, session, setting, false)),
            Step::Listing | Step::Card(_) => picked(session, *number).map_or(Lookup::None, Lookup::Record),
            _ => Lookup::None,
        },
        Intent::More if session.step == Step::Needs => session.offered.as_ref().map_or(Lookup::None, |offered| query(&offered.wanted, session, setting, false)),
        Intent::More => match &session.listing {
            Some(listing) if matches!(session.step, Step::Listing | Step::Card(_)) => listing.next_page().map_or(Lookup::None, |codes| listed(codes, listing)),
            _ => Lookup::None,
        },
        Intent::Back { again } => match (session.step, &session.listing) {
            (Step::Card(code), _) if *again => Lookup::Record(code),
            (Step::Listing, _) if !*again => Lookup::None,
            (Step::Listing | Step::Card(_), Some(listing)) => listed(listing.page(), listing),
            _ => here(session, setting).map_or(Lookup::None, |wanted| behind(&wanted, session, setting)),
        },
        // What is taken away is found first: it may have gone since.
        Intent::Keep => match (session.step, &session.listing) {
            (Step::Card(code), _) => Lookup::Record(code),
            (Step::Listing, Some(listing)) => listed(listing.page(), listing),
            _ => Lookup::None,
        },
        Intent::Code(Typed::Right(code)) => Lookup::Record(*code),
        Intent::Ticket(digits) => Ticket::parse(digits).map_or(Lookup::None, Lookup::Ticket),
        Intent::Report | Intent::Detail => meant(session).map_or(Lookup::None, Lookup::Record),
        _ => Lookup::None,
    }
}

/// What to say and what to remember.
pub fn answer(understood: &Understanding, found: &Found, session: Session, setting: &Setting<'_>) -> (Answer, Session) {
    let mut turn = Turn::new(setting, found, understood.language, session);
    turn.take(&understood.intent);
    let (mut answer, session) = turn.finish();
    let shown = answer.records();
    answer.demo = found.hits.iter().any(|hit| hit.brief.demo && shown.contains(&hit.brief.code));
    (answer, session)
}

/// The question that waits for its place, answered by "here".
fn here(session: &Session, setting: &Setting<'_>) -> Option<Wanted> {
    let (pending, home) = (session.pending.as_ref()?, setting.home.filter(|_| setting.manner.asks_where)?);
    Some(Wanted { locality: Some(home.clone()), ..pending.clone() })
}

/// The codes of what is shown: what somebody takes away.
pub fn shown(session: &Session) -> Vec<Code> {
    match (session.step, &session.listing) {
        (Step::Card(code), _) => vec![code],
        (Step::Listing, Some(listing)) => listing.page().to_vec(),
        _ => Vec::new(),
    }
}

fn query(wanted: &Wanted, session: &Session, setting: &Setting<'_>, offers_only: bool) -> Lookup {
    let is_placed = wanted.locality.is_some() && !wanted.guesses_place;
    let Some(place) = wanted.locality.as_ref().or(session.place.as_ref()).or(setting.assumed()) else {
        return by_name(wanted, setting);
    };
    let mut wanted = Wanted { locality: Some(place.clone()), ..wanted.clone() };
    if offers_only && wanted.kinds.is_empty() && wanted.needs.is_empty() {
        wanted.kinds = REQUESTED.to_vec();
    }
    let territory = setting.vocabulary.territory();
    let here = place.postal_codes.first().and_then(|code| territory.point(place.country, code));
    let around = place.postal_codes.first().map(|code| setting.vocabulary.around(place.country, code)).unwrap_or_default();
    let areas = place.postal_codes.first().map(|code| setting.vocabulary.areas_around(place.country, code)).unwrap_or_default();
    let reach_km = reach(&wanted, place, here, &around, setting);
    let mut postal_codes = place.postal_codes.clone();
    let is_within = |code: &&String| {
        let far = || Some(here?.distance_km(territory.point(place.country, code)?));
        far().is_some_and(|far| far <= reach_km)
    };
    let near: Vec<String> = around.iter().filter(|code| !place.postal_codes.contains(code)).filter(is_within).cloned().collect();
    postal_codes.extend(near);
    Lookup::Records(Box::new(Query { postal_codes, country: place.country, here, around, areas, reach_km, is_placed, wanted }))
}

/// What a search finds; behind a door that offers its needs, these too; behind the door of safety none, which shows help at once.
fn behind(wanted: &Wanted, session: &Session, setting: &Setting<'_>) -> Lookup {
    let is_sensitive = wanted.themes.first().is_some_and(|theme| theme.is_sensitive());
    match query(wanted, session, setting, false) {
        Lookup::Records(query) if setting.manner.offers_needs && wanted.is_a_door() && !is_sensitive => Lookup::Door(query),
        lookup => lookup,
    }
}

/// What is looked for once the need with this digit was chosen.
fn chosen(session: &Session, number: u8) -> Option<Wanted> {
    let offered = session.offered.as_ref()?;
    let need = offered.needs.get(usize::from(number).checked_sub(1)?)?;
    Some(offered.wanted.for_need(*need))
}

/// The same, by name alone: a greeting and a place look for nothing else.
fn called(lookup: Lookup) -> Lookup {
    match lookup {
        Lookup::Records(query) => Lookup::Records(Box::new(Query { postal_codes: Vec::new(), around: Arc::default(), areas: Arc::default(), ..*query })),
        other => other,
    }
}

/// True where something was found that bears this name and no other. What is only found by who needs it is no name for what
/// was understood as danger.
pub fn bears_name(found: &Found, wanted: &Wanted, understood: &Understanding) -> bool {
    let may_be = |hit: &&Hit| !matches!(understood.intent, Intent::Danger(_)) || !hit.brief.is_sensitive();
    found.hits.iter().filter(may_be).any(|hit| name::is_nearly_whole(&hit.brief.name, wanted))
}

/// The entry of a name, wherever it is: asked for without a place.
pub fn by_name(wanted: &Wanted, setting: &Setting<'_>) -> Lookup {
    if wanted.said.is_empty() {
        return Lookup::None;
    }
    let country = setting.home.map(|home| home.country).unwrap_or_default();
    Lookup::Records(Box::new(Query {
        wanted: wanted.clone(),
        postal_codes: Vec::new(),
        country,
        here: None,
        around: Arc::default(),
        areas: Arc::default(),
        reach_km: 0.0,
        is_placed: false,
    }))
}

/// Around a place in a town there are so many others within [`TOWN_KM`].
const TOWN_PLACES: usize = 4;
const TOWN_KM: f64 = 5.0;

/// How far people go for what has no need of its own, in a town and in the country.
const REACH_TOWN_KM: f64 = 5.0;
const REACH_COUNTRY_KM: f64 = 15.0;

/// How far people go: for the need that is asked for, from there. A region or a commune of many codes is asked whole.
fn reach(wanted: &Wanted, place: &Locality, here: Option<Point>, around: &[String], setting: &Setting<'_>) -> f64 {
    let territory = setting.vocabulary.territory();
    let point = |code: &String| territory.point(place.country, code);
    let far = |code: &String| Some(here?.distance_km(point(code)?));
    let near = around.iter().filter(|code| far(code).is_some_and(|far| far <= TOWN_KM)).count();
    let is_town = near >= TOWN_PLACES || place.postal_codes.len() >= TOWN_PLACES;
    let own = wanted.needs.iter().map(|need| f64::from(need.reach(is_town))).fold(0.0, f64::max);
    let usual = if is_town { REACH_TOWN_KM } else { REACH_COUNTRY_KM };
    let reach = if own > 0.0 { own } else { usual };
    place.postal_codes.iter().filter_map(far).fold(reach, f64::max)
}

/// True where nothing else of the theme can stand for the word without saying so.
fn names_one_thing(wanted: &Wanted, vocabulary: &Vocabulary) -> bool {
    let is_thing = wanted.words.first().is_some_and(|word| vocabulary.is_thing(word));
    is_thing || wanted.themes.first().is_some_and(|theme| matches!(theme, Theme::Social | Theme::Learn | Theme::Goods | Theme::Green | Theme::Mobility))
}

fn listed(codes: &[Code], listing: &Listing) -> Lookup {
    Lookup::Listed { codes: codes.to_vec(), wanted: Box::new(listing.wanted.clone()) }
}

fn picked(session: &Session, number: u8) -> Option<Code> {
    let listing = session.listing.as_ref()?;
    listing.page().get(usize::from(number).checked_sub(1)?).copied()
}

/// The record that somebody means by "it is closed" or "where is it": the one they look at, or the only one listed.
fn meant(session: &Session) -> Option<Code> {
    match (session.step, &session.listing) {
        (Step::Card(code), _) => Some(code),
        (Step::Listing, Some(listing)) => match listing.page() {
            [only] => Some(*only),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests;
