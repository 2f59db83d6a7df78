//! Forms of the desk: what was typed and could not be taken yet, sealed for its account, and which forms were taken, so
//! that a second click does nothing twice.

use std::cmp::Reverse;

use chrono::{DateTime, Duration, Utc};
use sqlx::Row;

use crate::StoreError;
use crate::dialect::WorkKind;
use crate::person::Sealed;
use crate::store::{Store, Work, on, within};

/// Both are kept this long: as long as the longest session.
pub const RETENTION: Duration = crate::mediator::MAX_SESSION;

/// Typed forms kept of one account.
const MAX_TYPED: i64 = 8;

/// What stands for one form that was sent.
pub type FormKey = [u8; 32];

/// What is known of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    /// It is new, and taken from now on.
    Now,
    /// It was taken before, and its answer led there.
    Before(String),
    /// It was taken before, and nobody knows what came of it: the program was stopped.
    Unknown,
}

impl Store {
    /// Keeps what somebody typed into the form of a page, in the place of what they typed there before. What is more
    /// than a few pages is not kept.
    pub async fn keep_typed(
        &self,
        mediator: i64,
        page: &str,
        fields: &Sealed,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut work = self.begin(WorkKind::Turns).await?;
        forget_typed(&mut work, mediator, page).await?;
        within!(&mut work, connection => {
            sqlx::query(
                "INSERT INTO typed_form (mediator, page, fields, kept_at) SELECT m.id, $1, $2, $3 FROM mediator m \
                 WHERE m.id = $4 AND (SELECT count(*) FROM typed_form t WHERE t.mediator = m.id) < $5",
            )
            .bind(page)
            .bind(fields.as_bytes())
            .bind(now.timestamp())
            .bind(mediator)
            .bind(MAX_TYPED)
            .execute(connection)
            .await?
            .rows_affected()
        });
        work.commit().await
    }

    /// The pages into whose forms that account typed something that was not taken yet, the newest first.
    pub async fn typed_pages(&self, mediator: i64, now: DateTime<Utc>) -> Result<Vec<String>, StoreError> {
        on!(self, db => {
            let rows = sqlx::query("SELECT page, kept_at FROM typed_form WHERE mediator = $1 AND kept_at > $2")
                .bind(mediator)
                .bind((now - RETENTION).timestamp())
                .fetch_all(&mut *db.read().await?)
                .await?;
            let mut pages: Vec<(Reverse<i64>, String)> = rows
                .iter()
                .map(|row| Ok((Reverse(row.try_get(1)?), row.try_get(0)?)))
                .collect::<Result<_, sqlx::Error>>()?;
            pages.sort_unstable();
            Ok(pages.into_iter().map(|(_, page)| page).collect())
        })
    }

    /// What that account typed into the form of a page.
    pub async fn typed(&self, mediator: i64, page: &str, now: DateTime<Utc>) -> Result<Option<Sealed>, StoreError> {
        on!(self, db => {
            let row = sqlx::query("SELECT fields FROM typed_form WHERE mediator = $1 AND page = $2 AND kept_at > $3")
                .bind(mediator)
                .bind(page)
                .bind((now - RETENTION).timestamp())
                .fetch_optional(&mut *db.read().await?)
                .await?;
            Ok(row.map(|row| row.try_get(0)).transpose()?.map(Sealed::new))
        })
    }

    /// Takes a form, once.
    pub async fn take_form(&self, key: &FormKey, now: DateTime<Utc>) -> Result<Taken, StoreError> {
        on!(self, db => {
            let new =
                sqlx::query("INSERT INTO taken_form (key, taken_at) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING")
                    .bind(key.as_slice())
                    .bind(now.timestamp())
                    .execute(db.write().await?.connection()?)
                    .await?
                    .rows_affected();
            if new > 0 {
                return Ok(Taken::Now);
            }
            let row = sqlx::query("SELECT leads_to FROM taken_form WHERE key = $1")
                .bind(key.as_slice())
                .fetch_optional(&mut *db.read().await?)
                .await?;
            let leads_to: Option<String> = row.map(|row| row.try_get(0)).transpose()?.flatten();
            Ok(leads_to.map_or(Taken::Unknown, Taken::Before))
        })
    }

    /// Keeps where the answer to a form led; what was typed into that page is not needed any more.
    pub async fn form_led_to(
        &self,
        key: &FormKey,
        leads_to: &str,
        typed: Option<(i64, &str)>,
    ) -> Result<(), StoreError> {
        let mut work = self.begin(WorkKind::Turns).await?;
        within!(&mut work, connection => {
            sqlx::query("UPDATE taken_form SET leads_to = $1 WHERE key = $2")
                .bind(leads_to)
                .bind(key.as_slice())
                .execute(connection)
                .await?
                .rows_affected()
        });
        if let Some((mediator, page)) = typed {
            forget_typed(&mut work, mediator, page).await?;
        }
        work.commit().await
    }

    /// Gives a form back: nothing came of it, and it may be sent again.
    pub async fn give_form_back(&self, key: &FormKey) -> Result<(), StoreError> {
        on!(self, db => {
            sqlx::query("DELETE FROM taken_form WHERE key = $1")
                .bind(key.as_slice())
                .execute(db.write().await?.connection()?)
                .await?
                .rows_affected()
        });
        Ok(())
    }
}

/// Forgets what an account typed on a page.
async fn forget_typed(work: &mut Work, mediator: i64, page: &str) -> Result<(), StoreError> {
    within!(work, connection => {
        sqlx::query("DELETE FROM typed_form WHERE mediator = $1 AND page = $2")
            .bind(mediator)
            .bind(page)
            .execute(connection)
            .await?
            .rows_affected()
    });
    Ok(())
}
