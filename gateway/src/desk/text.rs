//! A slip as a text message to a number that the visitor says: answered like a ticket that they text themselves, so that
//! the digits they send back work.

use std::sync::Arc;

use db::journal::{CarrierMessage, DeskText};
use db::outbox::{Delivery, Way};
use db::writer::Committed;
use directory::dialogue::{self, Found};
use directory::intent::{Intent, Understanding};
use directory::language::Language;
use directory::phone::Phone;
use directory::record::Record;
use directory::session::Session;
use directory::ticket::Ticket;

use super::{Desk, PageError, secret};
use application::limits::BudgetClass;
use application::turn::{ANSWERS_LAST, Channel};

/// A number that may be texted, or the sentence that says why it may not.
pub(super) async fn recipient(desk: &Desk, typed: &str, records: &[Arc<Record>]) -> Result<Result<Phone, &'static str>, PageError> {
    let engine = &desk.engine;
    if !desk.settings.texts {
        return Ok(Err("slip-no-texts"));
    }
    if records.iter().any(|record| record.is_sensitive()) {
        return Ok(Err("slip-hidden"));
    }
    let country = engine.home.as_ref().map(|home| home.country).unwrap_or_default();
    let Some(phone) = Phone::parse(typed, country) else { return Ok(Err("slip-no-phone")) };
    // Neither abroad nor at a higher price.
    let Some(phone) = engine.limits.callable(phone.as_str()) else { return Ok(Err("slip-not-there")) };
    let has_stopped = engine.store.has_stopped(&engine.keys.person(phone.as_str())).await?;
    Ok(if has_stopped { Err("slip-stopped") } else { Ok(phone) })
}

/// Queues it: the number of segments, or the sentence that says why nothing is sent.
pub(super) async fn send(
    desk: &Desk,
    phone: &Phone,
    records: Vec<Arc<Record>>,
    ticket: Option<Ticket>,
    language: Language,
) -> Result<Result<usize, &'static str>, PageError> {
    let engine = &desk.engine;
    let number = phone.as_str();
    let (now, person) = (desk.now(), engine.keys.person(number));
    let digits = ticket.map(|ticket| ticket.to_string()).unwrap_or_default();
    let understood = Understanding { intent: Intent::Ticket(digits), language };
    let local = now.with_timezone(&engine.zone);
    let found = Found::slip(records, local.naive_local());
    let session = Session { language: Some(language), ..Session::default() };
    let (answer, session) = dialogue::answer(&understood, &found, session, &desk.setting(local));
    let sms = engine.sms(&answer, now);
    let Some(recipient) = engine.recipient(&person, number) else { return Ok(Err("trouble-ours")) };
    let hasher = engine.keys.hasher(now);
    let id = secret::token()?;
    let delivery = Delivery::new(Way::Sms, person, recipient, sms.text.clone(), now, ANSWERS_LAST);
    let segments = sms.segments.len();
    let text = DeskText {
        message: CarrierMessage { channel: Channel::Sms.name(), carrier_id: format!("desk-{id}"), received: now },
        receiver: hasher.hash(number),
        session,
        until: directory::session::forgotten_at(now),
        delivery,
        // The visitor stands here: whether it fits is said to them, and closes nothing of theirs.
        charge: engine.limits.charge(BudgetClass::Texts, segments, number, now, |text| hasher.key(text)),
    };
    Ok(match engine.outbox.commit(text).await? {
        Committed::New | Committed::Before(_) => Ok(segments),
        Committed::Limited { .. } | Committed::Full => Err("slip-limited"),
    })
}
