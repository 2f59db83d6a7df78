//! Claims on deliveries: taken for a while, and worth nothing once somebody else has taken one on the same.

use std::fmt;

use chrono::{DateTime, Duration, Utc};
use sqlx::{AssertSqlSafe, Row};

use super::{State, Way};
use crate::StoreError;
use crate::dialect::WorkKind;
use crate::person::{Person, Sealed};
use crate::store::{Store, on, within};

/// Whoever claims a delivery has this long to send it: longer than a carrier is waited for.
pub const LEASE: Duration = Duration::seconds(30);

/// The priority of what is for somebody in danger.
pub(super) const URGENT: i64 = -1;

/// The priority of what nobody asked for just now.
pub(super) const LAST: i64 = 2;

/// A delivery that is claimed.
#[derive(Clone, PartialEq, Eq)]
pub struct Claimed {
    /// Its number in the queue.
    pub id: i64,
    /// To whom.
    pub person: Person,
    /// Their number or chat, sealed.
    pub recipient: Sealed,
    /// What is sent.
    pub body: String,
    /// See [`Delivery::is_push`](super::Delivery::is_push).
    pub is_push: bool,
    /// See [`Delivery::leaves_no_trace`](super::Delivery::leaves_no_trace).
    pub leaves_no_trace: bool,
    /// Attempts, this one included: no two claims of a delivery have the same number.
    pub attempts: i64,
    /// Times that nobody knew whether it was sent.
    pub unknowns: i64,
}

impl fmt::Debug for Claimed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Claimed")
            .field("id", &self.id)
            .field("attempts", &self.attempts)
            .finish_non_exhaustive()
    }
}

/// What became of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The carrier took it.
    Sent,
    /// To be tried again then.
    Again(DateTime<Utc>),
    /// Perhaps sent. An answer is tried again then, once; a push is over.
    Unknown(DateTime<Utc>),
    /// It cannot be sent.
    Failed,
    /// The recipient wants nothing sent.
    Stopped,
}

impl Store {
    /// Claims the next delivery of that way, for [`LEASE`]: answers before pushes, what has been due longest first, of
    /// each person the first one. One at a time: a program that dies leaves as many of which nobody knows whether they
    /// were sent as it was sending. What was claimed by a program that is gone is free again, or given up where it is a
    /// push; what is too late is given up. A claim that lasts longer than one can was made by a clock that was ahead.
    /// The clock is read behind the lock: a lease that ran while we waited could be over before anything is sent.
    pub async fn claim_delivery(
        &self,
        way: Way,
        clock: impl Fn() -> DateTime<Utc> + Send,
    ) -> Result<Option<Claimed>, StoreError> {
        self.claim(way, LAST, clock).await
    }

    /// As [`Store::claim_delivery`], only of those that go out while sending is stopped.
    pub async fn claim_urgent_delivery(
        &self,
        way: Way,
        clock: impl Fn() -> DateTime<Utc> + Send,
    ) -> Result<Option<Claimed>, StoreError> {
        self.claim(way, URGENT, clock).await
    }

    async fn claim(
        &self,
        way: Way,
        last: i64,
        clock: impl Fn() -> DateTime<Utc> + Send,
    ) -> Result<Option<Claimed>, StoreError> {
        let mut work = self.begin(WorkKind::Turns).await?;
        let now = clock();
        let (begins, ends) = (now.timestamp(), (now + LEASE).timestamp());
        // What is over loses number, text and hour in the statement that ends it.
        for left in [
            "UPDATE outbox SET state = 'waiting', unknowns = unknowns + 1 \
             WHERE kind = $1 AND is_push = 0 AND state = 'claimed' AND (claimed_until <= $2 OR claimed_until > $3)",
            "UPDATE outbox SET state = 'unknown', unknowns = unknowns + 1, recipient = NULL, body = '', due_at = 0, \
             claimed_until = 0, expires_at = 0, made_at = made_at - made_at % 86400 \
             WHERE kind = $1 AND is_push = 1 AND state = 'claimed' AND (claimed_until <= $2 OR claimed_until > $3)",
        ] {
            within!(&mut work, connection => {
                sqlx::query(left).bind(way.id()).bind(begins).bind(ends).execute(connection).await?;
            });
        }
        for late in [
            "DELETE FROM outbox WHERE kind = $1 AND state = 'waiting' AND expires_at <= $2 AND leaves_no_trace = 1",
            "UPDATE outbox SET state = 'expired', recipient = NULL, body = '', due_at = 0, \
             claimed_until = 0, expires_at = 0, made_at = made_at - made_at % 86400 WHERE kind = $1 \
             AND state = 'waiting' AND expires_at <= $2",
        ] {
            within!(&mut work, connection => {
                sqlx::query(late).bind(way.id()).bind(begins).execute(connection).await?;
            });
        }
        within!(&mut work, connection => {
            sqlx::query(
                "UPDATE outbox SET state = 'stopped', recipient = NULL, body = '', due_at = 0, \
                 claimed_until = 0, expires_at = 0, made_at = made_at - made_at % 86400 WHERE kind = $1 \
                 AND state = 'waiting' AND is_push = 1 AND (person IN (SELECT person FROM opt_out) \
                 OR person NOT IN (SELECT person FROM opt_in))",
            )
            .bind(way.id())
            .execute(connection)
            .await?;
        });
        // The sign keeps SQLite from sorting all that is due: the other index has it in this order.
        let text = format!(
            "UPDATE outbox SET state = 'claimed', claimed_until = $1, attempts = attempts + 1 \
             WHERE id IN (SELECT id FROM outbox due WHERE kind = $2 AND state = 'waiting' AND +due_at <= $3 \
             AND priority <= $4 AND (priority < 0 OR NOT EXISTS (SELECT 1 FROM outbox before \
             WHERE before.person = due.person AND before.kind = due.kind AND before.id < due.id \
             AND before.state IN ('waiting', 'claimed'))) ORDER BY priority, due_at, id \
             LIMIT 1{skip_locked}) RETURNING id, person, recipient, body, is_push, leaves_no_trace, \
             attempts, unknowns",
            skip_locked = self.dialect().skip_locked
        );
        let claimed: Vec<Claimed> = within!(&mut work, connection => {
            let query = sqlx::query(AssertSqlSafe(text)).bind(ends).bind(way.id()).bind(begins).bind(last);
            query
                .fetch_all(connection)
                .await?
                .iter()
                .map(|row| {
                    Ok(Claimed {
                        id: row.try_get(0)?,
                        person: Person::from_column(row.try_get(1)?)?,
                        recipient: Sealed::new(row.try_get(2)?),
                        body: row.try_get(3)?,
                        is_push: row.try_get::<i64, _>(4)? != 0,
                        leaves_no_trace: row.try_get::<i64, _>(5)? != 0,
                        attempts: row.try_get(6)?,
                        unknowns: row.try_get(7)?,
                    })
                })
                .collect::<Result<_, sqlx::Error>>()?
        });
        work.commit().await?;
        Ok(claimed.into_iter().next())
    }

    /// When the first of that way can be sent, or the claim on one runs out; nothing where nothing waits or is being
    /// sent: an idle program writes nothing. What waits behind another of its person cannot be sent yet.
    pub async fn next_delivery(&self, way: Way) -> Result<Option<DateTime<Utc>>, StoreError> {
        let due: Option<i64> = on!(self, db => {
            sqlx::query(
                "SELECT min(due) FROM (SELECT * FROM (SELECT due_at AS due FROM outbox head WHERE kind = $1 \
                 AND state = 'waiting' AND (priority < 0 OR NOT EXISTS (SELECT 1 FROM outbox before \
                 WHERE before.person = head.person AND before.kind = head.kind AND before.id < head.id \
                 AND before.state IN ('waiting', 'claimed'))) ORDER BY due_at LIMIT 1) waits UNION ALL \
                 SELECT min(claimed_until) FROM outbox WHERE kind = $2 AND state = 'claimed') soonest",
            )
            .bind(way.id())
            .bind(way.id())
            .fetch_one(&mut *db.read().await?)
            .await?
            .try_get(0)?
        });
        Ok(due.and_then(|due| DateTime::from_timestamp(due, 0)))
    }

    /// Marks what became of a claimed delivery. Number, chat, text and hour leave with its end; all of it where it
    /// leaves no trace. False where the claim is no longer ours: its lease ran out, and somebody else has it.
    pub async fn mark_delivery(&self, claimed: &Claimed, outcome: &Outcome) -> Result<bool, StoreError> {
        let (state, due, unknown) = match outcome {
            Outcome::Sent => (State::Sent, None, 0),
            Outcome::Again(due) => (State::Waiting, Some(due), 0),
            Outcome::Unknown(_) if claimed.is_push || claimed.unknowns > 0 => (State::Unknown, None, 1),
            Outcome::Unknown(due) => (State::Waiting, Some(due), 1),
            Outcome::Failed => (State::Failed, None, 0),
            Outcome::Stopped => (State::Stopped, None, 0),
        };
        let marked = on!(self, db => {
            let query = match due {
                Some(due) => sqlx::query(
                    "UPDATE outbox SET state = $1, due_at = $2, unknowns = unknowns + $3 \
                     WHERE id = $4 AND state = 'claimed' AND attempts = $5",
                )
                .bind(state.id())
                .bind(due.timestamp())
                .bind(unknown),
                None if claimed.leaves_no_trace => {
                    sqlx::query("DELETE FROM outbox WHERE id = $1 AND state = 'claimed' AND attempts = $2")
                }
                None => sqlx::query(
                    "UPDATE outbox SET state = $1, unknowns = unknowns + $2, recipient = NULL, body = '', due_at = 0, \
                     claimed_until = 0, expires_at = 0, made_at = made_at - made_at % 86400 \
                     WHERE id = $3 AND state = 'claimed' AND attempts = $4",
                )
                .bind(state.id())
                .bind(unknown),
            };
            query
                .bind(claimed.id)
                .bind(claimed.attempts)
                .execute(db.write().await?.connection()?)
                .await?
                .rows_affected()
        });
        Ok(marked > 0)
    }
}
