//! ISO 3166 country codes.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::ToSchema;

/// The officially assigned alpha-2 codes of ISO 3166-1, in order, without separators.
const CODES: &[u8] = b"\
ADAEAFAGAIALAMAOAQARASATAUAWAXAZBABBBDBEBFBGBHBIBJBLBMBNBOBQBRBSBTBVBWBYBZCACCCDCFCGCHCICKCLCMCN\
COCRCUCVCWCXCYCZDEDJDKDMDODZECEEEGEHERESETFIFJFKFMFOFRGAGBGDGEGFGGGHGIGLGMGNGPGQGRGSGTGUGWGYHKHM\
HNHRHTHUIDIEILIMINIOIQIRISITJEJMJOJPKEKGKHKIKMKNKPKRKWKYKZLALBLCLILKLRLSLTLULVLYMAMCMDMEMFMGMHMK\
MLMMMNMOMPMQMRMSMTMUMVMWMXMYMZNANCNENFNGNINLNONPNRNUNZOMPAPEPFPGPHPKPLPMPNPRPSPTPWPYQARERORSRURW\
SASBSCSDSESGSHSISJSKSLSMSNSOSRSSSTSVSXSYSZTCTDTFTGTHTJTKTLTMTNTOTRTTTVTWTZUAUGUMUSUYUZVAVCVEVGVI\
VNVUWFWSYEYTZAZMZW";

/// A country of ISO 3166-1.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, ToSchema)]
#[schema(value_type = String, pattern = "^[A-Z]{2}$", example = "GB")]
pub struct Country([u8; 2]);

/// A code that ISO 3166-1 does not know.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
#[error("not a country; write a code of ISO 3166 in capitals, such as GB")]
pub struct UnknownCountry;

impl Country {
    /// Stands in while the rest of a row is read whose country is unreadable; never stored.
    pub(crate) const NOWHERE: Country = Country(*b"ZZ");

    /// The code, such as `GB`.
    #[must_use]
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).expect("a country code is ASCII")
    }
}

impl FromStr for Country {
    type Err = UnknownCountry;

    fn from_str(text: &str) -> Result<Country, UnknownCountry> {
        let code = <[u8; 2]>::try_from(text.as_bytes()).map_err(|_| UnknownCountry)?;
        if CODES.as_chunks::<2>().0.contains(&code) {
            Ok(Country(code))
        } else {
            Err(UnknownCountry)
        }
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for Country {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Country {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Country, D::Error> {
        String::deserialize(source)?.parse().map_err(serde::de::Error::custom)
    }
}

impl store::ToValue for Country {
    fn to_value(&self) -> store::Value {
        store::ToValue::to_value(self.code())
    }
}

impl store::FromValue for Country {
    fn from_value(value: &store::Value) -> Option<Country> {
        match value {
            store::Value::Text(text) => text.parse().ok(),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_249_countries_are_known_and_nothing_else() {
        let codes = CODES.as_chunks::<2>().0;
        assert_eq!((CODES.len(), codes.len()), (498, 249));
        assert!(codes.is_sorted());
        for known in ["GB", "DE", "US", "AX", "ZW", "XK"] {
            assert_eq!(known.parse::<Country>().is_ok(), known != "XK", "{known}");
        }
        for bad in ["", "gb", "G", "GBR", "BA ", "UK", "é"] {
            assert_eq!(bad.parse::<Country>(), Err(UnknownCountry), "{bad:?}");
        }
    }
}
