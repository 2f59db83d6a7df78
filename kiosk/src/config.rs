//! Settings: defaults, then `kiosk.toml`, then the environment (`PASSERELLE_KIOSK__…`), then flags.

use std::path::{Path, PathBuf};

use directory::emergency::Care;
use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};
use serde::{Deserialize, Serialize};

use crate::touch::ActOn;

/// The file read where none is named.
pub const DEFAULT_FILE: &str = "kiosk.toml";

/// All settings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct KioskConfig {
    /// The place, as the screen and slips say it.
    pub place: String,
    /// Languages offered, at most six, the first one first.
    pub languages: Vec<String>,
    /// The directory.
    pub database: DatabaseSettings,
    /// Where the kiosk stands.
    pub home: HomeSettings,
    /// Who answers the telephone.
    pub desk: DeskSettings,
    /// What an operator found out about the emergency numbers.
    pub emergency: Care,
    /// Its printer.
    pub printer: PrinterSettings,
    /// Its screen.
    pub screen: ScreenSettings,
    /// Its voice.
    pub voice: VoiceSettings,
    /// Its touch device, where the terminal does not tell touches.
    pub touch: TouchSettings,
    /// Its handset.
    pub handset: HandsetSettings,
}

/// The directory.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DatabaseSettings {
    /// The copy that the gateway keeps for this kiosk.
    pub file: String,
}

/// Where the kiosk stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HomeSettings {
    /// Its postal code.
    pub postal_code: String,
    /// Latitude and longitude of its door; without them it speaks of no minutes.
    pub position: Option<[f64; 2]>,
}

/// Who answers the telephone.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DeskSettings {
    /// The name.
    pub name: Option<String>,
    /// The number.
    pub phone: Option<String>,
}

/// A printer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PrinterSettings {
    /// Its name in the queue, unlike that of any other.
    pub name: String,
    /// `usb:/dev/usb/lp0`, `tcp:192.168.1.50`, `serial:/dev/ttyUSB0,38400`.
    pub address: Option<String>,
    /// A name of `config/printers`.
    pub profile: Option<String>,
}

/// The screen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ScreenSettings {
    /// `release`, or `press` for terminals that tell nothing more.
    pub act_on: ActOn,
    /// `auto`, `cells` or `pictures`.
    pub paint: Paint,
    /// No key ends the program.
    pub locked: bool,
    /// The screen's diagonal, in inches: with it the kiosk refuses letters that are too small.
    pub diagonal_in: Option<f64>,
    /// From the eyes to the screen, in millimetres.
    pub distance_mm: f64,
    /// Letters that are too small are shown all the same.
    pub forced: bool,
}

/// The voice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct VoiceSettings {
    /// No voice at all.
    pub off: bool,
    /// A program that says what it reads, instead of speech-dispatcher: `["piper-says", "{lang}", "{percent}"]`.
    pub command: Vec<String>,
    /// Sentences said by a person: `fr/what.ogg` in this folder.
    pub recordings: Option<String>,
    /// What plays them.
    pub player: Vec<String>,
}

/// A touch device that is read directly.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TouchSettings {
    /// `/dev/input/passerelle-touch`; nothing where the terminal tells touches as mouse clicks.
    pub device: Option<String>,
    /// Its smallest and largest position, across and down, where the device does not tell them.
    pub range: Option<[i32; 4]>,
}

/// A handset whose hook is a key of an input device.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HandsetSettings {
    /// `/dev/input/by-id/…-event-kbd`.
    pub device: Option<String>,
    /// The key that is down while it hangs.
    pub hangs: bool,
}

/// How pages are painted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Paint {
    /// Pictures where the terminal has graphics.
    #[default]
    Auto,
    /// Words in cells.
    Cells,
    /// Pictures.
    Pictures,
}

impl Default for KioskConfig {
    fn default() -> Self {
        Self {
            place: String::new(),
            languages: ["fr", "nl", "de", "en", "ar"].map(ToOwned::to_owned).to_vec(),
            database: DatabaseSettings::default(),
            home: HomeSettings::default(),
            desk: DeskSettings::default(),
            emergency: Care::default(),
            printer: PrinterSettings::default(),
            screen: ScreenSettings::default(),
            voice: VoiceSettings::default(),
            touch: TouchSettings::default(),
            handset: HandsetSettings::default(),
        }
    }
}

impl Default for DatabaseSettings {
    fn default() -> Self {
        Self { file: "/var/lib/passerelle-copy/kiosk.sqlite".to_owned() }
    }
}

impl Default for HomeSettings {
    fn default() -> Self {
        Self { postal_code: "1030".to_owned(), position: None }
    }
}

impl Default for PrinterSettings {
    fn default() -> Self {
        Self { name: "kiosk".to_owned(), address: None, profile: None }
    }
}

impl Default for VoiceSettings {
    fn default() -> Self {
        let player = ["paplay", "--volume={volume}", "{file}"].map(ToOwned::to_owned).to_vec();
        Self { off: false, command: Vec::new(), recordings: None, player }
    }
}

impl Default for ScreenSettings {
    fn default() -> Self {
        Self { act_on: ActOn::Release, paint: Paint::Auto, locked: false, diagonal_in: None, distance_mm: 400.0, forced: false }
    }
}

/// Settings that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KioskConfigError {
    /// What figment says, which names the key and where it stands.
    #[error("{0}")]
    Invalid(Box<figment::Error>),
    /// The file named on the command line is not there.
    #[error("no settings file at {0}: give another path with --config, or leave it out for the defaults")]
    NoFile(PathBuf),
    /// The file of this folder may be anybody's word.
    #[error(
        "{0} in this folder belongs to another account or may be written by others: it is not read. If it is yours: chmod go-w {0}; \
         else start from another folder, or name the file you mean with --config"
    )]
    NotOurs(PathBuf),
    /// A language that the kiosk does not speak.
    #[error("languages: there is no language {0}: choose among fr, nl, de, en, ar")]
    Language(String),
}

impl KioskConfig {
    /// Reads the settings; `file` must exist where it is named.
    pub fn read(file: Option<&Path>) -> Result<Self, KioskConfigError> {
        if let Some(path) = file.filter(|path| !path.exists()) {
            return Err(KioskConfigError::NoFile(path.to_owned()));
        }
        let path = file.unwrap_or(Path::new(DEFAULT_FILE));
        if file.is_none() && path.exists() && !db::own::is_our_word(path) {
            return Err(KioskConfigError::NotOurs(path.to_owned()));
        }
        let mut figment = Figment::from(Serialized::defaults(Self::default()));
        if path.exists() {
            figment = figment.merge(Toml::file_exact(path));
        }
        let figment = figment.merge(Env::prefixed("PASSERELLE_KIOSK__").split("__"));
        figment.extract().map_err(|error| KioskConfigError::Invalid(Box::new(error)))
    }

    /// The languages offered.
    pub fn languages(&self) -> Result<Vec<printer::slip_language::SlipLanguage>, KioskConfigError> {
        let language = |code: &String| printer::slip_language::SlipLanguage::from_code(code).ok_or_else(|| KioskConfigError::Language(code.clone()));
        self.languages.iter().take(6).map(language).collect()
    }
}
