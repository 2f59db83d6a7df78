use proptest::prelude::*;

use super::*;

#[test]
fn html_markdown_and_wiki_markup_become_plain_text() {
    for (source, expected) in [
        ("<p>Un caf&eacute; <b>chaud</b></p><p>Entr&#233;e libre</p>", "Un café chaud\n\nEntrée libre"),
        ("Ligne une<br/>ligne deux", "Ligne une\nligne deux"),
        ("<b>Attention</b>\nvenir tôt", "Attention\nvenir tôt"),
        ("L&#039;atelier\n2 &lt; 3 &amp; co", "L'atelier\n2 < 3 & co"),
        ("<script>alert(1)</script>Bonjour <3", "Bonjour <3"),
        ("## Programme\n**Soupe** et [pain](https://pain.example)", "Programme\nSoupe et pain"),
        ("======Titre======\n//léger// {{bouton}} [[https://x.example Notre page]]", "Titre\nléger Notre page"),
        ("Voir https://x.example//a et 2 * 3 * 4", "Voir https://x.example//a et 2 * 3 * 4"),
        ("Téléphone & chargeur; <3 le quartier", "Téléphone & chargeur; <3 le quartier"),
        ("* un\n* deux", "- un\n- deux"),
    ] {
        assert_eq!(plain(source), expected, "{source}");
    }
}

#[test]
fn invisible_characters_are_made_ordinary_and_accents_composed() {
    assert_eq!(plain("e\u{301}cole\u{2028}de\u{a0}devoirs\u{7}\r\nfin\u{202e}"), "école\nde devoirs\nfin");
    assert_eq!(line(" L\u{2019}Îlot\u{200b}\n vert "), "L’Îlot vert");
}

#[test]
fn a_short_text_ends_at_a_sentence_or_a_word() {
    let two = format!("Un repas chaud à midi pour tout le monde. {}", "et encore ".repeat(20));
    assert_eq!(short(&two), "Un repas chaud à midi pour tout le monde.");
    let one = "mot ".repeat(60);
    assert!(short(&one).ends_with("mot…") && short(&one).chars().count() <= SHORT);
    assert!(short(&"é".repeat(300)).chars().count() <= SHORT);
    assert_eq!(short("Court.\nDeux lignes"), "Court. Deux lignes");
}

#[test]
fn a_thousand_nested_tags_do_not_exhaust_the_stack() {
    for tag in ["div", "blockquote", "ul><li", "table><tr><td", "b", "a href=x"] {
        for times in [100, 399, 5000] {
            let name = tag.split(' ').next().unwrap_or_default();
            let nested = format!("{}Bonjour{}", format!("<{tag}>").repeat(times), format!("</{name}>").repeat(times));
            assert!(plain(&nested).contains("Bonjour"), "{tag} {times}");
        }
    }
}

proptest! {
    #[test]
    fn any_text_is_made_plain_and_short(text in "(<(p|b|ul|table|td|a|!--|/p|pre|hr)[ >]|&[a-z]{1,4};|\\PC|[\u{0}-\u{ff}]){0,80}") {
        let once = plain(&text);
        prop_assert!(once.chars().all(|character| character == '\n' || !character.is_control()));
        prop_assert!(short(&once).chars().count() <= SHORT);
        prop_assert!(!line(&text).contains('\n'));
    }
}
