//! Writes an import's plan in one transaction.

use chrono::{DateTime, NaiveDate, Utc};
use directory::code::Code;
use directory::draft::Coverage;
use directory::locality::Territory;
use directory::record::{Freshness, Provenance, Record, Trust};
use sqlx::{AssertSqlSafe, Row};

use super::{Plan, Source, Word, fingerprint, status_when_gone, to_json};
use crate::StoreError;
use crate::brief;
use crate::index;
use crate::record::parse;
use crate::statement::{blocks, rows};
use crate::store::{Kind, Store, Work, within};

/// How often progress is told, in entries.
const TELL_EVERY: usize = 250;

impl Store {
    #[expect(clippy::too_many_arguments, reason = "one caller; the plan and where it comes from")]
    pub(super) async fn apply(
        &self,
        source: &Source,
        plan: Plan,
        coverage: Coverage,
        licence: Option<String>,
        territory: &Territory<'_>,
        now: DateTime<Utc>,
        progress: impl Fn(usize, usize),
    ) -> Result<(), StoreError> {
        let total = plan.new.len() + plan.changed.len() + plan.gone.len();
        let mut work = self.begin(Kind::Directory).await?;
        within!(&mut work, connection => {
            sqlx::query("INSERT INTO source (name, format, licence, demo, imported_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (name) DO UPDATE SET format = excluded.format, licence = excluded.licence, demo = excluded.demo, imported_at = excluded.imported_at")
                .bind(&source.name)
                .bind(source.format)
                .bind(&licence)
                .bind(i64::from(source.demo))
                .bind(now.timestamp())
                .execute(connection)
                .await?;
        });
        let mut desk = Desk { work: &mut work, insert_words: self.dialect().insert_words, source, territory, now };
        let mut done = 0;
        let mut tell = || {
            crate::fail_point::reach("import::entry");
            done += 1;
            if done % TELL_EVERY == 0 || done == total {
                progress(done, total);
            }
        };
        let mut serial = desk.next_serial().await?;
        for (source_id, word) in plan.new {
            desk.add(&source_id, word, &mut serial).await?;
            tell();
        }
        desk.keep_serial(serial).await?;
        for (record, source_id, moved_from, word) in plan.changed {
            desk.change(record, &source_id, moved_from.as_deref(), word).await?;
            tell();
        }
        for (record, source_id) in plan.gone {
            desk.close(record, &source_id, coverage).await?;
            tell();
        }
        work.begin_edition().await?;
        crate::fail_point::reach("import::before-commit");
        work.commit().await?;
        Ok(())
    }
}

/// One import at work on one connection.
struct Desk<'a> {
    work: &'a mut Work,
    insert_words: &'static str,
    source: &'a Source,
    territory: &'a Territory<'a>,
    now: DateTime<Utc>,
}

impl Desk<'_> {
    async fn next_serial(&mut self) -> Result<i64, StoreError> {
        let value: Option<i64> = within!(self.work, connection => sqlx::query("SELECT value FROM counter WHERE name = 'serial'").fetch_optional(connection).await?.map(|row| row.try_get(0)).transpose()?);
        Ok(value.unwrap_or(0))
    }

    async fn keep_serial(&mut self, serial: i64) -> Result<(), StoreError> {
        within!(self.work, connection => {
            sqlx::query("INSERT INTO counter (name, value) VALUES ('serial', $1) ON CONFLICT (name) DO UPDATE SET value = excluded.value")
                .bind(serial)
                .execute(connection)
                .await?;
        });
        Ok(())
    }

    async fn add(&mut self, source_id: &str, word: Word, serial: &mut i64) -> Result<(), StoreError> {
        let kept = to_json(&word);
        let print = fingerprint(&word);
        let code = next_code(serial);
        let number = *serial;
        let mut record = Record {
            id: format!("r{number}"),
            code,
            kind: word.kind,
            status: word.status,
            content: word.content.clone(),
            provenance: Vec::new(),
            overrides: Vec::new(),
            trust: Trust::default(),
            freshness: Freshness::default(),
            consent: None,
            demo: self.source.demo,
        };
        self.take(&mut record, source_id, word);
        let rank = index::rank(&record, number, self.today());
        within!(self.work, connection => {
            sqlx::query("INSERT INTO record (id, uid, code, kind, status, rank, version, body, last_day) VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $8)")
                .bind(number)
                .bind(&record.id)
                .bind(record.code.to_string())
                .bind(record.kind.id())
                .bind(record.status.id())
                .bind(rank)
                .bind(body(&record)?)
                .bind(index::last_day(&record).map(|day| day.to_string()))
                .execute(connection)
                .await?;
        });
        brief::keep(self.work, rank, &record).await?;
        self.index(&record, rank).await?;
        within!(self.work, connection => {
            sqlx::query("INSERT INTO source_record (source, source_id, record, fingerprint, content) VALUES ($1, $2, $3, $4, $5)")
                .bind(&self.source.name)
                .bind(source_id)
                .bind(number)
                .bind(print)
                .bind(kept)
                .execute(connection)
                .await?;
        });
        Ok(())
    }

    async fn change(&mut self, number: i64, source_id: &str, moved_from: Option<&str>, word: Word) -> Result<(), StoreError> {
        let kept = to_json(&word);
        let print = fingerprint(&word);
        let (mut record, rank, version) = self.load(number).await?;
        record.kind = word.kind;
        record.status = word.status;
        self.take(&mut record, source_id, word);
        self.replace(number, &record, rank, version).await?;
        within!(self.work, connection => {
            sqlx::query("UPDATE source_record SET source_id = $1, fingerprint = $2, content = $3, gone_at = NULL WHERE source = $4 AND source_id = $5")
                .bind(source_id)
                .bind(print)
                .bind(kept)
                .bind(&self.source.name)
                .bind(moved_from.unwrap_or(source_id))
                .execute(connection)
                .await?;
        });
        Ok(())
    }

    async fn close(&mut self, number: i64, source_id: &str, coverage: Coverage) -> Result<(), StoreError> {
        let (mut record, rank, version) = self.load(number).await?;
        record.status = status_when_gone(coverage);
        self.replace(number, &record, rank, version).await?;
        within!(self.work, connection => {
            sqlx::query("UPDATE source_record SET gone_at = $1 WHERE source = $2 AND source_id = $3")
                .bind(self.now.timestamp())
                .bind(&self.source.name)
                .bind(source_id)
                .execute(connection)
                .await?;
        });
        Ok(())
    }

    /// Puts the source's word into a record, under its corrections.
    fn take(&self, record: &mut Record, source_id: &str, word: Word) {
        let provenance = Provenance {
            source: self.source.name.clone(),
            source_id: source_id.to_owned(),
            url: word.url,
            licence: word.content.licence.clone(),
            fetched_at: self.now,
            updated_on: word.updated_on,
        };
        record.provenance.retain(|known| known.source != self.source.name);
        record.provenance.push(provenance);
        record.take_content(word.content);
        // What a mediator confirmed since is worth more than the source's own word.
        if record.trust.by.is_none() {
            record.trust.level = word.trust;
            record.trust.evidence = word.evidence;
            record.freshness.confirmed_on = word.confirmed_on.or(word.updated_on);
        }
    }

    async fn load(&mut self, number: i64) -> Result<(Record, i64, i64), StoreError> {
        let (body, rank, version): (String, i64, i64) = within!(self.work, connection => {
            let row = sqlx::query("SELECT body, rank, version FROM record WHERE id = $1").bind(number).fetch_one(connection).await?;
            (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?)
        });
        Ok((parse(&body)?, rank, version))
    }

    async fn replace(&mut self, number: i64, record: &Record, old_rank: i64, version: i64) -> Result<(), StoreError> {
        let rank = index::rank(record, number, self.today());
        within!(self.work, connection => {
            sqlx::query("UPDATE record SET code = $1, kind = $2, status = $3, rank = $4, version = $5, body = $6, last_day = $7 WHERE id = $8")
                .bind(record.code.to_string())
                .bind(record.kind.id())
                .bind(record.status.id())
                .bind(rank)
                .bind(version + 1)
                .bind(body(record)?)
                .bind(index::last_day(record).map(|day| day.to_string()))
                .bind(number)
                .execute(connection)
                .await?;
        });
        within!(self.work, connection => {
            sqlx::query("DELETE FROM listing WHERE rank = $1").bind(old_rank).execute(connection).await?;
        });
        within!(self.work, connection => {
            sqlx::query("DELETE FROM word WHERE rowid = $1").bind(old_rank).execute(connection).await?;
        });
        within!(self.work, connection => {
            sqlx::query("DELETE FROM brief WHERE rank = $1").bind(old_rank).execute(connection).await?;
        });
        brief::keep(self.work, rank, record).await?;
        self.index(record, rank).await
    }

    async fn index(&mut self, record: &Record, rank: i64) -> Result<(), StoreError> {
        if !record.status.is_shown() || index::last_day(record).is_some_and(|day| day < self.today()) {
            return Ok(());
        }
        let localities = index::localities(record, self.territory);
        let topics = index::topics(record);
        let listed: Vec<(&str, &str)> = topics.iter().flat_map(|topic| localities.iter().map(|locality| (topic.as_str(), locality.as_str()))).collect();
        for block in blocks(&listed) {
            let text = format!("INSERT INTO listing (topic, locality, rank) VALUES {} ON CONFLICT DO NOTHING", rows(block.len(), 3));
            within!(self.work, connection => {
                let query = block.iter().fold(sqlx::query(AssertSqlSafe(text)), |query, (topic, locality)| query.bind(*topic).bind(*locality).bind(rank));
                query.execute(connection).await?;
            });
        }
        within!(self.work, connection => {
            sqlx::query(self.insert_words).bind(rank).bind(index::words(record, &localities)).execute(connection).await?;
        });
        Ok(())
    }

    fn today(&self) -> NaiveDate {
        self.now.date_naive()
    }
}

/// The next serial number that gives a code. Past the last code the codes begin again: a territory of
/// more than 788 000 entries has two under some of them, and both are shown.
fn next_code(serial: &mut i64) -> Code {
    loop {
        *serial += 1;
        let number = u32::try_from(*serial % Code::SERIALS).unwrap_or_default();
        if let Some(code) = Code::from_serial(number) {
            return code;
        }
    }
}

fn body(record: &Record) -> Result<String, StoreError> {
    serde_json::to_string(record).map_err(|error| StoreError::unreadable("record", error))
}
