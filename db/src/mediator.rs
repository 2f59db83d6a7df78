//! Who works at the desk: accounts, the links with which they begin, and who is there now.
//!
//! Tokens come from the caller, by chance; only their hashes are kept.

use chrono::{DateTime, Duration, Utc};
use directory::closed_list;
use directory::language::Language;
use sqlx::Row;

use crate::StoreError;
use crate::dialect::WorkKind;
use crate::person::Sealed;
use crate::store::{Store, on, within};

/// An invitation that nobody used within this is void.
pub const INVITED: Duration = Duration::days(2);

/// Nobody stays in without a click for longer than this.
pub const IDLE: Duration = Duration::minutes(30);

/// Nobody stays in longer than this.
pub const MAX_SESSION: Duration = Duration::hours(12);

/// A desk that nobody asked anything of for this long is locked.
pub const LOCKS: Duration = Duration::minutes(5);

/// That somebody was seen is kept this often.
const SEEN_AGAIN: Duration = Duration::seconds(15);

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

/// What is kept of a token.
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
    /// Their code for the lock has as many digits as one must have now.
    pub has_long_pin: bool,
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

/// Reads an account from the columns of `mediator`, by their names.
macro_rules! mediator {
    ($row:expr) => {
        Mediator {
            id: $row.try_get("id")?,
            name: $row.try_get("name")?,
            // A role that this program does not know may do what the least of them may.
            role: Role::from_id($row.try_get("role")?).unwrap_or(Role::Editor),
            password: $row.try_get("password")?,
            pin: $row.try_get("pin")?,
            totp: $row.try_get::<Option<Vec<u8>>, _>("totp")?.map(Sealed::new),
            totp_step: $row.try_get("totp_step")?,
            language: Language::from_code($row.try_get("language")?).unwrap_or_default(),
            has_long_pin: $row.try_get::<Option<i64>, _>("pin_long")?.is_some_and(|long| long != 0),
        }
    };
}

impl Store {
    /// All accounts, by name.
    pub async fn mediators(&self) -> Result<Vec<Mediator>, StoreError> {
        let text = "SELECT m.id, m.name, m.role, m.password, m.pin, m.totp, m.totp_step, m.language, \
                    m.pin_long FROM mediator m ORDER BY m.name";
        on!(self, db => {
            let rows = sqlx::query(text).fetch_all(&mut *db.read().await?).await?;
            Ok(rows.iter().map(|row| Ok(mediator!(row))).collect::<Result<_, sqlx::Error>>()?)
        })
    }

    /// The account with that name.
    pub async fn mediator(&self, name: &str) -> Result<Option<Mediator>, StoreError> {
        let text = "SELECT m.id, m.name, m.role, m.password, m.pin, m.totp, m.totp_step, m.language, \
                    m.pin_long FROM mediator m WHERE m.name = $1";
        on!(self, db => {
            let row = sqlx::query(text).bind(name).fetch_optional(&mut *db.read().await?).await?;
            Ok(row.map(|row| Ok::<_, sqlx::Error>(mediator!(row))).transpose()?)
        })
    }

    /// Makes an account without a password and gives it an invitation; whoever has the name already keeps their role
    /// and password and is given the invitation alone. False for them.
    pub async fn invite(
        &self,
        name: &str,
        role: Role,
        token: &TokenHash,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let mut work = self.begin(WorkKind::Turns).await?;
        let known: Option<i64> = within!(&mut work, connection => {
            let row = sqlx::query("SELECT id FROM mediator WHERE name = $1")
                .bind(name)
                .fetch_optional(connection)
                .await?;
            row.map(|row| row.try_get(0)).transpose()?
        });
        let id = if let Some(id) = known {
            id
        } else {
            let id = work.next_number(NUMBERS).await?;
            within!(&mut work, connection => {
                sqlx::query(
                    "INSERT INTO mediator (id, name, role, totp_step, language, failures, barred_until, \
                     made_at) VALUES ($1, $2, $3, 0, $4, 0, 0, $5)",
                )
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
        within!(&mut work, connection => sqlx::query("DELETE FROM invitation WHERE mediator = $1")
            .bind(id)
            .execute(connection)
            .await?
            .rows_affected());
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
        let text = "SELECT m.id, m.name, m.role, m.password, m.pin, m.totp, m.totp_step, m.language, \
                    m.pin_long FROM invitation i JOIN mediator m ON m.id = i.mediator WHERE i.token = $1 \
                    AND i.until > $2";
        on!(self, db => {
            let row = sqlx::query(text)
                .bind(token.as_slice())
                .bind(now.timestamp())
                .fetch_optional(&mut *db.read().await?)
                .await?;
            Ok(row.map(|row| Ok::<_, sqlx::Error>(mediator!(row))).transpose()?)
        })
    }

    /// Uses an invitation up: the password counts from now on, and whoever was in under the old one is out. False where
    /// it was used before, or is void.
    pub async fn accept_invitation(
        &self,
        token: &TokenHash,
        password: &str,
        pin: &str,
        language: Language,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let mut work = self.begin(WorkKind::Turns).await?;
        let id: Option<i64> = within!(&mut work, connection => {
            let row = sqlx::query("DELETE FROM invitation WHERE token = $1 AND until > $2 RETURNING mediator")
                .bind(token.as_slice())
                .bind(now.timestamp())
                .fetch_all(connection)
                .await?;
            row.first().map(|row| row.try_get(0)).transpose()?
        });
        let Some(id) = id else { return Ok(false) };
        within!(&mut work, connection => {
            sqlx::query(
                "UPDATE mediator SET password = $1, pin = $2, pin_long = 1, language = $3, totp = NULL, \
                 totp_step = 0 WHERE id = $4",
            )
            .bind(password)
            .bind(pin)
            .bind(language.code())
            .bind(id)
            .execute(connection)
            .await?
            .rows_affected()
        });
        within!(&mut work, connection => sqlx::query("DELETE FROM desk_session WHERE mediator = $1")
            .bind(id)
            .execute(connection)
            .await?
            .rows_affected());
        work.commit().await?;
        Ok(true)
    }

    /// Removes an account; whoever is in under it is out at once. False where there is none.
    pub async fn remove_mediator(&self, name: &str) -> Result<bool, StoreError> {
        let mut work = self.begin(WorkKind::Turns).await?;
        for text in [
            "DELETE FROM desk_session WHERE mediator IN (SELECT id FROM mediator WHERE name = $1)",
            "DELETE FROM invitation WHERE mediator IN (SELECT id FROM mediator WHERE name = $1)",
            "DELETE FROM typed_form WHERE mediator IN (SELECT id FROM mediator WHERE name = $1)",
            "DELETE FROM operator_request WHERE account IN (SELECT id FROM mediator WHERE name = $1)",
            "DELETE FROM operator_request WHERE asked_by IN (SELECT id FROM mediator WHERE name = $1)",
        ] {
            within!(&mut work, connection => sqlx::query(text).bind(name).execute(connection).await?.rows_affected());
        }
        let removed = within!(&mut work, connection => sqlx::query("DELETE FROM mediator WHERE name = $1")
            .bind(name)
            .execute(connection)
            .await?
            .rows_affected());
        work.commit().await?;
        Ok(removed > 0)
    }

    /// Lets somebody in. With `totp_step`, the code of that step was used: false where it, or a later one, was used
    /// before.
    pub async fn begin_desk_session(
        &self,
        id: i64,
        token: &TokenHash,
        totp_step: Option<i64>,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let mut work = self.begin(WorkKind::Turns).await?;
        let step = totp_step.unwrap_or(i64::MAX);
        let fresh = within!(&mut work, connection => {
            sqlx::query(
                "UPDATE mediator SET totp_step = CASE WHEN $1 = $2 THEN totp_step ELSE $3 END \
                 WHERE id = $4 AND totp_step < $5",
            )
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
            sqlx::query(
                "INSERT INTO desk_session (token, mediator, begun_at, seen_at, locked, tries, work) \
                 VALUES ($1, $2, $3, $4, 0, 0, '{}')",
            )
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

    /// Who is in with this token; nobody after [`IDLE`] without a click, or [`MAX_SESSION`]. Locks the desk after
    /// [`LOCKS`] without one. With `is_click`, keeps that they were seen, a few times a minute at most: a page that
    /// looks again by itself is no click.
    pub async fn desk_session(
        &self,
        token: &TokenHash,
        is_click: bool,
        now: DateTime<Utc>,
    ) -> Result<Option<DeskSession>, StoreError> {
        let text = "SELECT m.id, m.name, m.role, m.password, m.pin, m.totp, m.totp_step, m.language, \
                    m.pin_long, s.begun_at, s.seen_at, s.locked, s.tries, s.work FROM desk_session s \
                    JOIN mediator m ON m.id = s.mediator WHERE s.token = $1";
        let found: Option<(DeskSession, DateTime<Utc>)> = on!(self, db => {
            let row = sqlx::query(text).bind(token.as_slice()).fetch_optional(&mut *db.read().await?).await?;
            row.map(|row| {
                let instant = |column: &str| {
                    row.try_get::<i64, _>(column)
                        .map(|seconds| DateTime::from_timestamp(seconds, 0).unwrap_or_default())
                };
                let session = DeskSession {
                    mediator: mediator!(row),
                    begun_at: instant("begun_at")?,
                    is_locked: row.try_get::<i64, _>("locked")? != 0,
                    tries: row.try_get("tries")?,
                    work: row.try_get("work")?,
                };
                Ok::<_, sqlx::Error>((session, instant("seen_at")?))
            })
            .transpose()?
        });
        let Some((mut session, seen)) = found else { return Ok(None) };
        // A clock that was set back makes nobody stay longer: what began in the future is over.
        let is_over =
            now - seen > IDLE || now - session.begun_at > MAX_SESSION || session.begun_at > now + Duration::minutes(5);
        if is_over {
            self.end_desk_session(token).await?;
            return Ok(None);
        }
        if now - seen > LOCKS && !session.is_locked {
            self.lock_desk(token).await?;
            session.is_locked = true;
        }
        if is_click && now - seen >= SEEN_AGAIN {
            on!(self, db => sqlx::query("UPDATE desk_session SET seen_at = $1 WHERE token = $2")
                .bind(now.timestamp())
                .bind(token.as_slice())
                .execute(db.write().await?.connection()?)
                .await?
                .rows_affected());
        }
        Ok(Some(session))
    }

    /// Somebody leaves.
    pub async fn end_desk_session(&self, token: &TokenHash) -> Result<(), StoreError> {
        on!(self, db => sqlx::query("DELETE FROM desk_session WHERE token = $1")
            .bind(token.as_slice())
            .execute(db.write().await?.connection()?)
            .await?
            .rows_affected());
        Ok(())
    }

    /// Locks the desk. One that is locked stays as it is: wrong codes are not forgotten.
    pub async fn lock_desk(&self, token: &TokenHash) -> Result<(), StoreError> {
        on!(self, db => {
            sqlx::query("UPDATE desk_session SET locked = 1, tries = 0 WHERE token = $1 AND locked = 0")
                .bind(token.as_slice())
                .execute(db.write().await?.connection()?)
                .await?
                .rows_affected()
        });
        Ok(())
    }

    /// Opens a locked desk: the code was right.
    pub async fn unlock_desk(&self, token: &TokenHash) -> Result<(), StoreError> {
        on!(self, db => {
            sqlx::query("UPDATE desk_session SET locked = 0, tries = 0 WHERE token = $1")
                .bind(token.as_slice())
                .execute(db.write().await?.connection()?)
                .await?
                .rows_affected()
        });
        Ok(())
    }

    /// Counts a wrong code at a locked desk; how many there were.
    pub async fn count_wrong_pin(&self, token: &TokenHash) -> Result<i64, StoreError> {
        on!(self, db => {
            let rows = sqlx::query("UPDATE desk_session SET tries = tries + 1 WHERE token = $1 RETURNING tries")
                .bind(token.as_slice())
                .fetch_all(db.write().await?.connection()?)
                .await?;
            Ok(rows.first().map_or(Ok(0), |row| row.try_get(0))?)
        })
    }

    /// Keeps what somebody at the desk is at.
    pub async fn keep_work(&self, token: &TokenHash, work: &str) -> Result<(), StoreError> {
        on!(self, db => sqlx::query("UPDATE desk_session SET work = $1 WHERE token = $2")
            .bind(work)
            .bind(token.as_slice())
            .execute(db.write().await?.connection()?)
            .await?
            .rows_affected());
        Ok(())
    }

    /// The language in which somebody reads the desk's pages.
    pub async fn set_desk_language(&self, id: i64, language: Language) -> Result<(), StoreError> {
        on!(self, db => sqlx::query("UPDATE mediator SET language = $1 WHERE id = $2")
            .bind(language.code())
            .bind(id)
            .execute(db.write().await?.connection()?)
            .await?
            .rows_affected());
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

    /// The hash of somebody's new code for the lock, long enough.
    pub async fn set_pin(&self, id: i64, pin: &str) -> Result<(), StoreError> {
        on!(self, db => {
            sqlx::query("UPDATE mediator SET pin = $1, pin_long = 1 WHERE id = $2")
                .bind(pin)
                .bind(id)
                .execute(db.write().await?.connection()?)
                .await?
                .rows_affected()
        });
        Ok(())
    }

    /// What somebody may do, from now on.
    pub async fn set_role(&self, id: i64, role: Role) -> Result<(), StoreError> {
        on!(self, db => {
            sqlx::query("UPDATE mediator SET role = $1 WHERE id = $2")
                .bind(role.id())
                .bind(id)
                .execute(db.write().await?.connection()?)
                .await?
                .rows_affected()
        });
        Ok(())
    }

    /// Asks for something about an account that takes two operators. True where another one asked for the same within
    /// [`INVITED`]: both agree, and their asking is over.
    pub async fn agree(&self, account: i64, what: &str, by: i64, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let mut work = self.begin(WorkKind::Turns).await?;
        let agreed = within!(&mut work, connection => {
            sqlx::query(
                "DELETE FROM operator_request WHERE account = $1 AND what = $2 AND asked_by <> $3 \
                 AND asked_at > $4",
            )
            .bind(account)
            .bind(what)
            .bind(by)
            .bind((now - INVITED).timestamp())
            .execute(connection)
            .await?
            .rows_affected()
        });
        if agreed == 0 {
            within!(&mut work, connection => {
                sqlx::query(
                    "INSERT INTO operator_request (account, what, asked_by, asked_at) VALUES ($1, $2, $3, $4) \
                     ON CONFLICT (account, what) DO UPDATE SET asked_by = excluded.asked_by, \
                     asked_at = excluded.asked_at",
                )
                .bind(account)
                .bind(what)
                .bind(by)
                .bind(now.timestamp())
                .execute(connection)
                .await?
                .rows_affected()
            });
        }
        work.commit().await?;
        Ok(agreed > 0)
    }

    /// What operators asked for that waits for a second one: the account, what, who asked.
    pub async fn asked(&self, now: DateTime<Utc>) -> Result<Vec<(i64, String, i64)>, StoreError> {
        on!(self, db => {
            let rows = sqlx::query("SELECT account, what, asked_by FROM operator_request WHERE asked_at > $1")
                .bind((now - INVITED).timestamp())
                .fetch_all(&mut *db.read().await?)
                .await?;
            let mut asked: Vec<(i64, String, i64)> = rows
                .iter()
                .map(|row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?)))
                .collect::<Result<_, sqlx::Error>>()?;
            asked.sort_unstable();
            Ok(asked)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let is_in = async |at: DateTime<Utc>| store.desk_session(&[3; 32], true, at).await.unwrap().is_some();
        let mut at = now;
        while at < now + MAX_SESSION {
            assert!(is_in(at).await, "{at}");
            at += Duration::minutes(29);
        }
        assert!(!is_in(now + MAX_SESSION + Duration::seconds(1)).await);
        assert!(!is_in(now).await, "it is over for good");
        assert!(store.begin_desk_session(ana.id, &[4; 32], Some(7), now).await.unwrap());
        assert!(
            !store.begin_desk_session(ana.id, &[5; 32], Some(7), now).await.unwrap(),
            "a one-time code counts once"
        );
        assert!(store.desk_session(&[4; 32], true, now + IDLE + Duration::seconds(1)).await.unwrap().is_none());
        assert!(store.remove_mediator("Ana").await.unwrap());
        assert!(!store.remove_mediator("Ana").await.unwrap());
    }

    #[tokio::test]
    async fn wrong_codes_are_forgotten_for_the_right_one_only() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("t.sqlite")).await.unwrap();
        let now: DateTime<Utc> = "2026-11-23T10:00:00Z".parse().unwrap();
        store.invite("Ana", Role::Mediator, &[2; 32], now).await.unwrap();
        let ana = store.mediator("Ana").await.unwrap().unwrap();
        store.begin_desk_session(ana.id, &[3; 32], None, now).await.unwrap();
        let session = async |at| {
            store.desk_session(&[3; 32], true, at).await.unwrap().map(|session| (session.is_locked, session.tries))
        };
        store.lock_desk(&[3; 32]).await.unwrap();
        assert_eq!(store.count_wrong_pin(&[3; 32]).await.unwrap(), 1);
        store.lock_desk(&[3; 32]).await.unwrap();
        assert_eq!(store.count_wrong_pin(&[3; 32]).await.unwrap(), 2);
        // Nor by being left alone.
        assert_eq!(session(now + Duration::minutes(6)).await, Some((true, 2)));
        store.unlock_desk(&[3; 32]).await.unwrap();
        assert_eq!(session(now + Duration::minutes(7)).await, Some((false, 0)));
        // Five minutes without a click lock it; a page that looks again by itself is none.
        assert_eq!(
            store
                .desk_session(&[3; 32], false, now + Duration::minutes(11))
                .await
                .unwrap()
                .map(|session| session.is_locked),
            Some(false)
        );
        assert_eq!(session(now + Duration::minutes(13)).await, Some((true, 0)));
    }

    #[tokio::test]
    async fn it_takes_two() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("t.sqlite")).await.unwrap();
        let now: DateTime<Utc> = "2026-11-23T10:00:00Z".parse().unwrap();
        let mut ids = Vec::new();
        for (number, name) in ["Ana", "Bob", "Cleo"].into_iter().enumerate() {
            store.invite(name, Role::Operator, &[u8::try_from(number).unwrap(); 32], now).await.unwrap();
            ids.push(store.mediator(name).await.unwrap().unwrap().id);
        }
        for _ in 0..3 {
            assert!(!store.agree(ids[0], "link", ids[1], now).await.unwrap(), "one is not two");
        }
        assert!(!store.agree(ids[0], "role editor", ids[2], now).await.unwrap(), "that is something else");
        assert_eq!(store.asked(now).await.unwrap().len(), 2);
        assert!(store.agree(ids[0], "link", ids[2], now).await.unwrap());
        assert!(!store.agree(ids[0], "link", ids[2], now).await.unwrap(), "it counted twice");
        assert!(
            !store.agree(ids[0], "link", ids[1], now + INVITED + Duration::seconds(1)).await.unwrap(),
            "it is too old"
        );
    }
}
