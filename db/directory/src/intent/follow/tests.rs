use std::sync::OnceLock;

use chrono::DateTime;

use crate::code::Code;
use crate::day_part::DayPart;
use crate::intent::{Input, Intent, read};
use crate::query::Wanted;
use crate::session::{Listing, Session, Step};
use crate::theme::Audience;
use crate::vocabulary::Vocabulary;

/// After "manger 1030" listed so many entries.
fn after(step: Step, entries: u32) -> Session {
    let codes = (0..).filter_map(Code::from_serial).take(usize::try_from(entries).unwrap()).collect();
    let wanted = understand("manger 1030", &Session::default()).wanted().cloned().unwrap();
    Session { place: wanted.locality.clone(), listing: Some(Listing { wanted, codes, ..Listing::default() }), step, ..Session::default() }
}

fn understand(text: &str, session: &Session) -> Intent {
    static VOCABULARY: OnceLock<Vocabulary> = OnceLock::new();
    let now = DateTime::parse_from_rfc3339("2026-11-23T10:00:00+01:00").unwrap().with_timezone(&chrono_tz::Europe::Brussels);
    read(&Input::Text(text.to_owned()), session, VOCABULARY.get_or_init(|| Vocabulary::shipped().unwrap()), now).intent
}

fn card() -> Step {
    Step::Card((0..).find_map(Code::from_serial).unwrap())
}

#[test]
fn one_thing_of_the_question_changes() {
    let listed = after(Step::Listing, 4);
    let before = listed.listing.as_ref().unwrap().wanted.clone();
    let day = |wanted: &Wanted| wanted.when.map(|days| days.from.to_string());
    for (text, expected) in [
        ("et demain ?", "2026-11-24"),
        ("demain plutôt", "2026-11-24"),
        ("en morgen?", "2026-11-24"),
        ("und am freitag", "2026-11-27"),
        ("what about tomorrow", "2026-11-24"),
    ] {
        let Intent::Search(wanted) = understand(text, &listed) else { panic!("{text}") };
        assert_eq!((day(&wanted).as_deref(), &wanted.needs, &wanted.locality), (Some(expected), &before.needs, &before.locality), "{text}");
    }
    for text in ["et à 1080 ?", "1080", "in 1080?", "en in molenbeek", "und in 1080", "what about 1080"] {
        let Intent::Search(wanted) = understand(text, &listed) else { panic!("{text}") };
        let code = wanted.locality.as_ref().and_then(|place| place.postal_codes.first().cloned());
        assert_eq!((code.as_deref(), &wanted.needs), (Some("1080"), &before.needs), "{text}");
    }
    let Intent::Search(wanted) = understand("le soir plutôt", &listed) else { panic!() };
    assert_eq!((wanted.part, &wanted.needs), (Some(DayPart::Evening), &before.needs));
    let Intent::Search(wanted) = understand("c'est gratuit ?", &listed) else { panic!() };
    assert!(wanted.free && wanted.needs == before.needs);
    let Intent::Search(wanted) = understand("pour ma fille de 5 ans", &listed) else { panic!() };
    assert_eq!((wanted.audiences.as_slice(), &wanted.needs), ([Audience::Families].as_slice(), &before.needs));
    // The place of a question that found nothing can be changed too.
    assert!(matches!(understand("et à ixelles ?", &after(Step::Empty, 0)), Intent::Search(wanted) if wanted.needs == before.needs));
}

#[test]
fn a_new_question_is_no_follow_up() {
    let listed = after(Step::Listing, 4);
    let before = listed.listing.as_ref().unwrap().wanted.clone();
    for text in ["dentiste demain", "et pour des vêtements ?", "agenda 1080", "non pas ça un dentiste"] {
        let understood = understand(text, &listed);
        assert!(matches!(&understood, Intent::Search(wanted) if wanted.needs != before.needs), "{text}: {understood:?}");
    }
    // Without a list, a day asks what there is.
    assert!(understand("et demain ?", &Session::default()).wanted().is_some_and(|wanted| wanted.needs.is_empty()));
    assert_eq!(understand("le deuxième", &Session::default()).name(), "unclear");
    // A slip answers no question, and a name is asked for as it is.
    let mut called = after(Step::Listing, 4);
    called.listing.as_mut().unwrap().is_called = true;
    assert!(understand("1080", &called).wanted().is_some_and(|wanted| wanted.needs.is_empty()));
}

#[test]
fn an_entry_is_meant_by_its_number() {
    let listed = after(Step::Listing, 4);
    for (text, number) in [
        ("le deuxième", 2),
        ("la premiere svp", 1),
        ("de tweede", 2),
        ("das dritte", 3),
        ("the second one please", 2),
        ("le dernier", 3),
        ("the last one", 3),
        ("2eme", 2),
    ] {
        assert_eq!(understand(text, &listed), Intent::Pick(number), "{text}");
    }
}

#[test]
fn what_a_card_says_is_asked_of_it() {
    for step in [Step::Listing, card()] {
        let session = after(step, 4);
        for text in ["comment y aller ?", "c'est où", "waar is dat", "wie komme ich hin", "how do i get there", "quels horaires", "whats the address"] {
            assert_eq!(understand(text, &session), Intent::Detail, "{text}");
        }
    }
    assert_eq!(understand("c'est gratuit ?", &after(card(), 4)), Intent::Detail);
    for text in ["trop loin", "c'est trop loin pour moi", "te ver", "zu weit weg", "its too far", "something closer pls"] {
        assert!(matches!(understand(text, &after(Step::Listing, 4)), Intent::Nearer(_)), "{text}");
    }
    // Danger comes before all that was listed.
    assert_eq!(understand("il me frappe, c'est où", &after(Step::Listing, 4)).name(), "danger");
}
