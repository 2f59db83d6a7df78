//! Makes again what is made of the records, where it was made by a program that lays it out otherwise: briefs and
//! words. The records say where each is found; nothing is asked of its source.

use std::collections::HashMap;

use directory::record::Packed;
use sqlx::{AssertSqlSafe, Row};

use crate::StoreError;
use crate::brief;
use crate::dialect::Dialect;
use crate::dialect::WorkKind;
use crate::index::{self, EVERYTHING};
use crate::record::parse;
use crate::statement::{blocks, placeholders};
use crate::store::{Store, Work, on, within};

/// How briefs and words are laid out by this program, and by which list of needs.
fn laid_out_as() -> i64 {
    i64::from(directory::need::fingerprint()) * 10_000 + i64::from(directory::record::LAYOUT) * 100 + index::LAYOUT
}

/// The counter that says how they are laid out in a database.
const COUNTER: &str = "layout";

/// Records read at once.
const AT_ONCE: i64 = 500;

/// From so many records on it takes long enough to be told.
const MANY: i64 = 20_000;

impl Store {
    /// Makes briefs and words again, all or none, unless they are as this program makes them.
    pub(crate) async fn renew(&self) -> Result<(), StoreError> {
        if self.laid_out().await? == Some(laid_out_as()) {
            return Ok(());
        }
        self.take_room().await?;
        let renewed = self.lay_out().await;
        self.give_room_back().await?;
        renewed?;
        self.merge_index().await
    }

    async fn lay_out(&self) -> Result<(), StoreError> {
        let mut work = self.begin(WorkKind::Directory).await?;
        let count: i64 = within!(&mut work, connection => sqlx::query("SELECT count(*) FROM record")
            .fetch_one(connection)
            .await?
            .try_get(0)?);
        if count >= MANY {
            tracing::warn!(
                entries = count,
                "index.renewed: this program keeps its index otherwise; it is made anew, once, which takes \
                 about two minutes for a million entries"
            );
        }
        for statement in
            ["DELETE FROM brief", "DELETE FROM word", "DELETE FROM listing WHERE topic >= 'need:' AND topic < 'need;'"]
        {
            within!(&mut work, connection => {
                sqlx::query(statement).execute(connection).await?;
            });
        }
        let mut after = i64::MIN;
        loop {
            let read: Vec<(i64, String)> = within!(&mut work, connection => {
                let rows = sqlx::query("SELECT rank, body FROM record WHERE rank > $1 ORDER BY rank LIMIT $2")
                    .bind(after)
                    .bind(AT_ONCE)
                    .fetch_all(connection)
                    .await?;
                rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect::<Result<_, sqlx::Error>>()?
            });
            let Some((last, _)) = read.last() else { break };
            let ranks: Vec<i64> = read.iter().map(|(rank, _)| *rank).collect();
            let localities = localities(&mut work, &ranks).await?;
            after = *last;
            add(&mut work, self.dialect(), read.iter().map(|(rank, body)| (*rank, body.as_str())), &localities).await?;
        }
        work.set_number(COUNTER, laid_out_as()).await?;
        work.commit().await
    }

    async fn laid_out(&self) -> Result<Option<i64>, StoreError> {
        // On the connection that is open already: the others are opened when there is something to read.
        on!(self, db => {
            let row = sqlx::query("SELECT value FROM counter WHERE name = $1")
                .bind(COUNTER)
                .fetch_optional(db.write().await?.connection()?)
                .await?;
            Ok(row.map(|row| row.try_get(0)).transpose()?)
        })
    }
}

/// Adds the briefs of records, and the words of those that are listed, each under its rank.
pub(crate) async fn add(
    work: &mut Work,
    dialect: &Dialect,
    records: impl Iterator<Item = (i64, &str)>,
    localities: &HashMap<i64, Vec<String>>,
) -> Result<(), StoreError> {
    let (mut briefs, mut words, mut listings) = (Vec::new(), Vec::new(), Vec::new());
    for (rank, body) in records {
        let record = parse(body)?;
        briefs.push((rank, Packed::from(&record)));
        let Some(localities) = localities.get(&rank) else { continue };
        words.push((rank, index::words(&record, localities)));
        for topic in index::topics(&record).into_iter().filter(|topic| topic.starts_with(index::NEED)) {
            listings.extend(index::places_of(&topic, localities).into_iter().map(|place| (topic.clone(), place, rank)));
        }
    }
    let mut listed: Vec<(&str, &str, i64)> =
        listings.iter().map(|(topic, locality, rank)| (topic.as_str(), locality.as_ref(), *rank)).collect();
    listed.sort_unstable();
    index::add_listings(work, &listed).await?;
    brief::add(work, &briefs).await?;
    index::add_words(work, dialect, &words, |words| words).await
}

/// Where the records of these ranks are listed.
async fn localities(work: &mut Work, ranks: &[i64]) -> Result<HashMap<i64, Vec<String>>, StoreError> {
    let mut localities: HashMap<i64, Vec<String>> = HashMap::new();
    for block in blocks(ranks) {
        // By rank alone: an engine that is also told the topic may read all that is listed under it.
        let text =
            format!("SELECT rank, topic, locality FROM listing WHERE rank IN ({})", placeholders(1, block.len()));
        let listed: Vec<(i64, String, String)> = within!(&mut *work, connection => {
            let rows = block
                .iter()
                .fold(sqlx::query(AssertSqlSafe(text)), |query, rank| query.bind(*rank))
                .fetch_all(connection)
                .await?;
            rows.iter()
                .map(|row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?)))
                .collect::<Result<_, sqlx::Error>>()?
        });
        for (rank, _, locality) in listed.into_iter().filter(|(_, topic, _)| topic == EVERYTHING) {
            localities.entry(rank).or_default().push(locality);
        }
    }
    Ok(localities)
}
