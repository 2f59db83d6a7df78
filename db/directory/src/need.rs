//! Needs: what somebody says at a counter (a hot meal, a bed for tonight, a dentist), each under one theme.
//!
//! They are a closed list made from `config/needs` when the program is built: labels, how far people go, which
//! kinds of entries answer, what may stand in, words in four languages, and terms of other vocabularies.

mod context;
mod infer;
pub(crate) mod loose;
mod named;
mod phrase;
pub(crate) mod sense;

use std::fmt;
use std::sync::LazyLock;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub use infer::{Evidence, Inferred, infer};
pub(crate) use phrase::Clause;
pub(crate) use sense::{Strength, WordSense};

use crate::kind::Kind;
use crate::language::Language;
use crate::packed::{self, Column, Hash, Index, Sections, Texts, number_at};
use crate::spelling::Spellings;
use crate::theme::Theme;
use words::edit_distance::Pattern;
use words::{self, Typed};

/// A need of the list. Its place in the list changes from build to build: what is stored is [`Need::id`], or
/// [`Need::stamp`] where bytes are dear.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Need(u16);

/// A vocabulary of others whose terms name needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Terms {
    /// data.inclusion's themes (`alimentation--…`).
    DataInclusion,
    /// Open Eligibility (`1102 Food`).
    OpenEligibility,
    /// OpenStreetMap tags (`amenity=food_sharing`).
    OpenStreetMap,
    /// LaMedNum's services.
    LaMedNum,
    /// Soliguide's categories.
    Soliguide,
}

impl Terms {
    /// Every vocabulary.
    pub const ALL: [Self; 5] = [Self::DataInclusion, Self::OpenEligibility, Self::OpenStreetMap, Self::LaMedNum, Self::Soliguide];

    fn key(self) -> &'static str {
        match self {
            Self::DataInclusion => "data_inclusion",
            Self::OpenEligibility => "open_eligibility",
            Self::OpenStreetMap => "osm",
            Self::LaMedNum => "mednum",
            Self::Soliguide => "soliguide",
        }
    }
}

/// The list, where it lies in the program.
#[derive(Debug)]
struct Table {
    ids: Index<'static>,
    labels: Texts<'static>,
    themes: Column<'static, 1>,
    kinds: Column<'static, 2>,
    reaches: Column<'static, 2>,
    /// The need that one is a part of, counted from 1; 0 for none.
    wholes: Column<'static, 2>,
    stand_in_ends: Column<'static, 2>,
    stand_ins: Column<'static, 2>,
    never_ends: Column<'static, 2>,
    never: Column<'static, 2>,
    phrases: Index<'static>,
    sense_ends: Column<'static, 2>,
    senses: Column<'static, 3>,
    loose: Index<'static>,
    loose_senses: Column<'static, 3>,
    spelled: Index<'static>,
    spellings: Spellings<'static>,
    terms: Index<'static>,
    term_ends: Column<'static, 2>,
    term_needs: Column<'static, 2>,
}

const BYTES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/needs.table"));

/// A number that stands for the list, other where the list is other (FNV-1a over its table): what was made of entries with
/// another one is made anew.
pub fn fingerprint() -> u32 {
    static FINGERPRINT: LazyLock<u32> = LazyLock::new(|| BYTES.iter().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193)));
    *FINGERPRINT
}

static TABLE: LazyLock<Table> = LazyLock::new(|| Table::over(BYTES));

impl Table {
    fn over(bytes: &'static [u8]) -> Self {
        let mut sections = Sections(bytes);
        Self {
            ids: sections.index(),
            labels: sections.texts(),
            themes: sections.column(),
            kinds: sections.column(),
            reaches: sections.column(),
            wholes: sections.column(),
            stand_in_ends: sections.column(),
            stand_ins: sections.column(),
            never_ends: sections.column(),
            never: sections.column(),
            phrases: sections.index(),
            sense_ends: sections.column(),
            senses: sections.column(),
            loose: sections.index(),
            loose_senses: sections.column(),
            spelled: sections.index(),
            spellings: Spellings::read(&mut sections),
            terms: sections.index(),
            term_ends: sections.column(),
            term_needs: sections.column(),
        }
    }
}

/// The rows of a run.
fn run(ends: Column<'static, 2>, rows: Column<'static, 2>, number: usize) -> impl Iterator<Item = usize> {
    let part = packed::start(ends, number).zip(number_at(ends, number)).and_then(|(start, end)| rows.get(start..end));
    part.unwrap_or_default().iter().map(|row| usize::from(u16::from_le_bytes(*row)))
}

/// The needs that claim a term of another vocabulary; `None` for a term that it does not have.
fn claims(terms: Terms, term: &str) -> Option<impl Iterator<Item = usize>> {
    let number = TABLE.terms.find(&format!("{} {}", terms.key(), words::fold(term)))?;
    Some(run(TABLE.term_ends, TABLE.term_needs, number))
}

impl Need {
    fn at(number: usize) -> Self {
        Self(u16::try_from(number).unwrap_or(u16::MAX))
    }

    fn place(self) -> usize {
        usize::from(self.0)
    }

    /// Every need, theme by theme, the most asked first.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..TABLE.themes.len()).map(Self::at)
    }

    /// The identifier used in files, columns and JSON.
    pub fn id(self) -> &'static str {
        TABLE.ids.texts.get(self.place()).unwrap_or_default()
    }

    /// The need with this identifier.
    pub fn from_id(id: &str) -> Option<Self> {
        TABLE.ids.find(id).map(Self::at)
    }

    /// Three bytes that stand for it in whatever build; see [`Need::from_stamp`].
    pub fn stamp(self) -> [u8; 3] {
        sense::stamp(self.id())
    }

    /// The need with this stamp; `None` for one that is no longer in the list.
    pub fn from_stamp(stamp: [u8; 3]) -> Option<Self> {
        static STAMPS: LazyLock<Vec<([u8; 3], Need)>> = LazyLock::new(|| {
            let mut stamps: Vec<_> = Need::all().map(|need| (need.stamp(), need)).collect();
            stamps.sort_unstable();
            stamps
        });
        STAMPS.binary_search_by_key(&stamp, |(known, _)| *known).ok().and_then(|place| STAMPS.get(place)).map(|(_, need)| *need)
    }

    /// The theme that it belongs to.
    pub fn theme(self) -> Theme {
        number_at(TABLE.themes, self.place()).and_then(|number| Theme::ALL.get(number)).copied().unwrap_or(Theme::Social)
    }

    fn label(self, long: bool, language: usize) -> &'static str {
        let labels = sense::LABELS.len();
        TABLE.labels.get(self.place() * 2 * labels + usize::from(long) * labels + language).unwrap_or_default()
    }

    /// The heading of a text message: at most 16 letters.
    pub fn short(self, language: Language) -> &'static str {
        self.label(false, language as usize)
    }

    /// What a tile, a slip or a voice says: at most 40 letters.
    pub fn long(self, language: Language) -> &'static str {
        self.label(true, language as usize)
    }

    /// The short label in a language by its code, Arabic among them; `None` where there is none.
    pub fn short_in(self, code: &str) -> Option<&'static str> {
        sense::LABELS.iter().position(|known| *known == code).map(|language| self.label(false, language))
    }

    /// The long label in a language by its code, Arabic among them; `None` where there is none.
    pub fn long_in(self, code: &str) -> Option<&'static str> {
        sense::LABELS.iter().position(|known| *known == code).map(|language| self.label(true, language))
    }

    /// How far people go for it, in km.
    pub fn reach(self, is_town: bool) -> u16 {
        let reach = TABLE.reaches.get(2 * self.place() + usize::from(!is_town));
        reach.map_or(5, |row| u16::from_le_bytes(*row))
    }

    /// The need that this one is a part of, where it is a particular thing ("ice rink") among what that one covers.
    pub fn whole(self) -> Option<Self> {
        number_at(TABLE.wholes, self.place())?.checked_sub(1).map(Self::at)
    }

    /// The kinds of entries that answer it.
    pub fn kinds(self) -> impl Iterator<Item = Kind> {
        let set = number_at(TABLE.kinds, self.place()).unwrap_or_default();
        Kind::ALL.iter().enumerate().filter(move |(number, _)| set & (1 << number) != 0).map(|(_, kind)| *kind)
    }

    /// True where entries of that kind answer it.
    pub fn is_answered_by(self, kind: Kind) -> bool {
        self.kinds().any(|known| known == kind)
    }

    /// True where its words often only tell where something else is.
    fn is_landmark(self) -> bool {
        number_at(TABLE.kinds, self.place()).is_some_and(|set| set & (1 << sense::LANDMARK) != 0)
    }

    /// True where whoever comes for it stays: what else such an entry gives is for them alone.
    pub(crate) fn has_guests(self) -> bool {
        number_at(TABLE.kinds, self.place()).is_some_and(|set| set & (1 << sense::GUESTS) != 0)
    }

    /// True where whoever looks for it brings something: "I give blood" is a search.
    pub(crate) fn is_given(self) -> bool {
        number_at(TABLE.kinds, self.place()).is_some_and(|set| set & (1 << sense::GIVES) != 0)
    }

    /// What may stand in for it where there is none, in order.
    pub fn stand_ins(self) -> impl Iterator<Item = Self> {
        run(TABLE.stand_in_ends, TABLE.stand_ins, self.place()).map(Self::at)
    }

    /// What it is mistaken for and is never answered with.
    pub fn never(self) -> impl Iterator<Item = Self> {
        run(TABLE.never_ends, TABLE.never, self.place()).map(Self::at)
    }

    /// The need that a term of another vocabulary names; `None` for an unknown term, and for one that several
    /// needs claim.
    pub fn from_term(terms: Terms, term: &str) -> Option<Self> {
        let mut needs = claims(terms, term)?;
        needs.next().filter(|_| needs.next().is_none()).map(Self::at)
    }

    /// The need that a source's own term names: a term of a vocabulary that we know, else a need's phrase in whatever
    /// language ("Épicerie sociale", "Repair café"). `None` for a term that no need knows whole, and for one that
    /// several claim.
    pub fn of_source(term: &str) -> Option<Self> {
        let is_known = |terms: &Terms| claims(*terms, term).is_some();
        if Terms::ALL.iter().any(is_known) {
            return Terms::ALL.into_iter().find_map(|terms| Self::from_term(terms, term));
        }
        senses(&sense::key(&words::fold(term))).find(|sense| sense.strength == Strength::Strong).map(WordSense::to_need)
    }
}

impl WordSense {
    /// The need that it says.
    pub(crate) fn to_need(self) -> Need {
        Need::at(self.need)
    }
}

impl fmt::Debug for Need {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.id())
    }
}

impl Serialize for Need {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() { self.id().serialize(serializer) } else { self.stamp().serialize(serializer) }
    }
}

impl<'de> Deserialize<'de> for Need {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let found = if deserializer.is_human_readable() {
            Self::from_id(&String::deserialize(deserializer)?)
        } else {
            Self::from_stamp(<[u8; 3]>::deserialize(deserializer)?)
        };
        found.ok_or_else(|| D::Error::custom("no need is called so"))
    }
}

/// Needs in what is stored: those that are no longer in the list are left out.
pub(crate) mod known {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::Need;

    pub(crate) fn serialize<S: Serializer>(needs: &[Need], serializer: S) -> Result<S::Ok, S::Error> {
        needs.serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Need>, D::Error> {
        if deserializer.is_human_readable() {
            return Ok(Vec::<String>::deserialize(deserializer)?.iter().filter_map(|id| Need::from_id(id)).collect());
        }
        Ok(Vec::<[u8; 3]>::deserialize(deserializer)?.into_iter().filter_map(Need::from_stamp).collect())
    }
}

/// What a phrase says by its key ([`sense::key`]), the surest first; nothing for one that no need knows.
pub(crate) fn senses(stemmed: &str) -> impl Iterator<Item = WordSense> + use<> {
    senses_hashed(Hash::of(stemmed), stemmed)
}

/// The same for a phrase whose hash is known.
pub(crate) fn senses_hashed(hash: Hash, stemmed: &str) -> impl Iterator<Item = WordSense> + use<> {
    let number = TABLE.phrases.find_hashed(hash, stemmed);
    let rows = number.map(|number| packed::start(TABLE.sense_ends, number).unwrap_or_default()..number_at(TABLE.sense_ends, number).unwrap_or_default());
    rows.into_iter().flatten().filter_map(|row| number_at(TABLE.senses, row)).map(WordSense::unpack)
}

/// What a loose phrase says by its key ([`loose::key`]); `None` for one that no need knows, and for one of several.
fn loose_sense(key: &str) -> Option<WordSense> {
    TABLE.loose.find(key).and_then(|number| number_at(TABLE.loose_senses, number)).map(WordSense::unpack)
}

/// The words of strong phrases nearest in sound or spelling to a typed word, and how far in half edits; none for a
/// word that is among them.
pub(crate) fn respelled(word: &str) -> Vec<(&'static str, usize)> {
    let stemmed = words::stem(word);
    let Some(typed) = Typed::new(stemmed).filter(|typed| typed.letters >= 5) else { return Vec::new() };
    if TABLE.spelled.find(stemmed).is_some() {
        return Vec::new();
    }
    let limit = words::tolerance(typed.letters);
    let mut candidates: Vec<(usize, bool)> = Vec::new();
    if typed.sound.len() >= 3 {
        candidates.extend(TABLE.spellings.alike(&typed.sound).map(|number| (number, true)));
    }
    TABLE.spellings.near(1, typed.letters, words::letter_set(stemmed), limit, |number| candidates.push((number, false)));
    let pattern = Pattern::new(stemmed);
    let initial = stemmed.chars().next();
    let mut found: Vec<(&'static str, usize)> = Vec::new();
    for (number, sounds_alike) in candidates {
        let Some(known) = TABLE.spelled.texts.get(number) else { continue };
        let differing = (words::letter_set(stemmed) ^ words::letter_set(known)).count_ones();
        let distance = if sounds_alike && differing <= 4 {
            1
        } else if known.chars().next() == initial
            && let Some(distance) = pattern.within(known, limit)
        {
            2 * distance
        } else {
            continue;
        };
        found.push((known, distance));
    }
    let best = found.iter().map(|(_, distance)| *distance).min().unwrap_or_default();
    found.retain(|(_, distance)| *distance == best);
    found.sort_unstable();
    found.dedup();
    found
}

#[cfg(test)]
mod tests;
