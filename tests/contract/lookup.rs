//! What the demo territory finds for a message.

use chrono::DateTime;
use chrono_tz::Tz;
use directory::dialogue::{self, Found, Lookup, Query, Setting};
use directory::intent::{self, Input, Understanding};
use directory::record::Scope;
use directory::session::Session;
use harness::demo::{Demo, MONDAY};
use harness::place::Place;

/// The demo on each engine that is to be had.
pub async fn demos() -> Vec<Demo> {
    let mut demos = Vec::new();
    for place in Place::both().await.unwrap() {
        demos.push(Demo::on(place).await.unwrap());
    }
    demos
}

/// What the first message of a conversation means, and all that is found for it; the same on each engine.
pub async fn ask(demos: &[Demo], text: &str) -> (Understanding, Found) {
    let engine = &demos[0].engine;
    let session = Session::default();
    let understood = intent::read(&Input::Text(text.to_owned()), &session, &engine.vocabulary, monday());
    let setting = Setting {
        vocabulary: &engine.vocabulary,
        now: monday(),
        desk: engine.desk.as_ref(),
        calls_back: false,
        home: None,
        manner: directory::dialogue::Manner::default(),
    };
    let lookup = dialogue::lookup(&understood, &session, &setting);
    let mut found = Vec::new();
    for demo in demos {
        found.push(match &lookup {
            // Of a ticket too: no slip was made.
            Lookup::None | Lookup::Ticket(_) => Found::default(),
            Lookup::Records(query) | Lookup::Door(query) => search(demo, query).await,
            Lookup::Record(code) => {
                let record = demo.engine.store.record(*code).await.unwrap();
                record.map(|record| Found::one(record, monday().naive_local())).unwrap_or_default()
            }
            Lookup::Listed { .. } => unreachable!("no listing in a first message"),
        });
    }
    assert!(found.windows(2).all(|pair| pair[0] == pair[1]), "{text:?} finds different things: {found:#?}");
    (understood, found.swap_remove(0))
}

pub async fn search(demo: &Demo, query: &Query) -> Found {
    demo.engine
        .store
        .search(query, None, Scope::Sms, monday().naive_local())
        .await
        .unwrap_or_else(|error| panic!("{}: {query:?}: {error}", demo.place.engine()))
}

pub fn monday() -> DateTime<Tz> {
    DateTime::parse_from_rfc3339(MONDAY).unwrap().with_timezone(&chrono_tz::Europe::Brussels)
}
