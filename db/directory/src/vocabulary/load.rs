//! Reads the vocabulary that was made when the program was built.

use super::{Languages, Meaning, Sense, Vocabulary};
use crate::emergency::Numbers;
use crate::language::{Language, Localized};
use crate::locality::{Around, Territory};
use crate::packed::{Sections, number_at};
use crate::spelling::Spellings;
use crate::theme::{Door, Theme};

const BELGIUM: &str = include_str!("../../../../config/territory/belgium.tsv");
const FRANCE: &str = include_str!("../../../../config/territory/france.tsv");
const TERRITORY: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/territory.table"));
const PHRASES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/vocabulary.table"));

/// A table that says something this program does not know.
#[derive(Debug, thiserror::Error)]
#[error("the {0} compiled into this program cannot be read: build it again")]
pub struct VocabularyError(&'static str);

impl Vocabulary {
    /// The vocabulary that ships with the program.
    pub fn shipped() -> Result<Self, VocabularyError> {
        Self::over(PHRASES)
    }

    fn over(table: &'static [u8]) -> Result<Self, VocabularyError> {
        let mut sections = Sections(table);
        let lists = sections.texts();
        let lines = |number: usize| lists.get(number).unwrap_or_default().lines();
        let meanings: Vec<Meaning> = lines(0).map(meaning).collect::<Option<_>>().ok_or(VocabularyError("meanings"))?;
        let labels = lines(1).map(|line| Some((Theme::from_id(line.split('\t').next()?)?, localized(line.split('\t').skip(1)))));
        Ok(Self {
            labels: labels.collect::<Option<_>>().ok_or(VocabularyError("labels"))?,
            doors: lines(2).map(door).collect::<Option<_>>().ok_or(VocabularyError("doors"))?,
            emergency: Numbers::shipped().map_err(|_not_ours| VocabularyError("emergency numbers"))?,
            keys: sections.index(),
            as_written: sections.column(),
            as_plural: sections.column(),
            is_thing: sections.column(),
            phrases: sections.column(),
            stemmed: sections.column(),
            longest: number_at(sections.column::<1>(), 0).ok_or(VocabularyError("phrases"))?,
            senses: senses(sections.column(), &meanings).ok_or(VocabularyError("senses"))?,
            list_ends: sections.column(),
            lists: sections.column(),
            spellings: Spellings::read(&mut sections),
            territory: Territory::over(BELGIUM, FRANCE, TERRITORY),
            around: Around::default(),
        })
    }
}

fn meaning(line: &str) -> Option<Meaning> {
    let (section, name) = line.split_once('\t')?;
    Meaning::from_name(section, name)
}

fn senses(rows: &[[u8; 2]], meanings: &[Meaning]) -> Option<Vec<Sense>> {
    rows.iter().map(|[meaning, languages]| Some(Sense { meaning: *meanings.get(usize::from(*meaning))?, languages: Languages(*languages) })).collect()
}

fn localized<'a>(texts: impl Iterator<Item = &'a str>) -> Localized {
    let mut localized = Localized::default();
    for (language, text) in Language::ALL.into_iter().zip(texts) {
        localized.insert(language, text);
    }
    localized
}

fn door(line: &str) -> Option<Door> {
    let mut columns = line.split('\t');
    Some(Door {
        id: columns.next()?.to_owned(),
        page: columns.next()?.parse().ok()?,
        key: columns.next()?.parse().ok()?,
        themes: columns.next()?.split(' ').map(Theme::from_id).collect::<Option<_>>()?,
        label: localized(columns),
    })
}
