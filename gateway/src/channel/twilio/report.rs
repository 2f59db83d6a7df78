//! What the carrier reports on something that we sent.

use db::StoreError;

use super::{Field, Refusal, Secret, Signed, verify};
use application::turn::TurnService;

/// The carrier's number for "the recipient told the carrier that they want nothing".
pub const OPTED_OUT: &str = "21610";

/// The end of a delivery, as the carrier tells it.
#[derive(Clone, PartialEq, Eq)]
pub struct Report {
    /// The delivery's number in the outbox.
    pub id: i64,
    /// It has arrived; else it cannot.
    pub arrived: bool,
    /// Who wants nothing sent, where the carrier says so.
    pub opted_out: Option<String>,
}

impl std::fmt::Debug for Report {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Report").field("id", &self.id).field("arrived", &self.arrived).finish_non_exhaustive()
    }
}

/// Reads a signed report; nothing where it says that the message is on its way.
pub fn accept(body: &[u8], signature: Option<&str>, url: &str, query: &str, secrets: &[Secret]) -> Result<Option<Report>, Refusal> {
    let signature = signature.ok_or(Refusal::Forged)?;
    if !verify(&Signed::Form { url, body }, signature, secrets) {
        return Err(Refusal::Forged);
    }
    let id = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "id").and_then(|(_, id)| id.parse().ok()).ok_or(Refusal::Incomplete("id"))?;
    let field = |name| Field(name).of(body);
    let status = field("MessageStatus").or_else(|| field("SmsStatus")).ok_or(Refusal::Incomplete("MessageStatus"))?;
    let arrived = match status.as_str() {
        "delivered" | "read" => true,
        "undelivered" | "failed" | "canceled" => false,
        _ => return Ok(None),
    };
    let opted_out = field("To").filter(|_| field("ErrorCode").as_deref() == Some(OPTED_OUT));
    Ok(Some(Report { id, arrived, opted_out }))
}

impl Report {
    /// Keeps it.
    pub async fn keep(&self, engine: &TurnService) -> Result<(), StoreError> {
        if let Some(number) = &self.opted_out {
            engine.store.opt_out(&engine.keys.person(number), engine.clock.now()).await?;
        }
        let changed = engine.store.report_delivery(self.id, self.arrived).await?;
        if changed && !self.arrived {
            tracing::warn!("delivery.not_arrived");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::sign;
    use super::*;

    #[test]
    fn the_end_of_a_delivery_is_read_and_its_way_is_not() {
        let (url, secret) = ("https://sms.example.org/twilio/status?id=7", Secret::new("0123456789abcdef0123456789abcdef"));
        let read = |body: &str| {
            let signature = sign(&Signed::Form { url, body: body.as_bytes() }, &secret);
            accept(body.as_bytes(), Some(&signature), url, "id=7", std::slice::from_ref(&secret))
        };
        assert_eq!(read("MessageStatus=sent&To=%2B32470123456").unwrap(), None);
        assert!(read("MessageStatus=delivered&To=%2B32470123456").unwrap().unwrap().arrived);
        let refused = read("MessageStatus=failed&ErrorCode=21610&To=%2B32470123456").unwrap().unwrap();
        assert_eq!((refused.id, refused.arrived, refused.opted_out.as_deref()), (7, false, Some("+32470123456")));
        assert_eq!(read("To=%2B32470123456").unwrap_err(), Refusal::Incomplete("MessageStatus"));
        assert_eq!(accept(b"MessageStatus=sent", Some("x"), url, "id=7", &[secret]).unwrap_err(), Refusal::Forged);
        assert!(!format!("{refused:?}").contains("470"));
    }
}
