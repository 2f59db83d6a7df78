//! The real program in a process of its own: built once, killed when the test is over.

use std::ffi::OsStr;
use std::fs::File;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use tokio::net::TcpStream;
use tokio::time::sleep;

use crate::carrier::{PUBLIC_URL, TOKEN};
use crate::environment;
use crate::home::Home;

/// A start that takes longer has failed.
const START: Duration = Duration::from_mins(1);

/// A command that takes longer has failed.
const COMMAND: Duration = Duration::from_mins(5);

/// Limits that no load of a test meets.
pub const UNLIMITED: [(&str, &str); 11] = [
    ("PASSERELLE__LIMITS__SENDER_HOUR", "1000000"),
    ("PASSERELLE__LIMITS__SENDER_DAY", "1000000"),
    ("PASSERELLE__LIMITS__RANGE_DAY", "100000000"),
    ("PASSERELLE__LIMITS__DAY", "100000000"),
    ("PASSERELLE__LIMITS__CALLS_HOUR", "1000000"),
    ("PASSERELLE__LIMITS__CALLS_DAY", "1000000"),
    ("PASSERELLE__LIMITS__ALL_CALLS_DAY", "100000000"),
    ("PASSERELLE__LIMITS__HIDDEN_DAY", "100000000"),
    ("PASSERELLE__LIMITS__SAME_HOUR", "1000000"),
    ("PASSERELLE__LIMITS__CALL_BACKS_DAY", "100000000"),
    ("PASSERELLE__LIMITS__CALL_BACKS_RANGE_DAY", "100000000"),
];

/// A desk that calls back whoever sends 0.
pub const CALLS_BACK: [(&str, &str); 3] =
    [("PASSERELLE__DESK__NAME", "Accueil"), ("PASSERELLE__DESK__PHONE", "025550100"), ("PASSERELLE__DESK__CALLS_BACK", "true")];

/// `passerelle serve`, running.
#[derive(Debug)]
pub struct Program {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    /// From its start to the first connection it took.
    pub started_in: Duration,
}

impl Program {
    /// Starts it on a home and waits until it takes connections. `None` when it ended before.
    pub async fn try_serve(home: &Home, address: SocketAddr, settings: &[(&str, &str)]) -> Option<Self> {
        Self::spawned(command(home, settings), home, address).await
    }

    /// Starts it on a home and waits until it takes connections.
    pub async fn serve(home: &Home, address: SocketAddr, settings: &[(&str, &str)]) -> Self {
        let started = Self::try_serve(home, address, settings).await;
        started.unwrap_or_else(|| panic!("it did not start: {}", log(home)))
    }

    /// Starts it through a shell that prepares its surroundings and ends with `exec "$@"`.
    pub async fn serve_through(shell: &str, home: &Home, address: SocketAddr, settings: &[(&str, &str)]) -> Option<Self> {
        let plain = command(home, settings);
        let mut through = Command::new("sh");
        through.args(["-c", shell, "sh"]).arg(plain.get_program()).current_dir(home.folder());
        through.env_clear();
        through.envs(plain.get_envs().filter_map(|(name, value)| Some((name, value?))));
        Self::spawned(through, home, address).await
    }

    async fn spawned(mut command: Command, home: &Home, address: SocketAddr) -> Option<Self> {
        let errors = File::options().create(true).append(true).open(log_file(home)).unwrap();
        let begun = Instant::now();
        if !command.get_envs().any(|(name, _)| name == "PASSERELLE__DESK__LISTEN") {
            command.env("PASSERELLE__DESK__LISTEN", "127.0.0.1:0");
        }
        if !command.get_envs().any(|(name, _)| name == "PASSERELLE__MONITOR__LISTEN") {
            command.env("PASSERELLE__MONITOR__LISTEN", "127.0.0.1:0");
        }
        command.env("PASSERELLE__HTTP__LISTEN", address.to_string()).arg("serve").stdin(Stdio::null()).stdout(Stdio::null()).stderr(errors);
        let mut child = command.spawn().unwrap();
        loop {
            if child.try_wait().unwrap().is_some() {
                return None;
            }
            if TcpStream::connect(address).await.is_ok() {
                return Some(Self { child, address, started_in: begun.elapsed() });
            }
            if begun.elapsed() > START {
                let _ = child.kill();
                let _ = child.wait();
                panic!("nothing listens after {START:?}: {}", log(home));
            }
            sleep(Duration::from_millis(5)).await;
        }
    }

    /// Kills it with SIGKILL, as a power cut would.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Asks it to stop, and waits for it.
    pub async fn stop(&mut self) -> Option<ExitStatus> {
        let _ = Command::new("kill").arg(self.id().to_string()).status();
        self.ended(Duration::from_secs(30)).await
    }

    /// Waits for its end; `None` when it goes on.
    pub async fn ended(&mut self, within: Duration) -> Option<ExitStatus> {
        let begun = Instant::now();
        while begun.elapsed() < within {
            if let Some(status) = self.child.try_wait().unwrap() {
                return Some(status);
            }
            sleep(Duration::from_millis(2)).await;
        }
        None
    }

    /// Its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Its own memory, in KiB: what is mapped from files does not count.
    pub fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).unwrap_or_default();
        line.trim().trim_end_matches(" kB").parse().unwrap_or_default()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Runs a command of the program to its end.
pub async fn run<A: AsRef<OsStr>>(home: &Home, settings: &[(&str, &str)], arguments: impl IntoIterator<Item = A>) -> Output {
    run_on(Stdio::null(), home, settings, arguments).await
}

/// Runs a command of the program that reads this text; its end.
pub async fn run_reading<A: AsRef<OsStr>>(home: &Home, settings: &[(&str, &str)], arguments: impl IntoIterator<Item = A>, text: &str) -> Output {
    let file = home.folder().join("typed");
    std::fs::write(&file, text).unwrap();
    run_on(File::open(file).unwrap().into(), home, settings, arguments).await
}

async fn run_on<A: AsRef<OsStr>>(input: Stdio, home: &Home, settings: &[(&str, &str)], arguments: impl IntoIterator<Item = A>) -> Output {
    let mut command = command(home, settings);
    command.args(arguments).stdin(input);
    let ran = tokio::task::spawn_blocking(move || command.output().unwrap());
    tokio::time::timeout(COMMAND, ran).await.expect("the command does not end").unwrap()
}

/// Brings the first entries of the demo territory, dated today, into a home.
pub async fn fill(home: &Home, entries: usize) {
    let table = home.folder().join("entries.csv");
    std::fs::write(&table, directory_table(entries)).unwrap();
    let output = run(home, &[], ["import".as_ref(), "csv".as_ref(), table.as_os_str()]).await;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// The first entries of the demo territory as a table.
pub fn directory_table(entries: usize) -> String {
    use directory::clock::{Clock, SystemClock};
    let table = include_str!("../../config/demo/records.csv");
    let lines: Vec<&str> = table.lines().take(entries + 1).collect();
    gateway::demo::with_dates(&lines.join("\n"), SystemClock.now().date_naive())
}

/// A loopback address that nobody uses, below the ports that outgoing connections take: it stays free
/// while the program is down.
pub fn free_address() -> SocketAddr {
    static TRIED: AtomicU32 = AtomicU32::new(0);
    loop {
        let number = std::process::id().wrapping_mul(61).wrapping_add(TRIED.fetch_add(1, Ordering::SeqCst).wrapping_mul(977));
        let port = 10_000 + u16::try_from(number % 20_000).unwrap_or_default();
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        if TcpListener::bind(address).is_ok() {
            return address;
        }
    }
}

/// Where a home's programs write their log.
pub fn log_file(home: &Home) -> PathBuf {
    home.folder().join("log")
}

/// What a home's programs logged.
pub fn log(home: &Home) -> String {
    std::fs::read_to_string(log_file(home)).unwrap_or_default()
}

fn command(home: &Home, settings: &[(&str, &str)]) -> Command {
    let mut command = Command::new(binary());
    command
        .current_dir(home.folder())
        .env_clear()
        .env("RUST_BACKTRACE", "0")
        .env("PASSERELLE__DATABASE__URL", home.database())
        .env("PASSERELLE__PRIVACY__KEY_FILE", home.key_file())
        .env("PASSERELLE__HTTP__PUBLIC_URL", PUBLIC_URL)
        .env("PASSERELLE__TWILIO__AUTH_TOKEN", TOKEN)
        .envs(settings.iter().copied());
    command
}

/// The program with its fail points. Built once a run, beside the test's own executable and with its
/// profile; a copy, because a build without fail points would take its place.
pub fn binary() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| environment::program().unwrap_or_else(build))
}

/// The kiosk's program, built once a run.
pub fn kiosk() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let features = if cfg!(feature = "speech") { "speech" } else { "" };
        built(&["--package", "passerelle-kiosk", "--bin", "passerelle-kiosk", "--features", features]).join("passerelle-kiosk")
    })
}

/// Builds a program beside the test's own executable and with its profile; the folder in which it is.
fn built(which: &[&str]) -> PathBuf {
    let own = std::env::current_exe().unwrap();
    let profile = own.parent().and_then(Path::parent).unwrap();
    let (target, name) = (profile.parent().unwrap(), profile.file_name().unwrap());
    let name = if name == "debug" { OsStr::new("dev") } else { name };
    let mut cargo = Command::new(option_env!("CARGO").unwrap_or("cargo"));
    // What cargo says to a test of the test's own package would have libraries built anew, here and after.
    for name in std::env::vars_os()
        .map(|(name, _)| name)
        .filter(|name| name.to_str().is_some_and(|name| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")))
    {
        cargo.env_remove(name);
    }
    let built = cargo
        .current_dir(crate::repository())
        .args(["build", "--quiet", "--locked"])
        .args(which)
        .arg("--target-dir")
        .arg(target)
        .arg("--profile")
        .arg(name)
        .output()
        .unwrap();
    assert!(built.status.success(), "the program cannot be built: {}", String::from_utf8_lossy(&built.stderr));
    profile.to_owned()
}

fn build() -> PathBuf {
    let profile = built(&["--package", "passerelle-gateway", "--bin", "passerelle", "--features", "fail-points"]);
    let folder = profile.join("fail-points");
    std::fs::create_dir_all(&folder).unwrap();
    let (copy, unfinished) = (folder.join("passerelle"), folder.join(format!("unfinished-{}", std::process::id())));
    let age = |file: &Path| file.metadata().and_then(|file| file.modified()).ok();
    if age(&copy) < age(&profile.join("passerelle")) {
        std::fs::copy(profile.join("passerelle"), &unfinished).unwrap();
        std::fs::rename(&unfinished, &copy).unwrap();
    }
    copy
}
