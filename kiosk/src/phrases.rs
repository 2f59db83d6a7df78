//! What the kiosk says, in the files of `config/phrases/kiosk`.

use std::borrow::Cow;

use directory::phrase::PhraseError;
use printer::phrases::{Books, SlipPhrases};
use printer::slip_language::SlipLanguage;

const SOURCES: [(SlipLanguage, &str); 5] = [
    (SlipLanguage::Fr, include_str!("../../config/phrases/kiosk/fr.ftl")),
    (SlipLanguage::Nl, include_str!("../../config/phrases/kiosk/nl.ftl")),
    (SlipLanguage::De, include_str!("../../config/phrases/kiosk/de.ftl")),
    (SlipLanguage::En, include_str!("../../config/phrases/kiosk/en.ftl")),
    (SlipLanguage::Ar, include_str!("../../config/phrases/kiosk/ar.ftl")),
];

/// The sentences of all languages: the kiosk's own, and those of slips, which have days, hours and prices.
#[derive(Debug)]
pub struct KioskPhrases {
    books: Books,
    slips: SlipPhrases,
}

impl KioskPhrases {
    /// The sentences that ship with the program.
    pub fn shipped() -> Result<Self, PhraseError> {
        Ok(Self { books: Books::read(&SOURCES)?, slips: SlipPhrases::shipped()? })
    }

    /// A sentence without values; a test keeps it from being absent.
    pub fn say(&self, language: SlipLanguage, key: &str) -> String {
        self.with(language, key, &[])
    }

    /// A sentence with its values.
    pub fn with(&self, language: SlipLanguage, key: &str, values: &[(&'static str, &str)]) -> String {
        self.find(language, key, values).unwrap_or_else(|| key.to_owned())
    }

    /// The sentences without values, by their keys.
    pub fn plain(&self, language: SlipLanguage) -> Vec<(String, String)> {
        let source = SOURCES.iter().find(|(known, _)| *known == language).map_or("", |(_, source)| source);
        let lines = source.lines().filter(|line| !line.starts_with('#') && !line.contains('{'));
        let keys = lines.filter_map(|line| line.split_once(" = ").map(|(key, _)| key.to_owned()));
        keys.filter_map(|key| Some((key.clone(), self.find(language, &key, &[])?))).collect()
    }

    /// The sentences of slips.
    pub fn slips(&self) -> &SlipPhrases {
        &self.slips
    }

    fn find(&self, language: SlipLanguage, key: &str, values: &[(&'static str, &str)]) -> Option<String> {
        let values: Vec<_> = values.iter().map(|(name, value)| (*name, Cow::Borrowed(*value))).collect();
        self.books.say(language, key, &values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(source: &str) -> Vec<&str> {
        source.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(" = ").map(|(key, _)| key)).collect()
    }

    #[test]
    fn every_language_says_everything() {
        let phrases = KioskPhrases::shipped().unwrap();
        let values = ["page", "pages", "number", "hour", "day", "when", "minutes", "seconds", "ticket", "name", "language"].map(|name| (name, "1"));
        let all = keys(SOURCES[0].1);
        assert!(all.len() > 70);
        for (language, source) in SOURCES {
            assert_eq!(keys(source), all, "{}", language.code());
            for key in &all {
                assert!(phrases.find(language, key, &values).is_some_and(|said| !said.is_empty()), "{} in {}", key, language.code());
            }
        }
    }

    #[test]
    fn sentences_are_short() {
        for (language, source) in SOURCES {
            for line in source.lines().filter(|line| !line.starts_with('#')) {
                assert!(line.split_whitespace().count() <= 14, "{}: {line}", language.code());
            }
        }
    }
}
