//! Briefs: what lists and ranking need of each record, by rank, so that whole records are read for cards alone.
//!
//! They say nothing that the records do not say, and can be made again from them (`renewal`).

use directory::code::Code;
use directory::record::{Brief, Packed};
use sqlx::{AssertSqlSafe, Row};

use crate::StoreError;
use crate::statement::{blocks_of, padded, placeholders, rows};
use crate::store::{Store, Work, on, within};

/// Briefs read at once.
const BATCH: i64 = 2_000;

impl Store {
    /// What lists say of the records with these codes, in that order; unknown codes are left out. Where a
    /// territory has more records than codes, the surest one.
    pub async fn briefs(&self, codes: &[Code]) -> Result<Vec<Brief>, StoreError> {
        let mut found: Vec<Brief> = Vec::with_capacity(codes.len());
        for part in padded(codes) {
            let text = format!(
                "SELECT b.packed FROM record r JOIN brief b ON b.rank = r.rank WHERE r.code IN ({}) \
                 ORDER BY r.rank",
                placeholders(1, part.len())
            );
            let packed: Vec<Packed> = on!(self, db => {
                let query =
                    part.iter().fold(sqlx::query(AssertSqlSafe(text)), |query, code| query.bind(code.to_string()));
                query
                    .fetch_all(&mut *db.read().await?)
                    .await?
                    .iter()
                    .map(|row| unpack(row.try_get(0)?))
                    .collect::<Result<_, StoreError>>()?
            });
            found.extend(packed.iter().filter_map(Packed::open));
        }
        Ok(codes.iter().filter_map(|code| found.iter().find(|brief| brief.code == *code).cloned()).collect())
    }

    /// What lists say of every record, in the order of ranks, handed to `each` in batches. A look at all of them:
    /// some tenths of a second for a hundred thousand.
    pub async fn each_brief(&self, mut each: impl FnMut(Brief)) -> Result<(), StoreError> {
        let mut after = i64::MIN;
        loop {
            let batch: Vec<(i64, Option<Brief>)> = on!(self, db => {
                let rows = sqlx::query("SELECT rank, packed FROM brief WHERE rank > $1 ORDER BY rank LIMIT $2")
                    .bind(after)
                    .bind(BATCH)
                    .fetch_all(&mut *db.read().await?)
                    .await?;
                rows.iter()
                    .map(|row| Ok((row.try_get(0)?, unpack(row.try_get(1)?)?.open())))
                    .collect::<Result<_, StoreError>>()?
            });
            let Some((last, _)) = batch.last() else { return Ok(()) };
            after = *last;
            batch.into_iter().filter_map(|(_, brief)| brief).for_each(&mut each);
        }
    }
}

/// Adds briefs, each under its record's rank.
pub(crate) async fn add(work: &mut Work, packed: &[(i64, Packed)]) -> Result<(), StoreError> {
    for block in blocks_of(packed, 2) {
        let text = format!("INSERT INTO brief (rank, packed) VALUES {}", rows(1, block.len(), 2));
        within!(work, connection => {
            let query = block.iter().fold(sqlx::query(AssertSqlSafe(text)), |query, (rank, packed)| {
                query.bind(*rank).bind(packed.as_bytes())
            });
            query.execute(connection).await?;
        });
    }
    Ok(())
}

/// Reads a column.
pub(crate) fn unpack(packed: &[u8]) -> Result<Packed, StoreError> {
    Packed::read(packed).ok_or_else(|| StoreError::unreadable("brief", "its bytes are not what this program packed"))
}
