//! Reactions that telephones send as text: `Liked “…”`, `A aimé « … »`, `Hat „…“ mit „Gefällt mir“ markiert`. Somebody touched
//! our message; nothing is asked.

use crate::language::Language;

/// How a reaction begins, folded, before the words of ours that it quotes; by language.
const BEGINS: [(Language, &[&str]); 4] = [
    (
        Language::Fr,
        &[
            "a aime",
            "a adore",
            "n a pas aime",
            "a ri",
            "a retire",
            "a supprime",
            "a reagi",
            "a mis",
            "a souligne",
            "a accentue",
            "a insiste",
            "a remis",
            "a pose une question",
            "aime",
        ],
    ),
    (Language::Nl, &["vond", "heeft", "reageerde", "gaf", "benadrukte", "lachte", "bevroeg", "verwijderde", "vindt", "stelde"]),
    (Language::De, &["hat", "gefallt", "gefiel", "reagierte", "reagiert", "betonte", "mag"]),
    (
        Language::En,
        &["liked", "loved", "disliked", "laughed at", "emphasized", "emphasised", "questioned", "reacted", "removed a", "removed an", "removed their"],
    ),
];

/// Signs that open a quotation.
const QUOTES: [char; 9] = ['“', '”', '"', '«', '„', '‘', '’', '‚', '\u{201f}'];

/// More words before a quotation tell something.
const MOST_BEFORE: usize = 8;

/// The language of a reaction; `None` for any other text.
pub(super) fn language(text: &str) -> Option<Language> {
    let text = text.trim();
    // An apostrophe within a word opens nothing: "n’a pas aimé".
    let opens = |(at, sign): &(usize, char)| QUOTES.contains(sign) && text.get(..*at).is_some_and(|before| before.ends_with(char::is_whitespace));
    let (at, _) = text.char_indices().find(opens)?;
    let before = words::fold(text.get(..at).unwrap_or_default());
    let begins = |begin: &&str| before.strip_prefix(*begin).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
    let mut languages = BEGINS.iter().filter(|(_, all)| all.iter().any(&begins)).map(|(language, _)| *language);
    let closes = text.chars().filter(|sign| QUOTES.contains(sign) || *sign == '»').count() >= 2;
    languages.next().filter(|_| closes && before.split(' ').count() <= MOST_BEFORE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reactions_are_told_from_questions() {
        for text in [
            "Liked “3 places near you”",
            "Reacted 👍 to \"Manger 1030\"",
            "Removed a heart from “Manger 1030”",
            "A aimé « Manger · 1030 »",
            "N’a pas aimé « Manger »",
            "A réagi avec ❤️ à « Manger »",
            "Vond ‘Eten 1030’ leuk",
            "Reageerde met 👍 op \"Eten\"",
            "Hat „Essen 4700“ mit „Gefällt mir“ markiert",
            "Hat mit 👍 auf „Essen“ reagiert",
        ] {
            assert!(language(text).is_some(), "{text}");
        }
        assert_eq!(language("Vond ‘Eten 1030’ leuk"), Some(Language::Nl));
        for text in ["manger 1030", "où est \"la louche bleue\"", "a aimé le repas", "l’îlot vert"] {
            assert_eq!(language(text), None, "{text}");
        }
    }
}
