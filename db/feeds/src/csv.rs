//! Tables: comma, semicolon, tab or bar between the columns, read through a [`Mapping`].
//!
//! Rows are refused one by one with the line of the file on which they start; a table without the
//! columns that the mapping needs is no table of that source and is refused as a whole.

mod choice;
mod opening;
mod place;
mod row;
mod when;

use std::borrow::Cow;
use std::collections::BTreeMap;

use directory::draft::{Coverage, Feed, Refused};
use directory::words::fold;

use self::row::Row;
use super::decode::{decode, not_this};
use super::mapping::{Extent, Field};
use super::{FeedError, Mapping, Notes, Settings};

const EXPECTED: &str = "a table whose first line names the columns";
const DELIMITERS: [char; 4] = [',', ';', '\t', '|'];

/// The columns of a table by their folded name, so that accents, case and the ` *` that `YesWiki`
/// puts behind required ones do not matter.
#[derive(Debug)]
struct Columns {
    places: BTreeMap<String, usize>,
    count: usize,
}

impl Columns {
    fn place(&self, name: &str) -> Option<usize> {
        self.places.get(&fold(name)).copied()
    }
}

pub(super) fn parse(bytes: &[u8], settings: &Settings<'_>) -> Result<Feed, FeedError> {
    let mapping = match settings.mapping {
        Some(mapping) => Cow::Borrowed(mapping),
        None => Cow::Owned(Mapping::house()?),
    };
    let decoded = decode(bytes)?;
    let text: &str = &decoded.text;
    let start = text.trim_start();
    if start.starts_with(['<', '{', '[']) || start.to_ascii_uppercase().starts_with("BEGIN:V") || start.trim_end() == "null" {
        return Err(not_this(EXPECTED, text));
    }
    let first_line = start.lines().next().unwrap_or_default();
    let delimiter = mapping.delimiter.unwrap_or_else(|| sniff(first_line));
    let mut reader =
        ::csv::ReaderBuilder::new().delimiter(u8::try_from(delimiter).unwrap_or(b',')).flexible(true).has_headers(false).from_reader(text.as_bytes());
    let mut records = reader.records();
    let Some(Ok(header)) = records.next() else { return Err(not_this(EXPECTED, text)) };
    let mut columns = Columns { places: BTreeMap::new(), count: header.len() };
    for (place, name) in header.iter().enumerate() {
        columns.places.entry(fold(name)).or_insert(place);
    }
    let mut feed = Feed { licence: mapping.licence.clone(), ..Feed::default() };
    feed.coverage = if mapping.extent == Extent::Whole { Coverage::Whole } else { Coverage::Window };
    if decoded.guessed {
        feed.warnings.push(Refused::new(1, "encoding", "", "not UTF-8: read as Windows-1252"));
    }
    look_for_columns(&mapping, &columns, &header, text, &mut feed)?;

    let mut lines: BTreeMap<String, usize> = BTreeMap::new();
    let mut rows = 0;
    for record in records {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = error.position().map_or(0, |position| usize::try_from(position.line()).unwrap_or(0));
                feed.refused.push(Refused::new(line, "", "", format!("not a row: {error}")));
                continue;
            }
        };
        let line = record.position().map_or(0, |position| usize::try_from(position.line()).unwrap_or(0));
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        rows += 1;
        if let Some(refused) = misshapen(&record, &columns, line) {
            feed.refused.push(refused);
            continue;
        }
        let row = Row { cells: &record, columns: &columns, mapping: &mapping, settings };
        let mut notes = Notes { line, feed: &mut feed };
        match row.read(&mut notes) {
            Ok(draft) => match lines.get(&draft.source_id) {
                None => {
                    lines.insert(draft.source_id.clone(), line);
                    feed.drafts.push(draft);
                }
                Some(first) => {
                    let refused = Refused::new(line, row.names(Field::Id), &draft.source_id, format!("listed twice: first on line {first}"));
                    feed.refused.push(refused);
                }
            },
            Err(refused) => feed.refused.push(refused),
        }
    }
    if rows == 0 { Err(FeedError::Empty) } else { Ok(feed) }
}

/// The delimiter that stands most often in the header, outside quotes.
fn sniff(header: &str) -> char {
    let bare: String = header.split('"').step_by(2).collect();
    let count = |delimiter: &char| bare.matches(*delimiter).count();
    DELIMITERS.into_iter().rev().max_by_key(count).filter(|delimiter| count(delimiter) > 0).unwrap_or(',')
}

/// Stops when the table has not even the columns of the key and the name; notes the others once.
fn look_for_columns(mapping: &Mapping, columns: &Columns, header: &::csv::StringRecord, text: &str, feed: &mut Feed) -> Result<(), FeedError> {
    let mut missing: Vec<&str> = Vec::new();
    let mut known = 0;
    let choices = [&mapping.kind, &mapping.status, &mapping.themes, &mapping.needs, &mapping.audiences, &mapping.access, &mapping.cost, &mapping.languages];
    let of_choices = choices.into_iter().flatten().flat_map(|choice| choice.columns.iter().map(String::as_str));
    let of_days = mapping.days.iter().flat_map(|day| day.columns.iter().map(String::as_str));
    let of_fields = mapping.fields.values().chain(mapping.identifiers.values()).flat_map(|rule| rule.all_columns());
    for name in of_fields.chain(of_choices).chain(of_days) {
        if columns.place(name).is_some() {
            known += 1;
        } else if !missing.contains(&name) {
            missing.push(name);
        }
    }
    if known == 0 {
        return Err(not_this(EXPECTED, text));
    }
    for rule in [Field::Id, Field::Name].into_iter().filter_map(|field| mapping.rule(field)) {
        let named = rule.all_columns();
        if let Some(first) = named.first().filter(|_| !named.iter().any(|name| columns.place(name).is_some())) {
            let found: Vec<&str> = header.iter().take(40).collect();
            return Err(FeedError::Column { missing: (*first).to_owned(), found: found.join(", ") });
        }
    }
    if !missing.is_empty() {
        feed.warnings.push(Refused::new(1, "columns", &missing.join(", "), "in the mapping but not in the table: left empty"));
    }
    Ok(())
}

/// A row with a quote or delimiter too many or too few would put every value into the wrong field.
fn misshapen(record: &::csv::StringRecord, columns: &Columns, line: usize) -> Option<Refused> {
    let extra = record.iter().skip(columns.count).any(|cell| !cell.trim().is_empty());
    let short = record.len() < columns.count && record.iter().any(|cell| cell.contains('\n'));
    (extra || short).then(|| {
        let reason = format!("{} cells where the table has {} columns: a quote or delimiter is missing or one too many", record.len(), columns.count);
        Refused::new(line, "", record.get(0).unwrap_or_default(), reason)
    })
}

#[cfg(test)]
mod tests;
