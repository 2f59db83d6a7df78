//! The desk: accounts and sessions, visits and figures, entries in the hands of people, sources and duplicates.

use chrono::Duration;
use db::Sealed;
use db::attempt::AttemptRate;
use db::audit::{Action, Deed};
use db::duplicate::DuplicateVerdict;
use db::feed::{FeedSource, FeedState};
use db::heartbeat::Heartbeat;
use db::history::Change;
use db::mediator::Role;
use directory::draft::Draft;
use directory::language::{Language, Localized};
use directory::phone::Country;
use directory::record::{Content, Kind, Status};
use directory::theme::Theme;
use directory::visit::{Age, Help, Minutes, Need, Outcome, Visit, Way, Why, week_of};
use serde_json::json;

use super::Story;

const ANA: [u8; 32] = [1; 32];
const SESSION: [u8; 32] = [9; 32];

pub async fn accounts(story: &mut Story) {
    let (kept, now) = (std::sync::Arc::clone(&story.store), story.now);
    story.note("invited", kept.invite("Ana\u{e9}", Role::Operator, &ANA, now).await);
    story.note("invited again", kept.invite("Ana\u{e9}", Role::Editor, &[2; 32], now).await);
    story.note("bob", kept.invite("Bob", Role::Editor, &[3; 32], now).await);
    story.note("the first link", kept.invited(&ANA, now).await);
    story.note("the second link", kept.invited(&[2; 32], now).await);
    story.note("accepted", kept.accept_invitation(&[2; 32], "hash", "pin", Language::De, now).await);
    story.note("accepted twice", kept.accept_invitation(&[2; 32], "other", "pin", Language::De, now).await);
    let ana = kept.mediator("Ana\u{e9}").await.unwrap().unwrap();
    story.note("accounts", kept.mediators().await);
    let pace = AttemptRate { burst: 2, each: Duration::minutes(2) };
    for number in 0..4 {
        story.note("tried", kept.claim_attempt(&[6; 32], pace, now + Duration::minutes(number)).await);
    }
    story.look("tries").await;
    kept.forget_attempts(&[6; 32]).await.unwrap();
    kept.claim_attempt(&[5; 32], pace, now).await.unwrap();
    story.note("in", kept.begin_desk_session(ana.id, &SESSION, None, now).await);
    story.note("in with a code", kept.begin_desk_session(ana.id, &[8; 32], Some(5), now).await);
    story.note("the code again", kept.begin_desk_session(ana.id, &[7; 32], Some(5), now).await);
    kept.keep_work(&SESSION, "{\"basket\":[]}").await.unwrap();
    kept.set_desk_language(ana.id, Language::Nl).await.unwrap();
    kept.set_totp(ana.id, Some((&Sealed::new(b"\0sealed".to_vec()), 9))).await.unwrap();
    kept.set_pin(ana.id, "a longer pin").await.unwrap();
    kept.set_role(ana.id, Role::Operator).await.unwrap();
    kept.lock_desk(&SESSION).await.unwrap();
    story.note("wrong pin", kept.count_wrong_pin(&SESSION).await);
    kept.lock_desk(&SESSION).await.unwrap();
    story.note("seen", kept.desk_session(&SESSION, true, now + Duration::minutes(2)).await);
    kept.unlock_desk(&SESSION).await.unwrap();
    let bob = kept.mediator("Bob").await.unwrap().unwrap();
    for by in [ana.id, ana.id, bob.id, bob.id] {
        story.note("agreed", kept.agree(ana.id, "link", by, now).await);
    }
    story.note("asked", kept.asked(now).await);
    audit(story, ana.id, bob.id).await;
    forms(story, ana.id).await;
    story.look("accounts").await;
    kept.end_desk_session(&[8; 32]).await.unwrap();
    story.note("idle", kept.desk_session(&SESSION, true, now + Duration::hours(1)).await);
    story.note("removed", kept.remove_mediator("Bob").await);
    story.note("removed twice", kept.remove_mediator("Bob").await);
    story.look("accounts at the end").await;
}

async fn audit(story: &mut Story, ana: i64, bob: i64) {
    let (kept, now) = (std::sync::Arc::clone(&story.store), story.now);
    for deed in [
        Deed::bare(Action::WrongLogin, now),
        Deed::of(ana, Action::NewLink, now).to(bob),
        Deed::bare(Action::NewLink, now).to(bob),
        Deed::of(bob, Action::NewLink, now).to(bob),
        Deed { code: Some("K7P2W".to_owned()), ..Deed::of(ana, Action::Consent, now) },
    ] {
        kept.audit(&deed).await.unwrap();
    }
    story.note("audited", kept.audited(None, 3).await);
    story.note("links", kept.links_made(bob, now - Duration::days(1)).await);
}

async fn forms(story: &mut Story, ana: i64) {
    let (kept, now) = (std::sync::Arc::clone(&story.store), story.now);
    for number in 0..10_u8 {
        kept.keep_typed(ana, &format!("/page/{number}"), &Sealed::new(vec![0, number]), now).await.unwrap();
    }
    kept.keep_typed(ana, "/page/3", &Sealed::new(vec![0, 99]), now).await.unwrap();
    kept.keep_typed(999, "/page/3", &Sealed::new(vec![0, 99]), now).await.unwrap();
    story.note("typed pages", kept.typed_pages(ana, now).await);
    story.note("typed", kept.typed(ana, "/page/3", now).await.map(|typed| typed.map(|typed| typed.as_bytes().to_vec())));
    story.note("taken", kept.take_form(&[1; 32], now).await);
    story.note("taken, and stopped", kept.take_form(&[1; 32], now).await);
    kept.form_led_to(&[1; 32], "/visit", Some((ana, "/page/3"))).await.unwrap();
    story.note("taken twice", kept.take_form(&[1; 32], now).await);
    kept.give_form_back(&[1; 32]).await.unwrap();
    story.note("taken again", kept.take_form(&[1; 32], now).await);
    story.look("forms").await;
}

pub async fn visits(story: &mut Story) {
    let day = story.now.date_naive();
    let visit = Visit {
        day,
        place: "Bibliothèque".to_owned(),
        way: Way::Desk,
        language: "ti".to_owned(),
        themes: vec![Theme::Food, Theme::Papers],
        outcome: Outcome::Partly,
        minutes: Minutes::UpTo15,
        age: Some(Age::Old),
        is_first: Some(true),
        help: Some(Help::Written),
        has_slip: true,
    };
    let need =
        Need { week: week_of(day), way: Way::Phone, theme: Theme::Food, postal_code: "1030".to_owned(), why: Why::Full, words: Some("un lit".to_owned()) };
    story.store.keep_visit(&visit, Some(&need)).await.unwrap();
    story.store.keep_visit(&Visit { age: None, is_first: None, help: None, has_slip: false, ..visit }, None).await.unwrap();
    story.store.keep_need(&Need { words: None, ..need }).await.unwrap();
    for key in ["a", "b", "a"] {
        story.store.tally(day, "slip-slip", "desk", key).await.unwrap();
    }
    story.note("visits", story.store.visits(day, day).await);
    story.note("needs", story.store.needs(week_of(day), day).await);
    story.note("tallies", story.store.tallies(day, day).await);
    story.look("visits").await;
}

pub async fn care(story: &mut Story) {
    let (kept, now) = (std::sync::Arc::clone(&story.store), story.now);
    let territory = story.vocabulary.territory();
    let change =
        |field: &str, after: &str| Change { at: now, mediator: "Ana".to_owned(), field: field.to_owned(), before: "é".to_owned(), after: after.to_owned() };
    let mut content = Content { name: Localized::new(Language::Fr, "Cuisine de quartier"), themes: vec![Theme::Food], ..Content::default() };
    content.address.postal_code = Some("1030".to_owned());
    let code = kept.add_by_hand(Draft::new("desk-1", Kind::Organisation, content), &change("added", "Cuisine"), territory).await.unwrap();
    let (record, version) = kept.record_to_change(code).await.unwrap().unwrap();
    story.told.push(format!("added: {} {version}", record.name(Language::Fr)));
    let words = kept.words_of_sources(code).await.unwrap();
    let mut corrected = record.clone();
    assert!(corrected.correct("name", json!({ "fr": "Cantine" }), &words[0].1, "mediator", now));
    assert!(corrected.correct("status", json!("suspended"), &words[0].1, "mediator", now));
    assert_eq!(corrected.status, Status::Suspended);
    story
        .told
        .push(format!("corrected: {:?}", kept.correct(&corrected, version, &[change("name", "Cantine"), change("status", "suspended")], territory, now).await));
    story.told.push(format!("too late: {:?}", kept.correct(&record, version, &[change("name", "Autre")], territory, now).await));
    story.note("history", kept.history(code).await);
    story.note("doubts", kept.doubts().await);
    let mut briefs = Vec::new();
    kept.each_brief(|brief| briefs.push((brief.code, brief.status))).await.unwrap();
    story.note("briefs", briefs);
    story.look("care").await;
}

pub async fn sources(story: &mut Story) {
    let feed = |address: &str| FeedSource {
        name: "carte".to_owned(),
        format: "csv".to_owned(),
        address: address.to_owned(),
        mapping: None,
        country: Country::Be,
        language: Language::Fr,
        trust: 0,
    };
    story.store.keep_feed(&feed("https://example.org/a"), None, story.now).await.unwrap();
    story.note("a source", story.store.feeds().await);
    story.store.keep_feed(&feed("https://example.org/b"), Some((FeedState::Stopped, "too much")), story.now).await.unwrap();
    story.store.keep_feed(&feed("https://example.org/c"), None, story.now + Duration::days(1)).await.unwrap();
    story.note("read", story.store.feeds().await);
    story.store.trust_feed("carte", 1).await.unwrap();
    let cut_off = story.now - Duration::minutes(15);
    for now in [story.now, story.now + Duration::minutes(1), story.now + Duration::minutes(20)] {
        story.note("begun", story.store.begin_reading("carte", cut_off + (now - story.now), now).await);
    }
    story.note("being read", story.store.feeds().await);
    for why in ["killed", "over already"] {
        story.store.end_reading("carte", why).await.unwrap();
    }
    story.note("ended", story.store.feeds().await);
    story.note("imported", story.store.imported().await);
    let mut codes = Vec::new();
    story.store.each_brief(|brief| codes.push(brief.code)).await.unwrap();
    for answer in [DuplicateVerdict::Same, DuplicateVerdict::Different] {
        story.store.keep_duplicate_verdict(codes[1], codes[0], answer).await.unwrap();
    }
    story.note("pairs", story.store.judged_pairs().await);
    for _ in 0..2 {
        let (place, version) = ("Bibliothèque".to_owned(), "0.1.0".to_owned());
        story.store.keep_heartbeat(&Heartbeat { place, version, seen: story.now }).await.unwrap();
    }
    story.note("kiosks", story.store.heartbeats().await);
    story.look("sources").await;
}
