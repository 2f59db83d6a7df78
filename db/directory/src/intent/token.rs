//! Cuts a message into words and figures.

use std::borrow::Cow;
use std::ops::Range;

use chrono::NaiveDate;

use super::scan::Reading;
use super::{figures, sign};
use crate::language::Language;
use crate::need::Need;
use crate::ordinary;
use crate::packed::Hash;
use crate::vocabulary::{Languages, Vocabulary};

/// At most this many words of a message are read.
const MOST_WORDS: usize = 48;

/// The words of a message, folded, with a space between them; and the same stemmed.
#[derive(Debug, Default)]
pub(super) struct Tokens<'v> {
    text: String,
    stemmed: String,
    all: Vec<Token<'v>>,
    signs: Vec<Need>,
}

/// A word, or what it stands for by itself.
#[derive(Debug)]
struct Token<'v> {
    text: Range<usize>,
    stemmed: Range<usize>,
    fixed: Option<Reading<'v>>,
}

/// Words from a place on, with what they are looked up by.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cut<'a> {
    pub(super) text: &'a str,
    pub(super) hash: Hash,
    pub(super) stemmed: &'a str,
    pub(super) stemmed_hash: Hash,
    /// True where a word is short for a saint.
    pub(super) names_saint: bool,
}

impl<'a> Cut<'a> {
    /// A word by itself.
    pub(super) fn word(text: &'a str) -> Self {
        let stemmed = words::stem(text);
        Self { text, hash: Hash::of(text), stemmed, stemmed_hash: Hash::of(stemmed), names_saint: is_saint(text) }
    }
}

fn is_saint(word: &str) -> bool {
    matches!(word, "st" | "ste")
}

impl<'v> Tokens<'v> {
    pub(super) fn read(text: &str, vocabulary: &'v Vocabulary, today: NaiveDate) -> Self {
        let mut tokens = Self { signs: sign::needs(text), ..Self::default() };
        let text = figures::plain(text);
        for piece in text.split_whitespace() {
            let bare = piece.trim_matches(|character: char| !character.is_alphanumeric());
            if bare.contains('/') && ["24/7", "7/7", "7j/7", "24/24", "24h/24", "24u/24", "7d/7"].contains(&bare.to_lowercase().as_str()) {
                tokens.push(bare, Some(Reading::Hour(None)));
            } else if let Some(hour) = clock(bare) {
                tokens.push(bare, Some(Reading::Hour(Some(hour))));
            } else if let Some(date) = numeric_date(bare, today) {
                tokens.push(bare, Some(Reading::Date(date)));
            } else {
                for word in words::fold(bare).split(' ').filter(|word| !word.is_empty()) {
                    let word = umlauts(word).map_or(Cow::Borrowed(word), Cow::Owned);
                    tokens.push(&word, fixed(&word, vocabulary));
                }
            }
            if tokens.len() >= MOST_WORDS {
                break;
            }
        }
        tokens.all.truncate(MOST_WORDS);
        tokens
    }

    fn push(&mut self, word: &str, fixed: Option<Reading<'v>>) {
        let put = |all: &mut String, word: &str| {
            if !all.is_empty() {
                all.push(' ');
            }
            all.push_str(word);
            all.len() - word.len()..all.len()
        };
        let (text, stemmed) = (put(&mut self.text, word), put(&mut self.stemmed, words::stem(word)));
        self.all.push(Token { text, stemmed, fixed });
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    /// The needs that its signs name.
    pub(super) fn signs(&self) -> &[Need] {
        &self.signs
    }

    /// The words of the message, folded, with a space between them.
    pub(super) fn whole(&self) -> &str {
        &self.text
    }

    /// Part of the text.
    pub(super) fn text(&self, part: Range<usize>) -> Option<&str> {
        self.text.get(part)
    }

    /// A word, where it begins, and what it stands for by itself.
    pub(super) fn at(&self, place: usize) -> Option<(&str, usize, Option<&Reading<'v>>)> {
        let token = self.all.get(place)?;
        Some((self.text.get(token.text.clone())?, token.text.start, token.fixed.as_ref()))
    }

    /// The runs of words from a place on, the shortest first, at most so many.
    pub(super) fn cut<'a>(&'a self, place: usize, most: usize, cuts: &mut Vec<Cut<'a>>) {
        cuts.clear();
        let words = self.all.get(place..).unwrap_or_default().iter().take_while(|token| token.fixed.is_none()).take(most);
        let Some(first) = self.all.get(place) else { return };
        let mut cut = Cut { text: "", hash: Hash::EMPTY, stemmed: "", stemmed_hash: Hash::EMPTY, names_saint: false };
        for token in words {
            let all = |all: &'a String, first: &Range<usize>, last: &Range<usize>| all.get(first.start..last.end).unwrap_or_default();
            let (text, stemmed) = (all(&self.text, &first.text, &token.text), all(&self.stemmed, &first.stemmed, &token.stemmed));
            let added = |all: &'a str, known: &str| all.get(known.len()..).unwrap_or_default();
            cut = Cut {
                hash: cut.hash.with(added(text, cut.text)),
                stemmed_hash: cut.stemmed_hash.with(added(stemmed, cut.stemmed)),
                names_saint: cut.names_saint || is_saint(self.text.get(token.text.clone()).unwrap_or_default()),
                text,
                stemmed,
            };
            cuts.push(cut);
        }
    }
}

/// A German word whose umlauts are written with an `e` behind them, as the others fold them: "moebel", "fuer". `None`
/// where the word is one as it stands.
fn umlauts(word: &str) -> Option<String> {
    if !["ae", "oe", "ue"].iter().any(|pair| word.contains(pair)) || ordinary::languages(word) != Languages::default() {
        return None;
    }
    let plain = word.replace("ae", "a").replace("oe", "o").replace("ue", "u");
    ordinary::languages(&plain).contains(Language::De).then_some(plain)
}

/// Readings of words that hold figures.
fn fixed<'v>(word: &str, vocabulary: &'v Vocabulary) -> Option<Reading<'v>> {
    let end = word.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, rest) = word.split_at_checked(end)?;
    if digits.is_empty() {
        // "B1030", "F68100".
        let code = word.strip_prefix(['b', 'f']).filter(|code| code.len() >= 4 && code.bytes().all(|byte| byte.is_ascii_digit()))?;
        return vocabulary.territory().place_of_code(code).map(Reading::PostalCode);
    }
    if digits.len() <= 2 {
        let number = digits.parse().ok()?;
        return match rest {
            "" | "er" | "e" | "eme" | "ere" | "th" | "st" | "nd" | "rd" | "ste" | "de" => Some(Reading::Number(number)),
            "pm" if number < 12 => Some(Reading::Hour(u8::try_from(number + 12).ok())),
            "h" | "u" | "uhr" | "pm" | "am" | "heure" | "heures" => Some(Reading::Hour(hour(number))),
            _ if rest.starts_with(['h', 'u']) && rest.len() <= 3 && rest.bytes().skip(1).all(|byte| byte.is_ascii_digit()) => Some(Reading::Hour(hour(number))),
            _ => None,
        };
    }
    if !rest.is_empty() {
        return None;
    }
    vocabulary.territory().place_of_code(digits).map(Reading::PostalCode)
}

/// An hour of the day; none for a span of hours.
fn hour(number: u32) -> Option<u8> {
    u8::try_from(number).ok().filter(|hour| *hour < 24)
}

/// "18:30": the hour.
fn clock(piece: &str) -> Option<u8> {
    let (hours, minutes) = piece.split_once(':')?;
    let is_figure = |text: &str, most: usize| (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    (is_figure(hours, 2) && is_figure(minutes, 2)).then(|| hours.parse().ok()).flatten().and_then(hour)
}

/// `28/11`, `28.11.2026`, `28-11-26`; without a year the next such day to come.
fn numeric_date(piece: &str, today: NaiveDate) -> Option<NaiveDate> {
    if !piece.starts_with(|first: char| first.is_ascii_digit()) {
        return None;
    }
    let parts: Vec<&str> = piece.split(['/', '.', '-']).collect();
    if parts.iter().any(|part| part.is_empty() || part.len() > 4 || !part.bytes().all(|byte| byte.is_ascii_digit())) {
        return None;
    }
    match *parts {
        [year, month, day] if year.len() == 4 => NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?),
        [day, month, year] if day.len() <= 2 && month.len() <= 2 => {
            let year: i32 = year.parse().ok()?;
            NaiveDate::from_ymd_opt(if year < 100 { 2000 + year } else { year }, month.parse().ok()?, day.parse().ok()?)
        }
        [day, month] if day.len() <= 2 && month.len() <= 2 => super::when::coming_date(day.parse().ok()?, month.parse().ok()?, today),
        _ => None,
    }
}
