//! What a person at the terminal reads.

use std::io::{IsTerminal, Write};

/// Writes a line to standard output; a closed pipe ends quietly.
pub(super) fn line(text: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{text}");
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
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}
