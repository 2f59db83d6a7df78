//! P15: a copy made under load holds every message that was accepted before it began, and answers.

use std::sync::Arc;
use std::time::Duration;

use harness::carrier::{Carrier, Message};
use harness::home::{Home, Kind};
use harness::program::{Program, UNLIMITED, fill, free_address, run};
use harness::scale::Scale;
use tokio::time::sleep;

use crate::load::{Load, message};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p15_a_copy_holds_what_was_accepted_before() {
    let scale = Scale::of_this_run();
    println!("P15 is of SQLite alone: a server's copies are made with its own tools");
    let home = Home::new(Kind::Sqlite);
    fill(&home, 60).await;
    let mut program = Program::serve(&home, free_address(), &UNLIMITED).await;
    let carrier = Arc::new(Carrier::new(program.address));
    let load = Load::start(&carrier, 8, 0);
    let (rounds, mut missing, mut different, mut held, mut killed) = (scale.pick(2, 20), 0, 0, 0, 0);
    let copies = tempfile::tempdir().unwrap();
    for round in 0..rounds {
        let wanted = load.sent() + scale.pick(60, 500);
        while load.sent() < wanted {
            sleep(Duration::from_millis(10)).await;
        }
        let copy = copies.path().join(format!("{round}.copy"));
        // A copy that is cut off is no copy.
        let cut = run(&home, &[("FAILPOINTS", "backup::before-rename=return")], ["backup".as_ref(), copy.as_os_str()]).await;
        assert!(!cut.status.success() && !copy.exists());
        killed += 1;
        let before = carrier.heard();
        let made = run(&home, &[], ["backup".as_ref(), copy.as_os_str()]).await;
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));

        let other = Home::new(Kind::Sqlite);
        std::fs::copy(home.key_file(), other.key_file()).unwrap();
        let restored = run(&other, &[], ["restore".as_ref(), copy.as_os_str()]).await;
        assert!(restored.status.success(), "{}", String::from_utf8_lossy(&restored.stderr));
        assert_eq!(other.findings().await, Vec::<String>::new());
        let kept = other.column("SELECT carrier_id FROM turn").await;
        missing += before.keys().filter(|sid| kept.binary_search(sid).is_err()).count();
        held += before.len();

        // It answers: what it answered before with the same bytes, and a new message.
        let mut restored = Program::serve(&other, free_address(), &UNLIMITED).await;
        let again = Carrier::new(restored.address);
        let mut connection = None;
        for (sid, answers) in before.iter().rev().take(20) {
            let (person, step) = (sid[2..10].parse().unwrap(), sid[10..].parse().unwrap());
            let answer = again.attempt(&mut connection, &message(person, step)).await.unwrap();
            different += usize::from(answer.status != 200 || !answers.contains(&answer.body));
        }
        let new = Message { sid: "SMNEW".to_owned(), from: "+33612345678".to_owned(), text: "manger 1030".to_owned() };
        assert!(again.attempt(&mut connection, &new).await.unwrap().body.contains("Repas chaud 1030"));
        restored.stop().await;
    }
    let fared = load.finish().await;
    program.stop().await;
    println!(
        "P15 sqlite: {rounds} copies under load ({} messages in all), {held} accepted before them: missing {missing}, other answers {different}; {killed} copies cut off, none taken for whole",
        fared.sent.load(std::sync::atomic::Ordering::SeqCst)
    );
    assert_eq!((missing, different), (0, 0));
}
