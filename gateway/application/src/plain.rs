//! What written channels have in common: titles, sentences, keys, in the words of a language.

use std::borrow::Cow;

use directory::answer::{Action, Answer, BestHour, Block, Choice, Desk, Entry, Hours, Sentence, Title};
use directory::emergency::EmergencyNumber;
use directory::language::Language;
use directory::phrase::Phrase;
use directory::query::Wanted;
use directory::vocabulary::Vocabulary;

use crate::say::Words;

/// A code that no record has, to show what a code looks like.
const SAMPLE_CODE: &str = "K7P2W";

/// Words that no cut name ends with.
const ARTICLES: [&str; 36] = [
    "de", "du", "des", "la", "le", "les", "l", "d", "à", "a", "au", "aux", "en", "et", "un", "une", "pour", "sur", "chez", "van", "der", "den", "het", "een",
    "voor", "op", "im", "am", "von", "und", "für", "the", "of", "for", "and", "in",
];

/// An answer to be written.
#[derive(Debug)]
pub struct Plain<'a> {
    /// The words of its language.
    pub words: &'a Words<'a>,
    /// Names of themes and places.
    pub vocabulary: &'a Vocabulary,
    /// What it says.
    pub answer: &'a Answer,
}

impl Plain<'_> {
    /// What is invented says so in front; emergency numbers above it are real.
    pub fn marked(&self, text: &str) -> String {
        if self.answer.demo { format!("{} {text}", self.words.say(Phrase::Demo)) } else { text.to_owned() }
    }

    /// The heading: what is listed, where and when.
    pub fn title(&self, title: &Title) -> String {
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
            _ if title.need.is_some() => title.need.map(|need| need.short(self.answer.language).to_owned()).unwrap_or_default(),
            (_, Some(word)) => word.clone(),
            (_, None) if title.agenda => self.words.say(Phrase::Agenda),
            (Some(theme), None) => short_label(self.vocabulary.label(*theme, self.answer.language)),
            (None, None) => String::new(),
        }
    }

    /// When, what it costs, where: what a list says of an entry behind its name.
    pub fn behind(&self, entry: &Entry) -> String {
        let mut behind = vec![self.words.coming(&entry.coming)];
        behind.extend(self.words.cost(&entry.cost));
        let distance =
            entry.distance_km.map(|distance| if distance < 10.0 { format!("{distance:.1}km").replace('.', ",") } else { format!("{distance:.0}km") });
        behind.extend([entry.place.clone(), distance].into_iter().flatten().reduce(|place, distance| format!("{place} {distance}")));
        behind.join(", ")
    }

    /// A sentence, as the lines that say it.
    pub fn sentence(&self, sentence: &Sentence) -> Vec<String> {
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
            Sentence::Readable => said(Phrase::Readable),
            Sentence::NothingToPick => said(Phrase::NothingToPick),
            Sentence::NoSuchChoice(number) => with(Phrase::NoSuchChoice, "number", &number.to_string()),
            Sentence::NothingFound(title) => {
                let title = self.title(title);
                with(Phrase::NothingFound, "what", if title.is_empty() { "?" } else { &title })
            }
            Sentence::NoMore => said(Phrase::NoMore),
            Sentence::Person(desk) => self.person(desk.as_ref()),
            Sentence::CallBack(desk) => {
                let instead = desk.as_ref().map(|desk| self.desk(Phrase::OrCall, desk));
                return [said(Phrase::CallBack)].into_iter().chain(instead).collect();
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
            Sentence::OfferByPerson(desk) => return vec![said(Phrase::OfferByPerson), self.person(desk.as_ref())],
            Sentence::RequestByPerson(desk) => return vec![said(Phrase::RequestByPerson), self.person(desk.as_ref())],
            Sentence::Danger => said(Phrase::Danger),
            Sentence::OrPlace(desk) => self.desk(Phrase::OrPlace, desk),
            Sentence::EraseThis => said(Phrase::EraseThis),
        };
        vec![text]
    }

    /// Whom to call, or that nobody answers here.
    pub fn person(&self, desk: Option<&Desk>) -> String {
        match desk {
            Some(desk) => self.desk(Phrase::Person, desk),
            None => self.words.say(Phrase::NoPerson),
        }
    }

    /// A phrase with the name and number of a desk.
    pub fn desk(&self, phrase: Phrase, desk: &Desk) -> String {
        self.words.with(phrase, &[("name", cut(&desk.name, 30).into()), ("phone", desk.phone.compact().into())])
    }

    /// A number to call in danger. Only those of everybody say what they are: whoever glances at this telephone learns of
    /// the others that the call is free, and when it is answered.
    pub fn to_call(&self, line: &EmergencyNumber) -> String {
        let (words, language) = (self.words, self.words.language.code());
        let number = &line.number;
        if line.is_general() {
            return format!("{number} {}", line.label(language));
        }
        let other = line.languages.first().filter(|_| !line.speaks(language)).map(|spoken| format!(" ({spoken})"));
        let hours = line.week(words.today).map(|week| words.hours(&Hours::Weekly(week)));
        let facts = [hours, line.free.then(|| words.say(Phrase::Free)), line.discreet.then(|| words.say(Phrase::Discreet))];
        let facts = facts.into_iter().flatten().collect::<Vec<_>>().join(", ");
        format!("{number}{} {facts}", other.unwrap_or_default()).trim_end().to_owned()
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
    pub fn keys(&self) -> String {
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

    /// What one key does; `None` for those of the list, which are said together.
    pub fn key(&self, choice: Choice) -> Option<String> {
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
pub fn cut(text: &str, width: usize) -> String {
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
