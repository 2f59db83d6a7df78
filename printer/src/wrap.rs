//! Cuts a text into lines of so many letters. A number, a price, an hour or a phone number stays on one line.

/// Joins what must never be parted: the groups of a phone number, a figure and its unit.
const HARD: char = '\u{202f}';

/// Joins what should stay together and may be parted only where it does not fit one line.
const SOFT: char = '\u{a0}';

/// Words that belong to the figure before them.
const UNITS: [&str; 14] = ["h", "u", "uur", "uhr", "heures", "heure", "am", "pm", "€", "eur", "euro", "euros", "km", "%"];

/// How many letters a line of it takes: marks above letters and marks of direction take no room.
pub fn width(text: &str) -> usize {
    text.chars().filter(|character| !unicode_normalization::char::is_combining_mark(*character) && !is_direction(*character)).count()
}

fn is_direction(character: char) -> bool {
    matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The text with its blanks joined: it is parted only where it does not fit one line.
pub fn together(text: &str) -> String {
    text.replace(' ', "\u{a0}")
}

/// The text with its blanks joined for good: for a phone number.
pub fn inseparable(text: &str) -> String {
    text.replace([' ', SOFT], "\u{202f}")
}

/// Cuts a text into lines of at most `columns` letters.
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(1);
    let glued = glue(text);
    let mut lines = Lines { columns, done: Vec::new(), open: String::new() };
    for piece in glued.split(' ').filter(|piece| !piece.is_empty()) {
        if width(piece) <= columns {
            lines.add(piece);
            continue;
        }
        for part in piece.split(SOFT).filter(|part| !part.is_empty()) {
            if width(part) <= columns {
                lines.add(part);
            } else {
                lines.cut(part);
            }
        }
    }
    lines.finish()
}

/// Joins with marks what must not be parted; blanks of all kinds become one.
fn glue(text: &str) -> String {
    let words: Vec<&str> = text.split([' ', '\t', '\n', '\r', '\u{2009}']).filter(|word| !word.is_empty()).collect();
    let mut glued = String::with_capacity(text.len());
    for (place, word) in words.iter().enumerate() {
        if let Some(before) = place.checked_sub(1).and_then(|place| words.get(place)) {
            glued.push(joint(before, word));
        }
        glued.push_str(word);
    }
    glued
}

fn joint(before: &str, word: &str) -> char {
    let begins_with_digit = word.starts_with(|character: char| character.is_ascii_digit());
    if before.ends_with(|character: char| character.is_ascii_digit()) {
        let bare = word.trim_end_matches(['.', ',', ';', ')', ':', '?', '!']).to_lowercase();
        if begins_with_digit || UNITS.contains(&bare.as_str()) {
            return HARD;
        }
    }
    if begins_with_digit && matches!(before, "€" | "EUR" | "+" | "h" | "n°" | "nr." | "nr") {
        return HARD;
    }
    if before == "«" || matches!(word, ":" | "?" | "!" | ";" | "»") {
        return SOFT;
    }
    ' '
}

struct Lines {
    columns: usize,
    done: Vec<String>,
    open: String,
}

impl Lines {
    fn add(&mut self, piece: &str) {
        if !self.open.is_empty() && width(&self.open) + 1 + width(piece) > self.columns {
            self.close();
        }
        if !self.open.is_empty() {
            self.open.push(' ');
        }
        self.open.push_str(piece);
    }

    /// A word longer than a line: parted behind a hyphen or a stroke, else between letters, and between digits
    /// only where there are more of them than a line holds.
    fn cut(&mut self, word: &str) {
        let mut rest = word;
        while width(rest) > self.columns {
            let letters = rest.chars().scan(0, |letters, character| {
                *letters += width(character.encode_utf8(&mut [0; 4]));
                (*letters <= self.columns).then_some(character.len_utf8())
            });
            let taken: usize = letters.sum();
            let (head, tail) = rest.split_at_checked(best_cut(rest, taken).max(1)).unwrap_or((rest, ""));
            self.add(head);
            self.close();
            rest = tail;
        }
        self.add(rest);
    }

    fn close(&mut self) {
        let line = std::mem::take(&mut self.open);
        self.done.push(line.replace([HARD, SOFT], " ").trim().to_owned());
    }

    fn finish(mut self) -> Vec<String> {
        if !self.open.is_empty() {
            self.close();
        }
        self.done
    }
}

/// Where to cut, at most at `most` bytes: the last place behind a mark, else the last one that parts no digits.
fn best_cut(word: &str, most: usize) -> usize {
    let places = || word.char_indices().map(|(place, _)| place).filter(|place| *place > 0 && *place <= most);
    let sides = |place: usize| {
        let (before, behind) = word.split_at_checked(place)?;
        Some((before.chars().next_back()?, behind.chars().next()?))
    };
    let is_behind_mark = |place: &usize| sides(*place).is_some_and(|(before, behind)| matches!(before, '-' | '/' | '@' | HARD) && !behind.is_ascii_digit());
    let parts_no_number = |place: &usize| sides(*place).is_some_and(|(before, behind)| !(is_numeral(before) && is_numeral(behind)));
    places().rfind(is_behind_mark).or_else(|| places().rfind(parts_no_number)).unwrap_or(most)
}

fn is_numeral(character: char) -> bool {
    character.is_ascii_digit() || matches!(character, '.' | ',' | ':' | HARD)
}

#[cfg(test)]
mod tests;
