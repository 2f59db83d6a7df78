//! Updates as they come, read leniently: of each only what we need, whatever else stands in it. Who sends a kind of message
//! that was invented yesterday has written to us all the same.

use directory::intent::Input;
use directory::language::Language;
use directory::locality::Point;
use serde_json::Value;
use subtle::ConstantTimeEq;

use crate::channel::telegram::render::{CODE, DOOR, ERASE, KEY, LISTEN};

/// Positions are rounded to about this many metres, before anything is done with them.
const GRID_METRES: f64 = 200.0;

/// Metres in a degree of latitude.
const METRES_PER_DEGREE: f64 = 111_320.0;

/// What somebody says aloud: a voice message, a round video, a sound file.
const SPOKEN: [&str; 3] = ["/voice/file_id", "/video_note/file_id", "/audio/file_id"];

/// What Telegram itself notes in a chat: nobody waits for an answer to it.
const NOTES: [&str; 12] = [
    "pinned_message",
    "message_auto_delete_timer_changed",
    "write_access_allowed",
    "connected_website",
    "chat_background_set",
    "boost_added",
    "users_shared",
    "chat_shared",
    "web_app_data",
    "successful_payment",
    "refunded_payment",
    "proximity_alert_triggered",
];

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
    /// Their message, by the chat's number of it; behind a button the one that the message with the button answers.
    pub message: Option<i32>,
    /// The album that their picture is one of.
    pub album: Option<String>,
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
    /// Sent something that we cannot read.
    Showed,
    /// Wants the message with this button erased, and the question before it; the language that both were in.
    Erase(Option<Language>),
    /// Blocked us, or left.
    Left,
}

impl Received {
    /// The name of the turn: an album is one, however many pictures it has.
    pub fn carrier_id(&self) -> String {
        match &self.album {
            Some(album) if self.what == What::Showed => format!("album {album}"),
            _ => self.update.to_string(),
        }
    }
}

/// True where a webhook carries the secret that we gave the carrier (`X-Telegram-Bot-Api-Secret-Token`), in constant time.
pub fn is_ours(given: Option<&str>, secret: &str) -> bool {
    given.is_some_and(|given| bool::from(given.as_bytes().ct_eq(secret.as_bytes())))
}

/// Reads an update as it was posted; `None` where it is none for us: a group, somebody's edit.
pub fn accept(body: &[u8]) -> Option<Received> {
    read(&serde_json::from_slice(body).ok()?)
}

/// Reads an update as it came.
pub fn read(update: &Value) -> Option<Received> {
    let id = update.get("update_id")?.as_u64().and_then(|id| u32::try_from(id).ok())?;
    if let Some(message) = update.get("message") {
        return read_message(id, message);
    }
    if let Some(query) = update.get("callback_query") {
        return read_press(id, query);
    }
    let change = update.get("my_chat_member")?;
    let is_gone = matches!(text(change, "/new_chat_member/status")?, "kicked" | "left");
    Some(Received { what: What::Left, ..bare(id, change)? }).filter(|_| is_gone)
}

fn read_message(id: u32, message: &Value) -> Option<Received> {
    let received = bare(id, message)?;
    let typed = text(message, "/text");
    let aloud = typed.is_some_and(|text| text.trim() == "#");
    let what = match (typed, text(message, "/caption")) {
        (Some(text), _) => What::Said(read_text(text)),
        (None, caption) => match SPOKEN.iter().find_map(|spoken| text(message, spoken)) {
            Some(file) => What::Spoke(file.to_owned()),
            None => caption.map(|caption| What::Said(read_text(caption))).or_else(|| read_position(message)).unwrap_or(What::Showed),
        },
    };
    if what == What::Showed && NOTES.iter().any(|note| message.get(note).is_some()) {
        return None;
    }
    Some(Received { what, aloud, message: number(message, "/message_id"), album: owned(message, "/media_group_id"), ..received })
}

/// A button. The question that its message answers is known by the button that erases both.
fn read_press(id: u32, query: &Value) -> Option<Received> {
    let data = text(query, "/data")?;
    let (what, question) = match data.strip_prefix(ERASE) {
        Some(of) => read_erase(of),
        None => (What::Said(read_button(data)?), erased_with(query)),
    };
    Some(Received {
        language: language(query),
        what,
        message: question,
        edits: Some(number(query, "/message/message_id")?),
        press: Some(owned(query, "/id")?),
        aloud: data == LISTEN,
        ..bare(id, query.get("message")?)?
    })
}

/// What is known of whatever happened in a private chat.
fn bare(update: u32, happened: &Value) -> Option<Received> {
    let is_private = text(happened, "/chat/type") == Some("private");
    let chat = happened.pointer("/chat/id")?.as_i64().filter(|_| is_private)?;
    let (language, what) = (language(happened), What::Showed);
    Some(Received { update, chat, language, what, message: None, album: None, edits: None, press: None, aloud: false })
}

/// Commands are words of ours with a slash before them and perhaps our name behind: `/stop`, `/manger@our_bot 1030`.
pub(super) fn read_text(text: &str) -> Input {
    let Some(command) = text.strip_prefix('/') else { return Input::Text(text.to_owned()) };
    let (word, rest) = command.split_once(char::is_whitespace).unwrap_or((command, ""));
    let word = word.split_once('@').map_or(word, |(word, _our_name)| word);
    // What a START means elsewhere, messages again, is not what the first press in a chat means.
    if word.eq_ignore_ascii_case("start") {
        return Input::Start;
    }
    Input::Text(format!("{word} {rest}").trim().to_owned())
}

pub(super) fn read_button(data: &str) -> Option<Input> {
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

/// Language and question of a button that erases.
fn read_erase(of: &str) -> (What, Option<i32>) {
    let (code, question) = of.split_at_checked(2).unwrap_or((of, ""));
    (What::Erase(Language::from_code(code)), question.parse().ok())
}

/// The question that the button erases which stands under the message of this press.
fn erased_with(query: &Value) -> Option<i32> {
    let rows = query.pointer("/message/reply_markup/inline_keyboard")?.as_array()?;
    let mut buttons = rows.iter().filter_map(Value::as_array).flatten();
    buttons.find_map(|button| text(button, "/callback_data")?.strip_prefix(ERASE)).and_then(|of| read_erase(of).1)
}

/// A position, or that of a place with a name.
fn read_position(message: &Value) -> Option<What> {
    let location = message.get("location").or_else(|| message.pointer("/venue/location"))?;
    let degrees = |name: &str| location.get(name).and_then(Value::as_f64);
    Some(What::Here(rounded(degrees("latitude")?, degrees("longitude")?)))
}

/// A position on a grid of 200 m: nearer than that nobody has to know.
pub(super) fn rounded(latitude: f64, longitude: f64) -> Point {
    let to_grid = |degrees: f64, metres_per_degree: f64| (degrees * metres_per_degree / GRID_METRES).round() * GRID_METRES / metres_per_degree;
    let lat = to_grid(latitude, METRES_PER_DEGREE);
    Point { lat, lon: to_grid(longitude, METRES_PER_DEGREE * lat.to_radians().cos().abs().max(0.01)) }
}

fn language(of: &Value) -> Option<Language> {
    text(of, "/from/language_code").and_then(Language::from_code)
}

fn text<'v>(value: &'v Value, place: &str) -> Option<&'v str> {
    value.pointer(place)?.as_str()
}

fn owned(value: &Value, place: &str) -> Option<String> {
    text(value, place).map(ToOwned::to_owned)
}

fn number(value: &Value, place: &str) -> Option<i32> {
    value.pointer(place)?.as_i64().and_then(|number| i32::try_from(number).ok())
}
