//! P7: a wrong clock does no harm: what was spent stays spent, the agenda stays right, nothing panics.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use application::turn::{Channel, Request};
use chrono::{DateTime, Duration, Utc};
use db::import::{Options, Source};
use directory::clock::Clock;
use feeds::{Format, Settings, parse};
use gateway::channel::twilio;
use harness::carrier::{Carrier, Message, segments_of, text_of};
use harness::demo::Demo;
use harness::home::{Home, Kind};
use harness::program::{Program, fill, free_address, log};

/// Where a clock may be wrong to.
const JUMPS: [i64; 6] = [-3_653, 3_653, -1, 1, -366, 366];

/// Events around the days on which the clock is changed, and on the day that most years lack.
const AGENDA: &str = "id,kind,name_fr,themes,postal_code,country,start,end,rrule\n\
    marche,event,Marché du dimanche,food,4960,BE,2026-10-04T10:00,2026-10-04T12:00,FREQ=WEEKLY;BYDAY=SU\n\
    nuit,event,Soupe de nuit,food,4970,BE,2026-10-03T03:30,2026-10-03T04:30,FREQ=DAILY\n\
    bissextile,event,Repas du jour de trop,food,4980,BE,2028-02-29T18:00,2028-02-29T20:00,\n";

async fn ask(demo: &Demo, from: &str, sid: String, text: &str) -> String {
    let request = Request::text(Channel::Sms, Some(from.to_owned()), text, sid);
    demo.engine.take_text(&request, |text| text.map_or_else(twilio::silence, twilio::message)).await.unwrap().bytes
}

fn set(demo: &Demo, instant: &str) {
    let instant: DateTime<Utc> = instant.parse().unwrap();
    demo.clock.advance(instant - demo.clock.now());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p07_a_jump_of_the_clock_gives_nothing_back() {
    let mut demo = Demo::new().await.unwrap();
    Arc::get_mut(&mut demo.engine).unwrap().limits.same_hour = 1_000;
    let limit = usize::try_from(demo.engine.limits.sender_hour).unwrap();
    // Away from the hour: five minutes before it are another one.
    demo.clock.advance(Duration::minutes(30));
    let each = 12;
    let (mut asked, mut answered_twice, mut renewed) = (0, 0, 0);
    for (person, days) in JUMPS.into_iter().enumerate() {
        let from = format!("+3247788{person:04}");
        let mut spent = Vec::new();
        let mut ask_all = async |round: usize, spent: &mut Vec<usize>| {
            for number in 0..each {
                spent.push(segments_of(&ask(&demo, &from, format!("SMC{person}-{round}-{number}"), "manger 1030").await));
                asked += 1;
            }
        };
        ask_all(0, &mut spent).await;
        let first = spent.iter().sum::<usize>();
        let kept = ask(&demo, &from, format!("SMC{person}-0-0"), "manger 1030").await;
        assert!(first > limit / 2 && first <= limit);
        // Away, at work there, and back. A clock that has just jumped has nothing purged for an hour (`cli::clock_watch`), and by
        // one that was set back nothing is over.
        demo.clock.advance(Duration::days(days));
        ask_all(1, &mut Vec::new()).await;
        if (-1..0).contains(&days) {
            demo.engine.store.purge(demo.clock.now()).await.unwrap();
        }
        let away_again = ask(&demo, &from, format!("SMC{person}-2"), "manger 1030").await;
        renewed += segments_of(&away_again);
        demo.clock.advance(-Duration::days(days));
        let mut back = Vec::new();
        ask_all(3, &mut back).await;
        renewed += back.iter().sum::<usize>();
        // Half an hour back, within the same hour or not: at most what that hour had left.
        demo.clock.advance(-Duration::minutes(5));
        renewed += segments_of(&ask(&demo, &from, format!("SMC{person}-4"), "manger 1030").await);
        demo.clock.advance(Duration::minutes(5));
        answered_twice += usize::from(days.abs() <= 1 && days > 0 && ask(&demo, &from, format!("SMC{person}-0-0"), "manger 1030").await != kept);
        demo.clock.advance(Duration::hours(2));
    }
    println!("P7: {} jumps of the clock, {asked} questions: segments given back {renewed}, answered otherwise {answered_twice}", JUMPS.len());
    assert_eq!((renewed, answered_twice), (0, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p07_the_agenda_is_right_when_the_clock_is_changed() {
    let demo = Demo::new().await.unwrap();
    let themes = |term: &str| demo.engine.vocabulary.theme_of(term);
    let settings = Settings {
        country: directory::phone::Country::Be,
        language: directory::language::Language::Fr,
        zone: chrono_tz::Europe::Brussels,
        mapping: None,
        themes: &themes,
    };
    let feed = parse(Format::Csv, AGENDA.as_bytes(), &settings).unwrap();
    assert_eq!((feed.drafts.len(), feed.refused.len()), (3, 0), "{:?}", feed.refused);
    set(&demo, "2026-10-01T10:00:00Z");
    let options = Options { dry_run: false, allow_drop: false, now: demo.clock.now() };
    let source = Source::new("agenda", "csv");
    demo.engine.store.import(&source, feed, demo.engine.vocabulary.territory(), options, |_, _| ()).await.unwrap();

    // When asked (UTC), what, and what must be said.
    let cases = [
        ("2026-10-17T12:00:00Z", "marché dimanche 4960", "10h"),
        // The night in which three o'clock comes twice, and the Sunday after it.
        ("2026-10-24T21:30:00Z", "marché dimanche 4960", "10h"),
        ("2026-10-25T00:30:00Z", "marché aujourd'hui 4960", "10h"),
        ("2026-10-25T01:30:00Z", "marché aujourd'hui 4960", "10h"),
        ("2026-10-25T08:30:00Z", "marché aujourd'hui 4960", "10h"),
        ("2026-10-25T00:30:00Z", "soupe aujourd'hui 4970", "3h30"),
        ("2026-10-26T12:00:00Z", "marché dimanche 4960", "10h"),
        // The night in which half past two does not exist.
        ("2027-03-27T22:30:00Z", "marché dimanche 4960", "10h"),
        ("2027-03-28T00:59:00Z", "marché aujourd'hui 4960", "10h"),
        ("2027-03-28T01:01:00Z", "marché aujourd'hui 4960", "10h"),
        ("2027-03-28T00:30:00Z", "soupe aujourd'hui 4970", "3h30"),
        ("2027-03-29T12:00:00Z", "marché dimanche 4960", "10h"),
        // The leap day, from the day before, on it, and around midnight.
        ("2028-02-28T12:00:00Z", "repas demain 4980", "18h"),
        ("2028-02-28T23:30:00Z", "repas aujourd'hui 4980", "18h"),
        ("2028-02-29T12:00:00Z", "repas aujourd'hui 4980", "18h"),
    ];
    let mut wrong = Vec::new();
    for (number, (now, question, hour)) in cases.into_iter().enumerate() {
        set(&demo, now);
        let said = text_of(&ask(&demo, &format!("+3247766{number:04}"), format!("SMA{number}"), question).await);
        if !said.contains(hour) {
            wrong.push(format!("{now} {question}: {said}"));
        }
    }
    println!("P7: the agenda asked {} times around summer time, winter time and the leap day: wrong {}", cases.len(), wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p07_any_moment_has_an_answer() {
    let demo = Demo::new().await.unwrap();
    let moments = [
        "1970-01-01T00:00:00Z",
        "1999-12-31T23:59:59Z",
        "2000-02-29T12:00:00Z",
        "2016-11-23T10:00:00Z",
        "2026-10-25T00:59:59Z",
        "2026-10-25T01:00:00Z",
        "2027-03-28T00:59:59Z",
        "2027-03-28T01:00:00Z",
        "2026-12-31T23:30:00Z",
        "2028-02-29T23:59:59Z",
        "2036-11-23T10:00:00Z",
        "2038-01-19T03:14:08Z",
        "2099-12-31T23:59:59Z",
    ];
    let questions =
        ["manger 1030", "yoga demain 1050", "concert ce week-end 4960", "ouvert maintenant 1030", "vendredi 1080", "29/2 manger 1030", "8", "agenda"];
    let mut silent = 0;
    for (place, moment) in moments.iter().enumerate() {
        set(&demo, moment);
        for (number, question) in questions.iter().enumerate() {
            let answer = ask(&demo, &format!("+32479{place:02}{number:04}"), format!("SMM{place}-{number}"), question).await;
            silent += usize::from(text_of(&answer).is_empty());
        }
    }
    println!("P7: {} moments from 1970 to 2099, {} questions at each: without an answer {silent}", moments.len(), questions.len());
    assert_eq!(silent, 0);
}

/// The whole program, its machine's clock ten years off, then back.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p07_the_machine_has_another_date() {
    if Command::new("faketime").arg("--version").output().is_err() {
        harness::skip("P7, the whole program", "faketime is not installed");
        return;
    }
    let home = Home::new(Kind::Sqlite);
    fill(&home, 60).await;
    let address = free_address();
    let message = |number: usize| Message { sid: format!("SMF{number}"), from: "+32470000007".to_owned(), text: "manger 1030".to_owned() };
    let carrier = Carrier::new(address);
    let mut number = 0;
    for offset in ["+0d", "+3653d", "-3653d", "+1d", "-1d", "+0d"] {
        // The library and not the command of that name: the command waits for a child, which no signal to it reaches.
        let shell = format!("LD_PRELOAD=$(ls /usr/lib/*/faketime/libfaketimeMT.so.1 | head -n 1) FAKETIME={offset} FAKETIME_DONT_FAKE_MONOTONIC=1 exec \"$@\"");
        let Some(mut program) = Program::serve_through(&shell, &home, address, &[]).await else { panic!("{offset}: {}", log(&home)) };
        let answer = carrier.attempt(&mut None, &message(number)).await.unwrap();
        assert!(answer.status == 200 && answer.body.contains("Repas chaud 1030"), "{offset}: {answer:?} {}", log(&home));
        assert_eq!(carrier.attempt(&mut None, &message(number)).await.unwrap().body, answer.body, "{offset}");
        number += 1;
        program.stop().await;
        assert_eq!(home.findings().await, Vec::<String>::new());
    }
    assert!(!log(&home).contains("panicked") && Path::new(&home.file()).exists());
    println!("P7, process: {number} starts with the machine's date up to ten years off, all answered");
}
