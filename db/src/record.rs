//! Records by their codes.

use std::sync::Arc;

use directory::code::Code;
use directory::record::Record;
use sqlx::{AssertSqlSafe, Row};

use crate::StoreError;
use crate::statement::{blocks_of, padded, placeholders, rows};
use crate::store::{Store, Work, on, within};

impl Store {
    /// The record with this code. Where a territory has more records than codes, the surest one.
    pub async fn record(&self, code: Code) -> Result<Option<Arc<Record>>, StoreError> {
        Ok(self.records(&[code]).await?.into_iter().next())
    }

    /// The records with these codes, in that order; unknown codes are left out.
    pub async fn records(&self, codes: &[Code]) -> Result<Vec<Arc<Record>>, StoreError> {
        let mut found: Vec<Arc<Record>> = Vec::with_capacity(codes.len());
        for part in padded(codes) {
            let text = format!("SELECT body FROM record WHERE code IN ({}) ORDER BY rank", placeholders(1, part.len()));
            let bodies: Vec<String> = on!(self, db => {
                let query =
                    part.iter().fold(sqlx::query(AssertSqlSafe(text)), |query, code| query.bind(code.to_string()));
                query
                    .fetch_all(&mut *db.read().await?)
                    .await?
                    .iter()
                    .map(|row| row.try_get(0))
                    .collect::<Result<_, sqlx::Error>>()?
            });
            for body in bodies {
                found.push(Arc::new(parse(&body)?));
            }
        }
        Ok(codes.iter().filter_map(|code| found.iter().find(|record| record.code == *code).cloned()).collect())
    }

    /// Every record, in the order of their numbers, handed to `each` in batches; for exports.
    pub async fn each_record(&self, mut each: impl FnMut(Record)) -> Result<(), StoreError> {
        let mut after = 0_i64;
        loop {
            let batch: Vec<(i64, String)> = on!(self, db => {
                let rows = sqlx::query("SELECT id, body FROM record WHERE id > $1 ORDER BY id LIMIT 500")
                    .bind(after)
                    .fetch_all(&mut *db.read().await?)
                    .await?;
                rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect::<Result<_, sqlx::Error>>()?
            });
            let Some((last, _)) = batch.last() else { return Ok(()) };
            after = *last;
            for (_, body) in &batch {
                each(parse(body)?);
            }
        }
    }

    /// True where a demonstration has brought invented records. Records are not counted: that would read all of them.
    pub async fn has_demo(&self) -> Result<bool, StoreError> {
        on!(self, db => Ok(sqlx::query("SELECT count(*) FROM source WHERE demo <> 0")
            .fetch_one(&mut *db.read().await?)
            .await?
            .try_get::<i64, _>(0)?
            > 0))
    }

    /// How many records a visitor can be shown.
    pub async fn count_shown(&self) -> Result<i64, StoreError> {
        on!(self, db => Ok(sqlx::query("SELECT count(*) FROM record WHERE status IN ('published', 'doubtful')")
            .fetch_one(&mut *db.read().await?)
            .await?
            .try_get(0)?))
    }
}

/// A row of the directory.
#[derive(Debug)]
pub(crate) struct KeptRecord<'a> {
    pub(crate) id: i64,
    pub(crate) uid: &'a str,
    pub(crate) code: &'a str,
    pub(crate) kind: &'a str,
    pub(crate) status: &'a str,
    pub(crate) rank: i64,
    pub(crate) version: i64,
    pub(crate) body: &'a str,
    pub(crate) last_day: Option<&'a str>,
}

/// Adds rows of the directory; what they are found by is added apart.
pub(crate) async fn add(work: &mut Work, kept: &[KeptRecord<'_>]) -> Result<(), StoreError> {
    for block in blocks_of(kept, 9) {
        let text = format!(
            "INSERT INTO record (id, uid, code, kind, status, rank, version, body, last_day) VALUES {}",
            rows(1, block.len(), 9)
        );
        within!(&mut *work, connection => {
            let query = block.iter().fold(sqlx::query(AssertSqlSafe(text)), |query, kept| {
                let query = query.bind(kept.id).bind(kept.uid).bind(kept.code).bind(kept.kind).bind(kept.status);
                query.bind(kept.rank).bind(kept.version).bind(kept.body).bind(kept.last_day)
            });
            query.execute(connection).await?;
        });
    }
    Ok(())
}

pub(crate) fn parse(body: &str) -> Result<Record, StoreError> {
    Record::from_json(body).map_err(|error| StoreError::unreadable("record", error))
}
