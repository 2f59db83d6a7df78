//! What comes out of a thermal printer, command by command.

/// A piece of paper: its lines of letters, and its pictures, as the bytes that made them.
pub type Sheet = Vec<Vec<u8>>;

/// What came out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Printed {
    /// What was cut off.
    pub cut: Vec<Sheet>,
    /// What still hangs on the roll.
    pub hanging: Sheet,
}

/// The paper and the command that the printer is in.
#[derive(Debug, Default)]
pub(super) struct Paper {
    printed: Printed,
    command: Vec<u8>,
    letters: Vec<u8>,
    answers: Vec<u8>,
}

impl Paper {
    pub(super) fn printed(&self) -> Printed {
        self.printed.clone()
    }

    pub(super) fn take_answers(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.answers)
    }

    pub(super) fn answer(&mut self, byte: u8) {
        self.answers.push(byte);
    }

    /// The power was cut.
    pub(super) fn reset(&mut self) {
        self.command.clear();
        self.letters.clear();
        self.answers.clear();
    }

    pub(super) fn print(&mut self, byte: u8) {
        self.command.push(byte);
        let Some(length) = length(&self.command) else { return };
        if self.command.len() < length {
            return;
        }
        let command = std::mem::take(&mut self.command);
        match command.as_slice() {
            [0x00] => {}
            [b'\n'] => self.end_line(true),
            // Starting afresh forgets an open line.
            [0x1b, b'@'] => self.letters.clear(),
            [0x1b, b'd', _] => self.end_line(false),
            [0x1d, b'V', ..] => {
                self.end_line(false);
                let sheet = std::mem::take(&mut self.printed.hanging);
                self.printed.cut.push(sheet);
            }
            [0x1d, b'r', _] => self.answers.push(0),
            [0x1d, b'v' | b'(', ..] => {
                self.end_line(false);
                self.printed.hanging.push(command);
            }
            [letter] if *letter >= b' ' => self.letters.push(*letter),
            _ => {}
        }
    }

    fn end_line(&mut self, feeds: bool) {
        if feeds || !self.letters.is_empty() {
            let line = std::mem::take(&mut self.letters);
            self.printed.hanging.push(line);
        }
    }
}

/// How long a command is; `None` until that can be told.
fn length(command: &[u8]) -> Option<usize> {
    Some(match command {
        [0x1b, b'@', ..] | [0x1c, _, ..] => 2,
        [0x1d, b'V', b'A' | b'B', ..] => 4,
        [0x1d, b'v', _, _, columns, columns_high, rows, rows_high, ..] => {
            8 + usize::from(u16::from_le_bytes([*columns, *columns_high])) * usize::from(u16::from_le_bytes([*rows, *rows_high]))
        }
        [0x1d, b'(', _, low, high, ..] => 5 + usize::from(u16::from_le_bytes([*low, *high])),
        [0x1b..=0x1d] | [0x1d, b'V'] | [0x1d, b'v' | b'(', ..] => return None,
        [0x1b | 0x1d, _, ..] => 3,
        _ => 1,
    })
}
