//! What a test is told from outside: three variables, read here and nowhere else.

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

#[expect(clippy::disallowed_methods, reason = "the one place where tests are told something from outside")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
