//! The kiosk in a terminal: its settings, its keys, what its screen says.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use directory::clock::{Clock, SystemClock};

use crate::home::Home;
use crate::program;
use crate::thermal::Thermal;

/// A screen that takes longer to come has failed.
const PATIENCE: Duration = Duration::from_secs(90);

/// What a kiosk asks that nobody has touched.
const STILL_THERE: &str = "Êtes-vous encore là ?";

/// After a page has changed, touches are ignored for a moment, and on the same key a little longer.
const SETTLE: Duration = Duration::from_millis(550);

/// Copies a home's directory for its kiosk, as a gateway does; the copy.
pub async fn copy(home: &Home) -> Home {
    let file = home.kiosk_file();
    db::own::make_file(&file).unwrap();
    let (store, copy) = (db::Store::connect(&db::Address::parse(home.database())).await.unwrap(), db::Store::open(&file).await.unwrap());
    store.mirror_into(&copy, 7, SystemClock.now().date_naive()).await.unwrap();
    copy.close().await;
    store.close().await;
    home.kiosk_copy()
}

/// Writes the settings of a kiosk with a printer and with these; their file.
pub fn settings(home: &Home, thermal: &Thermal, paint: &str, more: &str) -> PathBuf {
    let settings = home.folder().join("kiosk.toml");
    let (file, printer) = (home.kiosk_file(), thermal.path().display());
    let text = format!(
        r#"
place = "Bibliothèque"
[home]
postal_code = "1030"
[database]
file = "{}"
[desk]
name = "Accueil"
phone = "02 555 01 00"
[printer]
address = "serial:{printer},115200"
profile = "epson-80"
[screen]
paint = "{paint}"
{more}
"#,
        file.display()
    );
    std::fs::write(&settings, text).unwrap();
    settings
}

/// The settings of a kiosk that does not speak.
pub const SILENT: &str = "[voice]\noff = true";

/// A kiosk in a terminal of 64 by 20 cells.
#[derive(Debug)]
pub struct Kiosk {
    socket: PathBuf,
}

impl Kiosk {
    /// Nothing where there is no tmux.
    pub fn start(home: &Home, thermal: &Thermal, more: &str, surroundings: &[(&str, &Path)]) -> Option<Self> {
        if Command::new("tmux").arg("-V").output().is_err() {
            crate::skip("the kiosk in a terminal", "tmux is not installed");
            return None;
        }
        let settings = settings(home, thermal, "cells", more);
        let kiosk = Self { socket: home.folder().join("tmux") };
        let program = format!("exec {} --config {} 2>{}", program::kiosk().display(), settings.display(), home.folder().join("kiosk.log").display());
        let mut tmux = kiosk.command(&["new-session", "-d", "-x", "64", "-y", "20", &program]);
        assert!(tmux.envs(surroundings.iter().copied()).status().unwrap().success());
        Some(kiosk)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("tmux");
        command.arg("-S").arg(&self.socket).arg("-u").args(arguments);
        command
    }

    fn tmux(&self, arguments: &[&str]) -> String {
        String::from_utf8_lossy(&self.command(arguments).output().unwrap().stdout).into_owned()
    }

    /// What the program said when it ended.
    fn complaint(&self) -> String {
        std::fs::read_to_string(self.socket.with_file_name("kiosk.log")).unwrap_or_default()
    }

    /// What its screen says.
    pub fn shown(&self) -> String {
        self.tmux(&["capture-pane", "-p"])
    }

    /// Waits until the screen says so.
    pub async fn until(&self, words: &str) -> String {
        let begun = Instant::now();
        loop {
            let shown = self.shown();
            if shown.contains(words) {
                return shown;
            }
            assert!(begun.elapsed() < PATIENCE, "the screen never said {words}:\n{shown}{}", self.complaint());
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    }

    /// Waits until the page says so, and says that somebody is still there whenever the kiosk asks.
    pub async fn stay_until(&self, words: &str) {
        let begun = Instant::now();
        while !self.shown().contains(words) {
            assert!(begun.elapsed() < 3 * PATIENCE, "the screen never said {words}:\n{}{}", self.shown(), self.complaint());
            if self.shown().contains(STILL_THERE) {
                self.key('1');
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// A key, and what the screen says then.
    pub async fn press(&self, key: char, then: &str) -> String {
        self.key(key);
        self.until(then).await
    }

    /// A key.
    pub fn key(&self, key: char) {
        self.tmux(&["send-keys", "-l", &key.to_string()]);
    }

    /// A finger on the words.
    pub async fn touch(&self, words: &str, then: &str) -> String {
        tokio::time::sleep(SETTLE).await;
        let shown = self.shown();
        let (row, line) = (1..).zip(shown.lines()).find(|(_, line)| line.contains(words)).unwrap_or_else(|| panic!("{words} is not shown:\n{shown}"));
        let column = line.chars().count() - line.split_once(words).unwrap().1.chars().count();
        self.tmux(&["send-keys", "-l", &format!("\u{1b}[<0;{column};{row}M")]);
        self.tmux(&["send-keys", "-l", &format!("\u{1b}[<0;{column};{row}m")]);
        self.until(then).await
    }
}

impl Drop for Kiosk {
    fn drop(&mut self) {
        self.tmux(&["kill-server"]);
    }
}
