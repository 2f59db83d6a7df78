//! What kiosks count: with nobody, and to the day. A kiosk counts in its own database; its counts are brought to the
//! gateway's, each once.

use chrono::{DateTime, NaiveDate, NaiveTime};
use directory::answer::Note;
use directory::code::Code;
use directory::theme::Theme;
use sqlx::Row;

use crate::StoreError;
use crate::batch::Batch;
use crate::dialect::WorkKind;
use crate::journal::KIOSK;
use crate::note::NoteCounts;
use crate::store::{Store, on, within};

/// Something that a kiosk counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KioskCount {
    /// Its own, by chance: it is counted once in a database, however often it is brought there.
    pub id: String,
    /// The day.
    pub day: NaiveDate,
    /// What is counted.
    pub note: Note,
}

impl Store {
    /// Counts what a kiosk noted; false where it was counted before. A database that says nothing is not waited for
    /// longer than a turn would.
    pub async fn keep_kiosk_count(&self, count: &KioskCount) -> Result<bool, StoreError> {
        tokio::time::timeout(self.patience(), self.write_kiosk_count(count)).await.unwrap_or(Err(StoreError::Silent))
    }

    async fn write_kiosk_count(&self, count: &KioskCount) -> Result<bool, StoreError> {
        let mut work = self.begin(WorkKind::Turns).await?;
        let written = within!(&mut work, connection => {
            let text = "INSERT INTO turn (channel, carrier_id, received_at, answer) VALUES ($1, $2, $3, $4) \
                        ON CONFLICT (channel, carrier_id) DO NOTHING";
            sqlx::query(text)
                .bind(KIOSK)
                .bind(&count.id)
                .bind(count.day.and_time(NaiveTime::MIN).and_utc().timestamp())
                .bind(to_text(&count.note))
                .execute(connection)
                .await?
                .rows_affected()
        });
        let mut notes = NoteCounts::default();
        if written > 0 {
            notes.add(count.day, KIOSK, &count.note);
        }
        let rows = notes.rows();
        let mut batch = Batch::new(self.dialect());
        rows.write(&mut batch);
        work.commit_with(batch).await?;
        Ok(written > 0)
    }

    /// Lists what kiosks counted in this database, to be brought to another one. What this program cannot read is left
    /// out.
    pub async fn kiosk_counts(&self) -> Result<Vec<KioskCount>, StoreError> {
        let rows: Vec<(String, i64, String)> = on!(self, db => {
            let rows = sqlx::query("SELECT carrier_id, received_at, answer FROM turn WHERE channel = $1")
                .bind(KIOSK)
                .fetch_all(&mut *db.read().await?)
                .await?;
            rows.iter()
                .map(|row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?)))
                .collect::<Result<_, sqlx::Error>>()?
        });
        let count = |(id, seconds, text): (String, i64, String)| {
            Some(KioskCount { id, day: DateTime::from_timestamp(seconds, 0)?.date_naive(), note: from_text(&text)? })
        };
        Ok(rows.into_iter().filter_map(count).collect())
    }

    /// Forgets a count that was brought to another database.
    pub async fn forget_kiosk_count(&self, id: &str) -> Result<(), StoreError> {
        on!(self, db => {
            sqlx::query("DELETE FROM turn WHERE channel = $1 AND carrier_id = $2")
                .bind(KIOSK)
                .bind(id)
                .execute(db.write().await?.connection()?)
                .await?
                .rows_affected()
        });
        Ok(())
    }
}

/// Writes a note as the table keeps it.
fn to_text(note: &Note) -> String {
    match note {
        Note::Unmet { theme, postal_code } => {
            // Where a sensitive subject was asked for is not told.
            let place = postal_code.as_deref().filter(|_| !theme.is_some_and(Theme::is_sensitive));
            format!("unmet {} {}", theme.map_or("-", Theme::id), place.unwrap_or("-"))
        }
        Note::Doubt(code) => format!("doubt {code}"),
        // Nobody writes from an organisation's number at a kiosk.
        Note::Right(code) => format!("right {code}"),
    }
}

/// Reads a note as the table keeps it; `None` for what is no kiosk's note.
fn from_text(text: &str) -> Option<Note> {
    match text.split(' ').collect::<Vec<_>>()[..] {
        ["unmet", theme, postal_code] => Some(Note::Unmet {
            theme: Theme::from_id(theme),
            postal_code: Some(postal_code).filter(|code| *code != "-").map(ToOwned::to_owned),
        }),
        ["doubt", code] => Code::parse(code).map(Note::Doubt),
        _ => None,
    }
}
