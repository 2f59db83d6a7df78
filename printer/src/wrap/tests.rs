use proptest::prelude::*;

use super::*;

#[test]
fn lines_break_between_words_and_never_within_a_number() {
    for (text, columns, expected) in [
        ("Rue Liedts 12, 1030 Schaerbeek", 21, &["Rue Liedts 12, 1030", "Schaerbeek"][..]),
        ("Appelez le 02 555 01 02 avant", 16, &["Appelez le", "02 555 01 02", "avant"]),
        ("de 11 h 30 à 16 h", 10, &["de 11 h 30", "à 16 h"]),
        ("Prix : 2,50 €", 10, &["Prix :", "2,50 €"]),
        ("Öffnung um 11:30 Uhr.", 12, &["Öffnung um", "11:30 Uhr."]),
        ("Vous venez ?", 11, &["Vous", "venez ?"]),
        ("accompagnement-individualisé", 16, &["accompagnement-", "individualisé"]),
        ("Antidiscriminatiecentrum", 16, &["Antidiscriminati", "ecentrum"]),
        ("  ", 16, &[]),
    ] {
        assert_eq!(wrap(text, columns), expected, "{text}");
    }
}

#[test]
fn what_is_kept_together_is_parted_only_where_it_must() {
    assert_eq!(wrap(&format!("le {}", together("14 octobre 2026")), 16), ["le", "14 octobre 2026"]);
    assert_eq!(wrap(&together("mercredi 14 octobre 2026"), 16), ["mercredi 14", "octobre 2026"]);
}

proptest! {
    #[test]
    fn no_line_is_too_long_and_nothing_is_lost(text in "\\PC{0,80}", columns in 1_usize..50) {
        let lines = wrap(&text, columns);
        for line in &lines {
            prop_assert!(width(line) <= columns, "{line:?}");
        }
        let letters = |text: &str| text.chars().filter(|character| !character.is_whitespace()).collect::<String>();
        prop_assert_eq!(letters(&lines.concat()), letters(&text));
    }

    #[test]
    fn numbers_hours_prices_and_phones_stay_whole(
        words in proptest::collection::vec("[a-zé]{1,12}", 0..8),
        kept in "0[1-9] [0-9]{3} [0-9]{2} [0-9]{2}|[0-9]{1,2}h[0-9]{2}|[0-9]{1,3},[0-9]{2} €|[0-9]{1,2}:[0-9]{2} Uhr|[0-9]{4,5}",
        place in 0_usize..8,
        columns in 16_usize..50,
    ) {
        let mut words = words;
        words.insert(place.min(words.len()), kept.clone());
        let lines = wrap(&words.join(" "), columns);
        prop_assert!(lines.iter().any(|line| line.contains(&kept)), "{kept} in {lines:?}");
    }
}
