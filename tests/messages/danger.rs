//! What is answered to danger: 112 first, one segment, in the asker's language, and nothing that a glance betrays.

use application::say::Words;
use application::sms;
use application::sms::gsm7::Encoding;
use chrono::{DateTime, NaiveDate};
use chrono_tz::Europe::Brussels;
use directory::answer::{Answer, Desk};
use directory::dialogue::{self, Found, Manner, Setting};
use directory::intent::{Intent, Understanding};
use directory::language::Language;
use directory::phone::{Country, Phone};
use directory::phrase::{Catalogue, Phrase};
use directory::query::Wanted;
use directory::session::Session;
use directory::theme::Theme;
use directory::vocabulary::Vocabulary;
use gateway::channel::telegram::render as chat;
use gateway::speech::{Book, Voice};
use harness::demo::MONDAY;

/// Words of what people fear to be found with, in any of the languages.
const BETRAYING: [&str; 16] = [
    "violen",
    "geweld",
    "gewalt",
    "coute",
    "luister",
    "abus",
    "misbruik",
    "missbrauch",
    "suicid",
    "suizid",
    "zelfmoord",
    "femme",
    "vrouw",
    "frau",
    "women",
    "refuge",
];

struct World {
    vocabulary: Vocabulary,
    catalogue: Catalogue,
    desk: Desk,
}

impl World {
    fn new() -> Self {
        let phone = Phone::parse("02 555 12 34", Country::Be).unwrap();
        let desk = Desk { name: "Bibliothèque de Saint-Josse-ten-Noode".to_owned(), phone };
        Self { vocabulary: Vocabulary::shipped().unwrap(), catalogue: Catalogue::shipped(), desk }
    }

    fn answer(&self, theme: Theme, place: Option<&str>, language: Language, has_desk: bool) -> Answer {
        let setting = Setting {
            vocabulary: &self.vocabulary,
            now: DateTime::parse_from_rfc3339(MONDAY).unwrap().with_timezone(&Brussels),
            desk: has_desk.then_some(&self.desk),
            calls_back: false,
            home: None,
            manner: Manner::default(),
        };
        let locality = place.map(|code| self.vocabulary.territory().postal_code(code).unwrap());
        let intent = Intent::Danger(Wanted { themes: vec![theme], locality, ..Wanted::default() });
        dialogue::answer(&Understanding { intent, language }, &Found::default(), Session::default(), &setting).0
    }

    fn words(&self, language: Language) -> Words<'_> {
        Words { catalogue: &self.catalogue, language, today: today() }
    }
}

fn today() -> NaiveDate {
    DateTime::parse_from_rfc3339(MONDAY).unwrap().date_naive()
}

/// Every theme that is danger, every language, both countries and all regions, with a desk and without.
fn each(check: impl Fn(&World, &Answer, Language, Option<&str>, bool)) {
    let world = World::new();
    for language in Language::ALL {
        for place in [None, Some("1030"), Some("9000"), Some("4000"), Some("4700"), Some("59000")] {
            for (theme, has_desk) in [(Theme::Safety, false), (Theme::Safety, true), (Theme::Mind, false), (Theme::Mind, true)] {
                check(&world, &world.answer(theme, place, language, has_desk), language, place, has_desk);
            }
        }
    }
}

#[test]
fn a_text_to_somebody_in_danger_is_one_segment_with_112_first() {
    each(|world, answer, language, place, has_desk| {
        let sms = sms::render(answer, &world.words(language), &world.vocabulary);
        let what = format!("{} {place:?} desk {has_desk}: {}", language.code(), sms.text);
        assert_eq!((sms.encoding, sms.segments.len()), (Encoding::Gsm7, 1), "{what}");
        let first = sms.text.lines().nth(1).unwrap();
        let police = if place == Some("59000") { "\n17 " } else { "\n101 " };
        assert!(first.starts_with("112 ") && sms.text.contains(police), "{what}");
        let general = answer.blocks.iter().find_map(|block| if let directory::answer::Block::Emergency(all) = block { Some(all) } else { None });
        let line = general.unwrap().iter().find(|number| !number.is_general()).unwrap();
        assert!(sms.text.contains(&line.number), "no help-line: {what}");
        assert_eq!(sms.text.contains("02555"), has_desk, "{what}");
        if !has_desk {
            let erase = world.catalogue.say(language, Phrase::EraseThis, &[]);
            assert!(sms.text.contains(sms::gsm7::fold(&erase).as_str()), "{what}");
        }
    });
}

/// Security M11: "0800 30 030 Écoute violences conjugales" stood on the telephone of whoever was beaten.
#[test]
fn what_stays_on_a_telephone_names_no_help_line() {
    each(|world, answer, language, place, _| {
        let words = world.words(language);
        let texts = [sms::render(answer, &words, &world.vocabulary).text, chat::render(answer, &words, &world.vocabulary, true).text];
        for text in texts {
            let folded = directory::words::fold(&text);
            assert!(BETRAYING.iter().all(|word| !folded.contains(word)), "{} {place:?}: {text}", language.code());
        }
    });
}

/// Review B1: an English text said "112 police-ambulance-pompiers", and an English voice read it.
#[test]
fn every_label_is_in_the_language_of_whoever_asks() {
    let book = Book::shipped().unwrap();
    each(|world, answer, language, place, _| {
        let numbers = answer.blocks.iter().find_map(|block| if let directory::answer::Block::Emergency(all) = block { Some(all) } else { None }).unwrap();
        let words = world.words(language);
        let chat = chat::render(answer, &words, &world.vocabulary, true).text;
        for number in numbers.iter().filter(|number| number.is_general()) {
            assert!(chat.contains(&format!("{} {}", number.number, number.label(language.code()))), "{chat}");
        }
        let country = if place == Some("59000") { Country::Fr } else { Country::Be };
        let voice = Voice { book: &book, vocabulary: &world.vocabulary, home: None, country, today: today(), texts: false, says_global_keys: true };
        let said: Vec<_> = voice.say(answer).prompts;
        assert!(said.iter().all(|prompt| prompt.language == language && prompt.seconds() <= 20.0));
        for number in numbers.iter().take(4) {
            let label = number.label(language.code());
            assert!(said.iter().any(|prompt| prompt.text.starts_with(label) && prompt.slowly), "{label}: {said:?}");
        }
    });
}

#[test]
fn a_line_in_another_language_says_so() {
    let world = World::new();
    let answer = world.answer(Theme::Safety, Some("1030"), Language::En, false);
    let text = sms::render(&answer, &world.words(Language::En), &world.vocabulary).text;
    assert!(text.contains("0800 30 030 (fr) free, discreet"), "{text}");
    let book = Book::shipped().unwrap();
    let voice = Voice { book: &book, vocabulary: &world.vocabulary, home: None, country: Country::Be, today: today(), texts: false, says_global_keys: true };
    let said: Vec<String> = voice.say(&answer).prompts.into_iter().map(|prompt| prompt.text).collect();
    assert!(said.iter().any(|text| text.starts_with("Violence, someone listens, in French: 0 8 0 0")), "{said:?}");
    // Hours are facts that betray nothing: who calls at night is not let down.
    let dutch = world.answer(Theme::Safety, Some("9000"), Language::Nl, false);
    let text = sms::render(&dutch, &world.words(Language::Nl), &world.vocabulary).text;
    assert!(text.contains("1712 ma-vr 9u-18u, gratis, discreet"), "{text}");
}
