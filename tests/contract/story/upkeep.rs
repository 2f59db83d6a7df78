//! Erasing, checking, copying, and a database from the future.

use chrono::Duration;
use db::backup::{BackupError, restore};
use db::{Store, StoreError};

use super::Story;

/// What was laid out by another program is made again when the database is opened.
pub async fn renewal(story: &mut Story) {
    story.place.tamper("UPDATE counter SET value = value + 1 WHERE name = 'layout'").await.unwrap();
    story.place.tamper("DELETE FROM brief WHERE rank % 2 = 0").await.unwrap();
    story.place.open().await.unwrap().close().await;
    story.look("made again").await;
}

pub async fn purge(story: &mut Story) {
    story.note("nothing is old", story.store.purge(story.now).await);
    story.look("after the first purge").await;
    story.later(Duration::days(3));
    story.note("conversations are over", story.store.purge(story.now).await);
    story.look("after the second purge").await;
    story.later(Duration::days(10));
    story.note("turns are old", story.store.purge(story.now).await);
    story.look("after the third purge").await;
}

pub async fn check(story: &mut Story) {
    story.note("sound", story.store.check().await);
}

/// A file is copied by the program, a server by its own tools: only here the engines differ.
pub async fn copies(story: &mut Story) {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.sqlite");
    let made = story.store.backup(&copy).await;
    if story.place.file().is_none() {
        let refused = made.unwrap_err();
        assert!(matches!(refused, BackupError::Server) && refused.to_string().contains("pg_dump"), "{refused}");
        return;
    }
    made.unwrap();
    let back = folder.path().join("back.sqlite");
    assert_eq!(restore(&copy, &back).await.unwrap(), None);
    let restored = Store::open(&back).await.unwrap();
    assert_eq!(restored.count_shown().await.unwrap(), story.store.count_shown().await.unwrap());
    restored.close().await;
}

pub async fn newer_schema(story: &mut Story) {
    let known = story.place.number("SELECT max(version) FROM _sqlx_migrations").await.unwrap();
    story
        .place
        .tamper("INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) SELECT version + 1000, description, success, checksum, execution_time FROM _sqlx_migrations WHERE version = 1")
        .await
        .unwrap();
    let refused = story.place.open().await.unwrap_err();
    assert!(matches!(refused, StoreError::TooNew { found: 1001, known: newest } if newest == known), "{refused}");
    story.note("newer", refused.to_string());
    story.place.tamper("DELETE FROM _sqlx_migrations WHERE version > 1000").await.unwrap();
    story.place.open().await.unwrap().close().await;
}
