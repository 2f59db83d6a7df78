//! Finds what a lookup asks, once for every channel and the desk.

use std::sync::Arc;

use chrono::DateTime;
use chrono_tz::Tz;
use db::ticket::Ticketed;
use db::{Edition, Store, StoreError};
use directory::dialogue::{self, Found, Lookup};
use directory::locality::Territory;
use directory::record::{Brief, Record, Scope};

/// Where and when what is found is shown.
#[derive(Debug, Clone, Copy)]
pub struct View {
    /// The state of the directory that is known to be current, where it is known: what was found in it before is not
    /// read again.
    pub edition: Option<Edition>,
    /// Where it is shown: what may not be shown there is not found.
    pub scope: Scope,
    /// The local time.
    pub now: DateTime<Tz>,
    /// Whoever asks by a slip's number helps the visitor who holds it, and sees what has become sensitive since.
    pub helps: bool,
}

impl View {
    fn shows(&self, brief: &Brief) -> bool {
        brief.may_be_shown(self.scope, self.now.date_naive())
    }
}

/// Finds what is looked up, in the order to show it; empty where there is nothing, or nothing that may be shown.
///
/// Fails where the database does.
pub async fn find(store: &Store, territory: &Territory<'_>, lookup: &Lookup, view: View) -> Result<Found, StoreError> {
    let local = view.now.naive_local();
    match lookup {
        Lookup::None => Ok(Found::default()),
        Lookup::Records(query) => store.search(query, view.edition, view.scope, local).await,
        Lookup::Door(query) => store.behind_door(query, view.edition, view.scope, local).await,
        Lookup::Record(code) => {
            let record = store.record(*code).await?;
            let shown = record.filter(|record| view.shows(&Brief::from(record.as_ref())));
            Ok(shown.map(|record| Found::one(record, local)).unwrap_or_default())
        }
        Lookup::Ticket(ticket) => match store.ticket(*ticket, view.now.to_utc()).await? {
            Some(slip) => of_slip(store, &slip, view).await,
            None => Ok(Found::default()),
        },
        Lookup::Listed { codes, wanted } => {
            let place = wanted.locality.as_ref();
            let here = place.and_then(|place| territory.point(place.country, place.postal_codes.first()?));
            let briefs = store.briefs(codes).await?.into_iter().filter(|brief| view.shows(brief));
            let hits = briefs.map(|brief| dialogue::hit(Arc::new(brief), wanted.days(local.date()), wanted.part, here, local)).collect();
            Ok(Found { hits, ..Found::default() })
        }
    }
}

/// Finds the records of a slip, in its order, as far as they may be shown.
pub async fn of_slip(store: &Store, slip: &Ticketed, view: View) -> Result<Found, StoreError> {
    let mut records = store.records(&slip.codes).await?;
    // No ticket is made of what somebody hides; what has become so since is not shown to whoever guesses.
    records.retain(|record: &Arc<Record>| (view.helps || !record.is_sensitive()) && view.shows(&Brief::from(record.as_ref())));
    Ok(Found::slip(records, view.now.naive_local()))
}
