//! Slips on paper: the places and printers of this machine, and the tasks that print what is asked of them.

mod bench;
mod lines;
mod site;
mod worker;

pub use self::bench::{Bench, Failure};
pub use self::lines::Lines;
pub use self::site::{Machine, Site, SiteError, sites, text_to};
pub use self::worker::{Printing, Running};
