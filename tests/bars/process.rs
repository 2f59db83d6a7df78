//! Programs that are measured: started, waited for, looked at through `/proc`, ended.

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};

/// How long a program may take until it answers.
const DEADLINE: Duration = Duration::from_mins(2);

/// Between two looks whether a program answers: small against the milliseconds that are measured.
const PAUSE: Duration = Duration::from_micros(100);

/// Ticks a second in `/proc`: part of Linux's interface to programs, whatever its own clock does.
const TICKS: f64 = 100.0;

/// A running program; ends with this value.
#[derive(Debug)]
pub struct Process {
    name: String,
    child: Child,
}

impl Process {
    /// Starts a program. What it says goes to `log`.
    pub fn start(command: &mut Command, log: &Path) -> anyhow::Result<Self> {
        let name = command.get_program().to_string_lossy().into_owned();
        let said = fs::File::create(log).with_context(|| log.display().to_string())?;
        let child = command.stdin(Stdio::null()).stdout(said.try_clone()?).stderr(said).spawn().with_context(|| format!("{name} cannot be started"))?;
        Ok(Self { name, child })
    }

    /// Waits until something is answered at that address, whatever it is: a server of HTTP that is
    /// asked for `/`, or nothing but an open port where `speaks_http` is false.
    pub fn wait_for(&mut self, address: SocketAddr, speaks_http: bool) -> anyhow::Result<()> {
        let begun = Instant::now();
        while !answers(address, speaks_http) {
            if let Some(status) = self.child.try_wait()? {
                anyhow::bail!("{} ended before it answered: {status}", self.name);
            }
            ensure!(begun.elapsed() < DEADLINE, "{} did not answer within {} s", self.name, DEADLINE.as_secs());
            pause();
        }
        Ok(())
    }

    /// Its number.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Processor time used so far, in milliseconds.
    pub fn cpu_ms(&self) -> anyhow::Result<f64> {
        let text = fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        // The program's name, in parentheses, may hold blanks; user and system time are fields 14 and 15.
        let (_, behind) = text.rsplit_once(')').context("/proc/PID/stat without a name")?;
        let ticks: f64 = behind.split_whitespace().skip(11).take(2).filter_map(|field| field.parse::<f64>().ok()).sum();
        Ok(ticks * 1_000.0 / TICKS)
    }

    /// Memory of its own, in mebibytes: without mapped files, which the system takes back at will.
    pub fn memory_mib(&self) -> anyhow::Result<f64> {
        let text = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = text.lines().find_map(|line| line.strip_prefix("RssAnon:")).context("/proc/PID/status without RssAnon")?;
        let kib: f64 = line.trim().trim_end_matches("kB").trim().parse()?;
        Ok(kib / 1_024.0)
    }
}

/// Times a second that the threads of a program left the processor by themselves, over that time.
pub fn wake_ups(process: u32, window: Duration) -> anyhow::Result<f64> {
    let count = || -> anyhow::Result<f64> {
        let mut all = 0.0;
        for thread in fs::read_dir(format!("/proc/{process}/task"))? {
            // A thread may have ended meanwhile.
            let Ok(text) = fs::read_to_string(thread?.path().join("status")) else { continue };
            let line = text.lines().find_map(|line| line.strip_prefix("voluntary_ctxt_switches:")).context("no count of switches")?;
            all += line.trim().parse::<f64>()?;
        }
        Ok(all)
    };
    let (begun, before) = (Instant::now(), count()?);
    rest(window);
    Ok((count()? - before) / begun.elapsed().as_secs_f64())
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An address on this machine that nobody listens on.
pub fn free_address() -> anyhow::Result<SocketAddr> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?)
}

/// Runs a command to its end and gives back what it printed.
pub fn output_of(command: &mut Command) -> anyhow::Result<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("{name} cannot be started"))?;
    ensure!(output.status.success(), "{name} failed: {}", String::from_utf8_lossy(&output.stderr).trim());
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn answers(address: SocketAddr, speaks_http: bool) -> bool {
    let Ok(mut stream) = TcpStream::connect(address) else { return false };
    if !speaks_http {
        return true;
    }
    let asked = stream.write_all(b"GET / HTTP/1.1\r\nHost: bars\r\nConnection: close\r\n\r\n");
    asked.is_ok() && matches!(stream.read(&mut [0; 1]), Ok(1))
}

/// Lets time pass in which nothing is to happen.
#[expect(clippy::disallowed_methods, reason = "what does nothing cannot be waited for in any other way")]
pub fn rest(time: Duration) {
    std::thread::sleep(time);
}

#[expect(clippy::disallowed_methods, reason = "a program that starts cannot be waited for in any other way; the runtime's timers are too coarse")]
pub fn pause() {
    std::thread::sleep(PAUSE);
}
