//! Places and printers out of the settings, checked before anything starts.

use std::collections::BTreeSet;

use application::print_queue::QueuePrinter;
use db::place::{ServedPlace, ServedPrinter};
use directory::answer::Desk;
use directory::phone::{Country, Phone};
use directory::schedule::{HoursError, Timetable};
use printer::device::DeviceAddressError;
use printer::profile::{Profile, ProfileError};

use crate::config::{self, Config, PlacePrinter};

/// The name of a printer that has none.
const PRINTER: &str = "printer";

/// The name of a place that has none.
const PLACE: &str = "Passerelle";

/// A place with the printers that hang on this machine.
#[derive(Debug, Clone)]
pub struct ConfiguredPlace {
    /// As the database keeps it.
    pub place: ServedPlace,
    /// Who answers there, on slips.
    pub desk: Option<Desk>,
    /// Its printers.
    pub printers: Vec<QueuePrinter>,
}

/// A place or printer that the settings do not describe rightly.
#[derive(Debug, thiserror::Error)]
pub enum PlaceError {
    /// Nothing to call it by.
    #[error("[[place]] number {0} has no name: add name = \"…\", as slips shall say it")]
    Nameless(usize),
    /// A printer without something it needs.
    #[error("place {place}: a printer needs name, address and profile; one lacks its {lacks}. `passerelle printer list` shows what there is")]
    Incomplete {
        /// The place.
        place: String,
        /// The setting.
        lacks: &'static str,
    },
    /// Two of one name.
    #[error("there are two {what} called {name}: give one another name")]
    Twice {
        /// Places or printers.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// A phone number that is none.
    #[error("{what}: this is no phone number: write it like 02 555 01 02 or +32 2 555 01 02")]
    Phone {
        /// The setting.
        what: String,
    },
    /// Opening hours that are none.
    #[error("place {place}: opening_hours: {error}")]
    Hours {
        /// The place.
        place: String,
        /// What is wrong.
        error: HoursError,
    },
    /// An address that is none.
    #[error("printer {printer}: {error}")]
    Address {
        /// The printer.
        printer: String,
        /// What is wrong.
        error: DeviceAddressError,
    },
    /// A kind that does not exist.
    #[error("printer {printer}: {error}")]
    Profile {
        /// The printer.
        printer: String,
        /// What is wrong.
        error: ProfileError,
    },
}

/// The places of the settings. The short form `[printer]` is a printer at the place of the desk.
pub fn configured_places(config: &Config, desk: Option<&Desk>) -> Result<Vec<ConfiguredPlace>, PlaceError> {
    let mut configured = Vec::new();
    for (number, place) in (1..).zip(&config.place) {
        configured.push(site(number, place, config.home.country, desk)?);
    }
    if let Some(address) = &config.printer.address {
        let given = PlacePrinter {
            name: config.printer.name.clone().unwrap_or_else(|| PRINTER.to_owned()),
            address: address.clone(),
            profile: config.printer.profile.clone().unwrap_or_default(),
        };
        let name = desk.map_or(PLACE, |desk| &desk.name);
        let printer = printer(name, &given)?;
        if let Some(site) = configured.iter_mut().find(|site| site.place.name == name) {
            site.add(printer);
        } else {
            let phone = desk.map(|desk| desk.phone.as_str().to_owned());
            let mut site =
                ConfiguredPlace { place: ServedPlace { name: name.to_owned(), phone, ..ServedPlace::default() }, desk: desk.cloned(), printers: Vec::new() };
            site.add(printer);
            configured.push(site);
        }
    }
    no_name_twice("places", configured.iter().map(|site| &site.place.name))?;
    no_name_twice("printers", configured.iter().flat_map(|site| &site.printers).map(|printer| &printer.name))?;
    Ok(configured)
}

/// The number that slips offer for text messages: only where messages are answered.
pub fn text_to(config: &Config) -> Result<Option<Phone>, PlaceError> {
    let Some(number) = &config.twilio.number else { return Ok(None) };
    let phone = Phone::parse(number, config.home.country).ok_or_else(|| PlaceError::Phone { what: "twilio.number".to_owned() })?;
    Ok(config.twilio.keys().next().is_some().then_some(phone))
}

impl ConfiguredPlace {
    fn add(&mut self, printer: QueuePrinter) {
        let QueuePrinter { name, address, profile } = &printer;
        self.place.printers.push(ServedPrinter { name: name.clone(), address: address.to_string(), profile: profile.name.clone(), is_served: false });
        self.printers.push(printer);
    }
}

fn site(number: usize, given: &config::Place, country: Country, desk: Option<&Desk>) -> Result<ConfiguredPlace, PlaceError> {
    let name = given.name.trim();
    if name.is_empty() {
        return Err(PlaceError::Nameless(number));
    }
    let phone = match &given.phone {
        Some(text) => Some(Phone::parse(text, country).ok_or_else(|| PlaceError::Phone { what: format!("place {name}: phone") })?),
        None => None,
    };
    if let Some(hours) = &given.opening_hours {
        Timetable::parse(hours, country).map_err(|error| PlaceError::Hours { place: name.to_owned(), error })?;
    }
    let place = ServedPlace {
        name: name.to_owned(),
        address: given.address.clone(),
        phone: phone.as_ref().map(|phone| phone.as_str().to_owned()),
        hours: given.opening_hours.clone(),
        printers: Vec::new(),
    };
    let desk = phone.map(|phone| Desk { name: name.to_owned(), phone }).or_else(|| desk.cloned());
    let mut site = ConfiguredPlace { place, desk, printers: Vec::new() };
    for given in &given.printer {
        site.add(printer(name, given)?);
    }
    Ok(site)
}

fn printer(place: &str, given: &PlacePrinter) -> Result<QueuePrinter, PlaceError> {
    for (lacks, value) in [("name", &given.name), ("address", &given.address), ("profile", &given.profile)] {
        if value.trim().is_empty() {
            return Err(PlaceError::Incomplete { place: place.to_owned(), lacks });
        }
    }
    let printer = given.name.trim().to_owned();
    Ok(QueuePrinter {
        address: given.address.parse().map_err(|error| PlaceError::Address { printer: printer.clone(), error })?,
        profile: Profile::named(&given.profile).map_err(|error| PlaceError::Profile { printer: printer.clone(), error })?,
        name: printer,
    })
}

fn no_name_twice<'a>(what: &'static str, names: impl Iterator<Item = &'a String>) -> Result<(), PlaceError> {
    let mut seen = BTreeSet::new();
    for name in names {
        if !seen.insert(name) {
            return Err(PlaceError::Twice { what, name: name.clone() });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
