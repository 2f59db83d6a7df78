//! Numbers to be called back, from a kiosk to the gateway.
//!
//! A kiosk stands where everybody can take it away: it holds no key that opens anything. It closes each number with
//! the public key that the gateway keeps in the database while its desk calls people back.

use chrono::{DateTime, Utc};
use directory::theme::Theme;
use sqlx::Row;

use crate::StoreError;
use crate::dialect::WorkKind;
use crate::person::Sealed;
use crate::store::{Store, on, within};

/// A public key with which requests are sealed: 32 bytes on Curve25519.
pub type SealingKey = [u8; 32];

/// A number to be called back, sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedRequest {
    /// Its own, by chance: it is taken once, however often it is read.
    pub id: String,
    /// The number, sealed with the [`SealingKey`].
    pub sealed: Sealed,
    /// The code of the language to call in (ISO 639-1).
    pub language: String,
    /// What they looked for last, unless that is nobody's business.
    pub theme: Option<Theme>,
    /// Where they looked for it.
    pub postal_code: Option<String>,
    /// When they asked.
    pub written: DateTime<Utc>,
}

impl Store {
    /// Tells kiosks with which key to seal requests; `None` where nobody is called back.
    pub async fn set_sealing_key(&self, key: Option<&SealingKey>) -> Result<(), StoreError> {
        if self.sealing_key().await?.as_ref() == key {
            return Ok(());
        }
        let mut work = self.begin(WorkKind::Turns).await?;
        within!(&mut work, connection => sqlx::query("DELETE FROM letter_box")
            .execute(connection)
            .await?
            .rows_affected());
        if let Some(key) = key {
            within!(&mut work, connection => sqlx::query("INSERT INTO letter_box (key) VALUES ($1)")
                .bind(key.as_slice())
                .execute(connection)
                .await?
                .rows_affected());
        }
        work.commit().await
    }

    /// Reads with which key to seal requests; `None` where nobody is called back.
    pub async fn sealing_key(&self) -> Result<Option<SealingKey>, StoreError> {
        let key: Option<Vec<u8>> = on!(self, db => {
            let row = sqlx::query("SELECT key FROM letter_box").fetch_optional(&mut *db.read().await?).await?;
            row.map(|row| row.try_get(0)).transpose()?
        });
        Ok(key.and_then(|key| key.try_into().ok()))
    }

    /// Keeps a sealed request; once for its id.
    pub async fn keep_sealed_request(&self, request: &SealedRequest) -> Result<(), StoreError> {
        on!(self, db => {
            sqlx::query(
                "INSERT INTO letter (id, sealed, language, theme, postal_code, written_at) \
                 VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO NOTHING",
            )
            .bind(&request.id)
            .bind(request.sealed.as_bytes())
            .bind(&request.language)
            .bind(request.theme.map(Theme::id))
            .bind(&request.postal_code)
            .bind(request.written.timestamp())
            .execute(db.write().await?.connection()?)
            .await?;
        });
        Ok(())
    }

    /// Lists all sealed requests, the oldest first.
    pub async fn sealed_requests(&self) -> Result<Vec<SealedRequest>, StoreError> {
        on!(self, db => {
            let rows = sqlx::query(
                "SELECT id, sealed, language, theme, postal_code, written_at FROM letter \
                 ORDER BY written_at, id",
            )
            .fetch_all(&mut *db.read().await?)
            .await?;
            let requests = rows.iter().map(|row| {
                let theme: Option<String> = row.try_get(3)?;
                Ok(SealedRequest {
                    id: row.try_get(0)?,
                    sealed: Sealed::new(row.try_get(1)?),
                    language: row.try_get(2)?,
                    theme: theme.and_then(|theme| Theme::from_id(&theme)),
                    postal_code: row.try_get(4)?,
                    written: DateTime::from_timestamp(row.try_get(5)?, 0).unwrap_or_default(),
                })
            });
            Ok(requests.collect::<Result<_, sqlx::Error>>()?)
        })
    }

    /// Deletes a sealed request, and overwrites its bytes.
    pub async fn delete_sealed_request(&self, id: &str) -> Result<(), StoreError> {
        on!(self, db => sqlx::query("DELETE FROM letter WHERE id = $1")
            .bind(id)
            .execute(db.write().await?.connection()?)
            .await?
            .rows_affected());
        self.empty_log().await
    }
}
