//! P20: an import that shrinks, is cut off, malformed or killed leaves the directory as it was, or whole; turns are answered
//! while a large one is written.

use std::process::Output;
use std::time::{Duration, Instant};

use harness::chance::Chance;
use harness::home::{Home, Kind};
use harness::program::{Program, directory_table, free_address, run};
use harness::scale::Scale;

/// Everything an import writes.
const STATE: [&str; 4] = [
    "SELECT uid || status || version || body FROM record ORDER BY uid",
    "SELECT source_id || fingerprint || coalesce(gone_at, 0) || content FROM source_record ORDER BY source_id",
    "SELECT topic || locality || rank FROM listing ORDER BY topic, locality, rank",
    "SELECT name || value FROM counter ORDER BY name",
];

async fn state(home: &Home) -> Vec<Vec<String>> {
    let mut state = Vec::new();
    for sql in STATE {
        state.push(home.column(sql).await);
    }
    state
}

async fn import(home: &Home, bytes: &[u8], settings: &[(&str, &str)], more: &[&str]) -> Output {
    let file = home.folder().join("feed.csv");
    std::fs::write(&file, bytes).unwrap();
    let arguments = ["import", "csv", "feed.csv", "--source", "feed"].into_iter().chain(more.iter().copied());
    run(home, settings, arguments).await
}

/// True when the directory says exactly what the feed does.
async fn is_whole(home: &Home, bytes: &[u8]) -> bool {
    let output = import(home, bytes, &[], &["--dry-run", "--json", "--allow-drop"]).await;
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    ["new", "changed", "gone"].iter().all(|count| report[count] == 0)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p20_a_bad_import_does_no_damage() {
    for kind in Kind::all("P20") {
        damage(kind).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p20_turns_are_answered_while_an_import_is_written() {
    for kind in Kind::all("P20") {
        beside_turns(kind).await;
    }
}

async fn beside_turns(kind: Kind) {
    let scale = Scale::of_this_run();
    let home = Home::new(kind);
    let table = directory_table(30);
    assert!(import(&home, table.as_bytes(), &[], &[]).await.status.success());
    let entries = scale.pick(4_000, 20_000);
    let rows: Vec<String> = (0..entries).map(|row| format!("l{row},Atelier numéro {row},learn|social,{},Rue {row}\n", 1_000 + 10 * (row % 19))).collect();
    let rows = rows.concat();
    std::fs::write(home.folder().join("large.csv"), format!("id,name_fr,themes,postal_code,street\n{rows}")).unwrap();
    let program = Program::serve(&home, free_address(), &harness::program::UNLIMITED).await;
    let carrier = harness::carrier::Carrier::new(program.address);
    let (begun, mut took) = (Instant::now(), Vec::new());
    let large = run(&home, &[], ["import", "csv", "large.csv", "--source", "large"]);
    tokio::pin!(large);
    let mut connection = None;
    let ended = loop {
        let sent = Instant::now();
        let number = took.len();
        let message = harness::carrier::Message { sid: format!("SML{number:06}"), from: format!("+32476{number:06}"), text: "manger 1030".to_owned() };
        let answered = async { carrier.attempt(&mut connection, &message).await.unwrap() };
        let answer = answered.await;
        assert_eq!(answer.status, 200, "{answer:?}");
        took.push(sent.elapsed());
        if let Some(ended) = tokio::select! { biased; ended = &mut large => Some(ended), () = std::future::ready(()) => None } {
            break ended;
        }
    };
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    let kept = usize::try_from(home.number("SELECT count(*) FROM turn").await).unwrap();
    assert_eq!(kept, took.len());
    assert!(kept > 1, "no turn was kept beside the import");
    took.sort();
    let (median, slowest) = (took[took.len() / 2], took[took.len() - 1]);
    println!(
        "P20 {}: {entries} entries in {:.1?}, {kept} turns answered meanwhile, half in {median:.0?}, the slowest in {slowest:.0?}",
        kind.name(),
        begun.elapsed()
    );
    scale.expect_in_time(slowest < Duration::from_secs(3), "a turn waited for the import");
}

async fn damage(kind: Kind) {
    let scale = Scale::of_this_run();
    let home = Home::new(kind);
    let entries = scale.pick(30, 300);
    let table = directory_table(entries);
    let rows: Vec<&str> = table.split('\n').collect();
    assert!(import(&home, table.as_bytes(), &[], &[]).await.status.success());
    let good = state(&home).await;
    let mut chance = Chance::new(20);
    let (mut refused, mut applied, mut half) = (0, 0, 0);

    let mut feeds: Vec<(String, Vec<u8>)> = Vec::new();
    for _ in 0..scale.pick(3, 60) {
        let at = chance.below(table.len());
        feeds.push((format!("cut off at byte {at}"), table.as_bytes()[..at].to_vec()));
    }
    feeds.push(("empty".to_owned(), Vec::new()));
    feeds.push(("its first line only".to_owned(), rows[0].as_bytes().to_vec()));
    feeds.push(("an error page".to_owned(), b"<!DOCTYPE html><html><body>502 Bad Gateway</body></html>".to_vec()));
    feeds.push(("half of it".to_owned(), rows[..=entries / 2].join("\n").into_bytes()));
    feeds.push(("UTF-16".to_owned(), [0xff, 0xfe].into_iter().chain(table.encode_utf16().flat_map(u16::to_le_bytes)).collect()));
    feeds.push(("UTF-16 without its mark, odd".to_owned(), table.encode_utf16().flat_map(u16::to_be_bytes).skip(1).collect()));
    feeds.push(("Windows-1252".to_owned(), table.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap_or(b'?')).collect()));
    feeds.push(("random".to_owned(), chance.bytes(20_000)));
    for _ in 0..scale.pick(1, 60) {
        let mut bytes = table.clone().into_bytes();
        for _ in 0..40 {
            let at = chance.below(bytes.len());
            bytes[at] = chance.bytes(1)[0];
        }
        feeds.push(("forty bytes wrong".to_owned(), bytes));
    }
    let larger: Vec<String> = (1..10).flat_map(|copy| rows[1..].iter().filter(|row| !row.is_empty()).map(move |row| format!("copy{copy}-{row}"))).collect();
    feeds.push(("ten times larger".to_owned(), format!("{}\n{}\n", table.trim_end(), larger.join("\n")).into_bytes()));

    for (what, bytes) in &feeds {
        let before = state(&home).await;
        let output = import(&home, bytes, &[], &[]).await;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!said.contains("panicked"), "{what}: {said}");
        if output.status.success() {
            applied += 1;
            half += usize::from(!is_whole(&home, bytes).await);
            // Back to what it was, for the next one.
            assert!(import(&home, table.as_bytes(), &[], &["--allow-drop"]).await.status.success());
        } else {
            refused += 1;
            assert!(!said.is_empty(), "{what}: refused without a word");
            half += usize::from(state(&home).await != before);
        }
    }
    let lost = import(&home, rows[..=entries / 2].join("\n").as_bytes(), &[], &[]).await;
    assert!(!lost.status.success() && String::from_utf8_lossy(&lost.stderr).contains("--allow-drop"));

    // Killed in the middle: all of it or nothing.
    let changed = table.replace("Schaerbeek", "Schaarbeek").replace("Mo-Fr", "Mo-Th");
    let mut killed = 0;
    let points: Vec<String> = (0..scale.pick(4, 40))
        .map(|kill| if kill % 4 == 3 { "import::before-commit=return".to_owned() } else { format!("import::entry={}*off->return", chance.below(entries / 2)) })
        .collect();
    for point in &points {
        let before = state(&home).await;
        let output = import(&home, changed.as_bytes(), &[("FAILPOINTS", point)], &[]).await;
        killed += usize::from(!output.status.success());
        assert_eq!(home.findings().await, Vec::<String>::new());
        half += usize::from(state(&home).await != before);
    }
    assert_eq!(killed, points.len(), "a fail point was not reached");
    assert!(import(&home, changed.as_bytes(), &[], &[]).await.status.success());
    half += usize::from(!is_whole(&home, changed.as_bytes()).await);
    // Only the counter of codes may have moved on since the beginning.
    assert!(import(&home, table.as_bytes(), &[], &["--allow-drop"]).await.status.success());
    let shown = "SELECT count(*) FROM record WHERE status = 'published'";
    assert!(home.number(shown).await >= i64::try_from(good[0].len()).unwrap() / 2);
    let program = Program::serve(&home, free_address(), &[]).await;
    let carrier = harness::carrier::Carrier::new(program.address);
    let message = harness::carrier::Message { sid: "SMP20".to_owned(), from: "+32470000020".to_owned(), text: "manger 1030".to_owned() };
    let answer = carrier.attempt(&mut None, &message).await.unwrap();
    assert!(answer.body.contains("Repas chaud 1030"), "{}", answer.body);
    println!("P20 {}: {} bad feeds: {refused} refused, {applied} taken whole; {killed} killed in the middle; left half {half}", kind.name(), feeds.len());
    assert_eq!(half, 0);
}
