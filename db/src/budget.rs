//! What may still be sent, and the switch that stops all sending.
//!
//! Budgets are spent inside the transaction that keeps the turn, by the one writing task: no two
//! answers can spend the same segment, and a crash leaves both or neither.

use chrono::{DateTime, Utc};
use sqlx::{Row, SqliteConnection};

use crate::StoreError;
use crate::store::{Store, on};

/// The counter that stops all sending while it is 1.
const SWITCH: &str = "stop-sending";

/// What an answer costs, and out of which budgets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charge {
    /// Segments of the answer.
    pub segments: i64,
    /// Budgets that all must suffice; the asker's own come first.
    pub budgets: Vec<Budget>,
    /// What is said instead when a budget runs out, once: one segment, kept free for it.
    pub notice: String,
    /// What the carrier is given when nothing is said.
    pub silence: String,
}

/// One budget.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Budget {
    /// Under which key it is spent; holds its window.
    pub key: String,
    /// Segments in its window.
    pub limit: i64,
    /// When its window ends.
    pub until: DateTime<Utc>,
}

/// What may be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Allowed {
    Answer,
    Notice,
    Silence,
}

/// Spends what the answer costs, if every budget has it.
pub(crate) async fn spend(connection: &mut SqliteConnection, charge: &Charge) -> Result<Allowed, StoreError> {
    if is_stopped(connection).await? {
        return Ok(Allowed::Silence);
    }
    let mut spent = Vec::with_capacity(charge.budgets.len());
    for budget in &charge.budgets {
        let row = sqlx::query("SELECT spent FROM budget WHERE key = $1").bind(&budget.key).fetch_optional(&mut *connection).await?;
        spent.push(row.map(|row| row.try_get::<i64, _>(0)).transpose()?.unwrap_or(0));
    }
    let fits = |segments: i64| charge.budgets.iter().zip(&spent).all(|(budget, spent)| spent + segments <= budget.limit);
    // One segment is kept back for saying that there are no more.
    let (allowed, cost) = if fits(charge.segments + 1) {
        (Allowed::Answer, charge.segments)
    } else if fits(1) {
        (Allowed::Notice, 1)
    } else {
        return Ok(Allowed::Silence);
    };
    for (place, (budget, spent)) in charge.budgets.iter().zip(&spent).enumerate() {
        // The notice is said once: it closes the asker's own first window.
        let now = if allowed == Allowed::Notice && place == 0 { budget.limit } else { spent + cost };
        sqlx::query("INSERT INTO budget (key, spent, until) VALUES ($1, $2, $3) ON CONFLICT (key) DO UPDATE SET spent = excluded.spent")
            .bind(&budget.key)
            .bind(now)
            .bind(budget.until.timestamp())
            .execute(&mut *connection)
            .await?;
    }
    Ok(allowed)
}

async fn is_stopped(connection: &mut SqliteConnection) -> Result<bool, StoreError> {
    let row = sqlx::query("SELECT value FROM counter WHERE name = $1").bind(SWITCH).fetch_optional(connection).await?;
    Ok(row.map(|row| row.try_get::<i64, _>(0)).transpose()?.unwrap_or(0) != 0)
}

impl Store {
    /// Stops all sending, or lets it go on; effective with the next turn of every program on this
    /// database.
    pub async fn stop_sending(&self, stop: bool) -> Result<(), StoreError> {
        on!(self, db => {
            sqlx::query("INSERT INTO counter (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value").bind(SWITCH).bind(i64::from(stop)).execute(&db.write).await?;
            Ok(())
        })
    }

    /// True while all sending is stopped.
    pub async fn is_sending_stopped(&self) -> Result<bool, StoreError> {
        on!(self, db => is_stopped(&mut *db.read.acquire().await?).await)
    }
}
