//! The state of the directory, as a number.

/// A state of the directory: another one, with a higher number, as soon as anything in it changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Edition(pub(crate) i64);

/// The counter of editions.
pub(crate) const EDITION: &str = "edition";
