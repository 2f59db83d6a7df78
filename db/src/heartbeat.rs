//! Which kiosks are there: each says so again and again.

use chrono::{DateTime, Utc};
use sqlx::Row;

use crate::StoreError;
use crate::store::{Store, on};

/// The last that was heard of a kiosk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heartbeat {
    /// The name of the kiosk's place.
    pub place: String,
    /// The version of its program.
    pub version: String,
    /// When it was heard of.
    pub seen: DateTime<Utc>,
}

impl Store {
    /// Keeps that a kiosk is there, in the place of what was heard of it before.
    pub async fn keep_heartbeat(&self, heartbeat: &Heartbeat) -> Result<(), StoreError> {
        on!(self, db => {
            let text = "INSERT INTO kiosk (place, version, seen_at) VALUES ($1, $2, $3) \
                        ON CONFLICT (place) DO UPDATE SET version = excluded.version, seen_at = excluded.seen_at";
            sqlx::query(text)
                .bind(&heartbeat.place)
                .bind(&heartbeat.version)
                .bind(heartbeat.seen.timestamp())
                .execute(db.write().await?.connection()?)
                .await?
                .rows_affected()
        });
        Ok(())
    }

    /// Lists the last that was heard of each kiosk, by place.
    pub async fn heartbeats(&self) -> Result<Vec<Heartbeat>, StoreError> {
        on!(self, db => {
            let rows = sqlx::query("SELECT place, version, seen_at FROM kiosk ORDER BY place")
                .fetch_all(&mut *db.read().await?)
                .await?;
            let heartbeats = rows.iter().map(|row| {
                let seen = DateTime::from_timestamp(row.try_get(2)?, 0).unwrap_or_default();
                Ok(Heartbeat { place: row.try_get(0)?, version: row.try_get(1)?, seen })
            });
            Ok(heartbeats.collect::<Result<_, sqlx::Error>>()?)
        })
    }
}
