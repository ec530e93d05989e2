//! The fixed words of returns, the same in the database, in JSON and in files.

store::words! {
    /// Why a customer sends goods back.
    ReturnReason: "damaged, defective, wrong_item, not_as_described, late, changed_mind, undelivered, other" {
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
    Disposition: "restock, second_grade, scrap, supplier_claim, back_to_customer" {
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

    /// What was found of received goods.
    InspectionResult: "pass, fail, gone" {
        /// They are as they should be.
        Pass = "pass",
        /// Something is wrong with them.
        Fail = "fail",
        /// They are not there: they left quarantine by another way, as by a count or a return.
        Gone = "gone",
    }

    /// Whether goods that were inspected before their receipt may be received.
    AheadState: "failed, passed" {
        /// A reading is outside its limits: they are held back.
        Failed = "failed",
        /// All is as it should be, or somebody let them in.
        Passed = "passed",
    }

    /// How far a refund has come. Whether it is paid is derived.
    RefundState: "to_approve, decided, refused" {
        /// Somebody has to agree.
        ToApprove = "to_approve",
        /// It is owed, or was taken off what the customer owed.
        Decided = "decided",
        /// Somebody did not agree.
        Refused = "refused",
    }

    /// How far a claim has come.
    ClaimState: "open, settled" {
        /// The supplier owes it.
        Open = "open",
        /// It was credited, replaced or written off.
        Settled = "settled",
    }

    /// How a claim ends.
    ClaimOutcome: "credit, replacement, write_off" {
        /// The supplier credits it.
        Credit = "credit",
        /// The supplier sends other goods.
        Replacement = "replacement",
        /// Nobody pays.
        WriteOff = "write_off",
    }
}
