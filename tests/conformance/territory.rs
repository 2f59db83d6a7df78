//! Postal codes and communes against the reference gazetteers.

use directory::phone::Country;
use directory::vocabulary::Vocabulary;

#[test]
fn every_belgian_code_and_commune_is_known_where_it_is() {
    let Some(path) = harness::shared("data/be-gazetteer/be-gazetteer.csv") else { return };
    let vocabulary = Vocabulary::shipped().unwrap();
    let territory = vocabulary.territory();
    let text = std::fs::read_to_string(path).unwrap();
    let (mut pairs, mut far) = (0, Vec::new());
    let mut communes = std::collections::BTreeSet::new();
    for line in text.lines().skip(1) {
        let columns: Vec<&str> = line.split(',').collect();
        let (code, nis) = (columns[0], columns[1]);
        let area = territory.areas_of(code).find(|area| area.commune == nis);
        assert!(area.is_some(), "{code} {nis} is missing");
        communes.insert(nis.to_owned());
        pairs += 1;
        // Names may hold commas in quotes: the coordinates are counted from the region's column.
        if let Some(place) = columns.iter().position(|column| matches!(*column, "BRU" | "WAL" | "VLG"))
            && let (Ok(lat), Ok(lon)) = (columns[place + 2].parse(), columns[place + 3].parse())
        {
            let distance = area.unwrap().point.distance_km(directory::locality::Point { lat, lon });
            if distance > 15.0 {
                far.push(format!("{code} {distance:.0} km"));
            }
        }
    }
    println!("territory: {pairs} pairs, {} communes, further than 15 km from the reference: {far:?}", communes.len());
    assert_eq!(communes.len(), 565);
    assert!(far.len() <= 5, "{far:?}");
}

#[test]
fn every_french_postal_code_is_known() {
    let Some(path) = harness::shared("data/fr-decoupage-administratif/communes.csv") else { return };
    let vocabulary = Vocabulary::shipped().unwrap();
    let text = std::fs::read_to_string(path).unwrap();
    let header: Vec<&str> = text.lines().next().unwrap().split(',').collect();
    let column = header.iter().position(|name| *name == "codes_postaux").unwrap();
    let mut codes = std::collections::BTreeSet::new();
    for line in text.lines().skip(1) {
        let fields: Vec<&str> = line.rsplitn(header.len() - column, ',').collect();
        let list = fields.get(header.len() - column - 1).map_or("", |rest| rest.rsplit(',').next().unwrap_or_default());
        codes.extend(list.split('|').filter(|code| code.len() == 5).map(ToOwned::to_owned));
    }
    let missing: Vec<&String> = codes.iter().filter(|code| vocabulary.territory().postal_code(code).is_none_or(|place| place.country != Country::Fr)).collect();
    println!("territory: {} French postal codes, missing {missing:?}", codes.len());
    assert!(codes.len() > 6_000);
    assert!(missing.is_empty());
}

#[test]
fn a_code_of_four_digits_is_belgian() {
    let vocabulary = Vocabulary::shipped().unwrap();
    let territory = vocabulary.territory();
    assert_eq!(territory.postal_code("6000").unwrap().name, "Charleroi");
    assert_eq!(territory.postal_code("06000").unwrap().name, "Nice");
    assert_eq!(territory.areas_of("1040").count(), 2);
    assert_eq!(territory.areas_of("1050").next().unwrap().names[0], "Ixelles");
}
