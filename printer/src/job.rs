//! One attempt to print one slip, and what is known of the paper after it.
//!
//! Nothing is sent to a printer that has no paper. The blade falls only when the printer has said that all of the
//! slip is on the paper: so what was not cut is never a whole slip, and what went wrong before may be printed again
//! without a visitor getting two. A printer whose kind says nothing is believed, once it has taken every byte.

mod transition;

use std::io;
use std::time::{Duration, Instant};

pub use directory::printing::Left;

pub use self::transition::{after, died};

use crate::device::{Device, DeviceAddress, open};
use crate::escpos::Stream;
use crate::profile::{Profile, StatusReporting};
use crate::status::{ARE_YOU_DONE, PaperState, Question, StatusByte, StatusParser, read};

/// Bytes between two questions how the printer is.
const CHUNK: usize = 2_048;

/// How long an open may take.
pub const OPEN: Duration = Duration::from_secs(2);

/// How long to wait for what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PrintTimeouts {
    /// For an answer that comes at any moment.
    pub answer: Duration,
    /// While a printer takes nothing.
    pub stall: Duration,
    /// Until all is on the paper, as long as the printer goes on answering.
    pub finish: Duration,
}

impl Default for PrintTimeouts {
    fn default() -> Self {
        Self { answer: Duration::from_millis(500), stall: Duration::from_millis(1_500), finish: Duration::from_secs(30) }
    }
}

/// What went well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Printed {
    /// How the printer was at the end.
    pub state: PaperState,
    /// The printer said itself that the slip is on the paper; else the bytes were only handed over.
    pub is_certain: bool,
}

/// Why there is no slip.
#[derive(Debug, thiserror::Error)]
pub enum PrintError {
    /// Put paper in; then print again.
    #[error("the printer has no paper")]
    PaperOut {
        /// What is on the paper.
        left: Left,
    },
    /// Close the cover; then print again.
    #[error("the printer's cover is open")]
    CoverOpen {
        /// What is on the paper.
        left: Left,
    },
    /// Look at the printer: a blade that is stuck, a lamp that blinks.
    #[error("the printer is out of order: switch it off and on")]
    Faulty {
        /// What is on the paper.
        left: Left,
    },
    /// Look at cable and switch.
    #[error("the printer is not there: {why}")]
    Gone {
        /// What is on the paper.
        left: Left,
        /// What the system says.
        why: io::Error,
    },
    /// It took so many bytes and no more.
    #[error("the printer took {written} bytes and does not go on")]
    Stalled {
        /// What is on the paper.
        left: Left,
        /// Bytes handed over.
        written: usize,
    },
}

impl PrintError {
    /// What is on the paper: the next attempt must know.
    pub fn left(&self) -> Left {
        match self {
            Self::PaperOut { left } | Self::CoverOpen { left } | Self::Faulty { left } | Self::Gone { left, .. } | Self::Stalled { left, .. } => *left,
        }
    }

    /// The name in logs and journals.
    pub fn name(&self) -> &'static str {
        match self {
            Self::PaperOut { .. } => "paper-out",
            Self::CoverOpen { .. } => "cover-open",
            Self::Faulty { .. } => "faulty",
            Self::Gone { .. } => "gone",
            Self::Stalled { .. } => "stalled",
        }
    }
}

/// Prints a slip after what the attempt before left.
pub fn print(device: &mut dyn Device, slip: &Stream, profile: &Profile, before: Left, timeouts: &PrintTimeouts) -> Result<Printed, PrintError> {
    let mut attempt = Attempt { device, timeouts, talk: profile.talk, parser: StatusParser::default(), left: before, written: 0 };
    if !attempt.device.can_answer() {
        attempt.talk = StatusReporting::None;
    }
    let state = attempt.state()?;
    match attempt.talk {
        StatusReporting::InOrder if state == PaperState::Unknown => return Err(attempt.stalled()),
        // Of some printers nobody knows whether they talk: one that does not is believed, and not asked again.
        StatusReporting::RealTime if state == PaperState::Unknown => attempt.talk = StatusReporting::None,
        _ => {}
    }
    attempt.refuse(state)?;
    if before == Left::Uncut {
        // The cut itself may have been cut short: zeros end that command, and mean nothing elsewhere.
        attempt.send(&[0; 4])?;
        return attempt.end(slip);
    }
    if before == Left::Half {
        attempt.send(&slip.rescue)?;
    }
    attempt.left = Left::Half;
    let mut chunk = Vec::new();
    for command in &slip.body {
        chunk.extend_from_slice(command);
        if chunk.len() >= CHUNK {
            attempt.send(&chunk)?;
            chunk.clear();
            attempt.check()?;
        }
    }
    attempt.send(&chunk)?;
    attempt.finish()?;
    attempt.left = Left::Uncut;
    attempt.end(slip)
}

/// Opens a printer and prints a slip on it, with the patience of a visitor.
pub fn attempt(address: &DeviceAddress, slip: &Stream, profile: &Profile, before: Left) -> Result<Printed, PrintError> {
    let mut device = open(address, OPEN).map_err(|why| PrintError::Gone { left: before, why })?;
    print(device.as_mut(), slip, profile, before, &PrintTimeouts::default())
}

/// How a printer is.
pub fn ask(device: &mut dyn Device, timeouts: &PrintTimeouts) -> Result<PaperState, PrintError> {
    Attempt { device, timeouts, talk: StatusReporting::RealTime, parser: StatusParser::default(), left: Left::Nothing, written: 0 }.state()
}

struct Attempt<'a> {
    device: &'a mut dyn Device,
    timeouts: &'a PrintTimeouts,
    talk: StatusReporting,
    /// What has been heard so far decides what the next byte means.
    parser: StatusParser,
    left: Left,
    written: usize,
}

impl Attempt<'_> {
    /// Cuts a slip that is on the paper.
    fn end(&mut self, slip: &Stream) -> Result<Printed, PrintError> {
        self.send(&slip.end)?;
        self.finish()?;
        let state = self.state()?;
        let is_certain = self.talk == StatusReporting::InOrder;
        // Where nothing was said of the paper, that the other end has taken every byte is all that can be known.
        let within = if is_certain { self.timeouts.answer } else { self.timeouts.finish };
        let _ = self.device.finish(within);
        Ok(Printed { state, is_certain })
    }

    /// What the printer says next; `None` where it says nothing in that time.
    fn hear(&mut self, within: Duration) -> Result<Option<StatusByte>, PrintError> {
        let byte = self.device.read(within).map_err(|why| self.gone(why))?;
        Ok(byte.map(|byte| self.parser.take(byte)))
    }

    fn send(&mut self, bytes: &[u8]) -> Result<(), PrintError> {
        let mut rest = bytes;
        let mut begun = Instant::now();
        while !rest.is_empty() {
            let waited = begun.elapsed();
            let Some(left) = self.timeouts.stall.checked_sub(waited).filter(|left| !left.is_zero()) else { return Err(self.stalled()) };
            let taken = self.device.write(rest, left).map_err(|why| self.gone(why))?;
            if taken > 0 {
                self.written += taken;
                rest = rest.get(taken..).unwrap_or_default();
                begun = Instant::now();
            }
        }
        Ok(())
    }

    /// Asks between chunks, and stops where nothing would be printed.
    fn check(&mut self) -> Result<(), PrintError> {
        let state = self.state()?;
        if state == PaperState::Unknown && self.talk != StatusReporting::None {
            return Err(self.stalled());
        }
        self.refuse(state)
    }

    /// Waits until all that was sent is on the paper, as far as the printer says so.
    fn finish(&mut self) -> Result<(), PrintError> {
        match self.talk {
            StatusReporting::None => return Ok(()),
            StatusReporting::RealTime => return self.check(),
            StatusReporting::InOrder => {}
        }
        self.send(&ARE_YOU_DONE)?;
        let begun = Instant::now();
        while begun.elapsed() < self.timeouts.finish {
            // Half a second of printing is much; longer silence is looked into.
            match self.hear(self.timeouts.answer)? {
                Some(StatusByte::Done) => return Ok(()),
                Some(_) => {}
                None => {
                    if self.ask_while_waiting()? {
                        return Ok(());
                    }
                }
            }
        }
        Err(self.stalled())
    }

    /// True where the awaited answer came first.
    fn ask_while_waiting(&mut self) -> Result<bool, PrintError> {
        let mut answers = Vec::new();
        for question in Question::ALL {
            self.send(&question.bytes())?;
            loop {
                match self.hear(self.timeouts.answer)? {
                    Some(StatusByte::Done) => return Ok(true),
                    Some(StatusByte::Answer(byte)) => {
                        answers.push((question, byte));
                        break;
                    }
                    Some(StatusByte::Other) => {}
                    None => return Err(self.stalled()),
                }
            }
        }
        self.refuse(read(&answers)).map(|()| false)
    }

    fn state(&mut self) -> Result<PaperState, PrintError> {
        if self.talk == StatusReporting::None {
            return Ok(PaperState::Unknown);
        }
        // What came too late for an earlier question answers none.
        for _ in 0..64 {
            if self.hear(Duration::ZERO)?.is_none() {
                break;
            }
        }
        let mut answers = Vec::new();
        for question in Question::ALL {
            self.send(&question.bytes())?;
            let begun = Instant::now();
            let answer = loop {
                let Some(left) = self.timeouts.answer.checked_sub(begun.elapsed()) else { break None };
                match self.hear(left)? {
                    Some(StatusByte::Answer(byte)) => break Some(byte),
                    Some(_) => {}
                    None => break None,
                }
            };
            let Some(byte) = answer else { break };
            answers.push((question, byte));
        }
        // One answer of three is not yet known to be ready.
        if answers.len() < Question::ALL.len() && !read(&answers).stops() {
            return Ok(PaperState::Unknown);
        }
        Ok(read(&answers))
    }

    fn refuse(&self, state: PaperState) -> Result<(), PrintError> {
        let left = self.left;
        match state {
            PaperState::Out => Err(PrintError::PaperOut { left }),
            PaperState::CoverOpen => Err(PrintError::CoverOpen { left }),
            PaperState::Faulty => Err(PrintError::Faulty { left }),
            PaperState::Unknown | PaperState::Ready | PaperState::NearEnd => Ok(()),
        }
    }

    fn gone(&self, why: io::Error) -> PrintError {
        PrintError::Gone { left: self.left, why }
    }

    fn stalled(&self) -> PrintError {
        PrintError::Stalled { left: self.left, written: self.written }
    }
}

#[cfg(test)]
mod tests;
