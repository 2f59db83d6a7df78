//! A touch screen and a handset that are read directly, as bytes of the kernel through pipes.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use harness::kiosk::{Kiosk, SILENT};
use harness::thermal::Thermal;
use kiosk::device::EVENT_BYTES;

use super::terminal::demo;

/// After a page has changed, touches are ignored for a moment.
const SETTLE: Duration = Duration::from_millis(550);

const SYN: (u16, u16, i32) = (0, 0, 0);

struct Pipe(File);

impl Pipe {
    fn make(path: &Path) -> PathBuf {
        assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
        path.to_owned()
    }

    fn open(path: &Path) -> Self {
        Self(OpenOptions::new().read(true).write(true).open(path).unwrap())
    }

    fn tell(&mut self, events: &[(u16, u16, i32)]) {
        for (kind, code, value) in events {
            let mut bytes = vec![0; EVENT_BYTES - 8];
            bytes.extend([kind.to_ne_bytes(), code.to_ne_bytes()].concat());
            bytes.extend(value.to_ne_bytes());
            self.0.write_all(&bytes).unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_touch_screen_and_a_handset() {
    let (home, thermal) = (demo().await, Thermal::new());
    let (touch, hook) = (Pipe::make(&home.folder().join("touch")), Pipe::make(&home.folder().join("hook")));
    let voice = SILENT.replace("off = true", "command = [\"true\"]");
    let settings = format!("{voice}\n[touch]\ndevice = {touch:?}\nrange = [0, 4095, 0, 4095]\n[handset]\ndevice = {hook:?}\nhangs = true");
    let Some(kiosk) = Kiosk::start(&home, &thermal, &settings, &[]) else { return };
    kiosk.until("Bonjour").await;
    let (mut touch, mut hook) = (Pipe::open(&touch), Pipe::open(&hook));
    // A finger in the middle of a share of the screen, put down and lifted.
    let mut at = |x: i32, y: i32| {
        touch.tell(&[(3, 0x39, 5), (3, 0x35, x), (3, 0x36, y), (1, 0x14a, 1), SYN]);
        touch.tell(&[(3, 0x39, -1), (1, 0x14a, 0), SYN]);
    };
    tokio::time::sleep(SETTLE).await;
    at(2_000, 2_000);
    kiosk.until("Choisissez votre langue").await;
    tokio::time::sleep(SETTLE).await;
    at(500, 1_200);
    kiosk.until("Que cherchez-vous ?").await;
    tokio::time::sleep(SETTLE).await;
    at(4_000, 4_000);
    kiosk.until("Bonjour").await;
    // The key of the hook is down while the handset hangs.
    hook.tell(&[(1, 30, 0), SYN]);
    kiosk.until("Choisissez votre langue").await;
    kiosk.press('1', "Que cherchez-vous ?").await;
    hook.tell(&[(1, 30, 1), SYN]);
    kiosk.until("Bonjour").await;
}
