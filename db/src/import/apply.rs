//! Writes an import's plan, all or nothing: a few statements with many rows each, the indexes in the order in which
//! they are kept. Turns are kept meanwhile: on a server beside it, in a file before it is brought in.

mod entry;
mod listed;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use directory::draft::Coverage;
use directory::locality::Territory;
use sqlx::{AssertSqlSafe, Row};

use self::entry::next_code;
pub(crate) use self::entry::{BuiltEntry, EntryBuilder, Stored};
use self::listed::Listed;
use super::{Plan, Source};
use crate::StoreError;
use crate::dialect::Dialect;
use crate::dialect::WorkKind;
use crate::record::{self, KeptRecord, parse};
use crate::statement::{blocks, blocks_of, placeholders, rows};
use crate::store::{Store, Work, within};

/// How often progress is told, in entries.
const TELL_EVERY: usize = 250;

/// Entries made and written together.
const BATCH: usize = 64;

impl Store {
    #[expect(clippy::too_many_arguments, reason = "one caller; the plan and where it comes from")]
    pub(super) async fn apply(
        &self,
        source: &Source,
        plan: Plan,
        coverage: Coverage,
        licence: Option<String>,
        territory: &Territory<'_>,
        now: DateTime<Utc>,
        progress: impl Fn(usize, usize),
    ) -> Result<Applied, StoreError> {
        let total = plan.new.len() + plan.changed.len() + plan.gone.len();
        let mut done = 0;
        let mut tell = |entries: usize| {
            for _ in 0..entries {
                crate::fail_point::reach("import::entry");
                done += 1;
                if done % TELL_EVERY == 0 || done == total {
                    progress(done, total);
                }
            }
        };
        let builder = EntryBuilder { source, territory, now };
        let mut waiting = 0;
        let mut serial = self.reserve_numbers(plan.new.len()).await?;
        let mut work = self.begin_long(WorkKind::Directory).await?;
        keep_source(&mut work, source, licence.as_deref(), now).await?;
        let mut writer = IndexWriter::new(&mut work, self.dialect());

        let mut new = plan.new.into_iter();
        let mut make = || {
            new.by_ref()
                .take(BATCH)
                .map(|(source_id, word)| builder.add(source_id, word, &mut serial))
                .collect::<Result<Vec<BuiltEntry>, StoreError>>()
        };
        let mut block = make()?;
        while !block.is_empty() {
            let entries = block.len();
            waiting += block.iter().filter(|entry| entry.waiting.is_some()).count();
            // The engine writes a block while the next one is made.
            let (written, next) = tokio::join!(writer.add(source, block), async { make() });
            written?;
            tell(entries);
            block = next?;
        }

        for part in in_parts(plan.changed) {
            let stored = writer.stored(part.iter().map(|(record, ..)| *record)).await?;
            let entries = part.len();
            for ((_, source_id, moved_from, word), stored) in part.into_iter().zip(stored) {
                // Erased since the feed was compared.
                if stored.record.erased_on().is_some() {
                    continue;
                }
                let (entry, old_rank) = builder.change(source_id, word, stored)?;
                waiting += usize::from(entry.waiting.is_some());
                writer.change(source, entry, moved_from, old_rank).await?;
            }
            tell(entries);
        }
        for part in in_parts(plan.gone) {
            let stored = writer.stored(part.iter().map(|(record, _)| *record)).await?;
            let entries = part.len();
            for ((_, source_id), stored) in part.into_iter().zip(stored) {
                if stored.record.erased_on().is_some() {
                    continue;
                }
                let (entry, old_rank) = builder.close(source_id, coverage, stored)?;
                writer.close(source, entry, old_rank, now).await?;
            }
            tell(entries);
        }
        writer.finish().await?;
        let overtaken = work.bring_in().await?;
        work.begin_edition().await?;
        crate::fail_point::reach("import::before-commit");
        work.commit().await?;
        Ok(Applied { overtaken, waiting })
    }

    /// Sets so many serial numbers aside for new entries, durably and at once: nobody waits for them, and nobody else
    /// gets them. The number before the first one. An import that is cut off leaves them unused.
    async fn reserve_numbers(&self, count: usize) -> Result<i64, StoreError> {
        if count == 0 {
            return Ok(0);
        }
        let mut work = self.begin(WorkKind::Directory).await?;
        let mut writer = IndexWriter::new(&mut work, self.dialect());
        let first = writer.next_serial().await?;
        let mut last = first;
        for _ in 0..count {
            next_code(&mut last);
        }
        writer.keep_serial(last).await?;
        work.commit().await?;
        Ok(first)
    }
}

/// What became of a plan.
#[derive(Debug, Clone, Copy)]
pub(super) struct Applied {
    /// Entries that stay as they are because somebody else changed them meanwhile.
    pub(super) overtaken: usize,
    /// Entries of which something waits for a person.
    pub(super) waiting: usize,
}

/// Keeps that a source was read.
pub(crate) async fn keep_source(
    work: &mut Work,
    source: &Source,
    licence: Option<&str>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    within!(work, connection => {
        sqlx::query(
            "INSERT INTO source (name, format, licence, demo, imported_at) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (name) DO UPDATE SET format = excluded.format, licence = excluded.licence, \
             demo = excluded.demo, imported_at = excluded.imported_at",
        )
        .bind(&source.name)
        .bind(source.format)
        .bind(licence)
        .bind(i64::from(source.demo))
        .bind(now.timestamp())
        .execute(connection)
        .await?;
    });
    Ok(())
}

/// The statements of one import, or of one change by hand, on one connection.
pub(crate) struct IndexWriter<'a> {
    work: &'a mut Work,
    dialect: &'static Dialect,
    listed: Listed,
}

impl<'a> IndexWriter<'a> {
    pub(crate) fn new(work: &'a mut Work, dialect: &'static Dialect) -> Self {
        Self { work, dialect, listed: Listed::default() }
    }

    pub(crate) async fn next_serial(&mut self) -> Result<i64, StoreError> {
        let value: Option<i64> = within!(&mut *self.work, connection => {
            let row = sqlx::query("SELECT value FROM counter WHERE name = 'serial'").fetch_optional(connection).await?;
            row.map(|row| row.try_get(0)).transpose()?
        });
        Ok(value.unwrap_or(0))
    }

    pub(crate) async fn keep_serial(&mut self, serial: i64) -> Result<(), StoreError> {
        self.work.set_number("serial", serial).await
    }

    pub(crate) async fn add(&mut self, source: &Source, entries: Vec<BuiltEntry>) -> Result<(), StoreError> {
        let kept: Vec<KeptRecord<'_>> = entries.iter().map(BuiltEntry::kept).collect();
        record::add(self.work, &kept).await?;
        for block in blocks_of(&entries, 7) {
            let text = format!(
                "INSERT INTO source_record (source, source_id, record, fingerprint, content, waiting, \
                 asked) VALUES {}",
                rows(1, block.len(), 7)
            );
            within!(&mut *self.work, connection => {
                let query = block.iter().fold(sqlx::query(AssertSqlSafe(text)), |query, entry| {
                    let query =
                        query.bind(&source.name).bind(&entry.source_id).bind(entry.number).bind(&entry.fingerprint);
                    query.bind(&entry.kept).bind(entry.waiting.as_deref()).bind(i64::from(entry.waiting.is_some()))
                });
                query.execute(connection).await?;
            });
        }
        for entry in entries {
            self.list(entry, None).await?;
        }
        Ok(())
    }

    /// The records of these numbers as they are, in that order.
    async fn stored(&mut self, numbers: impl Iterator<Item = i64>) -> Result<Vec<Stored>, StoreError> {
        let numbers: Vec<i64> = numbers.collect();
        self.work.take_up(&numbers).await?;
        let mut found = HashMap::with_capacity(numbers.len());
        for block in blocks(&numbers) {
            let text =
                format!("SELECT id, body, rank, version FROM record WHERE id IN ({})", placeholders(1, block.len()));
            let rows: Vec<(i64, String, i64, i64)> = within!(&mut *self.work, connection => {
                let query = block.iter().fold(sqlx::query(AssertSqlSafe(text)), |query, number| query.bind(*number));
                query
                    .fetch_all(connection)
                    .await?
                    .iter()
                    .map(|row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?, row.try_get(3)?)))
                    .collect::<Result<_, sqlx::Error>>()?
            });
            for (number, body, rank, version) in rows {
                found.insert(number, Stored { number, record: parse(&body)?, rank, version });
            }
        }
        numbers.iter().map(|number| found.remove(number).ok_or_else(|| sqlx::Error::RowNotFound.into())).collect()
    }

    pub(crate) async fn change(
        &mut self,
        source: &Source,
        entry: BuiltEntry,
        moved_from: Option<String>,
        old_rank: i64,
    ) -> Result<(), StoreError> {
        self.replace(&entry).await?;
        within!(&mut *self.work, connection => {
            // Without a word of its own it keeps the one that counts.
            sqlx::query(
                "UPDATE source_record SET source_id = $1, fingerprint = coalesce(nullif($2, ''), fingerprint), \
                 content = coalesce(nullif($3, ''), content), waiting = $4, asked = $5, gone_at = NULL \
                 WHERE source = $6 AND source_id = $7",
            )
                .bind(&entry.source_id)
                .bind(&entry.fingerprint)
                .bind(&entry.kept)
                .bind(entry.waiting.as_deref())
                .bind(i64::from(entry.waiting.is_some()))
                .bind(&source.name)
                .bind(moved_from.as_ref().unwrap_or(&entry.source_id))
                .execute(connection)
                .await?;
        });
        self.list(entry, Some(old_rank)).await
    }

    async fn close(
        &mut self,
        source: &Source,
        entry: BuiltEntry,
        old_rank: i64,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.replace(&entry).await?;
        within!(&mut *self.work, connection => {
            sqlx::query(
                "UPDATE source_record SET gone_at = $1, waiting = NULL, asked = 0 WHERE source = $2 \
                 AND source_id = $3",
            )
            .bind(now.timestamp())
            .bind(&source.name)
            .bind(&entry.source_id)
            .execute(connection)
            .await?;
        });
        self.list(entry, Some(old_rank)).await
    }

    pub(crate) async fn replace(&mut self, entry: &BuiltEntry) -> Result<(), StoreError> {
        within!(&mut *self.work, connection => {
            sqlx::query(
                "UPDATE record SET code = $1, kind = $2, status = $3, rank = $4, version = $5, body = $6, \
                 last_day = $7 WHERE id = $8",
            )
            .bind(&entry.code)
            .bind(entry.kind)
            .bind(entry.status)
            .bind(entry.rank)
            .bind(entry.version)
            .bind(&entry.body)
            .bind(&entry.last_day)
            .bind(entry.number)
            .execute(connection)
            .await?;
        });
        Ok(())
    }

    pub(crate) async fn list(&mut self, entry: BuiltEntry, old_rank: Option<i64>) -> Result<(), StoreError> {
        if self.listed.take(entry, old_rank) {
            self.finish().await?;
        }
        Ok(())
    }

    pub(crate) async fn finish(&mut self) -> Result<(), StoreError> {
        std::mem::take(&mut self.listed).write(self.work, self.dialect).await
    }
}

/// Cuts what is to be done into parts that are written together.
fn in_parts<T>(all: Vec<T>) -> impl Iterator<Item = Vec<T>> {
    let mut rest = all.into_iter();
    std::iter::from_fn(move || Some(rest.by_ref().take(BATCH).collect::<Vec<T>>()).filter(|part| !part.is_empty()))
}
