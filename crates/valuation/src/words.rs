//! The words of the nouns: the same in the database, in JSON and in messages.

use crate::model::{Class, Kind, Method};

macro_rules! words {
    ($name:ident { $($variant:ident = $word:literal,)+ }) => {
        impl $name {
            /// Every one, in the order declared.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// The word in the database and in JSON.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $($name::$variant => $word),+ }
            }

            /// The value of a word, or `None` when there is no such word.
            #[must_use]
            pub fn parse(text: &str) -> Option<$name> {
                match text { $($word => Some($name::$variant),)+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl store::ToValue for $name {
            fn to_value(&self) -> store::Value {
                store::Value::Text(self.as_str().to_owned())
            }
        }

        impl store::FromValue for $name {
            fn from_value(value: &store::Value) -> Option<$name> {
                match value {
                    store::Value::Text(text) => $name::parse(text),
                    _ => None,
                }
            }
        }
    };
}

words! { Method {
    Standard = "standard",
    Average = "average",
    Fifo = "fifo",
    Lifo = "lifo",
} }

words! { Class {
    Normal = "normal",
    Quarantine = "quarantine",
    Transit = "transit",
    Consigned = "consigned",
} }

words! { Kind {
    Opening = "opening",
    Receipt = "receipt",
    CustomerReturn = "customer_return",
    Found = "found",
    TransferIn = "transfer_in",
    Issue = "issue",
    SupplierReturn = "supplier_return",
    Loss = "loss",
    TransferOut = "transfer_out",
    DropShip = "drop_ship",
    QuantityCorrection = "quantity_correction",
    CostCorrection = "cost_correction",
    LandedCost = "landed_cost",
    Settlement = "settlement",
    Revaluation = "revaluation",
    MethodChange = "method_change",
    Recomputation = "recomputation",
} }
