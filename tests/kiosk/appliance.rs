//! What `scripts/kiosk-install` puts on a machine.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

const TREE: &str = "\
644 etc/X11/xorg.conf.d/90-passerelle-kiosk.conf
640 etc/passerelle/kiosk.toml
644 etc/sysctl.d/90-passerelle-kiosk.conf
644 etc/systemd/logind.conf.d/passerelle-kiosk.conf
etc/systemd/system/ctrl-alt-del.target -> /dev/null
644 etc/systemd/system/passerelle-kiosk.service
644 etc/udev/rules.d/70-passerelle-kiosk.rules
644 usr/lib/sysusers.d/passerelle-kiosk.conf
644 usr/lib/tmpfiles.d/passerelle-kiosk.conf
755 usr/local/bin/passerelle-kiosk
755 usr/local/lib/passerelle/kiosk-display
755 usr/local/lib/passerelle/kiosk-loop
755 usr/local/lib/passerelle/kiosk-session";

/// Every file with its mode, in order.
fn tree(folder: &Path, below: &Path, all: &mut Vec<String>) {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        let meta = path.symlink_metadata().unwrap();
        let name = path.strip_prefix(below).unwrap().display().to_string();
        if meta.is_symlink() {
            all.push(format!("{name} -> {}", std::fs::read_link(&path).unwrap().display()));
        } else if meta.is_dir() {
            tree(&path, below, all);
        } else {
            all.push(format!("{:o} {name}", meta.permissions().mode() & 0o777));
        }
    }
}

fn install(root: &Path) {
    let program = harness::program::kiosk();
    let output = Command::new(harness::repository().join("scripts/kiosk-install")).arg("--root").arg(root).arg("--program").arg(program).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn the_files_of_the_appliance_are_where_they_belong() {
    let folder = tempfile::tempdir().unwrap();
    install(folder.path());
    let mut all = Vec::new();
    tree(folder.path(), folder.path(), &mut all);
    assert_eq!(all.join("\n"), TREE);
    // The shell files can be read by a shell, and settings by the program; settings that are there are kept.
    for file in ["kiosk-display", "kiosk-session", "kiosk-loop"].map(|name| format!("usr/local/lib/passerelle/{name}")) {
        assert!(Command::new("sh").arg("-n").arg(folder.path().join(&file)).status().unwrap().success(), "{file}");
    }
    let settings = folder.path().join("etc/passerelle/kiosk.toml");
    let config = kiosk::config::KioskConfig::read(Some(&settings)).unwrap();
    assert!(config.screen.locked);
    std::fs::write(&settings, "place = \"Mine\"\n").unwrap();
    install(folder.path());
    assert_eq!(std::fs::read_to_string(&settings).unwrap(), "place = \"Mine\"\n");
}

/// Building runs the code of some hundred crates: whoever called sudo does it, and root installs what came of it.
#[test]
fn nothing_is_built_as_root() {
    let open_to_all = |path: &Path| std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o777)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (cargo, builder) = (folder.path().join("cargo"), folder.path().join("builder"));
    std::fs::write(&cargo, format!("#!/bin/sh\nid -un >>{}\n", builder.display())).unwrap();
    open_to_all(folder.path());
    open_to_all(&cargo);
    let path = format!("{}:/usr/sbin:/usr/bin:/sbin:/bin", folder.path().display());
    let installs = |asker: Option<&str>| {
        let mut install = Command::new("bash");
        install.arg(harness::repository().join("scripts/kiosk-install")).arg("--root").arg(folder.path().join("tree"));
        install.current_dir("/").env("PATH", &path).env("CARGO_TARGET_DIR", folder.path().join("target")).env_remove("SUDO_USER");
        if let Some(asker) = asker {
            install.env("SUDO_USER", asker);
        }
        install.output().unwrap()
    };
    // This cargo builds nothing, which is said.
    let output = installs(Some("nobody"));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && said.contains("There is no program at"), "{said}");
    let built_by = || std::fs::read_to_string(&builder).unwrap_or_default();
    assert!(!built_by().is_empty() && built_by().lines().all(|name| name != "root"), "{}: {said}", built_by());
    // Root that nobody called: whom to build as is not known.
    let before = built_by();
    let said = String::from_utf8_lossy(&installs(None).stderr).into_owned();
    if before.trim() == "nobody" {
        assert!(said.contains("Nothing is built as root") && built_by() == before, "{said}");
    }
}

#[test]
fn systemd_accepts_the_unit() {
    let unit = harness::repository().join("config/kiosk/passerelle-kiosk.service");
    let folder = tempfile::tempdir().unwrap();
    // The programs of the display are not on a machine that only tests.
    let text = std::fs::read_to_string(&unit).unwrap().replace("/usr/local/lib/passerelle/kiosk-display", "/bin/true");
    let copy = folder.path().join("passerelle-kiosk.service");
    std::fs::write(&copy, text).unwrap();
    let Ok(output) = Command::new("systemd-analyze").args(["verify", "--man=no"]).arg(&copy).output() else {
        harness::skip("the kiosk's unit", "systemd-analyze is not installed");
        return;
    };
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let ours: Vec<&str> = said.lines().filter(|line| line.contains("passerelle-kiosk")).collect();
    assert!(ours.is_empty(), "{ours:#?}");
}

/// Nothing that a finger or a key can reach leads out.
#[test]
fn there_is_no_way_out() {
    let read = |file: &str| std::fs::read_to_string(harness::repository().join("config/kiosk").join(file)).unwrap();
    assert!(read("xorg.conf").contains("\"DontVTSwitch\" \"true\"") && read("xorg.conf").contains("\"DontZap\" \"true\""));
    assert!(read("kiosk-session").contains("popup-menu") && read("kiosk-session").contains("allowWindowOps: false"));
    assert!(read("kiosk.toml").contains("locked = true"));
    assert!(read("logind.conf").contains("NAutoVTs=0"));
    assert!(read("sysusers.conf").contains("/usr/sbin/nologin"));
    assert!(read("passerelle-kiosk.service").contains("Restart=always"));
}

/// What the kiosk's account can write, and whose groups it is in: its copy, and nobody's.
#[test]
fn the_account_reaches_its_copy_and_nothing_of_the_gateway() {
    let read = |file: &str| std::fs::read_to_string(harness::repository().join("config/kiosk").join(file)).unwrap();
    let unit = read("passerelle-kiosk.service");
    for line in [
        "UMask=0077",
        "NoNewPrivileges=yes",
        "ProtectSystem=strict",
        "ReadWritePaths=/var/lib/passerelle-copy /var/lib/passerelle-kiosk -/run/user",
        "InaccessiblePaths=-/var/lib/passerelle -/home -/root",
        "ExecStart=/usr/local/lib/passerelle/kiosk-display",
    ] {
        assert!(unit.lines().any(|known| known == line), "{line}");
    }
    let groups = unit.lines().find_map(|line| line.strip_prefix("SupplementaryGroups=")).unwrap();
    assert!(!groups.split(' ').any(|group| group == "passerelle"), "{groups}");
    assert!(!read("sysusers.conf").lines().any(|line| line.starts_with("m ")));
    assert!(read("tmpfiles.conf").lines().any(|line| line == "d /var/lib/passerelle-copy 2770 root passerelle-kiosk -"));
    let config = kiosk::config::KioskConfig::read(Some(&harness::repository().join("config/kiosk/kiosk.toml"))).unwrap();
    assert_eq!(config.database.file, "/var/lib/passerelle-copy/kiosk.sqlite");
    assert!(!std::fs::read_to_string(harness::repository().join("README.md")).unwrap().contains("chmod -R"), "it would open the key file");
}

/// Each start has a cookie of its own, which the display asks for.
#[test]
fn the_display_is_for_who_has_its_cookie() {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, text: &str| {
        let file = folder.path().join(name);
        std::fs::write(&file, format!("#!/bin/sh\n{text}\n")).unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).unwrap();
    };
    put("mcookie", "echo 0123456789abcdef0123456789abcdef");
    put("xauth", r#"echo "$@" >"$3""#);
    put("xinit", "echo \"$@\"");
    let cookie = folder.path().join("cookie");
    let path = format!("{}:/usr/bin:/bin", folder.path().display());
    let mut display = Command::new("sh");
    display.arg(harness::repository().join("config/kiosk/kiosk-display")).env("PATH", path).env("XAUTHORITY", &cookie);
    let started = display.output().unwrap();
    let said = String::from_utf8_lossy(&started.stdout);
    assert!(said.trim_end().ends_with(&format!("-nolisten tcp -nocursor -auth {}", cookie.display())), "{said}");
    assert!(std::fs::read_to_string(&cookie).unwrap().contains("add :0 . 0123456789abcdef"));
    assert_eq!(cookie.metadata().unwrap().permissions().mode() & 0o777, 0o600);
}
