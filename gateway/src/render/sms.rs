//! An answer as a text message: one segment where it can be, two at most, in the 7-bit alphabet.
//!
//! What does not fit is left out in a fixed order: first niceties, then parts of long names, never a
//! phone number, an hour, or the word that something is not verified.

mod fit;
pub mod gsm7;

use std::borrow::Cow;

use directory::answer::{Action, Answer, BestHour, Block, Card, Choice, Desk, Entry, Sentence, Title};
use directory::intent::Wanted;
use directory::language::Language;
use directory::phrase::Phrase;
use directory::vocabulary::Vocabulary;

use self::fit::{Line, fit, fits_one};
use self::gsm7::{Encoding, fold};
use super::Words;

/// A code that no record has, to show what a code looks like.
const SAMPLE_CODE: &str = "K7P2W";

/// Names are written no longer than this, and cut no shorter than the next to save a segment.
const LONGEST_NAME: usize = 40;

/// See [`LONGEST_NAME`].
const SHORTEST_NAME: usize = 12;

/// Words that no cut name ends with.
const ARTICLES: [&str; 36] = [
    "de", "du", "des", "la", "le", "les", "l", "d", "à", "a", "au", "aux", "en", "et", "un", "une", "pour", "sur", "chez", "van", "der", "den", "het", "een",
    "voor", "op", "im", "am", "von", "und", "für", "the", "of", "for", "and", "in",
];

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
    let page = Page { words, vocabulary, answer };
    Sms::of(page.write())
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

struct Page<'a> {
    words: &'a Words<'a>,
    vocabulary: &'a Vocabulary,
    answer: &'a Answer,
}

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
        for block in &self.answer.blocks {
            let mut lines = Vec::new();
            match block {
                Block::Title(title) => lines.push(Line::needed(self.marked(&self.title(title)))),
                Block::Entry(entry) => pieces.push(self.entry(entry)),
                Block::Card(card) => self.card(card, &mut lines),
                Block::Say(sentence) => lines.extend(self.sentence(sentence)),
                Block::Emergency(numbers) => lines.extend(emergency(numbers)),
                Block::Doors(doors) => lines.push(Line::needed(doors.iter().map(|(key, label)| format!("{key} {label}")).collect::<Vec<_>>().join("\n"))),
            }
            pieces.extend(lines.iter().map(Piece::whole));
        }
        let keys = self.keys();
        if !keys.is_empty() {
            pieces.push(Piece::whole(&Line::needed(keys)));
        }
        pieces
    }

    /// What is invented says so in front; emergency numbers above it are real.
    fn marked(&self, text: &str) -> String {
        if self.answer.demo { format!("{} {text}", self.words.say(Phrase::Demo)) } else { text.to_owned() }
    }

    fn title(&self, title: &Title) -> String {
        let label = title.theme.map(|theme| directory::words::fold(self.vocabulary.label(theme, self.answer.language))).unwrap_or_default();
        // "Sortir" is the theme itself, whatever is shown under it.
        let missing = title.missing.as_deref().filter(|word| !label.contains(directory::words::stem(word)));
        let mut parts: Vec<String> = missing.map(|word| self.words.with(Phrase::Instead, &[("what", word.to_uppercase().into())])).into_iter().collect();
        parts.push(self.subject(title).to_uppercase());
        parts.extend(title.place.clone());
        parts.extend(title.days.map(|days| self.words.days(days)));
        if title.open_now {
            parts.push(self.words.say(Phrase::OpenNow));
        }
        if title.widened {
            parts.push(self.words.say(Phrase::Further));
        }
        parts.retain(|part| !part.is_empty());
        parts.join(" ")
    }

    /// The word asked for, or the theme's name; nothing that would betray a sensitive subject.
    fn subject(&self, title: &Title) -> String {
        match (&title.theme, &title.word) {
            (Some(theme), _) if theme.is_sensitive() => String::new(),
            (_, Some(word)) => word.clone(),
            (_, None) if title.agenda => self.words.say(Phrase::Agenda),
            (Some(theme), None) => short_label(self.vocabulary.label(*theme, self.answer.language)),
            (None, None) => String::new(),
        }
    }

    fn entry(&self, entry: &Entry) -> Piece {
        let mut behind = vec![self.words.coming(&entry.coming)];
        behind.extend(self.words.cost(&entry.cost));
        let distance =
            entry.distance_km.map(|distance| if distance < 10.0 { format!("{distance:.1}km").replace('.', ",") } else { format!("{distance:.0}km") });
        behind.extend([entry.place.clone(), distance].into_iter().flatten().reduce(|place, distance| format!("{place} {distance}")));
        let key = if self.answer.leaves_no_trace { entry.code.to_string() } else { entry.number.to_string() };
        Piece::Entry { key, name: fold(&entry.name), behind: fold(&behind.join(", ")) }
    }

    fn card(&self, card: &Card, lines: &mut Vec<Line>) {
        let words = self.words;
        lines.push(Line::needed(self.marked(&cut(&card.entry.name, 60))));
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

    fn sentence(&self, sentence: &Sentence) -> Vec<Line> {
        let words = self.words;
        let said = |phrase| words.say(phrase);
        let with = |phrase, name, value: &str| words.with(phrase, &[(name, Cow::Borrowed(value))]);
        let text = match sentence {
            Sentence::Help => said(Phrase::Help),
            Sentence::Where(wanted) => {
                let what = self.what(wanted);
                words.with(Phrase::Where, &[("what", what.to_uppercase().into()), ("example", example(words.language).into())])
            }
            Sentence::WhereAgain => said(Phrase::WhereAgain),
            Sentence::SendCode => said(Phrase::SendCode),
            Sentence::What(place) => with(Phrase::What, "place", place),
            Sentence::Unclear => said(Phrase::Unclear),
            Sentence::NothingToPick => said(Phrase::NothingToPick),
            Sentence::NoSuchChoice(number) => with(Phrase::NoSuchChoice, "number", &number.to_string()),
            Sentence::NothingFound(title) => {
                let title = self.title(title);
                with(Phrase::NothingFound, "what", if title.is_empty() { "?" } else { &title })
            }
            Sentence::NoMore => said(Phrase::NoMore),
            Sentence::Person(desk) => self.person(desk.as_ref()),
            Sentence::CallBack(desk) => {
                let instead = desk.as_ref().map(|desk| Line::needed(self.desk(Phrase::OrCall, desk)));
                return [Line::needed(said(Phrase::CallBack))].into_iter().chain(instead).collect();
            }
            Sentence::WhenCall => said(Phrase::WhenCall),
            Sentence::HourNoted(hour) => said(match hour {
                BestHour::Morning => Phrase::MorningNoted,
                BestHour::Afternoon => Phrase::AfternoonNoted,
                BestHour::Evening => Phrase::EveningNoted,
            }),
            Sentence::Stopped => said(Phrase::Stopped),
            Sentence::Started => said(Phrase::Started),
            Sentence::Thanks => said(Phrase::Thanks),
            Sentence::LanguageSet => said(Phrase::LanguageSet),
            Sentence::WhichLanguage => said(Phrase::WhichLanguage),
            Sentence::WhichTicket => said(Phrase::WhichTicket),
            Sentence::Texted => said(Phrase::Texted),
            Sentence::TicketIs(ticket) => with(Phrase::TicketIs, "number", &ticket.to_string()),
            Sentence::NotKept => said(Phrase::NotKept),
            Sentence::MisreadCode => with(Phrase::MisreadCode, "example", SAMPLE_CODE),
            Sentence::NoSuchCode(code) => with(Phrase::NoSuchCode, "code", code.as_str()),
            Sentence::MisreadTicket => said(Phrase::MisreadTicket),
            Sentence::NoSuchTicket => said(Phrase::NoSuchTicket),
            Sentence::Doubted(name) => with(Phrase::Doubted, "name", &cut(name, 40)),
            Sentence::DoubtWhich => said(Phrase::DoubtWhich),
            Sentence::OfferByPerson(desk) => return vec![Line::needed(said(Phrase::OfferByPerson)), Line::needed(self.person(desk.as_ref()))],
            Sentence::RequestByPerson(desk) => return vec![Line::needed(said(Phrase::RequestByPerson)), Line::needed(self.person(desk.as_ref()))],
            Sentence::Danger => said(Phrase::Danger),
        };
        vec![Line::needed(text)]
    }

    fn person(&self, desk: Option<&Desk>) -> String {
        match desk {
            Some(desk) => self.desk(Phrase::Person, desk),
            None => self.words.say(Phrase::NoPerson),
        }
    }

    fn desk(&self, phrase: Phrase, desk: &Desk) -> String {
        self.words.with(phrase, &[("name", cut(&desk.name, 30).into()), ("phone", desk.phone.compact().into())])
    }

    fn what(&self, wanted: &Wanted) -> String {
        match (wanted.themes.first(), wanted.words.first()) {
            (Some(theme), _) if theme.is_sensitive() => String::new(),
            (_, Some(word)) => word.clone(),
            (Some(theme), None) => short_label(self.vocabulary.label(*theme, self.answer.language)),
            (None, None) => self.words.say(Phrase::Search),
        }
    }

    /// What the keys do next, in one line.
    fn keys(&self) -> String {
        let picks: Vec<char> = self.answer.choices.iter().filter(|choice| choice.action == Action::Pick).map(|choice| choice.key).collect();
        let is_doors = self.answer.blocks.iter().any(|block| matches!(block, Block::Doors(_) | Block::Say(Sentence::WhichLanguage | Sentence::WhenCall)));
        let mut said = Vec::new();
        match (picks.first(), picks.last()) {
            // Doors, languages and hours say themselves what to press.
            _ if is_doors => {}
            (Some(first), Some(last)) if first != last => said.push(self.words.with(Phrase::KeyPick, &[("range", format!("{first}-{last}").into())])),
            (Some(only), _) => said.push(self.words.with(Phrase::KeyPick, &[("range", only.to_string().into())])),
            _ => {}
        }
        said.extend(self.answer.choices.iter().filter_map(|choice| self.key(*choice)));
        said.join(" ")
    }

    fn key(&self, choice: Choice) -> Option<String> {
        let phrase = match choice.action {
            Action::Pick => return None,
            Action::More => Phrase::KeyMore,
            Action::Wider => Phrase::KeyWider,
            Action::Person => Phrase::KeyPerson,
            Action::Back => Phrase::KeyBack,
            Action::Keep => Phrase::KeyKeep,
        };
        Some(self.words.say(phrase))
    }
}

fn example(language: Language) -> &'static str {
    if language == Language::De { "4700" } else { "1030" }
}

/// The two most general numbers and the one for this danger always, the others while they fit.
fn emergency(numbers: &[(String, String)]) -> Vec<Line> {
    (1..)
        .zip(numbers)
        .map(|(place, (number, who))| if place <= 3 { Line::needed(format!("{number} {who}")) } else { Line::wished(place, format!("{number} {who}")) })
        .collect()
}

/// The first name of a theme: "Sortir" for "Sortir, se rencontrer", "Papiers" for "Papiers et démarches".
fn short_label(label: &str) -> String {
    [", ", " et ", " en ", " und ", " and ", " & "]
        .iter()
        .filter_map(|between| label.split_once(between))
        .map(|(first, _)| first)
        .min_by_key(|first| first.len())
        .unwrap_or(label)
        .to_owned()
}

/// Cuts a text at a space before `width` characters.
fn cut(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let mut kept = String::new();
    for word in text.split_whitespace() {
        let longer = kept.chars().count() + word.chars().count() + usize::from(!kept.is_empty());
        if longer > width {
            break;
        }
        if !kept.is_empty() {
            kept.push(' ');
        }
        kept.push_str(word);
    }
    // A name does not end with a quote or an article: "Donnerie", not "Donnerie de la".
    loop {
        let trimmed = kept.trim_end_matches(|character: char| !character.is_alphanumeric() && character != ')');
        let shorter = trimmed.rsplit_once(' ').filter(|(_, last)| ARTICLES.contains(&last.to_lowercase().as_str())).map_or(trimmed, |(before, _)| before);
        if shorter.len() == kept.len() {
            break;
        }
        let length = shorter.len();
        kept.truncate(length);
    }
    // "Solidarischer" says less than "Solidarischer K.".
    if kept.chars().count() * 5 < width * 3 {
        return format!("{}.", text.chars().take(width - 1).collect::<String>().trim_end());
    }
    kept
}
