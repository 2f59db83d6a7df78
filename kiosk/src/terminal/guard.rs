//! The terminal as the kiosk wants it, and as it was before: also after a panic.

use std::io::{self, Write};
use std::panic;

use crossterm::cursor::{Hide, Show};
use crossterm::event::{DisableMouseCapture, EnableMouseCapture};
use crossterm::execute;
use crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode};

/// Gives the terminal back when it is dropped.
#[derive(Debug)]
pub(super) struct Guard;

impl Guard {
    /// Raw keys, the other screen, the mouse; no cursor.
    pub(super) fn enter() -> io::Result<Self> {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            leave();
            before(info);
            // Whichever thread it was: a kiosk that is half alive is worse than one that starts again.
            std::process::exit(101);
        }));
        enable_raw_mode()?;
        execute!(io::stdout(), EnterAlternateScreen, EnableMouseCapture, Hide)?;
        Ok(Self)
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        leave();
    }
}

/// The screen that a visitor saw is cleared first, with what scrolled off it. Whoever ends the program sees the rest.
fn leave() {
    let mut out = io::stdout();
    let _ = out.write_all(b"\x1b[2J\x1b[3J");
    let _ = execute!(out, DisableMouseCapture, Show, LeaveAlternateScreen);
    let _ = disable_raw_mode();
}
