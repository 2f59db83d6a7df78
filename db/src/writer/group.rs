//! What a group of turns writes: a few statements with many rows each, in one transaction.

use std::collections::{BTreeMap, HashMap};

use directory::answer::Note;
use sqlx::{AssertSqlSafe, Row};

use super::Committed;
use super::wish::Wishes;
use crate::StoreError;
use crate::budget::{Allowed, Ledger};
use crate::fail_point;
use crate::journal::{SenderHash, Turn};
use crate::statement::{blocks, padded, placeholders, rows, without_nul};
use crate::store::{Kind, Store, Work, within};

/// A message by its channel and carrier id.
type Message<'a> = (&'static str, &'a str);

impl Store {
    /// Keeps turns in one transaction; an outcome each, in order.
    pub(crate) async fn keep(&self, turns: &[&Turn]) -> Result<Vec<Committed>, StoreError> {
        fail_point::reach("writer::before-transaction");
        let mut work = self.begin(Kind::Turns).await?;
        let mut said = answers_before(&mut work, turns).await?;
        let mut ledger = Ledger::open(&mut work, turns.iter().filter_map(|turn| turn.charge.as_ref())).await?;
        let mut wishes = Wishes::open(&mut work, turns).await?;
        let mut group = Group::default();
        let mut outcomes = Vec::with_capacity(turns.len());
        for &turn in turns {
            let message = (turn.channel, turn.carrier_id.as_str());
            if let Some(before) = said.get(&message) {
                outcomes.push(Committed::Before(before.clone()));
                continue;
            }
            if let Some(silence) = wishes.take(turn) {
                said.insert(message, silence.to_owned());
                group.turns.push((turn, silence));
                outcomes.push(Committed::Limited(silence.to_owned()));
                continue;
            }
            let (answer, outcome) = match turn.charge.as_ref().map(|charge| (charge, ledger.spend(charge))) {
                Some((charge, Allowed::Notice)) => (&charge.notice, Committed::Limited(charge.notice.clone())),
                Some((charge, Allowed::Silence)) => (&charge.silence, Committed::Limited(charge.silence.clone())),
                Some((_, Allowed::Answer)) | None => (&turn.answer, Committed::New),
            };
            group.turns.push((turn, answer));
            if outcome == Committed::New {
                group.remember(turn)?;
            }
            said.insert(message, answer.clone());
            outcomes.push(outcome);
        }
        ledger.close(&mut work).await?;
        group.write(&mut work).await?;
        wishes.write(&mut work, self.dialect()).await?;
        fail_point::reach("writer::before-commit");
        work.commit().await?;
        fail_point::reach("writer::after-commit");
        Ok(outcomes)
    }
}

/// What was said to those of the messages that were answered before.
async fn answers_before<'a>(work: &mut Work, turns: &[&'a Turn]) -> Result<HashMap<Message<'a>, String>, StoreError> {
    let mut channels: BTreeMap<&'static str, Vec<&'a str>> = BTreeMap::new();
    for turn in turns {
        channels.entry(turn.channel).or_default().push(&turn.carrier_id);
    }
    let mut said = HashMap::new();
    for (channel, ids) in channels {
        for part in padded(&ids) {
            let text = format!("SELECT carrier_id, answer FROM turn WHERE channel = $1 AND carrier_id IN ({})", placeholders(2, part.len()));
            let known: Vec<(String, String)> = within!(work, connection => {
                let query = part.iter().fold(sqlx::query(AssertSqlSafe(text)).bind(channel), |query, id| query.bind(*id));
                query.fetch_all(connection).await?.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect::<Result<_, sqlx::Error>>()?
            });
            for (id, answer) in known {
                if let Some(id) = part.iter().find(|asked| **asked == id) {
                    said.insert((channel, *id), answer);
                }
            }
        }
    }
    Ok(said)
}

/// The rows of a group. Within it the last word counts: no statement may touch one row twice.
#[derive(Debug, Default)]
struct Group<'a> {
    turns: Vec<(&'a Turn, &'a str)>,
    /// State and expiry of each conversation; `None` for one to forget.
    sessions: BTreeMap<(&'static str, &'a SenderHash), Option<(String, i64)>>,
    /// By day, channel, theme and postal code.
    unmet: BTreeMap<(String, &'static str, &'static str, &'a str), i64>,
    /// By day, channel and code.
    doubts: BTreeMap<(String, &'static str, String), i64>,
}

impl<'a> Group<'a> {
    /// Notes what an answered turn leaves behind.
    fn remember(&mut self, turn: &'a Turn) -> Result<(), StoreError> {
        if let Some(sender) = &turn.forget {
            self.sessions.insert((turn.channel, sender), None);
        }
        if let (Some(sender), Some((session, expires))) = (&turn.sender, &turn.session) {
            let state = serde_json::to_string(session).map_err(|error| StoreError::unreadable("session", error))?;
            self.sessions.insert((turn.channel, sender), Some((state, expires.timestamp())));
        }
        for note in &turn.notes {
            let day = turn.received.date_naive().to_string();
            match note {
                Note::Unmet { theme, postal_code } => {
                    let key = (day, turn.channel, theme.map_or("", directory::theme::Theme::id), postal_code.as_deref().unwrap_or_default());
                    *self.unmet.entry(key).or_default() += 1;
                }
                Note::Doubt(code) => *self.doubts.entry((day, turn.channel, code.to_string())).or_default() += 1,
            }
        }
        Ok(())
    }

    async fn write(&self, work: &mut Work) -> Result<(), StoreError> {
        for block in blocks(&self.turns) {
            let text = format!("INSERT INTO turn (channel, carrier_id, received_at, sender, text, intent, answer) VALUES {}", rows(block.len(), 7));
            within!(work, connection => {
                let query = block.iter().fold(sqlx::query(AssertSqlSafe(text)), |query, (turn, answer)| {
                    query
                        .bind(turn.channel)
                        .bind(&turn.carrier_id)
                        .bind(turn.received.timestamp())
                        .bind(turn.sender.as_ref().map(<[u8; 32]>::as_slice))
                        .bind(turn.text.as_deref().map(without_nul))
                        .bind(turn.intent)
                        .bind(without_nul(answer))
                });
                query.execute(connection).await?;
            });
        }
        fail_point::reach("writer::after-insert");
        self.write_sessions(work).await?;
        for ((day, channel, theme, postal_code), count) in &self.unmet {
            within!(work, connection => {
                sqlx::query("INSERT INTO unmet (day, channel, theme, postal_code, count) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (day, channel, theme, postal_code) DO UPDATE SET count = unmet.count + excluded.count")
                    .bind(day)
                    .bind(*channel)
                    .bind(*theme)
                    .bind(*postal_code)
                    .bind(*count)
                    .execute(connection)
                    .await?;
            });
        }
        for ((day, channel, code), count) in &self.doubts {
            within!(work, connection => {
                sqlx::query("INSERT INTO doubt (day, channel, code, count) VALUES ($1, $2, $3, $4) ON CONFLICT (day, channel, code) DO UPDATE SET count = doubt.count + excluded.count")
                    .bind(day)
                    .bind(*channel)
                    .bind(code)
                    .bind(*count)
                    .execute(connection)
                    .await?;
            });
        }
        Ok(())
    }

    async fn write_sessions(&self, work: &mut Work) -> Result<(), StoreError> {
        let mut kept = Vec::with_capacity(self.sessions.len());
        for ((channel, sender), session) in &self.sessions {
            match session {
                Some((state, expires)) => kept.push((*channel, *sender, state, *expires)),
                None => within!(work, connection => {
                    sqlx::query("DELETE FROM session WHERE channel = $1 AND sender = $2").bind(*channel).bind(sender.as_slice()).execute(connection).await?;
                }),
            }
        }
        for block in blocks(&kept) {
            let text = format!(
                "INSERT INTO session (channel, sender, state, expires_at) VALUES {} ON CONFLICT (channel, sender) DO UPDATE SET state = excluded.state, expires_at = excluded.expires_at",
                rows(block.len(), 4)
            );
            within!(work, connection => {
                let query = block
                    .iter()
                    .fold(sqlx::query(AssertSqlSafe(text)), |query, (channel, sender, state, expires)| query.bind(*channel).bind(sender.as_slice()).bind(*state).bind(*expires));
                query.execute(connection).await?;
            });
        }
        Ok(())
    }
}
