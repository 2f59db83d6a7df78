//! Visits, and needs that nobody met: what the figures are made of. Nothing here is of a person.

use chrono::{Duration, NaiveDate};
use directory::theme::Theme;
use directory::visit::{Age, Help, Minutes, Need, Outcome, Visit, Way, Why};
use sqlx::Row;

use crate::StoreError;
use crate::dialect::WorkKind;
use crate::store::{Store, Work, on, within};

/// Visits and counts are kept this long.
pub const RETENTION: Duration = Duration::days(730);

/// The words of a need are kept this long; that there was one, as long as a visit.
pub const WORD_RETENTION: Duration = Duration::days(90);

impl Store {
    /// Keeps a visit, with the need that was not met, if one was.
    pub async fn keep_visit(&self, visit: &Visit, need: Option<&Need>) -> Result<(), StoreError> {
        let mut work = self.begin(WorkKind::Turns).await?;
        let id = work.next_number("visits").await?;
        let themes: Vec<&str> = visit.themes.iter().map(|theme| theme.id()).collect();
        within!(&mut work, connection => {
            sqlx::query(
                "INSERT INTO visit (id, day, place, channel, language, themes, outcome, minutes, age, \
                 first_time, help, slip) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
            )
            .bind(id)
            .bind(visit.day.to_string())
            .bind(&visit.place)
            .bind(visit.way.id())
            .bind(&visit.language)
            .bind(themes.join(" "))
            .bind(visit.outcome.id())
            .bind(visit.minutes.id())
            .bind(visit.age.map(Age::id))
            .bind(visit.is_first.map(|first| if first { "y" } else { "n" }))
            .bind(visit.help.map(Help::id))
            .bind(i64::from(visit.has_slip))
            .execute(connection)
            .await?
            .rows_affected()
        });
        if let Some(need) = need {
            keep_need(&mut work, need).await?;
        }
        work.commit().await
    }

    /// Keeps a need that was not met.
    pub async fn keep_need(&self, need: &Need) -> Result<(), StoreError> {
        let mut work = self.begin(WorkKind::Turns).await?;
        keep_need(&mut work, need).await?;
        work.commit().await
    }

    /// Visits of some days, both inclusive, in the order in which they were kept. What this program cannot read is left
    /// out.
    pub async fn visits(&self, from: NaiveDate, to: NaiveDate) -> Result<Vec<Visit>, StoreError> {
        on!(self, db => {
            let rows = sqlx::query(
                "SELECT day, place, channel, language, themes, outcome, minutes, age, first_time, help, \
                 slip FROM visit WHERE day >= $1 AND day <= $2 ORDER BY id",
            )
            .bind(from.to_string())
            .bind(to.to_string())
            .fetch_all(&mut *db.read().await?)
            .await?;
            let visits = rows.iter().map(|row| {
                let text = |column: usize| row.try_get::<String, _>(column);
                let maybe = |column: usize| row.try_get::<Option<String>, _>(column);
                let (day, way, outcome, minutes) = (
                    text(0)?.parse().ok(),
                    Way::from_id(&text(2)?),
                    Outcome::from_id(&text(5)?),
                    Minutes::from_id(&text(6)?),
                );
                let (Some(day), Some(way), Some(outcome), Some(minutes)) = (day, way, outcome, minutes) else {
                    return Ok(None);
                };
                Ok(Some(Visit {
                    day,
                    place: text(1)?,
                    way,
                    language: text(3)?,
                    themes: text(4)?.split(' ').filter_map(Theme::from_id).collect(),
                    outcome,
                    minutes,
                    age: maybe(7)?.as_deref().and_then(Age::from_id),
                    is_first: maybe(8)?.map(|first| first == "y"),
                    help: maybe(9)?.as_deref().and_then(Help::from_id),
                    has_slip: row.try_get::<i64, _>(10)? != 0,
                }))
            });
            Ok(visits.filter_map(Result::transpose).collect::<Result<_, sqlx::Error>>()?)
        })
    }

    /// Needs of some weeks, by their Mondays, both inclusive.
    pub async fn needs(&self, from: NaiveDate, to: NaiveDate) -> Result<Vec<Need>, StoreError> {
        on!(self, db => {
            let rows = sqlx::query(
                "SELECT week, channel, theme, postal_code, why, words FROM need WHERE week >= $1 \
                 AND week <= $2 ORDER BY id",
            )
            .bind(from.to_string())
            .bind(to.to_string())
            .fetch_all(&mut *db.read().await?)
            .await?;
            let needs = rows.iter().map(|row| {
                let text = |column: usize| row.try_get::<String, _>(column);
                let (week, way, theme, why) = (
                    text(0)?.parse().ok(),
                    Way::from_id(&text(1)?),
                    Theme::from_id(&text(2)?),
                    Why::from_id(&text(4)?),
                );
                let (Some(week), Some(way), Some(theme), Some(why)) = (week, way, theme, why) else { return Ok(None) };
                Ok(Some(Need { week, way, theme, postal_code: text(3)?, why, words: row.try_get(5)? }))
            });
            Ok(needs.filter_map(Result::transpose).collect::<Result<_, sqlx::Error>>()?)
        })
    }
}

async fn keep_need(work: &mut Work, need: &Need) -> Result<(), StoreError> {
    let id = work.next_number("needs").await?;
    within!(work, connection => {
        sqlx::query(
            "INSERT INTO need (id, week, channel, theme, postal_code, why, words) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(id)
        .bind(need.week.to_string())
        .bind(need.way.id())
        .bind(need.theme.id())
        .bind(&need.postal_code)
        .bind(need.why.id())
        .bind(&need.words)
        .execute(connection)
        .await?
        .rows_affected()
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};

    use super::*;

    #[tokio::test]
    async fn words_leave_after_three_months_and_all_after_two_years() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("t.sqlite")).await.unwrap();
        let now: DateTime<Utc> = "2026-11-23T10:00:00Z".parse().unwrap();
        let day = now.date_naive();
        let visit = Visit {
            day,
            place: String::new(),
            way: Way::Desk,
            language: "fr".to_owned(),
            themes: vec![Theme::Food],
            outcome: Outcome::NotFound,
            minutes: Minutes::UpTo5,
            age: None,
            is_first: None,
            help: None,
            has_slip: false,
        };
        let need = Need {
            week: day,
            way: Way::Desk,
            theme: Theme::Food,
            postal_code: "1030".to_owned(),
            why: Why::Full,
            words: Some("unsagbares Bett".to_owned()),
        };
        store.keep_visit(&visit, Some(&need)).await.unwrap();
        store.tally(day, "slip-slip", "desk", "standard").await.unwrap();
        let is_on_disk = || {
            std::fs::read_dir(folder.path())
                .unwrap()
                .any(|file| std::fs::read(file.unwrap().path()).unwrap().windows(9).any(|part| part == b"unsagbare"))
        };
        assert!(is_on_disk());
        let words = async || store.needs(day, day).await.unwrap().first().map(|need| need.words.clone());
        store.purge(now + Duration::days(90)).await.unwrap();
        assert!(words().await.flatten().is_some());
        store.purge(now + Duration::days(91)).await.unwrap();
        assert_eq!((words().await, is_on_disk()), (Some(None), false), "the words are still there");
        assert_eq!(store.visits(day, day).await.unwrap().len(), 1);
        store.purge(now + Duration::days(731)).await.unwrap();
        assert_eq!(
            (store.visits(day, day).await.unwrap().len(), words().await, store.tallies(day, day).await.unwrap().len()),
            (0, None, 0)
        );
    }
}
