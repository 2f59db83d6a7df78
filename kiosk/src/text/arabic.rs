//! Arabic for terminals, which join nothing: each letter in the form that its neighbours ask for (Unicode's
//! Arabic Presentation Forms-B). Pictures and paper have a shaping library; this is for cells alone.

/// A letter; its first form; how many forms it has: 4 where it joins on both sides, 2 where only to the letter before
/// it, 1 where to none.
const LETTERS: [(char, u32, u8); 36] = [
    ('ء', 0xFE80, 1),
    ('آ', 0xFE81, 2),
    ('أ', 0xFE83, 2),
    ('ؤ', 0xFE85, 2),
    ('إ', 0xFE87, 2),
    ('ئ', 0xFE89, 4),
    ('ا', 0xFE8D, 2),
    ('ب', 0xFE8F, 4),
    ('ة', 0xFE93, 2),
    ('ت', 0xFE95, 4),
    ('ث', 0xFE99, 4),
    ('ج', 0xFE9D, 4),
    ('ح', 0xFEA1, 4),
    ('خ', 0xFEA5, 4),
    ('د', 0xFEA9, 2),
    ('ذ', 0xFEAB, 2),
    ('ر', 0xFEAD, 2),
    ('ز', 0xFEAF, 2),
    ('س', 0xFEB1, 4),
    ('ش', 0xFEB5, 4),
    ('ص', 0xFEB9, 4),
    ('ض', 0xFEBD, 4),
    ('ط', 0xFEC1, 4),
    ('ظ', 0xFEC5, 4),
    ('ع', 0xFEC9, 4),
    ('غ', 0xFECD, 4),
    ('ف', 0xFED1, 4),
    ('ق', 0xFED5, 4),
    ('ك', 0xFED9, 4),
    ('ل', 0xFEDD, 4),
    ('م', 0xFEE1, 4),
    ('ن', 0xFEE5, 4),
    ('ه', 0xFEE9, 4),
    ('و', 0xFEED, 2),
    ('ى', 0xFEEF, 2),
    ('ي', 0xFEF1, 4),
];

/// Lam with an alef is one letter.
const LAM_ALEF: [(char, u32); 4] = [('آ', 0xFEF5), ('أ', 0xFEF7), ('إ', 0xFEF9), ('ا', 0xFEFB)];

/// True for letters of the Arabic block.
pub(super) fn is_arabic(character: char) -> bool {
    matches!(character, '\u{600}'..='\u{6ff}')
}

/// The same text, each letter in its form; vowel signs are left out.
pub(super) fn joined(text: &str) -> String {
    let letters: Vec<char> = text.chars().filter(|character| !matches!(character, '\u{64b}'..='\u{652}')).collect();
    let mut out = String::with_capacity(text.len());
    let mut joins_before = false;
    let mut rest = letters.iter().copied().peekable();
    while let Some(letter) = rest.next() {
        let next = rest.peek().copied();
        if let Some((_, form)) = LAM_ALEF.iter().find(|(alef, _)| letter == 'ل' && next == Some(*alef)) {
            rest.next();
            out.extend(char::from_u32(form + u32::from(joins_before)));
            joins_before = false;
            continue;
        }
        let Some((form, forms)) = forms_of(letter) else {
            out.push(letter);
            joins_before = false;
            continue;
        };
        let joins_after = forms == 4 && next.and_then(forms_of).is_some_and(|(_, forms)| forms > 1);
        let joins_before_here = joins_before && forms > 1;
        let place = match (joins_before_here, joins_after) {
            (false, false) => 0,
            (true, false) => 1,
            (false, true) => 2,
            (true, true) => 3,
        };
        out.extend(char::from_u32(form + place));
        joins_before = forms == 4;
    }
    out
}

fn forms_of(letter: char) -> Option<(u32, u8)> {
    LETTERS.iter().find(|(known, ..)| *known == letter).map(|(_, form, forms)| (*form, *forms))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_take_the_form_that_their_neighbours_ask_for() {
        // Initial, medial, final: k-t-b; and alef joins only to what is before it.
        assert_eq!(joined("كتب"), "\u{fedb}\u{fe98}\u{fe90}");
        assert_eq!(joined("باب"), "\u{fe91}\u{fe8e}\u{fe8f}");
        assert_eq!(joined("لا"), "\u{fefb}");
        assert_eq!(joined("سلام"), "\u{feb3}\u{fefc}\u{fee1}");
        assert_eq!(joined("12 م"), "12 \u{fee1}");
    }
}
