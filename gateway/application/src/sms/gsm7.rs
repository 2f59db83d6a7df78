//! The 7-bit alphabet of text messages (3GPP TS 23.038) and how a text is cut into segments
//! (3GPP TS 23.040): 160 septets alone, 153 in a chain; 70 and 67 UTF-16 units where one letter has no
//! place in the alphabet.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation;

/// The alphabet a text needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// The 7-bit default alphabet.
    Gsm7,
    /// UTF-16.
    Ucs2,
}

impl Encoding {
    /// The name in `--json` and in the reference vectors.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gsm7 => "GSM-7",
            Self::Ucs2 => "UCS-2",
        }
    }

    /// Units of a message alone, and of each part of a chain.
    pub fn limits(self) -> (usize, usize) {
        match self {
            Self::Gsm7 => (160, 153),
            Self::Ucs2 => (70, 67),
        }
    }

    /// Units that a character takes: septets or UTF-16 units.
    pub fn units(self, character: char) -> usize {
        match self {
            Self::Gsm7 => septets(character).unwrap_or(1),
            Self::Ucs2 => character.len_utf16(),
        }
    }

    /// The alphabet that this text needs.
    pub fn of(text: &str) -> Self {
        if text.chars().all(|character| septets(character).is_some()) { Self::Gsm7 } else { Self::Ucs2 }
    }
}

/// One septet, two with an escape, or none.
fn septets(character: char) -> Option<usize> {
    match character {
        '^' | '{' | '}' | '\\' | '[' | '~' | ']' | '|' | '€' | '\u{c}' => Some(2),
        ' '..='Z'
        | 'a'..='z'
        | '_'
        | '\n'
        | '\r'
        | '£'
        | '¥'
        | 'è'
        | 'é'
        | 'ù'
        | 'ì'
        | 'ò'
        | 'Ç'
        | 'Ø'
        | 'ø'
        | 'Å'
        | 'å'
        | 'Æ'
        | 'æ'
        | 'ß'
        | 'É'
        | '¤'
        | '¡'
        | 'Ä'
        | 'Ö'
        | 'Ñ'
        | 'Ü'
        | '§'
        | '¿'
        | 'ä'
        | 'ö'
        | 'ñ'
        | 'ü'
        | 'à'
        | 'Δ'
        | 'Φ'
        | 'Γ'
        | 'Λ'
        | 'Ω'
        | 'Π'
        | 'Ψ'
        | 'Σ'
        | 'Θ'
        | 'Ξ' => Some(1),
        _ => None,
    }
}

/// Cuts a text into the segments it is sent in; their concatenation is the text. An escape or
/// surrogate pair is never cut, nor what is read as one sign (a flag, a family). An empty text is one empty segment.
pub fn segments(text: &str) -> Vec<String> {
    let (encoding, units) = measure(text);
    let (alone, chained) = encoding.limits();
    if units <= alone {
        return vec![text.to_owned()];
    }
    let mut parts = vec![String::new()];
    let mut used = 0;
    let mut push = |piece: &str| {
        let units = length(piece, encoding);
        if used + units > chained {
            parts.push(String::new());
            used = 0;
        }
        used += units;
        if let Some(part) = parts.last_mut() {
            part.push_str(piece);
        }
    };
    for cluster in text.graphemes(true) {
        if length(cluster, encoding) <= chained {
            push(cluster);
        } else {
            cluster.chars().for_each(|character| push(character.encode_utf8(&mut [0; 4])));
        }
    }
    parts
}

/// The number of segments a text is sent in.
pub fn count(text: &str) -> usize {
    let (encoding, units) = measure(text);
    let (alone, chained) = encoding.limits();
    if units <= alone {
        return 1;
    }
    // Nothing of one unit leaves a gap behind; the rest is cut to be counted.
    if encoding == Encoding::Gsm7 && units == text.chars().count() && !text.contains('\r') { units.div_ceil(chained) } else { segments(text).len() }
}

/// The alphabet a text needs, and its length in it.
pub fn measure(text: &str) -> (Encoding, usize) {
    match text.chars().try_fold(0, |units, character| Some(units + septets(character)?)) {
        Some(units) => (Encoding::Gsm7, units),
        None => (Encoding::Ucs2, length(text, Encoding::Ucs2)),
    }
}

/// Units of a text in an encoding.
pub fn length(text: &str, encoding: Encoding) -> usize {
    text.chars().map(|character| encoding.units(character)).sum()
}

/// Spells with the 7-bit alphabet what it has a spelling for, and keeps é è à ù, which it has. Letters
/// of other scripts stay as they are: better a dear message than a wrong one.
pub fn fold(text: &str) -> String {
    // Most parts of a message are plain, and composing letters costs more than all else here.
    if text.bytes().all(|byte| matches!(byte, b' '..=b'_' | b'a'..=b'~' | b'\n')) {
        return text.to_owned();
    }
    let mut folded = String::with_capacity(text.len());
    for character in text.nfc() {
        if septets(character).is_some() {
            folded.push(character);
            continue;
        }
        match character {
            '’' | '‘' | '‚' | '′' | '`' | '´' => folded.push('\''),
            '“' | '”' | '„' | '«' | '»' | '″' => folded.push('"'),
            '–' | '—' | '‑' | '−' | '•' | '·' => folded.push('-'),
            '…' => folded.push_str("..."),
            '°' | 'º' => folded.push('o'),
            '²' => folded.push('2'),
            '³' => folded.push('3'),
            '½' => folded.push_str("1/2"),
            'œ' => folded.push_str("oe"),
            'Œ' => folded.push_str("OE"),
            'ç' => folded.push('c'),
            'ẞ' => folded.push_str("SS"),
            'ł' => folded.push('l'),
            'Ł' => folded.push('L'),
            'đ' => folded.push('d'),
            'ı' => folded.push('i'),
            '×' => folded.push('x'),
            '\u{a0}' | '\u{202f}' | '\u{2009}' | '\u{2007}' | '\t' => folded.push(' '),
            '\u{2028}' | '\u{2029}' => folded.push('\n'),
            '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' => {}
            other if other.is_control() => {}
            other => {
                let plain: String = [other].iter().collect::<String>().nfd().filter(|mark| !is_combining_mark(*mark)).collect();
                folded.push_str(&plain);
            }
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_french_line_stays_in_one_cheap_segment() {
        let line = fold("Tram 92, arrêt Trône — « l’été », 2 € · ça va, Noël, cœur, n°5, hôpital");
        assert_eq!(line, "Tram 92, arret Trone - \" l'été \", 2 € - ca va, Noel, coeur, no5, hopital");
        assert_eq!(Encoding::of(&line), Encoding::Gsm7);
        assert_eq!(Encoding::of(&fold("é è à ù ì ò É Ç ä ö ü ß ñ Ä Ö Ü")), Encoding::Gsm7);
    }

    #[test]
    fn the_alphabet_is_that_of_the_standard() {
        // Tables 6.2.1 and 6.2.1.1 of 3GPP TS 23.038, in their order.
        let basic = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
        let extended = "^{}\\[~]|€\u{c}";
        for character in (0..=0x3000).filter_map(char::from_u32) {
            let expected = if extended.contains(character) { Some(2) } else { basic.contains(character).then_some(1) };
            assert_eq!(septets(character), expected, "{character:?}");
        }
    }

    #[test]
    fn pairs_are_never_cut() {
        let parts = segments(&format!("{}€{}", "a".repeat(152), "a".repeat(152)));
        assert_eq!(parts.iter().map(|part| part.chars().count()).collect::<Vec<_>>(), [152, 152, 1]);
        assert_eq!(segments(&"🙏".repeat(35)).len(), 1);
        assert_eq!(segments(&"🙏".repeat(36)).len(), 2);
    }

    proptest! {
        #[test]
        fn segments_rejoin_to_the_text(text in any::<String>()) {
            prop_assert_eq!(segments(&text).concat(), text);
        }

        #[test]
        fn folding_twice_is_folding_once(text in any::<String>()) {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }
    }
}
