//! An answer as a caller hears it: sentences of 20 seconds at most, then the keys.
//!
//! What somebody hears they cannot look at again: the aim comes before the key, a number is said twice and digit by
//! digit, and nothing is said that no key follows from.

mod book;

use std::borrow::Cow;

use chrono::{Datelike, NaiveDate, NaiveDateTime};
use directory::answer::{Action, Answer, BestHour, Block, Card, Coming, Desk, Entry, Off, Sentence, Title};
use directory::emergency::EmergencyNumber;
use directory::language::Language;
use directory::need::Need;
use directory::phone::{Country, Phone};
use directory::phrase::Argument;
use directory::vocabulary::Vocabulary;
use printer::phrases::{SlipPhrase, SlipWords as Full};

pub use self::book::{Book, Heard};

/// Words said in a minute: what young and old follow best.
pub const WORDS_A_MINUTE: f64 = 150.0;

/// The longest a sentence lasts before a caller can be lost, in seconds.
pub const LONGEST: f64 = 20.0;

/// Numbers to call in danger, at most: nobody remembers more.
const MOST_NUMBERS: usize = 6;

/// Words of a sentence that somebody else wrote.
const MOST_WORDS: usize = 32;

/// Words of an entry's name in a list: with all that follows it, 12 seconds.
const NAME_WORDS: usize = 10;

/// A sentence, in the voice of its language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prompt {
    /// Its language.
    pub language: Language,
    /// What is said.
    pub text: String,
    /// Slowly: numbers to write down.
    pub slowly: bool,
}

impl Prompt {
    /// How long it lasts, in seconds, at [`WORDS_A_MINUTE`]; each digit of a number is a word.
    pub fn seconds(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "a few dozen words")]
        let words = self.text.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count() as f64;
        words * 60.0 / WORDS_A_MINUTE
    }
}

/// What is awaited behind the sentences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Awaited {
    /// One key.
    Key,
    /// As many digits; a single sign (`0`, `*`, `#`, `9`) counts as the key it is.
    Digits(u8),
    /// Nothing: the call is over.
    Nothing,
}

/// An answer as it is heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Speech {
    /// What is said.
    pub prompts: Vec<Prompt>,
    /// Keys that do something here, beside `9`, `*` and `#`, which do everywhere.
    pub keys: String,
    /// What is awaited.
    pub awaited: Awaited,
    /// There is something to be heard more slowly: `5`.
    pub may_be_slowed: bool,
    /// The caller was promised a call.
    pub promised: bool,
    /// What was said was not understood.
    pub unclear: bool,
}

/// What saying needs beside the answer.
#[derive(Debug, Clone, Copy)]
pub struct Voice<'a> {
    /// The sentences.
    pub book: &'a Book,
    /// Doors and themes.
    pub vocabulary: &'a Vocabulary,
    /// Where whoever presses `#` is.
    pub home: Option<&'a str>,
    /// The country whose postal codes are asked for.
    pub country: Country,
    /// The local day.
    pub today: NaiveDate,
    /// What `7` does is to send a text message.
    pub texts: bool,
    /// The keys that do the same everywhere were not said yet.
    pub says_global_keys: bool,
}

impl Voice<'_> {
    /// Puts an answer into sentences.
    pub fn say(&self, answer: &Answer) -> Speech {
        let speaker = Speaker { voice: self, answer, words: self.book.words(answer.language, self.today) };
        speaker.say()
    }

    /// A sentence by itself.
    pub fn sentence(&self, language: Language, heard: Heard, arguments: &[Argument<'_>]) -> Prompt {
        Prompt { language, text: for_the_ear(&self.book.say(language, heard, arguments)).into_owned(), slowly: false }
    }
}

struct Speaker<'a> {
    voice: &'a Voice<'a>,
    answer: &'a Answer,
    words: Full<'a>,
}

impl Speaker<'_> {
    fn say(&self) -> Speech {
        let answer = self.answer;
        let mut prompts = Vec::new();
        if answer.demo {
            prompts.push(self.prompt(Heard::Demo, &[]));
        }
        for block in &answer.blocks {
            self.block(block, &mut prompts);
        }
        let ends = self.says(|sentence| matches!(sentence, Sentence::Thanks));
        let awaited = if ends { Awaited::Nothing } else { self.awaited() };
        let mut keys: String = answer.choices.iter().map(|choice| choice.key).collect();
        if !keys.contains('0') {
            keys.push('0');
        }
        if !ends {
            self.keys(&mut prompts);
        }
        Speech {
            prompts: prompts.into_iter().filter(|prompt| !prompt.text.is_empty()).collect(),
            keys,
            awaited,
            may_be_slowed: self.is_card() || self.says(|sentence| matches!(sentence, Sentence::TicketIs(_) | Sentence::Person(Some(_)) | Sentence::OrPlace(_))),
            promised: answer.hand_over.is_some(),
            unclear: self.says(|sentence| matches!(sentence, Sentence::Unclear | Sentence::MisreadTicket | Sentence::NoSuchTicket | Sentence::NoSuchChoice(_))),
        }
    }

    fn says(&self, which: impl Fn(&Sentence) -> bool) -> bool {
        self.answer.blocks.iter().any(|block| matches!(block, Block::Say(sentence) if which(sentence)))
    }

    fn is_card(&self) -> bool {
        self.answer.blocks.iter().any(|block| matches!(block, Block::Card(_)))
    }

    fn awaited(&self) -> Awaited {
        if self.says(|sentence| matches!(sentence, Sentence::WhichTicket | Sentence::MisreadTicket | Sentence::NoSuchTicket)) {
            Awaited::Digits(5)
        } else if self.says(|sentence| matches!(sentence, Sentence::Where(_) | Sentence::WhereAgain | Sentence::Help | Sentence::NothingToPick)) {
            Awaited::Digits(self.postal_digits())
        } else {
            Awaited::Key
        }
    }

    fn postal_digits(&self) -> u8 {
        match self.voice.country {
            Country::Be => 4,
            Country::Fr => 5,
        }
    }

    fn text(&self, heard: Heard, arguments: &[Argument<'_>]) -> String {
        self.voice.book.say(self.answer.language, heard, arguments)
    }

    fn prompt(&self, heard: Heard, arguments: &[Argument<'_>]) -> Prompt {
        self.voice.sentence(self.answer.language, heard, arguments)
    }

    fn plain(&self, text: &str) -> Prompt {
        Prompt { language: self.answer.language, text: for_the_ear(text).into_owned(), slowly: false }
    }

    fn block(&self, block: &Block, prompts: &mut Vec<Prompt>) {
        match block {
            Block::Title(title) => prompts.push(self.plain(&self.title(title))),
            Block::Entry(entry) => prompts.push(self.plain(&self.entry(entry))),
            Block::Card(card) => self.card(card, prompts),
            Block::Say(sentence) => self.sentence(sentence, prompts),
            Block::Emergency(numbers) => prompts.extend(numbers.iter().take(MOST_NUMBERS).map(|number| self.to_call(number))),
            Block::Needs(needs) => {
                let need =
                    |(key, need): &(u8, Need)| self.text(Heard::Door, &[("label", need.long(self.answer.language).into()), ("key", key.to_string().into())]);
                let mut said: Vec<String> = needs.iter().map(need).collect();
                said.push(self.text(Heard::Everything, &[]));
                prompts.extend(grouped(&said).into_iter().map(|group| self.plain(&group)));
            }
            Block::Doors(doors) => {
                let door = |(key, label): &(u8, String)| self.text(Heard::Door, &[("label", label.into()), ("key", key.to_string().into())]);
                let mut said: Vec<String> = doors.iter().map(door).collect();
                // Seven options are as many as anybody remembers: the ticket is named on the second page, and its key
                // does the same on the first.
                let offers = |action| self.answer.choices.iter().any(|choice| choice.action == action);
                if offers(Action::More) {
                    said.push(self.text(Heard::MoreDoors, &[]));
                } else if offers(Action::Keep) {
                    said.push(self.text(Heard::TicketKey, &[]));
                }
                prompts.push(self.plain(&said.join(" ")));
            }
        }
    }

    /// A number to call in danger: what for, in which other language, and its digits.
    fn to_call(&self, line: &EmergencyNumber) -> Prompt {
        let own = self.answer.language.code();
        let spoken = line.languages.first().filter(|_| !line.speaks(own) && !line.is_general());
        let values = [("who", line.label(own).into()), ("language", spoken.map_or("own", String::as_str).into()), ("number", digits(&line.number).into())];
        Prompt { slowly: true, ..self.prompt(Heard::Emergency, &values) }
    }

    fn title(&self, title: &Title) -> String {
        let mut parts: Vec<String> = Vec::new();
        if let Some(missing) = &title.missing {
            parts.push(self.text(Heard::Instead, &[("what", missing.into())]));
        }
        let subject = self.subject(title);
        let place = title.place.as_deref().map(|place| if place.bytes().all(|byte| byte.is_ascii_digit()) { postal(place) } else { place.to_owned() });
        let mut about: Vec<String> = [Some(subject), place].into_iter().flatten().filter(|part| !part.is_empty()).collect();
        if let Some(days) = title.days {
            let first = self.day(days.from);
            about.push(if days.from == days.to {
                first
            } else {
                self.words.with(SlipPhrase::DaysFromTo, &[("first", first.into()), ("last", self.day(days.to).into())])
            });
        }
        if title.open_now {
            about.push(self.text(Heard::OpenNow, &[]));
        }
        if !about.is_empty() {
            parts.push(format!("{}.", about.join(", ")));
        }
        parts.join(" ")
    }

    /// The word asked for, or the theme's name; nothing that would betray a sensitive subject to whoever listens.
    fn subject(&self, title: &Title) -> String {
        match (&title.theme, &title.word) {
            (Some(theme), _) if theme.is_sensitive() => String::new(),
            _ if title.need.is_some() => title.need.map(|need| need.long(self.answer.language).to_owned()).unwrap_or_default(),
            (_, Some(word)) => word.strip_prefix("ticket ").map_or_else(|| word.clone(), |number| format!("ticket {}", digits(number))),
            (_, None) if title.agenda => self.text(Heard::Agenda, &[]),
            (Some(theme), None) => self.voice.vocabulary.label(*theme, self.answer.language).to_owned(),
            (None, None) => String::new(),
        }
    }

    fn entry(&self, entry: &Entry) -> String {
        let name = shortened(&entry.name, NAME_WORDS);
        let what = self.answer.what(entry).map(|what| self.words.what(what, self.voice.vocabulary));
        let called = what.map_or_else(|| name.clone(), |what| format!("{what}, {name}"));
        let mut parts = vec![self.text(Heard::Entry, &[("number", entry.number.to_string().into()), ("name", called.into())])];
        let restriction = self.words.only_for(self.answer.only_for(entry));
        let facts = [Some(self.coming(&entry.coming)), self.words.cost(&entry.cost), restriction, self.words.way_in(entry.way_in)];
        parts.extend(facts.into_iter().flatten().map(|fact| format!("{}.", fact.trim_end_matches('.'))));
        if let Some(distance) = entry.distance_km.filter(|distance| *distance >= 0.5) {
            let number = if distance < 10.0 { format!("{distance:.1}").replace('.', ",").trim_end_matches(",0").to_owned() } else { format!("{distance:.0}") };
            parts.push(self.text(Heard::Kilometres, &[("number", number.into())]));
        } else if let Some(place) = &entry.place {
            parts.push(format!("{}.", postal(place)));
        }
        parts.join(" ")
    }

    fn coming(&self, coming: &Coming) -> String {
        match coming {
            Coming::OpenUntil(None) => self.text(Heard::Open, &[]),
            Coming::OpenUntil(Some(until)) => self.text(Heard::OpenUntil, &[("hour", self.words.until(*until).into())]),
            Coming::Opens(start) => self.text(Heard::Opens, &[("when", self.moment(*start).into())]),
            Coming::Closed => self.words.say(SlipPhrase::Closed),
            Coming::At { start, all_day } => {
                let when = if *all_day { self.day(start.date()) } else { self.moment(*start) };
                self.text(Heard::TakesPlace, &[("when", when.into())])
            }
            Coming::Off(off) => self.off(*off),
            Coming::AskByPhone => self.words.say(SlipPhrase::HoursByPhone),
            Coming::Unknown => self.words.say(SlipPhrase::HoursUnknown).trim_end_matches('.').to_owned(),
        }
    }

    fn off(&self, off: Off) -> String {
        let said = match off {
            Off::Cancelled => SlipPhrase::Cancelled,
            Off::Postponed => SlipPhrase::Postponed,
            Off::Full => SlipPhrase::Full,
            Off::NotForVisitors => SlipPhrase::PhoneFirst,
        };
        self.words.say(said).trim_end_matches('.').to_owned()
    }

    /// `aujourd'hui`, `demain`, `lundi`, `lundi 30 novembre`.
    fn day(&self, day: NaiveDate) -> String {
        match (day - self.voice.today).num_days() {
            0 => self.text(Heard::Today, &[]),
            1 => self.text(Heard::Tomorrow, &[]),
            2..=6 => self.words.weekday(day.weekday().num_days_from_monday() as usize),
            _ => self.words.weekday_and_day(day, false),
        }
    }

    fn moment(&self, start: NaiveDateTime) -> String {
        let hour = self.words.hour(start.time(), false);
        match (start.date() - self.voice.today).num_days() {
            0 => self.text(Heard::AtToday, &[("hour", hour.into())]),
            1 => self.text(Heard::AtTomorrow, &[("hour", hour.into())]),
            _ => self.text(Heard::AtDay, &[("day", self.day(start.date()).into()), ("hour", hour.into())]),
        }
    }

    fn card(&self, card: &Card, prompts: &mut Vec<Prompt>) {
        let place = [card.street.clone(), card.locality.as_deref().map(spell_postal)].into_iter().flatten().collect::<Vec<_>>().join(", ");
        let what = card.entry.what.filter(|_| !self.answer.leaves_no_trace).map(|what| self.words.what(what, self.voice.vocabulary));
        let called = [Some(shortened(&card.entry.name, NAME_WORDS)), what, Some(shortened(&place, MOST_WORDS))];
        prompts.push(self.plain(&sentences(called.into_iter().flatten())));
        if let Coming::Off(off) = card.entry.coming {
            prompts.push(self.plain(&format!("{}.", self.off(off))));
        }
        // A line for each run of days: as many as can be listened to.
        let hours: Vec<String> = self.words.hours(&card.hours).iter().map(|line| shortened(line, MOST_WORDS)).collect();
        prompts.extend(grouped(&hours).into_iter().map(|group| self.plain(&group)));
        let restriction = [self.words.only_for(self.answer.only_for(&card.entry)), self.words.way_in(card.entry.way_in)];
        let conditions = card.conditions.as_deref().map(|text| shortened(text, MOST_WORDS));
        prompts.push(self.plain(&sentences([self.words.cost(&card.entry.cost)].into_iter().chain(restriction).flatten())));
        prompts.push(self.plain(&sentences(conditions)));
        prompts.push(match &card.phone {
            Some(phone) => Prompt { slowly: true, ..self.prompt(Heard::Phone, &[("phone", spoken(phone).into())]) },
            None => self.prompt(Heard::NoPhone, &[]),
        });
        prompts.push(self.plain(&self.words.freshness(card.entry.shown, None)));
    }

    fn sentence(&self, sentence: &Sentence, prompts: &mut Vec<Prompt>) {
        let heard = |heard| self.prompt(heard, &[]);
        match sentence {
            // Each language in its own voice, whatever the language of the answer.
            Sentence::WhichLanguage => {
                prompts.extend(Language::ALL.into_iter().map(|language| self.voice.sentence(language, Heard::Hello, &[])));
            }
            Sentence::Where(_) | Sentence::WhereAgain | Sentence::Help | Sentence::NothingToPick => {
                if matches!(sentence, Sentence::NothingToPick) {
                    prompts.push(heard(Heard::NothingToPick));
                }
                prompts.push(self.prompt(Heard::Where, &[("digits", self.postal_digits().to_string().into())]));
                if let (Some(home), Sentence::Where(_)) = (self.voice.home, sentence) {
                    prompts.push(self.prompt(Heard::WhereHere, &[("place", spell_postal(home).into())]));
                }
            }
            Sentence::What(place) => prompts.push(self.plain(&format!("{}.", spell_postal(place)))),
            Sentence::Unclear | Sentence::Readable => prompts.push(heard(Heard::Unclear)),
            Sentence::NoSuchChoice(number) => prompts.push(self.prompt(Heard::WrongKey, &[("key", number.to_string().into())])),
            Sentence::NothingFound(title) => {
                let what = self.title(title);
                let what = what.trim_end_matches('.');
                let what = if what.is_empty() { self.text(Heard::Search, &[]) } else { what.to_owned() };
                prompts.push(self.prompt(Heard::NothingFound, &[("what", what.into())]));
            }
            Sentence::NoMore => prompts.push(heard(Heard::NoMore)),
            Sentence::WhichOne => prompts.push(heard(Heard::WhichOne)),
            Sentence::EmergencyFirst => prompts.push(self.first_the_emergency()),
            Sentence::WhichNeed => prompts.push(heard(Heard::WhichNeed)),
            Sentence::Person(desk) => {
                prompts.push(self.first_the_emergency());
                prompts.push(self.person(desk.as_ref()));
            }
            Sentence::CallBack(_) => {
                prompts.push(self.first_the_emergency());
                prompts.push(heard(Heard::CallBack));
            }
            Sentence::WhenCall => prompts.push(heard(Heard::WhenCall)),
            Sentence::HourNoted(hour) => prompts.push(heard(match hour {
                BestHour::Morning => Heard::MorningNoted,
                BestHour::Afternoon => Heard::AfternoonNoted,
                BestHour::Evening => Heard::EveningNoted,
            })),
            Sentence::Stopped => prompts.push(heard(Heard::Stopped)),
            Sentence::Started => prompts.push(heard(Heard::Started)),
            Sentence::Thanks => prompts.push(heard(Heard::Thanks)),
            Sentence::WhichTicket => prompts.push(heard(Heard::WhichTicket)),
            Sentence::MisreadTicket => prompts.push(heard(Heard::MisreadTicket)),
            Sentence::NoSuchTicket => prompts.push(heard(Heard::NoSuchTicket)),
            Sentence::TicketIs(ticket) => {
                prompts.push(Prompt { slowly: true, ..self.prompt(Heard::TicketIs, &[("number", digits(&ticket.to_string()).into())]) });
            }
            Sentence::Texted => prompts.push(heard(Heard::Texted)),
            Sentence::NotKept => prompts.push(heard(Heard::NotKept)),
            Sentence::MisreadCode | Sentence::NoSuchCode(_) => prompts.push(heard(Heard::NoSuchCode)),
            Sentence::Doubted(_) | Sentence::DoubtWhich => prompts.push(heard(Heard::Doubted)),
            Sentence::OfferByPerson(desk) | Sentence::RequestByPerson(desk) => {
                // Only where there is one.
                prompts.extend(desk.is_some().then(|| heard(Heard::ByPerson)));
                prompts.push(self.person(desk.as_ref()));
            }
            Sentence::Danger => prompts.push(heard(Heard::Danger)),
            Sentence::OrPlace(desk) => prompts.push(self.person(Some(desk))),
            // Codes are for those who see them; that a language was chosen is heard; nothing heard is left to be erased.
            Sentence::SendCode | Sentence::Refuge { .. } | Sentence::LanguageSet | Sentence::EraseThis => {}
        }
    }

    fn first_the_emergency(&self) -> Prompt {
        self.prompt(Heard::EmergencyFirst, &[])
    }

    fn person(&self, desk: Option<&Desk>) -> Prompt {
        match desk {
            Some(desk) => Prompt {
                slowly: true,
                ..self.prompt(Heard::Person, &[("name", shortened(&desk.name, NAME_WORDS).into()), ("phone", spoken(&desk.phone).into())])
            },
            None => self.prompt(Heard::NoPerson, &[]),
        }
    }

    /// What the keys do: those of the page, then those that are the same everywhere, once a call.
    fn keys(&self, prompts: &mut Vec<Prompt>) {
        let mut said = Vec::new();
        let lists = self.answer.blocks.iter().any(|block| matches!(block, Block::Entry(_)));
        let doors = self.answer.blocks.iter().any(|block| matches!(block, Block::Doors(_) | Block::Needs(_)));
        let picks: Vec<char> = self.answer.choices.iter().filter(|choice| choice.action == Action::Pick).map(|choice| choice.key).collect();
        match picks.as_slice() {
            [only] if lists => said.push(self.text(Heard::PickOne, &[("key", only.to_string().into())])),
            [_, ..] if lists => said.push(self.text(Heard::PickSome, &[])),
            _ => {}
        }
        for choice in &self.answer.choices {
            said.push(match choice.action {
                Action::More if !doors => self.text(Heard::More, &[]),
                Action::Keep if !doors => self.text(if self.voice.texts { Heard::KeepText } else { Heard::KeepNumber }, &[]),
                Action::Back => self.text(Heard::Back, &[]),
                Action::Pick | Action::Person | Action::More | Action::Keep | Action::Everything => continue,
            });
        }
        if self.is_card() {
            said.push(self.text(Heard::Slower, &[]));
        }
        if !said.is_empty() {
            prompts.push(self.plain(&said.join(" ")));
        }
        if self.voice.says_global_keys && (doors || lists || self.is_card()) {
            prompts.push(self.prompt(Heard::GlobalKeys, &[]));
        }
    }
}

/// Digit by digit, as everybody can write it down: `0 8 0 0, 3 2, 1 2 3`.
fn digits(number: &str) -> String {
    let groups = number.split([' ', '/', '.', '-']).filter(|group| !group.is_empty());
    groups.map(|group| group.chars().map(String::from).collect::<Vec<_>>().join(" ")).collect::<Vec<_>>().join(", ")
}

pub(crate) fn spoken(phone: &Phone) -> String {
    digits(&phone.national())
}

/// A Belgian postal code in two pairs, as it is said there: `10 30`.
fn postal(code: &str) -> String {
    match (code.len(), code.split_at_checked(2)) {
        (4, Some((first, second))) if code.bytes().all(|byte| byte.is_ascii_digit()) => format!("{first} {second}"),
        _ => code.to_owned(),
    }
}

/// `10 30 Schaerbeek`.
fn spell_postal(place: &str) -> String {
    match place.split_once(' ') {
        Some((code, rest)) => format!("{} {rest}", postal(code)),
        None => postal(place),
    }
}

/// As many words as can be listened to.
fn shortened(text: &str, most: usize) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    match words.get(..most) {
        Some(first) if words.len() > most => first.join(" ").trim_end_matches([',', ';', ':', '(']).to_owned(),
        _ => words.join(" "),
    }
}

/// Parts as sentences.
fn sentences(parts: impl IntoIterator<Item = String>) -> String {
    let ended = parts.into_iter().filter(|part| !part.trim().is_empty()).map(|part| {
        let part = part.trim();
        if part.ends_with(['.', '!', '?']) { part.to_owned() } else { format!("{part}.") }
    });
    ended.collect::<Vec<_>>().join(" ")
}

/// Lines together while the whole can be listened to.
fn grouped(lines: &[String]) -> Vec<String> {
    let mut groups: Vec<Vec<String>> = Vec::new();
    for line in lines {
        let words = |lines: &[String]| lines.iter().map(|line| line.split_whitespace().count()).sum::<usize>();
        match groups.last_mut() {
            Some(group) if words(group) + line.split_whitespace().count() <= MOST_WORDS => group.push(line.clone()),
            _ => groups.push(vec![line.clone()]),
        }
    }
    groups.into_iter().map(sentences).collect()
}

/// Text without what only the eye needs: no-break spaces, quotes around names.
pub(crate) fn for_the_ear(text: &str) -> Cow<'_, str> {
    if text.contains(['\u{a0}', '\u{202f}', '\u{2060}', '«', '»']) {
        Cow::Owned(text.replace(['\u{a0}', '\u{202f}'], " ").replace(['\u{2060}', '«', '»'], ""))
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests;
