//! Opens each kind of device.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream, ToSocketAddrs};
use std::os::fd::AsFd;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use serialport::SerialPort;

use super::{Device, DeviceAddress};

/// Opens a printer, within that time.
pub fn open(address: &DeviceAddress, within: Duration) -> io::Result<Box<dyn Device>> {
    Ok(match address {
        DeviceAddress::Serial { path, baud } => {
            let path = path.to_string_lossy();
            Box::new(Serial(serialport::new(path, *baud).timeout(within).open()?))
        }
        DeviceAddress::Tcp { host, port } => Box::new(Network(connect(host, *port, within)?)),
        DeviceAddress::Usb(path) => Box::new(Usb(usb(path)?)),
        DeviceAddress::File(path) => Box::new(FileDevice(File::options().create(true).append(true).open(path)?)),
    })
}

fn connect(host: &str, port: u16, within: Duration) -> io::Result<TcpStream> {
    let mut last = io::Error::from(ErrorKind::NotFound);
    let host = host.trim_start_matches('[').trim_end_matches(']');
    for address in (host, port).to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, within) {
            Ok(stream) => {
                // A question of three bytes must not wait for more.
                stream.set_nodelay(true)?;
                return Ok(stream);
            }
            Err(error) => last = error,
        }
    }
    Err(last)
}

/// Without waiting: a printer without paper takes nothing, and a plain write to it would never end. Some cheap
/// ones can only be written to.
fn usb(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.write(true).custom_flags(i32::try_from(rustix::fs::OFlags::NONBLOCK.bits()).unwrap_or_default());
    match options.clone().read(true).open(path) {
        Err(error) if error.kind() == ErrorKind::PermissionDenied => options.open(path),
        opened => opened,
    }
}

/// What a device's own time-out says.
fn timely<T>(result: io::Result<T>, late: T) -> io::Result<T> {
    match result {
        Err(error) if matches!(error.kind(), ErrorKind::TimedOut | ErrorKind::WouldBlock | ErrorKind::Interrupted) => Ok(late),
        other => other,
    }
}

/// Nothing comes any more: the other end is gone.
fn heard(read: io::Result<Option<usize>>, byte: u8) -> io::Result<Option<u8>> {
    match read? {
        None => Ok(None),
        Some(0) => Err(ErrorKind::UnexpectedEof.into()),
        Some(_) => Ok(Some(byte)),
    }
}

struct Serial(Box<dyn SerialPort>);

impl Device for Serial {
    fn write(&mut self, bytes: &[u8], within: Duration) -> io::Result<usize> {
        self.0.set_timeout(within)?;
        timely(self.0.write(bytes), 0)
    }

    fn read(&mut self, within: Duration) -> io::Result<Option<u8>> {
        self.0.set_timeout(within)?;
        let mut byte = [0];
        let read = timely(self.0.read(&mut byte).map(Some), None);
        heard(read, byte[0])
    }
}

struct Network(TcpStream);

impl Device for Network {
    fn write(&mut self, bytes: &[u8], within: Duration) -> io::Result<usize> {
        self.0.set_write_timeout(Some(within.max(Duration::from_millis(1))))?;
        timely(self.0.write(bytes), 0)
    }

    fn read(&mut self, within: Duration) -> io::Result<Option<u8>> {
        self.0.set_read_timeout(Some(within.max(Duration::from_millis(1))))?;
        let mut byte = [0];
        let read = timely(self.0.read(&mut byte).map(Some), None);
        heard(read, byte[0])
    }

    /// The other end closes when it has read all. Until then what it says is read: with something unread on our side
    /// the system would reset the line instead of closing it, and the printer lose what it has not read yet.
    fn finish(&mut self, within: Duration) -> io::Result<bool> {
        self.0.shutdown(Shutdown::Write)?;
        let begun = Instant::now();
        let mut said = [0; 256];
        while let Some(left) = within.checked_sub(begun.elapsed()).filter(|left| !left.is_zero()) {
            self.0.set_read_timeout(Some(left.max(Duration::from_millis(1))))?;
            if timely(self.0.read(&mut said).map(Some), None)? == Some(0) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

struct Usb(File);

impl Usb {
    fn is_ready(&self, for_what: PollFlags, within: Duration) -> io::Result<bool> {
        let mut watched = [PollFd::from_borrowed_fd(self.0.as_fd(), for_what)];
        let within = Timespec::try_from(within).map_err(|_too_long| io::Error::from(ErrorKind::InvalidInput))?;
        Ok(poll(&mut watched, Some(&within))? > 0)
    }
}

impl Device for Usb {
    fn write(&mut self, bytes: &[u8], within: Duration) -> io::Result<usize> {
        if self.is_ready(PollFlags::OUT, within)? { timely(self.0.write(bytes), 0) } else { Ok(0) }
    }

    fn read(&mut self, within: Duration) -> io::Result<Option<u8>> {
        if !self.is_ready(PollFlags::IN, within)? {
            return Ok(None);
        }
        let mut byte = [0];
        let read = timely(self.0.read(&mut byte).map(Some), None);
        heard(read, byte[0])
    }
}

struct FileDevice(File);

impl Device for FileDevice {
    fn write(&mut self, bytes: &[u8], _within: Duration) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn read(&mut self, _within: Duration) -> io::Result<Option<u8>> {
        Ok(None)
    }

    fn can_answer(&self) -> bool {
        false
    }
}
