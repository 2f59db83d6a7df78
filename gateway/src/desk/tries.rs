//! How often a password or a code may be tried. Each try is counted before anything is hashed, so that no number of
//! requests at once gets more of them; whether a name exists makes no difference.

use chrono::Duration;
use db::attempt::{AttemptKey, AttemptRate};
use db::audit::{Action, Deed};

use super::guard::Whence;
use super::{Desk, PageError};

/// One name from one address, or one account that is in.
const ONE: AttemptRate = AttemptRate { burst: 5, each: Duration::minutes(2) };

/// One name from everywhere: a hundred an hour at most (OWASP ASVS 4.0, 2.2.1). Whoever wants to keep somebody out by it
/// needs many addresses, and goes on doing it.
const EVERYWHERE: AttemptRate = AttemptRate { burst: 40, each: Duration::minutes(1) };

/// Wrong logins that are written down: a hundred, then a hundred an hour.
const WRITTEN: AttemptRate = AttemptRate { burst: 100, each: Duration::seconds(36) };

/// A try that was counted.
pub(super) struct Try(AttemptKey);

impl Desk {
    /// Counts a try to come in under that name, which nobody may have; nothing where there were too many.
    pub(super) async fn try_to_come_in(&self, name: &str, whence: &Whence) -> Result<Option<Try>, PageError> {
        let (keys, store, now) = (&self.engine.keys, &self.engine.store, self.now());
        let here = keys.desk_mac("tries here", &[name.as_bytes(), whence.0.as_bytes()]);
        let anywhere = keys.desk_mac("tries", &[name.as_bytes()]);
        let may = store.claim_attempt(&here, ONE, now).await? && store.claim_attempt(&anywhere, EVERYWHERE, now).await?;
        Ok(may.then_some(Try(here)))
    }

    /// Counts a try at the password or code of somebody who is in.
    pub(super) async fn try_to_change(&self, mediator: i64) -> Result<Option<Try>, PageError> {
        let key = self.engine.keys.desk_mac("tries inside", &[&mediator.to_be_bytes()]);
        Ok(self.engine.store.claim_attempt(&key, ONE, self.now()).await?.then_some(Try(key)))
    }

    /// The try was right: the ones before it count no more.
    pub(super) async fn was_right(&self, tried: Try) -> Result<(), PageError> {
        Ok(self.engine.store.forget_attempts(&tried.0).await?)
    }

    /// Writes down that somebody did not come in; what they typed, nowhere.
    pub(super) async fn was_wrong(&self, account: Option<i64>) -> Result<(), PageError> {
        tracing::warn!("desk.wrong_password");
        let (store, now) = (&self.engine.store, self.now());
        if store.claim_attempt(&self.engine.keys.desk_mac("written", &[]), WRITTEN, now).await? {
            store.audit(&Deed { account, ..Deed::bare(Action::WrongLogin, now) }).await?;
        }
        Ok(())
    }
}
