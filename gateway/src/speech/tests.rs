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
