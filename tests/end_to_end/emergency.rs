//! Whoever runs the program learns that nobody has called the emergency numbers, until they have.

use std::fmt::Write as _;

use chrono::Utc;
use db::mediator::Role;
use directory::clock::{Clock, SystemClock};
use directory::emergency::Numbers;
use gateway::desk::Settings;
use harness::demo::Demo;
use harness::desk::{Visitor, desk};
use harness::home::{Home, Kind};
use harness::program::{Program, free_address, log, run};

async fn checked(home: &Home) -> String {
    let output = run(home, &[], ["check"]).await;
    String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned()
}

#[tokio::test]
async fn unverified_numbers_are_named_until_an_operator_has_called_them() {
    let home = Home::new(Kind::Sqlite);
    let before = checked(&home).await;
    assert!(before.contains("47 of those that people in danger are given") && before.contains("0800 30 030"), "{before}");
    assert!(before.contains("[emergency.verified]"), "what to do is not said: {before}");
    let mut program = Program::serve(&home, free_address(), &[]).await;
    program.stop().await;
    assert!(log(&home).contains("0800 30 030") && log(&home).contains("[emergency.verified]"), "{}", log(&home));

    let settings = home.folder().join("passerelle.toml");
    let today: chrono::DateTime<Utc> = SystemClock.now();
    let mut text = "[emergency.verified]\n".to_owned();
    for number in Numbers::shipped().unwrap().all().iter().filter(|number| number.number != "1712") {
        let line = format!("\"{}\" = \"{}\"\n", number.number, today.date_naive());
        if !text.contains(&line) {
            text.push_str(&line);
        }
    }
    std::fs::write(&settings, &text).unwrap();
    assert!(checked(&home).await.contains("1 of those that people in danger are given were not verified within a year: 1712."), "{}", checked(&home).await);
    let hidden = text.replace("[emergency.verified]", "[emergency]\nhidden = [\"1712\"]\n[emergency.verified]");
    std::fs::write(&settings, &hidden).unwrap();
    let after = checked(&home).await;
    assert!(after.contains("all verified within a year"), "{after}");
    let _ = writeln!(text, "\"0800 99 999\" = \"2026-11-01\"");
    std::fs::write(&settings, text).unwrap();
    let refused = checked(&home).await;
    assert!(refused.contains("there is no number 0800 99 999"), "{refused}");
}

#[tokio::test]
async fn the_first_page_of_the_desk_says_so() {
    let demo = Demo::new().await.unwrap();
    let router = desk(&demo.engine, Settings::default());
    let ana = Visitor::of(&demo.engine, &router, "Ana", Role::Mediator).await;
    let page = ana.get("/").await;
    assert!(page.text.contains("0800 30 030") && page.text.contains("[emergency.verified]"), "{}", page.text);
}
