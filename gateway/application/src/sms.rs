//! An answer as a text message: one segment where it can be, two at most, in the 7-bit alphabet.
//!
//! What does not fit is left out in a fixed order: first niceties, then parts of long names, never a
//! phone number, an hour, or the word that something is not verified.

mod fit;
pub mod gsm7;

use std::borrow::Cow;

use directory::answer::{Answer, Block, Card, Entry, Sentence};
use directory::emergency::EmergencyNumber;
use directory::phrase::Phrase;
use directory::vocabulary::Vocabulary;

use self::fit::{Line, fit, fits_one};
use self::gsm7::{Encoding, fold};
use crate::plain::{Plain, cut};
use crate::say::Words;

/// Names are written no longer than this, and cut no shorter than the next to save a segment.
const LONGEST_NAME: usize = 40;

/// In danger, more help-lines are wished for behind the desk and a word of advice.
const OTHER_LINES: usize = 3;

/// See [`LONGEST_NAME`].
const SHORTEST_NAME: usize = 12;

/// A text message ready to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sms {
    /// The whole text.
    pub text: String,
    /// The alphabet it needs.
    pub encoding: Encoding,
    /// Its segments; their concatenation is the text.
    pub segments: Vec<String>,
}

impl Sms {
    /// A text as it is sent; an empty one is no message.
    pub fn of(text: String) -> Self {
        let segments = if text.is_empty() { Vec::new() } else { gsm7::segments(&text) };
        Self { segments, encoding: Encoding::of(&text), text }
    }
}

/// Renders an answer.
pub fn render(answer: &Answer, words: &Words<'_>, vocabulary: &Vocabulary) -> Sms {
    Sms::of(Page(Plain { words, vocabulary, answer }).write())
}

/// A part of a message, in its alphabet.
enum Piece {
    Line(Line),
    /// An entry of a listing, whose name is cut to what there is room for.
    Entry {
        key: String,
        name: String,
        behind: String,
    },
}

impl Piece {
    fn whole(line: &Line) -> Self {
        Self::Line(Line { text: fold(&line.text), wish: line.wish })
    }

    fn line(&self, name_width: usize) -> Line {
        match self {
            Self::Line(line) => line.clone(),
            Self::Entry { key, name, behind } => Line::needed(format!("{key} {}, {behind}", cut(name, name_width))),
        }
    }
}

struct Page<'a>(Plain<'a>);

impl Page<'_> {
    /// Names as long as they can be without costing a segment more than short ones would.
    fn write(&self) -> String {
        let pieces = self.pieces();
        let lines = |width: usize| pieces.iter().map(|piece| piece.line(width)).collect::<Vec<_>>();
        let widest = |fits: &dyn Fn(&[Line]) -> bool| {
            let (mut fitting, mut failing) = (SHORTEST_NAME, LONGEST_NAME);
            while failing - fitting > 1 {
                let middle = fitting.midpoint(failing);
                *(if fits(&lines(middle)) { &mut fitting } else { &mut failing }) = middle;
            }
            lines(fitting)
        };
        let full = lines(LONGEST_NAME);
        if fits_one(&full) || !pieces.iter().any(|piece| matches!(piece, Piece::Entry { .. })) {
            return fit(&full);
        }
        if fits_one(&lines(SHORTEST_NAME)) {
            return fit(&widest(&fits_one));
        }
        let full = fit(&full);
        if gsm7::count(&full) <= 2 {
            return full;
        }
        let fewest = gsm7::count(&fit(&lines(SHORTEST_NAME)));
        fit(&widest(&|lines| gsm7::count(&fit(lines)) <= fewest))
    }

    /// The message but for the length of its names.
    fn pieces(&self) -> Vec<Piece> {
        let mut pieces = Vec::new();
        for block in &self.0.answer.blocks {
            let mut lines = Vec::new();
            match block {
                Block::Title(title) => lines.push(Line::needed(self.0.marked(&self.0.title(title)))),
                Block::Entry(entry) => pieces.push(self.entry(entry)),
                Block::Card(card) => self.card(card, &mut lines),
                // One segment has 112 in it whatever else there is to say.
                Block::Say(sentence @ Sentence::Person(_)) if self.is_danger() => {
                    lines.extend(self.0.sentence(sentence).into_iter().map(|text| Line::wished(1, text)));
                }
                Block::Say(sentence @ Sentence::OrPlace(_)) => {
                    lines.extend(self.0.sentence(sentence).into_iter().map(|text| Line::wished(2, text)));
                }
                Block::Say(sentence @ Sentence::EraseThis) => {
                    lines.extend(self.0.sentence(sentence).into_iter().map(|text| Line::wished(3, text)));
                }
                Block::Say(sentence) => lines.extend(self.0.sentence(sentence).into_iter().map(Line::needed)),
                Block::Emergency(numbers) => self.emergency(numbers, &mut lines),
                Block::Doors(doors) => lines.push(Line::needed(doors.iter().map(|(key, label)| format!("{key} {label}")).collect::<Vec<_>>().join("\n"))),
            }
            pieces.extend(lines.iter().map(Piece::whole));
        }
        let keys = self.0.keys();
        if !keys.is_empty() {
            pieces.push(Piece::whole(&Line::needed(keys)));
        }
        pieces
    }

    fn is_danger(&self) -> bool {
        self.0.answer.blocks.iter().any(|block| matches!(block, Block::Say(Sentence::Danger)))
    }

    fn entry(&self, entry: &Entry) -> Piece {
        let key = if self.0.answer.leaves_no_trace { entry.code.to_string() } else { entry.number.to_string() };
        Piece::Entry { key, name: fold(&entry.name), behind: fold(&self.0.behind(entry)) }
    }

    /// The numbers of everybody and the first one for this danger always, the others while they fit.
    fn emergency(&self, numbers: &[EmergencyNumber], lines: &mut Vec<Line>) {
        let needed = numbers.iter().filter(|number| number.is_general()).count() + 1;
        let line = |(place, number): (usize, &EmergencyNumber)| {
            let text = self.0.to_call(number);
            if place < needed { Line::needed(text) } else { Line::wished(OTHER_LINES + place, text) }
        };
        lines.extend(numbers.iter().enumerate().map(line));
    }

    fn card(&self, card: &Card, lines: &mut Vec<Line>) {
        let words = self.0.words;
        lines.push(Line::needed(self.0.marked(&cut(&card.entry.name, 60))));
        let place = [card.street.as_deref(), card.locality.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(", ");
        lines.push(Line::needed(place));
        if let directory::answer::Coming::Off(_) = card.entry.coming {
            lines.push(Line::needed(words.coming(&card.entry.coming)));
        }
        let cost = words.cost(&card.entry.cost).unwrap_or_default();
        let hours = cut(&words.hours(&card.hours), 110);
        lines.push(Line::needed([hours, cost].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")));
        if card.by_appointment {
            lines.push(Line::needed(words.say(Phrase::ByAppointment)));
        }
        lines.extend(card.conditions.as_deref().map(|text| Line::wished(2, cut(text, 80))));
        lines.extend(card.hint.as_deref().map(|text| Line::wished(3, cut(text, 60))));
        if let Some(phone) = &card.phone {
            lines.push(Line::needed(words.with(Phrase::Telephone, &[("phone", Cow::Owned(phone.compact()))])));
        }
        lines.push(Line::needed(words.freshness(card.entry.shown)));
        lines.extend(card.short.as_deref().map(|text| Line::wished(4, cut(text, 90))));
        lines.push(Line::wished(1, card.entry.code.to_string()));
    }
}
