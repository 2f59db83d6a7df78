//! The one task that writes turns: many together in one durable commit.
//!
//! A turn is answered only after its commit. A message that was answered before keeps its first
//! answer, whoever delivers it again and however close together.

use std::sync::Arc;

use directory::answer::Note;
use sqlx::Row;
use tokio::sync::{mpsc, oneshot};

use crate::StoreError;
use crate::budget::{self, Allowed};
use crate::journal::Turn;
use crate::store::{Store, on};

/// Turns of one commit.
const MOST_TOGETHER: usize = 64;

/// Turns that may wait; more are refused at once.
const MOST_WAITING: usize = 1_024;

/// What became of a turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Committed {
    /// It is kept, with its own answer.
    New,
    /// It is kept, but these bytes are said instead: a budget has run out, or sending is stopped.
    Limited(String),
    /// The message was answered before, with these bytes.
    Before(String),
}

struct Job {
    turn: Turn,
    done: oneshot::Sender<Result<Committed, StoreError>>,
}

/// Hands turns to the writing task; cheap to clone.
#[derive(Debug, Clone)]
pub struct Writer(mpsc::Sender<Job>);

impl Writer {
    /// A writer and the task that does its work; the task ends when every writer is dropped, after
    /// the last turn is kept.
    pub fn new(store: Arc<Store>) -> (Self, impl Future<Output = ()> + Send + 'static) {
        let (sender, receiver) = mpsc::channel(MOST_WAITING);
        (Self(sender), run(store, receiver))
    }

    /// Keeps a turn durably. [`StoreError::Overloaded`] when too many wait.
    pub async fn commit(&self, turn: Turn) -> Result<Committed, StoreError> {
        let (done, result) = oneshot::channel();
        self.0.try_send(Job { turn, done }).map_err(|_full_or_closed| StoreError::Overloaded)?;
        result.await.unwrap_or(Err(StoreError::Overloaded))
    }
}

async fn run(store: Arc<Store>, mut jobs: mpsc::Receiver<Job>) {
    let mut batch = Vec::with_capacity(MOST_TOGETHER);
    while jobs.recv_many(&mut batch, MOST_TOGETHER).await > 0 {
        let turns: Vec<&Turn> = batch.iter().map(|job| &job.turn).collect();
        match store.keep(&turns).await {
            Ok(outcomes) => {
                for (job, outcome) in batch.drain(..).zip(outcomes) {
                    // A caller that went away does not undo what is kept.
                    let _ = job.done.send(Ok(outcome));
                }
            }
            Err(failed) if batch.len() == 1 => {
                if let Some(job) = batch.pop() {
                    let _ = job.done.send(Err(failed));
                }
            }
            // One bad turn must not refuse its neighbours: each on its own.
            Err(_) => {
                for job in batch.drain(..) {
                    let outcome = store.keep(&[&job.turn]).await.map(|outcomes| outcomes.into_iter().next().unwrap_or(Committed::New));
                    let _ = job.done.send(outcome);
                }
            }
        }
    }
}

impl Store {
    /// Keeps turns in one transaction; an outcome each, in order.
    pub(crate) async fn keep(&self, turns: &[&Turn]) -> Result<Vec<Committed>, StoreError> {
        on!(self, db => {
            crate::fail_point::reach("writer::before-transaction");
            let mut transaction = db.begin().await?;
            let mut outcomes = Vec::with_capacity(turns.len());
            for turn in turns {
                let before = sqlx::query("SELECT answer FROM turn WHERE channel = $1 AND carrier_id = $2").bind(turn.channel).bind(&turn.carrier_id).fetch_optional(&mut *transaction).await?;
                if let Some(row) = before {
                    outcomes.push(Committed::Before(row.try_get(0)?));
                    continue;
                }
                let allowed = match &turn.charge {
                    Some(charge) => budget::spend(&mut transaction, charge).await?,
                    None => Allowed::Answer,
                };
                let said = match (&turn.charge, allowed) {
                    (Some(charge), Allowed::Notice) => &charge.notice,
                    (Some(charge), Allowed::Silence) => &charge.silence,
                    _ => &turn.answer,
                };
                sqlx::query("INSERT INTO turn (channel, carrier_id, received_at, sender, text, intent, answer) VALUES ($1, $2, $3, $4, $5, $6, $7)")
                    .bind(turn.channel)
                    .bind(&turn.carrier_id)
                    .bind(turn.received.timestamp())
                    .bind(turn.sender.as_ref().map(<[u8; 32]>::as_slice))
                    .bind(&turn.text)
                    .bind(turn.intent)
                    .bind(said)
                    .execute(&mut *transaction)
                    .await?;
                crate::fail_point::reach("writer::after-insert");
                if allowed != Allowed::Answer {
                    outcomes.push(Committed::Limited(said.clone()));
                    continue;
                }
                if let Some(sender) = &turn.forget {
                    sqlx::query("DELETE FROM session WHERE channel = $1 AND sender = $2").bind(turn.channel).bind(sender.as_slice()).execute(&mut *transaction).await?;
                }
                if let (Some(sender), Some((session, expires))) = (&turn.sender, &turn.session) {
                    let state = serde_json::to_string(session).map_err(|error| StoreError::unreadable("session", error))?;
                    sqlx::query("INSERT INTO session (channel, sender, state, expires_at) VALUES ($1, $2, $3, $4) ON CONFLICT (channel, sender) DO UPDATE SET state = excluded.state, expires_at = excluded.expires_at")
                        .bind(turn.channel)
                        .bind(sender.as_slice())
                        .bind(state)
                        .bind(expires.timestamp())
                        .execute(&mut *transaction)
                        .await?;
                }
                let day = turn.received.date_naive().to_string();
                for note in &turn.notes {
                    match note {
                        Note::Unmet { theme, postal_code } => {
                            sqlx::query("INSERT INTO unmet (day, channel, theme, postal_code, count) VALUES ($1, $2, $3, $4, 1) ON CONFLICT (day, channel, theme, postal_code) DO UPDATE SET count = unmet.count + 1")
                                .bind(&day)
                                .bind(turn.channel)
                                .bind(theme.map_or("", directory::theme::Theme::id))
                                .bind(postal_code.as_deref().unwrap_or_default())
                                .execute(&mut *transaction)
                                .await?;
                        }
                        Note::Doubt(code) => {
                            sqlx::query("INSERT INTO doubt (day, channel, code, count) VALUES ($1, $2, $3, 1) ON CONFLICT (day, channel, code) DO UPDATE SET count = doubt.count + 1")
                                .bind(&day)
                                .bind(turn.channel)
                                .bind(code.to_string())
                                .execute(&mut *transaction)
                                .await?;
                        }
                    }
                }
                outcomes.push(Committed::New);
            }
            crate::fail_point::reach("writer::before-commit");
            transaction.commit().await?;
            crate::fail_point::reach("writer::after-commit");
            Ok(outcomes)
        })
    }
}
