//! From a command to the paper and back: the program, a printer on a pty, and text messages.

use std::time::{Duration, Instant};

use harness::carrier::{Carrier, Message, text_of};
use harness::home::{Home, Kind};
use harness::program::{Program, fill, free_address, run};
use harness::thermal::{Fault, Printed, Sheet, Thermal};

/// What only the last lines of a slip say.
const LAST: &str = "Utile 1 mois";

/// What is printed on half a slip before it is cut off.
const TORN: &str = "Ce papier n'est pas complet";

/// A program that takes longer to print has failed.
const PATIENCE: Duration = Duration::from_secs(90);

/// A home with a directory, and the settings of its printer.
async fn home(kind: Kind, thermal: &Thermal) -> (Home, Vec<(&'static str, String)>) {
    let home = Home::new(kind);
    fill(&home, 40).await;
    let settings = vec![
        ("PASSERELLE__PRINTER__ADDRESS", format!("serial:{},115200", thermal.path().display())),
        ("PASSERELLE__PRINTER__PROFILE", "epson-80".to_owned()),
        ("PASSERELLE__DESK__NAME", "Accueil".to_owned()),
        ("PASSERELLE__DESK__PHONE", "02 555 01 00".to_owned()),
        ("PASSERELLE__TWILIO__NUMBER", "0460 00 00 00".to_owned()),
    ];
    (home, settings)
}

fn borrowed<'a>(settings: &'a [(&'static str, String)]) -> Vec<(&'a str, &'a str)> {
    settings.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

/// Codes of entries that are no secret, in an order that is not that of search. None opens or closes while the test runs:
/// a slip says whether a place is open now.
async fn entries(home: &Home) -> Vec<String> {
    let open = "status = 'published' AND body NOT LIKE '%\"mind\"%' AND body NOT LIKE '%\"safety\"%'";
    let steady = "(body NOT LIKE '%\"osm\":\"%' OR body LIKE '%\"osm\":\"24/7\"%') AND kind IN ('service', 'place')";
    let codes = home.column(&format!("SELECT code FROM record WHERE {open} AND {steady} ORDER BY code DESC LIMIT 3")).await;
    assert_eq!(codes.len(), 3);
    codes
}

fn letters(sheet: &Sheet) -> String {
    // WPC1252 is Latin 1 where these slips have letters.
    sheet.iter().map(|line| line.iter().map(|byte| char::from(*byte)).collect::<String>() + "\n").collect()
}

fn wholes(printed: &Printed) -> Vec<String> {
    printed.cut.iter().map(letters).filter(|text| text.contains(LAST) && !text.contains(TORN)).collect()
}

/// Every sheet is a whole slip, or says that it is none.
fn assert_honest(printed: &Printed, what: &str) {
    assert!(printed.hanging.is_empty(), "{what}: something hangs on the roll");
    for text in printed.cut.iter().map(letters) {
        assert!(text.trim().is_empty() || text.contains(TORN) || text.contains(LAST), "{what}: half a slip passes for a whole one: {text}");
    }
}

async fn until(home: &Home, sql: &str, wanted: i64) {
    let begun = Instant::now();
    while home.number(sql).await != wanted {
        assert!(begun.elapsed() < PATIENCE, "{sql} never came to {wanted}: {}", harness::program::log(home));
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

const DONE: &str = "SELECT count(*) FROM print_job WHERE state = 'done'";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slip_waits_for_paper_comes_out_once_and_is_texted_again() {
    for kind in Kind::all("slips") {
        paper_and_back(kind).await;
    }
}

async fn paper_and_back(kind: Kind) {
    let thermal = Thermal::new();
    let (home, settings) = home(kind, &thermal).await;
    let settings = borrowed(&settings);
    let codes = entries(&home).await;
    let mut program = Program::serve(&home, free_address(), &settings).await;
    let ask = async |arguments: &[&str]| {
        let output = run(&home, &settings, arguments).await;
        (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr))
    };
    assert!(ask(&["printer", "list"]).await.1.contains("epson-80  prints"));

    // The roll ends in the middle of the second picture or so.
    thermal.fail_after(3_000, Fault::PaperOut);
    let (is_well, said) = ask(&["slip", &codes[0], &codes[1], &codes[2], "--to", "printer"]).await;
    assert!(is_well && said.contains("waits: no paper"), "{said}");
    let (_, waiting) = ask(&["printer", "jobs"]).await;
    assert!(waiting.contains("waiting-for-paper") && codes.iter().all(|code| !waiting.contains(code)), "{waiting}");
    assert!(wholes(&thermal.printed()).is_empty());
    let thermal = thermal.mended();
    until(&home, DONE, 1).await;
    let printed = thermal.printed();
    assert_honest(&printed, "out of paper");
    let [slip] = wholes(&printed).try_into().unwrap_or_else(|many: Vec<String>| panic!("{} whole slips: {many:#?}", many.len()));
    assert!(codes.iter().all(|code| slip.contains(code.as_str())), "{slip}");
    assert_eq!(home.column("SELECT codes || languages FROM print_job").await, [""]);

    // The number on the paper answers.
    let (_, behind) = slip.split_once("Votre ticket : ").expect("a ticket on the slip");
    let number: String = behind.lines().next().unwrap().chars().filter(char::is_ascii_digit).collect();
    assert!(slip.contains(&format!("TICKET {number}")) && slip.contains("0460 00 00 00"), "{slip}");
    let carrier = Carrier::new(program.address);
    let mut connection = None;
    let mut text = async |sid: &str, text: &str| {
        let message = Message { sid: sid.to_owned(), from: "+32470000001".to_owned(), text: text.to_owned() };
        carrier.deliver(&mut connection, &message).await;
        text_of(carrier.heard()[sid].first().unwrap())
    };
    let listed = text("SMP1", &format!("ticket {number}")).await;
    assert!(listed.contains(&format!("Ticket {number}")), "{listed}");
    for (key, code) in ["1", "2", "3"].into_iter().zip(&codes) {
        let card = text(&format!("SMP2{key}"), key).await;
        assert!(card.contains(code.as_str()), "key {key} of the slip is {code}: {card}");
        text(&format!("SMP3{key}"), "*").await;
    }

    // And prints it again; what is hidden has no number.
    let tickets = "SELECT count(*) FROM ticket";
    assert_eq!(home.number(tickets).await, 1);
    assert!(ask(&["slip", "--ticket", &number, "--to", "printer"]).await.1.contains("Printed."));
    let again = wholes(&thermal.printed()).pop().unwrap();
    assert_eq!(again.replace(|letter: char| letter.is_ascii_digit(), ""), slip.replace(|letter: char| letter.is_ascii_digit(), ""), "but for the time");
    assert!(ask(&["slip", &codes[0], "--discreet", "--to", "printer"]).await.0);
    assert_eq!((home.number(tickets).await, wholes(&thermal.printed()).len()), (1, 3));
    assert!(program.stop().await.is_some_and(|status| status.success()));
    assert!(ask(&["printer", "list"]).await.1.contains("no program prints on it now"));
    // Without a gateway the command prints by itself.
    assert!(ask(&["slip", &codes[0], "--to", "printer"]).await.1.contains("Printed."));
    assert_eq!((home.number(tickets).await, wholes(&thermal.printed()).len()), (2, 4));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_dies_while_printing_mends_it_at_the_next_start() {
    for kind in Kind::all("slips") {
        for (point, fault) in [(Some("print::claimed"), None), (None, Some(1_500))] {
            dies(kind, point, fault).await;
        }
    }
}

async fn dies(kind: Kind, point: Option<&str>, fault: Option<usize>) {
    let thermal = Thermal::new();
    let (home, settings) = home(kind, &thermal).await;
    let settings = borrowed(&settings);
    let codes = entries(&home).await;
    let points = point.map(|point| format!("{point}=return"));
    let with_points: Vec<_> = settings.iter().copied().chain(points.as_deref().map(|points| ("FAILPOINTS", points))).collect();
    let mut program = Program::serve(&home, free_address(), &with_points).await;
    if let Some(bytes) = fault {
        thermal.fail_after(bytes, Fault::Stalled);
    }
    let asking = run(&home, &settings, ["slip", &codes[0], &codes[1], "--to", "printer"]);
    let dying = async {
        match fault {
            // Dead in the middle of a picture.
            Some(_) => {
                let begun = Instant::now();
                while !thermal.has_failed() {
                    assert!(begun.elapsed() < PATIENCE, "nothing is printed: {}", harness::program::log(&home));
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
                program.kill();
            }
            None => assert!(program.ended(PATIENCE).await.is_some(), "it did not die"),
        }
        let thermal = thermal.mended();
        let mut program = Program::serve(&home, free_address(), &settings).await;
        until(&home, DONE, 1).await;
        let printed = thermal.printed();
        assert_honest(&printed, &format!("{point:?} {fault:?}"));
        assert_eq!(wholes(&printed).len(), 1, "{point:?} {fault:?}: {:?}", printed.cut.iter().map(letters).collect::<Vec<_>>());
        assert!(program.stop().await.is_some_and(|status| status.success()));
    };
    let (asked, ()) = tokio::join!(asking, dying);
    assert!(asked.status.success(), "{}", String::from_utf8_lossy(&asked.stderr));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_gateway_a_command_gives_up_and_the_next_one_mends() {
    let thermal = Thermal::new();
    let (home, settings) = home(Kind::Sqlite, &thermal).await;
    let settings = borrowed(&settings);
    let codes = entries(&home).await;
    thermal.fail_after(1_500, Fault::PaperOut);
    let output = run(&home, &settings, ["slip", &codes[0], "--to", "printer"]).await;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && said.contains("no paper"), "{said}");
    assert_eq!(home.column("SELECT state || codes FROM print_job").await, ["spoiled"]);
    let thermal = thermal.mended();
    assert!(run(&home, &settings, ["slip", &codes[1], "--to", "printer"]).await.status.success());
    let printed = thermal.printed();
    assert_honest(&printed, "given up");
    let [slip] = wholes(&printed).try_into().unwrap_or_else(|many: Vec<String>| panic!("{} whole slips: {many:#?}", many.len()));
    assert!(slip.contains(&codes[1]) && !slip.contains(&codes[0]), "{slip}");
    // A printer that is not there is named, and what was wanted of it is forgotten.
    let away = [("PASSERELLE__PRINTER__ADDRESS", "usb:/nowhere/lp0"), ("PASSERELLE__PRINTER__PROFILE", "epson-80")];
    let output = run(&home, &away, ["slip", &codes[0], "--to", "printer"]).await;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && said.contains("usb:/nowhere/lp0") && said.contains("not there"), "{said}");
    assert_eq!(home.number("SELECT count(*) FROM print_job WHERE codes <> ''").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_asked_to_stop_keeps_first_what_is_on_the_paper() {
    let thermal = Thermal::new();
    let (home, settings) = home(Kind::Sqlite, &thermal).await;
    let settings = borrowed(&settings);
    let codes = entries(&home).await;
    let mut program = Program::serve(&home, free_address(), &settings).await;
    thermal.fail_after(1_500, Fault::Stalled);
    let asking = run(&home, &settings, ["slip", &codes[0], "--to", "printer"]);
    let stopping = async {
        let begun = Instant::now();
        while !thermal.has_failed() {
            assert!(begun.elapsed() < PATIENCE, "nothing is printed: {}", harness::program::log(&home));
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        assert!(program.stop().await.is_some_and(|status| status.success()));
        assert_eq!(home.column("SELECT state || ' ' || paper FROM print_job").await, ["queued half"]);
        let thermal = thermal.mended();
        let mut program = Program::serve(&home, free_address(), &settings).await;
        until(&home, DONE, 1).await;
        assert_honest(&thermal.printed(), "stopped");
        assert_eq!(wholes(&thermal.printed()).len(), 1);
        assert!(program.stop().await.is_some_and(|status| status.success()));
    };
    let (asked, ()) = tokio::join!(asking, stopping);
    assert!(asked.status.success(), "{}", String::from_utf8_lossy(&asked.stderr));
}
