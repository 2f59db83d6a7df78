//! What the desk's pages say, in the files of `config/phrases/desk`.

use std::borrow::Cow;

use directory::language::Language;
use directory::phrase::PhraseError;
use printer::phrases::Books;
use printer::slip_language::SlipLanguage;

const SOURCES: [(SlipLanguage, &str); 4] = [
    (SlipLanguage::Fr, include_str!("../../../config/phrases/desk/fr.ftl")),
    (SlipLanguage::Nl, include_str!("../../../config/phrases/desk/nl.ftl")),
    (SlipLanguage::De, include_str!("../../../config/phrases/desk/de.ftl")),
    (SlipLanguage::En, include_str!("../../../config/phrases/desk/en.ftl")),
];

/// The sentences of all languages.
#[derive(Debug)]
pub(super) struct Phrases(Books);

impl Phrases {
    pub(super) fn shipped() -> Result<Self, PhraseError> {
        Books::read(&SOURCES).map(Self)
    }

    /// A sentence; a test keeps it from being absent.
    pub(super) fn say(&self, language: Language, key: &str) -> String {
        self.with(language, key, &[])
    }

    /// A sentence with its values.
    pub(super) fn with(&self, language: Language, key: &str, values: &[(&'static str, &str)]) -> String {
        self.find(language, key, values).unwrap_or_else(|| key.to_owned())
    }

    fn find(&self, language: Language, key: &str, values: &[(&'static str, &str)]) -> Option<String> {
        let values: Vec<_> = values.iter().map(|(name, value)| (*name, Cow::Borrowed(*value))).collect();
        self.0.say(SlipLanguage::from(language), key, &values)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    fn keys(source: &str) -> Vec<&str> {
        source.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(" = ").map(|(key, _)| key)).collect()
    }

    #[test]
    fn every_language_says_everything() {
        let phrases = Phrases::shipped().unwrap();
        let values = [
            "name", "count", "hours", "code", "minutes", "number", "when", "day", "digits", "letters", "words", "place", "source", "share", "from", "to",
            "url", "percent", "what",
        ];
        let values = values.map(|name| (name, "1"));
        let all = keys(SOURCES[0].1);
        for (language, source) in SOURCES {
            assert_eq!(keys(source), all, "{}", language.code());
            for key in &all {
                assert!(phrases.find(language.record_language(), key, &values).is_some_and(|said| !said.is_empty()), "{} in {}", key, language.code());
            }
        }
    }

    /// Everything that pages and handlers say, by its key in quotes.
    #[test]
    fn everything_said_is_in_the_files_and_used() {
        let mut text = String::new();
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/desk");
        for file in ["", "pages", "edit", "figures"].map(|part| folder.join(part)).iter().flat_map(|folder| std::fs::read_dir(folder).unwrap()) {
            let path = file.unwrap().path();
            if path.is_file() {
                text += &std::fs::read_to_string(path).unwrap();
            }
        }
        text += &std::fs::read_to_string(folder.with_extension("rs")).unwrap();
        let known: BTreeSet<&str> = keys(SOURCES[0].1).into_iter().collect();
        for part in text.split(".say(\"").skip(1).chain(text.split(".with(\"").skip(1)).chain(text.split("Wrong(\"").skip(1)) {
            let key = part.split('"').next().unwrap();
            assert!(known.contains(key), "no sentence for {key}");
        }
        // Names of lists' members are put together: `why-full`.
        let lists = [
            "outcome-",
            "minutes-",
            "age-",
            "help-",
            "why-",
            "way-",
            "role-",
            "status-",
            "cost-",
            "field-",
            "job-",
            "personal-",
            "lint-",
            "scope-",
            "channel-",
            "hour-",
            "evidence-",
            "kind-",
            "feed-",
            "came-",
            "sent-",
            "spoken-",
            "style-",
            "audience-",
            "part-",
            "figures-",
            "did-",
        ];
        for key in known {
            let is_member = lists.iter().any(|list| key.starts_with(list));
            assert!(is_member || text.contains(&format!("\"{key}\"")), "nobody says {key}");
        }
    }
}
