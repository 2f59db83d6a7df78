//! Personal data leaves when we say it does.

mod aged;

use chrono::{DateTime, Duration, Utc};

use crate::StoreError;
use crate::assistance;
use crate::backup;
use crate::call_back;
use crate::dialect::{TableGroup, WorkKind};
use crate::history;
use crate::outbox;
use crate::print_job;
use crate::store::{Engine, Store, within};
use crate::ticket;

/// Messages are kept this long, for disputes with a carrier and for deliveries that come twice.
pub const TURN_RETENTION: Duration = Duration::days(7);

/// Every key older than the newest one that has been in force for a whole day.
const DESTROY_KEYS: &str = "DELETE FROM sender_key WHERE begins_on < (SELECT max(begins_on) FROM sender_key \
                            WHERE begins_on < $1)";

/// A person who was not called in time is not forgotten without a word.
const COUNT_EXPIRED: &str = "INSERT INTO counter (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE \
                             SET value = counter.value + excluded.value";

/// What a purge erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Purged {
    /// Turns: the message, its sender's hash and its answer.
    pub turns: u64,
    /// Conversations.
    pub sessions: u64,
    /// Keys under which senders were hashed: what they hashed is linked to nobody any more.
    pub sender_keys: u64,
    /// Call-backs that nobody made in time, sealed requests that nobody opened among them.
    pub call_backs: u64,
    /// Numbers of slips that answer no more.
    pub tickets: u64,
    /// Slips that nobody printed in time: their records are forgotten.
    pub given_up: u64,
    /// Persons who had taken their agreement back, and were there all the same.
    pub withdrawn: u64,
}

impl Store {
    /// Erases turns older than [`TURN_RETENTION`], forgotten conversations, what was spent in an hour or a day that is
    /// over (it says who wrote, when and how much), call-backs and sealed requests that waited longer than
    /// [`call_back::RETENTION`] (these are counted), visits and counts older than [`crate::visit::RETENTION`], deliveries that
    /// were over a week ago, calls for assistance older than [`assistance::RETENTION`], tickets that expired, what is
    /// known of slips, and sender keys one day after a newer one came into force; takes what is over out of the index
    /// (yesterday's night may still be going on). Erases persons who took their agreement back, and the names of
    /// colleagues who left, from the history; and what a restored copy replaced, after [`backup::REPLACED_RETENTION`].
    /// The erased bytes are overwritten in the file, and the write-ahead log is emptied of them and of what others
    /// erased; on a server, the tables that held them are written anew.
    pub async fn purge(&self, now: DateTime<Utc>) -> Result<Purged, StoreError> {
        let mut work = self.begin(WorkKind::Turns).await?;
        let turns = within!(&mut work, connection => sqlx::query("DELETE FROM turn WHERE received_at < $1")
            .bind((now - TURN_RETENTION).timestamp())
            .execute(connection)
            .await?
            .rows_affected());
        let sessions = within!(&mut work, connection => sqlx::query("DELETE FROM session WHERE expires_at <= $1")
            .bind(now.timestamp())
            .execute(connection)
            .await?
            .rows_affected());
        crate::fail_point::reach("purge::middle");
        within!(&mut work, connection => sqlx::query("DELETE FROM budget WHERE until <= $1")
            .bind(now.timestamp())
            .execute(connection)
            .await?
            .rows_affected());
        let sender_keys = within!(&mut work, connection => sqlx::query(DESTROY_KEYS)
            .bind(now.date_naive().to_string())
            .execute(connection)
            .await?
            .rows_affected());
        let mut call_backs = 0;
        for statement in ["DELETE FROM call_back WHERE asked_at < $1", "DELETE FROM letter WHERE written_at < $1"] {
            call_backs += within!(&mut work, connection => sqlx::query(statement)
                .bind((now - call_back::RETENTION).timestamp())
                .execute(connection)
                .await?
                .rows_affected());
        }
        within!(&mut work, connection => sqlx::query("DELETE FROM ring WHERE rung_at <= $1")
            .bind((now - assistance::RETENTION).timestamp())
            .execute(connection)
            .await?
            .rows_affected());
        outbox::purge(&mut work, now).await?;
        aged::purge(&mut work, now).await?;
        history::forget_colleagues(&mut work, now).await?;
        if let Some(expired) = i64::try_from(call_backs).ok().filter(|expired| *expired > 0) {
            within!(&mut work, connection => sqlx::query(COUNT_EXPIRED)
                .bind(call_back::EXPIRED)
                .bind(expired)
                .execute(connection)
                .await?
                .rows_affected());
        }
        work.commit().await?;
        let (tickets, given_up) = self.purge_slips(now).await?;
        self.unlist_past(now).await?;
        let withdrawn = self.erase_withdrawn(now).await?;
        self.overwrite(TableGroup::Persons).await?;
        if let Engine::Sqlite(db) = &self.engine {
            backup::forget_replaced(db.path(), now).map_err(sqlx::Error::Io)?;
        }
        Ok(Purged { turns, sessions, sender_keys, call_backs, tickets, given_up, withdrawn })
    }

    /// Forgets tickets that expired and jobs that were over a week ago, and gives up what nobody printed in time. A job
    /// that left half a slip on the paper stays until the next one has mended it.
    async fn purge_slips(&self, now: DateTime<Utc>) -> Result<(u64, u64), StoreError> {
        let mut work = self.begin(WorkKind::Slips).await?;
        let tickets = within!(&mut work, connection => sqlx::query("DELETE FROM ticket WHERE made_at <= $1")
            .bind((now - ticket::RETENTION).timestamp())
            .execute(connection)
            .await?
            .rows_affected());
        let given_up = print_job::give_up(&mut work, now).await?;
        within!(&mut work, connection => sqlx::query(
            "DELETE FROM print_job WHERE finished_at < $1 AND paper = 'nothing'"
        )
        .bind((now - print_job::RETENTION).timestamp())
        .execute(connection)
        .await?
        .rows_affected());
        work.commit().await?;
        Ok((tickets, given_up))
    }

    /// Overwrites what was erased, as far as a program can. In a file that has happened already, but for the index of
    /// words and the log beside it; a server keeps dead rows until their tables are written anew.
    pub(crate) async fn overwrite(&self, part: TableGroup) -> Result<(), StoreError> {
        match &self.engine {
            Engine::Sqlite(db) => {
                if part == TableGroup::Directory {
                    db.merge_words().await?;
                }
                db.empty_log().await
            }
            Engine::Postgres(db) => db.overwrite(part).await,
        }
    }

    /// Where the engine keeps a log beside its file, takes out of it what was erased.
    pub(crate) async fn empty_log(&self) -> Result<(), StoreError> {
        match &self.engine {
            Engine::Sqlite(db) => db.empty_log().await,
            Engine::Postgres(_) => Ok(()),
        }
    }

    /// Takes what is over out of the index.
    async fn unlist_past(&self, now: DateTime<Utc>) -> Result<(), StoreError> {
        let mut work = self.begin(WorkKind::Directory).await?;
        let yesterday = now.date_naive().pred_opt().unwrap_or_default().to_string();
        let mut changed = 0;
        for statement in [
            "DELETE FROM listing WHERE rank IN (SELECT rank FROM record WHERE last_day < $1)",
            "DELETE FROM word WHERE rowid IN (SELECT rank FROM record WHERE last_day < $1)",
            "UPDATE record SET last_day = NULL WHERE last_day < $1",
        ] {
            changed += within!(&mut work, connection => sqlx::query(statement)
                .bind(&yesterday)
                .execute(connection)
                .await?
                .rows_affected());
        }
        if changed > 0 {
            work.begin_edition().await?;
        }
        work.commit().await
    }
}

#[cfg(test)]
mod tests {
    use directory::session::Session;

    use super::*;
    use crate::journal::{CarrierMessage, ConversationMemory, JournalEntry, KeptTurn};

    const SENDER: [u8; 32] = [0xA7; 32];

    fn turn(carrier_id: &str, received: DateTime<Utc>) -> JournalEntry {
        let message = CarrierMessage { channel: "sms", carrier_id: carrier_id.to_owned(), received };
        let until = received + Duration::minutes(30);
        let turn = KeptTurn {
            memory: ConversationMemory::Kept { sender: SENDER, session: Session::default(), until },
            text: Some(format!("a question about {carrier_id}")),
            intent: Some("search"),
            ..KeptTurn::bare(message, format!("the answer to {carrier_id}"))
        };
        turn.into()
    }

    #[tokio::test]
    async fn what_is_purged_is_gone_from_the_disk() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t.sqlite");
        let store = Store::open(&path).await.unwrap();
        let now: DateTime<Utc> = "2026-11-23T10:00:00Z".parse().unwrap();
        store.keep(&[&turn("OLDMESSAGE", now - Duration::days(8))]).await.unwrap();
        store.keep(&[&turn("NEWMESSAGE", now - Duration::days(6))]).await.unwrap();
        let on_disk = |needle: &[u8]| {
            std::fs::read_dir(folder.path()).unwrap().any(|file| {
                std::fs::read(file.unwrap().path()).unwrap().windows(needle.len()).any(|window| window == needle)
            })
        };
        assert!(on_disk(b"OLDMESSAGE"));
        assert_eq!(store.purge(now).await.unwrap(), Purged { turns: 1, sessions: 1, ..Purged::default() });
        assert!(!on_disk(b"OLDMESSAGE"), "an old message is still on the disk");
        assert!(store.answered("sms", "NEWMESSAGE").await.unwrap().is_some());
        assert_eq!(store.purge(now + Duration::days(2)).await.unwrap(), Purged { turns: 1, ..Purged::default() });
        assert!(!on_disk(&SENDER), "a sender is still on the disk");
    }
}
