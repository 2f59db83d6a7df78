//! Files of the program: who can read them, and what it does with those that others can.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Output;

use harness::home::{Home, Kind};
use harness::program::{CALLS_BACK, run};

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path).into_iter().chain([path]).collect() } else { vec![path] }).collect()
}

fn mode(file: &Path) -> u32 {
    file.metadata().unwrap().permissions().mode() & 0o777
}

fn give(file: &Path, mode: u32) {
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(mode)).unwrap();
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

async fn demo() -> Home {
    let home = Home::new(Kind::Sqlite);
    let loaded = run(&home, &[], ["demo", "--load-only", "--db", home.database()]).await;
    assert!(loaded.status.success(), "{}", said(&loaded));
    home
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_the_program_makes_is_its_accounts_alone() {
    let home = demo().await;
    assert!(run(&home, &[], ["ask", "manger 1030"]).await.status.success());
    let copy = home.folder().join("backup");
    assert!(run(&home, &[], ["backup".as_ref(), copy.as_os_str()]).await.status.success());
    assert!(run(&home, &[], ["restore".as_ref(), copy.as_os_str()]).await.status.success());
    let made = files(home.folder());
    assert!([home.file(), home.key_file(), home.kiosk_file(), copy].iter().all(|file| made.contains(file)), "{made:?}");
    for file in made {
        assert_eq!(mode(&file) & 0o077, 0, "{} has mode {:o}", file.display(), mode(&file));
    }
    // What an earlier version left open is named, with the command that closes it.
    give(&home.file(), 0o644);
    let asked = run(&home, &[], ["ask", "manger 1030"]).await;
    assert!(asked.status.success() && said(&asked).contains(&format!("chmod 600 '{}'", home.database())), "{}", said(&asked));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_starts_with_a_key_that_others_may_read() {
    let home = demo().await;
    assert!(run(&home, &[], ["ask", "manger 1030"]).await.status.success());
    for open in [0o640, 0o660, 0o604] {
        give(&home.key_file(), open);
        for command in [&["ask", "manger 1030"][..], &["serve"], &["call-backs"], &["check"]] {
            let refused = run(&home, &CALLS_BACK, command).await;
            assert!(!refused.status.success() && said(&refused).contains(&format!("chmod 600 '{}'", home.key_file().display())), "{}", said(&refused));
        }
    }
    give(&home.key_file(), 0o600);
    assert!(run(&home, &[], ["ask", "manger 1030"]).await.status.success());
}

/// Settings that somebody else could have put into the folder in which a command happens to be started.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn settings_that_others_may_write_are_not_read() {
    let home = demo().await;
    let settings = home.folder().join("passerelle.toml");
    std::fs::write(&settings, "[telegram]\napi_url = \"https://thief.example.org\"\n").unwrap();
    give(&settings, 0o666);
    let refused = run(&home, &[], ["check"]).await;
    assert!(!refused.status.success() && said(&refused).contains("chmod go-w passerelle.toml"), "{}", said(&refused));
    assert!(!String::from_utf8_lossy(&refused.stdout).contains("thief"));
    give(&settings, 0o644);
    assert!(String::from_utf8_lossy(&run(&home, &[], ["check"]).await.stdout).contains("thief"));
}

/// A command with another key file, or with none yet, as started in another folder: it changes nothing for the gateway
/// that is healthy.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_key_file_is_neither_made_nor_taken() {
    for kind in Kind::all("a second key file") {
        let home = Home::new(kind);
        let ask = ["ask", "--from", "+32470123456", "manger 1030"];
        assert!(run(&home, &[], ask).await.status.success());
        let before = home.column("SELECT CAST(begins_on AS TEXT) FROM sender_key").await;
        let elsewhere = home.folder().join("elsewhere.key");
        let other = [("PASSERELLE__PRIVACY__KEY_FILE", elsewhere.to_str().unwrap())];
        let refused = run(&home, &other, ask).await;
        assert!(!refused.status.success() && said(&refused).contains("privacy.key_file"), "{}", said(&refused));
        assert!(!elsewhere.exists(), "a second key file was made");
        std::fs::write(&elsewhere, [8; 32]).unwrap();
        give(&elsewhere, 0o600);
        let refused = run(&home, &other, ask).await;
        assert!(!refused.status.success() && said(&refused).contains("--replace-keys"), "{}", said(&refused));
        // The healthy one goes on, and the conversation with it.
        assert_eq!(home.column("SELECT CAST(begins_on AS TEXT) FROM sender_key").await, before);
        let goes_on = run(&home, &[], ["ask", "--from", "+32470123456", "1"]).await;
        assert!(goes_on.status.success(), "{}", said(&goes_on));
        assert_eq!(home.number("SELECT count(*) FROM session").await, 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_lies_beside_neither_database_nor_key() {
    let home = demo().await;
    let beside = home.folder().join("kiosk.sqlite");
    let copy = [("PASSERELLE__KIOSK__COPY", beside.to_str().unwrap())];
    let refused = run(&home, &copy, ["demo", "--load-only", "--db", home.database()]).await;
    assert!(!refused.status.success() && said(&refused).contains("a folder of its own"), "{}", said(&refused));
    assert!(!beside.exists());
}
