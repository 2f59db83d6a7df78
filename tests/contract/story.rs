//! One story of a directory and its turns, told on each database and compared step by step.
//!
//! A function for each aggregate. A new statement in `db` that no step runs fails the test by name: add a
//! step to the aggregate's function, or a function to `tell`.

mod desk;
mod imports;
mod kiosks;
mod mirror;
mod outbox;
mod reading;
mod slips;
mod traces;
mod turns;
mod upkeep;
mod wishes;

use std::fmt::Debug;
use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use db::Store;
use db::writer::TurnWriter;
use directory::vocabulary::Vocabulary;
use harness::place::Place;

use crate::statements;

/// What a story is told with, and what was told so far.
struct Story {
    place: Place,
    store: Arc<Store>,
    writer: TurnWriter,
    vocabulary: Vocabulary,
    now: DateTime<Utc>,
    told: Vec<String>,
}

impl Story {
    async fn tell(place: Place) -> Self {
        // Twice: a database that is up to date stays as it is.
        place.open().await.unwrap().close().await;
        let store = Arc::new(place.open().await.unwrap());
        let (writer, work) = TurnWriter::new(Arc::clone(&store));
        tokio::spawn(work);
        let now = harness::demo::MONDAY.parse().unwrap();
        let mut told = Self { place, store, writer, vocabulary: Vocabulary::shipped().unwrap(), now, told: Vec::new() };
        imports::import_all(&mut told).await;
        reading::records(&mut told).await;
        upkeep::renewal(&mut told).await;
        mirror::copy(&mut told).await;
        reading::searches(&mut told).await;
        wishes::opt_outs(&mut told).await;
        wishes::call_backs(&mut told).await;
        wishes::changes(&mut told).await;
        wishes::sender_keys(&mut told).await;
        outbox::deliveries(&mut told).await;
        outbox::leases(&mut told).await;
        outbox::traceless(&mut told).await;
        slips::places(&mut told).await;
        slips::print_jobs(&mut told).await;
        slips::changes(&mut told).await;
        kiosks::sealed_requests(&mut told).await;
        kiosks::assistance(&mut told).await;
        turns::answers(&mut told).await;
        turns::conversations(&mut told).await;
        turns::budgets(&mut told).await;
        turns::other_entries(&mut told).await;
        desk::accounts(&mut told).await;
        desk::visits(&mut told).await;
        desk::care(&mut told).await;
        desk::sources(&mut told).await;
        traces::erasure(&mut told).await;
        traces::persons(&mut told).await;
        upkeep::purge(&mut told).await;
        slips::tickets(&mut told).await;
        wishes::expired(&mut told).await;
        kiosks::expired(&mut told).await;
        upkeep::check(&mut told).await;
        upkeep::copies(&mut told).await;
        upkeep::newer_schema(&mut told).await;
        told
    }

    /// Notes what a step came to.
    fn note(&mut self, step: &str, result: impl Debug) {
        self.told.push(format!("{step}: {result:?}"));
    }

    /// Notes every row of every table.
    async fn look(&mut self, step: &str) {
        for (table, rows) in self.place.rows().await.unwrap() {
            for row in rows {
                self.told.push(format!("{step}: {table}: {row}"));
            }
        }
    }

    fn later(&mut self, time: Duration) {
        self.now += time;
    }
}

#[tokio::test]
async fn both_databases_tell_the_same_story() {
    statements::listen();
    let mut stories: Vec<Story> = Vec::new();
    for place in Place::both().await.unwrap() {
        statements::heard();
        let story = Story::tell(place).await;
        let engine = story.place.engine();
        let (written, heard) = (statements::written_for(engine), statements::heard());
        let silent = statements::unheard(&written, &heard);
        println!("{engine}: {} of {} statements ran, {} steps", written.len() - silent.len(), written.len(), story.told.len());
        assert!(silent.is_empty(), "no step of the story runs these statements on {engine}: {silent:#?}");
        stories.push(story);
    }
    for pair in stories.windows(2) {
        for (one, other) in pair[0].told.iter().zip(&pair[1].told) {
            assert_eq!(one, other, "{} and {} tell it differently", pair[0].place.engine(), pair[1].place.engine());
        }
        assert_eq!(pair[0].told.len(), pair[1].told.len());
    }
}
