//! A network that can be cut: a TCP proxy between a program and its server.

use std::io::Error;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// What the network does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weather {
    /// It carries bytes.
    Fair,
    /// Connections are reset, new ones refused at once.
    Cut,
    /// Bytes go nowhere and nobody says so.
    BlackHole,
}

/// The proxy; it ends when it is dropped.
#[derive(Debug)]
pub struct Proxy {
    /// Where to connect to.
    pub address: SocketAddr,
    weather: watch::Sender<Weather>,
    open: Arc<AtomicUsize>,
    most: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

impl Proxy {
    /// Listens on a free loopback port and carries to `server`.
    pub async fn before(server: SocketAddr) -> Result<Self, Error> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let (weather, seen) = watch::channel(Weather::Fair);
        let (open, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let task = tokio::spawn(run(listener, server, seen, Arc::clone(&open), Arc::clone(&most)));
        Ok(Self { address, weather, open, most, task })
    }

    /// Cuts every connection and refuses new ones.
    pub fn cut(&self) {
        self.weather.send_replace(Weather::Cut);
    }

    /// Swallows every byte without a word.
    pub fn swallow(&self) {
        self.weather.send_replace(Weather::BlackHole);
    }

    /// Carries again.
    pub fn restore(&self) {
        self.weather.send_replace(Weather::Fair);
    }

    /// Connections open now.
    pub fn open(&self) -> usize {
        self.open.load(Ordering::SeqCst)
    }

    /// The most connections that were open together.
    pub fn most(&self) -> usize {
        self.most.load(Ordering::SeqCst)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn run(listener: TcpListener, server: SocketAddr, weather: watch::Receiver<Weather>, open: Arc<AtomicUsize>, most: Arc<AtomicUsize>) {
    let mut carried = tokio::task::JoinSet::new();
    loop {
        let Ok((client, _)) = listener.accept().await else { return };
        while carried.try_join_next().is_some() {}
        if *weather.borrow() == Weather::Cut {
            // Closed with a reset: as refused as a proxy can make it.
            let _ = client.set_zero_linger();
            continue;
        }
        let (weather, open, most) = (weather.clone(), Arc::clone(&open), Arc::clone(&most));
        carried.spawn(async move {
            most.fetch_max(open.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            carry(client, server, weather).await;
            open.fetch_sub(1, Ordering::SeqCst);
        });
    }
}

async fn carry(mut client: TcpStream, server: SocketAddr, mut weather: watch::Receiver<Weather>) {
    if *weather.borrow() == Weather::BlackHole {
        let _ = weather.wait_for(|weather| *weather != Weather::BlackHole).await;
        return;
    }
    let Ok(mut upstream) = TcpStream::connect(server).await else { return };
    let turned = tokio::select! {
        _ = copy_bidirectional(&mut client, &mut upstream) => return,
        turned = weather.wait_for(|weather| *weather != Weather::Fair) => turned.map(|weather| *weather).ok(),
    };
    if turned == Some(Weather::BlackHole) {
        // What is sent meanwhile is lost, so the connection is of no use afterwards.
        let _ = weather.wait_for(|weather| *weather != Weather::BlackHole).await;
    } else {
        let _ = client.set_zero_linger();
        let _ = upstream.set_zero_linger();
    }
}
