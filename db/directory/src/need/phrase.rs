//! Finds the phrases of needs in a folded text.

use super::{Strength, WordSense, sense, senses};
use crate::language::Language;

/// Phrases with more words, fillers among them, are not looked for.
const LONGEST: usize = 10;

/// What Dutch and German compounds end in that says how a need is met, not which: "douche|punt", "Opfer|beratung".
pub(super) const ENDINGS: [&str; 237] = [
    "aanbieding",
    "aanbod",
    "abend",
    "abgabe",
    "actie",
    "advies",
    "afdeling",
    "agentschap",
    "agentur",
    "aktion",
    "angebot",
    "annahme",
    "annahmestelle",
    "atelier",
    "ausgabe",
    "automaat",
    "automat",
    "avond",
    "bank",
    "bar",
    "basar",
    "baum",
    "bazar",
    "bedeling",
    "begeleider",
    "begeleiding",
    "begleiter",
    "begleitung",
    "beratung",
    "beurs",
    "bib",
    "bibliotheek",
    "bond",
    "boom",
    "borse",
    "boutique",
    "buddy",
    "buddys",
    "buero",
    "buffet",
    "buro",
    "buroo",
    "bus",
    "cafe",
    "cel",
    "centrum",
    "club",
    "coach",
    "coin",
    "cursus",
    "dag",
    "dienst",
    "dorf",
    "eck",
    "ecke",
    "event",
    "fabriek",
    "fachstelle",
    "feest",
    "fest",
    "flohmarkt",
    "fonds",
    "garten",
    "gemeinschaft",
    "groep",
    "gruppe",
    "hal",
    "halle",
    "haus",
    "hilfe",
    "hilfsdienst",
    "hoek",
    "hoekje",
    "hof",
    "hub",
    "huis",
    "hulp",
    "infomarkt",
    "infopunt",
    "initiatief",
    "initiative",
    "inloop",
    "inzameling",
    "kamer",
    "kammer",
    "kamp",
    "karussell",
    "kast",
    "ketel",
    "keuken",
    "kiosk",
    "kiste",
    "klas",
    "klasse",
    "kreis",
    "kring",
    "kuche",
    "kueche",
    "kurs",
    "kurse",
    "lab",
    "laden",
    "lager",
    "les",
    "lessen",
    "lijn",
    "loge",
    "lokaal",
    "lokal",
    "loket",
    "loods",
    "lotse",
    "lotsen",
    "lotsin",
    "lunch",
    "maatje",
    "maatjes",
    "magazijn",
    "makelaar",
    "makers",
    "mand",
    "markt",
    "meldpunt",
    "middag",
    "mittag",
    "mobiel",
    "mobil",
    "moment",
    "morgen",
    "nachmittag",
    "nacht",
    "nachweis",
    "nahweis",
    "namiddag",
    "nest",
    "netwerk",
    "netz",
    "netzwerk",
    "ochtend",
    "paket",
    "pakete",
    "pakket",
    "pakketten",
    "pate",
    "paten",
    "patenschaft",
    "patrouille",
    "permanentie",
    "plek",
    "pool",
    "post",
    "pot",
    "project",
    "projekt",
    "punt",
    "raum",
    "ruimte",
    "sammelstelle",
    "sammlung",
    "schalter",
    "school",
    "schuur",
    "service",
    "sessie",
    "shop",
    "sitzung",
    "spende",
    "sprechstunde",
    "sprechzeit",
    "spreekuur",
    "stal",
    "stand",
    "station",
    "stelle",
    "steunpunt",
    "stube",
    "stuetzpunkt",
    "stunde",
    "tafel",
    "tag",
    "tandem",
    "team",
    "telefon",
    "telefoon",
    "teller",
    "tent",
    "theek",
    "thek",
    "tisch",
    "tour",
    "training",
    "treff",
    "treffen",
    "treffpunkt",
    "tuin",
    "turnier",
    "uitleen",
    "unterricht",
    "unterstutzung",
    "uur",
    "uurtje",
    "verband",
    "verdeling",
    "verein",
    "vereniging",
    "verhuur",
    "verkauf",
    "verkoop",
    "verleih",
    "vermietung",
    "vermittlung",
    "voormiddag",
    "vorlesen",
    "vormittag",
    "vriend",
    "vrienden",
    "wagen",
    "wagon",
    "wand",
    "week",
    "weekend",
    "werk",
    "werkgroep",
    "werking",
    "werkstatt",
    "winkel",
    "woche",
    "wochenende",
    "workshop",
    "zaal",
    "zelle",
    "zelt",
    "zentrum",
    "zimmer",
    "zitdag",
    "zolder",
    "zone",
];

/// Endings of small things.
const DIMINUTIVES: [&str; 8] = ["etje", "tje", "pje", "je", "chen", "lein", "ken", "ke"];

/// Letters between the parts of a compound.
const LINKS: [&str; 8] = ["", "s", "n", "en", "er", "e", "es", "ns"];

/// The key of what a long Dutch or German word is about, where the whole word is in no list.
pub(super) fn within_compound(word: &str) -> Option<String> {
    if word.len() < 8 || !word.is_ascii() {
        return None;
    }
    // "Soepketeltje", "Kleiderstübchen": small ones are met as others.
    let small = DIMINUTIVES.iter().find_map(|ending| word.strip_suffix(ending)).filter(|rest| rest.len() >= 6);
    small.and_then(subject_of).or_else(|| subject_of(word))
}

/// The key of what a word of that kind is about: what stands before a known ending, else its own end.
fn subject_of(word: &str) -> Option<String> {
    let is_of_those = |key: &str| senses(key).any(|sense| sense.is_of(Language::Nl) || sense.is_of(Language::De));
    let cuts = (3..word.len() - 3).filter_map(|cut| word.split_at_checked(cut)).filter(|(_, ending)| ENDINGS.binary_search(ending).is_ok());
    let subjects = cuts.flat_map(|(begin, _)| LINKS.into_iter().filter_map(|link| begin.strip_suffix(link))).filter(|subject| subject.len() >= 4);
    let whole = [words::stem(word).to_owned(), format!("{word}en"), format!("{word}e"), format!("{word}n"), format!("{word}s")];
    let mut forms = whole
        .into_iter()
        .chain(subjects.flat_map(|subject| [words::stem(subject).to_owned(), format!("{subject}en"), format!("{subject}e"), format!("{subject}n")]));
    // The end of a compound says what it is: "Gebrauchtmöbel", "wijkrestaurant".
    let mut ends = (3..word.len().saturating_sub(5)).filter_map(|cut| word.get(cut..)).map(|end| words::stem(end).to_owned());
    let is_strong = |key: &str| senses(key).any(|sense| sense.strength == Strength::Strong && (sense.is_of(Language::Nl) || sense.is_of(Language::De)));
    let end = move || ends.find(|end| end.len() >= 5 && is_strong(end));
    forms.find(|form| is_of_those(form)).or_else(end)
}

/// A folded clause with what its runs of words are looked up by.
#[derive(Debug)]
pub(crate) struct Clause<'a> {
    folded: &'a str,
    pub(crate) words: Vec<&'a str>,
    pub(crate) starts: Vec<usize>,
    /// All words stemmed, with a space between them, and where each begins and ends.
    stemmed: (String, Vec<(usize, usize)>),
    /// The same of the words that are no fillers, at the places of all words.
    content: (String, Vec<Option<(usize, usize)>>),
}

impl<'a> Clause<'a> {
    pub(crate) fn of(folded: &'a str) -> Self {
        let words: Vec<&str> = folded.split(' ').filter(|word| !word.is_empty()).collect();
        let starts = words.iter().scan(0, |next, word| {
            let start = *next;
            *next += word.len() + 1;
            Some(start)
        });
        let starts = starts.collect();
        let put = |all: &mut String, word: &str| {
            if !all.is_empty() {
                all.push(' ');
            }
            all.push_str(word);
            (all.len() - word.len(), all.len())
        };
        let (mut stemmed, mut content) = (String::new(), String::new());
        let stems = words.iter().map(|word| put(&mut stemmed, words::stem(word))).collect();
        let contents = words.iter().map(|word| (!sense::is_filler(word)).then(|| put(&mut content, words::stem(word)))).collect();
        Self { folded, words, starts, stemmed: (stemmed, stems), content: (content, contents) }
    }

    /// How many words from a place on are the longest phrase that a need knows, and its key.
    pub(crate) fn longest(&self, place: usize) -> Option<(usize, &str)> {
        self.longest_of(place, |_| true)
    }

    /// The same among phrases that have such a sense.
    pub(crate) fn longest_of(&self, place: usize, is_wanted: impl Fn(WordSense) -> bool) -> Option<(usize, &str)> {
        let most = LONGEST.min(self.words.len() - place);
        (1..=most).rev().find_map(|length| {
            let last = place + length - 1;
            let whole = self.stemmed.1.get(place).zip(self.stemmed.1.get(last)).and_then(|((start, _), (_, end))| self.stemmed.0.get(*start..*end));
            let stripped = || {
                let ((start, _), (_, end)) = self.content.1.get(place).copied().flatten().zip(self.content.1.get(last).copied().flatten())?;
                self.content.0.get(start..end).filter(|key| key.contains(' ') && whole.is_some_and(|whole| whole.len() > key.len()))
            };
            let known = |key: &&str| senses(key).any(&is_wanted);
            whole.filter(known).or_else(|| stripped().filter(known)).map(|key| (length, key))
        })
    }

    /// The words of a phrase as they stand there.
    pub(crate) fn said(&self, first: usize, end: usize) -> &'a str {
        let start = self.starts.get(first).copied().unwrap_or_default();
        let end = self.starts.get(end).map_or(self.folded.len(), |next| next - 1);
        self.folded.get(start..end).unwrap_or_default()
    }
}
