//! Conversations going on. Those that are asked for at the same time are read together, in one statement: handing a
//! statement over costs more than the row it reads.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};

use chrono::{DateTime, Utc};
use directory::session::Session;
use sqlx::{AssertSqlSafe, Row};
use tokio::sync::oneshot::{self, error::TryRecvError};

use crate::StoreError;
use crate::edition::{EDITION, Edition};
use crate::person::SenderHash;
use crate::recall::{Asked, Recalled};
use crate::statement::{self, filled};
use crate::store::{Store, on};

/// The states read, by channel and sender.
type States = BTreeMap<(&'static str, SenderHash), (Arc<str>, i64)>;

impl Store {
    /// The conversation with this sender, unless it is forgotten; and the edition of the directory, which the
    /// same statement reads.
    pub async fn conversation(
        &self,
        channel: &'static str,
        sender: Option<&SenderHash>,
        now: DateTime<Utc>,
    ) -> Result<(Session, Edition), StoreError> {
        let recalled = self.recall(channel, sender.copied()).await?;
        let state = recalled.state.filter(|(_, expires)| *expires > now.timestamp());
        // A state written by another version of the program is forgotten, not an error.
        let session = state.and_then(|(state, _)| serde_json::from_str(&state).ok()).unwrap_or_default();
        Ok((session, Edition(recalled.edition)))
    }

    async fn recall(&self, channel: &'static str, sender: Option<SenderHash>) -> Result<Recalled, StoreError> {
        let waiting = |asked: Asked| self.reads.asked.lock().unwrap_or_else(PoisonError::into_inner).push(asked);
        loop {
            let (tell, mut told) = oneshot::channel();
            waiting(Asked { channel, sender, tell });
            let _reading = self.reads.reading.lock().await;
            match told.try_recv() {
                Ok(recalled) => return Ok(recalled),
                // Whoever read for us failed or was given up.
                Err(TryRecvError::Closed) => continue,
                Err(TryRecvError::Empty) => {}
            }
            let asked = std::mem::take(&mut *self.reads.asked.lock().unwrap_or_else(PoisonError::into_inner));
            let (states, edition) = self.read_states(&asked).await?;
            for Asked { channel, sender, tell } in asked {
                let state = sender.and_then(|sender| states.get(&(channel, sender)).cloned());
                // Who gave up does not hear it.
                let _ = tell.send(Recalled { state, edition });
            }
            if let Ok(recalled) = told.try_recv() {
                return Ok(recalled);
            }
        }
    }

    async fn read_states(&self, asked: &[Asked]) -> Result<(States, i64), StoreError> {
        let mut channels: BTreeMap<&'static str, Vec<SenderHash>> = BTreeMap::new();
        for Asked { channel, sender, .. } in asked {
            channels.entry(channel).or_default().extend(*sender);
        }
        let (mut states, mut edition) = (States::new(), 0);
        for (channel, senders) in channels {
            let senders = filled(&senders, [0; 32]);
            // One look at the whole key for each: a plan made when the table was small would read all of a channel.
            let text = format!(
                "SELECT asked.column1, (SELECT CAST(expires_at AS TEXT) || ' ' || state FROM session \
                 WHERE channel = $1 AND sender = asked.column1), CAST(0 AS BIGINT) FROM (VALUES {}) asked \
                 UNION ALL SELECT NULL, NULL, value FROM counter WHERE name = $2",
                statement::rows(3, senders.len(), 1)
            );
            let rows: Vec<(Option<Vec<u8>>, Option<String>, i64)> = on!(self, db => {
                let query = senders
                    .iter()
                    .fold(sqlx::query(AssertSqlSafe(text)).bind(channel).bind(EDITION), |query, sender| {
                        query.bind(sender.as_slice())
                    });
                let rows = query.fetch_all(&mut *db.read().await?).await?;
                rows.iter()
                    .map(|row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?)))
                    .collect::<Result<_, sqlx::Error>>()?
            });
            for (sender, state, number) in rows {
                let Some(sender) = sender else {
                    edition = number;
                    continue;
                };
                let sender = SenderHash::try_from(sender);
                if let (Ok(sender), Some((expires, state))) =
                    (sender, state.as_deref().and_then(|state| state.split_once(' ')))
                {
                    let expires = expires.parse().map_err(|error| StoreError::unreadable("session", error))?;
                    states.insert((channel, sender), (state.into(), expires));
                }
            }
        }
        Ok((states, edition))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::{CarrierMessage, ConversationMemory, JournalEntry, KeptTurn};

    const CHANNELS: [&str; 2] = ["sms", "chat"];

    fn channel(number: u8) -> &'static str {
        if number.is_multiple_of(3) { "chat" } else { "sms" }
    }

    fn session(number: u8) -> Session {
        let language = directory::language::Language::ALL[usize::from(number % 4)];
        Session { language: Some(language), ..Session::default() }
    }

    fn entry(number: u8, now: DateTime<Utc>) -> JournalEntry {
        let message = CarrierMessage { channel: channel(number), carrier_id: format!("SM{number}"), received: now };
        let until = now + chrono::Duration::minutes(30);
        let memory = ConversationMemory::Kept { sender: [number; 32], session: session(number), until };
        KeptTurn { memory, ..KeptTurn::bare(message, String::new()) }.into()
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn each_of_many_at_once_gets_its_own_conversation() {
        let folder = tempfile::tempdir().unwrap();
        let store = Arc::new(Store::open(&folder.path().join("t.sqlite")).await.unwrap());
        let now: DateTime<Utc> = "2026-11-23T10:00:00Z".parse().unwrap();
        let entries: Vec<JournalEntry> = (0..200).map(|number| entry(number, now)).collect();
        store.keep(&entries.iter().collect::<Vec<_>>()).await.unwrap();
        let asking: Vec<_> = (0_u8..200)
            .map(|number| {
                let store = Arc::clone(&store);
                let asking = tokio::spawn(async move {
                    let talk =
                        async |channel, at| store.conversation(channel, Some(&[number; 32]), at).await.unwrap().0;
                    assert_eq!(talk(channel(number), now).await, session(number));
                    // On another channel, and later, there is none.
                    let other = CHANNELS.into_iter().find(|other| *other != channel(number)).unwrap();
                    assert_eq!(talk(other, now).await, Session::default());
                    let later = now + chrono::Duration::minutes(30);
                    assert_eq!(talk(channel(number), later).await, Session::default());
                });
                // Some give up while they wait, or while they read for others.
                if number.is_multiple_of(7) {
                    asking.abort();
                }
                asking
            })
            .collect();
        for (number, asking) in asking.into_iter().enumerate() {
            let ended = asking.await;
            assert!(ended.is_ok() || number.is_multiple_of(7), "{ended:?}");
        }
    }
}
