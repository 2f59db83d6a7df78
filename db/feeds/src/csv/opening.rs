//! A row's opening hours, in one column or in columns by day.

use directory::record::Hours;

use super::super::mapping::Field;
use super::super::{Notes, hours, text};
use super::row::Row;

impl Row<'_> {
    pub(super) fn hours(&self, notes: &mut Notes<'_>) -> Hours {
        let (field, said, osm) = match self.text(Field::Hours) {
            Some(said) => {
                let osm = hours::osm(&said);
                (self.names(Field::Hours), text::line(&said), osm)
            }
            None => match self.days() {
                Some((said, osm)) => ("days".to_owned(), said, osm),
                None => return Hours::default(),
            },
        };
        if osm.is_none() {
            notes.warn(&field, &said, "hours not understood: kept as text only");
        }
        let raw = (osm.as_deref() != Some(said.as_str())).then_some(said);
        Hours { osm, raw, ..Hours::default() }
    }

    /// The cells of the week as the source has them, and what they mean if all are understood.
    /// `None` when the source says nothing at all; closed all week is not nothing, but there is no
    /// hour to show either.
    fn days(&self) -> Option<(String, Option<String>)> {
        let mut week: [Vec<hours::Interval>; 7] = Default::default();
        let mut certain = true;
        let mut said = Vec::new();
        for day in &self.mapping.days {
            let place = hours::DAYS.iter().position(|name| *name == day.day);
            for column in &day.columns {
                let Some(cell) = self.cell(column) else { continue };
                match (hours::cell(cell), place.and_then(|place| week.get_mut(place))) {
                    (Some(hours::Cell::Open(intervals)), Some(open)) => open.extend(intervals),
                    (Some(hours::Cell::Closed), _) => continue,
                    _ => certain = false,
                }
                said.push(format!("{column} {cell}"));
            }
        }
        if said.is_empty() {
            return None;
        }
        Some((text::line(&said.join(", ")), if certain { hours::week(&week) } else { None }))
    }
}
