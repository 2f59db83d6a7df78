//! What people ask for beside answers: nothing more to be sent, messages again, a call.
//!
//! Decided inside the transaction that keeps the turns: of two STOPs at the same moment one is acknowledged.

use std::collections::{BTreeMap, BTreeSet};

use directory::answer::BestHour;
use sqlx::{AssertSqlSafe, Row};

use crate::StoreError;
use crate::call_back::CallBack;
use crate::dialect::Dialect;
use crate::journal::{CarrierMessage, JournalEntry, KIOSK};
use crate::person::{Person, Sealed};
use crate::statement::{padded, placeholders};
use crate::store::{Work, within};

/// The counter that numbers call-backs.
const NUMBERS: &str = "call-backs";

/// The requests of a group, from reading what was asked before to keeping them.
#[derive(Debug, Default)]
pub(super) struct Requests<'a> {
    /// Who wants nothing sent, of those who now say STOP or START.
    stopped: BTreeSet<Person>,
    /// Since when somebody wants nothing sent; `None` for messages again. The last word counts.
    changed: BTreeMap<Person, Option<i64>>,
    /// Who waits for a call, of those who now ask for one.
    waiting: BTreeSet<Person>,
    calls: Vec<Call<'a>>,
}

#[derive(Debug)]
struct Call<'a> {
    message: &'a CarrierMessage,
    person: Person,
    wanted: &'a CallBack,
}

impl<'a> Requests<'a> {
    /// Reads who of them said STOP before, and who waits for a call already.
    pub(super) async fn open(work: &mut Work, entries: &[&'a JournalEntry]) -> Result<Self, StoreError> {
        let opting = entries.iter().filter_map(|entry| entry.opts_out()).map(|(person, _)| person).collect();
        let calling = entries.iter().filter_map(|entry| entry.call_back()).map(|request| request.person).collect();
        let stopped_of = |count| format!("SELECT person FROM opt_out WHERE person IN ({})", placeholders(1, count));
        let waiting_of = |count| format!("SELECT person FROM call_back WHERE person IN ({})", placeholders(1, count));
        let stopped = known(work, stopped_of, opting).await?;
        let waiting = known(work, waiting_of, calling).await?;
        Ok(Self { stopped, waiting, ..Self::default() })
    }

    /// Takes an entry's STOP or START, whether its answer can be sent or not. Returns what is said instead of the
    /// answer, where a STOP was acknowledged before.
    pub(super) fn take(&mut self, entry: &'a JournalEntry) -> Option<&'a str> {
        match entry.opts_out()? {
            (person, true) => {
                if !self.stopped.insert(person) {
                    // Where there is no carrier, silence is no text.
                    return Some(entry.charge().map_or("", |charge| &charge.silence));
                }
                self.changed.insert(person, Some(entry.message().received.timestamp()));
            }
            (person, false) => {
                self.stopped.remove(&person);
                self.changed.insert(person, None);
            }
        }
        None
    }

    /// True where an entry asks for a call for somebody who does not wait for one.
    pub(super) fn joins(&self, entry: &JournalEntry) -> bool {
        entry.call_back().is_some_and(|request| !self.waiting.contains(&request.person))
    }

    /// Takes the call that an entry's answer promises.
    pub(super) fn promise(&mut self, entry: &'a JournalEntry) {
        if let Some(request) = entry.call_back() {
            self.waiting.insert(request.person);
            self.calls.push(Call { message: entry.message(), person: request.person, wanted: &request.call_back });
        }
    }

    /// True where nobody asked for anything.
    pub(super) fn is_empty(&self) -> bool {
        self.changed.is_empty() && self.calls.is_empty()
    }

    /// Keeps what was asked for, and tells who waits for call-backs where the engine can.
    pub(super) async fn write(&self, work: &mut Work, dialect: &Dialect) -> Result<(), StoreError> {
        for (person, since) in &self.changed {
            within!(work, connection => {
                let query = match since {
                    Some(since) => sqlx::query(
                        "INSERT INTO opt_out (person, since) VALUES ($1, $2) ON CONFLICT (person) DO NOTHING",
                    )
                    .bind(person.as_bytes())
                    .bind(*since),
                    None => sqlx::query("DELETE FROM opt_out WHERE person = $1").bind(person.as_bytes()),
                };
                query.execute(connection).await?;
            });
        }
        for call in &self.calls {
            call.write(work).await?;
        }
        if let Some(tell) = dialect.tell_call_back.filter(|_| !self.calls.is_empty()) {
            within!(work, connection => {
                sqlx::query(tell).execute(connection).await?;
            });
        }
        Ok(())
    }
}

/// Those of the persons whom a statement finds; it ends where their list begins.
async fn known(
    work: &mut Work,
    select: impl Fn(usize) -> String,
    persons: BTreeSet<Person>,
) -> Result<BTreeSet<Person>, StoreError> {
    let persons: Vec<Person> = persons.into_iter().collect();
    let mut found = BTreeSet::new();
    for part in padded(&persons) {
        let text = select(part.len());
        let known: Vec<Person> = within!(&mut *work, connection => {
            let query =
                part.iter().fold(sqlx::query(AssertSqlSafe(text)), |query, person| query.bind(person.as_bytes()));
            query
                .fetch_all(connection)
                .await?
                .iter()
                .map(|row| Person::from_column(row.try_get(0)?))
                .collect::<Result<_, sqlx::Error>>()?
        });
        found.extend(known);
    }
    Ok(found)
}

impl Call<'_> {
    /// True where this person waits for a call already.
    async fn waits(&self, work: &mut Work) -> Result<bool, StoreError> {
        let text = "SELECT 1 FROM call_back WHERE person = $1";
        Ok(within!(work, connection => sqlx::query(text)
            .bind(self.person.as_bytes())
            .fetch_optional(connection)
            .await?
            .is_some()))
    }

    /// Somebody who asks again keeps their place in the queue. At a kiosk anybody types anybody's number: there it
    /// changes nothing of a call-back that waits, nor how long it waits.
    async fn write(&self, work: &mut Work) -> Result<(), StoreError> {
        if self.message.channel == KIOSK && self.waits(work).await? {
            return Ok(());
        }
        let theme = self.wanted.theme.map(directory::theme::Theme::id);
        let hour = self.wanted.hour.map(BestHour::id);
        let recording = self.wanted.recording.as_ref().map(Sealed::as_bytes);
        let known = within!(work, connection => {
            let text = "UPDATE call_back SET channel = $1, language = $2, theme = $3, postal_code = $4, asked_at = $5, \
                        best_hour = coalesce($6, best_hour), recording = coalesce($7, recording) WHERE person = $8";
            sqlx::query(text)
                .bind(self.message.channel)
                .bind(&self.wanted.language)
                .bind(theme)
                .bind(self.wanted.postal_code.as_deref())
                .bind(self.message.received.timestamp())
                .bind(hour)
                .bind(recording)
                .bind(self.person.as_bytes())
                .execute(connection)
                .await?
                .rows_affected()
        });
        if known > 0 {
            return Ok(());
        }
        let id = work.next_number(NUMBERS).await?;
        within!(work, connection => {
            sqlx::query(
                "INSERT INTO call_back (id, person, number, channel, language, theme, postal_code, first_asked_at, \
                 asked_at, attempts, claimed_until, best_hour, recording) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0, $10, $11)",
            )
            .bind(id)
            .bind(self.person.as_bytes())
            .bind(self.wanted.number.as_bytes())
            .bind(self.message.channel)
            .bind(&self.wanted.language)
            .bind(theme)
            .bind(self.wanted.postal_code.as_deref())
            .bind(self.message.received.timestamp())
            .bind(self.message.received.timestamp())
            .bind(hour)
            .bind(recording)
            .execute(connection)
            .await?;
        });
        Ok(())
    }
}
