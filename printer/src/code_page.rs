//! The 256 letters that a printer knows at once, and what a text becomes in them.
//!
//! A letter outside the page is never sent: the caller draws its line instead.

use serde::Deserialize;

/// The upper half of Windows-1252; a space where the page has no letter.
const WPC1252: &str = "€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ ¡¢£¤¥¦§¨©ª«¬-®¯°±²³´µ¶·¸¹º»¼½¾¿ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿ";

const PC850: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´-±‗¾¶§÷¸°¨·¹³²■ ";

const PC437: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■ ";

/// A page of letters, named as makers of printers do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
pub enum CodePage {
    /// Windows-1252: has œ, € and typographic quotes.
    #[serde(rename = "WPC1252")]
    Wpc1252,
    /// As PC850, with €.
    #[serde(rename = "PC858")]
    Pc858,
    /// Western Europe.
    #[serde(rename = "PC850")]
    Pc850,
    /// The oldest one: few capitals with accents.
    #[serde(rename = "PC437")]
    Pc437,
}

impl CodePage {
    /// All of them, the best for French first.
    pub const ALL: [Self; 4] = [Self::Wpc1252, Self::Pc858, Self::Pc850, Self::Pc437];

    /// The name on the maker's sheet.
    pub fn name(self) -> &'static str {
        match self {
            Self::Wpc1252 => "WPC1252",
            Self::Pc858 => "PC858",
            Self::Pc850 => "PC850",
            Self::Pc437 => "PC437",
        }
    }

    /// The letter of a byte above 127, if there is one.
    pub fn letter(self, byte: u8) -> Option<char> {
        let place = usize::from(byte.checked_sub(128)?);
        if self == Self::Pc858 && byte == 0xd5 {
            return Some('€');
        }
        let letter = self.table().chars().nth(place)?;
        (letter != ' ').then_some(letter)
    }

    /// The byte of a character, if the page has it.
    pub fn byte(self, character: char) -> Option<u8> {
        if character == ' ' || character.is_ascii_graphic() {
            return u8::try_from(character).ok();
        }
        if self == Self::Pc858 && character == '€' {
            return Some(0xd5);
        }
        if self == Self::Pc858 && character == 'ı' {
            return None;
        }
        let place = self.table().chars().position(|letter| letter == character)?;
        u8::try_from(place + 128).ok()
    }

    /// The bytes of a text; nothing where one of its letters is not in the page.
    pub fn encode(self, text: &str) -> Option<Vec<u8>> {
        text.chars().map(|character| self.byte(character)).collect()
    }

    /// The text with marks that the page lacks written otherwise, as a typist would: quotes, dashes, `œ`, and on
    /// the oldest page capitals without accents. It may grow longer, so it comes before lines are cut.
    pub fn fold(self, text: &str) -> String {
        let mut folded = String::with_capacity(text.len());
        for character in text.chars() {
            if self.byte(character).is_some() {
                folded.push(character);
                continue;
            }
            match substitute(character) {
                Some(typed) => folded.push_str(typed),
                None => folded.push(self.capital(character).unwrap_or(character)),
            }
        }
        folded
    }

    /// A capital of which the page has the small letter: without its accent, as typewriters wrote it.
    fn capital(self, character: char) -> Option<char> {
        use unicode_normalization::UnicodeNormalization;
        let mut small = character.to_lowercase();
        let small = small.next().filter(|small| *small != character)?;
        self.byte(small)?;
        character.nfd().next().filter(char::is_ascii_alphabetic)
    }

    fn table(self) -> &'static str {
        match self {
            Self::Wpc1252 => WPC1252,
            Self::Pc858 | Self::Pc850 => PC850,
            Self::Pc437 => PC437,
        }
    }
}

fn substitute(character: char) -> Option<&'static str> {
    Some(match character {
        '’' | '‘' | '‚' | '‛' | '′' | 'ʼ' | '´' | '`' => "'",
        '“' | '”' | '„' | '″' | '«' | '»' => "\"",
        '–' | '—' | '‐' | '‑' | '−' | '‒' | '•' | '·' | '‣' | '∙' => "-",
        '…' => "...",
        'œ' => "oe",
        'Œ' => "OE",
        '€' => "EUR",
        '×' => "x",
        '‹' => "<",
        '›' => ">",
        '™' => "(TM)",
        '©' => "(c)",
        '®' => "(R)",
        'ẞ' => "SS",
        '→' => "->",
        '½' => "1/2",
        '¼' => "1/4",
        '¾' => "3/4",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_whole_and_each_letter_has_one_byte() {
        for page in CodePage::ALL {
            assert_eq!(page.table().chars().count(), 128, "{}", page.name());
            for byte in 128..=255 {
                if let Some(letter) = page.letter(byte) {
                    assert!(page.byte(letter) == Some(byte) || letter.is_ascii(), "{} {byte:02x} {letter}", page.name());
                }
            }
        }
    }

    #[test]
    fn what_a_page_lacks_is_typed_or_refused() {
        assert_eq!(CodePage::Wpc1252.encode("L’œuvre — 2 €"), Some(b"L\x92\x9cuvre \x97 2 \x80".to_vec()));
        assert_eq!(CodePage::Pc850.fold("L’œuvre — 2 €"), "L'oeuvre - 2 EUR");
        assert_eq!(CodePage::Pc858.encode("Ôté 2 €"), Some(b"\xe2t\x82 2 \xd5".to_vec()));
        assert_eq!(CodePage::Pc437.fold("À L'ÉCOLE, Être à côté"), "A L'ÉCOLE, Etre à côté");
        for page in CodePage::ALL {
            assert_eq!(page.encode(&page.fold("Łódź")), None, "{}", page.name());
            assert_eq!(page.encode("مرحبا"), None);
            assert_eq!(page.encode("\u{7}"), None, "a control byte is no letter");
        }
    }
}
