//! Which modules of a package need which: read from the paths that begin with `crate::`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// What each module needs, and by which file.
type Needs = BTreeMap<String, BTreeMap<String, String>>;

/// The circles among the modules of the package with its sources there, each in words: `a needs b by a.rs, b needs …`.
/// Tests may need anything.
pub(crate) fn circles(package: &Path) -> Vec<String> {
    let library = std::fs::read_to_string(package.join("lib.rs")).unwrap();
    let modules: BTreeSet<String> = library.lines().filter_map(module).map(ToOwned::to_owned).collect();
    let shown = reexports(&library);
    let mut needs = Needs::new();
    for file in super::sources(package) {
        let inside = file.strip_prefix(package).unwrap().to_string_lossy().into_owned();
        let from = inside.split(['/', '.']).next().unwrap_or_default().to_owned();
        if !modules.contains(&from) || inside.contains("tests") {
            continue;
        }
        let text = code(&std::fs::read_to_string(&file).unwrap());
        for name in needed(&text) {
            let to = shown.get(name).map_or(name, String::as_str);
            if to != from && modules.contains(to) {
                needs.entry(from.clone()).or_default().entry(to.to_owned()).or_insert_with(|| inside.clone());
            }
        }
    }
    let mut found = BTreeSet::new();
    for module in needs.keys() {
        if let Some(circle) = way(&needs, module, module, &mut BTreeSet::new()) {
            found.insert(tell(&needs, &circle));
        }
    }
    found.into_iter().collect()
}

/// The module that a line of `lib.rs` declares.
fn module(line: &str) -> Option<&str> {
    let line = line.strip_prefix("pub(crate) ").or_else(|| line.strip_prefix("pub ")).unwrap_or(line);
    line.strip_prefix("mod ")?.strip_suffix(';')
}

/// What the package shows of its modules at its top: the module of each name.
fn reexports(library: &str) -> BTreeMap<&str, String> {
    let mut shown = BTreeMap::new();
    for line in library.split(';') {
        let Some((_, path)) = line.rsplit_once("use ") else { continue };
        let Some((module, names)) = path.trim_start_matches("crate::").split_once("::") else { continue };
        for name in names.split(|sign: char| !sign.is_alphanumeric() && sign != '_').filter(|name| !name.is_empty()) {
            shown.insert(name, module.to_owned());
        }
    }
    shown
}

/// Without comments and without tests beside the code.
fn code(text: &str) -> String {
    let text = text.find("#[cfg(test)]\nmod tests {").map_or(text, |tests| &text[..tests]);
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The first names behind `crate::`, also those of a list in braces.
fn needed(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for rest in text.split("crate::").skip(1) {
        match rest.strip_prefix('{') {
            Some(list) => {
                let mut depth = 0_i32;
                let mut begins = true;
                for (at, sign) in list.char_indices() {
                    match sign {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' => begins = depth == 0,
                        sign if begins && (sign.is_alphabetic() || sign == '_') => {
                            found.push(word(&list[at..]));
                            begins = false;
                        }
                        _ => {}
                    }
                }
            }
            None => found.push(word(rest)),
        }
    }
    found
}

fn word(text: &str) -> &str {
    let end = text.find(|sign: char| !sign.is_alphanumeric() && sign != '_').unwrap_or(text.len());
    &text[..end]
}

/// The way from a module to another, over whatever it needs.
fn way(needs: &Needs, from: &str, to: &str, seen: &mut BTreeSet<String>) -> Option<Vec<String>> {
    for next in needs.get(from)?.keys() {
        if next == to {
            return Some(vec![from.to_owned()]);
        }
        if seen.insert(next.clone())
            && let Some(mut rest) = way(needs, next, to, seen)
        {
            rest.insert(0, from.to_owned());
            return Some(rest);
        }
    }
    None
}

/// One circle in words, begun at its first name: each is told once, wherever it was entered.
fn tell(needs: &Needs, circle: &[String]) -> String {
    let first = circle.iter().enumerate().min_by_key(|(_, name)| *name).map_or(0, |(at, _)| at);
    let turned: Vec<&String> = circle.iter().cycle().skip(first).take(circle.len() + 1).collect();
    turned.windows(2).map(|pair| format!("{} needs {} by {}", pair[0], pair[1], needs[pair[0]][pair[1]])).collect::<Vec<_>>().join(", ")
}

#[test]
fn a_circle_is_found_and_a_chain_is_none() {
    let package = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(package.path().join(name), text).unwrap();
    write("lib.rs", "mod a;\npub mod b;\nmod c;\npub use c::Shown;\n");
    write("a.rs", "use crate::{b::B, Shown};\n");
    write("b.rs", "// use crate::a::A;\nuse crate::c::{C, D};\n");
    write("c.rs", "#[cfg(test)]\nmod tests {\n    use crate::a::A;\n}\n");
    assert_eq!(circles(package.path()), Vec::<String>::new());
    write("c.rs", "fn c() { crate::a::a(); }\n");
    let found = circles(package.path());
    assert!(found.iter().any(|circle| circle.contains("a needs b by a.rs") && circle.contains("c needs a by c.rs")), "{found:?}");
}
