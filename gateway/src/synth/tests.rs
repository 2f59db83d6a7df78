use std::collections::HashSet;
use std::sync::Arc;

use db::Store;
use db::import::{Options, Source};
use directory::clock::{Clock, FixedClock};
use directory::dialogue::Query;
use directory::intent::{Input, read};
use directory::phone::Country;
use directory::query::Wanted;
use directory::record::{Kind, Scope, WhenStatus};
use directory::schedule::{self, Timetable};
use directory::session::Session;
use directory::theme::Theme;

use super::*;

fn day() -> NaiveDate {
    "2026-11-23".parse().unwrap()
}

fn vocabulary() -> &'static Vocabulary {
    static SHIPPED: std::sync::OnceLock<Vocabulary> = std::sync::OnceLock::new();
    SHIPPED.get_or_init(|| Vocabulary::shipped().unwrap())
}

fn synth(seed: u64) -> Synth<'static> {
    Synth::new(seed, day(), vocabulary().territory()).unwrap()
}

#[test]
fn the_same_arguments_give_the_same_entries() {
    let feed = synth(7).feed(0..60);
    assert_eq!(feed, synth(7).feed(0..60));
    assert_ne!(feed, synth(8).feed(0..60));
}

#[test]
fn a_smaller_directory_is_the_beginning_of_a_larger_one() {
    let synth = synth(7);
    let (small, large) = (synth.feed(0..40), synth.feed(0..60));
    assert_eq!(small.drafts, large.drafts[..40]);
    assert_eq!(synth.draft(55).unwrap(), large.drafts[55]);
    let cut: Vec<_> = parts(PART + 5).collect();
    assert_eq!(cut, [("synth-0001".to_owned(), 0..PART), ("synth-0002".to_owned(), PART..PART + 5)]);
}

#[test]
fn every_theme_and_kind_is_there_and_everything_can_be_computed() {
    let drafts = synth(1).feed(0..2_000).drafts;
    let themes: HashSet<Theme> = drafts.iter().flat_map(|draft| draft.content.themes.iter().copied()).collect();
    assert_eq!(themes.len(), Theme::ALL.len());
    let mut kinds: HashSet<Kind> = drafts.iter().map(|draft| draft.kind).collect();
    // Persons come in with their consent, never from a generator.
    assert!(!kinds.remove(&Kind::Person) && kinds.len() == Kind::ALL.len() - 1);
    let mut rules = HashSet::new();
    for draft in &drafts {
        let content = &draft.content;
        assert!(!content.name.is_empty() && !content.short.is_empty(), "{draft:?}");
        assert!(content.name.iter().chain(content.short.iter()).all(|(_, text)| text.chars().count() <= 140 && !text.contains(['{', '}'])), "{content:?}");
        assert!(content.address.postal_code.is_some() || !content.address.area.is_empty());
        if let Some(osm) = &content.hours.osm
            && rules.insert((osm.clone(), content.address.country))
        {
            Timetable::parse(osm, content.address.country).unwrap_or_else(|error| panic!("{osm}: {error}"));
        }
        if let Some(when) = &content.when {
            schedule::check(when).unwrap();
            assert!(when.status != WhenStatus::Scheduled || schedule::next(when, day().and_time(chrono::NaiveTime::MIN)).is_some(), "{when:?}");
        }
    }
    let events = drafts.iter().filter(|draft| draft.kind == Kind::Event).count();
    assert!((400..600).contains(&events), "{events}");
    let phones = drafts.iter().filter(|draft| draft.content.contacts.iter().any(|contact| contact.phone.is_some())).count();
    assert!(phones > 1_000, "{phones}");
}

#[test]
fn every_word_is_understood_as_what_it_stands_for() {
    let now = FixedClock::at("2026-11-23T10:00:00Z".parse().unwrap()).now().with_timezone(&chrono_tz::Europe::Brussels);
    let synth = synth(1);
    let mut lost = Vec::new();
    for subject in synth.standing.iter().chain(synth.events.iter()) {
        let lengths: HashSet<usize> = Language::ALL.into_iter().map(|language| subject.said(language).items.len()).collect();
        assert_eq!(lengths.len(), 1, "items of {:?}", subject.said(Language::Fr));
        for language in Language::ALL {
            let said = subject.said(language);
            let items = if subject.unasked_items { &[][..] } else { &said.items };
            for word in said.words.iter().chain(items) {
                let session = Session { language: Some(language), ..Session::default() };
                let read = read(&Input::Text(format!("{word} 5000")), &session, vocabulary(), now).intent;
                let found = read.wanted().is_some_and(|wanted| wanted.themes.iter().any(|theme| subject.themes.contains(theme)));
                if !found || !matches!(read.name(), "search" | "danger") {
                    lost.push(format!("{} {word}: {} {:?}", language.code(), read.name(), read.wanted().map(|wanted| &wanted.themes)));
                }
            }
        }
    }
    assert!(lost.is_empty(), "{lost:#?}");
}

#[tokio::test]
async fn it_is_imported_once_and_answers() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("synth.sqlite")).await.unwrap();
    let now: chrono::DateTime<chrono::Utc> = "2026-11-23T11:00:00Z".parse().unwrap();
    let source = Source { name: "synth-0001".to_owned(), format: "synth", demo: true, trust: 0 };
    let options = Options { dry_run: false, allow_drop: true, now };
    let feed = synth(1).feed(0..1_000);
    for (new, unchanged) in [(1_000, 0), (0, 1_000)] {
        let report = store.import(&source, feed.clone(), vocabulary().territory(), options, |_, _| ()).await.unwrap();
        assert_eq!((report.new, report.unchanged, report.changed, report.gone), (new, unchanged, 0, 0));
    }
    let wanted = Wanted { themes: vec![Theme::Food], ..Wanted::default() };
    let codes = vocabulary().territory().around(Country::Be, "2000", 15.0, 25);
    let query =
        Query { wanted, postal_codes: codes, country: Country::Be, here: None, around: Arc::default(), areas: Arc::default(), reach_km: 15.0, is_placed: true };
    let found = store.search(&query, None, Scope::Sms, now.naive_utc()).await.unwrap();
    assert!(!found.hits.is_empty() && found.hits.iter().all(|hit| hit.brief.demo));
    store.close().await;
}

#[test]
fn the_larger_communes_are_communes() {
    let (missing, listed) = place::unknown_communes(vocabulary().territory());
    assert!(missing.is_empty() && listed > 70, "{missing:?}");
}

#[test]
fn questions_are_the_same_again() {
    let synth = synth(3);
    let asked: Vec<String> = (0..200).filter_map(|index| synth.question(index)).collect();
    assert_eq!(asked.len(), 200);
    assert_eq!(asked, (0..200).filter_map(|index| synth.question(index)).collect::<Vec<_>>());
    let with_code = asked
        .iter()
        .filter(|text| text.split(' ').any(|word| word.trim_end_matches('?').len() >= 4 && word.starts_with(|first: char| first.is_ascii_digit())))
        .count();
    assert!((100..180).contains(&with_code), "{with_code}");
    assert!(asked.iter().all(|text| !text.contains(['{', '}'])));
}
