//! What may still be sent, and the switch that stops all sending.
//!
//! Budgets are spent inside the transaction that keeps the turn, by the one writing task: no two
//! answers can spend the same segment, and a crash leaves both or neither.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::{AssertSqlSafe, Row};

use crate::StoreError;
use crate::statement::{blocks, padded, placeholders, rows};
use crate::store::{Store, Work, on, within};

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

/// The budgets that a group of turns spends from, from reading them to keeping them in one transaction.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    stopped: bool,
    accounts: BTreeMap<String, Account>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Account {
    spent: i64,
    /// End of its window in seconds; 0 until something is spent.
    until: i64,
}

impl Ledger {
    /// Reads the switch and what is spent so far.
    pub(crate) async fn open<'a>(work: &mut Work, charges: impl Iterator<Item = &'a Charge>) -> Result<Self, StoreError> {
        let mut accounts: BTreeMap<String, Account> =
            charges.flat_map(|charge| &charge.budgets).map(|budget| (budget.key.clone(), Account::default())).collect();
        if accounts.is_empty() {
            return Ok(Self::default());
        }
        let stopped = within!(work, connection => is_stopped(sqlx::query(READ_SWITCH).bind(SWITCH).fetch_optional(connection).await?.map(|row| row.try_get(0)).transpose()?));
        let keys: Vec<String> = accounts.keys().cloned().collect();
        for part in padded(&keys) {
            let text = format!("SELECT key, spent FROM budget WHERE key IN ({})", placeholders(1, part.len()));
            let known: Vec<(String, i64)> = within!(work, connection => {
                let query = part.iter().fold(sqlx::query(AssertSqlSafe(text)), sqlx::query::Query::bind);
                query.fetch_all(connection).await?.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect::<Result<_, sqlx::Error>>()?
            });
            for (key, spent) in known {
                accounts.entry(key).and_modify(|account| account.spent = spent);
            }
        }
        Ok(Self { stopped, accounts })
    }

    /// Spends what the answer costs, if every budget has it.
    pub(crate) fn spend(&mut self, charge: &Charge) -> Allowed {
        if self.stopped {
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

    /// Keeps what was spent.
    pub(crate) async fn close(self, work: &mut Work) -> Result<(), StoreError> {
        let changed: Vec<(String, Account)> = self.accounts.into_iter().filter(|(_, account)| account.until > 0).collect();
        for block in blocks(&changed) {
            let text = format!("INSERT INTO budget (key, spent, until) VALUES {} ON CONFLICT (key) DO UPDATE SET spent = excluded.spent", rows(block.len(), 3));
            within!(work, connection => {
                let query = block.iter().fold(sqlx::query(AssertSqlSafe(text)), |query, (key, account)| query.bind(key).bind(account.spent).bind(account.until));
                query.execute(connection).await?;
            });
        }
        Ok(())
    }
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
            sqlx::query("INSERT INTO counter (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value").bind(SWITCH).bind(i64::from(stop)).execute(&mut *db.write().await?).await?;
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
        let mut ledger = Ledger { stopped: true, ..Ledger::default() };
        assert_eq!(ledger.spend(&charge(1, &[("own", 6)])), Allowed::Silence);
        assert!(ledger.accounts.is_empty());
    }
}
