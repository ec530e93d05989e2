//! Secrets: 256-bit tokens of which only the hash is kept, and passwords.
//!
//! They are made at the edge, before the transaction: a door never draws randomness, a slow hash
//! never holds the writer, and no answer that is kept for a repeat contains a secret.

use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use base::{Problem, Rule};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};
use std::fmt;
use subtle::ConstantTimeEq;

/// A random token of 256 bits. It is shown once and never stored.
#[derive(Clone)]
pub struct Secret([u8; 32]);

/// The SHA-256 of a [`Secret`], which is what the database keeps.
#[derive(Clone, PartialEq, Eq)]
pub struct Digest(pub(crate) Vec<u8>);

impl Secret {
    /// A fresh secret.
    ///
    /// # Panics
    /// When the operating system gives no randomness: there is no safe way on.
    #[must_use]
    pub fn random() -> Secret {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
        Secret(bytes)
    }

    /// Reads a secret as [`Secret::reveal`] wrote it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Secret> {
        if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let mut bytes = [0; 32];
        for (byte, at) in bytes.iter_mut().zip((0..64).step_by(2)) {
            *byte = u8::from_str_radix(&text[at..at + 2], 16).ok()?;
        }
        Some(Secret(bytes))
    }

    /// The secret as 64 hexadecimal digits, to be shown once.
    #[must_use]
    pub fn reveal(&self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// A secret that is kept as it is, because its holder gets it back.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Secret> {
        bytes.try_into().ok().map(Secret)
    }

    /// Its bytes, to be kept as they are.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// What is stored of it.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest(Sha256::digest(self.0).to_vec())
    }
}

impl Digest {
    /// Whether they are equal, in a time that does not tell where they differ.
    pub(crate) fn matches(&self, stored: &[u8]) -> bool {
        self.0.ct_eq(stored).into()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(***)")
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Digest(***)")
    }
}

const SHORTEST: usize = 12;
const LONGEST: usize = 128;

/// Long enough, and still the first that anybody tries.
const COMMON: &[&str] = &[
    "123456789012",
    "1234567890123",
    "12345678901234",
    "123456789012345",
    "1234567890123456",
    "administrator",
    "iloveyou1234",
    "letmein12345",
    "password1234",
    "password12345",
    "password123456",
    "passwordpassword",
    "qwerty123456",
    "qwertyuiop12",
    "qwertyuiop123",
    "qwertyuiopasdfghjkl",
    "welcome12345",
];

/// Why a text cannot be a password.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum PasswordError {
    /// Too short.
    #[error("the password has {got} characters; use at least {SHORTEST}")]
    TooShort {
        /// Its characters.
        got: usize,
    },
    /// Too long.
    #[error("the password has {got} characters; use at most {LONGEST}")]
    TooLong {
        /// Its characters.
        got: usize,
    },
    /// Among the first that anybody tries.
    #[error("the password is among the most common ones; choose another")]
    TooCommon,
}

impl Rule for PasswordError {
    fn problem(&self) -> Problem {
        let code = match self {
            PasswordError::TooShort { .. } => "password_too_short",
            PasswordError::TooLong { .. } => "password_too_long",
            PasswordError::TooCommon => "password_too_common",
        };
        Problem::invalid(code, self.to_string()).with_field("password")
    }
}

/// A chosen password, of which only the slow hash is left. Reading it from JSON hashes it; writing
/// it to JSON gives stars.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// Checks and hashes a password: Argon2id with 19 MiB and two passes.
    ///
    /// # Errors
    /// [`PasswordError`].
    pub fn new(text: &str) -> Result<Password, PasswordError> {
        let got = text.chars().count();
        if got < SHORTEST {
            return Err(PasswordError::TooShort { got });
        }
        if got > LONGEST {
            return Err(PasswordError::TooLong { got });
        }
        let mut letters = text.chars();
        let first = letters.next();
        if COMMON.contains(&text.to_lowercase().as_str()) || letters.all(|c| Some(c) == first) {
            return Err(PasswordError::TooCommon);
        }
        let hash = argon2().hash_password(text.as_bytes());
        Ok(Password(hash.expect("a short password and fixed parameters always hash").to_string()))
    }

    pub(crate) fn stored(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(***)")
    }
}

impl Serialize for Password {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("***")
    }
}

impl<'de> Deserialize<'de> for Password {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Password, D::Error> {
        Password::new(&String::deserialize(source)?).map_err(D::Error::custom)
    }
}

impl utoipa::PartialSchema for Password {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .min_length(Some(SHORTEST))
            .max_length(Some(LONGEST))
            .into()
    }
}

impl utoipa::ToSchema for Password {}

/// A hash that no password has: whoever signs in without an account waits as long as with one.
const NOBODYS: &str = "$argon2id$v=19$m=19456,t=2,p=1$t7VVzhqOrl/ClUF8XG3PNg$pvdEEJtKmxJ54Fh/7bthI1RWrFQAg+WWLCTIDZhw+Lo";

/// Whether a password is the one that was hashed. Without a hash it is not, after the same time.
pub(crate) fn verify(text: &str, stored: Option<&str>) -> bool {
    // Nothing longer can be a password, and hashing it would be work for nothing.
    let text = if text.len() > 4 * LONGEST { "" } else { text };
    let parsed = PasswordHash::new(stored.unwrap_or(NOBODYS));
    let right = parsed.is_ok_and(|hash| argon2().verify_password(text.as_bytes(), &hash).is_ok());
    right && stored.is_some()
}

fn argon2() -> Argon2<'static> {
    let params = Params::new(19 * 1024, 2, 1, None).expect("19 MiB and two passes are valid");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_reads_back_and_hides_itself() {
        let secret = Secret::random();
        let text = secret.reveal();
        assert_eq!(Secret::parse(&text).unwrap().digest(), secret.digest());
        assert_ne!(Secret::random().reveal(), text);
        assert_eq!(format!("{secret:?} {:?}", secret.digest()), "Secret(***) Digest(***)");
        for bad in ["", "00", &text[1..], &format!("{text}0"), &text.replace(&text[..1], "g")] {
            assert!(Secret::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn a_digest_matches_only_its_secret() {
        let digest = Secret::random().digest();
        assert!(digest.matches(&digest.0));
        assert!(!digest.matches(&Secret::random().digest().0));
        assert!(!digest.matches(b""));
    }

    #[test]
    fn a_password_is_long_and_not_common() {
        assert_eq!(Password::new("short"), Err(PasswordError::TooShort { got: 5 }));
        assert_eq!(Password::new(&"ab".repeat(65)), Err(PasswordError::TooLong { got: 130 }));
        assert_eq!(Password::new("Password1234"), Err(PasswordError::TooCommon));
        assert_eq!(Password::new("aaaaaaaaaaaaa"), Err(PasswordError::TooCommon));
    }

    #[test]
    fn only_the_right_password_fits() {
        let password = Password::new("purser keeps the keys").unwrap();
        assert!(password.stored().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(verify("purser keeps the keys", Some(password.stored())));
        assert!(!verify("purser keeps the key", Some(password.stored())));
        assert!(!verify("purser keeps the keys", None));
        assert!(!verify("", None));
        assert!(PasswordHash::new(NOBODYS).is_ok());
    }

    #[test]
    fn json_never_shows_a_password() {
        let read: Password = serde_json::from_str(r#""purser keeps the keys""#).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), r#""***""#);
        assert_eq!(format!("{read:?}"), "Password(***)");
        let error = serde_json::from_str::<Password>(r#""short""#).unwrap_err().to_string();
        assert!(error.contains("use at least 12"), "{error}");
    }
}
