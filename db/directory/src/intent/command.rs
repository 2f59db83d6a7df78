//! Reserved words and keys, codes, tickets, danger: all that is not a search.

use super::act::Act;
use super::resemble::Resembled;
use super::scan::{Message, Reading, Span};
use super::{Intent, follow, idiom};
use crate::code::{Code, Typed};
use crate::danger;
use crate::emergency::Numbers;
use crate::language::Language;
use crate::query::Wanted;
use crate::session::{Session, Step};
use crate::theme::Theme;
use crate::vocabulary::{Command, Filler, Meaning};

/// A key of the grammar that is the same on every channel, or a code, alone in the message.
pub(super) fn read_key(text: &str, numbers: &Numbers) -> Option<Intent> {
    Some(match text {
        "0" => Intent::Human,
        "7" => Intent::Keep,
        "8" | "+" => Intent::More,
        "9" => Intent::Thanks,
        "*" => Intent::Back { again: false },
        "#" => Intent::Back { again: true },
        "?" | "" => Intent::Help,
        // Somebody who texts the number of the police has reached the wrong machine.
        called if numbers.is_called(called) => Intent::Danger(Wanted { themes: vec![Theme::Safety], ..Wanted::default() }),
        "1" | "2" | "3" | "4" | "5" | "6" => Intent::Pick(text.parse().ok()?),
        _ => return None,
    })
}

/// Five digits where a slip's number was asked for.
pub(super) fn read_awaited_ticket(text: &str, session: &Session) -> Option<Intent> {
    let is_number = text.len() == 5 && text.bytes().all(|byte| byte.is_ascii_digit());
    (session.step == Step::Ticket && is_number).then(|| Intent::Ticket(text.to_owned()))
}

/// A reserved word, a code or a ticket in a text and the same folded; `None` for a search.
pub(super) fn read_command(
    (text, folded): (&str, &str),
    message: &Message<'_>,
    heard: &danger::Heard,
    resembled: &Resembled<'_>,
    session: &Session,
) -> Option<Intent> {
    let spans = &message.spans;
    let has = |command: Command| spans.iter().any(|span| means(span, command));
    let short = message.words() <= 5;
    let alone = |command: Command| short && has(command) && spans.iter().all(|span| means(span, command) || span.is_filler());
    // Politeness is the only company in which STOP is still STOP.
    let strictly_alone = |command: Command| {
        let mut others = spans.iter().filter(|span| !span.means(|meaning| meaning == Meaning::Filler(Filler::Polite)));
        others.next().is_some_and(|span| means(span, command) && span.distance == 0) && others.next().is_none()
    };
    if strictly_alone(Command::Stop) {
        return Some(Intent::Stop);
    }
    let names_need = message.names_need();
    let is_place = |span: &Span<'_>| span.is_place() && span.distance == 0;
    let names_place_or_time = spans.iter().any(|span| is_place(span) || span.means(|meaning| matches!(meaning, Meaning::Kind { .. } | Meaning::Time(_))));
    let says_only_this = !names_need && !names_place_or_time;
    // What only resembles danger may be somebody who has enough of us.
    let is_listed = |danger: &danger::Danger| danger.is_sure() && !danger.languages.is_empty();
    let may_stop = if heard.asks_silence { heard.danger.is_none() } else { !heard.danger.as_ref().is_some_and(is_listed) };
    if says_only_this && may_stop && (idiom::wants_no_more(folded) || signs_stop(text, spans)) {
        return Some(Intent::Stop);
    }
    if heard.danger.as_ref().is_some_and(danger::Danger::is_sure) {
        return None; // A search reads place and theme beside it.
    }
    // "Thank you for the help, you are great".
    let thanks = says_only_this && spans.first().is_some_and(|first| means(first, Command::Thanks) && first.distance == 0);
    if thanks && (spans.len() < FEWEST || resembled.likely(Act::Thanks) > UNLIKELY) {
        return Some(Intent::Thanks);
    }
    if let Some(asked) = read_code(folded, spans).or_else(|| read_ticket(folded)) {
        return Some(asked);
    }
    // "Don't text me again" asks for silence, and says nothing of danger: it is STOP, and never a person.
    let is_told = message.words() >= FEWEST && heard.danger.is_none();
    if let Some(intent) = Some(resembled).filter(|_| is_told).and_then(plainly).filter(|intent| !heard.asks_silence || *intent == Intent::Stop) {
        return Some(intent);
    }
    let words = [(Command::Start, Intent::Start), (Command::Help, Intent::Help), (Command::More, Intent::More), (Command::Back, Intent::Back { again: false })];
    if let Some((_, intent)) = words.into_iter().find(|(command, _)| alone(*command)) {
        return Some(intent);
    }
    // Nothing but politeness: a thank-you, or a greeting that wants to know how this works.
    if !spans.is_empty() && spans.iter().all(|span| span.means(|meaning| meaning == Meaning::Filler(Filler::Polite))) {
        let thanks = ["merci", "mersi", "bedankt", "dank", "danke", "thank", "thanks", "thx"];
        let is_thanks = spans.iter().any(|span| span.text.split(' ').any(|word| thanks.contains(&word)));
        // "ok" after an answer asks nothing more.
        return Some(if is_thanks || follow::is_shown(session) { Intent::Thanks } else { Intent::Help });
    }
    if let Some(pick) = read_pick(spans) {
        return Some(pick);
    }
    if let Some(language) = read_language(spans) {
        return Some(Intent::Language(Some(language)));
    }
    if alone(Command::Language) {
        return Some(Intent::Language(None));
    }
    let has_theme = spans.iter().any(Span::is_strong_theme);
    let own_words = || read_own_words(folded, has(Command::Report), !has_theme && !heard.asks_silence, session);
    if says_only_this
        && heard.danger.is_none()
        && let Some(intent) = own_words()
    {
        return Some(intent);
    }
    // What names a need is no misspelt command.
    let is_sure = |span: &Span<'_>| span.distance == 0 || message.needs.iter().all(|heard| heard.is_weak);
    let phrase = |command: Command| spans.iter().any(|span| means(span, command) && span.words >= 2 && is_sure(span));
    // A story of one's own may hold any of these words.
    let is_search = |act: Act| message.words() >= STORY && resembled.likely(act) < UNLIKELY_ACT && resembled.likely(Act::Search) >= LIKELIER;
    if !is_search(Act::Report) && (phrase(Command::Report) || (has(Command::Report) && !has_theme && !has(Command::Offer) && !has(Command::Request))) {
        return Some(Intent::Report);
    }
    let asks_for_person = (phrase(Command::Human) && !is_subject_too(message)) || (has(Command::Human) && !has_theme);
    // "Don't call me" asks for no call.
    if asks_for_person && !heard.asks_silence && !is_search(Act::Human) {
        return Some(Intent::Human);
    }
    if has(Command::Thanks) && !has_theme && !names_place_or_time && !has(Command::Offer) && !has(Command::Request) {
        return Some(Intent::Thanks);
    }
    let words = message.words();
    if words < FEWEST || heard.danger.is_some() || heard.asks_silence {
        return None;
    }
    let (act, likely) = resembled.act();
    // Whoever looks at an entry complains of it, whatever the complaint names.
    let is_card = matches!(session.step, Step::Card(_));
    if names_place_or_time && !(is_card && act == Act::Report && likely >= LIKELIER) {
        return None;
    }
    let least = match act {
        Act::Stop => CERTAIN,
        Act::Report if is_card => LIKELY,
        _ if names_need && words < TOLD => return None,
        _ if names_need => LIKELIER,
        _ => LIKELY,
    };
    if likely >= least { resembling(act, resembled) } else { None }
}

/// What people say in words of their own, where the message names nothing else.
fn read_own_words(folded: &str, complains: bool, may_call: bool, session: &Session) -> Option<Intent> {
    if idiom::goes_back(folded) && follow::is_shown(session) {
        return Some(Intent::Back { again: session.step == Step::Listing });
    }
    if idiom::asks_which_language(folded) {
        return Some(Intent::Language(None));
    }
    if !complains && idiom::asks_how_it_works(folded) {
        return Some(Intent::Help);
    }
    (may_call && idiom::asks_for_call(folded)).then_some(Intent::Human)
}

/// So likely, it is meant; no more messages only where it is nearly certain.
const LIKELY: f32 = 0.6;
const LIKELIER: f32 = 0.72;
const CERTAIN: f32 = 0.9;
const PERHAPS_NOTHING: f32 = 0.3;

const LIKELY_MIND: f32 = 0.3;
const UNLIKELY: f32 = 0.2;

/// Fewer words that name a need look for it.
const TOLD: usize = 6;

/// Fewer words resemble anything.
const FEWEST: usize = 3;

/// A message of so many words tells a story, in which what is so unlikely is not meant.
const STORY: usize = 6;
const UNLIKELY_ACT: f32 = 0.15;

/// What a message plainly wants, whatever words, places and days stand in it, where it hardly looks for anything: the surer
/// the one, the less the other.
fn plainly(resembled: &Resembled<'_>) -> Option<Intent> {
    let (act, likely) = resembled.act();
    let nothing = resembled.likely_about_nothing();
    let is_certain = likely >= CERTAIN && nothing >= PERHAPS_NOTHING;
    let is_plain = match act {
        Act::Stop => likely >= CERTAIN && nothing >= LIKELIER,
        Act::Human => is_certain,
        Act::Help | Act::Thanks => is_certain || (likely >= LIKELIER && nothing >= LIKELIER),
        // A complaint names what it is of.
        Act::Report => likely >= CERTAIN,
        _ => false,
    };
    if is_plain { resembling(act, resembled) } else { None }
}

/// So likely, what is else not understood is meant.
const LIKELY_ENOUGH: f32 = 0.4;

/// What a message resembles that is else not understood.
pub(super) fn resembling_rather(message: &Message<'_>, resembled: &Resembled<'_>, session: &Session) -> Option<Intent> {
    let (act, likely) = resembled.act();
    let least = if act == Act::Stop { CERTAIN } else { LIKELY_ENOUGH };
    if message.words() < FEWEST || message.spans.iter().any(Span::is_place) || likely < least {
        return None;
    }
    // What looks for something may be a name.
    if act != Act::Again {
        return Some(act).filter(|_| resembled.likely_about_nothing() >= LIKELY_ENOUGH).and_then(|act| resembling(act, resembled));
    }
    follow::is_shown(session).then(|| follow::asked_of(&message.spans, session))
}

/// What a message resembles, where that is no search.
fn resembling(act: Act, resembled: &Resembled<'_>) -> Option<Intent> {
    Some(match act {
        Act::Help => Intent::Help,
        Act::Stop => Intent::Stop,
        Act::Thanks => Intent::Thanks,
        // "I need to talk to someone, I am not well" asks for more than our desk.
        Act::Human if resembled.likely_about(Theme::Mind) < LIKELY_MIND => Intent::Human,
        Act::Report => Intent::Report,
        Act::Language => Intent::Language(None),
        Act::Human | Act::Search | Act::Offer | Act::Request | Act::Again => return None,
    })
}

/// A signature below STOP has at most so many words.
const MOST_OF_SIGNATURE: usize = 5;

/// "STOP. Greetings, H. Schmitz": its first sentence is STOP, and what follows is a name.
fn signs_stop(text: &str, spans: &[Span<'_>]) -> bool {
    let Some((first, rest)) = text.trim().split_once(['.', '!', ',', '\n']) else { return false };
    let end = words::fold(first).len();
    let mut said = spans.iter().filter(|span| span.start() < end && !span.means(|meaning| meaning == Meaning::Filler(Filler::Polite)));
    let is_stop = said.next().is_some_and(|span| means(span, Command::Stop) && span.distance == 0) && said.next().is_none();
    is_stop && words::fold(rest).split(' ').count() <= MOST_OF_SIGNATURE
}

/// True where the words that ask for a person also name a need, and something else says that the need is meant: "I feel
/// low, talk to somebody, Ciney".
fn is_subject_too(message: &Message<'_>) -> bool {
    let asks = |span: &&Span<'_>| means(span, Command::Human);
    let is_it = |span: &Span<'_>| message.needs.iter().any(|heard| !heard.is_weak && heard.holds(span));
    let has_more = || {
        let is_more = |span: &&Span<'_>| span.is_place() || span.is_strong_theme();
        message.spans.iter().filter(|span| !asks(span)).any(|span| is_more(&span))
    };
    message.spans.iter().filter(asks).any(is_it) && has_more()
}

pub(super) fn means(span: &Span<'_>, command: Command) -> bool {
    span.means(|meaning| meaning == Meaning::Command(command))
}

/// "K7P2W", "fiche k7p-2w", "code: K7 P2W".
fn read_code(folded: &str, spans: &[Span<'_>]) -> Option<Intent> {
    let announced = ["fiche", "code", "numero fiche", "fiche numero", "steekkaart", "fichenummer", "karte", "eintrag", "record", "card", "nr", "n"]
        .into_iter()
        .find_map(|word| folded.strip_prefix(word).and_then(|rest| rest.strip_prefix(' ')));
    let candidate = announced.unwrap_or(folded);
    let has_digit = |text: &str| text.bytes().any(|byte| byte.is_ascii_digit());
    let may_be_one = announced.is_some() || (!candidate.contains(' ') && has_digit(candidate) && !spans.iter().any(Span::is_number));
    if let Some(typed) = Some(candidate).filter(|_| may_be_one).and_then(Code::read) {
        return Some(Intent::Code(typed));
    }
    // In a longer message only a code whose check is right: "show me 2HB7V".
    let right = |span: &Span<'_>| matches!(span.reading, Reading::Unknown) && has_digit(span.text);
    spans.iter().filter(|span| right(span)).find_map(|span| Code::parse(span.text)).map(|code| Intent::Code(Typed::Right(code)))
}

/// "TICKET 74213": four digits and a check digit.
fn read_ticket(folded: &str) -> Option<Intent> {
    let rest = ["ticket", "tiket", "ticet", "bon"].into_iter().find_map(|word| folded.strip_prefix(word))?;
    let rest = rest.trim_start().trim_start_matches("numero ").trim_start_matches("nr ").trim_start_matches("no ").trim_start_matches("n ");
    let digits: String = rest.chars().filter(|character| !character.is_whitespace()).collect();
    (digits.len() == 5 && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(Intent::Ticket(digits))
}

/// "le 2", "2 svp", "numéro 3".
fn read_pick(spans: &[Span<'_>]) -> Option<Intent> {
    let mut numbers = spans.iter().filter_map(|span| match span.reading {
        Reading::Number(number) => Some(number),
        _ => None,
    });
    let number = numbers.next()?;
    let others_are_filler = spans.iter().all(|span| {
        matches!(span.reading, Reading::Number(_))
            || span.is_filler()
            || matches!(span.text, "numero" | "nummer" | "number" | "nr" | "no" | "num" | "choix" | "keuze" | "wahl")
    });
    if !others_are_filler || numbers.next().is_some() {
        return None;
    }
    match number {
        0 => Some(Intent::Human),
        1..=6 => u8::try_from(number).ok().map(Intent::Pick),
        8 => Some(Intent::More),
        9 => Some(Intent::Thanks),
        _ => None,
    }
}

/// Shorter names of languages stand alone, or with one word.
const SHORTEST_LANGUAGE: usize = 3;

/// The name of a language, alone or with a word that asks for it.
fn read_language(spans: &[Span<'_>]) -> Option<Language> {
    let named = spans.iter().find_map(|span| {
        span.senses().iter().find_map(|sense| match sense.meaning {
            Meaning::Language(language) => Some(language),
            _ => None,
        })
    })?;
    let is_about_language =
        |span: &Span<'_>| span.is_filler() || span.means(|meaning| matches!(meaning, Meaning::Language(_) | Meaning::Command(Command::Language)));
    // A small word inside a sentence ("de") names none.
    let is_short = spans.iter().filter(|span| span.means(|meaning| matches!(meaning, Meaning::Language(_)))).all(|span| span.text.len() < SHORTEST_LANGUAGE);
    (spans.iter().all(is_about_language) && !(is_short && spans.len() > 2)).then_some(named)
}
