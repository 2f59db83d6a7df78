//! What people say in words of their own rather than in ours: write no more, who are you, call me, it gives nothing.
//! Closed lists of words, of which one of each must be there; folded, in all languages at once.

/// Words that end something.
const ENDS: [&str; 22] = [
    "stop",
    "stopp",
    "stoppt",
    "stopt",
    "stoppen",
    "stopper",
    "arret",
    "arrete",
    "arreter",
    "arretez",
    "arete",
    "areter",
    "aretez",
    "aufhoren",
    "genug",
    "desabonner",
    "ophouden",
    "hou",
    "hort",
    "cessez",
    "quit",
    "paix",
];

/// Words for what is sent, and for sending it.
const SENT: [&str; 44] = [
    "sms",
    "message",
    "messages",
    "msg",
    "mess",
    "bericht",
    "berichten",
    "berichtjes",
    "nachricht",
    "nachrichten",
    "text",
    "texts",
    "texting",
    "messaging",
    "ecrire",
    "ecrivez",
    "ecris",
    "ecrit",
    "envoyer",
    "envoyez",
    "envoye",
    "envoi",
    "envois",
    "contacter",
    "contactez",
    "sturen",
    "stuur",
    "sturn",
    "schrijven",
    "schrijf",
    "schicken",
    "schreiben",
    "schreibt",
    "senden",
    "sending",
    "writing",
    "write",
    "contacting",
    "contact",
    "contacteren",
    "schickt",
    "send",
    "smsen",
    "msgs",
];

/// Words that refuse all that may come.
const NO_MORE: [&str; 8] = ["plus de", "plu de", "geen", "keine", "kein", "no more", "veux plus", "veu plu"];

/// Words that deny, and words for what comes again: "ne m'écrivez plus", "niet meer schrijven", "don't text me anymore".
const DENIES: [&str; 14] = ["ne", "n", "pas", "niet", "nie", "nicht", "nix", "not", "dont", "don", "never", "jamais", "nooit", "nie mehr"];
const AGAIN: [&str; 9] = ["plus", "plu", "meer", "mehr", "anymore", "more", "again", "jamais", "nooit"];

/// Words that want to be left alone.
const ALONE: [&str; 12] = [
    "la paix",
    "tranquille",
    "me gerust",
    "mij gerust",
    "met rust",
    "in ruhe",
    "leave me alone",
    "lachez moi",
    "remove me",
    "take me off",
    "from your list",
    "de votre liste",
];

/// A longer message is about something else.
const MOST_TO_STOP: usize = 12;
const MOST_TO_REFUSE: usize = 6;
const MOST_TO_LEAVE: usize = 5;

/// "Arrêtez de m'écrire", "stopt met sturen", "stop j'en veux plus", "geen sms meer", "ne m'écrivez plus".
pub(super) fn wants_no_more(folded: &str) -> bool {
    let count = folded.split(' ').count();
    let refuses = says(folded, &NO_MORE);
    let denies = says(folded, &DENIES) && says(folded, &AGAIN);
    let is_about_messages = says(folded, &SENT);
    (says(folded, &ENDS) && (is_about_messages || refuses))
        || (says(folded, &ALONE) && count <= MOST_TO_LEAVE)
        || (refuses && is_about_messages && count <= MOST_TO_REFUSE)
        || ((denies || says(folded, &ALONE)) && is_about_messages && count <= MOST_TO_STOP)
}

/// Words for us: the number that was texted, and what one sends to it.
const US: [&str; 30] = [
    "sms",
    "smsje",
    "message",
    "messages",
    "msg",
    "bericht",
    "berichtje",
    "nachricht",
    "numero",
    "num",
    "nummer",
    "number",
    "service",
    "dienst",
    "machine",
    "maschine",
    "robot",
    "bot",
    "ordinateur",
    "computer",
    "ce truc",
    "this thing",
    "dit ding",
    "ecrire",
    "ecris",
    "schrijven",
    "schreibe",
    "schreiben",
    "texten",
    "text you",
];

/// Words that ask what something is, who, how, or what it costs.
const ASKS: [&str; 39] = [
    "comment",
    "coment",
    "coman",
    "koi",
    "quoi",
    "qui",
    "ki",
    "combien",
    "conbien",
    "gratuit",
    "payant",
    "coute",
    "que dois je",
    "que peux",
    "que peut",
    "wat",
    "wie",
    "hoe",
    "hoeveel",
    "gratis",
    "kost",
    "kostet",
    "kosten",
    "betalen",
    "betaal",
    "was",
    "wer",
    "what",
    "who",
    "how",
    "free",
    "cost",
    "costs",
    "charge",
    "pay",
    "a koi",
    "a quoi",
    "real",
    "vrai",
];

/// A longer message tells a story.
const MOST_TO_ASK: usize = 14;

/// "C koi ce numéro", "combien coûte un SMS", "wat kan ik hier vragen", "am i talking to a robot": how all this works.
pub(super) fn asks_how_it_works(folded: &str) -> bool {
    says(folded, &US) && says(folded, &ASKS) && folded.split(' ').count() <= MOST_TO_ASK
}

/// Words that ask which languages somebody speaks.
const SPEAKS: [&str; 14] = [
    "parlez vous",
    "vous parlez",
    "tu parles",
    "parles tu",
    "spreekt u",
    "spreken jullie",
    "spreek je",
    "spreekt ge",
    "sprechen sie",
    "sprecht ihr",
    "do you speak",
    "do u speak",
    "you speak",
    "u speak",
];

/// "Do you speak Arabic?"
pub(super) fn asks_which_language(folded: &str) -> bool {
    says(folded, &SPEAKS) && folded.split(' ').count() <= MOST_TO_REFUSE + 2
}

/// Words that go back, and what one goes back to.
const BACK: [&str; 16] = [
    "revenir",
    "revien",
    "reviens",
    "retour",
    "retourner",
    "retourne",
    "terug",
    "zuruck",
    "zuruk",
    "back",
    "precedent",
    "vorige",
    "remontre",
    "remontrez",
    "again",
    "opnieuw",
];
const LISTS: [&str; 8] = ["liste", "lijst", "list", "lijstje", "adresses", "adressen", "addresses", "resultats"];

/// "Revenir à la liste", "terug naar de lijst".
pub(super) fn goes_back(folded: &str) -> bool {
    says(folded, &BACK) && says(folded, &LISTS) && folded.split(' ').count() <= MOST_TO_REFUSE
}

/// Words for a call, and for who is to be called.
const CALLS: [&str; 25] = [
    "appeler",
    "appelez",
    "appele",
    "apeler",
    "apelez",
    "rappeler",
    "rappelez",
    "rapeler",
    "rapelez",
    "rappel",
    "bellen",
    "belt",
    "bel",
    "opbellen",
    "terugbellen",
    "anrufen",
    "anruf",
    "ruft",
    "zuruckrufen",
    "ruckruf",
    "call",
    "phone",
    "ring",
    "telephoner",
    "telefoneren",
];
const ME: [&str; 8] = ["me", "m", "moi", "mij", "mich", "mir", "nous", "ons"];

/// A longer message says why.
const MOST_TO_CALL: usize = 9;

/// "Könnte mich jemand anrufen", "vous pouvez pas me rappeler svp".
pub(super) fn asks_for_call(folded: &str) -> bool {
    says(folded, &CALLS) && says(folded, &ME) && folded.split(' ').count() <= MOST_TO_CALL
}

/// Who is asked whether they give something.
const ASKED: [&str; 24] = [
    "qui",
    "ki",
    "quelqu un",
    "kelkun",
    "kelqun",
    "qqn",
    "quelquun",
    "personne",
    "wie",
    "iemand",
    "wer",
    "jemand",
    "who",
    "anyone",
    "someone",
    "somebody",
    "anybody",
    "ou",
    "waar",
    "wo",
    "where",
    "me donner",
    "nous donner",
    "pouvez",
];

/// What was given already: "on m'a donné un mois", "ze gaven mij", "they gave me".
const GIVEN: [&str; 13] = ["m a", "m ont", "nous a", "nous ont", "lui a", "lui ont", "ma donne", "mon donne", "gaf", "gaven", "gave", "gegeven", "gegeben"];

/// True where a word for giving is said of others: they are asked to give, or have given.
pub(super) fn is_given_by_others(folded: &str) -> bool {
    says(folded, &ASKED) || says(folded, &GIVEN)
}

/// What who gives something away says of it.
const GIVES: [&str; 20] = [
    "a done",
    "jdone",
    "weggeven",
    "giv away",
    "je donne",
    "je done",
    "jdonne",
    "j offre",
    "a donner",
    "ik geef",
    "te geef",
    "weg te geven",
    "ich gebe",
    "ich verschenke",
    "zu verschenken",
    "abzugeben",
    "i give",
    "i m giving",
    "im giving",
    "giving away",
];

/// True where somebody gives something away.
pub(super) fn gives_away(folded: &str) -> bool {
    says(folded, &GIVES)
}

/// True where a folded text says one of these, as whole words.
fn says(folded: &str, phrases: &[&str]) -> bool {
    phrases.iter().any(|phrase| {
        folded.match_indices(phrase).any(|(start, _)| {
            let is_edge = |side: Option<char>| side.is_none_or(|character| character == ' ');
            is_edge(folded.get(..start).and_then(|before| before.chars().next_back()))
                && is_edge(folded.get(start + phrase.len()..).and_then(|after| after.chars().next()))
        })
    })
}
