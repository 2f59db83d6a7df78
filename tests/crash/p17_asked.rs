//! P17: who asks to be erased is, to the last byte on the disk; and what leaves no trace is tied to nobody by what stays.

use std::process::Output;

use directory::clock::{Clock, SystemClock};
use harness::carrier::{Carrier, Message};
use harness::home::{Home, Kind};
use harness::program::{CALLS_BACK, Program, UNLIMITED, directory_table, fill, free_address, run};

use crate::p17_purge::{canary, number, on_disk, opened, write};

/// What a command said on both streams.
fn said(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p17_a_number_is_erased_when_its_owner_asks() {
    for kind in Kind::all("P17") {
        let home = Home::new(kind);
        fill(&home, 60).await;
        let settings: Vec<_> = UNLIMITED.into_iter().chain(CALLS_BACK).collect();
        let mut program = Program::serve(&home, free_address(), &settings).await;
        write(program.address, 0..4).await;
        program.stop().await;
        // The first said STOP, so did the third.
        let (store, keys) = opened(&home).await;
        let waiting = store.call_backs().await.unwrap();
        store.close().await;
        let hasher = keys.hasher(SystemClock.now());
        let traces = |person: usize| {
            let hash = keys.person(&number(person));
            let sealed = waiting.iter().find(|row| row.person == hash).unwrap().number.as_bytes().to_vec();
            [canary(person).into_bytes(), hasher.hash(&number(person)).to_vec(), sealed]
        };
        let shown = said(&run(&home, &[], ["person", number(2).as_str(), "show"]).await);
        // By phone each says the word too, which is kept with the call and not with the number.
        let by_phone = "DELETE FROM turn WHERE channel = 'voice'";
        home.execute(by_phone).await;
        let before = on_disk(&home, &traces(2)).await;
        let erased = said(&run(&home, &[], ["person", number(2).as_str(), "erase", "--yes"]).await);
        let mut left = Vec::new();
        for person in [2, 1] {
            left.push(on_disk(&home, &traces(person)).await);
        }
        let (store, keys) = opened(&home).await;
        let stopped = store.has_stopped(&keys.person(&number(2))).await.unwrap();
        store.close().await;
        let again = said(&run(&home, &[], ["person", number(2).as_str(), "show"]).await);
        println!("P17 {}: of a number that is erased, on the disk before {before}, after {}; of another one {}", kind.name(), left[0], left[1]);
        assert!(shown.contains(&canary(2)) && erased.contains("STOP is kept"), "{shown}{erased}");
        assert!(!again.contains(&canary(2)) && again.contains("messages and answers     0"), "{again}");
        assert!([&shown, &erased, &again].iter().all(|text| !text.contains(&number(2)[3..])), "a number was printed");
        assert!(before >= 3 && left[1] >= 3 && stopped);
        assert_eq!(left[0], 0, "{}", kind.name());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p17_an_entry_is_erased_when_its_owner_asks() {
    for kind in Kind::all("P17") {
        let home = Home::new(kind);
        let word = canary(7);
        let table = home.folder().join("entries.csv");
        let import = async || said(&run(&home, &[], ["import".as_ref(), "csv".as_ref(), table.as_os_str()]).await);
        // The first entry is called by a word that nobody else has.
        std::fs::write(&table, directory_table(60).replace("La Louche Bleue", &word)).unwrap();
        import().await;
        let needles = [word.clone().into_bytes()];
        let before = on_disk(&home, &needles).await;
        let code = home.column(&format!("SELECT code FROM record WHERE body LIKE '%{word}%'")).await.remove(0);
        assert!(!run(&home, &[], ["erase", code.as_str()]).await.status.success(), "nobody was there to be asked");
        said(&run(&home, &[], ["erase", code.as_str(), "--yes"]).await);
        let after = on_disk(&home, &needles).await;
        let listed = import().await;
        let (again, rows) = (on_disk(&home, &needles).await, home.number(&format!("SELECT count(*) FROM record WHERE code = '{code}'")).await);
        println!("P17 {}: of an entry that is erased, on the disk before {before}, after {after}, after its source was read again {again}", kind.name());
        assert!(before > 0 && rows == 1);
        assert_eq!((after, again), (0, 0), "{}: {listed}", kind.name());
    }
}

/// Every row of every table as a text, with the table's name; those of the directory aside.
async fn rows(home: &Home) -> Vec<(String, String)> {
    let directory = ["record", "source_record", "listing", "brief", "word", "place", "printer"];
    let tables = match home.kind {
        Kind::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'word%' AND name NOT LIKE 'sqlite%'",
        Kind::Postgres => "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'",
    };
    let mut found = Vec::new();
    for table in home.column(tables).await.into_iter().filter(|table| !directory.contains(&table.as_str())) {
        let text = match home.kind {
            Kind::Sqlite => {
                let columns = home.column(&format!("SELECT 'coalesce(quote(\"' || name || '\"), '''')' FROM pragma_table_info('{table}')")).await;
                home.column(&format!("SELECT {} FROM {table}", columns.join(" || ' ' || "))).await
            }
            Kind::Postgres => home.column(&format!("SELECT replace(CAST(t AS TEXT), chr(10), ' ') FROM {table} t")).await,
        };
        found.extend(text.into_iter().map(|row| (table.clone(), row)));
    }
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p17_no_table_ties_what_leaves_no_trace_to_anybody() {
    for kind in Kind::all("P17") {
        let home = Home::new(kind);
        fill(&home, 60).await;
        let settings: Vec<_> = UNLIMITED.into_iter().chain(CALLS_BACK).collect();
        let mut program = Program::serve(&home, free_address(), &settings).await;
        let carrier = Carrier::new(program.address);
        let mut connection = None;
        // Each writes what is nobody's business between two other messages, and asks for a call.
        for person in 0..6 {
            for (step, text) in ["manger 1030", "mon mari me frappe 1030", "psychologue 1030", "merci", "0"].into_iter().enumerate() {
                let message = Message { sid: format!("SMP17{person:08}{step}"), from: number(person), text: text.to_owned() };
                carrier.deliver(&mut connection, &message).await;
            }
        }
        program.stop().await;
        let traceless = home.column("SELECT carrier_id FROM turn WHERE sender IS NULL").await;
        let (store, keys) = opened(&home).await;
        store.close().await;
        let under_key = keys.hasher(SystemClock.now());
        let hashes: Vec<String> = (0..6)
            .flat_map(|person| [under_key.hash(&number(person)).to_vec(), keys.person(&number(person)).as_bytes().to_vec()])
            .map(|hash| hash.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}")))
            .collect();
        let (mut joined, mut named) = (Vec::new(), Vec::new());
        for (table, row) in rows(&home).await {
            for id in traceless.iter().filter(|id| row.contains(id.as_str())) {
                if table != "turn" {
                    joined.push(format!("{table}: {id}"));
                } else if hashes.iter().any(|hash| row.to_lowercase().contains(hash)) {
                    named.push(id.clone());
                }
            }
        }
        // What was not found is counted by the month, and nowhere.
        let counted = home.column("SELECT day || ' ' || postal_code FROM unmet WHERE theme IN ('safety', 'mind')").await;
        println!("P17 {}: of {} turns without a trace, tied to somebody {}, by other tables {}", kind.name(), traceless.len(), named.len(), joined.len());
        assert!(traceless.len() >= 12, "{traceless:?}");
        assert_eq!((joined, named), (Vec::<String>::new(), Vec::<String>::new()));
        assert!(counted.iter().all(|row| row.ends_with("-01 ")), "{counted:?}");
    }
}
