//! Slips on their way to the paper: asked for by anybody, printed by the one program at which the printer hangs.
//!
//! A job holds which records, never their words, and forgets them when it is over. The jobs of a printer are
//! printed one after the other, in the order in which they were asked for: what one left on the paper, the next one
//! mends.

mod step;

use chrono::{DateTime, Duration, Utc};
use directory::code::Code;
use directory::printing::{JobState, Left, Transition};
use directory::ticket::Ticket;
use sqlx::Row;

use crate::StoreError;
use crate::dialect::WorkKind;
use crate::store::{Store, on, within};
use crate::ticket::{parse_codes, write_codes};

pub(crate) use self::step::give_up;

/// An attempt never lasts so long: who had claimed the job has died.
pub const LEASE: Duration = Duration::minutes(3);

/// Slips that wait for one printer, at most: whoever touches again and again gets no heap of paper later.
pub const MAX_WAITING: i64 = 12;

/// What is over is remembered this long, for figures and for whoever looks for a fault.
pub(crate) const RETENTION: Duration = Duration::days(7);

/// The counter that numbers jobs.
const NUMBERS: &str = "print-jobs";

/// A slip that somebody asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The printer, by its name.
    pub printer: String,
    /// The records, in the order of the slip.
    pub codes: Vec<Code>,
    /// Its languages, by their codes.
    pub languages: String,
    /// Its style, by its name.
    pub style: String,
    /// Its number.
    pub ticket: Option<Ticket>,
    /// With a code to scan.
    pub scans: bool,
}

/// A job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Its number.
    pub id: i64,
    /// What is wanted; without records once it is over.
    pub wanted: Wanted,
    /// How far it has come.
    pub state: JobState,
    /// What is on the paper: the next attempt must know.
    pub left: Left,
    /// Attempts so far.
    pub attempts: i64,
    /// When it was asked for.
    pub asked_at: DateTime<Utc>,
    /// When it was over.
    pub finished_at: Option<DateTime<Utc>>,
}

/// Reads jobs from the columns of `print_job`, by their names.
macro_rules! jobs {
    ($rows:expr) => {
        $rows
            .iter()
            .map(|row| {
                let instant = |seconds: i64| DateTime::from_timestamp(seconds, 0).unwrap_or_default();
                let (state, left): (String, String) = (row.try_get("state")?, row.try_get("paper")?);
                Ok(Job {
                    id: row.try_get("id")?,
                    wanted: Wanted {
                        printer: row.try_get("printer")?,
                        codes: parse_codes(row.try_get("codes")?)?,
                        languages: row.try_get("languages")?,
                        style: row.try_get("style")?,
                        ticket: row
                            .try_get::<Option<i64>, _>("ticket")?
                            .and_then(|number| Ticket::new(u16::try_from(number).ok()?)),
                        scans: row.try_get::<i64, _>("scans")? != 0,
                    },
                    state: JobState::from_id(&state).ok_or_else(|| StoreError::unreadable("state of a slip", state))?,
                    left: Left::from_id(&left).ok_or_else(|| StoreError::unreadable("state of the paper", left))?,
                    attempts: row.try_get("attempts")?,
                    asked_at: instant(row.try_get("asked_at")?),
                    finished_at: row.try_get::<Option<i64>, _>("finished_at")?.map(instant),
                })
            })
            .collect::<Result<Vec<Job>, StoreError>>()?
    };
}

impl Store {
    /// Asks for a slip; its number in the queue. Nothing where [`MAX_WAITING`] wait for this printer.
    pub async fn queue_print(&self, wanted: &Wanted, now: DateTime<Utc>) -> Result<Option<i64>, StoreError> {
        let mut work = self.begin(WorkKind::Slips).await?;
        step::give_up(&mut work, now).await?;
        let waiting: i64 = within!(&mut work, connection => sqlx::query(
            "SELECT count(*) FROM print_job WHERE printer = $1 \
             AND state IN ('queued', 'printing', 'waiting-for-paper')"
        )
        .bind(&wanted.printer)
        .fetch_one(connection)
        .await?
        .try_get(0)?);
        if waiting >= MAX_WAITING {
            work.commit().await?;
            return Ok(None);
        }
        let id = work.next_number(NUMBERS).await?;
        within!(&mut work, connection => {
            sqlx::query(
                "INSERT INTO print_job (id, printer, codes, languages, style, ticket, scans, state, paper, \
                 attempts, asked_at, claimed_until) VALUES ($1, $2, $3, $4, $5, $6, $7, 'queued', 'nothing', 0, \
                 $8, 0)",
            )
            .bind(id)
            .bind(&wanted.printer)
            .bind(write_codes(&wanted.codes))
            .bind(&wanted.languages)
            .bind(&wanted.style)
            .bind(wanted.ticket.map(|ticket| i64::from(ticket.number())))
            .bind(i64::from(wanted.scans))
            .bind(now.timestamp())
            .execute(connection)
            .await?;
        });
        if let Some(tell) = self.dialect().tell_print_job {
            within!(&mut work, connection => {
                sqlx::query(tell).execute(connection).await?;
            });
        }
        work.commit().await?;
        Ok(Some(id))
    }

    /// The job with that number.
    pub async fn print_job(&self, id: i64) -> Result<Option<Job>, StoreError> {
        on!(self, db => {
            let rows = sqlx::query(
                "SELECT id, printer, codes, languages, style, ticket, scans, state, paper, attempts, \
                 asked_at, finished_at FROM print_job WHERE id = $1",
            )
            .bind(id)
            .fetch_all(&mut *db.read().await?)
            .await?;
            Ok(jobs!(rows).into_iter().next())
        })
    }

    /// All that are not over, in the order in which they were asked for.
    pub async fn print_jobs(&self) -> Result<Vec<Job>, StoreError> {
        on!(self, db => {
            let rows = sqlx::query(
                "SELECT id, printer, codes, languages, style, ticket, scans, state, paper, attempts, \
                 asked_at, finished_at FROM print_job WHERE state IN ('queued', 'printing', \
                 'waiting-for-paper') ORDER BY id",
            )
            .fetch_all(&mut *db.read().await?)
            .await?;
            Ok(jobs!(rows))
        })
    }

    /// The program at which this printer hangs starts: what it was printing when it died was printed half, at most.
    pub async fn recover_prints(&self, printer: &str) -> Result<(), StoreError> {
        let mut work = self.begin(WorkKind::Slips).await?;
        step::interrupt(&mut work, printer, None).await?;
        work.commit().await
    }

    /// Claims the job of this printer that was asked for first, for [`LEASE`]. What nobody printed in time is given
    /// up before. Nothing where the first one is claimed, or waits: those behind it wait too.
    pub async fn claim_print(&self, printer: &str, now: DateTime<Utc>) -> Result<Option<Job>, StoreError> {
        let waiting: i64 = on!(self, db => sqlx::query(
            "SELECT count(*) FROM print_job WHERE printer = $1 \
             AND state IN ('queued', 'printing', 'waiting-for-paper')"
        )
        .bind(printer)
        .fetch_one(&mut *db.read().await?)
        .await?
        .try_get(0)?);
        if waiting == 0 {
            return Ok(None);
        }
        let mut work = self.begin(WorkKind::Slips).await?;
        step::interrupt(&mut work, printer, Some(now)).await?;
        let given_up = step::give_up(&mut work, now).await?;
        let claimed = within!(&mut work, connection => {
            let rows = sqlx::query(
                "UPDATE print_job SET state = 'printing', attempts = attempts + 1, claimed_until = $1 \
                 WHERE id = (SELECT min(id) FROM print_job WHERE printer = $2 \
                 AND state IN ('queued', 'printing', 'waiting-for-paper')) AND (claimed_until <= $3 \
                 OR claimed_until > $4) RETURNING id, printer, codes, languages, style, ticket, scans, state, \
                 paper, attempts, asked_at, finished_at",
            )
            .bind((now + LEASE).timestamp())
            .bind(printer)
            .bind(now.timestamp())
            .bind((now + LEASE).timestamp())
            .fetch_all(connection)
            .await?;
            jobs!(rows)
        });
        let mut claimed = claimed.into_iter().next();
        if let Some(job) = claimed.as_mut().filter(|job| job.left == Left::Nothing) {
            job.left = step::inherit(&mut work, job.id, printer).await?;
        }
        work.commit().await?;
        if given_up > 0 {
            tracing::warn!(
                slips = given_up,
                "print.given_up: nobody could print them within ten minutes, and their visitors have gone"
            );
            self.empty_log().await?;
        }
        Ok(claimed)
    }

    /// Keeps what became of a claimed job. What is over forgets its records, on the disk too.
    pub async fn keep_print(&self, id: i64, transition: &Transition, now: DateTime<Utc>) -> Result<(), StoreError> {
        let is_over = transition.state.is_over();
        let text = if is_over {
            "UPDATE print_job SET state = $1, paper = $2, claimed_until = $3, finished_at = $4, codes \
             = '', languages = '', ticket = NULL WHERE id = $5"
        } else {
            "UPDATE print_job SET state = $1, paper = $2, claimed_until = $3, finished_at = $4 \
             WHERE id = $5 AND state = 'printing'"
        };
        on!(self, db => {
            sqlx::query(text)
                .bind(transition.state.id())
                .bind(transition.left.id())
                .bind((now + transition.pause).timestamp())
                .bind(is_over.then_some(now.timestamp()))
                .bind(id)
                .execute(db.write().await?.connection()?)
                .await?
                .rows_affected()
        });
        if is_over {
            self.empty_log().await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
