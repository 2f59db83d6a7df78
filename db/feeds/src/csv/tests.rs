use chrono::NaiveDateTime;
use directory::phone::Country;
use directory::record::{Access, Answer, ContactKind, CostKind, Kind, LinkRole, NeedOrigin, Status, Welcome, WhenStatus};
use directory::theme::{Audience, Theme};

use super::super::tests::settings;
use super::*;

/// Enough of a mapping for most traps: French columns of a Belgian source.
const MAPPING: &str = r#"
none_values = ["-", "n/a"]
personal = ["Contact"]
[fields]
id = "Réf"
name = "Nom"
short = "Résumé"
street = "Rue"
postal_code = "CP"
lat = "Lat"
lon = "Lon"
position = "Coord"
phone = "Tél"
email = "Mail"
hours = "Horaires"
country = "Pays"
start = "Début"
end = "Fin"
rrule = "Règle"
updated_on = "Maj"
[[kind]]
columns = ["Début"]
target = "event"
[[kind]]
target = "service"
[[themes]]
columns = ["Thème"]
terms = ["Repas", "Colis"]
except = ["Repas d'affaires"]
target = "food"
"#;

fn read(table: &str) -> Feed {
    let mapping = Mapping::parse(MAPPING).unwrap();
    parse(table.as_bytes(), &Settings { mapping: Some(&mapping), ..settings() }).unwrap()
}

/// One row with a key and a name and these columns.
fn row(header: &str, cells: &str) -> Feed {
    read(&format!("Réf,Nom,{header}\n1,Le Fournil,{cells}\n"))
}

fn at(text: &str) -> NaiveDateTime {
    text.parse().unwrap()
}

#[test]
fn delimiters_marks_and_encodings_are_found_out() {
    for table in [
        "Réf,Nom\n1,Le Fournil",
        "Réf;Nom;CP\n1;Le Fournil;1030",
        "Réf\tNom\tRue\r\n1\tLe Fournil\tx\r\n",
        "réf|NOM *|CP\n1|\"Le Fournil\"|1030",
        "\u{feff}Réf,Nom\n\n1,Le Fournil",
    ] {
        let feed = read(table);
        assert_eq!(feed.drafts[0].content.name.exact(settings().language), Some("Le Fournil"), "{table}");
    }
    let mapping = Mapping::parse(MAPPING).unwrap();
    let old = parse(b"R\xe9f;Nom\n1;Caf\xe9 \x96 th\xe9", &Settings { mapping: Some(&mapping), ..settings() }).unwrap();
    assert_eq!((old.drafts[0].content.name.exact(settings().language), old.warnings[0].field.as_str()), (Some("Café – thé"), "encoding"));
}

#[test]
fn another_table_is_not_taken_for_an_empty_one() {
    let mapping = Mapping::parse(MAPPING).unwrap();
    let parse = |table: &str| parse(table.as_bytes(), &Settings { mapping: Some(&mapping), ..settings() });
    assert_eq!(parse("Réf,Nom\n"), Err(FeedError::Empty));
    assert!(matches!(parse("{\"a\":1}"), Err(FeedError::NotThisFormat { .. })));
    assert!(matches!(parse("BEGIN:VCALENDAR\n"), Err(FeedError::NotThisFormat { .. })));
    assert!(matches!(parse("Accès refusé, demandez une clé"), Err(FeedError::NotThisFormat { .. })));
    assert_eq!(parse("Nom,CP\na,1030"), Err(FeedError::Column { missing: "Réf".to_owned(), found: "Nom, CP".to_owned() }));
}

#[test]
fn rows_that_cannot_be_used_are_refused_with_their_line() {
    let feed = read(
        "Réf,Nom,CP,Début,Fin,Règle\n,a,1030,,,\n2,\"\",1030,,,\n3,\"c\nd\",99,,,\n4,e,1030,31/02/2026,,\n5,f,1030,2026-12-05T18:00,2026-12-05T17:00,\n6,g,1030,2026-12-05,,FREQ=SECONDLY\n7,h,1030,,,,extra\n8,i,1030,,,\n8,j,1030,,,\n",
    );
    let refused: Vec<(usize, &str, &str)> = feed.refused.iter().map(|refused| (refused.line, refused.field.as_str(), refused.value.as_str())).collect();
    assert_eq!(
        refused,
        [
            (2, "Réf", ""),
            (3, "Nom", ""),
            (4, "CP", "99"),
            (6, "Début", "31/02/2026"),
            (7, "Fin", "2026-12-05T17:00"),
            (8, "Règle", "FREQ=SECONDLY"),
            (9, "", "7"),
            (11, "Réf", "8")
        ]
    );
    assert_eq!(feed.drafts.iter().map(|draft| draft.source_id.as_str()).collect::<Vec<_>>(), ["8"]);
    let unclosed = read("Réf,Nom,CP\n1,\"a,1030\n2,b,1030\n3,c,1030\n");
    assert_eq!((unclosed.drafts.len(), unclosed.refused[0].line), (0, 2));
}

#[test]
fn the_country_decides_what_a_postal_code_means() {
    let charleroi = row("CP,Pays", "6000,BE");
    assert_eq!(
        (charleroi.drafts[0].content.address.postal_code.as_deref(), charleroi.warnings.len()),
        (Some("6000"), 1),
        "the only warning is about missing columns"
    );
    let nice = row("CP,Pays", "6000,France");
    assert_eq!((nice.drafts[0].content.address.country, nice.drafts[0].content.address.postal_code.as_deref()), (Country::Fr, Some("06000")));
    assert!(nice.warnings.iter().any(|warning| warning.field == "CP" && warning.reason.contains("06000")));
}

#[test]
fn details_that_cannot_be_read_are_left_out_with_a_warning() {
    for (header, cells, field) in [
        ("Tél", "voir site", "Tél"),
        ("Lat,Lon", "\"6759384,2\",\"417320,5\"", "Lat + Lon"),
        ("Lat,Lon", "0,0", "Lat + Lon"),
        ("Lat,Lon", "50.8,", "Lat + Lon"),
        ("Coord", "ici", "Coord"),
        ("Mail", "pas-de-mail", "Mail"),
        ("Horaires", "sur rendez-vous", "Horaires"),
        ("Maj", "hier", "Maj"),
    ] {
        let feed = row(header, cells);
        assert_eq!((feed.drafts.len(), feed.refused.len()), (1, 0), "{header}");
        assert!(feed.warnings.iter().any(|warning| warning.line == 2 && warning.field == field), "{header}: {:?}", feed.warnings);
    }
    for (header, cells) in [("Lat,Lon", "\"50,8\",\"4,3\""), ("Lat,Lon", "4.3,50.8"), ("Coord", "\"50.8, 4.3\""), ("Coord", "50.8|4.3")] {
        assert_eq!(row(header, cells).drafts[0].content.address.position, Some((50.8, 4.3)), "{cells}");
    }
}

#[test]
fn hours_are_kept_raw_beside_their_parse() {
    let hours = |cells: &str| row("Horaires", cells).drafts.remove(0).content.hours;
    let prose = hours("Les mardi et jeudi de 15h00 à 19h00");
    assert_eq!((prose.osm.as_deref(), prose.raw.as_deref()), (Some("Tu,Th 15:00-19:00"), Some("Les mardi et jeudi de 15h00 à 19h00")));
    let vague = hours("le samedi sauf vacances");
    assert_eq!((vague.osm, vague.raw.as_deref()), (None, Some("le samedi sauf vacances")));
    let osm = hours("Mo-Fr 09:00-12:00; PH off");
    assert_eq!((osm.osm.as_deref(), osm.raw), (Some("Mo-Fr 09:00-12:00; PH off"), None));
    assert!(hours("-").is_empty());
}

#[test]
fn days_in_columns_make_a_week() {
    let mapping = Mapping::parse("none_values=[\"-\"]\n[fields]\nid=\"id\"\nname=\"nom\"\n[[days]]\nday=\"Mo\"\ncolumns=[\"lundi matin\",\"lundi après-midi\"]\n[[days]]\nday=\"Tu\"\ncolumns=[\"mardi\"]").unwrap();
    let hours = |cells: &str| {
        let table = format!("id,nom,lundi matin,lundi après-midi,mardi\n1,a,{cells}");
        parse(table.as_bytes(), &Settings { mapping: Some(&mapping), ..settings() }).unwrap().drafts.remove(0).content.hours
    };
    assert_eq!(hours("8h30-12h,13h30-17h,8h30-12h").osm.as_deref(), Some("Mo 08:30-12:00,13:30-17:00; Tu 08:30-12:00"));
    assert_eq!(hours("9h12h,-,fermé").osm.as_deref(), Some("Mo 09:00-12:00"));
    let odd = hours("x,13h30-17h,");
    assert_eq!((odd.osm, odd.raw.as_deref()), (None, Some("lundi matin x, lundi après-midi 13h30-17h")));
    assert!(hours("-,,-").is_empty());
}

#[test]
fn vocabularies_know_terms_and_exceptions() {
    let themes = |cells: &str| row("Thème", cells).drafts.remove(0).content.themes;
    assert_eq!(themes("repas chauds"), [Theme::Food]);
    assert_eq!(themes("Colis; vêtements"), [Theme::Food]);
    assert_eq!(themes("Repas d’affaires"), []);
    assert_eq!(themes("prérepas"), []);
}

#[test]
fn personal_columns_and_mails_are_dropped_and_counted() {
    let feed = row("Contact,Mail", "Jeanne Dupont,jeanne.dupont@gmail.com");
    assert_eq!((feed.personal_dropped, feed.drafts[0].content.contacts.len()), (2, 0));
}

#[test]
fn the_house_table_says_all_a_record_can_hold() {
    let table = "id,kind,name_fr,name_nl,short_fr,themes,audiences,street,number,postal_code,locality,country,lat,lon,hint_nl,phone,email,web,hours,hours_text_fr,cost,cost_amount,cost_text_fr,access,conditions_fr,languages,step_free,organiser,start,end,rrule,status,trust,confirmed_on\n\
        a,service,La Louche,De Lepel,Un repas.,food|social,low-income:priority|women:only,Rue X,214,1030,Schaerbeek,BE,50.8,4.3,Blauwe deur,02 555 01 03,bonjour@x.example,https://x.example,Mo-Fr 11:30-14:00; PH off,sauf août,free-if,2.50,1 € avec un bon,walk-in|phone,Venir tôt,fr|ar,partly,maison-1|maison-2,,,,,2,2026-10-01\n\
        b,offer,Prêt d'échelle,,,goods,,,,1030,,BE,,,,,,,,,,,,,,,,,,2026-12-20,,,0,2026-11-20\n\
        c,event,Yoga,,,social,,,,1030,,BE,,,,,,,,,,,,,,,,,2026-11-25T18:30,2026-11-25T19:45,FREQ=WEEKLY;BYDAY=WE;UNTIL=20261231,cancelled,1,\n\
        d,event,Sans date,,,social,,,,1030,,BE,,,,,,,,,,,,,,,,,,,,,,\n\
        e,person,Jeanne,,,social,,,,1030,,BE,,,,,,,,,,,,,,,,,,,,,,\n\
        f,place,Salle,,,fod,,,,68100,Mulhouse,FR,,,,,,,,,,0,,professionals,,,,,,,,doubtful,9,\n";
    let feed = parse(table.as_bytes(), &settings()).unwrap();
    let by_id = |id: &str| feed.drafts.iter().find(|draft| draft.source_id == id).unwrap();
    let louche = by_id("a");
    assert_eq!((louche.kind, louche.trust, louche.confirmed_on), (Kind::Service, 2, "2026-10-01".parse().ok()));
    let content = &louche.content;
    assert_eq!(content.name.iter().map(|(_, name)| name).collect::<Vec<_>>(), ["La Louche", "De Lepel"]);
    assert_eq!(
        content.audiences.iter().map(|one| (one.audience, one.welcome)).collect::<Vec<_>>(),
        [(Audience::LowIncome, Welcome::Priority), (Audience::Women, Welcome::Only)]
    );
    assert_eq!((content.cost.kind, content.cost.cents), (CostKind::FreeIf, Some(250)));
    assert_eq!(content.contacts.iter().map(|contact| contact.kind).collect::<Vec<_>>(), [ContactKind::Phone, ContactKind::Mail, ContactKind::Web]);
    assert_eq!(content.accessibility.step_free, Some(Answer::Partly));
    assert_eq!(content.links.iter().map(|link| (link.role, link.to.as_str())).collect::<Vec<_>>(), [(LinkRole::By, "maison-1"), (LinkRole::By, "maison-2")]);
    assert_eq!(content.languages.iter().map(|language| language.code.as_str()).collect::<Vec<_>>(), ["fr", "ar"]);
    assert_eq!((content.address.street_line().as_deref(), content.address.hint.best(settings().language)), (Some("Rue X 214"), Some("Blauwe deur")));
    let offer = by_id("b").content.when.as_ref().unwrap();
    assert_eq!((offer.all_day, offer.start, offer.end), (true, at("2026-11-20T00:00:00"), Some(at("2026-12-20T00:00:00"))));
    let yoga = by_id("c").content.when.as_ref().unwrap();
    assert_eq!((yoga.status, yoga.rrule.as_deref()), (WhenStatus::Cancelled, Some("FREQ=WEEKLY;BYDAY=WE;UNTIL=20261231T225959Z")));
    assert_eq!(feed.refused.iter().map(|refused| (refused.line, refused.field.as_str())).collect::<Vec<_>>(), [(5, "start"), (6, "kind")]);
    let room = by_id("f");
    assert_eq!((room.status, room.trust, room.content.cost.kind, room.content.themes.as_slice()), (Status::Doubtful, 0, CostKind::Free, [].as_slice()));
    assert_eq!(room.content.access.by, Some(directory::record::Mobilisable::Professionals));
}

fn needs(content: &directory::record::Content) -> Vec<(&str, &NeedOrigin)> {
    content.needs.iter().map(|known| (known.need.id(), &known.origin)).collect()
}

#[test]
fn the_house_table_names_needs() {
    let table =
        "id,kind,name_fr,postal_code,country,needs\na,service,La Louche,1030,BE,hot-meal|shower\nb,service,Le Seau,1030,BE,showr|laundry|repas chaud|qqxwz\n";
    let feed = parse(table.as_bytes(), &settings()).unwrap();
    assert_eq!(needs(&feed.drafts[0].content), [("hot-meal", &NeedOrigin::Source), ("shower", &NeedOrigin::Source)]);
    // A row with a need that is not in the list is kept, and told with the nearest one.
    assert_eq!(needs(&feed.drafts[1].content), [("laundry", &NeedOrigin::Source)]);
    let warnings = feed.warnings.iter().filter(|warning| warning.field == "needs");
    let told: Vec<_> = warnings.map(|warning| (warning.line, warning.value.as_str(), warning.reason.as_str())).collect();
    assert_eq!(
        told,
        [
            (3, "showr", "no need is called so: did you mean \"shower\"? left out"),
            (3, "repas chaud", "no need is called so: did you mean \"hot-meal\"? left out"),
            (3, "qqxwz", "no need is called so (config/needs lists them): left out"),
        ]
    );
}

#[test]
fn services_of_lamednum_are_mapped_to_needs() {
    let mapping = Mapping::parse(include_str!("../../../../config/mappings/lamednum.toml")).unwrap();
    let table = "id,pivot,nom,commune,code_postal,adresse,services\n\
        1,1,A,Reims,51100,1 rue X,Aide aux démarches administratives|Acquisition de matériel informatique à prix solidaire|Accès internet et matériel informatique\n\
        2,2,B,Reims,51100,1 rue X,Compréhension du monde numérique\n";
    let feed = parse(table.as_bytes(), &Settings { mapping: Some(&mapping), ..settings() }).unwrap();
    let mut mapped = needs(&feed.drafts[0].content);
    mapped.sort_unstable_by_key(|(id, _)| *id);
    assert_eq!(mapped, [("cheap-computer", &NeedOrigin::Mapped), ("computer-access", &NeedOrigin::Mapped), ("online-forms", &NeedOrigin::Mapped)]);
    assert_eq!(needs(&feed.drafts[1].content), []);
}

#[test]
fn a_lamednum_place_without_public_is_never_announced_as_come() {
    let mapping = Mapping::parse(include_str!("../../../../config/mappings/lamednum.toml")).unwrap();
    let table = "id,pivot,nom,commune,code_postal,adresse,date_maj,telephone,horaires,services,publics_specifiquement_adresses,prise_en_charge_specifique,frais_a_charge,modalites_acces\n\
        1,43493312300029,Anonymal,Reims,51100,12 BIS RUE DE LECLERCQ,2024-04-02,+33180059880,\"Mo-Fr 09:00-12:00,14:00-18:30; Sa 08:30-12:00\",Aide aux démarches administratives|Insertion professionnelle via le numérique,Jeunes|Femmes,Surdité|Langues étrangères (anglais),Gratuit sous condition|Payant,Ce lieu n'accueille pas de public|Téléphoner\n\
        2,W123456789,Bis,Nice,6000,1 rue X,2024-04-02,,,,,,Gratuit|Payant,Se présenter\n\
        3,W123456789,Ter,Nice,,1 rue X,2024-04-02,,,,,,Gratuit,\n";
    let feed = parse(table.as_bytes(), &Settings { mapping: Some(&mapping), ..settings() }).unwrap();
    let content = &feed.drafts[0].content;
    assert_eq!(content.access, Access { modes: vec![directory::record::AccessMode::Phone], no_public: true, ..Access::default() });
    assert_eq!(content.themes, [Theme::Digital, Theme::Papers, Theme::Work]);
    assert_eq!(content.audiences.iter().map(|one| one.audience).collect::<Vec<_>>(), [Audience::Youth, Audience::Women, Audience::Disability]);
    assert_eq!(
        (content.cost.kind, content.address.number.as_deref(), content.identifiers.as_slice()),
        (CostKind::FreeIf, Some("12 BIS"), ["pivot:43493312300029".to_owned()].as_slice())
    );
    assert_eq!(content.hours.osm.as_deref(), Some("Mo-Fr 09:00-12:00,14:00-18:30; Sa 08:30-12:00"));
    assert_eq!((feed.drafts[1].content.cost.kind, feed.drafts[1].content.address.postal_code.as_deref()), (CostKind::FreeIf, Some("06000")));
    assert_eq!((feed.refused[0].line, feed.refused[0].field.as_str()), (4, "code_postal"));
}
