//! What may still be sent, and the switch that stops all sending.
//!
//! Budgets are spent inside the transaction that keeps the turn, by the one writing task: no two
//! answers can spend the same segment, and a crash leaves both or neither.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::Row;

use crate::StoreError;
use crate::batch::{Batch, Value};
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
    /// What is said instead when a budget runs out, once: one segment, kept free for it. Without one nothing is said
    /// then, nothing is kept free, and nothing is spent.
    pub notice: Option<String>,
    /// What the carrier is given when nothing is said.
    pub silence: String,
    /// Said even while sending is stopped: somebody is in danger, or a call goes on that was paid for.
    pub is_urgent: bool,
}

/// One budget.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Budget {
    /// What it is called where it is counted that it was spent; names nobody.
    pub name: &'static str,
    /// Under which key it is spent; holds its window.
    pub key: String,
    /// Segments, or answers, in its window.
    pub limit: i64,
    /// When its window ends.
    pub until: DateTime<Utc>,
    /// What an answer takes from it.
    pub takes: Takes,
}

/// What an answer takes from a budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// As many as it has segments.
    Segments,
    /// One, however long it is.
    One,
    /// Nothing, but there must be one left.
    Nothing,
}

impl Takes {
    fn spent(self, segments: i64) -> i64 {
        match self {
            Self::Segments => segments,
            Self::One => 1,
            Self::Nothing => 0,
        }
    }

    fn needed(self, segments: i64) -> i64 {
        if self == Self::Nothing { 1 } else { self.spent(segments) }
    }
}

/// The name under which it is counted that sending is stopped.
const STOPPED: &str = "stopped";

/// What may be said; where it is not the answer, the name of what stands against it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Allowed {
    Answer,
    Notice(&'static str),
    Silence(&'static str),
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
    /// Some budgets, before anything is known of them.
    pub(crate) fn of<'a>(budgets: impl Iterator<Item = &'a Budget>) -> Self {
        Self { is_stopped: false, accounts: budgets.map(|budget| (budget.key.clone(), Account::default())).collect() }
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
        if self.is_stopped && !charge.is_urgent {
            return Allowed::Silence(STOPPED);
        }
        // One segment is kept back for saying that there are no more.
        let kept_back = i64::from(charge.notice.is_some());
        let Some(place) = self.lacking(&charge.budgets, charge.segments, kept_back) else {
            self.take(&charge.budgets, charge.segments);
            return Allowed::Answer;
        };
        let why = charge.budgets.get(place).map_or(STOPPED, |budget| budget.name);
        if charge.notice.is_none() || self.lacking(&charge.budgets, 1, 0).is_some() {
            return Allowed::Silence(why);
        }
        self.take(&charge.budgets, 1);
        // Whoever is in danger is given the numbers to call as long as there is a segment for them.
        if charge.is_urgent {
            return Allowed::Notice(why);
        }
        // The notice is said once. It closes what it was said for where that comes before the asker's own hour, the
        // same words again and again; else that hour.
        let closed = charge.budgets.get(..=place).and_then(|budgets| {
            if place == 0 { budgets.first() } else { budgets.iter().find(|budget| budget.takes == Takes::Segments) }
        });
        if let Some(budget) = closed {
            self.accounts.entry(budget.key.clone()).or_default().spent = budget.limit;
        }
        Allowed::Notice(why)
    }

    /// True where all of them have one left.
    pub(crate) fn has_one(&self, budgets: &[Budget]) -> bool {
        self.lacking(budgets, 1, 0).is_none()
    }

    /// Takes what an answer of so many segments takes.
    pub(crate) fn take(&mut self, budgets: &[Budget], segments: i64) {
        for budget in budgets {
            let account = self.accounts.entry(budget.key.clone()).or_default();
            account.spent += budget.takes.spent(segments);
            account.until = budget.until.timestamp();
        }
    }

    /// The first budget that has less.
    fn lacking(&self, budgets: &[Budget], segments: i64, kept_back: i64) -> Option<usize> {
        let spent = |budget: &Budget| self.accounts.get(&budget.key).map_or(0, |account| account.spent);
        budgets.iter().position(|budget| spent(budget) + budget.takes.needed(segments) + kept_back > budget.limit)
    }

    /// What was spent, to be kept.
    pub(crate) fn changes(self) -> Vec<(String, i64, i64)> {
        self.accounts
            .into_iter()
            .filter(|(_, account)| account.until > 0)
            .map(|(key, account)| (key, account.spent, account.until))
            .collect()
    }
}

/// Keeps what was spent.
pub(crate) fn write<'a>(changes: &'a [(String, i64, i64)], batch: &mut Batch<'a>) {
    batch.insert(
        changes,
        3,
        |rows| {
            format!(
                "INSERT INTO budget (key, spent, until) VALUES {rows} ON CONFLICT (key) DO UPDATE \
                 SET spent = excluded.spent"
            )
        },
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
            sqlx::query(
                "INSERT INTO counter (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE \
                 SET value = excluded.value",
            )
            .bind(SWITCH)
            .bind(i64::from(stop))
            .execute(db.write().await?.connection()?)
            .await?;
            Ok(())
        })
    }

    /// True while all sending is stopped.
    pub async fn is_sending_stopped(&self) -> Result<bool, StoreError> {
        on!(self, db => Ok(is_stopped(
            sqlx::query(READ_SWITCH)
                .bind(SWITCH)
                .fetch_optional(&mut *db.read().await?)
                .await?
                .map(|row| row.try_get(0))
                .transpose()?
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn charge(segments: i64, limits: &[(&'static str, i64)]) -> Charge {
        let until = DateTime::<Utc>::MAX_UTC;
        let budget = |(name, limit): &(&'static str, i64)| Budget {
            name,
            key: (*name).to_owned(),
            limit: *limit,
            until,
            takes: Takes::Segments,
        };
        let budgets = limits.iter().map(budget).collect();
        Charge { segments, budgets, notice: Some(String::new()), silence: String::new(), is_urgent: false }
    }

    #[test]
    fn a_budget_is_spent_to_its_last_segment_and_closed_with_one_notice() {
        let mut ledger = Ledger::default();
        let ours = charge(2, &[("own", 6), ("all", 100)]);
        let said: Vec<Allowed> = (0..5).map(|_| ledger.spend(&ours)).collect();
        assert_eq!(
            said,
            [
                Allowed::Answer,
                Allowed::Answer,
                Allowed::Notice("own"),
                Allowed::Silence("own"),
                Allowed::Silence("own")
            ]
        );
        assert_eq!((ledger.accounts["own"].spent, ledger.accounts["all"].spent), (6, 5));
        // Another asker still has all of theirs.
        assert_eq!(ledger.spend(&charge(2, &[("other", 6), ("all", 100)])), Allowed::Answer);
    }

    #[test]
    fn without_a_notice_nothing_is_spent_where_it_does_not_fit() {
        let mut ledger = Ledger::default();
        let budgets = [("own", 12), ("all", 100)];
        assert_eq!(ledger.spend(&charge(10, &budgets)), Allowed::Answer);
        let quiet = |segments| Charge { notice: None, ..charge(segments, &budgets) };
        assert_eq!(ledger.spend(&quiet(3)), Allowed::Silence("own"));
        assert_eq!((ledger.accounts["own"].spent, ledger.accounts["all"].spent), (10, 10));
        // Nothing is kept back for a notice either.
        assert_eq!(ledger.spend(&quiet(2)), Allowed::Answer);
        assert_eq!(ledger.spend(&quiet(1)), Allowed::Silence("own"));
    }

    #[test]
    fn nothing_is_said_while_sending_is_stopped_but_to_whoever_is_in_danger() {
        let mut ledger = Ledger { is_stopped: true, ..Ledger::default() };
        assert_eq!(ledger.spend(&charge(1, &[("own", 6)])), Allowed::Silence("stopped"));
        assert!(ledger.accounts.is_empty());
        let urgent = Charge { is_urgent: true, notice: None, ..charge(1, &[("danger", 1)]) };
        assert_eq!(ledger.spend(&urgent), Allowed::Answer);
        assert_eq!(ledger.spend(&urgent), Allowed::Silence("danger"));
    }

    #[test]
    fn the_same_words_are_counted_by_the_message_and_close_only_themselves() {
        let mut ledger = Ledger::default();
        let mut asked = charge(2, &[("same", 4), ("own", 12), ("all", 100)]);
        asked.budgets[0].takes = Takes::One;
        let said: Vec<Allowed> = (0..5).map(|_| ledger.spend(&asked)).collect();
        let answered = [Allowed::Answer; 3];
        assert_eq!((&said[..3], &said[3..]), (&answered[..], &[Allowed::Notice("same"), Allowed::Silence("same")][..]));
        assert_eq!(ledger.accounts["own"].spent, 7);
        assert_eq!(ledger.spend(&charge(2, &[("own", 12), ("all", 100)])), Allowed::Answer);
    }

    #[test]
    fn what_only_must_be_left_is_not_spent() {
        let mut ledger = Ledger::default();
        let mut asked = Charge { notice: None, ..charge(1, &[("not taken", 1), ("own", 9)]) };
        asked.budgets[0].takes = Takes::Nothing;
        assert_eq!([ledger.spend(&asked), ledger.spend(&asked)], [Allowed::Answer; 2]);
        assert_eq!(ledger.spend(&Charge { notice: None, ..charge(1, &[("not taken", 1)]) }), Allowed::Answer);
        assert_eq!(ledger.spend(&asked), Allowed::Silence("not taken"));
    }
}
