//! Slips on paper: the places and printers of this machine, and the tasks that print what is asked of them.

mod bench;
mod lines;
mod site;
mod worker;

use chrono::{DateTime, Utc};
use db::Store;
use db::ticket::Ticketed;
use directory::code::Code;
use directory::record::Record;
use directory::ticket::Ticket;
use printer::slip::Style;
use printer::slip_language::SlipLanguage;

pub use self::bench::{Bench, Failure};
pub use self::lines::Lines;
pub use self::site::{Machine, Site, SiteError, sites, text_to};
pub use self::worker::{Printing, Running};
use crate::keys::{self, KeyError};

/// What became of a slip's number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Given {
    /// It is this one.
    Number(Ticket),
    /// None for what is hidden, which a guess would show.
    Hidden,
    /// All are in use.
    NoneLeft,
}

impl Given {
    /// The number, if there is one.
    pub fn ticket(self) -> Option<Ticket> {
        match self {
            Self::Number(ticket) => Some(ticket),
            Self::Hidden | Self::NoneLeft => None,
        }
    }
}

/// Gives a slip a new number, under which it comes again.
pub async fn take_ticket<'a>(
    store: &Store,
    records: impl Iterator<Item = &'a Record> + Clone,
    languages: &[SlipLanguage],
    style: Style,
    now: DateTime<Utc>,
) -> Result<Given, KeyError> {
    if style == Style::Discreet || records.clone().any(Record::is_sensitive) {
        return Ok(Given::Hidden);
    }
    let codes: Vec<Code> = records.map(|record| record.code).collect();
    let slip = Ticketed { codes, languages: SlipLanguage::write_all(languages), style: style.name().to_owned() };
    let ticket = store.take_ticket(&slip, &Ticket::by_chance(&keys::random()?), now).await?;
    Ok(ticket.map_or(Given::NoneLeft, Given::Number))
}
