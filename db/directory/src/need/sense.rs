//! How a word says a need, and the three bytes in which the table of needs holds it.

use crate::language::Language;

/// The languages in which a need has labels: ISO 639-1.
pub(crate) const LABELS: [&str; 5] = ["fr", "nl", "de", "en", "ar"];

/// The bit, after those of the kinds, of a need whose words often only tell where something is.
pub(crate) const LANDMARK: u32 = 7;

/// The bit of a need for which people stay.
pub(crate) const GUESTS: u32 = 8;

/// The bit of a need for which people bring something.
pub(crate) const GIVES: u32 = 9;

/// There are at most so many needs.
pub(crate) const MOST_NEEDS: usize = 1 << 12;

/// How sure a word is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Strength {
    /// Counts only where nothing else says anything.
    Weak,
    /// Says it in an entry's texts, never in a question.
    Mark,
    /// Says it wherever it stands.
    Strong,
}

/// What a word says: which need, how surely, in which languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct WordSense {
    /// The need's place in the list.
    pub(crate) need: usize,
    pub(crate) strength: Strength,
    /// A bit for each language.
    pub(crate) languages: u8,
}

impl WordSense {
    /// The sense that a number below 2^18 stands for: the need, how sure, the languages.
    pub(crate) fn unpack(number: usize) -> Self {
        let strength = match number >> 12 & 0b11 {
            0 => Strength::Weak,
            1 => Strength::Mark,
            _ => Strength::Strong,
        };
        Self { need: number & (MOST_NEEDS - 1), strength, languages: u8::try_from(number >> 14 & 0b1111).unwrap_or_default() }
    }

    /// True for a word of that language.
    pub(crate) fn is_of(self, language: Language) -> bool {
        self.languages & (1 << language as u8) != 0
    }
}

/// What a need is called in stored bytes, whatever its place in the list: three bytes of its identifier's hash. The
/// build refuses two needs with the same.
pub(crate) fn stamp(id: &str) -> [u8; 3] {
    let [a, b, c, ..] = crate::packed::Hash::of(id).to_bytes();
    [a, b, c]
}

/// Words between the words that say something, in four languages: "cours de français" and "cours français" are one
/// phrase. Not "my": "end my life" is not "end of life".
pub(crate) const FILLERS: [&str; 71] = [
    "a", "an", "and", "au", "aux", "avec", "by", "d", "das", "de", "dem", "den", "der", "des", "die", "du", "een", "ein", "eine", "einem", "einen", "einer",
    "en", "et", "for", "fur", "het", "je", "jouw", "l", "la", "le", "les", "leur", "leurs", "ma", "mein", "meine", "mes", "met", "mijn", "mit", "mon", "nos",
    "notre", "of", "or", "ou", "our", "pour", "sa", "ses", "son", "sur", "the", "to", "un", "und", "une", "uw", "van", "vom", "von", "voor", "vos", "votre",
    "with", "your", "zu", "zum", "zur",
];

/// True for a folded word that says nothing inside a phrase.
pub(crate) fn is_filler(word: &str) -> bool {
    FILLERS.binary_search(&word).is_ok()
}

/// What a folded phrase is found by: its words stemmed, without fillers where two others remain.
pub(crate) fn key(folded: &str) -> String {
    let content: Vec<&str> = folded.split(' ').filter(|word| !is_filler(word)).map(words::stem).collect();
    if content.len() >= 2 { content.join(" ") } else { words::stem_phrase(folded) }
}
