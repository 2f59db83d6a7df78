//! Serves a router on a port, with bounds that hold before a request is there: how long its head may take, how many
//! connections at once, how long one of them may stay. So whoever sends half a request holds a place for seconds.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use axum::http::Request;
use axum::response::Response;
use db::DEADLINE;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};
use tower::{Service, ServiceExt};

/// Open files that are asked of the system.
const ENOUGH: u64 = 4_096;

/// Files that no connection takes: databases, feeds, printers, carriers.
const KEPT_BACK: u64 = 64;

/// Between two attempts to take a connection that the system refuses.
const RECOVER: Duration = Duration::from_secs(1);

/// Between two lines of the log about the same trouble.
const QUIET: Duration = Duration::from_mins(1);

/// What one listener bears.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Connections at once. One more waits with the system until one of them ends.
    pub connections: usize,
    /// From a connection, or the answer before, to the end of the next head: an idle connection is closed then.
    pub head: Duration,
    /// How long one connection is kept: behind that it ends with what it is at.
    pub stay: Duration,
    /// What may be ended, on a connection that has stayed long enough and when the program stops.
    pub end: Duration,
}

impl Bounds {
    /// The bounds of a listener with so many connections.
    pub fn of(connections: usize) -> Self {
        Self { connections, head: Duration::from_secs(10), stay: Duration::from_mins(5), end: DEADLINE + Duration::from_secs(1) }
    }
}

/// How many connections each listener may have: none of them takes the files that another one needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shares {
    /// Carriers.
    pub public: usize,
    /// Mediators.
    pub desk: usize,
    /// Whoever watches the program.
    pub monitor: usize,
}

impl Shares {
    /// Lets this program open as many files as it may, and shares them out.
    pub fn raised() -> Self {
        let now = getrlimit(Resource::Nofile);
        let most = now.maximum.unwrap_or(ENOUGH).min(ENOUGH).max(now.current.unwrap_or(ENOUGH));
        // A refusal leaves what there was.
        let raised = setrlimit(Resource::Nofile, Rlimit { current: Some(most), maximum: now.maximum });
        Self::of(if raised.is_ok() { most } else { now.current.unwrap_or(most) })
    }

    /// Shares out so many files.
    pub fn of(files: u64) -> Self {
        let free = usize::try_from(files.saturating_sub(KEPT_BACK)).unwrap_or(usize::MAX);
        Self { public: (free / 2).clamp(8, 512), desk: (free / 4).clamp(8, 128), monitor: (free / 8).clamp(4, 32) }
    }
}

/// Serves a router until `stop` comes; what is being asked is answered first.
pub async fn serve(listener: TcpListener, router: Router, bounds: Bounds, stop: impl Future<Output = ()>) {
    let places = Arc::new(Semaphore::new(bounds.connections));
    let (tell, told) = watch::channel(false);
    let mut connections = JoinSet::new();
    let mut stop = pin!(stop);
    let mut said = None;
    loop {
        while connections.try_join_next().is_some() {}
        if places.available_permits() == 0 {
            say_once_a_minute(&mut said, || tracing::warn!(connections = bounds.connections, "listener.full: whoever comes now waits"));
        }
        let (place, taken) = tokio::select! {
            come = come(&listener, &places) => come,
            () = &mut stop => break,
        };
        match taken {
            Ok((stream, peer)) => {
                let router = router.clone().map_request(move |request| known_peer(request, peer));
                connections.spawn(carry(stream, router, bounds, told.clone(), place));
            }
            // It was gone before it was taken, or there is no file for it.
            Err(error) => {
                say_once_a_minute(&mut said, || tracing::error!(%error, "listener.refused: no connection can be taken"));
                sleep(RECOVER).await;
            }
        }
    }
    drop(listener);
    tell.send_replace(true);
    while connections.join_next().await.is_some() {}
}

/// The next connection, once there is a place for it.
async fn come(listener: &TcpListener, places: &Arc<Semaphore>) -> (Option<OwnedSemaphorePermit>, std::io::Result<(TcpStream, SocketAddr)>) {
    // Nobody closes the semaphore.
    let place = Arc::clone(places).acquire_owned().await.ok();
    (place, listener.accept().await)
}

/// Says in a request which address it came from, as axum's own server does: wrong passwords are counted by it.
fn known_peer(mut request: Request<Incoming>, peer: SocketAddr) -> Request<Incoming> {
    request.extensions_mut().insert(ConnectInfo(peer));
    request
}

/// Serves one connection to its end.
async fn carry<S>(stream: TcpStream, router: S, bounds: Bounds, mut stops: watch::Receiver<bool>, _place: Option<OwnedSemaphorePermit>)
where
    S: Service<Request<Incoming>, Response = Response, Error = Infallible, Future: Send> + Clone + Send + 'static,
{
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(bounds.head)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    let mut served = pin!(served);
    tokio::select! {
        // Whoever breaks off, or is too slow, has no answer to wait for.
        _ = &mut served => return,
        _ = stops.wait_for(|stops| *stops) => {}
        () = sleep(bounds.stay) => {}
    }
    served.as_mut().graceful_shutdown();
    let _ = timeout(bounds.end, served).await;
}

fn say_once_a_minute(said: &mut Option<Instant>, say: impl FnOnce()) {
    if said.is_none_or(|said| said.elapsed() > QUIET) {
        *said = Some(Instant::now());
        say();
    }
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::sync::oneshot;
    use tokio::task::JoinHandle;

    use super::*;

    async fn served(bounds: Bounds) -> (SocketAddr, oneshot::Sender<()>, JoinHandle<()>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, (stop, stopped)) = (listener.local_addr().unwrap(), oneshot::channel());
        let router = Router::new().route("/", get(async || "ok"));
        let task = tokio::spawn(serve(listener, router, bounds, async {
            let _ = stopped.await;
        }));
        (address, stop, task)
    }

    async fn asked(address: SocketAddr) -> String {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    }

    async fn half(address: SocketAddr) -> TcpStream {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\nHo").await.unwrap();
        stream
    }

    #[tokio::test]
    async fn half_heads_and_silent_connections_do_not_stop_answers() {
        let bounds = Bounds { head: Duration::from_millis(50), ..Bounds::of(4) };
        let (address, _stop, _task) = served(bounds).await;
        let mut held = Vec::new();
        for _ in 0..12 {
            held.push(half(address).await);
            held.push(TcpStream::connect(address).await.unwrap());
        }
        assert!(asked(address).await.ends_with("ok"));
        // Each of them was closed by us, not by whoever holds the other end.
        for mut stream in held {
            let mut rest = Vec::new();
            let _ = stream.read_to_end(&mut rest).await;
        }
    }

    #[tokio::test]
    async fn a_connection_that_asks_nothing_more_is_closed() {
        let (address, _stop, _task) = served(Bounds { head: Duration::from_millis(50), ..Bounds::of(4) }).await;
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.ends_with("ok"));
    }

    #[tokio::test]
    async fn at_the_end_half_a_head_is_waited_for_no_longer_than_its_bound() {
        let bounds = Bounds { head: Duration::from_mins(10), end: Duration::from_millis(50), ..Bounds::of(4) };
        let (address, stop, task) = served(bounds).await;
        let _held = half(address).await;
        assert!(asked(address).await.ends_with("ok"));
        stop.send(()).unwrap();
        task.await.unwrap();
        assert!(TcpStream::connect(address).await.is_err());
    }

    #[test]
    fn no_listener_takes_the_files_of_another() {
        assert_eq!(Shares::of(4_096), Shares { public: 512, desk: 128, monitor: 32 });
        for files in [256, 1_024, 4_096, 1 << 20] {
            let Shares { public, desk, monitor } = Shares::of(files);
            assert!((public + desk + monitor) as u64 + KEPT_BACK <= files, "{files}");
        }
        assert_eq!(Shares::of(20), Shares { public: 8, desk: 8, monitor: 4 });
    }
}
