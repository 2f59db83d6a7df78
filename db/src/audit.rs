//! Who did what at the desk: accounts, numbers of visitors looked at, figures taken away. Nothing of visitors
//! themselves.

use chrono::{DateTime, Duration, Utc};
use directory::closed_list;
use sqlx::Row;

use crate::StoreError;
use crate::dialect::WorkKind;
use crate::store::{Store, on, within};

/// Kept this long.
pub const RETENTION: Duration = Duration::days(365);

/// The counter that numbers entries.
const NUMBERS: &str = "audit";

closed_list! {
    /// What was done.
    Action {
        /// Somebody came in.
        Login = "login",
        /// A wrong name, password or one-time code; what was typed is not kept.
        WrongLogin = "wrong-login",
        /// Five wrong codes at a locked desk ended a session.
        WrongPins = "wrong-pins",
        /// A wrong password or code where somebody who was in wanted to change their account.
        WrongPassword = "wrong-password",
        /// Somebody chose a password with a link.
        Begun = "begun",
        /// An account was opened.
        Invited = "invited",
        /// A link to a new password was made for an account that had one.
        NewLink = "new-link",
        /// An operator asked for what needs a second one.
        Asked = "asked",
        /// An account was closed.
        Removed = "removed",
        /// An account may do something else now.
        Role = "role",
        /// One-time codes are asked for from now on.
        CodesOn = "codes-on",
        /// And no longer.
        CodesOff = "codes-off",
        /// A new code for the lock.
        NewPin = "new-pin",
        /// A person agreed to appear.
        Consent = "consent",
        /// A person took that back.
        Withdrawn = "withdrawn",
        /// The list of who waits for a call was opened.
        Calls = "calls",
        /// One of their numbers was shown.
        Number = "number",
        /// A voice message was listened to.
        Voice = "voice",
        /// Figures were taken away as a table.
        Export = "export",
    }
}

impl Action {
    /// What it is done to.
    pub fn object(self) -> &'static str {
        match self {
            Self::Consent | Self::Withdrawn => "entry",
            Self::Calls | Self::Number | Self::Voice => "calls",
            Self::Export => "figures",
            _ => "account",
        }
    }
}

/// One line of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deed {
    /// When.
    pub at: DateTime<Utc>,
    /// The number of the account that did it; nothing for the command line, and where nobody came in.
    pub mediator: Option<i64>,
    /// What.
    pub action: Action,
    /// The number of the account it was done to, where it was one.
    pub account: Option<i64>,
    /// The code of the entry, where it was one.
    pub code: Option<String>,
}

impl Deed {
    /// What that account did.
    pub fn of(mediator: i64, action: Action, at: DateTime<Utc>) -> Self {
        Self { at, mediator: Some(mediator), action, account: None, code: None }
    }

    /// What was done without an account.
    pub fn bare(action: Action, at: DateTime<Utc>) -> Self {
        Self { at, mediator: None, action, account: None, code: None }
    }

    /// The same, done to that account.
    #[must_use]
    pub fn to(self, account: i64) -> Self {
        Self { account: Some(account), ..self }
    }
}

impl Store {
    /// Keeps a line.
    pub async fn audit(&self, deed: &Deed) -> Result<(), StoreError> {
        let mut work = self.begin(WorkKind::Turns).await?;
        let id = work.next_number(NUMBERS).await?;
        within!(&mut work, connection => {
            sqlx::query(
                "INSERT INTO audit (id, at, mediator, action, object, account, code) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7)",
            )
            .bind(id)
            .bind(deed.at.timestamp())
            .bind(deed.mediator)
            .bind(deed.action.id())
            .bind(deed.action.object())
            .bind(deed.account)
            .bind(&deed.code)
            .execute(connection)
            .await?
            .rows_affected()
        });
        work.commit().await
    }

    /// The last lines before that number, the newest first, at most so many. What this program cannot read is left out.
    pub async fn audited(&self, before: Option<i64>, most: i64) -> Result<Vec<(i64, Deed)>, StoreError> {
        on!(self, db => {
            let rows = sqlx::query(
                "SELECT id, at, mediator, action, account, code FROM audit WHERE id < $1 ORDER BY id DESC LIMIT $2",
            )
            .bind(before.unwrap_or(i64::MAX))
            .bind(most)
            .fetch_all(&mut *db.read().await?)
            .await?;
            let deeds = rows.iter().map(|row| {
                let Some(action) = Action::from_id(row.try_get(3)?) else { return Ok(None) };
                let at = DateTime::from_timestamp(row.try_get(1)?, 0).unwrap_or_default();
                let deed =
                    Deed { at, mediator: row.try_get(2)?, action, account: row.try_get(4)?, code: row.try_get(5)? };
                Ok(Some((row.try_get(0)?, deed)))
            });
            Ok(deeds.filter_map(Result::transpose).collect::<Result<_, sqlx::Error>>()?)
        })
    }

    /// When others than its owner made a link to a new password of that account since then, and who, the newest first.
    pub async fn links_made(
        &self,
        account: i64,
        since: DateTime<Utc>,
    ) -> Result<Vec<(DateTime<Utc>, Option<i64>)>, StoreError> {
        on!(self, db => {
            let rows = sqlx::query(
                "SELECT at, mediator FROM audit WHERE account = $1 AND action = $2 AND at > $3 \
                 AND (mediator IS NULL OR mediator <> $4) ORDER BY id DESC",
            )
            .bind(account)
            .bind(Action::NewLink.id())
            .bind(since.timestamp())
            .bind(account)
            .fetch_all(&mut *db.read().await?)
            .await?;
            let links = rows
                .iter()
                .map(|row| Ok((DateTime::from_timestamp(row.try_get(0)?, 0).unwrap_or_default(), row.try_get(1)?)));
            Ok(links.collect::<Result<_, sqlx::Error>>()?)
        })
    }
}
