//! An answer as a text message: one segment where it can be, two at most, in the 7-bit alphabet.
//!
//! What does not fit is left out in a fixed order: first niceties, then what all entries cost, then how far they are;
//! of long names whole words, never a phone number, an hour, or the word that something is not verified.

mod fit;
pub mod gsm7;

use std::borrow::Cow;

use directory::answer::{Answer, Block, Card, Sentence, Title};
use directory::emergency::EmergencyNumber;
use directory::phrase::Phrase;
use directory::vocabulary::Vocabulary;

use self::fit::{Line, fit, fits_one, fits_two};
use self::gsm7::{Encoding, fold};
use crate::plain::{Facts, Plain, Said, capital, cut, shorten};
use crate::say::Words;

/// In danger, more help-lines are wished for behind the desk and a word of advice.
const OTHER_LINES: usize = 3;

/// Names are shortened to less than this, and no further than to the next, where two segments cannot hold them.
const LONGEST_NAME: usize = 80;

/// See [`LONGEST_NAME`].
const SHORTEST_NAME: usize = 12;

/// What is left unsaid of a list, one thing after the other, where that spares a segment.
const SPARING: [Said; 2] = [Said { distance: false, ..Said::ALL }, Said { distance: false, cost: false, ..Said::ALL }];

/// What is left unsaid of a list where two segments cannot hold it.
const PRESSED: [Said; 4] = [
    Said { cost: false, ..Said::ALL },
    Said { cost: false, distance: false, ..Said::ALL },
    Said { cost: false, distance: false, what: false, restriction: true },
    Said { cost: false, distance: false, what: false, restriction: false },
];

/// Opening hours on a card, with whom it is for.
const LONGEST_HOURS: usize = 110;

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
        let segments = if text.is_empty() { Vec::new() } else { fit::segmented(&text) };
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
    /// An entry of a listing, by which key it is chosen.
    Entry(String, Facts),
    /// What the heading says, and what all entries cost.
    Heading(String, Option<String>),
}

impl Piece {
    fn folded(line: &Line) -> Self {
        Self::Line(Line { text: fold(&line.text), wish: line.wish })
    }

    fn line(&self, said: Said, name_width: usize) -> Line {
        match self {
            Self::Line(line) => line.clone(),
            Self::Heading(title, Some(free)) if said.cost => Line::needed(format!("{title}, {free}")),
            Self::Heading(title, _) => Line::needed(title.clone()),
            Self::Entry(key, facts) => Line::needed(format!("{key} {}, {}", facts.called(said, name_width), facts.behind(said))),
        }
    }
}

struct Page<'a>(Plain<'a>);

impl Page<'_> {
    /// All that is to be said in one segment, else in two with every name whole; less only where two do not hold it.
    fn write(&self) -> String {
        let pieces = self.pieces();
        let lines = |said: Said, width: usize| pieces.iter().map(|piece| piece.line(said, width)).collect::<Vec<_>>();
        let whole = |said: &Said| lines(*said, usize::MAX);
        let full = whole(&Said::ALL);
        if !pieces.iter().any(|piece| matches!(piece, Piece::Entry(..))) || fits_one(&full) {
            return fit(&full);
        }
        let spared = SPARING.iter().map(whole).find(|lines| fits_one(lines));
        if let Some(lines) = spared.or_else(|| std::iter::once(full).chain(PRESSED.iter().take(2).map(whole)).find(|lines| fits_two(lines))) {
            return fit(&lines);
        }
        // Names of many words.
        let mut said = PRESSED.iter().skip(1).copied();
        let least = PRESSED.last().copied().unwrap_or(Said::ALL);
        let said = said.find(|said| fits_two(&lines(*said, SHORTEST_NAME))).unwrap_or(least);
        let (mut fitting, mut failing) = (SHORTEST_NAME, LONGEST_NAME);
        while failing - fitting > 1 {
            let middle = fitting.midpoint(failing);
            *(if fits_two(&lines(said, middle)) { &mut fitting } else { &mut failing }) = middle;
        }
        fit(&lines(said, fitting))
    }

    /// The message but for the length of its names.
    fn pieces(&self) -> Vec<Piece> {
        let mut pieces = Vec::new();
        for block in &self.0.answer.blocks {
            let mut lines = Vec::new();
            match block {
                Block::Title(title) => pieces.push(self.heading(title)),
                Block::Entry(entry) => {
                    let key = if self.0.answer.leaves_no_trace { entry.code.to_string() } else { entry.number.to_string() };
                    pieces.push(Piece::Entry(key, self.0.facts(entry).map(fold)));
                }
                Block::Card(card) => self.card(card, &mut lines),
                // One segment has 112 in it whatever else there is to say.
                Block::Say(sentence @ Sentence::Person(_)) if self.is_danger() => {
                    lines.extend(self.0.sentence(sentence).into_iter().map(|text| Line::wished(1, text)));
                }
                Block::Say(sentence @ (Sentence::OrPlace(_) | Sentence::Refuge { .. })) => {
                    lines.extend(self.0.sentence(sentence).into_iter().map(|text| Line::wished(2, text)));
                }
                Block::Say(sentence @ Sentence::EraseThis) => {
                    lines.extend(self.0.sentence(sentence).into_iter().map(|text| Line::wished(3, text)));
                }
                Block::Say(sentence) => lines.extend(self.0.sentence(sentence).into_iter().map(Line::needed)),
                Block::Emergency(numbers) => self.emergency(numbers, &mut lines),
                Block::Needs(needs) => lines.push(Line::needed(self.0.needs(needs))),
                Block::Doors(doors) => lines.push(Line::needed(doors.iter().map(|(key, label)| format!("{key} {label}")).collect::<Vec<_>>().join("\n"))),
            }
            pieces.extend(lines.iter().map(Piece::folded));
        }
        let keys = self.0.keys();
        if !keys.is_empty() {
            pieces.push(Piece::folded(&Line::needed(keys)));
        }
        pieces
    }

    fn heading(&self, title: &Title) -> Piece {
        let (title, free) = (self.0.title(title), self.0.all_free());
        match free {
            Some(free) if title.is_empty() => Piece::folded(&Line::needed(self.0.marked(&capital(&free)))),
            free => Piece::Heading(fold(&self.0.marked(&title)), free.map(|free| fold(&free))),
        }
    }

    fn is_danger(&self) -> bool {
        self.0.answer.blocks.iter().any(|block| matches!(block, Block::Say(Sentence::Danger)))
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
        lines.push(Line::needed(self.0.marked(&shorten(&card.entry.name, LONGEST_NAME))));
        lines.extend(self.0.what_alone(&card.entry).map(Line::needed));
        let place = [card.street.as_deref(), card.locality.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(", ");
        lines.push(Line::needed(place));
        if let directory::answer::Coming::Off(_) = card.entry.coming {
            lines.push(Line::needed(words.coming(&card.entry.coming)));
        }
        let cost = words.cost(&card.entry.cost).unwrap_or_default();
        let restriction = [words.only_for(self.0.answer.only_for(&card.entry)), words.way_in(card.entry.way_in)];
        let restriction = restriction.into_iter().flatten().collect::<Vec<_>>().join(", ");
        let hours = cut(&words.hours(&card.hours), LONGEST_HOURS.saturating_sub(restriction.len()));
        lines.push(Line::needed([hours, cost].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")));
        lines.push(Line::needed(capital(&restriction)));
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

#[cfg(test)]
mod tests;
