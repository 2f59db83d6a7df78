use std::sync::OnceLock;

use chrono::{DateTime, NaiveDate};
use chrono_tz::Europe::Brussels;
use proptest::prelude::*;

use super::*;
use crate::day_part::DayPart;
use crate::ordinary;
use crate::query::{Days, Wanted};
use crate::record::Kind;
use crate::theme::Theme;

fn vocabulary() -> &'static Vocabulary {
    static VOCABULARY: OnceLock<Vocabulary> = OnceLock::new();
    VOCABULARY.get_or_init(|| Vocabulary::shipped().unwrap())
}

fn monday() -> DateTime<Tz> {
    DateTime::parse_from_rfc3339("2026-11-23T10:00:00+01:00").unwrap().with_timezone(&Brussels)
}

fn understand(text: &str, session: &Session) -> Understanding {
    read(&Input::Text(text.to_owned()), session, vocabulary(), monday())
}

fn intent(text: &str) -> Intent {
    understand(text, &Session::default()).intent
}

fn wanted(text: &str) -> Wanted {
    intent(text).wanted().cloned().unwrap_or_default()
}

fn days(from: &str, to: &str) -> Days {
    Days { from: from.parse::<NaiveDate>().unwrap(), to: to.parse::<NaiveDate>().unwrap() }
}

#[test]
fn days_are_those_people_mean() {
    for (text, expected) in [
        ("manger demain", Some(days("2026-11-24", "2026-11-24"))),
        ("eten overmorgen", Some(days("2026-11-25", "2026-11-25"))),
        ("yoga lundi", Some(days("2026-11-30", "2026-11-30"))),
        ("yoga samedi et dimanche", Some(days("2026-11-28", "2026-11-29"))),
        ("yoga ce week-end", Some(days("2026-11-28", "2026-11-29"))),
        ("yoga semaine prochaine", Some(days("2026-11-30", "2026-12-06"))),
        ("yoga le 5 décembre", Some(days("2026-12-05", "2026-12-05"))),
        ("yoga 5/12", Some(days("2026-12-05", "2026-12-05"))),
        ("yoga am 28. November", Some(days("2026-11-28", "2026-11-28"))),
        ("yoga du 3 au 5 décembre", Some(days("2026-12-03", "2026-12-05"))),
        ("yoga 12 janvier", Some(days("2027-01-12", "2027-01-12"))),
        ("yoga 1er décembre 2026", Some(days("2026-12-01", "2026-12-01"))),
        ("yoga", None),
    ] {
        assert_eq!(wanted(text).when, expected, "{text}");
    }
    assert_eq!(wanted("dormir ce soir 1000").part, Some(DayPart::Evening));
    assert!(wanted("pharmacie ouverte maintenant").open_now);
}

#[test]
fn reserved_words_come_before_the_state_of_the_conversation() {
    let session = Session { step: crate::session::Step::Listing, pending: Some(Wanted::default()), ..Session::default() };
    for (text, name) in
        [("STOP", "stop"), ("Stop svp!", "stop"), ("aide", "help"), ("3", "pick"), ("8", "more"), ("*", "back"), ("0", "human"), ("merci", "thanks")]
    {
        assert_eq!(understand(text, &session).intent.name(), name, "{text}");
    }
    assert_eq!(intent("stopper l'humidité").name(), "search");
    assert_eq!(wanted("aide alimentaire").themes, [Theme::Food]);
}

#[test]
fn a_place_answers_where() {
    let session = Session { pending: Some(wanted("manger")), ..Session::default() };
    let understood = understand("1030", &session);
    assert_eq!(understood.intent.name(), "search");
    let wanted = understood.intent.wanted().unwrap();
    assert_eq!((wanted.themes.as_slice(), wanted.locality.as_ref().unwrap().postal_codes.as_slice()), (&[Theme::Food][..], &["1030".to_owned()][..]));
}

#[test]
fn a_shared_word_is_read_in_the_language_of_the_conversation() {
    let in_language =
        |language| understand("bad", &Session { language: Some(language), ..Session::default() }).intent.wanted().cloned().unwrap_or_default().themes;
    assert_eq!(in_language(Language::De), [Theme::Wash]);
    assert_eq!(wanted("pain 1030").themes, [Theme::Food]);
}

#[test]
fn an_agenda_is_a_kind_and_a_digit_with_a_place_is_a_door() {
    assert_eq!(wanted("agenda samedi 1050").kinds, [Kind::Event]);
    assert_eq!(wanted("1 1030").themes, [Theme::Food]);
}

proptest! {
    #[test]
    fn any_text_is_understood_somehow(text in any::<String>()) {
        let understood = understand(&text, &Session::default());
        prop_assert!(!understood.intent.name().is_empty());
    }

    #[test]
    fn any_mix_of_words_is_understood_somehow(words in prop::collection::vec(prop::sample::select(vec!["manger", "1030", "demain", "le", "5", "décembre", "à", "bruxelles", "stop", "0", "28/11", "ce", "soir", "K7P2W", "ticket", "74213", "je", "propose", "mars", "2026", "ans", "lundi", "12h30"]), 0..12)) {
        let understood = understand(&words.join(" "), &Session::default());
        if let Some(days) = understood.intent.wanted().and_then(|wanted| wanted.when) {
            prop_assert!(days.from <= days.to);
        }
    }

    #[test]
    fn any_text_is_a_code_or_none(text in any::<String>()) {
        let _ = crate::code::Code::read(&text);
        let _ = crate::phone::Country::from_name(&text);
    }
}

#[test]
fn a_message_names_needs() {
    let needs = |text: &str| wanted(text).needs.iter().map(|need| need.id()).collect::<Vec<_>>();
    for (text, expected) in [
        ("repas chaud 1030", vec!["hot-meal"]),
        ("je cherche un dentiste à Schaerbeek", vec!["dentist"]),
        ("dentisste 1030", vec!["dentist"]),
        ("cours français 4000", vec!["french-course"]),
        ("Waar kan ik een voedselpakket krijgen?", vec!["food-parcel"]),
        ("Notschlafstelle in Eupen", vec!["night-shelter"]),
        ("soupe 1030", vec!["hot-meal"]),
        ("Bruxelles demain", vec![]),
        ("merci", vec![]),
    ] {
        assert_eq!(needs(text), expected, "{text}");
    }
}

/// How many ordinary words are repaired into something else, alone and beside a need; and a few of them.
fn repaired(language: Language, around: impl Fn(&str) -> String) -> (usize, usize, Vec<String>) {
    let (mut all, mut wrong, mut some) = (0, 0, Vec::new());
    for (word, _) in ordinary::all().filter(|(_, languages)| languages.contains(language)).step_by(3) {
        let text = around(word);
        let tokens = token::Tokens::read(&text, vocabulary(), monday().date_naive());
        let message = scan::scan(&tokens, vocabulary(), Some(language));
        // Without its neighbours it is one of ours: how ours are repaired is not what is asked.
        let of_family = |span: &scan::Span<'_>| ordinary::is_of_family(word, span.phrase);
        let read = message.spans.iter().find(|span| span.distance > 0 && span.text.contains(word) && !of_family(span));
        all += 1;
        if let Some(read) = read {
            wrong += 1;
            some.push(format!("{word} as {}", read.phrase));
        }
    }
    (all, wrong, some)
}

#[test]
fn ordinary_words_stay_ordinary() {
    for (language, beside) in [(Language::Fr, "douche"), (Language::Nl, "douche"), (Language::De, "dusche"), (Language::En, "shower")] {
        let (all, alone, some) = repaired(language, ToOwned::to_owned);
        assert!(alone * 100 <= all, "{} of {all} {} words alone: {some:?}", alone, language.code());
        let (all, beside, some) = repaired(language, |word| format!("{beside} {word} 1000"));
        assert!(beside * 1000 <= all * 3, "{beside} of {all} {} words beside a need: {some:?}", language.code());
    }
}

#[test]
fn a_command_may_be_the_whole_name_of_an_entry() {
    let possible = |text: &str| possible_name(&Input::Text(text.to_owned()), &understand(text, &Session::default()));
    assert_eq!(possible("l'\u{e9}tage tranquille").unwrap().said, ["etage", "tranquille"]);
    // One word is what it says, and a search looks for names by itself.
    assert!(possible("stop").is_none() && possible("manger \u{e0} ciney").is_none());
    assert!(possible_name(&Input::Choice('0'), &understand("0", &Session::default())).is_none());
}
