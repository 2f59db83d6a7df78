//! What a group of turns writes: a few statements with many rows each, in one transaction.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use chrono::Datelike;
use directory::answer::Note;
use sqlx::{AssertSqlSafe, Row};

use super::Committed;
use super::wish::Wishes;
use crate::StoreError;
use crate::batch::{Batch, Value};
use crate::budget::{self, Allowed, Ledger, SWITCH};
use crate::dialect::WorkKind;
use crate::fail_point;
use crate::journal::{SenderHash, Turn};
use crate::outbox;
use crate::statement::{self, filled, placeholders, without_nul};
use crate::store::{Store, Work, within};

/// A message by its channel and carrier id.
type Message<'a> = (&'static str, &'a str);

impl Store {
    /// Keeps turns in one transaction; an outcome each, in order.
    pub(crate) async fn keep(&self, turns: &[&Turn]) -> Result<Vec<Committed>, StoreError> {
        fail_point::reach("writer::before-transaction");
        let mut work = self.enter(WorkKind::Turns).await?;
        let charged = turns.iter().filter_map(|turn| turn.charge.as_ref()).flat_map(|charge| &charge.budgets);
        let mut ledger = Ledger::of(charged.chain(turns.iter().flat_map(|turn| &turn.room)));
        let mut said = read_before(&mut work, turns, &mut ledger).await?;
        let mut wishes = Wishes::open(&mut work, turns).await?;
        let mut group = Group::default();
        let mut deliveries = Vec::new();
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
                group.forget(turn);
                outcomes.push(Committed::Limited { instead: silence.to_owned(), why: STOP });
                continue;
            }
            let joins = wishes.joins(turn);
            if joins && !ledger.has_one(&turn.room) {
                outcomes.push(Committed::Full);
                continue;
            }
            let (answer, outcome) = match turn.charge.as_ref().map(|charge| (charge, ledger.spend(charge))) {
                Some((charge, Allowed::Notice(why))) => {
                    deliveries.extend(&turn.notices);
                    limited(charge.notice.as_ref().unwrap_or(&charge.silence), why)
                }
                Some((charge, Allowed::Silence(why))) => limited(&charge.silence, why),
                Some((_, Allowed::Answer)) | None => (&turn.answer, Committed::New),
            };
            group.turns.push((turn, answer));
            if outcome == Committed::New {
                if joins {
                    ledger.take(&turn.room, 1);
                }
                // A call is promised by the answer, and by nothing else.
                wishes.promise(turn);
                group.remember(turn)?;
                deliveries.extend(&turn.deliveries);
            } else {
                group.forget(turn);
            }
            said.insert(message, answer.clone());
            outcomes.push(outcome);
        }
        let spent = ledger.changes();
        let rows = group.rows();
        let mut batch = Batch::new(self.dialect());
        budget::write(&spent, &mut batch);
        rows.write(&mut batch);
        if !wishes.is_empty() {
            wishes.write(&mut work, self.dialect()).await?;
            fail_point::reach("writer::after-wishes");
        }
        outbox::write(&mut work, &deliveries).await?;
        fail_point::reach("writer::before-commit");
        work.commit_with(batch).await?;
        fail_point::reach("writer::after-commit");
        Ok(outcomes)
    }
}

/// The name under which it is counted that a STOP was acknowledged before.
const STOP: &str = "stop";

fn limited<'a>(instead: &'a String, why: &'static str) -> (&'a String, Committed) {
    (instead, Committed::Limited { instead: instead.clone(), why })
}

/// What a group must know: what was said to those of its messages that were answered before, what is spent of its
/// budgets, and where the switch stands. One statement for each channel, the budgets with the first.
async fn read_before<'a>(work: &mut Work, turns: &[&'a Turn], ledger: &mut Ledger) -> Result<HashMap<Message<'a>, String>, StoreError> {
    let mut channels: BTreeMap<&'static str, Vec<&'a str>> = BTreeMap::new();
    for turn in turns {
        channels.entry(turn.channel).or_default().push(&turn.carrier_id);
    }
    let mut said = HashMap::new();
    let mut budgets: Vec<String> = ledger.keys().into_iter().map(ToOwned::to_owned).collect();
    let mut opening = work.opening();
    for (channel, ids) in channels {
        let (ids, keys) = (filled(&ids, ""), filled(&std::mem::take(&mut budgets), String::new()));
        let text = std::mem::take(&mut opening)
            + &format!(
                "SELECT 'said', asked.column1, (SELECT answer FROM turn WHERE channel = $1 AND carrier_id = asked.column1), CAST(0 AS BIGINT) FROM (VALUES {}) asked UNION ALL SELECT 'spent', key, '', spent FROM budget WHERE key IN ({}) UNION ALL SELECT 'switch', name, '', value FROM counter WHERE name = $2",
                statement::rows(3, ids.len(), 1),
                placeholders(3 + ids.len(), keys.len())
            );
        let known: Vec<(String, String, Option<String>, i64)> = within!(&mut *work, connection => {
            let query = sqlx::query(AssertSqlSafe(text)).bind(channel).bind(SWITCH);
            let query = ids.iter().fold(query, |query, id| query.bind(*id));
            let rows = keys.iter().fold(query, |query, key| query.bind(key.as_str())).fetch_all(connection).await?;
            rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?, row.try_get(3)?))).collect::<Result<_, sqlx::Error>>()?
        });
        for (what, key, answer, number) in known {
            match what.as_str() {
                "said" => {
                    if let (Some(id), Some(answer)) = (ids.iter().find(|asked| **asked == key), answer) {
                        said.insert((channel, *id), answer);
                    }
                }
                "spent" => ledger.note(&key, number),
                _ => ledger.note_switch(number),
            }
        }
    }
    Ok(said)
}

/// Day, channel, theme and postal code.
type Unmet<'a> = (String, &'static str, &'static str, &'a str);

/// Day, channel and code.
type Doubt = (String, &'static str, String);

/// The rows of a group. Within it the last word counts: no statement may touch one row twice.
#[derive(Debug, Default)]
struct Group<'a> {
    turns: Vec<(&'a Turn, &'a str)>,
    /// State and expiry of each conversation; `None` for one to forget.
    sessions: BTreeMap<(&'static str, &'a SenderHash), Option<(String, i64)>>,
    /// By day, channel, theme and postal code.
    unmet: BTreeMap<Unmet<'a>, i64>,
    /// By day, channel and code.
    doubts: BTreeMap<Doubt, i64>,
    /// The last day, by code.
    confirmed: BTreeMap<String, String>,
    /// By day, channel, and what came of it.
    counted: BTreeMap<(String, &'static str, &'a str), i64>,
}

impl<'a> Group<'a> {
    /// Notes whose conversation ends with a turn, whether its answer can be said or not.
    fn forget(&mut self, turn: &'a Turn) {
        if let Some(sender) = &turn.forget {
            self.sessions.insert((turn.channel, sender), None);
        }
    }

    /// Notes what an answered turn leaves behind.
    fn remember(&mut self, turn: &'a Turn) -> Result<(), StoreError> {
        self.forget(turn);
        if let (Some(sender), Some((session, expires))) = (&turn.sender, &turn.session) {
            let state = serde_json::to_string(session).map_err(|error| StoreError::unreadable("session", error))?;
            self.sessions.insert((turn.channel, sender), Some((state, expires.timestamp())));
        }
        if let Some(counted) = &turn.counted {
            *self.counted.entry((turn.received.date_naive().to_string(), turn.channel, counted)).or_default() += 1;
        }
        for note in &turn.notes {
            let day = turn.received.date_naive();
            match note {
                // In a village, day and place of such a question would be a name: the month is counted, and no place.
                Note::Unmet { theme: Some(theme), .. } if theme.is_sensitive() => {
                    let month = day.with_day(1).unwrap_or(day).to_string();
                    *self.unmet.entry((month, turn.channel, theme.id(), "")).or_default() += 1;
                }
                Note::Unmet { theme, postal_code } => {
                    let key = (day.to_string(), turn.channel, theme.map_or("", directory::theme::Theme::id), postal_code.as_deref().unwrap_or_default());
                    *self.unmet.entry(key).or_default() += 1;
                }
                Note::Doubt(code) => *self.doubts.entry((day.to_string(), turn.channel, code.to_string())).or_default() += 1,
                Note::Right(code) => {
                    self.confirmed.insert(code.to_string(), day.to_string());
                }
            }
        }
        Ok(())
    }

    /// Its rows, table by table.
    fn rows(self) -> Rows<'a> {
        let (mut kept, mut forgotten) = (Vec::new(), Vec::new());
        for ((channel, sender), session) in self.sessions {
            match session {
                Some((state, expires)) => kept.push((channel, sender, state, expires)),
                None => forgotten.push((channel, sender)),
            }
        }
        Rows {
            turns: self.turns,
            kept,
            forgotten,
            unmet: self.unmet.into_iter().collect(),
            doubts: self.doubts.into_iter().collect(),
            confirmed: self.confirmed.into_iter().collect(),
            counted: self.counted.into_iter().collect(),
        }
    }
}

/// What a group writes.
#[derive(Debug)]
struct Rows<'a> {
    turns: Vec<(&'a Turn, &'a str)>,
    kept: Vec<(&'static str, &'a SenderHash, String, i64)>,
    forgotten: Vec<(&'static str, &'a SenderHash)>,
    unmet: Vec<(Unmet<'a>, i64)>,
    doubts: Vec<(Doubt, i64)>,
    confirmed: Vec<(String, String)>,
    counted: Vec<((String, &'static str, &'a str), i64)>,
}

impl Rows<'_> {
    fn write<'r>(&'r self, batch: &mut Batch<'r>) {
        batch.insert(
            &self.turns,
            7,
            |rows| format!("INSERT INTO turn (channel, carrier_id, received_at, sender, text, intent, answer) VALUES {rows}"),
            |(turn, answer)| {
                vec![
                    Value::text(turn.channel),
                    Value::text(&turn.carrier_id),
                    Value::Integer(turn.received.timestamp()),
                    Value::Bytes(turn.sender.as_ref().map(<[u8; 32]>::as_slice)),
                    Value::Text(turn.text.as_deref().map(without_nul)),
                    Value::Text(turn.intent.map(Cow::Borrowed)),
                    Value::Text(Some(without_nul(answer))),
                ]
            },
        );
        batch.insert(
            &self.kept,
            4,
            |rows| format!("INSERT INTO session (channel, sender, state, expires_at) VALUES {rows} ON CONFLICT (channel, sender) DO UPDATE SET state = excluded.state, expires_at = excluded.expires_at"),
            |(channel, sender, state, expires)| vec![Value::text(channel), Value::Bytes(Some(sender.as_slice())), Value::text(state), Value::Integer(*expires)],
        );
        for forgotten in self.forgotten.chunks(1) {
            batch.insert(
                forgotten,
                2,
                |row| format!("DELETE FROM session WHERE (channel, sender) = {row}"),
                |(channel, sender)| vec![Value::text(channel), Value::Bytes(Some(sender.as_slice()))],
            );
        }
        batch.insert(
            &self.unmet,
            5,
            |rows| format!("INSERT INTO unmet (day, channel, theme, postal_code, count) VALUES {rows} ON CONFLICT (day, channel, theme, postal_code) DO UPDATE SET count = unmet.count + excluded.count"),
            |((day, channel, theme, postal_code), count)| vec![Value::text(day), Value::text(channel), Value::text(theme), Value::text(postal_code), Value::Integer(*count)],
        );
        batch.insert(
            &self.doubts,
            4,
            |rows| format!("INSERT INTO doubt (day, channel, code, count) VALUES {rows} ON CONFLICT (day, channel, code) DO UPDATE SET count = doubt.count + excluded.count"),
            |((day, channel, code), count)| vec![Value::text(day), Value::text(channel), Value::text(code), Value::Integer(*count)],
        );
        batch.insert(
            &self.confirmed,
            2,
            |rows| format!("INSERT INTO confirmation (code, day) VALUES {rows} ON CONFLICT (code) DO UPDATE SET day = excluded.day"),
            |(code, day)| vec![Value::text(code), Value::text(day)],
        );
        batch.insert(
            &self.counted,
            5,
            |rows| format!("INSERT INTO tally (day, what, channel, key, count) VALUES {rows} ON CONFLICT (day, what, channel, key) DO UPDATE SET count = tally.count + excluded.count"),
            |((day, channel, key), count)| vec![Value::text(day), Value::text("turn"), Value::text(channel), Value::text(key), Value::Integer(*count)],
        );
    }
}
