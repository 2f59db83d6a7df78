//! Somebody at a kiosk asks for a person who is in the house.

use chrono::{DateTime, Duration, Utc};
use sqlx::Row;

use crate::StoreError;
use crate::dialect::WorkKind;
use crate::store::{Store, on, within};

/// Who has waited longer has left or was seen; the hour at which somebody stood somewhere is nobody's business.
pub const RETENTION: Duration = Duration::hours(1);

/// A call for assistance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssistanceCall {
    /// Its own, by chance: it is raised once, however often it is brought.
    pub id: String,
    /// The name of the kiosk's place.
    pub place: String,
    /// When.
    pub at: DateTime<Utc>,
}

impl Store {
    /// Raises a call for assistance, once for its id, and tells whoever waits for call-backs.
    pub async fn raise_assistance(&self, call: &AssistanceCall) -> Result<(), StoreError> {
        let mut work = self.begin(WorkKind::Turns).await?;
        within!(&mut work, connection => {
            sqlx::query("INSERT INTO ring (id, place, rung_at) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING")
                .bind(&call.id)
                .bind(&call.place)
                .bind(call.at.timestamp())
                .execute(connection)
                .await?
                .rows_affected()
        });
        if let Some(tell) = self.dialect().tell_call_back {
            within!(&mut work, connection => sqlx::query(tell).execute(connection).await?.rows_affected());
        }
        work.commit().await
    }

    /// Lists the calls for assistance of the last [`RETENTION`] that nobody acknowledged, the first one first.
    pub async fn assistance_calls(&self, now: DateTime<Utc>) -> Result<Vec<AssistanceCall>, StoreError> {
        on!(self, db => {
            let rows = sqlx::query("SELECT id, place, rung_at FROM ring WHERE rung_at > $1 ORDER BY rung_at, id")
                .bind((now - RETENTION).timestamp())
                .fetch_all(&mut *db.read().await?)
                .await?;
            let calls = rows.iter().map(|row| {
                let at = DateTime::from_timestamp(row.try_get(2)?, 0).unwrap_or_default();
                Ok(AssistanceCall { id: row.try_get(0)?, place: row.try_get(1)?, at })
            });
            Ok(calls.collect::<Result<_, sqlx::Error>>()?)
        })
    }

    /// Acknowledges a call for assistance: it is forgotten.
    pub async fn acknowledge_assistance(&self, id: &str) -> Result<(), StoreError> {
        on!(self, db => sqlx::query("DELETE FROM ring WHERE id = $1")
            .bind(id)
            .execute(db.write().await?.connection()?)
            .await?
            .rows_affected());
        Ok(())
    }
}
