//! P6: on a full disk we say 503 and never 2xx; what was answered stays answered; once there is room it
//! goes on by itself.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use harness::carrier::{Carrier, Message};
use harness::home::{Home, Kind};
use harness::program::{Program, UNLIMITED, fill, free_address, log};
use harness::scale::Scale;
use tokio::time::sleep;

/// Answered again after there is room.
const RECOVERY: Duration = Duration::from_secs(5);

/// A small disk in memory, taken away when dropped.
struct Disk(PathBuf);

impl Disk {
    /// `None` where this account may not mount.
    fn mounted(folder: &Path, mebibytes: u32) -> Option<Self> {
        let options = format!("size={mebibytes}m");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &options, "passerelle-test"]).arg(folder).output().ok()?;
        mounted.status.success().then(|| Self(folder.to_owned()))
    }

    /// Takes all the room there is.
    fn fill(&self) {
        use std::io::Write;
        let mut ballast = std::fs::File::options().create(true).append(true).open(self.ballast()).unwrap();
        for size in [65_536, 4_096, 512, 1] {
            while ballast.write_all(&vec![7; size]).is_ok() {}
        }
    }

    fn empty(&self) {
        std::fs::remove_file(self.ballast()).unwrap();
    }

    fn ballast(&self) -> PathBuf {
        self.0.join("ballast")
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).output();
    }
}

/// Messages of a load on a disk that is filled meanwhile.
struct Figures {
    accepted: usize,
    refused: usize,
}

fn message(number: usize) -> Message {
    // Long and different each time: every turn takes room of its own.
    Message { sid: format!("SMP6{number:08}"), from: format!("+32473{number:06}"), text: format!("manger 1030 {}", "a".repeat(number % 300)) }
}

/// Sends messages one after the other until so many were refused; every one accepted is in `carrier`.
async fn press(carrier: &Carrier, first: usize, most: usize, refusals: usize) -> Figures {
    let mut figures = Figures { accepted: 0, refused: 0 };
    let mut connection = None;
    for number in first..first + most {
        let response = carrier.attempt(&mut connection, &message(number)).await.unwrap();
        match response.status {
            200 => figures.accepted += 1,
            503 => {
                assert!(response.retry_after.is_some() && response.body.is_empty());
                figures.refused += 1;
            }
            other => panic!("{other} on a full disk"),
        }
        if figures.refused >= refusals {
            break;
        }
    }
    figures
}

/// How long it takes until a message is accepted again.
async fn recovery(home: &Home, carrier: &Carrier, number: usize) -> Duration {
    let begun = Instant::now();
    let mut connection = None;
    while begun.elapsed() < Duration::from_secs(20) {
        if carrier.attempt(&mut connection, &message(number)).await.is_ok_and(|response| response.status == 200) {
            return begun.elapsed();
        }
        sleep(Duration::from_millis(20)).await;
    }
    panic!("nothing is accepted although there is room: {}", log(home).lines().last().unwrap_or_default())
}

/// Those who were given 2xx find the very answer in the database.
async fn false_answers(home: &Home, carrier: &Carrier) -> usize {
    let mut wrong = 0;
    for (sid, answers) in carrier.heard() {
        let kept = home.column(&format!("SELECT answer FROM turn WHERE carrier_id = '{sid}'")).await;
        wrong += usize::from(kept.len() != 1 || answers.len() != 1 || !answers.contains(&kept[0]));
    }
    wrong
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p06_a_full_disk_is_said() {
    let scale = Scale::of_this_run();
    let folder = tempfile::tempdir().unwrap();
    let Some(disk) = Disk::mounted(folder.path(), 8) else {
        harness::skip("P6, a full disk", "this account may not mount a small one");
        return;
    };
    let home = Home::in_folder(Kind::Sqlite, folder.path().to_owned());
    fill(&home, 60).await;
    let mut program = Program::serve(&home, free_address(), &UNLIMITED).await;
    let carrier = Arc::new(Carrier::new(program.address));
    let (mut accepted, mut refused, mut slowest) = (0, 0, Duration::ZERO);
    let rounds = scale.pick(2, 10);
    for round in 0..rounds {
        let first = round * 10_000;
        accepted += press(&carrier, first, 20, 1).await.accepted;
        disk.fill();
        let full = press(&carrier, first + 1_000, 3_000, scale.pick(20, 200)).await;
        assert!(full.refused > 0, "the disk was never full");
        (accepted, refused) = (accepted + full.accepted, refused + full.refused);
        // Who was answered is answered again, with the same bytes.
        let again = carrier.attempt(&mut None, &message(first)).await.unwrap();
        assert!(again.status == 200 && carrier.heard()[&message(first).sid].len() == 1);
        disk.empty();
        slowest = slowest.max(recovery(&home, &carrier, first + 9_000).await);
        accepted += 1;
    }
    let wrong = false_answers(&home, &carrier).await;
    // Full, killed, started again.
    disk.fill();
    program.kill();
    disk.empty();
    let findings = home.findings().await;
    program = Program::serve(&home, program.address, &UNLIMITED).await;
    recovery(&home, &carrier, 99_000).await;
    let panics = log(&home).matches("panicked").count();
    drop(program);
    println!(
        "P6 sqlite, full disk: filled {rounds} times, accepted {accepted}, refused with 503 {refused}, false 2xx {wrong}, panics {panics}, accepts again after {slowest:.1?}"
    );
    assert_eq!((wrong, panics, findings), (0, 0, Vec::new()));
    scale.expect_in_time(slowest <= RECOVERY, "it takes longer than 5 s until messages are accepted again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p06_a_file_that_may_not_grow_is_said() {
    let scale = Scale::of_this_run();
    let home = Home::new(Kind::Sqlite);
    fill(&home, 60).await;
    // In blocks of 512 bytes: nothing may be written past 256 KiB, neither in the database nor in its log.
    let started = Program::serve_through("ulimit -S -f 512; exec \"$@\"", &home, free_address(), &UNLIMITED).await;
    let Some(mut program) = started else { panic!("it did not start: {}", log(&home)) };
    let carrier = Arc::new(Carrier::new(program.address));
    let full = press(&carrier, 0, 3_000, scale.pick(20, 200)).await;
    assert!(full.refused > 0, "the file could always grow");
    assert!(program.ended(Duration::from_millis(50)).await.is_none(), "the limit killed the program");
    let raised = Command::new("prlimit").args(["--pid", &program.id().to_string(), "--fsize=unlimited"]).status();
    let again = if raised.is_ok_and(|status| status.success()) { Some(recovery(&home, &carrier, 90_000).await) } else { None };
    if again.is_none() {
        harness::skip("P6, a limit that is raised", "prlimit is not installed");
    }
    let wrong = false_answers(&home, &carrier).await;
    program.kill();
    let findings = home.findings().await;
    println!(
        "P6 sqlite, limit on the file: accepted {}, refused with 503 {}, false 2xx {wrong}, accepts again after {}",
        full.accepted,
        full.refused,
        again.map_or("(not raised)".to_owned(), |again| format!("{again:.1?}"))
    );
    assert_eq!((wrong, findings), (0, Vec::new()));
    scale.expect_in_time(again.is_none_or(|again| again <= RECOVERY), "it takes longer than 5 s until messages are accepted again");
}
