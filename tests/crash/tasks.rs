//! A task that dies ends the program, so that it is started anew; and whoever fills a listener stops no other one.

use harness::home::{Home, Kind};
use harness::program::{CALLS_BACK, Program, fill, free_address, log, run};
use harness::wire::Connection;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

/// Tasks of a gateway with a carrier and a printer.
const TASKS: [&str; 9] = ["webhooks", "desk", "monitor", "purge", "sms", "call", "printer", "places", "writer"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_task_that_breaks_down_ends_the_program() {
    let home = Home::new(Kind::Sqlite);
    fill(&home, 5).await;
    let slips = format!("file:{}", home.folder().join("slips").display());
    for task in TASKS {
        let breaks = format!("task::{task}=panic");
        let settings = [
            ("PASSERELLE__HTTP__LISTEN", "127.0.0.1:0"),
            ("PASSERELLE__DESK__LISTEN", "127.0.0.1:0"),
            ("PASSERELLE__MONITOR__LISTEN", "127.0.0.1:0"),
            ("PASSERELLE__TWILIO__ACCOUNT_SID", "AC1"),
            ("PASSERELLE__TWILIO__NUMBER", "+32460000000"),
            ("PASSERELLE__TWILIO__API_URL", "http://127.0.0.1:9"),
            ("PASSERELLE__PRINTER__ADDRESS", slips.as_str()),
            ("PASSERELLE__PRINTER__PROFILE", "generic-80"),
            ("FAILPOINTS", breaks.as_str()),
        ];
        let settings: Vec<_> = settings.into_iter().chain(CALLS_BACK).collect();
        // It ends by itself: without an end the command fails here.
        let ended = run(&home, &settings, ["serve"]).await;
        let said = String::from_utf8_lossy(&ended.stderr);
        assert_eq!(ended.status.code(), Some(1), "{task}: {said}");
        assert!(said.contains("serve.task_died"), "{task}: {said}");
        assert!(said.contains(&format!("`{task}` broke down")) || task == "writer", "{task}: {said}");
    }
}

/// With as few files as a careless machine allows, half requests fill the public listener. Whoever watches the program,
/// and the desk, are answered all the while, and a message as soon as half a request has had its time.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn half_requests_stop_nobody() {
    let home = Home::new(Kind::Sqlite);
    fill(&home, 5).await;
    let (public, desk, monitor) = (free_address(), free_address(), free_address());
    let (desk_listens, monitor_listens) = (desk.to_string(), monitor.to_string());
    let settings = [("PASSERELLE__DESK__LISTEN", desk_listens.as_str()), ("PASSERELLE__MONITOR__LISTEN", monitor_listens.as_str())];
    let started = Program::serve_through("ulimit -n 120; exec \"$@\"", &home, public, &settings).await;
    let Some(_program) = started else { panic!("it did not start: {}", log(&home)) };
    let mut held = Vec::new();
    for _ in 0..40 {
        let mut stream = TcpStream::connect(public).await.unwrap();
        stream.write_all(b"POST /twilio/sms HTTP/1.1\r\nHost: sms.exa").await.unwrap();
        held.push(stream);
    }
    for (listener, path, status) in [(monitor, "/health/live", 200), (monitor, "/health/ready", 200), (desk, "/", 303)] {
        let answer = Connection::open(listener).await.unwrap().get(path).await.unwrap();
        assert_eq!(answer.status, status, "{path}");
    }
    let unsigned = Connection::open(public).await.unwrap().post("/twilio/sms", &[], b"Body=manger").await.unwrap();
    assert_eq!(unsigned.status, 403);
    assert!(log(&home).contains("listener.full"), "{}", log(&home));
    drop(held);
}
