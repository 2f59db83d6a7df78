//! The databases that are measured, the questions asked, and the same entries for other engines.
//!
//! A database is made once and never opened by a measured program: each run gets a copy.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};
use db::Store;
use directory::clock::{Clock, SystemClock};
use directory::words::{fold, stem};

use crate::process::output_of;

/// Asked where the program cannot make up questions.
const QUESTIONS: [&str; 12] = [
    "manger 1030",
    "yoga 1050",
    "colis alimentaire 1000",
    "douche 1000",
    "cours de francais 1030",
    "ordinateur 1050",
    "huiswerk 1030",
    "eten 1000",
    "bibliotheque 1030",
    "velo 1050",
    "vetements 1000",
    "repair cafe 1030",
];

/// Made-up questions.
const QUESTIONS_ASKED: usize = 2_000;

/// Where databases come from and lie.
#[derive(Debug)]
pub struct Territory {
    program: PathBuf,
    folder: PathBuf,
    /// The program has `synth`; else everything runs on the demo territory, whatever size is asked for.
    pub is_synthetic: bool,
    /// "A thing and a place", as people text.
    pub questions: Vec<String>,
}

impl Territory {
    /// Looks what the program can do.
    pub fn new(program: PathBuf, folder: PathBuf) -> Self {
        let asked = QUESTIONS_ASKED.to_string();
        let made = output_of(Command::new(&program).args(["synth", "--questions", &asked, "--seed", "1"]));
        let made: Vec<String> = made.unwrap_or_default().lines().map(str::trim).filter(|line| !line.is_empty()).map(ToOwned::to_owned).collect();
        let is_synthetic = !made.is_empty();
        let questions = if is_synthetic { made } else { QUESTIONS.map(ToOwned::to_owned).to_vec() };
        Self { program, folder, is_synthetic, questions }
    }

    /// What a database of that size is called in what is printed.
    pub fn name(&self, records: usize) -> String {
        if self.is_synthetic { format!("{records} records") } else { "the demo territory".to_owned() }
    }

    /// The database with so many records; made where it is absent.
    pub fn database(&self, records: usize) -> anyhow::Result<PathBuf> {
        let name = if self.is_synthetic { format!("{records}.sqlite") } else { "demo.sqlite".to_owned() };
        let path = self.folder.join(name);
        if path.exists() {
            return Ok(path);
        }
        eprintln!("making {} …", path.display());
        let unfinished = self.folder.join("unfinished.sqlite");
        remove(&unfinished);
        let mut command = Command::new(&self.program);
        command.arg("--db").arg(&unfinished);
        if self.is_synthetic {
            command.args(["synth", "--records", &records.to_string(), "--seed", "1"]);
        } else {
            command.args(["demo", "--load-only"]);
        }
        output_of(&mut command)?;
        ensure!(!beside(&unfinished, "-wal").exists(), "{} was not closed properly", unfinished.display());
        fs::rename(&unfinished, &path)?;
        Ok(path)
    }

    /// Forgets the databases made before: the program may make them otherwise now.
    pub fn forget(&self) -> anyhow::Result<()> {
        for entry in fs::read_dir(&self.folder)? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "sqlite") {
                remove(&path);
            }
        }
        Ok(())
    }

    /// A copy to run on, wholly on the disk before anything is measured.
    pub fn copy(&self, records: usize, name: &str) -> anyhow::Result<Copy> {
        let from = self.database(records)?;
        let path = self.folder.join(format!("run-{name}.sqlite"));
        remove(&path);
        output_of(Command::new("cp").arg("--reflink=auto").args([&from, &path]))?;
        File::open(&path)?.sync_all()?;
        Ok(Copy(path))
    }

    /// A kiosk's copy to run on, made as a gateway makes it, wholly on the disk before anything is measured.
    pub fn copy_for_kiosk(&self, records: usize, name: &str) -> anyhow::Result<Copy> {
        let from = self.database(records)?;
        let path = self.folder.join(format!("kiosk-{name}.sqlite"));
        remove(&path);
        tokio::runtime::Runtime::new()?.block_on(async {
            let (store, copy) = (Store::open(&from).await?, Store::open(&path).await?);
            store.mirror_into(&copy, 1, SystemClock.now().date_naive()).await?;
            copy.close().await;
            store.close().await;
            anyhow::Ok(())
        })?;
        File::open(&path)?.sync_all()?;
        Ok(Copy(path))
    }

    /// The entries as a table for the other engines: number, folded words, postal code.
    pub fn table(&self, records: usize) -> anyhow::Result<PathBuf> {
        let database = self.database(records)?;
        let path = database.with_extension("tsv");
        if is_newer(&path, &database) {
            return Ok(path);
        }
        eprintln!("writing {} …", path.display());
        let unfinished = self.folder.join("unfinished.tsv");
        let mut table = BufWriter::new(File::create(&unfinished)?);
        let mut number = 0_usize;
        let mut failed = Ok(());
        tokio::runtime::Runtime::new()?.block_on(async {
            let store = Store::open(&database).await?;
            store
                .each_record(|record| {
                    let content = &record.content;
                    let texts = content.name.iter().chain(content.short.iter()).map(|(_, text)| text).chain(content.terms.iter().map(String::as_str));
                    let words: Vec<String> = texts.flat_map(|text| fold(text).split(' ').map(|word| stem(word).to_owned()).collect::<Vec<_>>()).collect();
                    number += 1;
                    let code = content.address.postal_code.as_deref().unwrap_or_default();
                    let written = writeln!(table, "{number}\t{}\t{code}", words.join(" "));
                    if failed.is_ok() {
                        failed = written;
                    }
                })
                .await?;
            store.close().await;
            anyhow::Ok(())
        })?;
        failed.context("the table cannot be written")?;
        table.flush()?;
        fs::rename(&unfinished, &path)?;
        Ok(path)
    }
}

/// A database to run on; erased with this value.
#[derive(Debug)]
pub struct Copy(PathBuf);

impl Copy {
    /// The file.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Makes its key file before a gateway does.
    pub fn make_key(&self) -> anyhow::Result<[u8; 32]> {
        use std::os::unix::fs::OpenOptionsExt;
        let key = [7; 32];
        let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(beside(&self.0, ".key"))?;
        file.write_all(&key)?;
        Ok(key)
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        remove(&self.0);
    }
}

/// True where a file exists and was made after the one it was made of.
pub fn is_newer(made: &Path, of: &Path) -> bool {
    let modified = |path: &Path| fs::metadata(path).and_then(|found| found.modified());
    matches!((modified(made), modified(of)), (Ok(made), Ok(of)) if made >= of)
}

/// Removes a database with all that lies beside it.
pub fn remove(path: &Path) {
    for ending in ["", "-wal", "-shm", ".key"] {
        // Most of them are not there.
        let _ = fs::remove_file(beside(path, ending));
    }
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}
