//! `passerelle talk` says, line by line, what the same messages would be answered by text.

use harness::home::{Home, Kind};
use harness::program::{run, run_reading};

const SCRIPTS: [&[&str]; 4] =
    [&["manger 1030", "1", "*", "8", "merci"], &["eten 1060", "2", "0"], &["dusche", "1000", "1", "#"], &["help", "yoga 1050", "stop", "wifi 1030"]];

#[tokio::test]
async fn a_conversation_is_what_it_is_by_text_message() {
    let home = Home::new(Kind::Sqlite);
    let loaded = run(&home, &[], ["demo", "--load-only", "--db", home.database()]).await;
    assert!(loaded.status.success(), "{}", String::from_utf8_lossy(&loaded.stderr));
    for (number, script) in SCRIPTS.into_iter().enumerate() {
        let talked = run_reading(&home, &[], ["talk"], &(script.join("\n") + "\n")).await;
        let aside = String::from_utf8_lossy(&talked.stderr).into_owned();
        assert!(talked.status.success(), "{aside}");
        let mut asked = Vec::new();
        for text in script {
            let from = format!("+3247011220{number}");
            asked.extend(run(&home, &[], ["ask", "--from", &from, text]).await.stdout);
        }
        assert_eq!(String::from_utf8_lossy(&talked.stdout).replace("\n\n", "\n"), String::from_utf8_lossy(&asked), "{script:?}");
        // A line for each message says what it costs.
        assert_eq!(aside.matches(" cents").count(), script.len(), "{aside}");
    }
}
