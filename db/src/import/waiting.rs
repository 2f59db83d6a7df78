//! What sources say of sensitive entries, until a person has looked at it: somebody in danger is sent nowhere that
//! nobody has seen.

use directory::code::Code;
use directory::locality::Territory;
use directory::record::{Content, Status};
use sqlx::Row;

use super::apply::{EntryBuilder, IndexWriter, Stored};
use super::{Source, Word, digest};
use crate::StoreError;
use crate::dialect::WorkKind;
use crate::history::{Change, keep_history};
use crate::record::parse;
use crate::store::{Store, on, within};

/// A word that waits.
#[derive(Debug, Clone, PartialEq)]
pub struct WaitingWord {
    /// The entry.
    pub code: Code,
    /// Who says it.
    pub source: String,
    /// What visitors are told now; nothing of an entry that nobody has seen yet.
    pub shown: Option<Content>,
    /// What the source says now.
    pub said: Content,
    /// Tells this word from any other: who says yes says it to this one.
    pub seal: String,
}

/// What became of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WordSettled {
    /// It is kept.
    Kept,
    /// Nothing waits there, or the source has said something else since.
    Overtaken,
}

/// A word that waits, as it is kept.
struct KeptWord {
    source: String,
    source_id: String,
    waiting: String,
    stored: Stored,
}

impl Store {
    /// Words that wait for a person, those of one source together, at most so many; and how many there are.
    pub async fn waiting(&self, most: i64) -> Result<(Vec<WaitingWord>, i64), StoreError> {
        let (rows, count): (Vec<(String, String, String)>, i64) = on!(self, db => {
            let rows = sqlx::query(
                "SELECT s.source, s.waiting, r.body FROM source_record s JOIN record r ON r.id = s.record \
                 WHERE s.asked = 1 ORDER BY s.record LIMIT $1",
            )
            .bind(most)
            .fetch_all(&mut *db.read().await?)
            .await?;
            let rows = rows
                .iter()
                .map(|row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?)))
                .collect::<Result<_, sqlx::Error>>()?;
            let count = sqlx::query("SELECT count(*) FROM source_record WHERE asked = 1")
                .fetch_one(&mut *db.read().await?)
                .await?
                .try_get(0)?;
            (rows, count)
        });
        let open = |(source, waiting, body): (String, String, String)| {
            let record = parse(&body)?;
            let shown = (record.status != Status::Draft).then_some(record.content);
            Ok(WaitingWord {
                code: record.code,
                source,
                shown,
                said: super::content_of(&waiting)?,
                seal: seal(&waiting),
            })
        };
        let mut waiting = rows.into_iter().map(open).collect::<Result<Vec<WaitingWord>, StoreError>>()?;
        waiting.sort_by(|one, other| one.source.cmp(&other.source));
        Ok((waiting, count))
    }

    /// Keeps what a person says to a word that waits: yes, and it is shown from now on; no, and all stays as it is
    /// until the source says something else.
    pub async fn settle_waiting(
        &self,
        code: Code,
        seal_seen: &str,
        yes: bool,
        change: &Change,
        territory: &Territory<'_>,
    ) -> Result<WordSettled, StoreError> {
        let mut work = self.begin(WorkKind::Directory).await?;
        let rows: Vec<KeptWord> = within!(&mut work, connection => {
            let rows = sqlx::query(
                "SELECT s.source, s.source_id, s.waiting, r.id, r.body, r.rank, r.version FROM record r \
                 JOIN source_record s ON s.record = r.id \
                 WHERE r.code = $1 AND s.asked = 1",
            )
                .bind(code.to_string())
                .fetch_all(connection)
                .await?;
            rows.iter()
                .map(|row| {
                    let record = parse(row.try_get(4)?)?;
                    let stored =
                        Stored { number: row.try_get(3)?, record, rank: row.try_get(5)?, version: row.try_get(6)? };
                    Ok(KeptWord {
                        source: row.try_get(0)?,
                        source_id: row.try_get(1)?,
                        waiting: row.try_get(2)?,
                        stored,
                    })
                })
                .collect::<Result<_, StoreError>>()?
        });
        let Some(row) = rows.into_iter().find(|row| seal(&row.waiting) == seal_seen) else {
            return Ok(WordSettled::Overtaken);
        };
        if yes {
            let source = Source::new(row.source, "");
            let said: Word =
                serde_json::from_str(&row.waiting).map_err(|error| StoreError::unreadable("source's word", error))?;
            let builder = EntryBuilder { source: &source, territory, now: change.at };
            let (entry, old_rank) = builder.agree(row.source_id, said, row.stored)?;
            let mut writer = IndexWriter::new(&mut work, self.dialect());
            writer.change(&source, entry, None, old_rank).await?;
            writer.finish().await?;
            work.begin_edition().await?;
        } else {
            within!(&mut work, connection => {
                sqlx::query("UPDATE source_record SET asked = 0 WHERE source = $1 AND source_id = $2")
                    .bind(&row.source)
                    .bind(&row.source_id)
                    .execute(connection)
                    .await?;
            });
        }
        keep_history(&mut work, code, std::slice::from_ref(change)).await?;
        work.commit().await?;
        Ok(WordSettled::Kept)
    }
}

fn seal(waiting: &str) -> String {
    format!("{:016x}", digest(waiting))
}
