use super::*;

#[test]
fn numbers_are_said_digit_by_digit_in_their_groups() {
    assert_eq!(digits("02 555 01 02"), "0 2, 5 5 5, 0 1, 0 2");
    assert_eq!(digits("112"), "1 1 2");
    assert_eq!(spell_postal("1030 Schaerbeek"), "10 30 Schaerbeek");
    assert_eq!(spell_postal("75011 Paris"), "75011 Paris");
}

#[test]
fn lines_are_said_together_while_they_can_be_followed() {
    let line = |words: usize| vec!["mot"; words].join(" ");
    let groups = grouped(&[line(20), line(10), line(10), line(3)]);
    assert_eq!(groups.len(), 2);
    assert!(groups[0].ends_with('.') && groups[0].matches('.').count() == 2, "{groups:?}");
    assert_eq!(shortened(&line(40), MOST_WORDS).split(' ').count(), MOST_WORDS);
}

#[test]
fn a_sentence_lasts_as_long_as_its_words() {
    let prompt = Prompt { language: Language::Fr, text: "Téléphone : 0 2, 5 5 5.".to_owned(), slowly: false };
    assert!((prompt.seconds() - 2.4).abs() < 1e-9);
}

#[test]
fn an_entry_says_what_it_is_for_whom_and_until_which_day() {
    use directory::answer::{Choice, What};
    use directory::code::Code;
    use directory::language::Localized;
    use directory::need::Need;
    use directory::record::{Cost, CostKind, Shown, WayIn};
    use directory::theme::Audience;

    let today = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
    let entry = Entry {
        number: 1,
        code: Code::from_serial(1).unwrap(),
        name: "Le Nid de Brique".to_owned(),
        what: Need::from_id("night-shelter").map(What::Need),
        coming: Coming::OpenUntil((today + chrono::Days::new(1)).and_hms_opt(8, 30, 0)),
        cost: Cost { kind: CostKind::Free, cents: None, text: Localized::default() },
        only_for: vec![Audience::Women],
        way_in: WayIn::Appointment,
        place: None,
        distance_km: None,
        shown: Shown::Unverified,
    };
    let answer = |leaves_no_trace| Answer {
        language: Language::Fr,
        blocks: vec![Block::Title(Title::default()), Block::Entry(entry.clone())],
        choices: vec![Choice { key: '1', action: Action::Pick }],
        notes: Vec::new(),
        leaves_no_trace,
        hand_over: None,
        demo: false,
    };
    let (book, vocabulary) = (Book::shipped().unwrap(), Vocabulary::shipped().unwrap());
    let voice = Voice { book: &book, vocabulary: &vocabulary, home: None, country: Country::Be, today, texts: false, says_global_keys: false };
    let said = |leaves_no_trace| voice.say(&answer(leaves_no_trace)).prompts.first().unwrap().text.clone();
    assert_eq!(
        said(false),
        "1 : Dormir à l'abri cette nuit, Le Nid de Brique. ouvert jusqu'à 8h30 demain matin. Gratuit. \
         Seulement pour : femmes. Sur rendez-vous."
    );
    assert_eq!(said(true), "1 : Le Nid de Brique. ouvert jusqu'à 8h30 demain matin. Gratuit. Sur rendez-vous.");
}

/// Sentences of 20 seconds at most, whichever needs a door offers, and the way to everything behind them.
#[test]
fn the_needs_of_a_door_are_said_with_their_keys() {
    use directory::answer::Choice;

    let (book, vocabulary) = (Book::shipped().unwrap(), Vocabulary::shipped().unwrap());
    let today = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
    let voice = Voice { book: &book, vocabulary: &vocabulary, home: None, country: Country::Be, today, texts: true, says_global_keys: true };
    let all: Vec<Need> = Need::all().collect();
    for language in Language::ALL {
        for six in all.chunks(6) {
            let needs: Vec<(u8, Need)> = (1..).zip(six.iter().copied()).collect();
            let mut choices: Vec<Choice> = needs.iter().map(|(key, _)| Choice { key: char::from(b'0' + key), action: Action::Pick }).collect();
            choices.extend([Choice { key: '8', action: Action::Everything }, Choice { key: '0', action: Action::Person }]);
            let blocks = vec![Block::Title(Title::default()), Block::Needs(needs)];
            let answer = Answer { language, blocks, choices, notes: Vec::new(), leaves_no_trace: false, hand_over: None, demo: false };
            let said = voice.say(&answer);
            assert!(said.prompts.iter().all(|prompt| prompt.seconds() <= LONGEST), "{said:?}");
            assert!(said.keys.ends_with("80") && said.awaited == Awaited::Key && !said.may_be_slowed);
            let text = said.prompts.iter().map(|prompt| prompt.text.as_str()).collect::<Vec<_>>().join(" ");
            assert!(six.iter().all(|need| text.contains(need.long(language))), "{text}");
            assert!(text.contains(&book.say(language, Heard::Everything, &[])), "{text}");
        }
    }
}
