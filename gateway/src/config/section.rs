//! The sections of the settings.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;

use db::Address;
use directory::phone::Country;
use serde::{Deserialize, Serialize};

/// The public listener.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Http {
    /// Address and port to listen on; loopback unless you say otherwise.
    pub listen: SocketAddr,
    /// The address under which the carrier reaches this listener (`https://sms.example.org`): it is
    /// part of what the carrier signs.
    pub public_url: Option<String>,
}

impl Default for Http {
    fn default() -> Self {
        Self { listen: SocketAddr::from(([127, 0, 0, 1], 8080)), public_url: None }
    }
}

/// The listener for whoever watches the program: health and counters.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Monitor {
    /// Address and port; port 0 takes any that is free. Loopback unless you say otherwise.
    pub listen: SocketAddr,
}

impl Default for Monitor {
    fn default() -> Self {
        Self { listen: SocketAddr::from(([127, 0, 0, 1], 8081)) }
    }
}

/// Where the data are.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Database {
    /// A file's path, with or without `sqlite:` before it, or the address of a PostgreSQL database
    /// (`postgres://user:password@host/name`).
    pub url: String,
}

impl Default for Database {
    fn default() -> Self {
        Self { url: "passerelle.sqlite".to_owned() }
    }
}

impl Database {
    /// Where it is.
    pub fn address(&self) -> Address {
        Address::parse(&self.url)
    }
}

/// The carrier's keys.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Twilio {
    /// The account's auth token.
    pub auth_token: Option<SecretText>,
    /// The token that will follow it: both count while they are exchanged.
    pub next_auth_token: Option<SecretText>,
    /// A shared webhook key, where the account signs with one.
    pub shared_key: Option<SecretText>,
    /// The number that people text to and call: slips name it, and what goes out comes from it.
    pub number: Option<String>,
    /// The account (`AC…`). With it and the token, text messages and calls can be sent out, not only answered.
    pub account_sid: Option<String>,
    /// Where the carrier takes what goes out.
    pub api_url: String,
}

impl Default for Twilio {
    fn default() -> Self {
        Self { auth_token: None, next_auth_token: None, shared_key: None, number: None, account_sid: None, api_url: "https://api.twilio.com".to_owned() }
    }
}

impl Twilio {
    /// The account and the number from which things go out, where all that is needed is set.
    pub fn account(&self) -> Option<(&str, &str)> {
        self.auth_token.as_ref()?;
        Some((self.account_sid.as_deref()?, self.number.as_deref()?))
    }

    /// The keys that are set, each with its name.
    pub fn keys(&self) -> impl Iterator<Item = (&'static str, &SecretText)> {
        [("auth_token", &self.auth_token), ("next_auth_token", &self.next_auth_token), ("shared_key", &self.shared_key)]
            .into_iter()
            .filter_map(|(name, key)| Some((name, key.as_ref()?)))
    }
}

/// Calls.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Voice {
    /// Nobody picks up: whoever lets it ring is called back within a minute, and pays nothing. Needs
    /// `twilio.account_sid`. Who hides their number, or cannot be called, is answered.
    pub call_back: bool,
    /// Callers may speak as well as press keys. What they say goes to the carrier's recogniser, at a price.
    pub listens: bool,
}

/// The bot.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Telegram {
    /// The bot's token, from `@BotFather`.
    pub token: Option<SecretText>,
    /// Telegram posts to `http.public_url`; else this machine fetches, and nobody has to reach it.
    pub webhook: bool,
    /// Where Telegram is.
    pub api_url: String,
}

impl Default for Telegram {
    fn default() -> Self {
        Self { token: None, webhook: false, api_url: "https://api.telegram.org".to_owned() }
    }
}

/// A phone and a chat in the browser, for development and for training.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Simulator {
    /// On: nothing goes out to any carrier then. `passerelle demo` has it on.
    pub on: bool,
    /// Address and port, of this machine only.
    pub listen: SocketAddr,
}

impl Default for Simulator {
    fn default() -> Self {
        Self { on: false, listen: SocketAddr::from(([127, 0, 0, 1], 8082)) }
    }
}

/// Where a person answers.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Desk {
    /// The place's name.
    pub name: Option<String>,
    /// Its phone number.
    pub phone: Option<String>,
    /// A person calls back whoever sends 0. Set it only where somebody works through
    /// `passerelle call-backs`: the visitor is promised a call.
    pub calls_back: Option<bool>,
    /// Address and port of the desk's pages; loopback, where `public_url` does not say otherwise.
    pub listen: SocketAddr,
    /// The address under which mediators' browsers reach the pages through a proxy (`https://desk.example.org`); left
    /// out where they are used on this machine alone.
    pub public_url: Option<String>,
    /// Sources named at the desk may lie on this machine and its neighbours, where a stranger's feed has no business.
    pub local_feeds: bool,
}

impl Default for Desk {
    fn default() -> Self {
        Self { name: None, phone: None, calls_back: None, listen: SocketAddr::from(([127, 0, 0, 1], 8083)), public_url: None, local_feeds: false }
    }
}

impl Desk {
    /// Where the pages are, for whoever opens them.
    pub fn address(&self) -> String {
        self.public_url.as_deref().map_or_else(|| format!("http://{}", self.listen), |url| url.trim_end_matches('/').to_owned())
    }
}

/// Where askers are when they name no place; leave it out to ask them.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Home {
    /// BE or FR.
    pub country: Country,
    /// The postal code.
    pub postal_code: Option<String>,
}

/// The one printer that hangs on this machine, at the place of the desk.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Printer {
    /// Its name, where several machines have one: `printer` unless set.
    pub name: Option<String>,
    /// Where it is: `usb:/dev/usb/lp0`, `tcp:192.168.1.50`, `serial:/dev/ttyUSB0,38400`.
    pub address: Option<String>,
    /// Its kind, by the name of a file in `config/printers`.
    pub profile: Option<String>,
}

/// A place where visitors are, with the printers that hang on this machine.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Place {
    /// Its name, as slips say it.
    pub name: String,
    /// Where it is.
    pub address: Option<String>,
    /// The number of its desk; that of `[desk]` unless set.
    pub phone: Option<String>,
    /// When it is open, in the syntax of OpenStreetMap: `Mo-Fr 09:00-17:00; PH off`.
    pub opening_hours: Option<String>,
    /// Its printers.
    pub printer: Vec<PlacePrinter>,
}

/// A printer of a place.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PlacePrinter {
    /// Its name, unlike that of any other printer.
    pub name: String,
    /// Where it is, as in `[printer]`.
    pub address: String,
    /// Its kind, as in `[printer]`.
    pub profile: String,
}

/// A copy of the directory for kiosks.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Kiosk {
    /// The file, which a kiosk reads and writes, in a folder of its own: a kiosk's account reaches nothing else.
    pub copy: Option<PathBuf>,
    /// How often what changed is copied, in minutes.
    pub copy_minutes: u32,
}

impl Default for Kiosk {
    fn default() -> Self {
        Self { copy: None, copy_minutes: 5 }
    }
}

/// Keys for what is personal.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Privacy {
    /// The file with the secret of 32 bytes from which all keys come, readable by its owner alone; beside the database
    /// unless named, for a database on a server `/var/lib/passerelle/passerelle.key`. Every gateway on one database
    /// needs the same.
    pub key_file: Option<PathBuf>,
}

/// A text that never prints.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct SecretText(String);

impl SecretText {
    /// The secret itself.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<&str> for SecretText {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("(secret)")
    }
}

impl Serialize for SecretText {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("(secret)")
    }
}
