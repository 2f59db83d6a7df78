//! A morning at the desk, in a browser without a window: once with its scripts, once without; every page read by axe-core.

mod needs;
mod sources;
mod together;
mod typed;

use std::path::Path;

use chrono::Datelike;
use directory::clock::{Clock, SystemClock};
use harness::browser::Browser;
use harness::carrier::{Carrier, Message};
use harness::environment;
use harness::home::{Home, Kind};
use harness::program::{Program, free_address, log, run};
use harness::thermal::Thermal;

const PASSWORD: &str = "quatre mots sans lien";
const PIN: &str = "471147";
const ENTER: &str = "\u{e007}";

/// A browser at the desk, with the reader of its pages.
struct Desk {
    browser: Browser,
    address: String,
    axe: Option<String>,
    runs_scripts: bool,
}

impl Desk {
    async fn open(&self, path: &str) {
        self.browser.open(&format!("{}{path}", self.address)).await;
    }

    /// Everything in a page that keeps somebody out, as axe-core sees it.
    async fn is_open_to_all(&self, page: &str) {
        let Some(axe) = &self.axe else { return };
        self.browser.run(axe).await;
        let found = self.browser.run_later("axe.run(document, { resultTypes: ['violations'] }).then((found) => done(found.violations.map((one) => one.id + ': ' + one.help + ' ' + one.nodes.map((node) => node.html).join(' | '))), (error) => done(['axe: ' + error]));").await;
        let violations: Vec<String> = found
            .as_array()
            .map_or_else(|| vec![format!("no result: {found}")], |all| all.iter().map(|one| one.as_str().unwrap_or_default().to_owned()).collect());
        assert!(violations.is_empty(), "{page}: {violations:#?}");
    }

    /// Keeps a picture that the documentation shows, where pictures are to be made anew.
    async fn photograph(&self, name: &str) {
        let is_shown = include_str!("../../docs/desk.md").contains(&format!("(desk/{name}.png)"));
        if is_shown && self.runs_scripts && environment::rewrites_expected() {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/desk");
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(folder.join(format!("{name}.png")), self.browser.photograph().await).unwrap();
        }
    }

    async fn seen(&self, name: &str) {
        if self.runs_scripts {
            let length = self.browser.run("return new Blob([document.documentElement.outerHTML]).size").await;
            assert!(length.as_u64().is_some_and(|length| length < 60_000), "{name}: {length} bytes");
        }
        self.is_open_to_all(name).await;
        self.photograph(name).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_morning_at_the_desk() {
    morning(true).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_morning_at_the_desk_without_scripts() {
    morning(false).await;
}

async fn morning(runs_scripts: bool) {
    let Some(browser) = Browser::start_with(1280, 1000, runs_scripts).await else { return };
    let axe = environment::axe().and_then(|path| std::fs::read_to_string(path).ok()).filter(|_| runs_scripts);
    if axe.is_none() && runs_scripts {
        harness::skip("axe-core", "PASSERELLE_TEST_AXE names no file");
    }
    let thermal = Thermal::new();
    let home = Home::new(Kind::Sqlite);
    let loaded = run(&home, &[], ["demo", "--load-only", "--db", home.database()]).await;
    assert!(loaded.status.success(), "{}", String::from_utf8_lossy(&loaded.stderr));
    busy_quarter(&home).await;
    let (listen, printer) = (free_address().to_string(), format!("serial:{},115200", thermal.path().display()));
    let settings = [
        ("PASSERELLE__DESK__LISTEN", listen.as_str()),
        ("PASSERELLE__DESK__NAME", "Bibliothèque"),
        ("PASSERELLE__DESK__PHONE", "02 555 01 00"),
        ("PASSERELLE__DESK__CALLS_BACK", "true"),
        ("PASSERELLE__HOME__POSTAL_CODE", "1080"),
        ("PASSERELLE__PRINTER__ADDRESS", printer.as_str()),
        ("PASSERELLE__PRINTER__PROFILE", "epson-80"),
    ];
    let program = Program::serve(&home, free_address(), &settings).await;
    let desk = Desk { browser, address: format!("http://{listen}"), axe, runs_scripts };

    // A service makes no link to all there is by itself, and writes none into its log.
    assert_eq!(home.number("SELECT count(*) FROM invitation").await, 0);

    // Somebody sends 0: they are promised a call.
    let carrier = Carrier::new(program.address);
    let mut connection = None;
    for (sid, text) in [("SMD1", "manger 1080"), ("SMD2", "0")] {
        carrier.deliver(&mut connection, &Message { sid: sid.to_owned(), from: "+32470123456".to_owned(), text: text.to_owned() }).await;
    }

    // The link of a new account, a password, and in.
    let added = run(&home, &settings, ["mediator", "add", "Ana", "--role", "operator"]).await;
    let link = String::from_utf8_lossy(&added.stdout).trim().to_owned();
    assert!(link.starts_with(&desk.address), "{link}");
    desk.browser.open(&link).await;
    desk.browser.reads("h1", "Ana").await;
    desk.seen("first").await;
    for (field, text) in [("#password", PASSWORD), ("#again", PASSWORD), ("#pin", PIN)] {
        desk.browser.fill(field, text).await;
    }
    desk.browser.click("button.main").await;
    desk.browser.reads("h1", "Passerelle").await;
    desk.seen("login").await;
    desk.browser.fill("#name", "Ana").await;
    desk.browser.fill("#password", PASSWORD).await;
    desk.browser.click("button.main").await;
    desk.browser.reads("nav", "Call-backs").await;
    french(&desk).await;

    search_and_slip(&desk, &thermal).await;
    same_bytes(&desk, &thermal, &home, &settings).await;
    visit(&desk).await;
    call_back(&desk, &home).await;
    care(&desk, &home).await;
    locked_and_opened(&desk).await;
    figures_and_out(&desk).await;
    let log = log(&home);
    for hidden in ["0470123456", "+32470123456", "colis", "Ana", PASSWORD] {
        assert!(!log.contains(hidden), "the log holds {hidden}: {log}");
    }
}

/// What a desk with some visitors has behind it: visits, questions and slips of the last quarter that is over.
async fn busy_quarter(home: &Home) {
    let today = SystemClock.now().date_naive();
    let this = today.with_day(1).and_then(|day| day.with_month(today.month0() / 3 * 3 + 1)).unwrap();
    let first = this - chrono::Months::new(3);
    let list = |values: &[&str]| values.iter().enumerate().fold(String::new(), |text, (place, value)| format!("{text} WHEN {place} THEN '{value}'"));
    let visits = format!(
        "INSERT INTO visit (id, day, place, channel, language, themes, outcome, minutes, slip) \
         WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400) \
         SELECT 10000 + i, date('{first}', '+' || (i * 7 % 88) || ' days'), '', CASE i % 9 WHEN 0 THEN 'phone' ELSE 'desk' END, \
         CASE (i * i) % 7 {languages} ELSE 'fr' END, 'food', CASE (i * i + i) % 11 {outcomes} ELSE 'answered' END, CASE i % 5 {minutes} ELSE '0-5' END, 1 FROM n",
        languages = list(&["nl", "ar", "fr"]),
        outcomes = list(&["partly", "referred", "not-found"]),
        minutes = list(&["5-15", "15-30"]),
    );
    home.execute(&visits).await;
    for (channel, key, count) in [
        ("sms", "shown fr", 310),
        ("sms", "nothing fr", 42),
        ("sms", "shown nl", 64),
        ("voice", "shown fr", 128),
        ("voice", "person fr", 31),
        ("telegram", "shown fr", 57),
    ] {
        home.execute(&format!("INSERT INTO tally (day, what, channel, key, count) VALUES ('{first}', 'turn', '{channel}', '{key}', {count})")).await;
    }
    for (place, count) in [("1080", 24), ("1030", 17), ("5590", 12)] {
        home.execute(&format!("INSERT INTO unmet (day, channel, theme, postal_code, count) VALUES ('{first}', 'sms', 'housing', '{place}', {count})")).await;
    }
}

/// The desk speaks the language of its reader; the browser asked for English.
async fn french(desk: &Desk) {
    desk.open("/account").await;
    desk.seen("account").await;
    desk.browser.click("button[name=language][value=fr]").await;
    desk.browser.reads("h1", "Mon compte").await;
}

async fn search_and_slip(desk: &Desk, thermal: &Thermal) {
    desk.open("/").await;
    desk.browser.fill("#q", "repas chaud 1000").await;
    if desk.runs_scripts {
        // As one types, without a page load.
        desk.browser.shows("#results", "Manger").await;
        assert!(!desk.browser.address().await.contains("q="), "the page was loaded");
        desk.seen("search").await;
    }
    searched(desk).await;
    desk.browser.reads("#results", "Compris").await;
    assert!(!desk.browser.address().await.contains("repas"), "the address says what was searched");
    desk.browser.click(".results li:nth-child(1) .do button").await;
    desk.browser.reads("main", "Ticket en cours : 1").await;
    desk.browser.click(".results li:nth-child(2) .name").await;
    desk.browser.reads("dl", "Thèmes").await;
    desk.seen("record").await;
    let name = desk.browser.reads("h1", "").await;
    desk.browser.click("a[href$='/mirror']").await;
    desk.browser.reads("h1", &name).await;
    desk.seen("mirror").await;
    desk.browser.click("button[value=nl]").await;
    desk.browser.reads("main", "Terug").await;
    desk.browser.click("form a.button").await;
    desk.browser.click("form[action='/slip/add'] button").await;
    desk.browser.reads("h1", "Ticket").await;
    assert_eq!(desk.browser.count("button[name=off]").await, 2);
    desk.browser.fill("#line", "Guichet 3, dites Bonjour de la bibliothèque").await;
    desk.browser.click("button[formaction='/slip/show']").await;
    desk.browser.reads("h1", "Ticket").await;
    assert_eq!(desk.browser.count("img.slip").await, 1);
    desk.seen("slip").await;
    desk.browser.click("button[name=up]").await;
    desk.browser.reads("h1", "Ticket").await;
    desk.browser.fill("#line", "Guichet 3").await;
    desk.browser.click("form[action='/slip/print'] button.main").await;
    printed(desk).await;
    desk.seen("printed").await;
    let printed = thermal.printed();
    let slip: String = printed.cut.last().unwrap().iter().map(|line| line.iter().map(|byte| char::from(*byte)).collect::<String>() + "\n").collect();
    assert!(slip.contains("Guichet 3") && slip.contains("DEMO"), "{slip}");
}

/// A slip of the desk and the same one of the command are the same bytes, but for the time on them.
async fn same_bytes(desk: &Desk, thermal: &Thermal, home: &Home, settings: &[(&str, &str)]) {
    desk.open("/slip").await;
    desk.browser.click("form[action='/slip/print'] button.main").await;
    printed(desk).await;
    assert_eq!(home.number("SELECT count(*) FROM ticket").await, 2);
    let last = |sheets: &[harness::thermal::Sheet]| sheets.last().unwrap().clone();
    let ours = last(&thermal.printed().cut);
    // Which of the two is its own, the slip says.
    let lines = ours.iter().map(|line| line.iter().map(|byte| char::from(*byte)).collect::<String>());
    let own: String = lines.clone().find(|line| line.contains("Votre ticket")).unwrap_or_else(|| panic!("no ticket: {:?}", lines.collect::<Vec<_>>()));
    let digits: String = own.chars().filter(char::is_ascii_digit).take(5).collect();
    let again = run(home, settings, ["slip", "--ticket", &digits, "--to", "printer"]).await;
    assert!(again.status.success(), "{}", String::from_utf8_lossy(&again.stderr));
    let theirs = last(&thermal.printed().cut);
    let but_for_time = |sheet: &harness::thermal::Sheet| sheet.concat().into_iter().filter(|byte| !byte.is_ascii_digit()).collect::<Vec<u8>>();
    assert!(but_for_time(&ours) == but_for_time(&theirs), "the desk and the command print differently");
}

/// Waits until the paper is out.
async fn printed(desk: &Desk) {
    if !desk.runs_scripts {
        let begun = std::time::Instant::now();
        while !desk.browser.reads("main", "").await.contains("Imprimé") && begun.elapsed().as_secs() < 60 {
            desk.browser.click("a[href^='/slip/printed/']").await;
        }
    }
    desk.browser.reads("main", "Imprimé").await;
}

async fn visit(desk: &Desk) {
    desk.open("/visit").await;
    // Theme and outcome are filled in: one click is enough.
    assert_eq!(desk.browser.count("input[name=outcome][value=answered]:checked").await, 1);
    assert!(desk.browser.count("input[name=theme]:checked").await >= 1);
    desk.seen("visit").await;
    desk.browser.click("button.main").await;
    desk.browser.reads("main", "Visite gardée").await;
    assert_eq!(desk.browser.count("input[name=theme]:checked").await, 0, "the next visitor is another one");
}

async fn call_back(desk: &Desk, home: &Home) {
    desk.open("/calls").await;
    let before = desk.browser.reads("main", "quand vous prenez l'appel").await;
    assert!(!before.contains("0470"), "the number is shown before anybody calls: {before}");
    desk.seen("calls").await;
    desk.browser.click("button[formaction='/calls/take']").await;
    desk.browser.reads("main", "quelqu'un appelle").await;
    desk.browser.reads("main", "0470 12 34 56").await;
    desk.browser.click("button[value=done]").await;
    desk.browser.reads("main", "Personne n'attend").await;
    assert_eq!(home.number("SELECT count(*) FROM call_back").await, 0);
    assert_eq!(home.column("SELECT what FROM tally WHERE what = 'call-back'").await.len(), 1);
}

async fn care(desk: &Desk, home: &Home) {
    search(desk, "colis alimentaire 1080").await;
    desk.browser.reads("#results", "Compris").await;
    desk.browser.click(".results li:nth-child(1) .name").await;
    desk.browser.click("a[href$='/edit']").await;
    desk.browser.reads("h1 code", "").await;
    desk.browser.fill("#phone", "02 555 77 77").await;
    desk.seen("edit").await;
    // A need that nobody calls so is told beside its field; one that somebody does is kept.
    desk.browser.fill("#need_add", "qqxwz").await;
    desk.browser.click("form[action$='/edit'] button.main").await;
    desk.browser.reads("#need_add-wrong", "qqxwz").await;
    desk.seen("edit-wrong").await;
    desk.browser.fill("#need_add", "prendre une douche").await;
    desk.browser.click("form[action$='/edit'] button.main").await;
    desk.browser.reads("main", "02 555 77 77").await;
    desk.browser.click("a[href$='/edit']").await;
    desk.browser.reads("form[action$='/edit']", "La source dit").await;
    desk.browser.reads("table", "02 555 77 77").await;

    desk.open("/verify").await;
    desk.browser.reads("main", "Fiches à vérifier").await;
    desk.seen("verify").await;
    for done in 1..=3 {
        desk.browser.click(".results li:first-child button[value=right]").await;
        let begun = std::time::Instant::now();
        while home.number("SELECT count(*) FROM history WHERE field = 'verified'").await < done {
            assert!(begun.elapsed().as_secs() < 20, "{done} are not verified");
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        desk.browser.reads("h1", "Vérifier").await;
    }
    desk.open("/add").await;
    desk.seen("add").await;
    for (field, text) in [("#name", "Cuisine de quartier du Test"), ("#postal_code", "1080"), ("#phone", "02 555 88 88")] {
        desk.browser.fill(field, text).await;
    }
    desk.browser.click("#theme_1 option[value=food]").await;
    desk.browser.click("button.main").await;
    desk.browser.reads("h1", "Cuisine de quartier du Test").await;
    search(desk, "cuisine 1080").await;
    desk.browser.reads("#results", "Cuisine de quartier du Test").await;
}

async fn search(desk: &Desk, line: &str) {
    desk.open("/").await;
    desk.browser.fill("#q", line).await;
    searched(desk).await;
}

/// Presses Enter in the line, and waits for the page of what is found.
async fn searched(desk: &Desk) {
    desk.browser.keys("#q", ENTER).await;
    let begun = std::time::Instant::now();
    while !desk.browser.address().await.contains("?s=") {
        assert!(begun.elapsed().as_secs() < 20, "nothing was searched: {}", desk.browser.address().await);
    }
}

/// What is typed survives the lock, without scripts too; locked in one window, the desk is locked in all.
async fn locked_and_opened(desk: &Desk) {
    let unlock = async || {
        desk.browser.reads("h1", "verrouillé").await;
        desk.browser.fill("#pin", PIN).await;
        desk.browser.click("button.main").await;
        desk.browser.reads("h1", "Ajouter une fiche").await;
        desk.browser.reads("main", "Voici ce que vous aviez tapé").await;
    };
    desk.open("/add").await;
    desk.browser.fill("#name", "Atelier à moitié écrit").await;
    desk.browser.click("footer button[name=at]").await;
    unlock().await;
    assert_eq!(desk.browser.count("#name[value='Atelier à moitié écrit']").await, 1);
    desk.seen("typed").await;
    if desk.runs_scripts {
        desk.browser.fill("#street", "Rue de la Moitié").await;
        desk.browser.run("new BroadcastChannel('desk').postMessage('locked')").await;
        unlock().await;
        assert_eq!(desk.browser.count("#name[value='Atelier à moitié écrit']").await, 1);
        assert_eq!(desk.browser.count("#street[value='Rue de la Moitié']").await, 1);
    }
}

async fn figures_and_out(desk: &Desk) {
    desk.open("/figures").await;
    desk.browser.reads("h1", "Chiffres").await;
    desk.seen("figures").await;
    desk.open("/figures/report").await;
    desk.browser.reads("main", "Publiable").await;
    assert!(desk.browser.count("figure img").await >= 3, "no chart");
    desk.seen("report").await;
    for (path, heading, name) in [
        ("/imports", "Sources", "imports"),
        ("/imports/doubles", "même porte", "doubles"),
        ("/places", "Lieux", "places"),
        ("/mediators", "Comptes", "mediators"),
        ("/audit", "Journal", "audit"),
    ] {
        desk.open(path).await;
        desk.browser.reads("h1", heading).await;
        desk.seen(name).await;
    }
    desk.browser.click("form.leave button:nth-of-type(1)").await;
    desk.browser.reads("h1", "verrouillé").await;
    desk.seen("locked").await;
    desk.browser.fill("#pin", PIN).await;
    desk.browser.click("button.main").await;
    // What was typed before still waits.
    desk.browser.reads("h1", "Ajouter une fiche").await;
    desk.open("/").await;
    desk.browser.reads("h1", "Chercher").await;
    desk.browser.click("button[formaction='/logout']").await;
    desk.browser.reads("h1", "Passerelle").await;
    desk.open("/calls").await;
    desk.browser.reads("main", "Password").await;
}
