use proptest::prelude::*;

use super::*;

fn read(line: &str, country: Country) -> [Option<String>; 4] {
    let mut address = Address { country, ..Address::default() };
    read_line(line, &mut address);
    [address.street, address.number, address.postal_code, address.locality]
}

fn parts(street: &str, number: &str, code: &str, town: &str) -> [Option<String>; 4] {
    [street, number, code, town].map(|part| (!part.is_empty()).then(|| part.to_owned()))
}

#[test]
fn address_lines_of_the_known_platforms_are_taken_apart() {
    for (line, expected) in [
        ("Rue de l'Olivier 3 bis, 1030 Schaerbeek", parts("Rue de l'Olivier", "3 bis", "1030", "Schaerbeek")),
        ("Rue de l'Olivier 3 bis 1030 Schaerbeek", parts("Rue de l'Olivier", "3 bis", "1030", "Schaerbeek")),
        ("Schaerbeek, Rue de l'Olivier 3 bis", parts("Rue de l'Olivier", "3 bis", "", "Schaerbeek")),
        ("Flémalle, Grand-Route 200", parts("Grand-Route", "200", "", "Flémalle")),
        ("14 Quai des Péniches, 1080 Molenbeek-Saint-Jean, Belgique", parts("Quai des Péniches", "14", "1080", "Molenbeek-Saint-Jean")),
        ("Aachener Straße 7, B-4700 Eupen", parts("Aachener Straße", "7", "4700", "Eupen")),
        ("1210 Saint-Josse-ten-Noode", parts("", "", "1210", "Saint-Josse-ten-Noode")),
        ("Maison du Peuple, Parvis de Saint-Gilles 37", parts("Maison du Peuple, Parvis de Saint-Gilles 37", "", "", "")),
        ("Rue Haute 12 bte 3, 1000 Bruxelles", parts("Rue Haute", "12", "1000", "Bruxelles")),
        ("En ligne", parts("En ligne", "", "", "")),
        ("", parts("", "", "", "")),
    ] {
        assert_eq!(read(line, Country::Be), expected, "{line}");
    }
    assert_eq!(read("12 BIS RUE DE LECLERCQ 51100 Reims", Country::Fr), parts("RUE DE LECLERCQ", "12 BIS", "51100", "Reims"));
}

#[test]
fn house_numbers_are_told_from_other_numbers() {
    for (street, expected) in [
        ("38 bis, avenue Pasteur", ("avenue Pasteur", Some("38 bis"))),
        ("6bis  place du Général Viard", ("place du Général Viard", Some("6bis"))),
        ("3-5 rue Jean XXIII", ("rue Jean XXIII", Some("3-5"))),
        ("Mairie de Longvic - Allée de la Mairie - BP 77", ("Mairie de Longvic - Allée de la Mairie - BP 77", None)),
        ("Place du 8 mai 1945", ("Place du 8 mai 1945", None)),
        ("Rue du Moulin n° 5", ("Rue du Moulin", Some("5"))),
        ("3615 Senior", ("3615 Senior", None)),
        ("Avenue du Jardin Botanique", ("Avenue du Jardin Botanique", None)),
    ] {
        let mut address = Address::default();
        set_street(street, &mut address);
        assert_eq!((address.street.as_deref().unwrap_or_default(), address.number.as_deref()), expected, "{street}");
    }
}

#[test]
fn the_country_decides_what_a_postal_code_means() {
    assert_eq!(postal_code("6000", Country::Be), PostalCode::Good("6000".to_owned()));
    assert_eq!(postal_code("6000", Country::Fr), PostalCode::Mended("06000".to_owned()));
    assert_eq!(postal_code("21000.0", Country::Fr), PostalCode::Good("21000".to_owned()));
    assert_eq!(postal_code("B-1030", Country::Be), PostalCode::Good("1030".to_owned()));
    for (text, country) in [("103", Country::Be), ("21000", Country::Be), ("99999", Country::Fr), ("L-1234", Country::Be), ("", Country::Fr)] {
        assert_eq!(postal_code(text, country), PostalCode::Impossible, "{text}");
    }
}

#[test]
fn broken_coordinates_are_named() {
    assert_eq!(position("50,8571", " 4,3449°"), Position::At(50.8571, 4.3449));
    assert_eq!(position("4.3449", "50.8571"), Position::Swapped(50.8571, 4.3449));
    assert_eq!(position("-22.23", "166.46"), Position::At(-22.23, 166.46));
    for (lat, lon, reason) in [
        ("0", "0.0", "left empty"),
        ("6759384,2", "417320,5", "Lambert 93"),
        ("417320.5", "6759384.2", "Lambert 93"),
        ("NaN", "4", "not a pair"),
        ("", "", "not a pair"),
        ("500", "4", "outside"),
    ] {
        assert!(matches!(position(lat, lon), Position::Unusable(why) if why.contains(reason)), "{lat} {lon}");
    }
    assert_eq!(split_pair("42.0396, 9.0129"), Some(("42.0396", "9.0129")));
    assert_eq!(split_pair("42,0396;9,0129"), Some(("42,0396", "9,0129")));
    assert_eq!(split_pair("50.8|4.3"), Some(("50.8", "4.3")));
    assert_eq!(split_pair("[4.3,50.8,12]"), Some(("4.3", "50.8")));
    assert_eq!(split_pair("50.8"), None);
}

proptest! {
    #[test]
    fn any_line_keeps_its_letters(line in "([A-Za-zé' ]{1,8}|[0-9]{1,5}|bis|bte|, |rue |\\PC){0,8}") {
        let mut address = Address::default();
        read_line(&line, &mut address);
        let _ = split_pair(&line).map(|(lat, lon)| position(lat, lon));
        prop_assert!(address.street.is_none_or(|street| !street.is_empty()));
    }
}
