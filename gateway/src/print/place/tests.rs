use super::*;
use crate::config::{Flags, Printer as OnePrinter, Twilio};

const PLACES: &str = r#"
[[place]]
name = "Bibliothèque"
address = "Rue de l'Œuvre 3, 1030 Schaerbeek"
phone = "02 555 12 34"
opening_hours = "Mo-Fr 09:00-17:00; PH off"
[[place.printer]]
name = "comptoir"
address = "tcp:192.168.1.50"
profile = "epson-80"
[[place.printer]]
name = "accueil"
address = "usb:/dev/usb/lp0"
profile = "generic-58"
[[place]]
name = "Mairie"
"#;

fn read(text: &str) -> Result<Config, String> {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), text).unwrap();
    Config::read(Some(file.path()), &Flags::default()).map_err(|error| error.to_string())
}

fn desk() -> Desk {
    Desk { name: "Accueil".to_owned(), phone: Phone::parse("02 555 01 00", Country::Be).unwrap() }
}

fn wrong(change: &str, by: &str) -> String {
    assert!(PLACES.contains(change));
    match read(&PLACES.replacen(change, by, 1)) {
        Ok(config) => configured_places(&config, Some(&desk())).unwrap_err().to_string(),
        Err(error) => error,
    }
}

#[test]
fn places_have_printers_and_a_desk_of_their_own_or_the_common_one() {
    let sites = configured_places(&read(PLACES).unwrap(), Some(&desk())).unwrap();
    assert_eq!(sites.iter().map(|site| (site.place.name.as_str(), site.printers.len())).collect::<Vec<_>>(), [("Bibliothèque", 2), ("Mairie", 0)]);
    assert_eq!(sites[0].desk.as_ref().map(|desk| (desk.name.as_str(), desk.phone.compact())), Some(("Bibliothèque", "025551234".to_owned())));
    assert_eq!(sites[1].desk, Some(desk()));
    assert_eq!(sites[0].place.printers[0].address, "tcp:192.168.1.50:9100");
}

#[test]
fn the_short_form_is_a_printer_at_the_desk() {
    let printer = OnePrinter { name: None, address: Some("file:a.bin".to_owned()), profile: Some("epson-80".to_owned()) };
    let config = Config { printer, ..Config::default() };
    for (desk, name) in [(Some(desk()), "Accueil"), (None, "Passerelle")] {
        let sites = configured_places(&config, desk.as_ref()).unwrap();
        assert_eq!((sites.len(), sites[0].place.name.as_str(), sites[0].printers[0].name.as_str()), (1, name, "printer"));
    }
    // Where the desk's place is described at length, it is that place.
    let both = Config { place: read(&PLACES.replace("Mairie", "Accueil")).unwrap().place, ..config };
    assert_eq!(configured_places(&both, Some(&desk())).unwrap()[1].printers.len(), 1);
}

#[test]
fn what_is_wrong_stops_the_start_and_says_where() {
    for (change, by, said) in [
        ("name = \"Mairie\"", "name = \" \"", "number 2 has no name"),
        ("name = \"Mairie\"", "name = \"Bibliothèque\"", "two places called Bibliothèque"),
        ("name = \"accueil\"", "name = \"comptoir\"", "two printers called comptoir"),
        ("Mo-Fr 09:00-17:00", "weekdays nine to five", "place Bibliothèque: opening_hours: not in opening_hours syntax"),
        ("02 555 12 34", "5", "place Bibliothèque: phone: this is no phone number"),
        ("tcp:192.168.1.50", "192.168.1.50", "printer comptoir: 192.168.1.50 is no address"),
        ("generic-58", "teletype", "printer accueil: there is no printer profile teletype"),
        ("profile = \"epson-80\"\n", "", "lacks its profile"),
        ("opening_hours", "opening_ours", "did you mean `opening_hours`?"),
        ("[[place.printer]]", "[[place.printers]]", "did you mean `printer`?"),
        ("profile = \"epson-80\"", "profil = \"epson-80\"", "did you mean `profile`?"),
    ] {
        let error = wrong(change, by);
        assert!(error.contains(said), "{by}: {error}");
    }
}

#[test]
fn a_number_is_offered_only_where_messages_are_answered() {
    let twilio = |key: Option<&str>, number: &str| Config {
        twilio: Twilio { auth_token: key.map(Into::into), number: Some(number.to_owned()), ..Twilio::default() },
        ..Config::default()
    };
    assert_eq!(text_to(&twilio(Some("k"), "0460 00 00 00")).unwrap().unwrap().as_str(), "+32460000000");
    assert_eq!(text_to(&twilio(None, "0460 00 00 00")).unwrap(), None);
    assert!(text_to(&twilio(Some("k"), "5")).unwrap_err().to_string().contains("twilio.number"));
}
