//! Brings a parsed feed into the directory: compares first, then writes all of it or nothing.
//!
//! A source owns its entries and no others. What it no longer lists is closed, or only doubted where
//! it shows a window; corrections by mediators stay on top. A feed that would take away more than
//! 30 % of what the source had stops and waits for a person.

mod apply;
mod waiting;

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use directory::draft::{Coverage, Draft, Feed, Refused};
use directory::locality::Territory;
use directory::record::{Content, EVIDENCE, Kind, MOST_OF_A_SOURCE, Precision, Status};
use directory::words;
use serde::{Deserialize, Serialize};
use sqlx::Row;

pub(crate) use self::apply::{BuiltEntry, EntryBuilder, IndexWriter, Stored, keep_source};
pub use self::waiting::{WaitingWord, WordSettled};

use crate::StoreError;
use crate::erased;
use crate::statement::without_nul;
use crate::store::{Engine, Store, on};

/// More than this share of a source's entries gone stops an import.
pub const MAX_GONE: f64 = 0.30;

/// The source of entries that people add at the desk, and its format: no feed is either.
pub(crate) const OWN_SOURCE: &str = "desk";
pub(crate) const OWN_FORMAT: &str = "desk";

/// Longest identifier or postal code kept as it is, in bytes.
const MAX_KEY: usize = 512;

/// Who delivers a feed.
#[derive(Debug, Clone)]
pub struct Source {
    /// Its name, unique here.
    pub name: String,
    /// The format's name, for the list of sources.
    pub format: &'static str,
    /// Its entries are invented for demonstrations.
    pub demo: bool,
    /// How far its operator trusts it, 0 or 1; what its entries say of that counts only where they are invented.
    pub trust: u8,
}

impl Source {
    /// A source that nobody trusts more than any other.
    pub fn new(name: impl Into<String>, format: &'static str) -> Self {
        Self { name: name.into(), format, demo: false, trust: 0 }
    }
}

/// How to import.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Only compare and count.
    pub dry_run: bool,
    /// Go on although more than 30 % would be gone.
    pub allow_drop: bool,
    /// When the feed was read.
    pub now: DateTime<Utc>,
}

/// What an import did, or would do.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Report {
    /// Entries seen for the first time.
    pub new: usize,
    /// Entries that say something else than before.
    pub changed: usize,
    /// Entries that say the same.
    pub unchanged: usize,
    /// Entries that the source no longer lists.
    pub gone: usize,
    /// What was not taken, and why.
    pub refused: Vec<Refused>,
    /// What was taken with a detail left out.
    pub warnings: Vec<Refused>,
    /// Uninvited personal details that were dropped.
    pub personal_dropped: usize,
    /// Entries of sensitive themes of which something new waits for a person.
    #[serde(default)]
    pub waiting: usize,
    /// Nothing was written.
    pub dry_run: bool,
}

impl Report {
    /// True where the directory is another one than before.
    pub fn changed_something(&self) -> bool {
        !self.dry_run && self.new + self.changed + self.gone > 0
    }
}

/// Why an import did not happen; the directory is as it was.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// Too much would be gone.
    #[error(
        "stopped: {gone} of the {known} entries of {source_name} would be gone ({moved} of them come back under \
         another identifier). \
         Nothing was changed. Look at the source; if it is right, run again with --allow-drop."
    )]
    TooMuchGone {
        /// Entries gone.
        gone: usize,
        /// Entries the source had.
        known: usize,
        /// Of those gone, how many are listed anew with the same name, day and place.
        moved: usize,
        /// The source.
        source_name: String,
    },
    /// The name of the entries that people add.
    #[error("the name {OWN_SOURCE} is kept for entries that are added at the desk: give the source another name")]
    OwnName,
    /// Nothing in the feed could be used.
    #[error("nothing to import: the feed lists no entry that could be used ({0} refused). Nothing was changed.")]
    NothingUsable(usize),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A source's word as it is kept and compared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Word {
    pub(crate) kind: Kind,
    pub(crate) status: Status,
    pub(crate) content: Content,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) updated_on: Option<NaiveDate>,
    #[serde(default)]
    pub(crate) trust: u8,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) confirmed_on: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) evidence: Vec<String>,
}

/// An entry of the source as the database knows it.
#[derive(Debug, Clone)]
pub(crate) struct KnownEntry {
    pub(crate) record: i64,
    pub(crate) fingerprint: String,
    /// A hash of the kept word: the words themselves of a national feed need not be in memory.
    pub(crate) digest: u64,
    pub(crate) gone: bool,
    /// It can be missed: not an event that is over.
    pub(crate) current: bool,
}

/// What is to be done with the feed.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    pub(crate) new: Vec<(String, Word)>,
    /// Record, new identifier (old one if it moved), word.
    pub(crate) changed: Vec<(i64, String, Option<String>, Word)>,
    pub(crate) unchanged: usize,
    pub(crate) gone: Vec<(i64, String)>,
    known: usize,
    moved: usize,
}

impl Store {
    /// Imports a feed. `progress` is told how many entries of how many are written.
    pub async fn import(
        &self,
        source: &Source,
        mut feed: Feed,
        territory: &Territory<'_>,
        options: Options,
        progress: impl Fn(usize, usize),
    ) -> Result<Report, ImportError> {
        if source.name == OWN_SOURCE {
            return Err(ImportError::OwnName);
        }
        refuse_days_to_come(&mut feed, options.now.date_naive());
        let mut report = Report {
            refused: feed.refused,
            warnings: feed.warnings,
            personal_dropped: feed.personal_dropped,
            dry_run: options.dry_run,
            ..Report::default()
        };
        if feed.drafts.is_empty() {
            return Err(ImportError::NothingUsable(report.refused.len()));
        }
        let mut known = self.known(&source.name, options.now.date_naive()).await?;
        let erased = Erased::take(&source.name, &mut known);
        let (drafts, unwanted): (Vec<Draft>, Vec<Draft>) =
            feed.drafts.into_iter().partition(|draft| !erased.holds(draft, &known));
        report.refused.extend(
            unwanted.iter().map(|_| Refused::new(0, "", "", "erased at somebody's wish: it does not come back")),
        );
        let plan = compare(drafts, feed.licence.as_deref(), source, known, territory);
        report.new = plan.new.len();
        report.changed = plan.changed.len();
        report.unchanged = plan.unchanged;
        report.gone = plan.gone.len();
        if plan.is_too_much_gone() && !options.allow_drop {
            return Err(ImportError::TooMuchGone {
                gone: plan.gone.len(),
                known: plan.known,
                moved: plan.moved,
                source_name: source.name.clone(),
            });
        }
        if !options.dry_run {
            let licence = feed.licence.as_deref().map(|licence| without_nul(licence).into_owned());
            let applied = self.apply(source, plan, feed.coverage, licence, territory, options.now, progress).await?;
            report.waiting = applied.waiting;
            if applied.overtaken > 0 {
                let reason = format!(
                    "{} entries were changed by somebody else meanwhile and stay as they are: read the source \
                     again",
                    applied.overtaken
                );
                report.warnings.push(Refused::new(0, "", "", reason));
            }
        }
        Ok(report)
    }

    /// Brings the index of words into the shape in which it is searched fastest: after imports, once. Takes three
    /// seconds for a million entries, in steps between which turns are kept. PostgreSQL does so by itself.
    pub async fn merge_index(&self) -> Result<(), StoreError> {
        if let Engine::Sqlite(db) = &self.engine { db.merge_words().await } else { Ok(()) }
    }

    pub(crate) async fn take_room(&self) -> Result<(), StoreError> {
        if let Engine::Sqlite(db) = &self.engine { db.take_room().await } else { Ok(()) }
    }

    pub(crate) async fn give_room_back(&self) -> Result<(), StoreError> {
        if let Engine::Sqlite(db) = &self.engine { db.give_room_back().await } else { Ok(()) }
    }

    async fn known(&self, source: &str, today: NaiveDate) -> Result<HashMap<String, KnownEntry>, StoreError> {
        on!(self, db => {
            let rows = sqlx::query(
                "SELECT source_id, record, fingerprint, content, gone_at, waiting FROM source_record \
                 WHERE source = $1",
            )
            .bind(source)
            .fetch_all(&mut *db.read().await?)
            .await?;
            rows.iter()
                .map(|row| {
                    let content: String = row.try_get(3)?;
                    // What waits, or was refused, is the source's last word.
                    let waiting: Option<String> = row.try_get(5)?;
                    let known = KnownEntry {
                        record: row.try_get(1)?,
                        fingerprint: row.try_get(2)?,
                        digest: digest(waiting.as_ref().unwrap_or(&content)),
                        gone: row.try_get::<Option<i64>, _>(4)?.is_some(),
                        current: is_current(&content, today),
                    };
                    Ok((row.try_get(0)?, known))
                })
                .collect()
        })
    }
}

/// The marks of what was erased of a source.
#[derive(Debug, Default)]
struct Erased {
    source: String,
    marks: HashSet<String>,
}

impl Erased {
    /// Takes them out of what is known of the source.
    fn take(source: &str, known: &mut HashMap<String, KnownEntry>) -> Self {
        let erased = known.extract_if(|source_id, _| erased::is_mark(source_id));
        let marks = erased.flat_map(|(source_id, entry)| [source_id, entry.fingerprint]).collect();
        Self { source: source.to_owned(), marks }
    }

    /// True for an entry that was erased: under its identifier or, where the source gave it a new one, by its name, day
    /// and place.
    fn holds(&self, draft: &Draft, known: &HashMap<String, KnownEntry>) -> bool {
        let source_id = key(&draft.source_id);
        if self.marks.is_empty() || erased::is_mark(&source_id) {
            return erased::is_mark(&source_id);
        }
        let is_marked = |text: &str| self.marks.contains(&erased::mark(&self.source, text));
        let print = print_of(&draft.content, draft.content.address.postal_code.as_deref().map(key).as_deref());
        // What has no name is like everything else that has none.
        is_marked(&source_id) || !known.contains_key(&source_id) && !print.starts_with('|') && is_marked(&print)
    }
}

fn is_current(content: &str, today: NaiveDate) -> bool {
    let Ok(word) = serde_json::from_str::<Word>(content) else { return true };
    match &word.content.when {
        Some(when) if word.kind == Kind::Event => {
            when.rrule.is_some() || when.end.unwrap_or(when.start).date() >= today
        }
        _ => true,
    }
}

impl Plan {
    #[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
    fn is_too_much_gone(&self) -> bool {
        self.known > 0 && self.gone.len() as f64 > MAX_GONE * self.known as f64
    }
}

/// Leaves out days on which nothing can have been confirmed yet; the clocks of a source may be a day ahead.
fn refuse_days_to_come(feed: &mut Feed, today: NaiveDate) {
    let tomorrow = today.succ_opt().unwrap_or(today);
    for draft in &mut feed.drafts {
        for (field, day) in [("confirmed_on", &mut draft.confirmed_on), ("updated_on", &mut draft.updated_on)] {
            if let Some(future) = day.take_if(|day| *day > tomorrow) {
                feed.warnings.push(Refused::new(
                    0,
                    field,
                    &future.to_string(),
                    format!("a day to come, of {}: left out", draft.source_id),
                ));
            }
        }
    }
}

fn compare(
    drafts: Vec<Draft>,
    licence: Option<&str>,
    source: &Source,
    mut known: HashMap<String, KnownEntry>,
    territory: &Territory<'_>,
) -> Plan {
    let mut plan =
        Plan { known: known.values().filter(|entry| !entry.gone && entry.current).count(), ..Plan::default() };
    let mut unmatched = Vec::new();
    for draft in drafts {
        let (source_id, word) = word(draft, licence, source, territory);
        match known.remove(&source_id) {
            Some(entry) if entry.digest == digest(&to_json(&word)) && !entry.gone => plan.unchanged += 1,
            Some(entry) => plan.changed.push((entry.record, source_id, None, word)),
            None => unmatched.push((source_id, word)),
        }
    }
    // Some platforms change their identifiers (a group renamed, a random one at each download): the
    // same name, day and place under a new one is the same entry.
    let mut by_fingerprint: HashMap<String, Vec<(String, KnownEntry)>> = HashMap::new();
    let mut known: Vec<(String, KnownEntry)> = known.into_iter().collect();
    // Of several of one name those still listed are taken first, then the oldest.
    known.sort_unstable_by_key(|(_, entry)| Reverse((entry.gone, entry.record)));
    for (source_id, entry) in known {
        by_fingerprint.entry(entry.fingerprint.clone()).or_default().push((source_id, entry));
    }
    for (source_id, word) in unmatched {
        let before = if by_fingerprint.is_empty() {
            None
        } else {
            by_fingerprint.get_mut(&fingerprint(&word)).and_then(Vec::pop)
        };
        match before {
            Some((old_id, entry)) => {
                plan.moved += 1;
                plan.changed.push((entry.record, source_id, Some(old_id), word));
            }
            None => plan.new.push((source_id, word)),
        }
    }
    plan.gone = by_fingerprint
        .into_values()
        .flatten()
        .filter(|(_, entry)| !entry.gone && entry.current)
        .map(|(source_id, entry)| (entry.record, source_id))
        .collect();
    plan.gone.sort_unstable();
    plan
}

pub(crate) fn word(draft: Draft, licence: Option<&str>, source: &Source, territory: &Territory<'_>) -> (String, Word) {
    let mut content = draft.content;
    let address = &mut content.address;
    address.postal_code = address.postal_code.as_deref().map(key);
    if let Some(code) = address.postal_code.as_deref() {
        if address.commune.is_none() {
            address.commune = territory.commune(address.country, code, address.locality.as_deref());
        }
        if address.position.is_none()
            && let Some(point) = territory.point(address.country, code)
        {
            address.position = Some((point.lat, point.lon));
            address.precision = address.precision.or(Some(Precision::Locality));
        }
    }
    if content.licence.is_none() {
        content.licence = licence.map(ToOwned::to_owned);
    }
    let word = Word {
        kind: draft.kind,
        status: draft.status,
        content,
        url: draft.url,
        updated_on: draft.updated_on,
        trust: if source.demo { draft.trust } else { source.trust.min(MOST_OF_A_SOURCE) },
        confirmed_on: draft.confirmed_on,
        evidence: draft
            .evidence
            .into_iter()
            .filter(|paper| source.demo || !EVIDENCE.contains(&paper.as_str()))
            .collect(),
    };
    (key(&draft.source_id), word)
}

/// What a source calls something, fit to be a key on both engines: PostgreSQL takes no NUL, and no key above
/// 2 704 bytes. Of a longer one the beginning is kept, and a digest of all of it.
fn key(text: &str) -> String {
    let text = without_nul(text);
    if text.len() <= MAX_KEY {
        return text.into_owned();
    }
    format!("{}…{:016x}", text.chars().take(MAX_KEY / 4).collect::<String>(), digest(&text))
}

pub(crate) fn fingerprint(word: &Word) -> String {
    print_of(&word.content, word.content.address.postal_code.as_deref())
}

fn print_of(content: &Content, postal_code: Option<&str>) -> String {
    let name = content.name.iter().next().map(|(_, text)| words::fold(text)).unwrap_or_default();
    let start = content.when.as_ref().map(|when| when.start.to_string()).unwrap_or_default();
    format!("{name}|{start}|{}", postal_code.unwrap_or_default())
}

/// What a source's kept word says.
pub(crate) fn content_of(kept: &str) -> Result<Content, StoreError> {
    serde_json::from_str::<Word>(kept)
        .map(|word| word.content)
        .map_err(|error| StoreError::unreadable("source's word", error))
}

pub(crate) fn to_json(word: &Word) -> String {
    serde_json::to_string(word).unwrap_or_default()
}

/// FNV-1a, 64 bits. Kept inside long keys: it may not change.
fn digest(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// What a source's missing entries become.
pub(crate) fn status_when_gone(coverage: Coverage) -> Status {
    match coverage {
        Coverage::Whole => Status::Closed,
        Coverage::Window => Status::Doubtful,
    }
}

#[cfg(test)]
mod tests;
