//! What people change in the directory: corrections, and entries of their own. An import's word stays beside theirs;
//! nothing is lost by either.

use chrono::{DateTime, Utc};
use directory::code::Code;
use directory::draft::Draft;
use directory::locality::Territory;
use directory::record::{Content, Record};
use sqlx::Row;

use crate::StoreError;
use crate::dialect::WorkKind;
use crate::history::{Change, keep_history};
use crate::import::{self, EntryBuilder, IndexWriter, OWN_FORMAT, OWN_SOURCE, Source, Stored};
use crate::record::parse;
use crate::store::{Store, on, within};

/// What became of a correction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Corrected {
    /// It is kept.
    Kept,
    /// Somebody else changed the record since it was read; nothing was written.
    Overtaken,
}

impl Store {
    /// A record as it may be changed: with the number of its version.
    pub async fn record_to_change(&self, code: Code) -> Result<Option<(Record, i64)>, StoreError> {
        on!(self, db => {
            let row = sqlx::query("SELECT body, version FROM record WHERE code = $1 ORDER BY rank LIMIT 1")
                .bind(code.to_string())
                .fetch_optional(&mut *db.read().await?)
                .await?;
            row.map(|row| Ok((parse(row.try_get(0)?)?, row.try_get(1)?))).transpose()
        })
    }

    /// What each source says of a record, before any correction.
    pub async fn words_of_sources(&self, code: Code) -> Result<Vec<(String, Content)>, StoreError> {
        let rows: Vec<(String, String)> = on!(self, db => {
            let rows = sqlx::query(
                "SELECT s.source, s.content FROM source_record s JOIN record r ON r.id = s.record \
                 WHERE r.code = $1 AND s.content <> '' ORDER BY s.source",
            )
            .bind(code.to_string())
            .fetch_all(&mut *db.read().await?)
            .await?;
            rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect::<Result<_, sqlx::Error>>()?
        });
        rows.into_iter().map(|(source, word)| Ok((source, import::content_of(&word)?))).collect()
    }

    /// Keeps a record that was changed by hand, as long as nobody changed it since `version` was read.
    pub async fn correct(
        &self,
        record: &Record,
        version: i64,
        changes: &[Change],
        territory: &Territory<'_>,
        now: DateTime<Utc>,
    ) -> Result<Corrected, StoreError> {
        let mut work = self.begin(WorkKind::Directory).await?;
        let found: Option<(i64, i64, i64)> = within!(&mut work, connection => {
            let row = sqlx::query("SELECT id, rank, version FROM record WHERE uid = $1")
                .bind(&record.id)
                .fetch_optional(connection)
                .await?;
            row.map(|row| Ok::<_, sqlx::Error>((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?))).transpose()?
        });
        let Some((number, rank, _)) = found.filter(|(_, _, known)| *known == version) else {
            return Ok(Corrected::Overtaken);
        };
        let source = own();
        let builder = EntryBuilder { source: &source, territory, now };
        let (entry, old_rank) = builder.correct(Stored { number, record: record.clone(), rank, version })?;
        let mut writer = IndexWriter::new(&mut work, self.dialect());
        writer.replace(&entry).await?;
        writer.list(entry, Some(old_rank)).await?;
        writer.finish().await?;
        keep_history(&mut work, record.code, changes).await?;
        work.begin_edition().await?;
        work.commit().await?;
        Ok(Corrected::Kept)
    }

    /// Adds an entry that no source has; its code.
    pub async fn add_by_hand(
        &self,
        draft: Draft,
        change: &Change,
        territory: &Territory<'_>,
    ) -> Result<Code, StoreError> {
        let source = own();
        let mut work = self.begin(WorkKind::Directory).await?;
        import::keep_source(&mut work, &source, None, change.at).await?;
        let builder = EntryBuilder { source: &source, territory, now: change.at };
        let (source_id, said) = import::word(draft, None, &source, territory);
        let mut writer = IndexWriter::new(&mut work, self.dialect());
        let mut serial = writer.next_serial().await?;
        let entry = builder.add(source_id, said, &mut serial)?;
        let code = entry.code()?;
        writer.add(&source, vec![entry]).await?;
        writer.keep_serial(serial).await?;
        writer.finish().await?;
        keep_history(&mut work, code, std::slice::from_ref(change)).await?;
        work.begin_edition().await?;
        work.commit().await?;
        Ok(code)
    }
}

fn own() -> Source {
    // What somebody at the desk enters is no less than what a source says.
    Source { trust: 1, ..Source::new(OWN_SOURCE, OWN_FORMAT) }
}
