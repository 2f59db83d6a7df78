//! Passwords, codes and tokens of the desk.

use std::sync::LazyLock;

use argon2::password_hash::SaltString;
use argon2::{Argon2, PasswordHash, PasswordHasher, PasswordVerifier};
use data_encoding::{BASE32_NOPAD, BASE64URL_NOPAD};
use db::mediator::TokenHash;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use tokio::sync::Semaphore;
use totp_rs::{Builder, Secret, Totp};

use application::keys::{KeyError, Keys, random};

/// Shortest password, in characters.
pub(super) const SHORTEST_PASSWORD: usize = 10;

/// Longest password, in bytes: more is work for nothing.
const LONGEST_PASSWORD: usize = 512;

/// Digits of the code that opens a locked desk.
pub(super) const PIN_DIGITS: std::ops::RangeInclusive<usize> = 6..=12;

/// A form's owner is known by it for these days, the day of the page included.
const OWNED: i64 = 2;

/// Passwords looked at together: each takes 19 MiB for a moment.
static HASHING: Semaphore = Semaphore::const_new(2);

/// What a password is compared with where there is no account: an answer takes as long then.
static NOBODY: LazyLock<Option<String>> = LazyLock::new(|| hash_now("nobody's password").ok());

/// A token for a browser: 256 bits by chance, in letters that fit into a cookie and an address.
pub fn token() -> Result<String, KeyError> {
    Ok(BASE64URL_NOPAD.encode(&random::<32>()?))
}

/// What is kept of an invitation's token.
pub fn token_hash(token: &str) -> TokenHash {
    Sha256::digest(token.as_bytes()).into()
}

/// What each form of somebody's session carries, so that no other page can send it. Its first part is known only to
/// whoever has the cookie's token; the database holds neither that nor anything it could be made from. The rest says whose
/// form it is, and since which day, also once the session is over.
pub fn form_token(keys: &Keys, token: &str, mediator: i64, day: i64) -> String {
    let ours = BASE64URL_NOPAD.encode(&keys.desk_mac("form", &[token.as_bytes()]));
    format!("{ours}.{mediator}.{day}.{}", owner(keys, mediator, day))
}

fn owner(keys: &Keys, mediator: i64, day: i64) -> String {
    BASE64URL_NOPAD.encode(&keys.desk_mac("owner", &[&mediator.to_be_bytes(), &day.to_be_bytes()]))
}

/// True for a form of the session with that token.
pub(super) fn is_form_of(keys: &Keys, sent: &str, token: &str) -> bool {
    let ours = BASE64URL_NOPAD.encode(&keys.desk_mac("form", &[token.as_bytes()]));
    is_same(sent.split('.').next().unwrap_or_default(), &ours)
}

/// The account whose form that is, in whichever of its sessions it was made; nothing where nobody's.
pub(super) fn owner_of(keys: &Keys, sent: &str, today: i64) -> Option<i64> {
    let mut parts = sent.split('.').skip(1);
    let (mediator, day) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let is_ours = is_same(parts.next()?, &owner(keys, mediator, day));
    (is_ours && (0..OWNED).contains(&(today - day))).then_some(mediator)
}

/// Compares without saying where two texts differ.
pub(super) fn is_same(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}

/// Argon2id with the parameters of RFC 9106's memory-constrained choice that the crate has as its default (19 MiB, two
/// passes), in the PHC string format.
pub(super) async fn hash(secret: String) -> Result<String, KeyError> {
    let _turn = HASHING.acquire().await;
    tokio::task::spawn_blocking(move || hash_now(&secret)).await.unwrap_or(Err(KeyError::NoHash))
}

/// True where that is the secret that was hashed. Takes as long where there is none.
pub(super) async fn is_secret(secret: String, hashed: Option<String>) -> bool {
    if secret.len() > LONGEST_PASSWORD {
        return false;
    }
    let _turn = HASHING.acquire().await;
    let compared = tokio::task::spawn_blocking(move || {
        let exists = hashed.is_some();
        let Some(text) = hashed.or_else(|| NOBODY.clone()) else { return false };
        let Ok(hash) = PasswordHash::new(&text) else { return false };
        let is_right = Argon2::default().verify_password(secret.as_bytes(), &hash).is_ok();
        exists && is_right
    });
    compared.await.unwrap_or(false)
}

fn hash_now(secret: &str) -> Result<String, KeyError> {
    let salt = SaltString::encode_b64(&random::<16>()?).map_err(|_too_long| KeyError::NoHash)?;
    let hash = Argon2::default().hash_password(secret.as_bytes(), &salt).map_err(|_no_detail| KeyError::NoHash)?;
    Ok(hash.to_string())
}

/// True for a code of digits that opens a locked desk.
pub(super) fn is_pin(pin: &str) -> bool {
    PIN_DIGITS.contains(&pin.len()) && pin.bytes().all(|byte| byte.is_ascii_digit())
}

/// The bytes of a secret of one-time codes, as long as SHA-1's result (RFC 4226, section 4).
pub const TOTP_SECRET: usize = 20;

/// Makes the one-time codes of a secret: six digits, others every 30 seconds, by SHA-1, as every telephone knows them
/// (RFC 6238). `None` where that is no secret of ours.
pub fn codes(secret: &[u8]) -> Option<Totp> {
    let secret: [u8; TOTP_SECRET] = secret.try_into().ok()?;
    Builder::new().with_secret(Secret::new_stack(secret)).build().ok()
}

/// Finds the step of time whose code that is, one step around included (RFC 6238, section 5.2); `None` where it is no
/// code. Whoever lets somebody in by it remembers the step: a code counts once.
pub(super) fn totp_step(secret: &[u8], typed: &str, seconds: i64) -> Option<i64> {
    let typed: String = typed.chars().filter(char::is_ascii_digit).collect();
    let step = codes(secret)?.check(&typed, seconds.try_into().ok()?)?;
    step.try_into().ok()
}

/// Writes a secret in the letters that people type into their telephone (RFC 4648, section 6, without padding).
pub(super) fn base32(bytes: &[u8]) -> String {
    BASE32_NOPAD.encode(bytes)
}

/// Reads a secret that was written so; `None` where it is no secret of ours.
pub fn from_base32(text: &str) -> Option<[u8; TOTP_SECRET]> {
    BASE32_NOPAD.decode(text.as_bytes()).ok()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_standard() {
        // RFC 6238, appendix B, the last six digits of its SHA-1 column.
        let secret = b"12345678901234567890";
        let code_at = |seconds: u64| codes(secret).unwrap().generate(seconds).to_string();
        let known = [(59_i64, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (20_000_000_000, "353130")];
        for (seconds, code) in known {
            assert_eq!(code_at(seconds.cast_unsigned()), code);
            for (later, is_near) in [(-30, true), (0, true), (30, true), (60, false), (-60, false)] {
                assert_eq!(totp_step(secret, code, seconds + later), is_near.then_some(seconds / 30), "{seconds} {later}");
            }
        }
        assert_eq!(totp_step(secret, "28 70 82", 59), Some(1));
        assert_eq!(totp_step(b"too short", "287082", 59), None);
        assert_eq!(totp_step(secret, "", 59), None);
    }

    #[test]
    fn secrets_are_written_as_the_standard_says() {
        // RFC 4648, section 10.
        for (bytes, text) in [("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"), ("foobar", "MZXW6YTBOI")] {
            assert_eq!(base32(bytes.as_bytes()), text);
        }
        let secret: [u8; TOTP_SECRET] = std::array::from_fn(|place| u8::try_from(place * 13 % 256).unwrap());
        assert_eq!(from_base32(&base32(&secret)), Some(secret));
        assert_eq!(from_base32("MZXW6"), None);
        assert_eq!(from_base32(&"é".repeat(32)), None);
    }

    #[tokio::test]
    async fn a_password_opens_its_account_only() {
        let hashed = hash("une phrase à moi".to_owned()).await.unwrap();
        assert!(hashed.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hashed}");
        assert_ne!(hashed, hash("une phrase à moi".to_owned()).await.unwrap(), "no salt");
        assert!(is_secret("une phrase à moi".to_owned(), Some(hashed.clone())).await);
        assert!(!is_secret("une phrase à toi".to_owned(), Some(hashed)).await);
        assert!(!is_secret("nobody's password".to_owned(), None).await);
        assert!(!is_secret("x".repeat(LONGEST_PASSWORD + 1), None).await);
    }

    #[test]
    fn each_session_has_forms_of_its_own() {
        let keys = Keys::fixed(&[7; 32]);
        let (one, other) = (token().unwrap(), token().unwrap());
        assert!(one.len() == 43 && one != other);
        let form = form_token(&keys, &one, 5, 20_000);
        assert!(is_form_of(&keys, &form, &one) && !is_form_of(&keys, &form, &other) && !form.contains(&one));
        assert!(!is_form_of(&Keys::fixed(&[8; 32]), &form, &one), "it can be made without the key file");
        // Whose it is can be told without the session, for two days, and not be claimed.
        assert_eq!(owner_of(&keys, &form, 20_001), Some(5));
        assert_eq!(owner_of(&keys, &form, 20_002), None);
        assert_eq!(owner_of(&keys, &form.replace(".5.", ".6."), 20_000), None);
        assert_eq!(owner_of(&keys, "", 20_000), None);
    }
}
