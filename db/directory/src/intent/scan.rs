//! Cuts a message into spans: the longest phrases that mean something, then places, then what is
//! only nearly spelled like either.

use chrono::{Datelike, NaiveDate};

use crate::language::Language;
use crate::locality::{Hit, Locality, Rank};
use crate::vocabulary::{Filler, Meaning, Sense, Vocabulary};
use crate::words;

/// At most this many words of a message are read.
const MOST_WORDS: usize = 48;

/// Phrases longer than this are not looked for by spelling.
const LONGEST_BY_SPELLING: usize = 3;

/// A message cut into spans.
#[derive(Debug)]
pub(super) struct Message {
    pub(super) spans: Vec<Span>,
    pub(super) language: Language,
}

/// A run of words with one reading.
#[derive(Debug, Clone)]
pub(super) struct Span {
    /// Folded words as typed.
    pub(super) text: String,
    /// The phrase understood, folded; the typed one where nothing was.
    pub(super) phrase: String,
    pub(super) words: usize,
    pub(super) reading: Reading,
    /// Half edits between what was typed and what was understood.
    pub(super) distance: usize,
    /// The place of the same name, for a phrase that is also one ("laken" is linen and Laeken).
    namesake: Option<(Locality, Rank)>,
}

/// What a span is.
#[derive(Debug, Clone)]
pub(super) enum Reading {
    /// A phrase of the vocabulary; more than one sense where languages differ.
    Phrase(Vec<Sense>),
    /// A place.
    Place { locality: Locality, rank: Rank },
    /// A postal code.
    PostalCode(Locality),
    /// A date written in figures.
    Date(NaiveDate),
    /// A number of one or two digits, ordinals included.
    Number(u32),
    /// An hour of the day ("18h30"), left out.
    Hour,
    /// Not understood.
    Unknown,
}

impl Span {
    pub(super) fn senses(&self) -> &[Sense] {
        match &self.reading {
            Reading::Phrase(senses) => senses,
            _ => &[],
        }
    }

    pub(super) fn means(&self, wanted: impl Fn(Meaning) -> bool) -> bool {
        self.senses().iter().any(|sense| wanted(sense.meaning))
    }

    /// True for words without a subject: politeness, asking words, function words, hours.
    pub(super) fn is_filler(&self) -> bool {
        matches!(self.reading, Reading::Hour) || self.means(|meaning| matches!(meaning, Meaning::Filler(_)))
    }

    /// True for a postal code, a date, an hour or a number: no part of a record's code.
    pub(super) fn is_number(&self) -> bool {
        matches!(self.reading, Reading::PostalCode(_) | Reading::Date(_) | Reading::Hour | Reading::Number(_))
    }

    fn announces_place(&self) -> bool {
        self.means(|meaning| meaning == Meaning::Filler(Filler::PlaceBefore))
    }

    /// True when some sense is worth more than filler.
    fn has_subject(&self) -> bool {
        self.means(|meaning| !matches!(meaning, Meaning::Filler(_) | Meaning::AmbiguousPlace))
    }
}

#[derive(Debug)]
enum Token {
    Word(String),
    Fixed(Reading, String),
}

pub(super) fn scan(text: &str, vocabulary: &Vocabulary, session: Option<Language>, today: NaiveDate) -> Message {
    let tokens = tokenize(text, vocabulary, today);
    let mut spans = exact_spans(&tokens, vocabulary);
    let exact_language = vote(&spans, session);
    spell_out(&mut spans, vocabulary, exact_language);
    prefer_namesake(&mut spans);
    let language = vote(&spans, session);
    Message { spans, language }
}

fn tokenize(text: &str, vocabulary: &Vocabulary, today: NaiveDate) -> Vec<Token> {
    let mut tokens = Vec::new();
    for piece in text.split_whitespace() {
        let bare = piece.trim_matches(|character: char| !character.is_alphanumeric());
        if ["24/7", "7/7", "7j/7", "24/24", "24h/24", "24u/24", "7d/7"].contains(&bare.to_lowercase().as_str()) {
            tokens.push(Token::Fixed(Reading::Hour, bare.to_owned()));
            continue;
        }
        if let Some(date) = numeric_date(bare, today) {
            tokens.push(Token::Fixed(Reading::Date(date), bare.to_owned()));
            continue;
        }
        for word in words::fold(&bare.replace(['-', '/'], " ")).split(' ').filter(|word| !word.is_empty()) {
            tokens.push(fixed(word, vocabulary).map_or_else(|| Token::Word(word.to_owned()), |reading| Token::Fixed(reading, word.to_owned())));
        }
    }
    tokens.truncate(MOST_WORDS);
    tokens
}

/// Readings of words that hold figures.
fn fixed(word: &str, vocabulary: &Vocabulary) -> Option<Reading> {
    let digits: String = word.chars().take_while(char::is_ascii_digit).collect();
    let rest = word.strip_prefix(digits.as_str()).unwrap_or_default();
    if digits.is_empty() {
        // "B1030", "F68100".
        let code = word.strip_prefix(['b', 'f']).filter(|code| code.len() >= 4 && code.bytes().all(|byte| byte.is_ascii_digit()))?;
        return vocabulary.territory().postal_code(code).map(Reading::PostalCode);
    }
    if digits.len() <= 2 {
        let number = digits.parse().ok()?;
        return match rest {
            "" | "er" | "e" | "eme" | "ere" | "th" | "st" | "nd" | "rd" | "ste" | "de" => Some(Reading::Number(number)),
            "h" | "u" | "uhr" | "pm" | "am" | "heure" | "heures" => Some(Reading::Hour),
            _ if rest.starts_with(['h', 'u']) && rest.len() <= 3 && rest.bytes().skip(1).all(|byte| byte.is_ascii_digit()) => Some(Reading::Hour),
            _ => None,
        };
    }
    if !rest.is_empty() {
        return None;
    }
    vocabulary.territory().postal_code(&digits).map(Reading::PostalCode)
}

/// `28/11`, `28.11.2026`, `28-11-26`; without a year the next such day to come.
fn numeric_date(piece: &str, today: NaiveDate) -> Option<NaiveDate> {
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

fn exact_spans(tokens: &[Token], vocabulary: &Vocabulary) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::with_capacity(tokens.len());
    let mut rest = tokens;
    while let Some((first, behind)) = rest.split_first() {
        match first {
            Token::Fixed(reading, text) => {
                spans.push(Span { text: text.clone(), phrase: text.clone(), words: 1, reading: reading.clone(), distance: 0, namesake: None });
                rest = behind;
            }
            Token::Word(word) => {
                let run: Vec<&str> =
                    rest.iter().map_while(|token| if let Token::Word(word) = token { Some(word.as_str()) } else { None }).take(vocabulary.longest()).collect();
                let announced = spans.last().is_some_and(Span::announces_place);
                let span = longest_span(&run, vocabulary, announced, tokens.len() == 1).unwrap_or_else(|| unknown(word, vocabulary));
                rest = rest.get(span.words..).unwrap_or_default();
                spans.push(span);
            }
        }
    }
    spans
}

/// The longest run of words from the first one that is a phrase or a place.
fn longest_span(run: &[&str], vocabulary: &Vocabulary, announced: bool, alone: bool) -> Option<Span> {
    (1..=run.len()).rev().find_map(|length| {
        let text = run.get(..length)?.join(" ");
        let phrase = vocabulary.exact(&text);
        let place = place_named(&text, vocabulary).filter(|hit| is_plausible(hit, &text, announced));
        let mut namesake = None;
        let reading = match (phrase, place) {
            (Some(entry), Some(hit)) => {
                let worth_more = entry.senses.iter().any(|sense| !matches!(sense.meaning, Meaning::Theme { weak: true, .. }));
                let ambiguous = entry.senses.iter().all(|sense| sense.meaning == Meaning::AmbiguousPlace);
                let is_filler = entry.senses.iter().any(|sense| matches!(sense.meaning, Meaning::Filler(_)));
                if (announced && !is_filler) || (ambiguous && alone) || (!worth_more && hit.rank == Rank::Commune) {
                    Reading::Place { locality: hit.place.to_locality(), rank: hit.rank }
                } else {
                    namesake = Some((hit.place.to_locality(), hit.rank)).filter(|_| !ambiguous);
                    Reading::Phrase(entry.senses.to_vec())
                }
            }
            (Some(entry), None) => Reading::Phrase(entry.senses.to_vec()),
            (None, Some(hit)) => Reading::Place { locality: hit.place.to_locality(), rank: hit.rank },
            (None, None) => return None,
        };
        Some(Span { phrase: text.clone(), text, words: length, reading, distance: 0, namesake })
    })
}

/// A place by its name, "st" and "ste" read as people mean them.
fn place_named<'v>(text: &str, vocabulary: &'v Vocabulary) -> Option<Hit<'v>> {
    let territory = vocabulary.territory();
    territory.named(text).or_else(|| {
        let spelled = |saint: &str, sainte: &str| {
            text.split(' ')
                .map(|word| match word {
                    "st" => saint,
                    "ste" => sainte,
                    other => other,
                })
                .collect::<Vec<_>>()
                .join(" ")
        };
        territory
            .named(&spelled("saint", "sainte"))
            .or_else(|| territory.named(&spelled("sint", "sint")))
            .or_else(|| territory.named(&spelled("sankt", "sankt")))
    })
}

/// Small places have names that are ordinary words: those must be announced ("à Ger") or long.
fn is_plausible(hit: &Hit<'_>, text: &str, announced: bool) -> bool {
    let letters = text.chars().count();
    match hit.rank {
        Rank::City => letters >= 3,
        Rank::Commune => letters >= 3 || announced,
        Rank::Town | Rank::Locality => letters >= 5 || announced,
        Rank::Village => (announced && letters >= 4) || (text.contains(' ') && letters >= 9),
    }
}

/// A word that no list holds as it stands: tried once more without its elided article
/// (`durgence`, `lecole`).
fn unknown(word: &str, vocabulary: &Vocabulary) -> Span {
    let elided = ["qu", "l", "d", "j", "n", "s", "c", "m", "t"]
        .into_iter()
        .filter_map(|article| word.strip_prefix(article))
        .filter(|rest| rest.len() >= 3 && rest.starts_with(['a', 'e', 'i', 'o', 'u', 'y', 'h']))
        .find_map(|rest| longest_span(&[rest], vocabulary, false, false));
    match elided {
        Some(span) => Span { text: word.to_owned(), ..span },
        None if word.len() == 1 => Span {
            text: word.to_owned(),
            phrase: word.to_owned(),
            words: 1,
            reading: Reading::Phrase(vec![Sense { meaning: Meaning::Filler(Filler::Noise), languages: crate::vocabulary::Languages::default() }]),
            distance: 0,
            namesake: None,
        },
        None => match vocabulary.within_compound(word) {
            Some(entry) => {
                Span { text: word.to_owned(), phrase: word.to_owned(), words: 1, reading: Reading::Phrase(entry.senses.to_vec()), distance: 0, namesake: None }
            }
            None => Span { text: word.to_owned(), phrase: word.to_owned(), words: 1, reading: Reading::Unknown, distance: 0, namesake: None },
        },
    }
}

/// Reads unknown words by sound and spelling, with their neighbours first.
fn spell_out(spans: &mut Vec<Span>, vocabulary: &Vocabulary, language: Language) {
    let mut place = 0;
    while place < spans.len() {
        let longest = LONGEST_BY_SPELLING.min(spans.len() - place);
        let better = (1..=longest).rev().find_map(|length| {
            let window = spans.get(place..place + length)?;
            let spellable = window.iter().all(|span| span.words <= 2 && span.distance == 0 && matches!(span.reading, Reading::Unknown | Reading::Phrase(_)));
            if !spellable || !window.iter().any(|span| matches!(span.reading, Reading::Unknown)) {
                return None;
            }
            let announced = place.checked_sub(1).and_then(|before| spans.get(before)).is_some_and(Span::announces_place);
            nearest(window, vocabulary, announced, language).map(|span| (length, span))
        });
        if let Some((length, span)) = better {
            spans.splice(place..place + length, [span]);
        }
        place += 1;
    }
}

/// Where a message names a theme elsewhere and no place, a word that is also a place is the place.
fn prefer_namesake(spans: &mut [Span]) {
    let names_place = spans.iter().any(|span| matches!(span.reading, Reading::Place { .. } | Reading::PostalCode(_)));
    let themes = spans.iter().filter(|span| span.means(|meaning| matches!(meaning, Meaning::Theme { weak: false, .. }))).count();
    // "ans" behind a number counts years; at the end of a question it is the town.
    let counts = spans.iter().rev().nth(1).is_some_and(|before| matches!(before.reading, Reading::Number(_)));
    let last = spans.len().saturating_sub(1);
    let Some((place, span)) = spans.iter_mut().enumerate().rev().find(|(_, span)| span.namesake.is_some()).filter(|_| !names_place) else { return };
    let is_theme = span.means(|meaning| matches!(meaning, Meaning::Theme { weak: false, .. }));
    let is_town_at_the_end = place == last && !counts && span.is_filler() && span.namesake.as_ref().is_some_and(|(_, rank)| *rank == Rank::Commune);
    if themes > usize::from(is_theme)
        && (is_theme || is_town_at_the_end)
        && let Some((locality, rank)) = span.namesake.take()
    {
        span.reading = Reading::Place { locality, rank };
    }
}

fn nearest(window: &[Span], vocabulary: &Vocabulary, announced: bool, language: Language) -> Option<Span> {
    let text = window.iter().map(|span| span.text.as_str()).collect::<Vec<_>>().join(" ");
    if text.contains(' ') && text.chars().count() < 8 {
        return None;
    }
    let near = vocabulary.near(&text);
    let place = vocabulary.territory().nearest(&text).filter(|hit| is_plausible(hit, &text, announced));
    let of_language =
        near.iter().find(|near| near.entry.senses.iter().any(|sense| sense.languages.contains(language) && !matches!(sense.meaning, Meaning::Filler(_))));
    let phrase = of_language
        .or_else(|| near.iter().find(|near| near.entry.senses.iter().any(|sense| !matches!(sense.meaning, Meaning::Filler(_)))))
        .or_else(|| near.first());
    let words = window.iter().map(|span| span.words).sum();
    let span = |phrase: String, reading, distance| Some(Span { text: text.clone(), phrase, words, reading, distance, namesake: None });
    match (phrase, place) {
        (Some(near), Some(hit)) if hit.distance < near.distance || (hit.distance == near.distance && (announced || hit.rank == Rank::Commune)) => {
            span(hit.place.name.to_owned(), Reading::Place { locality: hit.place.to_locality(), rank: hit.rank }, hit.distance)
        }
        (Some(near), _) => {
            // A fixed phrase of one word ("stop", "non") must be spelled right.
            let senses: Vec<Sense> = near.entry.senses.iter().copied().filter(|sense| may_be_misspelt(sense.meaning, near.entry.phrase)).collect();
            if senses.is_empty() { None } else { span(near.entry.phrase.to_owned(), Reading::Phrase(senses), near.distance.max(1)) }
        }
        (None, Some(hit)) => span(hit.place.name.to_owned(), Reading::Place { locality: hit.place.to_locality(), rank: hit.rank }, hit.distance),
        (None, None) => None,
    }
}

fn may_be_misspelt(meaning: Meaning, phrase: &str) -> bool {
    use crate::vocabulary::Command;
    match meaning {
        Meaning::Command(Command::Stop | Command::Start | Command::Back) => false,
        Meaning::Command(_) => phrase.chars().count() >= 5,
        Meaning::Theme { weak, .. } => !weak,
        _ => true,
    }
}

/// The language that most words speak for; at a tie the session's, else French.
fn vote(spans: &[Span], session: Option<Language>) -> Language {
    let mut scores = Language::ALL.map(|language| (language, u32::from(language == Language::Fr) + 3 * u32::from(Some(language) == session)));
    for span in spans {
        let mut heard = crate::vocabulary::Languages::default();
        for sense in span.senses().iter().filter(|sense| sense.meaning != Meaning::AmbiguousPlace) {
            for language in Language::ALL.into_iter().filter(|language| sense.languages.contains(*language)) {
                heard = heard.with(language);
            }
        }
        let count = heard.count();
        if count == 0 || count == 4 {
            continue;
        }
        let letters = u32::try_from(span.text.chars().count()).unwrap_or(8).min(12);
        let weight = (if span.has_subject() { 4 + letters } else { 2 + letters.min(4) }) / if span.distance == 0 { 1 } else { 2 };
        for (language, score) in &mut scores {
            if heard.contains(*language) {
                *score += 2 * weight / count;
            }
        }
    }
    // The first of the best: French before Dutch before German before English.
    let best = scores.iter().map(|(_, score)| *score).max().unwrap_or_default();
    scores.iter().find(|(_, score)| *score == best).map_or(Language::Fr, |(language, _)| *language)
}

/// True when a number can be a day of a month.
pub(super) fn is_day(number: u32) -> bool {
    (1..=31).contains(&number)
}

/// The years people write behind a date.
pub(super) fn is_year(text: &str, today: NaiveDate) -> bool {
    text.parse::<i32>().is_ok_and(|year| (today.year()..=today.year() + 2).contains(&year))
}
