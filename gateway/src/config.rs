//! Settings: defaults, then a file, then the environment, then flags; the last word counts.
//!
//! A misspelt key stops the start and names the nearest one that exists. Secrets print nothing.

mod section;

use std::path::{Path, PathBuf};

use db::own;
use directory::edit_distance::edits;
use directory::emergency::Care;
use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};
use serde::{Deserialize, Serialize};

use application::limits::Limits;

pub use section::{Database, Desk, Home, Http, Kiosk, Monitor, Place, PlacePrinter, Printer, Privacy, SecretText, Simulator, Telegram, Twilio, Voice};

/// All settings.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The public listener.
    pub http: Http,
    /// The listener for whoever watches the program.
    pub monitor: Monitor,
    /// Where the data are.
    pub database: Database,
    /// The carrier's keys.
    pub twilio: Twilio,
    /// Calls.
    pub voice: Voice,
    /// A phone in the browser.
    pub simulator: Simulator,
    /// The bot.
    pub telegram: Telegram,
    /// Where a person answers.
    pub desk: Desk,
    /// Where askers are when they name no place.
    pub home: Home,
    /// What an operator found out about the emergency numbers.
    pub emergency: Care,
    /// Keys for what is personal.
    pub privacy: Privacy,
    /// The printer of this machine.
    pub printer: Printer,
    /// Places with printers on this machine.
    pub place: Vec<Place>,
    /// A copy of the directory for kiosks.
    pub kiosk: Kiosk,
    /// How much may be sent, and to whom.
    pub limits: Limits,
}

/// Settings that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A key that does not exist.
    #[error("{place}: there is no setting `{key}`{hint}")]
    UnknownKey {
        /// Where it stands.
        place: String,
        /// The key.
        key: String,
        /// The nearest one that exists.
        hint: String,
    },
    /// Anything else figment says.
    #[error("{0}")]
    Invalid(Box<figment::Error>),
    /// The file named on the command line is not there.
    #[error("no settings file at {0}: give another path with --config, or leave it out for the defaults")]
    NoFile(PathBuf),
    /// The file of this folder may be anybody's word.
    #[error(
        "{0} in this folder belongs to another account or may be written by others: it is not read, for its word decides to whom \
         secrets are sent. If it is yours: chmod go-w {0}; else start from another folder, or name the file you mean with --config"
    )]
    NotOurs(PathBuf),
}

/// The settings that apply where no file is named.
const DEFAULT_FILE: &str = "passerelle.toml";

impl Config {
    /// Reads the settings. `file` must exist; without it `passerelle.toml` of this folder is read where it exists: it must
    /// be this account's or root's, and writable by nobody else.
    pub fn read(file: Option<&Path>, flags: &Flags) -> Result<Self, ConfigError> {
        Self::figment(file, flags)?.extract().map_err(explain)
    }

    /// Where each setting comes from, for `check`.
    pub fn provenance(file: Option<&Path>, flags: &Flags) -> Result<Vec<(String, String)>, ConfigError> {
        let figment = Self::figment(file, flags)?;
        let keys = [
            "http.listen",
            "http.public_url",
            "monitor.listen",
            "database.url",
            "twilio.auth_token",
            "twilio.next_auth_token",
            "twilio.shared_key",
            "twilio.number",
            "twilio.account_sid",
            "twilio.api_url",
            "simulator.on",
            "simulator.listen",
            "telegram.token",
            "telegram.webhook",
            "telegram.api_url",
            "voice.call_back",
            "voice.listens",
            "desk.name",
            "desk.phone",
            "desk.calls_back",
            "desk.listen",
            "desk.public_url",
            "desk.local_feeds",
            "home.country",
            "home.postal_code",
            "emergency.verified",
            "emergency.hidden",
            "privacy.key_file",
            "printer.name",
            "printer.address",
            "printer.profile",
            "place",
            "kiosk.copy",
            "kiosk.copy_minutes",
            "limits.sender_hour",
            "limits.sender_day",
            "limits.range_day",
            "limits.day",
            "limits.danger_hour",
            "limits.danger_day",
            "limits.same_hour",
            "limits.calls_hour",
            "limits.calls_day",
            "limits.hidden_day",
            "limits.all_calls_day",
            "limits.call_minutes",
            "limits.missed_hour",
            "limits.missed_day",
            "limits.missed_minutes_day",
            "limits.call_backs_day",
            "limits.call_backs_range_day",
            "limits.chats_hour",
            "limits.chats_day",
            "limits.all_chats_day",
            "limits.countries",
        ];
        Ok(keys.into_iter().map(|key| (key.to_owned(), Self::source(&figment, key, flags))).collect())
    }

    fn source(figment: &Figment, key: &str, flags: &Flags) -> String {
        if key == "database.url" && flags.database.is_some() {
            return "--db".to_owned();
        }
        if texts_of_environment().any(|(name, _)| name == key) {
            return "environment".to_owned();
        }
        let source = figment.find_metadata(key).map(|metadata| metadata.source.as_ref().map_or_else(|| metadata.name.to_string(), ToString::to_string));
        source.filter(|source| !source.contains(".rs:")).unwrap_or_else(|| "default".to_owned())
    }

    fn figment(file: Option<&Path>, flags: &Flags) -> Result<Figment, ConfigError> {
        if let Some(path) = file.filter(|path| !path.exists()) {
            return Err(ConfigError::NoFile(path.to_owned()));
        }
        let path = match file {
            Some(path) => path.to_owned(),
            None => of_folder(Path::new(""))?,
        };
        let mut figment = Figment::from(Serialized::defaults(Self::default()));
        if path.exists() {
            figment = figment.merge(Toml::file_exact(&path));
        }
        // Numbers and lists are read as such; texts as they stand: 025550100 is no number.
        figment = figment.merge(Env::prefixed(PREFIX).split("__").filter(|key| !is_text(&key.as_str().to_lowercase())));
        for (key, value) in texts_of_environment() {
            figment = figment.merge(Serialized::default(&key, value));
        }
        Ok(match &flags.database {
            Some(database) => figment.merge(Serialized::default("database.url", database.display().to_string())),
            None => figment,
        })
    }
}

/// The settings of a folder in which somebody happens to stand, there or not; an error where they may be anybody's word.
fn of_folder(folder: &Path) -> Result<PathBuf, ConfigError> {
    let path = folder.join(DEFAULT_FILE);
    if path.exists() && !own::is_our_word(&path) {
        return Err(ConfigError::NotOurs(path));
    }
    Ok(path)
}

/// Before the name of every setting in the environment.
const PREFIX: &str = "PASSERELLE__";

/// Settings of the environment that are texts, by their key in a file.
fn texts_of_environment() -> impl Iterator<Item = (String, String)> {
    std::env::vars().filter_map(|(name, value)| {
        let key = name.strip_prefix(PREFIX)?.to_lowercase().replace("__", ".");
        is_text(&key).then_some((key, value))
    })
}

fn is_text(key: &str) -> bool {
    !key.starts_with("limits")
        && !key.starts_with("emergency")
        && !matches!(
            key,
            "desk.calls_back" | "desk.local_feeds" | "kiosk.copy_minutes" | "voice.call_back" | "voice.listens" | "telegram.webhook" | "simulator.on"
        )
}

/// Settings given on the command line.
#[derive(Debug, Clone, Default)]
pub struct Flags {
    /// `--db FILE`.
    pub database: Option<PathBuf>,
}

fn explain(error: figment::Error) -> ConfigError {
    let place = error
        .metadata
        .as_ref()
        .map_or_else(|| "settings".to_owned(), |metadata| metadata.source.as_ref().map_or_else(|| metadata.name.to_string(), ToString::to_string));
    let place = if place.contains(".rs:") { "environment".to_owned() } else { place };
    if let figment::error::Kind::UnknownField(key, known) = &error.kind {
        let nearest = known.iter().min_by_key(|candidate| edits(candidate, key));
        let hint = nearest.map(|nearest| format!(" (did you mean `{nearest}`?)")).unwrap_or_default();
        let path = error.path.iter().filter(|part| *part != key).cloned().chain([key.clone()]).collect::<Vec<_>>().join(".");
        return ConfigError::UnknownKey { place, key: path, hint };
    }
    ConfigError::Invalid(Box::new(error))
}

#[cfg(test)]
mod tests;
