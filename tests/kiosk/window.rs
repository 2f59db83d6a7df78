//! The kiosk as visitors see it: xterm with graphics on an X display, touched with a pointer.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use harness::home::Home;
use harness::kiosk::{SILENT, settings};
use harness::program;
use harness::thermal::Thermal;

use super::terminal::{demo, letters};

/// A page that takes longer to be touched has failed.
const PATIENCE: Duration = Duration::from_mins(1);

/// A display and the window on it.
struct Window {
    display: String,
    server: Child,
    terminal: Child,
}

impl Window {
    /// Nothing where there is no X server for tests.
    fn open(home: &Home, thermal: &Thermal) -> Option<Self> {
        for tool in ["Xvfb", "xterm", "xdotool"] {
            if Command::new(tool).arg("-version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_err() {
                harness::skip("the kiosk in a window", &format!("{tool} is not installed"));
                return None;
            }
        }
        let mut server =
            Command::new("Xvfb").args(["-displayfd", "1", "-screen", "0", "1280x800x24"]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut number = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut number).unwrap();
        let display = format!(":{}", number.trim());
        let terminal = Command::new("xterm")
            .env("DISPLAY", &display)
            .args(["-ti", "vt340", "-fa", "DejaVu Sans Mono:pixelsize=31", "-bw", "0", "-b", "0", "+sb", "-geometry", "64x21+0+0"])
            .args(["-xrm", "XTerm*numColorRegisters: 1024", "-xrm", "XTerm*maxGraphicSize: 1280x800", "-e"])
            .arg(program::kiosk())
            .arg("--config")
            .arg(settings(home, thermal, "pictures", SILENT))
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Some(Self { display, server, terminal })
    }

    fn touch(&self, x: u16, y: u16) {
        let (x, y) = (x.to_string(), y.to_string());
        let touched = Command::new("xdotool").env("DISPLAY", &self.display).args(["mousemove", &x, &y, "click", "1"]).status().unwrap();
        assert!(touched.success());
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        for child in [&mut self.terminal, &mut self.server] {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Two places on the screen, touched in turn until paper comes out: nothing is read from the screen, as nobody who
/// cannot read would. Each is the same target on every page on which it may be met: the middle of the greeting is the
/// language, the first tile, the first need, the first entry; then the key that prints.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn by_touch_in_a_window_to_a_slip() {
    let (home, thermal) = (demo().await, Thermal::new());
    let Some(window) = Window::open(&home, &thermal) else { return };
    let begun = Instant::now();
    let (first, print) = ((200, 220), (640, 720));
    let mut touches = [first, first, first, first, first, print, print].into_iter().cycle();
    while thermal.printed().cut.is_empty() {
        assert!(begun.elapsed() < PATIENCE, "no slip came out");
        let (x, y) = touches.next().unwrap();
        window.touch(x, y);
        tokio::time::sleep(Duration::from_millis(1_500)).await;
    }
    let slip = letters(&thermal.printed().cut[0]);
    assert!(slip.contains("Utile 1 mois"), "{slip}");
}
