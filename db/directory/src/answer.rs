//! What is answered, as meaning: a renderer of each channel decides what fits and how it is said.

use chrono::NaiveDateTime;

use crate::closed::closed_list;
use crate::code::Code;
use crate::emergency::EmergencyNumber;
use crate::language::Language;
use crate::need::Need;
use crate::phone::Phone;
use crate::query::{Days, Wanted};
use crate::record::{Cost, Shown, WayIn};
use crate::theme::{Audience, Theme};
use crate::ticket::Ticket;

/// The answer of one turn.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The language to say it in.
    pub language: Language,
    /// What is said, most important first.
    pub blocks: Vec<Block>,
    /// The keys that do something next.
    pub choices: Vec<Choice>,
    /// What the program must write down beside the answer.
    pub notes: Vec<Note>,
    /// Nothing of this turn may stay with the sender: no text, no sender in the journal.
    pub leaves_no_trace: bool,
    /// The asker was promised a call: the program must see to it.
    pub hand_over: Option<HandOver>,
    /// Some of what is shown was invented for a demonstration.
    pub demo: bool,
}

impl Answer {
    /// The codes of the records shown, in order.
    pub fn records(&self) -> Vec<Code> {
        self.blocks
            .iter()
            .filter_map(|block| match block {
                Block::Entry(entry) => Some(entry.code),
                Block::Card(card) => Some(card.entry.code),
                _ => None,
            })
            .collect()
    }

    /// What an entry of the listing is, where neither its name nor the heading says it.
    pub fn what(&self, entry: &Entry) -> Option<What> {
        let title = self.blocks.iter().find_map(|block| if let Block::Title(title) = block { Some(title) } else { None });
        entry.what.filter(|what| !self.leaves_no_trace && !title.is_some_and(|title| title.says(*what, self.language)))
    }

    /// For whom alone an entry is; nothing where nobody may read over the asker's shoulder what they need.
    pub fn only_for<'a>(&self, entry: &'a Entry) -> &'a [Audience] {
        if self.leaves_no_trace { &[] } else { &entry.only_for }
    }
}

/// One thing said.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// What the listing answers.
    Title(Title),
    /// One numbered entry of a listing.
    Entry(Entry),
    /// All about one record.
    Card(Box<Card>),
    /// A sentence.
    Say(Sentence),
    /// Numbers to call in danger, the most urgent first.
    Emergency(Vec<EmergencyNumber>),
    /// A page of doors: digit and label.
    Doors(Vec<(u8, String)>),
    /// What the entries behind a door are there for: digit and need.
    Needs(Vec<(u8, Need)>),
}

/// What a listing answers: subject, place, days.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Title {
    /// The main theme, unless it must not be named.
    pub theme: Option<Theme>,
    /// The need that is listed, where one was asked for: unless it must not be named.
    pub need: Option<Need>,
    /// The word that people typed and that the entries hold, where it says more than the theme.
    pub word: Option<String>,
    /// The thing asked for that was not found: what follows is only near to it.
    pub missing: Option<String>,
    /// Postal code or name of the place.
    pub place: Option<String>,
    /// The days asked for.
    pub days: Option<Days>,
    /// Events were asked for.
    pub agenda: bool,
    /// Only what is open now.
    pub open_now: bool,
}

impl Title {
    /// True where the heading names this already.
    fn says(&self, what: What, language: Language) -> bool {
        let by_word = |label: &str| {
            let word = self.word.as_deref().map(words::fold).filter(|word| !word.is_empty());
            word.is_some_and(|word| words::fold(label).split(' ').any(|part| words::stem(part) == words::stem(&word)))
        };
        match what {
            What::Need(need) => self.need == Some(need) || by_word(need.short(language)),
            What::Theme(theme) => self.theme == Some(theme) && self.need.is_none(),
        }
    }
}

/// What an entry is, in a word or two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// It answers this need, by whose label it is called.
    Need(Need),
    /// No need is known of it: what it is about.
    Theme(Theme),
}

/// When a visitor can come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coming {
    /// Open; until when, or day and night.
    OpenUntil(Option<NaiveDateTime>),
    /// Closed; opens then.
    Opens(NaiveDateTime),
    /// Closed for now, no opening known.
    Closed,
    /// Takes place then; `all_day` without hours.
    At {
        /// Local start.
        start: NaiveDateTime,
        /// Whole days.
        all_day: bool,
    },
    /// Cancelled, postponed or full: never announced as "come".
    Off(Off),
    /// Not known; whoever phones is told.
    AskByPhone,
    /// Not known.
    Unknown,
}

/// Why one should not come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Off {
    /// Will not take place.
    Cancelled,
    /// Will be later.
    Postponed,
    /// No room left.
    Full,
    /// Only for professionals, or the place receives no public: phone.
    NotForVisitors,
}

/// One entry of a listing.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// 1 to 3.
    pub number: u8,
    /// The record's code.
    pub code: Code,
    /// Its name in the language of the answer or the nearest one.
    pub name: String,
    /// What it is, where its name does not say it; nothing of a sensitive one.
    pub what: Option<What>,
    /// When one can come.
    pub coming: Coming,
    /// What it costs.
    pub cost: Cost,
    /// Nobody else is received; empty for everybody, and for a sensitive one.
    pub only_for: Vec<Audience>,
    /// Whether one may just come.
    pub way_in: WayIn,
    /// Postal code or commune, where it differs from the place asked for.
    pub place: Option<String>,
    /// Kilometres from the place asked for, where known and elsewhere.
    pub distance_km: Option<f64>,
    /// What may be said of its truth.
    pub shown: Shown,
}

/// All about one record.
#[derive(Debug, Clone, PartialEq)]
pub struct Card {
    /// What a listing says of it.
    pub entry: Entry,
    /// One plain sentence on what it is.
    pub short: Option<String>,
    /// Street and number.
    pub street: Option<String>,
    /// Postal code and commune.
    pub locality: Option<String>,
    /// How to get there.
    pub hint: Option<String>,
    /// Opening hours or dates in words.
    pub hours: Hours,
    /// Conditions to get in.
    pub conditions: Option<String>,
    /// The phone number.
    pub phone: Option<Phone>,
}

/// Opening hours as far as they can be said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hours {
    /// The same every week.
    Weekly(crate::schedule::Week),
    /// The next openings, where weeks differ.
    Next(Vec<(NaiveDateTime, NaiveDateTime)>),
    /// At any time.
    Always,
    /// The source's own words.
    Words(String),
    /// The next dates of an event.
    Dates(Vec<NaiveDateTime>),
    /// Closed for the time being.
    Closed,
    /// Not known; whoever phones is told.
    AskByPhone,
    /// Not known.
    Unknown,
}

/// A sentence with what it speaks of.
#[derive(Debug, Clone, PartialEq)]
pub enum Sentence {
    /// How to ask.
    Help,
    /// Where? Send a postal code.
    Where(Wanted),
    /// Where? Send word and postal code together: the word is not kept.
    WhereAgain,
    /// Send the code of an entry to know all of it.
    SendCode,
    /// What? A place alone was sent.
    What(String),
    /// Not understood.
    Unclear,
    /// What can be read here: what was sent cannot.
    Readable,
    /// A digit with nothing to choose from.
    NothingToPick,
    /// A house or service that helps and is open, near by; its code opens it.
    Refuge {
        /// What it is called.
        name: String,
        /// What opens it.
        code: Code,
    },
    /// Which of the entries listed is meant? Its digit says so.
    WhichOne,
    /// It may be danger: whom to call first.
    EmergencyFirst,
    /// It is not sure what is looked for: which of the needs that follow?
    WhichNeed,
    /// Not among the choices.
    NoSuchChoice(u8),
    /// Nothing found; counted without a name.
    NothingFound(Title),
    /// Everything was shown.
    NoMore,
    /// A person: name and number, where a desk is set up.
    Person(Option<Desk>),
    /// A person will call back; whom to call instead, where a desk is set up.
    CallBack(Option<Desk>),
    /// At what hour best?
    WhenCall,
    /// They will be called at that hour if it can be.
    HourNoted(BestHour),
    /// Nothing more will be sent.
    Stopped,
    /// Messages again.
    Started,
    /// Goodbye.
    Thanks,
    /// The language was changed.
    LanguageSet,
    /// The languages there are, each named in itself.
    WhichLanguage,
    /// Which slip? Type its number.
    WhichTicket,
    /// What is shown was sent to the asker's phone.
    Texted,
    /// What is shown can be asked for by this number.
    TicketIs(Ticket),
    /// What is shown cannot be taken away: the subject is sensitive.
    NotKept,
    /// A wrong code: read it again.
    MisreadCode,
    /// No record has this code.
    NoSuchCode(Code),
    /// A wrong ticket number: read it again.
    MisreadTicket,
    /// No slip has this number.
    NoSuchTicket,
    /// Noted that a record is wrong.
    Doubted(String),
    /// Which record is wrong? Send its code.
    DoubtWhich,
    /// An offer goes through a person.
    OfferByPerson(Option<Desk>),
    /// Nobody nearby lends that yet.
    RequestByPerson(Option<Desk>),
    /// In danger: call.
    Danger,
    /// A place where somebody helps, too, under the numbers to call in danger.
    OrPlace(Desk),
    /// Others may read this telephone: erase the message.
    EraseThis,
}

/// Where a person answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Desk {
    /// The place's name.
    pub name: String,
    /// Its phone number.
    pub phone: Phone,
}

closed_list! {
    /// When somebody likes best to be called.
    BestHour {
        /// Before noon.
        Morning = "morning",
        /// From noon on.
        Afternoon = "afternoon",
        /// After work.
        Evening = "evening",
    }
}

/// What whoever calls the asker back may know of the conversation.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HandOver {
    /// What they looked for last, unless the subject is sensitive.
    pub theme: Option<Theme>,
    /// Where.
    pub postal_code: Option<String>,
    /// When they like best to be called.
    pub hour: Option<BestHour>,
}

/// A key and what it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// The key, the same on every channel.
    pub key: char,
    /// What it does.
    pub action: Action,
}

/// What a key does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Opens an entry or a door.
    Pick,
    /// Shows more.
    More,
    /// A person.
    Person,
    /// Goes back.
    Back,
    /// Takes away what is shown, or asks for what was taken away.
    Keep,
    /// Shows all that is behind a door whose needs are offered.
    Everything,
}

impl Action {
    /// The action's name in `--json`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pick => "pick",
            Self::More => "more",
            Self::Person => "person",
            Self::Back => "back",
            Self::Keep => "keep",
            Self::Everything => "everything",
        }
    }
}

/// What the program must write down, without the sender.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// Somebody looked for this and it was not there.
    Unmet {
        /// The theme looked for, if any.
        theme: Option<Theme>,
        /// Where.
        postal_code: Option<String>,
    },
    /// Somebody said that this record is wrong.
    Doubt(Code),
    /// A message under the record's own number said that it is right.
    Right(Code),
}
