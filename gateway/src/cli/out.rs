//! What a person at the terminal reads. Much of it comes from elsewhere: nothing in it may steer the terminal.

use std::borrow::Cow;
use std::io::{IsTerminal, Write};

/// Writes a line to standard output; a closed pipe ends quietly.
pub(super) fn line(text: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{}", plain(text));
}

/// The text without control characters, and without the marks that turn the order of letters; lines stay lines.
fn plain(text: &str) -> Cow<'_, str> {
    let steers = |character: char| {
        let turns = matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        turns || character.is_control() && character != '\n'
    };
    if text.contains(steers) { Cow::Owned(text.chars().filter(|character| !steers(*character)).collect()) } else { Cow::Borrowed(text) }
}

/// Writes bytes to standard output, as they are.
pub(super) fn bytes(bytes: &[u8]) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(bytes).and_then(|()| out.flush());
}

/// Asks whoever is at the terminal; no, where nobody is.
pub(super) fn asks(question: &str) -> bool {
    if !std::io::stdin().is_terminal() {
        return false;
    }
    let mut out = std::io::stderr().lock();
    let _ = write!(out, "{question} (yes/no) ").and_then(|()| out.flush());
    drop(out);
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer).is_ok() && answer.trim() == "yes"
}

/// True where somebody would see what is written to standard output.
pub(super) fn is_watched() -> bool {
    std::io::stdout().is_terminal()
}

/// Writes a remark to standard error.
pub(super) fn remark(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{}", plain(text));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_printed_steers_the_terminal() {
        assert_eq!(plain("\u{1b}]0;owned\u{7}\u{1b}[31mrouge\r\u{9b}2J\u{202e}\nà côté"), "]0;owned[31mrouge2J\nà côté");
        assert!(matches!(plain("La Soupe, 1030 – 🙂\nمرحبا"), Cow::Borrowed(_)));
    }
}
