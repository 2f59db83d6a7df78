//! The running kiosk in a terminal: keys and touches in, a slip out.

use std::time::{Duration, Instant};

use harness::home::{Home, Kind};
use harness::kiosk::{Kiosk, SILENT};
use harness::program::{CALLS_BACK, Program, free_address, run};
use harness::thermal::{Sheet, Thermal};

/// A slip that takes longer to come has failed.
const PATIENCE: Duration = Duration::from_secs(30);

pub(super) fn letters(sheet: &Sheet) -> String {
    sheet.iter().map(|line| line.iter().map(|byte| char::from(*byte)).collect::<String>() + "\n").collect()
}

pub(super) async fn demo() -> Home {
    let home = Home::new(Kind::Sqlite);
    let output = run(&home, &[], ["demo", "--load-only", "--db", home.database()]).await;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    home
}

/// The first entry on a page of results.
fn first_entry(shown: &str) -> String {
    let line = shown.lines().find_map(|line| line.trim_start().strip_prefix("1  ")).unwrap_or_else(|| panic!("no entry:\n{shown}"));
    line.split("  ").next().unwrap().trim().to_owned()
}

async fn slip_of(thermal: &Thermal, name: &str) -> String {
    let begun = Instant::now();
    loop {
        let slips: Vec<String> = thermal.printed().cut.iter().map(letters).collect();
        if let [slip] = &slips[..] {
            // Latin letters are the same on paper; a long name is cut over lines.
            let word = name.trim_start_matches("DEMO ").split(' ').next().unwrap();
            assert!(slip.contains(word), "{word} is not on the slip: {slip}");
            return slip.clone();
        }
        assert!(begun.elapsed() < PATIENCE, "{} slips", slips.len());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn by_keys_from_the_language_to_a_slip() {
    let (home, thermal) = (demo().await, Thermal::new());
    let Some(kiosk) = Kiosk::start(&home, &thermal, SILENT, &[]) else { return };
    kiosk.until("Bonjour").await;
    kiosk.press('1', "Choisissez votre langue").await;
    kiosk.press('1', "Que cherchez-vous ?").await;
    // The door is a large one: one of its needs, then an entry.
    kiosk.press('1', "8 Tout voir").await;
    let name = first_entry(&kiosk.press('1', "lieux").await);
    kiosk.press('1', "5 C'est faux ?").await;
    kiosk.press('7', "1 adresse, gratuit").await;
    let printed = kiosk.press('7', "Prenez votre ticket.").await;
    assert!(printed.contains("Son numéro : "), "{printed}");
    let slip = slip_of(&thermal, &name).await;
    assert!(slip.contains("Utile 1 mois"), "{slip}");
    // The number on the screen is the one on the paper.
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).take(5).collect::<String>();
    let number = digits(printed.split_once("Son numéro : ").unwrap().1);
    assert!(slip.contains(&number) || digits(slip.split_once("ticket : ").unwrap().1) == number, "{number} is not on {slip}");
    kiosk.press('9', "Bonjour").await;
    assert_eq!(home.kiosk_copy().column("SELECT codes FROM print_job").await, [""]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn by_touch_in_another_language_to_a_person_and_home() {
    let (home, thermal) = (demo().await, Thermal::new());
    let Some(kiosk) = Kiosk::start(&home, &thermal, SILENT, &[]) else { return };
    kiosk.until("Bonjour").await;
    kiosk.touch("Bonjour", "Choisissez votre langue").await;
    kiosk.touch("Nederlands", "Wat zoekt u?").await;
    kiosk.touch("Eten", "8 Alles").await;
    let name = first_entry(&kiosk.touch("Alles", "plaatsen").await);
    kiosk.touch(&name, "5 Klopt dit niet?").await;
    kiosk.touch("Hulp", "02 555 01 00").await;
    kiosk.touch("Ik vond het niet", "Wat ontbreekt er?").await;
    kiosk.touch("Slapen", "Genoteerd").await;
    kiosk.touch("Klaar", "Bonjour").await;
    assert_eq!(home.kiosk_copy().column("SELECT channel || ' ' || theme || ' ' || postal_code FROM unmet").await, ["kiosk shelter 1030"]);
    // A whole minute is not waited for: `app` proves what happens then.
    assert!(thermal.printed().cut.is_empty());
}

/// Kiosk and gateway as they run: a number typed on the kiosk stands in the desk's queue, a ring in front of it. The kiosk
/// has a copy of the directory, and nothing else.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_number_typed_here_is_called_by_the_desk() {
    for kind in Kind::all("the kiosk's calls") {
        let home = Home::new(kind);
        let loaded = run(&home, &[], ["demo", "--load-only", "--db", home.database()]).await;
        assert!(loaded.status.success(), "{}", String::from_utf8_lossy(&loaded.stderr));
        let file = home.kiosk_file().display().to_string();
        let settings: Vec<(&str, &str)> = CALLS_BACK.into_iter().chain([("PASSERELLE__KIOSK__COPY", file.as_str())]).collect();
        typed_and_called(&home, &home.kiosk_copy(), &settings).await;
    }
}

async fn typed_and_called(home: &Home, beside: &Home, settings: &[(&str, &str)]) {
    let thermal = Thermal::new();
    let mut gateway = Program::serve(home, free_address(), settings).await;
    // The table that comes last.
    until("the copy is made", async || beside.file().exists() && beside.number("SELECT count(*) FROM sqlite_master WHERE name = 'kiosk'").await > 0).await;
    until("the desk calls back", async || beside.number("SELECT count(*) FROM letter_box").await > 0).await;
    until("the copy is whole", async || beside.number("SELECT count(*) FROM record").await > 300).await;
    let Some(kiosk) = Kiosk::start(home, &thermal, SILENT, &[]) else { return };
    kiosk.until("Bonjour").await;
    kiosk.press('1', "Choisissez votre langue").await;
    kiosk.press('1', "Que cherchez-vous ?").await;
    kiosk.press('0', "Être rappelé").await;
    kiosk.press('2', "Quel est votre numéro ?").await;
    for digit in "047012345".chars() {
        kiosk.key(digit);
    }
    kiosk.press('#', "Ce numéro ne va pas.").await;
    kiosk.press('6', "0470 12 34 56").await;
    kiosk.press('#', "C'est bien votre numéro ?").await;
    let shown = kiosk.press('1', "C'est noté. Une personne vous appellera.").await;
    assert!(!shown.contains("0470"), "{shown}");
    kiosk.press('1', "C'est noté. Allez à l'accueil.").await;
    kiosk.press('9', "Bonjour").await;
    until("the letter is brought", async || home.number("SELECT count(*) FROM call_back").await == 1).await;
    until("the ring is heard", async || home.column("SELECT place FROM ring").await == ["Bibliothèque"]).await;
    until("the desk knows that the kiosk is there", async || beside.column("SELECT place FROM kiosk").await == ["Bibliothèque"]).await;
    until("the letter is burnt", async || beside.number("SELECT count(*) FROM letter").await == 0).await;
    let listed = run(home, settings, ["call-backs"]).await;
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    assert!(listed.contains("+32470123456") && listed.contains("1030"), "{listed}");
    assert!(gateway.stop().await.is_some_and(|status| status.success()));
    // Without a gateway it goes on.
    kiosk.press('1', "Choisissez votre langue").await;
    kiosk.press('1', "Que cherchez-vous ?").await;
    kiosk.press('1', "8 Tout voir").await;
    kiosk.press('8', "24 lieux").await;
}

async fn until(what: &str, is_so: impl AsyncFn() -> bool) {
    let begun = Instant::now();
    while !is_so().await {
        assert!(begun.elapsed() < PATIENCE, "never: {what}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
