use std::io::Write;

use db::Address;

use super::*;

fn file(text: &str) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file
}

#[test]
fn a_file_changes_the_defaults_and_a_flag_the_file() {
    let settings = file("[http]\nlisten = \"0.0.0.0:9000\"\n[database]\nurl = \"a.sqlite\"\n");
    let config = Config::read(Some(settings.path()), &Flags::default()).unwrap();
    assert_eq!((config.http.listen.port(), config.database.address()), (9000, Address::parse("a.sqlite")));
    let flags = Flags { database: Some(PathBuf::from("b.sqlite")) };
    assert_eq!(Config::read(Some(settings.path()), &flags).unwrap().database.address(), Address::parse("b.sqlite"));
}

#[test]
fn a_misspelt_key_stops_the_start_and_names_the_right_one() {
    let settings = file("[http]\nlisen = \"0.0.0.0:9000\"\n");
    let error = Config::read(Some(settings.path()), &Flags::default()).unwrap_err().to_string();
    assert!(error.contains("http.lisen") && error.contains("did you mean `listen`?"), "{error}");
}

#[test]
fn what_an_operator_found_out_about_emergency_numbers_is_read() {
    let settings = file("[emergency]\nhidden = [\"0800 30 330\"]\n[emergency.verified]\n\"0800 30 030\" = \"2026-12-01\"\n");
    let care = Config::read(Some(settings.path()), &Flags::default()).unwrap().emergency;
    assert_eq!(care.verified.get("0800 30 030").map(ToString::to_string).as_deref(), Some("2026-12-01"));
    assert_eq!(care.hidden, ["0800 30 330"]);
}

#[test]
fn secrets_never_print() {
    let settings = file("[twilio]\nauth_token = \"abc123\"\n");
    let config = Config::read(Some(settings.path()), &Flags::default()).unwrap();
    assert_eq!(config.twilio.auth_token.as_ref().unwrap().expose(), "abc123");
    let printed = format!("{config:?} {}", serde_json::to_string(&config).unwrap());
    assert!(!printed.contains("abc123"), "{printed}");
}

#[test]
fn a_missing_file_is_named() {
    let error = Config::read(Some(Path::new("/nowhere/p.toml")), &Flags::default()).unwrap_err();
    assert!(matches!(error, ConfigError::NoFile(_)));
}

#[test]
fn a_file_that_others_may_write_is_read_only_where_it_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    assert!(of_folder(folder.path()).is_ok(), "without a file there is none to doubt");
    let path = folder.path().join("passerelle.toml");
    std::fs::write(&path, "[telegram]\napi_url = \"https://thief.example.org\"\n").unwrap();
    for mode in [0o666, 0o660, 0o602] {
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        let refused = of_folder(folder.path()).unwrap_err();
        assert!(matches!(refused, ConfigError::NotOurs(_)) && refused.to_string().contains("chmod go-w"), "{mode:o}: {refused}");
        let named = Config::read(Some(&path), &Flags::default()).unwrap();
        assert_eq!(named.telegram.api_url, "https://thief.example.org", "{mode:o}");
    }
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert_eq!(of_folder(folder.path()).unwrap(), path);
}
