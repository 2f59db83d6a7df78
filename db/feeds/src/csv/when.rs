//! When a row's event takes place, or until when its offer stands.

use chrono::NaiveTime;
use directory::draft::Refused;
use directory::record::{Kind, When, WhenStatus};
use directory::schedule::check;

use super::super::Notes;
use super::super::date::{self, Moment};
use super::super::ical::normalise_rule;
use super::super::mapping::Field;
use super::row::Row;

impl Row<'_> {
    pub(super) fn when(&self, kind: Kind, notes: &mut Notes<'_>) -> Result<Option<When>, Refused> {
        let (start, end) = (self.moment(Field::Start, notes)?, self.moment(Field::End, notes)?);
        let start = match (start, end) {
            (Some(start), _) => start,
            // An offer says only how long it stands; it stood on the day somebody confirmed it.
            (None, Some(end)) if kind != Kind::Event => {
                let since = [Field::ConfirmedOn, Field::UpdatedOn]
                    .into_iter()
                    .find_map(|field| date::read(&self.text(field)?, &self.mapping.date_formats, self.settings.zone));
                Moment::Day(since.map_or(end.day(), Moment::day).min(end.day()))
            }
            (None, _) if kind == Kind::Event => return Err(notes.refusal(&self.names(Field::Start), "", "missing: an event needs a date")),
            (None, _) => return Ok(None),
        };
        let all_day = matches!(start, Moment::Day(_));
        let mut when = When {
            start: start.time(),
            end: None,
            all_day,
            zone: self.settings.zone.name().to_owned(),
            rrule: None,
            rdate: Vec::new(),
            exdate: Vec::new(),
            status: WhenStatus::Scheduled,
        };
        if let Some(end) = end {
            let last = if all_day { end.day().and_time(NaiveTime::MIN) } else { end.time() };
            if last < when.start {
                return Err(notes.refusal(
                    &self.names(Field::End),
                    &self.text(Field::End).unwrap_or_default(),
                    format!("before the start ({})", self.text(Field::Start).unwrap_or_default()),
                ));
            }
            when.end = Some(last);
        }
        if let Some(rule) = self.text(Field::Rrule) {
            when.rrule = Some(normalise_rule(rule.trim_start_matches("RRULE:"), self.settings.zone));
            check(&when).map_err(|error| notes.refusal(&self.names(Field::Rrule), &rule, error.to_string()))?;
        }
        Ok(Some(when))
    }

    fn moment(&self, field: Field, notes: &Notes<'_>) -> Result<Option<Moment>, Refused> {
        let Some(said) = self.text(field) else { return Ok(None) };
        let read = date::read(&said, &self.mapping.date_formats, self.settings.zone);
        read.map(Some).ok_or_else(|| notes.refusal(&self.names(field), &said, "not a date (2026-12-05) or time (2026-12-05T18:30)"))
    }
}
