//! What no compiler checks: the edges between packages, and what may stand in the sources.

mod modules;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn manifest(package: &str) -> toml::Table {
    std::fs::read_to_string(harness::repository().join(package).join("Cargo.toml")).unwrap().parse().unwrap()
}

fn dependencies(package: &str) -> BTreeSet<String> {
    manifest(package)["dependencies"].as_table().unwrap().keys().cloned().collect()
}

/// The packages by their folders, each with what it may depend on.
const EDGES: [(&str, &[&str]); 8] = [
    ("db/words", &[]),
    ("db/directory", &["words"]),
    ("db/feeds", &["directory"]),
    ("db", &["directory"]),
    ("printer", &["directory"]),
    ("gateway/application", &["directory", "db", "printer"]),
    ("gateway", &["directory", "feeds", "db", "printer", "application"]),
    ("kiosk", &["directory", "db", "printer", "application"]),
];

#[test]
fn packages_depend_only_along_the_edges() {
    // A package is called as its folder is.
    let name = |package: &str| package.rsplit('/').next().unwrap_or(package).to_owned();
    let ours: BTreeSet<String> = EDGES.iter().map(|(package, _)| name(package)).collect();
    for (package, edges) in EDGES {
        let found: BTreeSet<String> = dependencies(package).intersection(&ours).cloned().collect();
        let edges: BTreeSet<String> = edges.iter().map(|edge| (*edge).to_owned()).collect();
        assert!(found.is_subset(&edges), "{package} depends on {:?}", found.difference(&edges).collect::<Vec<_>>());
    }
}

/// What knows no file, network, clock or chance.
const PURE: [&str; 3] = ["db/words", "db/directory", "db/feeds"];

#[test]
fn the_core_has_no_way_out() {
    for package in PURE {
        let direct = dependencies(package);
        for forbidden in ["tokio", "sqlx", "axum", "reqwest", "hyper", "rand", "getrandom"] {
            assert!(!direct.contains(forbidden), "{package} must stay pure: {forbidden}");
        }
        for file in sources(&harness::repository().join(package).join("src")) {
            let text = std::fs::read_to_string(&file).unwrap();
            for forbidden in ["std::fs", "std::net", "std::env", "std::process"] {
                assert!(!text.contains(forbidden), "{}: {forbidden}", file.display());
            }
        }
    }
}

#[test]
fn no_modules_need_each_other_in_a_circle() {
    for (package, _) in EDGES {
        let circles = modules::circles(&harness::repository().join(package).join("src"));
        assert!(circles.is_empty(), "{package}: {}", circles.join("; "));
    }
}

#[test]
fn only_the_engine_names_a_driver() {
    let engines = ["sqlite.rs", "postgres.rs", "store.rs"];
    for file in sources(&harness::repository().join("db/src")) {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&file).unwrap();
        let is_engines = engines.contains(&name.as_str()) || file.parent().is_some_and(|folder| folder.ends_with("sqlite") || folder.ends_with("postgres"));
        if !is_engines {
            assert!(
                !["sqlx::sqlite", "sqlx::postgres", "SqlitePool", "SqliteConnection", "PgPool", "PgConnection"].iter().any(|driver| text.contains(driver)),
                "{} names a driver's type",
                file.display()
            );
        }
    }
}

#[test]
fn sources_name_no_machine_and_leave_nothing_for_later() {
    for folder in ["db", "gateway", "kiosk", "printer", "tests", "scripts", "config", ".ci"] {
        for file in sources(&harness::repository().join(folder)) {
            if file.ends_with("tidy/main.rs") {
                continue;
            }
            let Ok(text) = std::fs::read_to_string(&file) else { continue };
            for forbidden in ["/work/", "/home/", "crates.io-", "TODO", "FIXME", "static.crates"] {
                assert!(!text.contains(forbidden), "{} holds {forbidden:?}", file.display());
            }
        }
    }
}

/// A check that is left out says so by one function, which counts it and fails where all must run.
#[test]
fn nothing_is_left_out_unseen() {
    for file in sources(&harness::repository().join("tests")) {
        if file.ends_with("tidy/main.rs") || file.ends_with("harness/skip.rs") {
            continue;
        }
        let Ok(text) = std::fs::read_to_string(&file) else { continue };
        let said = text.lines().find(|line| line.contains('"') && line.to_lowercase().contains("skipped"));
        assert!(said.is_none_or(|line| line.contains("PASSERELLE_TEST_SKIPPED")), "{}: {said:?}: call harness::skip", file.display());
    }
}

/// The desk's routes stand in one table, each with its rule.
#[test]
fn the_desk_has_no_route_beside_its_table() {
    let gateway = harness::repository().join("gateway/src");
    let mut files = sources(&gateway.join("desk"));
    files.push(gateway.join("desk.rs"));
    let routes: usize = files.iter().map(|file| std::fs::read_to_string(file).unwrap().matches(".route(").count()).sum();
    assert_eq!(routes, 1, "a route of the desk is served apart from `routes!`");
}

/// Every file below a folder, but built ones.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            if !path.ends_with("target") {
                found.extend(sources(&path));
            }
        } else {
            found.push(path);
        }
    }
    found
}
