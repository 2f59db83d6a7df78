//! Records by code, and every way of searching.

use directory::code::Code;
use directory::dialogue::Query;
use directory::phone::Country;
use directory::query::Wanted;
use directory::record::{Brief, Kind, Scope};
use directory::theme::{Audience, Theme};
use directory::words;

use super::Story;
use super::imports::NAMES;

pub async fn records(story: &mut Story) {
    let mut codes: Vec<Code> = Vec::new();
    story.store.each_record(|record| codes.push(record.code)).await.unwrap();
    story.note("each record", &codes);
    story.note("no codes", story.store.records(&[]).await);
    let unknown = Code::from_serial(700_000).unwrap();
    story.note("an unknown code", story.store.record(unknown).await);
    for count in [1, 2, 3, 63, 64, 65, 130] {
        let asked: Vec<Code> = codes.iter().rev().take(count).copied().chain([unknown]).collect();
        let found = story.store.records(&asked).await.unwrap();
        assert_eq!(found.len(), count.min(codes.len()), "{}", story.place.engine());
        let briefs = story.store.briefs(&asked).await.unwrap();
        assert_eq!(briefs, found.iter().map(|record| Brief::from(record.as_ref())).collect::<Vec<_>>(), "{}", story.place.engine());
        story.note("records", found);
    }
}

pub async fn searches(story: &mut Story) {
    let themes = |themes: &[Theme]| Wanted { themes: themes.to_vec(), ..Wanted::default() };
    let words = |words: &[&str]| Wanted { words: words.iter().map(|word| (*word).to_owned()).collect(), ..Wanted::default() };
    for wanted in [
        Wanted::default(),
        themes(Theme::ALL),
        themes(&[Theme::Food]),
        themes(&[Theme::Social, Theme::Learn]),
        Wanted { kinds: vec![Kind::Event], ..Wanted::default() },
        Wanted { kinds: vec![Kind::Offer, Kind::Place], ..Wanted::default() },
        Wanted { audiences: vec![Audience::Women], ..Wanted::default() },
        words(&["yoga"]),
        words(&["kleider"]),
        words(&["atelier 7", "concert"]),
        words(&["absent"]),
        words(&[""]),
        words(&["", "yoga", " "]),
        words(&["a b", "c  d"]),
        words(&["'", "\"", "\\", "\0", ":*", "zz1030", "ttfood", "*"]),
        Wanted { words: vec!["ح".repeat(2_000)], ..Wanted::default() },
        Wanted { words: vec!["ح".repeat(3_000)], ..Wanted::default() },
        Wanted { themes: vec![Theme::Learn], words: vec!["atelier".to_owned()], ..Wanted::default() },
    ] {
        search(story, wanted).await;
    }
    // Every word of every name, whole and its beginning: each engine must have cut and folded alike.
    for name in NAMES {
        for word in words::fold(name).split(' ') {
            search(story, Wanted { words: vec![word.to_owned()], ..Wanted::default() }).await;
            let beginning: String = word.chars().take(5).collect();
            search(story, Wanted { words: vec![beginning], ..Wanted::default() }).await;
        }
        let hits = search(story, Wanted { words: vec![words::fold(name)], ..Wanted::default() }).await;
        assert!(hits > 0, "{}: {name:?} is not found by its own words", story.place.engine());
    }
}

/// Asks it in one place, in several, around, and nowhere; how much was found in several.
async fn search(story: &mut Story, wanted: Wanted) -> usize {
    let all = ["1000", "1030", "4560", "5590", "4570", "1040", "1050"];
    let mut most = 0;
    for (codes, around, country) in [
        (&all[1..2], &[][..], Country::Be),
        (&all[..], &[][..], Country::Be),
        (&["9999"][..], &all[..], Country::Be),
        (&["68100"][..], &[][..], Country::Fr),
        (&[][..], &[][..], Country::Be),
    ] {
        let owned = |codes: &[&str]| codes.iter().map(|code| (*code).to_owned()).collect::<Vec<_>>();
        let query = Query {
            wanted: wanted.clone(),
            postal_codes: owned(codes),
            country,
            here: None,
            around: owned(around).into(),
            areas: std::sync::Arc::default(),
            reach_km: 10.0,
            is_placed: true,
        };
        let found = story.store.search(&query, None, Scope::Sms, story.now.naive_utc()).await;
        let found = found.unwrap_or_else(|error| panic!("{}: {wanted:?}: {error}", story.place.engine()));
        most = most.max(found.hits.len());
        let hits: Vec<_> = found.hits.iter().map(|hit| (hit.brief.code, hit.by_word, &hit.occurrence)).collect();
        story.note(&format!("{wanted:?} in {codes:?} around {around:?}"), hits);
    }
    most
}
