//! The fixed words of planning, the same in the database, in JSON and in messages.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A word that is none of those expected.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
#[error("unknown word; write one of {0}")]
pub struct UnknownWord(pub &'static str);

macro_rules! words {
    ($(#[$doc:meta])* $name:ident: $all:literal {
        $($(#[$word_doc:meta])* $variant:ident = $word:literal,)+
    }) => {
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
    /// Who turns the proposals of a rule into orders.
    Trigger: "manual, auto" {
        /// A person.
        Manual = "manual",
        /// The run itself, when the item is ready for it.
        Auto = "auto",
    }
}

words! {
    /// How far a proposal has come.
    ProposalState: "open, dismissed, approved, withdrawn" {
        /// Waiting for somebody.
        Open = "open",
        /// Somebody said no until a day.
        Dismissed = "dismissed",
        /// It is a line of an order.
        Approved = "approved",
        /// The need went away.
        Withdrawn = "withdrawn",
    }
}

words! {
    /// What happened to a proposal.
    What: "proposed, amended, dismissed, reopened, approved, withdrawn" {
        /// A run found a need.
        Proposed = "proposed",
        /// A run found the need, or what it is decided from, changed.
        Amended = "amended",
        /// Somebody said no until a day.
        Dismissed = "dismissed",
        /// That day passed, and the need is still there.
        Reopened = "reopened",
        /// It became a line of an order.
        Approved = "approved",
        /// A run found no need any more.
        Withdrawn = "withdrawn",
    }
}

words! {
    /// What an item lacks before its replenishment may run by itself.
    Missing: "rule, supplier, lead_time, purchase_unit, cost, tax_code" {
        /// No rule says how much there shall be.
        Rule = "rule",
        /// No supplier in use offers it at a price that can be compared.
        Supplier = "supplier",
        /// Neither rule nor offers say how long it takes.
        LeadTime = "lead_time",
        /// The purchase unit does not convert into the stock unit, or is no unit in use.
        PurchaseUnit = "purchase_unit",
        /// It was never valued, or costs nothing.
        Cost = "cost",
        /// It has no tax code with a rate today.
        TaxCode = "tax_code",
    }
}

impl Missing {
    /// The permission that lets somebody fill the gap: who owns the data.
    #[must_use]
    pub const fn owner(self) -> &'static str {
        match self {
            Missing::Rule => "planning.rule",
            Missing::Supplier | Missing::LeadTime => "purchasing.offer",
            Missing::PurchaseUnit | Missing::TaxCode => "catalog.edit",
            Missing::Cost => "valuation.set_standard",
        }
    }
}
