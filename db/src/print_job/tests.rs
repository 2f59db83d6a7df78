use std::path::Path;

use super::*;
use directory::printing::GIVEN_UP;

const CODE: &str = "7G7KC";

fn now() -> DateTime<Utc> {
    "2026-11-23T10:00:00Z".parse().unwrap()
}

async fn opened(folder: &Path) -> Store {
    Store::open(&folder.join("t.sqlite")).await.unwrap()
}

fn wanted() -> Wanted {
    Wanted {
        printer: "desk".to_owned(),
        codes: vec![Code::parse(CODE).unwrap()],
        languages: "fr".to_owned(),
        style: "standard".to_owned(),
        ticket: None,
        scans: false,
    }
}

async fn claim(store: &Store, at: DateTime<Utc>) -> Option<(i64, Left)> {
    store.claim_print("desk", at).await.unwrap().map(|job| (job.id, job.left))
}

fn transition(state: JobState, left: Left) -> Transition {
    Transition { state, left, pause: Duration::zero() }
}

#[tokio::test]
async fn slips_come_one_after_the_other_in_the_order_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let store = opened(folder.path()).await;
    for _ in 0..2 {
        store.queue_print(&wanted(), now()).await.unwrap();
    }
    assert_eq!(claim(&store, now()).await, Some((1, Left::Nothing)));
    assert_eq!(claim(&store, now()).await, None, "the second waits for the first");
    store
        .keep_print(
            1,
            &Transition { pause: Duration::seconds(2), ..transition(JobState::WaitingForPaper, Left::Half) },
            now(),
        )
        .await
        .unwrap();
    assert_eq!(claim(&store, now()).await, None, "the second does not overtake half a slip");
    assert_eq!(claim(&store, now() + Duration::seconds(2)).await, Some((1, Left::Half)));
    store.keep_print(1, &transition(JobState::Done, Left::Nothing), now()).await.unwrap();
    assert_eq!(claim(&store, now()).await, Some((2, Left::Nothing)));
}

#[tokio::test]
async fn no_heap_of_paper_waits_for_a_printer() {
    let folder = tempfile::tempdir().unwrap();
    let store = opened(folder.path()).await;
    for number in 1..=MAX_WAITING {
        assert_eq!(store.queue_print(&wanted(), now()).await.unwrap(), Some(number));
    }
    assert_eq!(store.queue_print(&wanted(), now()).await.unwrap(), None);
    let elsewhere = Wanted { printer: "another".to_owned(), ..wanted() };
    assert!(store.queue_print(&elsewhere, now()).await.unwrap().is_some());
    claim(&store, now()).await;
    store.keep_print(1, &transition(JobState::Done, Left::Nothing), now()).await.unwrap();
    assert!(store.queue_print(&wanted(), now()).await.unwrap().is_some(), "one is printed");
    assert!(store.queue_print(&wanted(), now() + GIVEN_UP).await.unwrap().is_some(), "the others are given up");
}

#[tokio::test]
async fn whoever_dies_while_printing_left_half_a_slip_at_most() {
    let folder = tempfile::tempdir().unwrap();
    let store = opened(folder.path()).await;
    store.queue_print(&wanted(), now()).await.unwrap();
    claim(&store, now()).await;
    store.recover_prints("another").await.unwrap();
    assert_eq!(claim(&store, now()).await, None, "somebody else's printer");
    store.recover_prints("desk").await.unwrap();
    assert_eq!(claim(&store, now()).await, Some((1, Left::Half)));
    store.keep_print(1, &transition(JobState::Queued, Left::Uncut), now()).await.unwrap();
    claim(&store, now()).await;
    assert_eq!(claim(&store, now() + LEASE).await, Some((1, Left::Uncut)), "it is only cut again");
    store.keep_print(1, &transition(JobState::Done, Left::Nothing), now()).await.unwrap();
    store.recover_prints("desk").await.unwrap();
    assert_eq!(claim(&store, now()).await, None, "what was done is not printed again");
}

#[tokio::test]
async fn what_a_visitor_did_not_wait_for_is_mended_by_the_next_slip() {
    for left in [Left::Half, Left::Uncut] {
        let folder = tempfile::tempdir().unwrap();
        let store = opened(folder.path()).await;
        store.queue_print(&wanted(), now()).await.unwrap();
        claim(&store, now()).await;
        store.keep_print(1, &transition(JobState::WaitingForPaper, left), now()).await.unwrap();
        assert_eq!(claim(&store, now() + GIVEN_UP).await, None);
        let given_up = store.print_job(1).await.unwrap().unwrap();
        assert_eq!((given_up.state, given_up.wanted.codes.len()), (JobState::Spoiled, 0));
        // Weeks later the paper still hangs there.
        let later = now() + Duration::days(20);
        store.purge(later).await.unwrap();
        for _ in 0..2 {
            store.queue_print(&wanted(), later).await.unwrap();
        }
        assert_eq!(claim(&store, later).await, Some((2, Left::Half)));
        store.keep_print(2, &transition(JobState::Done, Left::Nothing), later).await.unwrap();
        assert_eq!(claim(&store, later).await, Some((3, Left::Nothing)), "mended once");
    }
}

#[tokio::test]
async fn what_is_over_leaves_no_trace_on_the_disk() {
    let folder = tempfile::tempdir().unwrap();
    let store = opened(folder.path()).await;
    let on_disk = || {
        std::fs::read_dir(folder.path()).unwrap().any(|file| {
            std::fs::read(file.unwrap().path()).unwrap().windows(CODE.len()).any(|window| window == CODE.as_bytes())
        })
    };
    store.queue_print(&wanted(), now()).await.unwrap();
    assert!(on_disk());
    claim(&store, now()).await;
    store.keep_print(1, &transition(JobState::Done, Left::Nothing), now()).await.unwrap();
    assert!(!on_disk(), "a printed slip");
    // Of a printer at which no program is any more.
    store.queue_print(&wanted(), now()).await.unwrap();
    assert_eq!(store.purge(now() + GIVEN_UP).await.unwrap().given_up, 1);
    assert!(!on_disk(), "a slip that nobody printed");
    store.purge(now() + RETENTION + Duration::hours(1)).await.unwrap();
    assert_eq!(store.print_job(1).await.unwrap(), None);
}
