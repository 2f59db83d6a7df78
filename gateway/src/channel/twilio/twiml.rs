//! TwiML: the carrier's answer format.

use directory::language::Language;
use quick_xml::escape::escape;

use crate::speech::Prompt;

/// Between two sentences: as long as a listener needs to let go of one.
const PAUSE: &str = "<break time=\"600ms\"/>";

/// How fast what is to be written down is said, beside the rest.
const SLOW: &str = "80%";

/// How fast all is said where the caller asked for it.
const SLOWER: &str = "70%";

/// The voice of a language: locale and name (list of npm `twilio` 6.2.0). Speech cannot be recognised in `fr-BE`.
struct Tongue {
    says: &'static str,
    voice: &'static str,
    hears: &'static str,
}

fn tongue(language: Language) -> Tongue {
    match language {
        Language::Fr => Tongue { says: "fr-BE", voice: "Polly.Isabelle-Neural", hears: "fr-FR" },
        Language::Nl => Tongue { says: "nl-BE", voice: "Polly.Lisa-Neural", hears: "nl-BE" },
        Language::De => Tongue { says: "de-DE", voice: "Polly.Vicki-Neural", hears: "de-DE" },
        Language::En => Tongue { says: "en-GB", voice: "Polly.Amy-Neural", hears: "en-GB" },
    }
}

/// What is awaited of a caller.
#[derive(Debug, Clone, Copy)]
pub struct Gather<'a> {
    /// What is said meanwhile; a key cuts it.
    pub prompts: &'a [Prompt],
    /// All of it slowly.
    pub slowly: bool,
    /// Where the keys go, and silence too.
    pub action: &'a str,
    /// Digits awaited; 0 for one key.
    pub digits: u8,
    /// How long, in seconds.
    pub patience: u8,
    /// Speech is listened to as well, in this language.
    pub hears: Option<Language>,
}

impl Gather<'_> {
    /// The response.
    pub fn write(&self) -> String {
        let action = escape(self.action);
        let input = match self.hears {
            Some(language) => format!("input=\"dtmf speech\" language=\"{}\" speechTimeout=\"auto\"", tongue(language).hears),
            None => "input=\"dtmf\"".to_owned(),
        };
        // No key ends the digits: `*` and `#` are keys like others.
        respond(&format!(
            "<Gather {input} numDigits=\"{}\" finishOnKey=\"\" timeout=\"{}\" action=\"{action}\" method=\"POST\">{}</Gather><Redirect method=\"POST\">{action}</Redirect>",
            self.digits.max(1),
            self.patience,
            say(self.prompts, self.slowly)
        ))
    }
}

/// A response that says something and ends the call.
pub fn last_words(prompts: &[Prompt], slowly: bool) -> String {
    respond(&format!("{}<Hangup/>", say(prompts, slowly)))
}

/// A response that says something, then goes on elsewhere.
pub fn go_on(prompts: &[Prompt], action: &str) -> String {
    respond(&format!("{}<Redirect method=\"POST\">{}</Redirect>", say(prompts, false), escape(action)))
}

/// A response that does not pick up: the caller pays nothing.
pub fn reject() -> String {
    respond("<Reject reason=\"busy\"/>")
}

fn say(prompts: &[Prompt], slowly: bool) -> String {
    let one = |prompt: &Prompt| {
        let Tongue { says, voice, .. } = tongue(prompt.language);
        let text = clean(&prompt.text);
        let text = escape(&text);
        let rate = if slowly { Some(SLOWER) } else { prompt.slowly.then_some(SLOW) };
        let text = rate.map_or_else(|| text.to_string(), |rate| format!("<prosody rate=\"{rate}\">{text}</prosody>"));
        format!("<Say language=\"{says}\" voice=\"{voice}\">{text}{PAUSE}</Say>")
    };
    prompts.iter().map(one).collect()
}

fn respond(verbs: &str) -> String {
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response>{verbs}</Response>")
}

/// Control characters but tab and line feed are left out: XML has no place for them.
fn clean(text: &str) -> String {
    text.chars().filter(|character| matches!(character, '\t' | '\n') || !character.is_control()).collect()
}

/// The response that sends nothing.
pub fn silence() -> String {
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response/>".to_owned()
}

/// A response that sends one text message.
pub fn message(text: &str) -> String {
    respond(&format!("<Message>{}</Message>", escape(clean(text))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped_and_freed_of_controls() {
        assert_eq!(
            message("2 < 3 & \"é\"\u{0}\u{1b}\n1"),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response><Message>2 &lt; 3 &amp; &quot;é&quot;\n1</Message></Response>"
        );
    }
}
