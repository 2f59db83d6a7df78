//! What a message means: `read` turns a text, a key or a touch into one [`Intent`].
//!
//! Reserved words are looked at before any state of the conversation; then danger, codes and
//! tickets; then places, times and themes in any order. What is not understood is
//! [`Intent::Unclear`], never an error.

pub(crate) mod act;
mod alarm;
mod because;
mod command;
mod figures;
mod follow;
mod idiom;
mod needs;
mod neighbour;
mod reaction;
mod refusal;
mod resemble;
mod scan;
mod search;
mod sign;
mod subject;
mod token;
mod weigh;
mod when;

pub use because::{Reason, because};
use chrono::DateTime;
use chrono_tz::Tz;

use token::Tokens;

use crate::code::Typed;
use crate::danger;
use crate::language::Language;
use crate::locality::Locality;
use crate::name;
use crate::query::Wanted;
use crate::session::Session;
use crate::vocabulary::Vocabulary;

/// At most this many characters of a message are read; two full SMS parts of Unicode and more.
const MOST_CHARACTERS: usize = 640;

/// What reached us: a text, keys, a choice on a screen, a position, silence, or the start of a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A typed message.
    Text(String),
    /// Keys of a phone or number pad.
    Digits(String),
    /// A touch or a bot button: the key it stands for.
    Choice(char),
    /// A button of a page of doors, which does the same however old the page is: page and key.
    Door(u8, u8),
    /// Where somebody is, by the place nearest to the position that they shared.
    Place(Locality),
    /// Something that nobody here can read: a picture without words, a sticker.
    Unreadable,
    /// Nothing came in time.
    Silence,
    /// Somebody arrived.
    Start,
}

/// What a message means.
#[derive(Debug, Clone, PartialEq)]
pub enum Intent {
    /// Looks for something.
    Search(Wanted),
    /// Chooses an entry of the last listing, from 1.
    Pick(u8),
    /// The next entries.
    More,
    /// The screen before; `again` shows the same one once more (key `#`).
    Back {
        /// Repeat rather than go back.
        again: bool,
    },
    /// A record's code.
    Code(Typed),
    /// A slip's ticket number, digits only.
    Ticket(String),
    /// A person, please.
    Human,
    /// Something in the directory is wrong.
    Report,
    /// What is said of an entry, where several are listed or one is shown: where it is, when, what it costs.
    Detail,
    /// What was listed is too far away: the same is looked for, from elsewhere.
    Nearer(Wanted),
    /// Offers something to neighbours.
    Offer(Wanted),
    /// Asks a neighbour for a hand or a loan.
    Request(Wanted),
    /// Wants to go on in that language, or asks which there are.
    Language(Option<Language>),
    /// How does this work?
    Help,
    /// To take with them what is shown.
    Keep,
    /// No more messages.
    Stop,
    /// Messages again.
    Start,
    /// Violence or danger to life: emergency numbers first.
    Danger(Wanted),
    /// Thanks, goodbye.
    Thanks,
    /// Not understood; what was understood of it (a place) is kept.
    Unclear(Wanted),
    /// Neither words nor keys.
    Unreadable,
}

impl Intent {
    /// The intent's name, the same everywhere in code, configuration and `--json`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Search(_) | Self::Nearer(_) => "search",
            Self::Pick(_) | Self::Detail => "pick",
            Self::More => "more",
            Self::Back { .. } => "back",
            Self::Code(_) => "code",
            Self::Ticket(_) => "ticket",
            Self::Human => "human",
            Self::Report => "report",
            Self::Offer(_) => "offer",
            Self::Request(_) => "request",
            Self::Language(_) => "language",
            Self::Help => "help",
            Self::Keep => "keep",
            Self::Stop => "stop",
            Self::Start => "start",
            Self::Danger(_) => "danger",
            Self::Thanks => "thanks",
            Self::Unclear(_) => "unclear",
            Self::Unreadable => "unreadable",
        }
    }

    /// What is looked for, where the intent carries it.
    pub fn wanted(&self) -> Option<&Wanted> {
        match self {
            Self::Search(wanted) | Self::Nearer(wanted) | Self::Offer(wanted) | Self::Request(wanted) | Self::Danger(wanted) | Self::Unclear(wanted) => {
                Some(wanted)
            }
            _ => None,
        }
    }
}

/// An intent and the language it was said in.
#[derive(Debug, Clone, PartialEq)]
pub struct Understanding {
    /// What it means.
    pub intent: Intent,
    /// The language to answer in.
    pub language: Language,
}

/// Reads an input in the light of the conversation so far. `now` is the local time at which it is
/// read.
pub fn read(input: &Input, session: &Session, vocabulary: &Vocabulary, now: DateTime<Tz>) -> Understanding {
    let spoken = session.language.unwrap_or_default();
    let mut key_text = [0; 4];
    let text = match input {
        // Whoever arrives says in which language to go on, unless that is known.
        Input::Start => return Understanding { intent: Intent::Language(session.language), language: spoken },
        // Whoever says nothing cannot, or is lost: both need a person.
        Input::Silence => return Understanding { intent: Intent::Human, language: spoken },
        // A position is a place whatever was asked for: its postal code is no number of a slip.
        Input::Place(place) => return Understanding { intent: search::read_position(place, session), language: spoken },
        Input::Unreadable => return Understanding { intent: Intent::Unreadable, language: spoken },
        Input::Door(page, key) => {
            let wanted = vocabulary.door(*page, *key).map(Intent::Search);
            return Understanding { intent: wanted.unwrap_or_else(|| Intent::Unclear(Wanted::default())), language: spoken };
        }
        Input::Choice(key) => &*key.encode_utf8(&mut key_text),
        Input::Digits(digits) => digits,
        Input::Text(text) => readable(text),
    };
    if let Some(intent) = command::read_key(text.trim(), vocabulary.emergency()).or_else(|| command::read_awaited_ticket(text.trim(), session)) {
        return Understanding { intent, language: spoken };
    }
    if let Some(language) = reaction::language(text) {
        return Understanding { intent: Intent::Thanks, language };
    }
    let today = now.date_naive();
    let tokens = Tokens::read(text, vocabulary, today);
    let message = scan::scan(&tokens, vocabulary, session.language);
    let heard = danger::hear(text);
    let folded = words::fold(text);
    let resembled = resemble::Resembled::new(&folded, session);
    let about = || follow::read_about(&message, &resembled, session).filter(|_| heard.danger.is_none());
    let intent = command::read_command((text, &folded), &message, &heard, &resembled, session).or_else(about);
    let intent = intent.unwrap_or_else(|| search::read_search(&message, &heard, &resembled, session, vocabulary, today));
    let intent = match intent {
        Intent::Unclear(wanted) if !heard.asks_silence && heard.danger.is_none() => {
            command::resembling_rather(&message, &resembled, session).unwrap_or(Intent::Unclear(wanted))
        }
        intent => intent,
    };
    let language = match intent {
        Intent::Language(Some(language)) => language,
        Intent::Danger(_) => said_in(&heard, message.language),
        _ => message.language,
    };
    Understanding { intent, language }
}

/// So many words that say something may be a name; fewer, and more, are what they seem.
const WORDS_OF_NAME: std::ops::RangeInclusive<usize> = 2..=8;

/// What to look for where all that was typed may be the name of an entry ("L'Étage Tranquille", which also asks to be left
/// alone). `None` where it was understood as a search, which looks for names too, or as a key.
pub fn possible_name(input: &Input, understood: &Understanding) -> Option<Wanted> {
    let Input::Text(text) = input else { return None };
    let may_be = matches!(
        understood.intent,
        Intent::Human
            | Intent::Report
            | Intent::Offer(_)
            | Intent::Help
            | Intent::Stop
            | Intent::Start
            | Intent::Thanks
            | Intent::Language(_)
            | Intent::Danger(_)
    );
    let said = name::words_of(readable(text));
    (may_be && WORDS_OF_NAME.contains(&said.len())).then(|| Wanted { said, ..Wanted::default() })
}

/// As much of a text as is read.
fn readable(text: &str) -> &str {
    text.char_indices().nth(MOST_CHARACTERS).and_then(|(end, _)| text.get(..end)).unwrap_or(text)
}

/// The language in which danger was said, where that of the whole message is none of those.
fn said_in(heard: &danger::Heard, voted: Language) -> Language {
    let languages = heard.danger.as_ref().map(|danger| danger.languages.as_slice()).unwrap_or_default();
    languages.first().filter(|_| !languages.contains(&voted)).copied().unwrap_or(voted)
}

#[cfg(test)]
mod tests;
