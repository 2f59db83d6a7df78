//! The simulator as a trainer uses it: the program, and a browser without a window.

use std::path::Path;

use harness::browser::Browser;
use harness::environment;
use harness::home::{Home, Kind};
use harness::program::{Program, free_address, log, run};

async fn simulated(home: &Home, listen: &str) -> Option<Program> {
    let settings = [
        ("PASSERELLE__SIMULATOR__ON", "true"),
        ("PASSERELLE__SIMULATOR__LISTEN", listen),
        ("PASSERELLE__DESK__NAME", "Accueil démo"),
        ("PASSERELLE__DESK__PHONE", "025550100"),
        ("PASSERELLE__DESK__CALLS_BACK", "true"),
    ];
    Program::try_serve(home, free_address(), &settings).await
}

async fn demo_home() -> Home {
    let home = Home::new(Kind::Sqlite);
    let loaded = run(&home, &[], ["demo", "--load-only", "--db", home.database()]).await;
    assert!(loaded.status.success(), "{}", String::from_utf8_lossy(&loaded.stderr));
    home
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_text_a_call_and_a_chat_in_the_browser() {
    let Some(browser) = Browser::start(1400, 900).await else { return };
    let home = demo_home().await;
    let listen = free_address().to_string();
    let _program = simulated(&home, &listen).await.unwrap_or_else(|| panic!("it did not start: {}", log(&home)));
    browser.open(&format!("http://{listen}/")).await;

    // A text message: the answer, its segments, what it costs, what was understood.
    browser.keys("#sms input", "manger 1030\u{e007}").await;
    browser.shows("#sms .thread", "DEMO Repas chaud 1030").await;
    let noted = browser.shows("#sms .thread", "compris : une recherche").await;
    // How long the answer is depends on the hour: by night fewer places say that they close soon.
    assert!(noted.contains("1 SMS") && noted.contains("5 à 10 cents") || noted.contains("2 SMS") && noted.contains("10 à 20 cents"), "{noted}");
    browser.keys("#sms input", "1\u{e007}").await;
    browser.shows("#sms .thread", "1030 Schaerbeek").await;

    // A call: four languages, the doors, a postal code by keys, an entry, and it comes as a text message.
    browser.click("#dial").await;
    browser.shows("#call .thread", "For English, press 4.").await;
    let press = async |keys: &str| {
        for key in keys.chars() {
            browser.click(&format!(".pad [data-key='{key}']")).await;
        }
    };
    press("1").await;
    browser.shows("#call .thread", "Manger : tapez 1.").await;
    press("1").await;
    browser.shows("#call .thread", "4 chiffres").await;
    press("1030").await;
    browser.shows("#call .thread", "Tout entendre : tapez 8.").await;
    press("1").await;
    browser.shows("#call .thread", "Pour tout savoir").await;
    press("1").await;
    browser.shows("#call .thread", "Pour recevoir un SMS : tapez 7.").await;
    press("7").await;
    browser.shows("#call .thread", "C'est envoyé par SMS.").await;
    let messages = "return document.querySelectorAll('#sms .theirs').length";
    browser.shows("#sms .thread li:last-child", "1030").await;
    assert_eq!(browser.run(messages).await, 3);
    press("9").await;
    browser.shows("#call .thread", "Au revoir").await;

    // A chat, by a word, a button, a position.
    browser.keys("#chat input", "/start\u{e007}").await;
    browser.shows("#chat .thread", "1 Manger").await;
    browser.click("#chat .buttons button").await;
    browser.shows("#chat .thread", "où ?").await;
    browser.run("[...document.querySelectorAll('#chat .buttons button')].find((button) => button.textContent.includes('position')).click()").await;
    browser.shows("#chat .thread", "Manger 1030").await;
    browser.click("#chat li:last-of-type .buttons button").await;
    browser.shows("#chat .thread", "Schaerbeek").await;

    let picture = browser.photograph().await;
    assert!(picture.len() > 20_000, "an empty picture");
    if environment::rewrites_expected() {
        std::fs::write(harness::repository().join("docs/simulator.png"), &picture).unwrap();
    }
    let errors = browser.run("return performance.getEntriesByType('resource').filter((entry) => entry.responseStatus >= 400).length").await;
    assert_eq!(errors, 0);
    browser.close().await;
    // Nothing that was said is in the log.
    let logged = log(&home);
    assert!(!logged.contains("470123456") && !logged.contains("manger"), "{logged}");
}

#[tokio::test]
async fn it_does_not_listen_where_others_reach_it() {
    let home = demo_home().await;
    assert!(simulated(&home, "0.0.0.0:0").await.is_none());
    assert!(log(&home).contains("127.0.0.1 only"), "{}", log(&home));
    // And without being asked for it is not there.
    let program = Program::serve(&home, free_address(), &[]).await;
    assert!(!log(&home).contains("A phone and a chat"));
    drop(program);
    let _: &Path = home.folder();
}
