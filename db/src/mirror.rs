//! A copy of the directory in another database: all that a kiosk can reach.
//!
//! The copy holds records that a kiosk may show and what they are found by, not what each source said. Records that are
//! the same stay as they are: a kiosk that reads meanwhile finds what it found before, or what is new.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use chrono::{Datelike, NaiveDate};
use directory::record::Status;
use sqlx::{AssertSqlSafe, Row};

use crate::StoreError;
use crate::dialect::Dialect;
use crate::dialect::{TableGroup, WorkKind};
use crate::edition::EDITION;
use crate::index::{self, EVERYTHING};
use crate::record::{self, KeptRecord};
use crate::renewal;
use crate::sqlite;
use crate::statement::{padded, placeholders};
use crate::store::{Store, Work, on, within};

/// Rows compared at a time.
const COMPARED: usize = 5_000;

/// Entries written in one transaction: for about half a second a kiosk waits with what it writes itself.
const TOGETHER: usize = 2_000;

/// The counter with the number by which a directory is told from any other.
const IDENTITY: &str = "identity";

/// The counters of a copy: of which directory, of which edition of it, and on which day: consents end.
const COPY_OF: &str = "copy-of";

/// The counter that says what the copy holds of a record, by number: one that was made otherwise is replaced.
const COPY_LAYOUT: &str = "copy-layout";

/// What copies of this program hold.
const LAYOUT: i64 = 1;
const COPIED: &str = "copied-edition";
const COPIED_ON: &str = "copied-day";

/// What was different in the copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Mirrored {
    /// Entries written.
    pub written: usize,
    /// Entries taken out, or replaced.
    pub removed: usize,
}

/// Why there is no copy.
#[derive(Debug, thiserror::Error)]
pub enum MirrorError {
    /// The copy would replace what sources said.
    #[error(
        "this database is no copy: it has entries of its own. Name another file for the copy, or \
         move this one away"
    )]
    OwnDirectory,
    /// What a kiosk is told to open is none.
    #[error(
        "{0} is no kiosk's copy, or none yet: kiosks never open a gateway's own database. Name a file in a folder of \
         its own in the settings \
         of passerelle (kiosk.copy), start `passerelle serve`, and give that file here (database.file, or --db)"
    )]
    NoCopy(String),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A record without its body: where one of these differs, so does the record.
#[derive(Debug, PartialEq, Eq)]
struct Outline {
    rank: i64,
    version: i64,
    status: String,
    uid: String,
}

/// A record's row.
struct Whole {
    id: i64,
    uid: String,
    code: String,
    kind: String,
    status: String,
    rank: i64,
    version: i64,
    body: String,
    last_day: Option<String>,
}

/// Rank, topic, place.
type Listing = (i64, String, String);

/// Name, format, licence, whether it is a demonstration, when it was imported.
type SourceRow = (String, String, Option<String>, i64, i64);

/// What the copy must change.
#[derive(Debug, Default)]
struct Difference {
    /// Rank and number of what is new or was changed.
    wanted: Vec<(i64, i64)>,
    /// Number and rank of what is gone or was changed.
    gone: BTreeSet<(i64, i64)>,
}

impl Store {
    /// Opens a copy, as a kiosk does. A gateway's own database is not opened, nor changed.
    pub async fn open_copy(file: &Path) -> Result<Self, MirrorError> {
        if sqlite::counter(file, COPY_OF).await?.is_none() {
            return Err(MirrorError::NoCopy(file.display().to_string()));
        }
        Ok(Self::open(file).await?)
    }

    /// Brings a copy up to date with what a kiosk may show on that day; nothing where it is. `chance` is any number by
    /// chance: it names this directory from the first time on. Where the directory changes meanwhile, the next time
    /// does the rest.
    pub async fn mirror_into(
        &self,
        copy: &Store,
        chance: i64,
        today: NaiveDate,
    ) -> Result<Option<Mirrored>, MirrorError> {
        copy.may_be_copy().await?;
        let (identity, edition) = (self.identity(chance).await?, self.number(EDITION).await?.unwrap_or_default());
        let day = i64::from(today.num_days_from_ce());
        let is_ours = copy.number(COPY_OF).await? == Some(identity) && copy.number(COPY_LAYOUT).await? == Some(LAYOUT);
        let is_of_today = copy.number(COPIED_ON).await? == Some(day);
        if is_ours && is_of_today && copy.number(COPIED).await? == Some(edition) {
            return Ok(None);
        }
        let mut difference = self.difference(copy, is_ours).await?;
        if !is_of_today {
            difference.gone.extend(copy.ended(today).await?);
        }
        let removed = difference.gone.len();
        // Ranks in order: each page of an index is met once.
        difference.wanted.sort_unstable();
        let is_long = difference.wanted.len() + difference.gone.len() > TOGETHER;
        if is_long {
            copy.take_room().await?;
        }
        let replaced: BTreeSet<i64> = difference.wanted.iter().map(|(_, id)| *id).collect();
        let leaves = difference.gone.iter().any(|(id, _)| !replaced.contains(id));
        let copied = self.write_into(copy, &difference, identity, today).await;
        if is_long {
            copy.give_room_back().await?;
            copy.merge_index().await?;
        }
        let written = copied?;
        if self.number(EDITION).await?.unwrap_or_default() == edition {
            let mut work = copy.begin(WorkKind::Directory).await?;
            work.set_number(COPIED, edition).await?;
            work.set_number(COPIED_ON, day).await?;
            work.commit().await?;
        }
        // What was taken out left pages behind, and the log of changes.
        if leaves {
            // The words of an entry that has left stay in the index until its pieces are merged.
            copy.overwrite(TableGroup::Directory).await?;
        } else if removed > 0 {
            copy.empty_log().await?;
        }
        Ok(Some(Mirrored { written, removed }))
    }

    /// Writes what differs: in one transaction, or, where it is much, what is gone first and the rest in parts. How
    /// many entries were written: those that a kiosk may show on that day.
    async fn write_into(
        &self,
        copy: &Store,
        difference: &Difference,
        identity: i64,
        today: NaiveDate,
    ) -> Result<usize, StoreError> {
        let mut written = 0;
        let sources = self.sources().await?;
        let mut parts = difference.wanted.chunks(TOGETHER);
        let mut part = parts.next().unwrap_or_default();
        let mut is_first = true;
        while is_first || !part.is_empty() {
            let ids: Vec<i64> = part.iter().map(|(_, id)| *id).collect();
            let (mut bodies, mut listings) = self.bodies(&ids).await?;
            keep_shown(&mut bodies, &mut listings, today)?;
            written += bodies.len();
            let mut work = copy.begin(WorkKind::Directory).await?;
            if is_first {
                take_out(&mut work, difference.gone.iter().copied()).await?;
                replace_sources(&mut work, &sources).await?;
            }
            add(&mut work, copy.dialect(), &bodies, &listings).await?;
            work.set_number(COPY_OF, identity).await?;
            work.set_number(COPY_LAYOUT, LAYOUT).await?;
            work.begin_edition().await?;
            crate::fail_point::reach("mirror::before-commit");
            work.commit().await?;
            is_first = false;
            part = parts.next().unwrap_or_default();
        }
        Ok(written)
    }

    /// Records of this copy, by number and rank, whose consent does not reach to that day.
    async fn ended(&self, today: NaiveDate) -> Result<Vec<(i64, i64)>, StoreError> {
        let agreed: Vec<(i64, i64, String)> = on!(self, db => {
            let rows = sqlx::query("SELECT id, rank, body FROM record WHERE body LIKE '%consent%'")
                .fetch_all(&mut *db.read().await?)
                .await?;
            rows.iter()
                .map(|row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?)))
                .collect::<Result<_, sqlx::Error>>()?
        });
        let mut ended = Vec::new();
        for (id, rank, body) in agreed {
            if record::parse(&body)?.for_kiosk(today).is_none() {
                ended.push((id, rank));
            }
        }
        Ok(ended)
    }

    async fn difference(&self, copy: &Store, is_ours: bool) -> Result<Difference, StoreError> {
        let mut difference = Difference::default();
        let mut after = 0;
        loop {
            let here = self.outlines(after, i64::MAX).await?;
            let is_last = here.len() < COMPARED;
            let last = if is_last { i64::MAX } else { here.iter().map(|(id, _)| *id).max().unwrap_or(i64::MAX) };
            let mut there = HashMap::new();
            let mut read = after;
            loop {
                let rows = copy.outlines(read, last).await?;
                let count = rows.len();
                read = rows.iter().map(|(id, _)| *id).max().unwrap_or(read);
                there.extend(rows);
                if count < COMPARED {
                    break;
                }
            }
            for (id, outline) in here {
                let is_shown = Status::from_id(&outline.status).is_some_and(Status::is_shown);
                match there.remove(&id) {
                    Some(known) if is_ours && is_shown && known == outline => continue,
                    Some(known) => drop(difference.gone.insert((id, known.rank))),
                    None => {}
                }
                if is_shown {
                    difference.wanted.push((outline.rank, id));
                }
            }
            difference.gone.extend(there.into_iter().map(|(id, outline)| (id, outline.rank)));
            if is_last {
                return Ok(difference);
            }
            after = last;
        }
    }

    /// The first rows behind a number, up to another one.
    async fn outlines(&self, after: i64, last: i64) -> Result<Vec<(i64, Outline)>, StoreError> {
        let most = i64::try_from(COMPARED).unwrap_or(i64::MAX);
        on!(self, db => {
            let rows = sqlx::query(
                "SELECT id, rank, version, status, uid FROM record WHERE id > $1 AND id <= $2 ORDER BY id \
                 LIMIT $3",
            )
            .bind(after)
            .bind(last)
            .bind(most)
            .fetch_all(&mut *db.read().await?)
            .await?;
            let outlines = rows.iter().map(|row| {
                Ok((
                    row.try_get(0)?,
                    Outline {
                        rank: row.try_get(1)?,
                        version: row.try_get(2)?,
                        status: row.try_get(3)?,
                        uid: row.try_get(4)?,
                    },
                ))
            });
            Ok(outlines.collect::<Result<_, sqlx::Error>>()?)
        })
    }

    /// Records by their numbers, and where they are listed: rank, topic, place. In the order of ranks.
    async fn bodies(&self, ids: &[i64]) -> Result<(Vec<Whole>, Vec<Listing>), StoreError> {
        let (mut bodies, mut listings) = (Vec::with_capacity(ids.len()), Vec::new());
        for block in padded(ids) {
            let text = format!(
                "SELECT id, uid, code, kind, status, rank, version, body, last_day FROM record \
                 WHERE id IN ({})",
                placeholders(1, block.len())
            );
            let read: Vec<Whole> = on!(self, db => {
                let rows = block
                    .iter()
                    .fold(sqlx::query(AssertSqlSafe(text)), |query, id| query.bind(*id))
                    .fetch_all(&mut *db.read().await?)
                    .await?;
                let bodies = rows.iter().map(|row| {
                    Ok(Whole {
                        id: row.try_get(0)?,
                        uid: row.try_get(1)?,
                        code: row.try_get(2)?,
                        kind: row.try_get(3)?,
                        status: row.try_get(4)?,
                        rank: row.try_get(5)?,
                        version: row.try_get(6)?,
                        body: row.try_get(7)?,
                        last_day: row.try_get(8)?,
                    })
                });
                bodies.collect::<Result<_, sqlx::Error>>()?
            });
            let ranks: Vec<i64> = read.iter().map(|row| row.rank).collect();
            bodies.extend(read);
            for block in padded(&ranks) {
                let text = format!(
                    "SELECT rank, topic, locality FROM listing WHERE rank IN ({})",
                    placeholders(1, block.len())
                );
                let listed: Vec<Listing> = on!(self, db => {
                    let rows = block
                        .iter()
                        .fold(sqlx::query(AssertSqlSafe(text)), |query, rank| query.bind(*rank))
                        .fetch_all(&mut *db.read().await?)
                        .await?;
                    rows.iter()
                        .map(|row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?)))
                        .collect::<Result<_, sqlx::Error>>()?
                });
                listings.extend(listed);
            }
        }
        bodies.sort_unstable_by_key(|row| row.rank);
        Ok((bodies, listings))
    }

    async fn sources(&self) -> Result<Vec<SourceRow>, StoreError> {
        on!(self, db => {
            let rows = sqlx::query("SELECT name, format, licence, demo, imported_at FROM source")
                .fetch_all(&mut *db.read().await?)
                .await?;
            let sources = rows
                .iter()
                .map(|row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?, row.try_get(3)?, row.try_get(4)?)));
            Ok(sources.collect::<Result<_, sqlx::Error>>()?)
        })
    }

    /// An error where this database holds what sources said, and is no copy.
    pub async fn may_be_copy(&self) -> Result<(), MirrorError> {
        let source = on!(self, db => sqlx::query("SELECT 1 FROM source_record LIMIT 1")
            .fetch_optional(&mut *db.read().await?)
            .await
            .map(|row| row.is_some()));
        if source.map_err(StoreError::from)? { Err(MirrorError::OwnDirectory) } else { Ok(()) }
    }

    /// The number of this directory, which it has from now on.
    async fn identity(&self, chance: i64) -> Result<i64, StoreError> {
        if let Some(identity) = self.number(IDENTITY).await? {
            return Ok(identity);
        }
        let mut work = self.begin(WorkKind::Directory).await?;
        within!(&mut work, connection => {
            sqlx::query("INSERT INTO counter (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING")
                .bind(IDENTITY)
                .bind(chance)
                .execute(connection)
                .await?;
        });
        work.commit().await?;
        // Another program may have been first: its number counts.
        Ok(self.number(IDENTITY).await?.unwrap_or(chance))
    }

    async fn number(&self, counter: &str) -> Result<Option<i64>, StoreError> {
        on!(self, db => {
            let row = sqlx::query("SELECT value FROM counter WHERE name = $1")
                .bind(counter)
                .fetch_optional(&mut *db.read().await?)
                .await?;
            Ok(row.map(|row| row.try_get(0)).transpose()?)
        })
    }
}

/// Leaves of these records what a kiosk's copy may hold on that day, and of their listings those of what is left.
fn keep_shown(bodies: &mut Vec<Whole>, listings: &mut Vec<Listing>, today: NaiveDate) -> Result<(), StoreError> {
    let mut shown = Vec::with_capacity(bodies.len());
    for mut whole in bodies.drain(..) {
        if let Some(record) = record::parse(&whole.body)?.for_kiosk(today) {
            whole.body = serde_json::to_string(&record).map_err(|error| StoreError::unreadable("record", error))?;
            shown.push(whole);
        }
    }
    *bodies = shown;
    let ranks: BTreeSet<i64> = bodies.iter().map(|whole| whole.rank).collect();
    listings.retain(|(rank, _, _)| ranks.contains(rank));
    Ok(())
}

/// Takes records out, by number and rank.
async fn take_out(work: &mut Work, gone: impl Iterator<Item = (i64, i64)>) -> Result<(), StoreError> {
    let (ids, ranks): (Vec<i64>, Vec<i64>) = gone.unzip();
    index::remove(work, &ranks).await?;
    for block in padded(&ids) {
        let text = format!("DELETE FROM record WHERE id IN ({})", placeholders(1, block.len()));
        within!(&mut *work, connection => {
            block
                .iter()
                .fold(sqlx::query(AssertSqlSafe(text)), |query, id| query.bind(*id))
                .execute(connection)
                .await?;
        });
    }
    Ok(())
}

async fn replace_sources(work: &mut Work, sources: &[SourceRow]) -> Result<(), StoreError> {
    within!(&mut *work, connection => sqlx::query("DELETE FROM source").execute(connection).await?.rows_affected());
    for (name, format, licence, demo, imported_at) in sources {
        within!(&mut *work, connection => {
            sqlx::query("INSERT INTO source (name, format, licence, demo, imported_at) VALUES ($1, $2, $3, $4, $5)")
                .bind(name)
                .bind(format)
                .bind(licence)
                .bind(*demo)
                .bind(*imported_at)
                .execute(connection)
                .await?;
        });
    }
    Ok(())
}

/// Adds records, and makes of them what they are found by.
async fn add(work: &mut Work, dialect: &Dialect, bodies: &[Whole], listings: &[Listing]) -> Result<(), StoreError> {
    let mut localities: HashMap<i64, Vec<String>> = HashMap::new();
    for (rank, _, locality) in listings.iter().filter(|(_, topic, _)| topic == EVERYTHING) {
        localities.entry(*rank).or_default().push(locality.clone());
    }
    record::add(work, &bodies.iter().map(Whole::kept).collect::<Vec<_>>()).await?;
    renewal::add(work, dialect, bodies.iter().map(|row| (row.rank, row.body.as_str())), &localities).await?;
    let mut rows: Vec<(&str, &str, i64)> =
        listings.iter().map(|(rank, topic, locality)| (topic.as_str(), locality.as_str(), *rank)).collect();
    rows.sort_unstable();
    index::add_listings(work, &rows).await
}

impl Whole {
    fn kept(&self) -> KeptRecord<'_> {
        KeptRecord {
            id: self.id,
            uid: &self.uid,
            code: &self.code,
            kind: &self.kind,
            status: &self.status,
            rank: self.rank,
            version: self.version,
            body: &self.body,
            last_day: self.last_day.as_deref(),
        }
    }
}
