//! What stands for a person in the database, and what only a key opens.

use std::fmt;

/// The hash that stands for a person on every channel: of the number in E.164, under a key that never
/// changes. Not to be mixed with a sender's hash, whose key does.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Person([u8; 32]);

impl Person {
    /// The person with this hash.
    pub fn new(hash: [u8; 32]) -> Self {
        Self(hash)
    }

    /// The hash.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    pub(crate) fn from_column(bytes: &[u8]) -> Result<Self, sqlx::Error> {
        bytes.try_into().map(Self).map_err(|error| sqlx::Error::Decode(Box::new(error)))
    }
}

impl fmt::Debug for Person {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Person(redacted)")
    }
}

/// Bytes that the database keeps and cannot read.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed(Vec<u8>);

impl Sealed {
    /// Bytes that were sealed.
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// The bytes, for whoever has the key.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Sealed")
    }
}

/// The keyed hash that stands for a phone number or chat.
pub type SenderHash = [u8; 32];
