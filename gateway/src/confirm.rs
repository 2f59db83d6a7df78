//! "K7P2W OK": an organisation confirms its own entry by a text message from its own number. From any other number the
//! same message shows the entry, as its code alone does.

use db::StoreError;
use db::care::{Change, Corrected};
use directory::code::Code;
use directory::record::Record;
use directory::words;

use crate::turn::Engine;

/// Words that say yes behind a code, folded.
const YES: [&str; 12] = ["ok", "oui", "juste", "exact", "ja", "klopt", "juist", "stimmt", "richtig", "yes", "right", "correct"];

/// How it was confirmed, as the record keeps it.
const BY_TEXT: &str = "sms";

/// The code that somebody says yes to; nothing in any other message.
pub(crate) fn confirmed(text: &str) -> Option<Code> {
    let (code, yes) = text.trim().split_once(char::is_whitespace)?;
    let code = Code::parse(code)?;
    YES.contains(&words::fold(yes).as_str()).then_some(code)
}

impl Engine {
    /// Keeps that an entry is right, where its own number says so; once a day.
    pub(crate) async fn confirm(&self, code: Code, sender: &str) -> Result<(), StoreError> {
        let Some((mut record, version)) = self.store.record_to_change(code).await? else { return Ok(()) };
        let now = self.clock.now();
        let today = now.with_timezone(&self.zone).date_naive();
        let is_kept = record.freshness.confirmed_on == Some(today) && record.trust.how.as_deref() == Some(BY_TEXT);
        if is_kept || !is_its_own(&record, sender) {
            return Ok(());
        }
        let before = record.freshness.confirmed_on.map(|day| day.to_string()).unwrap_or_default();
        record.confirm("organisation", BY_TEXT, today);
        let change = Change { at: now, mediator: "SMS".to_owned(), field: "verified".to_owned(), before, after: format!("{today} {BY_TEXT}") };
        match self.store.correct(&record, version, &[change], self.vocabulary.territory(), now).await? {
            Corrected::Kept => tracing::info!("record.confirmed"),
            // A mediator is at it: what they say counts.
            Corrected::Overtaken => {}
        }
        Ok(())
    }
}

fn is_its_own(record: &Record, sender: &str) -> bool {
    record.content.contacts.iter().filter_map(|contact| contact.phone.as_ref()).any(|phone| phone.as_str() == sender)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_yes_behind_a_code_confirms_it() {
        let code = Code::from_serial(77).unwrap();
        for yes in ["ok", "OK", " Oui ", "Klopt", "stimmt"] {
            assert_eq!(confirmed(&format!("{code} {yes}")), Some(code), "{yes}");
        }
        for other in [format!("{code}"), format!("{code} non"), format!("{code} ok merci ?"), "manger ok".to_owned(), "ok".to_owned()] {
            assert_eq!(confirmed(&other), None, "{other}");
        }
    }
}
