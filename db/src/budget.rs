//! What may still be sent, and the switch that stops all sending.
//!
//! Budgets are spent inside the transaction that keeps the turn, by the one writing task: no two
//! answers can spend the same segment, and a crash leaves both or neither.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::Row;

use crate::StoreError;
use crate::statement::{Batch, Value};
use crate::store::{Store, on};

/// The counter that stops all sending while it is 1.
pub(crate) const SWITCH: &str = "stop-sending";

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

/// The budgets that a group of turns spends from, from reading them to keeping them in one transaction.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    is_stopped: bool,
    accounts: BTreeMap<String, Account>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Account {
    spent: i64,
    /// End of its window in seconds; 0 until something is spent.
    until: i64,
}

impl Ledger {
    /// The budgets of some charges, before anything is known of them.
    pub(crate) fn of<'a>(charges: impl Iterator<Item = &'a Charge>) -> Self {
        let accounts = charges.flat_map(|charge| &charge.budgets).map(|budget| (budget.key.clone(), Account::default())).collect();
        Self { is_stopped: false, accounts }
    }

    /// The keys of all budgets.
    pub(crate) fn keys(&self) -> Vec<&str> {
        self.accounts.keys().map(String::as_str).collect()
    }

    /// What is spent so far.
    pub(crate) fn note(&mut self, key: &str, spent: i64) {
        if let Some(account) = self.accounts.get_mut(key) {
            account.spent = spent;
        }
    }

    /// Where the switch stands.
    pub(crate) fn note_switch(&mut self, value: i64) {
        self.is_stopped = is_stopped(Some(value));
    }

    /// Spends what the answer costs, if every budget has it.
    pub(crate) fn spend(&mut self, charge: &Charge) -> Allowed {
        if self.is_stopped {
            return Allowed::Silence;
        }
        let spent = |budget: &Budget| self.accounts.get(&budget.key).map_or(0, |account| account.spent);
        let fits = |segments: i64| charge.budgets.iter().all(|budget| spent(budget) + segments <= budget.limit);
        // One segment is kept back for saying that there are no more.
        let (allowed, cost) = if fits(charge.segments + 1) {
            (Allowed::Answer, charge.segments)
        } else if fits(1) {
            (Allowed::Notice, 1)
        } else {
            return Allowed::Silence;
        };
        for (place, budget) in charge.budgets.iter().enumerate() {
            let account = self.accounts.entry(budget.key.clone()).or_default();
            // The notice is said once: it closes the asker's own first window.
            account.spent = if allowed == Allowed::Notice && place == 0 { budget.limit } else { account.spent + cost };
            account.until = budget.until.timestamp();
        }
        allowed
    }

    /// What was spent, to be kept.
    pub(crate) fn changes(self) -> Vec<(String, i64, i64)> {
        self.accounts.into_iter().filter(|(_, account)| account.until > 0).map(|(key, account)| (key, account.spent, account.until)).collect()
    }
}

/// Keeps what was spent.
pub(crate) fn write<'a>(changes: &'a [(String, i64, i64)], batch: &mut Batch<'a>) {
    batch.insert(
        changes,
        3,
        |rows| format!("INSERT INTO budget (key, spent, until) VALUES {rows} ON CONFLICT (key) DO UPDATE SET spent = excluded.spent"),
        |(key, spent, until)| vec![Value::text(key), Value::Integer(*spent), Value::Integer(*until)],
    );
}

const READ_SWITCH: &str = "SELECT value FROM counter WHERE name = $1";

fn is_stopped(switch: Option<i64>) -> bool {
    switch.unwrap_or(0) != 0
}

impl Store {
    /// Stops all sending, or lets it go on; effective with the next turn of every program on this
    /// database.
    pub async fn stop_sending(&self, stop: bool) -> Result<(), StoreError> {
        on!(self, db => {
            sqlx::query("INSERT INTO counter (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value").bind(SWITCH).bind(i64::from(stop)).execute(db.write().await?.connection()?).await?;
            Ok(())
        })
    }

    /// True while all sending is stopped.
    pub async fn is_sending_stopped(&self) -> Result<bool, StoreError> {
        on!(self, db => Ok(is_stopped(sqlx::query(READ_SWITCH).bind(SWITCH).fetch_optional(&mut *db.read().await?).await?.map(|row| row.try_get(0)).transpose()?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn charge(segments: i64, limits: &[(&str, i64)]) -> Charge {
        let budgets = limits.iter().map(|(key, limit)| Budget { key: (*key).to_owned(), limit: *limit, until: DateTime::<Utc>::MAX_UTC }).collect();
        Charge { segments, budgets, notice: String::new(), silence: String::new() }
    }

    #[test]
    fn a_budget_is_spent_to_its_last_segment_and_closed_with_one_notice() {
        let mut ledger = Ledger::default();
        let ours = charge(2, &[("own", 6), ("all", 100)]);
        let said: Vec<Allowed> = (0..5).map(|_| ledger.spend(&ours)).collect();
        assert_eq!(said, [Allowed::Answer, Allowed::Answer, Allowed::Notice, Allowed::Silence, Allowed::Silence]);
        assert_eq!((ledger.accounts["own"].spent, ledger.accounts["all"].spent), (6, 5));
        // Another asker still has all of theirs.
        assert_eq!(ledger.spend(&charge(2, &[("other", 6), ("all", 100)])), Allowed::Answer);
    }

    #[test]
    fn nothing_is_said_while_sending_is_stopped() {
        let mut ledger = Ledger { is_stopped: true, ..Ledger::default() };
        assert_eq!(ledger.spend(&charge(1, &[("own", 6)])), Allowed::Silence);
        assert!(ledger.accounts.is_empty());
    }
}
