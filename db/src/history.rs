//! Who changed what in the directory, and when.

use chrono::{DateTime, Duration, Utc};
use directory::code::Code;
use sqlx::Row;

use crate::StoreError;
use crate::store::{Store, Work, on, within};

/// In the place of a colleague's name: the entry's own number confirmed it, by text message.
pub(crate) const TEXTED: &str = "SMS";

/// The name of a colleague who has no account any more stays beside what they changed for this long.
pub const NAME_RETENTION: Duration = Duration::days(365);

/// A change of one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// When.
    pub at: DateTime<Utc>,
    /// Who, by the name of their account; `SMS` where the entry's own number did; empty for a colleague of before.
    pub mediator: String,
    /// What: a field of the record, or `verified`, `added`.
    pub field: String,
    /// What it said before.
    pub before: String,
    /// What it says now.
    pub after: String,
}

impl Store {
    /// Who changed what of a record, the last change first. Who has been gone for long has no name.
    pub async fn history(&self, code: Code) -> Result<Vec<Change>, StoreError> {
        on!(self, db => {
            let rows =
                sqlx::query("SELECT at, mediator, field, before, after FROM history WHERE code = $1 ORDER BY id DESC")
                    .bind(code.to_string())
                    .fetch_all(&mut *db.read().await?)
                    .await?;
            let changes = rows.iter().map(|row| {
                Ok(Change {
                    at: DateTime::from_timestamp(row.try_get(0)?, 0).unwrap_or_default(),
                    mediator: row.try_get(1)?,
                    field: row.try_get(2)?,
                    before: row.try_get(3)?,
                    after: row.try_get(4)?,
                })
            });
            Ok(changes.collect::<Result<_, sqlx::Error>>()?)
        })
    }
}

/// Writes the changes of an entry down.
pub(crate) async fn keep_history(work: &mut Work, code: Code, changes: &[Change]) -> Result<(), StoreError> {
    for change in changes {
        let id = work.next_number("changes").await?;
        within!(&mut *work, connection => {
            sqlx::query(
                "INSERT INTO history (id, code, at, mediator, field, before, after) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7)",
            )
            .bind(id)
            .bind(code.to_string())
            .bind(change.at.timestamp())
            .bind(&change.mediator)
            .bind(&change.field)
            .bind(&change.before)
            .bind(&change.after)
            .execute(connection)
            .await?
            .rows_affected()
        });
    }
    Ok(())
}

/// Takes the names of those who have no account any more off what they changed long ago: without a name it was a
/// colleague of before. Organisations that confirmed by text message are no colleagues.
pub(crate) async fn forget_colleagues(work: &mut Work, now: DateTime<Utc>) -> Result<(), StoreError> {
    within!(work, connection => {
        let text = "UPDATE history SET mediator = '' WHERE at < $1 AND mediator NOT IN ('', $2) \
                    AND mediator NOT IN (SELECT name FROM mediator)";
        sqlx::query(text)
            .bind((now - NAME_RETENTION).timestamp())
            .bind(TEXTED)
            .execute(connection)
            .await?
            .rows_affected()
    });
    Ok(())
}
