//! The fixed words of returns, the same in the database, in JSON and in files.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident {
        $($(#[$word_doc:meta])* $variant:ident = $word:literal,)+
    })+) => {$(
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
        $(#[$doc])*
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$word_doc])* $variant,)+ }

        impl $name {
            /// Every one, in the order declared.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// The word.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $($name::$variant => $word,)+ }
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
                let store::Value::Text(text) = value else { return None };
                $name::ALL.iter().copied().find(|word| word.word() == text)
            }
        }
    )+};
}

words! {
    /// Why a customer sends goods back.
    ReturnReason {
        /// They came broken.
        Damaged = "damaged",
        /// They do not work.
        Defective = "defective",
        /// Something else came.
        WrongItem = "wrong_item",
        /// They are not what was described.
        NotAsDescribed = "not_as_described",
        /// They came too late.
        Late = "late",
        /// They are not wanted any more.
        ChangedMind = "changed_mind",
        /// They could not be delivered.
        Undelivered = "undelivered",
        /// Anything else; the note says what.
        Other = "other",
    }

    /// What becomes of goods that came back.
    Disposition {
        /// As good as new: they can be sold again.
        Restock = "restock",
        /// Sold for less: written down to a value of their own.
        SecondGrade = "second_grade",
        /// Thrown or given away: written off to the reason's account.
        Scrap = "scrap",
        /// Back to the supplier, who owes for them.
        SupplierClaim = "supplier_claim",
        /// The customer gets them again.
        BackToCustomer = "back_to_customer",
    }

    /// How far a refund has come. Whether it is paid is derived.
    RefundState {
        /// Somebody has to agree.
        ToApprove = "to_approve",
        /// It is owed, or was taken off what the customer owed.
        Decided = "decided",
        /// Somebody did not agree.
        Refused = "refused",
    }

    /// How far a claim has come.
    ClaimState {
        /// The supplier owes it.
        Open = "open",
        /// It was credited, replaced or written off.
        Settled = "settled",
    }

    /// How a claim ends.
    ClaimOutcome {
        /// The supplier credits it.
        Credit = "credit",
        /// The supplier sends other goods.
        Replacement = "replacement",
        /// Nobody pays.
        WriteOff = "write_off",
    }
}
