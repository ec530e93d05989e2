//! The fixed words of the catalogue, the same in the database, in JSON and in files.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A word that is none of those expected.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
#[error("unknown word; write one of {0}")]
pub struct UnknownWord(pub &'static str);

macro_rules! words {
    ($(#[$doc:meta])* $name:ident: $all:literal { $($(#[$word_doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$word_doc])* $variant,)+ }

        impl $name {
            /// The word.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $($name::$variant => $word,)+ }
            }
        }

        impl std::str::FromStr for $name {
            type Err = UnknownWord;

            fn from_str(text: &str) -> Result<Self, UnknownWord> {
                match text {
                    $($word => Ok($name::$variant),)+
                    _ => Err(UnknownWord($all)),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.word())
            }
        }

        impl store::ToValue for $name {
            fn to_value(&self) -> store::Value {
                store::ToValue::to_value(self.word())
            }
        }

        impl store::FromValue for $name {
            fn from_value(value: &store::Value) -> Option<Self> {
                match value {
                    store::Value::Text(text) => text.parse().ok(),
                    _ => None,
                }
            }
        }
    };
}

words! {
    /// What an item is.
    ItemKind: "goods, service, kit" {
        /// Something that can lie on a shelf.
        Goods = "goods",
        /// Something done, never on a shelf.
        Service = "service",
        /// A set of components sold as one, never on a shelf itself.
        Kit = "kit",
    }
}

words! {
    /// How finely goods are told apart.
    Tracking: "none, lot, serial" {
        /// Not at all.
        None = "none",
        /// By lot.
        Lot = "lot",
        /// Each piece by its serial number.
        Serial = "serial",
    }
}

words! {
    /// What sort of code a barcode is.
    BarcodeKind: "gtin8, gtin12, gtin13, gtin14, internal" {
        /// GTIN-8 (EAN-8).
        Gtin8 = "gtin8",
        /// GTIN-12 (UPC-A).
        Gtin12 = "gtin12",
        /// GTIN-13 (EAN-13).
        Gtin13 = "gtin13",
        /// GTIN-14 (ITF-14), a trade unit of several.
        Gtin14 = "gtin14",
        /// A code of the company's own.
        Internal = "internal",
    }
}
