//! The secret that a webhook's deliveries are signed with.

use hmac::{Hmac, KeyInit, Mac};
use identity::Secret;
use sha2::Sha256;
use std::fmt;

/// A signing secret. It is kept as it is, for both sides need it, and shown once: to whoever registers
/// the webhook or rotates it.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningSecret(String);

impl SigningSecret {
    /// The signing secret of fresh randomness.
    #[must_use]
    pub fn of(secret: &Secret) -> SigningSecret {
        SigningSecret(format!("whsec_{}", secret.reveal()))
    }

    /// The secret as it is stored.
    pub(crate) fn stored(text: String) -> SigningSecret {
        SigningSecret(text)
    }

    /// The secret as text, to be shown once. Its bytes are the key.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The signature of a body sent at a second since 1970, in hexadecimal.
    #[must_use]
    pub fn sign(&self, second: i64, body: &str) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.0.as_bytes())
            .expect("a key of any length is a key of HMAC");
        mac.update(second.to_string().as_bytes());
        mac.update(b".");
        mac.update(body.as_bytes());
        mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl fmt::Debug for SigningSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningSecret(***)")
    }
}

/// The header's value: the second, and a signature with each live secret.
pub(crate) fn header(secrets: &[SigningSecret], second: i64, body: &str) -> String {
    let signatures = secrets.iter().map(|secret| format!(",v1={}", secret.sign(second, body)));
    signatures.fold(format!("t={second}"), |all, one| all + &one)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_what_any_library_reckons() {
        // printf '1767603600.{"a":1}' | openssl dgst -sha256 -hmac whsec_test
        let secret = SigningSecret("whsec_test".to_owned());
        let expected = "d8700f2ac3b84a4eac726598c52450d266ee6ca6d9662eb8564eed65c8ef929e";
        assert_eq!(secret.sign(1_767_603_600, r#"{"a":1}"#), expected);
        let other = SigningSecret("whsec_other".to_owned());
        let both = header(&[secret.clone(), other.clone()], 1_767_603_600, r#"{"a":1}"#);
        let second = other.sign(1_767_603_600, r#"{"a":1}"#);
        assert_eq!(both, format!("t=1767603600,v1={expected},v1={second}"));
        assert_ne!(second, expected);
        assert_eq!(format!("{secret:?}"), "SigningSecret(***)");
    }
}
