//! What a printer says of itself: a byte for a question (`DLE EOT`, `GS r`), four where nobody asked. Pure.

/// A question that is answered at any moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question {
    /// Is it on line?
    Printer = 1,
    /// Why is it not?
    Offline = 2,
    /// Is there paper?
    Paper = 4,
}

impl Question {
    /// All of them, in the order to ask.
    pub const ALL: [Self; 3] = [Self::Printer, Self::Offline, Self::Paper];

    /// The bytes to send.
    pub fn bytes(self) -> [u8; 3] {
        let number = match self {
            Self::Printer => 1,
            Self::Offline => 2,
            Self::Paper => 4,
        };
        [0x10, 0x04, number]
    }
}

/// The question that is answered once all before it is on the paper.
pub const ARE_YOU_DONE: [u8; 3] = [0x1d, b'r', 1];

/// How a printer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PaperState {
    /// It does not say.
    #[default]
    Unknown,
    /// It prints.
    Ready,
    /// It prints, and the roll comes to its end.
    NearEnd,
    /// No paper.
    Out,
    /// The cover is open.
    CoverOpen,
    /// Something else: a blade that is stuck, a head too hot.
    Faulty,
}

impl PaperState {
    /// True where nothing would be printed.
    pub fn stops(self) -> bool {
        matches!(self, Self::Out | Self::CoverOpen | Self::Faulty)
    }

    /// A word for people who look after a printer.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unknown => "says nothing",
            Self::Ready => "ready",
            Self::NearEnd => "ready; the paper comes to its end",
            Self::Out => "no paper",
            Self::CoverOpen => "the cover is open",
            Self::Faulty => "out of order",
        }
    }
}

/// What a printer said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusByte {
    /// An answer to a [`Question`].
    Answer(u8),
    /// All that stood before [`ARE_YOU_DONE`] is on the paper.
    Done,
    /// Something else: what it says by itself, or noise.
    Other,
}

/// Bytes of a status that is sent by itself, behind its first.
const REST_OF_STATUS: u8 = 3;

/// Tells apart what a printer says, byte by byte.
///
/// Where somebody set it so, a printer says by itself how it is (`GS a`), in four bytes. The last three look like the
/// answer to [`ARE_YOU_DONE`]: only the byte before them shows that they are none.
#[derive(Debug, Clone, Copy, Default)]
pub struct StatusParser {
    /// Bytes to come of a status that was sent by itself.
    rest: u8,
}

impl StatusParser {
    /// Reads the next byte; what it means depends on those before it.
    pub fn take(&mut self, byte: u8) -> StatusByte {
        if is_answer(byte) {
            // Never part of a status sent by itself: its last bytes have another bit there.
            self.rest = 0;
            StatusByte::Answer(byte)
        } else if begins_status(byte) {
            self.rest = REST_OF_STATUS;
            StatusByte::Other
        } else if self.rest > 0 {
            self.rest -= 1;
            StatusByte::Other
        } else if is_done(byte) {
            StatusByte::Done
        } else {
            StatusByte::Other
        }
    }
}

/// True for the first byte of a status that is sent by itself.
fn begins_status(byte: u8) -> bool {
    byte & 0b1001_0011 == 0b0001_0000
}

/// True for an answer to a [`Question`]: four of its bits are the same in all of them.
pub fn is_answer(byte: u8) -> bool {
    byte & 0b1001_0011 == 0b0001_0010
}

/// True for a byte that may be an answer to [`ARE_YOU_DONE`].
fn is_done(byte: u8) -> bool {
    byte & 0b1001_0000 == 0
}

/// What the answers say together.
pub fn read(answers: &[(Question, u8)]) -> PaperState {
    let bits = |question: Question, mask: u8| answers.iter().any(|(asked, byte)| *asked == question && is_answer(*byte) && byte & mask != 0);
    if !answers.iter().any(|(_, byte)| is_answer(*byte)) {
        PaperState::Unknown
    } else if bits(Question::Offline, 0x04) {
        PaperState::CoverOpen
    } else if bits(Question::Offline, 0x20) || bits(Question::Paper, 0x60) {
        PaperState::Out
    } else if bits(Question::Offline, 0x40) || bits(Question::Printer, 0x08) {
        PaperState::Faulty
    } else if bits(Question::Paper, 0x0c) {
        PaperState::NearEnd
    } else {
        PaperState::Ready
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read() {
        use Question::{Offline, Paper, Printer};
        for (answers, expected) in [
            (&[][..], PaperState::Unknown),
            (&[(Printer, 0xff)], PaperState::Unknown),
            (&[(Printer, 0x12), (Offline, 0x12), (Paper, 0x12)], PaperState::Ready),
            (&[(Printer, 0x1a), (Offline, 0x32), (Paper, 0x72)], PaperState::Out),
            (&[(Printer, 0x1a), (Offline, 0x16), (Paper, 0x12)], PaperState::CoverOpen),
            (&[(Printer, 0x12), (Offline, 0x12), (Paper, 0x1e)], PaperState::NearEnd),
            (&[(Printer, 0x1a), (Offline, 0x52), (Paper, 0x12)], PaperState::Faulty),
            (&[(Printer, 0x1a), (Offline, 0x12), (Paper, 0x12)], PaperState::Faulty),
        ] {
            assert_eq!(read(answers), expected, "{answers:02x?}");
        }
    }

    #[test]
    fn what_is_said_by_itself_is_no_answer() {
        let heard = |bytes: &[u8]| {
            let mut parser = StatusParser::default();
            bytes.iter().map(|byte| parser.take(*byte)).filter(|said| *said != StatusByte::Other).collect::<Vec<_>>()
        };
        assert_eq!(heard(&[0x1c, 0x00, 0x0c, 0x0f]), []);
        assert_eq!(heard(&[0x14, 0x00, 0x00, 0x0f, 0x00]), [StatusByte::Done]);
        assert_eq!(heard(&[0x1c, 0x00, 0x0c, 0x0f, 0x12, 0x1c, 0x00, 0x0c, 0x0f, 0x00]), [StatusByte::Answer(0x12), StatusByte::Done]);
        // One that was cut short, and another behind it.
        assert_eq!(heard(&[0x1c, 0x00, 0x1c, 0x00, 0x0c, 0x0f]), []);
        assert_eq!(heard(&[0x1c, 0x00, 0x12, 0x00]), [StatusByte::Answer(0x12), StatusByte::Done]);
        // Every status that a printer may send by itself, with any paper and any cover.
        for first in (0..=255).filter(|byte| begins_status(*byte)) {
            for rest in (0..=255).filter(|byte| is_done(*byte)) {
                assert_eq!(heard(&[first, rest, rest, rest]), [], "{first:02x} {rest:02x}");
            }
        }
    }

    #[test]
    fn the_two_kinds_of_answers_are_told_apart() {
        for byte in 0..=255 {
            assert!(u8::from(is_answer(byte)) + u8::from(is_done(byte)) + u8::from(begins_status(byte)) <= 1, "{byte:02x}");
        }
        assert!(is_done(0x00) && is_done(0x03) && !is_done(0x12));
    }
}
