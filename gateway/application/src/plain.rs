//! What written channels have in common: titles, sentences, keys, in the words of a language.

use std::borrow::Cow;

use directory::answer::{Action, Answer, BestHour, Block, Choice, Desk, Entry, Hours, Sentence, Title, What};
use directory::emergency::EmergencyNumber;
use directory::language::Language;
use directory::need::Need;
use directory::phrase::Phrase;
use directory::query::Wanted;
use directory::record::CostKind;
use directory::vocabulary::Vocabulary;

use crate::say::Words;

/// A code that no record has, to show what a code looks like.
const SAMPLE_CODE: &str = "K7P2W";

/// Words that no cut name ends with.
const ARTICLES: [&str; 36] = [
    "de", "du", "des", "la", "le", "les", "l", "d", "à", "a", "au", "aux", "en", "et", "un", "une", "pour", "sur", "chez", "van", "der", "den", "het", "een",
    "voor", "op", "im", "am", "von", "und", "für", "the", "of", "for", "and", "in",
];

/// What the lines of a list say beside name and time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is left out by itself")]
pub struct Said {
    /// What an entry is.
    pub what: bool,
    /// What it costs.
    pub cost: bool,
    /// How far it is, where its place is said too.
    pub distance: bool,
    /// Whom it is for, and how one gets in.
    pub restriction: bool,
}

impl Said {
    /// All of it.
    pub const ALL: Self = Self { what: true, cost: true, distance: true, restriction: true };
}

/// What a list says of an entry, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// What it is, where neither its name nor the heading says it.
    pub what: Option<String>,
    /// Its name.
    pub name: String,
    /// When one can come.
    pub coming: String,
    /// What it costs, where that is known and the heading does not say it of all.
    pub cost: Option<String>,
    /// Whom alone it is for, and how one gets in.
    pub restriction: Option<String>,
    /// Where it is.
    pub place: Option<String>,
    /// How far.
    pub distance: Option<String>,
}

impl Facts {
    /// Each of them in other letters.
    #[must_use]
    pub fn map(self, change: fn(&str) -> String) -> Self {
        let some = |text: Option<String>| text.map(|text| change(&text));
        Self {
            what: some(self.what),
            name: change(&self.name),
            coming: change(&self.coming),
            cost: some(self.cost),
            restriction: some(self.restriction),
            place: some(self.place),
            distance: some(self.distance),
        }
    }

    /// What it is and its name, cut to `width` characters between two words: `Repas chaud: La Louche Bleue`.
    pub fn called(&self, said: Said, width: usize) -> String {
        let name = shorten(&self.name, width);
        self.what.as_deref().filter(|_| said.what).map_or_else(|| name.clone(), |what| format!("{what}: {name}"))
    }

    /// What stands behind the name: when, what it costs, for whom, where.
    pub fn behind(&self, said: Said) -> String {
        let (place, distance) = (self.place.as_deref(), self.distance.as_deref());
        let distance = distance.filter(|_| said.distance || place.is_none());
        let place = [place, distance].into_iter().flatten().map(ToOwned::to_owned).reduce(|place, distance| format!("{place} {distance}"));
        let cost = self.cost.clone().filter(|_| said.cost);
        let restriction = self.restriction.clone().filter(|_| said.restriction);
        let facts = [Some(self.coming.clone()), cost, restriction, place];
        facts.into_iter().flatten().filter(|fact| !fact.is_empty()).collect::<Vec<_>>().join(", ")
    }
}

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
        if self.answer.demo { format!("{} {text}", self.words.say(Phrase::Demo)).trim_end().to_owned() } else { text.to_owned() }
    }

    /// The heading: what is listed, where and when; what it costs where all of it is free.
    pub fn title(&self, title: &Title) -> String {
        let label = title.theme.map(|theme| directory::words::fold(self.vocabulary.label(theme, self.answer.language))).unwrap_or_default();
        // "Sortir" is the theme itself, whatever is shown under it.
        let missing = title.missing.as_deref().filter(|word| !label.contains(directory::words::stem(word)));
        let missing = missing.map(|word| self.words.with(Phrase::Instead, &[("what", capital(word).into())]));
        let about = [Some(self.subject(title)), title.place.clone()].into_iter().flatten().filter(|part| !part.is_empty());
        let mut parts: Vec<String> = about.reduce(|subject, place| format!("{subject} {place}")).into_iter().collect();
        parts.extend(title.days.map(|days| self.words.days(days)));
        parts.extend(title.open_now.then(|| self.words.say(Phrase::OpenNow)));
        let heading = capital(&parts.join(", "));
        [missing.unwrap_or_default(), heading].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    }

    /// The need that is listed, the word asked for, or the theme's name; nothing that would betray a sensitive subject.
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

    /// What an entry shown by itself is, where its name does not say it.
    pub fn what_alone(&self, entry: &Entry) -> Option<String> {
        entry.what.filter(|_| !self.answer.leaves_no_trace).map(|what| self.label(what))
    }

    fn label(&self, what: What) -> String {
        match what {
            What::Need(need) => need.short(self.answer.language).to_owned(),
            What::Theme(theme) => short_label(self.vocabulary.label(theme, self.answer.language)),
        }
    }

    /// What all entries of a listing cost, where they all cost nothing: said once, in the heading.
    pub fn all_free(&self) -> Option<String> {
        let mut costs = self.answer.blocks.iter().filter_map(|block| if let Block::Entry(entry) = block { Some(entry.cost.kind) } else { None });
        let is_list = costs.clone().count() > 1;
        (is_list && costs.all(|kind| kind == CostKind::Free)).then(|| self.words.say(Phrase::Free))
    }

    /// What a list says of an entry.
    pub fn facts(&self, entry: &Entry) -> Facts {
        let words = self.words;
        let restriction = [words.only_for(self.answer.only_for(entry)), words.way_in(entry.way_in)].into_iter().flatten();
        let distance = |distance: f64| if distance < 10.0 { format!("{distance:.1}km").replace('.', ",") } else { format!("{distance:.0}km") };
        Facts {
            what: self.answer.what(entry).map(|what| self.label(what)),
            name: entry.name.clone(),
            coming: words.coming(&entry.coming),
            cost: words.cost(&entry.cost).filter(|_| self.all_free().is_none()),
            restriction: restriction.reduce(|who, how| format!("{who}, {how}")),
            place: entry.place.clone(),
            distance: entry.distance_km.map(distance),
        }
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
                words.with(Phrase::Where, &[("what", capital(&what).into()), ("example", example(words.language).into())])
            }
            Sentence::WhereAgain => said(Phrase::WhereAgain),
            Sentence::SendCode => said(Phrase::SendCode),
            Sentence::What(place) => with(Phrase::What, "place", place),
            Sentence::Unclear => said(Phrase::Unclear),
            Sentence::Readable => said(Phrase::Readable),
            Sentence::NothingToPick => said(Phrase::NothingToPick),
            Sentence::WhichOne => said(Phrase::WhichOne),
            Sentence::EmergencyFirst => said(Phrase::EmergencyFirst),
            Sentence::WhichNeed => said(Phrase::WhichNeed),
            Sentence::Refuge { name, code } => words.with(Phrase::Refuge, &[("name", Cow::Borrowed(name.as_str())), ("code", Cow::Borrowed(code.as_str()))]),
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
            Sentence::Doubted(name) => with(Phrase::Doubted, "name", &shorten(name, LONGEST_NAME)),
            Sentence::DoubtWhich => said(Phrase::DoubtWhich),
            Sentence::OfferByPerson(None) => said(Phrase::OfferNowhere),
            Sentence::OfferByPerson(desk) => return vec![said(Phrase::OfferByPerson), self.person(desk.as_ref())],
            Sentence::RequestByPerson(desk) => return vec![said(Phrase::RequestByPerson), self.person(desk.as_ref())],
            Sentence::Danger => said(Phrase::Danger),
            // Beside the numbers to call there is little room, and the number is what counts.
            Sentence::OrPlace(desk) => {
                self.words.with(Phrase::OrPlace, &[("name", cut(&desk.name, LONGEST_DESK).into()), ("phone", desk.phone.compact().into())])
            }
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
        self.words.with(phrase, &[("name", shorten(&desk.name, LONGEST_NAME).into()), ("phone", desk.phone.compact().into())])
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

    /// The needs that a door offers, a line each.
    pub fn needs(&self, needs: &[(u8, Need)]) -> String {
        needs.iter().map(|(key, need)| format!("{key} {}", need.short(self.answer.language))).collect::<Vec<_>>().join("\n")
    }

    /// What the keys do next, in one line: `Tapez 1, 2 ou 3. Suite: 8. Aide: 0.`
    pub fn keys(&self) -> String {
        let picks: Vec<String> = self.answer.choices.iter().filter(|choice| choice.action == Action::Pick).map(|choice| choice.key.to_string()).collect();
        let is_doors = self
            .answer
            .blocks
            .iter()
            .any(|block| matches!(block, Block::Doors(_) | Block::Needs(_) | Block::Say(Sentence::WhichLanguage | Sentence::WhenCall)));
        let range = match picks.as_slice() {
            // Doors, languages and hours say themselves what to press.
            _ if is_doors => None,
            [before @ .., last] if !before.is_empty() => Some(format!("{} {} {last}", before.join(", "), self.words.say(Phrase::Or))),
            picks => picks.first().cloned(),
        };
        let mut said: Vec<String> = range.map(|range| self.words.with(Phrase::KeyPick, &[("range", range.into())])).into_iter().collect();
        said.extend(self.answer.choices.iter().filter_map(|choice| Some(format!("{}: {}.", self.key(*choice)?, choice.key))));
        said.join(" ")
    }

    /// What one key does; `None` for those of the list, which are said together.
    pub fn key(&self, choice: Choice) -> Option<String> {
        let phrase = match choice.action {
            Action::Pick => return None,
            Action::More | Action::Everything => Phrase::KeyMore,
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

/// A text as a line begins: with a capital letter.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Names of entries are written no longer than this in a sentence.
const LONGEST_NAME: usize = 40;

/// Names of desks: beside the numbers to call in danger there is no more room.
const LONGEST_DESK: usize = 30;

/// Words that a name keeps at least, articles apart: fewer are recognised by nobody.
const FEWEST_WORDS: usize = 2;

/// A name in at most `width` characters where two of its words find room in them, else in as many as those two take:
/// whole words, never a part of one.
pub fn shorten(name: &str, width: usize) -> String {
    let mut kept = String::new();
    let mut telling = 0;
    for word in name.split_whitespace() {
        let longer = kept.chars().count() + word.chars().count() + usize::from(!kept.is_empty());
        if longer > width && telling >= FEWEST_WORDS {
            break;
        }
        telling += usize::from(tells(word));
        if !kept.is_empty() {
            kept.push(' ');
        }
        kept.push_str(word);
    }
    if kept.len() == name.len() { kept } else { ended(&kept) }
}

/// True for a word that a name is known by: no article, no sign.
fn tells(word: &str) -> bool {
    let bare = word.trim_matches(|character: char| !character.is_alphanumeric()).to_lowercase();
    bare.chars().any(char::is_alphanumeric) && !ARTICLES.contains(&bare.as_str())
}

/// Cuts a text at a space before `width` characters; a word longer than that stays whole, unless nobody would call it one.
pub fn cut(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let mut kept = String::new();
    for word in text.split_whitespace() {
        let longer = kept.chars().count() + word.chars().count() + usize::from(!kept.is_empty());
        if longer > width && !kept.is_empty() {
            break;
        }
        if !kept.is_empty() {
            kept.push(' ');
        }
        kept.extend(word.chars().take(2 * width));
    }
    ended(&kept)
}

/// A name does not end with a quote or an article: "Donnerie", not "Donnerie de la".
fn ended(text: &str) -> String {
    let mut kept = text;
    loop {
        let trimmed = kept.trim_end_matches(|character: char| !character.is_alphanumeric() && character != ')');
        let shorter = trimmed.rsplit_once(' ').filter(|(_, last)| !tells(last)).map_or(trimmed, |(before, _)| before);
        if shorter.len() == kept.len() {
            return kept.to_owned();
        }
        kept = shorter;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_cut_between_words_and_keeps_two_of_them() {
        for (name, width, kept) in [
            ("Le Petit Carnaval", 40, "Le Petit Carnaval"),
            ("Le Petit Carnaval", 8, "Le Petit Carnaval"),
            ("Le Petit Carnaval des enfants", 18, "Le Petit Carnaval"),
            ("Le Petit Carnaval des enfants", 21, "Le Petit Carnaval"),
            ("Solidarischer Kleiderladen Eupen", 12, "Solidarischer Kleiderladen"),
            ("Donnerie de la rue Haute", 18, "Donnerie de la rue"),
            ("Atelier \u{ab} vélo \u{bb} du samedi", 17, "Atelier \u{ab} vélo"),
        ] {
            assert_eq!(shorten(name, width), kept, "{name}");
        }
        assert_eq!(cut("un mot extraordinairement long", 12), "un mot");
        assert_eq!(cut("extraordinairement", 12), "extraordinairement");
    }
}
