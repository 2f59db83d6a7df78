//! A search for words in the query language of an engine.

use crate::dialect::Grammar;
use crate::index::{lexeme, word_in};

impl Grammar {
    /// Any of the phrases, in any of the places, under any of the themes if there are some.
    pub(super) fn write(
        &self,
        phrases: &[&Vec<String>],
        beginnings: Beginnings,
        places: &[&str],
        themes: &[String],
    ) -> String {
        let ending = if beginnings == Beginnings::No { "" } else { self.beginning };
        let mut found: Vec<String> = Vec::with_capacity(places.len() * phrases.len());
        for place in places {
            // Words in quotes: `and` would be read as the engine's query language.
            let quoted = |word: &String, ending: &str| {
                format!("{quote}{}{quote}{ending}", word_in(place, &lexeme(word)), quote = self.quote)
            };
            let themes = themes.iter().map(|theme| quoted(theme, "")).collect::<Vec<_>>().join(self.or);
            for phrase in phrases {
                let mut text = phrase.iter().map(|word| quoted(word, ending)).collect::<Vec<_>>().join(self.and);
                if !themes.is_empty() {
                    text = format!("{text}{}({themes})", self.and);
                }
                found.push(format!("({text})"));
            }
        }
        found.join(self.or)
    }
}

/// Which words are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Beginnings {
    /// Whole ones.
    No,
    /// Those that begin so, too: read only where another look, which comes before, finds nothing.
    Instead {
        /// The place of the other look.
        of: usize,
    },
}
