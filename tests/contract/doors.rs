//! What doors offer on the demo territory: the same on both databases, and nothing that leads nowhere.

use directory::dialogue::{self, Found, Lookup, MOST_OFFERED, Manner, Query, Setting};
use directory::intent::{Intent, Understanding};
use directory::language::Language;
use directory::query::Wanted;
use directory::record::Scope;
use directory::session::Session;
use harness::demo::Demo;

use super::lookup::{demos, monday, search};

async fn behind(demo: &Demo, query: &Query) -> Found {
    demo.engine.store.behind_door(query, None, Scope::Sms, monday().naive_local()).await.unwrap()
}

#[tokio::test]
async fn every_door_offers_the_same_on_both_databases_and_no_need_in_vain() {
    let demos = demos().await;
    let engine = &demos[0].engine;
    let manner = Manner { is_call: true, offers_needs: true, ..Manner::default() };
    let setting = Setting { vocabulary: &engine.vocabulary, now: monday(), desk: None, calls_back: false, home: None, manner };
    let look_up = |wanted: Wanted| {
        let understood = Understanding { intent: Intent::Search(wanted), language: Language::Fr };
        dialogue::lookup(&understood, &Session::default(), &setting)
    };
    let (mut large, mut small) = (0, 0);
    for code in ["1030", "1000", "1080", "5590", "5580", "68100"] {
        for door in engine.vocabulary.doors() {
            let locality = engine.vocabulary.territory().postal_code(code);
            let wanted = Wanted { locality, ..engine.vocabulary.door(door.page, door.key).unwrap() };
            let Lookup::Door(query) = look_up(wanted.clone()) else {
                assert_eq!(door.id, "safety", "{} lists at once", door.id);
                continue;
            };
            let found = behind(&demos[0], &query).await;
            for demo in &demos[1..] {
                assert_eq!(behind(demo, &query).await, found, "{} at {code}", door.id);
            }
            if found.needs.is_empty() {
                // As a search lists it.
                let listed = search(&demos[0], &query).await;
                assert!(found.hits.len() >= listed.hits.len(), "{} at {code}", door.id);
                small += 1;
                continue;
            }
            large += 1;
            println!("{code} {}: {:?}", door.id, found.needs);
            assert!((2..=MOST_OFFERED).contains(&found.needs.len()), "{} at {code}: {:?}", door.id, found.needs);
            for need in &found.needs {
                let Lookup::Records(query) = look_up(wanted.for_need(*need)) else { panic!("{need:?}") };
                let listed = search(&demos[0], &query).await;
                assert!(listed.hits.iter().any(|hit| hit.brief.needs.contains(need)), "{} at {code}: {need:?}", door.id);
            }
        }
    }
    assert!(large >= 12 && small >= 6, "{large} large doors, {small} small ones");
}
