use directory::record::{CostKind, WhenStatus};
use directory::schedule::occurrences;

use super::super::tests::settings;
use super::*;

/// One event of a calendar, its lines given between BEGIN and END.
fn calendar(lines: &str) -> Feed {
    parse(
        format!("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:Fête\r\n{}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n", lines.replace('\n', "\r\n")).as_bytes(),
        &settings(),
    )
    .unwrap()
}

fn when(lines: &str) -> directory::record::When {
    let mut feed = calendar(lines);
    assert_eq!(feed.refused, []);
    feed.drafts.remove(0).content.when.unwrap()
}

fn at(text: &str) -> NaiveDateTime {
    text.parse().unwrap()
}

#[test]
fn utc_midnights_of_the_zone_are_whole_days() {
    for (start, end) in [("20261204T230000Z", "20261206T230000Z"), ("20261204T230000Z", "20261206T225900Z"), ("20261204T230000Z", "20261206T225959Z")] {
        let when = when(&format!("DTSTART:{start}\nDTEND:{end}"));
        assert!(when.all_day, "{end}");
        assert_eq!((when.start, when.end), (at("2026-12-05T00:00:00"), Some(at("2026-12-06T00:00:00"))), "{end}");
    }
    let summer = when("DTSTART:20260704T220000Z\nDTEND:20260705T220000Z");
    assert_eq!((summer.all_day, summer.start, summer.end), (true, at("2026-07-05T00:00:00"), Some(at("2026-07-05T00:00:00"))));
    assert!(!when("DTSTART:20261204T230000Z").all_day, "midnight alone may only mean that no hour was entered");
}

#[test]
fn no_event_holds_thousands_of_dates() {
    let dates: Vec<String> = (0..3_000).map(|minute| format!("20270101T{:02}{:02}00", minute / 60 % 24, minute % 60)).collect();
    for name in ["RDATE", "EXDATE"] {
        let feed = calendar(&format!("DTSTART:20261205T180000\nRRULE:FREQ=WEEKLY\n{name}:{}", dates.join(",")));
        let when = feed.drafts[0].content.when.as_ref().unwrap();
        assert_eq!(when.rdate.len() + when.exdate.len(), recurrence::MOST_DATES, "{name}");
        assert_eq!(feed.warnings.iter().filter(|warning| warning.value == "2500").count(), 1, "{:?}", feed.warnings);
    }
}

#[test]
fn dates_end_on_their_last_day_and_durations_count() {
    let two = when("DTSTART;VALUE=DATE:20261205\nDTEND;VALUE=DATE:20261207");
    assert_eq!((two.all_day, two.end), (true, Some(at("2026-12-06T00:00:00"))));
    assert_eq!(when("DTSTART;VALUE=DATE:20261205\nDTEND;VALUE=DATE:20261205").end, Some(at("2026-12-05T00:00:00")));
    assert_eq!(when("DTSTART:20261205\nDURATION:P2D").end, Some(at("2026-12-06T00:00:00")));
    assert_eq!(when("DTSTART:20261205T180000\nDURATION:PT1H30M").end, Some(at("2026-12-05T19:30:00")));
    assert_eq!(when("DTSTART:20261205T180000").end, None);
    let odd = calendar("DTSTART:20261205T180000\nDURATION:P999999999999999999W");
    assert_eq!((odd.drafts.len(), odd.warnings.len()), (1, 1));
    let backwards = calendar("DTSTART:20261205T180000\nDTEND:20261205T170000");
    assert_eq!((backwards.drafts[0].content.when.as_ref().unwrap().end, backwards.warnings[0].field.as_str()), (None, "DTEND"));
}

#[test]
fn zones_are_found_under_their_many_names() {
    for (id, zone) in [
        ("Europe/Brussels", "Europe/Brussels"),
        ("/freeassociation.sourceforge.net/Europe/Brussels", "Europe/Brussels"),
        ("/mozilla.org/20050126_1/Europe/Paris", "Europe/Paris"),
        ("\"Romance Standard Time\"", "Europe/Paris"),
        ("\"(UTC+01:00) Brussels, Copenhagen, Madrid, Paris\"", "Europe/Brussels"),
    ] {
        let when = when(&format!("DTSTART;TZID={id}:20261205T180000"));
        assert_eq!((when.zone.as_str(), when.start), (zone, at("2026-12-05T18:00:00")), "{id}");
    }
    assert_eq!(when("DTSTART;TZID=UTC:20261205T180000").start, at("2026-12-05T19:00:00"));
    let unknown = calendar("DTSTART;TZID=Mars/Olympus:20261205T180000");
    assert_eq!((unknown.refused[0].line, unknown.refused[0].field.as_str(), unknown.refused[0].value.as_str()), (2, "TZID", "Mars/Olympus"));
}

#[test]
fn a_zone_of_the_file_s_own_is_taken_when_its_offsets_agree() {
    let feed = |summer: &str| {
        let text = format!(
            "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Fête\nDTSTART;TZID=Chez nous:20261205T180000\nEND:VEVENT\nBEGIN:VTIMEZONE\nTZID:Chez nous\nBEGIN:STANDARD\nTZOFFSETTO:+0100\nEND:STANDARD\nBEGIN:DAYLIGHT\nTZOFFSETTO:{summer}\nEND:DAYLIGHT\nEND:VTIMEZONE\nEND:VCALENDAR"
        );
        parse(text.as_bytes(), &settings()).unwrap()
    };
    let taken = feed("+0200");
    assert_eq!((taken.drafts.len(), taken.warnings[0].field.as_str()), (1, "TZID"));
    assert_eq!(feed("+0300").refused.len(), 1);
}

#[test]
fn the_calendar_s_zone_decides_over_the_source_s() {
    let text = "BEGIN:VCALENDAR\nX-WR-TIMEZONE:Europe/London\nBEGIN:VEVENT\nSUMMARY:Tea\nDTSTART:20261205T180000Z\nEND:VEVENT\nEND:VCALENDAR";
    let when = parse(text.as_bytes(), &settings()).unwrap().drafts.remove(0).content.when.unwrap();
    assert_eq!((when.zone.as_str(), when.start), ("Europe/London", at("2026-12-05T18:00:00")));
}

#[test]
fn folds_may_cut_a_letter_and_lines_may_end_in_any_way() {
    for end in ["\r\n", "\n", "\r"] {
        let mut bytes = format!("\u{feff}BEGIN:VCALENDAR{end}BEGIN:VEVENT{end}DTSTART:20261205T180000{end}SUMMARY:Soir").into_bytes();
        bytes.extend([0xc3]);
        bytes.extend(end.bytes());
        bytes.extend([b' ', 0xa9]);
        bytes.extend(format!("e d’hiver{end}END:VEVENT{end}END:VCALENDAR").bytes());
        let feed = parse(&bytes, &settings()).unwrap();
        assert_eq!(feed.drafts[0].content.name.exact(settings().language), Some("Soirée d’hiver"), "{end:?}");
        assert_eq!(feed.warnings, [], "{end:?}");
    }
}

#[test]
fn a_calendar_in_windows_1252_is_read_with_a_warning() {
    let feed = parse(b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20261205\nSUMMARY:F\xeate \x96 50 \x80\nEND:VEVENT\nEND:VCALENDAR", &settings()).unwrap();
    assert_eq!(feed.drafts[0].content.name.exact(settings().language), Some("Fête – 50 €"));
    assert_eq!((feed.warnings[0].line, feed.warnings[0].field.as_str()), (4, "encoding"));
}

#[test]
fn the_key_is_the_page_else_the_uid_else_name_and_start() {
    let key = |lines: &str| calendar(&format!("DTSTART:20261205T180000\n{lines}")).drafts[0].source_id.clone();
    assert_eq!(key("UID:Groupe-12\nURL:https://x.example/rv/1"), "https://x.example/rv/1");
    assert_eq!(key("UID:Groupe-12"), "Groupe-12");
    assert_eq!(key("LOCATION:Ici"), "fete 20261205T1800");
    let shared = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:a\nURL:https://x.example\nDTSTART:20261205\nEND:VEVENT\nBEGIN:VEVENT\nSUMMARY:b\nURL:https://x.example\nDTSTART:20261206\nEND:VEVENT\nBEGIN:VEVENT\nSUMMARY:b\nURL:https://x.example\nDTSTART:20261206\nEND:VEVENT\nEND:VCALENDAR";
    let feed = parse(shared.as_bytes(), &settings()).unwrap();
    assert_eq!(
        feed.drafts.iter().map(|draft| draft.source_id.as_str()).collect::<Vec<_>>(),
        ["https://x.example#20261205T0000", "https://x.example#20261206T0000"]
    );
    assert_eq!((feed.refused[0].line, feed.refused[0].reason.as_str()), (12, "listed twice: first on line 7"));
}

#[test]
fn a_changed_occurrence_leaves_its_series() {
    let text = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:s\nSUMMARY:Soupe\nDTSTART;TZID=Europe/Brussels:20261202T180000\nDTEND;TZID=Europe/Brussels:20261202T200000\nRRULE:FREQ=WEEKLY;UNTIL=20261223\nEND:VEVENT\nBEGIN:VEVENT\nUID:s\nSUMMARY:Soupe chez Léa\nRECURRENCE-ID:20261209T170000Z\nDTSTART:20261210T170000Z\nEND:VEVENT\nEND:VCALENDAR";
    let feed = parse(text.as_bytes(), &settings()).unwrap();
    assert_eq!(feed.drafts.iter().map(|draft| draft.source_id.as_str()).collect::<Vec<_>>(), ["s", "s#20261209T1800"]);
    let series = feed.drafts[0].content.when.as_ref().unwrap();
    assert_eq!(series.exdate, [at("2026-12-09T18:00:00")]);
    let starts: Vec<_> = occurrences(series, "2026-12-01".parse().unwrap(), "2026-12-31".parse().unwrap()).unwrap().iter().map(|one| one.start).collect();
    assert_eq!(starts, [at("2026-12-02T18:00:00"), at("2026-12-16T18:00:00"), at("2026-12-23T18:00:00")]);
    let ever_after = parse(text.replace("RECURRENCE-ID:", "RECURRENCE-ID;RANGE=THISANDFUTURE:").as_bytes(), &settings()).unwrap();
    assert_eq!((ever_after.drafts.len(), ever_after.refused[0].field.as_str()), (1, "RECURRENCE-ID"));
}

#[test]
fn extra_and_excluded_dates_are_read_in_every_form() {
    let when = when(
        "DTSTART;TZID=Europe/Brussels:20261201T180000\nRRULE:FREQ=WEEKLY;COUNT=5;\nEXDATE;VALUE=DATE:20261208\nEXDATE:20261215T170000Z,\nRDATE;VALUE=PERIOD:20261203T170000Z/PT1H,20261204T170000Z/20261204T180000Z\nRDATE;TZID=Europe/Brussels:20261205T180000",
    );
    assert_eq!(when.rrule.as_deref(), Some("FREQ=WEEKLY;COUNT=5"));
    assert_eq!(when.exdate, [at("2026-12-08T18:00:00"), at("2026-12-15T18:00:00")]);
    assert_eq!(when.rdate, [at("2026-12-03T18:00:00"), at("2026-12-04T18:00:00"), at("2026-12-05T18:00:00")]);
    assert_eq!(calendar("DTSTART:20261205\nRDATE:199709T180000Z").warnings[0].field, "RDATE");
}

#[test]
fn what_cannot_be_computed_or_read_is_refused_with_its_line() {
    for (lines, field) in [
        ("LOCATION:Ici", "DTSTART"),
        ("DTSTART:demain", "DTSTART"),
        ("DTSTART:20260231T100000", "DTSTART"),
        ("DTSTART:00260205T100000", "DTSTART"),
        ("DTSTART:20261205T180000\nRRULE:FREQ=SECONDLY", "RRULE"),
        ("DTSTART:20261205T180000\nRRULE:RSCALE=CHINESE;FREQ=YEARLY", "RRULE"),
        ("DTSTART:20261205T180000\nEXRULE:FREQ=DAILY", "EXRULE"),
        ("DTSTART:20261205T180000\nCLASS:PRIVATE", "CLASS"),
        ("DTSTART:20261205T180000\nRRULE:FREQ=DAILY\nRRULE:FREQ=WEEKLY", "RRULE"),
    ] {
        let feed = calendar(lines);
        assert_eq!((feed.drafts.len(), feed.refused.len()), (0, 1), "{lines}");
        assert_eq!((feed.refused[0].line, feed.refused[0].field.as_str()), (2, field), "{lines}");
    }
    let nameless = parse(b"BEGIN:VEVENT\nDTSTART:20261205\nEND:VEVENT", &settings()).unwrap();
    assert_eq!(nameless.refused[0].field, "SUMMARY");
    let cut = parse(b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:a\nDTSTART:20261205", &settings()).unwrap();
    assert_eq!((cut.refused[0].field.as_str(), cut.warnings[0].field.as_str()), ("END:VEVENT", "END:VCALENDAR"));
}

#[test]
fn a_cancelled_event_is_never_announced() {
    for (lines, status) in [("STATUS:CANCELLED", WhenStatus::Cancelled), ("STATUS:TENTATIVE", WhenStatus::Tentative), ("SUMMARY:x", WhenStatus::Scheduled)] {
        assert_eq!(when(&format!("DTSTART:20261205T180000\n{lines}")).status, status);
    }
    let title = |summary: &str| {
        parse(format!("BEGIN:VEVENT\nDTSTART:20261205\nSUMMARY:{summary}\nEND:VEVENT").as_bytes(), &settings()).unwrap().drafts[0]
            .content
            .when
            .as_ref()
            .unwrap()
            .status
    };
    assert_eq!(title("[ANNULÉ] Fête"), WhenStatus::Cancelled);
    assert_eq!(title("Reporté : fête"), WhenStatus::Postponed);
    assert_eq!(title("COMPLET - atelier"), WhenStatus::Full);
    assert_eq!(title("Complet-jupe en laine"), WhenStatus::Full, "known mistake: the hyphen sets the word apart");
    assert_eq!(title("Annuler un bail"), WhenStatus::Scheduled);
}

#[test]
fn text_terms_and_place_are_understood_and_persons_dropped() {
    let feed = calendar(
        "DTSTART:20261205T180000\nDESCRIPTION:<p>Un bol\\, du pain\\; et <b>plus</b>.</p>\nCATEGORIES:Entraide,Gratuit\\, vraiment\nCATEGORIES:Gratuit\nLOCATION:Schaerbeek\\, Rue de l'Olivier 3 bis\nGEO:4.3721;50.864\nORGANIZER;CN=\"Jeanne; ^'J^'\":mailto:j@x.example\nATTENDEE:mailto:k@x.example\nLAST-MODIFIED:20261102T233000Z\nATTACH;FMTTYPE=a/b:x\nBEGIN:VALARM\nDESCRIPTION:autre\nEND:VALARM",
    );
    let draft = &feed.drafts[0];
    assert_eq!(draft.content.text.exact(settings().language), Some("Un bol, du pain; et plus."));
    assert_eq!(draft.content.terms, ["Entraide", "Gratuit, vraiment", "Gratuit"]);
    assert_eq!(draft.content.themes, [directory::theme::Theme::Social]);
    assert_eq!(draft.content.cost.kind, CostKind::Free);
    assert_eq!(draft.content.address.position, Some((50.864, 4.3721)));
    assert_eq!(
        (draft.content.address.street.as_deref(), draft.content.address.number.as_deref(), draft.content.address.locality.as_deref()),
        (Some("Rue de l'Olivier"), Some("3 bis"), Some("Schaerbeek"))
    );
    assert_eq!(draft.updated_on, "2026-11-03".parse().ok());
    assert_eq!(feed.personal_dropped, 2);
    assert_eq!(feed.warnings.iter().map(|warning| warning.field.as_str()).collect::<Vec<_>>(), ["GEO"]);
    assert_eq!(feed.coverage, Coverage::Window);
    assert_eq!(calendar("DTSTART:20261205\nGEO:0;0").drafts[0].content.address.position, None);
    assert!(parse(b"BEGIN:VCALENDAR\nEND:VCALENDAR", &settings()).unwrap().drafts.is_empty(), "an agenda may well be empty");
}

#[test]
fn categories_are_mapped_to_needs() {
    let content = calendar("DTSTART:20261205\nCATEGORIES:Repair Café,Divers\nCATEGORIES:concerts").drafts.remove(0).content;
    let needs: Vec<_> = content.needs.iter().map(|known| (known.need.id(), &known.origin)).collect();
    assert_eq!(needs, ["repair-cafe", "concert"].map(|need| (need, &directory::record::NeedOrigin::Mapped)));
}

#[test]
fn yeswiki_names_its_page_twice() {
    let feed = calendar(
        "DTSTART:20261205\nNAME:Fête\nDATE-MOD:20261102T083000Z\nURL:https://w.example/?Fete\nDESCRIPTION:Jouets, livres. \n \\nSource: https://w.example/?Fete",
    );
    assert_eq!(feed.drafts[0].content.text.exact(settings().language), Some("Jouets, livres."));
    assert_eq!(feed.drafts[0].updated_on, "2026-11-02".parse().ok());
    let name = |text: &str| {
        parse(format!("BEGIN:VEVENT\r\nDTSTART:20261205\r\n{text}\r\nEND:VEVENT").as_bytes(), &settings())
            .unwrap()
            .drafts
            .remove(0)
            .content
            .name
            .exact(settings().language)
            .map(ToOwned::to_owned)
    };
    assert_eq!(name("SUMMARY:destiné à\r\n dépasser\r\nNAME:destiné à \r\n dépasser").as_deref(), Some("destiné à dépasser"), "a fold ate the space");
    assert_eq!(name("NAME:Seul nom").as_deref(), Some("Seul nom"));
}

#[test]
fn parameters_are_unescaped_and_broken_ones_tolerated() {
    let line = |text: &str| property(&Line { number: 1, text: text.to_owned(), guessed: false });
    let organizer = line("ORGANIZER;CN=\"Jeanne; ^'J^'^n^^\";X=1:mailto:j@x.example").unwrap();
    assert_eq!(organizer.parameter("CN"), Some("Jeanne; \"J\"\n^"));
    assert_eq!(organizer.value, "mailto:j@x.example");
    assert_eq!(line("DTSTART;;VALUE=DATE-TIME:20140409T093000").unwrap().value, "20140409T093000");
    assert_eq!(line("X;CN=\"open:value").unwrap().value, "value");
    assert!(line("no colon").is_none() && line(":x").is_none() && line("").is_none());
    assert_eq!(calendar("DTSTART:20261205\nune ligne perdue").warnings[0].line, 5);
}
