//! Calls as a caller hears them: every page reached, every key of it pressed, silence and wrong keys on each.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use application::seal::{Sealer, Use};
use chrono::Duration;
use directory::clock::Clock;
use harness::caller::Caller;
use harness::demo::Demo;
use harness::place::Place;
use harness::twiml::{Next, Response};

use super::Carrier;

const AMINA: &str = "+32470123456";
const HIDDEN: &str = "anonymous";

async fn line(place: Place, calls_back: bool) -> Carrier {
    let mut demo = Demo::on(place).await.unwrap();
    let engine = Arc::get_mut(&mut demo.engine).unwrap();
    engine.calls_back = calls_back;
    engine.limits.calls_hour = 1_000_000;
    engine.limits.calls_day = 1_000_000;
    engine.limits.all_calls_day = 1_000_000;
    Carrier::with(demo)
}

impl Carrier {
    fn caller(&self, from: &str) -> Caller {
        Caller::new(&self.router, from)
    }

    /// A caller who pressed these keys; each but the last must lead on.
    async fn pressed(&self, from: &str, keys: &[&str]) -> (Caller, Response) {
        let mut caller = self.caller(from);
        let mut heard = caller.call().await;
        for key in keys {
            heard = caller.press(key).await;
        }
        (caller, heard)
    }
}

/// What kind of page somebody hears, by what is said in French.
fn kind(heard: &Response) -> &'static str {
    let text = heard.text();
    let has = |words: &str| text.contains(words);
    if matches!(&heard.next, Next::Gather { action, .. } if action.contains("promised=1")) {
        "person"
    } else if has("appelez maintenant") {
        "danger"
    } else if has("Pour le français") {
        "languages"
    } else if has("code postal") {
        "where"
    } else if has("5 chiffres") {
        "ticket"
    } else if has("vous aide") {
        "person"
    } else if has("Téléphone :") || has("Pas de téléphone") {
        "card"
    } else if has("Pour tout savoir") {
        "results"
    } else if has("Tout entendre : tapez") {
        "needs"
    } else if has("Manger : tapez") || has("famille : tapez") {
        "doors"
    } else if has("Rien trouvé") {
        "nothing"
    } else if has("Votre ticket") {
        "given"
    } else if has("C'est tout") {
        "no more"
    } else if has("Au revoir") {
        "end"
    } else {
        "other"
    }
}

/// What holds for every response.
fn examine(heard: &Response, path: &str) {
    assert!(heard.next != Next::Hangup || heard.text().contains("1 1 2"), "{path}: hung up without 112: {}", heard.text());
    for said in &heard.said {
        assert!(said.seconds() <= 20.0, "{path}: {:.0} s: {}", said.seconds(), said.text);
        let entry = said.text.get(..3).is_some_and(|begin| matches!(begin.as_bytes(), [b'1'..=b'3', b' ', b':']));
        assert!(!entry || said.seconds() <= 12.0, "{path}: an entry of {:.0} s: {}", said.seconds(), said.text);
        assert!(!said.text.contains("  ") && !said.text.contains(".."), "{path}: {:?}", said.text);
    }
    assert!(!heard.said.is_empty() || heard.next == Next::Reject, "{path}: nothing is said");
}

/// Keys that a page offers, as it says them, beside those that do the same everywhere.
fn options(heard: &Response) -> usize {
    heard.said.iter().filter(|said| !said.text.contains("Finir : tapez 9")).map(|said| said.text.matches("tapez ").count()).sum()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_path_of_a_call_is_walked() {
    let carrier = line(Place::sqlite().unwrap(), true).await;
    let mut first = carrier.caller(AMINA);
    examine(&first.call().await, "");
    // Breadth first, a path for each page that is new: with its kind and what is said.
    let mut waiting = VecDeque::from([(first, String::new(), 0)]);
    let mut seen: BTreeMap<String, &'static str> = BTreeMap::new();
    let (mut steps, mut deepest, mut widest) = (0, 0, 0);
    while let Some((caller, path, level)) = waiting.pop_front() {
        let heard = caller.heard.clone().unwrap();
        let Next::Gather { digits, .. } = heard.next else { continue };
        let here = kind(&heard);
        widest = widest.max(options(&heard));
        assert!(path.is_empty() || options(&heard) <= 7, "{path}: too many options: {}", heard.text());
        let longer: &[&str] = match digits {
            4 => &["1030", "1325", "0000", "12"],
            5 => &["74213", "00000", "1"],
            _ => &[],
        };
        for keys in ["1", "2", "3", "4", "5", "6", "7", "8", "9", "0", "*", "#"].iter().chain(longer) {
            // A call of its own for each path.
            let (mut onward, _) = carrier.pressed(AMINA, &path.split_whitespace().collect::<Vec<_>>()).await;
            let next = onward.press(keys).await;
            let path = format!("{path} {keys}");
            examine(&next, &path);
            steps += 1;
            // How deep a page lies, under the languages.
            let level = match kind(&next) {
                "doors" | "danger" | "person" => 1,
                "where" | "ticket" => 2,
                "results" | "card" | "nothing" => 3,
                _ => level,
            };
            deepest = deepest.max(level);
            // The four languages have the same pages: one of them is walked to its end.
            let goes_on = path.starts_with(" 1") && path.split_whitespace().count() < 6 && seen.len() < 160;
            if seen.insert(next.text(), kind(&next)).is_none() && goes_on {
                waiting.push_back((onward, path, level));
            }
        }
        // Silence: the page again, waited for longer; then a person, and a call.
        let (mut silent, _) = carrier.pressed(AMINA, &path.split_whitespace().collect::<Vec<_>>()).await;
        let again = silent.wait().await;
        examine(&again, &path);
        if here == "person" {
            assert_eq!(again.next, Next::Hangup, "{path}: a call was promised, and nothing is said");
        } else {
            assert!(matches!(again.next, Next::Gather { timeout: 10, .. }), "{path}: {again:?}");
            let handed_over = silent.wait().await;
            assert_eq!(kind(&handed_over), "person", "{path}: {}", handed_over.text());
            assert_eq!(silent.wait().await.next, Next::Hangup);
        }
        // Three wrong keys: each named, the page said again, then a person.
        if digits == 1
            && here != "person"
            && let Some(wrong) = wrong_key(&caller.onward())
        {
            let (mut lost, _) = carrier.pressed(AMINA, &path.split_whitespace().collect::<Vec<_>>()).await;
            // Those on the way here count.
            let before = caller.onward().split("wrong=").nth(1).map_or(0, |rest| rest[..1].parse().unwrap());
            for time in before..3 {
                let said = lost.press(wrong).await;
                // Where nothing more can be chosen, what follows is the beginning.
                if kind(&said) != here && kind(&said) == "doors" {
                    break;
                }
                if time < 2 {
                    assert!(said.text().contains(wrong) && matches!(said.next, Next::Gather { .. }), "{path}: {}", said.text());
                } else {
                    assert_eq!(kind(&said), "person", "{path}: {}", said.text());
                }
            }
        }
    }
    let kinds: std::collections::BTreeSet<&str> = seen.values().copied().collect();
    println!("calls: {steps} steps, {} pages, deepest {deepest}, most options {widest}, kinds {kinds:?}", seen.len());
    for wanted in ["card", "danger", "doors", "given", "needs", "nothing", "person", "results", "ticket", "where", "end"] {
        assert!(kinds.contains(wanted), "no path leads to {wanted}");
    }
    assert!(deepest <= 3);
}

/// A key that does nothing on the page whose next step goes there; a page of doors has none.
fn wrong_key(onward: &str) -> Option<&'static str> {
    let keys = onward.split("keys=").nth(1).and_then(|rest| rest.split('&').next()).unwrap_or_default();
    let slowable = onward.contains("slowable");
    ["6", "5", "4", "3", "2", "8", "7"].into_iter().find(|key| !(keys.contains(key) || slowable && *key == "5"))
}

#[tokio::test]
async fn three_keys_and_a_postal_code_lead_to_a_phone_number() {
    let carrier = line(Place::sqlite().unwrap(), false).await;
    let mut caller = carrier.caller(AMINA);
    let languages = caller.call().await;
    assert_eq!(languages.said.iter().map(|said| said.language.as_str()).collect::<Vec<_>>(), ["fr-BE", "nl-BE", "de-DE", "en-GB"]);
    assert!(caller.press("1").await.text().contains("Manger : tapez 1. "));
    assert!(caller.press("1").await.text().contains("4 chiffres"));
    // The door is a large one: what it is for comes first, and everything stays in reach.
    let needs = caller.press("1030").await;
    assert!(needs.text().contains("Manger, 10 30.") && kind(&needs) == "needs", "{}", needs.text());
    assert_eq!(kind(&caller.press("8").await), "results");
    assert_eq!(kind(&caller.press("*").await), "needs");
    let results = caller.press("1").await;
    assert!(results.text().contains(", 10 30.") && results.text().contains("1 : "), "{}", results.text());
    let card = caller.press("1").await;
    assert!(card.text().contains("Je répète") || card.text().contains("Pas de téléphone"), "{}", card.text());
    // More slowly, back to the list, and the end.
    assert!(caller.press("5").await.text().contains("Plus lentement"));
    assert!(kind(&caller.press("*").await) == "results");
    let end = caller.press("9").await;
    assert_eq!((end.next, end.said.last().unwrap().text.contains("Au revoir")), (Next::Hangup, true));
    assert_eq!(caller.hang_up("completed").await, 204);
    // Nothing of the number is kept, and nothing of the call after its end.
    let now = carrier.demo.clock.now();
    let memory = carrier.demo.engine.keys.hasher(now).hash(&caller.sid);
    assert_eq!(carrier.demo.engine.store.conversation("voice", Some(&memory), now).await.unwrap().0, directory::session::Session::default());
}

#[tokio::test]
async fn a_step_delivered_twice_is_answered_with_the_same_bytes() {
    let carrier = line(Place::sqlite().unwrap(), true).await;
    let (caller, _) = carrier.pressed(AMINA, &["1"]).await;
    let (path, form) = (caller.onward(), caller.form(&[("CallStatus", "in-progress"), ("Digits", "0")]));
    let first = caller.post(&path, form.clone()).await;
    assert_eq!(caller.post(&path, form).await, first);
    assert_eq!(carrier.demo.engine.store.call_backs().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_person_is_promised_with_the_hour_that_suits() {
    for place in Place::both().await.unwrap() {
        let carrier = line(place, true).await;
        let (mut caller, promise) = carrier.pressed(AMINA, &["2", "1", "1030", "0"]).await;
        assert!(promise.text().starts_with("In gevaar? Leg in en bel 1 1 2.") && promise.text().contains("belt u terug"), "{}", promise.text());
        assert!(caller.press("3").await.text().contains("'s avonds"));
        assert_eq!(caller.wait().await.next, Next::Hangup);
        let waiting = carrier.demo.engine.store.call_backs().await.unwrap();
        let [row] = waiting.as_slice() else { panic!("{waiting:?}") };
        assert_eq!(
            (row.channel.as_str(), row.language.as_str(), row.theme.as_deref(), row.postal_code.as_deref()),
            ("voice", "nl", Some("food"), Some("1030"))
        );
        assert_eq!(row.hour.map(directory::answer::BestHour::id), Some("evening"));
        assert_eq!(Sealer::new(&[7; 32]).open(Use::CallBack(&row.person), &row.number).unwrap(), AMINA.as_bytes());
    }
}

#[tokio::test]
async fn who_cannot_be_called_back_is_told_whom_to_call_and_not_cut_off() {
    let carrier = line(Place::sqlite().unwrap(), true).await;
    let (mut caller, person) = carrier.pressed(HIDDEN, &["1", "0"]).await;
    assert!(person.text().contains("0 2, 5 5 5, 0 1, 0 0"), "{}", person.text());
    for _ in 0..4 {
        assert!(matches!(caller.wait().await.next, Next::Gather { .. }), "silence ends the call");
    }
    // Until it has lasted too long.
    carrier.demo.clock.advance(Duration::minutes(21));
    assert_eq!(caller.wait().await.next, Next::Hangup);
    assert!(carrier.demo.engine.store.call_backs().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_slip_is_read_aloud_by_its_number() {
    let carrier = line(Place::sqlite().unwrap(), false).await;
    // A caller whose phone gets no text message takes a number with them…
    let (mut caller, given) = carrier.pressed(AMINA, &["1", "1", "1030", "1", "1", "7"]).await;
    let said = given.said.iter().find(|said| said.text.contains("Votre ticket")).unwrap();
    let number: String = said.text.split("Je répète").next().unwrap().chars().filter(char::is_ascii_digit).collect();
    assert_eq!(number.len(), 5, "{}", said.text);
    let card = caller.press("#").await;
    // …and types it on any other phone.
    let (mut other, _) = carrier.pressed("+32470999999", &["1", "7"]).await;
    let read = other.press(&number).await;
    assert_eq!(kind(&read), "card");
    assert!(card.text().contains(read.said.iter().find(|said| said.text.contains("10 30")).unwrap().text.as_str()), "{}", read.text());
    // A number that is misread is asked for again; the third time a person takes over.
    let wrong = if number.starts_with('1') { "20000" } else { "10000" };
    let (mut misreader, _) = carrier.pressed("+32470999999", &["1", "7"]).await;
    for _ in 0..2 {
        assert!(kind(&misreader.press(wrong).await) == "ticket");
    }
    misreader.press(wrong).await;
    assert_eq!(kind(&misreader.wait().await), "person");
}

#[tokio::test]
async fn a_sensitive_subject_can_be_chosen_from_and_leaves_nothing_of_the_caller() {
    let carrier = line(Place::sqlite().unwrap(), false).await;
    let (mut caller, danger) = carrier.pressed(AMINA, &["1", "8", "6"]).await;
    assert!(danger.text().contains("1 1 2"), "{}", danger.text());
    let (mut seeker, results) = carrier.pressed(AMINA, &["1"]).await;
    drop(results);
    seeker.speak("depression 1030").await;
    let card = seeker.press("1").await;
    assert_eq!(kind(&card), "card", "{}", card.text());
    assert!(!card.text().contains("tapez 7"), "what is sensitive is not to be taken away: {}", card.text());
    caller.press("9").await;
    carrier.demo.engine.store.close().await;
    let bytes = std::fs::read(carrier.demo.place.file().unwrap()).unwrap();
    let holds = |needle: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
    let hasher = carrier.demo.engine.keys.hasher(carrier.demo.clock.now());
    assert!(!holds(AMINA.as_bytes()) && !holds(&hasher.hash(AMINA)) && !holds(b"depression"));
}

#[tokio::test]
async fn calls_are_limited_and_the_last_one_says_so() {
    let carrier = Carrier::new().await;
    for _ in 0..carrier.demo.engine.limits.calls_hour {
        assert_eq!(kind(&carrier.caller(AMINA).call().await), "languages");
    }
    let enough = |heard: &Response| {
        assert!(heard.next == Next::Hangup && heard.text().contains("beaucoup d'appels"), "{heard:?}");
        assert!(heard.said[0].text.starts_with("En danger") && heard.said[0].text.contains("1 1 2"), "{heard:?}");
        assert!(heard.text().matches("1 1 2").count() == 4, "{heard:?}");
    };
    for _ in 0..3 {
        enough(&carrier.caller(AMINA).call().await);
    }
    assert_eq!(kind(&carrier.caller("+32470999999").call().await), "languages");
    // Whoever hides their number shares nothing with those who show it, and more than a few calls.
    for _ in 0..50 {
        assert_eq!(kind(&carrier.caller(HIDDEN).call().await), "languages");
    }
    carrier.demo.engine.store.stop_sending(true).await.unwrap();
    enough(&carrier.caller("+32470999998").call().await);
}

#[tokio::test]
async fn forged_calls_change_nothing() {
    let carrier = Carrier::new().await;
    let caller = carrier.caller(AMINA);
    let body = caller.form(&[("CallStatus", "ringing")]);
    for path in ["/twilio/voice", "/twilio/voice/keys?step=1", "/twilio/voice/status", "/twilio/status?id=1"] {
        assert_eq!(carrier.post(path, Some("c2lnbmF0dXJl"), body.clone()).await.0, 403, "{path}");
        assert_eq!(carrier.post(path, None, body.clone()).await.0, 403, "{path}");
    }
    assert_eq!(carrier.demo.engine.store.answered("voice", &format!("{}:0", caller.sid)).await.unwrap(), None);
}

#[tokio::test]
async fn a_database_that_does_not_answer_is_told_to_the_caller() {
    let carrier = Carrier::new().await;
    carrier.demo.engine.store.close().await;
    let mut caller = carrier.caller(AMINA);
    let trouble = caller.call().await;
    assert!(trouble.text().contains("panne") && matches!(trouble.next, Next::Redirect(_)), "{trouble:?}");
    caller.wait().await;
    assert_eq!(caller.wait().await.next, Next::Hangup);
}
