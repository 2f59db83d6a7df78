//! "K7P2W OK": an organisation calls its own entry right by a text message from its own number. From any other number the
//! same message shows the entry, as its code alone does.

use db::StoreError;
use directory::answer::Note;
use directory::code::Code;
use directory::intent::Input;
use directory::record::Record;
use directory::words;

use super::TurnService;

/// Words that say yes behind a code, folded.
const YES: [&str; 12] = ["ok", "oui", "juste", "exact", "ja", "klopt", "juist", "stimmt", "richtig", "yes", "right", "correct"];

/// The code that somebody says yes to; nothing in any other message.
fn confirmed(text: &str) -> Option<Code> {
    let (code, yes) = text.trim().split_once(char::is_whitespace)?;
    let code = Code::parse(code)?;
    YES.contains(&words::fold(yes).as_str()).then_some(code)
}

impl TurnService {
    /// What is noted of a message that calls an entry right from the entry's own number. Anybody can write under that
    /// number: it makes the organisation's word fresh, and no more. It is kept with the turn; the directory hears of it
    /// later, so that no turn waits for whoever writes there.
    pub(super) async fn called_right(&self, input: &Input, sender: Option<&str>) -> Result<Option<Note>, StoreError> {
        let (Input::Text(text), Some(sender)) = (input, sender) else { return Ok(None) };
        let Some(code) = confirmed(text) else { return Ok(None) };
        let record = self.store.record(code).await?;
        Ok(record.filter(|record| is_its_own(record, sender)).map(|_| Note::Right(code)))
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
