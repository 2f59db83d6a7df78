//! Telegram: updates in, chat messages out. Types and requests are teloxide's; the intake is ours, so that nothing is
//! acknowledged before it is kept.

pub mod poll;
pub mod send;
pub mod speak;

use directory::intent::Input;
use directory::language::Language;
use directory::locality::Point;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;
use teloxide::types::{Message, Update, UpdateKind};

use crate::render::chat::{Button, CODE, Chat, DOOR, KEY, LISTEN};

/// The channel's name.
pub const TELEGRAM: &str = "telegram";

/// Positions are rounded to about this many metres, before anything is done with them.
const GRID_METRES: f64 = 200.0;

/// Metres in a degree of latitude.
const METRES_PER_DEGREE: f64 = 111_320.0;

/// What reached us.
#[derive(Clone, PartialEq)]
pub struct Received {
    /// The update's number: an update that comes twice has the same.
    pub update: u32,
    /// The chat.
    pub chat: i64,
    /// The language that their telephone speaks.
    pub language: Option<Language>,
    /// What they did.
    pub what: What,
    /// The message whose button was pressed: it is edited in place.
    pub edits: Option<i32>,
    /// The press to be acknowledged.
    pub press: Option<String>,
    /// They want to hear it.
    pub aloud: bool,
}

impl std::fmt::Debug for Received {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Received").field("update", &self.update).finish_non_exhaustive()
    }
}

/// What somebody did in a chat.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// Typed, or pressed a button.
    Said(Input),
    /// Shared their position, already rounded.
    Here(Point),
    /// Spoke; the carrier's name for the recording.
    Spoke(String),
    /// Blocked us, or left.
    Left,
}

/// True where a webhook carries the secret that we gave the carrier (`X-Telegram-Bot-Api-Secret-Token`), in constant time.
pub fn is_ours(given: Option<&str>, secret: &str) -> bool {
    given.is_some_and(|given| bool::from(given.as_bytes().ct_eq(secret.as_bytes())))
}

/// Reads an update; nothing where it is none for us: a group, a picture, somebody else's edit.
pub fn accept(body: &[u8]) -> Option<Received> {
    read(serde_json::from_slice(body).ok()?)
}

/// Reads an update as it came.
pub fn read(update: Update) -> Option<Received> {
    let id = update.id.0;
    match update.kind {
        UpdateKind::Message(message) if message.chat.is_private() => read_message(id, &message),
        UpdateKind::CallbackQuery(query) => {
            let message = query.message.as_ref()?;
            let data = query.data.as_deref().unwrap_or_default();
            let input = read_button(data)?;
            Some(Received {
                update: id,
                chat: message.chat().id.0,
                language: language(query.from.language_code.as_deref()),
                what: What::Said(input),
                edits: Some(message.id().0),
                press: Some(query.id.0.clone()),
                aloud: data == LISTEN,
            })
        }
        UpdateKind::MyChatMember(change) if change.new_chat_member.is_banned() || change.new_chat_member.is_left() => {
            Some(Received { update: id, chat: change.chat.id.0, language: None, what: What::Left, edits: None, press: None, aloud: false })
        }
        _ => None,
    }
}

fn read_message(id: u32, message: &Message) -> Option<Received> {
    let what = if let Some(text) = message.text() {
        What::Said(read_text(text))
    } else if let Some(location) = message.location() {
        What::Here(rounded(location.latitude, location.longitude))
    } else if let Some(voice) = message.voice() {
        What::Spoke(voice.file.id.0.clone())
    } else {
        return None;
    };
    let aloud = message.text().is_some_and(|text| text.trim() == "#");
    let language = language(message.from.as_ref().and_then(|user| user.language_code.as_deref()));
    Some(Received { update: id, chat: message.chat.id.0, language, what, edits: None, press: None, aloud })
}

/// Commands are words of ours with a slash before them: `/stop`, `/start`, `/aide`.
fn read_text(text: &str) -> Input {
    match text.strip_prefix('/') {
        Some(command) => {
            let word = command.split(['@', ' ']).next().unwrap_or_default();
            // What a START means elsewhere, messages again, is not what the first press in a chat means.
            if word.eq_ignore_ascii_case("start") { Input::Start } else { Input::Text(word.to_owned()) }
        }
        None => Input::Text(text.to_owned()),
    }
}

fn read_button(data: &str) -> Option<Input> {
    if data == LISTEN {
        return Some(Input::Choice('#'));
    }
    if let Some(key) = data.strip_prefix(KEY) {
        return key.chars().next().map(Input::Choice);
    }
    if let Some(door) = data.strip_prefix(DOOR) {
        let mut digits = door.chars().filter_map(|digit| u8::try_from(digit.to_digit(10)?).ok());
        return Some(Input::Door(digits.next()?, digits.next()?));
    }
    data.strip_prefix(CODE).map(|code| Input::Text(code.to_owned()))
}

fn language(code: Option<&str>) -> Option<Language> {
    code.and_then(Language::from_code)
}

/// A position on a grid of 200 m: nearer than that nobody has to know.
fn rounded(latitude: f64, longitude: f64) -> Point {
    let to_grid = |degrees: f64, metres_per_degree: f64| (degrees * metres_per_degree / GRID_METRES).round() * GRID_METRES / metres_per_degree;
    let lat = to_grid(latitude, METRES_PER_DEGREE);
    Point { lat, lon: to_grid(longitude, METRES_PER_DEGREE * lat.to_radians().cos().abs().max(0.01)) }
}

/// A chat message on its way out, as the outbox keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outgoing {
    /// Its text.
    pub text: String,
    /// Its buttons.
    #[serde(default)]
    pub rows: Vec<Vec<Button>>,
    /// The message that it takes the place of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edits: Option<i32>,
    /// The press to be acknowledged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub press: Option<String>,
    /// With a button that sends the asker's position.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asks_place: Option<String>,
    /// What is said aloud, and in which language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aloud: Option<(Language, String)>,
}

impl Outgoing {
    /// A message without buttons.
    pub fn plain(text: String) -> Self {
        Self { text, rows: Vec::new(), edits: None, press: None, asks_place: None, aloud: None }
    }

    /// An answer to what came.
    pub fn to(received: &Received, chat: Chat, place_button: String, aloud: Option<(Language, String)>) -> Self {
        let Chat { text, rows, asks_place } = chat;
        Self { text, rows, edits: received.edits, press: received.press.clone(), asks_place: asks_place.then_some(place_button), aloud }
    }

    /// As it is kept.
    pub fn write(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
