//! JSON values that are a string here, a number or a list there.

use serde_json::{Map, Value};

/// A text: a string, or a number as written.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The first of these keys that holds a text.
pub(super) fn text_of(element: &Map<String, Value>, keys: &[&str]) -> Option<String> {
    keys.iter().find_map(|key| element.get(*key).and_then(text))
}

/// A text, or the texts of a list, or the names of a list of objects.
pub(super) fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Array(values) => values.iter().flat_map(texts).collect(),
        Value::Object(object) => text_of(object, &["name", "value", "label"]).into_iter().collect(),
        other => text(other).into_iter().collect(),
    }
}

/// The texts of the first of these keys that has any.
pub(super) fn texts_of(element: &Map<String, Value>, keys: &[&str]) -> Vec<String> {
    keys.iter().filter_map(|key| element.get(*key)).map(texts).find(|texts| !texts.is_empty()).unwrap_or_default()
}

/// A whole number, also one written as a string.
pub(super) fn integer(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.trim().parse().ok())
}
