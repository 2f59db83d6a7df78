use directory::phone::Country;
use directory::record::{ContactKind, Status};
use directory::theme::Theme;

use super::super::tests::settings;
use super::*;

fn read(json: &str) -> Feed {
    parse(json.as_bytes(), &settings()).unwrap()
}

/// One element with an id and a name, and these further fields.
fn element(fields: &str) -> Feed {
    read(&format!("{{\"licence\":\"ODbL\",\"data\":[{{\"id\":\"a\",\"name\":\"Le Panier\"{}{fields}}}]}}", if fields.is_empty() { "" } else { "," }))
}

fn content(fields: &str) -> directory::record::Content {
    element(fields).drafts.remove(0).content
}

#[test]
fn refusals_and_odd_answers_are_errors_and_never_an_empty_directory() {
    for empty in ["[]", "{\"data\":[]}", "{}", "null"] {
        assert_eq!(parse(empty.as_bytes(), &settings()), Err(FeedError::Empty), "{empty}");
    }
    for other in ["{\"error\":\"token\"}", "{\"data\":null,\"message\":\"no\"}", "\"protected\"", "12", "{\"type\":\"FeatureCollection\",\"features\":[]}"] {
        assert!(matches!(parse(other.as_bytes(), &settings()), Err(FeedError::NotThisFormat { .. })), "{other}");
    }
    let cut = parse(b"{\"data\":[\n{\"id\":\"a\",\"na", &settings()).unwrap_err();
    assert!(matches!(cut, FeedError::Json { line: 2, .. }), "{cut}");
}

#[test]
fn only_validated_elements_are_taken() {
    for (status, reason) in
        [("-6", "duplicate"), ("-4", "deleted"), ("-2", "status -2: refused by the administrators"), ("-1", "pending"), ("\"0\"", "waiting")]
    {
        let feed = element(&format!("\"status\":{status}"));
        assert!(feed.drafts.is_empty() && feed.refused[0].reason.contains(reason), "{status} {:?}", feed.refused);
    }
    assert_eq!(element("\"status\":3").drafts[0].content.licence.as_deref(), Some("ODbL"));
    assert_eq!(element("\"status\":7,\"sourceKey\":\"GAL\"").drafts[0].content.licence.as_deref(), Some("source: GAL"));
    assert_eq!(element("\"status\":2,\"moderationState\":1").drafts[0].status, Status::Doubtful);
    assert_eq!(element("").drafts[0].status, Status::Published);
}

#[test]
fn elements_without_id_or_name_and_twins_are_refused_by_number() {
    let feed = read("[{\"id\":1,\"name\":\"a\"},{\"name\":\"b\"},{\"id\":2,\"name\":\" \"},{\"id\":\"1\",\"name\":\"c\"},7]");
    assert_eq!(feed.drafts[0].source_id, "1");
    assert_eq!(feed.refused.iter().map(|refused| (refused.line, refused.field.as_str())).collect::<Vec<_>>(), [(2, "id"), (3, "name"), (4, "id"), (5, "")]);
    assert_eq!(feed.coverage, Coverage::Whole);
    let single = read("{\"id\":1,\"name\":\"a\"}");
    assert_eq!((single.drafts.len(), single.coverage), (1, Coverage::Window));
}

#[test]
fn categories_are_mapped_to_needs() {
    for categories in ["\"categories\":[\"Épiceries sociales\",\"Divers\"]", "\"categories\":[7],\"categoriesFull\":[{\"id\":7,\"name\":\"Épicerie sociale\"}]"]
    {
        let content = content(categories);
        let needs: Vec<_> = content.needs.iter().map(|known| (known.need.id(), &known.origin)).collect();
        assert_eq!(needs, [("social-grocery", &directory::record::NeedOrigin::Mapped)], "{categories}");
    }
}

#[test]
fn dates_phones_and_categories_come_in_two_forms() {
    for date in ["15/05/2026", "2026-05-15T18:00:00+02:00"] {
        assert_eq!(element(&format!("\"updatedAt\":\"{date}\"")).drafts[0].updated_on, "2026-05-15".parse().ok());
    }
    for phone in ["\"02/555.01.02\"", "[\"02/555.01.02\"]"] {
        assert_eq!(content(&format!("\"telephone\":{phone}")).contacts[0].phone.as_ref().unwrap().as_str(), "+3225550102");
    }
    for categories in [
        "\"categories\":[\"Aide alimentaire\"]",
        "\"categories\":[11000,\"11000\"],\"categoriesFull\":[{\"id\":11000,\"name\":\"Aide alimentaire\"}]",
        "\"taxonomy\":\"Aide alimentaire\"",
    ] {
        let content = content(categories);
        assert_eq!((content.terms[0].as_str(), content.themes.as_slice()), ("Aide alimentaire", [Theme::Food].as_slice()), "{categories}");
    }
    assert_eq!(content("\"categories\":[11000]").terms, ["11000"]);
}

#[test]
fn private_mail_is_counted_and_bare_web_addresses_completed() {
    let feed = element("\"email\":\"private\",\"userOwnerEmail\":\"j@x.example\",\"website\":\"claviers.example\"");
    assert_eq!(feed.personal_dropped, 2);
    let contacts = &feed.drafts[0].content.contacts;
    assert_eq!((contacts.len(), contacts[0].kind, contacts[0].address.as_deref()), (1, ContactKind::Web, Some("https://claviers.example")));
}

#[test]
fn addresses_and_positions_are_read_in_every_spelling() {
    for address in [
        "\"address\":{\"streetNumber\":\"3 bis\",\"streetAddress\":\"Rue de l'Olivier\",\"addressLocality\":\"Schaerbeek\",\"postalCode\":\"1030\",\"addressCountry\":\"BE\"}",
        "\"address\":{\"streetAddress\":\"3 bis Rue de l'Olivier\",\"addressLocality\":\"Schaerbeek\",\"postalCode\":1030}",
        "\"address\":\"Rue de l'Olivier 3 bis, 1030 Schaerbeek\"",
        "\"streetAddress\":\"Rue de l'Olivier 3 bis\",\"addressLocality\":\"Schaerbeek\",\"postalCode\":\"1030\"",
    ] {
        let address = content(address).address;
        assert_eq!(address.street_line().as_deref(), Some("Rue de l'Olivier 3 bis"));
        assert_eq!((address.postal_code.as_deref(), address.locality.as_deref()), (Some("1030"), Some("Schaerbeek")));
    }
    assert!(content("\"address\":{}").address.is_empty());
    let nice = content("\"address\":{\"postalCode\":6000,\"addressCountry\":\"FR\"}").address;
    assert_eq!((nice.country, nice.postal_code.as_deref()), (Country::Fr, Some("06000")));
    for geo in [
        "\"geo\":{\"latitude\":50.8,\"longitude\":4.3}",
        "\"geo\":{\"lat\":\"50,8\",\"lng\":\"4,3\"}",
        "\"lat\":50.8,\"long\":4.3",
        "\"latitude\":\"50.8\",\"lon\":4.3",
        "\"geo\":[4.3,50.8,12]",
    ] {
        assert_eq!(content(geo).address.position, Some((50.8, 4.3)), "{geo}");
    }
    let lost = element("\"geo\":{\"latitude\":0,\"longitude\":0},\"address\":{\"postalCode\":\"2\"}");
    assert_eq!((lost.drafts[0].content.address.position, lost.warnings.len()), (None, 2));
}

#[test]
fn hours_become_osm_and_remarks_stay_words() {
    let hours = content("\"openHours\":{\"Tu\":\"09:30-12:00\",\"Fr\":\"09:30-12:00,13:30-16:00\"},\"openHoursMoreInfos\":\"Fermé en août\"").hours;
    assert_eq!((hours.osm.as_deref(), hours.text.exact(settings().language)), (Some("Tu 09:30-12:00; Fr 09:30-12:00,13:30-16:00"), Some("Fermé en août")));
    let monthly = content("\"openHoursMoreInfos\":\"2e samedi du mois 10h-13h\"").hours;
    assert_eq!(monthly.osm.as_deref(), Some("Sa[2] 10:00-13:00"));
    let vague = element("\"openHours\":{\"Mo\":\"le matin\"}");
    assert_eq!(
        (vague.drafts[0].content.hours.osm.as_deref(), vague.drafts[0].content.hours.raw.as_deref(), vague.warnings.len()),
        (None, Some("Mo le matin"), 1)
    );
    assert!(content("\"openHours\":null").hours.is_empty());
}

#[test]
fn a_cut_abstract_gives_way_to_a_whole_sentence() {
    let content = content(
        "\"abstract\":\"Colis et épicerie. Venir avec une attes\",\"description\":\"Colis et épicerie. Venir avec une attestation.\",\"descriptionMore\":\"<b>Bus</b> 66\",\"stamps\":[{\"id\":4,\"name\":\"Label\"}]",
    );
    assert_eq!(content.short.exact(settings().language), Some("Colis et épicerie. Venir avec une attestation. Bus 66"));
    assert_eq!(content.text.exact(settings().language), Some("Colis et épicerie. Venir avec une attestation.\n\nBus 66"));
    assert_eq!(element("\"stamps\":[{\"id\":4,\"name\":\"Label\"}]").drafts[0].evidence, ["Label"]);
}

#[test]
fn compact_elements_follow_their_mapping_or_the_usual_order() {
    for json in [
        "{\"mapping\":[\"id\",[\"name\",\"sourceKey\"],\"latitude\",\"longitude\",\"categoriesIds\",\"status\"],\"data\":[[\"a\",[\"Le Panier\",\"GAL\"],50.8,4.3,[7],7]]}",
        "[[\"a\",[\"Le Panier\"],50.8,4.3,[7],3]]",
        "[[\"a\",\"Le Panier\",\"50.8\",\"4.3\",3]]",
    ] {
        let feed = read(json);
        assert_eq!((feed.drafts[0].source_id.as_str(), feed.drafts[0].content.name.exact(settings().language)), ("a", Some("Le Panier")), "{json}");
        assert_eq!(feed.drafts[0].content.address.position, Some((50.8, 4.3)), "{json}");
    }
    assert_eq!(read("[[\"a\",[\"x\"],50.8,4.3,[7],-4]]").refused[0].reason, "status -4: deleted");
}
