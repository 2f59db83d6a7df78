//! Figures as people write them, made plain: digits of other scripts, an O for a zero, a postal code in pieces; and sums of
//! money, which are no postal codes.

use std::borrow::Cow;

/// The zeros of scripts whose ten digits follow each other (Unicode 15, general category Nd).
const ZEROS: [char; 19] = [
    '\u{660}', '\u{6f0}', '\u{7c0}', '\u{966}', '\u{9e6}', '\u{a66}', '\u{ae6}', '\u{b66}', '\u{be6}', '\u{c66}', '\u{ce6}', '\u{d66}', '\u{e50}', '\u{ed0}',
    '\u{f20}', '\u{1040}', '\u{17e0}', '\u{1810}', '\u{ff10}',
];

/// Letters that people type for digits.
const LETTERS: [(char, char); 5] = [('o', '0'), ('O', '0'), ('l', '1'), ('I', '1'), ('i', '1')];

/// How many digits a postal code has: in Belgium, in France.
const BELGIAN: usize = 4;
const FRENCH: usize = 5;

/// Pieces of a code with more digits are a number of their own.
const LONGEST_PIECE: usize = 3;

/// Words behind a sum of money, or behind what one earns or pays each time.
const MONEY: [&str; 12] = ["€", "euro", "euros", "eur", "balles", "boules", "ballen", "mois", "maand", "monat", "month", "chf"];

/// Words before a sum that is earned or owed: "je gagne 1300".
const EARNED: [&str; 22] = [
    "gagne", "gagnes", "touche", "touches", "percois", "dois", "doit", "coute", "couté", "coûte", "verdien", "verdient", "krijg", "kost", "kostet", "bekomme",
    "verdiene", "earn", "earns", "owe", "costs", "cost",
];

/// Words behind a sum and "of": "1200 de chômage", "780 of rent".
const OF_SUM: [&str; 18] = [
    "loyer", "chomage", "chômage", "salaire", "cpas", "rsa", "pension", "dettes", "dette", "charges", "loon", "huur", "pensioen", "leefloon", "miete",
    "gehalt", "rente", "rent",
];

/// Words that may stand between a sum and its time: "1300 par mois".
const PER: [&str; 9] = ["par", "/", "a", "per", "pro", "im", "le", "al", "each"];

/// The text with its figures in ASCII digits, and each sum of money made a word that is no number.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    let has_figures = text.chars().any(|character| character.is_ascii_digit() || ascii(character).is_some());
    if !has_figures {
        return Cow::Borrowed(text);
    }
    let digits: String = text.chars().map(|character| ascii(character).unwrap_or(character)).collect();
    let plain = |piece| zeros(piece).or_else(|| thousands(piece)).or_else(|| unglued(piece)).map_or(Cow::Borrowed(piece), Cow::Owned);
    let mut pieces: Vec<Cow<'_, str>> = digits.split_whitespace().map(plain).collect();
    join_codes(&mut pieces);
    drop_sums(&mut pieces);
    Cow::Owned(pieces.join(" "))
}

/// A digit of another script.
fn ascii(character: char) -> Option<char> {
    let zero = ZEROS.iter().rfind(|zero| **zero <= character)?;
    let value = u32::from(character) - u32::from(*zero);
    char::from_digit(value, 10)
}

/// "1O3O", "4ooo", "b-4ooo": a code in which letters stand for digits. `None` for anything else.
fn zeros(piece: &str) -> Option<String> {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).count();
    let (lead, code) = piece.rsplit_once('-').filter(|(lead, _)| lead.len() == 1).unwrap_or(("", piece));
    let code = code.trim_matches(|character: char| !character.is_alphanumeric());
    let plain: String = code.chars().map(|letter| LETTERS.iter().find(|(typed, _)| *typed == letter).map_or(letter, |(_, digit)| *digit)).collect();
    let is_code = (plain.len() == BELGIAN || plain.len() == FRENCH || plain.len() <= 2) && digits(&plain) == plain.len();
    (is_code && digits(code) > 0 && plain != code).then(|| format!("{lead}{plain}"))
}

/// "1.030", "68.100": a code with a point for the thousands.
fn thousands(piece: &str) -> Option<String> {
    let (before, behind) = piece.trim_matches(|character: char| !character.is_alphanumeric()).split_once(['.', '\'', '’'])?;
    let are_digits = [before, behind].iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    (are_digits && behind.len() == 3 && (1..=2).contains(&before.len())).then(|| format!("{before}{behind}"))
}

/// The fewest letters of a word that is written together with a code.
const SHORTEST_GLUED: usize = 3;

/// "1030manger", "manger1030": a code and a word without a space between them.
fn unglued(piece: &str) -> Option<String> {
    let bare = piece.trim_matches(|character: char| !character.is_alphanumeric());
    let is_code = |part: &str| (part.len() == BELGIAN || part.len() == FRENCH) && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_word = |part: &str| part.chars().count() >= SHORTEST_GLUED && part.chars().all(char::is_alphabetic);
    let behind = bare.find(|character: char| !character.is_ascii_digit()).and_then(|at| bare.split_at_checked(at));
    let before = bare.find(|character: char| character.is_ascii_digit()).and_then(|at| bare.split_at_checked(at));
    let glued = |parts: Option<(&str, &str)>, is_glued: &dyn Fn(&str, &str) -> bool| {
        parts.filter(|(first, second)| is_glued(first, second)).map(|(first, second)| format!("{first} {second}"))
    };
    // Behind a code stands no "euro".
    both_sides(bare).or_else(|| {
        glued(behind, &|code, word| is_code(code) && is_word(word) && !MONEY.contains(&word.to_lowercase().as_str()))
            .or_else(|| glued(before, &|word, code| is_word(word) && is_code(code)))
    })
}

/// "manger1070vendredi": a code between two words.
fn both_sides(bare: &str) -> Option<String> {
    let (word, rest) = bare.split_at_checked(bare.find(|character: char| character.is_ascii_digit())?)?;
    let (code, other) = rest.split_at_checked(rest.find(|character: char| !character.is_ascii_digit())?)?;
    let is_word = |part: &str| part.chars().count() >= SHORTEST_GLUED && part.chars().all(char::is_alphabetic);
    let is_code = code.len() == BELGIAN || code.len() == FRENCH;
    (is_code && is_word(word) && is_word(other)).then(|| format!("{word} {code} {other}"))
}

/// "10 30", "4 7 0 0", "68 100": digits that together make a code, where nothing else stands beside them.
fn join_codes(pieces: &mut Vec<Cow<'_, str>>) {
    let bare = |piece: &str| piece.trim_end_matches(['.', ',', '?', '!']).to_owned();
    let is_figure = |piece: &str| !piece.is_empty() && piece.bytes().all(|byte| byte.is_ascii_digit());
    let mut start = 0;
    while start < pieces.len() {
        let run: Vec<String> = pieces.iter().skip(start).map(|piece| bare(piece)).take_while(|piece| is_figure(piece)).collect();
        let length: usize = run.iter().map(String::len).sum();
        let is_code = run.len() > 1 && (length == BELGIAN || length == FRENCH) && run.iter().all(|piece| piece.len() <= LONGEST_PIECE);
        // "le 3 12" is a day; a code is cut in halves, at its department, or digit by digit.
        let is_cut = run.iter().all(|piece| piece.len() == 1) || run.first().is_some_and(|piece| piece.len() == 2);
        if is_code && is_cut {
            pieces.splice(start..start + run.len(), [Cow::Owned(run.concat())]);
        }
        start += run.len().max(1);
    }
}

/// "1200 euro", "€ 640", "1300 a month": sums become a word that says nothing.
fn drop_sums(pieces: &mut [Cow<'_, str>]) {
    let word = |piece: &str| piece.trim_matches(|character: char| !character.is_alphanumeric() && character != '€').to_lowercase();
    let words: Vec<String> = pieces.iter().map(|piece| word(piece)).collect();
    let at = |place: usize| words.get(place).map(String::as_str).unwrap_or_default();
    let is_money = |word: &str| MONEY.contains(&word);
    for (place, piece) in pieces.iter_mut().enumerate() {
        let figures = at(place);
        let is_figure = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.' || byte == b',');
        let with_sign = figures.strip_prefix('€').or_else(|| ["€", "euro", "euros", "eur"].iter().find_map(|money| figures.strip_suffix(money)));
        let behind = at(place + 1);
        let is_paid = is_money(behind) || (PER.contains(&behind) && is_money(at(place + 2)));
        let before = place.checked_sub(1).map_or("", at);
        let is_of = matches!(behind, "de" | "van" | "an" | "of") && OF_SUM.contains(&at(place + 2));
        let is_before = before == "€" || EARNED.contains(&before);
        // "0 euro" says that it is free.
        let is_sum = with_sign.is_some_and(is_figure) || (figures != "0" && is_figure(figures) && (is_paid || is_of || is_before));
        if is_sum {
            *piece = Cow::Borrowed("€");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_made_plain() {
        for (text, expected) in [
            ("manger 1O3O", "manger 1030"),
            ("avocat b-4ooo", "avocat b4000"),
            ("manger 10 30", "manger 1030"),
            ("10 7O coiffeur", "1070 coiffeur"),
            ("Tafel 4 7 0 0", "Tafel 4700"),
            ("manger 68 100 demain", "manger 68100 demain"),
            ("doctor ١٠٨٠", "doctor 1080"),
            ("je dois 1200 euro a mon proprio", "je dois € euro a mon proprio"),
            ("earn 1300 a month, food in 1140?", "earn € a month, food in 1140?"),
            ("rekening van 2000 €", "rekening van € €"),
            ("loyer 900€ 1030", "loyer € 1030"),
            ("le 2e", "le 2e"),
            ("€ 640 1030", "€ € 1030"),
            ("le 3 12", "le 3 12"),
            ("0486 12 34 56", "0486 12 34 56"),
            ("yoga 5/12", "yoga 5/12"),
            ("fiche 2HB7V", "fiche 2HB7V"),
            ("2 1030", "2 1030"),
            ("loi", "loi"),
            ("1.030 manger", "1030 manger"),
            ("manger 68.100", "manger 68100"),
            ("1030manger", "1030 manger"),
            ("manger1030 demain", "manger 1030 demain"),
            ("yoga 5.12", "yoga 5.12"),
            ("rien pour 0 euro", "rien pour 0 euro"),
            ("loyer 900euro", "loyer €"),
            ("je gagne 1300 a jette", "je gagne € a jette"),
            ("g 1200 de chomage, 1180", "g € de chomage, 1180"),
            ("manger1070vendredi", "manger 1070 vendredi"),
            ("loyer 1030", "loyer 1030"),
        ] {
            assert_eq!(plain(text), expected);
        }
    }
}
