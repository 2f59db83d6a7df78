//! A thermal printer on a network: a small buffer, read late and a little at a time; it may say by itself how it is. As
//! real ones do, it loses what it has not read when the line is reset.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::fd::AsFd;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::net::sockopt::set_socket_recv_buffer_size;

use super::paper::Printed;
use super::{BUFFER, State};

/// Bytes read at once.
const SIP: usize = 512;

/// Before each of them, unless the line breaks.
const LATE: Timespec = Timespec { tv_sec: 0, tv_nsec: 20_000_000 };

/// Four bytes that say: out of order, no paper.
const STATUS: [u8; 4] = [0x1c, 0x00, 0x0c, 0x0f];

/// What kind of printer it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Manner {
    /// It says by itself how it is, whenever it has read something.
    pub by_itself: bool,
    /// It answers questions when something behind them has come.
    pub answers_late: bool,
}

/// The printer; it ends when it is dropped.
#[derive(Debug)]
pub struct NetworkThermal {
    /// Where it listens.
    pub address: SocketAddr,
    state: Arc<Mutex<State>>,
    thread: Option<JoinHandle<()>>,
}

impl NetworkThermal {
    /// Listens on a free loopback port.
    pub fn new(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        // What is accepted has its listener's buffer; the system doubles what it is asked for.
        set_socket_recv_buffer_size(&listener, BUFFER / 2).unwrap();
        let (address, state) = (listener.local_addr().unwrap(), Arc::new(Mutex::new(State::default())));
        let shared = Arc::clone(&state);
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if locked(&shared).stops {
                    return;
                }
                // A reset line: what was not read is lost.
                let _ = serve(stream.unwrap(), manner, &shared);
                // What it has in its own memory it prints all the same.
                locked(&shared).work();
            }
        });
        Self { address, state, thread: Some(thread) }
    }

    /// What came out so far.
    pub fn printed(&self) -> Printed {
        locked(&self.state).paper.printed()
    }
}

impl Drop for NetworkThermal {
    fn drop(&mut self) {
        locked(&self.state).stops = true;
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn locked(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Serves one line to its end.
fn serve(mut line: TcpStream, manner: Manner, shared: &Mutex<State>) -> std::io::Result<()> {
    if manner.by_itself {
        line.write_all(&STATUS)?;
    }
    loop {
        // Only a line that breaks wakes it before its time.
        poll(&mut [PollFd::from_borrowed_fd(line.as_fd(), PollFlags::empty())], Some(&LATE))?;
        let mut bytes = [0; SIP];
        let read = line.read(&mut bytes)?;
        let mut state = locked(shared);
        // What came before is on the paper by now, and what comes now is not.
        state.work();
        bytes[..read].iter().for_each(|byte| state.hear(*byte));
        let is_late = manner.answers_late && state.received == 0;
        let mut said = if is_late { Vec::new() } else { state.paper.take_answers() };
        drop(state);
        if read == 0 {
            return Ok(());
        }
        if manner.by_itself {
            said.extend(STATUS);
        }
        line.write_all(&said)?;
    }
}
