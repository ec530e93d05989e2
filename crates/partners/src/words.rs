//! The fixed words about partners, the same in the database, in JSON and in files.

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
    /// What a customer is in the eyes of tax and of consumer law.
    CustomerKind: "consumer, business" {
        /// A person who buys for themselves.
        Consumer = "consumer",
        /// A company.
        Business = "business",
    }
}

words! {
    /// What an address is for.
    AddressKind: "billing, delivery, returns" {
        /// Invoices go there.
        Billing = "billing",
        /// Goods go there.
        Delivery = "delivery",
        /// Goods that come back go there.
        Returns = "returns",
    }
}
