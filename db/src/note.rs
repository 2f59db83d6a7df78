//! What turns and kiosks note without anybody's name: what was not found, what is wrong, what an organisation confirms.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use directory::answer::Note;
use directory::theme::Theme;

use crate::batch::{Batch, Value};

/// Day, channel, theme and postal code.
type Unmet<'a> = (String, &'static str, &'static str, &'a str);

/// Day, channel and code.
type Doubt = (String, &'static str, String);

/// Notes added up. No statement may touch one row twice.
#[derive(Debug, Default)]
pub(crate) struct NoteCounts<'a> {
    unmet: BTreeMap<Unmet<'a>, i64>,
    doubts: BTreeMap<Doubt, i64>,
    /// The last day, by code.
    confirmed: BTreeMap<String, String>,
}

impl<'a> NoteCounts<'a> {
    pub(crate) fn add(&mut self, day: NaiveDate, channel: &'static str, note: &'a Note) {
        match note {
            // In a village, day and place of such a question would be a name: the month is counted, and no place.
            Note::Unmet { theme: Some(theme), .. } if theme.is_sensitive() => {
                let month = day.with_day(1).unwrap_or(day).to_string();
                *self.unmet.entry((month, channel, theme.id(), "")).or_default() += 1;
            }
            Note::Unmet { theme, postal_code } => {
                let place = postal_code.as_deref().unwrap_or_default();
                let key = (day.to_string(), channel, theme.map_or("", Theme::id), place);
                *self.unmet.entry(key).or_default() += 1;
            }
            Note::Doubt(code) => *self.doubts.entry((day.to_string(), channel, code.to_string())).or_default() += 1,
            Note::Right(code) => {
                self.confirmed.insert(code.to_string(), day.to_string());
            }
        }
    }

    /// Lists them as rows, table by table.
    pub(crate) fn rows(self) -> NoteRows<'a> {
        NoteRows {
            unmet: self.unmet.into_iter().collect(),
            doubts: self.doubts.into_iter().collect(),
            confirmed: self.confirmed.into_iter().collect(),
        }
    }
}

/// The rows that notes become.
#[derive(Debug)]
pub(crate) struct NoteRows<'a> {
    unmet: Vec<(Unmet<'a>, i64)>,
    doubts: Vec<(Doubt, i64)>,
    confirmed: Vec<(String, String)>,
}

impl NoteRows<'_> {
    pub(crate) fn write<'r>(&'r self, batch: &mut Batch<'r>) {
        batch.insert(
            &self.unmet,
            5,
            |rows| {
                format!(
                    "INSERT INTO unmet (day, channel, theme, postal_code, count) VALUES {rows} \
                     ON CONFLICT (day, channel, theme, postal_code) DO UPDATE SET count = unmet.count + excluded.count"
                )
            },
            |((day, channel, theme, postal_code), count)| {
                let [day, channel, theme, postal_code] = [day.as_str(), channel, theme, postal_code].map(Value::text);
                vec![day, channel, theme, postal_code, Value::Integer(*count)]
            },
        );
        batch.insert(
            &self.doubts,
            4,
            |rows| {
                format!(
                    "INSERT INTO doubt (day, channel, code, count) VALUES {rows} \
                     ON CONFLICT (day, channel, code) DO UPDATE SET count = doubt.count + excluded.count"
                )
            },
            |((day, channel, code), count)| {
                vec![Value::text(day), Value::text(channel), Value::text(code), Value::Integer(*count)]
            },
        );
        batch.insert(
            &self.confirmed,
            2,
            |rows| {
                format!(
                    "INSERT INTO confirmation (code, day) VALUES {rows} \
                     ON CONFLICT (code) DO UPDATE SET day = excluded.day"
                )
            },
            |(code, day)| vec![Value::text(code), Value::text(day)],
        );
    }
}
