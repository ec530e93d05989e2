//! The fixed words of planning, the same in the database, in JSON and in messages.

store::words! {
    /// Who turns the proposals of a rule into orders.
    Trigger: "manual, auto" {
        /// A person.
        Manual = "manual",
        /// The run itself, when the item is ready for it.
        Auto = "auto",
    }
}

store::words! {
    /// How far a proposal has come.
    ProposalState: "open, dismissed, approved, withdrawn" {
        /// Waiting for somebody.
        Open = "open",
        /// Somebody said no until a day.
        Dismissed = "dismissed",
        /// It is a line of an order or of a transfer.
        Approved = "approved",
        /// The need went away.
        Withdrawn = "withdrawn",
    }
}

store::words! {
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
        /// It became a line of an order or of a transfer.
        Approved = "approved",
        /// A run found no need any more.
        Withdrawn = "withdrawn",
    }
}

store::words! {
    /// What an item lacks before its replenishment may run by itself.
    Missing: "rule, supplier, lead_time, purchase_unit, cost, tax_code, transfer_lead_time" {
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
        /// Neither the rule nor the warehouses say how long goods are on their way from the source.
        TransferLeadTime = "transfer_lead_time",
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
            Missing::TransferLeadTime => "stock.edit_places",
        }
    }
}
