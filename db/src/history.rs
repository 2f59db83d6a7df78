//! Who changed what in the directory, and when.

use chrono::{DateTime, Utc};
use directory::code::Code;

use crate::StoreError;
use crate::store::{Work, within};

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

/// Writes the changes of an entry down.
pub(crate) async fn keep_history(work: &mut Work, code: Code, changes: &[Change]) -> Result<(), StoreError> {
    for change in changes {
        let id = work.next_number("changes").await?;
        within!(&mut *work, connection => {
            sqlx::query("INSERT INTO history (id, code, at, mediator, field, before, after) VALUES ($1, $2, $3, $4, $5, $6, $7)")
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
