//! The lines of one language of a slip while they are written.

use super::{PaperFormat, Size, SlipLine, Style};
use crate::slip_language::{SlipLanguage, is_right_to_left};
use crate::wrap::{width, wrap};

/// A phone number of 15 digits and its `+` still fit a line of double letters from this width on.
const WIDE_ENOUGH_FOR_DOUBLE: u8 = 32;

/// Lines of one language.
#[derive(Debug)]
pub(super) struct SlipPage {
    paper: PaperFormat,
    /// The size of most letters.
    plain: Size,
    /// The size of titles, names and phone numbers.
    high: Size,
    /// From right to left.
    is_mirrored: bool,
    pub(super) lines: Vec<SlipLine>,
}

impl SlipPage {
    pub(super) fn new(paper: PaperFormat, style: Style, is_discreet: bool, language: SlipLanguage) -> Self {
        let (plain, high) = match style {
            // On narrow paper double letters would leave room for half a phone number.
            Style::Large if paper.columns < WIDE_ENOUGH_FOR_DOUBLE => (Size::Tall, Size::Tall),
            Style::Large => (Size::Double, Size::Double),
            _ if is_discreet => (Size::Normal, Size::Normal),
            _ => (Size::Normal, Size::Tall),
        };
        Self { paper, plain, high, is_mirrored: language.is_right_to_left(), lines: Vec::new() }
    }

    /// A line across the paper.
    pub(super) fn rule(&mut self, stroke: char) {
        let text = stroke.to_string().repeat(usize::from(self.paper.columns));
        self.lines.push(SlipLine::Text { text, size: Size::Normal, at_right: false });
    }

    /// Short facts, as many in a line as fit: paper is short. Large letters are read one by one.
    pub(super) fn facts(&mut self, facts: impl IntoIterator<Item = String>) {
        let mut open = String::new();
        for fact in facts {
            let joint = if open.is_empty() {
                ""
            } else if open.ends_with(['.', '!', '?']) {
                " "
            } else {
                ". "
            };
            let together = format!("{open}{joint}{fact}");
            if open.is_empty() || (self.plain == Size::Normal && !self.is_mirrored && self.fits(&together, self.plain)) {
                open = together;
            } else {
                self.say(&std::mem::replace(&mut open, fact));
            }
        }
        if !open.is_empty() {
            self.say(&open);
        }
    }

    /// Two short texts in high letters, one at each edge where both fit a line.
    pub(super) fn edges(&mut self, left: &str, right: &str) {
        let columns = usize::from(self.paper.columns);
        let (first, second) = (self.folded(left), self.folded(right));
        let taken = width(&first) + width(&second);
        if self.high != Size::Tall || self.plain == Size::Tall || self.is_mirrored || taken + 2 > columns {
            self.high(left);
            self.high(right);
            return;
        }
        let text = format!("{first}{}{second}", " ".repeat(columns - taken)).replace(['\u{a0}', '\u{202f}'], " ");
        self.lines.push(SlipLine::Text { text, size: self.high, at_right: false });
    }

    /// True where a text takes one line.
    fn fits(&self, text: &str, size: Size) -> bool {
        width(&self.folded(text)) <= usize::from(self.paper.columns) / size.columns()
    }

    /// The text in letters that the printer has.
    fn folded(&self, text: &str) -> String {
        self.paper.page.fold(&clean(text))
    }

    /// A sentence in plain letters.
    pub(super) fn say(&mut self, text: &str) {
        self.write(text, self.plain);
    }

    /// A sentence in high letters.
    pub(super) fn high(&mut self, text: &str) {
        self.write(text, self.high);
    }

    pub(super) fn picture(&mut self, theme: directory::theme::Theme, label: String) {
        self.lines.push(SlipLine::Picture { theme, label, at_right: self.is_mirrored });
    }

    pub(super) fn is_mirrored(&self) -> bool {
        self.is_mirrored
    }

    fn write(&mut self, text: &str, size: Size) {
        let text = self.folded(text);
        for text in wrap(&text, usize::from(self.paper.columns) / size.columns()) {
            // Without letters that run the other way, marks of direction say nothing, and no code page has them.
            let text = if text.contains(is_right_to_left) { text } else { text.replace(['\u{2066}', '\u{2069}'], "") };
            self.lines.push(SlipLine::Text { text, size, at_right: self.is_mirrored });
        }
    }
}

/// The text without what a printer would obey or nothing can draw: control bytes and little coloured pictures.
/// Letters and their accents are put together, as code pages have them.
fn clean(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    text.nfc().map(|character| if matches!(character, '\t' | '\n' | '\r') { ' ' } else { character }).filter(|character| !is_unprintable(*character)).collect()
}

fn is_unprintable(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}' | '\u{fff9}'..='\u{fffd}')
        || matches!(character, '\u{2600}'..='\u{27bf}' | '\u{2b00}'..='\u{2bff}' | '\u{e000}'..='\u{f8ff}' | '\u{1f000}'..='\u{1faff}' | '\u{e0000}'..='\u{10ffff}')
        || matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}')
}
