use std::collections::VecDeque;

use super::*;
use crate::escpos::encode;
use crate::slip::{Size, Slip, SlipLine};

/// A printer that fails after so many bytes.
#[derive(Default)]
struct Fake {
    taken: Vec<u8>,
    answers: VecDeque<u8>,
    /// Bytes after which it fails, and with which answer to every question; `None` stalls.
    fails: Option<(usize, Option<u8>)>,
    is_mute: bool,
    /// It says by itself how it is, and nothing to the question whether it is done.
    by_itself: bool,
    asked: usize,
}

impl Fake {
    fn has_failed(&self) -> bool {
        self.fails.is_some_and(|(after, _)| self.taken.len() >= after)
    }
}

impl Device for Fake {
    fn write(&mut self, bytes: &[u8], _within: Duration) -> io::Result<usize> {
        if let [0x10, 0x04, _] = bytes {
            self.asked += 1;
            let answer = if self.has_failed() { self.fails.and_then(|(_, answer)| answer) } else { Some(0x12) };
            self.answers.extend(answer.filter(|_| !self.is_mute));
            return Ok(bytes.len());
        }
        if self.has_failed() {
            return Ok(0);
        }
        if *bytes == ARE_YOU_DONE && self.by_itself {
            self.answers.extend([0x1c, 0x00, 0x0c, 0x0f]);
            return Ok(bytes.len());
        }
        if *bytes == ARE_YOU_DONE {
            self.answers.extend((!self.is_mute).then_some(0));
            return Ok(bytes.len());
        }
        let room = self.fails.map_or(usize::MAX, |(after, _)| after - self.taken.len());
        let taken = &bytes[..bytes.len().min(room)];
        self.taken.extend_from_slice(taken);
        Ok(taken.len())
    }

    fn read(&mut self, _within: Duration) -> io::Result<Option<u8>> {
        Ok(self.answers.pop_front())
    }
}

const SHORT_TIMEOUTS: PrintTimeouts = PrintTimeouts { answer: Duration::from_millis(5), stall: Duration::from_millis(5), finish: Duration::from_millis(50) };

fn slip(profile: &Profile) -> Stream {
    let text = |text: &str| SlipLine::Text { text: text.to_owned(), size: Size::Normal, at_right: false };
    let lines = (0..100).map(|number| text(&format!("une ligne de plus, numéro {number}"))).collect();
    encode(&Slip { columns: 42, lines, notice: vec![text("torn")] }, profile).unwrap()
}

fn profile(talk: StatusReporting) -> Profile {
    Profile { talk, ..Profile::of_columns(42) }
}

#[test]
fn a_slip_is_sent_once_and_cut_when_it_is_on_the_paper() {
    let profile = profile(StatusReporting::InOrder);
    let slip = slip(&profile);
    let mut printer = Fake::default();
    let done = print(&mut printer, &slip, &profile, Left::Nothing, &SHORT_TIMEOUTS).unwrap();
    assert_eq!(done, Printed { state: PaperState::Ready, is_certain: true });
    assert_eq!(printer.taken, slip.bytes());
    assert!(printer.asked >= 9, "before, between and after: {}", printer.asked);
}

#[test]
fn what_a_printer_says_by_itself_is_not_taken_for_done() {
    let profile = profile(StatusReporting::InOrder);
    let slip = slip(&profile);
    // It says how it is, again and again, and never that it is done.
    let mut printer = Fake { by_itself: true, ..Fake::default() };
    let error = print(&mut printer, &slip, &profile, Left::Nothing, &SHORT_TIMEOUTS).unwrap_err();
    assert_eq!((error.name(), error.left()), ("stalled", Left::Half));
    assert!(!printer.taken.ends_with(&slip.end), "cut although it is not known to be on the paper");
}

#[test]
fn without_paper_not_a_byte_is_sent() {
    for (answer, name) in [(0x72, "paper-out"), (0x16, "cover-open")] {
        let profile = profile(StatusReporting::InOrder);
        let mut printer = Fake { fails: Some((0, Some(answer))), ..Fake::default() };
        let error = print(&mut printer, &slip(&profile), &profile, Left::Nothing, &SHORT_TIMEOUTS).unwrap_err();
        assert_eq!((error.name(), error.left(), printer.taken.len()), (name, Left::Nothing, 0));
    }
}

#[test]
fn what_goes_wrong_in_the_middle_is_mended_by_the_next_attempt() {
    let profile = profile(StatusReporting::InOrder);
    let slip = slip(&profile);
    for (answer, name) in [(Some(0x72), "paper-out"), (Some(0x16), "cover-open"), (None, "stalled")] {
        let mut printer = Fake { fails: Some((2_500, answer)), ..Fake::default() };
        let error = print(&mut printer, &slip, &profile, Left::Nothing, &SHORT_TIMEOUTS).unwrap_err();
        assert_eq!(error.left(), Left::Half);
        assert!(error.name() == name || error.name() == "stalled", "{error}");
        let mut mended = Fake::default();
        print(&mut mended, &slip, &profile, Left::Half, &SHORT_TIMEOUTS).unwrap();
        assert_eq!(mended.taken, [slip.rescue.clone(), slip.bytes()].concat());
    }
    let mut uncut = Fake::default();
    print(&mut uncut, &slip, &profile, Left::Uncut, &SHORT_TIMEOUTS).unwrap();
    assert_eq!(uncut.taken, [vec![0; 4], slip.end.clone()].concat());
}

#[test]
fn a_printer_that_never_answers_is_believed_only_where_that_is_its_kind() {
    for talk in [StatusReporting::None, StatusReporting::RealTime] {
        let profile = profile(talk);
        let mut printer = Fake { is_mute: true, ..Fake::default() };
        let done = print(&mut printer, &slip(&profile), &profile, Left::Nothing, &SHORT_TIMEOUTS).unwrap();
        assert_eq!(done, Printed { state: PaperState::Unknown, is_certain: false });
    }
    let profile = profile(StatusReporting::InOrder);
    let mut printer = Fake { is_mute: true, ..Fake::default() };
    let error = print(&mut printer, &slip(&profile), &profile, Left::Nothing, &SHORT_TIMEOUTS).unwrap_err();
    assert_eq!((error.name(), error.left()), ("stalled", Left::Nothing));
}
