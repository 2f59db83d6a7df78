//! The keys under which senders are hashed, as they are kept: sealed, by the day from which they count.
//!
//! Several programs share them: a key is added only where that day has none, and whoever adds one reads
//! again what counts. [`Store::purge`] destroys them.

use chrono::NaiveDate;
use sqlx::Row;

use crate::StoreError;
use crate::person::Sealed;
use crate::store::{Store, on};

/// A key as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SenderKey {
    /// The first day (UTC) on which it counts.
    pub begins_on: NaiveDate,
    /// The key, sealed.
    pub sealed: Sealed,
}

impl Store {
    /// All keys, the oldest first. What is no day is no key.
    pub async fn sender_keys(&self) -> Result<Vec<SenderKey>, StoreError> {
        // From the connection that writes: a key just added must be seen.
        let rows: Vec<(String, Vec<u8>)> = on!(self, db => {
            let rows = sqlx::query("SELECT begins_on, sealed FROM sender_key ORDER BY begins_on")
                .fetch_all(db.write().await?.connection()?)
                .await?;
            rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect::<Result<_, sqlx::Error>>()?
        });
        Ok(rows
            .into_iter()
            .filter_map(|(day, sealed)| Some(SenderKey { begins_on: day.parse().ok()?, sealed: Sealed::new(sealed) }))
            .collect())
    }

    /// Adds a key, unless that day has one.
    pub async fn add_sender_key(&self, key: &SenderKey) -> Result<(), StoreError> {
        on!(self, db => {
            sqlx::query(
                "INSERT INTO sender_key (begins_on, sealed) VALUES ($1, $2) ON CONFLICT (begins_on) DO NOTHING",
            )
            .bind(key.begins_on.to_string())
            .bind(key.sealed.as_bytes())
            .execute(db.write().await?.connection()?)
            .await?;
            Ok(())
        })
    }

    /// Removes exactly this key: another one that has taken its day stays.
    pub async fn remove_sender_key(&self, key: &SenderKey) -> Result<(), StoreError> {
        on!(self, db => {
            sqlx::query("DELETE FROM sender_key WHERE begins_on = $1 AND sealed = $2")
                .bind(key.begins_on.to_string())
                .bind(key.sealed.as_bytes())
                .execute(db.write().await?.connection()?)
                .await?;
            Ok(())
        })
    }
}
