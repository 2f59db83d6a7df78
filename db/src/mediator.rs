//! Who works at the desk: accounts, the links with which they begin, and who is there now.
//!
//! Tokens come from the caller, by chance; only their hashes are kept.

use chrono::{DateTime, Duration, Utc};
use directory::closed_list;
use directory::language::Language;
use sqlx::Row;

use crate::StoreError;
use crate::person::Sealed;
use crate::store::{Kind, Store, on, within};

/// An invitation that nobody used within this is void.
pub const INVITED: Duration = Duration::days(2);

/// Nobody stays in without a click for longer than this.
pub const IDLE: Duration = Duration::minutes(30);

/// Nobody stays in longer than this.
pub const LONGEST: Duration = Duration::hours(12);

/// Wrong passwords before the next one has to wait.
pub const FREE_TRIES: i64 = 5;

/// The counter that numbers accounts.
const NUMBERS: &str = "mediators";

closed_list! {
    /// What somebody at the desk may do.
    Role {
        /// All: accounts, imports, places, and what mediators and editors do.
        Operator = "operator",
        /// Helps visitors, calls back, keeps the directory true.
        Mediator = "mediator",
        /// Keeps the directory true; sees nothing of visitors.
        Editor = "editor",
    }
}

/// The SHA-256 of a token.
pub type TokenHash = [u8; 32];

/// An account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mediator {
    /// Its number.
    pub id: i64,
    /// The name they log in with.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Argon2id, in the PHC string format; nothing until they chose a password.
    pub password: Option<String>,
    /// The code that opens a locked desk, hashed likewise.
    pub pin: Option<String>,
    /// The secret of one-time codes, sealed.
    pub totp: Option<Sealed>,
    /// The last step of time whose code was used.
    pub totp_step: i64,
    /// The language of the desk's pages.
    pub language: Language,
    /// Wrong passwords since the last right one.
    pub failures: i64,
    /// Nobody gets in before this moment.
    pub barred_until: DateTime<Utc>,
}

/// Somebody who is at the desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeskSession {
    /// Their account.
    pub mediator: Mediator,
    /// When they came.
    pub begun_at: DateTime<Utc>,
    /// The desk is locked: only its code opens it.
    pub is_locked: bool,
    /// Wrong codes since it was locked.
    pub tries: i64,
    /// What they are at, in the desk's own words (JSON).
    pub work: String,
}

macro_rules! mediator {
    ($row:expr) => {
        Mediator {
            id: $row.try_get(0)?,
            name: $row.try_get(1)?,
            // A role that this program does not know may do what the least of them may.
            role: Role::from_id($row.try_get(2)?).unwrap_or(Role::Editor),
            password: $row.try_get(3)?,
            pin: $row.try_get(4)?,
            totp: $row.try_get::<Option<Vec<u8>>, _>(5)?.map(Sealed::new),
            totp_step: $row.try_get(6)?,
            language: Language::from_code($row.try_get(7)?).unwrap_or_default(),
            failures: $row.try_get(8)?,
            barred_until: DateTime::from_timestamp($row.try_get(9)?, 0).unwrap_or_default(),
        }
    };
}

impl Store {
    /// All accounts, by name.
    pub async fn mediators(&self) -> Result<Vec<Mediator>, StoreError> {
        let text =
            "SELECT m.id, m.name, m.role, m.password, m.pin, m.totp, m.totp_step, m.language, m.failures, m.barred_until FROM mediator m ORDER BY m.name";
        on!(self, db => {
            let rows = sqlx::query(text).fetch_all(&mut *db.read().await?).await?;
            Ok(rows.iter().map(|row| Ok(mediator!(row))).collect::<Result<_, sqlx::Error>>()?)
        })
    }

    /// The account with that name.
    pub async fn mediator(&self, name: &str) -> Result<Option<Mediator>, StoreError> {
        let text =
            "SELECT m.id, m.name, m.role, m.password, m.pin, m.totp, m.totp_step, m.language, m.failures, m.barred_until FROM mediator m WHERE m.name = $1";
        on!(self, db => {
            let row = sqlx::query(text).bind(name).fetch_optional(&mut *db.read().await?).await?;
            Ok(row.map(|row| Ok::<_, sqlx::Error>(mediator!(row))).transpose()?)
        })
    }

    /// Makes an account without a password and gives it an invitation; whoever has the name already keeps their role and
    /// password and is given the invitation alone. False for them.
    pub async fn invite(&self, name: &str, role: Role, token: &TokenHash, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let mut work = self.begin(Kind::Turns).await?;
        let known: Option<i64> = within!(&mut work, connection => sqlx::query("SELECT id FROM mediator WHERE name = $1").bind(name).fetch_optional(connection).await?.map(|row| row.try_get(0)).transpose()?);
        let id = if let Some(id) = known {
            id
        } else {
            let id = work.next_number(NUMBERS).await?;
            within!(&mut work, connection => {
                sqlx::query("INSERT INTO mediator (id, name, role, totp_step, language, failures, barred_until, made_at) VALUES ($1, $2, $3, 0, $4, 0, 0, $5)")
                    .bind(id)
                    .bind(name)
                    .bind(role.id())
                    .bind(Language::default().code())
                    .bind(now.timestamp())
                    .execute(connection)
                    .await?
                    .rows_affected()
            });
            id
        };
        within!(&mut work, connection => sqlx::query("DELETE FROM invitation WHERE mediator = $1").bind(id).execute(connection).await?.rows_affected());
        within!(&mut work, connection => {
            sqlx::query("INSERT INTO invitation (token, mediator, until) VALUES ($1, $2, $3)")
                .bind(token.as_slice())
                .bind(id)
                .bind((now + INVITED).timestamp())
                .execute(connection)
                .await?
                .rows_affected()
        });
        work.commit().await?;
        Ok(known.is_none())
    }

    /// Whose invitation that is.
    pub async fn invited(&self, token: &TokenHash, now: DateTime<Utc>) -> Result<Option<Mediator>, StoreError> {
        let text = "SELECT m.id, m.name, m.role, m.password, m.pin, m.totp, m.totp_step, m.language, m.failures, m.barred_until FROM invitation i JOIN mediator m ON m.id = i.mediator WHERE i.token = $1 AND i.until > $2";
        on!(self, db => {
            let row = sqlx::query(text).bind(token.as_slice()).bind(now.timestamp()).fetch_optional(&mut *db.read().await?).await?;
            Ok(row.map(|row| Ok::<_, sqlx::Error>(mediator!(row))).transpose()?)
        })
    }

    /// Uses an invitation up: the password counts from now on, and whoever was in under the old one is out. False where
    /// it was used before, or is void.
    pub async fn accept_invitation(&self, token: &TokenHash, password: &str, pin: &str, language: Language, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let mut work = self.begin(Kind::Turns).await?;
        let id: Option<i64> = within!(&mut work, connection => {
            let row = sqlx::query("DELETE FROM invitation WHERE token = $1 AND until > $2 RETURNING mediator").bind(token.as_slice()).bind(now.timestamp()).fetch_all(connection).await?;
            row.first().map(|row| row.try_get(0)).transpose()?
        });
        let Some(id) = id else { return Ok(false) };
        within!(&mut work, connection => {
            sqlx::query("UPDATE mediator SET password = $1, pin = $2, language = $3, failures = 0, barred_until = 0, totp = NULL, totp_step = 0 WHERE id = $4")
                .bind(password)
                .bind(pin)
                .bind(language.code())
                .bind(id)
                .execute(connection)
                .await?
                .rows_affected()
        });
        within!(&mut work, connection => sqlx::query("DELETE FROM desk_session WHERE mediator = $1").bind(id).execute(connection).await?.rows_affected());
        work.commit().await?;
        Ok(true)
    }

    /// Removes an account; whoever is in under it is out at once. False where there is none.
    pub async fn remove_mediator(&self, name: &str) -> Result<bool, StoreError> {
        let mut work = self.begin(Kind::Turns).await?;
        for text in [
            "DELETE FROM desk_session WHERE mediator IN (SELECT id FROM mediator WHERE name = $1)",
            "DELETE FROM invitation WHERE mediator IN (SELECT id FROM mediator WHERE name = $1)",
        ] {
            within!(&mut work, connection => sqlx::query(text).bind(name).execute(connection).await?.rows_affected());
        }
        let removed =
            within!(&mut work, connection => sqlx::query("DELETE FROM mediator WHERE name = $1").bind(name).execute(connection).await?.rows_affected());
        work.commit().await?;
        Ok(removed > 0)
    }

    /// Counts a wrong password. From the fifth on the next one has to wait: a minute, then twice as long each time, an
    /// hour at most.
    pub async fn count_failure(&self, id: i64, now: DateTime<Utc>) -> Result<(), StoreError> {
        let mut work = self.begin(Kind::Turns).await?;
        let failures: i64 = within!(&mut work, connection => {
            let rows = sqlx::query("UPDATE mediator SET failures = failures + 1 WHERE id = $1 RETURNING failures").bind(id).fetch_all(connection).await?;
            rows.first().map_or(Ok(0), |row| row.try_get(0))?
        });
        if let Some(pause) = pause(failures) {
            within!(&mut work, connection => sqlx::query("UPDATE mediator SET barred_until = $1 WHERE id = $2").bind((now + pause).timestamp()).bind(id).execute(connection).await?.rows_affected());
        }
        work.commit().await
    }

    /// Lets somebody in. With `totp_step`, the code of that step was used: false where it, or a later one, was used
    /// before.
    pub async fn begin_desk_session(&self, id: i64, token: &TokenHash, totp_step: Option<i64>, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let mut work = self.begin(Kind::Turns).await?;
        let step = totp_step.unwrap_or(i64::MAX);
        let fresh = within!(&mut work, connection => {
            sqlx::query("UPDATE mediator SET failures = 0, barred_until = 0, totp_step = CASE WHEN $1 = $2 THEN totp_step ELSE $3 END WHERE id = $4 AND totp_step < $5")
                .bind(step)
                .bind(i64::MAX)
                .bind(step)
                .bind(id)
                .bind(step)
                .execute(connection)
                .await?
                .rows_affected()
        });
        if fresh == 0 {
            return Ok(false);
        }
        within!(&mut work, connection => {
            sqlx::query("INSERT INTO desk_session (token, mediator, begun_at, seen_at, locked, tries, work) VALUES ($1, $2, $3, $4, 0, 0, '{}')")
                .bind(token.as_slice())
                .bind(id)
                .bind(now.timestamp())
                .bind(now.timestamp())
                .execute(connection)
                .await?
                .rows_affected()
        });
        work.commit().await?;
        Ok(true)
    }

    /// Who is in with this token; nobody after [`IDLE`] without a click, or [`LONGEST`]. Keeps that they were seen, once a
    /// minute at most.
    pub async fn desk_session(&self, token: &TokenHash, now: DateTime<Utc>) -> Result<Option<DeskSession>, StoreError> {
        let text = "SELECT m.id, m.name, m.role, m.password, m.pin, m.totp, m.totp_step, m.language, m.failures, m.barred_until, s.begun_at, s.seen_at, s.locked, s.tries, s.work FROM desk_session s JOIN mediator m ON m.id = s.mediator WHERE s.token = $1";
        let found: Option<(DeskSession, DateTime<Utc>)> = on!(self, db => {
            let row = sqlx::query(text).bind(token.as_slice()).fetch_optional(&mut *db.read().await?).await?;
            row.map(|row| {
                let instant = |column: usize| row.try_get::<i64, _>(column).map(|seconds| DateTime::from_timestamp(seconds, 0).unwrap_or_default());
                let session = DeskSession { mediator: mediator!(row), begun_at: instant(10)?, is_locked: row.try_get::<i64, _>(12)? != 0, tries: row.try_get(13)?, work: row.try_get(14)? };
                Ok::<_, sqlx::Error>((session, instant(11)?))
            }).transpose()?
        });
        let Some((session, seen)) = found else { return Ok(None) };
        // A clock that was set back makes nobody stay longer: what began in the future is over.
        let is_over = now - seen > IDLE || now - session.begun_at > LONGEST || session.begun_at > now + Duration::minutes(5);
        if is_over {
            self.end_desk_session(token).await?;
            return Ok(None);
        }
        if now - seen >= Duration::minutes(1) {
            on!(self, db => sqlx::query("UPDATE desk_session SET seen_at = $1 WHERE token = $2").bind(now.timestamp()).bind(token.as_slice()).execute(db.write().await?.connection()?).await?.rows_affected());
        }
        Ok(Some(session))
    }

    /// Somebody leaves.
    pub async fn end_desk_session(&self, token: &TokenHash) -> Result<(), StoreError> {
        on!(self, db => sqlx::query("DELETE FROM desk_session WHERE token = $1").bind(token.as_slice()).execute(db.write().await?.connection()?).await?.rows_affected());
        Ok(())
    }

    /// Locks the desk, or opens it again.
    pub async fn lock_desk(&self, token: &TokenHash, locked: bool) -> Result<(), StoreError> {
        on!(self, db => sqlx::query("UPDATE desk_session SET locked = $1, tries = 0 WHERE token = $2").bind(i64::from(locked)).bind(token.as_slice()).execute(db.write().await?.connection()?).await?.rows_affected());
        Ok(())
    }

    /// Counts a wrong code at a locked desk; how many there were.
    pub async fn count_wrong_pin(&self, token: &TokenHash) -> Result<i64, StoreError> {
        on!(self, db => {
            let rows = sqlx::query("UPDATE desk_session SET tries = tries + 1 WHERE token = $1 RETURNING tries").bind(token.as_slice()).fetch_all(db.write().await?.connection()?).await?;
            Ok(rows.first().map_or(Ok(0), |row| row.try_get(0))?)
        })
    }

    /// Keeps what somebody at the desk is at.
    pub async fn keep_work(&self, token: &TokenHash, work: &str) -> Result<(), StoreError> {
        on!(self, db => sqlx::query("UPDATE desk_session SET work = $1 WHERE token = $2").bind(work).bind(token.as_slice()).execute(db.write().await?.connection()?).await?.rows_affected());
        Ok(())
    }

    /// The language in which somebody reads the desk's pages.
    pub async fn set_desk_language(&self, id: i64, language: Language) -> Result<(), StoreError> {
        on!(self, db => sqlx::query("UPDATE mediator SET language = $1 WHERE id = $2").bind(language.code()).bind(id).execute(db.write().await?.connection()?).await?.rows_affected());
        Ok(())
    }

    /// The secret of somebody's one-time codes, with the step whose code proved that they have it; nothing to ask for
    /// none any more.
    pub async fn set_totp(&self, id: i64, secret: Option<(&Sealed, i64)>) -> Result<(), StoreError> {
        on!(self, db => {
            sqlx::query("UPDATE mediator SET totp = $1, totp_step = $2 WHERE id = $3")
                .bind(secret.map(|(sealed, _)| sealed.as_bytes()))
                .bind(secret.map_or(0, |(_, step)| step))
                .bind(id)
                .execute(db.write().await?.connection()?)
                .await?
                .rows_affected()
        });
        Ok(())
    }
}

/// How long the next password has to wait.
fn pause(failures: i64) -> Option<Duration> {
    let over = u32::try_from(failures - FREE_TRIES).ok()?;
    Some(Duration::minutes(2_i64.saturating_pow(over).min(60)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_guesses_waits_longer_and_longer() {
        let minutes: Vec<Option<i64>> = [1, 4, 5, 6, 7, 10, 11, 40, 400].into_iter().map(|failures| pause(failures).map(|pause| pause.num_minutes())).collect();
        assert_eq!(minutes, [None, None, Some(1), Some(2), Some(4), Some(32), Some(60), Some(60), Some(60)]);
    }

    #[tokio::test]
    async fn nobody_stays_in_longer_than_they_may() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("t.sqlite")).await.unwrap();
        let now: DateTime<Utc> = "2026-11-23T10:00:00Z".parse().unwrap();
        assert!(store.invite("Ana", Role::Mediator, &[1; 32], now).await.unwrap());
        assert!(!store.invite("Ana", Role::Operator, &[2; 32], now).await.unwrap(), "she is known");
        assert!(store.invited(&[1; 32], now).await.unwrap().is_none(), "the first link is void");
        assert!(store.accept_invitation(&[2; 32], "hash", "pin", Language::Nl, now).await.unwrap());
        assert!(!store.accept_invitation(&[2; 32], "other", "pin", Language::Nl, now).await.unwrap(), "used twice");
        let ana = store.mediator("Ana").await.unwrap().unwrap();
        assert_eq!((ana.role, ana.password.as_deref(), ana.language), (Role::Mediator, Some("hash"), Language::Nl));
        assert!(store.begin_desk_session(ana.id, &[3; 32], None, now).await.unwrap());
        let is_in = async |at: DateTime<Utc>| store.desk_session(&[3; 32], at).await.unwrap().is_some();
        let mut at = now;
        while at < now + LONGEST {
            assert!(is_in(at).await, "{at}");
            at += Duration::minutes(29);
        }
        assert!(!is_in(now + LONGEST + Duration::seconds(1)).await);
        assert!(!is_in(now).await, "it is over for good");
        assert!(store.begin_desk_session(ana.id, &[4; 32], Some(7), now).await.unwrap());
        assert!(!store.begin_desk_session(ana.id, &[5; 32], Some(7), now).await.unwrap(), "a one-time code counts once");
        assert!(store.desk_session(&[4; 32], now + IDLE + Duration::seconds(1)).await.unwrap().is_none());
        assert!(store.remove_mediator("Ana").await.unwrap());
        assert!(!store.remove_mediator("Ana").await.unwrap());
    }
}
