//! Text in cells: cut into lines between words, and ordered as it is read.

mod arabic;

use std::borrow::Cow;

use unicode_bidi::BidiInfo;
use unicode_width::UnicodeWidthStr;

/// Cells that a text takes. Marks that change direction take none.
pub fn width(text: &str) -> usize {
    UnicodeWidthStr::width(plain(text).as_ref())
}

/// Cuts a text between words into at most so many lines; true where something did not fit.
pub fn wrap(text: &str, most: usize, rows: usize) -> (Vec<String>, bool) {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        match lines.last_mut() {
            Some(line) if width(line) + 1 + width(word) <= most => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    let is_cut = lines.len() > rows || lines.iter().any(|line| width(line) > most);
    lines.truncate(rows);
    if is_cut && let Some(last) = lines.last_mut() {
        while !last.is_empty() && width(last) >= most {
            last.pop();
        }
        last.push('…');
    }
    for line in &mut lines {
        while width(line) > most && line.pop().is_some() {}
    }
    (lines, is_cut)
}

/// As a terminal must get it, which writes from left to right whatever the script: letters joined, words in the order
/// of the eye, and nothing that a terminal would obey.
pub fn drawn(text: &str) -> String {
    if !text.chars().any(arabic::is_arabic) {
        return plain(text).chars().filter(|character| !character.is_control()).collect();
    }
    let joined = arabic::joined(text);
    let bidi = BidiInfo::new(&joined, Some(unicode_bidi::Level::rtl()));
    let ordered: String = bidi.paragraphs.iter().map(|paragraph| bidi.reorder_line(paragraph, paragraph.range.clone())).collect();
    plain(&ordered).chars().filter(|character| !character.is_control()).collect()
}

/// Without the marks that set a direction apart: a terminal would show them.
fn plain(text: &str) -> Cow<'_, str> {
    let is_mark = |character: char| matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if text.contains(is_mark) { Cow::Owned(text.replace(is_mark, "")) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_cut_between_words() {
        assert_eq!(wrap("Épicerie sociale", 10, 2), (vec!["Épicerie".to_owned(), "sociale".to_owned()], false));
        assert_eq!(wrap("Épicerie sociale", 10, 1), (vec!["Épicerie…".to_owned()], true));
        assert_eq!(wrap("Donaudampfschifffahrt", 8, 2), (vec!["Donauda…".to_owned()], true));
        assert_eq!(wrap("", 8, 2), (Vec::new(), false));
    }

    #[test]
    fn arabic_joins_and_runs_from_right_to_left_with_numbers_as_they_are() {
        let seen = drawn("صفحة 12");
        assert!(seen.starts_with("12 "), "{seen}");
        assert!(seen.chars().all(|letter| letter.is_ascii() || ('\u{fe70}'..='\u{fefc}').contains(&letter)), "{seen}");
        assert_eq!(drawn("a\u{2066}b\u{2069}\u{1b}[31m"), "ab[31m");
    }
}
