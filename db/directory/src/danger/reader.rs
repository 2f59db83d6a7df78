//! Compares a message with the table, with one bit for each of its words.

use std::collections::{HashMap, HashSet};

use super::examples;
use super::table::{DangerKind, Part, Pattern, Table};
use super::{Danger, Heard, HeardBy};
use words::edit_distance::edits;
use words::{self, letter_set};

/// At most this many words of a message are read: one bit each.
const MOST_WORDS: usize = 48;

/// The longest run of words in a list.
pub(super) const LONGEST_RUN: usize = 5;

/// Other words that may stand where a pattern says "..".
const GAP: usize = 4;

/// Small words that may stand one after the other anywhere in a pattern.
const SMALL: usize = 3;

/// How far from each other the parts of a pattern may be, in words.
const NEAR: usize = 9;

/// Shorter words are compared letter by letter.
const SHORTEST_HEARD: usize = 4;
const SHORTEST_MISSPELT: usize = 5;

/// Letters that are written together with the word behind them.
const ELIDED: [&str; 9] = ["j", "m", "l", "d", "t", "s", "n", "c", "qu"];

/// Short words that are written together with others.
const SHORT: [&str; 20] = ["je", "me", "te", "se", "il", "on", "ma", "la", "le", "en", "de", "ik", "mn", "er", "my", "he", "to", "us", "ai", "tu"];

/// A set of words of a message, by their places.
type Places = u64;

/// Which words of a message may stand anywhere, and which are ours as they are written.
#[derive(Debug, Clone, Copy)]
struct Kinds {
    small: Places,
    exact: Places,
}

/// The places where a run of so many words of a list begins.
type Begin = [Places; LONGEST_RUN];

/// For each list where it begins, and which lists do.
#[derive(Debug)]
struct Begins {
    all: Vec<Begin>,
    heard: Vec<usize>,
}

/// Patterns in their order, to be found by the list with which they begin.
#[derive(Debug, Default)]
struct Patterns {
    all: Vec<Pattern>,
    by_first: Vec<Vec<usize>>,
}

impl Patterns {
    fn new(all: Vec<Pattern>, lists: usize) -> Self {
        let mut by_first = vec![Vec::new(); lists];
        for (number, pattern) in all.iter().enumerate() {
            let first = pattern.parts.iter().find(|part| !part.is_refused).and_then(|part| part.steps.first());
            if let Some(numbers) = first.and_then(|(list, _)| by_first.get_mut(usize::from(*list))) {
                numbers.push(number);
            }
        }
        Self { all, by_first }
    }

    /// Those that may stand in a message, in their order.
    fn candidates<'p>(&'p self, begins: &Begins) -> impl Iterator<Item = &'p Pattern> + use<'p> {
        let mut numbers: Vec<usize> = begins.heard.iter().filter_map(|list| self.by_first.get(*list)).flatten().copied().collect();
        numbers.sort_unstable();
        numbers.into_iter().filter_map(|number| self.all.get(number))
    }
}

#[derive(Debug, Default)]
pub(super) struct Reader {
    words: Vec<String>,
    lists: usize,
    danger: Patterns,
    ordinary: Patterns,
    silence: Patterns,
    exact: HashMap<String, u16>,
    sounds: HashMap<String, Vec<u16>>,
    beginnings: HashMap<u8, Vec<(String, Option<String>, u16)>>,
    /// Words that may be misspelt, by first letter and number of letters.
    shelves: HashMap<(u8, usize), Vec<(u64, u16)>>,
    number: Option<u16>,
    young: Option<u16>,
    /// By word: the lists that have a run that begins with it, and the run's other words.
    runs: Vec<Vec<(usize, Vec<u16>)>>,
    spelled: HashMap<String, Vec<String>>,
    kept: HashSet<String>,
    small: HashSet<u16>,
}

/// A word of a message and all that it may stand for.
#[derive(Debug)]
struct Word {
    text: String,
    means: Vec<u16>,
    /// It is one of our words as it is written.
    is_exact: bool,
}

impl Reader {
    pub(super) fn new(table: Table) -> Self {
        let lists = table.lists.len();
        let mut reader = Self {
            lists,
            danger: Patterns::new(table.danger, lists),
            ordinary: Patterns::new(table.ordinary, lists),
            silence: Patterns::new(table.silence, lists),
            runs: vec![Vec::new(); table.words.len()],
            spelled: table.spelled.into_iter().collect(),
            kept: table.kept.into_iter().collect(),
            small: table.small.into_iter().collect(),
            ..Self::default()
        };
        for (id, word) in (0_u16..).zip(&table.words) {
            reader.add(word, id);
        }
        reader.words = table.words;
        for (list, runs) in table.lists.iter().enumerate() {
            for run in runs {
                if let Some((first, rest)) = run.split_first()
                    && let Some(known) = reader.runs.get_mut(usize::from(*first))
                {
                    known.push((list, rest.to_vec()));
                }
            }
        }
        reader
    }

    fn add(&mut self, word: &str, id: u16) {
        match word {
            "#" => self.number = Some(id),
            "#young" => self.young = Some(id),
            _ => {
                if let Some(beginning) = word.strip_suffix('*') {
                    // Half a word sounds as it does in the whole one, but for its end.
                    let sound = Some(words::phonetic(&format!("{beginning}a"))).map(|mut sound| {
                        sound.pop();
                        sound
                    });
                    let sound = sound.filter(|sound| beginning.len() > SHORTEST_HEARD && sound.len() >= SHORTEST_HEARD);
                    if let Some(first) = beginning.bytes().next() {
                        self.beginnings.entry(first).or_default().push((beginning.to_owned(), sound, id));
                    }
                    return;
                }
                self.exact.insert(word.to_owned(), id);
                let letters = word.chars().count();
                if self.kept.contains(word) {
                    return;
                }
                if letters >= SHORTEST_HEARD {
                    self.sounds.entry(words::phonetic(word)).or_default().push(id);
                }
                if letters >= SHORTEST_MISSPELT
                    && let Some(first) = word.bytes().next()
                {
                    self.shelves.entry((first, letters)).or_default().push((letter_set(word), id));
                }
            }
        }
    }

    /// What is heard, and whether something only sounds like danger.
    pub(super) fn hear(&self, text: &str) -> (Heard, bool) {
        let words = self.words(text);
        let message = words.as_slice();
        let all = if message.len() >= 64 { Places::MAX } else { (1 << message.len()) - 1 };
        let mut begins = self.begins(message, all);
        let places = self.places(message);
        let mut alive = all;
        for pattern in self.ordinary.candidates(&begins) {
            if let Some(covered) = Self::covered(pattern, &begins, places, message.len()) {
                alive &= !covered;
            }
        }
        if alive != all {
            begins = self.begins(message, alive);
        }
        let asks_silence = self.silence.candidates(&begins).any(|pattern| Self::matches(pattern, &begins, places));
        let stand: Vec<&Pattern> = self.danger.candidates(&begins).filter(|pattern| Self::matches(pattern, &begins, places)).collect();
        let is_sure = stand.iter().any(|pattern| pattern.is_sure);
        let kinds: Vec<DangerKind> = stand.iter().filter(|pattern| pattern.is_sure == is_sure).filter_map(|pattern| pattern.kind).collect();
        // Of several kinds that are named, the one that the whole message resembles most.
        let likeliest = examples::likeliest(text, &kinds);
        let first = stand.iter().find(|pattern| pattern.is_sure == is_sure && pattern.kind == likeliest);
        let danger = first.and_then(|pattern| {
            let covered = Self::covered(pattern, &begins, places, message.len()).unwrap_or_default();
            let because: Vec<&str> =
                (0..message.len()).filter(|place| covered >> place & 1 == 1).filter_map(|place| Some(message.get(place)?.text.as_str())).collect();
            let mut languages = vec![pattern.language];
            for pattern in &stand {
                if !languages.contains(&pattern.language) {
                    languages.push(pattern.language);
                }
            }
            Some(Danger { kind: pattern.kind?, heard_by: if pattern.is_sure { HeardBy::Sure } else { HeardBy::Alone }, because: because.join(" "), languages })
        });
        (Heard { danger, asks_silence }, alive != all)
    }

    /// The words of a message, each with what it may stand for.
    fn words(&self, text: &str) -> Vec<Word> {
        let folded = words::fold(text);
        let mut message = Vec::new();
        for piece in folded.split(' ').filter(|piece| !piece.is_empty()) {
            let calmed = calm(piece).filter(|_| !self.exact.contains_key(piece));
            let piece = calmed.as_deref().unwrap_or(piece);
            if let Some(spelled) = self.spelled.get(piece) {
                message.extend(spelled.iter().map(|word| self.word(word)));
            } else {
                let word = self.word(piece);
                match word.means.is_empty().then(|| self.apart(piece)).flatten() {
                    Some(parts) => message.extend(parts),
                    None => message.push(word),
                }
            }
            if message.len() >= MOST_WORDS {
                break;
            }
        }
        message.truncate(MOST_WORDS);
        message
    }

    fn word(&self, text: &str) -> Word {
        let means: Vec<u16> = self.known(text).collect();
        if means.is_empty() && !self.kept.contains(text) {
            return Word { text: text.to_owned(), means: self.misspelt(text), is_exact: false };
        }
        Word { text: text.to_owned(), means, is_exact: self.is_exact(text) }
    }

    fn is_exact(&self, text: &str) -> bool {
        let beginnings = || text.bytes().next().and_then(|first| self.beginnings.get(&first)).into_iter().flatten();
        self.exact.contains_key(text) || beginnings().any(|(beginning, _, _)| text.starts_with(beginning.as_str()))
    }

    /// What is written or sounds so.
    fn known<'a>(&'a self, text: &'a str) -> impl Iterator<Item = u16> + 'a {
        let exact = self.exact.get(text).copied();
        let digits = text.parse::<u32>().ok();
        let figures = digits.and(self.number).into_iter().chain(digits.filter(|age| (4..18).contains(age)).and(self.young));
        let letters = text.chars().count();
        let sound = (letters >= SHORTEST_HEARD && digits.is_none() && !self.kept.contains(text)).then(|| words::phonetic(text));
        let alike = sound.as_deref().and_then(|sound| self.sounds.get(sound)).into_iter().flatten().copied().filter(move |id| Some(*id) != exact);
        let beginnings = text.bytes().next().and_then(|first| self.beginnings.get(&first)).into_iter().flatten();
        let beginning = beginnings.filter(move |(beginning, heard, _)| {
            text.starts_with(beginning.as_str()) || heard.as_deref().zip(sound.as_deref()).is_some_and(|(heard, sound)| sound.starts_with(heard))
        });
        exact.into_iter().chain(figures).chain(alike).chain(beginning.map(|(_, _, id)| *id)).collect::<Vec<_>>().into_iter()
    }

    /// What is spelled nearly so.
    fn misspelt(&self, text: &str) -> Vec<u16> {
        let letters = text.chars().count();
        let Some(first) = text.bytes().next().filter(|_| letters >= SHORTEST_MISSPELT) else { return Vec::new() };
        let limit = if letters >= 11 { 2 } else { 1 };
        let set = letter_set(text);
        let mut found: Vec<(usize, u16)> = Vec::new();
        for known in letters.saturating_sub(limit)..=letters + limit {
            for (letters_of, id) in self.shelves.get(&(first, known)).into_iter().flatten() {
                if (letters_of ^ set).count_ones() as usize > 2 * limit {
                    continue;
                }
                let Some(word) = self.words.get(usize::from(*id)) else { continue };
                let distance = edits(text, word);
                if distance <= limit {
                    found.push((distance, *id));
                }
            }
        }
        let Some(best) = found.iter().map(|(distance, _)| *distance).min() else { return Vec::new() };
        found.into_iter().filter(|(distance, _)| *distance == best).map(|(_, id)| id).collect()
    }

    /// A word that is none: several written together ("jveumourir").
    fn apart(&self, text: &str) -> Option<Vec<Word>> {
        if self.kept.contains(text) || text.bytes().any(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let one = |text: &str| {
            let means: Vec<u16> = self.known(text).collect();
            (!means.is_empty()).then(|| Word { text: text.to_owned(), means, is_exact: self.is_exact(text) })
        };
        for elided in ELIDED {
            let shortest = if elided == "j" { 2 } else { 4 };
            if let Some(rest) = text.strip_prefix(elided).filter(|rest| rest.len() >= shortest) {
                if let Some(spelled) = self.spelled.get(rest) {
                    return Some(std::iter::once(elided).chain(spelled.iter().map(String::as_str)).map(|word| self.word(word)).collect());
                }
                if let Some(word) = one(rest) {
                    return Some(vec![self.word(elided), word]);
                }
            }
        }
        if text.len() < 7 {
            return None;
        }
        self.split(text, 3).filter(|words| words.iter().any(|word| word.text.len() >= 4))
    }

    /// A text as so many more words, each of which is known as it is written, the longest first.
    fn split(&self, text: &str, most: usize) -> Option<Vec<Word>> {
        if let Some(id) = self.exact.get(text) {
            return Some(vec![Word { text: text.to_owned(), means: vec![*id], is_exact: false }]);
        }
        if most == 0 {
            return None;
        }
        (2..text.len().saturating_sub(1)).rev().find_map(|end| {
            let (first, rest) = text.split_at_checked(end)?;
            if first.len() < 3 && !SHORT.contains(&first) {
                return None;
            }
            let words = match self.spelled.get(first) {
                Some(spelled) => spelled.iter().map(|word| self.word(word)).collect(),
                None => vec![Word { text: first.to_owned(), means: vec![*self.exact.get(first)?], is_exact: false }],
            };
            let rest = self.split(rest, most - 1)?;
            Some(words.into_iter().chain(rest).collect())
        })
    }

    fn places(&self, message: &[Word]) -> Kinds {
        let mut kinds = Kinds { small: 0, exact: 0 };
        for (place, word) in message.iter().enumerate() {
            kinds.small |= Places::from(word.means.iter().any(|id| self.small.contains(id))) << place;
            kinds.exact |= Places::from(word.is_exact) << place;
        }
        kinds
    }

    fn begins(&self, message: &[Word], alive: Places) -> Begins {
        let mut begins = Begins { all: vec![[0; LONGEST_RUN]; self.lists], heard: Vec::new() };
        let is_at = |place: usize, id: u16| alive >> place & 1 == 1 && message.get(place).is_some_and(|word| word.means.contains(&id));
        for (place, word) in message.iter().enumerate().filter(|(place, _)| alive >> place & 1 == 1) {
            for (list, rest) in word.means.iter().filter_map(|id| self.runs.get(usize::from(*id))).flatten() {
                if (place + 1..).zip(rest).all(|(place, id)| is_at(place, *id))
                    && let Some(begin) = begins.all.get_mut(*list)
                {
                    if begin.iter().all(|places| *places == 0) {
                        begins.heard.push(*list);
                    }
                    if let Some(places) = begin.get_mut(rest.len()) {
                        *places |= 1 << place;
                    }
                }
            }
        }
        begins
    }

    fn matches(pattern: &Pattern, begins: &Begins, places: Kinds) -> bool {
        let mut before: Option<Places> = None;
        // One word says too little to be guessed from how it sounds or nearly is.
        let is_short = pattern.parts.iter().filter(|part| !part.is_refused).map(|part| part.steps.len()).sum::<usize>() == 1;
        let starts = if is_short { places.exact } else { Places::MAX };
        for part in &pattern.parts {
            let ends = ends(part, begins, places.small, starts);
            if part.is_refused {
                if ends != 0 {
                    return false;
                }
                continue;
            }
            if ends == 0 || before.is_some_and(|before| around(before, NEAR) & ends == 0) {
                return false;
            }
            before = Some(ends);
        }
        true
    }

    /// The places of the words that make up a pattern, at each place where it stands; nothing where it does not.
    fn covered(pattern: &Pattern, begins: &Begins, places: Kinds, words: usize) -> Option<Places> {
        if !Self::matches(pattern, begins, places) {
            return None;
        }
        let mut covered = 0;
        for part in pattern.parts.iter().filter(|part| !part.is_refused) {
            for start in 0..words {
                let end = ends(part, begins, places.small, 1 << start);
                if end != 0 {
                    let before_end = (end & end.wrapping_neg()) - 1;
                    covered |= before_end & !((1 << start) - 1);
                }
            }
        }
        Some(covered)
    }
}

/// The places behind a part, where it begins at one of these places.
fn ends(part: &Part, begins: &Begins, small: Places, starts: Places) -> Places {
    let mut here = starts;
    for (number, (list, has_gap)) in part.steps.iter().enumerate() {
        if number > 0 {
            for _ in 0..SMALL {
                here |= (here & small) << 1;
            }
            if *has_gap {
                here = behind(here, GAP);
            }
        }
        let Some(list) = begins.all.get(usize::from(*list)) else { return 0 };
        let mut next = 0;
        for (length, places) in (1_u32..).zip(list) {
            next |= (here & places).checked_shl(length).unwrap_or_default();
        }
        if next == 0 {
            return 0;
        }
        here = next;
    }
    here
}

fn behind(places: Places, steps: usize) -> Places {
    (0..steps).fold(places, |places, _| places | places << 1)
}

fn around(places: Places, steps: usize) -> Places {
    (0..steps).fold(places, |places, _| places | places << 1 | places >> 1)
}

/// A word in which a letter stands more than twice, with it once: "heeeelp".
fn calm(word: &str) -> Option<String> {
    let letters: Vec<char> = word.chars().collect();
    if !letters
        .windows(3)
        .any(|three| three.first() == three.get(1) && three.get(1) == three.get(2) && three.first().is_some_and(|letter| letter.is_alphabetic()))
    {
        return None;
    }
    let mut calmed = String::with_capacity(word.len());
    for letter in letters {
        if !calmed.ends_with(letter) {
            calmed.push(letter);
        }
    }
    Some(calmed)
}
