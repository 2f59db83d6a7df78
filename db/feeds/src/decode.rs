//! Bytes to text, and the answers that are no feed at all.

use std::borrow::Cow;

use encoding_rs::{Encoding, WINDOWS_1252};

use super::FeedError;

/// Files that people take for text because of their name.
const BINARY: &[(&[u8], &str)] = &[
    (b"PK\x03\x04", "a zip archive or spreadsheet (.zip, .xlsx, .ods)"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"%PDF", "a PDF document"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word document"),
];

/// A text, and whether its encoding had to be guessed.
#[derive(Debug)]
pub(super) struct Decoded<'b> {
    /// Without byte order mark.
    pub(super) text: Cow<'b, str>,
    /// The bytes were not UTF-8 and were read as Windows-1252.
    pub(super) guessed: bool,
}

/// Decodes UTF-8, UTF-16 with a byte order mark, else Windows-1252, which old tables and calendars
/// of France and Belgium are written in.
pub(super) fn decode(bytes: &[u8]) -> Result<Decoded<'_>, FeedError> {
    refuse_binary(bytes)?;
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let (text, broken) = encoding.decode_without_bom_handling(bytes.get(mark..).unwrap_or_default());
        if broken && encoding != encoding_rs::UTF_8 {
            return Err(FeedError::Encoding { found: format!("a broken {} file", encoding.name()) });
        }
        if !broken {
            return Ok(Decoded { text, guessed: false });
        }
    }
    Ok(match std::str::from_utf8(bytes) {
        Ok(text) => Decoded { text: Cow::Borrowed(text), guessed: false },
        Err(_) => Decoded { text: windows_1252(bytes), guessed: true },
    })
}

/// Every byte means something in Windows-1252, so this cannot fail.
pub(super) fn windows_1252(bytes: &[u8]) -> Cow<'_, str> {
    WINDOWS_1252.decode_without_bom_handling(bytes).0
}

/// No bytes, only blanks, or a file that is not text.
pub(super) fn refuse_binary(bytes: &[u8]) -> Result<(), FeedError> {
    if bytes.iter().all(|byte| byte.is_ascii_whitespace() || *byte == 0) {
        return Err(FeedError::Empty);
    }
    match BINARY.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        Some((_, found)) => Err(FeedError::Encoding { found: (*found).to_owned() }),
        None => Ok(()),
    }
}

/// Describes a text that is not the format asked for.
pub(super) fn not_this(expected: &'static str, text: &str) -> FeedError {
    let start = text.trim_start_matches(|character: char| character.is_whitespace() || character == '\u{feff}');
    if start.is_empty() || ["null", "[]", "{}", "\"\""].contains(&start.trim_end()) {
        return FeedError::Empty;
    }
    let head: String = start.chars().take(400).collect::<String>().to_lowercase();
    let found = if head.starts_with("<?xml") || head.starts_with("<rss") || head.starts_with("<feed") {
        "an XML document".to_owned()
    } else if head.starts_with('<') {
        "a web page (HTML), perhaps a login page".to_owned()
    } else if head.starts_with("begin:") {
        "a calendar (iCalendar)".to_owned()
    } else if head.starts_with(['{', '[']) {
        "JSON of another kind".to_owned()
    } else {
        format!("the text {:?}", start.lines().next().unwrap_or_default().chars().take(80).collect::<String>())
    };
    FeedError::NotThisFormat { expected, found }
}
