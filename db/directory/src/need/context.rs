//! What the words around a phrase say: that it is denied, that it only tells where, for whom or on what condition, that
//! it heads its clause. Words and runs of words are folded; they are of four languages, in one list each.

use super::sense;

/// How many words before a phrase can deny it.
const DENIAL_REACHES: usize = 3;

/// Words that deny what follows.
const DENIALS: [&str; 27] = [
    "aucun", "aucune", "except", "geen", "hors", "jamais", "kein", "keine", "keinem", "keinen", "keiner", "never", "ni", "nicht", "nie", "niet", "no", "noch",
    "nooit", "not", "ohne", "pas", "sans", "sauf", "weder", "without", "zonder",
];

/// Words with which people say that they lack something: an entry that says so denies it.
const LACKS: [&str; 9] = ["geen", "kein", "keine", "keinen", "nichts", "niets", "no", "pas", "plus"];

/// Words that deny what stands before them.
const DENIALS_BEHIND: [&str; 5] = ["nicht", "niet", "non", "not", "pas"];

/// What comes before a word that only tells where something is.
const WHERE: [&str; 108] = [
    "a l",
    "a la",
    "aan de",
    "aan het",
    "above the",
    "achter de",
    "achter het",
    "am",
    "an der",
    "at",
    "at the",
    "au",
    "auf dem",
    "auf der",
    "aux",
    "behind the",
    "bei der",
    "beim",
    "bij de",
    "bij het",
    "by the",
    "chez",
    "cote de",
    "cote de l",
    "cote de la",
    "cote du",
    "cour de l",
    "cour de la",
    "cour du",
    "dans l",
    "dans la",
    "dans le",
    "dans les",
    "dans un",
    "dans une",
    "derriere l",
    "derriere la",
    "derriere le",
    "devant",
    "devant l",
    "devant la",
    "devant le",
    "en",
    "entree de la",
    "face a",
    "face de",
    "face de la",
    "face du",
    "gegenueber",
    "haut de la",
    "hinter dem",
    "hinter der",
    "im",
    "in de",
    "in der",
    "in die",
    "in een",
    "in front of the",
    "in het",
    "in the",
    "ins",
    "inside the",
    "jardin de la",
    "jardin du",
    "locaux de la",
    "locaux du",
    "naast de",
    "naast het",
    "near",
    "near the",
    "neben dem",
    "neben der",
    "next to the",
    "op de",
    "op het",
    "opposite the",
    "outside the",
    "parc de",
    "parc de la",
    "parc du",
    "parking de",
    "parking de la",
    "parking du",
    "place de",
    "place de l",
    "place de la",
    "place du",
    "pres de",
    "pres de l",
    "pres de la",
    "pres du",
    "rue de",
    "rue de la",
    "rue du",
    "salle de",
    "salle de la",
    "salle du",
    "sortie d",
    "sortie de",
    "sous la",
    "sous le",
    "tegenover de",
    "tegenover het",
    "voor de",
    "vor dem",
    "vor der",
    "zum",
    "zur",
];

/// What comes before a word that only tells for whom something is.
const FOR_WHOM: [&str; 31] = [
    "accueil de",
    "accueil des",
    "adultes",
    "among",
    "between",
    "chez les",
    "entre",
    "femmes",
    "for",
    "for the",
    "fur",
    "fur die",
    "hommes",
    "jeunes",
    "met",
    "mit",
    "onder",
    "ouvert aux",
    "parmi les",
    "personnes",
    "pour",
    "pour des",
    "pour les",
    "public",
    "publics",
    "recits de",
    "reserve aux",
    "tussen",
    "voor",
    "voor de",
    "zwischen",
];

/// What begins a condition, a partner or a purpose: nothing behind it is offered.
const CONDITIONS: [&str; 61] = [
    "adresse par",
    "agrement",
    "amener",
    "amenez",
    "apporter",
    "apportez",
    "attest",
    "attestation",
    "auf uberweisung",
    "benefice de",
    "benefice du",
    "breng",
    "bringen sie",
    "collaboration avec",
    "conditionne",
    "conditions",
    "delivre par",
    "doorverwijzing",
    "envoye par",
    "envoyes par",
    "in aid of",
    "in samenwerking",
    "munir",
    "munissez",
    "op verwijzing",
    "orientation mdph",
    "orientation par",
    "oriente par",
    "orientes par",
    "partenariat avec",
    "partnership with",
    "prenez",
    "prescription",
    "proceeds",
    "profit de",
    "profit des",
    "profit du",
    "referral",
    "referred by",
    "remise par",
    "remises par",
    "ressources et",
    "samenwerking met",
    "sous condition",
    "sur demande de",
    "sur demande du",
    "sur dossier",
    "sur envoi",
    "sur indication",
    "sur orientation",
    "sur prescription",
    "sur presentation",
    "ten voordele van",
    "uber das",
    "uberweisung",
    "uberwiesen",
    "verwezen door",
    "via",
    "with a letter from",
    "zugunsten",
    "zusammenarbeit mit",
];

/// Words at the end of what is to be brought along.
const TO_BRING: [&str; 2] = ["meebrengen", "mitbringen"];

/// Words that may stand before the head of a clause.
const BEFORE_HEAD: [&str; 73] = [
    "accueil",
    "aide",
    "atelier",
    "ateliers",
    "big",
    "bon",
    "bonne",
    "bonnes",
    "can",
    "chaud",
    "chaude",
    "come",
    "distribution",
    "espace",
    "faites",
    "free",
    "get",
    "grand",
    "grande",
    "grands",
    "gratis",
    "gratuit",
    "gratuite",
    "gratuites",
    "gratuits",
    "grosse",
    "grote",
    "hot",
    "je",
    "kan",
    "kleine",
    "konnen",
    "kostenlos",
    "kostenlose",
    "kun",
    "kunt",
    "lieu",
    "location",
    "neue",
    "new",
    "nieuwe",
    "nous",
    "nouveau",
    "nouvelle",
    "on",
    "ons",
    "onze",
    "our",
    "petit",
    "petite",
    "petites",
    "petits",
    "premier",
    "premiere",
    "premiers",
    "pret",
    "propose",
    "proposons",
    "recevez",
    "service",
    "sie",
    "small",
    "trouvez",
    "venez",
    "vente",
    "verse",
    "vous",
    "warm",
    "warme",
    "we",
    "wij",
    "wir",
    "you",
];

/// A clause, folded: its words with a space between them, and where each begins and ends.
#[derive(Debug, Clone, Copy)]
pub(super) struct Around<'a> {
    pub(super) text: &'a str,
    pub(super) words: &'a [&'a str],
    pub(super) starts: &'a [usize],
}

impl Around<'_> {
    /// True where the words from `first` to before `end` are denied.
    pub(super) fn is_denied(&self, first: usize, end: usize) -> bool {
        let is_in = |list: &[&str], word: &str| list.binary_search(&word).is_ok();
        let before = self.words.get(first.saturating_sub(DENIAL_REACHES)..first).unwrap_or_default();
        let behind = self.words.get(end..(end + 2).min(self.words.len())).unwrap_or_default();
        before.iter().any(|word| is_in(&DENIALS, word))
            || behind.iter().any(|word| is_in(&DENIALS_BEHIND, word))
            || (end > first + 1 && self.words.get(first).is_some_and(|word| is_in(&LACKS, word)))
    }

    /// True where what stands before a word says that it only tells where.
    pub(super) fn tells_where(&self, first: usize) -> bool {
        self.follows(first, &WHERE)
    }

    /// True where what stands before a word says that it only tells for whom.
    pub(super) fn tells_for_whom(&self, first: usize) -> bool {
        self.follows(first, &FOR_WHOM)
    }

    fn follows(&self, first: usize, list: &[&str]) -> bool {
        let before = self.starts.get(first).and_then(|start| self.text.get(..*start)).unwrap_or_default().trim_end();
        list.iter().any(|run| before.strip_suffix(run).is_some_and(|rest| rest.is_empty() || rest.ends_with(' ')))
    }

    /// How many words stand before a condition.
    pub(super) fn unconditional(&self) -> usize {
        if self.words.iter().any(|word| TO_BRING.binary_search(word).is_ok()) {
            return 0;
        }
        let begins = |start: &usize| {
            let rest = self.text.get(*start..).unwrap_or_default();
            CONDITIONS.iter().any(|run| rest.strip_prefix(run).is_some_and(|rest| rest.is_empty() || rest.starts_with(' ')))
        };
        self.starts.iter().position(begins).unwrap_or(self.words.len())
    }

    /// True for the first words that say something.
    pub(super) fn is_head(&self, first: usize) -> bool {
        let says_nothing = |word: &&str| !says_something(word) || BEFORE_HEAD.binary_search(word).is_ok();
        self.words.get(..first).is_some_and(|before| before.iter().all(says_nothing))
    }

    /// How many of its words say something.
    pub(super) fn weight(&self) -> usize {
        self.words.iter().filter(|word| says_something(word)).count()
    }
}

/// True for a word that is neither a filler nor a number nor a letter.
fn says_something(word: &str) -> bool {
    !sense::is_filler(word) && word.chars().nth(1).is_some() && !word.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_in_order() {
        for list in [&DENIALS[..], &LACKS, &DENIALS_BEHIND, &TO_BRING, &BEFORE_HEAD, &sense::FILLERS, &super::super::phrase::ENDINGS] {
            assert!(list.is_sorted(), "{list:?}");
        }
    }
}
