//! Where a database is: a file on this machine, or a PostgreSQL server.

use std::fmt;
use std::path::{Path, PathBuf};

/// Where a database is.
#[derive(Clone, PartialEq, Eq)]
pub enum Address {
    /// A SQLite file.
    File(PathBuf),
    /// A PostgreSQL database: `postgres://user:password@host:port/name`.
    Server(String),
}

impl Address {
    /// Reads a setting: a file's path, with or without `sqlite:` before it, or the address of a server.
    pub fn parse(text: &str) -> Self {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Self::Server(text.to_owned());
        }
        Self::File(PathBuf::from(
            text.strip_prefix("sqlite://").or_else(|| text.strip_prefix("sqlite:")).unwrap_or(text),
        ))
    }

    /// The file, where it is one.
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::File(path) => Some(path),
            Self::Server(_) => None,
        }
    }

    /// True for a server on another machine whose address does not insist on TLS: the driver does without where the
    /// server has none.
    pub fn goes_in_clear(&self) -> bool {
        let Self::Server(url) = self else { return false };
        let rest = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
        let (place, options) = rest.split_once('?').unwrap_or((rest, ""));
        let place = place.rsplit_once('@').map_or(place, |(_, place)| place);
        let place = place.split('/').next().unwrap_or_default();
        let host = match place.strip_prefix('[') {
            Some(v6) => v6.split(']').next().unwrap_or_default(),
            None => place.split(':').next().unwrap_or_default(),
        };
        let option = |name: &str| options.split('&').find_map(|option| option.strip_prefix(name)?.strip_prefix('='));
        let host = option("host").unwrap_or(host);
        // A socket is a file on this machine.
        let is_here = host.is_empty()
            || host.starts_with('/')
            || host.starts_with("%2F")
            || host == "localhost"
            || host == "::1"
            || host.starts_with("127.");
        let mode = option("sslmode").or_else(|| option("ssl-mode"));
        !is_here && !mode.is_some_and(|mode| ["require", "verify-ca", "verify-full"].contains(&mode))
    }

    /// False for a file that is not there yet: reading from it would make an empty one.
    pub fn may_exist(&self) -> bool {
        self.file().is_none_or(Path::exists)
    }
}

/// A server's password is not shown.
impl fmt::Display for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(formatter, "{}", path.display()),
            Self::Server(url) => {
                let (scheme, rest) = url.split_once("://").unwrap_or(("postgres", url));
                // A password may hold an "@" that nobody escaped: the last one ends it.
                let (user, place) = rest
                    .rsplit_once('@')
                    .map_or(("", rest), |(user, place)| (user.split(':').next().unwrap_or_default(), place));
                let place = place.split('?').next().unwrap_or_default();
                if user.is_empty() {
                    write!(formatter, "{scheme}://{place}")
                } else {
                    write!(formatter, "{scheme}://{user}@{place}")
                }
            }
        }
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Address({self})")
    }
}

impl From<&Path> for Address {
    fn from(path: &Path) -> Self {
        Self::File(path.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_and_servers_are_told_apart() {
        for text in ["a.sqlite", "sqlite:a.sqlite", "sqlite://a.sqlite"] {
            assert_eq!(Address::parse(text), Address::File("a.sqlite".into()));
        }
        assert!(matches!(Address::parse("postgresql://localhost/passerelle"), Address::Server(_)));
    }

    #[test]
    fn a_server_elsewhere_is_spoken_to_in_clear_unless_its_address_insists() {
        for (url, clear) in [
            ("passerelle.sqlite", false),
            ("postgres://p:s3cret@localhost/p", false),
            ("postgres://p:s3@cret@127.0.0.1:5432/p", false),
            ("postgres://p@[::1]:5432/p", false),
            ("postgres:///p?host=/var/run/postgresql", false),
            ("postgres://p@%2Fvar%2Frun%2Fpostgresql/p", false),
            ("postgres://p:s3cret@10.0.0.5:5432/p", true),
            ("postgres://p:s3cret@db.example.org/p?sslmode=prefer", true),
            ("postgres://p:s3cret@[2001:db8::5]/p", true),
            ("postgres://p:s3cret@10.0.0.5/p?application_name=a&sslmode=require", false),
            ("postgresql://p@10.0.0.5/p?sslmode=verify-full", false),
        ] {
            assert_eq!(Address::parse(url).goes_in_clear(), clear, "{url}");
        }
    }

    #[test]
    fn passwords_are_not_shown() {
        for url in [
            "postgres://reader:s3cret@db.example.org:5432/passerelle",
            "postgres://reader:s3@cret@db.example.org:5432/passerelle?password=s3cret",
        ] {
            let shown = format!("{:?}", Address::parse(url));
            assert_eq!(shown, "Address(postgres://reader@db.example.org:5432/passerelle)");
        }
    }
}
