//! What only the key file opens: keys and phone numbers at rest. Pure: chance is an argument.
//!
//! XChaCha20-Poly1305 under a key derived from the key file. What a value is for is part of the seal: one
//! that is moved to another use, day or person does not open.

use std::fmt;

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use chrono::NaiveDate;
use db::{Person, Sealed};
use hmac::{Hmac, Mac};
use sha2::Sha256;

/// The first byte of what is sealed this way.
const VERSION: u8 = 1;

/// Bytes of a nonce: enough that a random one never comes twice.
pub const NONCE: usize = 24;

/// What a sealed value is for.
#[derive(Debug, Clone, Copy)]
pub enum Use<'a> {
    /// A key for hashing senders from that day on.
    SenderKey(NaiveDate),
    /// The number at which this person is to be called back.
    CallBack(&'a Person),
    /// Where something is sent to this person.
    Delivery(&'a Person),
    /// The carrier's name of what this person said.
    Recording(&'a Person),
    /// The secret of the one-time codes of the account with this number.
    Codes(i64),
    /// What the account with this number typed at the desk and could not send.
    Typed(i64),
    /// What somebody at the desk is at, in the session with this hash.
    Work(&'a [u8; 32]),
}

impl Use<'_> {
    fn name(self) -> Vec<u8> {
        match self {
            Self::SenderKey(day) => format!("passerelle sender key {day}").into_bytes(),
            Self::CallBack(person) => [b"passerelle call back ", person.as_bytes()].concat(),
            Self::Delivery(person) => [b"passerelle delivery ", person.as_bytes()].concat(),
            Self::Recording(person) => [b"passerelle recording ", person.as_bytes()].concat(),
            Self::Codes(mediator) => format!("passerelle one-time codes {mediator}").into_bytes(),
            Self::Typed(mediator) => format!("passerelle typed form {mediator}").into_bytes(),
            Self::Work(session) => [b"passerelle desk work ", session.as_slice()].concat(),
        }
    }
}

/// A value that does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it was sealed with another key file, or changed since")]
pub struct NotOurs;

/// Seals and opens; prints nothing.
#[derive(Clone)]
pub struct Sealer(XChaCha20Poly1305);

impl fmt::Debug for Sealer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Sealer(redacted)")
    }
}

impl Sealer {
    /// A sealer with the secret of the key file.
    pub fn new(secret: &[u8; 32]) -> Self {
        Self(XChaCha20Poly1305::new(&derive(secret, "passerelle seal 1").into()))
    }

    /// Seals a value. The nonce must be random: the same one twice betrays both values.
    pub fn seal(&self, purpose: Use<'_>, nonce: [u8; NONCE], value: &[u8]) -> Result<Sealed, NotOurs> {
        let message = Payload { msg: value, aad: &purpose.name() };
        let sealed = self.0.encrypt(&XNonce::from(nonce), message).map_err(|_too_long| NotOurs)?;
        Ok(Sealed::new([&[VERSION], nonce.as_slice(), &sealed].concat()))
    }

    /// Opens a value that was sealed for exactly this use.
    pub fn open(&self, purpose: Use<'_>, sealed: &Sealed) -> Result<Vec<u8>, NotOurs> {
        let (version, rest) = sealed.as_bytes().split_first().ok_or(NotOurs)?;
        let (nonce, message) = rest.split_first_chunk::<NONCE>().ok_or(NotOurs)?;
        if *version != VERSION {
            return Err(NotOurs);
        }
        self.0.decrypt(&XNonce::from(*nonce), Payload { msg: message, aad: &purpose.name() }).map_err(|_no_detail| NotOurs)
    }
}

/// A key for one use, from the secret of the key file.
pub(crate) fn derive(secret: &[u8; 32], label: &str) -> [u8; 32] {
    keyed_hash(secret, label.as_bytes())
}

/// HMAC-SHA-256.
pub(crate) fn keyed_hash(key: &[u8; 32], text: &[u8]) -> [u8; 32] {
    let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(key).unwrap_or_else(|_any_length_fits| Mac::new(&sha2::digest::Key::<Hmac<Sha256>>::default()));
    mac.update(text);
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NUMBER: &[u8] = b"+32470123456";

    fn sealed_for(person: &Person) -> Sealed {
        Sealer::new(&[7; 32]).seal(Use::CallBack(person), [9; NONCE], NUMBER).unwrap()
    }

    #[test]
    fn what_is_sealed_opens_for_its_use_only() {
        let (sealer, person) = (Sealer::new(&[7; 32]), Person::new([1; 32]));
        let number = sealed_for(&person);
        assert_eq!(sealer.open(Use::CallBack(&person), &number).unwrap(), NUMBER);
        assert_eq!(sealer.open(Use::CallBack(&Person::new([2; 32])), &number), Err(NotOurs));
        assert_eq!(sealer.open(Use::SenderKey(NaiveDate::MIN), &number), Err(NotOurs));
        assert!(!number.as_bytes().windows(4).any(|window| NUMBER.windows(4).any(|part| part == window)), "the number can be read");
    }

    #[test]
    fn another_key_opens_nothing() {
        let person = Person::new([1; 32]);
        assert_eq!(Sealer::new(&[8; 32]).open(Use::CallBack(&person), &sealed_for(&person)), Err(NotOurs));
    }

    #[test]
    fn a_changed_or_shortened_value_does_not_open() {
        let (sealer, person) = (Sealer::new(&[7; 32]), Person::new([1; 32]));
        let bytes = sealed_for(&person).as_bytes().to_vec();
        for place in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[place] ^= 1;
            assert_eq!(sealer.open(Use::CallBack(&person), &Sealed::new(changed)), Err(NotOurs), "byte {place}");
            assert_eq!(sealer.open(Use::CallBack(&person), &Sealed::new(bytes[..place].to_vec())), Err(NotOurs), "{place} bytes");
        }
    }

    #[test]
    fn nothing_secret_prints() {
        let printed = format!("{:?} {:?} {:?}", Sealer::new(&[7; 32]), sealed_for(&Person::new([1; 32])), Use::CallBack(&Person::new([1; 32])));
        assert_eq!(printed, "Sealer(redacted) Sealed CallBack(Person(redacted))");
    }
}
