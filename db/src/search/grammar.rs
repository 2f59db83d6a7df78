//! A search for words in the query language of an engine.

use crate::index::lexeme;

/// How an engine writes a search for words.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Grammar {
    pub(crate) quote: char,
    pub(crate) and: &'static str,
    pub(crate) or: &'static str,
    /// Behind a word of which only the beginning is known.
    pub(crate) beginning: &'static str,
}

impl Grammar {
    /// Any of the phrases, in any of the places, under any of the themes if there are some.
    pub(super) fn write(&self, phrases: &[&Vec<String>], beginnings: Beginnings, places: &[String], themes: &[String]) -> String {
        let ending = if beginnings == Beginnings::Too { self.beginning } else { "" };
        let phrases: Vec<String> = phrases.iter().map(|phrase| format!("({})", self.quoted(phrase, ending, self.and))).collect();
        let mut text = format!("({}){}({})", phrases.join(self.or), self.and, self.quoted(places, "", self.or));
        if !themes.is_empty() {
            text = format!("{text}{}({})", self.and, self.quoted(themes, "", self.or));
        }
        text
    }

    /// Words in quotes: `and` would be read as the engine's query language.
    fn quoted(&self, words: &[String], ending: &str, between: &str) -> String {
        let quote = self.quote;
        words.iter().map(|word| format!("{quote}{}{quote}{ending}", lexeme(word))).collect::<Vec<_>>().join(between)
    }
}

/// Which words are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Beginnings {
    /// Whole ones.
    No,
    /// Those that begin so, too.
    Too,
}
