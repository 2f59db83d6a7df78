//! The sentences of `config/phrases/speech`.

use chrono::NaiveDate;
use directory::language::Language;
use directory::phrase::{self, Argument, PhraseError};
use printer::phrases::{SlipPhrases, SlipWords as Full};
use printer::slip_language::SlipLanguage;

const SOURCES: [(Language, &str); 4] = [
    (Language::Fr, include_str!("../../../config/phrases/speech/fr.ftl")),
    (Language::Nl, include_str!("../../../config/phrases/speech/nl.ftl")),
    (Language::De, include_str!("../../../config/phrases/speech/de.ftl")),
    (Language::En, include_str!("../../../config/phrases/speech/en.ftl")),
];

macro_rules! sentences {
    ($($name:ident = $key:literal),+ $(,)?) => {
        /// A sentence that callers hear.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[expect(missing_docs, reason = "the French file is the sentence's documentation")]
        pub enum Heard { $($name),+ }

        impl Heard {
            /// Every sentence.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// Its identifier in the files.
            pub fn key(self) -> &'static str {
                match self { $(Self::$name => $key),+ }
            }
        }
    };
}

sentences! {
    Hello = "hello", Door = "door", MoreDoors = "more-doors", Everything = "everything", TicketKey = "ticket-key", GlobalKeys = "global-keys",
    NoMoreCalls = "no-more-calls", RecallStopped = "recall-stopped",
    Demo = "demo", Agenda = "agenda", Instead = "instead", OpenNow = "open-now", Search = "search",
    Entry = "entry", Kilometres = "kilometres", PickOne = "pick-one", PickSome = "pick-some", More = "more",
    KeepText = "keep-text", KeepNumber = "keep-number", Slower = "slower", Back = "back",
    Open = "open", OpenUntil = "open-until", Opens = "opens", AtToday = "at-today", AtTomorrow = "at-tomorrow", AtDay = "at-day",
    Today = "today", Tomorrow = "tomorrow", TakesPlace = "takes-place", Phone = "phone", NoPhone = "no-phone",
    Where = "where", WhereHere = "where-here", WhichTicket = "which-ticket", MisreadTicket = "misread-ticket",
    NoSuchTicket = "no-such-ticket", TicketIs = "ticket-is", Texted = "texted", NotKept = "not-kept",
    NothingFound = "nothing-found", NoMore = "no-more", Unclear = "unclear", WrongKey = "wrong-key",
    NothingToPick = "nothing-to-pick", WhichOne = "which-one", WhichNeed = "which-need", NoSuchCode = "no-such-code",
    EmergencyFirst = "emergency-first", Danger = "danger", Emergency = "emergency", Person = "person", NoPerson = "no-person",
    CallBack = "call-back", WhenCall = "when-call", MorningNoted = "morning-noted", AfternoonNoted = "afternoon-noted",
    EveningNoted = "evening-noted", Stay = "stay", TooLong = "too-long", Enough = "enough", ToPerson = "to-person",
    ByPerson = "by-person", Doubted = "doubted", Stopped = "stopped", Started = "started", Thanks = "thanks", Trouble = "trouble",
}

/// The sentences of all languages, with days and hours in full words.
#[derive(Debug)]
pub struct Book {
    books: Vec<(Language, phrase::Book)>,
    full: SlipPhrases,
}

impl Book {
    /// The sentences that ship with the program.
    pub fn shipped() -> Result<Self, PhraseError> {
        let book = |(language, source): &(Language, &str)| Ok((*language, phrase::Book::read(language.code(), source)?));
        Ok(Self { books: SOURCES.iter().map(book).collect::<Result<_, PhraseError>>()?, full: SlipPhrases::shipped()? })
    }

    /// The sentence with its values; a test keeps it from being absent.
    pub fn say(&self, language: Language, heard: Heard, arguments: &[Argument<'_>]) -> String {
        self.exact(language, heard, arguments).unwrap_or_default()
    }

    fn exact(&self, language: Language, heard: Heard, arguments: &[Argument<'_>]) -> Option<String> {
        let (_, book) = self.books.iter().find(|(known, _)| *known == language)?;
        book.say(heard.key(), arguments)
    }

    /// Days, hours and prices in that language.
    pub fn words(&self, language: Language, today: NaiveDate) -> Full<'_> {
        Full { phrases: &self.full, language: SlipLanguage::from(language), today }
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;

    #[test]
    fn every_sentence_exists_in_every_language_and_is_used() {
        let book = Book::shipped().unwrap();
        let names = ["label", "key", "what", "number", "name", "phone", "hour", "when", "day", "place", "who", "digits", "language"];
        let arguments: Vec<Argument<'_>> = names.into_iter().map(|name| (name, Cow::from("1"))).collect();
        for (language, source) in SOURCES {
            for heard in Heard::ALL {
                assert!(book.exact(language, *heard, &arguments).is_some_and(|text| !text.is_empty()), "{} has no {}", language.code(), heard.key());
            }
            for line in source.lines().filter(|line| line.contains(" = ") && !line.starts_with([' ', '#'])) {
                let key = line.split(" = ").next().unwrap_or_default();
                assert!(Heard::ALL.iter().any(|heard| heard.key() == key), "{}.ftl: nobody says {key}", language.code());
            }
        }
    }
}
