//! Reads `config/needs/<theme>.toml` into the closed list of needs, and writes the table that `need` reads.
//!
//! A mistake in a file is refused with the file and the line.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Deserialize;
use toml::Spanned;

use super::Made;
use super::pack::Pack;
use super::spelling::{self, Spelled};
use crate::kind::Kind;
use crate::language::Language;
use crate::need::loose;
use crate::need::sense::{GIVES, GUESTS, LABELS, LANDMARK, MOST_NEEDS, Strength, WordSense, key, stamp};
use crate::theme::Theme;

/// Words shorter than this are heard only as they are spelled.
const SHORTEST_BY_SPELLING: usize = 5;

/// The most letters of a short label, and of a long one.
const MOST_LETTERS: [usize; 2] = [16, 40];

/// Vocabularies that needs are mapped to.
const VOCABULARIES: [&str; 5] = ["data_inclusion", "open_eligibility", "osm", "mednum", "soliguide"];

/// One file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    need: Vec<Entry>,
}

/// One file of particular things ("ice rink") among what the needs of a theme cover.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Things {
    #[serde(default)]
    thing: Vec<Thing>,
}

/// One thing as it is written. The first word of each language is its label, the first English one its identifier.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Thing {
    under: Spanned<String>,
    #[serde(default)]
    stand_ins: Vec<Spanned<String>>,
    fr: Vec<Spanned<String>>,
    nl: Vec<Spanned<String>>,
    de: Vec<Spanned<String>>,
    en: Vec<Spanned<String>>,
}

/// Texts by language.
type ByLanguage = BTreeMap<Spanned<String>, Vec<Spanned<String>>>;

/// One need as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: Spanned<String>,
    /// The need that this one is a part of.
    #[serde(skip)]
    under: Option<Spanned<String>>,
    #[serde(default)]
    reach: Option<Reach>,
    #[serde(default)]
    kinds: Vec<Spanned<String>>,
    /// Its words often only tell where something else is ("next to the library").
    #[serde(default)]
    landmark: bool,
    /// Whoever comes for it stays: what else such an entry gives is for them alone.
    #[serde(default)]
    guests: bool,
    /// Whoever looks for it brings something: "I give blood" offers nothing to neighbours.
    #[serde(default)]
    gives: bool,
    #[serde(default)]
    stand_ins: Vec<Spanned<String>>,
    #[serde(default)]
    never: Vec<Spanned<String>>,
    short: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    long: BTreeMap<String, Spanned<String>>,
    words: ByLanguage,
    #[serde(default)]
    weak: ByLanguage,
    #[serde(default)]
    marks: ByLanguage,
    #[serde(default)]
    map: ByLanguage,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Reach {
    town: Spanned<u16>,
    country: u16,
}

impl Thing {
    /// The need that it makes below another one, which says what it does not say itself.
    fn below(self, whole: &Entry, source: Source<'_>) -> Made<Entry> {
        let lists = [("fr", self.fr), ("nl", self.nl), ("de", self.de), ("en", self.en)];
        let mut short: BTreeMap<String, Spanned<String>> = BTreeMap::new();
        let mut words = ByLanguage::new();
        let mut id = self.under.clone();
        for (code, list) in lists {
            let first = list.first().ok_or_else(|| source.wrong(&self.under, &format!("its words in {code} are missing")))?.clone();
            if code == "en" {
                let name = words::fold(first.get_ref()).replace(' ', "-");
                id = Spanned::new(first.span(), format!("{}.{name}", self.under.get_ref()));
            }
            // A label is short: the first word that is, else what the need is called.
            let label = list.iter().find(|word| word.get_ref().chars().count() <= MOST_LETTERS[0]).or_else(|| whole.short.get(code));
            short.extend(label.map(|label| (code.to_owned(), label.clone())));
            words.insert(Spanned::new(self.under.span(), code.to_owned()), list);
        }
        short.extend(whole.short.get("ar").map(|label| ("ar".to_owned(), label.clone())));
        Ok(Entry {
            id,
            under: Some(self.under),
            reach: whole.reach.clone(),
            kinds: whole.kinds.clone(),
            landmark: false,
            guests: false,
            gives: whole.gives,
            stand_ins: self.stand_ins,
            never: Vec::new(),
            long: short.clone(),
            short,
            words,
            weak: ByLanguage::new(),
            marks: ByLanguage::new(),
            map: ByLanguage::new(),
        })
    }
}

/// A file's name and text, to say where something stands.
#[derive(Debug, Clone, Copy)]
struct Source<'a> {
    name: &'a str,
    text: &'a str,
}

impl Source<'_> {
    /// An error at a place of the file.
    fn wrong<T>(self, spanned: &Spanned<T>, problem: &str) -> Box<dyn std::error::Error> {
        let before = self.text.get(..spanned.span().start).unwrap_or_default();
        format!("config/needs/{}.toml:{}: {problem}", self.name, before.matches('\n').count() + 1).into()
    }
}

/// Makes the table from the files of needs and of things, each with the theme that it is named after.
pub(crate) fn pack(files: &[(Theme, String)], things: &[(Theme, String)]) -> Made<Vec<u8>> {
    let mut all: Vec<(Theme, Source<'_>, Entry)> = Vec::new();
    for (theme, text) in files {
        let file: File = toml::from_str(text).map_err(|error| format!("config/needs/{}.toml: {error}", theme.id()))?;
        all.extend(file.need.into_iter().map(|entry| (*theme, Source { name: theme.id(), text }, entry)));
    }
    let mut numbers: HashMap<String, usize> = HashMap::new();
    let mut stamps: BTreeSet<[u8; 3]> = BTreeSet::new();
    for (number, (_, source, entry)) in all.iter().enumerate() {
        check_id(*source, &entry.id)?;
        add_id(*source, entry, number, &mut numbers, &mut stamps)?;
    }
    let names: Vec<String> = things.iter().map(|(theme, _)| format!("things/{}", theme.id())).collect();
    for ((theme, text), name) in things.iter().zip(&names) {
        let file: Things = toml::from_str(text).map_err(|error| format!("config/needs/{name}.toml: {error}"))?;
        let source = Source { name, text };
        for thing in file.thing {
            let whole = numbers.get(thing.under.get_ref()).and_then(|number| all.get(*number)).filter(|(_, _, whole)| whole.under.is_none());
            let (_, _, whole) = whole.ok_or_else(|| source.wrong(&thing.under, &format!("no need is called {}", thing.under.get_ref())))?;
            let entry = thing.below(whole, source)?;
            add_id(source, &entry, all.len(), &mut numbers, &mut stamps)?;
            all.push((*theme, source, entry));
        }
    }
    if all.len() > MOST_NEEDS {
        return Err(format!("config/needs: {} needs and things, and {MOST_NEEDS} are the most", all.len()).into());
    }
    let mut pack = Pack::default();
    pack_facts(&mut pack, &all, &numbers)?;
    pack_words(&mut pack, &all)?;
    pack_maps(&mut pack, &all)?;
    Ok(pack.0)
}

/// Notes the number of an identifier.
fn add_id(source: Source<'_>, entry: &Entry, number: usize, numbers: &mut HashMap<String, usize>, stamps: &mut BTreeSet<[u8; 3]>) -> Made<()> {
    if numbers.insert(entry.id.get_ref().clone(), number).is_some() {
        return Err(source.wrong(&entry.id, &format!("{} stands there twice", entry.id.get_ref())));
    }
    if !stamps.insert(stamp(entry.id.get_ref())) {
        return Err(source.wrong(&entry.id, "another need has the same stamp: choose another id"));
    }
    Ok(())
}

fn check_id(source: Source<'_>, id: &Spanned<String>) -> Made<()> {
    let is_plain = id.get_ref().split('-').all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()));
    if is_plain { Ok(()) } else { Err(source.wrong(id, "an id is small letters with hyphens between them")) }
}

/// Identifiers, labels, themes, reaches, kinds, and the other needs that each names.
fn pack_facts(pack: &mut Pack, all: &[(Theme, Source<'_>, Entry)], numbers: &HashMap<String, usize>) -> Made<()> {
    let mut labels = Vec::new();
    let (mut kinds, mut reaches) = (Vec::new(), Vec::new());
    for (_, source, entry) in all {
        for (name, list, most) in [("short", &entry.short, MOST_LETTERS[0]), ("long", &entry.long, MOST_LETTERS[1])] {
            for language in LABELS {
                let label =
                    list.get(language).ok_or_else(|| source.wrong(&entry.id, &format!("{}: its {name} label in {language} is missing", entry.id.get_ref())))?;
                let letters = label.get_ref().chars().count();
                if letters > most || label.get_ref().trim().is_empty() {
                    return Err(source.wrong(label, &format!("a {name} label has 1 to {most} letters, this one {letters}")));
                }
                labels.push(label.get_ref().clone());
            }
            if let Some((unknown, label)) = list.iter().find(|(language, _)| !LABELS.contains(&language.as_str())) {
                return Err(source.wrong(label, &format!("nothing is labelled in {unknown}")));
            }
        }
        let mut set = 0_usize;
        for kind in &entry.kinds {
            let known = Kind::ALL.iter().position(|known| known.id() == kind.get_ref());
            set |= 1_usize << known.ok_or_else(|| source.wrong(kind, &format!("no kind is called {}", kind.get_ref())))?;
        }
        if set == 0 {
            return Err(source.wrong(&entry.id, "no kind of entry answers it"));
        }
        let marks = [(entry.landmark, LANDMARK), (entry.guests, GUESTS), (entry.gives, GIVES)];
        kinds.push(marks.into_iter().fold(set, |set, (is_so, bit)| set | usize::from(is_so) << bit));
        let reach = entry.reach.as_ref().ok_or_else(|| source.wrong(&entry.id, "its reach is missing"))?;
        if *reach.town.get_ref() == 0 || reach.country < *reach.town.get_ref() {
            return Err(source.wrong(&reach.town, "people go at least 1 km, and in the country at least as far as in a town"));
        }
        reaches.extend([usize::from(*reach.town.get_ref()), usize::from(reach.country)]);
    }
    pack.index(&all.iter().map(|(_, _, entry)| entry.id.get_ref()).collect::<Vec<_>>())?;
    pack.texts(&labels)?;
    let theme_number = |theme: Theme| Theme::ALL.iter().position(|known| *known == theme).ok_or("a theme is missing in the list");
    pack.numbers::<1>(all.iter().map(|(theme, _, _)| theme_number(*theme)).collect::<Result<Vec<_>, _>>()?)?;
    pack.numbers::<2>(kinds)?;
    pack.numbers::<2>(reaches)?;
    let whole = |entry: &Entry| entry.under.as_ref().and_then(|under| numbers.get(under.get_ref())).map_or(0, |number| number + 1);
    pack.numbers::<2>(all.iter().map(|(_, _, entry)| whole(entry)))?;
    let stand_ins = |entry: &'_ Entry| entry.stand_ins.clone();
    let never = |entry: &'_ Entry| entry.never.clone();
    pack_named(pack, all, numbers, &stand_ins)?;
    pack_named(pack, all, numbers, &never)
}

/// Lists of other needs, one behind the other, and where each ends.
fn pack_named(
    pack: &mut Pack,
    all: &[(Theme, Source<'_>, Entry)],
    numbers: &HashMap<String, usize>,
    list: &dyn Fn(&Entry) -> Vec<Spanned<String>>,
) -> Made<()> {
    let (mut named, mut ends) = (Vec::new(), Vec::new());
    for (_, source, entry) in all {
        for other in list(entry) {
            let known = numbers.get(other.get_ref()).ok_or_else(|| source.wrong(&other, &format!("no need is called {}", other.get_ref())))?;
            if other.get_ref() == entry.id.get_ref() {
                return Err(source.wrong(&other, "a need cannot name itself"));
            }
            named.push(*known);
        }
        ends.push(named.len());
    }
    pack.numbers::<2>(ends)?;
    pack.numbers::<2>(named)
}

/// What a stemmed phrase says: a sense for each need.
type Senses = BTreeMap<String, Vec<WordSense>>;

/// Phrases, what each says, and the words of the strong ones by sound and spelling.
fn pack_words(pack: &mut Pack, all: &[(Theme, Source<'_>, Entry)]) -> Made<()> {
    let mut phrases: Senses = BTreeMap::new();
    let mut problems: Vec<String> = Vec::new();
    for (need, (_, source, entry)) in all.iter().enumerate() {
        for (lists, strength) in [(&entry.words, Strength::Strong), (&entry.weak, Strength::Weak), (&entry.marks, Strength::Mark)] {
            if strength == Strength::Strong
                && let Some(missing) =
                    Language::ALL.into_iter().find(|language| !lists.iter().any(|(code, words)| code.get_ref() == language.code() && !words.is_empty()))
            {
                return Err(source.wrong(&entry.id, &format!("{}: its words in {} are missing", entry.id.get_ref(), missing.code())));
            }
            for (code, words) in lists {
                let language = Language::ALL.into_iter().find(|language| language.code() == code.get_ref());
                let language = language.ok_or_else(|| source.wrong(code, &format!("no words are understood in {}", code.get_ref())))?;
                for word in words {
                    let sense = WordSense { need, strength, languages: 1 << language as u8 };
                    if let Err(problem) = add(&mut phrases, word.get_ref(), sense, all) {
                        problems.push(source.wrong(word, &problem).to_string());
                    }
                }
            }
        }
    }
    if !problems.is_empty() {
        return Err(problems.join("\n").into());
    }
    pack.index(&phrases.keys().collect::<Vec<_>>())?;
    pack.numbers::<2>(phrases.values().scan(0, |end, senses| {
        *end += senses.len();
        Some(*end)
    }))?;
    pack.numbers::<3>(phrases.values().flatten().map(number))?;
    pack_loose(pack, &phrases)?;
    let strong = |senses: &[WordSense]| senses.iter().any(|sense| sense.strength == Strength::Strong);
    let spelled: BTreeSet<&str> = phrases.iter().filter(|(_, senses)| strong(senses)).flat_map(|(phrase, _)| phrase.split(' ')).collect();
    let spelled: Vec<&str> = spelled.into_iter().filter(|word| word.chars().count() >= SHORTEST_BY_SPELLING).collect();
    pack.index(&spelled)?;
    let by_spelling = spelled.iter().enumerate().map(|(number, word)| Spelled { number, words: 1, spelling: word, sound: words::phonetic(word) });
    spelling::pack(pack, by_spelling.collect())
}

/// Phrases of two or three words by what they are found by whatever their order and endings: those of one need.
fn pack_loose(pack: &mut Pack, phrases: &Senses) -> Made<()> {
    let mut all: Senses = BTreeMap::new();
    for (phrase, senses) in phrases {
        let Some(key) = loose::key(phrase.split(' ')) else { continue };
        let known = all.entry(key).or_default();
        known.extend(senses.iter().filter(|sense| sense.strength != Strength::Weak));
    }
    let one = |senses: &[WordSense]| {
        let surest = senses.iter().map(|sense| sense.strength).max()?;
        let mut sure = senses.iter().filter(|sense| sense.strength == surest);
        let first = *sure.next()?;
        sure.all(|other| other.need == first.need).then_some(first)
    };
    let all: Vec<(&str, WordSense)> = all.iter().filter_map(|(key, senses)| one(senses).map(|sense| (key.as_str(), sense))).collect();
    pack.index(&all.iter().map(|(key, _)| *key).collect::<Vec<_>>())?;
    pack.numbers::<3>(all.iter().map(|(_, sense)| number(sense)))
}

/// A sense as `WordSense::unpack` reads it.
fn number(sense: &WordSense) -> usize {
    let strength = match sense.strength {
        Strength::Weak => 0,
        Strength::Mark => 1,
        Strength::Strong => 2,
    };
    sense.need | strength << 12 | usize::from(sense.languages) << 14
}

/// Adds a phrase; what is wrong with it where it cannot stand there.
fn add(phrases: &mut Senses, word: &str, sense: WordSense, all: &[(Theme, Source<'_>, Entry)]) -> Result<(), String> {
    let phrase = key(&words::fold(word));
    if phrase.is_empty() {
        return Err("a word without letters".to_owned());
    }
    let senses = phrases.entry(phrase).or_default();
    let id = |need: usize| all.get(need).map(|(_, _, entry)| entry.id.get_ref().as_str()).unwrap_or_default();
    for known in senses.iter_mut() {
        if known.need == sense.need {
            if known.strength != sense.strength || known.languages & sense.languages != 0 {
                return Err(format!("\"{word}\" stands twice in {}", id(sense.need)));
            }
            known.languages |= sense.languages;
            return Ok(());
        }
        if known.strength == Strength::Strong && sense.strength == Strength::Strong {
            return Err(format!("\"{word}\" is strong in {} too: it can be weak in one", id(known.need)));
        }
    }
    senses.push(sense);
    senses.sort_by_key(|sense| std::cmp::Reverse(sense.strength));
    Ok(())
}

/// Terms of other vocabularies, each with the needs that claim it.
fn pack_maps(pack: &mut Pack, all: &[(Theme, Source<'_>, Entry)]) -> Made<()> {
    let mut terms: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (need, (_, source, entry)) in all.iter().enumerate() {
        for (vocabulary, codes) in &entry.map {
            if !VOCABULARIES.contains(&vocabulary.get_ref().as_str()) {
                return Err(source.wrong(vocabulary, &format!("no vocabulary is called {}", vocabulary.get_ref())));
            }
            for code in codes {
                let claims = terms.entry(format!("{} {}", vocabulary.get_ref(), words::fold(code.get_ref()))).or_default();
                if claims.contains(&need) {
                    return Err(source.wrong(code, &format!("\"{}\" stands there twice", code.get_ref())));
                }
                claims.push(need);
            }
        }
    }
    pack.index(&terms.keys().collect::<Vec<_>>())?;
    pack.numbers::<2>(terms.values().scan(0, |end, needs| {
        *end += needs.len();
        Some(*end)
    }))?;
    pack.numbers::<2>(terms.into_values().flatten())
}
