//! What a printer says of itself in one byte (`DLE EOT`, `GS r`). Pure.

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

/// True for an answer to a [`Question`]: four of its bits are the same in all of them.
pub fn is_answer(byte: u8) -> bool {
    byte & 0b1001_0011 == 0b0001_0010
}

/// True for an answer to [`ARE_YOU_DONE`].
pub fn is_done(byte: u8) -> bool {
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
    fn the_two_kinds_of_answers_are_told_apart() {
        for byte in 0..=255 {
            assert!(!(is_answer(byte) && is_done(byte)), "{byte:02x}");
        }
        assert!(is_done(0x00) && is_done(0x03) && !is_done(0x12));
    }
}
