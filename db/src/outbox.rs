//! What is to be sent: queued in the transaction that keeps its turn, claimed for a while, marked when the carrier took
//! it.
//!
//! A program that dies between the carrier's yes and the mark leaves a claim that runs out: whether it was sent is not
//! known then. An answer is sent again, because a person waits for it; a push is not. Within a kind, one person's
//! deliveries go out in their order.
//!
//! Nothing leads from a row to the turn that it answers: it has no name of the turn, once it is over no time but a day,
//! and where the turn leaves no trace the row is erased with the statement that ends it.

mod claim;

use std::fmt;

use chrono::{DateTime, Duration, Utc};
use directory::closed_list;
use sqlx::Row;

pub use self::claim::{Claimed, LEASE, Outcome};
use crate::StoreError;
use crate::dialect::WorkKind;
use crate::person::{Person, Sealed};
use crate::statement::without_nul;
use crate::store::{Store, Work, on, within};

/// What is known of a delivery that is over stays this long, less up to a day: a late report finds it, and nothing is
/// queued twice.
pub const RETENTION: Duration = Duration::days(7);

/// The counter that numbers deliveries: a number never comes again, so that a late report finds nobody else's.
const NUMBERS: &str = "deliveries";

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
#[expect(clippy::struct_excessive_bools, reason = "each is a thing of its own that is known of a delivery")]
pub struct Delivery {
    /// What it is, where it is queued once however often it is asked for. `None` for what its turn queues: the turn is
    /// kept once, and nothing is to lead from the one to the other.
    pub key: Option<String>,
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
    /// Their conversation has just begun: it waits behind those that go on, so that many who come at once hold nobody
    /// up.
    pub is_newcomer: bool,
    /// Nothing of it stays once it is over: neither that this person was written to, nor when.
    pub leaves_no_trace: bool,
    /// Not before.
    pub due: DateTime<Utc>,
    /// Not after.
    pub expires: DateTime<Utc>,
}

impl Delivery {
    /// Something for that person, due then and given up after so long.
    pub fn new(way: Way, person: Person, recipient: Sealed, body: String, due: DateTime<Utc>, lasts: Duration) -> Self {
        let expires = due + lasts;
        Self {
            key: None,
            way,
            person,
            recipient,
            body,
            is_push: false,
            is_urgent: false,
            is_newcomer: false,
            leaves_no_trace: false,
            due,
            expires,
        }
    }

    /// Its place among what is due: the lowest goes first.
    fn priority(&self) -> i64 {
        match () {
            () if self.is_urgent => claim::URGENT,
            () if self.is_push => claim::LAST,
            () => i64::from(self.is_newcomer),
        }
    }
}

impl fmt::Debug for Delivery {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Delivery")
            .field("way", &self.way)
            .field("is_push", &self.is_push)
            .finish_non_exhaustive()
    }
}

/// Queues deliveries; one whose key is there already is the same one.
pub(crate) async fn write(work: &mut Work, deliveries: &[&Delivery]) -> Result<(), StoreError> {
    let mut id = take_numbers(work, deliveries.len()).await?;
    for delivery in deliveries {
        id += 1;
        let key = delivery.key.clone().unwrap_or_else(|| id.to_string());
        within!(&mut *work, connection => {
            sqlx::query(
                "INSERT INTO outbox (id, key, kind, person, recipient, body, is_push, priority, \
                 leaves_no_trace, state, attempts, unknowns, due_at, claimed_until, made_at, expires_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, 0, $11, 0, $12, $13) \
                 ON CONFLICT (key) DO NOTHING",
            )
            .bind(id)
            .bind(key)
            .bind(delivery.way.id())
            .bind(delivery.person.as_bytes())
            .bind(delivery.recipient.as_bytes())
            .bind(without_nul(&delivery.body))
            .bind(i64::from(delivery.is_push))
            .bind(delivery.priority())
            .bind(i64::from(delivery.leaves_no_trace))
            .bind(State::Waiting.id())
            .bind(delivery.due.timestamp())
            .bind(delivery.due.timestamp())
            .bind(delivery.expires.timestamp())
            .execute(connection)
            .await?;
        });
    }
    Ok(())
}

/// The number before so many that nobody else has, or ever had. A program of an older release that runs beside us takes
/// the one behind the highest in the table: ours are behind that too.
async fn take_numbers(work: &mut Work, count: usize) -> Result<i64, StoreError> {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    if count == 0 {
        return Ok(0);
    }
    within!(&mut *work, connection => {
        let row = sqlx::query(
            "INSERT INTO counter (name, value) SELECT $1, coalesce(max(id), 0) + $2 FROM outbox WHERE true \
             ON CONFLICT (name) DO UPDATE SET value = \
             CASE WHEN counter.value + $3 > excluded.value THEN counter.value + $4 ELSE excluded.value END \
             RETURNING value",
        )
        .bind(NUMBERS)
        .bind(count)
        .bind(count)
        .bind(count)
        .fetch_one(connection)
        .await?;
        Ok(row.try_get::<i64, _>(0)? - count)
    })
}

/// Gives up what is too late, and erases what has been over for long enough.
pub(crate) async fn purge(work: &mut Work, now: DateTime<Utc>) -> Result<(), StoreError> {
    for (statement, before) in [
        ("DELETE FROM outbox WHERE state IN ('waiting', 'claimed') AND expires_at < $1 AND leaves_no_trace = 1", now),
        (
            "UPDATE outbox SET state = 'expired', recipient = NULL, body = '', due_at = 0, \
             claimed_until = 0, expires_at = 0, made_at = made_at - made_at % 86400 \
             WHERE state IN ('waiting', 'claimed') AND expires_at < $1",
            now,
        ),
        ("DELETE FROM outbox WHERE state NOT IN ('waiting', 'claimed') AND made_at < $1", now - RETENTION),
    ] {
        within!(&mut *work, connection => {
            sqlx::query(statement).bind(before.timestamp()).execute(connection).await?;
        });
    }
    Ok(())
}

impl Store {
    /// Queues something that belongs to no turn.
    pub async fn queue(&self, delivery: &Delivery) -> Result<(), StoreError> {
        let mut work = self.begin(WorkKind::Turns).await?;
        write(&mut work, &[delivery]).await?;
        work.commit().await
    }

    /// Takes a carrier's report on the delivery with that number: whether it has arrived. What has arrived, or cannot,
    /// stays so whatever comes later: reports overtake each other, and the mark. One of which nobody knew whether it
    /// was sent is not sent again. False where nothing changes.
    pub async fn report_delivery(&self, id: i64, arrived: bool) -> Result<bool, StoreError> {
        let state = if arrived { State::Delivered } else { State::Failed };
        let changed = on!(self, db => {
            sqlx::query(
                "UPDATE outbox SET state = $1, recipient = NULL, body = '', due_at = 0, claimed_until = 0, \
                 expires_at = 0, made_at = made_at - made_at % 86400 WHERE id = $2 AND leaves_no_trace = 0 \
                 AND (state IN ('claimed', 'sent', 'unknown') OR (state = 'waiting' AND unknowns > 0))",
            )
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
        let mut work = self.begin(WorkKind::Turns).await?;
        let mut stopped = 0;
        for statement in [
            "DELETE FROM outbox WHERE person = $1 AND state IN ('waiting', 'claimed') AND leaves_no_trace = 1",
            "UPDATE outbox SET state = 'stopped', recipient = NULL, body = '', due_at = 0, \
             claimed_until = 0, expires_at = 0, made_at = made_at - made_at % 86400 WHERE person = $1 \
             AND state IN ('waiting', 'claimed')",
        ] {
            stopped += within!(&mut work, connection => {
                sqlx::query(statement).bind(person.as_bytes()).execute(connection).await?.rows_affected()
            });
        }
        for statement in ["DELETE FROM call_back WHERE person = $1", "DELETE FROM opt_in WHERE person = $1"] {
            within!(&mut work, connection => sqlx::query(statement)
                .bind(person.as_bytes())
                .execute(connection)
                .await?
                .rows_affected());
        }
        work.commit().await?;
        Ok(stopped)
    }

    /// How many deliveries are in each state.
    pub async fn count_deliveries(&self) -> Result<Vec<(State, i64)>, StoreError> {
        let rows: Vec<(String, i64)> = on!(self, db => {
            let rows = sqlx::query("SELECT state, count(*) FROM outbox GROUP BY state ORDER BY state")
                .fetch_all(&mut *db.read().await?)
                .await?;
            rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect::<Result<_, sqlx::Error>>()?
        });
        Ok(rows.into_iter().filter_map(|(state, count)| Some((State::from_id(&state)?, count))).collect())
    }
}
