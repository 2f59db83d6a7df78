//! TwiML: the carrier's answer format.

use quick_xml::escape::escape;

/// The response that sends nothing.
pub fn silence() -> String {
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response/>".to_owned()
}

/// A response that sends one text message. Control characters but tab and line feed are left out:
/// XML has no place for them.
pub fn message(text: &str) -> String {
    let clean: String = text.chars().filter(|character| matches!(character, '\t' | '\n') || !character.is_control()).collect();
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response><Message>{}</Message></Response>", escape(clean))
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
