//! Codes of an authenticator app: RFC 6238 over RFC 4226, six digits of SHA-1 each half minute, which is
//! what every such app makes.

use base::Timestamp;
use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use sha1::Sha1;
use std::fmt;
use subtle::ConstantTimeEq;

/// How long a code is shown, in microseconds.
pub(crate) const STEP: i64 = 30_000_000;
/// How many steps a clock may be off, either way.
const OFF: i64 = 1;
/// The digits of a code.
const DIGITS: usize = 6;

/// What an authenticator app and the server make the same codes of: 160 random bits. It is shown while
/// it is set up and never again.
#[derive(Clone)]
pub struct TotpSecret([u8; 20]);

impl TotpSecret {
    /// A fresh secret.
    ///
    /// # Panics
    /// When the operating system gives no randomness: there is no safe way on.
    #[must_use]
    pub fn random() -> TotpSecret {
        let mut bytes = [0; 20];
        getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
        TotpSecret(bytes)
    }

    /// The secret to be typed into an app: 32 letters and digits in base 32.
    #[must_use]
    pub fn text(&self) -> String {
        BASE32_NOPAD.encode(&self.0)
    }

    /// The address that an app reads from a QR code.
    #[must_use]
    pub fn address(&self, account: &str) -> String {
        let account = utf8_percent_encode(account, NON_ALPHANUMERIC);
        format!("otpauth://totp/Purser:{account}?secret={}&issuer=Purser", self.text())
    }

    /// The code that an app shows at a moment.
    #[must_use]
    pub fn code_at(&self, at: Timestamp) -> String {
        self.code_of(step_at(at))
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<TotpSecret> {
        bytes.try_into().ok().map(TotpSecret)
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The step of which a code is, among those around a moment and after the last one that was
    /// accepted. It takes as long whichever it is.
    pub(crate) fn step_of(&self, code: &str, at: Timestamp, last: i64) -> Option<i64> {
        let now = step_at(at);
        (now - OFF..=now + OFF).fold(None, |found, step| {
            let fits: bool = self.code_of(step).as_bytes().ct_eq(code.as_bytes()).into();
            found.or((fits && step > last).then_some(step))
        })
    }

    fn code_of(&self, step: i64) -> String {
        let mut mac =
            Hmac::<Sha1>::new_from_slice(&self.0).expect("HMAC takes a key of any length");
        mac.update(&step.to_be_bytes());
        let hash = mac.finalize().into_bytes();
        let from = usize::from(hash[hash.len() - 1] & 0xf);
        let number =
            u32::from_be_bytes([hash[from], hash[from + 1], hash[from + 2], hash[from + 3]]);
        format!("{:06}", (number & 0x7fff_ffff) % 10_u32.pow(DIGITS as u32))
    }
}

impl fmt::Debug for TotpSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TotpSecret(***)")
    }
}

/// The step that a moment is in.
pub(crate) fn step_at(at: Timestamp) -> i64 {
    at.micros().div_euclid(STEP)
}

/// Whether a text is a code of an app, and no recovery code.
pub(crate) fn is_code(text: &str) -> bool {
    text.len() == DIGITS && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(seconds * 1_000_000)
    }

    /// RFC 6238, appendix B, of which six digits are the last six of eight.
    const SECRET: TotpSecret = TotpSecret(*b"12345678901234567890");

    #[test]
    fn the_codes_are_those_of_the_rfc() {
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(SECRET.code_at(at(seconds)), code, "at {seconds}");
        }
    }

    #[test]
    fn a_code_holds_a_step_before_and_after_and_never_twice() {
        let step = 1_111_111_109 / 30;
        let check = |seconds, last| SECRET.step_of("081804", at(seconds), last);
        for seconds in [step * 30 - 30, step * 30 - 1, step * 30, step * 30 + 29, step * 30 + 59] {
            assert_eq!(check(seconds, 0), Some(step), "at {seconds}");
        }
        assert_eq!(check(step * 30 - 31, 0), None, "two steps early");
        assert_eq!(check(step * 30 + 60, 0), None, "two steps late");
        assert_eq!(check(step * 30, step - 1), Some(step));
        assert_eq!(check(step * 30, step), None, "accepted before");
        assert_eq!(check(step * 30, step + 1), None, "a later one was accepted");
        assert_eq!(SECRET.step_of("081805", at(step * 30), 0), None);
        assert_eq!(SECRET.step_of("", at(step * 30), 0), None);
    }

    #[test]
    fn an_app_gets_the_secret_in_base_32() {
        assert_eq!(SECRET.text(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        let address = SECRET.address("ada@Acme & Söhne");
        assert_eq!(
            address,
            "otpauth://totp/Purser:ada%40Acme%20%26%20S%C3%B6hne\
             ?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Purser"
        );
        assert_eq!(format!("{SECRET:?}"), "TotpSecret(***)");
        assert_ne!(TotpSecret::random().text(), TotpSecret::random().text());
    }

    #[test]
    fn six_digits_are_a_code_of_an_app() {
        assert!(is_code("081804"));
        for no in ["", "81804", "0818041", "08180a", "０８１８０４"] {
            assert!(!is_code(no), "{no}");
        }
    }
}
