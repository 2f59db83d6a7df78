//! The running kiosk in a terminal: keys and touches in, a slip out.

use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use harness::home::{Home, Kind};
use harness::program::{self, run};
use harness::thermal::{Sheet, Thermal};

/// A screen that takes longer to come has failed.
const PATIENCE: Duration = Duration::from_secs(30);

/// After a page has changed, touches are ignored for a moment, and on the same key a little longer.
const SETTLE: Duration = Duration::from_millis(550);

/// Writes the settings of a kiosk with a printer; their file.
pub(super) fn settings(home: &Home, thermal: &Thermal, paint: &str) -> PathBuf {
    let settings = home.folder().join("kiosk.toml");
    let (file, printer) = (home.file(), thermal.path().display());
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
"#,
        file.display()
    );
    std::fs::write(&settings, text).unwrap();
    settings
}

/// A kiosk in a terminal of 64 by 20 cells.
struct Kiosk {
    socket: PathBuf,
}

impl Kiosk {
    /// Nothing where there is no tmux.
    fn start(home: &Home, thermal: &Thermal) -> Option<Self> {
        if Command::new("tmux").arg("-V").output().is_err() {
            println!("skipped: tmux is not installed");
            return None;
        }
        let settings = settings(home, thermal, "cells");
        let kiosk = Self { socket: home.folder().join("tmux") };
        let program = format!("{} --config {} 2>{}", program::kiosk().display(), settings.display(), home.folder().join("kiosk.log").display());
        kiosk.tmux(&["new-session", "-d", "-x", "64", "-y", "20", &program]);
        Some(kiosk)
    }

    fn tmux(&self, arguments: &[&str]) -> String {
        let output = Command::new("tmux").arg("-S").arg(&self.socket).arg("-u").args(arguments).output().unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// What the program said when it ended.
    fn complaint(&self) -> String {
        std::fs::read_to_string(self.socket.with_file_name("kiosk.log")).unwrap_or_default()
    }

    fn shown(&self) -> String {
        self.tmux(&["capture-pane", "-p"])
    }

    /// Waits until the screen says so.
    async fn until(&self, words: &str) -> String {
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

    async fn press(&self, key: char, then: &str) -> String {
        self.tmux(&["send-keys", "-l", &key.to_string()]);
        self.until(then).await
    }

    /// A finger on the words.
    async fn touch(&self, words: &str, then: &str) -> String {
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

pub(super) fn letters(sheet: &Sheet) -> String {
    sheet.iter().map(|line| line.iter().map(|byte| char::from(*byte)).collect::<String>() + "\n").collect()
}

pub(super) async fn demo() -> Home {
    let home = Home::new(Kind::Sqlite);
    let output = run(&home, &[], ["demo", "--load-only", "--db", home.database()]).await;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    home
}

/// The first entry on a page of results.
fn first_entry(shown: &str) -> String {
    let line = shown.lines().find_map(|line| line.trim_start().strip_prefix("1  ")).unwrap_or_else(|| panic!("no entry:\n{shown}"));
    line.split("  ").next().unwrap().trim().to_owned()
}

async fn slip_of(thermal: &Thermal, name: &str) -> String {
    let begun = Instant::now();
    loop {
        let slips: Vec<String> = thermal.printed().cut.iter().map(letters).collect();
        if let [slip] = &slips[..] {
            // Latin letters are the same on paper; a long name is cut over lines.
            let word = name.trim_start_matches("DEMO ").split(' ').next().unwrap();
            assert!(slip.contains(word), "{word} is not on the slip: {slip}");
            return slip.clone();
        }
        assert!(begun.elapsed() < PATIENCE, "{} slips", slips.len());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn by_keys_from_the_language_to_a_slip() {
    let (home, thermal) = (demo().await, Thermal::new());
    let Some(kiosk) = Kiosk::start(&home, &thermal) else { return };
    kiosk.until("Bonjour").await;
    kiosk.press('1', "Choisissez votre langue").await;
    kiosk.press('1', "Que cherchez-vous ?").await;
    let name = first_entry(&kiosk.press('1', "24 lieux").await);
    kiosk.press('1', "5 C'est faux ?").await;
    kiosk.press('7', "1 adresse, gratuit").await;
    let printed = kiosk.press('7', "Prenez votre ticket.").await;
    assert!(printed.contains("Son numéro : "), "{printed}");
    let slip = slip_of(&thermal, &name).await;
    assert!(slip.contains("Utile 1 mois"), "{slip}");
    // The number on the screen is the one on the paper.
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).take(5).collect::<String>();
    let number = digits(printed.split_once("Son numéro : ").unwrap().1);
    assert!(slip.contains(&number) || digits(slip.split_once("ticket : ").unwrap().1) == number, "{number} is not on {slip}");
    kiosk.press('9', "Bonjour").await;
    assert_eq!(home.column("SELECT codes FROM print_job").await, [""]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn by_touch_in_another_language_to_a_person_and_home() {
    let (home, thermal) = (demo().await, Thermal::new());
    let Some(kiosk) = Kiosk::start(&home, &thermal) else { return };
    kiosk.until("Bonjour").await;
    kiosk.touch("Bonjour", "Choisissez votre langue").await;
    kiosk.touch("Nederlands", "Wat zoekt u?").await;
    let name = first_entry(&kiosk.touch("Eten", "plaatsen").await);
    kiosk.touch(&name, "5 Klopt dit niet?").await;
    kiosk.touch("Hulp", "02 555 01 00").await;
    kiosk.touch("Ik vond het niet", "Wat ontbreekt er?").await;
    kiosk.touch("Slapen", "Genoteerd").await;
    kiosk.touch("Klaar", "Bonjour").await;
    assert_eq!(home.column("SELECT channel || ' ' || theme || ' ' || postal_code FROM unmet").await, ["kiosk shelter 1030"]);
    // A whole minute is not waited for: `app` proves what happens then.
    assert!(thermal.printed().cut.is_empty());
}
