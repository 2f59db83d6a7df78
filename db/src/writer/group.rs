//! What a group of entries writes: a few statements with many rows each, in one transaction.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use sqlx::{AssertSqlSafe, Row};

use super::Committed;
use super::request::Requests;
use crate::StoreError;
use crate::batch::{Batch, Value};
use crate::budget::{self, Allowed, Ledger, SWITCH};
use crate::dialect::WorkKind;
use crate::fail_point;
use crate::journal::{CountedOutcome, JournalEntry, SenderHash};
use crate::note::{NoteCounts, NoteRows};
use crate::outbox;
use crate::statement::{self, filled, placeholders, without_nul};
use crate::store::{Store, Work, within};

/// A message by its channel and carrier id.
type MessageKey<'a> = (&'static str, &'a str);

impl Store {
    /// Keeps entries in one transaction; an outcome each, in order.
    pub(crate) async fn keep(&self, entries: &[&JournalEntry]) -> Result<Vec<Committed>, StoreError> {
        fail_point::reach("writer::before-transaction");
        let mut work = self.enter(WorkKind::Turns).await?;
        let charged = entries.iter().filter_map(|entry| entry.charge()).flat_map(|charge| &charge.budgets);
        let mut ledger = Ledger::of(charged.chain(entries.iter().flat_map(|entry| entry.room())));
        let mut said = read_before(&mut work, entries, &mut ledger).await?;
        let mut requests = Requests::open(&mut work, entries).await?;
        let mut group = Group::default();
        let mut deliveries = Vec::new();
        let mut outcomes = Vec::with_capacity(entries.len());
        for &entry in entries {
            let message = key(entry);
            if let Some(before) = said.get(&message) {
                outcomes.push(Committed::Before(before.clone()));
                continue;
            }
            if let Some(silence) = requests.take(entry) {
                said.insert(message, silence.to_owned());
                group.entries.push((entry, silence));
                group.forget(entry);
                outcomes.push(Committed::Limited { instead: silence.to_owned(), why: STOP });
                continue;
            }
            let joins = requests.joins(entry);
            if joins && !ledger.has_one(entry.room()) {
                outcomes.push(Committed::Full);
                continue;
            }
            let (answer, outcome) = match entry.charge().map(|charge| (charge, ledger.spend(charge))) {
                Some((charge, Allowed::Notice(why))) => {
                    deliveries.extend(entry.notices());
                    limited(charge.notice.as_ref().unwrap_or(&charge.silence), why)
                }
                Some((charge, Allowed::Silence(why))) => limited(&charge.silence, why),
                Some((_, Allowed::Answer)) | None => (entry.answer(), Committed::New),
            };
            group.entries.push((entry, answer));
            if outcome == Committed::New {
                if joins {
                    ledger.take(entry.room(), 1);
                }
                // A call is promised by the answer, and by nothing else.
                requests.promise(entry);
                group.remember(entry)?;
                deliveries.extend(entry.deliveries());
            } else {
                group.forget(entry);
            }
            said.insert(message, answer.to_owned());
            outcomes.push(outcome);
        }
        let spent = ledger.changes();
        let rows = group.rows();
        let mut batch = Batch::new(self.dialect());
        budget::write(&spent, &mut batch);
        rows.write(&mut batch);
        if !requests.is_empty() {
            requests.write(&mut work, self.dialect()).await?;
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

fn limited<'a>(instead: &'a str, why: &'static str) -> (&'a str, Committed) {
    (instead, Committed::Limited { instead: instead.to_owned(), why })
}

fn key(entry: &JournalEntry) -> MessageKey<'_> {
    let message = entry.message();
    (message.channel, &message.carrier_id)
}

/// What a group must know: what was said to those of its messages that were answered before, what is spent of its
/// budgets, and where the switch stands. One statement for each channel, the budgets with the first.
async fn read_before<'a>(
    work: &mut Work,
    entries: &[&'a JournalEntry],
    ledger: &mut Ledger,
) -> Result<HashMap<MessageKey<'a>, String>, StoreError> {
    let mut channels: BTreeMap<&'static str, Vec<&'a str>> = BTreeMap::new();
    for (channel, carrier_id) in entries.iter().map(|entry| key(entry)) {
        channels.entry(channel).or_default().push(carrier_id);
    }
    let mut said = HashMap::new();
    let mut budgets: Vec<String> = ledger.keys().into_iter().map(ToOwned::to_owned).collect();
    let mut opening = work.opening();
    for (channel, ids) in channels {
        let (ids, keys) = (filled(&ids, ""), filled(&std::mem::take(&mut budgets), String::new()));
        let text = std::mem::take(&mut opening)
            + &format!(
                "SELECT 'said', asked.column1, (SELECT answer FROM turn WHERE channel = $1 \
                 AND carrier_id = asked.column1), CAST(0 AS BIGINT) FROM (VALUES {}) asked UNION ALL \
                 SELECT 'spent', key, '', spent FROM budget WHERE key IN ({}) UNION ALL \
                 SELECT 'switch', name, '', value FROM counter WHERE name = $2",
                statement::rows(3, ids.len(), 1),
                placeholders(3 + ids.len(), keys.len())
            );
        let known: Vec<(String, String, Option<String>, i64)> = within!(&mut *work, connection => {
            let query = sqlx::query(AssertSqlSafe(text)).bind(channel).bind(SWITCH);
            let query = ids.iter().fold(query, |query, id| query.bind(*id));
            let rows = keys.iter().fold(query, |query, key| query.bind(key.as_str())).fetch_all(connection).await?;
            rows.iter()
                .map(|row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?, row.try_get(3)?)))
                .collect::<Result<_, sqlx::Error>>()?
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

/// The rows of a group. Within it the last word counts: no statement may touch one row twice.
#[derive(Debug, Default)]
struct Group<'a> {
    /// Each entry with what the carrier is given.
    entries: Vec<(&'a JournalEntry, &'a str)>,
    /// State and expiry of each conversation; `None` for one to forget.
    sessions: BTreeMap<(&'static str, &'a SenderHash), Option<(String, i64)>>,
    notes: NoteCounts<'a>,
    /// By day, channel, and what came of it.
    counted: BTreeMap<(String, &'static str, CountedOutcome), i64>,
}

impl<'a> Group<'a> {
    /// Notes whose conversation ends with an entry, whether its answer can be said or not.
    fn forget(&mut self, entry: &'a JournalEntry) {
        if let Some(sender) = entry.forgets() {
            self.sessions.insert((entry.message().channel, sender), None);
        }
    }

    /// Notes what an entry leaves behind whose answer is said.
    fn remember(&mut self, entry: &'a JournalEntry) -> Result<(), StoreError> {
        self.forget(entry);
        let message = entry.message();
        let day = message.received.date_naive();
        if let Some((sender, session, until)) = entry.remembers() {
            let state = serde_json::to_string(session).map_err(|error| StoreError::unreadable("session", error))?;
            self.sessions.insert((message.channel, sender), Some((state, until.timestamp())));
        }
        if let Some(counted) = entry.counted() {
            *self.counted.entry((day.to_string(), message.channel, counted)).or_default() += 1;
        }
        for note in entry.notes() {
            self.notes.add(day, message.channel, note);
        }
        Ok(())
    }

    /// Lists its rows, table by table.
    fn rows(self) -> Rows<'a> {
        let (mut kept, mut forgotten) = (Vec::new(), Vec::new());
        for ((channel, sender), session) in self.sessions {
            match session {
                Some((state, expires)) => kept.push((channel, sender, state, expires)),
                None => forgotten.push((channel, sender)),
            }
        }
        let counted = self.counted.into_iter().map(|((day, channel, counted), count)| {
            let key = format!("{} {}", counted.outcome, counted.language.code());
            ((day, channel, key), count)
        });
        Rows { entries: self.entries, kept, forgotten, notes: self.notes.rows(), counted: counted.collect() }
    }
}

/// What a group writes.
#[derive(Debug)]
struct Rows<'a> {
    entries: Vec<(&'a JournalEntry, &'a str)>,
    kept: Vec<(&'static str, &'a SenderHash, String, i64)>,
    forgotten: Vec<(&'static str, &'a SenderHash)>,
    notes: NoteRows<'a>,
    counted: Vec<((String, &'static str, String), i64)>,
}

impl Rows<'_> {
    fn write<'r>(&'r self, batch: &mut Batch<'r>) {
        batch.insert(
            &self.entries,
            7,
            |rows| {
                format!(
                    "INSERT INTO turn (channel, carrier_id, received_at, sender, text, intent, answer) \
                     VALUES {rows}"
                )
            },
            |(entry, answer)| {
                let message = entry.message();
                let sender = entry.remembers().map(|(sender, ..)| sender.as_slice());
                vec![
                    Value::text(message.channel),
                    Value::text(&message.carrier_id),
                    Value::Integer(message.received.timestamp()),
                    Value::Bytes(sender),
                    Value::Text(entry.text().map(without_nul)),
                    Value::Text(entry.intent().map(Cow::Borrowed)),
                    Value::Text(Some(without_nul(answer))),
                ]
            },
        );
        batch.insert(
            &self.kept,
            4,
            |rows| {
                format!(
                    "INSERT INTO session (channel, sender, state, expires_at) VALUES {rows} \
                     ON CONFLICT (channel, sender) DO UPDATE SET state = excluded.state, \
                     expires_at = excluded.expires_at"
                )
            },
            |(channel, sender, state, expires)| {
                let sender = Value::Bytes(Some(sender.as_slice()));
                vec![Value::text(channel), sender, Value::text(state), Value::Integer(*expires)]
            },
        );
        for forgotten in self.forgotten.chunks(1) {
            batch.insert(
                forgotten,
                2,
                |row| format!("DELETE FROM session WHERE (channel, sender) = {row}"),
                |(channel, sender)| vec![Value::text(channel), Value::Bytes(Some(sender.as_slice()))],
            );
        }
        self.notes.write(batch);
        batch.insert(
            &self.counted,
            5,
            |rows| {
                format!(
                    "INSERT INTO tally (day, what, channel, key, count) VALUES {rows} \
                     ON CONFLICT (day, what, channel, key) DO UPDATE SET count = tally.count + excluded.count"
                )
            },
            |((day, channel, key), count)| {
                let [day, what, channel, key] = [day.as_str(), "turn", channel, key].map(Value::text);
                vec![day, what, channel, key, Value::Integer(*count)]
            },
        );
    }
}
