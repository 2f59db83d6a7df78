//! Records that could be one, and what somebody said of them.

use directory::closed_list;
use directory::code::Code;
use sqlx::Row;

use crate::StoreError;
use crate::store::{Store, on};

closed_list! {
    /// Whether two records are one.
    DuplicateVerdict {
        /// They are: one of them gave way to the other.
        Same = "same",
        /// They are not.
        Different = "different",
    }
}

impl Store {
    /// Keeps what somebody said of two records. The order of the two does not matter.
    pub async fn keep_duplicate_verdict(
        &self,
        one: Code,
        other: Code,
        verdict: DuplicateVerdict,
    ) -> Result<(), StoreError> {
        let (one, other) = if one < other { (one, other) } else { (other, one) };
        on!(self, db => {
            let text = "INSERT INTO pair (one, other, answer) VALUES ($1, $2, $3) \
                        ON CONFLICT (one, other) DO UPDATE SET answer = excluded.answer";
            sqlx::query(text)
                .bind(one.to_string())
                .bind(other.to_string())
                .bind(verdict.id())
                .execute(db.write().await?.connection()?)
                .await?
                .rows_affected()
        });
        Ok(())
    }

    /// Lists the pairs of which somebody said something, the lower code first.
    pub async fn judged_pairs(&self) -> Result<Vec<(Code, Code)>, StoreError> {
        let rows: Vec<(String, String)> = on!(self, db => {
            let rows = sqlx::query("SELECT one, other FROM pair").fetch_all(&mut *db.read().await?).await?;
            rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect::<Result<_, sqlx::Error>>()?
        });
        Ok(rows.iter().filter_map(|(one, other)| Code::parse(one).zip(Code::parse(other))).collect())
    }
}
