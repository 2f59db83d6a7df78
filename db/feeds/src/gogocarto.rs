//! GoGoCarto's JSON: `/api/elements.json` in its full and its compact form.
//!
//! Shapes after `pixelhumain/GoGoCarto` (Element.php, APIController.php) and `GoGoCartoJs`
//! (element-json-loader): an envelope or a bare list; dates, phones, categories, addresses and
//! coordinates each in two or more spellings. The API lists all it has: what is missing has gone.

mod element;
mod value;

use std::collections::BTreeMap;

use directory::draft::{Coverage, Feed, Refused};
use serde_json::{Map, Value, json};

use super::decode::{decode, not_this};
use super::{FeedError, Notes, Settings};

const EXPECTED: &str = "GoGoCarto's JSON (a list of elements, or one under \"data\")";

pub(super) fn parse(bytes: &[u8], settings: &Settings<'_>) -> Result<Feed, FeedError> {
    let decoded = decode(bytes)?;
    let text = decoded.text.trim();
    if !text.starts_with(['{', '[']) {
        return Err(not_this(EXPECTED, text));
    }
    let value: Value = serde_json::from_str(text).map_err(|error| FeedError::Json { line: error.line(), column: error.column(), reason: error.to_string() })?;
    let mut feed = Feed { coverage: Coverage::Whole, ..Feed::default() };
    if decoded.guessed {
        feed.warnings.push(Refused::new(1, "encoding", "", "not UTF-8: read as Windows-1252"));
    }
    let (elements, mapping) = match value {
        Value::Array(elements) => (elements, None),
        Value::Object(mut envelope) => {
            feed.licence = ["licence", "license"].iter().find_map(|key| envelope.get(*key)).and_then(Value::as_str).map(ToOwned::to_owned);
            match envelope.remove("data") {
                Some(Value::Array(elements)) => (elements, envelope.remove("mapping")),
                // `/api/elements/{id}.json` gives one element: the others have not gone.
                None | Some(Value::Null) if envelope.contains_key("id") && envelope.contains_key("name") => {
                    feed.coverage = Coverage::Window;
                    (vec![Value::Object(envelope)], None)
                }
                _ => return Err(not_this(EXPECTED, text)),
            }
        }
        _ => return Err(not_this(EXPECTED, text)),
    };
    if elements.is_empty() {
        return Err(FeedError::Empty);
    }
    let mapping = mapping.unwrap_or_else(|| json!(["id", ["name"], "latitude", "longitude", "status", "moderationState"]));
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for (place, element) in elements.into_iter().enumerate() {
        let mut notes = Notes { line: place + 1, feed: &mut feed };
        let read = match element {
            Value::Object(element) => element::read(&element, settings, &mut notes),
            Value::Array(values) => element::read(&unfold(&mapping, &values), settings, &mut notes),
            other => Err(notes.refusal("", &other.to_string(), "neither an element nor a compact element")),
        };
        match read {
            Ok(draft) => match seen.insert(draft.source_id.clone(), place + 1) {
                None => feed.drafts.push(draft),
                Some(first) => feed.refused.push(Refused::new(place + 1, "id", &draft.source_id, format!("listed twice: first as element {first}"))),
            },
            Err(refused) => feed.refused.push(refused),
        }
    }
    Ok(feed)
}

/// A compact element as a full one: `mapping` names its positions, a list of names those of the
/// inner list. Some instances put the categories in fifth place without saying so.
fn unfold(mapping: &Value, values: &[Value]) -> Map<String, Value> {
    let mut element = Map::new();
    let empty = Vec::new();
    let names = mapping.as_array().unwrap_or(&empty);
    let unsaid = values.get(4).is_some_and(Value::is_array) && names.get(4).is_some_and(|name| name == "status");
    let mut values = values.iter().enumerate().filter(|(place, _)| !(unsaid && *place == 4)).map(|(_, value)| value);
    for name in names {
        let Some(value) = values.next() else { break };
        match (name, value) {
            (Value::String(name), value) => {
                element.insert(name.clone(), value.clone());
            }
            (Value::Array(inner_names), Value::Array(inner)) => {
                for (name, value) in inner_names.iter().zip(inner) {
                    element.extend(name.as_str().map(|name| (name.to_owned(), value.clone())));
                }
            }
            (Value::Array(inner_names), value) => {
                element.extend(inner_names.first().and_then(Value::as_str).map(|name| (name.to_owned(), value.clone())));
            }
            _ => {}
        }
    }
    element
}

#[cfg(test)]
mod tests;
