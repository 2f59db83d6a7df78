//! Words and figures of opening hours; one unknown word makes the whole text not understood.

/// What a piece of text means in opening hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    /// 0 is Monday.
    Day(usize),
    /// Minutes from midnight, up to 24:00.
    Time(u16),
    /// The first to fifth, or last (-1), such day of the month.
    Week(i8),
    Dash,
    To,
    And,
    Comma,
    Colon,
    /// `;`, `.`, a new line.
    Break,
    /// Articles and prepositions that change nothing.
    Noise,
    /// `tous les`.
    Every,
    /// `tous les jours`, `7j/7`.
    AllDays,
    OfTheMonth,
    Closed,
    /// `24h/24, 7j/7`.
    Always,
}

const DAYS: [&[&str]; 7] = [
    &["lundi", "lun", "maandag", "montag", "monday", "mon", "mo"],
    &["mardi", "mar", "dinsdag", "dienstag", "tuesday", "tue", "tu"],
    &["mercredi", "mer", "woensdag", "mittwoch", "wednesday", "wed", "we"],
    &["jeudi", "jeu", "donderdag", "donnerstag", "thursday", "thu", "th"],
    &["vendredi", "ven", "vrijdag", "freitag", "friday", "fri", "fr"],
    &["samedi", "sam", "zaterdag", "samstag", "saturday", "sat", "sa"],
    &["dimanche", "dim", "zondag", "sonntag", "sunday", "sun", "su"],
];

/// Phrases that are read before single words.
const PHRASES: &[(&str, Token)] = &[
    ("24h/24 et 7j/7", Token::Always),
    ("24h/24, 7j/7", Token::Always),
    ("24h/24 7j/7", Token::Always),
    ("7j/7 24h/24", Token::Always),
    ("7j/7 et 24h/24", Token::Always),
    ("24/7", Token::Always),
    ("tous les jours", Token::AllDays),
    ("chaque jour", Token::AllDays),
    ("alle dagen", Token::AllDays),
    ("elke dag", Token::AllDays),
    ("jeden tag", Token::AllDays),
    ("every day", Token::AllDays),
    ("7 jours sur 7", Token::AllDays),
    ("7j/7", Token::AllDays),
    ("du mois", Token::OfTheMonth),
    ("de chaque mois", Token::OfTheMonth),
    ("van de maand", Token::OfTheMonth),
    ("im monat", Token::OfTheMonth),
    ("des monats", Token::OfTheMonth),
    ("of the month", Token::OfTheMonth),
];

/// Reads a text wholly, or gives `None`.
pub(super) fn tokens(text: &str) -> Option<Vec<Token>> {
    let text = simplify(text);
    let mut rest = text.as_str();
    let mut tokens = Vec::new();
    'reading: while let Some(first) = rest.chars().next() {
        if first == ' ' {
            rest = rest.trim_start_matches(' ');
            continue;
        }
        for (phrase, token) in PHRASES {
            if let Some(after) = rest.strip_prefix(phrase).filter(|after| !after.starts_with(|next: char| next.is_alphanumeric())) {
                tokens.push(*token);
                rest = after;
                continue 'reading;
            }
        }
        let sign = match first {
            '-' => Some(Token::Dash),
            ',' | '/' | '|' => Some(Token::Comma),
            '+' | '&' => Some(Token::And),
            ':' => Some(Token::Colon),
            ';' | '.' | '\n' => Some(Token::Break),
            '\'' | '(' | ')' => return None,
            _ => None,
        };
        if let Some(sign) = sign {
            tokens.push(sign);
            rest = rest.get(first.len_utf8()..)?;
        } else if first.is_ascii_digit() {
            rest = figure(rest, &mut tokens)?;
        } else {
            let end = rest.find(|character: char| !character.is_alphabetic()).unwrap_or(rest.len());
            let (word, after) = rest.split_at_checked(end)?;
            tokens.push(read_word(word)?);
            rest = after;
        }
    }
    // A full stop after an abbreviation or at the end says nothing.
    tokens.dedup_by(|next, before| *next == Token::Break && *before == Token::Break);
    while tokens.last() == Some(&Token::Break) {
        tokens.pop();
    }
    (!tokens.is_empty()).then_some(tokens)
}

/// Lower case, no accents, one kind of dash and apostrophe.
fn simplify(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    use unicode_normalization::char::is_combining_mark;
    let plain = |character: char| match character {
        '–' | '—' | '−' | '‑' | '→' | '>' => '-',
        '’' | '‘' => '\'',
        '\n' | '\r' => '\n',
        blank if blank.is_whitespace() => ' ',
        other => other,
    };
    text.nfd().filter(|character| !is_combining_mark(*character)).flat_map(char::to_lowercase).map(plain).collect()
}

fn read_word(word: &str) -> Option<Token> {
    let singular = word.strip_suffix('s').unwrap_or(word);
    if let Some(day) = DAYS.iter().position(|names| names.contains(&word) || (singular.len() > 3 && names.contains(&singular))) {
        return Some(Token::Day(day));
    }
    Some(match word {
        "le" | "la" | "les" | "de" | "du" | "des" | "van" | "von" | "der" | "op" | "am" | "on" | "from" | "uur" | "uhr" | "ouvert" | "open" => Token::Noise,
        "tous" | "chaque" | "elke" | "iedere" | "jeden" | "every" => Token::Every,
        "et" | "en" | "und" | "and" | "puis" | "ensuite" | "ainsi" => Token::And,
        "a" | "au" | "tot" | "bis" | "to" | "jusqu" => Token::To,
        "ferme" | "fermee" | "gesloten" | "geschlossen" | "closed" | "off" => Token::Closed,
        "premier" | "premiers" | "eerste" | "first" => Token::Week(1),
        "deuxieme" | "deuxiemes" | "second" | "tweede" => Token::Week(2),
        "troisieme" | "troisiemes" | "derde" | "third" => Token::Week(3),
        "quatrieme" | "quatriemes" | "vierde" | "fourth" => Token::Week(4),
        "dernier" | "derniers" | "laatste" | "last" => Token::Week(-1),
        "midi" | "middag" => Token::Time(12 * 60),
        "minuit" | "middernacht" => Token::Time(24 * 60),
        _ => return None,
    })
}

/// `9h`, `9h30`, `9 h 30`, `09:30`, `9u30`, `9 heures`, `2e`, `1er`, and `9` where an hour must be.
fn figure<'r>(rest: &'r str, tokens: &mut Vec<Token>) -> Option<&'r str> {
    let (number, after) = digits(rest)?;
    let word_end = after.find(|character: char| !character.is_ascii_alphabetic()).unwrap_or(after.len());
    let (suffix, behind) = after.split_at_checked(word_end)?;
    if matches!(suffix, "er" | "e" | "eme" | "ere" | "ste" | "de" | "nd" | "st" | "rd" | "th") && (1..=5).contains(&number) {
        tokens.push(Token::Week(i8::try_from(number).ok()?));
        return Some(behind);
    }
    if number > 24 {
        return None;
    }
    let bare = after.trim_start_matches(' ');
    let hour_sign = ["heures", "heure", "uhr", "uur", "hrs", "h", "u"]
        .iter()
        .find_map(|sign| bare.strip_prefix(sign).filter(|next| !next.starts_with(|character: char| character.is_alphabetic())));
    if let Some(behind) = hour_sign {
        let spaced = behind.trim_start_matches(' ');
        if let Some((minutes, end)) = digits(spaced) {
            // "9h12h" is 9h to 12h, seen in real tables; "9h 14h" is not minutes either.
            let is_next_hour = end.starts_with('h');
            if is_next_hour && spaced.len() == behind.len() {
                tokens.extend([time(number, 0)?, Token::Dash]);
                return Some(behind);
            }
            let two_digits = spaced.len() - end.len() == 2;
            if !is_next_hour && two_digits && minutes < 60 && !end.starts_with([':', 'u']) {
                tokens.push(time(number, minutes)?);
                return Some(end);
            }
        }
        tokens.push(time(number, 0)?);
        return Some(behind);
    }
    if let Some((minutes, end)) = after.strip_prefix([':', '.']).and_then(|minutes| digits(minutes).filter(|(_, end)| minutes.len() - end.len() == 2)) {
        tokens.push(time(number, minutes)?);
        return Some(end.strip_prefix('h').unwrap_or(end));
    }
    // "9-12h", "de 14 à 16h": a bare number is an hour only as the first of a pair.
    let pairs = bare.strip_prefix('-').or_else(|| bare.strip_prefix("a ")).or_else(|| bare.strip_prefix("tot "))?.trim_start();
    let (_, end) = digits(pairs)?;
    if !end.trim_start().starts_with(['h', 'u']) {
        return None;
    }
    tokens.push(time(number, 0)?);
    Some(after)
}

fn time(hours: u16, minutes: u16) -> Option<Token> {
    let total = hours.checked_mul(60)?.checked_add(minutes)?;
    (minutes < 60 && total <= 24 * 60).then_some(Token::Time(total))
}

/// At most four digits.
fn digits(text: &str) -> Option<(u16, &str)> {
    let end = text.find(|character: char| !character.is_ascii_digit()).unwrap_or(text.len());
    let (number, after) = text.split_at_checked(end)?;
    (number.len() <= 4).then(|| number.parse().ok()).flatten().map(|number| (number, after))
}
