//! Tries at passwords and codes, counted before they are looked at: one statement takes a try or refuses it, so that no
//! number of requests at once gets more of them.
//!
//! A key is a hash that the caller makes of what is tried and from where. Only one moment is kept of it: the one at
//! which none of its tries counts any more. Each try moves it further away (this is the generic cell rate algorithm).

use chrono::{DateTime, Duration, Utc};

use crate::StoreError;
use crate::store::{Store, on};

/// What stands for that which is tried.
pub type AttemptKey = [u8; 32];

/// How often something may be tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AttemptRate {
    /// Tries one after the other.
    pub burst: i32,
    /// After them, one each time that this has passed.
    pub each: Duration,
}

impl AttemptRate {
    /// How long all tries count.
    fn span(self) -> Duration {
        self.each * self.burst
    }
}

impl Store {
    /// Takes one try; false where there were too many, which costs nothing more.
    pub async fn claim_attempt(
        &self,
        key: &AttemptKey,
        pace: AttemptRate,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let taken = on!(self, db => {
            // A moment further away than tries can move it: the clock was set back since.
            sqlx::query(
                "INSERT INTO attempt (key, free_at) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET free_at = \
                 CASE WHEN attempt.free_at > $3 AND attempt.free_at <= $4 THEN attempt.free_at ELSE $5 END + $6 \
                 WHERE attempt.free_at <= $7 OR attempt.free_at > $8",
            )
            .bind(key.as_slice())
            .bind((now + pace.each).timestamp())
            .bind(now.timestamp())
            .bind((now + pace.span()).timestamp())
            .bind(now.timestamp())
            .bind(pace.each.num_seconds())
            .bind((now + pace.span() - pace.each).timestamp())
            .bind((now + pace.span()).timestamp())
            .execute(db.write().await?.connection()?)
            .await?
            .rows_affected()
        });
        Ok(taken > 0)
    }

    /// Forgets the tries at something: the last one was right.
    pub async fn forget_attempts(&self, key: &AttemptKey) -> Result<(), StoreError> {
        on!(self, db => {
            sqlx::query("DELETE FROM attempt WHERE key = $1")
                .bind(key.as_slice())
                .execute(db.write().await?.connection()?)
                .await?
                .rows_affected()
        });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    const PACE: AttemptRate = AttemptRate { burst: 5, each: Duration::minutes(2) };

    async fn store(folder: &std::path::Path) -> Arc<Store> {
        Arc::new(Store::open(&folder.join("t.sqlite")).await.unwrap())
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn of_five_hundred_tries_at_once_five_count() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(folder.path()).await;
        let now: DateTime<Utc> = "2026-11-23T10:00:00Z".parse().unwrap();
        let mut tries = tokio::task::JoinSet::new();
        for _ in 0..500 {
            let store = Arc::clone(&store);
            tries.spawn(async move { store.claim_attempt(&[1; 32], PACE, now).await.unwrap() });
        }
        assert_eq!(tries.join_all().await.into_iter().filter(|taken| *taken).count(), 5);
        assert!(store.claim_attempt(&[2; 32], PACE, now).await.unwrap(), "another one is not concerned");
    }

    #[tokio::test]
    async fn one_wrong_try_an_hour_keeps_nobody_out() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(folder.path()).await;
        let mut now: DateTime<Utc> = "2026-11-23T10:00:00Z".parse().unwrap();
        for _ in 0..100 {
            assert!(store.claim_attempt(&[1; 32], PACE, now).await.unwrap());
            now += Duration::hours(1);
        }
        for number in 0..5 {
            assert!(store.claim_attempt(&[1; 32], PACE, now).await.unwrap(), "{number}");
        }
        // Refused tries cost nothing: the next one comes when it would have come.
        for _ in 0..50 {
            assert!(!store.claim_attempt(&[1; 32], PACE, now).await.unwrap());
        }
        now += PACE.each;
        assert!(store.claim_attempt(&[1; 32], PACE, now).await.unwrap());
        assert!(!store.claim_attempt(&[1; 32], PACE, now).await.unwrap());
        // By a clock that was set back nobody waits for years.
        assert!(store.claim_attempt(&[1; 32], PACE, now - Duration::days(400)).await.unwrap());
        store.forget_attempts(&[1; 32]).await.unwrap();
        for _ in 0..5 {
            assert!(store.claim_attempt(&[1; 32], PACE, now).await.unwrap());
        }
    }
}
