//! The needs that a mediator set stay, whatever a source says later and whatever program opens the directory.

use std::sync::Arc;

use db::Store;
use db::correction::Corrected;
use db::import::{Options, Source};
use directory::code::Code;
use directory::dialogue::Query;
use directory::draft::{Draft, Feed};
use directory::language::{Language, Localized};
use directory::need::Need;
use directory::phone::Country;
use directory::query::Wanted;
use directory::record::{Content, Kind, NEEDS, NeedOrigin, Scope};
use directory::vocabulary::Vocabulary;
use harness::demo::MONDAY;
use harness::place::Place;
use serde_json::json;

/// The one entry of the source, under that name, with the needs that the source names.
fn feed(name: &str, needs: &[&str]) -> Feed {
    let mut content = Content { name: Localized::new(Language::Fr, name), ..Content::default() };
    content.address.postal_code = Some("1030".to_owned());
    for id in needs {
        content.add_need(Need::from_id(id).unwrap(), NeedOrigin::Source);
    }
    Feed { drafts: vec![Draft::new("a", Kind::Service, content)], ..Feed::default() }
}

struct Bench {
    store: Store,
    vocabulary: Vocabulary,
}

impl Bench {
    async fn import(&self, name: &str, needs: &[&str]) -> Code {
        let options = Options { dry_run: false, allow_drop: false, now: MONDAY.parse().unwrap() };
        self.store.import(&Source::new("carte", "csv"), feed(name, needs), self.vocabulary.territory(), options, |_, _| ()).await.unwrap();
        let mut codes = Vec::new();
        self.store.each_record(|record| codes.push(record.code)).await.unwrap();
        codes[0]
    }

    /// A mediator sets the needs, or gives them back to the source.
    async fn set(&self, code: Code, needs: Option<&[&str]>) {
        let (mut record, version) = self.store.record_to_change(code).await.unwrap().unwrap();
        let word = self.store.words_of_sources(code).await.unwrap().remove(0).1;
        let now = MONDAY.parse().unwrap();
        let is_taken = match needs {
            Some(needs) => {
                let list: Vec<_> = needs.iter().map(|id| json!({"need": id, "origin": "mediator"})).collect();
                record.correct(NEEDS, json!(list), &word, "mediator", now)
            }
            None => record.take_back(NEEDS, &word),
        };
        assert!(is_taken);
        assert_eq!(self.store.correct(&record, version, &[], self.vocabulary.territory(), now).await.unwrap(), Corrected::Kept);
    }

    /// What the entry says, what its brief says, and what it is found by.
    async fn says(&self, code: Code) -> (Vec<&'static str>, bool) {
        let record = self.store.record(code).await.unwrap().unwrap();
        let told = record.content.all_needs(record.kind).0;
        assert_eq!(self.store.briefs(&[code]).await.unwrap()[0].needs, told);
        for id in ["shower", "luggage-storage", "laundry", "hot-meal"] {
            let need = Need::from_id(id).unwrap();
            assert_eq!(self.finds(need).await, told.contains(&need), "{id}");
        }
        (told.into_iter().map(Need::id).collect(), record.overrides.iter().any(|correction| correction.conflict))
    }

    async fn finds(&self, need: Need) -> bool {
        let query = Query {
            wanted: Wanted { needs: vec![need], locality: self.vocabulary.territory().postal_code("1030"), ..Wanted::default() },
            postal_codes: vec!["1030".to_owned()],
            country: Country::Be,
            here: None,
            around: Arc::default(),
            areas: std::sync::Arc::default(),
            reach_km: 5.0,
            is_placed: true,
        };
        let now = MONDAY.parse::<chrono::DateTime<chrono::Utc>>().unwrap().naive_utc();
        let found = self.store.search(&query, None, Scope::Sms, now).await.unwrap();
        found.hits.iter().any(|hit| hit.brief.needs.contains(&need))
    }
}

#[tokio::test]
async fn no_source_and_no_program_undoes_the_needs_that_a_mediator_set() {
    for place in Place::both().await.unwrap() {
        let mut bench = Bench { store: place.open().await.unwrap(), vocabulary: Vocabulary::shipped().unwrap() };
        let code = bench.import("Douches et bagagerie", &[]).await;
        assert_eq!(bench.says(code).await, (vec!["shower", "luggage-storage"], false));
        for (by_hand, name, source) in [(vec!["laundry"], "Douches et repas chauds", vec![]), (vec![], "Bagagerie et douches", vec!["hot-meal"])] {
            bench.set(code, Some(&by_hand)).await;
            assert_eq!(bench.says(code).await, (by_hand.clone(), false));
            // Another name, and words that say other needs; then a list of the source's own.
            bench.import(name, &source).await;
            let is_conflict = !source.is_empty();
            assert_eq!(bench.says(code).await, (by_hand.clone(), is_conflict));
            // A program that lays the directory out otherwise.
            bench.store.close().await;
            for change in ["UPDATE counter SET value = value + 1 WHERE name = 'layout'", "DELETE FROM listing WHERE topic LIKE 'need:%'"] {
                place.tamper(change).await.unwrap();
            }
            bench.store = place.open().await.unwrap();
            assert_eq!(bench.says(code).await, (by_hand, is_conflict));
        }
        bench.set(code, None).await;
        assert_eq!(bench.says(code).await, (vec!["hot-meal"], false), "{}", place.engine());
        bench.store.close().await;
    }
}
