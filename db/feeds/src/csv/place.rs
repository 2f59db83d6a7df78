//! A row's address.

use directory::draft::Refused;
use directory::record::{Address, Precision};

use super::super::mapping::Field;
use super::super::place::{Position, PostalCode, position, postal_code, read_line, set_street, split_pair};
use super::super::{Notes, text};
use super::row::Row;

impl Row<'_> {
    pub(super) fn address(&self, notes: &mut Notes<'_>) -> Result<Address, Refused> {
        let mut address = Address { country: self.country(notes), ..Address::default() };
        if let Some(line) = self.text(Field::Address) {
            read_line(&line, &mut address);
        }
        if let Some(street) = self.text(Field::Street) {
            match self.text(Field::Number) {
                Some(number) => {
                    address.street = Some(text::line(&street));
                    address.number = Some(text::line(&number));
                }
                None => set_street(&street, &mut address),
            }
        }
        address.unit = self.text(Field::Unit).map(|unit| text::line(&unit)).or(address.unit);
        address.locality = self.text(Field::Locality).map(|town| text::line(&town)).or(address.locality);
        address.commune = self.text(Field::Commune);
        if let Some(code) = self.text(Field::PostalCode) {
            let names = self.names(Field::PostalCode);
            address.postal_code = match postal_code(&code, address.country) {
                PostalCode::Good(code) => Some(code),
                PostalCode::Mended(mended) => {
                    notes.warn(&names, &code, format!("a zero was missing: {mended}"));
                    Some(mended)
                }
                PostalCode::Impossible => return Err(notes.refusal(&names, &code, format!("no postal code of {}", address.country.code()))),
            };
        }
        address.position = self.position(notes);
        if let Some(precision) = self.text(Field::Precision) {
            address.precision = Precision::from_id(&precision);
            if address.precision.is_none() {
                // Safer to hide a door that may be shown than to show a private home.
                notes.warn(&self.names(Field::Precision), &precision, "not exact, street, locality or area: taken as area");
                address.precision = Some(Precision::Area);
            }
        }
        Ok(address)
    }

    fn position(&self, notes: &mut Notes<'_>) -> Option<(f64, f64)> {
        let (names, value, found) = if let Some(pair) = self.text(Field::Position) {
            let found = split_pair(&pair).map_or(Position::Unusable("not \"latitude, longitude\""), |(lat, lon)| position(lat, lon));
            (self.names(Field::Position), pair, found)
        } else {
            let names = format!("{} + {}", self.names(Field::Lat), self.names(Field::Lon));
            match (self.text(Field::Lat), self.text(Field::Lon)) {
                (Some(lat), Some(lon)) => (names, format!("{lat};{lon}"), position(&lat, &lon)),
                (None, None) => return None,
                (lat, lon) => (names, format!("{};{}", lat.unwrap_or_default(), lon.unwrap_or_default()), Position::Unusable("one of the two is missing")),
            }
        };
        match found {
            Position::At(lat, lon) => Some((lat, lon)),
            Position::Swapped(lat, lon) => {
                notes.warn(&names, &value, "longitude and latitude were exchanged: put right");
                Some((lat, lon))
            }
            Position::Unusable(reason) => {
                notes.warn(&names, &value, format!("{reason}: left out"));
                None
            }
        }
    }
}
