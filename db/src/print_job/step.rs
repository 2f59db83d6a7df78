//! What happens to jobs before one is claimed, within the transaction that claims.

use chrono::{DateTime, Utc};
use directory::printing::{GIVEN_UP, Left};

use super::LEASE;
use crate::StoreError;
use crate::store::{Work, within};

/// Ends claims of whoever died: all, or those that are over by now. A part of a slip was printed, at most; where it
/// was only to be cut, cutting again does no harm.
pub(super) async fn interrupt(work: &mut Work, printer: &str, now: Option<DateTime<Utc>>) -> Result<(), StoreError> {
    let (over, ahead) = now.map_or((i64::MAX, i64::MAX), |now| (now.timestamp(), (now + LEASE).timestamp()));
    within!(work, connection => {
        sqlx::query(
            "UPDATE print_job SET state = 'queued', claimed_until = 0, paper = \
             CASE WHEN paper = 'uncut' THEN 'uncut' ELSE 'half' END WHERE printer = $1 \
             AND state = 'printing' AND (claimed_until <= $2 OR claimed_until > $3)",
        )
        .bind(printer)
        .bind(over)
        .bind(ahead)
        .execute(connection)
        .await?;
    });
    Ok(())
}

/// Gives up what nobody printed in time, of all printers, and forgets what it was. A job from a moment to come was
/// asked for by a clock that was ahead.
pub(crate) async fn give_up(work: &mut Work, now: DateTime<Utc>) -> Result<u64, StoreError> {
    Ok(within!(work, connection => {
        sqlx::query(
            "UPDATE print_job SET state = 'spoiled', finished_at = $1, codes = '', languages = '', ticket = NULL, \
             paper = CASE WHEN state = 'printing' AND paper = 'nothing' THEN 'half' ELSE paper END \
             WHERE state IN ('queued', 'printing', 'waiting-for-paper') AND (asked_at <= $2 OR asked_at > $3) \
             AND (state <> 'printing' OR claimed_until <= $4)",
        )
        .bind(now.timestamp())
        .bind((now - GIVEN_UP).timestamp())
        .bind((now + GIVEN_UP).timestamp())
        .bind(now.timestamp())
        .execute(connection)
        .await?
        .rows_affected()
    }))
}

/// What jobs that were given up left on the paper passes to the next one. A whole slip that was not cut is none for
/// its visitor any more: it is marked and cut off like a half one.
pub(super) async fn inherit(work: &mut Work, id: i64, printer: &str) -> Result<Left, StoreError> {
    let passed = within!(work, connection => {
        sqlx::query(
            "UPDATE print_job SET paper = 'nothing' WHERE printer = $1 AND state = 'spoiled' \
             AND paper <> 'nothing'",
        )
        .bind(printer)
        .execute(connection)
        .await?
        .rows_affected()
    });
    if passed == 0 {
        return Ok(Left::Nothing);
    }
    within!(work, connection => sqlx::query("UPDATE print_job SET paper = 'half' WHERE id = $1")
        .bind(id)
        .execute(connection)
        .await?
        .rows_affected());
    Ok(Left::Half)
}
