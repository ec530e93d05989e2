//! Recovery codes: each signs in once in the place of an app's code, for whoever lost the device.

use crate::secret::Digest;
use data_encoding::BASE32_NOPAD;
use sha2::{Digest as _, Sha256};
use std::fmt;

/// How many there are of a second factor.
pub const RECOVERY_CODES: usize = 10;

/// Ten fresh recovery codes of 80 random bits each. They are shown once; only their SHA-256 is kept,
/// which is enough for what nobody can guess.
#[derive(Clone)]
pub struct RecoveryCodes([[u8; 10]; RECOVERY_CODES]);

impl RecoveryCodes {
    /// Fresh codes.
    ///
    /// # Panics
    /// When the operating system gives no randomness: there is no safe way on.
    #[must_use]
    pub fn random() -> RecoveryCodes {
        let mut codes = [[0; 10]; RECOVERY_CODES];
        for code in &mut codes {
            getrandom::fill(code).expect("the operating system gives random bytes");
        }
        RecoveryCodes(codes)
    }

    /// The codes in groups of four letters and digits, to be shown once.
    #[must_use]
    pub fn reveal(&self) -> Vec<String> {
        let groups = |code: &[u8; 10]| {
            let mut text = BASE32_NOPAD.encode(code);
            for at in [12, 8, 4] {
                text.insert(at, '-');
            }
            text
        };
        self.0.iter().map(groups).collect()
    }

    /// What is stored of them.
    pub(crate) fn digests(&self) -> impl Iterator<Item = Digest> + '_ {
        self.0.iter().map(|code| digest(code))
    }
}

impl fmt::Debug for RecoveryCodes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCodes(***)")
    }
}

/// What is stored of a recovery code as somebody typed it; nothing when it is none.
pub(crate) fn digest_of(typed: &str) -> Option<Digest> {
    let plain: String = typed
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .map(|c| c.to_ascii_uppercase())
        .collect();
    if plain.len() != 16 {
        return None;
    }
    BASE32_NOPAD.decode(plain.as_bytes()).ok().map(|code| digest(&code))
}

fn digest(code: &[u8]) -> Digest {
    Digest(Sha256::digest(code).to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        let codes = RecoveryCodes::random();
        let [first, .., last] = codes.reveal().try_into().map(|ten: [String; 10]| ten).unwrap();
        assert_eq!((first.len(), first.matches('-').count()), (19, 3));
        assert_ne!(first, last);
        let kept: Vec<Digest> = codes.digests().collect();
        for typed in [first.clone(), first.to_lowercase(), first.replace('-', " ")] {
            assert!(digest_of(&typed).is_some_and(|digest| digest == kept[0]), "{typed}");
        }
        assert!(digest_of(&last).is_some_and(|digest| digest == kept[9]));
        for no in ["", "081804", &first[..18], "1111-1111-1111-1111", &format!("{first}A")] {
            assert!(digest_of(no).is_none(), "{no}");
        }
        assert_eq!(format!("{codes:?}"), "RecoveryCodes(***)");
    }
}
