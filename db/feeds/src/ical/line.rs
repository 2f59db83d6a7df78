//! Content lines: unfolded as bytes, then decoded, then split into name, parameters and value.

use super::super::FeedError;
use super::super::decode::{decode, windows_1252};

/// An unfolded line.
#[derive(Debug)]
pub(super) struct Line {
    /// Its first line in the file, from 1.
    pub(super) number: usize,
    pub(super) text: String,
    /// It was not UTF-8.
    pub(super) guessed: bool,
}

/// `NAME;PARAM=value:value`.
#[derive(Debug)]
pub(super) struct Property {
    /// Upper case.
    pub(super) name: String,
    /// Names in upper case; values without quotes.
    pub(super) parameters: Vec<(String, String)>,
    /// As written, still escaped.
    pub(super) value: String,
}

impl Property {
    /// The first parameter of that name.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The value as text (RFC 5545 §3.3.11); a backslash before anything else stays.
    pub(super) fn text(&self) -> String {
        unescape(&self.value)
    }

    /// The values of a list, split at commas that are not escaped.
    pub(super) fn list(&self) -> Vec<String> {
        let mut items = vec![String::new()];
        let mut escaped = false;
        for character in self.value.chars() {
            if character == ',' && !escaped {
                items.push(String::new());
            } else if let Some(item) = items.last_mut() {
                item.push(character);
            }
            escaped = character == '\\' && !escaped;
        }
        items.iter().map(|item| unescape(item)).filter(|item| !item.trim().is_empty()).collect()
    }
}

fn unescape(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    let mut characters = value.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            text.push(character);
            continue;
        }
        match characters.next() {
            Some('n' | 'N') => text.push('\n'),
            Some(escaped @ ('\\' | ',' | ';' | ':' | '"')) => text.push(escaped),
            Some(other) => text.extend(['\\', other]),
            None => text.push('\\'),
        }
    }
    text
}

/// Splits at CRLF, LF or a lone CR and joins folded lines, all on bytes: a fold may cut a letter of
/// two bytes in half (`YesWiki`), so that only the joined line can be decoded.
pub(super) fn unfold(bytes: &[u8]) -> Result<Vec<Line>, FeedError> {
    let is_utf_16 = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    let decoded = if is_utf_16 { Some(decode(bytes)?) } else { None };
    let bytes = decoded.as_ref().map_or(bytes, |decoded| decoded.text.as_bytes());
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut joined: Vec<(usize, Vec<u8>)> = Vec::new();
    let mut rest = bytes;
    let mut number = 0;
    while !rest.is_empty() {
        number += 1;
        let end = rest.iter().position(|byte| matches!(byte, b'\r' | b'\n')).unwrap_or(rest.len());
        let (physical, after) = rest.split_at_checked(end).unwrap_or((rest, &[]));
        rest = after.strip_prefix(b"\r\n").or_else(|| after.get(1..)).unwrap_or_default();
        match (physical, joined.last_mut()) {
            ([b' ' | b'\t', continued @ ..], Some((_, line))) => line.extend_from_slice(continued),
            _ => joined.push((number, physical.to_vec())),
        }
    }
    let decode_line = |(number, bytes): (usize, Vec<u8>)| match String::from_utf8(bytes) {
        Ok(text) => Line { number, text, guessed: false },
        Err(error) => Line { number, text: windows_1252(error.as_bytes()).into_owned(), guessed: true },
    };
    Ok(joined.into_iter().map(decode_line).collect())
}

/// Takes a content line apart; `None` when it has no name and colon.
pub(super) fn property(line: &Line) -> Option<Property> {
    let text = line.text.trim_start();
    let end = text.find(|character: char| !(character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '.')))?;
    let (name, mut rest) = text.split_at_checked(end)?;
    if name.is_empty() || !rest.starts_with([':', ';']) {
        return None;
    }
    let mut parameters = Vec::new();
    while let Some(after) = rest.strip_prefix(';') {
        let (parameter, behind) = split_parameter(after)?;
        if let Some((name, value)) = parameter.split_once('=') {
            parameters.push((name.trim().to_ascii_uppercase(), uncaret(&value.replace('"', ""))));
        }
        rest = behind;
    }
    let value = rest.strip_prefix(':')?;
    // Some tools group: "item1.SUMMARY".
    let name = name.rsplit('.').next().unwrap_or(name).to_ascii_uppercase();
    Some(Property { name, parameters, value: value.to_owned() })
}

/// Up to the next `;` or `:` outside quotes; an unclosed quote ends at the first `:` after it.
fn split_parameter(text: &str) -> Option<(&str, &str)> {
    let mut quoted = false;
    let balanced = text.matches('"').count().is_multiple_of(2);
    for (at, character) in text.char_indices() {
        match character {
            '"' if balanced => quoted = !quoted,
            ';' | ':' if !quoted => return text.split_at_checked(at),
            _ => {}
        }
    }
    None
}

/// RFC 6868: `^n`, `^'` and `^^` in parameter values.
fn uncaret(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    let mut characters = value.chars().peekable();
    while let Some(character) = characters.next() {
        let replaced = match (character, characters.peek()) {
            ('^', Some('n')) => Some('\n'),
            ('^', Some('\'')) => Some('"'),
            ('^', Some('^')) => Some('^'),
            _ => None,
        };
        if replaced.is_some() {
            characters.next();
        }
        text.push(replaced.unwrap_or(character));
    }
    text
}
