//! The keys of what is personal, all from one secret or sealed under it.
//!
//! The secret of the key file never changes. From it come the key under which persons are hashed for
//! opt-outs and the key that seals. Senders are hashed under keys of their own, which are random, replaced
//! every 90 days and destroyed: then nothing ties an old hash to a number.

mod epoch;

use std::fmt;
use std::sync::{PoisonError, RwLock};

use chrono::{DateTime, NaiveDate, Utc};
use crypto_box::SecretKey;
use data_encoding::{BASE64, HEXLOWER};
use db::journal::SenderHash;
use db::mediator::TokenHash;
use db::sealed_request::SealingKey;
use db::sender_key::SenderKey;
use db::{Person, Sealed, Store, StoreError};

use self::epoch::{Epoch, Epochs};
use crate::seal::{NotOurs, Sealer, Use, derive, keyed_hash};

/// Keys that cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// No random numbers.
    #[error("no random numbers to be had: {0}")]
    NoChance(getrandom::Error),
    /// A value cannot be sealed or opened.
    #[error("a key cannot be sealed: {0}")]
    Seal(#[from] NotOurs),
    /// A secret cannot be hashed.
    #[error("a password cannot be hashed")]
    NoHash,
    /// Another program on this database has another key file.
    #[error(
        "this database holds sender keys that were sealed with another key file: give every gateway on it a copy of the same file \
         (privacy.key_file), then start them again. Only if that file is lost for good: passerelle serve --replace-keys makes new ones; \
         nobody's STOP is recognised then, no call-back can be read, and open conversations are forgotten"
    )]
    OtherKeyFile,
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Random bytes.
pub fn random<const N: usize>() -> Result<[u8; N], KeyError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(KeyError::NoChance)?;
    Ok(bytes)
}

/// Hashes senders under the key of a day; prints nothing.
#[derive(Clone)]
pub struct SenderHasher([u8; 32]);

impl fmt::Debug for SenderHasher {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SenderHasher(redacted)")
    }
}

impl SenderHasher {
    /// HMAC-SHA-256 of the sender. A hash without a key falls in seconds: there are only some ten
    /// million mobile numbers.
    pub fn hash(&self, sender: &str) -> SenderHash {
        keyed_hash(&self.0, sender.as_bytes())
    }

    /// A short key for a text: the first 16 hexadecimal digits of its hash.
    pub fn key(&self, text: &str) -> String {
        let mut key = HEXLOWER.encode(&self.hash(text));
        key.truncate(16);
        key
    }
}

/// All keys of a gateway; prints nothing.
pub struct Keys {
    persons: [u8; 32],
    sealer: Sealer,
    requests: SecretKey,
    webhook: [u8; 32],
    desk: [u8; 32],
    senders: RwLock<Epochs>,
}

impl fmt::Debug for Keys {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Keys(redacted)")
    }
}

impl Keys {
    /// Keys from the secret of the key file and from the database, where the first sender key is made. An error, and
    /// nothing changed, where this secret does not open a sender key: another gateway is using it.
    pub async fn open(secret: &[u8; 32], store: &Store, now: DateTime<Utc>) -> Result<Self, KeyError> {
        let sealer = Sealer::new(secret);
        let senders = agree(&sealer, store, now).await?;
        Ok(Self::from_parts(secret, sealer, senders))
    }

    /// Destroys the sender keys that this secret does not open; how many. What they hashed can be tied to nobody then.
    pub async fn replace_others(secret: &[u8; 32], store: &Store) -> Result<usize, KeyError> {
        let (_, foreign) = read(&Sealer::new(secret), store).await?;
        if !foreign.is_empty() {
            tracing::warn!(
                keys = foreign.len(),
                "keys.replaced: the key file is not the one this database was used with. Opt-outs are not recognised and call-backs \
                 cannot be read until the old file is back; sender keys are made anew, open conversations are forgotten"
            );
        }
        for key in &foreign {
            store.remove_sender_key(key).await?;
        }
        Ok(foreign.len())
    }

    /// Keys to look with: nothing in the database is changed. Where another key file sealed the sender keys, nobody
    /// would be found.
    pub async fn look(secret: &[u8; 32], store: &Store) -> Result<Self, KeyError> {
        let sealer = Sealer::new(secret);
        let (epochs, foreign) = read(&sealer, store).await?;
        if !foreign.is_empty() {
            return Err(KeyError::OtherKeyFile);
        }
        // Without any key nothing was hashed yet: any key finds it.
        let senders = Epochs::new(epochs).unwrap_or_else(|| Epochs::only(derive(secret, "passerelle no sender key")));
        Ok(Self::from_parts(secret, sealer, senders))
    }

    /// Keys with a sender key that does not change; for tests.
    pub fn fixed(secret: &[u8; 32]) -> Self {
        Self::from_parts(secret, Sealer::new(secret), Epochs::only(derive(secret, "passerelle fixed sender key")))
    }

    fn from_parts(secret: &[u8; 32], sealer: Sealer, senders: Epochs) -> Self {
        let requests = SecretKey::from(derive(secret, "passerelle letter box 1"));
        Self {
            persons: derive(secret, "passerelle opt-out 1"),
            webhook: derive(secret, "passerelle telegram webhook 1"),
            desk: derive(secret, "passerelle desk 1"),
            sealer,
            requests,
            senders: RwLock::new(senders),
        }
    }

    /// Makes the next sender key when it is time, and reads what other programs made or destroyed. To be
    /// called once an hour. Where it fails the keys stay as they are.
    pub async fn renew(&self, store: &Store, now: DateTime<Utc>) -> Result<(), KeyError> {
        let senders = agree(&self.sealer, store, now).await?;
        *self.senders.write().unwrap_or_else(PoisonError::into_inner) = senders;
        Ok(())
    }

    /// What hashes senders at that moment.
    pub fn hasher(&self, now: DateTime<Utc>) -> SenderHasher {
        let senders = self.senders.read().unwrap_or_else(PoisonError::into_inner);
        SenderHasher(senders.in_force(now.date_naive()).key)
    }

    /// What hashes senders, and did so as long as anything of it can be kept: one for each key there is.
    pub fn hashers(&self) -> Vec<SenderHasher> {
        let senders = self.senders.read().unwrap_or_else(PoisonError::into_inner);
        senders.all().map(|epoch| SenderHasher(epoch.key)).collect()
    }

    /// The person with this number (E.164), the same on every channel and for good.
    pub fn person(&self, number: &str) -> Person {
        Person::new(keyed_hash(&self.persons, number.as_bytes()))
    }

    /// What Telegram sends with each update, so that we know it by it: 64 hexadecimal digits.
    pub fn webhook_secret(&self) -> String {
        HEXLOWER.encode(&self.webhook)
    }

    /// The key with which kiosks seal their requests; the other half opens them, and never leaves this program.
    pub fn sealing_key(&self) -> SealingKey {
        *self.requests.public_key().as_bytes()
    }

    /// Opens the number in a sealed request, as the kiosk wrote it (libsodium's sealed box: X25519, XSalsa20-Poly1305).
    pub fn open_sealed_request(&self, request: &Sealed) -> Result<String, NotOurs> {
        let number = self.requests.unseal(request.as_bytes()).map_err(|_no_detail| NotOurs)?;
        String::from_utf8(number).map(|number| number.trim_end().to_owned()).map_err(|_no_text| NotOurs)
    }

    /// A number or chat, sealed for what is sent to it.
    pub fn seal_recipient(&self, person: &Person, recipient: &str) -> Result<Sealed, KeyError> {
        Ok(self.sealer.seal(Use::Delivery(person), random()?, recipient.as_bytes())?)
    }

    /// To whom a delivery goes.
    pub fn open_recipient(&self, person: &Person, sealed: &Sealed) -> Result<String, NotOurs> {
        String::from_utf8(self.sealer.open(Use::Delivery(person), sealed)?).map_err(|_no_text| NotOurs)
    }

    /// What a person said instead of typing, by the carrier's name of it.
    pub fn seal_recording(&self, person: &Person, name: &str) -> Result<Sealed, KeyError> {
        Ok(self.sealer.seal(Use::Recording(person), random()?, name.as_bytes())?)
    }

    /// What is kept of the token of somebody at the desk. Whoever can write the database cannot make one.
    pub fn desk_session(&self, token: &str) -> TokenHash {
        self.desk_mac("session", &[token.as_bytes()])
    }

    /// What only this program can say of something at the desk: a hash of its parts under a key of its own, another one
    /// for each purpose.
    pub fn desk_mac(&self, purpose: &str, parts: &[&[u8]]) -> [u8; 32] {
        let mut text = purpose.as_bytes().to_vec();
        for part in parts {
            // With their lengths: no two lists of parts are the same text.
            text.extend(part.len().to_be_bytes());
            text.extend(*part);
        }
        keyed_hash(&self.desk, &text)
    }

    /// What an account typed at the desk and could not send.
    pub fn seal_typed(&self, mediator: i64, fields: &[u8]) -> Result<Sealed, KeyError> {
        Ok(self.sealer.seal(Use::Typed(mediator), random()?, fields)?)
    }

    /// What an account typed, to be shown to it again.
    pub fn open_typed(&self, mediator: i64, sealed: &Sealed) -> Result<Vec<u8>, NotOurs> {
        self.sealer.open(Use::Typed(mediator), sealed)
    }

    /// What somebody at the desk is at, as a text.
    pub fn seal_work(&self, session: &TokenHash, work: &str) -> Result<String, KeyError> {
        Ok(BASE64.encode(self.sealer.seal(Use::Work(session), random()?, work.as_bytes())?.as_bytes()))
    }

    /// What somebody at the desk is at.
    pub fn open_work(&self, session: &TokenHash, sealed: &str) -> Result<String, NotOurs> {
        let bytes = BASE64.decode(sealed.as_bytes()).map_err(|_no_base64| NotOurs)?;
        String::from_utf8(self.sealer.open(Use::Work(session), &Sealed::new(bytes))?).map_err(|_no_text| NotOurs)
    }

    /// The secret of the one-time codes of an account.
    pub fn seal_totp(&self, mediator: i64, secret: &[u8]) -> Result<Sealed, KeyError> {
        Ok(self.sealer.seal(Use::Codes(mediator), random()?, secret)?)
    }

    /// The secret of the one-time codes of an account, to compare with.
    pub fn open_totp(&self, mediator: i64, sealed: &Sealed) -> Result<Vec<u8>, NotOurs> {
        self.sealer.open(Use::Codes(mediator), sealed)
    }

    /// The number at which a person is to be called back.
    pub fn open_number(&self, person: &Person, sealed: &Sealed) -> Result<String, NotOurs> {
        String::from_utf8(self.sealer.open(Use::CallBack(person), sealed)?).map_err(|_no_text| NotOurs)
    }

    /// What a person said instead of typing, by the carrier's name of it.
    pub fn open_recording(&self, person: &Person, sealed: &Sealed) -> Result<String, NotOurs> {
        String::from_utf8(self.sealer.open(Use::Recording(person), sealed)?).map_err(|_no_text| NotOurs)
    }

    /// The person's number, sealed for their call-back.
    pub fn seal_number(&self, person: &Person, number: &str) -> Result<Sealed, KeyError> {
        Ok(self.sealer.seal(Use::CallBack(person), random()?, number.as_bytes())?)
    }
}

/// The keys that all programs on this database agree on, with a new one where it is time.
async fn agree(sealer: &Sealer, store: &Store, now: DateTime<Utc>) -> Result<Epochs, KeyError> {
    let (mut epochs, mut foreign) = read(sealer, store).await?;
    let begin: Vec<NaiveDate> = epochs.iter().map(|epoch| epoch.begins_on).collect();
    if let Some(begins_on) = epoch::due(&begin, now)
        && foreign.is_empty()
    {
        let key = sealer.seal(Use::SenderKey(begins_on), random()?, &random::<32>()?)?;
        store.add_sender_key(&SenderKey { begins_on, sealed: key }).await?;
        // Another program may have been first: its key counts.
        (epochs, foreign) = read(sealer, store).await?;
    }
    // Whoever has another key file is told so, and goes on with the keys it has.
    if foreign.is_empty() { Epochs::new(epochs).ok_or(KeyError::OtherKeyFile) } else { Err(KeyError::OtherKeyFile) }
}

/// The sender keys of the database, and those that another key file sealed.
async fn read(sealer: &Sealer, store: &Store) -> Result<(Vec<Epoch>, Vec<SenderKey>), StoreError> {
    let (mut epochs, mut foreign) = (Vec::new(), Vec::new());
    for kept in store.sender_keys().await? {
        match sealer.open(Use::SenderKey(kept.begins_on), &kept.sealed).ok().and_then(|key| <[u8; 32]>::try_from(key).ok()) {
            Some(key) => epochs.push(Epoch { begins_on: kept.begins_on, key }),
            None => foreign.push(kept),
        }
    }
    Ok((epochs, foreign))
}

#[cfg(test)]
mod tests;
