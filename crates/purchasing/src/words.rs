//! The fixed words of buying, the same in the database, in JSON and in messages.

store::words! {
    /// How far an order has come. What was received and billed is told by its lines.
    OrderState: "draft, to_approve, approved, sent, acknowledged, closed, cancelled" {
        /// Being written.
        Draft = "draft",
        /// Waiting for somebody's yes.
        ToApprove = "to_approve",
        /// Agreed to, not sent yet.
        Approved = "approved",
        /// Sent to the supplier.
        Sent = "sent",
        /// Confirmed by the supplier.
        Acknowledged = "acknowledged",
        /// Nothing more comes and nothing more is billed.
        Closed = "closed",
        /// Called off before anything came.
        Cancelled = "cancelled",
    }
}

impl OrderState {
    /// Whether goods are due: the order was approved and has not ended.
    #[must_use]
    pub const fn is_due(self) -> bool {
        matches!(self, OrderState::Approved | OrderState::Sent | OrderState::Acknowledged)
    }
}

store::words! {
    /// When the supplier bills.
    Billing: "on_receipt, on_order" {
        /// For what was received.
        OnReceipt = "on_receipt",
        /// For what was ordered, perhaps before it comes.
        OnOrder = "on_order",
    }
}

store::words! {
    /// How goods that arrive are taken in.
    Outcome: "accepted, quarantine, refused" {
        /// Into stock.
        Accepted = "accepted",
        /// Into quarantine: ours, but not to be sold until somebody decides.
        Quarantine = "quarantine",
        /// Refused at the dock: no stock and no debt; the goods are still due.
        Refused = "refused",
    }
}

store::words! {
    /// How much of something has been done.
    Progress: "none, partly, fully" {
        /// Nothing.
        None = "none",
        /// Some of it.
        Partly = "partly",
        /// All of it.
        Fully = "fully",
    }
}

store::words! {
    /// Whether a bill's line agrees with what was ordered and received.
    MatchState: "matched, quantity_mismatch, price_mismatch, accepted" {
        /// It agrees within tolerance.
        Matched = "matched",
        /// More is billed than may be.
        QuantityMismatch = "quantity_mismatch",
        /// The price differs from the order's beyond tolerance.
        PriceMismatch = "price_mismatch",
        /// It differs, and somebody accepted that with a reason.
        Accepted = "accepted",
    }
}

store::words! {
    /// Whether a bill may be paid as it is.
    BillState: "matched, mismatch, accepted" {
        /// Every line agrees.
        Matched = "matched",
        /// A line differs and nobody has accepted it yet.
        Mismatch = "mismatch",
        /// What differs was accepted.
        Accepted = "accepted",
    }
}

store::words! {
    /// Whether goods that went back are done with.
    ReturnState: "open, settled" {
        /// Something that was billed waits for a credit note, or for other goods in its place.
        Open = "open",
        /// Nothing of it waits.
        Settled = "settled",
    }
}

store::words! {
    /// What a supplier's document asks for.
    BillKind: "bill, credit_note" {
        /// Money from us.
        Bill = "bill",
        /// Money back to us.
        CreditNote = "credit_note",
    }
}

impl BillKind {
    /// The series that its spoken number is of.
    pub(crate) const fn series(self) -> &'static str {
        match self {
            BillKind::Bill => "BI",
            BillKind::CreditNote => "CN",
        }
    }
}
