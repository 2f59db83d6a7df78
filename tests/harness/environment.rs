//! What a test is told from outside: a few variables, read here and nowhere else.

use std::path::PathBuf;

/// The PostgreSQL server that tests may make databases on, as `scripts/postgres` names it.
pub fn postgres() -> Option<String> {
    variable("PASSERELLE_TEST_POSTGRES")
}

/// True where the databases that tests make are to stay, for a look inside.
pub fn keeps_databases() -> bool {
    variable("PASSERELLE_TEST_KEEP").is_some()
}

/// True where expected results in files are to be written anew.
pub fn rewrites_expected() -> bool {
    variable("PASSERELLE_TEST_REWRITE").is_some()
}

/// How the promises are checked: `timed`, or `full` with the sizes of the promises; absent in the continuous
/// integration.
pub fn promises() -> Option<String> {
    variable("PASSERELLE_PROMISES")
}

/// The program to run; without it, one is built.
pub fn program() -> Option<PathBuf> {
    variable("PASSERELLE_TEST_PROGRAM").map(PathBuf::from)
}

/// Where axe-core is, which finds what keeps people out of a page.
pub fn axe() -> Option<PathBuf> {
    variable("PASSERELLE_TEST_AXE").map(PathBuf::from)
}

/// Where the reference data are, where they do not lie beside the repository.
pub fn shared() -> Option<PathBuf> {
    variable("PASSERELLE_SHARED").or_else(|| option_env!("PASSERELLE_SHARED").map(ToOwned::to_owned)).map(PathBuf::from)
}

/// True where nothing may be left out: the continuous integration.
pub fn runs_all() -> bool {
    variable("PASSERELLE_TEST_ALL").is_some()
}

/// The file that gets a line for each check that is left out.
pub fn skipped() -> Option<PathBuf> {
    variable("PASSERELLE_TEST_SKIPPED").map(PathBuf::from)
}

/// True when missing fixtures are to be made.
pub fn freezes() -> bool {
    variable("PASSERELLE_FREEZE").is_some()
}

#[expect(clippy::disallowed_methods, reason = "the one place where tests are told something from outside")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// True where `scripts/answers --all` wants every question printed, and not only what was answered wrong.
pub fn shows_every_answer() -> bool {
    variable("PASSERELLE_ANSWERS").as_deref() == Some("all")
}
