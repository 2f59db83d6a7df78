//! What is to be sent: queued in the transaction that keeps its turn, claimed for a while, marked when the carrier took it.
//!
//! A program that dies between the carrier's yes and the mark leaves a claim that runs out: whether it was sent is not
//! known then. An answer is sent again, because a person waits for it; a push is not. Within a kind, one person's
//! deliveries go out in their order.

use std::fmt;

use chrono::{DateTime, Duration, Utc};
use directory::closed_list;
use sqlx::{AssertSqlSafe, Row};

use crate::StoreError;
use crate::person::{Person, Sealed};
use crate::statement::without_nul;
use crate::store::{Kind as Writing, Store, Work, on, within};

/// Whoever claims a delivery has this long to send it: longer than a carrier is waited for.
pub const LEASE: Duration = Duration::seconds(30);

/// What is known of a delivery that is over stays this long: a late report finds it, and nothing is queued twice.
pub const KEPT: Duration = Duration::days(7);

closed_list! {
    /// By what way it goes out.
    Way {
        /// A text message.
        Sms = "sms",
        /// A call that we make.
        Call = "call",
        /// A message in a chat.
        Chat = "chat",
    }
}

closed_list! {
    /// How far it has come.
    State {
        /// To be sent.
        Waiting = "waiting",
        /// Somebody is sending it.
        Claimed = "claimed",
        /// The carrier took it.
        Sent = "sent",
        /// It has arrived.
        Delivered = "delivered",
        /// The carrier, or the phone, will not have it.
        Failed = "failed",
        /// Nobody knows whether the carrier took it: a push is not sent again.
        Unknown = "unknown",
        /// Its time was over before it could be sent.
        Expired = "expired",
        /// The recipient wants nothing sent.
        Stopped = "stopped",
    }
}

/// Something to send; prints nothing of whom and what.
#[derive(Clone, PartialEq, Eq)]
pub struct Delivery {
    /// What it is, by its channel and the message it answers: queued once, however often it is asked for.
    pub key: String,
    /// By what way.
    pub way: Way,
    /// To whom: their deliveries go out in order.
    pub person: Person,
    /// Their number or chat, sealed.
    pub recipient: Sealed,
    /// What is sent.
    pub body: String,
    /// They did not ask for it just now: sent only to who opted in, and never twice.
    pub is_push: bool,
    /// It is for somebody in danger: it goes before all others, and even while sending is stopped.
    pub is_urgent: bool,
    /// Not before.
    pub due: DateTime<Utc>,
    /// Not after.
    pub expires: DateTime<Utc>,
}

impl fmt::Debug for Delivery {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Delivery").field("way", &self.way).field("is_push", &self.is_push).finish_non_exhaustive()
    }
}

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
    /// See [`Delivery::is_push`].
    pub is_push: bool,
    /// Attempts, this one included.
    pub attempts: i64,
    /// Times that nobody knew whether it was sent.
    pub unknowns: i64,
}

impl fmt::Debug for Claimed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Claimed").field("id", &self.id).field("attempts", &self.attempts).finish_non_exhaustive()
    }
}

/// What became of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The carrier took it, under this name where it said one.
    Sent(Option<String>),
    /// To be tried again then.
    Again(DateTime<Utc>),
    /// Perhaps sent. An answer is tried again then, once; a push is over.
    Unknown(DateTime<Utc>),
    /// It cannot be sent.
    Failed,
    /// The recipient wants nothing sent.
    Stopped,
}

/// Queues deliveries; one whose key is there already is the same one.
pub(crate) async fn write(work: &mut Work, deliveries: &[&Delivery]) -> Result<(), StoreError> {
    for delivery in deliveries {
        within!(&mut *work, connection => {
            sqlx::query(
                "INSERT INTO outbox (id, key, kind, person, recipient, body, is_push, state, attempts, unknowns, due_at, claimed_until, made_at, expires_at, \
                 is_urgent) \
                 SELECT coalesce(max(id), 0) + 1, $1, $2, $3, $4, $5, $6, $7, 0, 0, $8, 0, $9, $10, $11 FROM outbox WHERE true ON CONFLICT (key) DO NOTHING",
            )
            .bind(&delivery.key)
            .bind(delivery.way.id())
            .bind(delivery.person.as_bytes())
            .bind(delivery.recipient.as_bytes())
            .bind(without_nul(&delivery.body))
            .bind(i64::from(delivery.is_push))
            .bind(State::Waiting.id())
            .bind(delivery.due.timestamp())
            .bind(delivery.due.timestamp())
            .bind(delivery.expires.timestamp())
            .bind(i64::from(delivery.is_urgent))
            .execute(connection)
            .await?;
        });
    }
    Ok(())
}

impl Store {
    /// Queues something that belongs to no turn.
    pub async fn queue(&self, delivery: &Delivery) -> Result<(), StoreError> {
        let mut work = self.begin(Writing::Turns).await?;
        write(&mut work, &[delivery]).await?;
        work.commit().await
    }

    /// Claims the delivery of that way that has been due longest, for [`LEASE`]; of each person the first one. One at a
    /// time: a program that dies leaves one of which nobody knows whether it was sent. What was claimed by a program that
    /// is gone is free again, or given up where it is a push; what is too late is given up. A claim that lasts longer
    /// than one can was made by a clock that was ahead.
    pub async fn claim_delivery(&self, way: Way, now: DateTime<Utc>) -> Result<Option<Claimed>, StoreError> {
        self.claim(way, now, false).await
    }

    /// As [`Store::claim_delivery`], only of those that go out while sending is stopped.
    pub async fn claim_urgent_delivery(&self, way: Way, now: DateTime<Utc>) -> Result<Option<Claimed>, StoreError> {
        self.claim(way, now, true).await
    }

    async fn claim(&self, way: Way, now: DateTime<Utc>, only_urgent: bool) -> Result<Option<Claimed>, StoreError> {
        let mut work = self.begin(Writing::Turns).await?;
        // What is over loses number and text in the statement that ends it.
        for left in [
            "UPDATE outbox SET state = 'waiting', unknowns = unknowns + 1 WHERE kind = $1 AND is_push = 0 AND state = 'claimed' AND (claimed_until <= $2 OR claimed_until > $3)",
            "UPDATE outbox SET state = 'unknown', unknowns = unknowns + 1, recipient = NULL, body = '' WHERE kind = $1 AND is_push = 1 AND state = 'claimed' AND (claimed_until <= $2 OR claimed_until > $3)",
        ] {
            within!(&mut work, connection => {
                sqlx::query(left).bind(way.id()).bind(now.timestamp()).bind((now + LEASE).timestamp()).execute(connection).await?;
            });
        }
        within!(&mut work, connection => {
            sqlx::query("UPDATE outbox SET state = $1, recipient = NULL, body = '' WHERE kind = $2 AND state = $3 AND expires_at <= $4")
                .bind(State::Expired.id())
                .bind(way.id())
                .bind(State::Waiting.id())
                .bind(now.timestamp())
                .execute(connection)
                .await?;
        });
        within!(&mut work, connection => {
            sqlx::query("UPDATE outbox SET state = $1, recipient = NULL, body = '' WHERE kind = $2 AND state = $3 AND is_push = 1 AND (person IN (SELECT person FROM opt_out) OR person NOT IN (SELECT person FROM opt_in))")
                .bind(State::Stopped.id())
                .bind(way.id())
                .bind(State::Waiting.id())
                .execute(connection)
                .await?;
        });
        let text = format!(
            "UPDATE outbox SET state = 'claimed', claimed_until = $1, attempts = attempts + 1 WHERE id IN (SELECT id FROM outbox due \
             WHERE kind = $2 AND state = 'waiting' AND due_at <= $3 AND is_urgent >= $4 AND (is_urgent = 1 OR NOT EXISTS (SELECT 1 FROM outbox before \
             WHERE before.person = due.person AND before.kind = due.kind AND before.id < due.id AND before.state IN ('waiting', 'claimed'))) \
             ORDER BY is_urgent DESC, due_at, id LIMIT 1{skip_locked}) \
             RETURNING id, person, recipient, body, is_push, attempts, unknowns",
            skip_locked = self.dialect().skip_locked
        );
        let claimed: Vec<Claimed> = within!(&mut work, connection => {
            let rows = sqlx::query(AssertSqlSafe(text)).bind((now + LEASE).timestamp()).bind(way.id()).bind(now.timestamp()).bind(i64::from(only_urgent)).fetch_all(connection).await?;
            rows.iter()
                .map(|row| {
                    Ok(Claimed {
                        id: row.try_get(0)?,
                        person: Person::from_column(row.try_get(1)?)?,
                        recipient: Sealed::new(row.try_get(2)?),
                        body: row.try_get(3)?,
                        is_push: row.try_get::<i64, _>(4)? != 0,
                        attempts: row.try_get(5)?,
                        unknowns: row.try_get(6)?,
                    })
                })
                .collect::<Result<_, sqlx::Error>>()?
        });
        work.commit().await?;
        Ok(claimed.into_iter().next())
    }

    /// When the first of that way is due, or the claim on it runs out; nothing where nothing waits or is being sent: an
    /// idle program writes nothing.
    pub async fn next_delivery(&self, way: Way) -> Result<Option<DateTime<Utc>>, StoreError> {
        let due: Option<i64> = on!(self, db => {
            sqlx::query("SELECT min(due) FROM (SELECT min(due_at) AS due FROM outbox WHERE kind = $1 AND state = 'waiting' UNION ALL SELECT min(claimed_until) FROM outbox WHERE kind = $2 AND state = 'claimed') soonest")
                .bind(way.id())
                .bind(way.id())
                .fetch_one(&mut *db.read().await?)
                .await?
                .try_get(0)?
        });
        Ok(due.and_then(|due| DateTime::from_timestamp(due, 0)))
    }

    /// Marks what became of a claimed delivery. Number, chat and text leave with its end.
    pub async fn mark_delivery(&self, claimed: &Claimed, outcome: &Outcome) -> Result<(), StoreError> {
        let (state, due, reference, unknown) = match outcome {
            Outcome::Sent(reference) => (State::Sent, None, reference.as_deref(), 0),
            Outcome::Again(due) => (State::Waiting, Some(due), None, 0),
            Outcome::Unknown(_) if claimed.is_push || claimed.unknowns > 0 => (State::Unknown, None, None, 1),
            Outcome::Unknown(due) => (State::Waiting, Some(due), None, 1),
            Outcome::Failed => (State::Failed, None, None, 0),
            Outcome::Stopped => (State::Stopped, None, None, 0),
        };
        match due {
            Some(due) => on!(self, db => {
                sqlx::query("UPDATE outbox SET state = $1, due_at = $2, unknowns = unknowns + $3 WHERE id = $4 AND state = 'claimed'")
                    .bind(state.id())
                    .bind(due.timestamp())
                    .bind(unknown)
                    .bind(claimed.id)
                    .execute(db.write().await?.connection()?)
                    .await?;
            }),
            None => on!(self, db => {
                sqlx::query("UPDATE outbox SET state = $1, reference = $2, unknowns = unknowns + $3, recipient = NULL, body = '' WHERE id = $4 AND state = 'claimed'")
                    .bind(state.id())
                    .bind(reference)
                    .bind(unknown)
                    .bind(claimed.id)
                    .execute(db.write().await?.connection()?)
                    .await?;
            }),
        }
        Ok(())
    }

    /// Takes a carrier's report on the delivery with that number: whether it has arrived. What has arrived, or cannot,
    /// stays so whatever comes later: reports overtake each other, and the mark. One of which nobody knew whether it was
    /// sent is not sent again. False where nothing changes.
    pub async fn report_delivery(&self, id: i64, arrived: bool) -> Result<bool, StoreError> {
        let state = if arrived { State::Delivered } else { State::Failed };
        let changed = on!(self, db => {
            sqlx::query("UPDATE outbox SET state = $1, recipient = NULL, body = '' WHERE id = $2 AND (state IN ('claimed', 'sent', 'unknown') OR (state = 'waiting' AND unknowns > 0))")
                .bind(state.id())
                .bind(id)
                .execute(db.write().await?.connection()?)
                .await?
                .rows_affected()
        });
        Ok(changed > 0)
    }

    /// Gives up all that waits for this person, forgets their calls and that they asked to be written to: who blocks us
    /// wants nothing of us. How many deliveries were given up.
    pub async fn forget_person(&self, person: &Person) -> Result<u64, StoreError> {
        let mut work = self.begin(Writing::Turns).await?;
        let stopped = within!(&mut work, connection => {
            sqlx::query("UPDATE outbox SET state = 'stopped', recipient = NULL, body = '' WHERE person = $1 AND state IN ('waiting', 'claimed')")
                .bind(person.as_bytes())
                .execute(connection)
                .await?
                .rows_affected()
        });
        for statement in ["DELETE FROM call_back WHERE person = $1", "DELETE FROM opt_in WHERE person = $1"] {
            within!(&mut work, connection => sqlx::query(statement).bind(person.as_bytes()).execute(connection).await?.rows_affected());
        }
        work.commit().await?;
        Ok(stopped)
    }

    /// How many deliveries are in each state.
    pub async fn count_deliveries(&self) -> Result<Vec<(State, i64)>, StoreError> {
        let rows: Vec<(String, i64)> = on!(self, db => {
            let rows = sqlx::query("SELECT state, count(*) FROM outbox GROUP BY state ORDER BY state").fetch_all(&mut *db.read().await?).await?;
            rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect::<Result<_, sqlx::Error>>()?
        });
        Ok(rows.into_iter().filter_map(|(state, count)| Some((State::from_id(&state)?, count))).collect())
    }
}
