use super::*;

#[test]
fn every_sentence_exists_in_every_language_and_is_used() {
    let phrases = SlipPhrases::shipped().unwrap();
    let names = ["ticket", "day", "month", "year", "weekday", "hour", "minutes", "from", "to", "first", "last", "second", "days", "hours", "price"];
    let more = ["text", "phone", "number", "months", "code"];
    let arguments: Vec<Argument<'_>> = names.into_iter().chain(more).map(|name| (name, Cow::from("1"))).collect();
    for (language, source) in SOURCES {
        for said in SlipPhrase::ALL {
            let text = phrases.find(language, said.key(), &arguments);
            assert!(text.is_some_and(|text| !text.is_empty()), "{} has no {}", language.code(), said.key());
        }
        for line in source.lines().filter(|line| line.contains(" = ") && !line.starts_with([' ', '#'])) {
            let key = line.split(" = ").next().unwrap_or_default();
            let is_used = SlipPhrase::ALL.iter().any(|said| said.key() == key) || key.starts_with("theme-") || key.starts_with("door-");
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
