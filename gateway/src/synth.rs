//! A believable directory of Belgium and a part of France, of any size, for work on scale.
//!
//! Everything in it is invented, stands for nobody and is marked as a demonstration. Entry `i` depends
//! on the seed, the day and `i` alone: a smaller directory is the beginning of a larger one.

mod chance;
mod facet;
mod hours;
mod name;
mod place;
mod question;
mod subject;

use std::ops::Range;

use chrono::{Days, NaiveDate};
use directory::draft::{Draft, Feed};
use directory::language::Language;
use directory::locality::Territory;
use directory::record::{Content, Hours, Kind, Status};
use directory::vocabulary::{Vocabulary, VocabularyError};

use chance::{Chance, Weighted};
use name::Voice;
use place::{Gazetteer, Site};
use subject::{Subject, Tongues};

/// At most so many entries in one import: they are in memory together.
pub const PART: u64 = 20_000;

/// At most so many entries in all.
pub const MOST: u64 = 1_000_000;

/// How many of a hundred entries are events.
const EVENTS: u64 = 25;

/// What separates the chance of entries from that of questions.
const FOR_ENTRIES: u64 = 1;

/// A file of `config/synth` that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("config/synth/{file}: {source}")]
pub struct SynthError {
    file: &'static str,
    source: toml::de::Error,
}

/// Why no questions could be made.
#[derive(Debug, thiserror::Error)]
pub enum QuestionError {
    /// The words of the directory.
    #[error(transparent)]
    Synth(#[from] SynthError),
    /// The places.
    #[error(transparent)]
    Vocabulary(#[from] VocabularyError),
}

/// A synthetic directory: as many entries as are asked for, and questions that people could ask of it.
#[derive(Debug)]
pub struct Synth<'t> {
    seed: u64,
    today: NaiveDate,
    standing: Weighted<Subject>,
    events: Weighted<Subject>,
    tongues: Tongues,
    gazetteer: Gazetteer<'t>,
}

impl<'t> Synth<'t> {
    /// The directory of that seed, as it stands on that day.
    pub fn new(seed: u64, today: NaiveDate, territory: &Territory<'t>) -> Result<Self, SynthError> {
        Ok(Self { seed, today, standing: subject::standing()?, events: subject::events()?, tongues: Tongues::read()?, gazetteer: Gazetteer::new(territory) })
    }

    /// A part of the directory, as a source gives it.
    pub fn feed(&self, entries: Range<u64>) -> Feed {
        Feed { drafts: entries.filter_map(|index| self.draft(index)).collect(), licence: Some("CC0-1.0".to_owned()), ..Feed::default() }
    }

    /// One entry; `None` only where there is no place or subject to draw.
    pub fn draft(&self, index: u64) -> Option<Draft> {
        let mut chance = Chance::of(self.seed, FOR_ENTRIES, index);
        let topic = self.topic(EVENTS, &mut chance)?;
        let voice = Voice::new(&topic, &self.tongues, &mut chance);
        let mut draft = Draft::new(format!("{index:07}"), topic.subject.kind, self.content(&topic, &voice, &mut chance));
        self.judge(&mut draft, &mut chance);
        Some(draft)
    }

    /// What an entry or a question is about; so many of a hundred are events.
    fn topic(&self, events: u64, chance: &mut Chance) -> Option<Topic<'_>> {
        let subjects = if chance.percent(events) { &self.events } else { &self.standing };
        let subject = chance.weighted(subjects)?;
        let site = self.gazetteer.draw(chance)?;
        let languages = site.languages(chance);
        let main = languages.first().copied().unwrap_or_default();
        let item = chance.index(subject.said(main).items.len());
        Some(Topic { subject, site, languages, main, item })
    }

    fn content(&self, topic: &Topic<'_>, voice: &Voice<'_>, chance: &mut Chance) -> Content {
        let Topic { subject, site, languages, main, .. } = topic;
        let tongue = self.tongues.of(*main);
        let mut themes = subject.themes.clone();
        themes.truncate(if chance.percent(25) { 1 } else { 3 });
        let when = match subject.kind {
            Kind::Event => Some(hours::event(subject.hours, self.today, chance)),
            Kind::Offer => Some(hours::offer(self.today, chance)),
            _ => None,
        };
        let opening = if when.is_some() { Hours::default() } else { facet::hours(subject.hours, tongue, *main, chance) };
        Content {
            name: voice.names(chance),
            short: voice.shorts(chance),
            text: facet::text(tongue, *main, chance),
            themes,
            terms: voice.terms(),
            audiences: facet::audiences(subject, chance),
            address: facet::address(subject, site, tongue, *main, chance),
            contacts: facet::contacts(subject.kind, site, voice.house(), chance),
            hours: opening,
            closures: facet::closures(self.today, *main, chance),
            when,
            cost: facet::cost(subject.cost, site, tongue, *main, chance),
            access: facet::access(subject, tongue, *main, chance),
            languages: facet::spoken(languages, chance),
            accessibility: facet::accessibility(chance),
            ..Content::default()
        }
    }

    /// How sure one can be of an entry, and since when: most were confirmed within a year, some never.
    fn judge(&self, draft: &mut Draft, chance: &mut Chance) {
        draft.trust = match chance.below(100) {
            0..45 => 0,
            45..75 => 1,
            75..95 => 2,
            _ => 3,
        };
        let oldest = if draft.kind == Kind::Offer { 30 } else { 730 };
        let ago = chance.below(oldest) * (1 + chance.below(oldest)) / oldest;
        if draft.trust >= 2 || chance.percent(75) {
            draft.confirmed_on = Some(self.today - Days::new(ago));
        }
        if chance.percent(30) {
            draft.updated_on = Some(self.today - Days::new(ago + chance.below(60)));
        }
        if chance.percent(2) {
            draft.status = Status::Doubtful;
        }
    }
}

/// What an entry or a question is about, and where.
#[derive(Debug)]
struct Topic<'s> {
    subject: &'s Subject,
    site: &'s Site<'s>,
    /// Those the entry speaks of itself in, its own one first.
    languages: Vec<Language>,
    main: Language,
    /// The variant of the subject, the same in each language.
    item: usize,
}

/// The sources of so many entries, each with what it holds.
pub fn parts(entries: u64) -> impl Iterator<Item = (String, Range<u64>)> {
    (0..entries.div_ceil(PART)).map(move |part| (format!("synth-{:04}", part + 1), part * PART..entries.min((part + 1) * PART)))
}

/// Questions that people could ask of a synthetic directory: the same ones for the same seed, the
/// first ones the same whatever their number.
pub fn questions(seed: u64, count: u64) -> Result<Vec<String>, QuestionError> {
    let vocabulary = Vocabulary::shipped()?;
    // The day makes no difference to what is asked.
    let synth = Synth::new(seed, NaiveDate::default(), vocabulary.territory())?;
    Ok((0..count).filter_map(|index| synth.question(index)).collect())
}

#[cfg(test)]
mod tests;
