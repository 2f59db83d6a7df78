//! What a machine without loudspeakers would sound like: `PulseAudio` with a sink that goes nowhere, and what arrives there.

use std::fmt::Write as _;
use std::fs;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Samples a second.
const RATE: u32 = 22_050;

/// Ten milliseconds of samples.
const STEP: usize = RATE as usize / 100;

/// Quieter than this is silence: a sink that goes nowhere has no noise.
const LOUD: i16 = 200;

/// A start that takes longer has failed.
const PATIENCE: Duration = Duration::from_secs(20);

/// The sound, since it is listened to.
#[derive(Debug, Default)]
struct Heard {
    /// For each ten milliseconds: when it came, and whether it was loud.
    steps: Vec<(Instant, bool)>,
    rest: Vec<i16>,
}

/// A sound server, its sink, and speech-dispatcher's settings for it.
#[derive(Debug)]
pub struct Sound {
    folder: PathBuf,
    server: Child,
    recorder: Child,
    heard: Arc<Mutex<Heard>>,
}

impl Sound {
    /// Starts it in a folder. `None`, with the reason said, where something is missing.
    pub async fn start(folder: PathBuf) -> Option<Self> {
        for needed in ["pulseaudio", "parecord", "speech-dispatcher", "espeak-ng"] {
            if Command::new(needed).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_err() {
                crate::skip("the kiosk's voice", &format!("{needed} is not installed"));
                return None;
            }
        }
        let (run, settings) = (folder.join("run"), folder.join(".config/speech-dispatcher"));
        fs::create_dir_all(&run).unwrap();
        fs::set_permissions(&run, fs::Permissions::from_mode(0o700)).unwrap();
        fs::create_dir_all(&settings).unwrap();
        for part in ["modules", "clients"] {
            Command::new("cp").arg("-r").arg(format!("/etc/speech-dispatcher/{part}")).arg(&settings).status().unwrap();
        }
        let mut text = String::from("DefaultLanguage \"fr\"\nDefaultModule espeak-ng\nAddModule \"espeak-ng\" \"sd_espeak-ng\" \"espeak-ng.conf\"\n");
        writeln!(text, "AudioOutputMethod \"pulse\"\nTimeout 0\nLogDir \"{}\"", folder.display()).unwrap();
        fs::write(settings.join("speechd.conf"), text).unwrap();
        let surroundings = [("XDG_RUNTIME_DIR", run.clone()), ("HOME", folder.clone())];
        let mut server = Command::new("pulseaudio")
            .args(["-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--disallow-exit"])
            .args(["--load=module-native-protocol-unix", "--load=module-null-sink sink_name=kiosk"])
            .envs(surroundings.clone())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let begun = Instant::now();
        while !run.join("pulse/native").exists() {
            if begun.elapsed() > PATIENCE || server.try_wait().unwrap().is_some() {
                crate::skip("the kiosk's voice", "no sound server starts on this machine");
                let _ = server.kill();
                let _ = server.wait();
                return None;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let mut recorder = Command::new("parecord")
            .args(["-d", "kiosk.monitor", "--raw", "--format=s16le", "--channels=1", "--latency-msec=20"])
            .arg(format!("--rate={RATE}"))
            .envs(surroundings)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let (mut pipe, heard) = (recorder.stdout.take().unwrap(), Arc::new(Mutex::new(Heard::default())));
        let listener = Arc::clone(&heard);
        std::thread::spawn(move || {
            let mut bytes = [0; 4_096];
            while let Ok(length @ 1..) = pipe.read(&mut bytes) {
                listener.lock().unwrap_or_else(PoisonError::into_inner).take(&bytes[..length]);
            }
        });
        Some(Self { folder, server, recorder, heard })
    }

    /// What a program needs to find it.
    pub fn surroundings(&self) -> Vec<(&'static str, PathBuf)> {
        vec![("XDG_RUNTIME_DIR", self.folder.join("run")), ("HOME", self.folder.clone())]
    }

    /// Begins to listen anew.
    pub fn listen(&self) {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).steps.clear();
    }

    /// How long it was loud since it is listened to, in all.
    pub fn loud(&self) -> Duration {
        let heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        Duration::from_millis(10) * u32::try_from(heard.steps.iter().filter(|(_, loud)| *loud).count()).unwrap()
    }

    /// When it was loud for the last time.
    pub fn last_loud(&self) -> Option<Instant> {
        let heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        heard.steps.iter().rev().find(|(_, loud)| *loud).map(|(at, _)| *at)
    }

    /// The processes of speech-dispatcher on this sound server.
    pub fn dispatchers(&self) -> Vec<u32> {
        let own = format!("HOME={}", self.folder.display());
        let is_own = |process: u32| {
            let name = fs::read_to_string(format!("/proc/{process}/comm")).unwrap_or_default();
            let surroundings = fs::read(format!("/proc/{process}/environ")).unwrap_or_default();
            (name.starts_with("speech-dispatch") || name.starts_with("sd_")) && surroundings.split(|byte| *byte == 0).any(|word| word == own.as_bytes())
        };
        let processes = fs::read_dir("/proc").unwrap().filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
        processes.filter(|process| is_own(*process)).collect()
    }

    /// Sends all of them a signal, by its name.
    pub fn signal(&self, signal: &str) {
        for process in self.dispatchers() {
            Command::new("kill").args(["-s", signal, &process.to_string()]).stderr(Stdio::null()).status().unwrap();
        }
    }
}

impl Heard {
    fn take(&mut self, bytes: &[u8]) {
        let samples = bytes.chunks_exact(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]]));
        self.rest.extend(samples);
        let now = Instant::now();
        let whole = self.rest.len() / STEP * STEP;
        for step in self.rest.drain(..whole).collect::<Vec<_>>().chunks_exact(STEP) {
            self.steps.push((now, step.iter().any(|sample| sample.saturating_abs() > LOUD)));
        }
    }
}

impl Drop for Sound {
    fn drop(&mut self) {
        self.signal("KILL");
        for child in [&mut self.recorder, &mut self.server] {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
