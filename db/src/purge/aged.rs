//! Figures, sessions and forms of the desk that are old.

use chrono::{DateTime, Duration, Utc};

use crate::StoreError;
use crate::store::{Work, within};
use crate::{audit, form, mediator, visit};

/// Erases what was kept as long as its table keeps things.
pub(super) async fn purge(work: &mut Work, now: DateTime<Utc>) -> Result<(), StoreError> {
    let day = |kept: Duration| (now - kept).date_naive().to_string();
    for (text, before) in [
        ("DELETE FROM visit WHERE day < $1", day(visit::RETENTION)),
        ("DELETE FROM need WHERE week < $1", day(visit::RETENTION)),
        ("DELETE FROM tally WHERE day < $1", day(visit::RETENTION)),
        ("DELETE FROM unmet WHERE day < $1", day(visit::RETENTION)),
        ("DELETE FROM doubt WHERE day < $1", day(visit::RETENTION)),
        ("UPDATE need SET words = NULL WHERE words IS NOT NULL AND week < $1", day(visit::WORD_RETENTION)),
    ] {
        within!(&mut *work, connection => sqlx::query(text).bind(&before).execute(connection).await?.rows_affected());
    }
    for (text, before) in [
        ("DELETE FROM desk_session WHERE begun_at < $1", now - mediator::MAX_SESSION),
        ("DELETE FROM invitation WHERE until < $1", now - mediator::MAX_SESSION),
        ("DELETE FROM operator_request WHERE asked_at < $1", now - mediator::INVITED),
        ("DELETE FROM typed_form WHERE kept_at < $1", now - form::RETENTION),
        ("DELETE FROM taken_form WHERE taken_at < $1", now - form::RETENTION),
        ("DELETE FROM attempt WHERE free_at < $1", now),
        ("DELETE FROM audit WHERE at < $1", now - audit::RETENTION),
    ] {
        within!(&mut *work, connection => sqlx::query(text)
            .bind(before.timestamp())
            .execute(connection)
            .await?
            .rows_affected());
    }
    Ok(())
}
