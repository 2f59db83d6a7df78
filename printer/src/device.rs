//! The printer as hardware: where it is, and bytes to and from it, each with a deadline.

mod open;

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

pub use self::open::open;

/// Speed of a serial line where none is given: what most makers set.
const BAUD: u32 = 9_600;

/// Port at which printers on a network listen.
const PORT: u16 = 9_100;

/// Where a printer is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeviceAddress {
    /// A serial line, or a USB cable that looks like one: `serial:/dev/ttyUSB0,38400`.
    Serial {
        /// Its file.
        path: PathBuf,
        /// Its speed.
        baud: u32,
    },
    /// On the network: `tcp:192.168.1.50:9100`.
    Tcp {
        /// Name or number of the machine.
        host: String,
        /// Its port.
        port: u16,
    },
    /// A USB printer by Linux's own driver: `usb:/dev/usb/lp0`.
    Usb(PathBuf),
    /// A file, which keeps what would be printed: `file:slip.bin`.
    File(PathBuf),
}

/// An address that is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0} is no address of a printer: usb:/dev/usb/lp0, tcp:192.168.1.50, serial:/dev/ttyUSB0,38400 or file:slip.bin")]
pub struct DeviceAddressError(String);

impl FromStr for DeviceAddress {
    type Err = DeviceAddressError;

    fn from_str(text: &str) -> Result<Self, DeviceAddressError> {
        let wrong = || DeviceAddressError(text.to_owned());
        let (kind, rest) = text.split_once(':').filter(|(_, rest)| !rest.is_empty()).ok_or_else(wrong)?;
        Ok(match kind {
            "serial" => match rest.rsplit_once(',') {
                Some((path, baud)) => Self::Serial { path: path.into(), baud: baud.parse().map_err(|_no_number| wrong())? },
                None => Self::Serial { path: rest.into(), baud: BAUD },
            },
            "tcp" => match rest.rsplit_once(':').filter(|(host, _)| !host.ends_with(':') && (!host.contains(':') || host.ends_with(']'))) {
                Some((host, port)) => Self::Tcp { host: host.to_owned(), port: port.parse().map_err(|_no_number| wrong())? },
                None => Self::Tcp { host: rest.to_owned(), port: PORT },
            },
            "usb" => Self::Usb(rest.into()),
            "file" => Self::File(rest.into()),
            _ => return Err(wrong()),
        })
    }
}

impl fmt::Display for DeviceAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Serial { path, baud } => write!(formatter, "serial:{},{baud}", path.display()),
            Self::Tcp { host, port } => write!(formatter, "tcp:{host}:{port}"),
            Self::Usb(path) => write!(formatter, "usb:{}", path.display()),
            Self::File(path) => write!(formatter, "file:{}", path.display()),
        }
    }
}

/// An open way to a printer. No call lasts longer than it is given.
pub trait Device: Send {
    /// Hands over some of the bytes; 0 where none was taken in that time.
    fn write(&mut self, bytes: &[u8], within: Duration) -> io::Result<usize>;

    /// The next byte from the printer; `None` where none came in that time.
    fn read(&mut self, within: Duration) -> io::Result<Option<u8>>;

    /// Says that no more comes, and waits until the other end has taken all of it: closed at once, a network's line
    /// throws away what is still on its way. False where that was not heard in that time. Nothing can be written after
    /// it.
    fn finish(&mut self, _within: Duration) -> io::Result<bool> {
        Ok(true)
    }

    /// False where nothing can ever be heard: a file.
    fn can_answer(&self) -> bool {
        true
    }
}

/// Devices of this machine that may be printers.
pub fn found() -> Vec<DeviceAddress> {
    let mut found = Vec::new();
    for (folder, prefixes) in [("/dev/usb", &["lp"][..]), ("/dev", &["ttyUSB", "ttyACM"][..])] {
        let names = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
        for name in names.filter(|name| prefixes.iter().any(|prefix| name.starts_with(prefix))) {
            let path = PathBuf::from(folder).join(&name);
            found.push(if name.starts_with("lp") { DeviceAddress::Usb(path) } else { DeviceAddress::Serial { path, baud: BAUD } });
        }
    }
    found.sort_by_key(ToString::to_string);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_and_written() {
        for (text, written) in [
            ("serial:/dev/ttyUSB0,38400", "serial:/dev/ttyUSB0,38400"),
            ("serial:/dev/ttyS0", "serial:/dev/ttyS0,9600"),
            ("tcp:192.168.1.50", "tcp:192.168.1.50:9100"),
            ("tcp:printer.local:9101", "tcp:printer.local:9101"),
            ("tcp:[fd00::5]:9100", "tcp:[fd00::5]:9100"),
            ("usb:/dev/usb/lp0", "usb:/dev/usb/lp0"),
            ("file:slip.bin", "file:slip.bin"),
        ] {
            assert_eq!(text.parse::<DeviceAddress>().unwrap().to_string(), written);
        }
        for wrong in ["", "usb:", "lp0", "tcp:host:port", "serial:/dev/ttyS0,fast", "bluetooth:x"] {
            assert!(wrong.parse::<DeviceAddress>().is_err(), "{wrong}");
        }
    }
}
