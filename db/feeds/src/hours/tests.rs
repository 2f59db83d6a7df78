use proptest::prelude::*;

use super::*;

#[test]
fn cells_of_one_day_are_read() {
    for (text, expected) in [
        ("8h30-12h", Some("08:30-12:00")),
        ("9h-12h et 14h-17h", Some("09:00-12:00,14:00-17:00")),
        ("de 9h à 12h", Some("09:00-12:00")),
        ("13h30 - 17h", Some("13:30-17:00")),
        ("09:30-12:00,14:00-17:00", Some("09:30-12:00,14:00-17:00")),
        ("9h12h", Some("09:00-12:00")),
        ("9-12h", Some("09:00-12:00")),
        ("9u30 tot 12u", Some("09:30-12:00")),
        ("9h – 12h / 14h – 18h30", Some("09:00-12:00,14:00-18:30")),
        ("10 h à midi", Some("10:00-12:00")),
        ("20h-2h", Some("20:00-02:00")),
        ("0h-24h", Some("00:00-24:00")),
        ("fermé", Some("off")),
        ("gesloten", Some("off")),
        ("14h-12h", None),
        ("x", None),
        ("souscondition", None),
        ("9h", None),
        ("25h-26h", None),
        ("9h-12h sur rendez-vous", None),
        ("", None),
    ] {
        assert_eq!(times(text).as_deref(), expected, "{text}");
    }
}

#[test]
fn prose_that_names_days_is_read_when_it_is_certain() {
    for (text, expected) in [
        ("Les mardi et jeudi de 15h00 à 19h00", "Tu,Th 15:00-19:00"),
        ("2e samedi du mois 10h-13h", "Sa[2] 10:00-13:00"),
        ("1er et 3e samedis du mois de 10h à 12h", "Sa[1,3] 10:00-12:00"),
        ("dernier vendredi du mois 18h-20h", "Fr[-1] 18:00-20:00"),
        ("elke tweede zaterdag van de maand 10u-13u", "Sa[2] 10:00-13:00"),
        ("Du lundi au vendredi de 9h à 12h et de 14h à 17h30", "Mo-Fr 09:00-12:00,14:00-17:30"),
        ("Lundi et Jeudi : 14h à 17h30 Mardi, mercredi et vendredi : 9h à 12h30 et 14h à 17h30", "Mo,Th 14:00-17:30; Tu,We,Fr 09:00-12:30,14:00-17:30"),
        ("le lundi et le mardi de 17H30 à 19H30, le mercredi de 10h à 12H et le jeudi de 17H à 19H", "Mo,Tu 17:30-19:30; We 10:00-12:00; Th 17:00-19:00"),
        ("lundi: 9h-12h; mardi: fermé", "Mo 09:00-12:00"),
        ("maandag tot vrijdag 9u-17u", "Mo-Fr 09:00-17:00"),
        ("Montag bis Freitag 9-17 Uhr", "Mo-Fr 09:00-17:00"),
        ("tous les jours de 8h à 20h", "Mo-Su 08:00-20:00"),
        ("mercredi de 14 à 18h", "We 14:00-18:00"),
        ("24h/24 et 7j/7", "24/7"),
        ("Mo-Fr 09:00-12:00; PH off", "Mo-Fr 09:00-12:00; PH off"),
        ("Mo-Su sunrise-sunset", "Mo-Su sunrise-sunset"),
        ("Apr-Sep 10:00-18:00", "Apr-Sep 10:00-18:00"),
        ("9h-12h et 14h-17h du lundi au vendredi", ""),
        ("Lundi au vendredi : 9h à 12h30 (sauf vacances scolaires)", ""),
        ("Samedi sur rendez-vous", ""),
        ("un samedi sur deux 10h-12h", ""),
        ("lundi au vendredi 9h-18h, vendredi 9h-17h", ""),
        ("lundi au vendredi 9h-18h, mercredi fermé", ""),
        ("samedi 9h-12h, 2e samedi du mois 9h-18h", ""),
        ("8h30-12h", ""),
        ("fermé", ""),
        ("2026", ""),
    ] {
        assert_eq!(osm(text).unwrap_or_default(), expected, "{text}");
    }
}

#[test]
fn a_week_groups_days_and_refuses_overlaps() {
    let mut days: [Vec<Interval>; 7] = Default::default();
    for day in days.iter_mut().take(5) {
        day.extend([(510, 720), (810, 1020)]);
    }
    days[5].push((540, 720));
    assert_eq!(week(&days).as_deref(), Some("Mo-Fr 08:30-12:00,13:30-17:00; Sa 09:00-12:00"));
    days[5].push((600, 700));
    assert_eq!(week(&days), None);
    assert_eq!(week(&Default::default()), None);
}

proptest! {
    #[test]
    fn any_text_gives_a_valid_expression_or_none(text in "((lundi|mardi|sam|au|et|de|à|du mois|2e|fermé|24/7|Mo|PH|off|week|easter|[0-9]{1,3}(h|:)?[0-9]{0,2})[ ,;:/-]?|\\PC){0,12}") {
        if let Some(made) = osm(&text) {
            prop_assert!(Timetable::parse(&made, Country::Fr).is_ok(), "{made}");
        }
        if let Some(made) = times(&text) {
            prop_assert!(Timetable::parse(&made, Country::Be).is_ok(), "{made}");
        }
    }
}
