//! Touch screens and handsets as Linux tells them (`input_event` of linux/input.h), for a kiosk whose terminal does not.
//!
//! Only the first finger counts. What was lost on the way (`SYN_DROPPED`) is no touch.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Two words of time, type, code, value.
pub const EVENT_BYTES: usize = 2 * size_of::<usize>() + 8;

/// Until a device that is away is looked for again.
const RETRY_DELAY: Duration = Duration::from_secs(2);

const SYN: u16 = 0;
const SYN_REPORT: u16 = 0;
const SYN_DROPPED: u16 = 3;
const KEY: u16 = 1;
const BTN_TOUCH: u16 = 0x14a;
const ABS: u16 = 3;
const ABS_X: u16 = 0;
const ABS_Y: u16 = 1;
const ABS_MT_SLOT: u16 = 0x2f;
const ABS_MT_X: u16 = 0x35;
const ABS_MT_Y: u16 = 0x36;
const ABS_MT_TRACKING_ID: u16 = 0x39;

/// An event of a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Raw {
    /// What kind: a key, a position.
    pub kind: u16,
    /// Which one.
    pub code: u16,
    /// Pressed or not; where.
    pub value: i32,
}

impl Raw {
    /// Reads one, without its time.
    pub fn read(bytes: &[u8; EVENT_BYTES]) -> Self {
        let [.., kind, kind2, code, code2, v0, v1, v2, v3] = *bytes;
        Self { kind: u16::from_ne_bytes([kind, kind2]), code: u16::from_ne_bytes([code, code2]), value: i32::from_ne_bytes([v0, v1, v2, v3]) }
    }
}

/// The smallest and the largest position of a touch screen, across and down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// Across.
    pub x: (i32, i32),
    /// Down.
    pub y: (i32, i32),
}

/// Where a finger is, in shares of the screen: 0 is left or top, 65535 right or bottom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Spot {
    /// Across.
    pub x: u16,
    /// Down.
    pub y: u16,
}

impl Spot {
    /// The cell there, on so many columns and rows.
    pub fn cell(self, columns: u16, rows: u16) -> (u16, u16) {
        let cell = |share: u16, of: u16| u16::try_from(u32::from(share) * u32::from(of) / 65_536).unwrap_or(0);
        (cell(self.x, columns), cell(self.y, rows))
    }
}

/// What a finger does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TouchContact {
    /// Put down.
    Down(Spot),
    /// Lifted.
    Up(Spot),
    /// Lost: it is not known where it was lifted.
    Lost,
}

/// Follows the first finger on a touch screen. Pure.
#[derive(Debug, Clone)]
pub struct Fingers {
    range: Range,
    /// The device tells several fingers apart; then what it says of "the" finger does not count.
    has_slots: bool,
    slot: i32,
    at: Spot,
    is_down: bool,
    /// What was last told.
    told: Told,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    Up,
    Down,
    /// Events were lost since.
    Dropped,
}

impl Fingers {
    /// On a screen with that range.
    pub fn new(range: Range) -> Self {
        Self { range, has_slots: false, slot: 0, at: Spot::default(), is_down: false, told: Told::Up }
    }

    /// Takes an event; what the finger did, once the device has told all of it.
    pub fn take(&mut self, raw: Raw) -> Option<TouchContact> {
        match (raw.kind, raw.code) {
            (SYN, SYN_DROPPED) => self.told = Told::Dropped,
            (SYN, SYN_REPORT) if self.told == Told::Dropped => {
                *self = Self { has_slots: self.has_slots, ..Self::new(self.range) };
                return Some(TouchContact::Lost);
            }
            (SYN, SYN_REPORT) if self.is_down != (self.told == Told::Down) => {
                self.told = if self.is_down { Told::Down } else { Told::Up };
                return Some(if self.is_down { TouchContact::Down(self.at) } else { TouchContact::Up(self.at) });
            }
            (ABS, ABS_MT_SLOT) => {
                self.has_slots = true;
                self.slot = raw.value;
            }
            (ABS, ABS_MT_TRACKING_ID) => {
                self.has_slots = true;
                if self.slot == 0 {
                    self.is_down = raw.value >= 0;
                }
            }
            (ABS, ABS_MT_X) if self.slot == 0 => self.at.x = share(raw.value, self.range.x),
            (ABS, ABS_MT_Y) if self.slot == 0 => self.at.y = share(raw.value, self.range.y),
            (ABS, ABS_X) if !self.has_slots => self.at.x = share(raw.value, self.range.x),
            (ABS, ABS_Y) if !self.has_slots => self.at.y = share(raw.value, self.range.y),
            (KEY, BTN_TOUCH) if !self.has_slots => self.is_down = raw.value != 0,
            _ => {}
        }
        None
    }
}

fn share(value: i32, (low, high): (i32, i32)) -> u16 {
    let all = (i64::from(high) - i64::from(low) + 1).max(1);
    let part = (i64::from(value) - i64::from(low)).clamp(0, all - 1);
    u16::try_from(part * 65_536 / all).unwrap_or(u16::MAX)
}

/// True where the handset was lifted, false where it was hung up. `hangs`: its key is down while it hangs. Pure.
pub fn hook(raw: Raw, hangs: bool) -> Option<bool> {
    (raw.kind == KEY && matches!(raw.value, 0 | 1)).then_some((raw.value == 1) != hangs)
}

/// Why a touch device cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DeviceError {
    /// It cannot be opened.
    #[error("{0}: {1}; is it plugged in, and may this account read it (group input)?")]
    Open(PathBuf, io::Error),
    /// It tells no positions.
    #[error("{0} tells no positions: choose the touch screen among /dev/input/by-id, or set touch.range")]
    NoRange(PathBuf),
}

/// The range that the device tells of itself.
pub fn range(device: &Path) -> Result<Range, DeviceError> {
    let open = evdev::Device::open(device).map_err(|error| DeviceError::Open(device.to_owned(), error))?;
    let axes = open.get_absinfo().map_err(|error| DeviceError::Open(device.to_owned(), error))?;
    let (mut x, mut y) = (None, None);
    for (code, axis) in axes {
        let found = Some((axis.minimum(), axis.maximum()));
        match code.0 {
            ABS_X => x = x.or(found),
            ABS_Y => y = y.or(found),
            ABS_MT_X => x = found,
            ABS_MT_Y => y = found,
            _ => {}
        }
    }
    match (x, y) {
        (Some(x), Some(y)) => Ok(Range { x, y }),
        _ => Err(DeviceError::NoRange(device.to_owned())),
    }
}

/// Reads a device on a thread of its own, and again when it comes back after it was unplugged. `take` says false when
/// nobody listens any more.
pub fn follow(device: PathBuf, mut take: impl FnMut(Raw) -> bool + Send + 'static) -> io::Result<()> {
    let read = move || {
        loop {
            if let Ok(mut open) = File::open(&device) {
                let mut bytes = [0; EVENT_BYTES];
                while open.read_exact(&mut bytes).is_ok() {
                    if !take(Raw::read(&bytes)) {
                        return;
                    }
                }
            }
            #[expect(clippy::disallowed_methods, reason = "nothing tells that a device was plugged in")]
            std::thread::sleep(RETRY_DELAY);
        }
    };
    std::thread::Builder::new().name("device".to_owned()).spawn(read).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RANGE: Range = Range { x: (0, 4095), y: (100, 4195) };

    fn contacts(events: &[(u16, u16, i32)]) -> Vec<TouchContact> {
        let mut fingers = Fingers::new(RANGE);
        events.iter().filter_map(|(kind, code, value)| fingers.take(Raw { kind: *kind, code: *code, value: *value })).collect()
    }

    fn cell(contact: TouchContact) -> (u16, u16) {
        match contact {
            TouchContact::Down(spot) | TouchContact::Up(spot) => spot.cell(64, 20),
            TouchContact::Lost => panic!("lost"),
        }
    }

    #[test]
    fn a_single_touch_screen() {
        let told = contacts(&[
            (ABS, ABS_X, 0),
            (ABS, ABS_Y, 100),
            (KEY, BTN_TOUCH, 1),
            (SYN, 0, 0),
            (ABS, ABS_X, 4095),
            (SYN, 0, 0),
            (ABS, ABS_Y, 4195),
            (KEY, BTN_TOUCH, 0),
            (SYN, 0, 0),
        ]);
        assert_eq!(told.len(), 2);
        assert!(matches!(told[..], [TouchContact::Down(_), TouchContact::Up(_)]));
        assert_eq!((cell(told[0]), cell(told[1])), ((0, 0), (63, 19)));
    }

    #[test]
    fn a_second_finger_does_nothing() {
        let told = contacts(&[
            (ABS, ABS_MT_TRACKING_ID, 7),
            (ABS, ABS_MT_X, 2048),
            (ABS, ABS_MT_Y, 2148),
            (KEY, BTN_TOUCH, 1),
            (SYN, 0, 0),
            (ABS, ABS_MT_SLOT, 1),
            (ABS, ABS_MT_TRACKING_ID, 8),
            (ABS, ABS_MT_X, 10),
            (SYN, 0, 0),
            (ABS, ABS_MT_SLOT, 0),
            (ABS, ABS_MT_TRACKING_ID, -1),
            (SYN, 0, 0),
            (ABS, ABS_MT_SLOT, 1),
            (ABS, ABS_MT_TRACKING_ID, -1),
            (KEY, BTN_TOUCH, 0),
            (SYN, 0, 0),
        ]);
        assert!(matches!(told[..], [TouchContact::Down(_), TouchContact::Up(_)]), "{told:?}");
        assert_eq!((cell(told[0]), cell(told[1])), ((32, 10), (32, 10)));
    }

    #[test]
    fn what_was_lost_is_no_touch() {
        let told = contacts(&[(KEY, BTN_TOUCH, 1), (SYN, 0, 0), (SYN, SYN_DROPPED, 0), (KEY, BTN_TOUCH, 0), (SYN, 0, 0), (SYN, 0, 0)]);
        assert!(matches!(told[..], [TouchContact::Down(_), TouchContact::Lost]), "{told:?}");
    }

    #[test]
    fn a_hook_either_way_round() {
        let key = |value| Raw { kind: KEY, code: 30, value };
        assert_eq!([hook(key(1), false), hook(key(0), false), hook(key(2), false)], [Some(true), Some(false), None]);
        assert_eq!([hook(key(1), true), hook(key(0), true)], [Some(false), Some(true)]);
        assert_eq!(hook(Raw { kind: SYN, code: 0, value: 0 }, true), None);
    }

    #[test]
    fn bytes_as_the_kernel_writes_them() {
        let mut bytes = [0_u8; EVENT_BYTES];
        let tail = EVENT_BYTES - 8;
        bytes[tail..tail + 2].copy_from_slice(&ABS.to_ne_bytes());
        bytes[tail + 2..tail + 4].copy_from_slice(&ABS_Y.to_ne_bytes());
        bytes[tail + 4..].copy_from_slice(&(-3_i32).to_ne_bytes());
        assert_eq!(Raw::read(&bytes), Raw { kind: ABS, code: ABS_Y, value: -3 });
    }
}
