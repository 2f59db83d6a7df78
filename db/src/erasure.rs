//! Entries that somebody wants gone: what they said is erased everywhere, and does not come back with an import.
//!
//! What stays of such an entry is its code and the day. What stays of its source's word are two hashes, of its
//! identifier there and of its name, day and place: by them the next import knows what it must leave out.

use chrono::{DateTime, Utc};
use sqlx::Row;

use crate::StoreError;
use crate::dialect::{TableGroup, WorkKind};
use crate::erased::mark;
use crate::history::{Change, keep_history};
use crate::import::{BuiltEntry, IndexWriter, Stored};
use crate::record::parse;
use crate::store::{Store, Work, on, within};

/// What the history says of an erasure, and of whom it is.
const CONSENT: &str = "consent";
const WITHDRAWN: &str = "withdrawn";

impl Store {
    /// Erases the entry with this identifier of ours, in one transaction: what it says, what its sources said, what it
    /// is found by, what the history quotes. Its code stays, with the day. `by` is who says so. The bytes are
    /// overwritten. False where there is no such entry, or nothing left of it.
    pub async fn erase_entry(&self, id: &str, by: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let mut work = self.begin(WorkKind::Directory).await?;
        let stored: Option<(i64, String, i64, i64)> = within!(&mut work, connection => {
            let row = sqlx::query("SELECT id, body, rank, version FROM record WHERE uid = $1")
                .bind(id)
                .fetch_optional(connection)
                .await?;
            row.map(|row| Ok::<_, sqlx::Error>((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?, row.try_get(3)?)))
                .transpose()?
        });
        let Some((number, body, rank, version)) = stored else { return Ok(false) };
        let record = parse(&body)?;
        if record.erased_on().is_some() {
            return Ok(false);
        }
        let code = record.code;
        let (entry, old_rank) = BuiltEntry::erased(Stored { number, record, rank, version }, now.date_naive())?;
        let mut writer = IndexWriter::new(&mut work, self.dialect());
        writer.replace(&entry).await?;
        writer.list(entry, Some(old_rank)).await?;
        writer.finish().await?;
        forget_words(&mut work, number, now).await?;
        within!(&mut work, connection => {
            sqlx::query("UPDATE history SET before = '', after = '' WHERE code = $1")
                .bind(code.to_string())
                .execute(connection)
                .await?;
        });
        let [mediator, field, after] = [by, CONSENT, WITHDRAWN].map(ToOwned::to_owned);
        let change = Change { at: now, mediator, field, before: String::new(), after };
        keep_history(&mut work, code, &[change]).await?;
        work.begin_edition().await?;
        crate::fail_point::reach("erasure::before-commit");
        work.commit().await?;
        self.overwrite(TableGroup::Directory).await?;
        Ok(true)
    }

    /// Erases every person who took their agreement back, and whom a program of before left where they were. How many.
    pub(crate) async fn erase_withdrawn(&self, now: DateTime<Utc>) -> Result<u64, StoreError> {
        let bodies: Vec<String> = on!(self, db => {
            let rows =
                sqlx::query("SELECT body FROM record WHERE kind = 'person'").fetch_all(&mut *db.read().await?).await?;
            rows.iter().map(|row| row.try_get(0)).collect::<Result<_, sqlx::Error>>()?
        });
        let mut erased = 0;
        for body in bodies {
            let record = parse(&body)?;
            if record.erased_on().is_none()
                && record.consent.as_ref().is_some_and(|consent| consent.withdrawn_on.is_some())
            {
                erased += u64::from(self.erase_entry(&record.id, "", now).await?);
            }
        }
        Ok(erased)
    }
}

/// Leaves marks in the place of what each source said.
async fn forget_words(work: &mut Work, number: i64, now: DateTime<Utc>) -> Result<(), StoreError> {
    let words: Vec<(String, String, String)> = within!(&mut *work, connection => {
        let rows = sqlx::query("SELECT source, source_id, fingerprint FROM source_record WHERE record = $1")
            .bind(number)
            .fetch_all(connection)
            .await?;
        let words = rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?)));
        words.collect::<Result<_, sqlx::Error>>()?
    });
    for (source, source_id, fingerprint) in words {
        within!(&mut *work, connection => {
            let text = "UPDATE source_record SET source_id = $1, fingerprint = $2, content = '', waiting = NULL, \
                        asked = 0, gone_at = $3 WHERE source = $4 AND source_id = $5";
            sqlx::query(text)
                .bind(mark(&source, &source_id))
                .bind(mark(&source, &fingerprint))
                .bind(now.timestamp())
                .bind(&source)
                .bind(&source_id)
                .execute(connection)
                .await?
                .rows_affected()
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests;
