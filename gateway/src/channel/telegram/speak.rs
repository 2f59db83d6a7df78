//! Answers aloud, without any network: espeak-ng speaks, opusenc or ffmpeg packs it as Telegram plays it (OGG, Opus).

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use directory::language::Language;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

/// Nobody waits longer for a voice.
const LONGEST: Duration = Duration::from_secs(10);

/// Words a minute.
const PACE: &str = "150";

/// The voice of this machine.
#[derive(Debug, Clone)]
pub struct Speaker {
    says: PathBuf,
    packs: Packs,
}

#[derive(Debug, Clone)]
enum Packs {
    Opusenc(PathBuf),
    Ffmpeg(PathBuf),
}

impl Speaker {
    /// The voice, where this machine has one.
    pub fn find() -> Option<Self> {
        let packs = on_path("opusenc").map(Packs::Opusenc).or_else(|| on_path("ffmpeg").map(Packs::Ffmpeg))?;
        Some(Self { says: on_path("espeak-ng")?, packs })
    }

    /// A text as OGG; nothing where it cannot be made: the text is sent instead.
    pub async fn say(&self, language: Language, text: &str) -> Option<Vec<u8>> {
        let spoken = self.speak(language, text);
        tokio::time::timeout(LONGEST, spoken).await.ok().flatten().filter(|ogg| ogg.starts_with(b"OggS"))
    }

    async fn speak(&self, language: Language, text: &str) -> Option<Vec<u8>> {
        let voice = if language == Language::Fr { "fr-be" } else { language.code() };
        let wave = run(&self.says, &["-v", voice, "-s", PACE, "--stdin", "--stdout"], text.as_bytes()).await?;
        match &self.packs {
            Packs::Opusenc(program) => run(program, &["--quiet", "--bitrate", "24", "-", "-"], &wave).await,
            Packs::Ffmpeg(program) => run(program, &["-v", "quiet", "-i", "-", "-c:a", "libopus", "-b:a", "24k", "-f", "ogg", "-"], &wave).await,
        }
    }
}

/// Runs a program on these bytes; what it prints. Nothing of what is said stands on a command line.
async fn run(program: &Path, arguments: &[&str], input: &[u8]) -> Option<Vec<u8>> {
    let mut child = Command::new(program).args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true).spawn().ok()?;
    let mut pipe = child.stdin.take()?;
    let input = input.to_vec();
    // It may print before it has read all.
    let fed = tokio::spawn(async move {
        let _ = pipe.write_all(&input).await;
    });
    let output = child.wait_with_output().await.ok()?;
    let _ = fed.await;
    (output.status.success() && !output.stdout.is_empty()).then_some(output.stdout)
}

fn on_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}
