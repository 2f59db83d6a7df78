use super::*;

#[test]
fn every_sentence_exists_in_every_language_and_is_used() {
    let phrases = SlipPhrases::shipped().unwrap();
    let names = ["ticket", "day", "month", "year", "weekday", "hour", "minutes", "from", "to", "first", "last", "second", "days", "hours", "price"];
    let more = ["text", "phone", "number", "months", "code", "who"];
    let arguments: Vec<Argument<'_>> = names.into_iter().chain(more).map(|name| (name, Cow::from("1"))).collect();
    for (language, source) in SOURCES {
        for said in SlipPhrase::ALL {
            let text = phrases.find(language, said.key(), &arguments);
            assert!(text.is_some_and(|text| !text.is_empty()), "{} has no {}", language.code(), said.key());
        }
        for audience in Audience::ALL {
            assert!(!phrases.audience(language, *audience).is_empty(), "{} has no {}", language.code(), audience.id());
        }
        for line in source.lines().filter(|line| line.contains(" = ") && !line.starts_with([' ', '#'])) {
            let key = line.split(" = ").next().unwrap_or_default();
            let is_named = ["theme-", "door-", "audience-"].iter().any(|names| key.starts_with(names));
            let is_used = SlipPhrase::ALL.iter().any(|said| said.key() == key) || is_named;
            assert!(is_used, "slip/{}.ftl: nobody says {key}", language.code());
        }
    }
}

#[test]
fn sentences_are_easy_to_read() {
    let phrases = SlipPhrases::shipped().unwrap();
    for (language, _) in SOURCES {
        for said in SlipPhrase::ALL.iter().filter(|said| !matches!(said, SlipPhrase::Months | SlipPhrase::Weekdays)) {
            let text = phrases.say(
                language,
                *said,
                &[("ticket", "1".into()), ("day", "1".into()), ("phone", "1".into()), ("months", "1".into()), ("number", "1".into())],
            );
            for sentence in text.split(['.', '?']) {
                let words = sentence.split_whitespace().count();
                assert!(words <= 12, "{} {}: {words} words: {sentence}", language.code(), said.key());
            }
        }
    }
}

#[test]
fn arabic_names_every_theme_and_door() {
    let phrases = SlipPhrases::shipped().unwrap();
    let vocabulary = Vocabulary::shipped().unwrap();
    for theme in Theme::ALL {
        assert!(phrases.find(SlipLanguage::Ar, &format!("theme-{}", theme.id()), &[]).is_some(), "{}", theme.id());
    }
    for door in vocabulary.doors() {
        let label = phrases.door(SlipLanguage::Ar, &door.id).unwrap_or_default();
        assert!((1..=18).contains(&label.chars().count()), "{}: {label}", door.id);
    }
}

#[test]
fn no_hour_of_another_day_is_said_alone() {
    let phrases = SlipPhrases::shipped().unwrap();
    let at = |text: &str| chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
    let words = |language| SlipWords { phrases: &phrases, language, today: at("2026-11-23 00:00").date() };
    let until = |language, text: &str| words(language).until(at(text)).replace(['\u{a0}', '\u{2060}'], " ");
    assert_eq!(until(SlipLanguage::Fr, "2026-11-23 16:00"), "16h");
    assert_eq!(until(SlipLanguage::Fr, "2026-11-24 00:00"), "24h");
    assert_eq!(until(SlipLanguage::Fr, "2026-11-24 02:00"), "2h cette nuit");
    assert_eq!(until(SlipLanguage::En, "2026-11-24 08:30"), "8:30 tomorrow morning");
    assert_eq!(until(SlipLanguage::Fr, "2026-11-24 14:00"), "mardi 24 novembre, 14h");
    let between = |from: &str, to: &str| words(SlipLanguage::Fr).between(at(from).time(), at(to).time()).replace('\u{a0}', " ");
    assert_eq!(between("2026-11-23 20:30", "2026-11-24 08:30"), "de 20h30 à 8h30 le lendemain");
    assert_eq!(between("2026-11-23 20:30", "2026-11-24 00:00"), "de 20h30 à 24h");
}
