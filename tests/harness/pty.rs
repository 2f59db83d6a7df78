//! A program in a terminal that only counts: what it writes, how much, and when it is done.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::OwnedFd;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rustix::fs::{Mode, OFlags, open};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

/// The end of what was written is kept, for a look at it.
const KEPT: usize = 4 << 20;

#[derive(Debug, Default)]
struct Written {
    bytes: usize,
    last: Option<Instant>,
    end: Vec<u8>,
}

/// The terminal and the program in it.
#[derive(Debug)]
pub struct Pty {
    master: File,
    child: Child,
    written: Arc<(Mutex<Written>, Condvar)>,
    sent: Instant,
}

impl Pty {
    /// Starts a program in a terminal of so many cells, as its controlling terminal.
    pub fn start(command: &Command, columns: u16, rows: u16) -> io::Result<Self> {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY)?;
        grantpt(&master)?;
        unlockpt(&master)?;
        tcsetwinsize(&master, size(columns, rows))?;
        let name = ptsname(&master, Vec::new())?;
        let slave = || -> io::Result<OwnedFd> { Ok(open(name.as_c_str(), OFlags::RDWR | OFlags::NOCTTY, Mode::empty())?) };
        let mut own = Command::new("setsid");
        own.arg("--ctty").arg(command.get_program()).args(command.get_args());
        own.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?)))).env("TERM", "xterm-256color");
        own.stdin(Stdio::from(slave()?)).stdout(Stdio::from(slave()?)).stderr(Stdio::null());
        let sent = Instant::now();
        let child = own.spawn()?;
        // The command holds the other end open.
        drop(own);
        let written = Arc::new((Mutex::default(), Condvar::new()));
        let master = File::from(master);
        let (mut reader, shared) = (master.try_clone()?, Arc::clone(&written));
        std::thread::Builder::new().name("pty".to_owned()).spawn(move || {
            let mut bytes = vec![0; 65_536];
            while let Ok(length @ 1..) = reader.read(&mut bytes) {
                let (lock, told) = &*shared;
                let mut written: MutexGuard<'_, Written> = lock.lock().unwrap_or_else(PoisonError::into_inner);
                written.last = Some(Instant::now());
                written.bytes += length;
                written.end.extend_from_slice(&bytes[..length]);
                let over = written.end.len().saturating_sub(KEPT);
                written.end.drain(..over);
                told.notify_all();
            }
        })?;
        Ok(Self { master, child, written, sent })
    }

    /// The process.
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// True while it runs.
    pub fn runs(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Types; what is written from now on is counted anew.
    pub fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.begin();
        self.master.write_all(bytes)
    }

    /// Another size.
    pub fn resize(&mut self, columns: u16, rows: u16) -> io::Result<()> {
        self.begin();
        Ok(tcsetwinsize(&self.master, size(columns, rows))?)
    }

    fn begin(&mut self) {
        let (lock, _) = &*self.written;
        let mut written = lock.lock().unwrap_or_else(PoisonError::into_inner);
        (written.bytes, written.last) = (0, None);
        written.end.clear();
        drop(written);
        self.sent = Instant::now();
    }

    /// Waits until something was written since, and nothing more for so long; from the last sending (or the start) to
    /// the last byte, and how many there were. Nothing where nothing came.
    pub fn settled(&self, quiet: Duration, patience: Duration) -> Option<(Duration, usize)> {
        let (lock, told) = &*self.written;
        let deadline = self.sent + patience;
        let mut written = lock.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            let now = Instant::now();
            let until = written.last.map_or(deadline, |last| last + quiet);
            if until <= now {
                return written.last.map(|last| (last - self.sent, written.bytes));
            }
            written = told.wait_timeout(written, until - now).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Another size, in dots too.
    pub fn sized(&self, size: Winsize) -> io::Result<()> {
        Ok(tcsetwinsize(&self.master, size)?)
    }

    /// A way to type beside this one.
    pub fn typing(&self) -> io::Result<File> {
        self.master.try_clone()
    }

    /// Waits so long for something written, and takes it away.
    pub fn written(&self, wait: Duration) -> Vec<u8> {
        let (lock, told) = &*self.written;
        let written = lock.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut written, _) = told.wait_timeout_while(written, wait, |written| written.end.is_empty()).unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut written.end)
    }

    /// Waits until these words were written since; from the last sending (or the start) to then.
    pub fn until(&self, words: &str, patience: Duration) -> Option<Duration> {
        let (lock, told) = &*self.written;
        let mut written = lock.lock().unwrap_or_else(PoisonError::into_inner);
        let deadline = self.sent + patience;
        while !String::from_utf8_lossy(&written.end).contains(words) {
            let left = deadline.checked_duration_since(Instant::now())?;
            written = told.wait_timeout(written, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        written.last.map(|last| last - self.sent)
    }

    /// What was written since the last sending.
    pub fn text(&self) -> String {
        let (lock, _) = &*self.written;
        String::from_utf8_lossy(&lock.lock().unwrap_or_else(PoisonError::into_inner).end).into_owned()
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn size(columns: u16, rows: u16) -> Winsize {
    Winsize { ws_row: rows, ws_col: columns, ws_xpixel: columns * 20, ws_ypixel: rows * 39 }
}
