//! Briefs: what lists and ranking need of each record, by rank, so that whole records are read for cards alone.
//!
//! They say nothing that the records do not say. Where they were made by a program that packed them otherwise,
//! or by none, all of them are made again when the database is opened.

use directory::code::Code;
use directory::record::{Brief, LAYOUT, Packed};
use sqlx::{AssertSqlSafe, Row};

use crate::StoreError;
use crate::record::parse;
use crate::statement::{blocks_of, padded, placeholders, rows};
use crate::store::{Kind, Store, Work, on, within};

/// The counter that says how the briefs are packed.
const PACKED_AS: &str = "briefs";

/// Records read at once while briefs are made again.
const AT_ONCE: i64 = 500;

impl Store {
    /// What lists say of the records with these codes, in that order; unknown codes are left out. Where a
    /// territory has more records than codes, the surest one.
    pub async fn briefs(&self, codes: &[Code]) -> Result<Vec<Brief>, StoreError> {
        let mut found: Vec<Brief> = Vec::with_capacity(codes.len());
        for part in padded(codes) {
            let text =
                format!("SELECT b.packed FROM record r JOIN brief b ON b.rank = r.rank WHERE r.code IN ({}) ORDER BY r.rank", placeholders(1, part.len()));
            let packed: Vec<Packed> = on!(self, db => {
                let query = part.iter().fold(sqlx::query(AssertSqlSafe(text)), |query, code| query.bind(code.to_string()));
                query.fetch_all(&mut *db.read().await?).await?.iter().map(|row| unpack(row.try_get(0)?)).collect::<Result<_, StoreError>>()?
            });
            found.extend(packed.iter().filter_map(Packed::open));
        }
        Ok(codes.iter().filter_map(|code| found.iter().find(|brief| brief.code == *code).cloned()).collect())
    }

    /// Makes the briefs again where this program packs them otherwise.
    pub(crate) async fn renew_briefs(&self) -> Result<(), StoreError> {
        let packed_as: Option<i64> = on!(self, db => {
            let row = sqlx::query("SELECT value FROM counter WHERE name = $1").bind(PACKED_AS).fetch_optional(&mut *db.write().await?).await?;
            row.map(|row| row.try_get(0)).transpose()?
        });
        if packed_as == Some(i64::from(LAYOUT)) {
            return Ok(());
        }
        let mut work = self.begin(Kind::Directory).await?;
        within!(&mut work, connection => {
            sqlx::query("DELETE FROM brief").execute(connection).await?;
        });
        let mut after = i64::MIN;
        loop {
            let read: Vec<(i64, String)> = within!(&mut work, connection => {
                let rows = sqlx::query("SELECT rank, body FROM record WHERE rank > $1 ORDER BY rank LIMIT $2").bind(after).bind(AT_ONCE).fetch_all(connection).await?;
                rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect::<Result<_, sqlx::Error>>()?
            });
            let Some((last, _)) = read.last() else { break };
            after = *last;
            let packed = read.iter().map(|(rank, body)| Ok((*rank, Packed::from(&parse(body)?)))).collect::<Result<Vec<_>, StoreError>>()?;
            add(&mut work, &packed).await?;
        }
        within!(&mut work, connection => {
            sqlx::query("INSERT INTO counter (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value")
                .bind(PACKED_AS)
                .bind(i64::from(LAYOUT))
                .execute(connection)
                .await?;
        });
        work.commit().await
    }
}

/// Adds briefs, each under its record's rank.
pub(crate) async fn add(work: &mut Work, packed: &[(i64, Packed)]) -> Result<(), StoreError> {
    for block in blocks_of(packed, 2) {
        let text = format!("INSERT INTO brief (rank, packed) VALUES {}", rows(block.len(), 2));
        within!(work, connection => {
            let query = block.iter().fold(sqlx::query(AssertSqlSafe(text)), |query, (rank, packed)| query.bind(*rank).bind(packed.as_bytes()));
            query.execute(connection).await?;
        });
    }
    Ok(())
}

/// Reads a column.
pub(crate) fn unpack(packed: &[u8]) -> Result<Packed, StoreError> {
    Packed::read(packed).ok_or_else(|| StoreError::unreadable("brief", "its bytes are not what this program packed"))
}
