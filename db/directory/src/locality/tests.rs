mod shipped;

use super::*;
use crate::build::places::{Tables, pack};

const BELGIUM: &str = "#h\n1030\t21015\tSchaerbeek\tSchaarbeek\t\tBRU\t50.8694\t4.3774\t\n1040\t21005\tEtterbeek\tEtterbeek\t\tBRU\t50.8327\t4.3884\t\n1040\t21004\tBruxelles\tBrussel\tBrüssel\tBRU\t50.8504\t4.3488\t\n1000\t21004\tBruxelles\tBrussel\tBrüssel\tBRU\t50.8504\t4.3488\t\n1020\t21004\tBruxelles\tBrussel\tBrüssel\tBRU\t50.8759\t4.3484\tLaeken|Laken\n6000\t52011\tCharleroi\tCharleroi\t\tWAL\t50.4114\t4.4446\t\n";
const FRANCE: &str = "#h\nmulhouse\tMulhouse\t68224\t68100|68200\t47.7508\t7.3359\t108000\nnice\tNice\t06088\t06000|06100\t43.7102\t7.2620\t340000\n";
const QUARTERS: &str = "#h\n1000\t21004\tMarolles\tMarollen\n";

fn territory() -> Territory<'static> {
    let table =
        pack(Tables { belgium: BELGIUM, france: FRANCE, neighbourhoods: QUARTERS, exonyms: "mulhausen\tmulhouse\n", spellings: "mulous\t68100\n" }).unwrap();
    Territory::over(BELGIUM, FRANCE, table.leak())
}

#[test]
fn names_lead_to_codes_main_one_first() {
    let territory = territory();
    for (name, codes) in
        [("bruxelles", vec!["1000", "1020", "1040"]), ("laken", vec!["1020"]), ("marollen", vec!["1000"]), ("mulhouse", vec!["68100", "68200"])]
    {
        assert_eq!(territory.named(name).unwrap().place.to_locality().postal_codes, codes, "{name}");
    }
    assert_eq!(territory.nearest(&Typed::new("schaerbek").unwrap()).unwrap().place.to_locality().postal_codes, ["1030"]);
    assert!(territory.nearest(&Typed::new("manger").unwrap()).is_none());
}

#[test]
fn the_country_decides_what_a_code_means() {
    let territory = territory();
    assert_eq!(territory.postal_code("6000").unwrap().name, "Charleroi");
    assert_eq!(territory.postal_code("06000").unwrap().name, "Nice");
    assert_eq!(territory.postal_code("1040").unwrap().name, "Etterbeek");
    assert_eq!(territory.postal_code("9999"), None);
    assert_eq!(territory.postal_code("123"), None);
}

#[test]
fn distances_are_those_of_the_map() {
    let (brussels, charleroi) = (Point { lat: 50.8504, lon: 4.3488 }, Point { lat: 50.4114, lon: 4.4446 });
    assert!((brussels.distance_km(charleroi) - 49.3).abs() < 0.5);
    assert_eq!(territory().around(Country::Be, "1000", 5.0, 3), ["1000", "1040", "1020"]);
}

#[test]
fn a_broken_table_says_where() {
    let error = pack(Tables { belgium: "#h\n1030\t21015\n", france: "", neighbourhoods: "", exonyms: "", spellings: "" }).unwrap_err();
    assert_eq!(
        error.to_string(),
        "config/territory/belgium.tsv, line 2: expected postal code, NIS, three names, region, lat, lon, localities. Build the tables again with scripts/territory."
    );
}
