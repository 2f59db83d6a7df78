//! An entry as it will be kept: everything about it that needs no database.

use chrono::{DateTime, NaiveDate, Utc};
use directory::code::Code;
use directory::draft::Coverage;
use directory::locality::Territory;
use directory::record::{Content, Freshness, Packed, Provenance, Record, Status, Trust};

use crate::StoreError;
use crate::import::{OWN_FORMAT, Source, Word, fingerprint, status_when_gone, to_json};
use crate::index;
use crate::record::KeptRecord;

/// A record with all its columns, and where it is found.
pub(crate) struct BuiltEntry {
    pub(super) number: i64,
    pub(super) uid: String,
    pub(super) code: String,
    pub(super) kind: &'static str,
    pub(super) status: &'static str,
    pub(super) rank: i64,
    pub(super) version: i64,
    pub(super) body: String,
    pub(super) last_day: Option<String>,
    pub(super) source_id: String,
    pub(super) fingerprint: String,
    /// The source's word that counts; empty where it is the one before.
    pub(super) kept: String,
    /// A word that a person is to look at before it is shown.
    pub(super) waiting: Option<String>,
    /// What lists and ranking need of it.
    pub(super) brief: Packed,
    /// Where it is found; nothing for what is not shown, or over.
    pub(super) found: Option<FoundUnder>,
}

impl BuiltEntry {
    /// Its code.
    pub(crate) fn code(&self) -> Result<Code, StoreError> {
        Code::parse(&self.code).ok_or_else(|| StoreError::unreadable("code", &self.code))
    }

    /// What is left of an entry that is erased, found by nothing, and the rank it had.
    pub(crate) fn erased(stored: Stored, today: NaiveDate) -> Result<(Self, i64), StoreError> {
        let Stored { number, record, rank, version } = stored;
        let left = record.erased(today);
        let entry = Self {
            number,
            uid: left.id.clone(),
            code: left.code.to_string(),
            kind: left.kind.id(),
            status: left.status.id(),
            rank: index::rank(&left, number, today),
            version: version + 1,
            body: serde_json::to_string(&left).map_err(|error| StoreError::unreadable("record", error))?,
            last_day: None,
            source_id: String::new(),
            fingerprint: String::new(),
            kept: String::new(),
            waiting: None,
            brief: Packed::from(&left),
            found: None,
        };
        Ok((entry, rank))
    }

    /// Its row.
    pub(super) fn kept(&self) -> KeptRecord<'_> {
        KeptRecord {
            id: self.number,
            uid: &self.uid,
            code: &self.code,
            kind: self.kind,
            status: self.status,
            rank: self.rank,
            version: self.version,
            body: &self.body,
            last_day: self.last_day.as_deref(),
        }
    }
}

/// What a record is found by.
pub(super) struct FoundUnder {
    pub(super) topics: Vec<String>,
    pub(super) localities: Vec<String>,
    pub(super) words: String,
}

/// A record as the database has it.
pub(crate) struct Stored {
    pub(crate) number: i64,
    pub(crate) record: Record,
    pub(crate) rank: i64,
    pub(crate) version: i64,
}

/// Makes entries of what one source says.
pub(crate) struct EntryBuilder<'a> {
    pub(crate) source: &'a Source,
    pub(crate) territory: &'a Territory<'a>,
    pub(crate) now: DateTime<Utc>,
}

impl EntryBuilder<'_> {
    /// True where a person looks before visitors do: somebody in danger must not be sent to a door or a number that
    /// nobody has seen. What people entered themselves and what is invented is shown at once.
    fn asks_first(&self, content: &Content) -> bool {
        content.is_sensitive() && !self.source.demo && self.source.format != OWN_FORMAT
    }

    /// An entry seen for the first time, under the next serial number that gives a code.
    pub(crate) fn add(&self, source_id: String, word: Word, serial: &mut i64) -> Result<BuiltEntry, StoreError> {
        let code = next_code(serial);
        let number = *serial;
        let waits = self.asks_first(&word.content);
        let record = Record {
            id: format!("r{number}"),
            code,
            kind: word.kind,
            status: if waits { Status::Draft } else { word.status },
            content: Content::default(),
            provenance: Vec::new(),
            overrides: Vec::new(),
            trust: Trust::default(),
            freshness: Freshness::default(),
            consent: None,
            demo: self.source.demo,
        };
        self.put(source_id, word, number, record, 1, waits)
    }

    /// An entry that says something else, and the rank it had. One that a person still has to see stays a draft; one
    /// that was seen stays as it is, where the new word leads elsewhere.
    pub(super) fn change(
        &self,
        source_id: String,
        word: Word,
        stored: Stored,
    ) -> Result<(BuiltEntry, i64), StoreError> {
        let Stored { number, mut record, rank, version } = stored;
        let mut changed = record.clone();
        changed.take_content(word.content.clone());
        let is_sensitive = self.asks_first(&record.content) || self.asks_first(&changed.content);
        let is_unseen = record.status == Status::Draft && record.status_by_hand().is_none();
        if is_sensitive && !is_unseen && !changed.content.leads_where(&record.content) {
            let waiting = Some(to_json(&word));
            let entry = self.entry(number, &record, version + 1, source_id, String::new(), String::new())?;
            return Ok((BuiltEntry { waiting, ..entry }, rank));
        }
        record.kind = word.kind;
        let waits = is_sensitive && is_unseen;
        record.status = record.status_by_hand().unwrap_or(if waits { Status::Draft } else { word.status });
        Ok((self.put(source_id, word, number, record, version + 1, waits)?, rank))
    }

    /// An entry with the word that a person looked at and agreed to, and the rank it had.
    pub(crate) fn agree(&self, source_id: String, word: Word, stored: Stored) -> Result<(BuiltEntry, i64), StoreError> {
        let Stored { number, mut record, rank, version } = stored;
        record.kind = word.kind;
        record.status = record.status_by_hand().unwrap_or(word.status);
        Ok((self.put(source_id, word, number, record, version + 1, false)?, rank))
    }

    /// An entry that its source no longer lists, and the rank it had.
    pub(super) fn close(
        &self,
        source_id: String,
        coverage: Coverage,
        stored: Stored,
    ) -> Result<(BuiltEntry, i64), StoreError> {
        let Stored { number, mut record, rank, version } = stored;
        // What nobody has looked at comes back as that; what a person said of it stands.
        let is_draft = record.status == Status::Draft;
        record.status =
            record.status_by_hand().unwrap_or(if is_draft { Status::Draft } else { status_when_gone(coverage) });
        Ok((self.entry(number, &record, version + 1, source_id, String::new(), String::new())?, rank))
    }

    /// A record that was changed by hand, and the rank it had. What its source said stays as it was.
    pub(crate) fn correct(&self, stored: Stored) -> Result<(BuiltEntry, i64), StoreError> {
        let Stored { number, record, rank, version } = stored;
        Ok((self.entry(number, &record, version + 1, String::new(), String::new(), String::new())?, rank))
    }

    fn put(
        &self,
        source_id: String,
        word: Word,
        number: i64,
        mut record: Record,
        version: i64,
        waits: bool,
    ) -> Result<BuiltEntry, StoreError> {
        let kept = to_json(&word);
        let print = fingerprint(&word);
        self.take(&mut record, &source_id, word);
        let waiting = waits.then(|| kept.clone());
        Ok(BuiltEntry { waiting, ..self.entry(number, &record, version, source_id, print, kept)? })
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

    fn entry(
        &self,
        number: i64,
        record: &Record,
        version: i64,
        source_id: String,
        fingerprint: String,
        kept: String,
    ) -> Result<BuiltEntry, StoreError> {
        let last_day = index::last_day(record);
        let is_found = record.status.is_shown() && last_day.is_none_or(|day| day >= self.today());
        Ok(BuiltEntry {
            number,
            uid: record.id.clone(),
            code: record.code.to_string(),
            kind: record.kind.id(),
            status: record.status.id(),
            rank: index::rank(record, number, self.today()),
            version,
            body: serde_json::to_string(record).map_err(|error| StoreError::unreadable("record", error))?,
            last_day: last_day.map(|day| day.to_string()),
            source_id,
            fingerprint,
            kept,
            waiting: None,
            brief: Packed::from(record),
            found: is_found.then(|| self.found(record)),
        })
    }

    fn found(&self, record: &Record) -> FoundUnder {
        let localities = index::localities(record, self.territory);
        FoundUnder { topics: index::topics(record), words: index::words(record, &localities), localities }
    }

    fn today(&self) -> NaiveDate {
        self.now.date_naive()
    }
}

/// The next serial number that gives a code. Past the last code the codes begin again: a territory of
/// more than 788 000 entries has two under some of them, and both are shown.
pub(super) fn next_code(serial: &mut i64) -> Code {
    loop {
        *serial += 1;
        let number = u32::try_from(*serial % Code::SERIALS).unwrap_or_default();
        if let Some(code) = Code::from_serial(number) {
            return code;
        }
    }
}
