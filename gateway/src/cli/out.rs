//! What a person at the terminal reads.

use std::io::Write;

/// Writes a line to standard output; a closed pipe ends quietly.
pub(super) fn line(text: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}

/// Writes a remark to standard error.
pub(super) fn remark(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}
