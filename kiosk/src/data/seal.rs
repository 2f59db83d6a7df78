//! A number to be called back, closed so that only the gateway opens it.

use crypto_box::PublicKey;
use crypto_box::aead::OsRng;
use db::Sealed;
use db::sealed_request::SealingKey;
use directory::phone::Phone;
use zeroize::Zeroizing;

/// All sealed requests are of one length, which then says nothing of the number: E.164 has a sign and fifteen digits.
const LENGTH: usize = 16;

/// Seals a number with the gateway's public key (libsodium's sealed box); `None` where the key is none.
pub fn seal(key: &SealingKey, number: &Phone) -> Option<Sealed> {
    let words = Zeroizing::new(format!("{:<LENGTH$}", number.as_str()));
    PublicKey::from(*key).seal(&mut OsRng, words.as_bytes()).ok().map(Sealed::new)
}

#[cfg(test)]
mod tests {
    use crypto_box::SecretKey;
    use directory::phone::Country;

    use super::*;

    #[test]
    fn only_the_other_half_of_the_key_opens_it() {
        let (ours, other) = (SecretKey::from([7; 32]), SecretKey::from([8; 32]));
        let sealed = |number: &str| seal(ours.public_key().as_bytes(), &Phone::parse(number, Country::Be).unwrap()).unwrap();
        let (long, short) = (sealed("0470123456"), sealed("025550102"));
        assert_eq!(ours.unseal(long.as_bytes()).unwrap(), b"+32470123456    ");
        assert!(other.unseal(long.as_bytes()).is_err());
        assert_eq!(long.as_bytes().len(), short.as_bytes().len());
        assert_ne!(long, sealed("0470123456"), "the same number twice looks the same");
    }
}
