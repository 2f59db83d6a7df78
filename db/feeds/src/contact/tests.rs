use directory::draft::Feed;

use super::*;

fn with_notes<T>(run: impl FnOnce(&mut Notes<'_>) -> T) -> (T, usize, usize) {
    let mut feed = Feed::default();
    let value = run(&mut Notes { line: 7, feed: &mut feed });
    (value, feed.warnings.len(), feed.personal_dropped)
}

#[test]
fn several_numbers_in_one_field_are_told_apart() {
    let numbers = |text: &str| {
        with_notes(|notes| {
            phones(text, Country::Be, "tel", notes).into_iter().filter_map(|contact| contact.phone).map(|phone| phone.as_str().to_owned()).collect::<Vec<_>>()
        })
    };
    assert_eq!(numbers("02/555.01.02").0, ["+3225550102"]);
    assert_eq!(numbers("02 555 01 02 / 0455 55 01 03").0, ["+3225550102", "+32455550103"]);
    assert_eq!(numbers("02 555 01 02|0455 55 01 03").0, ["+3225550102", "+32455550103"]);
    assert_eq!(numbers("à compléter"), (Vec::new(), 1, 0));
    assert_eq!(numbers(""), (Vec::new(), 0, 0));
}

#[test]
fn a_number_that_costs_more_is_refused_by_its_name() {
    let mut feed = Feed::default();
    let found = phones("0903 12 345 | 02 555 01 02", Country::Be, "tel", &mut Notes { line: 7, feed: &mut feed });
    assert_eq!(found.into_iter().filter_map(|contact| contact.phone).map(|phone| phone.national()).collect::<Vec<_>>(), ["02 555 01 02"]);
    assert_eq!((feed.warnings.len(), feed.warnings[0].line, feed.warnings[0].field.as_str()), (1, 7, "tel"));
    assert!(feed.warnings[0].value == "090312345" && feed.warnings[0].reason.contains("higher price"), "{:?}", feed.warnings);
}

#[test]
fn personal_mail_is_dropped_and_counted_and_an_association_s_is_kept() {
    let kept = |text: &str, name: &str| {
        let (contacts, warnings, personal) = with_notes(|notes| mails(text, name, "mail", notes));
        (contacts.len(), warnings, personal)
    };
    for personal in ["jeanne.dupont@gmail.com", "j.peeters@skynet.be", "private", "hidden", "redacted@asso.example"] {
        assert_eq!(kept(personal, "Le Fournil"), (0, 0, 1), "{personal}");
    }
    for public in [
        "fablab.beaune@gmail.com",
        "msap.seurre@laposte.fr",
        "jeanne.dupont@commune.example",
        "assos.gestion@wanadoo.fr",
        "le.fournil@gmail.com",
        "contact@x.example",
    ] {
        assert_eq!(kept(public, "Le Fournil"), (1, 0, 0), "{public}");
    }
    assert_eq!(kept("pas de mail", ""), (0, 3, 0));
    assert_eq!(kept("a@x.example|b@y.example", ""), (2, 0, 0));
}

#[test]
fn web_addresses_get_a_scheme_and_nothing_else_passes() {
    assert_eq!(web("epn-les-claviers.example").as_deref(), Some("https://epn-les-claviers.example"));
    assert_eq!(web("http://x.example/?Page").as_deref(), Some("http://x.example/?Page"));
    for refused in ["javascript:alert(1)", "mailto:a@x.example", "voir le site", "x", "https://", "ftp://x.example", "a@x.example"] {
        assert_eq!(web(refused), None, "{refused}");
    }
}
