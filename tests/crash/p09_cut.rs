//! P9: PostgreSQL cut off: 503 at once and no hang, back within seconds, never more connections than said.

use std::net::{SocketAddr, ToSocketAddrs};
use std::time::{Duration, Instant};

use harness::carrier::{Carrier, Message};
use harness::environment::postgres;
use harness::home::{Home, Kind};
use harness::program::{Program, UNLIMITED, fill, free_address};
use harness::proxy::Proxy;
use harness::scale::Scale;
use tokio::time::sleep;

/// Connections of one program: those that write, read and listen.
const MOST_CONNECTIONS: usize = 12;

fn message(number: usize) -> Message {
    Message { sid: format!("SMP9{number:08}"), from: format!("+32478{number:06}"), text: "manger 1030".to_owned() }
}

/// Host and port of a server's address.
fn server(url: &str) -> SocketAddr {
    let authority = url.split("://").nth(1).and_then(|rest| rest.split('/').next()).unwrap();
    let host = authority.rsplit('@').next().unwrap();
    let host = if host.contains(':') { host.to_owned() } else { format!("{host}:5432") };
    host.to_socket_addrs().unwrap().next().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p09_a_cut_off_server_is_said() {
    if postgres().is_none() {
        harness::skip("P9 on PostgreSQL", "PASSERELLE_TEST_POSTGRES names no server");
        return;
    }
    let scale = Scale::of_this_run();
    let home = Home::new(Kind::Postgres);
    fill(&home, 60).await;
    let server = server(home.database());
    let proxy = Proxy::before(server).await.unwrap();
    let (before, name) = home.database().rsplit_once('/').unwrap();
    let account = before.rsplit_once('@').map_or("postgres://", |(account, _)| account);
    let through = format!("{account}{}{}/{name}", if account.ends_with("//") { "" } else { "@" }, proxy.address);
    let settings: Vec<_> = UNLIMITED.into_iter().chain([("PASSERELLE__DATABASE__URL", through.as_str())]).collect();
    let program = Program::serve(&home, free_address(), &settings).await;
    let carrier = Carrier::new(program.address);
    let (mut number, mut refused, mut slowest, mut back) = (0, 0, Duration::ZERO, Duration::ZERO);
    for swallows in [false, true] {
        for _ in 0..20 {
            number += 1;
            assert_eq!(carrier.attempt(&mut None, &message(number)).await.unwrap().status, 200);
        }
        if swallows {
            proxy.swallow();
        } else {
            proxy.cut();
        }
        let cut = Instant::now();
        while cut.elapsed() < Duration::from_secs(if scale.full { 60 } else { 3 }) {
            number += 1;
            let sent = Instant::now();
            let answer = carrier.attempt(&mut None, &message(number)).await.unwrap();
            assert_eq!(answer.status, 503);
            assert!(answer.retry_after.is_some());
            // What is swallowed can only be missed: the first loss takes as long as the time-out.
            slowest = slowest.max(sent.elapsed());
            refused += 1;
            sleep(Duration::from_millis(50)).await;
        }
        proxy.restore();
        let restored = Instant::now();
        loop {
            number += 1;
            if carrier.attempt(&mut None, &message(number)).await.unwrap().status == 200 {
                break;
            }
            assert!(restored.elapsed() < Duration::from_mins(1), "the server is back and nobody noticed");
            sleep(Duration::from_millis(50)).await;
        }
        back = back.max(restored.elapsed());
    }
    let mut unkept = 0;
    for sid in carrier.answered() {
        unkept += usize::from(home.number(&format!("SELECT count(*) FROM turn WHERE carrier_id = '{sid}'")).await != 1);
    }
    println!(
        "P9 postgres: cut and swallowed, {refused} refused with 503 in at most {slowest:.1?}, answered again after {back:.1?}, at most {} connections, false 2xx {unkept}",
        proxy.most()
    );
    assert_eq!(unkept, 0);
    assert!(proxy.most() <= MOST_CONNECTIONS, "{} connections", proxy.most());
    scale.expect_in_time(slowest < Duration::from_secs(1) && back <= Duration::from_secs(5), "it takes too long to say no, or to come back");
}

/// The network itself: what the other test relies on.
#[tokio::test]
async fn p09_the_proxy_cuts_and_carries() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let echo = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let server = echo.local_addr().unwrap();
    let echoing = tokio::spawn(async move {
        loop {
            let (mut stream, _) = echo.accept().await.unwrap();
            tokio::spawn(async move {
                let (mut reading, mut writing) = stream.split();
                let _ = tokio::io::copy(&mut reading, &mut writing).await;
            });
        }
    });
    let proxy = Proxy::before(server).await.unwrap();
    let exchange = async || {
        let mut stream = tokio::net::TcpStream::connect(proxy.address).await?;
        stream.write_all(b"hello").await?;
        let mut back = [0; 5];
        tokio::time::timeout(Duration::from_millis(500), stream.read_exact(&mut back)).await??;
        Ok::<_, std::io::Error>(back)
    };
    assert_eq!(&exchange().await.unwrap(), b"hello");
    proxy.cut();
    assert!(exchange().await.is_err());
    proxy.swallow();
    assert_eq!(exchange().await.unwrap_err().kind(), std::io::ErrorKind::TimedOut);
    proxy.restore();
    assert_eq!(&exchange().await.unwrap(), b"hello");
    assert!(proxy.most() <= 2);
    echoing.abort();
}
