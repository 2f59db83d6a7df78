//! Somebody at a kiosk asks for a person who is in the house: the desk's bell.

use chrono::{DateTime, Duration, Utc};
use sqlx::Row;

use crate::StoreError;
use crate::dialect::WorkKind;
use crate::store::{Store, on, within};

/// Who has waited longer has left or was seen; the hour at which somebody stood somewhere is nobody's business.
pub const KEPT: Duration = Duration::hours(1);

/// One ring of the bell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ring {
    /// Its own, by chance: it is heard once, however often it is carried.
    pub id: String,
    /// The name of the kiosk's place.
    pub place: String,
    /// When.
    pub at: DateTime<Utc>,
}

impl Store {
    /// Rings the bell; once, however often it is told. Who waits for call-backs hears it.
    pub async fn ring(&self, ring: &Ring) -> Result<(), StoreError> {
        let mut work = self.begin(WorkKind::Turns).await?;
        within!(&mut work, connection => {
            sqlx::query("INSERT INTO ring (id, place, rung_at) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING")
                .bind(&ring.id)
                .bind(&ring.place)
                .bind(ring.at.timestamp())
                .execute(connection)
                .await?
                .rows_affected()
        });
        if let Some(tell) = self.dialect().tell_call_back {
            within!(&mut work, connection => sqlx::query(tell).execute(connection).await?.rows_affected());
        }
        work.commit().await
    }

    /// Every ring that has not been [kept](KEPT) too long, the first one first.
    pub async fn rings(&self, now: DateTime<Utc>) -> Result<Vec<Ring>, StoreError> {
        on!(self, db => {
            let rows = sqlx::query("SELECT id, place, rung_at FROM ring WHERE rung_at > $1 ORDER BY rung_at, id").bind((now - KEPT).timestamp()).fetch_all(&mut *db.read().await?).await?;
            let rings = rows.iter().map(|row| Ok(Ring { id: row.try_get(0)?, place: row.try_get(1)?, at: DateTime::from_timestamp(row.try_get(2)?, 0).unwrap_or_default() }));
            Ok(rings.collect::<Result<_, sqlx::Error>>()?)
        })
    }

    /// Forgets a ring.
    pub async fn unring(&self, id: &str) -> Result<(), StoreError> {
        on!(self, db => sqlx::query("DELETE FROM ring WHERE id = $1").bind(id).execute(db.write().await?.connection()?).await?.rows_affected());
        Ok(())
    }
}
