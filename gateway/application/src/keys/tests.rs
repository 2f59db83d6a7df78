use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::Duration;

use super::*;

const SECRET: [u8; 32] = [7; 32];
const AMINA: &str = "+32470123456";

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

struct Machine {
    store: Arc<Store>,
    folder: tempfile::TempDir,
}

impl Machine {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { store: Arc::new(Store::open(&folder.path().join("t.sqlite")).await.unwrap()), folder }
    }

    async fn days(&self) -> Vec<String> {
        self.store.sender_keys().await.unwrap().iter().map(|key| key.begins_on.to_string()).collect()
    }

    /// What `serve` does every hour.
    async fn hour(&self, keys: &Keys, now: DateTime<Utc>) {
        self.store.purge(now).await.unwrap();
        keys.renew(&self.store, now).await.unwrap();
    }

    fn holds(&self, needle: &[u8]) -> bool {
        std::fs::read_dir(self.folder.path())
            .unwrap()
            .any(|file| std::fs::read(file.unwrap().path()).unwrap().windows(needle.len()).any(|window| window == needle))
    }
}

#[tokio::test]
async fn a_key_is_replaced_after_90_days_and_destroyed_a_day_later() {
    let machine = Machine::new().await;
    let start = at("2026-11-23T09:30:00Z");
    let keys = Keys::open(&SECRET, &machine.store, start).await.unwrap();
    let first = machine.store.sender_keys().await.unwrap()[0].sealed.clone();
    machine.hour(&keys, start).await;
    let mut hashes = vec![(keys.hasher(start).hash(AMINA), start)];
    for hour in 88 * 24..93 * 24 {
        let now = start + Duration::hours(hour);
        machine.hour(&keys, now).await;
        let hash = keys.hasher(now).hash(AMINA);
        if hashes.last().is_none_or(|(last, _)| *last != hash) {
            hashes.push((hash, now));
        }
    }
    assert_eq!(hashes.len(), 2, "one change");
    assert_eq!(hashes[1].1, at("2027-02-21T00:30:00Z"), "with the UTC day");
    assert_eq!(machine.days().await, ["2027-02-21"]);
    assert!(!machine.holds(first.as_bytes()), "a destroyed key is still on the disk");
    // It is gone from the memory too: even a clock that is set back does not find it.
    assert_eq!(keys.hasher(start).hash(AMINA), hashes[1].0);
    assert_eq!(keys.person(AMINA), Keys::fixed(&SECRET).person(AMINA), "the opt-out list's hash does not change");
}

/// Every gateway renews its keys at the same moment; what they hash a sender to.
async fn renewed(gateways: &[Arc<Keys>], store: &Arc<Store>, now: DateTime<Utc>) -> BTreeSet<SenderHash> {
    let mut all = tokio::task::JoinSet::new();
    for keys in gateways {
        let (keys, store) = (Arc::clone(keys), Arc::clone(store));
        all.spawn(async move {
            keys.renew(&store, now).await.unwrap();
            keys.hasher(now).hash(AMINA)
        });
    }
    all.join_all().await.into_iter().collect()
}

#[tokio::test]
async fn gateways_that_share_a_database_agree() {
    let machine = Machine::new().await;
    let start = at("2026-11-23T09:30:00Z");
    let gateways: Vec<Arc<Keys>> = (0..8).map(|_| Arc::new(Keys::fixed(&SECRET))).collect();
    assert_eq!(renewed(&gateways, &machine.store, start).await.len(), 1);
    assert_eq!(renewed(&gateways, &machine.store, start + Duration::days(89)).await.len(), 1);
    assert_eq!(machine.days().await, ["2026-11-23", "2027-02-21"]);
}

#[tokio::test]
async fn a_clock_that_jumps_neither_destroys_keys_nor_keeps_them() {
    let machine = Machine::new().await;
    let start = at("2026-11-23T09:30:00Z");
    let keys = Keys::open(&SECRET, &machine.store, start).await.unwrap();
    let hash = |now| keys.hasher(now).hash(AMINA);
    let own = hash(start);
    // Years behind for some hours, as a machine with an empty battery is at its start.
    for hour in 0..3 {
        machine.hour(&keys, at("2020-01-01T00:00:00Z") + Duration::hours(hour)).await;
    }
    machine.hour(&keys, start).await;
    assert_eq!(hash(start), own);
    // A year ahead for some hours.
    for hour in 0..3 {
        machine.hour(&keys, at("2027-11-23T00:00:00Z") + Duration::hours(hour)).await;
    }
    machine.hour(&keys, start).await;
    assert_eq!(hash(start), own);
    assert_eq!(machine.days().await, ["2026-11-23", "2027-11-24"]);
    // The key of the far day is not in the way of the next one.
    machine.hour(&keys, start + Duration::days(90)).await;
    assert_eq!(machine.days().await, ["2026-11-23", "2027-02-22", "2027-11-24"]);
    assert_ne!(hash(start + Duration::days(91)), own);
}

/// A command started in the wrong folder, as the healthy gateway sees it: nothing is changed under its feet.
#[tokio::test]
async fn another_key_file_is_refused_and_destroys_nothing() {
    let machine = Machine::new().await;
    let now = at("2026-11-23T09:30:00Z");
    let keys = Keys::open(&SECRET, &machine.store, now).await.unwrap();
    let own = keys.hasher(now).hash(AMINA);
    let before = machine.store.sender_keys().await.unwrap();
    let error = Keys::open(&[8; 32], &machine.store, now).await.unwrap_err();
    assert!(matches!(error, KeyError::OtherKeyFile) && error.to_string().contains("privacy.key_file"), "{error}");
    assert_eq!(machine.store.sender_keys().await.unwrap(), before);
    // The healthy gateway renews its keys, now and when they are due, and hashes as before.
    keys.renew(&machine.store, now).await.unwrap();
    assert_eq!(keys.hasher(now).hash(AMINA), own);
    keys.renew(&machine.store, now + Duration::days(89)).await.unwrap();
    assert_eq!(machine.days().await, ["2026-11-23", "2027-02-21"]);
    // Started again it is the same person's hash.
    assert_eq!(Keys::open(&SECRET, &machine.store, now).await.unwrap().hasher(now).hash(AMINA), own);
}

#[tokio::test]
async fn keys_are_replaced_where_somebody_says_so() {
    let machine = Machine::new().await;
    let now = at("2026-11-23T09:30:00Z");
    let keys = Keys::open(&SECRET, &machine.store, now).await.unwrap();
    let own = keys.hasher(now).hash(AMINA);
    assert_eq!(Keys::replace_others(&SECRET, &machine.store).await.unwrap(), 0);
    assert_eq!(Keys::replace_others(&[8; 32], &machine.store).await.unwrap(), 1);
    let other = Keys::open(&[8; 32], &machine.store, now).await.unwrap();
    assert_ne!(other.hasher(now).hash(AMINA), own);
    // The gateway with the old file goes on with what it knows, and destroys nothing of the other's.
    let error = keys.renew(&machine.store, now).await.unwrap_err();
    assert!(matches!(error, KeyError::OtherKeyFile), "{error}");
    assert_eq!(keys.hasher(now).hash(AMINA), own);
    other.renew(&machine.store, now).await.unwrap();
    assert_eq!(format!("{keys:?} {:?}", keys.hasher(now)), "Keys(redacted) SenderHasher(redacted)");
}
