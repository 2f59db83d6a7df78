//! What kiosks ask of people: sealed requests become call-backs.
//!
//! A kiosk writes into its copy and knows no gateway; what it wrote is brought in from there. Each step can be
//! done again: a power cut between two of them loses nothing and asks for nothing twice.

mod copy;

use std::collections::BTreeSet;
use std::sync::Arc;

use db::Store;
use db::call_back::CallBack;
use db::journal::{CallBackRequest, CarrierMessage, JournalEntry, KIOSK};
use db::sealed_request::SealedRequest;
use db::writer::Committed;

pub use self::copy::{Copy, CopyError};
use application::keys::KeyError;
use application::limits::Asks;
use application::turn::TurnService;

/// Brings sealed requests in from a kiosk's database.
#[derive(Debug)]
pub struct RequestImporter {
    engine: Arc<TurnService>,
    /// Requests that this gateway's key does not open: told once, left for the gateway whose key does.
    foreign: BTreeSet<String>,
    /// Requests beyond what people can call in a day: told once, brought in when there is room.
    put_off: BTreeSet<String>,
}

impl RequestImporter {
    /// Makes an importer for that engine.
    pub fn new(engine: Arc<TurnService>) -> Self {
        Self { engine, foreign: BTreeSet::new(), put_off: BTreeSet::new() }
    }

    /// Brings in every sealed request there is; how many.
    pub async fn import_all(&mut self, from: &Store) -> Result<usize, KeyError> {
        let mut brought = 0;
        for request in from.sealed_requests().await? {
            brought += usize::from(self.bring(from, request).await?);
        }
        Ok(brought)
    }

    /// Brings one in: the call-back first, then the request is deleted. False where it stays or is refused.
    async fn bring(&mut self, from: &Store, request: SealedRequest) -> Result<bool, KeyError> {
        let keys = &self.engine.keys;
        let Ok(number) = keys.open_sealed_request(&request.sealed) else {
            if self.foreign.insert(request.id) {
                tracing::warn!(
                    "letter.unreadable: a kiosk closed it with another gateway's key. Put that gateway's key file back (privacy.key_file): letters are kept for seven days"
                );
            }
            return Ok(false);
        };
        // What a kiosk says is not taken on trust: anybody with a screwdriver can write its requests.
        let Some(phone) = self.engine.limits.callable(&number) else {
            tracing::warn!("letter.refused: a kiosk asks for a call to a number that nobody is called back on");
            from.delete_sealed_request(&request.id).await?;
            return Ok(false);
        };
        let person = keys.person(phone.as_str());
        let call_back = CallBack {
            number: keys.seal_number(&person, phone.as_str())?,
            language: request.language,
            theme: request.theme.filter(|theme| !theme.is_sensitive()),
            postal_code: request.postal_code,
            hour: None,
            recording: None,
        };
        let now = self.engine.clock.now();
        let hasher = keys.hasher(now);
        let room = self.engine.limits.room(Asks::Kiosk, now, |text| hasher.key(text));
        let entry = JournalEntry::KioskRequest {
            message: CarrierMessage { channel: KIOSK, carrier_id: format!("letter-{}", request.id), received: request.written },
            request: CallBackRequest { person, call_back, room },
        };
        if self.engine.outbox.commit(entry).await? == Committed::Full {
            if self.put_off.insert(request.id) {
                tracing::warn!("letter.put_off: kiosks ask for more calls than limits.call_backs_day; the letter waits until tomorrow");
            }
            return Ok(false);
        }
        db::fail_point::reach("letters::kept");
        from.delete_sealed_request(&request.id).await?;
        Ok(true)
    }
}
