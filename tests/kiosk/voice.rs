//! The voice: by the number pad alone, and as sound.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, Instant};

use harness::kiosk::Kiosk;
use harness::sound::Sound;
use harness::thermal::Thermal;

use super::terminal::{demo, letters};

/// Whatever takes longer has failed.
const PATIENCE: Duration = Duration::from_mins(1);

async fn until(what: &str, is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < PATIENCE, "never: {what}");
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
}

/// Words as they are heard or seen, without signs. Arabic, which stands on the screen in joined letters, is not compared.
fn words(text: &str) -> BTreeSet<String> {
    text.split(|letter: char| !letter.is_alphanumeric() || letter > 'ɏ').filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

/// What was said since so many lines.
fn said(log: &Path, after: usize) -> Vec<String> {
    std::fs::read_to_string(log).unwrap_or_default().lines().skip(after).map(ToOwned::to_owned).collect()
}

/// With the number pad and a voice that writes down what it says: from the greeting to a slip, without a look at the
/// screen; and what was said is what the screen shows, no more and no less.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn blind_from_the_greeting_to_a_slip() {
    let (home, thermal) = (demo().await, Thermal::new());
    let log = home.folder().join("said");
    let voice = format!("[voice]\ncommand = [\"sh\", \"-c\", \"cat >>'{}'\"]", log.display());
    let Some(kiosk) = Kiosk::start(&home, &thermal, &voice, &[]) else { return };
    kiosk.until("Bonjour").await;
    // The voice is ready a moment after the screen.
    let mut shown = kiosk.press('#', "Choisissez").await;
    while !shown.contains("Écouter") {
        kiosk.press('9', "Bonjour").await;
        shown = kiosk.press('#', "Choisissez").await;
    }
    let mut heard = 0;
    // Seven keys, and what is heard of the page that each of them opens.
    for (key, first) in [('1', "Français"), ('1', "Manger"), ('1', "La Louche Bleue"), ('1', "DEMO"), ('7', "Votre ticket"), ('7', "Votre ticket")] {
        until("the page is read", || said(&log, heard).last().is_some_and(|line| line.starts_with("9. "))).await;
        heard = said(&log, 0).len();
        kiosk.key(key);
        until(first, || said(&log, heard).iter().any(|line| line.contains(first))).await;
        until("the page is read", || said(&log, heard).last().is_some_and(|line| line.starts_with("9. "))).await;
        // A page that was asked for is read when it is there: once more, now that it does not change.
        if ["s'imprime", "Prenez votre"].iter().any(|word| kiosk.shown().contains(word)) {
            kiosk.until("Prenez votre ticket.").await;
            until("it is told", || said(&log, heard).iter().any(|line| line.contains("Prenez votre ticket."))).await;
            until("the page is read", || said(&log, heard).last().is_some_and(|line| line.starts_with("9. "))).await;
        }
        heard = said(&log, 0).len();
        kiosk.key('#');
        until("the page is read again", || said(&log, heard).last().is_some_and(|line| line.starts_with("9. "))).await;
        let (heard_words, shown) = (words(&said(&log, heard).join(" ")), words(&kiosk.shown()));
        // On the screen signs are signs.
        let names = words("étoile dièse");
        let unseen: Vec<_> = heard_words.difference(&shown).filter(|word| !names.contains(*word)).collect();
        let unheard: Vec<_> = shown.difference(&heard_words).filter(|word| word.as_str() != "b" && word.as_str() != "n").collect();
        // What the screen has no room for is said all the same.
        assert!(unseen.is_empty() || kiosk.shown().contains('…'), "said and not shown: {unseen:?}\n{}", kiosk.shown());
        assert!(unheard.is_empty(), "shown and not said: {unheard:?} of\n{}{:?}", kiosk.shown(), said(&log, heard));
    }
    let slip = letters(&thermal.printed().cut[0]);
    assert!(slip.contains("Utile 1 mois"), "{slip}");
}

/// Speech as sound: about as long as it takes to say it, cut by a key, and no hindrance when its daemon dies.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_is_heard_cut_and_not_waited_for() {
    if !cfg!(feature = "speech") {
        harness::skip("the kiosk's voice", "built without the feature speech");
        return;
    }
    let (home, thermal) = (demo().await, Thermal::new());
    let Some(sound) = Sound::start(home.folder().join("sound")).await else { return };
    let surroundings = sound.surroundings();
    let surroundings: Vec<(&str, &Path)> = surroundings.iter().map(|(name, path)| (*name, path.as_path())).collect();
    let Some(kiosk) = Kiosk::start(&home, &thermal, "", &surroundings) else { return };
    kiosk.press('1', "Choisissez votre langue").await;
    kiosk.press('1', "# Écouter").await;
    // Until the name of the language is said.
    tokio::time::sleep(Duration::from_secs(2)).await;
    // About thirty words and as many signs, at 150 a minute, and no pause is loud. A machine with much else to do may
    // lose the voice in between; the kiosk makes another one, and the page is asked for again.
    let mut whole = Duration::ZERO;
    for _ in 0..3 {
        sound.listen();
        kiosk.press('#', "# Silence").await;
        kiosk.stay_until("# Écouter").await;
        tokio::time::sleep(Duration::from_millis(500)).await;
        whole = sound.loud();
        if whole >= Duration::from_secs(6) {
            break;
        }
    }
    assert!((Duration::from_secs(6)..Duration::from_secs(40)).contains(&whole), "{whole:?}");
    // A key cuts it.
    sound.listen();
    kiosk.press('#', "# Silence").await;
    until("something is heard", || sound.loud() > Duration::from_millis(300)).await;
    kiosk.press('8', "Page 2 sur 2").await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let cut = sound.loud();
    assert!(cut < whole / 2, "{cut:?} of {whole:?}");
    sound.listen();
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(sound.loud(), Duration::ZERO);
    // Its daemon dies: the screen goes on, and speaks again.
    kiosk.press('#', "# Silence").await;
    sound.signal("KILL");
    kiosk.press('8', "Page 1 sur 2").await;
    kiosk.press('#', "Page 1 sur 2").await;
    kiosk.press('1', "8 Tout voir").await;
    kiosk.until("# Écouter").await;
    sound.listen();
    let begun = Instant::now();
    while sound.loud() < Duration::from_millis(300) {
        assert!(begun.elapsed() < PATIENCE, "it does not speak again");
        if kiosk.shown().contains("# Écouter") {
            kiosk.key('#');
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    // Frozen, it is not waited for either.
    sound.signal("STOP");
    kiosk.press('8', "24 lieux").await;
    kiosk.press('*', "Que cherchez-vous ?").await;
    kiosk.press('9', "Bonjour").await;
}
