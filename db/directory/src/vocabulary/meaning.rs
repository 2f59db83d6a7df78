//! What phrases mean: senses, and the names they have in `config/words.toml`.

use chrono::Weekday;

use crate::day_part::DayPart;
use crate::kind::Kind;
use crate::language::Language;
use crate::theme::{Audience, Theme};

/// What a phrase can mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Meaning {
    /// A theme; a weak word counts only where nothing else names one.
    Theme { theme: Theme, weak: bool },
    /// A reserved word.
    Command(Command),
    /// The name of a language we speak.
    Language(Language),
    /// A word about time.
    Time(TimeWord),
    /// A kind asked for; a weak word counts only where no theme is named.
    Kind { kind: Kind, weak: bool },
    /// Whom it is for.
    Audience(Audience),
    /// It must be free.
    Free,
    /// "The second one": its number in a list; 0 is the last.
    Ordinal(u8),
    /// What is asked of what was listed or shown.
    About(About),
    /// A place's name that is an ordinary word too: a place only where a word announces it.
    AmbiguousPlace,
    /// Asking words, politeness, function words: heard, and left out.
    Filler(Filler),
}

/// Reserved words and phrases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Command {
    Help,
    Stop,
    Start,
    More,
    Back,
    Human,
    Report,
    Thanks,
    Offer,
    Request,
    /// "qui peut": a request where what is asked for is a neighbour's matter.
    RequestWeak,
    Language,
}

/// Words about time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum TimeWord {
    Today,
    /// This evening or night.
    Tonight,
    /// A part of whatever day.
    Part(DayPart),
    /// A part of today.
    TodayAt(DayPart),
    Tomorrow,
    AfterTomorrow,
    Weekend,
    ThisWeek,
    NextWeek,
    NextWeekend,
    ThisMonth,
    /// At this moment.
    Now,
    /// Open, where no day is named.
    Open,
    Next,
    Weekday(Weekday),
    Month(u32),
}

/// Words without a subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Filler {
    /// "je cherche", "I need".
    Want,
    /// "svp", "bonjour".
    Polite,
    /// "le", "for".
    Noise,
    /// "à", "in": what follows may be a place.
    PlaceBefore,
    /// "près de moi".
    Near,
}

/// What is asked of what was listed or shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum About {
    /// It is too far away.
    TooFar,
    /// Where it is, when, how to reach it: what its card says.
    Detail,
}

/// A set of languages in which a phrase has a meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Languages(pub(crate) u8);

impl Languages {
    pub(crate) fn with(self, language: Language) -> Self {
        Self(self.0 | (1 << language as u8))
    }

    pub(crate) fn contains(self, language: Language) -> bool {
        self.0 & (1 << language as u8) != 0
    }

    pub(crate) fn count(self) -> u32 {
        self.0.count_ones()
    }
}

/// One meaning of a phrase and the languages in which it has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sense {
    pub(crate) meaning: Meaning,
    pub(crate) languages: Languages,
}

impl Meaning {
    /// The meaning of a list of words by its section and name, of themes by theirs.
    pub(crate) fn from_name(section: &str, name: &str) -> Option<Self> {
        Some(match section {
            "theme" => Meaning::Theme { theme: Theme::from_id(name)?, weak: false },
            "theme_weak" => Meaning::Theme { theme: Theme::from_id(name)?, weak: true },
            "intent" => Meaning::Command(match name {
                "help" => Command::Help,
                "stop" => Command::Stop,
                "start" => Command::Start,
                "more" => Command::More,
                "back" => Command::Back,
                "human" => Command::Human,
                "report" => Command::Report,
                "thanks" => Command::Thanks,
                "offer" => Command::Offer,
                "request" => Command::Request,
                "language" => Command::Language,
                _ => return None,
            }),
            "language" => Meaning::Language(Language::from_code(name)?),
            "time" => Meaning::Time(time_word(name)?),
            "kind" => Meaning::Kind { kind: Kind::from_id(name)?, weak: false },
            "kind_weak" => Meaning::Kind { kind: Kind::from_id(name)?, weak: true },
            "audience" => Meaning::Audience(Audience::from_id(name)?),
            "cost" if name == "free" => Meaning::Free,
            // "pas cher": heard, but nobody knows what is cheap to whom.
            "cost" if name == "low" => Meaning::Filler(Filler::Noise),
            "ordinal" if name == "last" => Meaning::Ordinal(0),
            "ordinal" => Meaning::Ordinal(name.parse().ok()?),
            "about" => Meaning::About(match name {
                "too_far" => About::TooFar,
                "detail" => About::Detail,
                _ => return None,
            }),
            "request_weak" => Meaning::Command(Command::RequestWeak),
            "place_ambiguous" => Meaning::AmbiguousPlace,
            "want" => Meaning::Filler(Filler::Want),
            "polite" => Meaning::Filler(Filler::Polite),
            "noise" => Meaning::Filler(Filler::Noise),
            "place_before" => Meaning::Filler(Filler::PlaceBefore),
            "near" => Meaning::Filler(Filler::Near),
            _ => return None,
        })
    }
}

fn time_word(name: &str) -> Option<TimeWord> {
    const MONTHS: [&str; 12] = ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];
    Some(match name {
        "today" => TimeWord::Today,
        "this_morning" => TimeWord::TodayAt(DayPart::Morning),
        "this_noon" => TimeWord::TodayAt(DayPart::Noon),
        "this_afternoon" => TimeWord::TodayAt(DayPart::Afternoon),
        "morning" => TimeWord::Part(DayPart::Morning),
        "noon" => TimeWord::Part(DayPart::Noon),
        "afternoon" => TimeWord::Part(DayPart::Afternoon),
        "evening" => TimeWord::Part(DayPart::Evening),
        "tonight" => TimeWord::Tonight,
        "tomorrow" => TimeWord::Tomorrow,
        "after_tomorrow" => TimeWord::AfterTomorrow,
        "weekend" => TimeWord::Weekend,
        "this_week" => TimeWord::ThisWeek,
        "next_week" => TimeWord::NextWeek,
        "next_weekend" => TimeWord::NextWeekend,
        "this_month" => TimeWord::ThisMonth,
        "now" | "open_now" => TimeWord::Now,
        "open" => TimeWord::Open,
        "next" => TimeWord::Next,
        day if day.parse::<Weekday>().is_ok() => TimeWord::Weekday(day.parse().ok()?),
        month => TimeWord::Month(u32::try_from(MONTHS.iter().position(|name| *name == month)?).ok()? + 1),
    })
}
