//! A thermal printer on a pty: it answers how it is, prints in the order of its bytes, and fails when it is told to.
//!
//! What it prints is kept by sheets, from cut to cut. As real ones do, it keeps what it has not printed yet when its
//! cable is pulled or its paper is out, and stays in the middle of a command that was cut short.

mod network;
mod paper;

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::AsFd;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{OFlags, fcntl_setfl};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

pub use self::network::{Manner, NetworkThermal};
use self::paper::Paper;
pub use self::paper::{Printed, Sheet};

/// What its own memory holds beside what is printed; then it takes no more.
const BUFFER: usize = 4_096;

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The cable is pulled; the printer keeps what it has.
    Unplugged,
    /// The power is cut: it forgets what it has not printed.
    PowerCut,
    /// The roll is empty.
    PaperOut,
    /// The cover is open.
    CoverOpen,
    /// It neither takes nor says anything.
    Stalled,
}

/// All of them.
pub const FAULTS: [Fault; 5] = [Fault::Unplugged, Fault::PowerCut, Fault::PaperOut, Fault::CoverOpen, Fault::Stalled];

#[derive(Debug, Default)]
struct State {
    paper: Paper,
    /// Received and not printed.
    waiting: Vec<u8>,
    /// Bytes received so far, questions apart.
    received: usize,
    /// When what goes wrong.
    fault: Option<(usize, Fault)>,
    has_failed: bool,
    /// The last bytes, in which a question may begin.
    heard: Vec<u8>,
    stops: bool,
}

/// The printer.
#[derive(Debug)]
pub struct Thermal {
    state: Arc<Mutex<State>>,
    path: PathBuf,
    /// Wakes the thread that waits for bytes.
    bell: File,
    thread: Option<JoinHandle<()>>,
}

impl Thermal {
    /// A printer that is in order.
    pub fn new() -> Self {
        Self::with(State::default())
    }

    /// Where it is; nothing is there while it is unplugged.
    pub fn path(&self) -> &PathBuf {
        &self.path
    }

    /// Tells it to fail after so many bytes more.
    pub fn fail_after(&self, bytes: usize, fault: Fault) {
        let mut state = self.state();
        let after = state.received + bytes;
        state.fault = Some((after, fault));
        state.fail_if_due();
        drop(state);
        self.ring();
    }

    /// Whether it has failed.
    pub fn has_failed(&self) -> bool {
        self.state().has_failed
    }

    /// Mends what is wrong: the cable is back, there is paper. An unplugged one comes back at another path.
    #[must_use]
    pub fn mended(mut self) -> Self {
        let fault = {
            let mut state = self.state();
            let fault = if state.has_failed { state.fault.map(|(_, fault)| fault) } else { None };
            (state.fault, state.has_failed) = (None, false);
            if fault == Some(Fault::PowerCut) {
                state.waiting.clear();
                state.paper.reset();
            }
            fault
        };
        if matches!(fault, Some(Fault::Unplugged | Fault::PowerCut)) {
            self.stop();
            let state = std::mem::take(&mut *self.state());
            return Self::with(State { stops: false, heard: Vec::new(), ..state });
        }
        self.ring();
        self
    }

    /// What came out so far.
    pub fn printed(&self) -> Printed {
        self.state().paper.printed()
    }

    /// Bytes received so far, questions apart.
    pub fn received(&self) -> usize {
        self.state().received
    }

    fn with(state: State) -> Self {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&master).unwrap();
        unlockpt(&master).unwrap();
        let path = PathBuf::from(ptsname(&master, Vec::new()).unwrap().into_string().unwrap());
        fcntl_setfl(&master, OFlags::NONBLOCK).unwrap();
        let (heard, bell) = rustix::pipe::pipe().unwrap();
        let state = Arc::new(Mutex::new(state));
        let shared = Arc::clone(&state);
        let thread = std::thread::spawn(move || serve(File::from(master), &File::from(heard), &shared));
        Self { state, path, bell: File::from(bell), thread: Some(thread) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ring(&self) {
        let _ = (&self.bell).write_all(b"!");
    }

    fn stop(&mut self) {
        self.state().stops = true;
        self.ring();
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }
}

impl Default for Thermal {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Thermal {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Serves one pty until it is told to stop, or unplugged.
fn serve(mut line: File, bell: &File, shared: &Mutex<State>) {
    let locked = || shared.lock().unwrap_or_else(PoisonError::into_inner);
    loop {
        let (takes, stops) = {
            let state = locked();
            (state.takes(), state.stops || state.is_away())
        };
        if stops {
            return;
        }
        let mut watched = [PollFd::new(bell, PollFlags::IN), PollFd::from_borrowed_fd(line.as_fd(), if takes { PollFlags::IN } else { PollFlags::empty() })];
        // With nobody at the other end a pty is always ready: looked at again after a moment.
        let moment = Timespec { tv_sec: 0, tv_nsec: 1_000_000 };
        let is_lonely = watched_is_lonely(&line);
        if poll(if is_lonely { &mut watched[..1] } else { &mut watched }, is_lonely.then_some(&moment)).is_err() {
            return;
        }
        if watched[0].revents().contains(PollFlags::IN) {
            let mut bell = bell;
            let _ = bell.read(&mut [0; 64]);
        }
        let mut state = locked();
        if state.takes() {
            // One byte at a time: a fault comes before exactly one of them.
            let mut byte = [0];
            // Without a byte, or anybody at the other end: wait for the next one.
            if matches!(line.read(&mut byte), Ok(1)) {
                state.hear(byte[0]);
            }
        }
        state.work();
        let answers = state.paper.take_answers();
        if !answers.is_empty() {
            let _ = line.write_all(&answers);
        }
    }
}

/// True while no program has the pty open.
fn watched_is_lonely(line: &File) -> bool {
    let mut watched = [PollFd::from_borrowed_fd(line.as_fd(), PollFlags::IN)];
    let now = Timespec { tv_sec: 0, tv_nsec: 0 };
    poll(&mut watched, Some(&now)).is_ok() && watched[0].revents().contains(PollFlags::HUP) && !watched[0].revents().contains(PollFlags::IN)
}

impl State {
    fn is(&self, fault: Fault) -> bool {
        self.has_failed && self.fault.is_some_and(|(_, known)| known == fault)
    }

    fn is_away(&self) -> bool {
        self.is(Fault::Unplugged) || self.is(Fault::PowerCut)
    }

    fn takes(&self) -> bool {
        !self.is(Fault::Stalled) && self.waiting.len() < BUFFER
    }

    /// A byte arrives. Questions are answered at once, wherever they stand.
    fn hear(&mut self, byte: u8) {
        self.heard.push(byte);
        match self.heard.as_slice() {
            [0x10] | [0x10, 0x04] => return,
            [0x10, 0x04, question @ 1..=4] => {
                let answer = self.answer(*question);
                self.heard.clear();
                self.paper.answer(answer);
                return;
            }
            _ => {}
        }
        for byte in std::mem::take(&mut self.heard) {
            if self.is_away() || self.is(Fault::Stalled) {
                return;
            }
            self.waiting.push(byte);
            self.received += 1;
            self.fail_if_due();
        }
    }

    /// Prints what waits, as long as there is paper.
    fn work(&mut self) {
        if !self.has_failed {
            for byte in std::mem::take(&mut self.waiting) {
                self.paper.print(byte);
            }
        }
    }

    fn fail_if_due(&mut self) {
        if !self.has_failed && self.fault.is_some_and(|(after, _)| self.received >= after) {
            // What came before the fault is printed.
            self.work();
            self.has_failed = true;
        }
    }

    fn answer(&self, question: u8) -> u8 {
        let (is_out, is_open) = (self.is(Fault::PaperOut), self.is(Fault::CoverOpen));
        match question {
            1 if is_out || is_open => 0x1a,
            2 if is_open => 0x16,
            2 if is_out => 0x32,
            4 if is_out => 0x72,
            _ => 0x12,
        }
    }
}
