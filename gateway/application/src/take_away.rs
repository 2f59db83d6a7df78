//! What a visitor takes home: the number under which a slip comes again.

use chrono::{DateTime, Utc};
use db::ticket::Ticketed;
use db::{Store, StoreError};
use directory::record::Record;
use directory::ticket::Ticket;
use printer::slip::Style;
use printer::slip_language::SlipLanguage;

use crate::keys;

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

/// Gives a slip with these records a new number, under which it comes again. A discreet slip and one with a sensitive
/// record get none.
pub async fn ticket<'a>(
    store: &Store,
    records: impl Iterator<Item = &'a Record> + Clone,
    languages: &[SlipLanguage],
    style: Style,
    now: DateTime<Utc>,
) -> Result<Given, StoreError> {
    if style == Style::Discreet || records.clone().any(Record::is_sensitive) {
        return Ok(Given::Hidden);
    }
    let codes = records.map(|record| record.code).collect();
    let slip = Ticketed { codes, languages: SlipLanguage::write_all(languages), style: style.name().to_owned() };
    Ok(number(store, &slip, now).await?.map_or(Given::NoneLeft, Given::Number))
}

/// Gives what was shown a new number, taken by chance where the machine has any, else the next free one; `None` where
/// all are in use.
pub async fn number(store: &Store, slip: &Ticketed, now: DateTime<Utc>) -> Result<Option<Ticket>, StoreError> {
    let chosen = match keys::random() {
        Ok(chance) => Ticket::by_chance(&chance),
        Err(error) => {
            tracing::error!(%error, "ticket.not_by_chance: the next free number is given, which others can guess");
            Vec::new()
        }
    };
    store.take_ticket(slip, &chosen, now).await
}
