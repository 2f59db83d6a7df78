//! The sentences of a slip, in the files of `config/phrases/slip`.

mod words;

use std::borrow::Cow;

use directory::phrase::{Argument, Book, PhraseError};
use directory::theme::{Audience, Theme};
use directory::vocabulary::Vocabulary;

pub use self::words::SlipWords;
use crate::slip_language::{SlipLanguage, is_right_to_left};

const SOURCES: [(SlipLanguage, &str); 5] = [
    (SlipLanguage::Fr, include_str!("../../config/phrases/slip/fr.ftl")),
    (SlipLanguage::Nl, include_str!("../../config/phrases/slip/nl.ftl")),
    (SlipLanguage::De, include_str!("../../config/phrases/slip/de.ftl")),
    (SlipLanguage::En, include_str!("../../config/phrases/slip/en.ftl")),
    (SlipLanguage::Ar, include_str!("../../config/phrases/slip/ar.ftl")),
];

macro_rules! phrases {
    ($($name:ident = $key:literal),+ $(,)?) => {
        /// A sentence of a slip.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[expect(missing_docs, reason = "the French file is the phrase's documentation")]
        pub enum SlipPhrase { $($name),+ }

        impl SlipPhrase {
            /// Every sentence.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// Its identifier in the files.
            pub fn key(self) -> &'static str {
                match self { $(Self::$name => $key),+ }
            }
        }
    };
}

phrases! {
    Title = "title", TitleOne = "title-one", TitleNeutral = "title-neutral", Ticket = "ticket", Demo = "demo",
    Weekdays = "weekdays", Months = "months", FirstDay = "first-day", Day = "day", DayYear = "day-year", WeekdayDay = "weekday-day",
    Moment = "moment", Hour = "hour", HourMinutes = "hour-minutes", Between = "between", BetweenDays = "between-days",
    UntilNight = "until-night", UntilMorning = "until-morning", AndAgain = "and-again",
    DaysTwo = "days-two", DaysFromTo = "days-from-to", OpenDays = "open-days", EveryDay = "every-day",
    Always = "always", Closed = "closed", HoursUnknown = "hours-unknown", HoursByPhone = "hours-by-phone",
    Cancelled = "cancelled", Postponed = "postponed", Full = "full", PhoneFirst = "phone-first",
    Free = "free", FreeIf = "free-if", Paid = "paid", Price = "price", PayWhatYouCan = "pay-what-you-can",
    ByAppointment = "by-appointment", WalkIn = "walk-in", ByReferral = "by-referral", OnlyFor = "only-for", Conditions = "conditions",
    Phone = "phone", Way = "way", Metres = "metres", Kilometres = "kilometres",
    Verified = "verified", VerifiedPhone = "verified-phone", VerifiedVisit = "verified-visit", SourceOf = "source-of",
    Stale = "stale", Unverified = "unverified", Doubtful = "doubtful", Code = "code",
    Question = "question", TextTicket = "text-ticket", Keep = "keep", Helper = "helper", Torn = "torn",
}

/// A book of sentences in each language.
#[derive(Debug)]
pub struct Books(Vec<(SlipLanguage, Book)>);

impl Books {
    /// Reads them.
    pub fn read(sources: &[(SlipLanguage, &str)]) -> Result<Self, PhraseError> {
        let book = |(language, source): &(SlipLanguage, &str)| Ok((*language, Book::read(language.code(), source)?));
        Ok(Self(sources.iter().map(book).collect::<Result<_, PhraseError>>()?))
    }

    /// The sentence with its values; nothing where the language lacks it, or a value.
    pub fn say(&self, language: SlipLanguage, key: &str, arguments: &[Argument<'_>]) -> Option<String> {
        let (_, book) = self.0.iter().find(|(known, _)| *known == language)?;
        book.say(key, arguments)
    }
}

/// The sentences of all languages, built once at start.
#[derive(Debug)]
pub struct SlipPhrases(Books);

impl SlipPhrases {
    /// The sentences that ship with the program.
    pub fn shipped() -> Result<Self, PhraseError> {
        Books::read(&SOURCES).map(Self)
    }

    /// The sentence with its values; a test keeps it from being absent. Where the sentence runs from right to left,
    /// a phone number or a foreign name in it keeps its own direction.
    pub fn say(&self, language: SlipLanguage, said: SlipPhrase, arguments: &[Argument<'_>]) -> String {
        if language.is_right_to_left() {
            let arguments: Vec<Argument<'_>> = arguments.iter().map(|(name, value)| (*name, isolated(value))).collect();
            return self.find(language, said.key(), &arguments).unwrap_or_else(|| said.key().to_owned());
        }
        self.find(language, said.key(), arguments).unwrap_or_else(|| said.key().to_owned())
    }

    /// A theme's name beside its pictogram.
    pub fn label<'a>(&self, language: SlipLanguage, theme: Theme, vocabulary: &'a Vocabulary) -> Cow<'a, str> {
        match self.find(language, &format!("theme-{}", theme.id()), &[]) {
            Some(label) => Cow::Owned(label),
            None => Cow::Borrowed(vocabulary.label(theme, language.record_language())),
        }
    }

    /// An audience's name, in the plural.
    pub fn audience(&self, language: SlipLanguage, audience: Audience) -> String {
        self.find(language, &format!("audience-{}", audience.id()), &[]).unwrap_or_default()
    }

    /// A door's name in a language that the vocabulary does not have.
    pub fn door(&self, language: SlipLanguage, door: &str) -> Option<String> {
        self.find(language, &format!("door-{door}"), &[])
    }

    fn find(&self, language: SlipLanguage, key: &str, arguments: &[Argument<'_>]) -> Option<String> {
        self.0.say(language, key, arguments)
    }
}

/// Marks a value of several words or with letters of ours as one piece that runs from left to right.
fn isolated<'a>(value: &'a Cow<'a, str>) -> Cow<'a, str> {
    let runs_left_to_right =
        value.chars().any(|character| character.is_ascii_alphabetic() || character.is_whitespace()) && !value.chars().any(is_right_to_left);
    if runs_left_to_right { Cow::Owned(format!("\u{2066}{value}\u{2069}")) } else { Cow::Borrowed(value.as_ref()) }
}

#[cfg(test)]
mod tests;
