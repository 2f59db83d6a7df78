//! Slips on paper: the places and printers of this machine, and the tasks that print what is asked of them.

mod place;
mod worker;

pub use self::place::{ConfiguredPlace, PlaceError, configured_places, text_to};
pub use self::worker::{Printing, Running};
