//! TwiML: the carrier's answer format.

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

/// The response that sends nothing.
pub fn silence() -> String {
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response/>".to_owned()
}

/// A response that sends one text message. Control characters but tab and line feed are left out:
/// XML has no place for them.
pub fn message(text: &str) -> String {
    let clean: String = text.chars().filter(|character| matches!(character, '\t' | '\n') || !character.is_control()).collect();
    let mut writer = Writer::new(Vec::new());
    let written = writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None))).and_then(|()| {
        writer
            .create_element("Response")
            .write_inner_content(|inner| inner.create_element("Message").write_text_content(BytesText::new(&clean)).map(|_| ()))
            .map(|_| ())
    });
    // Writing to memory cannot fail; an empty response is the carrier's "say nothing".
    written.ok().and_then(|()| String::from_utf8(writer.into_inner()).ok()).unwrap_or_else(silence)
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
