//! Reserved words and keys, codes, tickets, danger: all that is not a search.

use super::Intent;
use super::needs::Heard;
use super::scan::{Message, Reading, Span};
use crate::code::{Code, Typed};
use crate::danger;
use crate::emergency::Numbers;
use crate::language::Language;
use crate::query::Wanted;
use crate::session::{Session, Step};
use crate::theme::Theme;
use crate::vocabulary::{Command, Filler, Meaning};
use crate::words;

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

pub(super) fn read_command(text: &str, message: &Message<'_>, heard: &danger::Heard) -> Option<Intent> {
    let spans = &message.spans;
    let has = |command: Command| spans.iter().any(|span| means(span, command));
    let short = spans.iter().map(|span| span.words).sum::<usize>() <= 5;
    let alone = |command: Command| short && has(command) && spans.iter().all(|span| means(span, command) || span.is_filler());
    // Politeness is the only company in which STOP is still STOP.
    let strictly_alone = |command: Command| {
        let mut others = spans.iter().filter(|span| !span.means(|meaning| meaning == Meaning::Filler(Filler::Polite)));
        others.next().is_some_and(|span| means(span, command) && span.distance == 0) && others.next().is_none()
    };
    if strictly_alone(Command::Stop) {
        return Some(Intent::Stop);
    }
    if heard.danger.as_ref().is_some_and(danger::Danger::is_sure) {
        return None; // A search reads place and theme beside it.
    }
    let folded = words::fold(text);
    let names_need = message.needs.iter().any(Heard::is_named);
    let names_place_or_time = spans.iter().any(|span| span.is_place() || span.means(|meaning| matches!(meaning, Meaning::Kind { .. } | Meaning::Time(_))));
    if !names_need && !names_place_or_time && wants_no_more(&folded) {
        return Some(Intent::Stop);
    }
    // "Thank you for the help, you are great".
    if !names_need && !names_place_or_time && spans.first().is_some_and(|first| means(first, Command::Thanks) && first.distance == 0) {
        return Some(Intent::Thanks);
    }
    if let Some(code) = read_code(&folded, spans) {
        return Some(code);
    }
    if let Some(ticket) = read_ticket(&folded) {
        return Some(ticket);
    }
    if alone(Command::Start) {
        return Some(Intent::Start);
    }
    if alone(Command::Help) {
        return Some(Intent::Help);
    }
    if alone(Command::More) {
        return Some(Intent::More);
    }
    if alone(Command::Back) {
        return Some(Intent::Back { again: false });
    }
    // Nothing but politeness: a thank-you, or a greeting that wants to know how this works.
    if !spans.is_empty() && spans.iter().all(|span| span.means(|meaning| meaning == Meaning::Filler(Filler::Polite))) {
        let thanks = ["merci", "mersi", "bedankt", "dank", "danke", "thank", "thanks", "thx"];
        let is_thanks = spans.iter().any(|span| span.text.split(' ').any(|word| thanks.contains(&word)));
        return Some(if is_thanks { Intent::Thanks } else { Intent::Help });
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
    let has_theme = spans.iter().any(is_strong_theme);
    // What names a need is no misspelt command.
    let is_sure = |span: &Span<'_>| span.distance == 0 || message.needs.iter().all(|heard| heard.is_weak);
    let phrase = |command: Command| spans.iter().any(|span| means(span, command) && span.words >= 2 && is_sure(span));
    if phrase(Command::Report) || (has(Command::Report) && !has_theme && !has(Command::Offer) && !has(Command::Request)) {
        return Some(Intent::Report);
    }
    let asks_for_person = (phrase(Command::Human) && !is_subject_too(message)) || (has(Command::Human) && !has_theme);
    // "Don't call me" asks for no call.
    if asks_for_person && !heard.asks_silence {
        return Some(Intent::Human);
    }
    if has(Command::Thanks) && !has_theme && !names_place_or_time && !has(Command::Offer) && !has(Command::Request) {
        return Some(Intent::Thanks);
    }
    None
}

/// Words that end something.
const ENDS: [&str; 16] = [
    "stop",
    "stopp",
    "stoppt",
    "stopt",
    "stoppen",
    "stopper",
    "arret",
    "arrete",
    "arreter",
    "arretez",
    "arete",
    "areter",
    "aretez",
    "aufhoren",
    "genug",
    "desabonner",
];

/// Words for what is sent, and for sending it.
const SENT: [&str; 36] = [
    "sms",
    "message",
    "messages",
    "msg",
    "mess",
    "bericht",
    "berichten",
    "berichtjes",
    "nachricht",
    "nachrichten",
    "text",
    "texts",
    "texting",
    "messaging",
    "ecrire",
    "ecrivez",
    "ecris",
    "envoyer",
    "envoyez",
    "envoye",
    "envoi",
    "envois",
    "contacter",
    "contactez",
    "sturen",
    "stuur",
    "sturn",
    "schrijven",
    "schicken",
    "schreiben",
    "senden",
    "sending",
    "writing",
    "contacting",
    "contacteren",
    "schickt",
];

/// Words that refuse all that may come.
const NO_MORE: [&str; 8] = ["plus de", "plu de", "geen", "keine", "kein", "no more", "veux plus", "veu plu"];

/// "Arrêtez de m'écrire", "stopt met sturen", "stop j'en veux plus", "geen sms meer": in the words that people use.
fn wants_no_more(folded: &str) -> bool {
    let has = |words: &[&str]| folded.split(' ').any(|word| words.contains(&word));
    let whole = format!(" {folded} ");
    let refuses = NO_MORE.iter().any(|phrase| whole.contains(&format!(" {phrase} ")));
    (has(&ENDS) && (has(&SENT) || refuses)) || (refuses && has(&SENT) && folded.split(' ').count() <= MOST_TO_STOP)
}

/// A longer message is about something else.
const MOST_TO_STOP: usize = 6;

/// True where the words that ask for a person also name a need, and something else says that the need is meant: "I feel
/// low, talk to somebody, Ciney".
fn is_subject_too(message: &Message<'_>) -> bool {
    let asks = |span: &&Span<'_>| means(span, Command::Human);
    let is_it = |span: &Span<'_>| message.needs.iter().any(|heard| !heard.is_weak && heard.start <= span.start() && span.start() < heard.end);
    let has_more = || {
        let is_more = |span: &&Span<'_>| span.is_place() || is_strong_theme(span);
        message.spans.iter().filter(|span| !asks(span)).any(|span| is_more(&span))
    };
    message.spans.iter().filter(asks).any(is_it) && has_more()
}

pub(super) fn means(span: &Span<'_>, command: Command) -> bool {
    span.means(|meaning| meaning == Meaning::Command(command))
}

fn is_strong_theme(span: &Span<'_>) -> bool {
    span.means(|meaning| matches!(meaning, Meaning::Theme { weak: false, .. }))
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
