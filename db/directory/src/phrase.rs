//! The message catalogue: every phrase a visitor can read, in four languages.
//!
//! Texts are Project Fluent files in `config/phrases`, compiled in. A phrase that lacks in a
//! language falls back to French; a test checks that none does.

use std::borrow::Cow;
use std::fmt;
use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

use crate::language::Language;

const SOURCES: [(Language, &str); 4] = [
    (Language::Fr, include_str!("../../../config/phrases/fr.ftl")),
    (Language::Nl, include_str!("../../../config/phrases/nl.ftl")),
    (Language::De, include_str!("../../../config/phrases/de.ftl")),
    (Language::En, include_str!("../../../config/phrases/en.ftl")),
];

macro_rules! phrases {
    ($($name:ident = $key:literal),+ $(,)?) => {
        /// A phrase of the catalogue.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[expect(missing_docs, reason = "the French file is the phrase's documentation")]
        pub enum Phrase { $($name),+ }

        impl Phrase {
            /// Every phrase.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The message's identifier in the Fluent files.
            pub fn key(self) -> &'static str {
                match self { $(Self::$name => $key),+ }
            }
        }
    };
}

phrases! {
    Help = "help", Where = "where", WhereAgain = "where-again", SendCode = "send-code", What = "what",
    Unclear = "unclear",
    Readable = "readable", Erase = "erase", TooOld = "too-old",
    NothingToPick = "nothing-to-pick", WhichOne = "which-one", WhichNeed = "which-need", Refuge = "refuge", NoSuchChoice = "no-such-choice",
    NothingFound = "nothing-found", NoMore = "no-more", Instead = "instead",
    Person = "person", NoPerson = "no-person", CallBack = "call-back", OrCall = "or-call", WhenCall = "when-call",
    ChatBack = "chat-back", ShareWhere = "share-where",
    MorningNoted = "morning-noted", AfternoonNoted = "afternoon-noted", EveningNoted = "evening-noted",
    Stopped = "stopped", Started = "started", Thanks = "thanks", EmergencyFirst = "emergency-first",
    Enough = "enough", LanguageSet = "language-set", WhichLanguage = "which-language",
    WhichTicket = "which-ticket", Texted = "texted", TicketIs = "ticket-is", NotKept = "not-kept",
    MisreadCode = "misread-code", NoSuchCode = "no-such-code", MisreadTicket = "misread-ticket",
    NoSuchTicket = "no-such-ticket",
    Doubted = "doubted", DoubtWhich = "doubt-which",
    OfferByPerson = "offer-by-person", OfferNowhere = "offer-nowhere", RequestByPerson = "request-by-person",
    Danger = "danger", OrPlace = "or-place", EraseThis = "erase-this", Discreet = "discreet",
    KeyPick = "key-pick", Or = "or", KeyMore = "key-more", KeyPerson = "key-person",
    KeyBack = "key-back", KeyKeep = "key-keep",
    OpenAlways = "open-always", OpenUntil = "open-until", OpenUntilNight = "open-until-night",
    OpenUntilMorning = "open-until-morning", Opens = "opens", Closed = "closed", HoursUnknown = "hours-unknown",
    HoursByPhone = "hours-by-phone",
    Cancelled = "cancelled", Postponed = "postponed", Full = "full", PhoneFirst = "phone-first",
    Free = "free", FreeIf = "free-if", Paid = "paid", Price = "price", PayWhatYouCan = "pay-what-you-can",
    OnlyFor = "only-for", AudienceWomen = "audience-women", AudienceMen = "audience-men", AudienceYouth = "audience-youth",
    AudienceFamilies = "audience-families", AudienceSeniors = "audience-seniors", AudienceExiles = "audience-exiles",
    AudienceHomeless = "audience-homeless", AudienceDisability = "audience-disability",
    AudienceLgbtq = "audience-lgbtq", AudienceExPrisoners = "audience-ex-prisoners",
    AudienceStudents = "audience-students", AudienceLowIncome = "audience-low-income",
    Verified = "verified", SourceOf = "source-of", Stale = "stale", Unverified = "unverified", Doubtful = "doubtful",
    Telephone = "telephone", ByAppointment = "by-appointment", ByReferral = "by-referral", Always = "always",
    OpenNow = "open-now", Demo = "demo", Agenda = "agenda", Search = "search",
    Today = "today", Tomorrow = "tomorrow", Weekdays = "weekdays", Hour = "hour", HourMinutes = "hour-minutes",
}

/// A catalogue file that cannot be used.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("config/phrases/{language}.ftl: {problem}")]
pub struct PhraseError {
    /// The file's language.
    pub language: &'static str,
    /// What is wrong.
    pub problem: String,
}

/// The phrases of all languages, each language read when something is first said in it: most
/// installations speak one or two, and none of them needs any to begin.
#[derive(Debug, Default)]
pub struct Catalogue {
    books: [OnceLock<Option<Book>>; SOURCES.len()],
}

/// A named value put into a phrase.
pub type Argument<'a> = (&'static str, Cow<'a, str>);

impl Catalogue {
    /// The catalogue that ships with the program. That each of its files can be read, a test checks.
    pub fn shipped() -> Self {
        Self::default()
    }

    /// The phrase in that language with its arguments; French where the language lacks it.
    pub fn say(&self, language: Language, phrase: Phrase, arguments: &[Argument<'_>]) -> String {
        self.exact(language, phrase, arguments).or_else(|| self.exact(Language::Fr, phrase, arguments)).unwrap_or_else(|| phrase.key().to_owned())
    }

    /// The phrase in exactly that language, if it has it.
    pub fn exact(&self, language: Language, phrase: Phrase, arguments: &[Argument<'_>]) -> Option<String> {
        self.book(language)?.say(phrase.key(), arguments)
    }

    fn book(&self, language: Language) -> Option<&Book> {
        let ((_, source), book) = SOURCES.iter().zip(&self.books).find(|((known, _), _)| *known == language)?;
        book.get_or_init(|| Book::read(language.code(), source).ok()).as_ref()
    }
}

/// The phrases of one file, by their keys.
pub struct Book(FluentBundle<FluentResource>);

impl fmt::Debug for Book {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Book").finish_non_exhaustive()
    }
}

impl Book {
    /// Reads a Fluent file in the language with that ISO 639-1 code.
    pub fn read(language: &'static str, source: &str) -> Result<Self, PhraseError> {
        let wrong = |problem: String| PhraseError { language, problem };
        let resource = FluentResource::try_new(source.to_owned()).map_err(|(_, errors)| wrong(errors.first().map(ToString::to_string).unwrap_or_default()))?;
        let identifier = language.parse().map_err(|error: unic_langid::LanguageIdentifierError| wrong(error.to_string()))?;
        let mut bundle = FluentBundle::new_concurrent(vec![identifier]);
        // Isolation marks would cost a text message its 7-bit alphabet.
        bundle.set_use_isolating(false);
        bundle.add_resource(resource).map_err(|errors| wrong(errors.first().map(ToString::to_string).unwrap_or_default()))?;
        Ok(Self(bundle))
    }

    /// The phrase with its arguments, if the book has it and all it asks for was given.
    pub fn say(&self, key: &str, arguments: &[Argument<'_>]) -> Option<String> {
        let pattern = self.0.get_message(key)?.value()?;
        let mut values = FluentArgs::with_capacity(arguments.len());
        for (name, value) in arguments {
            values.set(*name, FluentValue::from(value.as_ref()));
        }
        let mut problems = Vec::new();
        let text = self.0.format_pattern(pattern, Some(&values), &mut problems).into_owned();
        problems.is_empty().then_some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_phrase_exists_in_every_language() {
        let catalogue = Catalogue::shipped();
        let names = ["what", "place", "name", "phone", "code", "example", "day", "hour", "minutes", "price", "months", "number", "range", "country", "who"];
        let arguments: Vec<Argument<'_>> = names.into_iter().map(|name| (name, Cow::from("1"))).collect();
        for language in Language::ALL {
            for phrase in Phrase::ALL {
                let said = catalogue.exact(language, *phrase, &arguments);
                assert!(said.as_deref().is_some_and(|text| !text.is_empty()), "{} has no {}", language.code(), phrase.key());
            }
        }
    }

    #[test]
    fn every_message_of_the_files_is_used() {
        for (language, source) in SOURCES {
            for line in source.lines().filter(|line| line.contains(" = ") && !line.starts_with([' ', '#'])) {
                let key = line.split(" = ").next().unwrap_or_default();
                assert!(Phrase::ALL.iter().any(|phrase| phrase.key() == key), "{}.ftl: nobody says {key}", language.code());
            }
        }
    }
}
