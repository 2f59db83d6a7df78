//! The directory in the hands of people: corrections, entries of their own, rounds of verification, and who changed
//! what. An import's word stays beside theirs; nothing is lost by either.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use directory::code::Code;
use directory::draft::Draft;
use directory::locality::Territory;
use directory::record::{BY_TEXT, Brief, Content, Record};
use sqlx::Row;

use crate::StoreError;
use crate::brief::unpack;
use crate::dialect::WorkKind;
use crate::history::{Change, keep_history};
use crate::import::{self, Desk, OWN_FORMAT, OWN_SOURCE, Source, Stored, Writer};
use crate::record::parse;
use crate::store::{Store, Work, on, within};

/// In the place of a colleague's name: the entry's own number confirmed it, by text message.
const TEXTED: &str = "SMS";

/// The name of a colleague who has no account any more stays beside what they changed for this long.
pub const NAMES_KEPT: Duration = Duration::days(365);

/// Briefs read at once.
const AT_ONCE: i64 = 2_000;

/// What became of a correction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Corrected {
    /// It is kept.
    Kept,
    /// Somebody else changed the record since it was read; nothing was written.
    Overtaken,
}

impl Store {
    /// A record as it may be changed: with the number of its version.
    pub async fn record_to_change(&self, code: Code) -> Result<Option<(Record, i64)>, StoreError> {
        on!(self, db => {
            let row = sqlx::query("SELECT body, version FROM record WHERE code = $1 ORDER BY rank LIMIT 1").bind(code.to_string()).fetch_optional(&mut *db.read().await?).await?;
            row.map(|row| Ok((parse(row.try_get(0)?)?, row.try_get(1)?))).transpose()
        })
    }

    /// What each source says of a record, before any correction.
    pub async fn words_of_sources(&self, code: Code) -> Result<Vec<(String, Content)>, StoreError> {
        let rows: Vec<(String, String)> = on!(self, db => {
            let rows = sqlx::query("SELECT s.source, s.content FROM source_record s JOIN record r ON r.id = s.record WHERE r.code = $1 AND s.content <> '' ORDER BY s.source").bind(code.to_string()).fetch_all(&mut *db.read().await?).await?;
            rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect::<Result<_, sqlx::Error>>()?
        });
        rows.into_iter().map(|(source, word)| Ok((source, import::content_of(&word)?))).collect()
    }

    /// Keeps a record that was changed by hand, as long as nobody changed it since `version` was read.
    pub async fn correct(
        &self,
        record: &Record,
        version: i64,
        changes: &[Change],
        territory: &Territory<'_>,
        now: DateTime<Utc>,
    ) -> Result<Corrected, StoreError> {
        let mut work = self.begin(WorkKind::Directory).await?;
        let found: Option<(i64, i64, i64)> = within!(&mut work, connection => {
            let row = sqlx::query("SELECT id, rank, version FROM record WHERE uid = $1").bind(&record.id).fetch_optional(connection).await?;
            row.map(|row| Ok::<_, sqlx::Error>((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?))).transpose()?
        });
        let Some((number, rank, _)) = found.filter(|(_, _, known)| *known == version) else { return Ok(Corrected::Overtaken) };
        let source = own();
        let desk = Desk { source: &source, territory, now };
        let (entry, old_rank) = desk.correct(Stored { number, record: record.clone(), rank, version })?;
        let mut writer = Writer::new(&mut work, self.dialect());
        writer.replace(&entry).await?;
        writer.list(entry, Some(old_rank)).await?;
        writer.finish().await?;
        keep_history(&mut work, record.code, changes).await?;
        work.begin_edition().await?;
        work.commit().await?;
        Ok(Corrected::Kept)
    }

    /// Adds an entry that no source has; its code.
    pub async fn add_by_hand(&self, draft: Draft, change: &Change, territory: &Territory<'_>) -> Result<Code, StoreError> {
        let source = own();
        let mut work = self.begin(WorkKind::Directory).await?;
        import::keep_source(&mut work, &source, None, change.at).await?;
        let desk = Desk { source: &source, territory, now: change.at };
        let (source_id, said) = import::word(draft, None, &source, territory);
        let mut writer = Writer::new(&mut work, self.dialect());
        let mut serial = writer.next_serial().await?;
        let entry = desk.add(source_id, said, &mut serial)?;
        let code = entry.code()?;
        writer.add(&source, vec![entry]).await?;
        writer.keep_serial(serial).await?;
        writer.finish().await?;
        keep_history(&mut work, code, std::slice::from_ref(change)).await?;
        work.begin_edition().await?;
        work.commit().await?;
        Ok(code)
    }

    /// Makes fresh what organisations called right by text message since the last time; how many entries are fresher now.
    /// A turn only notes it: it never waits for whoever writes in the directory.
    pub async fn take_confirmations(&self, territory: &Territory<'_>, now: DateTime<Utc>) -> Result<usize, StoreError> {
        let noted: Vec<(String, String)> = on!(self, db => {
            let rows = sqlx::query("SELECT code, day FROM confirmation ORDER BY code").fetch_all(&mut *db.read().await?).await?;
            rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect::<Result<_, sqlx::Error>>()?
        });
        if noted.is_empty() {
            return Ok(0);
        }
        let doubts = self.doubts().await?;
        let mut fresher = 0;
        for (code, day) in noted {
            if let (Some(known), Ok(said_on)) = (Code::parse(&code), day.parse::<NaiveDate>())
                && let Some((record, version)) = self.record_to_change(known).await?
            {
                let seen = record.freshness.confirmed_on;
                let is_doubted = doubts.iter().any(|(doubted, _, last)| *doubted == known && seen.is_none_or(|seen| seen < *last));
                match self.confirm_by_text(record, version, said_on, is_doubted, territory, now).await? {
                    Some(Corrected::Kept) => fresher += 1,
                    // A mediator is at it: the next time, if anything is left to say then.
                    Some(Corrected::Overtaken) => continue,
                    None => {}
                }
            }
            on!(self, db => {
                sqlx::query("DELETE FROM confirmation WHERE code = $1 AND day = $2")
                    .bind(&code)
                    .bind(&day)
                    .execute(db.write().await?.connection()?)
                    .await?
                    .rows_affected()
            });
        }
        Ok(fresher)
    }

    /// Keeps the organisation's own word; nothing where somebody doubts the entry or it changes nothing.
    async fn confirm_by_text(
        &self,
        mut record: Record,
        version: i64,
        said_on: NaiveDate,
        is_doubted: bool,
        territory: &Territory<'_>,
        now: DateTime<Utc>,
    ) -> Result<Option<Corrected>, StoreError> {
        let before = record.freshness.confirmed_on.map(|day| day.to_string()).unwrap_or_default();
        if is_doubted || !record.confirm_by_text(said_on) {
            return Ok(None);
        }
        let after = format!("{said_on} {BY_TEXT}");
        let change = Change { at: now, mediator: TEXTED.to_owned(), field: "verified".to_owned(), before, after };
        self.correct(&record, version, &[change], territory, now).await.map(Some)
    }

    /// Who changed what of a record, the last change first. Who has been gone for long has no name.
    pub async fn history(&self, code: Code) -> Result<Vec<Change>, StoreError> {
        on!(self, db => {
            let rows = sqlx::query("SELECT at, mediator, field, before, after FROM history WHERE code = $1 ORDER BY id DESC").bind(code.to_string()).fetch_all(&mut *db.read().await?).await?;
            let changes = rows.iter().map(|row| {
                Ok(Change {
                    at: DateTime::from_timestamp(row.try_get(0)?, 0).unwrap_or_default(),
                    mediator: row.try_get(1)?,
                    field: row.try_get(2)?,
                    before: row.try_get(3)?,
                    after: row.try_get(4)?,
                })
            });
            Ok(changes.collect::<Result<_, sqlx::Error>>()?)
        })
    }

    /// What lists say of every record, in the order of ranks, handed to `each` in batches. A look at all of them:
    /// some tenths of a second for a hundred thousand.
    pub async fn each_brief(&self, mut each: impl FnMut(Brief)) -> Result<(), StoreError> {
        let mut after = i64::MIN;
        loop {
            let batch: Vec<(i64, Option<Brief>)> = on!(self, db => {
                let rows = sqlx::query("SELECT rank, packed FROM brief WHERE rank > $1 ORDER BY rank LIMIT $2").bind(after).bind(AT_ONCE).fetch_all(&mut *db.read().await?).await?;
                rows.iter().map(|row| Ok((row.try_get(0)?, unpack(row.try_get(1)?)?.open()))).collect::<Result<_, StoreError>>()?
            });
            let Some((last, _)) = batch.last() else { return Ok(()) };
            after = *last;
            batch.into_iter().filter_map(|(_, brief)| brief).for_each(&mut each);
        }
    }

    /// How often visitors said that an entry is wrong, by its code, and the last day on which one did. What was verified
    /// since is for the caller to leave out.
    pub async fn doubts(&self) -> Result<Vec<(Code, i64, NaiveDate)>, StoreError> {
        on!(self, db => {
            let rows = sqlx::query("SELECT code, CAST(sum(count) AS BIGINT), max(day) FROM doubt GROUP BY code ORDER BY code").fetch_all(&mut *db.read().await?).await?;
            let doubts = rows.iter().map(|row| Ok((Code::parse(row.try_get(0)?), row.try_get(1)?, row.try_get::<String, _>(2)?.parse::<NaiveDate>().ok())));
            let doubts: Vec<(Option<Code>, i64, Option<NaiveDate>)> = doubts.collect::<Result<_, sqlx::Error>>()?;
            Ok(doubts.into_iter().filter_map(|(code, count, day)| Some((code?, count, day?))).collect())
        })
    }
}

/// Takes the names of those who have no account any more off what they changed long ago: without a name it was a
/// colleague of before. Organisations that confirmed by text message are no colleagues.
pub(crate) async fn forget_colleagues(work: &mut Work, now: DateTime<Utc>) -> Result<(), StoreError> {
    within!(work, connection => {
        let text = "UPDATE history SET mediator = '' WHERE at < $1 AND mediator NOT IN ('', $2) \
                    AND mediator NOT IN (SELECT name FROM mediator)";
        sqlx::query(text)
            .bind((now - NAMES_KEPT).timestamp())
            .bind(TEXTED)
            .execute(connection)
            .await?
            .rows_affected()
    });
    Ok(())
}

fn own() -> Source {
    // What somebody at the desk enters is no less than what a source says.
    Source { trust: 1, ..Source::new(OWN_SOURCE, OWN_FORMAT) }
}
