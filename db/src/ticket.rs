//! What the number on a slip stands for, for 60 days. Who took the slip is nowhere.

use std::collections::BTreeSet;

use chrono::{DateTime, Duration, Utc};
use directory::code::Code;
use directory::ticket::Ticket;
use sqlx::Row;

use crate::StoreError;
use crate::dialect::WorkKind;
use crate::store::{Store, Work, on, within};

/// A number answers this long; then it may be given again.
pub const RETENTION: Duration = Duration::days(60);

/// What a ticket stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticketed {
    /// The records, in the order of the slip.
    pub codes: Vec<Code>,
    /// The slip's languages, by their codes.
    pub languages: String,
    /// The slip's style, by its name.
    pub style: String,
}

/// What became of a ticket that was given elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeptTicket {
    /// It was not here.
    New,
    /// It was here.
    Known,
    /// Its number was given to another slip here, and stands for both.
    Joined,
}

impl Store {
    /// Gives a slip a number: the first of these, chosen by chance, that nobody has; else the next one that was
    /// never given; else the one that expired first. `None` where all are in use.
    pub async fn take_ticket(
        &self,
        slip: &Ticketed,
        chosen: &[Ticket],
        now: DateTime<Utc>,
    ) -> Result<Option<Ticket>, StoreError> {
        let mut work = self.begin(WorkKind::Slips).await?;
        for ticket in chosen {
            if give(&mut work, slip, *ticket, now).await? {
                work.commit().await?;
                return Ok(Some(*ticket));
            }
        }
        let given: Vec<(i64, i64)> = within!(&mut work, connection => {
            let rows = sqlx::query("SELECT number, made_at FROM ticket").fetch_all(connection).await?;
            rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect::<Result<_, sqlx::Error>>()?
        });
        let found = vacant(&given, chosen.last().map_or(0, |ticket| ticket.number()), (now - RETENTION).timestamp());
        if let Some(ticket) = found {
            give(&mut work, slip, ticket, now).await?;
        }
        work.commit().await?;
        Ok(found)
    }

    /// Tickets given since then: the number, what it stands for, when.
    pub async fn tickets_since(
        &self,
        since: DateTime<Utc>,
    ) -> Result<Vec<(Ticket, Ticketed, DateTime<Utc>)>, StoreError> {
        let rows: Vec<(i64, String, Ticketed, i64)> = on!(self, db => {
            let rows = sqlx::query("SELECT number, codes, languages, style, made_at FROM ticket WHERE made_at >= $1")
                .bind(since.timestamp())
                .fetch_all(&mut *db.read().await?)
                .await?;
            let tickets = rows.iter().map(|row| {
                Ok((
                    row.try_get(0)?,
                    row.try_get(1)?,
                    Ticketed { codes: Vec::new(), languages: row.try_get(2)?, style: row.try_get(3)? },
                    row.try_get(4)?,
                ))
            });
            tickets.collect::<Result<_, sqlx::Error>>()?
        });
        let tickets = rows.into_iter().filter_map(|(number, codes, slip, made)| {
            let ticket = u16::try_from(number).ok().and_then(Ticket::new)?;
            Some(parse_codes(&codes).map(|codes| {
                (ticket, Ticketed { codes, ..slip }, DateTime::from_timestamp(made, 0).unwrap_or_default())
            }))
        });
        tickets.collect()
    }

    /// Keeps a ticket that was given elsewhere. Two places that could not reach each other may have given one number to
    /// two slips, and both are on paper: it stands for the entries of both from then on, here and, where this is done
    /// the other way round too, there.
    pub async fn keep_ticket(
        &self,
        ticket: Ticket,
        slip: &Ticketed,
        made: DateTime<Utc>,
    ) -> Result<KeptTicket, StoreError> {
        let mut work = self.begin(WorkKind::Slips).await?;
        let kept = if give(&mut work, slip, ticket, made).await? {
            KeptTicket::New
        } else {
            join(&mut work, slip, ticket).await?
        };
        work.commit().await?;
        Ok(kept)
    }

    /// What a ticket stands for; nothing once it has expired.
    pub async fn ticket(&self, ticket: Ticket, now: DateTime<Utc>) -> Result<Option<Ticketed>, StoreError> {
        on!(self, db => {
            let row = sqlx::query("SELECT codes, languages, style FROM ticket WHERE number = $1 AND made_at > $2")
                .bind(i64::from(ticket.number()))
                .bind((now - RETENTION).timestamp())
                .fetch_optional(&mut *db.read().await?)
                .await?;
            let Some(row) = row else { return Ok(None) };
            Ok(Some(Ticketed {
                codes: parse_codes(row.try_get(0)?)?,
                languages: row.try_get(1)?,
                style: row.try_get(2)?,
            }))
        })
    }
}

/// False where somebody has it.
async fn give(work: &mut Work, slip: &Ticketed, ticket: Ticket, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let given = within!(work, connection => {
        sqlx::query(
            "INSERT INTO ticket (number, codes, languages, style, made_at) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (number) DO UPDATE SET codes = excluded.codes, languages = excluded.languages, \
             style = excluded.style, made_at = excluded.made_at WHERE ticket.made_at <= $6",
        )
        .bind(i64::from(ticket.number()))
        .bind(write_codes(&slip.codes))
        .bind(&slip.languages)
        .bind(&slip.style)
        .bind(now.timestamp())
        .bind((now - RETENTION).timestamp())
        .execute(connection)
        .await?
        .rows_affected()
    });
    Ok(given > 0)
}

/// Adds the entries of a slip to those that a number stands for.
async fn join(work: &mut Work, slip: &Ticketed, ticket: Ticket) -> Result<KeptTicket, StoreError> {
    let known: Option<String> = within!(&mut *work, connection => {
        let rows = sqlx::query("SELECT codes FROM ticket WHERE number = $1")
            .bind(i64::from(ticket.number()))
            .fetch_all(connection)
            .await?;
        rows.first().map(|row| row.try_get(0)).transpose()?
    });
    let mut codes = parse_codes(&known.unwrap_or_default())?;
    let before = codes.len();
    for code in &slip.codes {
        if !codes.contains(code) {
            codes.push(*code);
        }
    }
    if codes.len() == before {
        return Ok(KeptTicket::Known);
    }
    within!(&mut *work, connection => {
        sqlx::query("UPDATE ticket SET codes = $1 WHERE number = $2")
            .bind(write_codes(&codes))
            .bind(i64::from(ticket.number()))
            .execute(connection)
            .await?;
    });
    Ok(KeptTicket::Joined)
}

/// A number that may be given: the next one that never was, else the one that expired first.
fn vacant(given: &[(i64, i64)], from: u16, expired: i64) -> Option<Ticket> {
    let numbers: BTreeSet<i64> = given.iter().map(|(number, _)| *number).collect();
    let never = (from..Ticket::COUNT).chain(0..from).find(|number| !numbers.contains(&i64::from(*number)));
    let first = given.iter().filter(|(_, made)| *made <= expired).min_by_key(|(number, made)| (*made, *number));
    never.or_else(|| u16::try_from(first?.0).ok()).and_then(Ticket::new)
}

pub(crate) fn write_codes(codes: &[Code]) -> String {
    codes.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

pub(crate) fn parse_codes(text: &str) -> Result<Vec<Code>, StoreError> {
    text.split_whitespace()
        .map(|code| Code::parse(code).ok_or_else(|| StoreError::unreadable("code of a slip", code)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_was_never_given_comes_first_then_the_oldest() {
        let full: Vec<(i64, i64)> = (0..i64::from(Ticket::COUNT)).map(|number| (number, 1_000 + number)).collect();
        let but = |gap: usize| {
            full.iter().copied().filter(|(number, _)| usize::try_from(*number) != Ok(gap)).collect::<Vec<_>>()
        };
        let number = |ticket: Option<Ticket>| ticket.map(Ticket::number);
        assert_eq!(number(vacant(&[], 7421, 0)), Some(7421));
        assert_eq!(number(vacant(&but(3), 9_999, 0)), Some(3));
        assert_eq!(number(vacant(&but(3), 9_999, 2_000)), Some(3));
        assert_eq!(number(vacant(&full, 5, 999)), None);
        assert_eq!(number(vacant(&full, 5, 1_500)), Some(0));
    }

    #[tokio::test]
    async fn a_number_answers_for_60_days_and_is_given_again_behind_them() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("t.sqlite")).await.unwrap();
        let now: DateTime<Utc> = "2026-11-23T10:00:00Z".parse().unwrap();
        let slip = |code: &str| Ticketed {
            codes: vec![Code::parse(code).unwrap()],
            languages: "fr".to_owned(),
            style: "standard".to_owned(),
        };
        let chosen: Vec<Ticket> = [7421, 5].into_iter().filter_map(Ticket::new).collect();
        let mut taken = Vec::new();
        for _ in 0..3 {
            taken.push(store.take_ticket(&slip("7G7KC"), &chosen, now).await.unwrap().unwrap().number());
        }
        assert_eq!(taken, [7421, 5, 6]);
        let last = now + RETENTION - Duration::seconds(1);
        assert_eq!(store.ticket(chosen[0], last).await.unwrap(), Some(slip("7G7KC")));
        assert_eq!(
            store.take_ticket(&slip("7G7KC"), &chosen[..1], last).await.unwrap().map(Ticket::number),
            Some(7422)
        );
        assert_eq!(store.ticket(chosen[0], now + RETENTION).await.unwrap(), None);
        assert_eq!(store.take_ticket(&slip("2HB74"), &chosen, now + RETENTION).await.unwrap(), Some(chosen[0]));
        assert_eq!(store.ticket(chosen[0], now + RETENTION).await.unwrap(), Some(slip("2HB74")));
        assert_eq!(store.purge(now + RETENTION).await.unwrap().tickets, 2);
    }
}
